"""Selections over HTTP: started, read, drawn for, edited and mended."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response

from api.cursors import Page, Paging
from api.etags import IfMatch, compute_row_etag, set_etag
from api.languages import Reader, choose_language
from api.routes import CurrentActor, Retry, Router, Session, Transactions
from api.runs import Prefer, respond_with_result, respond_with_run
from api.selection_answers import (
    DelegateAnswer,
    SelectionAnswer,
    SelectionItem,
    SelectionPlaceAnswer,
    build_delegate_answer,
    build_place_answer,
    build_selection_answer,
    build_selection_item,
)
from api.selection_bodies import (
    ReplacementBody,
    SelectionBody,
    SelectionDrawBody,
    SelectionEditBody,
    build_edits,
)
from api.selection_tables import build_delegate_table, build_place_table
from api.tables import FILE_CONTENT, JSON, TABLE_OFFERS, choose_table_media, respond_with_table
from api.types import Uuid
from db.runs import Run
from db.selections import Selection
from db.session import AsyncSession
from domain.access import Access, Actor
from service import conferences, selections
from service.selections import ReplacementRequest, SelectionLot
from service.vaults import Vault

router = Router(tags=["selections"])

_RUN_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"description": "It is still being computed; `Location` leads to the run."}
}


@router.post(
    "/conferences/{conference_id}/selections",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN_RESPONSES,
)
async def select_list(
    conference_id: Uuid,
    body: SelectionBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    retry: Retry,
    prefer: Prefer = None,
) -> Response:
    """Select the one best list from the nominations as they are now; proven, or said not to be.

    Each unit that named too few is told (409). The answer is waited for (`Prefer: wait=N`); after that it is
    202 with the run's place.
    """
    async with database.transaction(actor) as session:
        if known := await retry.begin(session):
            return known
        conference = await conferences.get_conference(session, actor, conference_id, lock=True)
        await selections.expect_council(session, actor, conference.id)
        selection = await selections.prepare_selection(
            session,
            actor,
            _provide_vault(request),
            conference,
            body.build_wish(),
            nodes=body.nodes,
            reason=body.reason,
        )
        await retry.store(session, run=selection.run)
    return await respond_with_result(request, actor, database, selection.run, prefer, respond_with_selection)


@router.get("/conferences/{conference_id}/selections", access=Access.SELECTIONS_READ)
async def list_selections(
    conference_id: Uuid, session: Session, actor: CurrentActor, paging: Paging
) -> Page[SelectionItem]:
    """The versions of a conference's list, the first first; units see those that were adopted."""
    after = int(str(paging.after[0])) if paging.after else None
    rows = await selections.page_selections(
        session, actor, conference_id, after=after, limit=paging.limit + 1
    )
    states = await selections.list_visible_states(session, actor, conference_id)
    return paging.build_page(
        rows, lambda row: [row.n], lambda row: build_selection_item(row, whole=row.state in states)
    )


@router.get("/selections/{selection_id}", access=Access.SELECTIONS_READ, tagged=True)
async def read_selection(
    selection_id: Uuid, request: Request, response: Response, session: Session, actor: CurrentActor
) -> SelectionAnswer:
    """A selection: how far it is, what it reaches, what it costs, or why there is none."""
    selection = await selections.get_selection(session, actor, selection_id)
    return await build_tagged_selection(request, response, session, actor, selection)


@router.get(
    "/selections/{selection_id}/places",
    access=Access.SELECTIONS_READ,
    response_model=list[SelectionPlaceAnswer],
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
)
async def list_selection_places(
    selection_id: Uuid, request: Request, session: Session, actor: CurrentActor, reader: Reader
) -> Response | list[SelectionPlaceAnswer]:
    """What became of each nomination, unit by unit; units read of their own, once the list is adopted.

    As CSV or XLSX by `Accept`.
    """
    selection = await selections.get_selection(session, actor, selection_id)
    states = await selections.list_visible_states(session, actor, selection.conference)
    reasons = selection.reasons_released_at is not None or selection.state in states
    found = await selections.list_outcomes(session, actor, selection)
    rows = [build_place_answer(each, reader, reasons=reasons) for each in found]
    media = choose_table_media(request)
    if media == JSON:
        return rows
    return respond_with_table(media, f"selection-{selection.n}", *build_place_table(rows, reader))


