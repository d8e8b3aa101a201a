"""Descriptions of selections: places with names, outcomes, and delegates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from db import nominations, selections
from db.allocations import Decision, find_decision
from db.lots import LotAnnouncement
from db.people import map_persons_by_id
from db.selections import STATES, Delegate, Selection, SelectionPlace
from domain.findings import Finding, Plain
from domain.lots import build_lots_certificate
from domain.selection.explanation import OPEN_REASONS, PLACE_REASONS, build_left_out_finding
from domain.selection.readable_results import ReadableResult, SealedTargets
from domain.selection.summaries import SelectionSummary
from service.names import load_unit_names, name_nominees_in, name_units_in
from service.sealed_attributes import OpenedNotes
from service.selections.cases import is_own_council, list_visible_states, load_readable_result
from service.selections.lots import find_announcement
from service.selections.reasons import open_reasons
from service.work import Case, Work

SeatedRow = TypeVar("SeatedRow", bound=SelectionPlace | Delegate)


@dataclass(frozen=True, slots=True)
class SelectionDescription:
    """A selection, its decision, and what was announced for the lot that it waits for.

    ``reasons`` are those of pins, drops and leaves, by nomination, for an actor who may read what is sealed;
    ``shown`` is its result as far as the reader may read it, unset for a reader who sees only that it exists;
    ``whole``: the reader may see all of the selection's acts, people and lots; ``lots_certificate`` proves
    the lots of a published seed; ``unread`` is about reasons that cannot be opened.
    """

    selection: Selection
    decision: Decision | None
    announcement: LotAnnouncement | None = None
    reasons: Mapping[UUID, str] = field(default_factory=dict)
    whole: bool = False
    shown: ReadableResult | None = None
    lots_certificate: dict[str, Plain] | None = None
    unread: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class SeatedPerson(Generic[SeatedRow]):
    """A row of a list with the person's name; ``names`` is unit → (code, name)."""

    row: SeatedRow
    person: UUID
    person_name: str
    unit: tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class SelectionOutcomes:
    """The outcomes that are visible to the reader; ``reasoned``: with the reasons, by nomination."""

    rows: Sequence[SeatedPerson[SelectionPlace]]
    reasoned: bool
    reasons: Mapping[UUID, Finding]


async def describe_selection(
    work: Work, case: Case, selection: Selection, decision: Decision | None = None
) -> SelectionDescription:
    """A selection as far as the actor may see it; ``decision`` where it is loaded already."""
    if decision is None and selection.decision is not None:
        decision = await find_decision(work.session, selection.decision)
    states = await list_visible_states(work, case)
    if selection.state not in states:
        return SelectionDescription(selection, decision)
    announcement = await find_announcement(work.session, case.conference, selection)
    notes = await open_reasons(work, selection) if states is STATES else OpenedNotes({})
    shown = await load_readable_result(work, case, selection)
    findings = list_selection_findings(selection, shown.summary)
    await name_units_in(work, findings, case.conference.as_of)
    await name_nominees_in(work, findings)
    return SelectionDescription(
        selection,
        decision,
        announcement,
        notes.texts,
        whole=True,
        shown=shown,
        lots_certificate=build_lots_certificate(
            case.congress, str(case.conference.unit), selection.lot, selection.draw_numbers
        ),
        unread=notes.findings,
    )


async def page_selections(
    work: Work, case: Case, *, after: int | None, limit: int
) -> Sequence[SelectionDescription]:
    """The versions of a conference's list that the actor sees, the oldest first, in short."""
    rows = await selections.page_selections(
        work.session, work.actor, case.conference.id, after=after or 0, limit=limit
    )
    states = await list_visible_states(work, case)
    return [SelectionDescription(row, None, whole=row.state in states) for row in rows]


async def list_outcomes(work: Work, case: Case, selection: Selection) -> SelectionOutcomes:
    """The outcomes of nominations: all where the actor sees the whole list, else of the actor's own units."""
    whole = selection.state in await list_visible_states(work, case)
    found = await selections.list_selection_places(work.session, selection.id)
    if not whole:
        found = [each for each in found if work.actor.is_own_unit(case.congress, each.unit)]
    persons = await nominations.map_persons_by_nomination(work.session, [each.nomination for each in found])
    rows = await _load_seated_persons(work, case, [(each, persons[each.nomination]) for each in found])
    if not whole and selection.reasons_released_at is None:
        return SelectionOutcomes(rows, reasoned=False, reasons={})
    return SelectionOutcomes(rows, reasoned=True, reasons=await _build_reasons(work, case, found))


async def list_delegates(work: Work, case: Case) -> Sequence[SeatedPerson[Delegate]]:
    """The delegates whom the actor sees, by unit."""
    found = await selections.list_delegates(work.session, case.conference.id, actor=work.actor)
    seated = await _load_seated_persons(work, case, [(each, each.person) for each in found])
    return sorted(seated, key=lambda each: (each.unit[1], each.row.group, str(each.row.nomination)))


def list_selection_findings(selection: Selection, result: SelectionSummary) -> list[Finding]:
    """All findings about a selection: its pool, its list, its targets, and why no list is possible."""
    clash = [] if result.clash is None else result.clash.list_findings()
    return [*selection.findings, *result.findings, *(each.finding for each in result.states), *clash]


async def _build_reasons(work: Work, case: Case, found: Sequence[SelectionPlace]) -> dict[UUID, Finding]:
    """Why nominations are not on the list, without what rests on people whom the actor may not read.

    A unit reads its own people; whether a list with a nominee has fewer points rests on everybody.
    """
    council = await is_own_council(work, case) or not SealedTargets.sort(case.tier.targets).any
    reader = work.actor.personal_reader
    told = {}
    for row in found:
        if row.reason is not None:
            own = PLACE_REASONS if reader.is_own_unit(case.congress, row.unit) else OPEN_REASONS
            tellable = None if council else own
            told[row.nomination] = build_left_out_finding(
                str(row.nomination), row.reason, row.points, tellable
            )
    return told


async def _load_seated_persons(
    work: Work, case: Case, rows: Sequence[tuple[SeatedRow, UUID]]
) -> list[SeatedPerson[SeatedRow]]:
    unit_ids = {each.unit for each, _ in rows}
    names = await load_unit_names(work, unit_ids, case.conference.as_of)
    known = await map_persons_by_id(work.session, {person for _, person in rows})
    return [
        SeatedPerson(each, person, known[person].name, (each.unit, *names.get(each.unit, ("", ""))))
        for each, person in rows
    ]
