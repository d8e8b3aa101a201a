"""What a tier's groups become: components in order, blocs by their own measure, gaps by name."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allocations import AllocationInputs, UnitFigures, allocate_seats, read_inputs
from domain.allocations.inputs import amend_inputs, build_inputs
from domain.allocations.serialization import plain_inputs
from domain.figures import EQUAL_MEASURE
from domain.plans import BaseRule, Bloc, FixedRule, SeatComponent, SeatGroup, SharingRule, Tier
from domain.plans.seats import StepRule
from domain.plans.tiers import Cap
from domain.snapshots import encode_canonical


def unit(code: str, kind: str = "district", predecessors: int = 1, **known: int) -> UnitFigures:
    """A unit whose id is its code."""
    return UnitFigures(code, code, code.title(), kind, known, frozenset(), predecessors)


def bloc(id: str = "all", seats: int | None = 10, **more: Any) -> Bloc:  # noqa: A002
    """A bloc of districts by population."""
    return Bloc(
        **{"id": id, "name": id, "seats": seats, "measure": "population", "kinds": ("district",), **more}
    )


def group(*blocs: Bloc, seats: int | None = None, **more: Any) -> SeatGroup:
    """A group filled by units."""
    return SeatGroup(id="g", name="g", filled_by="units", seats=seats, blocs=blocs, **more)


def framed(
    one: SeatGroup,
    *units: UnitFigures,
    ties: str = "lot",
    second: str | None = None,
    cap: int | None = None,
) -> tuple[AllocationInputs, list[str]]:
    """The frame of a tier with that group, and the codes of its gaps."""
    tier = Tier(
        id="t",
        name="t",
        congresses=("c",),
        seat_groups=(one,),
        cap=Cap(number=cap) if cap is not None else None,
    )
    found, gaps = build_inputs(tier, units, ties=ties, lot="hand", second=second)
    return found, [gap.code for gap in gaps]


def seats(found: AllocationInputs) -> dict[str, int]:
    """Unit → seats of a frame that is decided."""
    outcome = allocate_seats(found)
    assert outcome.status == "decided"
    return {unit: held for (unit, _), held in outcome.seats.items()}


def test_a_bloc_shares_its_stated_seats_by_its_own_measure() -> None:
    one = group(bloc("districts", 6), bloc("offices", 4, measure="staff", kinds=("office",)))
    units = (
        unit("a", population=200),
        unit("b", population=100),
        unit("x", "office", staff=3),
        unit("y", "office", staff=1),
    )
    found, gaps = framed(one, *units)
    assert gaps == []
    assert seats(found) == {"a": 4, "b": 2, "x": 3, "y": 1}


def test_blocs_without_a_number_share_by_the_sums_of_a_measure() -> None:
    one = group(
        bloc("north", None, units=("a", "b"), kinds=()),
        bloc("south", None, units=("c",), kinds=()),
        seats=10,
        sharing=SharingRule(measure="population"),
    )
    units = (unit("a", population=300), unit("b", population=300), unit("c", population=400))
    found, _ = framed(one, *units)
    assert seats(found) == {"a": 3, "b": 3, "c": 4}
    assert [stage.id for stage in allocate_seats(found).stages] == ["g/*", "g/north", "g/south"]


def test_a_stated_bloc_keeps_its_number_beside_those_that_share() -> None:
    one = group(
        bloc("north", 1, units=("a",), kinds=()),
        bloc("south", None, units=("b",), kinds=()),
        bloc("west", None, units=("c",), kinds=()),
        seats=10,
        sharing=SharingRule(measure="population"),
    )
    units = (unit("a", population=900), unit("b", population=200), unit("c", population=100))
    assert seats(framed(one, *units)[0]) == {"a": 1, "b": 6, "c": 3}


@pytest.mark.parametrize(
    ("component", "held"),
    [
        (FixedRule(kind="fixed", seats={"b": 3}, reason="vùng khó khăn"), {"a": 5, "b": 5}),
        (BaseRule(kind="base", each=2), {"a": 6, "b": 4}),
        (BaseRule(kind="base", each=1, merged={"2": 4}), {"a": 4, "b": 6}),
        (BaseRule(kind="base", each=1, times_predecessors=True), {"a": 6, "b": 4}),
        (StepRule(kind="step", measure="population", every=Fraction(100), most=2), {"a": 7, "b": 3}),
    ],
)
def test_a_component_gives_before_the_rest_is_shared(component: SeatComponent, held: dict[str, int]) -> None:
    one = group(bloc(), components=(component,))
    found, _ = framed(one, unit("a", population=200), unit("b", population=100, predecessors=2))
    assert seats(found) == held


def test_the_two_laws_of_floors_differ() -> None:
    units = (unit("a", population=700), unit("b", population=300))
    assert seats(framed(group(bloc(seats=12, floor=3)), *units)[0]) == {"a": 8, "b": 4}
    base_first = group(bloc(seats=12, floor=3, floor_law="base_first"))
    assert seats(framed(base_first, *units)[0]) == {"a": 7, "b": 5}


def test_base_first_shares_the_rest_by_weight() -> None:
    one = group(bloc(seats=12, floor=1, floor_law="base_first"))
    units = (unit("a", population=700), unit("b", population=300))
    assert seats(framed(one, *units)[0]) == {"a": 8, "b": 4}


def test_equal_units_share_equally_where_figures_are_secret() -> None:
    one = group(bloc(seats=6, measure=EQUAL_MEASURE))
    assert seats(framed(one, unit("a"), unit("b"), unit("c"))[0]) == {"a": 2, "b": 2, "c": 2}


def test_a_weighted_sum_counts_several_figures() -> None:
    one = group(bloc(seats=10, measure=None, weights={"staff": Fraction(1), "members": Fraction(1, 2)}))
    units = (unit("a", staff=10, members=20), unit("b", staff=20, members=20))
    assert seats(framed(one, *units)[0]) == {"a": 4, "b": 6}


def test_an_unknown_figure_is_a_gap_and_not_a_zero() -> None:
    found, gaps = framed(group(bloc()), unit("a", population=1), unit("b"))
    assert gaps == ["figure_unknown"]
    assert [one.id for one in found.groups[0].participants] == ["a"]


def test_a_unit_that_no_bloc_takes_is_told() -> None:
    assert framed(group(bloc()), unit("a", population=1), unit("x", "office"))[1] == ["unit_in_no_bloc"]


def test_a_named_unit_goes_before_its_kind() -> None:
    one = group(bloc("army", 2, units=("b",), kinds=(), measure=EQUAL_MEASURE), bloc("rest", 3))
    assert seats(framed(one, unit("a", population=5), unit("b"))[0]) == {"b": 2, "a": 3}


def test_second_criterion_settles_without_asking() -> None:
    units = (unit("a", population=100, staff=1), unit("b", population=100, staff=2))
    found, _ = framed(group(bloc(seats=3)), *units, ties="second_criterion", second="staff")
    assert seats(found) == {"a": 1, "b": 2}


def test_second_criterion_that_ties_again_waits_for_the_lot() -> None:
    units = (unit("a", population=100, staff=2), unit("b", population=100, staff=2))
    found, _ = framed(group(bloc(seats=3)), *units, ties="second_criterion", second="staff")
    assert allocate_seats(found).status == "lots_required"


@pytest.mark.parametrize(("cap", "status"), [(4, "decided"), (3, "lots_required"), (None, "lots_required")])
def test_one_more_is_given_within_the_maximum_only(cap: int | None, status: str) -> None:
    units = (unit("a", population=100), unit("b", population=100))
    found, _ = framed(group(bloc(seats=3), seats=3), *units, ties="one_more_within_maximum", cap=cap)
    outcome = allocate_seats(found)
    assert outcome.status == status
    if status == "decided":
        assert set(outcome.seats.values()) == {2}


def test_an_amendment_keeps_and_offers_what_was_returned() -> None:
    found, _ = framed(group(bloc(seats=10)), *(unit(code, population=100) for code in "abcde"))
    held = {(code, "g"): 2 for code in "abcde"}
    changed = amend_inputs(found, held, {"a", "b", "c"}, {("d", "g"): 1})
    assert seats(changed) == {"a": 2, "b": 2, "c": 2, "d": 1, "e": 3}


names = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@given(
    st.dictionaries(names, st.integers(1, 10**6), min_size=1),
    st.integers(0, 40),
    st.integers(0, 2),
    st.sampled_from(["clamp", "base_first"]),
)
def test_a_frame_comes_back_from_its_snapshot(
    population: dict[str, int], house: int, floor: int, law: str
) -> None:
    one = group(
        bloc(seats=house, floor=floor, cap=30, floor_law=law),
        components=(StepRule(kind="step", measure="population", every=Fraction(10**5, 3), rounding="up"),),
    )
    found, _ = framed(one, *(unit(code, population=n) for code, n in population.items()))
    content = plain_inputs(found)
    assert encode_canonical(plain_inputs(read_inputs(content))) == encode_canonical(content)
    assert allocate_seats(read_inputs(content)).seats == allocate_seats(found).seats
