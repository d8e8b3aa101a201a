"""Why each unit has its seats: the order of the seats, and how far each unit is from one more."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import islice, zip_longest

from domain.apportionment.distance import find_weight_increase
from domain.apportionment.engine import apportion_seats
from domain.apportionment.result import Apportionment, BoundKind
from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import BoundedProblem, build_problem
from domain.apportionment.solver.quota_method import list_open_seats
from domain.apportionment.solver.ranking import inverse_signpost, rank_seats, weight_exponent
from domain.apportionment.solver.shares import ExactShares, compute_shares
from domain.apportionment.stages import UnitSeats

HORIZON = 100
"""How many additional total seats are examined, or one for each unit if that is more."""


@dataclass(frozen=True, slots=True)
class AwardStep:
    """One seat: number ``total_seats`` of all seats, and number ``seat`` of unit ``id``.

    ``worth`` is the quotient weight / s(k), for Huntington-Hill its square, for the largest remainder the
    part of the share for which no seat was given yet; ``None`` outranks all (a signpost of zero). ``level``:
    another unit has the same worth. Equal worths are listed by id here, but lots decide their seats.
    """

    total_seats: int
    id: str
    seat: int
    worth: Fraction | None
    level: bool


@dataclass(frozen=True, slots=True)
class UnitExplanation:
    """One unit's figures.

    ``share`` is its exact part of all seats, ``quota`` that part after the bounds are applied. ``last``
    and ``next`` are the worth of its last and next seat, as in :class:`AwardStep` (``None`` without such a
    seat, or where it outranks all). ``bound`` is the bound that has an effect; ``tied``: a lot has to decide,
    or has decided. ``more_weight`` is the least increase of its own weight, in whole units and all else
    equal, that gives it one more seat without a lot; ``more_seats`` is the least increase of the total seats
    that does so. ``None``: no increase does, or none within the horizon.
    """

    id: str
    seats: int
    share: Fraction
    quota: Fraction
    last: Fraction | None
    next: Fraction | None
    bound: BoundKind | None
    tied: bool
    more_weight: int | None
    more_seats: int | None


def list_award_steps(result: Apportionment) -> tuple[AwardStep, ...]:
    """The seats beyond bases and floors, in the order in which they are given; none when infeasible.

    For the largest remainder the order depends on the total number of seats.
    """
    if result.status == "infeasible":
        return ()
    if result.rule.method is Method.QUOTA:
        return tuple(_list_quota_steps(result))
    steps = islice(_rank_award_steps(result, result.problem), result.problem.seats - result.problem.floor_sum)
    return tuple(step for _, step in steps)


def explain_units(
    result: Apportionment, ids: Collection[str] | None = None, horizon: int | None = None
) -> tuple[UnitExplanation, ...]:
    """The figures of each unit, or of those named by ``ids``, in the order of the claims.

    None when infeasible. ``horizon`` is the greatest increase of the total seats that is examined.
    """
    if result.status == "infeasible":
        return ()
    wanted = [i for i, one in enumerate(result.claims.ids) if ids is None or one in ids]
    reach = max(HORIZON, len(result.claims)) if horizon is None else horizon
    growth = (_compute_growth if result.rule.is_divisor_method else _compute_growth_by_trial)(
        result, set(wanted), reach
    )
    worths = _SeatWorths(result.problem, result.rule)
    total = sum(result.problem.weights) or 1
    tied = set(result.tie.ids) if result.tie else set()
    return tuple(_explain_unit(result, i, worths, total, tied, growth.get(i)) for i in wanted)


def build_outright_explanation(share: UnitSeats) -> UnitExplanation:
    """The figures of a unit that shares no rest with others: its seats are exactly those that it is given."""
    exact = Fraction(share.seats)
    return UnitExplanation(share.id, share.seats, exact, exact, None, None, share.bound, False, None, None)


def _explain_unit(
    result: Apportionment, i: int, worths: "_SeatWorths", total: int, tied: set[str], growth: int | None
) -> UnitExplanation:
    base = result.claims.bases[i] if result.claims.bases else 0
    above_base = result.seats[i] - base
    one = result.claims.ids[i]
    cap = result.claims.caps[i] if result.claims.caps else None
    full = cap == result.seats[i]
    return UnitExplanation(
        id=one,
        seats=result.seats[i],
        share=Fraction(result.house * result.problem.weights[i], total),
        quota=base + Fraction(result.shares.parts[i], result.shares.unit),
        last=worths.compute_worth(i, above_base) if above_base > result.problem.floors[i] else None,
        next=None if full else worths.compute_worth(i, above_base + 1),
        bound=result.bounds[i],
        tied=one in tied,
        more_weight=None if full else find_weight_increase(result, i),
        more_seats=None if full else growth,
    )


class _SeatWorths:
    """What a unit's k-th seat is worth, as a fraction."""

    def __init__(self, problem: BoundedProblem, rule: ApportionmentRule):
        self.problem = problem
        self.power = weight_exponent(rule)
        by_quotient = rule.method is not Method.LARGEST_REMAINDER
        self.post = inverse_signpost(rule) if by_quotient else None
        self.part = ExactShares((), 1) if by_quotient else compute_shares(problem, rule)

    def compute_worth(self, i: int, k: int) -> Fraction | None:
        if self.post is None:
            return Fraction(self.part.parts[i], self.part.unit) - (k - 1)
        a, b = self.post(k)
        return Fraction(self.problem.weights[i], self.problem.scale) ** self.power * a / b if b else None


