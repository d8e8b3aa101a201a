"""A second engine, slow and plain: the definitions in fractions, seat by seat. And inputs to compare on."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from domain.apportionment import ApportionmentRule, Claim, Method

DIVISORS = tuple(
    [
        ApportionmentRule(method)
        for method in Method
        if method not in (Method.STATIONARY, Method.LARGEST_REMAINDER, Method.QUOTA)
    ]
    + [ApportionmentRule(Method.STATIONARY, c=Fraction(c)) for c in ("0", "1/3", "1")]
    + [ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE, first_divisor=Fraction(f)) for f in ("1/10", "29/10")]
)
REMAINDERS = tuple(
    ApportionmentRule(Method.LARGEST_REMAINDER, quota=quota, bounds=bounds)
    for quota in ("hare", "droop")
    for bounds in ("refit", "whole_house")
)
RULES = DIVISORS + REMAINDERS

Rank = tuple[int, Fraction]


def data(name: str) -> Any:
    """A table from the folder ``data``."""
    return json.loads((Path(__file__).parent / "data" / name).read_text())


class Naive:
    """Seats by the definition: from base and floor on, each to the next seat that ranks first."""

    def __init__(self, seats: int, claims: Sequence[Claim], rule: ApportionmentRule):
        self.claims = {claim.id: claim for claim in claims}
        self.rule = rule
        self.lows = {one.id: max(one.floor, one.base) for one in claims}
        self.highs = {one.id: self._high(one, seats) for one in claims}
        self.left = seats - sum(one.base for one in claims)
        self.house = seats
        self.feasible = sum(self.lows.values()) <= seats <= sum(self.highs.values())
        if self.feasible and not rule.is_divisor_method:
            self.shares = self._shares()

    def _high(self, one: Claim, seats: int) -> int:
        most = max(seats, self.lows[one.id])
        if not one.weight:
            return self.lows[one.id]
        return most if one.cap is None else min(one.cap, most)

    def rank(self, one: str, k: int) -> Rank:
        """How seat ``k`` of a unit, base included, ranks."""
        claim = self.claims[one]
        if not self.rule.is_divisor_method:
            return 0, self.shares[one] - (k - claim.base - 1)
        squares = 2 if self.rule.method is Method.HUNTINGTON_HILL else 1
        post = signpost(self.rule, k - claim.base)
        mass = Fraction(claim.weight) ** squares
        return (0, mass / post) if post else (1, mass)

    def seats(self) -> tuple[dict[str, int], set[str], int]:
        """Seats that are certain, the tied units, and the places they share."""
        held, left = dict(self.lows), self.house - sum(self.lows.values())
        while left:
            ranks = {one: self.rank(one, k + 1) for one, k in held.items() if k < self.highs[one]}
            best = max(ranks.values())
            level = {one for one, rank in ranks.items() if rank == best}
            if len(level) > left:
                return held, level, left
            for one in level:
                held[one] += 1
            left -= len(level)
        return held, set(), 0

    def fits(self, held: dict[str, int]) -> bool:
        """The max-min inequality: no next seat below a cap outranks a last seat above a floor."""
        nexts = [self.rank(one, k + 1) for one, k in held.items() if k < self.highs[one]]
        lasts = [self.rank(one, k) for one, k in held.items() if k > self.lows[one]]
        return not nexts or not lasts or max(nexts) <= min(lasts)

    def list_fitting_seats(self) -> Iterator[dict[str, int]]:
        """All distributions of the house that satisfy the inequality, by trying all there are."""
        ranges = [range(self.lows[one], self.highs[one] + 1) for one in self.claims]
        for seats in product(*ranges):
            held = dict(zip(self.claims, seats, strict=True))
            if sum(seats) == self.house and self.fits(held):
                yield held

    def _shares(self) -> dict[str, Fraction]:
        total = sum((Fraction(one.weight) for one in self.claims.values()), Fraction(0))
        if self.rule.bounds == "whole_house":
            if self.rule.quota == "droop":
                quota = Fraction(total // (self.left + 1) + 1)
                return {one: claim.weight / quota for one, claim in self.claims.items()}
            return {one: Fraction(c.weight) * self.left / (total or 1) for one, c in self.claims.items()}
        fitted, free = fit(self.left, list(self.claims.values()), self.lows, self.highs)
        if self.rule.quota == "hare":
            return fitted
        loose = sum((Fraction(self.claims[one].weight) for one in free), Fraction(0))
        left = self.left - sum(share for one, share in fitted.items() if one not in free)
        quota = Fraction(loose // (left + 1) + 1)
        return fitted | {one: self.claims[one].weight / quota for one in free}


def signpost(rule: ApportionmentRule, k: int) -> Fraction:
    """s(k), squared for Huntington-Hill."""
    match rule.method:
        case Method.DHONDT:
            return Fraction(k)
        case Method.ADAMS:
            return Fraction(k - 1)
        case Method.DEAN:
            return Fraction(k * (k - 1)) / (k - Fraction(1, 2))
        case Method.HUNTINGTON_HILL:
            return Fraction(k * (k - 1))
        case Method.STATIONARY:
            return k - 1 + Fraction(rule.c or 0)
        case Method.MODIFIED_SAINTE_LAGUE if k == 1:
            return Fraction(rule.first_divisor or Fraction("1.4")) / 2
    return k - Fraction(1, 2)


def fit(
    seats: int, claims: Sequence[Claim], lows: dict[str, int], highs: dict[str, int]
) -> tuple[dict[str, Fraction], set[str]]:
    """Shares within the bounds that add up to ``seats``, and the units that no bound holds.

    The clamped sum is a broken line in the scale, with its corners where a unit meets a bound: the scale
    lies on the first piece that ends at the seats or above.
    """

    def clamped(scale: Fraction) -> dict[str, Fraction]:
        return {
            one.id: min(
                max(scale * one.weight, Fraction(lows[one.id] - one.base)), Fraction(highs[one.id] - one.base)
            )
            for one in claims
        }

    weighty = [one for one in claims if one.weight]
    bounds = [
        (bound - one.base) / Fraction(one.weight)
        for one in weighty
        for bound in (lows[one.id], highs[one.id])
    ]
    before = Fraction(0)
    for corner in sorted({Fraction(0), *bounds}):
        if sum(clamped(corner).values()) >= seats:
            break
        before = corner
    low, high = sum(clamped(before).values()), sum(clamped(corner).values()) if bounds else Fraction(0)
    scale = (
        before if low >= seats or high == low else before + (corner - before) * (seats - low) / (high - low)
    )
    shares = clamped(scale)
    rooms = {one.id: highs[one.id] - one.base for one in weighty}
    inside = {
        one.id
        for one in weighty
        if lows[one.id] - one.base
        < scale * one.weight
        < (rooms[one.id] if rooms[one.id] < seats else seats + 1)
    }
    free = {one.id for one in weighty if shares[one.id] == scale * one.weight} if inside else set()
    return shares, free


WEIGHTS = st.one_of(
    st.integers(0, 5),
    st.integers(0, 1000),
    st.fractions(0, 30, max_denominator=12),
    st.integers(10**29, 10**29 + 3),
    st.integers(2**53 - 1, 2**53 + 1),
)


@st.composite
def claims(draw: st.DrawFn, most: int = 7, *, bounded: bool = True) -> list[Claim]:
    """Units with weights alike and unlike, tiny and huge, with every kind of bound or none."""
    count = draw(st.integers(1, most))
    weights = draw(
        st.lists(draw(st.sampled_from([WEIGHTS, st.integers(0, 3)])), min_size=count, max_size=count)
    )
    if not bounded:
        return [Claim(f"u{i}", weight) for i, weight in enumerate(weights)]
    return [_draw_bounded_claim(draw, i, weight) for i, weight in enumerate(weights)]


def _draw_bounded_claim(draw: st.DrawFn, i: int, weight: int | Fraction) -> Claim:
    floor = draw(st.sampled_from([0, 0, 0, 1, 2]))
    base = draw(st.sampled_from([0, 0, 0, 0, 1, 3]))
    cap = draw(st.one_of(st.none(), st.integers(max(floor, base), max(floor, base) + 6)))
    return Claim(f"u{i}", weight, floor, cap, base)


SEAT_TOTALS = st.integers(0, 24)
