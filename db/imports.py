"""Files of units or figures, kept from the check to the confirmation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
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
from db.session import AsyncSession
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
