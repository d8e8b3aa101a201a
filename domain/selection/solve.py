"""The way in: from a pool to the one best list, proven and counted again."""

from domain.selection.faults import refuse
from domain.selection.model import Pool
from domain.selection.recount import recount
from domain.selection.result import Outcome, Selection

NODES = 200_000
"""Nodes of search a run may spend; the usual run needs fewer than a hundred."""


class Miscounted(RuntimeError):  # noqa: N818 - as Refused and Invalid
    """The count from the raw records is not the search's: a defect of this program, never of the pool."""


def select(pool: Pool, *, nodes: int = NODES, explain: bool = True) -> Selection:
    """The best list of ``pool``.

    Hard rules are kept; then shortfalls of soft targets are least, priority by priority; then the score is
    greatest; then the sum of the lots least; then the list of ids first in order. One pool has one answer,
    whatever the order of its parts. ``nodes`` is the budget; its end answers the best list so far.

    :raises Invalid: ``selection_invalid``, with pointers into the pool.
    """
    refuse(pool)
    from domain.selection.run import run

    return checked(pool, run(pool, nodes=nodes, explain=explain))


def checked(pool: Pool, selection: Selection) -> Selection:
    """``selection`` when its list, counted from the raw records, is what it says to be."""
    if selection.outcome in (Outcome.INFEASIBLE, Outcome.UNFINISHED):
        return selection
    count = recount(pool, selection.chosen)
    if count.broken or count.vector != selection.vector:
        raise Miscounted("the list is not what the search took it for")
    return selection
