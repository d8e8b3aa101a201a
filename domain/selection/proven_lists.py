"""A list that was proven before, as the engine knows one: who is on it, and what it reaches."""

from collections.abc import Sequence

from domain.selection.pool import NomineeStatus, Pool
from domain.selection.recount import recount_list
from domain.selection.result import OptimalityGap, SelectionOutcome, SelectionResult


def list_members(pool: Pool, chosen: Sequence[str]) -> tuple[str, ...]:
    """Everybody on a list: who was chosen, and who sits beside them by office, roll or invitation."""
    beside = [nominee.id for nominee in pool.nominees if nominee.hold is NomineeStatus.EX_OFFICIO]
    standing = {nominee.id for nominee in pool.nominees}
    return tuple(sorted({*beside, *(one for one in chosen if one in standing)}))


def build_proven_result(pool: Pool, chosen: Sequence[str]) -> SelectionResult:
    """A proven list as the engine knows one, counted from the raw records."""
    count = recount_list(pool, chosen)
    gap = OptimalityGap(count.shortfalls, count.score)
    return SelectionResult(
        SelectionOutcome.PROVEN, tuple(chosen), count.score, count.shortfalls, count.states, gap
    )
