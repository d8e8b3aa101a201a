"""A unit shares its seats over the units below it: nobody is cut, and a tie is drawn for once."""

from dataclasses import replace
from datetime import date

import pytest

from domain.allocations import (
    DistributedSeats,
    DistributionRule,
    DistributionTie,
    UnitFigures,
    distribute_after_tie,
    distribute_seats,
    expect_figures,
    expect_lot_drawn_once,
)
from domain.apportionment import ApportionmentRule, Method
from domain.findings import Conflict, Invalid
from domain.lots import SettlementMethod, TieKey, TieSettlement

TODAY = date(2020, 6, 10)
BELOW = [UnitFigures(code, code, code, "office", {"staff": staff}) for code, staff in (("a", 3), ("b", 1))]
BY_STAFF = DistributionRule("staff", ApportionmentRule(Method.SAINTE_LAGUE))
EQUALLY = replace(BY_STAFF, measure="equal")
DRAWN = TieSettlement(
    SettlementMethod.LOT_BY_HAND, ("b", "a"), "Biên bản 01/BB", "Tổ bốc thăm", date(2020, 6, 5)
)


def share(seats: int, **committed: int) -> DistributedSeats:
    return DistributedSeats("g", seats, BELOW, committed)


def get_tie_key(shared: DistributedSeats) -> TieKey:
    tie = distribute_seats(shared, EQUALLY).tie
    assert tie is not None
    return TieKey("g", tie.digest)


def test_seats_are_shared_by_the_measure_within_the_bounds() -> None:
    assert distribute_seats(share(4), BY_STAFF).by_id == {"a": 3, "b": 1}
    assert distribute_seats(share(4), replace(BY_STAFF, floor=2)).by_id == {"a": 2, "b": 2}
    assert distribute_seats(share(4), replace(BY_STAFF, cap=2)).by_id == {"a": 2, "b": 2}


def test_a_unit_keeps_the_seats_that_are_taken_there_whatever_the_bounds() -> None:
    assert distribute_seats(share(4, b=3), BY_STAFF).by_id == {"a": 1, "b": 3}
    assert distribute_seats(share(4, b=3), replace(BY_STAFF, cap=1)).by_id == {"a": 1, "b": 3}


def test_seats_taken_in_a_unit_that_is_no_longer_below_are_not_shared() -> None:
    assert distribute_seats(share(6, gone=2), BY_STAFF).by_id == {"a": 3, "b": 1}
    assert distribute_seats(share(1, gone=2), BY_STAFF).by_id == {"a": 0, "b": 0}


def test_units_that_did_not_report_the_measure_are_named() -> None:
    expect_figures(BELOW, "staff", "g")
    with pytest.raises(Conflict) as refused:
        expect_figures(BELOW, "members", "g")
    assert [each.params["unit"] for each in refused.value.errors] == ["a", "b"]


def test_the_first_drawn_gets_the_seat() -> None:
    shared = share(3)
    answer = distribute_after_tie(shared, EQUALLY, (get_tie_key(shared), DRAWN), TODAY)
    assert (answer.status, answer.by_id) == ("decided", {"a": 1, "b": 2})


def test_a_settlement_for_other_figures_settles_nothing() -> None:
    for key in (get_tie_key(share(5)), TieKey("g", "0" * 64)):
        with pytest.raises(Invalid) as refused:
            distribute_after_tie(share(3), EQUALLY, (key, DRAWN), TODAY)
        (error,) = refused.value.errors
        assert (error.code, error.pointer) == ("no_such_tie", "/settlement/tied_digest")


def test_a_settlement_names_the_tied_and_a_day_not_after_today() -> None:
    shared = share(3)
    wrong = replace(DRAWN, order=("b",), drawn_on=date(2020, 6, 11))
    with pytest.raises(Invalid) as refused:
        distribute_after_tie(shared, EQUALLY, (get_tie_key(shared), wrong), TODAY)
    assert [(each.code, each.pointer) for each in refused.value.errors] == [
        ("order_names_other_units", "/settlement/order"),
        ("day_in_future", "/settlement/drawn_on"),
    ]


def test_a_lot_is_drawn_once_for_the_same_figures() -> None:
    """What the authority decided is no lot, and may be decided otherwise."""
    decided = replace(DRAWN, how=SettlementMethod.DECISION, order=("a", "b"))
    settled = [DistributionTie("d", decided), DistributionTie("d", DRAWN)]
    expect_lot_drawn_once(settled, DistributionTie("d", DRAWN))
    expect_lot_drawn_once(settled, DistributionTie("e", decided))
    expect_lot_drawn_once(settled[:1], DistributionTie("d", DRAWN))
    for other in (decided, replace(DRAWN, order=("a", "b"))):
        with pytest.raises(Conflict) as refused:
            expect_lot_drawn_once(settled, DistributionTie("d", other))
        assert refused.value.code == "tie_drawn_before"
        assert refused.value.params["order"] == ["b", "a"]


def test_the_record_of_a_settlement_is_as_it_was_sent() -> None:
    assert DistributionTie("d", DRAWN).plain() == {
        "tied_digest": "d",
        "how": "lot_by_hand",
        "order": ["b", "a"],
        "minutes": "Biên bản 01/BB",
        "drawn_by": "Tổ bốc thăm",
        "drawn_on": "2020-06-05",
    }
