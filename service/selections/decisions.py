"""From a computed list to an approved one: the proposal, the approval, and what units are told of reasons."""

from db.columns import now
from db.selections import RELEASED_STATES, Selection
from domain.findings import Conflict, Plain
from service import conferences
from service.access import expect_second_person
from service.audit import record_event
from service.selections import reasons
from service.work import Work


async def propose_selection(work: Work, selection: Selection) -> None:
    """Freeze the list and put it before the authority; the audit trail now tells what it rests on."""
    _expect_state(selection, "decided")
    selection.state, selection.proposed_by = "proposed", work.actor.id
    said: dict[str, Plain] = {
        "digest": (selection.result or {}).get("digest"),
        "edits": reasons.strip_reasons(selection.edits),
        "leaving": reasons.strip_reasons(selection.leaving),
        "lots": selection.lots,
    }
    await record_change(work, selection, "selection_proposed", said)


async def approve_selection(work: Work, selection: Selection) -> None:
    """The authority agrees; the signed decision's number follows with the adoption."""
    _expect_state(selection, "proposed")
    await expect_other_approver(work, selection)
    selection.state, selection.approved_by = "approved", work.actor.id
    await record_change(work, selection, "selection_approved")


async def withdraw_selection(work: Work, selection: Selection, reason: str) -> None:
    """Take a proposal back, to be worked on again."""
    if selection.state not in ("proposed", "approved"):
        raise Conflict("selection_state", {"state": selection.state, "needed": "proposed"})
    selection.state, selection.proposed_by, selection.approved_by = "decided", None, None
    await record_change(work, selection, "selection_withdrawn", {"reason": reason})


async def release_reasons(work: Work, selection: Selection) -> None:
    """Let each unit read why its own nominees are not on an adopted list. There is no way back."""
    if selection.state not in RELEASED_STATES:
        raise Conflict("selection_state", {"state": selection.state, "needed": "adopted"})
    if selection.reasons_released_at is None:
        selection.reasons_released_at = now()
        await record_change(work, selection, "selection_reasons_released")


async def expect_other_approver(work: Work, selection: Selection) -> None:
    """Raise ``Forbidden`` unless the actor may approve and adopt what another has proposed."""
    conference = await conferences.get_conference(work, selection.conference)
    plan = await conferences.load_plan(work.session, conference)
    await expect_second_person(work, plan, conference, selection.proposed_by)


def _expect_state(selection: Selection, needed: str) -> None:
    if selection.state != needed:
        raise Conflict("selection_state", {"state": selection.state, "needed": needed})


async def record_change(
    work: Work,
    selection: Selection,
    act: str,
    changes: dict[str, Plain] | None = None,
) -> None:
    """Write a changed selection down, and that it was changed."""
    selection.version += 1
    work.session.add(selection)
    await work.session.flush()
    conference = await conferences.get_conference(work, selection.conference)
    plan = await conferences.get_audit_chain(work.session, conference)
    told: dict[str, Plain] = {"state": selection.state, **(changes or {})}
    await record_event(work, act, "selection", selection.id, told, plan=plan)
