"""Whether the lot decides between several best lists, and for which nominees a lot must be drawn."""

from collections.abc import Sequence
from dataclasses import replace

from domain.selection.explanation import LeftOutReason
from domain.selection.pool import Pool, list_statuses
from domain.selection.proven_selection import MAX_NODES
from domain.selection.result import SelectionOutcome, SelectionResult

_CERTAIN_REASONS = frozenset({LeftOutReason.HELD_OFF, LeftOutReason.NO_SEAT})


def list_tied_nominees(pool: Pool, selection: SelectionResult, *, nodes: int = MAX_NODES) -> tuple[str, ...]:
    """The ids of the nominees for whom a lot may decide, in order; empty where no lot is needed.

    Each other nominee without a lot is on every list as good as this one, or on none. One alone is drawn for
    with nobody, and has the next lot (:func:`give_next_lot`); ask again then. Raises ``ValueError`` for a
    selection that is not proven or has no explanation.
    """
    doubtful = _list_doubtful_nominees(pool, selection)
    if doubtful <= {each.id for each in pool.nominees if each.lot is not None}:
        return ()
    from domain.selection.search.equal_lists import ListGoals, find_tied
    from domain.selection.search.pool_arrays import build_pool_arrays

    arrays = build_pool_arrays(pool)
    return find_tied(ListGoals(arrays, [arrays.score]), selection.chosen, nodes, doubtful)


def assign_lots(pool: Pool, order: Sequence[str | None]) -> Pool:
    """The pool with lots 1 … n in this order; all other nominees have no lot. ``None`` keeps a lot free."""
    lots = {one: lot for lot, one in enumerate(order, 1)}
    return replace(pool, nominees=[replace(each, lot=lots.get(each.id)) for each in pool.nominees])


def give_next_lot(pool: Pool, nominee: str) -> Pool:
    """The pool in which one nominee more has a lot: behind all who have one."""
    lot = 1 + max((each.lot or 0 for each in pool.nominees), default=0)
    return replace(pool, nominees=[replace(n, lot=lot) if n.id == nominee else n for n in pool.nominees])


def _list_doubtful_nominees(pool: Pool, selection: SelectionResult) -> set[str]:
    """Nominees who are left out at no proven cost, and the free nominees who have the seats of their
    places."""
    if selection.outcome is not SelectionOutcome.PROVEN or selection.explanation is None:
        raise ValueError("a proven selection with its explanation is required")
    place = {nominee.id: nominee.place for nominee in pool.nominees}
    left = {
        each.id for each in selection.explanation if not each.points and each.reason not in _CERTAIN_REASONS
    }
    places, chosen = {place[one] for one in left}, set(selection.chosen)
    statuses = list_statuses(pool)
    seated = {each.id for each, status in zip(pool.nominees, statuses, strict=True) if status.is_seated}
    return left | {one for one in chosen - seated if place[one] in places}
