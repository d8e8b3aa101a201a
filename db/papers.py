"""Papers that units send in, kept as they were received: each sealed by a key of its own."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, or_, text
from sqlalchemy import select as columns
from sqlmodel import Field, SQLModel, col, func, select

from db.columns import (
    check_words,
    id_column,
    is_among,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    word_column,
)
from db.reach import Condition, is_in_subtree, is_own_unit
from db.session import AsyncSession, fetch_rows
from db.votes import ListVote, ListVoteName
from domain.access import COUNCIL_ROLES, Actor
from domain.papers import PaperKind


class ReceivedPaper(SQLModel, table=True):
    """A paper of one unit in one congress chain. Its bytes are in its box; the digest is SHA-256 of them."""

    __tablename__ = "received_paper"
    __table_args__ = (
        check_words("received_paper_kind_known", "kind", PaperKind),
        CheckConstraint("size > 0", "received_paper_not_empty"),
        Index("received_paper_unit_idx", "unit", "congress"),
    )

    id: UUID = id_column()
    congress: str = text_reference_column("congress.id")
    unit: UUID = reference_column("unit.id")
    kind: PaperKind = word_column(PaperKind)
    number: str | None = nullable_text_column()
    dated: date | None = None
    media: str = text_column()
    digest: str = text_column()
    size: int
    created_by: str = text_column()
    created_at: datetime = time_column()
    erased_at: datetime | None = nullable_time_column()
    version: int = 1


class PaperBox(SQLModel, table=True):
    """The sealed bytes of a paper, with their wrapped key. Deleting the row erases them."""

    __tablename__ = "paper_box"

    paper: UUID = reference_column("received_paper.id", primary_key=True)
    name: str = text_column()
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column(index=True)
    sealed: bytes = Field(sa_type=LargeBinary)


def is_visible_paper(actor: Actor) -> Condition:
    """Papers of units at or below the actor's: what is sent in is for the unit and the councils above it."""
    return is_in_subtree(actor, col(ReceivedPaper.congress), col(ReceivedPaper.unit))


def may_open_paper(actor: Actor) -> Condition:
    """Papers whose bytes the actor may read: an officer those of the own unit, a council also those below."""
    reader, place = actor.personal_reader, (col(ReceivedPaper.congress), col(ReceivedPaper.unit))
    return or_(is_own_unit(reader, *place), is_in_subtree(reader.narrow_to_roles(COUNCIL_ROLES), *place))


async def find_paper(
    session: AsyncSession,
    actor: Actor,
    paper: UUID,
    *,
    lock: bool = False,
) -> ReceivedPaper | None:
    """One paper that the actor sees; ``lock`` keeps it as it is."""
    query = select(ReceivedPaper).where(col(ReceivedPaper.id) == paper, is_visible_paper(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def may_open(session: AsyncSession, actor: Actor, paper: UUID) -> bool:
    """Whether the actor may read the bytes of a paper."""
    query = select(ReceivedPaper.id).where(col(ReceivedPaper.id) == paper, may_open_paper(actor))
    return (await session.exec(query)).first() is not None


async def page_papers(
    session: AsyncSession, actor: Actor, unit: UUID, *, congress: str | None, after: UUID | None, limit: int
) -> Sequence[ReceivedPaper]:
    """The papers of a unit that the actor sees, the oldest first."""
    query = select(ReceivedPaper).where(col(ReceivedPaper.unit) == unit, is_visible_paper(actor))
    if congress is not None:
        query = query.where(col(ReceivedPaper.congress) == congress)
    if after is not None:
        query = query.where(col(ReceivedPaper.id) > after)
    return (await session.exec(query.order_by(col(ReceivedPaper.id)).limit(limit))).all()


async def list_paper_ids(
    session: AsyncSession, congress: str, unit: UUID, papers: Collection[UUID]
) -> frozenset[UUID]:
    """Those of the ids that are papers of a unit in a chain and not erased; without ids nothing is asked."""
    if not papers:
        return frozenset()
    query = select(ReceivedPaper.id).where(
        col(ReceivedPaper.congress) == congress,
        col(ReceivedPaper.unit) == unit,
        is_among(ReceivedPaper.id, papers),
        col(ReceivedPaper.erased_at).is_(None),
    )
    return frozenset((await session.exec(query)).all())


_LOCK_ROOM = text("SELECT pg_advisory_xact_lock(hashtextextended('papers' || :congress || :unit, 0))")


async def lock_paper_room(session: AsyncSession, congress: str, unit: UUID) -> None:
    """Let nobody else add to the papers of a unit in a chain until the transaction ends.

    Taken after all rows that an act locks but the head of the audit chain.
    """
    await fetch_rows(session, _LOCK_ROOM, {"congress": congress, "unit": str(unit)})


async def sum_paper_bytes(session: AsyncSession, congress: str, unit: UUID) -> int:
    """How many bytes the papers of a unit have in a chain, without those that were erased."""
    query = select(func.coalesce(func.sum(ReceivedPaper.size), 0)).where(
        col(ReceivedPaper.congress) == congress,
        col(ReceivedPaper.unit) == unit,
        col(ReceivedPaper.erased_at).is_(None),
    )
    return int((await session.exec(query)).one())


async def find_box(session: AsyncSession, paper: UUID) -> PaperBox | None:
    """The sealed bytes of a paper; ``None`` after it was erased, or where the actor may not read them."""
    return await session.get(PaperBox, paper)


async def destroy_box(session: AsyncSession, paper: UUID) -> None:
    """Destroy the bytes of a paper with their key. The erasure must be recorded in the same transaction."""
    await session.exec(select(func.destroy_paper(paper)))


async def list_papers_about(session: AsyncSession, person: UUID) -> Sequence[ReceivedPaper]:
    """The minutes and letters, not erased yet, of lists on which the person was named."""
    named = (
        columns(col(ListVote.minutes))
        .join(ListVoteName, col(ListVoteName.vote) == col(ListVote.id))
        .where(col(ListVoteName.person) == person)
    )
    query = select(ReceivedPaper).where(
        col(ReceivedPaper.id).in_(named), col(ReceivedPaper.erased_at).is_(None)
    )
    return (await session.exec(query.order_by(col(ReceivedPaper.id)).with_for_update())).all()
