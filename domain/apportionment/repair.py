"""What to change when the bounds and the total number of seats cannot both be kept."""

from collections.abc import Sequence

from domain.apportionment.claims import Claims
from domain.apportionment.result import Repair
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver import solve_problem
from domain.apportionment.solver.bounded_problem import BoundedProblem


def compute_repair(seats: int, claims: Claims, problem: BoundedProblem, rule: ApportionmentRule) -> Repair:
    """The least changes that make ``problem`` feasible; each of them is sufficient alone."""
    if problem.floor_sum > problem.seats:
        return _lower_floors(seats, claims, problem, rule)
    return _raise_caps(seats, claims, problem, rule)


def _lower_floors(seats: int, claims: Claims, problem: BoundedProblem, rule: ApportionmentRule) -> Repair:
    """The floors lowered in proportion to their size, and the bases too where the floors do not suffice."""
    bases = list(claims.bases) if claims.bases else [0] * len(claims)
    wanted = [base + floor for base, floor in zip(bases, problem.floors, strict=True)]
    short = max(sum(bases) - seats, 0)
    if short:
        kept = _spread_seats(_build_capped_problem(seats, bases), claims.ids, rule)
    else:
        floors = _spread_seats(_build_capped_problem(problem.seats, problem.floors), claims.ids, rule)
        kept = [base + floor for base, floor in zip(bases, floors, strict=True)]
    return Repair(
        "house_too_small",
        house=sum(wanted),
        lower=sum(wanted) - seats,
        lower_bases=short,
        floors=_list_changed_bounds(claims.ids, wanted, kept),
    )


def _build_capped_problem(seats: int, bounds: Sequence[int]) -> BoundedProblem:
    return BoundedProblem(seats, bounds, 1, [0] * len(bounds), bounds)


def _raise_caps(seats: int, claims: Claims, problem: BoundedProblem, rule: ApportionmentRule) -> Repair:
    """The caps raised: the method shares out the missing seats with the caps as floors."""
    bases = claims.bases or [0] * len(claims)
    missing = problem.seats - problem.cap_sum
    feasible_seats = seats - missing
    if not any(problem.weights):
        return Repair("caps_too_low", house=feasible_seats, raise_caps=None)
    upper = [cap + missing if w else cap for cap, w in zip(problem.caps, problem.weights, strict=True)]
    raised = BoundedProblem(problem.seats, problem.weights, problem.scale, problem.caps, upper)
    caps = _spread_seats(raised, claims.ids, rule)
    before = [base + cap for base, cap in zip(bases, problem.caps, strict=True)]
    after = [base + cap for base, cap in zip(bases, caps, strict=True)]
    changed = _list_changed_bounds(claims.ids, before, after)
    return Repair("caps_too_low", house=feasible_seats, raise_caps=missing, caps=changed)


def _spread_seats(problem: BoundedProblem, ids: Sequence[str], rule: ApportionmentRule) -> list[int]:
    """The seats by the method, ties decided by id: only a suggestion, no unit gains or loses by it."""
    cut, contested = solve_problem(problem, rule)
    unit_seats = list(cut.seats)
    for i in contested:
        unit_seats[i] -= 1
    for i in sorted(cut.tied, key=lambda i: ids[i])[: cut.places]:
        unit_seats[i] += 1
    return unit_seats


def _list_changed_bounds(
    ids: Sequence[str], before: Sequence[int], after: Sequence[int]
) -> tuple[tuple[str, int], ...]:
    rows = sorted(zip(ids, before, after, strict=True))
    return tuple((one, new) for one, old, new in rows if new != old)
