"""Files of units or figures, kept from the check to the confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import select as columns
from sqlmodel import SQLModel, col, select

from db.columns import (
    check_words,
    id_column,
    nullable_time_column,
    record_column,
    text_column,
    time_column,
    word_column,
)
from db.session import AsyncSession, fetch_rows
from domain.access import Actor
from domain.unit_files import FileKind, ImportCounts, ImportState, SheetMedia


class UnitImport(SQLModel, table=True):
    """A file that was read and checked; its units are stored only after it is confirmed.

    ``sheet`` (:class:`domain.unit_files.StoredSheet`) and ``findings`` are JSON of up to 20 MB, which only
    processes beside the event loop write and read.
    """

    __tablename__ = "unit_import"
    __table_args__ = (
        check_words("unit_import_state_known", "state", ImportState),
        Index("unit_import_digest_idx", "digest"),
        Index("unit_import_created_by_idx", "created_by", "id"),
    )

    id: UUID = id_column()
    kind: FileKind = text_column()
    media: SheetMedia = text_column()
    digest: str = text_column()
    sheet: str = text_column()
    findings: str = text_column()
    counts: ImportCounts = record_column(ImportCounts)
    state: ImportState = word_column(ImportState)
    created_by: str = text_column()
    created_at: datetime = time_column()
    confirmed_at: datetime | None = nullable_time_column()
    version: int = 1


_TABLE = SQLModel.metadata.tables["unit_import"].c


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """A file without its table and the findings about it."""

    id: UUID
    version: int
    kind: FileKind
    media: SheetMedia
    digest: str
    state: ImportState
    counts: ImportCounts
    created_at: datetime
    confirmed_at: datetime | None


async def page_own_imports(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: FileKind | None,
    state: ImportState | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ImportSummary]:
    """The files that the actor sent, the oldest first, filtered."""
    query = (
        columns(*(_TABLE[each.name] for each in fields(ImportSummary)))
        .where(_TABLE["created_by"] == actor.id)
        .order_by(_TABLE["id"])
        .limit(limit)
    )
    if kind is not None:
        query = query.where(_TABLE["kind"] == kind)
    if state is not None:
        query = query.where(_TABLE["state"] == state)
    if after is not None:
        query = query.where(_TABLE["id"] > after)
    return [ImportSummary(*row) for row in await fetch_rows(session, query)]


async def find_import(
    session: AsyncSession,
    actor: Actor,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
) -> UnitImport | None:
    """One import that the actor made, or any for an actor who sees everything; ``lock`` keeps its state."""
    query = select(UnitImport).where(col(UnitImport.id) == id)
    if not actor.is_service_wide:
        query = query.where(col(UnitImport.created_by) == actor.id)
    return (await session.exec(query.with_for_update() if lock else query)).first()
