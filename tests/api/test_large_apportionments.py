"""The calculator beyond what is computed at once: a run, the same answer, and no second one for a retry."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.app import create_app
from api.apportionment_answers import build_apportionment_answer
from api.apportionments import MAX_UNITS, MOST_INLINE_UNITS
from db.columns import now
from db.runs import delete_ended_calculations
from db.session import AsyncSession, Database
from domain.access import Actor
from domain.apportionment import Claim, apportion_seats
from domain.apportionment.summaries import summarize_apportionment
from domain.runs import CALCULATION_LIFE, MOST_KEPT_CALCULATIONS
from service.texts import Translator
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, connect_client

pytestmark = pytest.mark.slow

UNITS = 20_001


def body(**more: Any) -> dict[str, Any]:
    """More units than are computed at once."""
    units = [{"id": f"u{n}", "weight": 1000 + 7919 * n % 99991, "cap": 9} for n in range(UNITS)]
    return {"method": "sainte_lague", "seats": 50_000, "units": units, **more}


async def test_a_large_calculation_is_a_run_with_the_same_answer(client: Client) -> None:
    sent = body()
    told = await client.post("/v1/apportionments", sent, 202, headers={"Prefer": "wait=60"})
    run = (await client.get(told.headers["Location"])).json()
    assert run["state"] == "done"
    claims = [Claim(unit["id"], unit["weight"], cap=9) for unit in sent["units"]]
    expected = apportion_seats(50_000, claims)
    at_once = build_apportionment_answer(summarize_apportionment(expected), Translator("vi")).model_dump(
        mode="json"
    )
    assert run["answer"] == at_once
    again = await client.post("/v1/apportionments", sent, 202)
    assert again.headers["Location"] == told.headers["Location"]


async def test_a_calculation_in_a_process_has_the_answer_and_the_refusals_of_one_at_once(
    client: Client,
) -> None:
    units = body()["units"][: MOST_INLINE_UNITS + 1]
    sent = {"method": "sainte_lague", "seats": 1_000, "units": units}
    claims = [Claim(unit["id"], unit["weight"], cap=9) for unit in units]
    expected = build_apportionment_answer(
        summarize_apportionment(apportion_seats(1_000, claims)), Translator("vi")
    )
    answered = await client.post("/v1/apportionments", sent, 200)
    assert answered.json() == expected.model_dump(mode="json")
    units[7]["floor"] = 10
    refused = await client.post("/v1/apportionments", sent, 422)
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/units/7/floor"]


async def test_what_cannot_be_right_fails_the_run_with_its_reason(client: Client) -> None:
    sent = body()
    sent["units"][7]["floor"] = 10
    told = await client.post("/v1/apportionments", sent, 202, headers={"Prefer": "wait=60"})
    run = (await client.get(told.headers["Location"])).json()
    assert (run["state"], run["problem"]["code"]) == ("failed", "claims_invalid")
    (error,) = run["problem"]["errors"]
    assert error["pointer"] == "/units/7/floor"
    assert (run["problem"]["detail"], error["detail"]) == (
        "Số liệu của các đơn vị không hợp lệ.",
        "Đơn vị u7: số tối thiểu 10 lớn hơn số tối đa 9.",
    )


async def test_a_wrong_rule_is_refused_whatever_the_number_of_units(client: Client) -> None:
    sent = body(method="stationary")
    for units in (sent["units"], sent["units"][:3]):
        refused = (await client.post("/v1/apportionments", {**sent, "units": units}, 422)).json()
        assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("c_missing", "/c")]


def without_role(_request: object) -> Actor:
    """Somebody who is known, and has no role."""
    return Actor("stranger", "stranger")


async def test_a_caller_without_a_role_sees_the_own_calculation_and_nobody_elses(
    app: FastAPI, client: Client, database: Database, vault: Vault
) -> None:
    """It was stored for ever, and its `Location` answered 403 to whoever had sent it."""
    foreign = await client.post("/v1/apportionments", body(seats=7), 202)
    async with connect_client(create_app(SETTINGS, database, vault, without_role)) as stranger:
        told = await stranger.post("/v1/apportionments", body(), 202, headers={"Prefer": "wait=60"})
        run = (await stranger.get(told.headers["Location"])).json()
        assert run["state"] == "done"
        unseen = await stranger.get(foreign.headers["Location"], 404)
    assert unseen.json()["code"] == "run_not_found"


async def test_more_units_than_may_be_are_refused_before_any_is_looked_at(client: Client) -> None:
    sent = {"method": "dhondt", "seats": 1, "units": [{"odd": 1}] * (MAX_UNITS + 1)}
    refused = await client.post("/v1/apportionments", sent, 422)
    assert [(each["code"], each["pointer"]) for each in refused.json()["errors"]] == [
        ("too_many_items", "/units")
    ]


async def test_a_third_unfinished_calculation_has_to_wait(database: Database, vault: Vault) -> None:
    """Nobody keeps the service busy alone; many at once are counted one after another."""
    app = create_app(SETTINGS, database, vault, without_role)
    async with connect_client(app, with_worker=False) as stranger:

        async def send(seats: int) -> httpx.Response:
            headers = {"Prefer": "wait=0"}
            return await stranger.http.post("/v1/apportionments", json=body(seats=seats), headers=headers)

        answers = await asyncio.gather(*map(send, range(1, 6)))
        assert sorted(each.status_code for each in answers) == [202, 202, 429, 429, 429]
        refused = next(each for each in answers if each.status_code == 429)
        assert refused.json()["code"] == "calculations_unfinished"
        assert refused.headers["Retry-After"] == "10"
        run = next(each.headers["Location"] for each in answers if each.status_code == 202)
        assert (await stranger.post(f"{run}/cancellation")).json()["state"] == "cancelled"
        seats = 1 + [each.headers.get("Location") for each in answers].index(run)
        again = await send(seats)
        assert again.status_code == 202, "a cancelled one makes room, and may be started anew"
        assert again.headers["Location"] != run


async def test_ended_calculations_are_kept_for_a_day_and_so_many(client: Client, database: Database) -> None:
    told = await client.post("/v1/apportionments", body(), 202, headers={"Prefer": "wait=60"})
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        await connection.execute(
            text(
                "INSERT INTO run SELECT (jsonb_populate_record(run,"
                " jsonb_build_object('id', gen_random_uuid()))).* FROM run, generate_series(2, :kept)"
            ),
            {"kept": MOST_KEPT_CALCULATIONS},
        )
    refused = await client.post("/v1/apportionments", body(seats=3), 429)
    assert refused.json()["code"] == "calculations_kept"
    async with database.transaction(Actor.for_service()) as session:
        assert await delete_ended_calculations(session, now() - CALCULATION_LIFE, 100) == 0
        later = now() + timedelta(seconds=1)
        assert await delete_ended_calculations(session, later, 5) == 5
        assert await count_inputs(session) == 1
        assert await delete_ended_calculations(session, later, 100) == MOST_KEPT_CALCULATIONS - 5
        assert await count_inputs(session) == 0
    await client.get(told.headers["Location"], 404)
    await client.post("/v1/apportionments", body(seats=3), 202)


async def count_inputs(session: AsyncSession) -> int:
    found = await (await session.connection()).execute(text("SELECT count(*) FROM snapshot"))
    return int(found.scalar_one())
