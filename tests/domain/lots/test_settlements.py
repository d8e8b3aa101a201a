"""A tie is settled as the plan says, on a day that is allowed, with the fields it needs; a lot only once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest

from domain.findings import Conflict, Invalid
from domain.lots import (
    SeedAnnouncement,
    SettlementMethod,
    SettlementTerms,
    TieSettlement,
    complete_settlement,
    expect_allowed_settlement,
    expect_complete_settlement,
    expect_same_lot,
    list_planned_methods,
)
from domain.lots.orders import compute_lot_order
from domain.lots.settlements import TiedNoun
from domain.plans.seats import TieMethod

HAND, SEED = SettlementMethod.LOT_BY_HAND, SettlementMethod.PUBLISHED_SEED
DECISION, ONE_MORE = SettlementMethod.DECISION, SettlementMethod.ONE_MORE
FROZEN, TODAY = date(2020, 6, 1), date(2020, 6, 10)
TIED = ("a", "b", "c")
BY_HAND = TieSettlement(HAND, ("b", "c", "a"), "Biên bản 01/BB", "Tổ bốc thăm", FROZEN)
BY_SEED = replace(BY_HAND, how=SEED, order=(), seed="123456", drawn_on=date(2020, 6, 5))
ANNOUNCED = SeedAnnouncement("Xổ số kiến thiết (ví dụ)", 6, BY_SEED.drawn_on)


def refuse(settlement: TieSettlement, terms: SettlementTerms) -> str:
    """The code with which a settlement is refused."""
    with pytest.raises((Conflict, Invalid)) as refused:
        expect_allowed_settlement(settlement, terms, TODAY)
    return next((each.code for each in refused.value.errors), refused.value.code)


def test_the_stored_names_of_the_methods_stay() -> None:
    assert [each.value for each in SettlementMethod] == [
        "lot_by_hand",
        "published_seed",
        "decision",
        "second_criterion",
        "one_more",
    ]
    assert [each for each in SettlementMethod if each.is_lot] == [HAND, SEED]


@pytest.mark.parametrize("ties", [ties for ties in get_args(TieMethod) if ties != "decision"])
def test_what_the_plans_own_rule_cannot_settle_is_drawn_for_by_the_plans_lot(ties: str) -> None:
    assert list_planned_methods(ties, "hand", may_grow=True) == [HAND]
    assert list_planned_methods(ties, "published_seed", may_grow=True) == [SEED]


def test_the_authority_decides_on_one_more_only_where_seats_may_grow() -> None:
    for lot in ("hand", "published_seed"):
        assert list_planned_methods("decision", lot, may_grow=True) == [DECISION, ONE_MORE]
        assert list_planned_methods("decision", lot, may_grow=False) == [DECISION]


@pytest.mark.parametrize("how", SettlementMethod)
def test_only_a_planned_settlement_is_allowed(how: SettlementMethod) -> None:
    others = [each for each in SettlementMethod if each is not how]
    with pytest.raises(Conflict) as refused:
        expect_allowed_settlement(replace(BY_HAND, how=how), SettlementTerms(others, FROZEN), TODAY)
    (error,) = refused.value.errors
    assert (refused.value.code, error.pointer) == ("settlement_not_in_plan", "/how")
    assert error.params == {"allowed": [each.value for each in others]}


def test_a_tie_is_settled_between_the_day_it_was_frozen_and_today() -> None:
    terms = SettlementTerms([HAND], FROZEN)
    for day in (FROZEN, TODAY):
        expect_allowed_settlement(replace(BY_HAND, drawn_on=day), terms, TODAY)
    for day in (FROZEN - timedelta(days=1), TODAY + timedelta(days=1)):
        assert refuse(replace(BY_HAND, drawn_on=day), terms) == "drawn_on_another_day"


def test_a_seed_that_was_not_announced_before_settles_nothing() -> None:
    """Or one would try seeds at home until the lot falls as one likes, and publish that one."""
    assert refuse(BY_SEED, SettlementTerms([SEED], FROZEN)) == "lot_not_announced"


def test_a_seed_is_the_announced_one_and_waits_for_its_day() -> None:
    terms = SettlementTerms([SEED], FROZEN, ANNOUNCED)
    expect_allowed_settlement(BY_SEED, terms, TODAY)
    assert refuse(replace(BY_SEED, seed="12345"), terms) == "seed_not_as_announced"
    assert refuse(replace(BY_SEED, drawn_on=TODAY), terms) == "drawn_not_as_announced"
    ahead = replace(ANNOUNCED, drawn_on=TODAY + timedelta(days=1))
    early = replace(BY_SEED, drawn_on=ahead.drawn_on)
    assert refuse(early, replace(terms, announced=ahead)) == "drawn_on_another_day"


def test_a_seed_does_not_serve_inputs_that_were_frozen_when_it_could_be_known() -> None:
    """The same inputs frozen again are the same inputs: only others are refused."""
    for frozen in (ANNOUNCED.drawn_on, TODAY):
        assert refuse(BY_SEED, SettlementTerms([SEED], frozen, ANNOUNCED)) == "inputs_after_seed"
    expect_allowed_settlement(
        BY_SEED, SettlementTerms([SEED], ANNOUNCED.drawn_on - timedelta(days=1), ANNOUNCED), TODAY
    )


def test_an_order_stays_as_drawn_and_a_seed_gives_one() -> None:
    assert complete_settlement(BY_HAND, TIED, "d") == BY_HAND
    drawn = complete_settlement(BY_SEED, TIED, "d")
    assert drawn == replace(BY_SEED, order=compute_lot_order("123456", "d", TIED))
    assert complete_settlement(replace(BY_HAND, how=ONE_MORE, order=()), TIED, "d").order == ()


@pytest.mark.parametrize(
    ("how", "order", "seed", "errors"),
    [
        (HAND, (), None, [("missing", "/order")]),
        (DECISION, (), None, [("missing", "/order")]),
        (SEED, (), None, [("missing", "/seed")]),
        (HAND, TIED, "1", [("not_for_this_settlement", "/seed")]),
        (HAND, (), "1", [("not_for_this_settlement", "/seed"), ("missing", "/order")]),
        (SEED, TIED, "1", [("not_for_this_settlement", "/order")]),
        (ONE_MORE, TIED, "1", [("not_for_this_settlement", "/order"), ("not_for_this_settlement", "/seed")]),
    ],
)
def test_each_way_of_settling_needs_its_own_field(
    how: SettlementMethod, order: tuple[str, ...], seed: str | None, errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        complete_settlement(replace(BY_HAND, how=how, order=order, seed=seed), TIED, "d")
    assert refused.value.code == "settlement_faulty"
    assert [(each.code, each.pointer) for each in refused.value.errors] == errors


@pytest.mark.parametrize("order", [("a", "b"), ("a", "b", "b"), ("a", "b", "x"), ("a", "b", "c", "c")])
@pytest.mark.parametrize(
    ("noun", "code"), [("units", "order_names_other_units"), ("nominees", "order_names_other_nominees")]
)
def test_an_order_names_each_of_the_tied_once(noun: TiedNoun, code: str, order: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        expect_complete_settlement(replace(BY_HAND, order=order), TIED, noun)
    (error,) = refused.value.errors
    assert (error.code, error.pointer, error.params) == (code, "/order", {noun: [*TIED]})


def test_a_lot_is_drawn_once_and_the_same_is_taken_again() -> None:
    expect_same_lot(BY_HAND, replace(BY_HAND, minutes="Biên bản khác", drawn_by="Người thử nghiệm 1"))
    for other in (
        replace(BY_HAND, order=("a", "b", "c")),
        replace(BY_HAND, how=DECISION),
        replace(BY_HAND, drawn_on=TODAY),
    ):
        with pytest.raises(Conflict) as refused:
            expect_same_lot(BY_HAND, other)
        assert refused.value.code == "tie_drawn_before"
        assert refused.value.params == {
            "how": "lot_by_hand",
            "order": ["b", "c", "a"],
            "drawn_on": "2020-06-01",
        }
