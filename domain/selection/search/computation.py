"""The computation of a selection. The module imports numpy and the solver; import it only when needed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from domain.composition.check import check_list
from domain.findings import Finding, Severity
from domain.selection.arrays import Mask
from domain.selection.pool import Pool
from domain.selection.recount import Shortfall
from domain.selection.result import OptimalityGap, SelectionOutcome, SelectionResult, TargetPrice
from domain.selection.search.highs import SolverFailed
from domain.selection.search.integer_search import NodeBudget
from domain.selection.search.left_out import explain_left_out as explain_list
from domain.selection.search.optimum_search import SearchProgress
from domain.selection.search.pool_arrays import PoolArrays, build_pool_arrays
from domain.selection.search.problem import SelectionProblem, build_problem
from domain.selection.search.sifting import SiftedBound
from domain.selection.search.stages import StageAnswer, solve_stages


def compute_selection(
    pool: Pool, *, nodes: int, explain: bool, report: Callable[[int, int], None] | None = None
) -> SelectionResult:
    """The selection from a pool without faults, before the recount."""
    arrays = build_pool_arrays(pool)
    problem, chosen = build_problem(arrays, (arrays.score, -arrays.lot))
    goals = (arrays.score[problem.columns], -arrays.lot[problem.columns])
    offset = int(arrays.score[chosen].sum())
    progress = SearchProgress(NodeBudget(nodes, report=report))
    try:
        answer = solve_stages(problem, goals, ("score", "lot"), progress)
    except SolverFailed:
        failed = Finding("selection_solver_failed", severity=Severity.WARNING)
        return _build_empty_selection(SelectionOutcome.UNFINISHED, (failed,))
    if answer.x is None:
        return _build_failed_selection(answer, progress)
    chosen[problem.columns[answer.x]] = True
    found = _build_selection(pool, arrays, chosen, problem.compute_shortfalls(answer.x))
    proven = answer.state == "proven"
    explanation = explain_list(arrays, problem, answer.lead, chosen) if explain and proven else None
    gap = OptimalityGap(found.shortfalls, found.score) if proven else _build_gap(arrays, answer, offset)
    return replace(
        found,
        outcome=SelectionOutcome(answer.state),
        gap=gap,
        prices=_estimate_prices(problem, answer.lead),
        explanation=explanation,
        nodes=progress.budget.spent,
        steps=tuple(progress.steps),
        findings=_check_budget(answer, progress),
    )


def list_soft_priorities(arrays: PoolArrays) -> list[int]:
    """The priorities of the soft targets, in order: tiers 1, 2, … of the problem."""
    return sorted({side.target.priority for side in arrays.sides if not side.target.hard})


def _build_shortfalls(arrays: PoolArrays, tiers: list[int]) -> tuple[Shortfall, ...]:
    return tuple(Shortfall(p, s) for p, s in zip(list_soft_priorities(arrays), tiers[1:], strict=True))


def _build_selection(pool: Pool, arrays: PoolArrays, chosen: Mask, tiers: list[int]) -> SelectionResult:
    ids = tuple(one for one, on_list in zip(arrays.ids, chosen.tolist(), strict=True) if on_list)
    records = [pool.nominees[arrays.source[n]].record for n in chosen.nonzero()[0].tolist()]
    shortfalls, score = _build_shortfalls(arrays, tiers), int(arrays.score[chosen].sum())
    states = check_list(records, pool.targets, sizes=pool.sizes(), with_empty=pool.sizes_with_empty())
    return SelectionResult(
        SelectionOutcome.PROVEN, ids, score, shortfalls, states, OptimalityGap(shortfalls, score)
    )


def _build_empty_selection(outcome: SelectionOutcome, findings: tuple[Finding, ...]) -> SelectionResult:
    return SelectionResult(outcome, (), 0, (), (), OptimalityGap((), None), findings=findings)


def _build_failed_selection(answer: StageAnswer, progress: SearchProgress) -> SelectionResult:
    """A result without a list: there is none, or the budget ended before one was found."""
    if answer.state == "infeasible":
        params = {"short": answer.least[0]}
        short = Finding("selection_infeasible", params, severity=Severity.WARNING)
        found = _build_empty_selection(SelectionOutcome.INFEASIBLE, (short,))
    else:
        found = _build_empty_selection(SelectionOutcome.UNFINISHED, _check_budget(answer, progress))
    return replace(
        found, hard_short=answer.least[0], certified=answer.certified,
        nodes=progress.budget.spent, steps=tuple(progress.steps),
    )  # fmt: skip


def _build_gap(arrays: PoolArrays, answer: StageAnswer, offset: int) -> OptimalityGap:
    most = None if answer.lead is None else offset + answer.lead.bound.most
    return OptimalityGap(_build_shortfalls(arrays, answer.least), most)


def _check_budget(answer: StageAnswer, progress: SearchProgress) -> tuple[Finding, ...]:
    if answer.state == "proven":
        return ()
    params = {"nodes": progress.budget.spent}
    return (Finding("selection_budget_ended", params, severity=Severity.WARNING),)


def _estimate_prices(problem: SelectionProblem, lead: SiftedBound | None) -> tuple[TargetPrice, ...]:
    """The approximate cost of one person for each side of a target, from the multipliers."""
    if lead is None:
        return ()
    return tuple(
        TargetPrice(
            str(rule.name[0]),
            "most" if rule.name[1] == "most" else "least",
            Fraction(multiplier, lead.by.scale),
        )
        for rule, multiplier in zip(problem.rules, lead.by.rules.tolist(), strict=True)
        if rule.name is not None and isinstance(rule.name[0], str)
    )
