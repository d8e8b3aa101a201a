"""Accounts: which identities are one person or one program, and the codes by which they are linked.

Only functions of the database change them (``migrations/sql/accounts.sql``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from db.columns import id_column, new_id, reference_column, time_column
from db.session import AsyncSession, fetch_rows


class Account(SQLModel, table=True):
    """One person or one program, with however many identities."""

    id: UUID = id_column()
    created_at: datetime = time_column()


class FormerAccount(SQLModel, table=True):
    """An account that an identity once belonged to, and until when."""

    __tablename__ = "former_account"

    identity: UUID = reference_column("identity.id", primary_key=True)
    account: UUID = reference_column("account.id", primary_key=True)
    left_at: datetime = Field(sa_type=DateTime(timezone=True), primary_key=True)


class LinkCode(SQLModel, table=True):
    """The newest one-time code that an identity asked for; the code itself is not stored."""

    __tablename__ = "link_code"
    __table_args__ = (CheckConstraint("octet_length(digest) = 32", "link_code_digest_sha256"),)

    identity: UUID = reference_column("identity.id", primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary, index=True)
    expires_at: datetime = time_column()


class LinkAttempt(SQLModel, table=True):
    """How many codes an identity has handed in since then."""

    __tablename__ = "link_attempt"

    identity: UUID = reference_column("identity.id", primary_key=True)
    attempts: int
    since: datetime = time_column()


async def lock_person_marks(
    session: AsyncSession, people: Iterable[str | None], since: datetime
) -> Mapping[str, frozenset[str]]:
    """Id → by what its person is recognized: two ids with a mark in common are one person.

    Accounts that were left at ``since`` or later count too. No identity is linked until the transaction ends.
    """
    params = {"people": [each for each in people if each is not None], "since": since}
    found = await fetch_rows(session, _LOCK_MARKS, params)
    return {row.person: frozenset(row.marks) for row in found}


async def store_link_code(session: AsyncSession, digest: bytes, expires_at: datetime) -> None:
    """Store the actor's newest code, in place of any earlier one."""
    await fetch_rows(session, _STORE_CODE, {"digest": digest, "ends": expires_at})


async def count_link_attempt(session: AsyncSession, counted_from: datetime) -> int:
    """Count one more code of the actor's, and how many there were since then."""
    ((attempts,),) = await fetch_rows(session, _COUNT_ATTEMPT, {"since": counted_from})
    return int(attempts)


async def take_link_code(session: AsyncSession, digest: bytes) -> UUID | None:
    """Use up a code of somebody else's that is still valid: the identity that asked for it."""
    ((identity,),) = await fetch_rows(session, _TAKE_CODE, {"digest": digest})
    return None if identity is None else UUID(str(identity))


async def lock_account_changes(session: AsyncSession) -> None:
    """Let no other transaction change accounts until this one ends."""
    await fetch_rows(session, _LOCK_CHANGES)


async def link_identities(session: AsyncSession, one: UUID, other: UUID) -> tuple[UUID, Sequence[UUID]]:
    """Put two identities, and all linked to them, into one account: its id, and all its identities."""
    return _read_account(await fetch_rows(session, _LINK, {"one": one, "other": other}))


async def separate_identity(session: AsyncSession, identity: UUID) -> tuple[UUID, Sequence[UUID]]:
    """Give an identity a new account of its own: the account's id, and its identity."""
    params = {"identity": identity, "account": new_id()}
    return _read_account(await fetch_rows(session, _SEPARATE, params))


def _read_account(rows: Sequence[Any]) -> tuple[UUID, Sequence[UUID]]:
    return rows[0].account, [row.id for row in rows]


_LOCK_MARKS = sql("SELECT person, marks FROM lock_person_marks(:people, :since)")
_STORE_CODE = sql("SELECT store_link_code(:digest, :ends)")
_COUNT_ATTEMPT = sql("SELECT count_link_attempt(:since)")
_TAKE_CODE = sql("SELECT take_link_code(:digest)")
_LOCK_CHANGES = sql("SELECT pg_advisory_xact_lock(hashtextextended('accounts', 0))")
_LINK = sql("SELECT id, account FROM link_identities(:one, :other)")
_SEPARATE = sql("SELECT id, account FROM separate_identity(:identity, :account)")
