"""The document and the service agree: every operation as it is declared, whatever is sent to it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from schemathesis.core.failures import FailureGroup

from api.http.document_parts import EXAMPLES_FILE, list_json_answers
from api.http.openapi import TAGS, format_document
from api.http.routes import Route
from api.http.uploads import BYTES, FORM
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Access
from tests.api.generated_requests import aim, fill_path, find_owner, list_generated, send_generated
from tests.api.machinery.test_document import served
from tests.client import CSV, EXAMPLES, Client
from tests.documents import read_operations
from tests.journeys.scenes import Scene, copy_scene, load_scene
from tests.journeys.small_congress import select_without
from tests.journeys.steps import (
    Json,
    adopt_allocation,
    compute_allocation,
    document,
    draft_nomination,
    draft_sizing,
    open_conference,
    person,
    receive_quota,
    submit_nominee,
)

ROOT = Path(__file__).parent.parent.parent
COMMITTED = json.loads((ROOT / "openapi.json").read_text("utf-8"))
EXAMPLES_EACH = 4
"""How many requests of each kind an operation gets; more of them by hand when something is suspected."""


SINGLE = {
    "list_allocations": "/v1/allocations/{id}",
    "list_conferences": "/v1/conferences/{id}",
    "list_difficulties": "/v1/difficulties/{id}",
    "list_exemplars": "/v1/exemplars/{id}",
    "list_imports": "/v1/unit_imports/{id}",
    "list_invitations": "/v1/invitations/{id}",
    "list_list_votes": "/v1/list_votes/{id}",
    "list_nominations": "/v1/nominations/{id}",
    "list_plan_versions": "/v1/plans/{plan_id}/versions/{n}",
    "list_plans": "/v1/plans/{id}",
    "list_quotas": "/v1/quotas/{id}",
    "list_role_grants": "/v1/role_grants/{id}",
    "list_selections": "/v1/selections/{id}",
    "list_service_keys": "/v1/service_keys/{id}",
    "list_sizings": "/v1/sizings/{id}",
    "list_units": "/v1/units/{id}",
}
"""List → where an item is read alone."""


async def prepare(client: Client) -> Json:
    """One of everything that has an id: the ids by the name of their path parameter."""
    plan = await client.plan("khanh_hoa_cong_thuong_2020")
    units = await client.units("khanh_hoa")
    unit = units["cong-ty-vi-du-g-khanh-hoa"]
    sector = await open_conference(client, plan, "khanh-hoa-v", units["so-cong-thuong-khanh-hoa"], "sector")
    path = f"/v1/conferences/{sector['id']}"
    first = await compute_allocation(client, sector)
    await adopt_allocation(client, first, "1")
    second = await compute_allocation(client, sector, amends=first.json()["id"], reason="Sửa")
    guest = {"group": "khach-moi", "basis": "Báo (ví dụ)", "notice": "1", "purpose": "p", "person": person()}
    province = await open_conference(
        client, plan, "khanh-hoa-v", units["tinh-khanh-hoa"], "province", as_of="2020-06-01"
    )
    given = {
        "unit": units["so-cong-thuong-khanh-hoa"],
        "group": "doan-dai-bieu",
        "seats": 12,
        "document": document("1"),
    }
    quota = await receive_quota(client, province, given)
    content = (EXAMPLES / "khanh_hoa" / "units.csv").read_bytes()
    checked = await client.post("/v1/unit_imports?kind=units", content, headers=CSV)
    await draft_nomination(client, sector, unit, rank=1)
    nomination = await submit_nominee(client, sector, unit, collective="Tổ máy 1 (ví dụ)")
    invited = await client.post(f"{path}/invitations", guest)
    exemplar = {"unit": unit, "collective": "Tổ máy 1 (ví dụ)", "name": "Giấy khen", "year": 2020}
    body = {**exemplar, "notice": "1", "purpose": "p"}
    honoured = await client.post(f"{path}/exemplars", body)
    selection = await select_without(client, sector)
    sent = {"Content-Type": "application/pdf"}
    paper = await client.post(f"/v1/units/{unit}/papers?congress=khanh-hoa-v", b"%PDF-1.7", headers=sent)
    letter = {"unit": unit, "upper_congress": "khanh-hoa-v", "upper_tier": "sector", "on": "2020-03-01"}
    passed = await client.post("/v1/list_votes", {**letter, "source_document": "Công văn số 1 (ví dụ)"})
    raised = await client.post(f"{path}/difficulties", {"text": "Chưa có hội trường"})
    sizing = await draft_sizing(client, sector, size=150)
    whom = {"role": "auditor", "source": "Ví dụ", "subject": "a", "name": "Người thử nghiệm 1"}
    key = await client.post("/v1/service_keys", {**whom, "purpose": "Thử"})
    grant = await client.post("/v1/role_grants", whom)
    return {
        "key_id": key.json()["id"],
        "grant_id": grant.json()["id"],
        "plan_id": plan["id"],
        "n": "1",
        "unit_id": unit,
        "conference_id": sector["id"],
        "allocation_id": second.json()["id"],
        "nomination_id": nomination.json()["id"],
        "selection_id": selection.json()["id"],
        "invitation_id": invited.json()["id"],
        "exemplar_id": honoured.json()["id"],
        "person_id": invited.json()["person"]["id"],
        "quota_id": quota.json()["id"],
        "sizing_id": sizing.json()["id"],
        "import_id": checked.json()["id"],
        "run_id": second.json()["run"],
        "name": "ethnic_groups",
        "paper_id": paper.json()["id"],
        "list_vote_id": passed.json()["id"],
        "difficulty_id": raised.json()["id"],
    }


@pytest.fixture(scope="module")
async def scene(postgres: EmbeddedServer) -> AsyncIterator[Scene]:
    """A service with one of everything in it."""
    async with load_scene(postgres, prepare) as scene:
        yield scene


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of it."""
    async with copy_scene(postgres, scene) as database:
        yield database


