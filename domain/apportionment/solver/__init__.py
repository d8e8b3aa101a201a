"""The solver: one definition, with one path for few units and one for many.

The definition: start at the floors, and give one seat after the other to the unit below its cap whose next
seat ranks first. Both paths reach this result without all the steps, and decide by whole numbers.
"""

from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.max_min import Cutoff
from domain.apportionment.solver.quota_method import solve_by_quota
from domain.apportionment.solver.small_solver import solve_small

MANY_UNITS = 4_000
"""From so many units on, the import of numpy (120 ms, only the first time) takes less time than it saves."""
FLOAT_SEAT_LIMIT = 2**50
"""From so many seats on, floats are not exact enough to count them."""


def solve_problem(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """The cutoff of a feasible ``problem``, and the tied units that have one of the contested seats in it."""
    if rule.method is Method.QUOTA:
        return solve_by_quota(problem)
    if len(problem.weights) >= MANY_UNITS and problem.seats < FLOAT_SEAT_LIMIT:
        from domain.apportionment.solver.large_solver import solve_large

        return solve_large(problem, rule)
    return solve_small(problem, rule)
