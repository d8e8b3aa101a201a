"""Selections over HTTP: compute lists of delegates, read them, draw their lots, edit and mend them."""

from uuid import UUID

from fastapi import Request, Response

from api.http.calls import Call, ChangeCall, CurrentCall, build_call
from api.http.cursors import Page, Paging
from api.http.etags import IfMatch
from api.http.routes import Router
from api.http.tables import FILE_CONTENT, JSON, TABLE_OFFERS, choose_table_media, respond_with_table
from api.http.types import Uuid
from api.runs import Starter, respond_with_run
from api.selections.answers import (
    DelegateAnswer,
    SelectionAnswer,
    SelectionItem,
    SelectionPlaceAnswer,
    build_delegate_answer,
    build_place_answer,
    build_selection_answer,
    build_selection_item,
)
from api.selections.bodies import (
    ReplacementBody,
    SelectionBody,
    SelectionDrawBody,
    SelectionEditBody,
    build_edits,
)
from db.allocations import Decision
from db.cases import RowLock
from db.runs import Run
from db.selections import Selection
from domain.access import Access
from domain.runs import UNFINISHED_RUNS
from service import selections
from service.conferences.case import load_case
from service.selections import ReplacementRequest
from service.selections.cases import lock_selection
from service.selections.tables import build_delegate_table, build_place_table
from service.work import Case, Work

router = Router(tags=["selections"])


@router.start_run(
    "/conferences/{conference_id}/selections", access=Access.SELECTIONS_WRITE, response_model=SelectionAnswer
)
async def select_list(conference_id: Uuid, body: SelectionBody, starter: Starter) -> Response:
    """Select the best list of delegates for a conference from the present nominations.

    The answer says whether the list is proven to be the best. Refused (409) with a finding for each unit that
    has too few nominees. The request waits (`Prefer: wait=N`); then the answer is 202, `Location` the run.
    """

    async def start(work: Work) -> UUID:
        case = await load_case(work, conference_id, lock=RowLock.CHANGE)
        await selections.expect_own_council(work, case)
        wish = body.build_wish()
        made = await selections.prepare_selection(work, case, wish, nodes=body.nodes, reason=body.reason)
        return made.run

    return await starter.respond(start)


@router.get("/conferences/{conference_id}/selections", access=Access.SELECTIONS_READ)
async def list_selections(conference_id: Uuid, call: CurrentCall, paging: Paging) -> Page[SelectionItem]:
    """List the versions of a conference's selection, by number. Units see adopted versions only."""
    case = await load_case(call.work, conference_id)
    after = paging.after_number
    found = await selections.page_selections(call.work, case, after=after, limit=paging.row_limit)
    return paging.build_page(
        found,
        lambda each: [each.selection.n],
        lambda each: build_selection_item(each.selection, whole=each.whole),
    )


@router.get("/selections/{selection_id}", access=Access.SELECTIONS_READ, tagged=True)
async def read_selection(selection_id: Uuid, call: CurrentCall) -> SelectionAnswer:
    """Read a selection: its state, targets and cost, or why no list is possible."""
    case, selection = await selections.load_selection(call.work, selection_id)
    return await build_tagged_selection(call, case, selection)


@router.get(
    "/selections/{selection_id}/places",
    access=Access.SELECTIONS_READ,
    response_model=list[SelectionPlaceAnswer],
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
)
async def list_selection_places(
    selection_id: Uuid, call: CurrentCall
) -> Response | list[SelectionPlaceAnswer]:
    """List the outcome of each nomination in a selection, by unit. Units see their own nominations, after the
    adoption. `Accept` chooses JSON, CSV or XLSX."""
    case, selection = await selections.load_selection(call.work, selection_id)
    found = await selections.list_outcomes(call.work, case, selection)
    if choose_table_media(call.request) == JSON:
        return [build_place_answer(each, found, call.translator) for each in found.rows]
    table = build_place_table(found, call.translator)
    return await respond_with_table(call, f"selection-{selection.n}", table)


