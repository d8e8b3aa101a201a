"""A quota from above: one person enters it, another confirms it, and until then it counts nowhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from db.quotas import Quota
from db.session import Database
from domain.access import Actor
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    confirm_quota,
    document,
    draft_nomination,
    open_conference,
    submit_nominee,
)

CONGRESS, DEPARTMENT, GROUP = "khanh-hoa-v", "so-cong-thuong-khanh-hoa", "doan-dai-bieu"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The province's conference, and the department below it."""

    async def load(client: Client) -> Json:
        plan = await client.plan("khanh_hoa_cong_thuong_2020")
        units = await client.units("khanh_hoa")
        province = await open_conference(
            client, plan, CONGRESS, units["tinh-khanh-hoa"], "province", as_of="2020-06-01"
        )
        return {"province": province, "unit": units[DEPARTMENT]}

    return load


@pytest.fixture
async def entered(client: Client, scene: Scene) -> httpx.Response:
    """Twelve seats of the department that one person entered."""
    body = {"unit": scene.facts["unit"], "group": GROUP, "seats": 12, "document": document("88")}
    path = f"/v1/conferences/{scene.facts['province']['id']}/quotas"
    return await client.post(path, body)


def read(answer: httpx.Response) -> tuple[str, int, int, int | None]:
    """(state, seats, nominee limit, seats that wait)."""
    told = answer.json()
    waiting = None if told["entered"] is None else told["entered"]["seats"]
    return told["state"], told["seats"], told["nominee_limit"], waiting


async def change(client: Client, quota: httpx.Response, seats: int, number: str) -> httpx.Response:
    path = f"/v1/quotas/{quota.json()['id']}"
    body: Any = {"seats": seats, "document": document(number)}
    return await client.put(path, body, (await client.get(path)).headers["ETag"])


async def withdraw(client: Client, quota: httpx.Response, status: int = 201) -> httpx.Response:
    path = f"/v1/quotas/{quota.json()['id']}"
    etag = (await client.get(path)).headers["ETag"]
    return await client.act(f"{path}/withdrawal", etag, {"reason": "Nhập nhầm"}, status)


async def test_an_entered_quota_counts_when_it_is_confirmed(client: Client, entered: httpx.Response) -> None:
    assert read(entered) == ("entered", 0, 0, 12)
    assert entered.json()["entered"]["entered_by"] == "local"
    confirmed = await confirm_quota(client, entered)
    assert read(confirmed) == ("confirmed", 12, 12, None)
    assert confirmed.json()["document"]["number"] == "88"
    path = f"/v1/quotas/{entered.json()['id']}/confirmation"
    again = await client.act(path, confirmed.headers["ETag"], status=409)
    assert (again.json()["code"], again.json()["params"]["state"]) == ("quota_state", "confirmed")


async def test_nobody_is_submitted_and_nothing_distributed_from_an_unconfirmed_quota(
    client: Client, scene: Scene, entered: httpx.Response
) -> None:
    province, unit = scene.facts["province"], scene.facts["unit"]
    draft = await draft_nomination(client, province, unit, group=GROUP)
    path = f"/v1/nominations/{draft.json()['id']}/submission"
    refused = await client.act(path, draft.headers["ETag"], status=409)
    assert refused.json()["code"] == "quota_not_confirmed"
    sharing = {"method": "sainte_lague", "measure": "staff"}
    path = f"/v1/quotas/{entered.json()['id']}/distribution"
    refused = await client.act(path, entered.headers["ETag"], sharing, 409)
    assert refused.json()["code"] == "quota_not_confirmed"
    listed = (await client.get(f"/v1/conferences/{province['id']}/quotas")).json()
    assert [(row["seats"], row["nominee_limit"]) for row in listed] == [(0, 0)]


async def test_another_number_leaves_the_confirmed_one_in_force_until_it_is_confirmed(
    client: Client, scene: Scene, entered: httpx.Response, database: Database
) -> None:
    assert await read_confirmed_at(database, entered) is None
    await confirm_quota(client, entered)
    first = await read_confirmed_at(database, entered)
    for _ in range(3):
        await submit_nominee(client, scene.facts["province"], scene.facts["unit"], group=GROUP)
    changed = await change(client, entered, 1, "99")
    assert read(changed) == ("changed", 12, 12, 1)
    assert changed.json()["document"]["number"] == "88"
    less = await confirm_quota(client, changed)
    assert read(less) == ("confirmed", 1, 1, None)
    assert less.json()["misfit"]["nominated"] == 3
    assert first is not None
    assert await read_confirmed_at(database, entered) == first, "the first confirmation stays"


async def read_confirmed_at(database: Database, quota: httpx.Response) -> datetime | None:
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        return (await session.get_one(Quota, UUID(quota.json()["id"]))).confirmed_at


async def test_what_was_entered_is_withdrawn_or_entered_otherwise(
    client: Client, entered: httpx.Response
) -> None:
    """And what was confirmed before it still counts."""
    otherwise = await change(client, entered, 11, "89")
    assert read(otherwise) == ("entered", 0, 0, 11)
    assert read(await withdraw(client, entered)) == ("withdrawn", 0, 0, None)
    assert (await withdraw(client, entered, 409)).json()["params"]["state"] == "withdrawn"
    await confirm_quota(client, await change(client, entered, 10, "90"))
    await change(client, entered, 9, "91")
    assert read(await withdraw(client, entered)) == ("confirmed", 10, 10, None)


async def test_a_unit_of_another_day_is_not_said_to_be_unknown(client: Client, scene: Scene) -> None:
    body = {"code": "don-vi-moi", "name": "Đơn vị mới", "kind": "department", "valid_from": "2035-01-01"}
    unit = (await client.post("/v1/units", body)).json()["id"]
    path = f"/v1/conferences/{scene.facts['province']['id']}/quotas"
    quota = {"unit": unit, "group": GROUP, "seats": 1, "document": document("1")}
    refused = (await client.post(path, quota, 422)).json()
    assert (refused["code"], refused["params"]) == ("unit_not_on_day", {"day": "2020-06-01"})
    unknown = (await client.post(path, {**quota, "unit": scene.facts["province"]["id"]}, 422)).json()
    assert unknown["code"] == "unit_not_found"
