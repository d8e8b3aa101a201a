"""Cursors: the place where a list continues, encrypted because it may contain a person's name.

A cursor contains the sort key of the last item of a page (keyset paging: no item is skipped or repeated while
rows are added or deleted). It is valid only for the same actor, list and filters.
"""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Query, Request, Response
from pydantic import Field

from api.http.problems import Problem
from api.http.types import Answer, QueryCount

MAX_LIMIT = 200
"""The most items of a list in one answer."""
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
    """Encrypts bytes with one key (AES-GCM, NIST SP 800-38D), bound to a context."""

    key: bytes = field(repr=False)

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """Encrypt ``content``; it can be decrypted only with the same ``bound_to``."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, content, bound_to)

    def open(self, box: bytes, bound_to: bytes) -> bytes | None:
        """Decrypt a box; ``None`` if it was changed, or has another context or key."""
        if len(box) <= _NONCE_BYTES:
            return None
        try:
            return AESGCM(self.key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to)
        except InvalidTag:
            return None


class Page(Answer, Generic[T]):
    """One page of a list. `next_cursor` (also in the `Link` header) is null on the last page."""

    items: list[T]
    next_cursor: str | None = Field(description="Send it as `cursor` to read the next page.")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The requested page: at most ``limit`` items ``after`` a position, or from the start."""

    limit: int
    after: Position | None
    request: Request
    response: Response

    @property
    def row_limit(self) -> int:
        """The number of rows to read: one more than the page has, so that a next page is known."""
        return self.limit + 1

    @property
    def after_id(self) -> UUID | None:
        """The position in a list sorted by id; ``None`` for the start."""
        return UUID(str(self.after[0])) if self.after else None

    @property
    def after_number(self) -> int | None:
        """The position in a list sorted by a whole number; ``None`` for the start."""
        return int(str(self.after[0])) if self.after else None

    def build_page(
        self, rows: Sequence[Row], position: Callable[[Row], Position], item: Callable[[Row], T]
    ) -> Page[T]:
        """Build the page of ``rows``; the caller read up to ``row_limit`` of them.

        ``position`` computes the sort key of a row, ``item`` its form in the answer.
        """
        on_page, more = rows[: self.limit], len(rows) > self.limit
        cursor = self._seal_cursor(position(on_page[-1])) if more else None
        if cursor is not None:
            self._set_link_header(cursor)
        return Page(items=[item(row) for row in on_page], next_cursor=cursor)

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
        QueryCount, Query(ge=1, le=MAX_LIMIT, description="The most items of a page.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(
            max_length=_MAX_CURSOR_LENGTH,
            description="The place to continue: `next_cursor` of the page before.",
        ),
    ] = None,
) -> PageRequest:
    """Read the requested page; raises :class:`Problem` 400 for a cursor of another list."""
    return PageRequest(limit, None if cursor is None else _open_cursor(request, cursor), request, response)


Paging = Annotated[PageRequest, Depends(read_page_request)]
"""A handler's parameter: ``after`` and ``row_limit`` for the query, ``build_page`` for the answer."""


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
