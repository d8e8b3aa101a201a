"""Layers around all routes: headers of every answer, and HEAD wherever there is GET."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        f"{what} 'none'" for what in ("default-src", "base-uri", "form-action", "frame-ancestors")
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""No caching, framing, type sniffing or scripts: the one page (`api.start`) needs none of it, and answers are
about people."""

HTTPS_ONLY = "max-age=31536000"
"""Sent over HTTPS only, as browsers ignore it over HTTP (RFC 6797, 7.2); without subdomains."""


class SecurityHeaders:
    """Add the headers to every answer: of routes, problems, preflights and failures."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
            await send(message)

        await self.app(scope, receive, send_with_headers)


_HEAD_KEY = "daibieu.head"


def is_head_request(request: Request) -> bool:
    """Whether only the head of the answer is wanted; the route sees the method GET."""
    return bool(request.scope.get(_HEAD_KEY))


class HeadRequests:
    """Answer HEAD like GET, without the content (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET", _HEAD_KEY: True}  # a copy: the server must still see HEAD

        async def send_without_body(message: Message) -> None:
            if "route" in asked:
                scope["route"] = asked["route"]  # for the log, which is an outer layer
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app(asked, receive, send_without_body)
