"""What a browser may do with our pages, and who may send forms to them.

The policy has no exceptions to keep in mind: nothing inline, nothing from elsewhere. A response with a policy of its
own (a report as a file of its own, say) keeps it.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import NotAllowed

POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect", "frame")),
        *(f"{kind}-src 'self'" for kind in ("worker", "manifest")),  # what makes it work without a net
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A shared tablet must not show the last person's pages. What is kept there for work without a net is kept by
    # person, in static/sw.js.
    "Cache-Control": "no-store",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
ELSEWHERE = "Det kom från en annan webbplats och är därför inte sparat. Öppna sidan i Sporra och gör om det där."


class SafeHeaders:
    """Adds the headers that a response has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        wanted = HEADERS | (HTTPS_ONLY if scope["scheme"] == "https" else {})

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        return await self.app(scope, receive, guarded)


class SameOrigin:
    """Refuses what another site made a browser send. No tokens: one in a page kept offline would go stale.

    Browsers say where a request comes from and scripts cannot change what they say. Nothing said means no browser,
    and a program holds no cookie that somebody could misuse.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if changes and not from_here(Headers(scope=scope)):
            raise NotAllowed(ELSEWHERE)
        await self.app(scope, receive, send)


def from_here(headers: Headers) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")  # none: typed or a bookmark
    if origin is not None:
        host = origin.partition("://")[2]  # without the scheme: TLS may end before us
        return host != "" and host == headers.get("host")
    return True


def own_address(address: str, otherwise: str = "/") -> str:
    """An address within this site, for going back after signing in; anything else becomes `otherwise`."""
    inside = address.startswith("/") and not address.startswith("//")
    # Browsers read a backslash as a slash and skip tabs and line breaks: /\\elsewhere.example would lead out.
    return address if inside and "\\" not in address and address.isprintable() else otherwise