def _list_quota_steps(result: Apportionment) -> Iterator[AwardStep]:
    """The seats in the order of the quota method; equal ones are in the order of the claims."""
    ids, bases = result.claims.ids, result.claims.bases
    worths, base_sum = _SeatWorths(result.problem, result.rule), sum(bases) if bases else 0
    for seat in list_open_seats(result.problem)[0]:
        i, base = seat.unit, bases[seat.unit] if bases else 0
        worth = worths.compute_worth(i, seat.k)
        yield AwardStep(base_sum + seat.given, ids[i], base + seat.k, worth, seat.level)


def _rank_award_steps(result: Apportionment, problem: BoundedProblem) -> Iterator[tuple[int, AwardStep]]:
    """Each seat with its rank, in order, from the floors until all caps are reached."""
    ids, bases = result.claims.ids, result.claims.bases
    ranking, worths = rank_seats(problem, result.rule), _SeatWorths(problem, result.rule)
    masses, key = ranking.masses, ranking.key
    rows = zip(problem.floors, problem.caps, masses, ids, strict=True)
    heap = [(-key(mass, k + 1), one, i, k + 1) for i, (k, cap, mass, one) in enumerate(rows) if k < cap]
    heapify(heap)
    total_seats, before = problem.floor_sum + (sum(bases) if bases else 0), None
    while heap:
        rank, one, i, k = heappop(heap)
        if k < problem.caps[i]:
            heappush(heap, (-key(masses[i], k + 1), one, i, k + 1))
        total_seats += 1
        level = rank == before or bool(heap and heap[0][0] == rank)
        yield (
            rank,
            AwardStep(total_seats, one, k + (bases[i] if bases else 0), worths.compute_worth(i, k), level),
        )
        before = rank


def _compute_growth(result: Apportionment, wanted: set[int], reach: int) -> dict[int, int]:
    """Unit → additional total seats with which it surely gets one more, for a divisor method.

    The order of the seats does not depend on their total. So a unit's next seat is sure when the total
    suffices for every seat of the same worth.
    """
    index_of = {result.claims.ids[i]: i for i in wanted}
    problem = build_problem(result.house + reach, result.claims)
    found: dict[int, int] = {}
    level: list[int] = []
    steps = list(islice(_rank_award_steps(result, problem), problem.seats - problem.floor_sum + 1))
    ranks = [rank for rank, _ in steps]
    for (rank, now), after in zip_longest(steps, ranks[1:]):
        i = index_of.get(now.id)
        if i is not None and now.seat == result.seats[i] + 1:
            level.append(i)
        if rank != after:
            if now.total_seats <= result.house + reach:
                found |= dict.fromkeys(level, now.total_seats - result.house)
            level.clear()
    return found


def _compute_growth_by_trial(result: Apportionment, wanted: set[int], reach: int) -> dict[int, int]:
    """The same for the largest remainder. Each total is tried: a larger one may also take a seat away."""
    found: dict[int, int] = {}
    for more in range(1, reach + 1):
        if found.keys() >= wanted:
            break
        larger = apportion_seats(result.house + more, result.claims, result.rule)
        if larger.status == "infeasible":
            break
        for i in wanted - found.keys():
            if larger.certain[i] > result.seats[i]:
                found[i] = more
    return found
