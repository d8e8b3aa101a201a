"""The seats that units have by largest remainders before a tie is settled, computed again from its claims.

Where each tied unit got its seat, the certificate has no tie any more, and one seat more can take seats from
others (the Alabama paradox): so the shares of the smaller number of seats are computed here.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from domain.verification.apportionment import compute_stage_shares
from domain.verification.json_readers import MalformedError, sum_rationals

Bounds = tuple[Fraction, int, int | None]
"""The weight of a unit, and its least and greatest number of seats after the base."""


def rebuild_stage(stage: Mapping[str, Any], seats: int, claims: Mapping[str, int]) -> dict[str, Any]:
    """The stage with so many ``seats``, each unit with those that rank before the claims that tie.

    ``claims`` is tied unit → number of the seat for which it ties. The tie and the digest are not in it.

    :raises MalformedError: where the bounds leave no such stage, or the claims do not rank the same.
    """
    bounds = {unit["id"]: _read_bounds(unit) for unit in stage["units"]}
    before = {**stage, "seats": seats}
    if stage["rule"]["bounds"] == "refit":
        left = seats - sum(unit["base"] for unit in stage["units"])
        before["scale"] = str(_find_least_scale(list(bounds.values()), left))
    shares = compute_stage_shares(before)
    bases = {unit["id"]: unit["base"] for unit in stage["units"]}
    levels = {shares[one] - (claim - bases[one] - 1) for one, claim in claims.items()}
    if len(levels) != 1:
        raise MalformedError("/tie/ids")
    level = levels.pop()
    units = []
    for unit in stage["units"]:
        _, low, high = bounds[unit["id"]]
        ahead = max(low, ceil(shares[unit["id"]] - level))
        sure = ahead if high is None else min(high, ahead)
        units.append({**unit, "seats": bases[unit["id"]] + sure})
    return {**before, "units": units}


def _read_bounds(unit: Mapping[str, Any]) -> Bounds:
    weight, base = Fraction(unit["weight"]), unit["base"]
    low = max(unit["floor"], base) - base
    if not weight:
        return weight, low, low
    return weight, low, None if unit["cap"] is None else unit["cap"] - base


def _find_least_scale(bounds: Sequence[Bounds], seats: int) -> Fraction:
    """The least t at which clamp(t · weight, low, high) adds up to the seats.

    The sum grows with t, and along a straight line between two bounds of units.
    """
    points = sorted(
        {Fraction(b) / w for w, *ends in bounds if w for b in ends if b is not None} | {Fraction(0)}
    )
    place = bisect_left(points, Fraction(seats), key=lambda t: _fill(bounds, t))
    if not place:
        if _fill(bounds, points[0]) != seats:
            raise MalformedError("/seats")
        return points[0]
    start = points[place - 1]
    growing = [w for w, low, high in bounds if w * start >= low and (high is None or w * start < high)]
    slope = sum_rationals(growing, "/units")
    if not slope:
        raise MalformedError("/seats")
    return start + (seats - _fill(bounds, start)) / slope


def _fill(bounds: Sequence[Bounds], scale: Fraction) -> Fraction:
    shares = (max(weight * scale, Fraction(low)) for weight, low, _ in bounds)
    capped = (
        share if high is None else min(share, Fraction(high))
        for share, (_, _, high) in zip(shares, bounds, strict=True)
    )
    return sum_rationals(capped, "/units")
