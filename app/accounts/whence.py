"""Where a request comes from: decides how often one may try, who may use a demonstration account, and what one's own
list of sign-ins calls it. Pure."""

import ipaddress
from collections.abc import Iterable


def network(host: str) -> str:
    """The address to count by. Somebody with IPv6 has a whole /64 to choose from, so that counts as one. A proxy that
    listens on both may write ::ffff:192.0.2.1: that is IPv4, all of which would else be one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def is_here(host: str, headers: Iterable[str]) -> bool:
    """From this very machine, and not handed on by a server in front of us, whose clients are elsewhere."""
    handed_on = any(name.lower() in ("forwarded", "via") or name.lower().startswith("x-forwarded-") for name in headers)
    try:
        return ipaddress.ip_address(host).is_loopback and not handed_on
    except ValueError:
        return False


# What a browser says of itself is a heap of other browsers' names: the first of these that stands in it is the one.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPad": "iPad", "iPhone": "iPhone", "Android": "Android", "CrOS": "Chromebook", "Windows": "Windows",
    "Macintosh": "Mac", "Linux": "Linux",
}  # fmt: skip


def device(said: str) -> str:
    """Browser and system in a few words, from a User-Agent; "" if neither is known. An iPad may call itself a Mac."""
    browser, system = (next((word for mark, word in of.items() if mark in said), "") for of in (_BROWSERS, _SYSTEMS))
    if (browser, system) == ("Safari", "Mac"):
        system = "Mac eller iPad"
    return " på ".join(filter(None, (browser, system)))
