"""What every new version of a list begins with: its run, its number, and the lots that were drawn before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.columns import new_id
from db.selections import Selection
from domain.acts import Act
from domain.decisions import ListOrigin, SelectionState
from domain.findings import Finding, Plain
from domain.lots import Ballot, list_lots, map_numbers
from domain.runs import RunName
from domain.selection import NomineeStatus, Pool
from domain.selection.stored_edits import StoredEdit, StoredLeave
from service import runs
from service.audit import record_event
from service.lots import number_newcomers
from service.work import Case, Work

KIND = RunName.SELECTION
"""The kind of run that selects a list."""


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """What a new version of a list is computed from; ``findings`` are known before it is computed.

    ``how`` is its origin, ``amends`` the version that it comes from, ``pool`` what is chosen from.
    """

    how: ListOrigin
    amends: UUID | None
    snapshot: str
    pool: Pool
    nodes: int
    edits: Sequence[StoredEdit]
    findings: Sequence[Finding]
    leaving: Sequence[StoredLeave] = ()
    reason: str | None = None


async def start_version(
    work: Work, case: Case, versions: Sequence[Selection], draft: VersionDraft
) -> Selection:
    """Queue the run of a new version after the conference's ``versions``, and store the version.

    A nominee drawn in any of them keeps the place in the order. Where the pool was numbered, whoever came
    since gets the next numbers.
    """
    run = await runs.queue_unit_run(work, case, kind=KIND, subject=new_id(), snapshot=draft.snapshot)
    drawn = max((each.lot for each in versions if each.lot), key=lambda lot: lot.number, default=None)
    selection = Selection(
        id=run.subject,
        conference=case.conference.id,
        plan_version=case.version.id,
        n=max((each.n for each in versions), default=0) + 1,
        state=SelectionState.COMPUTING,
        how=draft.how,
        run=run.id,
        snapshot=run.snapshot,
        amends=draft.amends,
        edits=tuple(draft.edits),
        leaving=tuple(draft.leaving),
        lot=drawn,
        nodes=draft.nodes,
        findings=tuple(draft.findings),
        reason=draft.reason,
    )
    set_lots(selection, await number_newcomers(work, case, _list_nominations(draft.pool)))
    work.session.add(selection)
    await work.session.flush()
    await _record_start(work, case, selection)
    return selection


def _list_nominations(pool: Pool) -> list[UUID]:
    """The nominations of a pool; its other people are on the list by office, roll or invitation."""
    return [UUID(each.id) for each in pool.nominees if each.hold is not NomineeStatus.EX_OFFICIO]


def set_lots(selection: Selection, ballots: Sequence[Ballot]) -> None:
    """The lots of a version, from what was drawn and the ballots as they are now."""
    numbers = map_numbers(ballots)
    selection.lots = list_lots(selection.lot, ballots)
    selection.draw_numbers = [numbers[one] for one in selection.lots if one is not None]


async def _record_start(work: Work, case: Case, selection: Selection) -> None:
    changes: dict[str, Plain] = {
        "n": selection.n,
        "how": selection.how,
        "snapshot": selection.snapshot,
        "run": str(selection.run),
        "amends": None if selection.amends is None else str(selection.amends),
        "reason": selection.reason,
    }
    await record_event(work, Act.SELECTION_STARTED, "selection", selection.id, changes, plan=case.chain)
