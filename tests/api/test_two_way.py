"""The two-way calculator: an answer that is its own proof, lots among cells, reasons, and limits."""

from typing import Any

import pytest

from api.two_way import SAMPLE_BODY
from tests.client import Client

PATH = "/v1/apportionments/two_way"


def _body(weights: list[list[int]], rows: list[int], columns: list[int], **more: Any) -> dict[str, Any]:
    return {
        "rows": [{"id": f"r{i}", "seats": seats} for i, seats in enumerate(rows)],
        "columns": [{"id": f"c{j}", "seats": seats} for j, seats in enumerate(columns)],
        "weights": weights,
        **more,
    }


async def _read_cells(client: Client, told: Any) -> list[list[int]]:
    """The seats of an answer, after its proof."""
    proof = (await client.post("/v1/verifications", told, 200)).json()
    assert proof["proven"], proof
    return [row["cells"] for row in told["rows"]]


async def test_the_example_is_decided_and_proven(client: Client) -> None:
    told = (await client.post(PATH, SAMPLE_BODY, 200)).json()
    assert told["status"] == "decided"
    assert await _read_cells(client, told) == [[1, 1], [2, 1]]


async def test_tied_cells_wait_for_a_lot(client: Client) -> None:
    told = (await client.post(PATH, _body([[5, 5], [5, 5]], [1, 1], [1, 1]), 200)).json()
    assert told["status"] == "lots_required"
    (group,) = told["tie"]["groups"]
    assert group["rows"] == {"r0": 1, "r1": 1}
    lots = group["cells"][::-1]
    settled = (await client.post(PATH, _body([[5, 5], [5, 5]], [1, 1], [1, 1], lots=lots), 200)).json()
    assert settled["tie"]["digest"] == told["tie"]["digest"]
    assert await _read_cells(client, settled) == [[1, 0], [0, 1]]
    for wrong, code in ((lots[1:], "two_way_lot_missing"), ([*lots, lots[0]], "two_way_lot_not_tied")):
        refused = (await client.post(PATH, _body([[5, 5], [5, 5]], [1, 1], [1, 1], lots=wrong), 422)).json()
        assert [error["code"] for error in refused["errors"]] == [code]


async def test_seats_that_fit_nowhere_are_explained(client: Client) -> None:
    told = (await client.post(PATH, _body([[5, 0], [1, 1], [1, 1]], [3, 1, 1], [2, 3]), 200)).json()
    assert told["status"] == "infeasible"
    assert told["impossible"] == {
        "side": "rows",
        "lines": ["r0"],
        "seats": 3,
        "across": ["c0"],
        "across_seats": 2,
    }
    assert (await client.post("/v1/verifications", told, 200)).json()["proven"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (_body([[1, 1]], [2], [1, 2]), "two_way_totals_differ", "/columns"),
        (_body([[1]], [2], [1, 1]), "two_way_shape_wrong", "/weights"),
        (_body([[1, 1]], [2_000_000], [10**6, 10**6]), "two_way_too_many_seats", "/rows"),
        (_body([[1] * 201], [201], [1] * 201), "too_many_items", "/columns"),
        (_body([[1, 10**15 + 1]], [2], [1, 1]), "too_large", "/weights/0/1"),
    ],
)
async def test_what_cannot_be_computed_is_refused(
    client: Client, body: dict[str, Any], code: str, pointer: str
) -> None:
    refused = (await client.post(PATH, body, 422)).json()
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in refused["errors"]]


async def test_the_largest_table_is_answered_at_once(client: Client) -> None:
    weights = [[10**14 + 7919 * i * j % 99991 for j in range(200)] for i in range(200)]
    told = (await client.post(PATH, _body(weights, [2000] * 200, [2000] * 200), 200)).json()
    assert told["status"] == "decided"
    assert [sum(cells) for cells in await _read_cells(client, told)] == [2000] * 200