@router.get(
    "/conferences/{conference_id}/delegates",
    access=Access.SELECTIONS_READ,
    response_model=list[DelegateAnswer],
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
)
async def list_delegates(
    conference_id: Uuid, request: Request, session: Session, actor: CurrentActor, reader: Reader
) -> Response | list[DelegateAnswer]:
    """Who goes, by the adopted list; units see their own. As CSV or XLSX by `Accept`."""
    conference = await conferences.get_conference(session, actor, conference_id)
    rows = [
        build_delegate_answer(each) for each in await selections.list_delegates(session, actor, conference.id)
    ]
    media = choose_table_media(request)
    return (
        rows if media == JSON else respond_with_table(media, "delegates", *build_delegate_table(rows, reader))
    )


@router.post(
    "/selections/{selection_id}/lots",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN_RESPONSES,
)
async def draw_selection_lot(
    selection_id: Uuid,
    body: SelectionDrawBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    retry: Retry,
    match: IfMatch,
    prefer: Prefer = None,
) -> Response:
    """Record the lot among equally good lists; the same pool is then selected from again."""
    async with database.transaction(actor) as session:
        if known := await retry.begin(session):
            return known
        selection = await get_matching_selection(session, actor, selection_id, match)
        draw = SelectionLot(**{**dict(body), "order": tuple(map(str, body.order))})
        await selections.draw_lot(session, actor, selection, draw)
        await retry.store(session, run=selection.run)
    return await respond_with_result(request, actor, database, selection.run, prefer, respond_with_selection)


@router.post(
    "/selections/{selection_id}/edits",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN_RESPONSES,
)
async def edit_selection(
    selection_id: Uuid,
    body: SelectionEditBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    retry: Retry,
    match: IfMatch,
    prefer: Prefer = None,
) -> Response:
    """A new version of the list under the council's hand, with what that costs."""
    async with database.transaction(actor) as session:
        if known := await retry.begin(session):
            return known
        base = await get_matching_selection(session, actor, selection_id, match)
        selection = await selections.edit_selection(
            session,
            actor,
            _provide_vault(request),
            base,
            build_edits(body.pin),
            build_edits(body.drop),
            reason=body.reason,
        )
        await retry.store(session, run=selection.run)
    return await respond_with_result(request, actor, database, selection.run, prefer, respond_with_selection)


@router.post(
    "/selections/{selection_id}/replacements",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN_RESPONSES,
)
async def replace_delegates(
    selection_id: Uuid,
    body: ReplacementBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    retry: Retry,
    match: IfMatch,
    prefer: Prefer = None,
) -> Response:
    """A new version of an adopted list without those who cannot come, with the fewest other changes."""
    async with database.transaction(actor) as session:
        if known := await retry.begin(session):
            return known
        base = await get_matching_selection(session, actor, selection_id, match)
        leaving = ReplacementRequest(body.delegates, body.reason, body.authority or "")
        selection = await selections.mend_selection(session, actor, _provide_vault(request), base, leaving)
        await retry.store(session, run=selection.run)
    return await respond_with_result(request, actor, database, selection.run, prefer, respond_with_selection)


async def respond_with_selection(request: Request, session: AsyncSession, run: Run) -> Response:
    """A retry of what started a run: the selection as it is now, or the run while it is computed."""
    actor: Actor = request.state.actor
    if run.state in ("queued", "running"):
        return respond_with_run(request, run)
    response = Response(status_code=201, media_type="application/json")
    selection = await selections.get_selection(session, actor, run.subject)
    answer = await build_tagged_selection(request, response, session, actor, selection)
    headers = {"Location": f"/v1/selections/{selection.id}", "ETag": response.headers["ETag"]}
    return Response(answer.model_dump_json(), 201, headers, "application/json")


async def get_matching_selection(
    session: AsyncSession, actor: Actor, selection_id: UUID, match: IfMatch
) -> Selection:
    """A selection to act on, as it was last read."""
    selection = await selections.get_selection(session, actor, selection_id, lock=True)
    match.expect_etag(compute_row_etag(selection.id, selection.version))
    return selection


async def build_tagged_selection(
    request: Request, response: Response, session: AsyncSession, actor: Actor, selection: Selection
) -> SelectionAnswer:
    """A selection with its tag, in the reader's language."""
    set_etag(response, compute_row_etag(selection.id, selection.version))
    language = choose_language(request.headers.get("accept-language"))
    return build_selection_answer(
        await selections.describe_selection(session, actor, _provide_vault(request), selection), language
    )


def _provide_vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault
