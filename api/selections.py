"""Selections over HTTP: started, read, drawn for, edited and mended."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from api.cursors import Page, Paging
from api.etags import IfMatch, row_tag, tag
from api.languages import Reader, preferred
from api.routes import CurrentActor, Retry, Router, Session, Transactions
from api.runs import Prefer, answered, waiting
from api.samples import UNIT, sample
from api.selection_tables import delegate_rows, place_rows
from api.selections_shown import (
    DelegateAnswer,
    SelectionAnswer,
    SelectionItem,
    SelectionPlaceAnswer,
    delegate_shown,
    item,
    place_shown,
    shown,
)
from api.tables import FILES, JSON, OFFERS, file, wanted
from api.types import Body, Code, Count, Date, Label, Name, Text, Uuid
from db.runs import Run
from db.selections import Selection
from db.session import AsyncSession
from domain.access import Access, Actor
from domain.selection import NODES
from service import conferences, selections
from service.sealing import Vault
from service.selections import Draw, Edit, Leaving, Wish

router = Router(tags=["selections"])

_RUN: dict[int | str, dict[str, Any]] = {
    202: {"description": "It is still being computed; `Location` leads to the run."}
}
_MANY = 10_000
"""The most edits, pairs or places that one body names."""


class EditBody(Body):
    """The council's hand on one nomination, and why."""

    nomination: Uuid
    reason: Text


class PlaceBody(Body):
    """A unit's seats in a group."""

    unit: Uuid
    group: Code


class EmptyBody(PlaceBody):
    """Seats that stay empty by decision."""

    seats: Annotated[Count, Field(ge=1)]


class PairBody(Body):
    """Two nominations that may not both be chosen."""

    one: Uuid
    other: Uuid


Edits = Annotated[list[EditBody], Field(default_factory=list, max_length=_MANY)]


class SelectionBody(Body):
    """What the council says before a list is computed; all of it may be left out."""

    model_config = sample(reason="Lựa chọn lần đầu")

    reason: Text | None = None
    pin: Edits
    drop: Edits
    reopen: Annotated[
        list[PlaceBody],
        Field(
            default_factory=list, max_length=_MANY, description="Seats given away that are chosen for anew."
        ),
    ]
    apart: Annotated[list[PairBody], Field(default_factory=list, max_length=_MANY)]
    empty: Annotated[list[EmptyBody], Field(default_factory=list, max_length=_MANY)]
    size: Annotated[
        Count | None, Field(description="The seats you expect; refused if the quotas make others.")
    ] = None
    nodes: Annotated[
        int,
        Field(strict=True, ge=1, le=NODES, description="The budget of the search; its end proves nothing."),
    ] = NODES

    def wish(self) -> Wish:
        """The same for the use case."""
        return Wish(
            edits_of(self.pin),
            edits_of(self.drop),
            [(each.unit, each.group) for each in self.reopen],
            [(each.one, each.other) for each in self.apart],
            {(each.unit, each.group): each.seats for each in self.empty},
            self.size,
        )


class SelectionEditBody(Body):
    """Who is pinned to the list and who is dropped from it; a swap does both."""

    model_config = sample(pin=[{"nomination": UNIT, "reason": "Gương điển hình tiêu biểu nhất khối"}])

    pin: Edits
    drop: Edits
    reason: Text | None = None


class SelectionDrawBody(Body):
    """How the lot was drawn among equally good lists."""

    model_config = sample(
        how="published_seed",
        seed="Kết quả xổ số ngày 05/06/2020: 123456",
        minutes="Biên bản bốc thăm số 02/BB",
        drawn_by="Tổ bốc thăm",
        drawn_on="2020-06-05",
    )

    how: Literal["lot_by_hand", "published_seed", "decision"]
    order: Annotated[
        list[Uuid], Field(default_factory=list, max_length=100_000, description="All who are tied.")
    ]
    seed: Label | None = None
    minutes: Text
    drawn_by: Name
    drawn_on: Date


class ReplacementBody(Body):
    """Who cannot come, and why; from the plan's freeze date on also by whose authority."""

    model_config = sample(delegates=[UNIT], reason="Bị ốm")

    delegates: Annotated[list[Uuid], Field(min_length=1, max_length=1000)]
    reason: Text
    authority: Text | None = None


