"""Whether the lot decides between several best lists, and for which nominees a lot must be drawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from domain.selection.explanation import LeftOutReason
from domain.selection.pool import NomineeStatus, Pool, list_statuses
from domain.selection.proven_selection import MAX_NODES, select_list
from domain.selection.replacement import Replacement
from domain.selection.result import SelectionOutcome, SelectionResult

_CERTAIN_REASONS = frozenset({LeftOutReason.HELD_OFF, LeftOutReason.NO_SEAT})


def list_tied_nominees(pool: Pool, selection: SelectionResult, *, nodes: int = MAX_NODES) -> tuple[str, ...]:
    """The ids of the nominees for whom a lot may decide, in order; empty where no lot is needed.

    Each other nominee without a lot is on every list as good as this one, or on none. Nominees who already
    have a lot are left out. Raises ``ValueError`` for a selection that is not proven or has no explanation.
    """
    doubtful = _list_doubtful_nominees(pool, selection)
    drawn = {nominee.id for nominee in pool.nominees if nominee.lot is not None}
    if doubtful <= drawn or not has_equal_list(pool, selection, nodes=nodes):
        return ()
    return tuple(sorted(doubtful - drawn))


def has_equal_list(pool: Pool, selection: SelectionResult, *, nodes: int = MAX_NODES) -> bool:
    """Whether some other list has the same shortfalls and the same score.

    It is found by a selection in which the list's own nominees have the last lots: then any equal list would
    be preferred. If the budget ends, the answer is yes, since without proof there may be another list.
    """
    chosen = set(selection.chosen)
    order = sorted((nominee.id in chosen, nominee.id) for nominee in pool.nominees)
    again = select_list(assign_lots(pool, [one for _, one in order]), nodes=nodes, explain=False)
    return again.outcome is not SelectionOutcome.PROVEN or again.chosen != selection.chosen


def assign_lots(pool: Pool, order: Sequence[str]) -> Pool:
    """The pool with lots 1 … n in this order; all other nominees have no lot."""
    lots: Mapping[str, int] = {one: lot for lot, one in enumerate(order, 1)}
    return replace(pool, nominees=[replace(each, lot=lots.get(each.id)) for each in pool.nominees])


def list_undrawn_newcomers(pool: Pool, found: Replacement, in_line: Collection[str]) -> list[str]:
    """Newcomers of a mended list whom nothing but their ids sets apart from others who might have come.

    They have the same place and points, no lot, and are not ``in_line`` as alternates. Empty where all came.
    """
    known = {nominee.id: nominee for nominee in pool.nominees}
    undrawn = [
        nominee
        for nominee, hold in zip(pool.nominees, list_statuses(pool), strict=True)
        if nominee.lot is None and nominee.id not in in_line and hold is NomineeStatus.FREE
    ]
    waiting: set[str] = set()
    for one in found.joined:
        if known[one].lot is None and one not in in_line:
            waiting |= {
                each.id
                for each in undrawn
                if each.place == known[one].place
                and each.score == known[one].score
                and (each.id in found.joined or each.id not in found.chosen)
            }
    return sorted(waiting) if not waiting <= set(found.joined) else []


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
