"""A tie that waits is found by its key, and gives one more to each of the tied only where there is room."""

import pytest

from domain.allocations import (
    AllocationInputs,
    SettledTie,
    UnitFigures,
    WaitingTie,
    allocate_seats,
    expect_room_to_grow,
    expect_waiting_tie,
)
from domain.allocations.inputs import build_inputs
from domain.findings import Conflict, Invalid
from domain.lots import SettlementMethod, TieKey
from domain.plans import Bloc, SeatGroup, SharingRule, Tier
from domain.plans.tiers import Cap

UNITS = [UnitFigures(code, code, code, "district", {"staff": 5}) for code in "abc"]


def build(*, cap: int | None, seats: int | None = 4) -> AllocationInputs:
    """Three equal claims to four seats, stated for the bloc, or for its group only."""
    bloc = Bloc(id="all", name="all", seats=seats, measure="staff", kinds=("district",))
    shared = None if seats else SharingRule(measure="staff")
    group = SeatGroup(id="g", name="g", filled_by="units", seats=4, blocs=(bloc,), sharing=shared)
    tier = Tier(
        id="t",
        name="t",
        congresses=("c",),
        seat_groups=(group,),
        cap=None if cap is None else Cap(number=cap),
    )
    return build_inputs(tier, UNITS, ties="decision", lot="hand", second=None)[0]


def get_waiting(inputs: AllocationInputs) -> WaitingTie:
    ((stage, tie),) = allocate_seats(inputs).ties
    return expect_waiting_tie(inputs, [], TieKey(stage.id, tie.digest))


def test_a_tie_is_found_by_its_stage_and_digest() -> None:
    waiting = get_waiting(build(cap=None))
    assert (waiting.stage.id, waiting.tie.ids, waiting.tie.places) == ("g/all", ("a", "b", "c"), 1)


def test_neither_another_tie_nor_one_that_is_settled_waits() -> None:
    inputs = build(cap=None)
    digest = get_waiting(inputs).tie.digest
    drawn = SettledTie("g/all", digest, SettlementMethod.DECISION, ("c", "a", "b"))
    for settled, key in (
        ([], TieKey("g/all", "0" * 64)),
        ([], TieKey("g/other", digest)),
        ([drawn], TieKey("g/all", digest)),
    ):
        with pytest.raises(Invalid) as refused:
            expect_waiting_tie(inputs, settled, key)
        (error,) = refused.value.errors
        assert (error.code, error.pointer) == ("no_such_tie", "/tied_digest")
        assert error.params == {"stage": key.stage}


@pytest.mark.parametrize(("cap", "room"), [(None, 0), (4, 0), (5, 1)])
def test_one_more_for_each_stays_within_the_maximum(cap: int | None, room: int) -> None:
    inputs = build(cap=cap)
    with pytest.raises(Conflict) as refused:
        expect_room_to_grow(inputs, get_waiting(inputs), SettlementMethod.ONE_MORE)
    assert (refused.value.code, refused.value.params) == ("no_room_for_one_more", {"room": room})
    expect_room_to_grow(inputs, get_waiting(inputs), SettlementMethod.DECISION)


def test_one_more_for_each_is_given_where_the_maximum_leaves_room() -> None:
    inputs = build(cap=6)
    expect_room_to_grow(inputs, get_waiting(inputs), SettlementMethod.ONE_MORE)


def test_only_a_stated_number_of_seats_can_grow() -> None:
    inputs = build(cap=100, seats=None)
    with pytest.raises(Conflict) as refused:
        expect_room_to_grow(inputs, get_waiting(inputs), SettlementMethod.ONE_MORE)
    assert refused.value.code == "no_room_for_one_more"
