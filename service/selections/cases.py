"""A list with its case, and how much of it an actor may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from db import selections, snapshots
from db.cases import RowLock
from db.selections import PROPOSED_STATES, STATES, Selection
from domain.access import COUNCIL_ROLES, Access, build_forbidden
from domain.conferences.life import expect_active
from domain.decisions import SelectionState, narrow_to_signer
from domain.findings import NotFound
from domain.selection import SelectionOutcome
from domain.selection.readable_results import ReadableResult, SealedTargets, reduce_result
from domain.selection.summaries import SelectionSummary
from service.access import has_role_at
from service.conferences.case import build_case, expect_may_act
from service.work import Case, Work


async def load_selection(work: Work, selection: UUID) -> tuple[Case, Selection]:
    """One selection within the actor's reach, and the case under the plan version that it follows."""
    found = await selections.find_selection_case(work.session, work.actor, selection)
    if found is None:
        raise NotFound("selection_not_found")
    return build_case(work, found[1]), found[0]


async def lock_selection(work: Work, selection: UUID) -> tuple[Case, Selection]:
    """As :func:`load_selection`, to act on it: its conference is locked first, then the selection.

    Raises ``Forbidden`` for an actor who does not see all of it or may not act for the conference's unit, and
    ``Conflict`` where the conference was cancelled.
    """
    case = await _lock_conference(work, selection)
    return case, await selections.lock_selection(work.session, selection)


async def lock_selection_versions(
    work: Work, selection: UUID
) -> tuple[Case, Selection, Sequence[tuple[Selection, datetime | None]]]:
    """As :func:`lock_selection`, to adopt it: every version of the conference's list is locked too.

    Each comes with the time when its inputs were frozen.
    """
    case = await _lock_conference(work, selection)
    versions = await snapshots.lock_selection_versions(work.session, case.conference.id)
    return case, next(row for row, _ in versions if row.id == selection), versions


async def _lock_conference(work: Work, selection: UUID) -> Case:
    """The case of a selection all of which the actor sees, with its conference locked."""
    found = await selections.find_selection_case(work.session, work.actor, selection, lock=RowLock.CHANGE)
    if found is None:
        raise NotFound("selection_not_found")
    expect_may_act(work, found[1])
    case = build_case(work, found[1])
    expect_active(case.conference.state)
    if found[0].state not in await list_visible_states(work, case):
        raise build_forbidden(work.actor.access)
    return case


async def list_visible_states(work: Work, case: Case) -> Collection[SelectionState]:
    """The states in which the actor sees the whole of a conference's selections.

    Its council, which may read what is sealed, sees all states. Roles that supervise the conference, such as
    the approver, see a list from its proposal on. Nobody else sees all of a list.
    """
    if await is_own_council(work, case):
        return STATES
    councils = work.acting_as(work.actor.narrow_to_roles(COUNCIL_ROLES))
    return PROPOSED_STATES if await has_role_at(councils, case.congress, case.conference.unit) else ()


async def is_own_council(work: Work, case: Case) -> bool:
    """Whether the actor is the conference's own council, and may read what is sealed."""
    readers = work.acting_as(work.actor.personal_reader.narrow_to_roles(COUNCIL_ROLES))
    return await has_role_at(readers, case.congress, case.conference.unit)


async def load_readable_result(work: Work, case: Case, selection: Selection) -> ReadableResult:
    """The result of a selection all of which the actor sees, as far as they may read its numbers.

    The conference's council, which may read what is sealed, reads everything; an approver also reads what was
    frozen at the first proposal.
    """
    result = selection.result or SelectionSummary(SelectionOutcome.UNFINISHED)
    if await is_own_council(work, case):
        return ReadableResult(result)
    approver = work.acting_as(narrow_to_signer(work.actor))
    first: Mapping[str, bool] | None = None
    if await has_role_at(approver, case.congress, case.conference.unit):
        first = await selections.find_first_verdicts(work.session, case.conference.id)
    return reduce_result(result, SealedTargets.sort(case.tier.targets), first or {})


async def expect_own_council(work: Work, case: Case) -> None:
    """Raise ``Forbidden`` for an actor who is not the conference's own council, or may not read what is
    sealed: a list depends on attributes of people."""
    if not await is_own_council(work, case):
        raise build_forbidden(Access.PERSONAL_READ, COUNCIL_ROLES)
