"""The document and the service agree: every operation as it is declared, whatever is sent to it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
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
EXAMPLES_EACH = 4
"""How many requests of each kind an operation gets; more of them by hand when something is suspected."""


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
        path = fill_path(operation.path, scene.facts) + (
            "?reason=x" if operation.name == "amend_plan" else ""
        )
        headers = {"Content-Type": media, "Idempotency-Key": f"sample-{operation.name}-{media}"}
        if any(parameter["name"] == "If-Match" for parameter in operation.told.get("parameters", ())):
            headers["If-Match"] = await etag(client.http, operation.path, scene.facts)
        answer = await client.http.request(operation.method, path, content=content, headers=headers)
        code = answer.json().get("code") if answer.status_code >= 400 else None
        assert code not in {"invalid_body", "plan_unreadable", "plan_invalid"}, (operation.name, answer.text)


def test_the_committed_document_is_what_the_code_says(app: FastAPI) -> None:
    committed = (ROOT / "openapi.json").read_text()
    assert committed == format_document(app), "openapi.json is behind the code: make openapi"


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
