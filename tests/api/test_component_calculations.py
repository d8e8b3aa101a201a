"""The calculator with components: parts, sentences and a proof for each unit."""

from typing import Any

import pytest

from service.calculations import MOST_UNITS
from tests.client import Client

PATH = "/v1/apportionments"
PARTY: list[dict[str, Any]] = [
    {
        "kind": "base",
        "each": 13,
        "merged": {"2": 24, "3": 35},
    },
    {"kind": "step", "measure": "weight", "every": 12_000, "rounding": "more_than_half"},
]


async def calculate(client: Client, body: dict[str, Any], language: str = "en") -> Any:
    """The answer, with its proof verified."""
    told = (await client.post(PATH, body, 200, headers={"Accept-Language": language})).json()
    proof = (await client.post("/v1/verifications", told["certificate"], 200)).json()
    assert proof["proven"], proof
    return told


async def test_the_components_alone_give_the_total(client: Client) -> None:
    units = [{"id": "a", "weight": 6_001}, {"id": "b", "weight": 6_000, "predecessors": 2}]
    told = await calculate(client, {"components": PARTY, "units": units})
    assert (told["status"], told["method"], told["seats"]) == ("decided", None, 38)
    assert [(one["seats"], one["parts"]) for one in told["units"]] == [(14, [13, 1]), (24, [24, 0])]
    assert [each["code"] for each in told["units"][1]["sentences"]] == [
        "component_base_merged",
        "component_step_not_counted",
        "components_give_total",
    ]


async def test_brackets_count_other_figures_and_the_method_shares_the_rest(client: Client) -> None:
    components = [
        {"kind": "fixed", "seats": {"a": 1}, "reason": "Quyết định số 1"},
        {"kind": "step", "measure": "people", "every": "1000", "to": 10_000},
        {"kind": "step", "measure": "people", "every": "3000", "above": 10_000},
    ]
    units = [
        {"id": "a", "weight": 3, "figures": {"people": 16_000}},
        {"id": "b", "weight": 1, "figures": {"people": "9999"}, "cap": 10},
    ]
    body = {"components": components, "units": units, "seats": 27, "method": "dhondt"}
    told = await calculate(client, body, "vi")
    assert (told["method"], told["seats"]) == ("dhondt", 27)
    assert [one["parts"] for one in told["units"]] == [[1, 10, 2, 4], [0, 9, 0, 1]]
    assert [each["detail"] for each in told["units"][0]["sentences"]][:2] == [
        "Đơn vị được ấn định 1 đại biểu: Quyết định số 1.",
        "Số liệu people của đơn vị là 16.000; chỉ tính phần trên 0 và đến 10.000: 10.000.",
    ]


async def test_a_tie_of_the_rest_waits_for_a_lot(client: Client) -> None:
    units = [{"id": "a", "weight": 5}, {"id": "b", "weight": 5}]
    body = {"components": [{"kind": "base", "each": 1}], "units": units, "seats": 3}
    told = (await client.post(PATH, body, 200)).json()
    assert (told["status"], told["tie"]["ids"], told["certificate"]) == ("lots_required", ["a", "b"], None)
    drawn = await calculate(client, {**body, "lots": ["b", "a"]})
    assert [one["seats"] for one in drawn["units"]] == [1, 2]
    wrong = (await client.post(PATH, {**body, "lots": ["b", "c"]}, 422)).json()
    assert {error["pointer"] for error in wrong["errors"]} <= {"/lots", "/lots/1"}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"components": []}, "/seats", "missing"),
        ({"units": [{"id": "a", "weight": 1, "base": 2}]}, "/units/0/base", "base_beside_components"),
        (
            {"components": [{"kind": "step", "measure": "weight", "every": 0}]},
            "/components/0/every",
            "step_not_positive",
        ),
        (
            {"components": [{"kind": "step", "measure": "weight", "every": 1, "above": 2, "to": 2}]},
            "/components/0/to",
            "bracket_empty",
        ),
        (
            {"components": [{"kind": "step", "every": 1, "measure": "people"}]},
            "/units/0/figures/people",
            "figure_missing",
        ),
        (
            {"components": [{"kind": "fixed", "seats": {"b": 1}, "reason": "x"}]},
            "/components/0/seats/b",
            "unit_not_found",
        ),
        (
            {"units": [{"id": f"u{n}", "weight": 1} for n in range(MOST_UNITS + 1)]},
            "/units",
            "components_for_too_many_units",
        ),
    ],
)
async def test_what_cannot_be_meant_is_refused_at_its_place(
    client: Client, change: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"components": PARTY, "units": [{"id": "a", "weight": 1}], **change}
    refused = (await client.post(PATH, body, 422)).json()
    assert (code, pointer) in {(error["code"], error["pointer"]) for error in refused["errors"]}
