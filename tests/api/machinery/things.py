"""A small noun of the tests' own, with a route for each thing that the machinery does."""

import asyncio
from typing import Any, Literal
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import func, text
from sqlmodel import select

from api.http.cursors import Page, Paging
from api.http.etags import IfMatch, compute_row_etag, set_etag
from api.http.problems import Problem
from api.http.request_work import Transactions
from api.http.routes import CurrentActor, Retry, Router, Session
from api.http.types import Answer, Body, Code, Count, Date, Exact, Flag, Name, QueryFlag, Uuid, Weight
from api.http.uploads import CurrentUpload
from db.columns import new_id
from db.session import AsyncSession
from domain.access import Access, Actor, Grant, Role
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound
from service.work import Work

SCHEMA = """
CREATE TABLE thing (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    part_of uuid CONSTRAINT thing_part_of_fkey REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT thing_named_once UNIQUE (name),
    CONSTRAINT thing_name_short CHECK (length(name) <= 100)
);
CREATE FUNCTION thing_doomed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'secret of the commit' USING ERRCODE = 'XX001'; END $$;
CREATE CONSTRAINT TRIGGER thing_doomed AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.name = 'Doomed') EXECUTE FUNCTION thing_doomed();
GRANT SELECT, INSERT, UPDATE, DELETE ON thing TO daibieu_app;
"""

SNAPSHOT = "INSERT INTO snapshot (digest, schema, content, created_at) VALUES (:digest, 't', '{}', now())"
RUN = (
    "INSERT INTO run (id, kind, state, subject, snapshot, engine, actor, attempts, created_at)"
    " VALUES (:id, 'test', 'queued', :id, :digest, 't', :actor, 0, now())"
)

router = Router(prefix="/things", tags=["things"])


