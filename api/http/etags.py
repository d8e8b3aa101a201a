"""ETags: a change is accepted only for the state that the caller has read (RFC 9110, 8.8.3 and 13.1).

The ETag of a row follows from its id and version, that of immutable content from its digest. All are strong.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import Field, model_validator

from api.http.problems import Problem
from api.http.types import Answer
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
    """The ETag of immutable content, from its digest."""
    return _quote_digest(digest if isinstance(digest, bytes) else hashlib.sha256(digest.encode()).digest())


class TaggedAnswer(Answer):
    """An answer about something that can change. It has the ETag that is sent with it alone, so that an item
    of a list can be changed without being read again."""

    etag: str = Field(description="Its `ETag`, for `If-Match`.")

    @model_validator(mode="before")
    @classmethod
    def _tag_row(cls, value: Any) -> Any:
        """Add the ETag of the row from which the answer is built."""
        if isinstance(value, dict | TaggedAnswer):
            return value
        given = {name: getattr(value, name) for name in cls.model_fields if name != "etag"}
        return {**given, "etag": compute_row_etag(value.id, value.version)}


def set_etag(response: Response, etag: str) -> None:
    """Send the ETag with the answer."""
    response.headers["ETag"] = etag


@dataclass(frozen=True, slots=True)
class ExpectedETags:
    """The ETags of the states that the caller has read."""

    etags: tuple[str, ...]

    def expect_etag(self, etag: str) -> None:
        """Raise :class:`Stale` (412) unless the present ETag is one of them; weak ETags never match."""
        if etag not in self.etags:
            raise Stale("stale")

    def expect_row(self, row: TaggedRow) -> None:
        """Raise :class:`Stale` (412) unless the row is in one of these states."""
        self.expect_etag(compute_row_etag(row.id, row.version))


async def read_if_match(
    header: Annotated[
        str | None,
        Header(alias="If-Match", description="The ETag of the state that was read.", examples=['"Zm9vYmFy"']),
    ] = None,
) -> ExpectedETags:
    """Read the ``If-Match`` header; raises :class:`Problem` 428 if missing, 400 for ``*`` or bad syntax.

    ``*`` would allow a change of any state, which the header is there to prevent.
    """
    if header is None:
        raise Problem(428, "if_match_required")
    if len(header) > _MAX_HEADER_LENGTH or not _ETAG_LIST.fullmatch(header):
        raise Problem(400, "if_match_malformed")
    return ExpectedETags(tuple(_ETAG.findall(header)))


IfMatch = Annotated[ExpectedETags, Depends(read_if_match)]
"""A handler's parameter: the states that the caller has read, to be checked before a change."""


def has_current_etag(etag: str | None, if_none_match: str | None) -> bool:
    """Whether the caller has this state already, so that 304 is enough (weak comparison)."""
    if etag is None or if_none_match is None or len(if_none_match) > _MAX_HEADER_LENGTH:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {known.removeprefix("W/") for known in _ETAG.findall(if_none_match)}


def _quote_digest(digest: bytes) -> str:
    return f'"{urlsafe_b64encode(digest[:18]).decode()}"'
