"""ETags: which state of a thing was read, and changes only to what was read (RFC 9110, 8.8.3 and 13.1).

Rows that change have one from their id and version, what never changes from its digest. All are strong.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Header, Response

from api.problems import Problem
from domain.findings import Stale

_ETAG_LIST = re.compile(
    r'\s*(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*'
)
_ETAG = re.compile(r'(?:W/)?"[^"]*"')
_MAX_HEADER_LENGTH = 2000


class TaggedRow(Protocol):
    """A row whose ETag follows from its id and version."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


def compute_row_etag(row: UUID | str, version: int) -> str:
    """The ETag of a row at a version."""
    return _quote_digest(hashlib.sha256(f"{row}\0{version}".encode()).digest())


def compute_digest_etag(digest: bytes | str) -> str:
    """The ETag of something immutable, from its digest."""
    return _quote_digest(digest if isinstance(digest, bytes) else hashlib.sha256(digest.encode()).digest())


def set_etag(response: Response, etag: str) -> None:
    """Send the ETag with the answer."""
    response.headers["ETag"] = etag


@dataclass(frozen=True, slots=True)
class ExpectedETags:
    """The states that the caller has read, any of which may be changed."""

    etags: tuple[str, ...]

    def expect_etag(self, etag: str) -> None:
        """Raise :class:`Stale` (412) unless the present state is one of them; weak ETags never match."""
        if etag not in self.etags:
            raise Stale("stale")

    def expect_row(self, row: TaggedRow) -> None:
        """Raise :class:`Stale` (412) unless the row is in one of these states."""
        self.expect_etag(compute_row_etag(row.id, row.version))


async def read_if_match(
    header: Annotated[
        str | None, Header(alias="If-Match", description="The ETag that was read.", examples=['"Zm9vYmFy"'])
    ] = None,
) -> ExpectedETags:
    """The ``If-Match`` header; raises :class:`Problem` 428 without one, 400 for ``*`` or what cannot be read.

    ``*`` would change whatever is there, which is what the header is required against.
    """
    if header is None:
        raise Problem(428, "if_match_required")
    if len(header) > _MAX_HEADER_LENGTH or not _ETAG_LIST.fullmatch(header):
        raise Problem(400, "if_match_malformed")
    return ExpectedETags(tuple(_ETAG.findall(header)))


IfMatch = Annotated[ExpectedETags, Depends(read_if_match)]
"""A handler's parameter: what the caller has read. Call ``expect_etag`` or ``expect_row``
before changing anything."""


def has_current_etag(etag: str | None, if_none_match: str | None) -> bool:
    """Whether the caller has this state already, so that 304 will do (weak comparison)."""
    if etag is None or if_none_match is None or len(if_none_match) > _MAX_HEADER_LENGTH:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {known.removeprefix("W/") for known in _ETAG.findall(if_none_match)}


def _quote_digest(digest: bytes) -> str:
    return f'"{urlsafe_b64encode(digest[:18]).decode()}"'