class Operation(NamedTuple):
    """An operation of the document with the route behind it."""

    method: str
    path: str
    told: Json
    route: Route

    @property
    def name(self) -> str:
        found: str = self.told["operationId"]
        return found


def operations(app: FastAPI) -> Iterator[Operation]:
    """Every operation of the document, each with its route."""
    paths = read_operations(app.openapi())
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or ()):
            told = paths.get(str(context.path_format), {}).get(method.lower())
            if told is not None:
                assert isinstance(context.original_route, Route)
                yield Operation(method, str(context.path_format), told, context.original_route)


def samples(app: FastAPI) -> Iterator[tuple[Operation, str, Any, Any]]:
    """Operation, content type, schema, and sample of every body that has one."""
    schemas = app.openapi()["components"]["schemas"]
    for operation in operations(app):
        for media, content in operation.told.get("requestBody", {}).get("content", {}).items():
            schema = content["schema"]
            model = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
            for sample in [content["example"]] if "example" in content else model.get("examples", ()):
                yield operation, media, schema, sample


def test_every_operation_is_named_as_its_function_and_says_what_it_does(app: FastAPI) -> None:
    found = list(operations(app))
    assert len(found) > 60
    assert len({operation.name for operation in found}) == len(found)
    for operation in found:
        assert operation.name == operation.route.endpoint.__name__
        assert operation.told["summary"]
        assert operation.told["x-access"] in {access.value for access in Access}


def test_every_operation_is_in_one_group_that_is_explained(app: FastAPI) -> None:
    explained = {tag["name"] for tag in app.openapi()["tags"]}
    tags = [operation.told["tags"] for operation in operations(app)]
    assert {len(each) for each in tags} == {1}
    assert {tag for each in tags for tag in each} == explained == TAGS.keys()


def test_a_description_says_more_than_the_summary(app: FastAPI) -> None:
    for operation in operations(app):
        assert operation.told["summary"] not in operation.told.get("description", "")


def test_a_caller_sees_how_to_identify(app: FastAPI) -> None:
    document = app.openapi()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert [server["url"] for server in document["servers"]] == ["/"]
    for operation in operations(app):
        is_open = operation.told["x-access"] == Access.PUBLIC.value
        assert operation.told.get("security", document["security"]) == ([] if is_open else [{"bearer": []}])


