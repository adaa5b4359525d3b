"""Where a request comes from: decides how often one may try, and who may use a demonstration account. Pure."""

import ipaddress
from collections.abc import Iterable


def network(host: str) -> str:
    """The address to count by. Somebody with IPv6 has a whole /64 to choose from, so that counts as one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


def is_here(host: str, headers: Iterable[str]) -> bool:
    """From this very machine, and not handed on by a server in front of us, whose clients are elsewhere."""
    handed_on = any(name.lower() in ("forwarded", "via") or name.lower().startswith("x-forwarded-") for name in headers)
    try:
        return ipaddress.ip_address(host).is_loopback and not handed_on
    except ValueError:
        return False
