"""Files of units or figures, kept from the check to the confirmation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel, col, select

from db.columns import (
    id_column,
    json_column,
    nullable_json_column,
    nullable_time_column,
    text_column,
    time_column,
)
from db.session import AsyncSession
from domain.access import Actor


class UnitImport(SQLModel, table=True):
    """A file that was read and checked; its units are stored only after it is confirmed."""

    __tablename__ = "unit_import"
    __table_args__ = (
        CheckConstraint("state IN ('checked', 'faulty', 'confirmed')", "unit_import_state_known"),
        Index("unit_import_digest_idx", "digest"),
    )

    id: UUID = id_column()
    kind: str = text_column()
    media: str = text_column()
    digest: str = text_column()
    sheet: dict[str, Any] = json_column()
    findings: list[dict[str, Any]] = json_column()
    counts: dict[str, int] | None = nullable_json_column()
    state: str = text_column()
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
