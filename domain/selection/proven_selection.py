"""The way in: from a pool to the one best list, proven and counted again."""

from domain.selection.faults import expect_valid_pool
from domain.selection.pool import Pool
from domain.selection.recount import recount_list
from domain.selection.result import SelectionOutcome, SelectionResult

MAX_NODES = 200_000
"""Nodes of search a run may spend; the usual run needs fewer than a hundred."""


class RecountMismatch(RuntimeError):  # noqa: N818 - as Refused and Invalid
    """The count from the raw records is not the search's: a defect of this program, never of the pool."""


def select_list(pool: Pool, *, nodes: int = MAX_NODES, explain: bool = True) -> SelectionResult:
    """The best list of ``pool``.

    Hard rules are kept; then shortfalls of soft targets are least, priority by priority; then the score is
    greatest; then the sum of the lots least; then the list of ids first in order. One pool has one answer,
    whatever the order of its parts. ``nodes`` is the budget; its end answers the best list so far.

    :raises Invalid: ``selection_invalid``, with pointers into the pool.
    """
    expect_valid_pool(pool)
    from domain.selection.computation import compute_selection

    return expect_matching_recount(pool, compute_selection(pool, nodes=nodes, explain=explain))


def expect_matching_recount(pool: Pool, selection: SelectionResult) -> SelectionResult:
    """``selection`` when its list, counted from the raw records, is what it says to be."""
    if selection.outcome in (SelectionOutcome.INFEASIBLE, SelectionOutcome.UNFINISHED):
        return selection
    count = recount_list(pool, selection.chosen)
    if count.broken or count.vector != selection.vector:
        raise RecountMismatch("the list is not what the search took it for")
    return selection