def test_every_schema_has_a_name_that_generators_keep(app: FastAPI) -> None:
    for name, schema in app.openapi()["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z]*", name)
        assert "title" not in schema, "a second name for the same"


def test_every_success_has_an_example_of_its_schema(app: FastAPI) -> None:
    document = app.openapi()
    examples = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    wanted = {name: media["schema"] for name, media in list_json_answers(document)}
    assert sorted(examples) == sorted(wanted), "make examples"
    for name, schema in wanted.items():
        faults = jsonschema.Draft202012Validator(
            {**schema, "components": document["components"]}
        ).iter_errors(examples[name])
        assert [fault.message for fault in faults] == [], f"{name}: make examples"


def test_the_document_says_nothing_twice(app: FastAPI) -> None:
    """It was 9.7 kB an operation when each operation repeated all problems, headers and parameters."""
    document = app.openapi()
    operations = sum(len(methods) for methods in document["paths"].values())
    assert (ROOT / "openapi.json").stat().st_size < 4_200 * operations


def test_every_operation_that_takes_a_text_shows_one(app: FastAPI) -> None:
    shown = {(operation.name, media) for operation, media, _, _ in samples(app)}
    wanted = {
        (operation.name, media)
        for operation in operations(app)
        for media in operation.told.get("requestBody", {}).get("content", {})
        if not media.endswith(("spreadsheetml.sheet", "wordprocessingml.document"))
        and not media.startswith("image/")
        and media not in (FORM, BYTES)
    }
    assert wanted - shown == set()


def test_every_sample_is_of_its_schema(app: FastAPI) -> None:
    components = {"components": app.openapi()["components"]}
    for operation, media, schema, sample in samples(app):
        if media == "application/json":
            faults = jsonschema.Draft202012Validator({**schema, **components}).iter_errors(sample)
            assert [fault.message for fault in faults] == [], operation.name


async def test_every_sample_is_understood(app: FastAPI, client: Client, scene: Scene) -> None:
    """What a sample names need not exist here; what it says is never wrong in itself."""
    for operation, media, _, sample in samples(app):
        content = sample.encode() if isinstance(sample, str) else json.dumps(sample).encode()
        path = fill_path(operation.path, scene.facts)
        headers = {"Content-Type": media, "Idempotency-Key": f"sample-{operation.name}-{media}"}
        if any(parameter["name"] == "If-Match" for parameter in operation.told.get("parameters", ())):
            headers["If-Match"] = await etag(client.http, operation.path, scene.facts)
        answer = await client.http.request(operation.method, path, content=content, headers=headers)
        code = answer.json().get("code") if answer.status_code >= 400 else None
        assert code not in {"invalid_body", "plan_unreadable", "plan_invalid"}, (operation.name, answer.text)


def test_the_committed_document_is_what_the_code_says(app: FastAPI) -> None:
    committed = (ROOT / "openapi.json").read_text()
    assert committed == format_document(app), "openapi.json is behind the code: make openapi"


# Lists.


def list_lists() -> dict[str, tuple[str, Json]]:
    """GET → its path, and the schema of the items of its list, if it answers a list."""
    found = {}
    for path, methods in COMMITTED["paths"].items():
        schema = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = resolve(schema.get("application/json", {}).get("schema", {}))
        items = schema.get("properties", {}).get("items", schema).get("items")
        if items is not None:
            found[methods["get"]["operationId"]] = path, resolve(items)
    return found


