"""The split as a whole: one answer whatever the order, hands first, and input that cannot be right."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from domain.composition.solver.split_table import SplitRow
from domain.composition.split import format_millionths, split_partition
from domain.findings import Invalid
from service.texts import load_catalogue, translate_code
from tests.domain.composition.tables import assert_lawful, list_unit_cells, tables

ROWS = [
    SplitRow("Phường 1", 7, {"khmer": 12, "hoa": 6, "kinh": 80}),
    SplitRow("Phường 2", 5, {"khmer": 40, "hoa": 0, "kinh": 9}),
    SplitRow("Xã An Hiệp", 3, {"khmer": 25, "hoa": 2, "kinh": 30}),
]
COLUMNS = {"khmer": 6, "hoa": 1, "kinh": 8}


def _faults(
    rows: list[SplitRow], columns: dict[str, int], **kw: dict[str, dict[str, int]]
) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        split_partition(rows, columns, seed="s", **kw)
    assert all(error.code in load_catalogue() for error in refused.value.errors)
    return [(error.code, error.pointer) for error in refused.value.errors]


def test_a_unit_reads_its_places_beside_its_fair_share() -> None:
    result = split_partition(ROWS, COLUMNS, seed="2020-06-01")
    assert_lawful(ROWS, COLUMNS, result)
    cells = {cell.value: cell for cell in list_unit_cells(result, "Phường 2")}
    assert cells["hoa"].seats == 0
    assert cells["khmer"].seats + cells["kinh"].seats == 5
    assert abs(cells["khmer"].millionths - cells["khmer"].seats * 1_000_000) < 1_000_000
    assert cells["khmer"].fair_share == format_millionths(cells["khmer"].millionths)


def test_input_order_does_not_matter() -> None:
    draw = Random(3)
    for rows, columns in tables(60, first=300):
        mixed, values = draw.sample(rows, len(rows)), draw.sample(sorted(columns), len(columns))
        assert split_partition(mixed, {v: columns[v] for v in values}, seed="s") == split_partition(
            rows, columns, seed="s"
        )


def test_the_process_and_its_hash_seed_do_not_matter() -> None:
    code = (
        "from hashlib import sha256; from tests.domain.composition.tables import tables;"
        "from domain.composition.split import split_partition;"
        "print(sha256(repr([split_partition(r, c, seed='s') for r, c in tables(20)]).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(digests) == 1


def test_places_given_by_hand_come_first_and_the_rest_is_split_around_them() -> None:
    result = split_partition(ROWS, COLUMNS, seed="s", by_hand={"Phường 1": {"hoa": 1, "khmer": 0}})
    cells = {cell.value: cell for cell in list_unit_cells(result, "Phường 1")}
    assert [(cells[v].seats, cells[v].fair_share, cells[v].by_hand) for v in ("hoa", "khmer", "kinh")] == [
        (1, "1.000000", True),
        (0, "0.000000", True),
        (6, "6.000000", False),
    ]
    assert_lawful(ROWS, COLUMNS, result)


def test_hands_that_cannot_be_followed_are_pointed_at() -> None:
    assert _faults(ROWS, COLUMNS, by_hand={"Phường 9": {"hoa": 1}}) == [
        ("split_unit_unknown", "/by_hand/Phường 9")
    ]
    assert _faults(ROWS, COLUMNS, by_hand={"Phường 1": {"tay/nùng": 1}}) == [
        ("split_value_unknown", "/by_hand/Phường 1/tay~1nùng")
    ]
    assert _faults(ROWS, COLUMNS, by_hand={"Phường 2": {"hoa": 1}}) == [
        ("split_by_hand_out_of_range", "/by_hand/Phường 2/hoa")
    ]
    assert _faults(ROWS, COLUMNS, by_hand={"Phường 1": {"hoa": 2}}) == [
        ("split_by_hand_over_target", "/columns/hoa")
    ]
    short_of_seats = {"Phường 1": {"hoa": 1, "khmer": 2, "kinh": 3}}
    assert _faults(ROWS, COLUMNS, by_hand=short_of_seats) == [
        ("split_by_hand_off_seats", "/by_hand/Phường 1")
    ]


def test_figures_that_cannot_be_right_are_pointed_at() -> None:
    assert _faults([], {"yes": 0}) == [("split_empty", "")]
    assert _faults(ROWS, {"khmer": 6, "hoa": 1, "kinh": 9}) == [("split_off_seats", "/columns")]
    assert _faults([*ROWS, ROWS[0]], {**COLUMNS, "kinh": 15}) == [("split_unit_twice", "/rows/3/unit")]
    assert _faults([SplitRow("a", 1, {"tay": 3})], {"yes": 1}) == [
        ("split_value_unknown", "/rows/0/people/tay")
    ]
    assert _faults([SplitRow("a", 1, {"yes": -3})], {"yes": 1}) == [
        ("split_figure_out_of_range", "/rows/0/people/yes")
    ]
    assert _faults([SplitRow("a", 1, {"yes": 9}, 8)], {"yes": 1}) == [
        ("split_people_over_headcount", "/rows/0/people")
    ]
    assert _faults([SplitRow("a", -1, None), SplitRow("b", 2, None)], {"yes": 1}) == [
        ("split_figure_out_of_range", "/rows/0/seats")
    ]


def test_the_last_reachable_place_is_reached() -> None:
    """Six Hoa of Phường 1 and two of Xã An Hiệp: eight, and not one more."""
    columns = {"khmer": 4, "hoa": 8, "kinh": 3}
    assert_lawful(ROWS, columns, split_partition(ROWS, columns, seed="s"))


def test_who_holds_a_target_down_is_named() -> None:
    result = split_partition(ROWS, {"khmer": 3, "hoa": 9, "kinh": 3}, seed="s")
    (finding,) = result.findings
    assert finding.params == {
        "values": ["hoa"],
        "wanted": 9,
        "reachable": 8,
        "short": 1,
        "units": ["Phường 1", "Phường 2", "Xã An Hiệp"],
        "count": 3,
    }
    assert "9" in translate_code(finding.code, finding.params, "vi")


def test_a_unit_with_fewer_people_than_seats_is_named() -> None:
    result = split_partition(
        [SplitRow("a", 5, {"yes": 1, "no": 2}), SplitRow("b", 1, None)], {"yes": 3, "no": 3}, seed="s"
    )
    assert not result.feasible
    assert [(one.code, one.params.get("short")) for one in result.findings] == [
        ("split_unit_short", 2),
        ("split_by_seats", None),
    ]


def test_no_seats_at_all_are_split_as_none() -> None:
    result = split_partition(
        [SplitRow("a", 0, {"yes": 3, "no": 1}, 9), SplitRow("b", 0, None)], {"yes": 0, "no": 0}, seed="s"
    )
    assert [cell.fair_share for cell in result.list_cells()] == ["0.000000"] * 4


def test_the_example_in_the_docs_is_what_the_code_answers(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parents[3] / "docs" / "composition.md").read_text()
    code, told = (text.split(fence, 1)[1].split("```", 1)[0] for fence in ("```python\n", "```text\n"))
    exec(code, {})
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == told.splitlines()
