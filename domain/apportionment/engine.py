"""The way in: check what came, solve it, and say what came out."""

from collections.abc import Sequence

from domain.apportionment.bounded_problem import BoundedProblem, build_problem
from domain.apportionment.claims import Claim, Claims
from domain.apportionment.lots import Tie, expect_valid_lots
from domain.apportionment.repair import compute_repair
from domain.apportionment.result import Apportionment, Status
from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver import solve_problem
from domain.findings import Finding, Invalid

USUAL_RULE = ApportionmentRule(Method.SAINTE_LAGUE)
"""The rule where a plan names none."""


def apportion_seats(
    seats: int,
    claims: Sequence[Claim],
    rule: ApportionmentRule = USUAL_RULE,
    lots: Sequence[str] = (),
) -> Apportionment:
    """The ``seats`` of a house over ``claims``.

    The answer does not depend on the order of the claims. Where units with exactly the same claim are left
    for fewer seats, ``lots`` is the drawn order of all of them and the first ones win; without it the
    status is ``lots_required``. Bounds that cannot be kept are an answer too: ``infeasible``, with its
    repair.

    :raises Invalid: for claims, parameters or lots that make no sense, with pointers into the input.
    """
    table = Claims.from_claims(claims)
    _expect_valid_inputs(seats, table, rule)
    problem = build_problem(seats, table)
    if not problem.floor_sum <= problem.seats <= problem.cap_sum:
        expect_valid_lots(lots, ())
        found = compute_repair(seats, table, problem, rule)
        return Apportionment("infeasible", seats, table, rule, frame=problem, repair=found)
    return _build_apportionment(seats, table, rule, problem, lots)


def _expect_valid_inputs(seats: int, table: Claims, rule: ApportionmentRule) -> None:
    found = rule.check_parameters()
    if type(seats) is not int or seats < 0:
        found.append(Finding("seats_not_a_count", {}, "/seats"))
    if found:
        raise Invalid("apportionment_invalid", errors=found)
    table.expect_valid()


def _build_apportionment(
    seats: int, table: Claims, rule: ApportionmentRule, problem: BoundedProblem, lots: Sequence[str]
) -> Apportionment:
    cut, keeps = solve_problem(problem, rule)
    held = (
        [base + k for base, k in zip(table.bases, cut.seats, strict=True)] if table.bases else list(cut.seats)
    )
    if not cut.tied:
        expect_valid_lots(lots, ())
        return Apportionment("decided", seats, table, rule, frame=problem, cut=cut, seats=held, certain=held)
    for i in keeps:
        held[i] -= 1
    places = {table.ids[i]: i for i in cut.tied}
    tie = Tie(tuple(sorted(places)), cut.places, seats, rule, table)
    if lots:
        expect_valid_lots(lots, tie.ids)
    drawn = list(held)
    for one in lots[: cut.places]:
        drawn[places[one]] += 1
    status: Status = "decided" if lots else "lots_required"
    return Apportionment(
        status, seats, table, rule, frame=problem, cut=cut, seats=drawn, certain=held, tie=tie, lots=lots
    )
