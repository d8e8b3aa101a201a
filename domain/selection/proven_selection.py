"""The entry point of a selection: from a pool to the one best list, proven and recounted."""

from collections.abc import Callable

from domain.selection.faults import expect_valid_pool
from domain.selection.pool import Pool
from domain.selection.recount import recount_list
from domain.selection.result import SelectionOutcome, SelectionResult

MAX_NODES = 200_000
"""Nodes of search that a run may spend; a usual run needs fewer than a hundred."""


class RecountMismatch(RuntimeError):  # noqa: N818 - as Refused and Invalid
    """The count from the raw records differs from the search: a defect of this program, never of the pool."""


def select_list(
    pool: Pool,
    *,
    nodes: int = MAX_NODES,
    explain: bool = True,
    report: Callable[[int, int], None] | None = None,
) -> SelectionResult:
    """The best list of ``pool``.

    Hard rules are kept. Then the shortfalls of soft targets are least, one priority after the other; then the
    score is greatest; then the sum of the lots is least; then the list of ids comes first in order. One pool
    has one answer, for any order of its parts. ``nodes`` is the budget; when it ends, the answer is the best
    list so far. ``report`` is called now and then with the work so far, and the most that there may be.

    :raises Invalid: ``selection_invalid``, with pointers into the pool.
    """
    expect_valid_pool(pool)
    from domain.selection.search.computation import compute_selection

    return expect_matching_recount(pool, compute_selection(pool, nodes=nodes, explain=explain, report=report))


def expect_matching_recount(pool: Pool, selection: SelectionResult) -> SelectionResult:
    """``selection``, if the recount of its list from the raw records gives the same numbers.

    :raises RecountMismatch: if it does not.
    """
    if selection.outcome in (SelectionOutcome.INFEASIBLE, SelectionOutcome.UNFINISHED):
        return selection
    count = recount_list(pool, selection.chosen)
    if count.broken or count.vector != selection.vector:
        raise RecountMismatch("the recount of the list differs from the search")
    return selection
