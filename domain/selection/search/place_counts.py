"""The counts of a pool by place. The module imports numpy; import it only when it is needed."""

from collections.abc import Iterable

import numpy as np

from domain.composition.criteria import AttributeValue
from domain.selection.arrays import Mask
from domain.selection.pool import Pool
from domain.selection.search.pool_arrays import (
    NO,
    UNSTATED,
    YES,
    CriterionMatcher,
    PoolArrays,
    build_pool_arrays,
    mask_scope,
)
from domain.selection.target_counts import TargetCount, ValueCount


def count_targets(pool: Pool) -> tuple[TargetCount, ...]:
    """The counts of each target separately, in the order of the targets."""
    arrays, bounds = build_pool_arrays(pool), pool.bounds()
    matcher = CriterionMatcher([pool.nominees[n].record for n in arrays.source])
    found = []
    for target in pool.targets:
        answers = matcher.match_criterion(target.criterion)
        inside = mask_scope(target.scope, arrays.lines, arrays.place) & (arrays.state != -1)
        yes, no, unknown = (inside & (answers == answer) for answer in (YES, NO, UNSTATED))
        least, most = bounds[target.id]
        size = sum(quota.seats_to_fill for quota in arrays.lines if target.scope.contains(quota))
        count = TargetCount(
            target.id, least, most, _count_people(yes), _count_people(no), _count_people(unknown),
            reachable=compute_reach(arrays, yes), unavoidable=size - compute_reach(arrays, no),
        )  # fmt: skip
        found.append(count)
    return tuple(found)


def count_values(pool: Pool) -> tuple[ValueCount, ...]:
    """The counts of every stated code of the targets' attributes."""
    arrays = build_pool_arrays(pool)
    matcher = CriterionMatcher([pool.nominees[n].record for n in arrays.source])
    found = []
    for attribute in sorted({target.criterion.attribute for target in pool.targets}):
        values, coded = matcher.encode_values(attribute)
        for code in sorted({code for value in values for code in _list_codes(value)}):
            having = np.array([code in _list_codes(value) for value in values], np.bool_)[coded]
            having &= arrays.state != -1
            if having.any():
                found.append(
                    ValueCount(attribute, code, _count_people(having), compute_reach(arrays, having))
                )
    return tuple(found)


def compute_reach(arrays: PoolArrays, people: Mask) -> int:
    """How many of ``people``, none of them excluded, can be on one list: the seated, and others up to the
    free seats of each place."""
    free = np.bincount(arrays.place[people & (arrays.state == 0)], minlength=len(arrays.need))
    return _count_people(people & (arrays.state == 1)) + int(
        np.minimum(arrays.count_free_seats(), free).sum()
    )


def _count_people(people: Mask) -> int:
    return int(np.count_nonzero(people))


def _list_codes(value: AttributeValue) -> Iterable[str]:
    if isinstance(value, frozenset):
        return value
    return (value,) if isinstance(value, str) else ()
