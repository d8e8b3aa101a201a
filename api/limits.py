"""Limits on what is sent: its size while it arrives, and the shape of its JSON before anything is made of it.

The standard parser takes NaN, repeated keys, any nesting up to the interpreter's limit and numbers that cost
seconds; here each is refused, with a pointer to where it stands.
"""

import json
import re
from asyncio import to_thread
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message as Headers
from itertools import islice
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.faults import Fault
from api.problems import Problem
from service.formats.validation import build_pointer

MEBIBYTE = 1024 * 1024
BODY_LIMIT = 10 * MEBIBYTE
"""Bytes of content that a route takes unless it says otherwise."""
UPLOAD_LIMIT = 20 * MEBIBYTE
"""Bytes of a file that a route for files takes."""
MAX_DEPTH = 64
"""How deep JSON may be nested."""
MAX_NUMBER_LENGTH = 40
"""How many characters a number in JSON may have."""
BYTES_PER_VALUE = 16
"""A route takes one value of JSON for so many bytes of its limit: ``[],`` costs far more than it weighs."""
JSON = "application/json"

_LIMIT_KEY = "daibieu.body_limit"
_MAX_INLINE_BYTES = 256 * 1024
_MAX_FAULTS = 100
_UNSTORABLE_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")
_SUSPICIOUS_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class BodyLimit:
    """Count the content as it arrives, and stop reading where the limit is passed.

    The route may move the limit with :func:`limit`; until it reads, nothing is refused, so that a caller who
    is unknown or a path that is not there is answered first. What a refused client still sends is dropped by
    the server without being kept.
    """

    def __init__(self, app: ASGIApp, size: int = BODY_LIMIT):
        self.app = app
        self.size = size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[_LIMIT_KEY] = self.size
        declared, arrived = _read_declared_length(scope), 0

        async def receive_within_limit() -> Message:
            nonlocal arrived
            if declared > scope[_LIMIT_KEY]:
                raise _build_size_problem(scope)
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > scope[_LIMIT_KEY]:
                raise _build_size_problem(scope)
            return message

        await self.app(scope, receive_within_limit, send)


def set_body_limit(request: Request, size: int) -> None:
    """Take at most ``size`` bytes of content from this request."""
    request.scope[_LIMIT_KEY] = size


def _read_declared_length(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _build_size_problem(scope: Scope) -> Problem:
    return Problem(413, "body_too_large", {"limit": scope[_LIMIT_KEY]})


def read_media_type(request: Request) -> str:
    """The content type that is sent, without its parameters; empty when none is said."""
    headers = Headers()
    headers["content-type"] = request.headers.get("content-type", "")
    return headers.get_content_type() if headers["content-type"] else ""


class JSONRequest(Request):
    """A request whose JSON is read strictly, once."""

    async def json(self) -> Any:
        """The content as plain data; raises :class:`Problem` 400 (no JSON) or 422 (JSON that is refused)."""
        if not hasattr(self, "_json"):
            content, most = await self.body(), self.scope.get(_LIMIT_KEY, BODY_LIMIT) // BYTES_PER_VALUE
            large = len(content) > _MAX_INLINE_BYTES
            self._json = await to_thread(read_json, content, most) if large else read_json(content, most)
        return self._json


def read_json(content: bytes, most: int = BODY_LIMIT // BYTES_PER_VALUE) -> Any:
    """Plain data from JSON: text, integers, booleans, null, lists, objects.

    Raises :class:`Problem`: 400 for what is no JSON, 422 with pointers for numbers that are not integers or
    too long, repeated keys, characters that cannot be stored, nesting deeper than ``DEPTH``, and more than
    ``most`` values, by the signs between values, in texts too.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "not_utf8") from None
    opened = text.count("[") + text.count("{")
    if opened + text.count(",") > most:
        raise Problem(422, "json_too_many_values", {"limit": most})
    reader = _StrictDecoder()
    try:
        value = reader.decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Problem(400, "json_syntax", {"line": error.lineno, "column": error.colno}) from None
    except RecursionError:
        raise _build_depth_problem() from None
    if opened > MAX_DEPTH:
        _expect_depth(value)
    if reader.repeated or reader.wrong or _SUSPICIOUS_ESCAPE.search(text):
        _raise_faults(reader, value)
    return value


class _RefusedNumber:
    """Stands where a number was refused."""

    def __init__(self, code: str, params: Mapping[str, int]):
        self.code, self.params = code, params


class _StrictDecoder:
    """The standard decoder, with what it found wrong on the way."""

    def __init__(self) -> None:
        self.wrong = 0
        self.repeated: list[Any] = []
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._read_object,
            parse_int=self._read_integer,
            parse_float=lambda _: self._refuse_number("decimal_form", digits=MAX_NUMBER_LENGTH),
            parse_constant=lambda _: self._refuse_number("json_number", limit=MAX_NUMBER_LENGTH),
        )

    def _read_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            self.repeated.append(made)
        return made

    def _read_integer(self, literal: str) -> int | _RefusedNumber:
        if len(literal) > MAX_NUMBER_LENGTH:
            return self._refuse_number("json_number", limit=MAX_NUMBER_LENGTH)
        return int(literal)

    def _refuse_number(self, code: str, **params: int) -> _RefusedNumber:
        self.wrong += 1
        if self.wrong > _MAX_FAULTS:
            raise Problem(422, "invalid_body", errors=[Fault(code, params)])
        return _RefusedNumber(code, params)


def _build_depth_problem() -> Problem:
    return Problem(422, "json_too_deep", {"limit": MAX_DEPTH})


def _expect_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _list_children(item) if isinstance(child, dict | list)]
        if not level:
            return
    raise _build_depth_problem()


def _list_children(item: Any) -> Iterable[Any]:
    return item.values() if isinstance(item, dict) else item


def _raise_faults(reader: _StrictDecoder, value: Any) -> None:
    repeated = {id(item) for item in reader.repeated}
    found = (
        Fault(code, params, build_pointer(path))
        for path, item in _walk_values((), value)
        for code, params in _check_value(item, repeated)
    )
    if errors := tuple(islice(found, _MAX_FAULTS)):
        raise Problem(422, "invalid_body", errors=errors)


def _check_value(item: Any, repeated: set[int]) -> Iterator[tuple[str, Mapping[str, int]]]:
    if isinstance(item, _RefusedNumber):
        yield item.code, item.params
    elif isinstance(item, str):
        if _UNSTORABLE_CHARACTER.search(item):
            yield "json_text", {}
    elif isinstance(item, dict):
        if id(item) in repeated:
            yield "json_duplicate_key", {}
        if any(_UNSTORABLE_CHARACTER.search(key) for key in item):
            yield "json_text", {}


def _walk_values(path: tuple[str | int, ...], value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk_values((*path, key), item)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _walk_values((*path, n), item)
