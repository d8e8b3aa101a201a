"""Reading a selection: its places with names, and who goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select

from db import selections, units
from db.allocations import Decision
from db.columns import is_among
from db.lots import LotAnnouncement
from db.nominations import Nomination
from db.people import map_persons_by_id
from db.selections import PROPOSED_STATES, STATES, Delegate, Selection, SelectionPlace
from db.session import AsyncSession
from domain.access import COUNCIL_ROLES
from domain.findings import Forbidden, NotFound
from service import conferences
from service.access import has_role_at
from service.selections.lots import find_announcement
from service.selections.reasons import open_reasons
from service.work import Work

UnitNames = Mapping[UUID, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SelectionDescription:
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
class SeatedPerson:
    """A row of a list with the person's name; ``names`` is unit → (code, name)."""

    row: SelectionPlace | Delegate
    person: UUID
    person_name: str
    unit: tuple[UUID, str, str]


async def get_selection(work: Work, id: UUID, *, lock: bool = False) -> Selection:  # noqa: A002
    """One selection within the actor's reach; with ``lock`` its conference is locked first.

    To act on it one sees all of it, and its conference must not have been cancelled.
    """
    selection = await selections.find_selection(work.session, work.actor, id)
    if selection is None:
        raise NotFound("selection_not_found")
    if lock:
        conferences.expect_not_cancelled(
            await conferences.get_conference(work, selection.conference, lock=True)
        )
        if selection.state not in await list_visible_states(work, selection.conference):
            raise Forbidden("forbidden")
        await work.session.refresh(selection, with_for_update=True)
    return selection


async def expect_council(work: Work, conference: UUID) -> None:
    """Raise ``Forbidden`` for whoever is not the conference's own council, or may not read what is sealed:
    a list follows from what is stated of people."""
    row = await conferences.get_conference(work, conference)
    if not await has_role_at(
        work.acting_as(work.actor.personal_reader.narrow_to_roles(COUNCIL_ROLES)), row.congress, row.unit
    ):
        raise Forbidden("forbidden")


async def list_visible_states(work: Work, conference: UUID) -> Collection[str]:
    """The states in which the actor sees the whole of a conference's selections.

    Its council, which may read what is sealed, sees all. A list that is put before the authority is released
    to those who watch over the conference, the approver among them. Nobody else sees all of a list.
    """
    row = await conferences.get_conference(work, conference)
    if await has_role_at(
        work.acting_as(work.actor.personal_reader.narrow_to_roles(COUNCIL_ROLES)), row.congress, row.unit
    ):
        return STATES
    watching = await has_role_at(
        work.acting_as(work.actor.narrow_to_roles(COUNCIL_ROLES)), row.congress, row.unit
    )
    return PROPOSED_STATES if watching else ()


async def describe_selection(work: Work, selection: Selection) -> SelectionDescription:
    """What there is to show of a selection to this reader."""
    states = await list_visible_states(work, selection.conference)
    if selection.state not in states:
        return SelectionDescription(selection, await _find_decision(work.session, selection))
    conference = await conferences.get_conference(work, selection.conference)
    waits_for = await find_announcement(work.session, conference, selection)
    reasons = await open_reasons(work, selection) if states is STATES else {}
    return SelectionDescription(
        selection, await _find_decision(work.session, selection), waits_for, reasons, whole=True
    )


async def _find_decision(session: AsyncSession, selection: Selection) -> Decision | None:
    return await session.get(Decision, selection.decision) if selection.decision else None


async def page_selections(
    work: Work, conference: UUID, *, after: int | None, limit: int
) -> Sequence[Selection]:
    """The versions of a conference's list that the actor sees, the first first."""
    await conferences.get_conference(work, conference)
    query = (
        select(Selection)
        .where(
            col(Selection.conference) == conference,
            col(Selection.n) > (after or 0),
            selections.is_visible_selection(work.actor),
        )
        .order_by(col(Selection.n))
        .limit(limit)
    )
    return (await work.session.exec(query)).all()


async def list_outcomes(work: Work, selection: Selection) -> Sequence[SeatedPerson]:
    """What became of each nomination: all for whoever holds the conference, else the unit's own."""
    found = await selections.list_selection_places(work.session, selection.id)
    if selection.state not in await list_visible_states(work, selection.conference):
        row = await conferences.get_conference(work, selection.conference)
        found = [each for each in found if work.actor.is_own_unit(row.congress, each.unit)]
    rows = await work.session.exec(
        select(Nomination.id, Nomination.person).where(
            is_among(col(Nomination.id), [each.nomination for each in found])
        )
    )
    persons = dict(rows.all())
    return await _load_seated_persons(
        work, selection.conference, [(each, persons[each.nomination]) for each in found]
    )


async def list_delegates(work: Work, conference: UUID) -> Sequence[SeatedPerson]:
    """Who goes, of those whom the actor sees, by unit."""
    found = await selections.list_delegates(work.session, conference, actor=work.actor)
    seated = await _load_seated_persons(work, conference, [(each, each.person) for each in found])
    return sorted(seated, key=lambda each: (each.unit[1], each.row.group, str(each.row.nomination)))


async def _load_seated_persons(
    work: Work,
    conference: UUID,
    rows: Sequence[tuple[SelectionPlace | Delegate, UUID]],
) -> list[SeatedPerson]:
    row = await conferences.get_conference(work, conference)
    names = await units.map_names_by_unit(work.session, {each.unit for each, _ in rows}, row.as_of)
    known = await map_persons_by_id(work.session, {person for _, person in rows})
    return [
        SeatedPerson(each, person, known[person].name, (each.unit, *names.get(each.unit, ("", ""))))
        for each, person in rows
    ]
