"""A plan's components, in order, with blocs, hands and lots, give seats that can be proven."""

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.apportionment.components import (
    Adjustment,
    AllocationBloc,
    BaseSeats,
    Component,
    FixedSeats,
    Measure,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.apportionment.stages import StagedAllocation, allocate_seats
from domain.findings import Invalid
from domain.verification import verify_proof
from tests.conftest import examples

HAMILTON = ApportionmentRule(Method.LARGEST_REMAINDER)
UNITS = [
    Participant("xã-1", {"staff": 120, "people": 9000}, floor=1, predecessors=2, bloc="districts"),
    Participant("xã-2", {"staff": 80, "people": 7000}, cap=4, bloc="districts"),
    Participant("xã-3", {"staff": 95, "people": 8000}, bloc="districts"),
    Participant("sở-1", {"staff": 300}, bloc="departments"),
    Participant("sở-2", {"staff": 250}, bloc="departments"),
]
BLOCS = (AllocationBloc("districts", {"people": 1}), AllocationBloc("departments", {"staff": 1}, HAMILTON))


def read(result: StagedAllocation) -> Any:
    """The certificate as somebody else gets it."""
    return json.loads(json.dumps(build_allocation_certificate(result)))


def by_parts(result: StagedAllocation) -> dict[str, tuple[int, ...]]:
    return {share.id: share.parts for share in result.shares}


def test_components_apply_in_order_and_the_method_shares_the_rest() -> None:
    components: list[Component] = [
        FixedSeats({"sở-1": 1}, "Quyết định số 1"),
        BaseSeats(2, merged={2: 3}),
        StepSeats({"staff": 1}, every=100, most=2),
        ProportionalSeats({"staff": 1}),
    ]
    result = allocate_seats(30, UNITS, components)
    assert {one: parts[:3] for one, parts in by_parts(result).items()} == {
        "xã-1": (0, 3, 1),
        "xã-2": (0, 2, 0),
        "xã-3": (0, 2, 0),
        "sở-1": (1, 2, 2),
        "sở-2": (0, 2, 2),
    }
    bases = {one: sum(parts[:3]) for one, parts in by_parts(result).items()}
    claims = [Claim(u.id, int(u.figures["staff"]), u.floor, u.cap, bases[u.id]) for u in UNITS]
    assert result.by_id == apportion_seats(30, claims).by_id
    assert verify_proof(read(result)) == ()


@pytest.mark.parametrize(
    ("rounding", "most", "seats"), [("down", None, 2), ("up", None, 3), ("half_up", None, 3), ("up", 1, 1)]
)
def test_steps_round_as_the_plan_says(rounding: Any, most: int | None, seats: int) -> None:
    one = Participant("a", {"staff": 250})
    result = allocate_seats(5, [one], [StepSeats({"staff": 1}, every=100, rounding=rounding, most=most)])
    assert (result.by_id, result.left) == ({"a": seats}, 5 - seats)
    assert verify_proof(read(result)) == ()


def test_a_merger_keeps_the_base_of_each_predecessor() -> None:
    merged = Participant("a", {}, predecessors=3)
    assert allocate_seats(39, [merged], [BaseSeats(13, times_predecessors=True)]).by_id == {"a": 39}
    assert allocate_seats(
        24, [Participant("a", {}, predecessors=2)], [BaseSeats(13, merged={2: 24})]
    ).by_id == {"a": 24}


def test_measures_are_weighted_sums() -> None:
    units = [Participant("a", {"staff": 10, "members": 3}), Participant("b", {"staff": 9, "members": 6})]
    half: Measure = {"staff": 1, "members": Fraction(1, 2)}
    result = allocate_seats(1, units, [ProportionalSeats(half)])
    assert result.by_id == {"a": 0, "b": 1}  # 11.5 and 12
    assert allocate_seats(1, units, [ProportionalSeats({"staff": 1})]).by_id == {"a": 1, "b": 0}


def test_blocs_come_first_and_have_measures_of_their_own() -> None:
    result = allocate_seats(40, UNITS, [BaseSeats(1), ProportionalSeats({"staff": 1}, blocs=BLOCS)])
    assert list(result.stages) == ["blocs", "bloc/districts", "bloc/departments"]
    outer = result.stages["blocs"].by_id
    assert (
        outer
        == apportion_seats(40, [Claim("districts", 295, base=3), Claim("departments", 550, base=2)]).by_id
    )
    inner = [Claim(u.id, int(u.figures["people"]), u.floor, u.cap, 1) for u in UNITS[:3]]
    assert result.stages["bloc/districts"].by_id == apportion_seats(outer["districts"], inner).by_id
    assert result.stages["bloc/departments"].rule == HAMILTON
    assert sum(result.by_id.values()) == 40
    assert verify_proof(read(result)) == ()


def test_bounds_of_a_bloc_are_the_sums_of_its_units() -> None:
    units = [
        Participant("a", {"staff": 1000}, cap=2, bloc="x"),
        Participant("b", {"staff": 1000}, cap=1, bloc="x"),
        Participant("c", {"staff": 1}, floor=2, bloc="y"),
    ]
    blocs = (AllocationBloc("x", {"staff": 1}), AllocationBloc("y", {"staff": 1}))
    result = allocate_seats(10, units, [ProportionalSeats({"staff": 1}, blocs=blocs)])
    assert result.by_id == {"a": 2, "b": 1, "c": 7}


def test_a_stated_number_of_a_bloc_holds() -> None:
    blocs = (
        AllocationBloc("districts", {"people": 1}, seats=12),
        AllocationBloc("departments", {"staff": 1}),
    )
    result = allocate_seats(40, UNITS, [ProportionalSeats({"staff": 1}, blocs=blocs)])
    assert result.stages["blocs"].by_id == {"districts": 12, "departments": 28}
    assert verify_proof(read(result)) == ()
    tight = (AllocationBloc("districts", {"people": 1}, seats=0), AllocationBloc("departments", {"staff": 1}))
    refused = allocate_seats(40, UNITS, [ProportionalSeats({"staff": 1}, blocs=tight)])
    assert refused.status == "infeasible"
    assert refused.stages["bloc/districts"].repair is not None
    assert verify_proof(read(refused)) == ()


def test_a_hand_binds_its_unit_and_the_others_share_the_rest() -> None:
    components: list[Component] = [BaseSeats(2), ProportionalSeats({"staff": 1})]
    computed = allocate_seats(30, UNITS, components)
    hand = Adjustment("sở-2", 5, "Đơn vị đăng cai", "Người thử nghiệm 1")
    adjusted = allocate_seats(30, UNITS, components, adjustments=[hand])
    assert adjusted.by_id["sở-2"] == 5
    assert [share.id for share in adjusted.shares if share.adjusted] == ["sở-2"]
    assert sum(adjusted.by_id.values()) == sum(computed.by_id.values()) == 30
    assert verify_proof(read(adjusted)) == ()
    forged = read(adjusted)
    forged["adjustments"] = []
    assert verify_proof(forged)
    below = allocate_seats(
        30, UNITS, components, adjustments=[Adjustment("sở-2", 1, "Xin rút", "Người thử nghiệm 1")]
    )
    assert (below.by_id["sở-2"], by_parts(below)["sở-2"]) == (1, (1, 0))


def test_each_stage_has_its_own_lot() -> None:
    units = [Participant(one, {"staff": 1}, bloc=bloc) for one, bloc in zip("abcd", "xxyy", strict=True)]
    components = [
        ProportionalSeats(
            {"staff": 1}, blocs=(AllocationBloc("x", {"staff": 1}), AllocationBloc("y", {"staff": 1}))
        )
    ]
    first = allocate_seats(3, units, components)
    assert (first.status, list(first.stages_awaiting_lots)) == ("lots_required", ["blocs"])
    assert verify_proof(read(first)) == ()
    second = allocate_seats(3, units, components, lots={"blocs": ["y", "x"]})
    assert (second.status, list(second.stages_awaiting_lots)) == ("lots_required", ["bloc/x"])
    assert verify_proof(read(second)) == ()
    third = allocate_seats(3, units, components, lots={"blocs": ["y", "x"], "bloc/x": ["b", "a"]})
    assert (third.status, third.by_id) == ("decided", {"a": 0, "b": 1, "c": 1, "d": 1})
    assert verify_proof(read(third)) == ()


@pytest.mark.parametrize(
    ("lots", "pointer"),
    [
        ({"blocs": ["y", "z"]}, "/lots/blocs/1"),
        ({"bloc/x": ["a", "b"]}, "/lots/bloc~1x"),
        ({"units": []}, "/lots/units"),
    ],
)
def test_lots_belong_to_a_stage(lots: dict[str, list[str]], pointer: str) -> None:
    units = [Participant(one, {"staff": 1}, bloc=bloc) for one, bloc in zip("abcd", "xxyy", strict=True)]
    components = [
        ProportionalSeats(
            {"staff": 1}, blocs=(AllocationBloc("x", {"staff": 1}), AllocationBloc("y", {"staff": 1}))
        )
    ]
    with pytest.raises(Invalid) as refused:
        allocate_seats(3, units, components, lots=lots)
    assert pointer in {error.pointer for error in refused.value.errors}


def test_without_a_method_what_is_left_is_told() -> None:
    units = [Participant("a", {}, floor=3), Participant("b", {}, cap=1)]
    result = allocate_seats(6, units, [BaseSeats(2)])
    assert [(share.seats, share.raised) for share in result.shares] == [(3, 1), (1, 0)]
    assert (result.status, result.left) == ("decided", 2)
    assert verify_proof(read(result)) == ()
    over = allocate_seats(3, units, [BaseSeats(2)])
    assert (over.status, over.left, over.shares) == ("infeasible", -1, ())
    assert verify_proof(read(over)) == ()


@pytest.mark.parametrize(
    ("units", "components", "hands", "code", "pointer"),
    [
        (
            [Participant("a", {})],
            [ProportionalSeats({"staff": 1})],
            [],
            "figure_missing",
            "/units/0/figures/staff",
        ),
        (
            [Participant("a", {"staff": -1})],
            [ProportionalSeats({"staff": 1})],
            [],
            "figure_not_exact",
            "/units/0/figures/staff",
        ),
        ([Participant("a", {}), Participant("a", {})], [BaseSeats(1)], [], "id_repeated", "/units/1/id"),
        ([Participant("a", {}, floor=2, cap=1)], [BaseSeats(1)], [], "floor_above_cap", "/units/0/floor"),
        ([Participant("a", {})], [BaseSeats(-1)], [], "component_not_a_count", "/components/0"),
        ([Participant("a", {})], [FixedSeats({"a": -1}, "x")], [], "component_not_a_count", "/components/0"),
        ([Participant("a", {})], [StepSeats({}, every=0)], [], "step_not_positive", "/components/0/every"),
        (
            [Participant("a", {})],
            [ProportionalSeats({}), BaseSeats(1)],
            [],
            "proportional_not_last",
            "/components/0",
        ),
        (
            [Participant("a", {}, bloc="y")],
            [ProportionalSeats({}, blocs=(AllocationBloc("x", {}),))],
            [],
            "bloc_unknown",
            "/units/0/bloc",
        ),
        (
            [Participant("a", {})],
            [BaseSeats(1)],
            [Adjustment("b", 1, "x", "y")],
            "adjustment_unit_unknown",
            "/adjustments/0/unit",
        ),
        (
            [Participant("a", {})],
            [BaseSeats(1)],
            [Adjustment("a", 1, " ", "y")],
            "adjustment_unreasoned",
            "/adjustments/0",
        ),
    ],
)
def test_what_cannot_be_meant(
    units: list[Participant],
    components: list[Component],
    hands: list[Adjustment],
    code: str,
    pointer: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        allocate_seats(3, units, components, adjustments=hands)
    assert (code, pointer) in {(error.code, error.pointer) for error in refused.value.errors}


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, list[Participant], list[Component], list[Adjustment]]:
    """Units in up to three blocs, and a rule with any of the components."""
    blocs = draw(st.sampled_from(["x", "xy", "xyz"]))
    units = []
    for i in range(draw(st.integers(1, 6))):
        floor = draw(st.integers(0, 2))
        cap = draw(st.one_of(st.none(), st.integers(floor, 7)))
        figures = {"staff": draw(st.integers(0, 9)), "people": draw(st.integers(0, 99))}
        bloc = draw(st.sampled_from(blocs))
        units.append(Participant(f"u{i}", figures, floor, cap, draw(st.integers(1, 3)), bloc))
    outright: list[Component] = [
        FixedSeats({"u0": 1}, "x"),
        BaseSeats(1, {2: 2}),
        StepSeats({"staff": Fraction(1, 2)}, 3, rounding="half_up"),
    ]
    components: list[Component] = [part for part in outright if draw(st.booleans())]
    if draw(st.integers(0, 4)):
        inside = tuple(AllocationBloc(one, {"people": 1}) for one in blocs) if draw(st.booleans()) else ()
        rule = draw(st.sampled_from([ApportionmentRule(), ApportionmentRule(Method.ADAMS), HAMILTON]))
        components.append(ProportionalSeats({"staff": 1}, rule, inside))
    hands = [Adjustment("u0", draw(st.integers(0, 4)), "x", "y")] if draw(st.booleans()) else []
    return draw(st.integers(0, 30)), units, components, hands


@given(plans())
@examples(120)
def test_whatever_the_plan_the_result_is_proven_and_nothing_else_is(
    plan: tuple[int, list[Participant], list[Component], list[Adjustment]],
) -> None:
    house, units, components, hands = plan
    result = allocate_seats(house, units, components, adjustments=hands)
    assert allocate_seats(house, units[::-1], components, adjustments=hands).by_id == result.by_id
    told = read(result)
    assert verify_proof(told) == ()
    if result.status == "infeasible":
        return
    for giver, taker in permutations(range(len(units)), 2):
        if told["units"][giver]["seats"]:
            forged = copy.deepcopy(told)
            for place, by in ((giver, -1), (taker, 1)):
                forged["units"][place]["seats"] += by
                forged["units"][place]["parts"][-1:] = [
                    max(0, n + by) for n in forged["units"][place]["parts"][-1:]
                ]
            assert verify_proof(forged)


def forgeries(told: Any) -> list[tuple[str, Any]]:
    """The certificate with one thing about its inputs changed."""
    found = []
    changed: dict[str, Callable[[Any], object]] = {
        "figure": lambda t: t["units"][0]["figures"].update(staff=999),
        "floor": lambda t: t["units"][0].update(floor=3),
        "base": lambda t: t["components"][0].update(each=2),
        "rule": lambda t: t["components"][1].update(rule={"method": "dhondt"}),
        "measure": lambda t: t["components"][1]["blocs"][0]["measure"].update(people=2),
        "stage gone": lambda t: t["stages"].pop("bloc/districts"),
        "stage more": lambda t: t["stages"].update(units=t["stages"]["blocs"]),
        "house": lambda t: t.update(seats=41),
        "left": lambda t: t.update(left=1),
        "status": lambda t: t.update(status="lots_required"),
        "inner seats": lambda t: t["stages"]["blocs"]["units"][0].update(seats=1),
        "predecessors": lambda t: t["units"][3].update(predecessors=2),
    }
    for name, change in changed.items():
        forged = copy.deepcopy(told)
        change(forged)
        found.append((name, forged))
    return found


def test_nothing_about_the_inputs_can_be_changed() -> None:
    base = BaseSeats(1, times_predecessors=True)
    told = read(allocate_seats(40, UNITS, [base, ProportionalSeats({"staff": 1}, blocs=BLOCS)]))
    assert verify_proof(told) == ()
    for name, forged in forgeries(told):
        assert verify_proof(forged), name
