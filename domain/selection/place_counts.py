"""The counting behind the pool's numbers, place by place. Costs numpy; import it when it is needed."""

from collections.abc import Iterable

import numpy as np

from domain.composition.criteria import AttributeValue
from domain.selection.arrays import Mask
from domain.selection.pool import Pool
from domain.selection.pool_arrays import (
    NO,
    UNSTATED,
    YES,
    CriterionMatcher,
    PoolArrays,
    build_pool_arrays,
    mask_scope,
)
from domain.selection.pool_counts import TargetCount, ValueCount


def count_targets(pool: Pool) -> tuple[TargetCount, ...]:
    """Each target by itself, in the order of the targets."""
    board, sizes = build_pool_arrays(pool), pool.sizes()
    judge = CriterionMatcher([pool.nominees[n].record for n in board.source])
    found = []
    for target in pool.targets:
        answers = judge.match_criterion(target.criterion)
        inside = mask_scope(target.scope, board.lines, board.place) & (board.state != -1)
        yes, no, unknown = (inside & (answers == answer) for answer in (YES, NO, UNSTATED))
        least, most = target.compute_bounds(sizes[target.id])
        size = sum(quota.seats_to_fill for quota in board.lines if target.scope.contains(quota))
        count = TargetCount(
            target.id, least, most, _count_people(yes), _count_people(no), _count_people(unknown),
            reachable=compute_reach(board, yes), unavoidable=size - compute_reach(board, no),
        )  # fmt: skip
        found.append(count)
    return tuple(found)


def count_values(pool: Pool) -> tuple[ValueCount, ...]:
    """Every stated code of the targets' attributes."""
    board = build_pool_arrays(pool)
    judge = CriterionMatcher([pool.nominees[n].record for n in board.source])
    found = []
    for attribute in sorted({target.criterion.attribute for target in pool.targets}):
        values, coded = judge.encode_values(attribute)
        for code in sorted({code for value in values for code in _list_codes(value)}):
            having = np.array([code in _list_codes(value) for value in values], np.bool_)[coded]
            having &= board.state != -1
            if having.any():
                found.append(ValueCount(attribute, code, _count_people(having), compute_reach(board, having)))
    return tuple(found)


def compute_reach(board: PoolArrays, people: Mask) -> int:
    """How many of some who may sit can sit at once: the seated, and others as seats are free."""
    free = np.bincount(board.place[people & (board.state == 0)], minlength=len(board.need))
    return _count_people(people & (board.state == 1)) + int(np.minimum(board.count_free_seats(), free).sum())


def _count_people(people: Mask) -> int:
    return int(np.count_nonzero(people))


def _list_codes(value: AttributeValue) -> Iterable[str]:
    if isinstance(value, frozenset):
        return value
    return (value,) if isinstance(value, str) else ()
