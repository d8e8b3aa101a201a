"""Groups whose total is the outcome of their components, from the plan to the adopted quotas.

The tables are computed by hand, with units exactly on each boundary of the rule. The Party's rule is decision
341-QĐ/TW of 2025 (one seat for each 12,000 members, a remainder counts above one half); the council's is law
77/2015/QH13, article 18.1, as amended by law 47/2019/QH14 (50 seats up to a million people, one more for each
70,000 above, 85 at most).
"""

from typing import Any

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import CHAIN, plan, publish_plan
from tests.journeys.steps import (
    Json,
    adopt_allocation,
    codes,
    compute_allocation,
    map_quotas,
    open_conference,
)

ENGLISH = {"Accept-Language": "en"}

PARTY: list[Json] = [
    {"kind": "base", "each": 13, "merged": {"2": 24, "3": 35}, "clause": "i"},
    {"kind": "step", "measure": "staff", "every": "12000", "rounding": "more_than_half", "clause": "i"},
]
COUNCIL: list[Json] = [
    {"kind": "base", "each": 50, "clause": "i"},
    {"kind": "step", "measure": "population", "every": "70000", "above": "1000000", "clause": "i"},
]
BRACKETS: list[Json] = [
    {"kind": "step", "measure": "population", "every": "1000", "to": "10000", "clause": "i"},
    {"kind": "step", "measure": "population", "every": "3000", "above": "10000", "clause": "i"},
]
ROUNDED: list[Json] = [
    {"kind": "step", "measure": "staff", "every": "12000", "rounding": rounding, "clause": "i"}
    for rounding in ("down", "up", "half_up", "more_than_half", "half_even")
]

UNITS: dict[str, tuple[int, int, int]] = {
    # code: (staff, population, earlier units)
    "nua": (6_000, 1_000_000, 1),  # exactly half a step; exactly a million
    "hon-nua": (6_001, 1_069_999, 1),
    "mot": (12_000, 1_070_000, 1),
    "mot-ruoi": (18_000, 999, 1),
    "hai-cu": (78_000, 1_000, 2),  # six steps and exactly half of one
    "hai-cu-them": (78_001, 9_999, 2),
    "ba-cu": (150_000, 10_000, 3),
    "ba-cu-them": (150_001, 12_999, 3),
    "tran": (0, 3_450_000, 1),
    "tren-tran": (11_999, 3_520_000, 1),
    "bac-hai": (24_000, 13_000, 1),
}
BY_HAND: dict[str, tuple[list[Json], dict[str, Any], dict[str, list[int]]]] = {
    "the Party": (
        PARTY,
        {},
        {
            "nua": [13, 0],
            "hon-nua": [13, 1],
            "mot": [13, 1],
            "mot-ruoi": [13, 1],
            "hai-cu": [24, 6],
            "hai-cu-them": [24, 7],
            "ba-cu": [35, 12],
            "ba-cu-them": [35, 13],
            "tran": [13, 0],
            "tren-tran": [13, 1],
            "bac-hai": [13, 2],
        },
    ),
    "a council": (
        COUNCIL,
        {"cap": 85},
        {
            "nua": [50, 0],
            "hon-nua": [50, 0],
            "mot": [50, 1],
            **{code: [50, 0] for code in ("mot-ruoi", "hai-cu", "hai-cu-them", "ba-cu", "ba-cu-them")},
            "tran": [50, 35],
            "tren-tran": [50, 35],
            "bac-hai": [50, 0],
        },
    ),
    "brackets": (
        BRACKETS,
        {},
        {
            "nua": [10, 330],
            "hon-nua": [10, 353],
            "mot": [10, 353],
            "mot-ruoi": [0, 0],
            "hai-cu": [1, 0],
            "hai-cu-them": [9, 0],
            "ba-cu": [10, 0],
            "ba-cu-them": [10, 0],
            "tran": [10, 1_146],
            "tren-tran": [10, 1_170],
            "bac-hai": [10, 1],
        },
    ),
    "every rounding": (
        ROUNDED,
        {},
        {
            "nua": [0, 1, 1, 0, 0],
            "hon-nua": [0, 1, 1, 1, 1],
            "mot": [1, 1, 1, 1, 1],
            "mot-ruoi": [1, 2, 2, 1, 2],
            "hai-cu": [6, 7, 7, 6, 6],
            "hai-cu-them": [6, 7, 7, 7, 7],
            "ba-cu": [12, 13, 13, 12, 12],
            "ba-cu-them": [12, 13, 13, 13, 13],
            "tran": [0, 0, 0, 0, 0],
            "tren-tran": [0, 1, 1, 1, 1],
            "bac-hai": [2, 2, 2, 2, 2],
        },
    ),
}


def write_plan(components: list[Json], bounds: Json, **group: Any) -> Json:
    """A plan whose only group has the total of its components; the conference has no number of its own."""
    body = plan(targets=[])
    tier = {key: value for key, value in body["tiers"][0].items() if key not in ("cap", "selection")}
    units, guests = tier["seat_groups"]
    kept = {key: value for key, value in units.items() if key not in ("seats", "nominee_limit")}
    bloc = {"id": "xa", "name": "Các xã", "kinds": ["commune"], **bounds}
    counted = {**kept, "total": "components", "components": components, "blocs": [bloc], **group}
    return {**body, "tiers": [{**tier, "seat_groups": [counted, guests]}, *body["tiers"][1:]]}


async def found_unit(client: Client, code: str, before: list[Json], day: str = "2025-07-01") -> str:
    body = {
        "code": code,
        "name": f"Đơn vị {code}",
        "kind": "commune",
        "valid_from": day,
        "parents": {CHAIN: "tinh"},
        "predecessors": before,
    }
    founded: str = (await client.post("/v1/units", body)).json()["id"]
    return founded