class Gate:
    """Holds a handler until a test lets it go."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.open = asyncio.Event()


class ThingIn(Body):
    name: Name
    part_of: Uuid | None = None


class Part(Body):
    kind: Literal["wheel", "axle"]
    weight: Weight


class Everything(Body):
    code: Code
    count: Count
    size: Exact
    day: Date
    ready: Flag
    parts: tuple[Part, ...]
    shares: dict[Code, Count] | None = None


class ThingOut(Answer):
    id: UUID
    name: str
    version: int


class Total(Answer):
    parts: int


async def _insert(session: AsyncSession, body: ThingIn) -> ThingOut:
    thing = ThingOut(id=new_id(), name=body.name, version=1)
    connection = await session.connection()
    await connection.execute(
        text("INSERT INTO thing (id, name, part_of) VALUES (:id, :name, :part_of)"),
        {"id": thing.id, "name": thing.name, "part_of": body.part_of},
    )
    return thing


async def _thing(session: AsyncSession, thing: UUID) -> ThingOut:
    connection = await session.connection()
    query = text("SELECT id, name, version FROM thing WHERE id = :id")
    row = (await connection.execute(query, {"id": thing})).mappings().one_or_none()
    if row is None:
        raise NotFound("not_found")
    return ThingOut(**row)


@router.post("", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def create_thing(body: ThingIn, session: Session, response: Response) -> ThingOut:
    """Make a thing."""
    thing = await _insert(session, body)
    set_etag(response, compute_row_etag(thing.id, thing.version))
    response.headers["Location"] = f"/v1/things/{thing.id}"
    return thing


@router.get("", access=Access.UNITS_READ)
async def list_things(session: Session, paging: Paging, whole: QueryFlag = False) -> Page[ThingOut]:
    """Things by name."""
    connection = await session.connection()
    after = paging.after[0] if paging.after else ""
    rows = await connection.execute(
        text("SELECT id, name, version FROM thing WHERE name > :after ORDER BY name LIMIT :most"),
        {"after": after, "most": paging.limit + 1},
    )
    return paging.build_page(rows.all(), lambda row: [row.name], ThingOut.model_validate)


@router.get("/again", access=Access.UNITS_READ)
async def list_again(session: Session, paging: Paging, whole: QueryFlag = False) -> Page[ThingOut]:
    """The same things in another list."""
    return await list_things(session, paging, whole)


@router.get("/audit", access=Access.AUDIT_READ)
async def read_audit(session: Session) -> Total:
    """Only for auditors."""
    return Total(parts=(await session.exec(select(func.count()))).one())


@router.get("/sly", access=Access.UNITS_READ)
async def write_slyly(session: Session) -> ThingOut:
    """Write where only reading is allowed."""
    return await _insert(session, ThingIn(name="Lẻn"))


@router.get("/{thing_id}", access=Access.UNITS_READ, tagged=True, unchanging=True)
async def read_thing(thing_id: Uuid, session: Session, response: Response) -> ThingOut:
    """One thing."""
    thing = await _thing(session, thing_id)
    set_etag(response, compute_row_etag(thing.id, thing.version))
    return thing


@router.put("/{thing_id}", access=Access.UNITS_WRITE, tagged=True)
async def replace_thing(
    thing_id: Uuid, body: ThingIn, seen: IfMatch, session: Session, response: Response
) -> ThingOut:
    """Another name for a thing."""
    thing = await _thing(session, thing_id)
    seen.expect_etag(compute_row_etag(thing.id, thing.version))
    connection = await session.connection()
    await connection.execute(
        text("UPDATE thing SET name = :name, version = version + 1 WHERE id = :id"),
        {"id": thing_id, "name": body.name},
    )
    set_etag(response, compute_row_etag(thing.id, thing.version + 1))
    return thing.model_copy(update={"name": body.name, "version": thing.version + 1})


@router.post("/slow", access=Access.UNITS_WRITE, status_code=201)
async def create_slowly(body: ThingIn, session: Session, request: Request) -> ThingOut:
    """Make a thing, in the time that a test gives."""
    gate: Gate = request.app.state.gate
    thing = await _insert(session, body)
    gate.entered.set()
    await gate.open.wait()
    return thing


@router.post("/broken", access=Access.UNITS_WRITE)
async def break_thing(body: ThingIn, session: Session) -> ThingOut:
    """Fail after the work, with what was sent in the message."""
    await _insert(session, body)
    raise RuntimeError(f"cannot carry {body.name}")


@router.post("/refused", access=Access.UNITS_WRITE)
async def refuse_thing(
    body: ThingIn, session: Session, kind: Literal["invalid", "conflict", "forbidden", "missing"]
) -> ThingOut:
    """Refuse after the work."""
    await _insert(session, body)
    wrong = Finding("too_small", {"minimum": 3}, "/name", clause="II.1")
    kinds = {"invalid": Invalid, "conflict": Conflict, "forbidden": Forbidden, "missing": NotFound}
    raise kinds[kind]("invalid_body", errors=[wrong])


@router.post("/answered", access=Access.UNITS_WRITE)
async def answer_refusal(body: ThingIn, session: Session) -> Response:
    """Answer with a refusal that was not raised."""
    await _insert(session, body)
    return Response(b"no", 409, media_type="text/plain")


@router.post("/totals", access=Access.CALCULATE, keyed=False, transaction=False)
async def total(body: Everything) -> Total:
    """Count parts, without a database."""
    return Total(parts=len(body.parts))


@router.post(
    "/files",
    access=Access.CALCULATE,
    keyed=False,
    transaction=False,
    accepts=("text/csv",),
    body_limit=20_000,
)
async def read_file(upload: CurrentUpload) -> Total:
    """Count the lines of a file."""
    return Total(parts=len(upload.content.splitlines()))


NOW = {"description": "The run as it is now.", "content": {"application/json": {}}}


@router.post("/runs", access=Access.UNITS_WRITE, status_code=202, transaction=False, responses={200: NOW})
async def start_run(actor: CurrentActor, retry: Retry, transactions: Transactions) -> Any:
    """Start long work: the run and the key are stored together, then computed on."""
    async with transactions.begin_work() as work:
        if known := await retry.begin(work):
            return known
        run = new_id()
        connection = await work.session.connection()
        await connection.execute(text(SNAPSHOT), {"digest": str(run)})
        await connection.execute(text(RUN), {"id": run, "digest": str(run), "actor": actor.id})
        await retry.store(work.session, run=run)
    return Response(b'{"state": "queued"}', 202, media_type="application/json")


async def show_run(request: Request, work: Work, run: UUID) -> Response:
    """A run as it is now."""
    connection = await work.session.connection()
    state = (await connection.execute(text("SELECT state FROM run WHERE id = :id"), {"id": run})).scalar_one()
    return Response(f'{{"state": "{state}"}}'.encode(), 200, media_type="application/json")


async def identify(request: Request) -> Actor:
    """Whoever the tests say calls."""
    name = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not name:
        raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    scopes = {Access.UNITS_READ, Access.UNITS_WRITE, Access.CALCULATE}
    return Actor(name, "Người thử nghiệm", tuple(Grant(role, scopes=frozenset(scopes)) for role in Role))
