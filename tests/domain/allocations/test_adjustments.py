"""Adjusting seats by hand: never below none, beyond the plan's bounds with a warning, and in balance."""

import pytest

from domain.allocations.adjustments import (
    AdjustedSeats,
    check_bounds,
    expect_balance,
    expect_no_negative_seats,
)
from domain.findings import Conflict, Invalid, Severity


def adjusted(by: int, group: str = "g") -> AdjustedSeats:
    """Four seats, adjusted; the plan has three to five."""
    return AdjustedSeats(group, 4, by, floor=3, cap=5)


def test_no_adjustment_takes_more_seats_than_there_are() -> None:
    expect_no_negative_seats(adjusted(-4))
    with pytest.raises(Invalid) as refused:
        expect_no_negative_seats(adjusted(-5))
    (error,) = refused.value.errors
    assert (error.code, error.params, error.pointer) == (
        "adjustment_below_zero",
        {"computed": 4},
        "/adjustment",
    )


@pytest.mark.parametrize(
    ("by", "found"),
    [
        (-2, [("adjusted_below_floor", {"floor": 3})]),
        (-1, []),
        (1, []),
        (2, [("adjusted_above_cap", {"cap": 5})]),
    ],
)
def test_an_adjustment_beyond_the_bounds_is_a_warning(by: int, found: list[tuple[str, object]]) -> None:
    findings = check_bounds(adjusted(by))
    assert [(each.code, each.params) for each in findings] == found
    assert all(each.severity is Severity.WARNING for each in findings)


def test_without_a_cap_there_is_no_bound_above() -> None:
    assert check_bounds(AdjustedSeats("g", 4, 1000, floor=3, cap=None)) == []


def test_adjustments_leave_each_group_its_number() -> None:
    expect_balance([adjusted(2), adjusted(-2), adjusted(1, "h"), adjusted(-1, "h")])
    with pytest.raises(Conflict) as refused:
        expect_balance([adjusted(2), adjusted(-2, "h"), adjusted(0, "i")])
    assert [each.params for each in refused.value.errors] == [
        {"group": "g", "by": 2},
        {"group": "h", "by": -2},
    ]
