"""The example files are imported without a finding, all four beside one another, and add up to the census."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from domain.figures import FigureRow, check_figures
from domain.units import UnitRow, check_rows
from service.formats.unit_files import parse_figures, parse_units, read_sheet

EXAMPLES = Path(__file__).parents[3] / "examples"
CONGRESSES = {
    "soc_trang": ("soc-trang-v",),
    "kim_bang": ("ha-nam-xii",),
    "khanh_hoa": ("khanh-hoa-v", "cong-thuong-iii"),
    "hai_phong": ("hai-phong-ix",),
}
CENSUS = "Tổng điều tra dân số và nhà ở 01/04/2019"


@cache
def units(place: str, name: str = "units") -> tuple[UnitRow, ...]:
    parsed = parse_units(
        read_sheet((EXAMPLES / place / f"{name}.csv").read_bytes(), "csv"), CONGRESSES[place]
    )
    assert parsed.findings == ()
    return parsed.rows


@cache
def figures(place: str) -> tuple[FigureRow, ...]:
    parsed = parse_figures(read_sheet((EXAMPLES / place / "figures.csv").read_bytes(), "csv"))
    assert parsed.findings == ()
    return parsed.rows


def everything() -> Iterator[UnitRow]:
    number = 0
    for place, name in [(place, "units") for place in CONGRESSES] + [("soc_trang", "successions")]:
        for row in units(place, name):
            number += 1
            yield UnitRow(
                number,
                row.code,
                row.name,
                row.kind,
                row.valid_from,
                row.valid_to,
                row.parents,
                row.codes,
                row.predecessors,
                row.made_up,
            )


def test_all_examples_fit_beside_one_another() -> None:
    assert check_rows(list(everything()), {}) == ()


@pytest.mark.parametrize("place", CONGRESSES)
def test_figures_fit_their_units_and_one_another(place: str) -> None:
    assert check_figures(figures(place), {row.code: row for row in units(place)}) == ()


@pytest.mark.parametrize(
    ("place", "kind", "number"),
    [
        ("soc_trang", "district", 11),
        ("soc_trang", "commune", 109),
        ("kim_bang", "commune", 18),
        ("hai_phong", "district", 15),
    ],
)
def test_the_places_are_those_of_the_census(place: str, kind: str, number: int) -> None:
    assert sum(row.kind == kind for row in units(place)) == number


@pytest.mark.parametrize(
    ("place", "top"), [("soc_trang", "tinh-soc-trang"), ("hai_phong", "thanh-pho-hai-phong")]
)
@pytest.mark.parametrize(
    "measure", ["population", "population.urban", "population.rural", "population.age_15_34"]
)
def test_districts_add_up_to_the_province(place: str, top: str, measure: str) -> None:
    known = {row.unit: row.figures[measure] for row in figures(place) if measure in row.figures}
    assert sum(known[row.code] for row in units(place) if row.kind == "district") == known[top]


def test_communes_add_up_to_their_districts() -> None:
    rows = units("soc_trang")
    people = {row.unit: row.figures["population"] for row in figures("soc_trang") if row.source == CENSUS}
    for district in (row for row in rows if row.kind == "district"):
        below = [row.code for row in rows if row.parents.get("soc-trang-v") == district.code]
        assert sum(people[code] for code in below) == people[district.code]


def test_what_is_not_from_the_census_says_that_it_is_made_up() -> None:
    for place in CONGRESSES:
        for row in figures(place):
            assert row.made_up == (row.source != CENSUS)
            assert row.made_up == ("giả định" in row.source)


def test_names_that_are_not_in_a_plan_say_that_they_are_made_up() -> None:
    rows = [row for place in CONGRESSES for row in units(place)]
    assert [row.code for row in rows if row.made_up != ("giả định" in row.name)] == []


def test_the_pilots_of_the_plans_are_there() -> None:
    codes = {row.code for place in CONGRESSES for row in units(place)}
    pilots = {"so-lao-dong-thuong-binh-va-xa-hoi", "cong-ty-xo-so-kien-thiet", "huyen-chau-thanh"}
    assert pilots | {"so-y-te", "quan-hong-bang"} <= codes


def test_the_trade_department_stands_under_two_superiors() -> None:
    (department,) = [row for row in units("khanh_hoa") if row.kind == "department"]
    assert department.parents == {"khanh-hoa-v": "tinh-khanh-hoa", "cong-thuong-iii": "bo-cong-thuong"}


def test_some_breakdowns_are_unknown_as_in_life() -> None:
    rows = [row for row in figures("soc_trang") if "staff" in row.figures]
    without = [row for row in rows if "staff.direct_workers" not in row.figures]
    assert len(without) > len(rows) / 2
    reported = {row.unit for row in rows}
    assert any(row.kind == "commune" and row.code not in reported for row in units("soc_trang"))