@router.post(
    "/conferences/{conference_id}/selections",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN,
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
        conference = await conferences.get(session, actor, conference_id, lock=True)
        await selections.expect_council(session, actor, conference.id)
        selection = await selections.prepare(
            session, actor, _vault(request), conference, body.wish(), nodes=body.nodes, reason=body.reason
        )
        await retry.store(session, run=selection.run)
    return await answered(request, actor, database, selection.run, prefer, show)


@router.get("/conferences/{conference_id}/selections", access=Access.SELECTIONS_READ)
async def list_selections(
    conference_id: Uuid, session: Session, actor: CurrentActor, paging: Paging
) -> Page[SelectionItem]:
    """The versions of a conference's list, the first first; units see those that were adopted."""
    after = int(str(paging.after[0])) if paging.after else None
    rows = await selections.page(session, actor, conference_id, after=after, limit=paging.limit + 1)
    states = await selections.shown_in(session, actor, conference_id)
    return paging.page(rows, lambda row: [row.n], lambda row: item(row, whole=row.state in states))


@router.get("/selections/{selection_id}", access=Access.SELECTIONS_READ, tagged=True)
async def read_selection(
    selection_id: Uuid, request: Request, response: Response, session: Session, actor: CurrentActor
) -> SelectionAnswer:
    """A selection: how far it is, what it reaches, what it costs, or why there is none."""
    selection = await selections.get(session, actor, selection_id)
    return await tagged(request, response, session, actor, selection)


@router.get(
    "/selections/{selection_id}/places",
    access=Access.SELECTIONS_READ,
    response_model=list[SelectionPlaceAnswer],
    offers=OFFERS,
    responses={200: {"content": FILES}},
)
async def list_selection_places(
    selection_id: Uuid, request: Request, session: Session, actor: CurrentActor, reader: Reader
) -> Response | list[SelectionPlaceAnswer]:
    """What became of each nomination, unit by unit; units read of their own, once the list is adopted.

    As CSV or XLSX by `Accept`.
    """
    selection = await selections.get(session, actor, selection_id)
    states = await selections.shown_in(session, actor, selection.conference)
    reasons = selection.reasons_released_at is not None or selection.state in states
    found = await selections.places(session, actor, selection)
    rows = [place_shown(each, reader, reasons=reasons) for each in found]
    media = wanted(request)
    if media == JSON:
        return rows
    return file(media, f"selection-{selection.n}", *place_rows(rows, reader))


@router.get(
    "/conferences/{conference_id}/delegates",
    access=Access.SELECTIONS_READ,
    response_model=list[DelegateAnswer],
    offers=OFFERS,
    responses={200: {"content": FILES}},
)
async def list_delegates(
    conference_id: Uuid, request: Request, session: Session, actor: CurrentActor, reader: Reader
) -> Response | list[DelegateAnswer]:
    """Who goes, by the adopted list; units see their own. As CSV or XLSX by `Accept`."""
    conference = await conferences.get(session, actor, conference_id)
    rows = [delegate_shown(each) for each in await selections.delegates(session, actor, conference.id)]
    media = wanted(request)
    return rows if media == JSON else file(media, "delegates", *delegate_rows(rows, reader))


@router.post(
    "/selections/{selection_id}/lots",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN,
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
        selection = await expected(session, actor, selection_id, match)
        draw = Draw(**{**dict(body), "order": tuple(map(str, body.order))})
        await selections.settle(session, actor, selection, draw)
        await retry.store(session, run=selection.run)
    return await answered(request, actor, database, selection.run, prefer, show)


@router.post(
    "/selections/{selection_id}/edits",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN,
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
        base = await expected(session, actor, selection_id, match)
        selection = await selections.edit(
            session,
            actor,
            _vault(request),
            base,
            edits_of(body.pin),
            edits_of(body.drop),
            reason=body.reason,
        )
        await retry.store(session, run=selection.run)
    return await answered(request, actor, database, selection.run, prefer, show)


@router.post(
    "/selections/{selection_id}/replacements",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    transaction=False,
    tagged=True,
    response_model=SelectionAnswer,
    responses=_RUN,
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
        base = await expected(session, actor, selection_id, match)
        leaving = Leaving(body.delegates, body.reason, body.authority or "")
        selection = await selections.mend(session, actor, _vault(request), base, leaving)
        await retry.store(session, run=selection.run)
    return await answered(request, actor, database, selection.run, prefer, show)


async def show(request: Request, session: AsyncSession, run: Run) -> Response:
    """A retry of what started a run: the selection as it is now, or the run while it is computed."""
    actor: Actor = request.state.actor
    if run.state in ("queued", "running"):
        return waiting(request, run)
    response = Response(status_code=201, media_type="application/json")
    selection = await selections.get(session, actor, run.subject)
    answer = await tagged(request, response, session, actor, selection)
    headers = {"Location": f"/v1/selections/{selection.id}", "ETag": response.headers["ETag"]}
    return Response(answer.model_dump_json(), 201, headers, "application/json")


async def expected(session: AsyncSession, actor: Actor, selection_id: UUID, match: IfMatch) -> Selection:
    """A selection to act on, as it was last read."""
    selection = await selections.get(session, actor, selection_id, lock=True)
    match.check(row_tag(selection.id, selection.version))
    return selection


async def tagged(
    request: Request, response: Response, session: AsyncSession, actor: Actor, selection: Selection
) -> SelectionAnswer:
    """A selection with its tag, in the reader's language."""
    tag(response, row_tag(selection.id, selection.version))
    language = preferred(request.headers.get("accept-language"))
    return shown(await selections.describe(session, actor, _vault(request), selection), language)


def edits_of(bodies: list[EditBody]) -> list[Edit]:
    """The council's hand, for the use cases."""
    return [Edit(each.nomination, each.reason) for each in bodies]


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault
