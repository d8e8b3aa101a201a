"""Requests that were answered already, so that a repeated request is not carried out again.

A row is one key of one actor: the digest of the request for which it was first used, and either the sealed
answer or the run that the request started. Expired rows are deleted by :func:`delete_expired_keys`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, delete, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from db.columns import nullable_text_column, text_column, time_column
from db.session import AsyncSession, fetch_rows

KEY_LIFETIME = timedelta(hours=24)
"""How long a key is stored."""


class Idempotency(SQLModel, table=True):
    """The answer to the request with one key of one actor."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(answer, run) = 1", "idempotency_answer_or_run"),
        CheckConstraint("octet_length(request_digest) = 32", "idempotency_request_digest_sha256"),
    )

    actor: str = text_column(primary_key=True)
    key: str = text_column(primary_key=True)
    request_digest: bytes = Field(sa_type=LargeBinary)
    answer: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    run: UUID | None = Field(default=None, foreign_key="run.id")
    master: str | None = nullable_text_column()
    """The id of the master key for the digest and the answer: with another one neither can be used."""
    created_at: datetime = time_column()
    expires_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What is stored under a key: the sealed answer, or the run, of the request with that digest."""

    request_digest: bytes
    answer: bytes | None
    run: UUID | None
    master: str | None


async def lock_answer(session: AsyncSession, actor: str, key: str) -> tuple[bool, StoredAnswer | None]:
    """Lock the key until the transaction ends, and read what is stored under it unless that has expired.

    The first value is false when another request has locked the key.
    """
    params = {"lock_id": _compute_lock_id(actor, key), "actor": actor, "key": key}
    ((locked, digest, answer, run, master),) = await fetch_rows(session, _LOCK_ANSWER, params)
    return locked, None if digest is None else StoredAnswer(digest, answer, run, master)


_LOCK_ANSWER = text(
    "SELECT locked, request_digest, answer, run, master FROM lock_answer(:lock_id, :actor, :key)"
)


async def store_answer(
    session: AsyncSession,
    actor: str,
    key: str,
    request_digest: bytes,
    *,
    master: str,
    answer: bytes | None = None,
    run: UUID | None = None,
) -> None:
    """Store the answer, or the run, under a key that is locked and was not found.

    An expired row is replaced; a row that is still valid makes it fail on ``idempotency_pkey``.
    """
    stored = {
        "request_digest": request_digest,
        "answer": answer,
        "run": run,
        "master": master,
        "created_at": func.now(),
        "expires_at": func.now() + KEY_LIFETIME,
    }
    row = insert(Idempotency).values(actor=actor, key=key, **stored)
    is_expired = col(Idempotency.expires_at) <= func.now()
    replacing = row.on_conflict_do_update(index_elements=["actor", "key"], set_=stored, where=is_expired)
    if (await session.exec(replacing)).rowcount == 0:
        await session.exec(row)  # a valid row: the constraint refuses


async def delete_expired_keys(session: AsyncSession) -> int:
    """Delete every expired key and return how many there were."""
    result = await session.exec(delete(Idempotency).where(col(Idempotency.expires_at) <= func.now()))
    return result.rowcount


def _compute_lock_id(actor: str, key: str) -> int:
    digest = hashlib.sha256(f"idempotency\0{actor}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
