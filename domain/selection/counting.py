"""The counting behind the pool's numbers, place by place. Costs numpy; import it when it is needed."""

from collections.abc import Iterable

import numpy as np

from domain.composition.criteria import Value
from domain.selection.arrays import Mask
from domain.selection.board import NO, UNSTATED, YES, Board, Judge, lay_out, within
from domain.selection.counts import Count, ValueCount
from domain.selection.model import Pool


def count_targets(pool: Pool) -> tuple[Count, ...]:
    """Each target by itself, in the order of the targets."""
    board, sizes = lay_out(pool), pool.sizes()
    judge = Judge([pool.nominees[n].record for n in board.source])
    found = []
    for target in pool.targets:
        answers = judge.answers(target.criterion)
        inside = within(target.scope, board.lines, board.place) & (board.state != -1)
        yes, no, unknown = (inside & (answers == answer) for answer in (YES, NO, UNSTATED))
        least, most = target.bounds(sizes[target.id])
        size = sum(quota.filled for quota in board.lines if target.scope.holds(quota))
        count = Count(
            target.id, least, most, _many(yes), _many(no), _many(unknown),
            reachable=reach(board, yes), unavoidable=size - reach(board, no),
        )  # fmt: skip
        found.append(count)
    return tuple(found)


def count_values(pool: Pool) -> tuple[ValueCount, ...]:
    """Every stated code of the targets' attributes."""
    board = lay_out(pool)
    judge = Judge([pool.nominees[n].record for n in board.source])
    found = []
    for attribute in sorted({target.criterion.attribute for target in pool.targets}):
        values, coded = judge.values(attribute)
        for code in sorted({code for value in values for code in _codes(value)}):
            having = np.array([code in _codes(value) for value in values], np.bool_)[coded]
            having &= board.state != -1
            if having.any():
                found.append(ValueCount(attribute, code, _many(having), reach(board, having)))
    return tuple(found)


def reach(board: Board, people: Mask) -> int:
    """How many of some who may sit can sit at once: the seated, and others as seats are free."""
    free = np.bincount(board.place[people & (board.state == 0)], minlength=len(board.need))
    return _many(people & (board.state == 1)) + int(np.minimum(board.free_need(), free).sum())


def _many(people: Mask) -> int:
    return int(np.count_nonzero(people))


def _codes(value: Value) -> Iterable[str]:
    if isinstance(value, frozenset):
        return value
    return (value,) if isinstance(value, str) else ()
