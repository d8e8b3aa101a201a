"""Limits on request content: its size while it arrives, and its JSON before it is used."""

import asyncio
import time
from email.message import Message as Headers
from itertools import islice
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.faults import Fault
from api.http.problems import Problem, respond_with_problem
from domain.findings import Finding, Invalid
from service.formats.fault_limits import MOST_FAULTS
from service.formats.json_reader import DataLimits, check_plain_data, decode_json

BODY_LIMIT = 10 * 2**20
"""The most bytes of content, unless a route sets another limit."""
UPLOAD_LIMIT = 20 * 2**20
"""The most bytes of an uploaded file."""
ANONYMOUS_LIMIT = 40 * 2**20
"""The most bytes of content of all anonymous requests together, until they are answered."""
GRACE_SECONDS = 20.0
"""The time for content of any length."""
LEAST_RATE = 16 * 2**10
"""The bytes that have to arrive in each further second."""
MAX_DEPTH = 64
"""The deepest nesting of JSON."""
MAX_NUMBER_LENGTH = 40
"""The most characters of a number in JSON."""
BYTES_PER_VALUE = 16
"""One JSON value is allowed for every so many bytes of the limit: ``[],`` needs much memory for its size."""
JSON = "application/json"

_LIMIT_KEY = "daibieu.body_limit"
_ANONYMOUS_KEY = "daibieu.anonymous"
_CLOSE_HEADER = {"Connection": "close"}
_JSON_LIMITS = DataLimits(
    MAX_DEPTH,
    MAX_NUMBER_LENGTH,
    too_deep=Finding("json_too_deep", {"limit": MAX_DEPTH}),
    inexact_number=Finding("decimal_form", {"digits": MAX_NUMBER_LENGTH}),
    unusable_number=Finding("json_number", {"limit": MAX_NUMBER_LENGTH}),
    repeated_key=Finding("json_duplicate_key"),
)


class BodyLimit:
    """Count the content as it arrives, and stop reading beyond the limits of size and time.

    A route may change the limit with :func:`set_body_limit`. Nothing is refused before the route reads, so
    that an unknown caller or path is answered first. The server drops what a refused client still sends.
    The content of all anonymous requests together has a limit too: ``shared`` bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        size: int = BODY_LIMIT,
        *,
        shared: int = ANONYMOUS_LIMIT,
        grace: float = GRACE_SECONDS,
    ):
        self.app = app
        self.size = size
        self.left = shared
        self.grace = grace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _has_doubtful_framing(scope):
            refused = Problem(400, "framing_ambiguous", headers=_CLOSE_HEADER)
            await respond_with_problem(Request(scope), refused)(scope, receive, send)
            return
        scope[_LIMIT_KEY] = self.size
        content = _ArrivingContent(self, scope, receive)
        try:
            await self.app(scope, content.receive, send)
        finally:
            self.left += content.shared


class _ArrivingContent:
    """The content of a request, as it arrives; ``shared`` bytes of it count for all anonymous requests."""

    def __init__(self, limit: BodyLimit, scope: Scope, receive: Receive):
        self.shared = 0
        self._limit = limit
        self._scope = scope
        self._receive = receive
        self._declared = _read_declared_length(scope)
        self._arrived = 0
        self._complete = False
        self._began = time.monotonic()

    async def receive(self) -> Message:
        """The next part; raises :class:`Problem`: 413, 408 or 503."""
        if self._declared > self._scope[_LIMIT_KEY]:
            raise _build_size_problem(self._scope)
        message = await self._receive_in_time()
        length = len(message.get("body", b""))
        self._arrived += length
        if self._arrived > self._scope[_LIMIT_KEY]:
            raise _build_size_problem(self._scope)
        if self._scope.get(_ANONYMOUS_KEY):
            self.shared += length
            self._limit.left -= length
            if self._limit.left < 0:
                raise Problem(503, "too_busy", headers={"Retry-After": "5", **_CLOSE_HEADER})
        return message

    async def _receive_in_time(self) -> Message:
        if self._complete:  # what follows is the end of the connection
            return await self._receive()
        allowed = self._limit.grace + self._arrived / LEAST_RATE
        try:
            async with asyncio.timeout(self._began + allowed - time.monotonic()):
                message = await self._receive()
        except TimeoutError:
            raise Problem(408, "body_too_slow", {"seconds": int(allowed)}, headers=_CLOSE_HEADER) from None
        self._complete = not message.get("more_body", False)
        return message


def set_body_limit(request: Request, size: int, *, anonymous: bool = False) -> None:
    """Limit the content of this request to ``size`` bytes; ``anonymous`` requests also share a limit."""
    request.scope[_LIMIT_KEY] = size
    request.scope[_ANONYMOUS_KEY] = anonymous


def _has_doubtful_framing(scope: Scope) -> bool:
    """Whether two servers might disagree about where the content ends (RFC 9112, 6.1 and 6.3).

    Then one of them might take the rest for another request, so the connection is closed too.
    """
    names = {name for name, _ in scope["headers"]}
    if b"transfer-encoding" not in names:
        return False
    return b"content-length" in names or scope.get("http_version") == "1.0"


def _read_declared_length(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _build_size_problem(scope: Scope) -> Problem:
    return Problem(413, "body_too_large", {"limit": scope[_LIMIT_KEY]})


def read_media_type(request: Request) -> str:
    """The content type of the request without its parameters; empty if there is none."""
    headers = Headers()
    headers["content-type"] = request.headers.get("content-type", "")
    return headers.get_content_type() if headers["content-type"] else ""


def get_value_limit(request: Request) -> int:
    """The most values that the JSON of this request may have."""
    size: int = request.scope.get(_LIMIT_KEY, BODY_LIMIT)
    return size // BYTES_PER_VALUE


class JSONRequest(Request):
    """A request whose JSON is read strictly, at the first call of :meth:`JSONRequest.json`."""

    async def json(self) -> Any:
        """The content as plain data; raises :class:`Problem` 400 (no JSON) or 422 (refused JSON)."""
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body(), get_value_limit(self))
        return self._json

    def set_json(self, value: Any) -> None:
        """Give the framework this value instead of the plain data."""
        self._json = value


def read_json(content: bytes, most: int = BODY_LIMIT // BYTES_PER_VALUE) -> Any:
    """Read plain data from JSON: text, integers, booleans, null, lists, objects.

    Raises :class:`Problem`: 400 for content that is no JSON; 422, with pointers, for numbers that are not
    integers or too long, repeated keys, characters that cannot be stored, nesting deeper than ``MAX_DEPTH``,
    and more than ``most`` values (counted by ``[``, ``{`` and ``,``, also within texts).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "not_utf8") from None
    if sum(map(text.count, "[{,")) > most:
        raise Problem(422, "json_too_many_values", {"limit": most})
    try:
        value, is_suspicious = decode_json(text, _JSON_LIMITS)
    except Invalid as refused:
        status = 400 if refused.code == "json_syntax" else 422
        raise Problem(status, refused.code, refused.params) from None
    found = check_plain_data(value, _JSON_LIMITS) if is_suspicious else ()
    if errors := [Fault.from_finding(finding) for finding in islice(found, MOST_FAULTS + 1)]:
        raise Problem(422, "invalid_body", errors=errors)
    return value
