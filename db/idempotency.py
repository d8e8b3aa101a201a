"""Requests that were answered already, so that a repeated request is not carried out again.

A row is one key of one actor: the digest of the request for which it was first used, and either the sealed
answer or the run that the request started. Expired rows are deleted by :func:`delete_expired_keys`.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, LargeBinary, bindparam, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.columns import nullable_text_column, text_column, time_column
from db.session import AsyncSession

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


async def try_lock_key(session: AsyncSession, actor: str, key: str) -> bool:
    """Lock the key until the transaction ends; false when another request has locked it."""
    query = select(
        func.pg_try_advisory_xact_lock(bindparam("name", _compute_lock_id(actor, key), BigInteger))
    )
    return bool((await session.exec(query)).one())


async def find_answer(session: AsyncSession, actor: str, key: str) -> Idempotency | None:
    """The row stored under the key, unless it has expired."""
    query = select(Idempotency).where(
        col(Idempotency.actor) == actor,
        col(Idempotency.key) == key,
        col(Idempotency.expires_at) > func.now(),
    )
    return (await session.exec(query)).first()


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

    An expired row is replaced; a row that is still valid makes the insert fail on ``idempotency_pkey``.
    """
    await session.exec(
        delete(Idempotency).where(
            col(Idempotency.actor) == actor,
            col(Idempotency.key) == key,
            col(Idempotency.expires_at) <= func.now(),
        )
    )
    row = insert(Idempotency).values(
        actor=actor,
        key=key,
        request_digest=request_digest,
        answer=answer,
        run=run,
        master=master,
        created_at=func.now(),
        expires_at=func.now() + KEY_LIFETIME,
    )
    await session.exec(row)


async def delete_expired_keys(session: AsyncSession) -> int:
    """Delete every expired key and return how many there were."""
    result = await session.exec(delete(Idempotency).where(col(Idempotency.expires_at) <= func.now()))
    return result.rowcount


def _compute_lock_id(actor: str, key: str) -> int:
    digest = hashlib.sha256(f"idempotency\0{actor}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
