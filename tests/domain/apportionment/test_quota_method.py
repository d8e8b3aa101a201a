"""The quota method of Balinski and Young, against its definition, carried out in every way that ties allow.

Source: M. L. Balinski and H. P. Young, *The Quota Method of Apportionment*, American Mathematical Monthly 82
(1975): at each number of seats the greatest weight / (seats + 1) among the units that are below their share.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.apportionment.comparison import compare_methods
from domain.apportionment.explanation import explain_units, list_award_steps
from domain.findings import Invalid
from domain.verification import expect_affordable, verify_proof
from tests.conftest import examples

QUOTA = ApportionmentRule(Method.QUOTA)


def read(result: Any) -> Any:
    """The certificate as somebody else gets it."""
    return json.loads(json.dumps(build_certificate(result)))


def share_seats(house: int, claims: Sequence[Claim]) -> dict[str, Fraction]:
    """Each unit's share of so many seats within its bounds, by trying each scale at which one turns."""
    free = house - sum(one.base for one in claims)
    lows = {one.id: max(one.floor - one.base, 0) for one in claims}
    highs = {
        one.id: lows[one.id] if not one.weight else free if one.cap is None else one.cap - one.base
        for one in claims
    }
    highs = {one: max(high, lows[one]) for one, high in highs.items()}

    def clamp(t: Fraction) -> dict[str, Fraction]:
        return {
            one.id: min(max(t * one.weight, Fraction(lows[one.id])), Fraction(highs[one.id]))
            for one in claims
        }

    turns = {Fraction(0)} | {
        Fraction(bound, one.weight) for one in claims if one.weight for bound in (lows[one.id], highs[one.id])
    }
    before = Fraction(0)
    for t in sorted(turns):
        least, most = sum(clamp(before).values(), Fraction(0)), sum(clamp(t).values(), Fraction(0))
        if most >= free:
            part = (free - least) / (most - least) if most > least else Fraction(1)
            return {one.id: clamp(before + (t - before) * part)[one.id] + one.base for one in claims}
        before = t
    raise AssertionError("not feasible")


def list_outcomes(house: int, claims: Sequence[Claim]) -> set[tuple[int, ...]]:
    """Every result that the definition allows."""
    start = tuple(max(one.floor, one.base) for one in claims)
    reached = {start}
    for h in range(sum(start) + 1, house + 1):
        shares = share_seats(h, claims)
        following = set()
        for seats in reached:
            open_units = {
                i: Fraction(one.weight) / (seats[i] - one.base + 1)
                for i, one in enumerate(claims)
                if seats[i] < shares[one.id]
            }
            best = max(open_units.values())
            for i, value in open_units.items():
                if value == best:
                    following.add((*seats[:i], seats[i] + 1, *seats[i + 1 :]))
        reached = following
    return reached


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, list[Claim]]:
    """A few units with small weights, so that many are equal, with bounds and bases; and feasible seats."""
    claims = []
    for i in range(draw(st.integers(1, 5))):
        base, floor = draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from([0, 0, 1, 2]))
        low = max(base, floor)
        cap = draw(st.one_of(st.none(), st.none(), st.integers(low, low + 6)))
        claims.append(Claim(f"u{i}", draw(st.integers(0, 6)), floor, cap, base))
    least = sum(max(one.floor, one.base) for one in claims)
    house = least + draw(st.integers(0, 14))
    return house, claims


@given(problems())
@examples(200)
def test_the_result_and_its_ties_are_those_of_the_definition(problem: tuple[int, list[Claim]]) -> None:
    house, claims = problem
    result = apportion_seats(house, claims, QUOTA)
    if result.status == "infeasible":
        assert verify_proof(read(result)) == ()
        return
    outcomes = list_outcomes(house, claims)
    least = tuple(map(min, zip(*outcomes, strict=True)))
    varied = [
        one.id for one, seats in zip(claims, zip(*outcomes, strict=True), strict=True) if len(set(seats)) > 1
    ]
    assert (tuple(result.seats), result.status) == (least, "lots_required" if varied else "decided")
    assert list(result.tie.ids if result.tie else ()) == varied
    assert verify_proof(read(result)) == ()
    drawn = {
        tuple(apportion_seats(house, claims, QUOTA, order).seats) for order in permutations(varied) if varied
    }
    assert drawn == (outcomes if varied else set())


