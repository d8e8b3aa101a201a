"""Whether the lot decides: among lists that are as good as the best, and who then has to be drawn for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.selection.explanation import LeftOutReason
from domain.selection.pool import Pool, list_statuses
from domain.selection.proven_selection import MAX_NODES, select_list
from domain.selection.result import SelectionOutcome, SelectionResult

_CERTAIN_REASONS = frozenset({LeftOutReason.HELD_OFF, LeftOutReason.NO_SEAT})


def list_tied_nominees(pool: Pool, selection: SelectionResult, *, nodes: int = MAX_NODES) -> tuple[str, ...]:
    """Nominees of whom the lot may decide, in their order; empty where the list needs none.

    Whoever is not among them is on every list as good as this one, or on none. Those who were drawn for
    already are left out. Raises ``ValueError`` for a selection that is not proven or carries no explanation.
    """
    doubtful = _list_doubtful_nominees(pool, selection)
    drawn = {nominee.id for nominee in pool.nominees if nominee.lot is not None}
    if doubtful <= drawn or not has_equal_list(pool, selection, nodes=nodes):
        return ()
    return tuple(sorted(doubtful - drawn))


def has_equal_list(pool: Pool, selection: SelectionResult, *, nodes: int = MAX_NODES) -> bool:
    """Whether some other list has the same shortfalls and the same score.

    Asked by drawing the list's own people last: whoever could stand in for one of them then goes first. A
    budget that ends answers yes, since no list may be called the only one without proof.
    """
    chosen = set(selection.chosen)
    order = sorted((nominee.id in chosen, nominee.id) for nominee in pool.nominees)
    again = select_list(assign_lots(pool, [one for _, one in order]), nodes=nodes, explain=False)
    return again.outcome is not SelectionOutcome.PROVEN or again.chosen != selection.chosen


def assign_lots(pool: Pool, order: Sequence[str]) -> Pool:
    """The pool with lots 1 … n in this order; who is not in it has none."""
    lots: Mapping[str, int] = {one: lot for lot, one in enumerate(order, 1)}
    return replace(pool, nominees=[replace(each, lot=lots.get(each.id)) for each in pool.nominees])


def _list_doubtful_nominees(pool: Pool, selection: SelectionResult) -> set[str]:
    """Left out at no proven cost, and the free people who hold their places."""
    if selection.outcome is not SelectionOutcome.PROVEN or selection.explanation is None:
        raise ValueError("whether the lot decides is asked of a proven list with its explanation")
    place = {nominee.id: nominee.place for nominee in pool.nominees}
    left = {
        each.id for each in selection.explanation if not each.points and each.reason not in _CERTAIN_REASONS
    }
    places, chosen = {place[one] for one in left}, set(selection.chosen)
    settled = list_statuses(pool)
    held = {each.id for each, hold in zip(pool.nominees, settled, strict=True) if hold.is_seated}
    return left | {one for one in chosen - held if place[one] in places}