@router.get(
    "/conferences/{conference_id}/delegates",
    access=Access.SELECTIONS_READ,
    response_model=list[DelegateAnswer],
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
)
async def list_delegates(conference_id: Uuid, call: CurrentCall) -> Response | list[DelegateAnswer]:
    """List the delegates of the adopted list. Units see their own. `Accept` chooses JSON, CSV or XLSX."""
    case = await load_case(call.work, conference_id)
    found = await selections.list_delegates(call.work, case)
    if choose_table_media(call.request) == JSON:
        return [build_delegate_answer(each, case.conference.state) for each in found]
    table = build_delegate_table(found, case.conference.state, call.translator)
    return await respond_with_table(call, "delegates", table)


@router.start_run(
    "/selections/{selection_id}/lots", access=Access.SELECTIONS_WRITE, response_model=SelectionAnswer
)
async def draw_selection_lot(
    selection_id: Uuid, body: SelectionDrawBody, match: IfMatch, starter: Starter
) -> Response:
    """Record the lot drawn among equally good lists. The list is then selected again from the same pool."""

    async def start(work: Work) -> UUID:
        case, selection = await lock_selection(work, selection_id)
        match.expect_row(selection)
        return (await selections.draw_lot(work, case, selection, body.build_settlement())).run

    return await starter.respond(start)


@router.start_run(
    "/selections/{selection_id}/edits", access=Access.SELECTIONS_WRITE, response_model=SelectionAnswer
)
async def edit_selection(
    selection_id: Uuid, body: SelectionEditBody, match: IfMatch, starter: Starter
) -> Response:
    """Edit a list: put nominations on it or take them off. A new version with its cost is computed."""

    async def start(work: Work) -> UUID:
        case, base = await lock_selection(work, selection_id)
        match.expect_row(base)
        pin, drop = build_edits(body.pin), build_edits(body.drop)
        return (await selections.edit_selection(work, case, base, pin, drop, reason=body.reason)).run

    return await starter.respond(start)


@router.start_run(
    "/selections/{selection_id}/replacements", access=Access.SELECTIONS_WRITE, response_model=SelectionAnswer
)
async def replace_delegates(
    selection_id: Uuid, body: ReplacementBody, match: IfMatch, starter: Starter
) -> Response:
    """Replace delegates who cannot come. A new version with the fewest other changes is computed. Refused for
    a list that is not adopted, and after the freeze date without an `authority` (409)."""

    async def start(work: Work) -> UUID:
        case, base = await lock_selection(work, selection_id)
        match.expect_row(base)
        leaving = ReplacementRequest(body.delegates, body.reason, body.authority or "")
        return (await selections.mend_selection(work, case, base, leaving)).run

    return await starter.respond(start)


async def respond_with_selection(request: Request, work: Work, run: Run) -> Response:
    """Answer a request that started a run: the selection as it is now, or the run while it computes."""
    if run.state in UNFINISHED_RUNS:
        return await respond_with_run(request, work, run)
    response = Response(status_code=201, media_type="application/json")
    case, selection = await selections.load_selection(work, run.subject)
    answer = await build_tagged_selection(build_call(request, response, work), case, selection)
    headers = {"Location": f"/v1/selections/{selection.id}", "ETag": response.headers["ETag"]}
    return Response(answer.model_dump_json(), 201, headers, "application/json")


async def lock_matching_selection(call: ChangeCall, selection_id: UUID) -> tuple[Case, Selection]:
    """Lock a selection with its case; raises ``Stale`` (412) unless it is as the caller read it."""
    case, selection = await selections.lock_selection(call.work, selection_id)
    call.expect_row(selection)
    return case, selection


async def build_tagged_selection(
    call: Call, case: Case, selection: Selection, decision: Decision | None = None
) -> SelectionAnswer:
    """Build the answer for a selection and set its ETag; ``decision`` if it is loaded already."""
    call.set_row_etag(selection)
    described = await selections.describe_selection(call.work, case, selection, decision)
    return build_selection_answer(described, call.translator)
