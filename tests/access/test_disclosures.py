"""What is sealed of people: told to those who may read it, for the purpose the person was told, on record."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Access, Actor, Role
from service.clock import today
from tests.access.test_twins import NARROW, known
from tests.access.world import ABOVE, OWN, actor
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, nominee, person

SECRET = {"ethnicity": "05", "religion": "phat-giao", "party_member": True}
TOLD = {"purpose": "delegate-selection", "attributes": ["ethnicity", "party_member"]}


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    from api.app import create_app
    from service.vaults import Vault

    app = create_app(SETTINGS, database, Vault(bytes(range(32))), known(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client


def by(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


OFFICER, COUNCIL_ABOVE, AUDITOR = by("unit_officer@huyen"), by("standing_council@tinh"), by("auditor@tinh")
PROGRAM = by(f"machine_client@huyen@{NARROW}")


async def sent(client: Client, told: Json, who: dict[str, str] = OFFICER) -> httpx.Response:
    """A nominee of the district before the province, with something sealed."""
    path = f"/v1/conferences/{told['ids'][ABOVE]['conference_id']}/nominations"
    body = nominee(told["units"]["huyen"], person=person(**SECRET))
    draft = await client.post(path, body, headers=who)
    headers = {**who, "If-Match": draft.headers["ETag"]}
    return await client.post(f"/v1/nominations/{draft.json()['id']}/submission", headers=headers)


async def seated(client: Client, told: Json) -> httpx.Response:
    """The same nominee, accepted: there is a list already, so that nobody else counts."""
    row = await sent(client, told)
    headers = {**COUNCIL_ABOVE, "If-Match": row.headers["ETag"]}
    return await client.post(f"/v1/nominations/{row.json()['id']}/acceptance", headers=headers)


async def disclosed(
    client: Client, row: httpx.Response, who: dict[str, str], status: int = 200, **body: object
) -> Json:
    path = f"/v1/nominations/{row.json()['id']}/disclosure"
    answer: Json = (await client.post(path, {**TOLD, **body}, status, headers=who)).json()
    return answer


async def events(database: Database, act: str) -> list[Json]:
    query = text("SELECT actor, subject, changes FROM audit_event WHERE act = :act ORDER BY at")
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        found = await (await session.connection()).execute(query, {"act": act})
        return [dict(row._mapping) for row in found]


async def test_a_unit_reads_its_own_nominee_and_the_council_whom_it_was_sent(
    client: Client, database: Database, scene: Scene
) -> None:
    row = await sent(client, scene.facts)
    who = row.json()["person"]["id"]
    for reader in (OFFICER, COUNCIL_ABOVE):
        told = await disclosed(client, row, reader)
        assert told == {
            "person": who,
            "purpose": "delegate-selection",
            "attributes": {"ethnicity": "05", "party_member": "yes"},
        }
    found = await events(database, "sealed_disclosed")
    assert [(each["actor"], each["subject"]) for each in found] == [
        ("unit_officer", who),
        ("standing_council", who),
    ]
    said = {"purpose": "delegate-selection", "attributes": ["ethnicity", "party_member"]}
    assert [each["changes"] for each in found] == [said, said]


async def test_what_is_not_stated_is_told_as_such_and_recorded_alike(
    client: Client, database: Database, scene: Scene
) -> None:
    """Or the trail would say who stated a religion."""
    path = f"/v1/conferences/{scene.facts['ids'][ABOVE]['conference_id']}/nominations"
    silent = await client.post(path, nominee(scene.facts["units"]["huyen"]), headers=OFFICER)
    spoken = await sent(client, scene.facts)
    said = await disclosed(client, silent, OFFICER, attributes=["religion"])
    assert said["attributes"] == {"religion": None}
    await disclosed(client, spoken, OFFICER, attributes=["religion"])
    first, second = [each["changes"] for each in await events(database, "sealed_disclosed")]
    assert first == second == {"purpose": "delegate-selection", "attributes": ["religion"]}


async def test_for_another_purpose_nothing_is_told(client: Client, database: Database, scene: Scene) -> None:
    row = await sent(client, scene.facts)
    refused = await disclosed(client, row, OFFICER, 409, purpose="statistics")
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("purpose_not_told", "/purpose")
    assert await events(database, "sealed_disclosed") == []


async def test_of_whom_was_withdrawn_nothing_is_told(client: Client, scene: Scene) -> None:
    row = await sent(client, scene.facts)
    headers = {**OFFICER, "If-Match": row.headers["ETag"]}
    path = f"/v1/nominations/{row.json()['id']}"
    await client.post(f"{path}/withdrawal", {"reason": "x"}, headers=headers)
    assert (await client.get(path, headers=OFFICER)).json()["stated"]["sealed"] is None
    assert (await disclosed(client, row, OFFICER, 409))["code"] == "nomination_state"


async def test_who_sees_the_name_is_not_told_that_a_religion_is_stated(client: Client, scene: Scene) -> None:
    row = await sent(client, scene.facts)
    path = f"/v1/nominations/{row.json()['id']}"
    assert (await client.get(path, headers=AUDITOR)).json()["stated"]["sealed"] is None
    assert (await client.get(path, headers=PROGRAM)).json()["stated"]["sealed"] is None
    told = (await client.get(path, headers=COUNCIL_ABOVE)).json()["stated"]["sealed"]
    assert told == ["ethnicity", "party_member", "religion"]


async def test_a_target_on_what_may_not_be_read_has_no_state(client: Client, scene: Scene) -> None:
    row = await seated(client, scene.facts)
    path = f"/v1/conferences/{row.json()['conference']}/composition?unit={row.json()['unit']}"
    told = {}
    for who in (OFFICER, PROGRAM):
        answer = (await client.get(path, headers=who)).json()
        told[who["Authorization"]] = {each["target"]: each for each in answer["targets"]}
    own, program = told.values()
    assert own["dan-toc"]["yes"] == 1
    assert own["dan-toc"]["hidden"] == 0
    assert program["dan-toc"]["standing"] == "not_shown"
    assert {name for name, value in program["dan-toc"].items() if value is None} >= {"yes", "no", "reachable"}
    assert program["nu"] == own["nu"], "what is open is theirs to read"


async def test_a_box_that_does_not_open_is_pointed_out_on_its_units_list(
    client: Client, database: Database, scene: Scene
) -> None:
    row = await seated(client, scene.facts)
    async with database.transaction(Actor.for_service()) as session:
        query = text("UPDATE person_sealed SET sealed = '' WHERE person = :person")
        await (await session.connection()).execute(query, {"person": row.json()["person"]["id"]})
    path = f"/v1/conferences/{row.json()['conference']}/composition?unit={row.json()['unit']}"
    answer = (await client.get(path, headers=OFFICER)).json()
    assert {each["target"]: each["yes"] for each in answer["targets"]}["dan-toc"] == 0
    assert "sealed_boxes_unreadable" in [each["code"] for each in answer["findings"]]
    program = (await client.get(path, headers=PROGRAM)).json()
    assert "sealed_boxes_unreadable" not in [each["code"] for each in program["findings"]]


async def test_programs_enter_what_they_may_not_read(client: Client, scene: Scene) -> None:
    row = await sent(client, scene.facts, PROGRAM)
    assert (await disclosed(client, row, OFFICER))["attributes"]["ethnicity"] == "05"
    await disclosed(client, row, PROGRAM, 403)


GUARDIAN = {"guardian": {"name": "Người thử nghiệm Giám Hộ", "consent": "Đơn số 1 (ví dụ)"}}


@pytest.mark.parametrize("told", [{}, GUARDIAN], ids=["no guardian", "guardian"])
async def test_who_may_not_read_a_guardian_is_not_told_of_one(
    client: Client, scene: Scene, told: Json
) -> None:
    """What a program is answered follows from what it says, and not from what is sealed."""
    child = {"name": "Người thử nghiệm Nhỏ Tuổi", "birth_year": today().year - 10}
    almost = {"name": "Người thử nghiệm Lớn Tuổi", "birth_year": today().year - 18}
    path = f"/v1/conferences/{scene.facts['ids'][ABOVE]['conference_id']}/nominations"
    unit = scene.facts["units"]["huyen"]
    draft = await client.post(path, nominee(unit, person={**almost, **told}), headers=OFFICER)

    async def changed(who: dict[str, str], stated: Json) -> str:
        here = f"/v1/nominations/{draft.json()['id']}"
        etag = (await client.get(here, headers=OFFICER)).headers["ETag"]
        body = {**nominee(unit, person=stated)}
        del body["unit"]
        answer = await client.http.put(here, json=body, headers={**who, "If-Match": etag})
        return str(answer.json().get("code", answer.status_code))

    assert await changed(PROGRAM, child) == "guardian_missing"
    assert await changed(PROGRAM, {**almost, "guardian": None}) == "guardian_kept"
    assert await changed(PROGRAM, almost) == "200"
    assert await changed(OFFICER, child) == ("200" if told else "guardian_missing")
    assert await changed(PROGRAM, {**child, **GUARDIAN}) == "200"
    assert await changed(PROGRAM, child) == "200", "the birth is as it was, and so is the guardian"


@pytest.mark.parametrize("opens", [True, False])
async def test_the_database_itself_keeps_boxes_from_who_may_not_open_them(
    client: Client, database: Database, scene: Scene, opens: bool
) -> None:
    await sent(client, scene.facts)
    role = Role.STANDING_COUNCIL if opens else Role.AUDITOR
    calling = actor(role, scene.facts["units"], "tinh").narrow_to_access(Access.NOMINATIONS_READ)
    async with database.transaction(calling) as session:
        connection = await session.connection()
        for table in ("person_sealed", "person_key"):
            found = (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            assert (found > 0) is opens


async def test_an_answer_is_not_told_again_to_who_may_read_less_by_now(client: Client, scene: Scene) -> None:
    ids, units = scene.facts["ids"], scene.facts["units"]
    path = f"/v1/conferences/{ids[ABOVE]['conference_id']}/nominations"
    body = nominee(units["huyen"], person=person(**SECRET))
    key = {"Idempotency-Key": "once"}
    whole, less = by("machine_client@huyen"), PROGRAM
    first = await client.post(path, body, headers={**whole, **key})
    assert any(each["hidden"] == 0 for each in first.json()["list"]["targets"])
    again = await client.post(path, body, headers={**whole, **key})
    assert again.json() == first.json()
    refused = await client.post(path, body, 409, headers={**less, **key})
    assert refused.json()["code"] == "idempotency_answer_unreadable"


async def test_guests_are_read_by_the_council_that_invites_them(client: Client, scene: Scene) -> None:
    path = f"/v1/conferences/{scene.facts['ids'][OWN]['conference_id']}/invitations"
    body = {
        "group": "khach-moi",
        "basis": "x",
        "notice": "1",
        "purpose": "guests",
        "person": person(**SECRET),
    }
    council = by("standing_council@huyen")
    line = await client.post(path, body, headers=council)
    asked = {"purpose": "guests", "attributes": ["religion"]}
    path = f"/v1/invitations/{line.json()['id']}/disclosure"
    told = (await client.post(path, asked, 200, headers=council)).json()
    assert told["attributes"] == {"religion": "phat-giao"}
    await client.post(path, asked, 403, headers=OFFICER)
