"""The answer of an apportionment, and all that can be read off it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import nsmallest
from typing import Literal

from domain.apportionment.bounded_problem import BoundedProblem
from domain.apportionment.claims import Claims
from domain.apportionment.lots import Tie
from domain.apportionment.max_min import Cutoff
from domain.apportionment.ranking import SeatRanking, rank_seats
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.shares import ExactShares, clamp_shares, compute_shares, fit_scale
from domain.findings import Plain

Status = Literal["decided", "lots_required", "infeasible"]
BoundKind = Literal["floor", "cap"]


@dataclass(frozen=True, slots=True)
class Award:
    """What one unit gets.

    ``seats`` counts base and all; while lots are required it is what the unit holds whatever the lot decides,
    and so is ``certain``, always. ``quota`` is its exact share of the house within the bounds, base included.
    ``bound`` is the bound without which the outcome would be another one, or open to a lot.
    """

    id: str
    seats: int
    quota: Fraction
    bound: BoundKind | None
    certain: int


@dataclass(frozen=True, slots=True)
class Repair:
    """What the least change is that makes the impossible possible.

    ``house`` is the nearest number of seats that fits the bounds. ``lower`` is how many seats floors have
    to give up in all, at least ``lower_bases`` of them out of bases; ``raise_caps`` by how many seats caps
    have to rise in all, ``None`` where no raising helps because nobody has any weight. The amounts are
    exact; ``floors``, ``caps`` are one choice among several of units to spread them over, made by the
    method: (id, new bound on the total).
    """

    reason: Literal["house_too_small", "caps_too_low"]
    house: int
    lower: int = 0
    lower_bases: int = 0
    raise_caps: int | None = 0
    floors: tuple[tuple[str, int], ...] = ()
    caps: tuple[tuple[str, int], ...] = ()


class Apportionment:
    """Seats over units, with the reasons; made by :func:`domain.apportionment.apportion`.

    ``house`` is the number of seats asked for; ``seats`` the seats of each unit in the order of ``claims``
    (empty when infeasible). All else is computed when first asked for.
    """

    def __init__(
        self,
        status: Status,
        house: int,
        claims: Claims,
        rule: ApportionmentRule,
        *,
        frame: BoundedProblem,
        cut: Cutoff | None = None,
        seats: Sequence[int] = (),
        certain: Sequence[int] = (),
        tie: Tie | None = None,
        lots: Sequence[str] = (),
        repair: Repair | None = None,
    ):
        self.status = status
        self.house = house
        self.claims = claims
        self.rule = rule
        self.frame = frame
        self.cut = cut
        self.seats = seats
        self.certain = certain
        self.tie = tie
        self.lots = tuple(lots)
        self.repair = repair

    def __repr__(self) -> str:
        return f"<Apportionment {self.status}: {self.house} seats over {len(self.claims)} units>"

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Unit → seats; while lots are required, without the seats they are drawn for."""
        return dict(zip(self.claims.ids, self.seats, strict=False))

    @cached_property
    def ranking(self) -> SeatRanking:
        """How the rule ranks the seats beyond the bases."""
        return rank_seats(self.frame, self.rule)

    @cached_property
    def scale(self) -> tuple[int, int]:
        """The scale n / d at which the clamped weights of the frame add up to its seats."""
        return fit_scale(self.frame.seats, self.frame.weights, self.frame.floors, self.frame.caps)

    @cached_property
    def shares(self) -> ExactShares:
        """The exact shares of what is left after the bases."""
        return (
            clamp_shares(self.frame) if self.rule.is_divisor_method else compute_shares(self.frame, self.rule)
        )

    @cached_property
    def weakest_seats(self) -> tuple[tuple[int, int], ...]:
        """The two seats above a floor that rank least, of different units: (unit, number after the bases)."""
        bases = self.claims.bases or [0] * len(self.claims)
        rows = zip(self.seats, bases, self.frame.floors, self.ranking.masses, strict=True)
        lasts = ((i, seats - base, mass, floor) for i, (seats, base, floor, mass) in enumerate(rows))
        ranked = [(self.ranking.key(mass, k), i, k) for i, k, mass, floor in lasts if k > floor]
        return tuple((i, k) for _, i, k in nsmallest(2, ranked))

    @cached_property
    def awards(self) -> tuple[Award, ...]:
        """One award for each claim, in their order; none when infeasible."""
        if self.status == "infeasible":
            return ()
        bases = self.claims.bases or [0] * len(self.claims)
        rows = zip(
            self.claims.ids, self.seats, self.shares.parts, bases, self.bounds, self.certain, strict=True
        )
        unit = self.shares.unit
        return tuple(
            Award(one, seats, base + Fraction(part, unit), bound, sure)
            for one, seats, part, base, bound, sure in rows
        )

    @cached_property
    def bounds(self) -> tuple[BoundKind | None, ...]:
        """For each claim the bound that acts, or ``None``."""
        if self.cut is None:
            return ()
        everyone = range(len(self.claims))
        if self.rule.is_divisor_method or self.rule.bounds == "whole_house":
            return tuple(_find_cutoff_bound(self, self.cut, i) for i in everyone)
        if self.rule.quota == "hare":
            return tuple(_find_clamp_bound(self, i) for i in everyone)
        return tuple(_find_clamp_bound(self, i) or _find_cutoff_bound(self, self.cut, i) for i in everyone)

    @property
    def certificate(self) -> dict[str, Plain]:
        """The result as JSON with all that is needed to prove it; see ``docs/apportionment.md``."""
        from domain.apportionment.certificate import build_certificate

        return build_certificate(self)


def _find_cutoff_bound(result: Apportionment, cut: Cutoff, i: int) -> BoundKind | None:
    """The bound whose loosening would let unit ``i`` into the contest for a seat, or out of it."""
    frame, masses, key = result.frame, result.ranking.masses, result.ranking.key
    held, floor, cap = cut.seats[i], frame.floors[i], frame.caps[i]
    if not frame.weights[i]:
        return None
    if held == floor and floor and cut.best is not None and key(masses[i], floor) <= cut.best:
        return "floor"
    if held == cap and cut.worst is not None and key(masses[i], cap + 1) >= cut.worst:
        return "cap" if _has_cap(result, i) else None
    return None


def _find_clamp_bound(result: Apportionment, i: int) -> BoundKind | None:
    """The bound that the clamp puts on unit ``i`` at the scale of the house."""
    frame = result.frame
    n, d = result.scale
    weighed = frame.weights[i] * n
    if weighed < frame.floors[i] * d:
        return "floor" if frame.weights[i] else None
    return "cap" if weighed > frame.caps[i] * d and _has_cap(result, i) else None


def _has_cap(result: Apportionment, i: int) -> bool:
    caps = result.claims.caps
    return caps is not None and caps[i] is not None
