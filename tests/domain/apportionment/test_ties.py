"""Ties are found exactly, identified, and settled by lots or a second criterion."""

from hashlib import sha256
from itertools import permutations

import pytest

from domain.apportionment import (
    ApportionmentRule,
    Claim,
    apportion_seats,
    order_by_criterion,
)
from domain.findings import Invalid
from tests.domain.apportionment.naive import RULES

TRIPLET = [Claim("c", 5), Claim("a", 5), Claim("b", 5), Claim("d", 20)]


def test_the_tie_is_the_units_and_the_places() -> None:
    result = apportion_seats(11, TRIPLET)
    assert result.status == "lots_required"
    assert result.tie is not None
    assert (result.tie.ids, result.tie.places) == (("a", "b", "c"), 2)
    assert result.by_id == {"a": 1, "b": 1, "c": 1, "d": 6}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_first_lots_win(rule: ApportionmentRule) -> None:
    units = [Claim(one, 1) for one in "abc"]
    for drawn in permutations("abc"):
        result = apportion_seats(2, units, rule, drawn)
        assert result.status == "decided"
        assert result.by_id == {one: int(one in drawn[:2]) for one in "abc"}
        assert list(result.certain) == [0, 0, 0]


def test_nothing_is_asked_when_the_caps_decide() -> None:
    units = [Claim("a", 5, cap=1), Claim("b", 5), Claim("c", 5, cap=1)]
    assert apportion_seats(3, units).status == "decided"
    assert apportion_seats(4, units).by_id == {"a": 1, "b": 2, "c": 1}


@pytest.mark.parametrize(
    ("lots", "errors"),
    [
        (("a",), {("lot_missing", "/lots")}),
        (("a", "b", "a"), {("lot_not_tied", "/lots/2")}),
        (("a", "b", "x"), {("lot_not_tied", "/lots/2")}),
    ],
)
def test_lots_name_each_tied_unit_once(lots: tuple[str, ...], errors: set[tuple[str, str]]) -> None:
    with pytest.raises(Invalid) as refused:
        apportion_seats(1, [Claim("a", 1), Claim("b", 1)], lots=lots)
    assert {(error.code, error.pointer) for error in refused.value.errors} == errors


def test_lots_where_nothing_is_tied_are_refused() -> None:
    for house, units in ((1, [Claim("a", 2), Claim("b", 1)]), (1, [Claim("a", 2, floor=2)])):
        with pytest.raises(Invalid):
            apportion_seats(house, units, lots=["a"])


def test_the_digest_is_of_who_ties_for_which_seats_and_for_how_many_places() -> None:
    def digest(units: list[Claim], house: int = 1, rule: ApportionmentRule = RULES[0]) -> str:
        tie = apportion_seats(house, units, rule).tie
        assert tie is not None
        return tie.digest

    asked = [Claim("a", 3), Claim("b", 3), Claim("c", 1)]
    same = [
        digest(asked[::-1]),
        digest([Claim("a", 3, cap=9), Claim("b", 3), Claim("c", 2)]),
        digest([Claim("a", 6), Claim("b", 6), Claim("c", 2)]),
        digest([*asked, Claim("e", 0)]),
        digest(asked, rule=RULES[1]),
    ]
    others = [
        digest([Claim("a", 3), Claim("d", 3)]),
        digest([*asked, Claim("d", 3)]),
        digest([*asked, Claim("d", 3)], house=2),
        digest([Claim("a", 3), Claim("b", 3)], house=3),
        digest([Claim("a", 3, floor=1), Claim("b", 3, floor=1)], house=3),
    ]
    assert set(same) == {digest(asked)}
    assert len({digest(asked), *others}) == len(others)  # the last two tie for the same seats


def test_equal_ties_of_two_stages_have_two_digests() -> None:
    """Otherwise one seed would favour the same units in each group whose claims are equal."""
    ties = [apportion_seats(1, [Claim("a", 1), Claim("b", 1)], stage=stage).tie for stage in ("g/x", "h/x")]
    assert len({tie.digest for tie in ties if tie}) == 2


def test_the_rule_of_the_digest_is_the_one_in_the_documentation() -> None:
    tie = apportion_seats(3, [Claim("b", 1, base=1), Claim("a", 1, cap=3, base=1)], stage="g/x").tie
    assert tie is not None
    told = '{"format":"daibieu-tie-2","places":1,"stage":"g/x","units":[["a",2],["b",2]]}'
    assert tie.digest == sha256(told.encode()).hexdigest()


def test_a_second_criterion_may_settle_a_tie() -> None:
    tie = apportion_seats(2, [Claim(one, 1) for one in "abc"]).tie
    assert tie is not None
    assert tie.lacking_seats == 1
    assert order_by_criterion(tie, {"a": 1, "b": 3, "c": 2}) == ("b", "c", "a")
    assert order_by_criterion(tie, {"a": 1, "b": 3, "c": 3}) == ("b", "c", "a")
    assert order_by_criterion(tie, {"a": 2, "b": 3, "c": 2}) is None
