"""The certificate of a split proves shares and places alone, and any change in it is seen."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from domain.composition.certificates import build_split_certificate
from domain.composition.overlapping_targets import TargetSeats, UnitStaff, split_targets
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import split_partition
from domain.verification import verify_proof
from service.texts import load_catalogue
from tests.domain.composition.tables import draw_hard_table, draw_wide_table, tables

ROWS = [
    SplitRow("Phường 1", 7, {"women": 64, "men": 56}),
    SplitRow("Phường 2", 5, {"women": 30, "men": 90}, 130),
    SplitRow("Xã 3", 3, {"women": 2, "men": 40}),
    SplitRow("Xã 4", 1, {"women": 9, "men": 9}),
    SplitRow("Xã 5", 4, None),
]
COLUMNS = {"women": 7, "men": 13}
BY_HAND = {"Phường 1": {"women": 4}}


def _certify(
    rows: list[SplitRow], columns: dict[str, int], hand: dict[str, dict[str, int]] | None = None
) -> dict[str, Any]:
    split = split_partition(rows, columns, seed="s", by_hand=hand)
    content: dict[str, Any] = json.loads(json.dumps(build_split_certificate(rows, columns, split, hand)))
    return content


def _list_codes(content: object) -> set[str]:
    codes = {finding.code for finding in verify_proof(content)}
    assert codes <= set(load_catalogue())
    return codes


def test_every_split_is_proven_and_every_unreachable_target_too() -> None:
    statuses = dict.fromkeys(("split", "infeasible"), 0)
    for rows, columns in [*tables(150), *(draw_hard_table(n, 2 + n % 4) for n in range(100))]:
        content = _certify(rows, columns)
        assert _list_codes(content) == set()
        statuses[content["status"]] += 1
    assert min(statuses.values()) > 20
    assert _list_codes(_certify(ROWS, COLUMNS, BY_HAND)) == set()


def test_a_unit_with_fewer_people_than_seats_is_proven() -> None:
    rows = [SplitRow("a", 5, {"yes": 1, "no": 2}), SplitRow("b", 1, {"yes": 4, "no": 4})]
    assert _list_codes(_certify(rows, {"yes": 3, "no": 3})) == set()


def _prove_wide_tables(first: int, count: int) -> None:
    for seed in range(first, first + count):
        rows, columns = draw_wide_table(seed)
        content = _certify(rows, columns)
        assert (content["status"], _list_codes(content)) == ("split", set()), f"seed {seed}"


def test_figures_that_lie_very_far_apart_are_proven() -> None:
    _prove_wide_tables(0, 60)
    for seed in (193, 2993, 4973, 6906, 19094):  # those that need the most evaluations
        _prove_wide_tables(seed, 1)


@pytest.mark.oracles
def test_thousands_of_tables_whose_figures_lie_very_far_apart_are_proven() -> None:
    _prove_wide_tables(Random().randrange(10**9), 2_000)


def test_seats_by_the_million_are_proven() -> None:
    rows = [SplitRow(unit, 3 * 10**8, {"x": n, "y": 10**11}) for unit, n in (("a", 10**10), ("b", 10**11))]
    assert _list_codes(_certify(rows, {"x": 10**8, "y": 5 * 10**8})) == set()


def test_seats_exchanged_between_two_units_are_seen() -> None:
    """Margins, floors and ceilings still hold, but the table is not the nearest."""
    found = 0
    for seed in range(60):
        rows, columns = draw_hard_table(seed, 2)
        content = _certify(rows, columns)
        up, down = _find_exchange(content)
        if up and down:
            for row, step in ((up, -1), (down, 1)):
                row["places"]["v0"] += step
                row["places"]["v1"] -= step
            assert _list_codes(content) == {"certificate_places_not_nearest"}
            found += 1
    assert found > 10


def _find_exchange(content: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """A row whose v0 is rounded up and one where it is rounded down."""
    up = down = None
    for row in content["rows"]:
        whole, part = row["shares"]["v0"].split(".")
        if part != "000000":
            up, down = (row, down) if row["places"]["v0"] > int(whole) else (up, row)
    return up, down


def test_shares_of_a_search_that_had_not_ended_are_refused() -> None:
    rows = [SplitRow("a", 3, {"women": 2, "men": 3}), SplitRow("b", 20, {"women": 15, "men": 34})]
    content = _certify(rows, {"women": 15, "men": 8})
    for row, women, men in zip(content["rows"], (1, 14), (2, 6), strict=True):
        row["shares"] = {"women": f"{women}.000000", "men": f"{men}.000000"}
        row["places"] = {"women": women, "men": men}
    assert _list_codes(content) == {"certificate_share_wrong"}
    content["factors"] = {"women": "1", "men": "1"}
    assert "certificate_factors_wrong" in _list_codes(content)


def _call_infeasible(content: dict[str, Any], short: list[str]) -> None:
    content.update(status="infeasible", short=short)
    for name in ("factors", "tight", "fixed_by_seats"):
        del content[name]
    for row in content["rows"]:
        del row["shares"], row["places"]


CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "a place": ("certificate_margin_wrong", lambda c: c["rows"][0]["places"].update(women=5)),
    "a place far off": ("certificate_places_wrong", lambda c: c["rows"][0]["places"].update(women=0, men=7)),
    "a share": ("certificate_share_wrong", lambda c: c["rows"][1]["shares"].update(women="2.000000")),
    "a figure": ("certificate_factors_wrong", lambda c: c["rows"][2]["people"].update(women=20)),
    "what the units can just give": ("certificate_reach_wrong", lambda c: c.update(tight=[["women"]])),
    "how figures are missing": (
        "certificate_reach_wrong",
        lambda c: c.update(fixed_by_seats=False, short=["women"]),
    ),
    "a share of a millionth": (
        "certificate_margin_wrong",
        lambda c: c["rows"][3]["shares"].update(women="0.497864"),
    ),
    "status": ("certificate_reach_wrong", lambda c: _call_infeasible(c, ["women"])),
    "status alone": ("certificate_malformed", lambda c: c.update(status="infeasible", short=["women"])),
    "a set that is no reason": ("certificate_malformed", lambda c: c.update(tight=[[]])),
    "no factors": ("certificate_malformed", lambda c: c.pop("factors")),
    "an empty power": ("certificate_malformed", lambda c: c["factors"].update(women="1e")),
    "a negative factor": ("certificate_malformed", lambda c: c["factors"].update(women="-1")),
    "a unit twice": ("certificate_malformed", lambda c: c["rows"].insert(0, c["rows"][0])),
    "no seed": ("certificate_malformed", lambda c: c.pop("seed")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(name: str) -> None:
    code, change = CHANGES[name]
    content = _certify(ROWS, COLUMNS)
    change(content)
    assert code in _list_codes(content)


def test_whatever_is_sent_is_answered() -> None:
    draw = Random(5)
    plain: list[object] = [None, True, -1, 10**30, "", "x", "1e99999", [], {}, [["women"]], {"women": 1}]
    for _ in range(600):
        content: Any = deepcopy(_certify(ROWS, COLUMNS))
        inner: Any = draw.choice(
            [content, content["rows"][0], content["factors"], content["rows"][1]["people"]]
        )
        inner[draw.choice(sorted(inner))] = draw.choice(plain)
        verify_proof(content)


def test_a_split_changed_by_the_guard_has_no_certificate() -> None:
    units = [UnitStaff(f"u{n}", 1, {"khmer": 5, "women": 5}, 10) for n in range(4)]
    asks = [TargetSeats("khmer", 2), TargetSeats("women", 2)]
    found = split_targets(units, asks, seed="s", limit=1).splits
    assert [split.proof is None for split in found.values()] == [False, True]
    with pytest.raises(ValueError, match="no proof"):
        build_split_certificate([], {}, found["women"])
