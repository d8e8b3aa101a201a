"""How a minimal conflict is found: the multipliers name the suspects, leaving out one by one the guilty."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.selection.arrays import Mask
from domain.selection.bound import build_shortfall_objective
from domain.selection.conflicts import Clash, Demand, NominationRequest, Relaxation, TargetChange
from domain.selection.integer_search import NodeBudget
from domain.selection.optimum_search import BudgetSpent, SearchProgress
from domain.selection.pool import NomineeStatus, Pool
from domain.selection.pool_arrays import PoolArrays, TargetSide, build_pool_arrays
from domain.selection.problem import build_problem
from domain.selection.recount import compute_shortfall
from domain.selection.result import SelectionOutcome, SelectionResult
from domain.selection.sifting import choose_first_columns, sift_with_fallback
from domain.selection.stages import has_feasible_list, solve_stages

DemandKey = tuple[str, int]
"""A demand on the board: "bar", "pair" or "pin", and its number."""

MAX_REQUESTS = 10


def search_hard_clash(pool: Pool, nodes: int) -> Clash | None:
    """The clash of the hard rules."""
    board = build_pool_arrays(pool)
    hard = replace(board, sides=[bar for bar in board.sides if bar.target.hard])
    return _search_clash(hard, SearchProgress(NodeBudget(nodes)))


def search_soft_clash(pool: Pool, selection: SelectionResult, target: str, nodes: int) -> Clash | None:
    """The clash of a soft target with what comes no later, as the list keeps it."""
    if selection.outcome is not SelectionOutcome.PROVEN:
        return None
    states = {state.target: state for state in selection.states}
    if not compute_shortfall(states[target]):
        return None
    board = build_pool_arrays(pool)
    limit = next(each.priority for each in pool.targets if each.id == target)
    bars = []
    for bar in board.sides:
        if not bar.target.hard and bar.target.priority > limit:
            continue
        state, persons = states[bar.target.id], bar.persons
        if bar.target.id != target:
            reached = min(persons, state.yes), max(persons, state.yes + state.unknown)
            persons = reached[0] if bar.side == "least" else reached[1]
        bars.append(replace(bar, persons=persons, target=replace(bar.target, hard=True)))
    return _search_clash(replace(board, sides=bars), SearchProgress(NodeBudget(nodes)))


def _search_clash(board: PoolArrays, course: SearchProgress) -> Clash | None:
    try:
        if has_feasible_list(board, course):
            return None
    except BudgetSpent:
        return None
    parts: list[DemandKey] = [("bar", n) for n in reversed(range(len(board.sides)))]
    parts += [("pair", n) for n in range(len(board.pairs))]
    support = _find_support(board)
    certified = support is not None
    if support is not None:
        parts = [part for part in parts if part in support]
    parts += [("pin", n) for n, hold in enumerate(board.statuses) if hold is NomineeStatus.PINNED]
    try:
        parts = _shrink_parts(parts, lambda rest: not has_feasible_list(_keep_parts(board, rest), course))
        minimal = True
    except BudgetSpent:
        minimal = False
    demands = tuple(
        sorted((_build_demand(board, part) for part in parts), key=lambda d: (d.kind, d.ids, d.side))
    )
    bars = [board.sides[n] for kind, n in parts if kind == "bar"]
    try:
        relaxations = _list_relaxations(board, bars, course)
    except BudgetSpent:
        relaxations = ()
    return Clash(demands, minimal, certified, relaxations, _list_requests(board, bars))


def _shrink_parts(parts: Sequence[DemandKey], clashes: Callable[[list[DemandKey]], bool]) -> list[DemandKey]:
    """A subset that clashes, of which no part can be left out. Parts are tried many at a time."""
    kept: list[DemandKey] = []
    waiting = [list(parts[n:]) for n in (0,) if parts]
    while waiting:
        chunk = waiting.pop(0)
        rest = kept + [part for other in waiting for part in other]
        if clashes(rest):
            continue
        if len(chunk) == 1:
            kept += chunk
        else:
            middle = len(chunk) // 2
            waiting[:0] = [chunk[:middle], chunk[middle:]]
    return kept


def _keep_parts(board: PoolArrays, parts: list[DemandKey]) -> PoolArrays:
    """The board with these demands only."""
    there = set(parts)
    state = board.state.copy()
    for n, hold in enumerate(board.statuses):
        if hold is NomineeStatus.PINNED and ("pin", n) not in there:
            state[n] = 0
    bars = [bar for n, bar in enumerate(board.sides) if ("bar", n) in there]
    apart = [pair for n, pair in enumerate(board.pairs) if ("pair", n) in there]
    return replace(board, sides=bars, pairs=apart, state=state)


def _find_support(board: PoolArrays) -> set[DemandKey] | None:
    """Bars and pairs whose multipliers prove the clash; ``None`` where the relaxation does not clash."""
    problem, _ = build_problem(board, (board.score, -board.lot))
    if not problem.size:
        return None
    found = sift_with_fallback(
        problem,
        build_shortfall_objective(problem, 0, {}),
        choose_first_columns(problem, board.score[problem.columns]),
    )
    if found.bound.most >= 0:
        return None
    parts: dict[object, DemandKey] = {bar.name: ("bar", n) for n, bar in enumerate(board.sides)}
    parts |= {pair: ("pair", n) for n, pair in enumerate(board.pairs)}
    return {
        parts[rule.name]
        for rule, multiplier in zip(problem.rules, found.by.rules.tolist(), strict=True)
        if multiplier
    }


def _build_demand(board: PoolArrays, part: DemandKey) -> Demand:
    kind, n = part
    if kind == "bar":
        return Demand("target", (board.sides[n].target.id,), board.sides[n].side)
    if kind == "pair":
        return Demand("pair", tuple(board.ids[each] for each in board.pairs[n]))
    return Demand("pin", (board.ids[n],))


def _list_relaxations(
    board: PoolArrays, bars: list[TargetSide], course: SearchProgress
) -> tuple[Relaxation, ...]:
    """Each clashing bar alone taken as far as it can be kept, then the least change over all bars."""
    found = [_find_relaxation(board, [bar], course) for bar in bars]
    found.append(_find_relaxation(board, list(board.sides), course))
    unique = {each.changes: each for each in found if each is not None}
    return tuple(unique.values())


def _find_relaxation(board: PoolArrays, soft: list[TargetSide], course: SearchProgress) -> Relaxation | None:
    names = {bar.name for bar in soft}
    bars = [
        replace(bar, weight=1, target=replace(bar.target, hard=bar.name not in names, priority=1))
        for bar in board.sides
    ]
    bars.sort(key=lambda bar: not bar.target.hard)
    loose = replace(board, sides=bars)
    problem, chosen = build_problem(loose, (board.score, -board.lot))
    goals = (board.score[problem.columns], -board.lot[problem.columns])
    answer = solve_stages(problem, goals, ("score", "lot"), course)
    if answer.state in ("best_so_far", "unfinished"):
        raise BudgetSpent(answer.x)
    if answer.x is None:
        return None
    chosen[problem.columns[answer.x]] = True
    changes = []
    for bar in bars:
        count = int(np.count_nonzero(bar.counted & chosen))
        missed = count < bar.persons if bar.side == "least" else count > bar.persons
        if missed:
            changes.append(TargetChange(bar.target.id, bar.side, bar.persons, count))
    return Relaxation(tuple(changes), tuple(board.ids[n] for n in np.flatnonzero(chosen)))


def _list_requests(board: PoolArrays, bars: list[TargetSide]) -> tuple[NominationRequest, ...]:
    """Places where a nominee who meets all the clashing minima is missing."""
    least = [bar for bar in bars if bar.side == "least"]
    if not least:
        return ()
    inside: Mask = np.logical_and.reduce([bar.counted for bar in least]) & (board.state != -1)
    if not inside.any():
        # The minima may exclude each other: nobody is known to meet them all, and nobody is asked for.
        return ()
    scoped = _mask_scoped_places(board, least)
    there = np.bincount(board.place[inside], minlength=len(board.need))
    # Seats that others hold in any case are no room.
    held = np.bincount(board.place[(board.state == 1) & ~inside], minlength=len(board.need))
    room = np.where(scoped, board.need - held - there, 0)
    order = sorted(np.flatnonzero(room > 0).tolist(), key=lambda p: (-int(room[p]), p))
    sure = len(bars) == 1
    return tuple(NominationRequest(*board.places[p], int(room[p]), sure) for p in order[:MAX_REQUESTS])


def _mask_scoped_places(board: PoolArrays, least: list[TargetSide]) -> Mask:
    """Places in the scope of all of the bars, as far as their nominees tell."""
    scoped = np.ones(len(board.need), np.bool_)
    for bar in least:
        if bar.target.scope.kind != "list":
            scoped &= np.array([_is_in_scope(board, bar, p) for p in range(len(board.need))], np.bool_)
    return scoped


def _is_in_scope(board: PoolArrays, bar: TargetSide, place: int) -> bool:
    return bar.target.scope.contains(board.lines[place])
