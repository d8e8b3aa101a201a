"""Ids, units and seats that do not exist, do not belong, or cannot be."""

from tests.api.bad_input.sending import (
    CONGRESS,
    MARK,
    NOBODY,
    calculate,
    problem,
    send,
    unit,
    units,
)
from tests.client import Client
from tests.journeys.steps import Json, document, nominee


async def test_ids_that_do_not_exist(client: Client, told: Json) -> None:
    for path in (
        "plans",
        "units",
        "conferences",
        "allocations",
        "nominations",
        "invitations",
        "quotas",
        "runs",
        "unit_imports",
    ):
        for name in (NOBODY, "1", "%00", MARK):
            answer = await client.http.get(f"/v1/{path}/{name}")
            problem(answer, 404, answer.json()["code"])
    path = f"{told['path']}/nominations"
    known = told["units"]["cong-ty-vi-du-a-khanh-hoa"]
    problem(await send(client, path, nominee(NOBODY)), 422, "unit_not_below_conference", "/unit")
    problem(await send(client, path, nominee(known, "nobodys")), 422, "group_unknown", "/group")
    problem(await send(client, path, nominee(known, person_id=NOBODY)), 422, "person_not_found", "/person_id")
    body = {"plan": NOBODY, "congress": CONGRESS, "unit": known, "tier": "grassroots"}
    answer = await send(client, "/v1/conferences", body)
    problem(answer, 422, "plan_not_found", "/plan")
    body["plan"] = told["plan"]["id"]
    answer = await send(client, "/v1/conferences", {**body, "unit": NOBODY})
    problem(answer, 422, "unit_not_found", "/unit")
    answer = await send(client, "/v1/conferences", {**body, "tier": "cosmic"})
    problem(answer, 422, "tier_unknown", "/tier")
    answer = await send(client, "/v1/conferences", {**body, "congress": "nobodys"})
    problem(answer, 422, "tier_not_of_congress", "/congress")
    answer = await send(client, "/v1/conferences", {**body, "name": "nobodys"})
    problem(answer, 422, "name_not_offered", "/name")
    answer = await send(client, f"{told['path']}/allocations", {"amends": NOBODY})
    problem(answer, 422, "amends_not_adopted", "/amends")
    given = {"unit": NOBODY, "group": "dien-hinh", "seats": 1, "document": document("1")}
    problem(await send(client, f"{told['path']}/quotas", given), 422, "unit_not_found", "/unit")


async def test_units_of_another_chain(client: Client, told: Json) -> None:
    body = {
        "plan": told["plan"]["id"],
        "congress": CONGRESS,
        "unit": told["units"]["bo-cong-thuong"],
        "tier": "sector",
    }
    problem(await send(client, "/v1/conferences", body), 409, "unit_not_in_congress", "/unit")
    draft = nominee(told["units"]["bo-cong-thuong"])
    path = f"{told['path']}/nominations"
    problem(await send(client, path, draft), 422, "unit_not_below_conference", "/unit")
    given = {
        "unit": told["units"]["bo-cong-thuong"],
        "group": "dien-hinh",
        "seats": 1,
        "document": document("1"),
    }
    answer = await send(client, f"{told['path']}/quotas", given)
    problem(answer, 409, "unit_not_in_congress", "/unit")


async def test_floors_over_the_seats_and_caps_under_them_are_told_with_a_repair(client: Client) -> None:
    for claims in (units({"floor": 6}, {"floor": 6}), units({"cap": 4}, {"cap": 4})):
        answer = await calculate(client, units=claims)
        assert (answer.status_code, answer.json()["status"]) == (200, "infeasible")
        assert answer.json()["repair"]


async def test_a_floor_over_the_cap(client: Client) -> None:
    answer = await calculate(client, units=units({"floor": 5, "cap": 4}, {}))
    problem(answer, 422, "claims_invalid", "/units/0/floor")


async def test_a_unit_that_is_named_twice(client: Client) -> None:
    answer = await calculate(client, units=units({"id": "x"}, {"id": "x"}))
    problem(answer, 422, "claims_invalid", "/units/1/id")


async def test_weights_of_zero_earn_no_seat(client: Client) -> None:
    answer = await calculate(client, seats=1, units=units({"weight": 0}, {"weight": 0}))
    assert (answer.status_code, answer.json()["status"]) == (200, "infeasible")
    assert answer.json()["repair"]
    answer = await calculate(client, seats=1, units=units({"weight": 0}, {"weight": "0.5"}))
    assert [each["seats"] for each in answer.json()["units"]] == [0, 1]


async def test_parameters_that_the_method_does_not_take(client: Client) -> None:
    problem(await calculate(client, c="1/x"), 422, "invalid_body", "/c")
    problem(await calculate(client, c="0.5"), 422, "apportionment_invalid", "/c")
    problem(await calculate(client, lots=["a", "b"]), 422, "lots_invalid", "/lots/0", "/lots/1")


async def test_units_that_cannot_be_founded(client: Client) -> None:
    wrong: dict[str, Json] = {
        "/kind": {"kind": "galaxy"},
        "/valid_to": {"valid_to": "2019-01-01"},
        f"/parents/{CONGRESS}": {"parents": {CONGRESS: "so-thu-nghiem"}},
        "/parents/nobodys": {"parents": {"nobodys": "tinh-khanh-hoa"}},
        "/predecessors": {"predecessors": [{"code": "nobodys", "share": 1}]},
    }
    for pointer, changed in wrong.items():
        problem(await send(client, "/v1/units", unit(**changed)), 422, "units_faulty", pointer)
    problem(
        await send(client, "/v1/units", unit(valid_from="2020-02-30")), 422, "invalid_body", "/valid_from"
    )
    taken = unit(code="tinh-khanh-hoa")
    answer = await send(client, "/v1/units", taken)
    problem(answer, answer.status_code, answer.json()["code"], "/code")
