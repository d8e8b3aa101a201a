"""What is refused because of what went before."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from db.embedded import EmbeddedServer
from db.session import Database
from tests.api.bad_input.sending import (
    CONGRESS,
    PLAN,
    contents,
    problem,
    send,
    unit,
)
from tests.client import CSV, YAML, Client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, nominee, open_conference, person


def expiring(day: str) -> bytes:
    """The plan under another id, with a last day."""
    head = f"format: 1\nexpires: {day}\n"
    text = PLAN.replace("format: 1\n", head).replace("id: khanh-hoa-cong-thuong-2020", "id: co-han")
    return text.encode()


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy that the test compares by itself."""
    async with copy_scene(postgres, scene) as database:
        yield database


async def test_a_key_that_was_used_for_something_else(client: Client, told: Json, database: Database) -> None:
    path = f"{told['path']}/nominations"
    key = {"Idempotency-Key": "the-same"}
    draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"])
    first = await send(client, path, draft, key)
    before = await contents(database)
    again = await send(client, path, draft, key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(await send(client, path, {**draft, "rank": 2}, key), 422, "idempotency_key_reused")
    problem(await send(client, "/v1/units", unit(), key), 422, "idempotency_key_reused")
    assert await contents(database) == before


async def test_a_state_that_somebody_else_has_changed(client: Client, told: Json, database: Database) -> None:
    path = f"/v1/nominations/{told['nomination']['id']}"
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p", "person": person()}
    await client.put(path, body, told["etag"])
    before = await contents(database)
    problem(await client.http.put(path, json=body, headers={"If-Match": told["etag"]}), 412, "stale")
    assert await contents(database) == before


async def test_a_plan_that_has_expired_is_not_published(client: Client, database: Database) -> None:
    drafted = await client.post("/v1/plans", expiring("2020-12-31"), headers=YAML)
    before = await contents(database)
    path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
    answer = await send(client, path, {}, {"If-Match": drafted.headers["ETag"]})
    assert problem(answer, 409, "plan_expired")["params"] == {"expires": "2020-12-31"}
    assert await contents(database) == before


async def test_a_plan_that_expires_starts_nothing_any_more(
    client: Client, told: Json, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted = await client.post("/v1/plans", expiring("2090-12-31"), headers=YAML)
    plan = drafted.json()
    await client.act(f"/v1/plans/{plan['id']}/versions/1/publication", drafted.headers["ETag"])
    large, small = told["units"]["cong-ty-vi-du-g-khanh-hoa"], told["units"]["cong-ty-vi-du-a-khanh-hoa"]
    conference = await open_conference(
        client, plan, "cong-thuong-iii", told["units"]["so-cong-thuong-khanh-hoa"], "sector"
    )
    path = f"/v1/conferences/{conference['id']}"
    before = await contents(database)
    monkeypatch.setattr("api.http.request_work.today", lambda: date(2091, 1, 1))
    body = {"plan": plan["id"], "congress": CONGRESS, "unit": small, "tier": "grassroots"}
    match = {"If-Match": (await client.get(path)).headers["ETag"]}
    problem(await send(client, f"{path}/schedule", {"first": "2091-05-07"}, match), 409, "plan_expired")
    problem(await send(client, "/v1/conferences", body), 409, "plan_expired")
    problem(await send(client, f"{path}/allocations", {}), 409, "plan_expired")
    problem(await send(client, f"{path}/nominations", nominee(large)), 409, "plan_expired")
    assert await contents(database) == before


async def test_a_circle_of_parents(client: Client, database: Database) -> None:
    rows = [
        f"code,name,kind,valid_from,valid_to,parent:{CONGRESS},made_up",
        "so-a,Sở A,department,2020-01-01,,so-b,yes",
        "so-b,Sở B,department,2020-01-01,,so-c,yes",
        "so-c,Sở C,department,2020-01-01,,so-a,yes",
    ]
    found = await checked(client, "\n".join(rows).encode(), CSV)
    (cycle,) = found["findings"]
    assert (cycle["code"], cycle["params"]["row"]) == ("unit_parent_cycle", 2)
    assert cycle["params"]["column"] == f"parent:{CONGRESS}"
    await not_confirmed(client, found, database)


async def test_units_and_validities_that_overlap(client: Client, database: Database) -> None:
    rows = [
        "code,name,kind,valid_from,valid_to,code:gso,made_up",
        "xa-a,Xã A,commune,2019-01-01,2020-12-31,31500,yes",
        "xa-b,Xã B,commune,2020-06-01,,31500,yes",
        "xa-a,Xã A,commune,2021-01-01,,31501,yes",
    ]
    found = await checked(client, "\n".join(rows).encode(), CSV)
    told = {(each["code"], each["params"]["row"], each["params"]["column"]) for each in found["findings"]}
    assert ("unit_identifier_repeated", 3, "code:gso") in told
    assert ("unit_repeated", 4, "code") in told
    await not_confirmed(client, found, database)


async def not_confirmed(client: Client, found: Json, database: Database) -> None:
    """A faulty file is kept to be looked at; nothing of it can be stored."""
    assert found["state"] == "faulty"
    before = await contents(database)
    path = f"/v1/unit_imports/{found['id']}"
    etag = (await client.get(path)).headers["ETag"]
    answer = await send(client, f"{path}/confirmation", {}, {"If-Match": etag})
    problem(answer, 409, "import_not_checked")
    assert await contents(database) == before


async def checked(client: Client, content: bytes, headers: dict[str, str], kind: str = "units") -> Json:
    """What a file is found to hold; nothing is kept of the request here."""
    answer = await send(client, f"/v1/unit_imports?kind={kind}", content, headers)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found
