"""Authority as people meet it: what lists show, acts on paper, four eyes, and what is told of the rest."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Role
from tests.access.world import A, B, actor, plan
from tests.client import Client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, decision, nominee, person

PAPER = "Công văn số 5 (ví dụ)"


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test, which may change it."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
def ids(scene: Scene) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = scene.facts["ids"]
    return found


@pytest.fixture
def units(scene: Scene) -> dict[str, str]:
    found: dict[str, str] = scene.facts["units"]
    return found


@pytest.fixture
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    from api.app import create_app
    from service.vaults import Vault
    from tests.access.world import identify
    from tests.conftest import SETTINGS, connect_client

    app = create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client


def by(role: Role, place: str = "huyen") -> dict[str, str]:
    return {"Authorization": f"Bearer {role}@{place}"}


COUNCIL, OFFICER = by(Role.STANDING_COUNCIL), by(Role.UNIT_OFFICER)


async def items(client: Client, path: str, headers: dict[str, str], **query: str) -> list[Json]:
    answer = (await client.get(path, headers=headers, params=query)).json()
    found: list[Json] = answer["items"] if isinstance(answer, dict) else answer
    return found


async def act(
    client: Client, path: str, headers: dict[str, str], status: int, body: Any = None, at: str | None = None
) -> httpx.Response:
    """One act on what is read at ``at`` (the address without its last part), as it is now."""
    read = await client.get(at or path.rpartition("/")[0], headers=headers)
    return await client.post(path, body, status, headers={**headers, "If-Match": read.headers["ETag"]})


# --- lists, filters, cursors


async def test_lists_show_the_own_subtree_and_whom_it_stands_under(client: Client) -> None:
    for headers, codes in (
        (OFFICER, {"huyen", "xa", "xa-hai", "tinh"}),
        (by(Role.UNIT_OFFICER, "xa"), {"xa", "huyen", "tinh"}),
        (
            by(Role.STANDING_COUNCIL, "tinh"),
            {"tinh", "huyen", "huyen-ben", "xa", "xa-hai", "xa-ben", "xa-ben-hai"},
        ),
        (by(Role.AUDITOR, "bo"), {"bo", "huyen", "huyen-ben"}),
    ):
        found = await items(client, "/v1/units", headers, on="2030-06-01")
        assert {each["code"] for each in found} == codes


@pytest.mark.parametrize("name", ["parent", "unit"])
async def test_a_filter_by_a_siblings_id_finds_what_an_unknown_id_finds(
    client: Client, ids: dict[str, dict[str, str]], name: str
) -> None:
    path = "/v1/units" if name == "parent" else "/v1/conferences"
    for unit in (ids["beside"]["unit_id"], ids["nowhere"]["unit_id"]):
        assert await items(client, path, OFFICER, **{name: unit}) == []
    above = f"/v1/conferences/{ids['above']['conference_id']}/nominations"
    for unit in (ids["beside"]["unit_id"], ids["nowhere"]["unit_id"]):
        assert await items(client, above, OFFICER, unit=unit) == []


async def test_a_cursor_of_somebody_else_opens_nothing(client: Client) -> None:
    first = (await client.get("/v1/units", params={"limit": 1, "on": "2030-06-01"}, headers=OFFICER)).json()
    params = {"limit": 1, "on": "2030-06-01", "cursor": first["next_cursor"]}
    assert (await client.get("/v1/units", params=params, headers=OFFICER)).json()["items"]
    answer = await client.get("/v1/units", 400, params=params, headers=COUNCIL)
    assert answer.json()["code"] == "cursor_invalid"


async def test_the_upper_level_sees_what_was_submitted_to_it(
    client: Client, ids: dict[str, dict[str, str]]
) -> None:
    path = f"/v1/conferences/{ids['own']['conference_id']}/nominations"
    found = await items(client, path, COUNCIL)
    assert [each["id"] for each in found] == [ids["below"]["nomination_id"]]
    assert [each["state"] for each in found] == ["submitted"]
    # The province's council sees what districts sent to it, and nothing that was sent to a district.
    above = by(Role.STANDING_COUNCIL, "tinh")
    assert await items(client, path, above) == []
    sent = await items(client, f"/v1/conferences/{ids['above']['conference_id']}/nominations", above)
    assert ids["own"]["nomination_id"] in [each["id"] for each in sent]
    assert {each["unit"] for each in sent} == {ids["own"]["unit_id"], ids["beside"]["unit_id"]}


async def test_of_the_rest_it_gets_numbers(client: Client, ids: dict[str, dict[str, str]]) -> None:
    path = f"/v1/conferences/{ids['own']['conference_id']}/composition"
    own = (await client.get(path, headers=COUNCIL)).json()
    above = (await client.get(path, headers=by(Role.STANDING_COUNCIL, "tinh"))).json()
    # One submitted, one guest: counted, though the province may see neither. The draft is its unit's own.
    assert own["listed"] == above["listed"] == 2
    told = {finding["code"] for finding in above["findings"]}
    assert not told & {"person_named_twice", "perhaps_the_same_person"}


async def test_numbers_do_not_stay_open(database: Database, units: dict[str, str]) -> None:
    """What is read in order to count is out of reach again once it is counted."""
    from sqlalchemy import text

    from db.session import allow_counting

    async with database.transaction(actor(Role.STANDING_COUNCIL, units, "tinh")) as session:
        connection = await session.connection()
        query = text("SELECT count(*) FROM nomination")
        before = (await connection.execute(query)).scalar_one()
        async with allow_counting(session):
            inside = (await connection.execute(query)).scalar_one()
        assert (await connection.execute(query)).scalar_one() == before < inside


# --- names in bodies


async def test_a_person_of_a_siblings_list_is_nobody(
    client: Client, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    path = f"/v1/conferences/{ids['above']['conference_id']}/nominations"
    told = []
    for who in (ids["beside"]["person_id"], str(uuid4())):
        body = nominee(units["huyen"], person_id=who)
        told.append((await client.post(path, body, 422, headers=OFFICER)).json()["errors"])
    assert told[0] == told[1]
    assert told[0][0]["code"] == "person_not_found"


async def test_the_other_chains_parent_takes_nobody_in(client: Client, units: dict[str, str]) -> None:
    body = {"code": "xa-moi", "name": "Xã mới", "kind": "commune", "valid_from": "2030-01-01"}
    told = []
    for parents in ({A: "bo"}, {A: "khong-co"}, {B: "huyen"}):
        answer = await client.post("/v1/units", {**body, "parents": parents}, 422, headers=COUNCIL)
        told.append([each["code"] for each in answer.json()["errors"]])
    assert told == [["unit_parent_unknown"]] * 3
    await client.post("/v1/units", {**body, "parents": {A: "huyen"}}, headers=COUNCIL)


async def test_nobody_moves_a_unit_out_of_anothers_hands(client: Client, units: dict[str, str]) -> None:
    path = f"/v1/units/{units['xa']}/parents"
    for congress, parent in ((A, "huyen-ben"), (A, "tinh"), (B, "huyen")):
        body = {"congress": congress, "parent": parent, "first": "2031-01-01"}
        answer = await act(client, path, COUNCIL, 422, body)
        assert answer.json()["errors"][0]["code"] == "unit_parent_unknown"
    body = {"congress": A, "parent": "xa-hai", "first": "2031-01-01"}
    await act(client, path, COUNCIL, 201, body)


async def test_a_unit_that_moves_takes_its_things_along(
    client: Client, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    province = by(Role.STANDING_COUNCIL, "tinh")
    body = {"congress": A, "parent": "huyen-ben", "first": "2026-01-01"}
    await act(client, f"/v1/units/{units['xa']}/parents", province, 201, body)
    path = f"/v1/conferences/{ids['below']['conference_id']}"
    await client.get(path, 404, headers=COUNCIL)
    await client.get(path, headers=by(Role.STANDING_COUNCIL, "huyen-ben"))


# --- for units below, on paper


async def test_a_council_enters_a_nominee_from_the_units_paper(
    client: Client, database: Database, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    path = f"/v1/conferences/{ids['own']['conference_id']}/nominations"
    body = nominee(units["xa"], person=person())
    refused = await client.post(path, body, 403, headers=COUNCIL)
    assert refused.json()["code"] == "source_document_needed"
    made = await client.post(path, {**body, "source_document": PAPER}, headers=COUNCIL)
    here = f"/v1/nominations/{made.json()['id']}"
    await act(client, f"{here}/submission", COUNCIL, 201)
    assert await acts(database, made.json()["id"]) == [
        ("nomination_drafted", "standing_council", units["xa"], PAPER),
        ("nomination_submitted", "standing_council", units["xa"], PAPER),
    ]
    # The unit sees what was entered for it; what it entered itself, the council does not touch.
    await client.get(here, headers=by(Role.UNIT_OFFICER, "xa"))
    withdrawal = f"/v1/nominations/{ids['below']['nomination_id']}/withdrawal"
    refused = await act(client, withdrawal, COUNCIL, 403, {"reason": "x"})
    assert refused.json()["code"] == "source_document_needed"


async def test_the_paper_cannot_be_taken_off_again(
    client: Client, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    path = f"/v1/conferences/{ids['own']['conference_id']}/nominations"
    made = await client.post(path, nominee(units["xa"], source_document=PAPER), headers=COUNCIL)
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p"}
    headers = {**COUNCIL, "If-Match": made.headers["ETag"]}
    answer = await client.http.put(f"/v1/nominations/{made.json()['id']}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "source_document_needed")


async def acts(database: Database, subject: str) -> list[tuple[str, str, str | None, str | None]]:
    """(act, actor, on whose behalf, paper) of each event about a thing."""
    from sqlmodel import col, select

    from db.audit import AuditEvent

    async with database.transaction(Actor.for_service(), read_only=True) as session:
        query = select(AuditEvent).where(col(AuditEvent.subject) == subject).order_by(col(AuditEvent.at))
        return [
            (each.act, each.actor, each.on_behalf_of, each.changes.get("source_document"))
            for each in await session.exec(query)
        ]


async def test_an_exemplar_is_seen_with_the_person(
    client: Client, database: Database, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    """By the council of the conference, by the unit, and by whoever the person is sent to."""
    commune, strangers = (
        by(Role.UNIT_OFFICER, "xa"),
        [by(Role.STANDING_COUNCIL, each) for each in ("huyen-ben", "bo")],
    )
    path = f"/v1/exemplars/{ids['below']['exemplar_id']}"
    who = (await client.get(path, headers=commune)).json()["person"]["id"]
    for stranger in (COUNCIL, *strangers):
        await client.get(path, 404, headers=stranger)
        listed = (await client.get(f"/v1/exemplars?person={who}", headers=stranger)).json()["items"]
        assert listed == []
    drafts = f"/v1/conferences/{ids['own']['conference_id']}/nominations"
    draft = await client.post(drafts, nominee(units["xa"], person_id=who), headers=commune)
    await client.get(path, 404, headers=COUNCIL)
    etag = {**commune, "If-Match": draft.headers["ETag"]}
    sent = await client.post(f"/v1/nominations/{draft.json()['id']}/submission", {}, headers=etag)
    assert (await client.get(path, headers=COUNCIL)).json()["person"]["id"] == who
    read = await client.get(f"/v1/nominations/{sent.json()['id']}", headers=COUNCIL)
    assert read.json()["recorded_honours"] == [], "the commune's conference has not met"
    query = "UPDATE conference SET state = 'held', held_on = as_of WHERE id = :id"
    async with database.transaction(Actor.for_service()) as session:
        await (await session.connection()).execute(text(query), {"id": ids["below"]["conference_id"]})
    read = await client.get(f"/v1/nominations/{sent.json()['id']}", headers=COUNCIL)
    assert [each["name"] for each in read.json()["recorded_honours"]] == ["Giấy khen"]
    for stranger in strangers:
        await client.get(path, 404, headers=stranger)


# --- four eyes


async def ready(client: Client, ids: dict[str, dict[str, str]]) -> str:
    """The district's allocation, proposed by its council."""
    here = f"/v1/allocations/{ids['own']['allocation_id']}"
    await act(client, f"{here}/proposal", COUNCIL, 201)
    return here


