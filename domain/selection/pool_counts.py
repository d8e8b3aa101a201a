"""The pool in numbers, before the selection: they explain most pools from which no list is possible."""

from domain.selection.faults import SHORT_UNIT, expect_valid_pool
from domain.selection.pool import Pool
from domain.selection.target_counts import TargetCount, ValueCount


def count_pool_targets(pool: Pool) -> tuple[TargetCount, ...]:
    """The counts of each target, in the order of the targets; also where units have too few nominees.

    :raises Invalid: ``selection_invalid``, as :func:`domain.selection.select_list` does for all other faults.
    """
    expect_valid_pool(pool, tolerated=SHORT_UNIT)
    from domain.selection.search.place_counts import count_targets

    return count_targets(pool)


def count_pool_values(pool: Pool) -> tuple[ValueCount, ...]:
    """The counts of every stated code of the targets' attributes, in order of attribute and code.

    :raises Invalid: as :func:`count_pool_targets`.
    """
    expect_valid_pool(pool, tolerated=SHORT_UNIT)
    from domain.selection.search.place_counts import count_values

    return count_values(pool)
