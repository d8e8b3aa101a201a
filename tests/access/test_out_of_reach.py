"""Other people's ids: in every path, query and body of the document, they are as good as ids of nothing.

What is asked for is walked from the document itself, so that a route that is added is asked too. Each request
is sent twice, with the id of a thing that exists out of the caller's reach and with one of nothing, and both
must get the same answer, word for word, after the same statements to the database.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import event

from api.http.etags import compute_row_etag
from api.http.refusals import RefusalBudget
from db.session import Database
from domain.access import SCOPES_BY_ROLE, Actor, Role
from service import imports
from tests.access.matrix import QUERIES, Operation, describe_answer, has_scope, operations
from tests.access.world import ABOVE, BELOW, BESIDE, ELSEWHERE, NOWHERE, OWN, A, plan
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, document, nominee, person
from tests.works import make_work

pytestmark = pytest.mark.attacks

OUT = (BESIDE, ELSEWHERE)
FAR = "2100-01-01T00:00:00Z"
OFFICER = {"Authorization": f"Bearer {Role.UNIT_OFFICER}"}
_keys = count()

Ids = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
async def ids(client: Client, database: Database, scene: Scene) -> Ids:
    """Ids by relation and by the name of their parameter; files that somebody else sent are among them."""
    await client.get(f"/v1/units/{uuid4()}", 404, headers=OFFICER)  # the chain of refusals begins
    found = {relation: {**each, "n": "1"} for relation, each in scene.facts["ids"].items()}
    async with database.transaction(Actor.for_command_line()) as session:
        for relation, each in found.items():
            content = f"Mã đơn vị,Tên đơn vị\nma-{relation},Đơn vị".encode()
            work = make_work(session)
            row = await imports.check_file(work, "units", "csv", content, asyncio.to_thread)
            await imports.store_checked_file(work, row)
            each["import_id"] = str(row.id)
    found[NOWHERE] = {name: str(uuid4()) for name in found[OWN]} | {"n": "1"}
    return found


@pytest.fixture(scope="module")
def every(client: Client) -> list[Operation]:
    """Every operation that is not open to everybody."""
    return [*operations(document_of(client))]


def document_of(client: Client) -> Json:
    app: Any = client.http._transport
    app.app.state.refusals = RefusalBudget(most=1_000_000)
    found: Json = app.app.openapi()
    return found


@pytest.fixture
async def statements(database: Database) -> AsyncIterator[list[str]]:
    """What the database was told since the list was last cleared."""
    with noted(database) as told:
        yield told


@contextmanager
def noted(database: Database) -> Iterator[list[str]]:
    told: list[str] = []

    def note(*args: Any) -> None:
        told.append(args[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def sent(
    client: Client,
    operation: Operation,
    path: Mapping[str, str],
    role: Role,
    *,
    body: Any = None,
    query: Mapping[str, str] | None = None,
    etag: str = '"stale"',
) -> httpx.Response:
    """One request that could be carried out, were everything in it within reach."""
    headers = {"Authorization": f"Bearer {role}", "Idempotency-Key": f"out-{next(_keys)}"}
    if operation.conditional:
        headers["If-Match"] = etag
    content = operation.sample if body is None else body
    options: Json = {} if operation.method == "GET" or content is None else {"json": content}
    params = QUERIES.get(operation.id, {}) | dict(query or {})
    return await client.http.request(
        operation.method, operation.path.format(**path), headers=headers, params=params, **options
    )


def text_of(operation: Operation) -> Any:
    """A body for what takes one and shows no example: the text of a plan."""
    content = operation.told.get("requestBody", {}).get("content", {})
    if "application/json" not in content or operation.sample is not None:
        return None
    return {**plan("x", "huyen"), **({"reason": "x"} if operation.id == "amend_plan" else {})}


async def test_in_paths(client: Client, every: list[Operation], ids: Ids, statements: list[str]) -> None:
    """404 for every role that has the scope, and never another word than for nothing."""
    asked = set()
    for operation in (each for each in every if each.parameters):
        for role in (each for each in Role if has_scope(each, operation.access)):
            found = {}
            for relation in (*OUT, NOWHERE):
                if operation.parameters <= ids[relation].keys():
                    asked.add(operation.id)
                    statements.clear()
                    answer = await sent(client, operation, ids[relation], role, body=text_of(operation))
                    assert answer.status_code == 404, (operation.id, relation, role, answer.text)
                    found[relation] = describe_answer(answer), [*statements]
            for relation, each in found.items():
                assert each == found[NOWHERE], (operation.id, relation, role)
    assert asked == {each.id for each in every if each.parameters}


async def test_with_the_right_etag(client: Client, every: list[Operation], ids: Ids) -> None:
    """An ETag can be guessed: it says which version was read, and nothing of who may."""
    for operation in every:
        if not operation.conditional or not operation.parameters <= ids[BESIDE].keys():
            continue
        thing = next(
            value for name, value in ids[BESIDE].items() if name in operation.parameters and name != "n"
        )
        etags = ", ".join(compute_row_etag(UUID(thing), version) for version in range(1, 9))
        for role in (Role.STANDING_COUNCIL, Role.APPROVER, Role.UNIT_OFFICER):
            if operation.access in SCOPES_BY_ROLE[role]:
                body = text_of(operation)
                answer = await sent(client, operation, ids[BESIDE], role, body=body, etag=etags)
                assert answer.status_code == 404, (operation.id, role, answer.text)


BY_QUERY = {
    "plan": "published_id",
    "unit": "unit_id",
    "parent": "unit_id",
    "against": "allocation_id",
    "conference": "conference_id",
    "person": "person_id",
}
"""What the ids in queries are of."""


async def test_in_queries(client: Client, every: list[Operation], ids: Ids, statements: list[str]) -> None:
    asked = set()
    for operation in every:
        for each in operation.told.get("parameters", []):
            if each["in"] != "query" or '"uuid"' not in json.dumps(each):
                continue
            asked.add(each["name"])
            # Under whom a unit stands is public, in the other chain too.
            for relation in OUT[: 1 if each["name"] == "parent" else 2]:
                for role in (Role.STANDING_COUNCIL, Role.UNIT_OFFICER):
                    found = []
                    for other in (relation, NOWHERE):
                        statements.clear()
                        query = {each["name"]: ids[other][BY_QUERY[each["name"]]]}
                        answer = await sent(client, operation, ids[ABOVE], role, query=query)
                        found.append((describe_answer(answer), [*statements]))
                    assert found[0] == found[1], (operation.id, each["name"], relation, role)
    assert asked == BY_QUERY.keys()


def bodies(ids: Ids) -> dict[str, tuple[str, Json]]:
    """Operation and place → at whose path it is asked, and a body that is right but for that place."""
    own, far = ids[OWN], {"subject": "s", "name": "N", "role": "unit_officer", "congress": A, "source": "x"}
    who: Json = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p"}
    opening = {"plan": own["published_id"], "congress": A, "unit": own["unit_id"], "tier": "huyen"}
    collective = {"unit": own["unit_id"], "name": "x"}
    honoured = {"unit": own["unit_id"], "name": "Giấy khen", "year": 2020, "notice": "1", "purpose": "p"}
    amending = {"amends": own["allocation_id"], "reason": "x"}
    given = {"unit": own["unit_id"], "group": "dien-hinh", "seats": 1, "document": document("1")}
    change = {"group": "dien-hinh", "notice": "1", "purpose": "p"}
    returned = [{"unit": own["unit_id"], "group": "dien-hinh", "seats": 1}]
    hand = {"unit": own["unit_id"], "group": "dien-hinh", "adjustment": 1, "reason": "x"}
    hands, place = (
        [{"nomination": own["nomination_id"], "reason": "x"}],
        {"unit": own["unit_id"], "group": "g"},
    )
    pair = [{"one": own["nomination_id"], "other": ids[BELOW]["nomination_id"]}]
    letter = {"unit": own["unit_id"], "upper_congress": A, "upper_tier": "y", "source_document": "x"}
    listing = {**letter, "on": "1990-01-01"}
    filing = {"deadline": "ke-hoach", "on": "2020-01-01"}
    draw = {"how": "lot_by_hand", "minutes": "x", "drawn_by": "x", "drawn_on": "2030-01-01"}
    return {
        "adjust_allocation /unit": (OWN, hand),
        "file_papers /documents/*/paper": (
            OWN,
            {**filing, "documents": [{"number": 1, "paper": own["paper_id"]}]},
        ),
        "raise_difficulty /paper": (OWN, {"text": "x", "paper": own["paper_id"]}),
        "link_identities /identities/*": (OWN, {"identities": [own["unit_id"]] * 2, "reason": "x"}),
        "separate_identity /identity": (OWN, {"identity": own["unit_id"], "reason": "x"}),
        "record_list_vote /unit": (OWN, listing),
        "record_list_vote /own_conference": (OWN, {**listing, "own_conference": own["conference_id"]}),
        "record_list_vote /minutes": (OWN, {**listing, "minutes": own["paper_id"]}),
        "record_list_vote /names/*": (OWN, {**listing, "names": [own["nomination_id"]]}),
        "name_list /names/*": (OWN, {"names": [own["nomination_id"]]}),
        "open_conference /plan": (OWN, opening),
        "open_conference /unit": (OWN, opening),
        "allocate /amends": (OWN, amending),
        "draft_sizing /amends": (OWN, {"size": 20, "amends": own["allocation_id"]}),
        "allocate /keep/*": (OWN, {**amending, "keep": [own["unit_id"]]}),
        "allocate /returned/*/unit": (OWN, {**amending, "returned": returned}),
        "list_guest /person_id": (OWN, {**who, "person_id": own["person_id"]}),
        "list_guest /collective/unit": (OWN, {**who, "person": person(), "collective": collective}),
        "record_exemplar /person_id": (OWN, {**honoured, "person_id": own["person_id"]}),
        "record_exemplar /unit": (OWN, {**honoured, "collective": "Tổ 1 (ví dụ)"}),
        "nominate /person_id": (ABOVE, nominee(own["unit_id"], person_id=own["person_id"])),
        "nominate /unit": (ABOVE, nominee(own["unit_id"], person=person(), source_document="x")),
        "receive_quota /unit": (OWN, given),
        "change_nomination /person_id": (OWN, {**change, "person_id": own["person_id"]}),
        "grant_role /unit": (OWN, {**far, "unit": own["unit_id"]}),
        "try_plan_version /units/*": (OWN, {"units": [own["unit_id"]]}),
        "try_list /unit": (OWN, {"unit": own["unit_id"], "without": [own["unit_id"]]}),
        "try_list /without/*": (ABOVE, {"unit": own["unit_id"], "without": [own["unit_id"]]}),
        "select_list /pin/*/nomination": (OWN, {"pin": hands}),
        "select_list /drop/*/nomination": (OWN, {"drop": hands}),
        "select_list /apart/*/one": (OWN, {"apart": pair}),
        "select_list /apart/*/other": (OWN, {"apart": pair}),
        "select_list /reopen/*/unit": (OWN, {"reopen": [place]}),
        "select_list /empty/*/unit": (OWN, {"empty": [{**place, "seats": 1}]}),
        "edit_selection /pin/*/nomination": (OWN, {"pin": hands}),
        "edit_selection /drop/*/nomination": (OWN, {"drop": hands}),
        "try_selection /pin/*/nomination": (OWN, {"pin": hands}),
        "try_selection /drop/*/nomination": (OWN, {"drop": hands}),
        "explain_selection /nomination": (OWN, {"nomination": own["nomination_id"], "purpose": "x"}),
        "draw_selection_lot /order/*": (OWN, {**draw, "order": [own["nomination_id"]]}),
        "replace_delegates /delegates/*": (OWN, {"delegates": [own["nomination_id"]], "reason": "x"}),
        "issue_service_key /unit": (OWN, {**far, "unit": own["unit_id"], "purpose": "x", "expires_at": FAR}),
    }


THINGS = {
    "plan": "plan_id",
    "amends": "allocation_id",
    "person_id": "person_id",
    "own_conference": "conference_id",
    "minutes": "paper_id",
    "paper": "paper_id",
    **dict.fromkeys(
        ("nomination", "one", "other", "order/*", "delegates/*", "without/*", "names/*"), "nomination_id"
    ),
}
"""What the ids in bodies are of, by the last name on the way to them; otherwise they are units."""


def put(body: Any, place: str, value: str) -> Any:
    """The body with another value at a place, whose stars stand for every item of an array."""
    step, _, rest = place.lstrip("/").partition("/")
    if not step:
        return value
    if step == "*":
        return [put(each, rest, value) for each in body]
    return {**body, step: put(body[step], rest, value)}


def places(schema: Json, spec: Json, way: str = "") -> Iterator[str]:
    """Where ids stand in a body."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("format") == "uuid":
        yield way
    for each in (*schema.get("anyOf", []), *schema.get("allOf", []), *schema.get("oneOf", [])):
        yield from places(each, spec, way)
    for name, each in schema.get("properties", {}).items():
        yield from places(each, spec, f"{way}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from places(schema["items"], spec, f"{way}/*")


async def test_in_bodies(client: Client, every: list[Operation], ids: Ids, statements: list[str]) -> None:
    known, spec, asked = bodies(ids), document_of(client), set()
    for operation in every:
        content = operation.told.get("requestBody", {}).get("content", {}).get("application/json", {})
        for place in sorted({*places(content.get("schema", {}), spec)}):
            asked.add(f"{operation.id} {place}")
            relation, body = known[f"{operation.id} {place}"]
            names = place.split("/")
            thing = THINGS.get(names[-1], THINGS.get("/".join(names[-2:]), "unit_id"))
            path = {**ids[relation], "nomination_id": ids[OWN]["draft_id"]}
            for role in (Role.STANDING_COUNCIL, Role.UNIT_OFFICER, Role.MACHINE_CLIENT):
                if operation.access not in SCOPES_BY_ROLE[role]:
                    continue
                for out in OUT:
                    found = []
                    for each in (out, NOWHERE):
                        etag = await present(client, operation, path, role)
                        statements.clear()
                        wrong = put(body, place, ids[each][thing])
                        answer = await sent(client, operation, path, role, body=wrong, etag=etag)
                        found.append((describe_answer(answer), [*statements]))
                    assert found[0] == found[1], (operation.id, place, out, role)
                    assert 400 <= answer.status_code < 500, (operation.id, place, out, role)
                    assert answer.json()["code"] != "invalid_body", (operation.id, place, answer.text)
    assert asked == known.keys()


async def present(client: Client, operation: Operation, path: Mapping[str, str], role: Role) -> str:
    """The ETag of what an operation changes, as the role reads it."""
    if not operation.conditional:
        return ""
    thing = "/".join(operation.path.split("/")[:4]).format(**path)
    answer = await client.http.get(thing, headers={"Authorization": f"Bearer {role}"})
    etag: str = answer.headers["ETag"]
    return etag
