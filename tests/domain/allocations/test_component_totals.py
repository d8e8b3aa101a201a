"""Groups without a stated number: their total is the outcome of their components."""

from fractions import Fraction
from typing import Any

import pytest

from domain.allocations import AllocationInputs, allocate_seats, certify_outcome, read_inputs
from domain.allocations.explanations import explain_stages
from domain.allocations.inputs import amend_inputs
from domain.allocations.outcome import check_component_totals
from domain.allocations.serialization import plain_inputs
from domain.allocations.what_ifs import change_inputs
from domain.plans import BaseRule, Bloc, SeatComponent, SeatGroup
from domain.plans.seats import StepRule
from domain.verification import verify_proof
from tests.domain.allocations.test_frames import framed, unit

PARTY: tuple[SeatComponent, ...] = (
    BaseRule(kind="base", each=13, merged={"2": 24}),
    StepRule(kind="step", measure="members", every=Fraction(12_000), rounding="more_than_half"),
)
UNITS = (unit("a", members=6_001), unit("b", members=6_000), unit("c", members=30_001, predecessors=2))


def frame(*, cap: int | None = None, maximum: int | None = None, **bounds: Any) -> AllocationInputs:
    """A group of districts by the Party's rule."""
    bloc = Bloc(id="all", name="all", kinds=("district",), **bounds)
    group = SeatGroup(
        id="g",
        name="g",
        filled_by="units",
        total="components",
        maximum=maximum,
        components=PARTY,
        blocs=(bloc,),
    )
    found, gaps = framed(group, *UNITS, cap=cap)
    assert gaps == []
    return found


def test_the_total_is_what_the_components_give() -> None:
    outcome = allocate_seats(frame())
    assert outcome.status == "decided"
    assert outcome.seats == {("a", "g"): 14, ("b", "g"): 13, ("c", "g"): 27}  # 24, two steps and 6,001 more
    assert [(one.code, one.params) for one in check_component_totals(outcome)] == [
        ("group_total_of_components", {"group": "g", "seats": 54})
    ]
    certificate = certify_outcome(outcome, "engine", "0" * 64)
    assert certificate is not None
    assert verify_proof(certificate.plain()) == ()


@pytest.mark.parametrize("limit", [{"maximum": 53}, {"cap": 53}])
def test_more_than_the_maximum_is_refused_with_both_numbers(limit: dict[str, int]) -> None:
    outcome = allocate_seats(frame(**limit))
    assert outcome.status == "infeasible"
    assert [(one.code, one.params) for one in check_component_totals(outcome)] == [
        ("components_above_maximum", {"group": "g", "seats": 53, "sum": 54})
    ]


@pytest.mark.parametrize("limit", [{"maximum": 54}, {"cap": 54}])
def test_exactly_the_maximum_is_allowed(limit: dict[str, int]) -> None:
    assert allocate_seats(frame(**limit)).status == "decided"


def test_floors_and_caps_of_units_hold() -> None:
    outcome = allocate_seats(frame(floor=14, cap=None, caps={"c": 26}))
    assert outcome.seats == {("a", "g"): 14, ("b", "g"): 14, ("c", "g"): 26}
    told = {one.unit: [each.code for each in one.findings] for one in explain_stages(outcome, None)}
    assert told == {
        "a": ["component_base", "component_step_counted", "components_give_total"],
        "b": [
            "component_base",
            "component_step_not_counted",
            "components_below_floor",
            "components_give_total",
        ],
        "c": ["component_base_merged", "component_step_counted", "component_capped", "components_give_total"],
    }
    assert [one.standing.bound for one in explain_stages(outcome, None)] == [None, "floor", "cap"]


def test_the_figure_that_is_counted_must_be_known() -> None:
    bloc = Bloc(id="all", name="all", kinds=("district",))
    group = SeatGroup(
        id="g", name="g", filled_by="units", total="components", components=PARTY, blocs=(bloc,)
    )
    assert framed(group, unit("a"))[1] == ["figure_unknown"]


def test_seats_given_back_are_not_given_to_others() -> None:
    held = {("a", "g"): 14, ("b", "g"): 13, ("c", "g"): 27}
    changed = amend_inputs(frame(), held, {"b"}, {("a", "g"): 2})
    assert allocate_seats(changed).seats == {("a", "g"): 12, ("b", "g"): 13, ("c", "g"): 27}


def test_another_figure_changes_the_total() -> None:
    changed = change_inputs(frame(), {"b": Fraction(18_001)}, {})
    outcome = allocate_seats(changed)
    assert outcome.seats[("b", "g")] == 15
    assert sum(outcome.seats.values()) == 56


def test_the_frame_comes_back_from_its_snapshot() -> None:
    content = plain_inputs(frame(maximum=60))
    assert plain_inputs(read_inputs(content)) == content
    assert allocate_seats(read_inputs(content)).seats == allocate_seats(frame()).seats
