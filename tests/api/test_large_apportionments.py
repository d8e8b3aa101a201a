"""The calculator beyond what is computed at once: a run, the same answer, and no second one for a retry."""

from typing import Any

from domain.apportionment import Claim, apportion_seats
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
    assert run["answer"]["status"] == expected.status
    assert {unit["id"]: unit["seats"] for unit in run["answer"]["units"]} == expected.by_id
    again = await client.post("/v1/apportionments", sent, 202)
    assert again.headers["Location"] == told.headers["Location"]


async def test_what_cannot_be_right_fails_the_run_with_its_reason(client: Client) -> None:
    sent = body()
    sent["units"][7]["floor"] = 10
    told = await client.post("/v1/apportionments", sent, 202, headers={"Prefer": "wait=60"})
    run = (await client.get(told.headers["Location"])).json()
    assert (run["state"], run["problem"]["code"]) == ("failed", "claims_invalid")
    assert [error["pointer"] for error in run["problem"]["errors"]] == ["/units/7/floor"]
