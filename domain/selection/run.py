"""The selection at work. The module costs numpy and the solver; import it when it is needed."""

from dataclasses import replace
from fractions import Fraction

from domain.composition.check import check_list
from domain.findings import Finding, Severity
from domain.selection.arrays import Mask
from domain.selection.board import Board, lay_out
from domain.selection.climb import Course
from domain.selection.core import Budget
from domain.selection.explanation import explain as explain_list
from domain.selection.highs import SolverFailed
from domain.selection.model import Pool
from domain.selection.problem import Problem, pose
from domain.selection.recount import Shortfall
from domain.selection.result import Gap, Outcome, Price, Selection
from domain.selection.sifting import Sifted
from domain.selection.stages import Answer, settle


def run(pool: Pool, *, nodes: int, explain: bool) -> Selection:
    """The selection from a pool without faults, not yet counted again."""
    board = lay_out(pool)
    problem, chosen = pose(board, (board.score, -board.lot))
    goals = (board.score[problem.columns], -board.lot[problem.columns])
    offset = int(board.score[chosen].sum())
    course = Course(Budget(nodes))
    try:
        answer = settle(problem, goals, ("score", "lot"), course)
    except SolverFailed:
        return _without(Outcome.UNFINISHED, (Finding("selection_solver_failed"),))
    if answer.x is None:
        return _empty(board, answer, course)
    chosen[problem.columns[answer.x]] = True
    found = _listed(pool, board, chosen, problem.shortfalls(answer.x))
    proven = answer.state == "proven"
    told = explain_list(board, problem, answer.lead, chosen) if explain and proven else None
    gap = Gap(found.shortfalls, found.score) if proven else _gap(board, answer, offset)
    return replace(
        found, outcome=Outcome(answer.state), gap=gap, prices=_prices(problem, answer.lead), explanation=told,
        nodes=course.budget.spent, steps=tuple(course.steps), findings=_ended(answer, course),
    )  # fmt: skip


def priorities(board: Board) -> list[int]:
    """The priorities of the soft targets, in order: tiers 1, 2, … of the problem."""
    return sorted({bar.target.priority for bar in board.bars if not bar.target.hard})


def _shortfalls(board: Board, tiers: list[int]) -> tuple[Shortfall, ...]:
    return tuple(Shortfall(p, s) for p, s in zip(priorities(board), tiers[1:], strict=True))


def _listed(pool: Pool, board: Board, chosen: Mask, tiers: list[int]) -> Selection:
    ids = tuple(one for one, on_list in zip(board.ids, chosen.tolist(), strict=True) if on_list)
    records = [pool.nominees[board.source[n]].record for n in chosen.nonzero()[0].tolist()]
    shortfalls, score = _shortfalls(board, tiers), int(board.score[chosen].sum())
    states = check_list(records, pool.targets, sizes=pool.sizes())
    return Selection(Outcome.PROVEN, ids, score, shortfalls, states, Gap(shortfalls, score))


def _without(outcome: Outcome, findings: tuple[Finding, ...]) -> Selection:
    return Selection(outcome, (), 0, (), (), Gap((), None), findings=findings)


def _empty(board: Board, answer: Answer, course: Course) -> Selection:
    """No list: because there is none, or because the budget ended before one was met."""
    if answer.state == "infeasible":
        found = _without(Outcome.INFEASIBLE, (Finding("selection_infeasible", {"short": answer.least[0]}),))
    else:
        found = _without(Outcome.UNFINISHED, _ended(answer, course))
    return replace(
        found, hard_short=answer.least[0], certified=answer.certified,
        nodes=course.budget.spent, steps=tuple(course.steps),
    )  # fmt: skip


def _gap(board: Board, answer: Answer, offset: int) -> Gap:
    most = None if answer.lead is None else offset + answer.lead.bound.most
    return Gap(_shortfalls(board, answer.least), most)


def _ended(answer: Answer, course: Course) -> tuple[Finding, ...]:
    if answer.state == "proven":
        return ()
    params = {"nodes": course.budget.spent}
    return (Finding("selection_budget_ended", params, severity=Severity.WARNING),)


def _prices(problem: Problem, lead: Sifted | None) -> tuple[Price, ...]:
    """What one person of each side of a target costs about, from the multipliers."""
    if lead is None:
        return ()
    return tuple(
        Price(str(rule.name[0]), str(rule.name[1]), Fraction(multiplier, lead.by.scale))
        for rule, multiplier in zip(problem.rules, lead.by.rules.tolist(), strict=True)
        if rule.name is not None and isinstance(rule.name[0], str)
    )
