"""Fields, kinds of values, numbers, text: what a body may be made of."""

import json

import pytest

from tests.api.bad_input.sending import (
    MARK,
    calculate,
    calculation,
    problem,
    send,
    units,
)
from tests.client import Client
from tests.journeys.steps import Json, nominee, person


async def test_a_field_that_nobody_knows(client: Client, told: Json) -> None:
    body = nominee(
        told["units"]["cong-ty-vi-du-a-khanh-hoa"], person={**person(), "colour": MARK}, shade=MARK
    )
    answer = await send(client, f"{told['path']}/nominations", body)
    problem(answer, 422, "invalid_body", "/person/colour", "/shade")
    problem(await calculate(client, speed=1), 422, "invalid_body", "/speed")


async def test_a_parameter_that_nobody_knows_or_that_is_given_twice(client: Client) -> None:
    problem(await client.http.get("/v1/plans?colour=red"), 400, "invalid_parameters", "colour")
    problem(await client.http.get("/v1/units?kind=a&kind=b"), 400, "invalid_parameters", "kind")
    problem(await client.http.get("/v1/units?limit=many"), 400, "invalid_parameters", "limit")
    problem(await client.http.get("/v1/units?cursor=made-up"), 400, "cursor_invalid")


async def test_values_of_the_wrong_kind(client: Client, told: Json) -> None:
    wrong: dict[str, Json] = {
        "/seats": {"seats": "10"},
        "/units": {"units": {"a": 1}},
        "/units/0/floor": {"units": units({"floor": True})},
        "/units/0/weight": {"units": units({"weight": [1]})},
        "/method": {"method": MARK},
        "/units/0/id": {"units": units({"id": 7})},
    }
    for pointer, changed in wrong.items():
        problem(await calculate(client, **changed), 422, "invalid_body", pointer)
    body = nominee(
        MARK,
        person=person(born_on=20200101, birth_year="1980", direct_worker="yes", gender="both"),
        rank=1.5,
    )
    found = problem(
        await send(client, f"{told['path']}/nominations", json.dumps(body).encode()), 422, "invalid_body"
    )
    assert found["errors"][0]["pointer"] == "/rank"  # a fraction is refused while JSON is read
    del body["rank"]
    problem(
        await send(client, f"{told['path']}/nominations", body),
        422,
        "invalid_body",
        "/person/born_on",
        "/person/birth_year",
        "/person/gender",
        "/person/direct_worker",
        "/unit",
    )


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1.5", "1e5", "1e999999999", "9" * 5000])
async def test_numbers_that_are_no_plain_integers(client: Client, literal: str) -> None:
    for where in ("seats", "units/0/weight"):
        content = json.dumps(calculation()).replace('"seats": 10', f'"seats": {literal}')
        if where != "seats":
            content = json.dumps(calculation()).replace('"1234"', literal)
        answer = await client.http.post(
            "/v1/apportionments", content=content, headers={"Content-Type": "application/json"}
        )
        problem(answer, 422, "invalid_body", f"/{where}")
        assert answer.elapsed.total_seconds() < 1


@pytest.mark.parametrize(
    "weight", ["1e999999999", "NaN", "-1", "0x10", "1_000", "١٢", " 1", "1.", "9" * 200, "1/0", ""]
)
async def test_weights_that_are_no_decimals(client: Client, weight: str) -> None:
    answer = await calculate(client, units=units({"weight": weight}))
    problem(answer, 422, "invalid_body", "/units/0/weight")


async def test_negative_and_absurd_numbers(client: Client, told: Json) -> None:
    problem(await calculate(client, seats=-1), 422, "invalid_body", "/seats")
    problem(await calculate(client, seats=10**12), 422, "invalid_body", "/seats")
    problem(await calculate(client, units=units({"floor": -1})), 422, "invalid_body", "/units/0/floor")
    figures = {"as_of": "2020-01-01", "source": "Thử", "figures": {"staff": -5}}
    path = f"/v1/units/{told['units']['cong-ty-vi-du-a-khanh-hoa']}/figures"
    problem(await send(client, path, figures), 422, "invalid_body", "/figures/staff")
    figures["figures"] = {"staff": 999_999_999}
    problem(await send(client, path, figures), 422, "figures_faulty", "/figures/staff")
    draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"], rank=0)
    problem(await send(client, f"{told['path']}/nominations", draft), 422, "invalid_body", "/rank")


async def test_nesting_without_end(client: Client) -> None:
    deep = b'{"seats": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for path in ("/v1/apportionments", "/v1/plans"):
        answer = await send(client, path, deep)
        assert problem(answer, 422, answer.json()["code"])["code"] in {"json_too_deep", "plan_unreadable"}


async def test_a_key_that_is_given_twice(client: Client) -> None:
    content = b'{"method": "sainte_lague", "seats": 1, "seats": 2, "units": []}'
    answer = await send(client, "/v1/apportionments", content)
    assert "json_duplicate_key" in {e["code"] for e in problem(answer, 422, "invalid_body")["errors"]}


async def test_what_is_no_json(client: Client) -> None:
    problem(await send(client, "/v1/apportionments", b'{"seats": '), 400, "json_syntax")
    problem(await send(client, "/v1/apportionments", b"\xff\xfe{}"), 400, "not_utf8")
    problem(await send(client, "/v1/plans", b'{"title": "\xc3"}'), 422, "plan_unreadable")
    problem(await send(client, "/v1/apportionments", b""), 422, "invalid_body")
    answer = await send(client, "/v1/apportionments", b"{}", {"Content-Type": "text/plain"})
    problem(answer, 415, "unsupported_media_type")


async def test_text_that_cannot_be_stored_or_seen(client: Client, told: Json) -> None:
    for name in ("\u0000", "  ", "Người\u202eẩn", "dòng\nhai"):
        draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"], person=person(name=name))
        problem(await send(client, f"{told['path']}/nominations", draft), 422, "invalid_body", "/person/name")
    content = b'{"method": "sainte_lague", "seats": 1, "units": [{"id": "\\ud800", "weight": 1}]}'
    problem(await send(client, "/v1/apportionments", content), 422, "invalid_body", "/units/0/id")
