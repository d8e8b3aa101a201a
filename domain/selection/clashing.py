"""How a minimal conflict is found: the multipliers name the suspects, leaving out one by one the guilty."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.selection.arrays import Mask
from domain.selection.board import Bar, Board, lay_out
from domain.selection.bound import shortest
from domain.selection.climb import Course, Spent
from domain.selection.conflicts import Ask, Change, Clash, Demand, Relaxation
from domain.selection.core import Budget
from domain.selection.model import Hold, Pool
from domain.selection.problem import pose
from domain.selection.recount import short_of
from domain.selection.result import Outcome, Selection
from domain.selection.sifting import first_columns, sifted
from domain.selection.stages import feasible, settle

Part = tuple[str, int]
"""A demand on the board: "bar", "pair" or "pin", and its number."""

ASKS = 10


def hard_clash(pool: Pool, nodes: int) -> Clash | None:
    """The clash of the hard rules."""
    board = lay_out(pool)
    hard = replace(board, bars=[bar for bar in board.bars if bar.target.hard])
    return _clash(hard, Course(Budget(nodes)))


def soft_clash(pool: Pool, selection: Selection, target: str, nodes: int) -> Clash | None:
    """The clash of a soft target with what comes no later, as the list keeps it."""
    if selection.outcome is not Outcome.PROVEN:
        return None
    states = {state.target: state for state in selection.states}
    if not short_of(states[target]):
        return None
    board = lay_out(pool)
    limit = next(each.priority for each in pool.targets if each.id == target)
    bars = []
    for bar in board.bars:
        if not bar.target.hard and bar.target.priority > limit:
            continue
        state, persons = states[bar.target.id], bar.persons
        if bar.target.id != target:
            reached = min(persons, state.yes), max(persons, state.yes + state.unknown)
            persons = reached[0] if bar.side == "least" else reached[1]
        bars.append(replace(bar, persons=persons, target=replace(bar.target, hard=True)))
    return _clash(replace(board, bars=bars), Course(Budget(nodes)))


def _clash(board: Board, course: Course) -> Clash | None:
    try:
        if feasible(board, course):
            return None
    except Spent:
        return None
    parts: list[Part] = [("bar", n) for n in reversed(range(len(board.bars)))]
    parts += [("pair", n) for n in range(len(board.apart))]
    support = _support(board)
    certified = support is not None
    if support is not None:
        parts = [part for part in parts if part in support]
    parts += [("pin", n) for n, hold in enumerate(board.hold) if hold is Hold.PINNED]
    try:
        parts = _shrink(parts, lambda rest: not feasible(_only(board, rest), course))
        minimal = True
    except Spent:
        minimal = False
    demands = tuple(sorted((_demand(board, part) for part in parts), key=lambda d: (d.kind, d.ids, d.side)))
    bars = [board.bars[n] for kind, n in parts if kind == "bar"]
    try:
        relaxations = _relaxations(board, bars, course)
    except Spent:
        relaxations = ()
    return Clash(demands, minimal, certified, relaxations, _asks(board, bars))


def _shrink(parts: Sequence[Part], clashes: Callable[[list[Part]], bool]) -> list[Part]:
    """A subset that clashes, of which no part can be left out. Parts are tried many at a time."""
    kept: list[Part] = []
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


def _only(board: Board, parts: list[Part]) -> Board:
    """The board with these demands only."""
    there = set(parts)
    state = board.state.copy()
    for n, hold in enumerate(board.hold):
        if hold is Hold.PINNED and ("pin", n) not in there:
            state[n] = 0
    bars = [bar for n, bar in enumerate(board.bars) if ("bar", n) in there]
    apart = [pair for n, pair in enumerate(board.apart) if ("pair", n) in there]
    return replace(board, bars=bars, apart=apart, state=state)


def _support(board: Board) -> set[Part] | None:
    """Bars and pairs whose multipliers prove the clash; ``None`` where the relaxation does not clash."""
    problem, _ = pose(board, (board.score, -board.lot))
    if not problem.size:
        return None
    found = sifted(problem, shortest(problem, 0, {}), first_columns(problem, board.score[problem.columns]))
    if found.bound.most >= 0:
        return None
    parts: dict[object, Part] = {bar.name: ("bar", n) for n, bar in enumerate(board.bars)}
    parts |= {pair: ("pair", n) for n, pair in enumerate(board.apart)}
    return {
        parts[rule.name]
        for rule, multiplier in zip(problem.rules, found.by.rules.tolist(), strict=True)
        if multiplier
    }


def _demand(board: Board, part: Part) -> Demand:
    kind, n = part
    if kind == "bar":
        return Demand("target", (board.bars[n].target.id,), board.bars[n].side)
    if kind == "pair":
        return Demand("pair", tuple(board.ids[each] for each in board.apart[n]))
    return Demand("pin", (board.ids[n],))


def _relaxations(board: Board, bars: list[Bar], course: Course) -> tuple[Relaxation, ...]:
    """Each clashing bar alone taken as far as it can be kept, then the least change over all bars."""
    found = [_relaxed(board, [bar], course) for bar in bars]
    found.append(_relaxed(board, list(board.bars), course))
    unique = {each.changes: each for each in found if each is not None}
    return tuple(unique.values())


def _relaxed(board: Board, soft: list[Bar], course: Course) -> Relaxation | None:
    names = {bar.name for bar in soft}
    bars = [
        replace(bar, weight=1, target=replace(bar.target, hard=bar.name not in names, priority=1))
        for bar in board.bars
    ]
    bars.sort(key=lambda bar: not bar.target.hard)
    loose = replace(board, bars=bars)
    problem, chosen = pose(loose, (board.score, -board.lot))
    goals = (board.score[problem.columns], -board.lot[problem.columns])
    answer = settle(problem, goals, ("score", "lot"), course)
    if answer.state in ("best_so_far", "unfinished"):
        raise Spent(answer.x)
    if answer.x is None:
        return None
    chosen[problem.columns[answer.x]] = True
    changes = []
    for bar in bars:
        count = int(np.count_nonzero(bar.counted & chosen))
        missed = count < bar.persons if bar.side == "least" else count > bar.persons
        if missed:
            changes.append(Change(bar.target.id, bar.side, bar.persons, count))
    return Relaxation(tuple(changes), tuple(board.ids[n] for n in np.flatnonzero(chosen)))


def _asks(board: Board, bars: list[Bar]) -> tuple[Ask, ...]:
    """Places where a nominee who meets all the clashing minima is missing."""
    least = [bar for bar in bars if bar.side == "least"]
    if not least:
        return ()
    inside: Mask = np.logical_and.reduce([bar.counted for bar in least]) & (board.state != -1)
    if not inside.any():
        # The minima may exclude each other: nobody is known to meet them all, and nobody is asked for.
        return ()
    scoped = _scoped(board, least)
    there = np.bincount(board.place[inside], minlength=len(board.need))
    # Seats that others hold in any case are no room.
    held = np.bincount(board.place[(board.state == 1) & ~inside], minlength=len(board.need))
    room = np.where(scoped, board.need - held - there, 0)
    order = sorted(np.flatnonzero(room > 0).tolist(), key=lambda p: (-int(room[p]), p))
    sure = len(bars) == 1
    return tuple(Ask(*board.places[p], int(room[p]), sure) for p in order[:ASKS])


def _scoped(board: Board, least: list[Bar]) -> Mask:
    """Places in the scope of all of the bars, as far as their nominees tell."""
    scoped = np.ones(len(board.need), np.bool_)
    for bar in least:
        if bar.target.scope.kind != "list":
            scoped &= np.array([_in_scope(board, bar, p) for p in range(len(board.need))], np.bool_)
    return scoped


def _in_scope(board: Board, bar: Bar, place: int) -> bool:
    return bar.target.scope.holds(board.lines[place])
