"""What a merged unit's predecessors reported: added up by shares, offered, and never counted by itself."""

from datetime import date
from fractions import Fraction

import pytest

from domain.allocations import expect_figures
from domain.allocations.inputs import UnitFigures
from domain.figures import InheritedFigures, PredecessorFigures, add_predecessors
from domain.findings import Conflict, Severity

DAY = date(2025, 7, 1)


def add(*parts: PredecessorFigures) -> InheritedFigures:
    return add_predecessors(parts, DAY, "Thử nghiệm")


def part(share: str, *, made_up: bool = False, **figures: int) -> PredecessorFigures:
    return PredecessorFigures(Fraction(share), figures, made_up)


def test_figures_are_added_up_by_the_shares_that_went_into_the_unit() -> None:
    assert add(part("1", staff=700), part("1/4", staff=400)).figures == {"staff": 800}


@pytest.mark.parametrize(("staff", "sum_"), [(800, 400), (801, 401), (803, 402)])
def test_one_half_is_rounded_up(staff: int, sum_: int) -> None:
    assert add(part("1/2", staff=staff)).figures == {"staff": sum_}


def test_less_than_a_half_is_rounded_down_and_only_at_the_end() -> None:
    assert add(part("1/3", staff=1)).figures == {"staff": 0}
    assert add(part("1/4", staff=1), part("1/4", staff=1)).figures == {"staff": 1}


def test_a_measure_that_one_predecessor_did_not_report_is_unknown() -> None:
    both = add(part("1", staff=5, population=90), part("1", population=10))
    assert both.figures == {"population": 100}
    assert both.offer(["staff"]) == {}
    assert add(part("1", staff=0), part("1", staff=3)).figures == {"staff": 3}


def test_what_was_made_up_stays_marked() -> None:
    assert add(part("1", staff=1), part("1", made_up=True, staff=1)).offer(["staff"]) == {
        "as_of": "2025-07-01",
        "source": "Thử nghiệm",
        "figures": {"staff": 2},
        "made_up": True,
    }


def test_the_offer_stands_beside_the_error_and_does_not_replace_it() -> None:
    merged = UnitFigures("a", "a", "A", "commune", {}, predecessors=2, inherited=add(part("1", staff=4)))
    told = UnitFigures("b", "b", "B", "commune", {"staff": 3}, inherited=add(part("1", staff=4)))
    assert merged.find_figure("staff") is None
    with pytest.raises(Conflict) as refused:
        expect_figures([merged, told], "staff", "g")
    assert refused.value.params == {"errors": 1}
    assert [(one.code, one.severity) for one in refused.value.errors] == [
        ("figure_unknown", Severity.ERROR),
        ("figures_of_predecessors", Severity.INFO),
    ]
    assert refused.value.errors[1].params["figures"] == {"staff": 4}
