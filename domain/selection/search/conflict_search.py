"""The search for a minimal conflict: multipliers give the possible demands, then leaving out tests each."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.selection.arrays import Mask
from domain.selection.clashes import Clash, Demand, NominationRequest, Relaxation, TargetChange
from domain.selection.pool import NomineeStatus, Pool
from domain.selection.recount import compute_shortfall
from domain.selection.result import SelectionOutcome, SelectionResult
from domain.selection.search.bound import build_shortfall_objective
from domain.selection.search.integer_search import NodeBudget
from domain.selection.search.optimum_search import BudgetSpent, SearchProgress
from domain.selection.search.pool_arrays import PoolArrays, TargetSide, build_pool_arrays
from domain.selection.search.problem import build_problem
from domain.selection.search.sifting import choose_first_columns, sift_with_fallback
from domain.selection.search.stages import has_feasible_list, solve_stages

DemandKey = tuple[str, int]
"""A demand: "side", "pair" or "pin", and its index in the pool's arrays."""

MAX_REQUESTS = 10


def search_hard_clash(pool: Pool, nodes: int) -> Clash | None:
    """The minimal clash of the hard rules."""
    arrays = build_pool_arrays(pool)
    hard = replace(arrays, sides=[side for side in arrays.sides if side.target.hard])
    return _search_clash(hard, SearchProgress(NodeBudget(nodes)))


def search_soft_clash(pool: Pool, selection: SelectionResult, target: str, nodes: int) -> Clash | None:
    """The clash of a soft target with the hard rules and the targets of its own or earlier priority."""
    if selection.outcome is not SelectionOutcome.PROVEN:
        return None
    states = {state.target: state for state in selection.states}
    if not compute_shortfall(states[target]):
        return None
    arrays = build_pool_arrays(pool)
    limit = next(each.priority for each in pool.targets if each.id == target)
    sides = []
    for side in arrays.sides:
        if not side.target.hard and side.target.priority > limit:
            continue
        state, persons = states[side.target.id], side.persons
        if side.target.id != target:
            reached = min(persons, state.yes), max(persons, state.yes + state.unknown)
            persons = reached[0] if side.side == "least" else reached[1]
        sides.append(replace(side, persons=persons, target=replace(side.target, hard=True)))
    return _search_clash(replace(arrays, sides=sides), SearchProgress(NodeBudget(nodes)))


def _search_clash(arrays: PoolArrays, progress: SearchProgress) -> Clash | None:
    try:
        if has_feasible_list(arrays, progress):
            return None
    except BudgetSpent:
        return None
    parts: list[DemandKey] = [("side", n) for n in reversed(range(len(arrays.sides)))]
    parts += [("pair", n) for n in range(len(arrays.pairs))]
    support = _find_support(arrays)
    certified = support is not None
    if support is not None:
        parts = [part for part in parts if part in support]
    parts += [("pin", n) for n, status in enumerate(arrays.statuses) if status is NomineeStatus.PINNED]
    try:
        parts = _shrink_parts(parts, lambda rest: not has_feasible_list(_keep_parts(arrays, rest), progress))
        minimal = True
    except BudgetSpent:
        minimal = False
    demands = tuple(
        sorted((_build_demand(arrays, part) for part in parts), key=lambda d: (d.kind, d.ids, d.side))
    )
    sides = [arrays.sides[n] for kind, n in parts if kind == "side"]
    try:
        relaxations = _list_relaxations(arrays, sides, progress)
    except BudgetSpent:
        relaxations = ()
    return Clash(demands, minimal, certified, relaxations, _list_requests(arrays, sides))


def _shrink_parts(parts: Sequence[DemandKey], clashes: Callable[[list[DemandKey]], bool]) -> list[DemandKey]:
    """A subset that clashes, of which no part can be left out. Many parts are tried at a time."""
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


def _keep_parts(arrays: PoolArrays, parts: list[DemandKey]) -> PoolArrays:
    """The pool's arrays with these demands only."""
    kept = set(parts)
    state = arrays.state.copy()
    for n, status in enumerate(arrays.statuses):
        if status is NomineeStatus.PINNED and ("pin", n) not in kept:
            state[n] = 0
    sides = [side for n, side in enumerate(arrays.sides) if ("side", n) in kept]
    pairs = [pair for n, pair in enumerate(arrays.pairs) if ("pair", n) in kept]
    return replace(arrays, sides=sides, pairs=pairs, state=state)


