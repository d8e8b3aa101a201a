"""Decisions about a selection over HTTP: propose, approve and adopt it, and release its reasons."""

from api.allocations.routes import AdoptionBody, WithdrawalBody
from api.http.calls import CurrentChange
from api.http.routes import Router
from api.http.types import Uuid
from api.selections.answers import SelectionAnswer
from api.selections.routes import build_tagged_selection, lock_matching_selection
from domain.access import Access
from service import decisions, selections
from service.decisions import AdoptionDocument

router = Router(tags=["selections"])


@router.post(
    "/selections/{selection_id}/proposal", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def propose_selection(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """Propose a selection for approval. Its list can then not be changed; other states are refused (409)."""
    case, selection = await lock_matching_selection(call, selection_id)
    await selections.propose_selection(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/withdrawal", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def withdraw_selection(
    selection_id: Uuid, body: WithdrawalBody, call: CurrentChange
) -> SelectionAnswer:
    """Withdraw a proposed selection so that it can be changed. The reason is recorded."""
    case, selection = await lock_matching_selection(call, selection_id)
    await decisions.withdraw_subject(call.work, case, selection, body.reason)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/approval", access=Access.SELECTIONS_APPROVE, status_code=201, tagged=True
)
async def approve_selection(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """Approve a proposed selection. The number of the decision is recorded later, with the adoption. Where
    the plan requires a second person, the one who proposed it is refused (403)."""
    case, selection = await lock_matching_selection(call, selection_id)
    await decisions.approve_subject(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/adoption", access=Access.SELECTIONS_APPROVE, status_code=201, tagged=True
)
async def adopt_selection(selection_id: Uuid, body: AdoptionBody, call: CurrentChange) -> SelectionAnswer:
    """Adopt an approved selection by a decision. The chosen nominees become delegates. Refused if nominations
    or quotas have changed since the selection (409)."""
    case, selection, versions = await selections.lock_selection_versions(call.work, selection_id)
    call.expect_row(selection)
    document = AdoptionDocument(**dict(body))
    decision = await selections.adopt_selection(call.work, case, selection, versions, document)
    return await build_tagged_selection(call, case, selection, decision)


@router.post(
    "/selections/{selection_id}/release", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def release_selection_reasons(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """Release the reasons of a selection. Units can then read why their own nominees were not chosen."""
    case, selection = await lock_matching_selection(call, selection_id)
    await selections.release_reasons(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)
