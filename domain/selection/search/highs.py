"""Calls of the solver HiGHS: it solves one model on one thread, exactly, and returns the solution.

A solution of the solver is only a proposal: the caller checks it in whole numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from domain.selection.arrays import Floats, Shorts

SolverOptions = Mapping[str, bool | int | float | str]

INFINITY = highspy.kHighsInf

COMMON_OPTIONS: SolverOptions = {"output_flag": False, "threads": 1, "random_seed": 0, "parallel": "off"}
INTEGER_OPTIONS: SolverOptions = {
    "presolve": "on",
    # Objectives are whole numbers: a value within one half of the bound is the optimum.
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    # Cores are small and usually start with a list: these options cost more time there than they save.
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
}


UNFINISHED = (highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kInterrupt)
"""How a run ends that was not completed."""


class SolverFailed(RuntimeError):  # noqa: N818 - as Refused and Invalid
    """The solver gave no usable answer in two runs. Nothing follows from that about the pool."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Minimise ``cost`` · x with 0 <= x <= ``upper`` and ``row_lower`` <= A x <= ``row_upper``; A by columns
    (``start``, ``index``, ``value``)."""

    cost: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Shorts
    index: Shorts
    value: Floats


@dataclass(frozen=True, slots=True)
class LinearSolution:
    """The optimum of a linear program: ``x`` by columns, ``y`` the multipliers of the rows."""

    x: Floats
    y: Floats
    value: float


@dataclass(frozen=True, slots=True)
class IntegerSolution:
    """The best ``x`` in whole numbers, ``None`` if none was found; ``complete`` unless the nodes ran out."""

    x: Floats | None
    complete: bool
    nodes: int


@dataclass(frozen=True, slots=True)
class NodeLimits:
    """The most nodes of a search, and the most as long as it has found nothing."""

    all: int
    empty: int


def solve_relaxation(model: LinearModel) -> LinearSolution | None:
    """The linear relaxation; ``None`` when it has no solution."""
    solver = _run_solver(model, {"presolve": "off"})
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    solution = solver.getSolution()
    value = solver.getInfo().objective_function_value
    return LinearSolution(np.array(solution.col_value), np.array(solution.row_dual), value)


def solve_integers(
    model: LinearModel,
    limits: NodeLimits,
    start: Floats | None = None,
    report: Callable[[int], None] | None = None,
) -> IntegerSolution:
    """The best solution in whole numbers within so many nodes of search; ``start`` is a first solution.

    ``report`` is called with the nodes so far, at each hundredth of those that there may be.
    """
    options = {**INTEGER_OPTIONS, "mip_max_nodes": limits.all}
    hear = _build_listener(limits, report)
    solver = _run_solver(model, options, np.ones(len(model.cost), np.int32), start, hear)
    status, info = solver.getModelStatus(), solver.getInfo()
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value) if has_solution else None
    spent = max(0, info.mip_node_count)
    return IntegerSolution(x, status not in UNFINISHED, spent)


def _build_listener(limits: NodeLimits, report: Callable[[int], None] | None) -> Callable[..., None]:
    """What the solver calls all the time, at the same nodes on every machine: it ends a search that finds
    nothing, and calls ``report`` now and then."""
    following = step = max(1, limits.all // 100)

    def hear(_kind: object, _message: str, found: Any, given: Any, _user: object) -> None:
        nonlocal following
        if found.mip_node_count >= limits.empty and found.mip_primal_bound >= INFINITY:
            given.user_interrupt = True
        if report is not None and found.mip_node_count >= following:
            following = found.mip_node_count + step
            report(found.mip_node_count)

    return hear


def _run_solver(
    model: LinearModel,
    options: SolverOptions,
    kinds: Shorts | None = None,
    start: Floats | None = None,
    hear: Callable[..., None] | None = None,
) -> highspy.Highs:
    """The solver after a run with a usable answer, if necessary after a second run.

    The number of threads is a setting of the process: if another part has set another number, a run fails
    without an exception.
    """
    usable = (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
        *UNFINISHED,
    )
    for settings in ({**COMMON_OPTIONS, **options}, {**COMMON_OPTIONS, **options, "presolve": "on"}):
        solver = _build_solver(model, settings, kinds)
        if start is not None:
            solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
        if hear is not None:
            solver.setCallback(hear, None)
            solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
        if solver.run() != highspy.HighsStatus.kError and solver.getModelStatus() in usable:
            return solver
        highspy.Highs.resetGlobalScheduler(True)
    raise SolverFailed(f"the solver ended twice without an answer: {solver.getModelStatus()}")


def _build_solver(model: LinearModel, options: SolverOptions, kinds: Shorts | None) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call] # the class has types, its __init__ has not
    for name, option in options.items():
        if solver.setOptionValue(name, option) != highspy.HighsStatus.kOk:
            raise SolverFailed(f"the solver does not take {name} = {option}")
    columns, rows = len(model.cost), len(model.row_lower)
    taken = solver.passModel(
        columns, rows, len(model.value), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize),
        0.0, model.cost, np.zeros(columns), model.upper, model.row_lower, model.row_upper,
        model.start, model.index, model.value, np.zeros(columns, np.int32) if kinds is None else kinds,
    )  # fmt: skip
    if taken == highspy.HighsStatus.kError:
        raise SolverFailed("the solver does not take the model")
    return solver
