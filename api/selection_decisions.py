"""From a computed list to an adopted one, over HTTP: proposed, approved, adopted; its reasons released."""

from api.allocations import AdoptionBody, WithdrawalBody
from api.calls import CurrentChange
from api.routes import Router
from api.selection_answers import SelectionAnswer
from api.selections import build_tagged_selection, get_matching_selection
from api.types import Uuid
from domain.access import Access
from service import decisions, selections
from service.decisions import AdoptionDocument

router = Router(tags=["selections"])


@router.post(
    "/selections/{selection_id}/proposal", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def propose_selection(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """Freeze the list and put it before the authority."""
    case, selection = await get_matching_selection(call, selection_id)
    await selections.propose_selection(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/withdrawal", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def withdraw_selection(
    selection_id: Uuid, body: WithdrawalBody, call: CurrentChange
) -> SelectionAnswer:
    """Take a proposal back, to be worked on again."""
    case, selection = await get_matching_selection(call, selection_id)
    await decisions.withdraw_subject(call.work, case, selection, body.reason)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/approval", access=Access.SELECTIONS_APPROVE, status_code=201, tagged=True
)
async def approve_selection(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """The authority agrees; the number of its decision follows with the adoption."""
    case, selection = await get_matching_selection(call, selection_id)
    await decisions.approve_subject(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)


@router.post(
    "/selections/{selection_id}/adoption", access=Access.SELECTIONS_APPROVE, status_code=201, tagged=True
)
async def adopt_selection(selection_id: Uuid, body: AdoptionBody, call: CurrentChange) -> SelectionAnswer:
    """Adopt by a decision: whoever was chosen has a seat, and is a delegate."""
    case, selection, versions = await selections.lock_selection_versions(call.work, selection_id)
    call.expect_row(selection)
    document = AdoptionDocument(**dict(body))
    decision = await selections.adopt_selection(call.work, case, selection, versions, document)
    return await build_tagged_selection(call, case, selection, decision)


@router.post(
    "/selections/{selection_id}/release", access=Access.SELECTIONS_WRITE, status_code=201, tagged=True
)
async def release_selection_reasons(selection_id: Uuid, call: CurrentChange) -> SelectionAnswer:
    """Let each unit read why its own nominees are not on the adopted list."""
    case, selection = await get_matching_selection(call, selection_id)
    await selections.release_reasons(call.work, case, selection)
    return await build_tagged_selection(call, case, selection)
