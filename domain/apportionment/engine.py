"""The way in: check what came, solve it, and say what came out."""

from collections.abc import Sequence

from domain.apportionment.claims import Claim, Claims
from domain.apportionment.frame import Frame, frame
from domain.apportionment.lots import Tie, check_lots
from domain.apportionment.repair import repair
from domain.apportionment.result import Apportionment, Status
from domain.apportionment.rules import Method, Rule
from domain.apportionment.solving import solve
from domain.findings import Finding, Invalid

USUAL = Rule(Method.SAINTE_LAGUE)
"""The rule where a plan names none."""


def apportion(
    seats: int,
    claims: Sequence[Claim],
    rule: Rule = USUAL,
    lots: Sequence[str] = (),
) -> Apportionment:
    """The ``seats`` of a house over ``claims``.

    The answer does not depend on the order of the claims. Where units with exactly the same claim are left
    for fewer seats, ``lots`` is the drawn order of all of them and the first ones win; without it the
    status is ``lots_required``. Bounds that cannot be kept are an answer too: ``infeasible``, with its
    repair.

    :raises Invalid: for claims, parameters or lots that make no sense, with pointers into the input.
    """
    table = Claims.of(claims)
    _check(seats, table, rule)
    problem = frame(seats, table)
    if not problem.needs <= problem.seats <= problem.room:
        check_lots(lots, ())
        found = repair(seats, table, problem, rule)
        return Apportionment("infeasible", seats, table, rule, frame=problem, repair=found)
    return _answer(seats, table, rule, problem, lots)


def _check(seats: int, table: Claims, rule: Rule) -> None:
    found = rule.faults()
    if type(seats) is not int or seats < 0:
        found.append(Finding("seats_not_a_count", {}, "/seats"))
    if found:
        raise Invalid("apportionment_invalid", errors=found)
    table.check()


def _answer(seats: int, table: Claims, rule: Rule, problem: Frame, lots: Sequence[str]) -> Apportionment:
    cut, keeps = solve(problem, rule)
    held = (
        [base + k for base, k in zip(table.bases, cut.held, strict=True)] if table.bases else list(cut.held)
    )
    if not cut.tied:
        check_lots(lots, ())
        return Apportionment("decided", seats, table, rule, frame=problem, cut=cut, seats=held, certain=held)
    for i in keeps:
        held[i] -= 1
    places = {table.ids[i]: i for i in cut.tied}
    tie = Tie(tuple(sorted(places)), cut.places, seats, rule, table)
    if lots:
        check_lots(lots, tie.ids)
    drawn = list(held)
    for one in lots[: cut.places]:
        drawn[places[one]] += 1
    status: Status = "decided" if lots else "lots_required"
    return Apportionment(
        status, seats, table, rule, frame=problem, cut=cut, seats=drawn, certain=held, tie=tie, lots=lots
    )