def _find_support(arrays: PoolArrays) -> set[DemandKey] | None:
    """Sides and pairs whose multipliers prove the clash; ``None`` where the relaxation has a solution."""
    problem, _ = build_problem(arrays, (arrays.score, -arrays.lot))
    if not problem.size:
        return None
    found = sift_with_fallback(
        problem,
        build_shortfall_objective(problem, 0, {}),
        choose_first_columns(problem, arrays.score[problem.columns]),
    )
    if found.bound.most >= 0:
        return None
    parts: dict[object, DemandKey] = {side.name: ("side", n) for n, side in enumerate(arrays.sides)}
    parts |= {pair: ("pair", n) for n, pair in enumerate(arrays.pairs)}
    return {
        parts[rule.name]
        for rule, multiplier in zip(problem.rules, found.by.rules.tolist(), strict=True)
        if multiplier
    }


def _build_demand(arrays: PoolArrays, part: DemandKey) -> Demand:
    kind, n = part
    if kind == "side":
        return Demand("target", (arrays.sides[n].target.id,), arrays.sides[n].side)
    if kind == "pair":
        return Demand("pair", tuple(arrays.ids[each] for each in arrays.pairs[n]))
    return Demand("pin", (arrays.ids[n],))


def _list_relaxations(
    arrays: PoolArrays, sides: list[TargetSide], progress: SearchProgress
) -> tuple[Relaxation, ...]:
    """For each clashing side the least change of it alone that suffices, then the least change over all
    sides."""
    found = [_find_relaxation(arrays, [side], progress) for side in sides]
    found.append(_find_relaxation(arrays, list(arrays.sides), progress))
    unique = {each.changes: each for each in found if each is not None}
    return tuple(unique.values())


def _find_relaxation(
    arrays: PoolArrays, soft: list[TargetSide], progress: SearchProgress
) -> Relaxation | None:
    names = {side.name for side in soft}
    sides = [
        replace(side, weight=1, target=replace(side.target, hard=side.name not in names, priority=1))
        for side in arrays.sides
    ]
    sides.sort(key=lambda side: not side.target.hard)
    loose = replace(arrays, sides=sides)
    problem, chosen = build_problem(loose, (arrays.score, -arrays.lot))
    goals = (arrays.score[problem.columns], -arrays.lot[problem.columns])
    answer = solve_stages(problem, goals, ("score", "lot"), progress)
    if answer.state in ("best_so_far", "unfinished"):
        raise BudgetSpent(answer.x)
    if answer.x is None:
        return None
    chosen[problem.columns[answer.x]] = True
    changes = []
    for side in sides:
        count = int(np.count_nonzero(side.counted & chosen))
        missed = count < side.persons if side.side == "least" else count > side.persons
        if missed:
            changes.append(TargetChange(side.target.id, side.side, side.persons, count))
    return Relaxation(tuple(changes), tuple(arrays.ids[n] for n in np.flatnonzero(chosen)))


def _list_requests(arrays: PoolArrays, sides: list[TargetSide]) -> tuple[NominationRequest, ...]:
    """Places with seats for more nominees who meet all the clashing minima."""
    least = [side for side in sides if side.side == "least"]
    if not least:
        return ()
    inside: Mask = np.logical_and.reduce([side.counted for side in least]) & (arrays.state != -1)
    if not inside.any():
        # No nominee meets all the minima, perhaps because they exclude each other: no request is useful.
        return ()
    scoped = _mask_scoped_places(arrays, least)
    suited = np.bincount(arrays.place[inside], minlength=len(arrays.need))
    # Seats that others surely take are not free.
    seated = np.bincount(arrays.place[(arrays.state == 1) & ~inside], minlength=len(arrays.need))
    room = np.where(scoped, arrays.need - seated - suited, 0)
    order = sorted(np.flatnonzero(room > 0).tolist(), key=lambda p: (-int(room[p]), p))
    certain = len(sides) == 1
    return tuple(NominationRequest(*arrays.places[p], int(room[p]), certain) for p in order[:MAX_REQUESTS])


def _mask_scoped_places(arrays: PoolArrays, least: list[TargetSide]) -> Mask:
    """Places in the scope of all the sides."""
    scoped = np.ones(len(arrays.need), np.bool_)
    for side in least:
        if side.target.scope.kind != "list":
            scoped &= np.array([_is_in_scope(arrays, side, p) for p in range(len(arrays.need))], np.bool_)
    return scoped


def _is_in_scope(arrays: PoolArrays, side: TargetSide, place: int) -> bool:
    return side.target.scope.contains(arrays.lines[place])
