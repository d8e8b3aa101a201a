"""Frozen inputs: in the open, or sealed under a key of their own where they hold what is stated of people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Text, delete
from sqlmodel import Field, SQLModel, col, select

from db.columns import nullable_json_column, text_column, text_reference_column, time_column
from db.nominations import Invitation, Nomination
from db.selections import Selection
from db.session import AsyncSession


class Snapshot(SQLModel, table=True):
    """Frozen inputs, named by the digest of their canonical bytes; a sealed one by a digest under its key.

    A snapshot never changes. To erase a sealed one is to destroy its key.
    """

    __table_args__ = (CheckConstraint("(content IS NULL) <> (sealed IS NULL)", "snapshot_open_or_sealed"),)

    digest: str = text_column(primary_key=True)
    schema_: str = Field(sa_type=Text, sa_column_kwargs={"name": "schema"})
    content: dict[str, Any] | None = nullable_json_column()
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    created_at: datetime = time_column()


class SnapshotKey(SQLModel, table=True):
    """The key of one sealed snapshot, wrapped by the master key; without it nothing can be replayed."""

    __tablename__ = "snapshot_key"

    snapshot: str = text_reference_column("snapshot.digest", primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column()
    created_at: datetime = time_column()


async def find_snapshot_key(session: AsyncSession, digest: str) -> SnapshotKey | None:
    """The key of a sealed snapshot; ``None`` once it was destroyed."""
    return await session.get(SnapshotKey, digest)


async def delete_snapshot_keys(session: AsyncSession, person: UUID) -> int:
    """Destroy the keys of all snapshots that may hold somebody; how many there were.

    Those are the snapshots of every conference for which the person was named or invited.
    """
    named = select(Nomination.conference).where(col(Nomination.person) == person)
    invited = select(Invitation.conference).where(col(Invitation.person) == person)
    frozen = select(Selection.snapshot).where(
        col(Selection.conference).in_(named) | col(Selection.conference).in_(invited)
    )
    gone = delete(SnapshotKey).where(col(SnapshotKey.snapshot).in_(frozen))
    found = await session.exec(gone.returning(col(SnapshotKey.snapshot)))
    return len(found.all())
