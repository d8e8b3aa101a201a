"""What a unit's officer is told is true."""

import json
from fractions import Fraction

import pytest
from hypothesis import given

from domain.apportionment import Apportionment, ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.apportionment.comparison import compare_methods, compute_indices
from domain.apportionment.explanation import explain_units, list_award_steps
from domain.apportionment.result import BoundKind
from domain.verification import verify_proof
from tests.conftest import examples
from tests.domain.apportionment.naive import REMAINDERS, RULES, SEAT_TOTALS, Naive, claims

SOME = examples(15)
MONOTONE = [rule for rule in RULES if rule.is_divisor_method or rule.quota == "hare"]


def sure(result: Apportionment, place: int) -> int:
    return -1 if result.status == "infeasible" else result.certain[place]


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@SOME
def test_the_awards_in_order_make_the_result(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    result, plain = apportion_seats(house, units, rule), Naive(house, units, rule)
    steps = list_award_steps(result)
    if result.status == "infeasible":
        assert steps == ()
        return
    held = {unit.id: max(unit.floor, unit.base) for unit in units}
    ranks = []
    for step in steps:
        held[step.id] += 1
        assert step.seat == held[step.id]
        ranks.append(plain.rank(step.id, step.seat))
        assert step.worth == (None if ranks[-1][0] else ranks[-1][1])
    assert ranks == sorted(ranks, reverse=True)
    assert [step.total_seats for step in steps] == list(range(house - len(steps) + 1, house + 1))
    if result.tie is None:
        assert held == result.by_id
    else:
        assert sum(held[one] > result.by_id[one] for one in result.tie.ids) == result.tie.places


@pytest.mark.parametrize("rule", MONOTONE, ids=str)
@given(units=claims(most=5), house=SEAT_TOTALS)
@SOME
def test_so_much_more_weight_wins_a_seat_and_less_does_not(
    rule: ApportionmentRule, units: list[Claim], house: int
) -> None:
    result = apportion_seats(house, units, rule)
    for place, standing in enumerate(explain_units(result)):
        unit = units[place]

        def grown(more: int, place: int = place, unit: Claim = unit) -> int:
            weight = unit.weight + more
            changed = [
                *units[:place],
                Claim(unit.id, weight, unit.floor, unit.cap, unit.base),
                *units[place + 1 :],
            ]
            return sure(apportion_seats(house, changed, rule), place)

        if standing.more_weight is None:
            assert grown(10**40) <= standing.seats
            continue
        assert grown(standing.more_weight) > standing.seats
        assert standing.more_weight == 1 or grown(standing.more_weight - 1) <= standing.seats


@pytest.mark.parametrize("rule", [rule for rule in REMAINDERS if rule.quota == "droop"], ids=str)
@given(units=claims(most=4, bounded=False), house=SEAT_TOTALS)
@SOME
def test_under_droop_the_increase_suffices(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    result = apportion_seats(house, units, rule)
    for place, standing in enumerate(explain_units(result)):
        if standing.more_weight is not None:
            changed = list(units)
            changed[place] = Claim(units[place].id, units[place].weight + standing.more_weight)
            assert sure(apportion_seats(house, changed, rule), place) > standing.seats


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(most=5), house=SEAT_TOTALS)
@SOME
def test_so_many_more_seats_in_the_house_bring_one(
    rule: ApportionmentRule, units: list[Claim], house: int
) -> None:
    result = apportion_seats(house, units, rule)
    larger = [apportion_seats(house + more, units, rule) for more in range(1, 13)]
    for place, standing in enumerate(explain_units(result, horizon=12)):
        found = [more for more, one in enumerate(larger, 1) if sure(one, place) > standing.seats]
        assert standing.more_seats == (found[0] if found else None)


def test_whoever_lost_the_lot_waits_for_the_others_who_lost_it() -> None:
    units = [Claim(one, 1) for one in "abcd"]
    standings = explain_units(apportion_seats(1, units, lots="cadb"))
    assert [standing.more_seats for standing in standings] == [3, 3, 7, 3]
    assert [standing.more_weight for standing in standings] == [1, 1, None, 1]
    assert all(standing.tied for standing in standings)


def test_figures_of_one_unit() -> None:
    units = [Claim("a", 53), Claim("b", 24), Claim("c", 23)]
    (standing,) = explain_units(apportion_seats(10, units), ids=["b"])
    assert (standing.seats, standing.share, standing.quota) == (2, Fraction(12, 5), Fraction(12, 5))
    assert (standing.last, standing.next) == (Fraction(24 * 2, 3), Fraction(24 * 2, 5))
    assert (standing.bound, standing.tied) == (None, False)
    assert (standing.more_weight, standing.more_seats) == (1, 1)  # 25 / 2.5 > 53 / 5.5 > 24 / 2.5


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_floor_acts_on_a_unit_without_weight(rule: ApportionmentRule) -> None:
    """Without it the unit would have nothing."""
    units = [Claim("a", 70), Claim("b", 30), Claim("c", 0, floor=1), Claim("d", 0)]
    result = apportion_seats(10, units, rule)
    assert result.by_id["c"] == 1
    assert [each.bound for each in result.awards][2:] == [BoundKind.FLOOR, None]


@pytest.mark.parametrize("cap", [None, 1, 2, 9])
def test_a_cap_of_all_seats_changes_no_share(cap: int | None) -> None:
    """Under the Droop quota the only unit has 27 / 14 of one seat, whether or not a cap says so."""
    rule = ApportionmentRule(Method.LARGEST_REMAINDER, quota="droop")
    result = apportion_seats(1, [Claim("a", 27, cap=cap)], rule)
    assert (result.by_id, result.awards[0].quota) == ({"a": 1}, Fraction(27, 14))
    assert verify_proof(json.loads(json.dumps(build_certificate(result)))) == ()


def test_all_methods_stand_side_by_side() -> None:
    units = [Claim("a", 600), Claim("b", 270), Claim("c", 90), Claim("d", 40)]
    table = {comparison.rule: comparison for comparison in compare_methods(10, units)}
    assert len(table) == 9
    assert table[ApportionmentRule(Method.DHONDT)].seats == (6, 3, 1, 0)
    assert table[ApportionmentRule(Method.ADAMS)].seats == (5, 3, 1, 1)
    assert table[ApportionmentRule(Method.SAINTE_LAGUE)].seats == tuple(apportion_seats(10, units).seats)
    assert table[ApportionmentRule(Method.SAINTE_LAGUE)].outside == ()
    assert table[ApportionmentRule(Method.ADAMS)].outside == ("a",)  # its quota is 6


def test_a_method_may_break_the_quota_rule() -> None:
    (adams,) = compare_methods(
        10, [Claim("a", 91), *(Claim(f"u{i}", 1) for i in range(9))], [ApportionmentRule(Method.ADAMS)]
    )
    assert (adams.seats, adams.outside) == ((1,) * 10, ("a",))


def test_a_comparison_asks_for_no_lot() -> None:
    (lots,) = compare_methods(1, [Claim("b", 1), Claim("a", 1)], [ApportionmentRule()])
    assert (lots.status, lots.provisional, lots.seats) == ("lots_required", True, (0, 1))


def test_the_indices_by_hand() -> None:
    found = compute_indices([3, 1], [60, 40])  # 75 % and 25 % of the seats for 60 % and 40 % of the weight
    assert found is not None
    assert found.loosemore_hanby == Fraction("0.15")
    assert found.gallagher == Fraction("0.15")
    assert found.deviation == Fraction("0.15")
    assert found.sainte_lague == Fraction("0.09375")
    assert compute_indices([0, 0], [1, 1]) is None
    assert compute_indices([1, 0], [0, 0]) is None
    weightless = compute_indices([1, 1], [1, 0])
    assert weightless is not None
    assert weightless.sainte_lague is None
