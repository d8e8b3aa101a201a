"""The result of an apportionment, and the figures that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from heapq import nsmallest
from typing import Any, Literal

from domain.apportionment.claims import Claims
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.max_min import Cutoff
from domain.apportionment.solver.ranking import SeatRanking, rank_seats
from domain.apportionment.solver.shares import ExactShares, clamp_shares, compute_shares, fit_scale
from domain.apportionment.ties import Tie

Status = Literal["decided", "lots_required", "infeasible"]
RepairReason = Literal["house_too_small", "caps_too_low"]


class BoundKind(StrEnum):
    """A bound on the seats of a unit."""

    FLOOR = "floor"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Award:
    """The result for one unit.

    ``seats`` includes the base; while lots are required, it is what the unit has whatever the lot decides.
    ``certain`` is that number also after the lots are drawn. ``quota`` is the unit's exact share of the seats
    within the bounds, base included. ``bound`` is the bound without which the result would be different, or
    would depend on a lot.
    """

    id: str
    seats: int
    quota: Fraction
    bound: BoundKind | None
    certain: int


@dataclass(frozen=True, slots=True)
class Repair:
    """The least changes that make an infeasible apportionment feasible.

    ``house`` is the nearest total number of seats that fits the bounds. ``lower`` is by how many seats the
    floors have to fall in all, at least ``lower_bases`` of them out of bases; ``raise_caps`` by how many
    seats the caps have to rise in all, ``None`` where that does not help because no unit has weight. These
    numbers are exact. ``floors`` and ``caps`` are one of several ways to distribute them over units, computed
    by the method: (id, new bound on the total).
    """

    reason: RepairReason
    house: int
    lower: int = 0
    lower_bases: int = 0
    raise_caps: int | None = 0
    floors: tuple[tuple[str, int], ...] = ()
    caps: tuple[tuple[str, int], ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Repair":
        """The repair from its plain form, that of ``plain_record``."""
        floors, caps = (tuple((one, bound) for one, bound in content[name]) for name in ("floors", "caps"))
        return cls(**{**content, "floors": floors, "caps": caps})


class Apportionment:
    """Seats over units, with the reasons; built by :func:`domain.apportionment.engine.apportion_seats`.

    ``house`` is the total number of seats; ``seats`` are the seats of each unit in the order of ``claims``
    (empty when infeasible). The properties are computed on first use.
    """

    def __init__(
        self,
        status: Status,
        house: int,
        claims: Claims,
        rule: ApportionmentRule,
        *,
        problem: BoundedProblem,
        cut: Cutoff | None = None,
        seats: Sequence[int] = (),
        certain: Sequence[int] = (),
        tie: Tie | None = None,
        lots: Sequence[str] = (),
        repair: Repair | None = None,
        stage: str = "",
    ):
        self.status = status
        self.house = house
        self.claims = claims
        self.rule = rule
        self.problem = problem
        self.cut = cut
        self.seats = seats
        self.certain = certain
        self.tie = tie
        self.lots = tuple(lots)
        self.repair = repair
        self.stage = stage

    def __repr__(self) -> str:
        return f"<Apportionment {self.status}: {self.house} seats over {len(self.claims)} units>"

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Unit → seats; while lots are required, without the seats that the lots decide."""
        return dict(zip(self.claims.ids, self.seats, strict=False))

    @cached_property
    def ranking(self) -> SeatRanking:
        """How the rule ranks the seats beyond the bases."""
        return rank_seats(self.problem, self.rule)

    @cached_property
    def scale(self) -> tuple[int, int]:
        """The scale n / d at which the clamped weights of the bounded problem add up to its seats."""
        return fit_scale(self.problem.seats, self.problem.weights, self.problem.floors, self.problem.caps)

    @cached_property
    def shares(self) -> ExactShares:
        """The exact shares of what is left after the bases."""
        return (
            clamp_shares(self.problem)
            if self.rule.is_divisor_method
            else compute_shares(self.problem, self.rule)
        )

    @cached_property
    def weakest_seats(self) -> tuple[tuple[int, int], ...]:
        """The two seats above a floor that rank least, of different units: (unit, number after the bases)."""
        bases = self.claims.bases or [0] * len(self.claims)
        rows = zip(self.seats, bases, self.problem.floors, self.ranking.masses, strict=True)
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
        """For each claim the bound that has an effect, or ``None``."""
        if self.cut is None:
            return ()
        everyone = range(len(self.claims))
        if self.rule.is_divisor_method or self.rule.bounds == "whole_house":
            return tuple(_find_cutoff_bound(self, self.cut, i) for i in everyone)
        if self.rule.quota == "hare":
            return tuple(_find_clamp_bound(self, i) for i in everyone)
        return tuple(_find_clamp_bound(self, i) or _find_cutoff_bound(self, self.cut, i) for i in everyone)


def _find_cutoff_bound(result: Apportionment, cut: Cutoff, i: int) -> BoundKind | None:
    """The bound without which unit ``i`` could win one more seat, or could lose one."""
    problem, masses, key = result.problem, result.ranking.masses, result.ranking.key
    own, floor, cap = cut.seats[i], problem.floors[i], problem.caps[i]
    if not problem.weights[i]:
        return BoundKind.FLOOR if floor else None
    if own == floor and floor and cut.best is not None and key(masses[i], floor) <= cut.best:
        return BoundKind.FLOOR
    if own == cap and cut.worst is not None and key(masses[i], cap + 1) >= cut.worst:
        return BoundKind.CAP if _has_cap(result, i) else None
    return None


def _find_clamp_bound(result: Apportionment, i: int) -> BoundKind | None:
    """The bound to which unit ``i`` is clamped at the fitted scale."""
    problem = result.problem
    n, d = result.scale
    weighed = problem.weights[i] * n
    if weighed < problem.floors[i] * d:
        return BoundKind.FLOOR
    return BoundKind.CAP if weighed > problem.caps[i] * d and _has_cap(result, i) else None


def _has_cap(result: Apportionment, i: int) -> bool:
    caps = result.claims.caps
    return caps is not None and caps[i] is not None
