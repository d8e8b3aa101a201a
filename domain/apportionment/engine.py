"""The entry point of an apportionment: check the inputs, solve, build the result."""

from collections.abc import Sequence

from domain.apportionment.claims import Claim, Claims
from domain.apportionment.repair import compute_repair
from domain.apportionment.result import Apportionment, Status
from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver import solve_problem
from domain.apportionment.solver.bounded_problem import BoundedProblem, build_problem
from domain.apportionment.solver.quota_method import draw_by_quota
from domain.apportionment.ties import Tie
from domain.findings import Finding, Invalid
from domain.lots import expect_valid_lots

USUAL_RULE = ApportionmentRule(Method.SAINTE_LAGUE)
"""The rule that applies where a plan names none."""


def apportion_seats(
    seats: int,
    claims: Sequence[Claim],
    rule: ApportionmentRule = USUAL_RULE,
    lots: Sequence[str] = (),
    *,
    stage: str = "",
) -> Apportionment:
    """Share out ``seats`` over ``claims`` by ``rule``.

    The answer does not depend on the order of the claims. Where units tie for fewer seats than there
    are such units, ``lots`` is the drawn order of all these units and the first ones win (by the quota
    method: wherever seats are equal); without ``lots`` the status is ``lots_required``. Bounds that cannot be
    kept are no error: the status is ``infeasible``, and the result has the repair. ``stage`` names this
    apportionment among others, in ties and certificates.

    :raises Invalid: for claims, parameters or lots that are not valid, with pointers into the input.
    """
    table = Claims.from_claims(claims)
    _expect_valid_inputs(seats, table, rule)
    problem = build_problem(seats, table)
    if not problem.floor_sum <= problem.seats <= problem.cap_sum:
        expect_valid_lots(lots, ())
        found = compute_repair(seats, table, problem, rule)
        return Apportionment("infeasible", seats, table, rule, problem=problem, repair=found, stage=stage)
    return _build_apportionment(seats, table, rule, problem, lots, stage)


def _expect_valid_inputs(seats: int, table: Claims, rule: ApportionmentRule) -> None:
    found = rule.check_parameters()
    if type(seats) is not int or seats < 0:
        found.append(Finding("seats_not_a_count", {}, "/seats"))
    if found:
        raise Invalid("apportionment_invalid", errors=found)
    table.expect_valid()


def _build_apportionment(
    seats: int,
    table: Claims,
    rule: ApportionmentRule,
    problem: BoundedProblem,
    lots: Sequence[str],
    stage: str,
) -> Apportionment:
    cut, contested = solve_problem(problem, rule)
    unit_seats = (
        [base + k for base, k in zip(table.bases, cut.seats, strict=True)] if table.bases else list(cut.seats)
    )
    if not cut.tied:
        expect_valid_lots(lots, ())
        return Apportionment(
            "decided",
            seats,
            table,
            rule,
            problem=problem,
            cut=cut,
            seats=unit_seats,
            certain=unit_seats,
            stage=stage,
        )
    for i in contested:
        unit_seats[i] -= 1
    index_of = {table.ids[i]: i for i in cut.tied}
    tie = Tie(tuple(sorted(index_of)), cut.places, seats, rule, table, stage)
    if lots:
        expect_valid_lots(lots, tie.ids)
    drawn = _add_drawn_seats(table, rule, problem, unit_seats, [index_of[one] for one in lots], cut.places)
    status: Status = "decided" if lots else "lots_required"
    return Apportionment(
        status,
        seats,
        table,
        rule,
        problem=problem,
        cut=cut,
        seats=drawn,
        certain=unit_seats,
        tie=tie,
        lots=lots,
        stage=stage,
    )


def _add_drawn_seats(
    table: Claims,
    rule: ApportionmentRule,
    problem: BoundedProblem,
    certain: Sequence[int],
    order: Sequence[int],
    places: int,
) -> list[int]:
    """The seats with those that the lots decide: one for each of the first units, or as the quota method
    goes on where the unit that comes first in the order has the first of equal seats."""
    if order and rule.method is Method.QUOTA:
        seats = draw_by_quota(problem, order)
        return [base + k for base, k in zip(table.bases, seats, strict=True)] if table.bases else seats
    drawn = list(certain)
    for i in order[:places]:
        drawn[i] += 1
    return drawn