async def test_a_refusal_says_which_right_was_needed_and_which_roles_have_it(
    client: Client, ids: dict[str, dict[str, str]]
) -> None:
    here = f"/v1/allocations/{ids['own']['allocation_id']}"
    officer = {**by(Role.UNIT_OFFICER), "Accept-Language": "en"}
    without_scope = (await act(client, f"{here}/proposal", officer, 403)).json()
    assert without_scope["params"] == {"scope": "allocations:write", "role": ["standing_council"]}
    assert "the right “allocations:write”" in without_scope["detail"]
    assert "Roles that have it: standing council." in without_scope["detail"]
    await act(client, f"{here}/proposal", COUNCIL, 201)
    not_the_approver = (await act(client, f"{here}/approval", COUNCIL, 403)).json()
    assert not_the_approver["params"] == {"scope": "allocations:approve", "role": ["approver"]}
    assert "người phê duyệt" in not_the_approver["detail"]


async def test_who_proposed_does_not_approve(client: Client, ids: dict[str, dict[str, str]]) -> None:
    here = await ready(client, ids)
    await act(client, f"{here}/approval", COUNCIL, 403)
    await act(client, f"{here}/approval", by(Role.APPROVER), 201)
    await act(client, f"{here}/adoption", COUNCIL, 403, decision("7"))
    # The approver gets as far as the rules: a quota that came from above stands against these seats.
    refused = await act(client, f"{here}/adoption", by(Role.APPROVER), 409, decision("7"))
    assert refused.json()["code"] == "quota_received_already"
    assert (await client.get(here, headers=COUNCIL)).json()["approved_by"] == "approver"