def resolve(schema: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = COMMITTED["components"]["schemas"][name] if name else schema
    return found


def test_every_list_of_what_can_be_changed_has_etags() -> None:
    lists = list_lists()
    tagged = {name for name, (_, items) in lists.items() if "etag" in items.get("properties", {})}
    assert tagged == SINGLE.keys() | {"list_tasks"}, "a task has the ETag of what is to be changed"
    read_alone = {
        path
        for path, methods in COMMITTED["paths"].items()
        if "ETag" in methods.get("get", {}).get("responses", {}).get("200", {}).get("headers", {})
    }
    plain = {path.rpartition("/{")[0] for path in read_alone if path.endswith("}")}
    listed = {path.rpartition("/{")[0] for path in SINGLE.values()}
    assert plain == listed, "whatever is read alone with an ETag is listed with it"


async def test_an_item_has_the_etag_of_its_single_read(client: Client, scene: Scene) -> None:
    lists = list_lists()
    for name, single in SINGLE.items():
        path = fill_path(lists[name][0], scene.facts)
        items = await read_items(client, path)
        assert items, name
        for item in items[:2]:
            alone = await client.get(single.format(**{**scene.facts, **item}))
            assert item["etag"] == alone.headers["ETag"], name


async def read_items(client: Client, path: str) -> list[Json]:
    query = "?on=2020-06-01" if path == "/v1/units" else ""
    answer: Any = (await client.get(path + query)).json()
    items: list[Json] = answer["items"] if isinstance(answer, dict) else answer
    return items


async def test_an_item_is_changed_with_its_etag(client: Client, scene: Scene) -> None:
    items = await read_items(client, f"/v1/conferences/{scene.facts['conference_id']}/sizings")
    proposed = await client.act(f"/v1/sizings/{items[0]['id']}/proposal", items[0]["etag"])
    assert proposed.json()["state"] == "proposed"
    await client.act(f"/v1/sizings/{items[0]['id']}/withdrawal", items[0]["etag"], {"reason": "x"}, 412)


async def test_files_and_runs_are_listed_to_whoever_sent_them(
    client: Client, scene: Scene, app: FastAPI
) -> None:
    faulty = await client.post("/v1/unit_imports?kind=figures", b"unit,as_of,source\nx,y,z\n", headers=CSV)
    files = await read_items(client, "/v1/unit_imports")
    ids = [each["id"] for each in files]
    assert ids == sorted(ids)
    assert {scene.facts["import_id"], faulty.json()["id"]} < {*ids}
    first = (await client.get("/v1/unit_imports?limit=3")).json()
    rest = (await client.get(f"/v1/unit_imports?limit=3&cursor={first['next_cursor']}")).json()
    assert first["items"] + rest["items"] == files
    for name, word in (("state", "faulty"), ("state", "confirmed"), ("kind", "units")):
        chosen = await read_items(client, f"/v1/unit_imports?{name}={word}")
        assert chosen == [each for each in files if each[name] == word] != files
    await client.get("/v1/unit_imports?state=unknown", 400)

    runs = await read_items(client, "/v1/runs")
    assert scene.facts["run_id"] in {each["id"] for each in runs}
    assert {each["kind"] for each in runs} == {"allocation", "selection"}
    chosen = await read_items(client, "/v1/runs?kind=allocation&state=done")
    assert chosen == [each for each in runs if each["kind"] == "allocation"]
    assert await read_items(client, "/v1/runs?state=failed") == []

    same = app.state.identify
    app.state.identify = lambda request: replace(same(request), id="somebody")
    assert await read_items(client, "/v1/runs") == []
    assert await read_items(client, "/v1/unit_imports") == []


@pytest.mark.attacks
@pytest.mark.timeout(300)
async def test_nothing_that_is_sent_fails_or_is_answered_with_what_is_not_documented(
    app: FastAPI, scene: Scene
) -> None:
    async with served(app) as address:
        found = await asyncio.to_thread(attack, app.openapi(), address, scene.facts)
    assert found == []


def attack(told: Json, address: str, known: Json) -> list[str]:
    """Each operation, with what fits its schema and what does not, on things that exist and that do not."""
    found = []
    with httpx.Client(base_url=address) as http:
        for operation in list_generated(told):
            try:
                send_generated(
                    operation, address, examples=EXAMPLES_EACH, prepare=lambda case: aim(case, http, known)
                )
            except FailureGroup as failures:
                found += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    return found


async def etag(http: httpx.AsyncClient, path: str, known: Json) -> str:
    """The present ETag of what an operation changes."""
    found: str = (await http.get(find_owner(path, known))).headers["ETag"]
    return found
