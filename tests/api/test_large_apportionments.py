"""The calculator beyond what is computed at once: a run, the same answer, and no second one for a retry."""

from typing import Any

from api.apportionment_answers import build_apportionment_answer
from domain.apportionment import Claim, apportion_seats
from domain.apportionment.summaries import summarize_apportionment
from tests.client import Client

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
    at_once = build_apportionment_answer(summarize_apportionment(expected)).model_dump(mode="json")
    assert run["answer"] == at_once
    again = await client.post("/v1/apportionments", sent, 202)
    assert again.headers["Location"] == told.headers["Location"]


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