async def test_one_person_in_two_roles_is_one_pair_of_eyes(
    database: Database, scene: Scene, ids: dict[str, dict[str, str]], units: dict[str, str]
) -> None:
    from dataclasses import replace

    from api.app import create_app
    from service.vaults import Vault
    from tests.conftest import SETTINGS, connect_client

    both = actor(Role.STANDING_COUNCIL, units)
    both = replace(both, grants=(*both.grants, *actor(Role.APPROVER, units).grants))
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), lambda _: both)
    async with connect_client(app) as client:
        here = f"/v1/allocations/{ids['own']['allocation_id']}"
        await act(client, f"{here}/proposal", {}, 201)
        refused = await act(client, f"{here}/approval", {}, 403)
        assert refused.json()["code"] == "second_person_needed"


async def test_where_the_plan_says_so_the_signed_document_is_the_second_pair(
    client: Client, units: dict[str, str]
) -> None:
    body = {**plan("van-ban", "huyen"), "four_eyes": "document"}
    drafted = await client.post("/v1/plans", body, headers=COUNCIL)
    path = f"/v1/plans/{drafted.json()['id']}/versions/1"
    await act(client, f"{path}/publication", COUNCIL, 403)
    await act(client, f"{path}/publication", by(Role.APPROVER), 201)
    # The district's conference in the other chain stands under nobody's plan yet.
    council = by(Role.STANDING_COUNCIL, "tinh")
    cancelled = next(
        each for each in await items(client, "/v1/conferences", COUNCIL) if each["unit"] == units["huyen"]
    )
    await act(client, f"/v1/conferences/{cancelled['id']}/cancellation", council, 201, {"reason": "Làm lại"})
    opening = {"plan": drafted.json()["id"], "congress": A, "unit": units["huyen"], "tier": "huyen"}
    made = await client.post("/v1/conferences", opening, headers=COUNCIL)
    allocation = await client.post(f"/v1/conferences/{made.json()['id']}/allocations", {}, headers=COUNCIL)
    here = f"/v1/allocations/{allocation.json()['id']}"
    for name, content in (("proposal", None), ("approval", None), ("adoption", decision("8"))):
        await act(client, f"{here}/{name}", COUNCIL, 201, content)
