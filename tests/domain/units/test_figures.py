"""Figures: unknown is not zero, parts fit their wholes, each number has a unit, a day and a source."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.figures import FigureRow, check_figures
from domain.findings import Severity
from domain.units import UnitRow

DAY = date(2019, 12, 31)
UNITS = {"so": UnitRow(2, "so", "Sở", "department", date(2019, 4, 1), date(2025, 6, 30))}


def row(
    number: int = 2, *, unit: str = "so", as_of: date = DAY, source: str = "BM01", **figures: int
) -> FigureRow:
    return FigureRow(number, unit, as_of, source, {key.replace("__", "."): n for key, n in figures.items()})


def told(*rows: FigureRow) -> list[tuple[object, object, str]]:
    findings = check_figures(rows, UNITS)
    return [(finding.params["row"], finding.params["column"], finding.code) for finding in findings]


def test_sound_figures_have_no_findings() -> None:
    assert told(row(staff=40, staff__women=18, staff__sector__state=40)) == []


def test_a_written_zero_is_zero_and_an_absent_figure_is_not() -> None:
    assert told(row(staff=40, staff__sector__state=0, staff__sector__private=40)) == []
    assert told(row(staff=0, staff__women=1)) == [(2, "staff.women", "figure_part_exceeds")]
    assert told(row(staff__women=1)) == [(2, "staff.women", "figure_whole_unknown")]


@pytest.mark.parametrize(
    ("figures", "column", "code"),
    [
        ({"staff": -1}, "staff", "figure_negative"),
        ({"staff": 10_000_001}, "staff", "figure_absurd"),
        ({"population": 200_000_001}, "population", "figure_absurd"),
        ({"staff": 5, "staff__woman": 2}, "staff.woman", "figure_measure_unknown"),
        ({"staff": 5, "staff__ethnic__55": 2}, "staff.ethnic.55", "figure_measure_unknown"),
        ({"staff": 5, "staff__women": 6}, "staff.women", "figure_part_exceeds"),
        (
            {"staff": 5, "staff__ethnic__01": 4, "staff__ethnic__05": 2},
            "staff.ethnic.05",
            "figure_parts_exceed",
        ),
        (
            {"population": 9, "population__urban": 5, "population__rural": 3},
            "population.rural",
            "figure_parts_short",
        ),
        (
            {"staff": 9, "staff__ethnic_minority": 1, "staff__ethnic__05": 2},
            "staff.ethnic.05",
            "figure_parts_exceed",
        ),
    ],
)
def test_what_does_not_add_up(figures: dict[str, Any], column: str, code: str) -> None:
    assert told(row(2, **figures)) == [(2, column, code)]


def test_some_of_the_sectors_may_be_unknown() -> None:
    assert told(row(staff=40, staff__sector__state=10, staff__sector__private=5)) == []


def test_kinh_is_no_minority() -> None:
    assert told(row(staff=40, staff__ethnic_minority=5, staff__ethnic__01=35, staff__ethnic__05=5)) == []


def test_a_unit_must_exist_and_be_there_on_the_day() -> None:
    assert told(row(unit="khong-co", staff=1)) == [(2, "unit", "figure_unit_unknown")]
    (finding,) = check_figures([row(as_of=date(2019, 3, 31), staff=1)], UNITS)
    assert (finding.code, finding.severity) == ("figure_outside_validity", Severity.WARNING)


def unread(plain: FigureRow, *columns: str) -> FigureRow:
    return replace(plain, unread=frozenset(columns))


def test_a_row_is_judged_by_what_could_be_read_and_by_nothing_else() -> None:
    assert told(unread(row(unit="khong-co", as_of=date.min, staff=-1), "as_of")) == [
        (2, "staff", "figure_negative"),
        (2, "unit", "figure_unit_unknown"),
    ]
    assert told(unread(row(unit="", source="", staff=1), "unit", "source")) == []
    assert told(unread(row(staff__women=4), "staff")) == []
    assert told(unread(row(), "staff")) == []


def test_one_source_tells_of_a_unit_and_a_day_in_one_row() -> None:
    assert told(row(2, population=100), row(3, staff=9)) == [(3, "source", "figure_source_repeated")]


def test_figures_have_a_source() -> None:
    assert told(row(source="", staff=1)) == [(2, "source", "figure_source_missing")]


def test_a_source_is_a_name_and_no_essay() -> None:
    assert told(row(source="x" * 501, staff=1)) == [(2, "source", "figure_source_long")]


def test_a_row_without_figures_is_told() -> None:
    assert told(row()) == [(2, "unit", "figure_none")]


def test_two_sources_may_share_a_day_but_not_a_measure() -> None:
    assert told(row(2, population=100), row(3, source="BM02", staff=9)) == []
    assert told(row(2, staff=9), row(3, source="BM02", staff=9)) == [(3, "staff", "figure_repeated")]


def test_parts_are_held_against_the_whole_of_another_source() -> None:
    assert told(row(2, staff=9), row(3, source="BM02", staff__women=10)) == [
        (3, "staff.women", "figure_part_exceeds")
    ]
