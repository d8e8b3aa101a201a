"""Frozen inputs: stored plainly, or sealed with a key of their own if they contain data about people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Text, cast, literal
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col, func, select

from db.columns import now, nullable_json_column, text_column, text_reference_column, time_column
from db.selections import Selection
from db.session import AsyncSession


class Snapshot(SQLModel, table=True):
    """Frozen inputs, named by the digest of their canonical bytes; sealed ones by a digest with their key.

    A snapshot never changes. A sealed one is erased by deleting its key.
    """

    __table_args__ = (CheckConstraint("(content IS NULL) <> (sealed IS NULL)", "snapshot_open_or_sealed"),)

    digest: str = text_column(primary_key=True)
    schema_: str = Field(sa_type=Text, sa_column_kwargs={"name": "schema"})
    content: dict[str, Any] | None = nullable_json_column()
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    created_at: datetime = time_column()


class SnapshotKey(SQLModel, table=True):
    """The key of one sealed snapshot, wrapped by the master key; without it the run cannot be repeated."""

    __tablename__ = "snapshot_key"

    snapshot: str = text_reference_column("snapshot.digest", primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column()
    created_at: datetime = time_column()


async def insert_snapshot(session: AsyncSession, digest: str, schema: str, content: str) -> None:
    """Keep inputs in the open, given as JSON text, which only the database has to read.

    The same inputs, perhaps frozen by another at the same time, are kept once.
    """
    json = cast(literal(content, Text), JSONB)
    row = {"digest": digest, "schema": schema, "content": json, "created_at": now()}
    await session.exec(insert(Snapshot).values(row).on_conflict_do_nothing())


async def find_snapshot(session: AsyncSession, digest: str) -> Snapshot | None:
    """The frozen inputs of that digest."""
    return await session.get(Snapshot, digest)


async def find_snapshot_key(session: AsyncSession, digest: str) -> SnapshotKey | None:
    """The key of a sealed snapshot; ``None`` after it was deleted."""
    return await session.get(SnapshotKey, digest)


async def lock_selection_versions(
    session: AsyncSession, conference: UUID
) -> Sequence[tuple[Selection, datetime | None]]:
    """Every version of a conference's list as it is now, the oldest first, and when its inputs were frozen.

    Their states do not change until the transaction ends. There is no time for inputs out of reach.
    """
    query = (
        select(Selection, Snapshot.created_at)
        .outerjoin(Snapshot, col(Snapshot.digest) == col(Selection.snapshot))
        .where(col(Selection.conference) == conference)
        .order_by(col(Selection.n))
        .with_for_update(of=Selection)
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def delete_snapshot_keys(session: AsyncSession, person: UUID) -> int:
    """Delete the keys of all snapshots that may contain a person, and return how many there were.

    These are the snapshots of every conference for which the person was nominated or invited. The erasure
    must be recorded in the same transaction, and the session must reach everything.
    """
    query = select(func.destroy_snapshot_keys(person))
    return int((await session.exec(query)).one())
