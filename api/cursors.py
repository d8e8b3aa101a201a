"""Cursors: where a list goes on, sealed, since a place in a list of persons is a name.

A cursor holds the sort key of the last item shown (keyset paging: nothing is skipped or shown twice while
rows come and go). It opens only for the same actor, the same list and the same filters.
"""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Query, Request, Response
from pydantic import Field

from api.problems import Problem
from api.types import Answer, QueryCount

MAX_LIMIT = 200
"""Items of a list that one answer holds at most."""
DEFAULT_LIMIT = 50

_NONCE_BYTES = 12
_MAX_CURSOR_LENGTH = 2000
_PAGING_PARAMETERS = ("cursor", "limit")

T = TypeVar("T")
Row = TypeVar("Row")
Position = Sequence[str | int | None]
"""The sort key of an item, as plain values."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals bytes under one key (AES-GCM, NIST SP 800-38D), bound to what they are for."""

    key: bytes = field(repr=False)

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """``content`` as a box that opens only with the same ``bound_to``."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, content, bound_to)

    def open(self, box: bytes, bound_to: bytes) -> bytes | None:
        """What was sealed; ``None`` when the box was changed, or sealed for something else or another key."""
        if len(box) <= _NONCE_BYTES:
            return None
        try:
            return AESGCM(self.key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to)
        except InvalidTag:
            return None


class Page(Answer, Generic[T]):
    """One page of a list. `next_cursor` (also in the `Link` header) leads to the next; null on the last."""

    items: list[T]
    next_cursor: str | None = Field(description="Give it as `cursor` to read on.")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: at most ``limit`` items ``after`` a position, or from the start."""

    limit: int
    after: Position | None
    request: Request
    response: Response

    def build_page(
        self, rows: Sequence[Row], position: Callable[[Row], Position], item: Callable[[Row], T]
    ) -> Page[T]:
        """The page over ``rows``, read in order up to ``limit + 1`` to know whether there are more.

        ``position`` gives the sort key of a row, ``item`` what is shown of it.
        """
        shown, more = rows[: self.limit], len(rows) > self.limit
        cursor = self._seal_cursor(position(shown[-1])) if more else None
        if cursor is not None:
            self._set_link_header(cursor)
        return Page(items=[item(row) for row in shown], next_cursor=cursor)

    def _seal_cursor(self, position: Position) -> str:
        content = json.dumps(list(position), ensure_ascii=False).encode()
        return urlsafe_b64encode(
            _provide_sealer(self.request).seal(content, _derive_binding(self.request))
        ).decode()

    def _set_link_header(self, cursor: str) -> None:
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        target = f"{self.request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
        self.response.headers["Link"] = f'<{target}>; rel="next"'


async def read_page_request(
    request: Request,
    response: Response,
    limit: Annotated[
        QueryCount, Query(ge=1, le=MAX_LIMIT, description="How many items at most.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(
            max_length=_MAX_CURSOR_LENGTH, description="Where to read on: `next_cursor` of the page before."
        ),
    ] = None,
) -> PageRequest:
    """The page that is asked for; raises :class:`Problem` 400 for a cursor that is not of this list."""
    return PageRequest(limit, None if cursor is None else _open_cursor(request, cursor), request, response)


Paging = Annotated[PageRequest, Depends(read_page_request)]
"""A handler's parameter: ``after`` and ``limit`` for the query, ``page`` for the answer."""


def _open_cursor(request: Request, cursor: str) -> list[Any]:
    try:
        box = urlsafe_b64decode(cursor.encode("ascii"))
    except ValueError:
        box = b""
    content = _provide_sealer(request).open(box, _derive_binding(request))
    if content is None:
        raise Problem(400, "cursor_invalid")
    position: list[Any] = json.loads(content)
    return position


def _provide_sealer(request: Request) -> Sealer:
    sealer: Sealer = request.app.state.cursors
    return sealer


def _derive_binding(request: Request) -> bytes:
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in _PAGING_PARAMETERS)
    bound = [request.state.actor.id, request.url.path, filters]
    return hashlib.sha256(json.dumps(bound).encode()).digest()