async def report_figures(client: Client, unit: str, day: str, **figures: int) -> None:
    body = {"as_of": day, "source": "Thử nghiệm", "figures": figures}
    await client.post(f"/v1/units/{unit}/figures", body)


async def close_units(client: Client, ids: list[str]) -> None:
    for one in ids:
        tag = (await client.get(f"/v1/units/{one}")).headers["ETag"]
        await client.act(f"/v1/units/{one}/closure", tag, {"last": "2025-06-30"})


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Units on every boundary, some formed from others that have ended; no plan yet."""

    async def load(client: Client) -> Json:
        top = {"code": "tinh", "name": "Tỉnh", "kind": "province", "valid_from": "2020-01-01"}
        province = (await client.post("/v1/units", top)).json()["id"]
        ministry = {"code": "bo", "name": "Bộ", "kind": "central_agency", "valid_from": "2020-01-01"}
        await client.post("/v1/units", ministry)
        return {"province": province}

    return load


async def found_all_units(client: Client) -> dict[str, str]:
    ids = {}
    for code, (staff, population, earlier) in UNITS.items():
        names = [f"{code}-cu-{n}" for n in range(earlier)] if earlier > 1 else []
        old = [await found_unit(client, name, [], "2020-01-01") for name in names]
        ids[code] = await found_unit(client, code, [{"code": name, "share": 1} for name in names])
        await close_units(client, old)
        await report_figures(client, ids[code], "2029-12-31", staff=staff, population=population)
    return ids


@pytest.mark.parametrize("rule", BY_HAND)
async def test_every_unit_has_what_a_hand_computes(client: Client, scene: Scene, rule: str) -> None:
    components, bounds, by_hand = BY_HAND[rule]
    published = await publish_plan(client, write_plan(components, bounds))
    ids = await found_all_units(client)
    conference = await open_conference(client, published, CHAIN, scene.facts["province"], "tinh")
    allocation = await compute_allocation(client, conference)
    assert allocation.json()["state"] == "decided"
    rows = (await client.get(f"/v1/allocations/{allocation.json()['id']}/seats")).json()
    assert {row["unit"]["code"]: row["parts"] for row in rows} == by_hand
    assert {row["unit"]["code"]: row["seats"] for row in rows} == {
        code: sum(parts) for code, parts in by_hand.items()
    }
    certificate = (await client.get(f"/v1/allocations/{allocation.json()['id']}/certificate")).json()
    assert (await client.post("/v1/verifications", certificate, 200)).json()["proven"]
    path = f"/v1/allocations/{allocation.json()['id']}/explanations?unit={ids['hai-cu']}"
    [told] = (await client.get(path, headers=ENGLISH)).json()
    assert codes(told["sentences"])[-1] == "components_give_total"
    await adopt_allocation(client, allocation, "1")
    quotas = await map_quotas(client, conference)
    assert {code: quota["seats"] for code, quota in quotas.items()} == {
        code: sum(parts) for code, parts in by_hand.items()
    }


async def test_a_merged_unit_takes_over_the_sum_of_its_predecessors(client: Client, scene: Scene) -> None:
    published = await publish_plan(client, write_plan(PARTY, {}))
    old = [await found_unit(client, code, [], "2020-01-01") for code in ("cu-a", "cu-b")]
    for one, staff in zip(old, (6_000, 11_999), strict=True):
        await report_figures(client, one, "2024-12-31", staff=staff)
    new = await found_unit(client, "moi", [{"code": "cu-a", "share": 1}, {"code": "cu-b", "share": "0.5"}])
    await close_units(client, old)
    conference = await open_conference(client, published, CHAIN, scene.facts["province"], "tinh")
    path = f"/v1/conferences/{conference['id']}/allocations"
    refused = (await client.post(path, {}, 409, headers=ENGLISH)).json()
    assert codes(refused["errors"]) == ["figure_unknown", "figures_of_predecessors"]
    offer = refused["errors"][1]
    assert offer["params"]["figures"] == {"staff": 12_000}  # 6,000 and 5,999.5
    assert "Staff 12,000" in offer["detail"]
    body = {name: offer["params"][name] for name in ("as_of", "source", "figures", "made_up")}
    assert body["source"].startswith("Cộng theo tỷ lệ từ số liệu của đơn vị cũ: Đơn vị cu-")
    await client.post(f"/v1/units/{new}/figures", body)
    [figure] = (await client.get(f"/v1/units/{new}?on=2030-01-01")).json()["figures"]
    assert (figure["value"], figure["source"], figure["as_of"]) == (12_000, body["source"], "2025-07-01")
    rows = await client.get(f"/v1/allocations/{(await client.post(path, {})).json()['id']}/seats")
    assert [row["parts"] for row in rows.json()] == [[24, 1]]


async def test_more_than_the_group_may_have_is_refused_with_both_numbers(
    client: Client, scene: Scene
) -> None:
    published = await publish_plan(client, write_plan(PARTY, {}, maximum=13))
    unit = await found_unit(client, "mot", [])
    await report_figures(client, unit, "2029-12-31", staff=12_000)
    conference = await open_conference(client, published, CHAIN, scene.facts["province"], "tinh")
    allocation = (await compute_allocation(client, conference)).json()
    assert allocation["state"] == "infeasible"
    [told] = [each for each in allocation["findings"] if each["code"] == "components_above_maximum"]
    assert (told["params"]["sum"], told["params"]["seats"]) == (14, 13)
