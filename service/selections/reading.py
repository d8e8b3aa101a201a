"""Reading a selection: its places with names, and who goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select

from db import selections, units
from db.allocations import Decision
from db.columns import among
from db.lots import LotAnnouncement
from db.nominations import Nomination
from db.selections import PROPOSED, STATES, Delegate, Selection, SelectionPlace
from db.session import AsyncSession
from domain.access import COUNCILS, Actor
from domain.findings import Forbidden, NotFound
from service import conferences, people
from service.access import stands_at
from service.sealing import Vault
from service.selections.settling import announcement
from service.selections.telling import said_of

Names = Mapping[UUID, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Described:
    """A selection, its decision, and what was announced for the lot that it waits for.

    ``reasons`` are those of pins, drops and leaves, by nomination, for whoever may read what is sealed;
    ``whole``: the reader sees more than that there is a selection.
    """

    selection: Selection
    decision: Decision | None
    announcement: LotAnnouncement | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Seated:
    """A row of a list with the person's name; ``names`` is unit → (code, name)."""

    row: SelectionPlace | Delegate
    person: UUID
    person_name: str
    unit: tuple[UUID, str, str]


async def get(session: AsyncSession, actor: Actor, id: UUID, *, lock: bool = False) -> Selection:  # noqa: A002
    """One selection within the actor's reach; with ``lock`` its conference is locked first.

    To act on it one sees all of it, and its conference must not have been cancelled.
    """
    selection = await selections.get(session, actor, id)
    if selection is None:
        raise NotFound("selection_not_found")
    if lock:
        conferences.alive(await conferences.get(session, actor, selection.conference, lock=True))
        if selection.state not in await shown_in(session, actor, selection.conference):
            raise Forbidden("forbidden")
        await session.refresh(selection, with_for_update=True)
    return selection


async def expect_council(session: AsyncSession, actor: Actor, conference: UUID) -> None:
    """Raise ``Forbidden`` for whoever is not the conference's own council, or may not read what is sealed:
    a list follows from what is stated of people."""
    row = await conferences.get(session, actor, conference)
    if not await stands_at(session, actor.opening.with_roles(COUNCILS), row.congress, row.unit):
        raise Forbidden("forbidden")


async def shown_in(session: AsyncSession, actor: Actor, conference: UUID) -> Collection[str]:
    """The states in which the actor sees the whole of a conference's selections.

    Its council, which may read what is sealed, sees all. A list that is put before the authority is released
    to those who watch over the conference, the approver among them. Nobody else sees all of a list.
    """
    row = await conferences.get(session, actor, conference)
    if await stands_at(session, actor.opening.with_roles(COUNCILS), row.congress, row.unit):
        return STATES
    watching = await stands_at(session, actor.with_roles(COUNCILS), row.congress, row.unit)
    return PROPOSED if watching else ()


async def describe(session: AsyncSession, actor: Actor, vault: Vault, selection: Selection) -> Described:
    """What there is to show of a selection to this reader."""
    states = await shown_in(session, actor, selection.conference)
    if selection.state not in states:
        return Described(selection, await _decision(session, selection))
    conference = await conferences.get(session, actor, selection.conference)
    waits_for = await announcement(session, conference, selection)
    reasons = await said_of(session, vault, selection) if states is STATES else {}
    return Described(selection, await _decision(session, selection), waits_for, reasons, whole=True)


async def _decision(session: AsyncSession, selection: Selection) -> Decision | None:
    return await session.get(Decision, selection.decision) if selection.decision else None


async def page(
    session: AsyncSession, actor: Actor, conference: UUID, *, after: int | None, limit: int
) -> Sequence[Selection]:
    """The versions of a conference's list that the actor sees, the first first."""
    await conferences.get(session, actor, conference)
    query = (
        select(Selection)
        .where(
            col(Selection.conference) == conference,
            col(Selection.n) > (after or 0),
            selections.seen(actor),
        )
        .order_by(col(Selection.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def places(session: AsyncSession, actor: Actor, selection: Selection) -> Sequence[Seated]:
    """What became of each nomination: all for whoever holds the conference, else the unit's own."""
    found = await selections.places(session, selection.id)
    if selection.state not in await shown_in(session, actor, selection.conference):
        row = await conferences.get(session, actor, selection.conference)
        found = [each for each in found if actor.home(row.congress, each.unit)]
    rows = await session.exec(
        select(Nomination.id, Nomination.person).where(
            among(col(Nomination.id), [each.nomination for each in found])
        )
    )
    persons = dict(rows.all())
    return await _seated(
        session, selection.conference, actor, [(each, persons[each.nomination]) for each in found]
    )


async def delegates(session: AsyncSession, actor: Actor, conference: UUID) -> Sequence[Seated]:
    """Who goes, of those whom the actor sees, by unit."""
    found = await selections.delegates(session, conference, actor=actor)
    seated = await _seated(session, conference, actor, [(each, each.person) for each in found])
    return sorted(seated, key=lambda each: (each.unit[1], each.row.group, str(each.row.nomination)))


async def _seated(
    session: AsyncSession,
    conference: UUID,
    actor: Actor,
    rows: Sequence[tuple[SelectionPlace | Delegate, UUID]],
) -> list[Seated]:
    row = await conferences.get(session, actor, conference)
    names = await units.named(session, {each.unit for each, _ in rows}, row.as_of)
    known = await people.named(session, {person for _, person in rows})
    return [
        Seated(each, person, known[person].name, (each.unit, *names.get(each.unit, ("", ""))))
        for each, person in rows
    ]
