"""Proposing a computed list, and releasing the reasons to the units after its adoption."""

from db import selections
from db.columns import now
from db.selections import Selection
from domain.acts import Act
from domain.decisions import derive_next_state
from domain.findings import Plain
from domain.selection.readable_results import SealedTargets, decide_first_verdicts
from service.audit import record_change
from service.decisions import propose_subject
from service.work import Case, Work


async def propose_selection(work: Work, case: Case, selection: Selection) -> None:
    """Freeze the list and put it before the authority; the audit trail records what it rests on.

    The first proposal of a conference also freezes what approvers are told of its sealed targets. The
    conference is locked by the caller.
    """
    changes: dict[str, Plain] = {
        "digest": None if selection.result is None else selection.result.digest,
        "edits": [each.plain_openly() for each in selection.edits],
        "leaving": [each.plain_openly() for each in selection.leaving],
        "lots": selection.lots,
    }
    if await selections.find_first_verdicts(work.session, case.conference.id) is None:
        sealed = SealedTargets.sort(case.tier.targets)
        result = selection.result
        selection.first_verdicts = {} if result is None else decide_first_verdicts(result, sealed)
    await propose_subject(work, case, selection, changes)


async def release_reasons(work: Work, case: Case, selection: Selection) -> None:
    """Let each unit read why its own nominees are not on an adopted list. There is no way back."""
    state = derive_next_state("release_reasons", selection.state)
    if selection.reasons_released_at is None:
        selection.reasons_released_at = now()
        await record_change(
            work, selection, Act.SELECTION_REASONS_RELEASED, {"state": state}, chain=case.chain
        )
