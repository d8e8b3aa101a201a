"""What every new version of a list begins with: its run, its number, and the lots that were drawn before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.columns import new_id
from db.selections import Selection
from domain.acts import Act
from domain.decisions import ListOrigin, SelectionState
from domain.findings import Finding, Plain
from domain.runs import RunName
from domain.selection.stored_edits import StoredEdit, StoredLeave
from service import runs
from service.audit import record_event
from service.work import Case, Work

KIND = RunName.SELECTION
"""The kind of run that selects a list."""


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """What a new version of a list is computed from; ``findings`` are known before it is computed.

    ``how`` is its origin, and ``amends`` the version that it comes from.
    """

    how: ListOrigin
    amends: UUID | None
    snapshot: str
    nodes: int
    edits: Sequence[StoredEdit]
    findings: Sequence[Finding]
    leaving: Sequence[StoredLeave] = ()
    reason: str | None = None


async def start_version(
    work: Work, case: Case, versions: Sequence[Selection], draft: VersionDraft
) -> Selection:
    """Queue the run of a new version after the conference's ``versions``, and store the version.

    A nominee drawn in any of them keeps the place in the order: lots are only ever added.
    """
    run = await runs.queue_unit_run(work, case, kind=KIND, subject=new_id(), snapshot=draft.snapshot)
    drawn = max(versions, key=lambda each: len(each.lots), default=None)
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
        lots=[] if drawn is None else drawn.lots,
        lot=None if drawn is None else drawn.lot,
        nodes=draft.nodes,
        findings=tuple(draft.findings),
        reason=draft.reason,
    )
    work.session.add(selection)
    await work.session.flush()
    await _record_start(work, case, selection)
    return selection


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
