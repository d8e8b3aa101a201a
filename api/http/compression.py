"""Compressed answers (gzip), for readers on a slow line."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINIMUM_BYTES = 1_000
"""A shorter answer fits into one packet anyway."""
LEVEL = 5
"""Higher levels take much more time and save little."""


_GZIP = re.compile(
    r"(?:^|,)\s*gzip\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?(?=,|$)", re.ASCII | re.IGNORECASE
)


def accepts_gzip(accepted: str) -> bool:
    """Whether the text of an ``Accept-Encoding`` header names gzip, with a weight above zero."""
    found = _GZIP.search(accepted)
    return found is not None and float(found[1] or 1) > 0


class Compression:
    """Compress answers for clients that take gzip, but for those with an ETag.

    A strong ETag names exact bytes (RFC 9110, 8.8.3), so an answer that has one is always sent as it is.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = Headers(scope=scope).get("accept-encoding", "")
        responder: IdentityResponder
        if accepts_gzip(accepted):
            responder = _Compressor(self.app, MINIMUM_BYTES, LEVEL)
        else:
            responder = _Sender(self.app, MINIMUM_BYTES)
        await responder(scope, receive, send)


class _Untagged(IdentityResponder):
    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start" and "etag" in Headers(raw=message["headers"]):
            self.content_encoding_set = True  # so that the content, too, is left as it is
            await self.send(message)
        else:
            await super().send_with_compression(message)


class _Compressor(_Untagged, GZipResponder):
    pass


class _Sender(_Untagged):
    """Sends everything as it is, and says that the answer depends on ``Accept-Encoding``."""
