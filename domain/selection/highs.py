"""HiGHS, asked for one thing at a time: solve this model on one thread, exactly, and say how it went.

The answer of a solver is a proposal here: whoever calls counts it again in whole numbers.
"""

from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from domain.selection.arrays import Floats, Ints

Status = Literal["optimal", "infeasible", "limit"]

INFINITY = highspy.kHighsInf
NO_LIMIT = 2**31 - 1


class SolverFailed(RuntimeError):
    """The solver gave no usable answer, twice. Nothing follows from that about the pool."""


@dataclass(frozen=True, slots=True)
class Model:
    """Least ``cost`` over 0 <= x <= ``upper`` and ``row_lower`` <= A x <= ``row_upper``; A by columns."""

    cost: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Answer:
    """``x`` (none when there is no list), ``y`` the multipliers of the rows, ``nodes`` of the search."""

    status: Status
    x: Floats | None
    y: Floats | None
    value: float
    nodes: int = 0
    bound: float = 0.0


def linear(model: Model) -> Answer:
    """The linear relaxation."""
    return _twice(model, None, None)


def whole(model: Model, nodes: int, start: Floats | None = None) -> Answer:
    """The best whole numbers, with at most ``nodes`` nodes of search; ``start`` is a solution to begin with."""
    return _twice(model, nodes, start)


def _twice(model: Model, nodes: int | None, start: Floats | None) -> Answer:
    for attempt in (1, 2):
        solver = _solver(model, nodes, attempt)
        if start is not None:
            count = len(start)
            solver.setSolution(count, np.arange(count, dtype=np.int32), start)
        if solver.run() == highspy.HighsStatus.kError:
            # Options of the scheduler belong to the process: another part of it may have set other ones.
            highspy.Highs.resetGlobalScheduler(True)
            continue
        answer = _answer(solver, nodes is not None)
        if answer is not None:
            return answer
    raise SolverFailed("no usable answer from the solver")


def _solver(model: Model, nodes: int | None, attempt: int) -> highspy.Highs:
    solver = highspy.Highs()
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "parallel": "off",
        # Bounds and multipliers are made exact afterwards; presolving small models costs more than it saves.
        "presolve": "off" if (nodes is None) == (attempt == 1) else "on",
    }
    if nodes is not None:
        options |= {
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5,
            "mip_max_nodes": nodes,
            "mip_heuristic_run_feasibility_jump": False,
            "mip_allow_restart": False,
            "mip_feasibility_tolerance": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
        }
    for name, option in options.items():
        if solver.setOptionValue(name, option) != highspy.HighsStatus.kOk:
            raise SolverFailed(f"the solver does not know {name}")
    columns, rows = len(model.cost), len(model.row_lower)
    kinds = np.full(columns, int(nodes is not None), np.int32)
    solver.passModel(
        columns, rows, len(model.value), int(highspy.MatrixFormat.kColwise), 1, 0.0,
        model.cost, np.zeros(columns), model.upper, model.row_lower, model.row_upper,
        model.start, model.index, model.value, kinds,
    )  # fmt: skip
    return solver


def _answer(solver: highspy.Highs, mip: bool) -> Answer | None:
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer("infeasible", None, None, 0.0, _nodes(info, mip))
    ended = status == highspy.HighsModelStatus.kSolutionLimit
    if status != highspy.HighsModelStatus.kOptimal and not ended:
        return None
    solution = solver.getSolution()
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solution.col_value) if there else None
    if x is None and not ended:
        return None
    y = None if mip else np.array(solution.row_dual)
    value = info.objective_function_value
    bound = info.mip_dual_bound if mip else value
    return Answer("limit" if ended else "optimal", x, y, value, _nodes(info, mip), bound)


def _nodes(info: highspy.HighsInfo, mip: bool) -> int:
    return max(0, info.mip_node_count) if mip else 0