@given(problems(), st.randoms(use_true_random=False))
@examples(60)
def test_no_other_seats_are_proven(problem: tuple[int, list[Claim]], random: Any) -> None:
    house, claims = problem
    result = apportion_seats(house, claims, QUOTA)
    if result.tie:
        order = list(result.tie.ids)
        random.shuffle(order)
        result = apportion_seats(house, claims, QUOTA, order)
    told = read(result)
    assert verify_proof(told) == ()
    if result.status == "infeasible":
        return
    for giver, taker in permutations(range(len(claims)), 2):
        units = [dict(unit) for unit in told["units"]]
        units[giver]["seats"] -= 1
        units[taker]["seats"] += 1
        assert verify_proof({**told, "units": units})


@given(problems())
@examples(120)
def test_it_stays_within_the_shares_and_more_seats_take_none(problem: tuple[int, list[Claim]]) -> None:
    house, claims = problem
    before = None
    for seats in range(house, house + 4):
        result = apportion_seats(seats, claims, QUOTA, ())
        if result.status == "infeasible":
            return
        now = apportion_seats(seats, claims, QUOTA, result.tie.ids) if result.tie else result
        for award in now.awards:
            assert award.quota - 1 < award.seats < award.quota + 1
        if before is not None and result.tie is None:
            assert all(new >= old for new, old in zip(result.seats, before, strict=True))
        before = result.seats


def test_it_keeps_the_share_where_dhondt_breaks_it() -> None:
    """With D'Hondt a gets more than its share rounded up."""
    claims = [Claim(one, weight) for one, weight in zip("abcde", (5117, 4400, 162, 161, 160), strict=True)]
    assert apportion_seats(100, claims, QUOTA).seats == [52, 44, 2, 1, 1]
    shares = [Fraction(100 * claim.weight, 10_000) for claim in claims]
    assert all(share - 1 < k < share + 1 for share, k in zip(shares, (52, 44, 2, 1, 1), strict=True))
    table = {one.rule.method: one for one in compare_methods(100, claims)}
    assert table[Method.DHONDT].outside
    assert table[Method.QUOTA].outside == ()


@pytest.mark.parametrize("house", [7, 11])
def test_seats_are_told_in_their_order(house: int) -> None:
    claims = [Claim("a", 61), Claim("b", 34, floor=2), Claim("c", 5, base=1)]
    steps = list_award_steps(apportion_seats(house, claims, QUOTA))
    counts = {"a": 0, "b": 2, "c": 1}
    for step in steps:
        counts[step.id] += 1
        assert (step.seat, step.total_seats) == (counts[step.id], sum(counts.values()))
        now = apportion_seats(step.total_seats, claims, QUOTA)
        assert now.tie or now.by_id == counts


def test_what_gives_one_more_seat_does() -> None:
    claims = [Claim(one, weight) for one, weight in zip("abcd", (910, 440, 120, 30), strict=True)]
    result = apportion_seats(20, claims, QUOTA)
    for i, told in enumerate(explain_units(result)):
        assert told.more_weight is not None
        assert told.more_seats is not None
        heavier = [
            Claim(one.id, one.weight + (told.more_weight if n == i else 0)) for n, one in enumerate(claims)
        ]
        assert apportion_seats(20, heavier, QUOTA).seats[i] > result.seats[i]
        assert apportion_seats(20 + told.more_seats, claims, QUOTA).seats[i] > result.seats[i]


def test_a_proof_by_many_seats_is_refused_before_it_begins() -> None:
    told = read(apportion_seats(9, [Claim("a", 1), Claim("b", 3)], QUOTA))
    expect_affordable(told)
    with pytest.raises(Invalid):
        expect_affordable({**told, "seats": 10**12})
