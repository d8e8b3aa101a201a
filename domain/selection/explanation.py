"""Why a nominee is not on the list, told without a word about any other person.

What is said here follows from the bound of the selection: "at least so many points" is a proven least, and
may be less than the true price, which :func:`domain.selection.prices.why_not` finds by solving again.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from domain.findings import Finding, Plain, Severity
from domain.selection.arrays import Longs, Mask
from domain.selection.pool_arrays import PoolArrays
from domain.selection.problem import SelectionProblem, number_profiles
from domain.selection.sifting import SiftedBound


class LeftOutReason(StrEnum):
    """What kept a nominee off the list."""

    HELD_OFF = "held_off"
    """Dropped, not eligible, or going to another congress: settled beforehand."""
    NO_SEAT = "no_seat"
    """All seats of the place are held by people who sit in any case."""
    PAIR = "pair"
    """Someone is chosen with whom this person may not sit."""
    COLLEAGUE = "colleague"
    """Somebody of the same place and the same profile is chosen and has more points."""
    LOT = "lot"
    """Somebody of the same place, profile and points is chosen; the lot decided."""
    COST = "cost"
    """Every list with this person has fewer points, or larger shortfalls."""
    EVEN = "even"
    """The bound shows no list with this person to be worse; the lot, or a combination, decided."""


_REASONS = tuple(LeftOutReason)


@dataclass(frozen=True, slots=True)
class LeftOutNominee:
    """One nominee who is not on the list; ``points`` is the proven least that a list with them loses,
    at equal shortfalls."""

    id: str
    reason: LeftOutReason
    points: int

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {"nominee": self.id, "points": self.points}
        return Finding(f"selection_left_out_{self.reason}", params, severity=Severity.INFO)


class Explanation:
    """The reasons of all who were left out, by id."""

    def __init__(self, ids: list[str], reasons: Longs, points: Longs) -> None:
        self._ids, self._reasons, self._points = ids, reasons, points

    def find_left_out(self, nominee: str) -> LeftOutNominee | None:
        """Why ``nominee`` is not on the list; ``None`` when they are, or are not in the pool."""
        n = bisect_left(self._ids, nominee)
        known = n < len(self._ids) and self._ids[n] == nominee
        return self._build_left_out(n) if known and self._reasons[n] >= 0 else None

    def __iter__(self) -> Iterator[LeftOutNominee]:
        return (self._build_left_out(int(n)) for n in np.flatnonzero(self._reasons >= 0))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._reasons >= 0))

    def _build_left_out(self, n: int) -> LeftOutNominee:
        return LeftOutNominee(self._ids[n], _REASONS[self._reasons[n]], int(self._points[n]))


def explain_left_out(
    board: PoolArrays, problem: SelectionProblem, lead: SiftedBound | None, chosen: Mask
) -> Explanation:
    """The reasons for a proven list; ``chosen`` is over the board, ``lead`` None where nothing was open."""
    left = ~chosen
    points = (
        _compute_lost_points(board, problem, lead, chosen)
        if lead is not None
        else np.zeros(len(chosen), np.int64)
    )
    reasons = np.where(points > 0, _REASONS.index(LeftOutReason.COST), _REASONS.index(LeftOutReason.EVEN))
    _mark_colleagues(board, chosen, reasons)
    partner = {i for pair in board.pairs for i, j in (pair, pair[::-1]) if chosen[j]}
    reasons[list(partner)] = _REASONS.index(LeftOutReason.PAIR)
    reasons[(board.count_free_seats() == 0)[board.place]] = _REASONS.index(LeftOutReason.NO_SEAT)
    reasons[board.state == -1] = _REASONS.index(LeftOutReason.HELD_OFF)
    points[board.state == -1] = 0
    reasons[~left] = -1
    return Explanation(board.ids, reasons.astype(np.int8), points)


def _compute_lost_points(
    board: PoolArrays, problem: SelectionProblem, lead: SiftedBound, chosen: Mask
) -> Longs:
    """What a list with each nominee loses at least, at equal shortfalls (n)."""
    worth, now = compute_worth(board, problem, lead), lead.bound
    last_in = np.full(len(board.need), np.iinfo(np.int64).max, np.int64)
    inside = problem.columns[now.inside]
    np.minimum.at(last_in, board.place[inside], worth[inside])
    cost = np.maximum(0, last_in[board.place] - worth)
    reached = int(board.score[problem.columns][chosen[problem.columns]].sum())
    found: Longs = np.maximum(0, reached - (now.value - cost) // now.scale)
    found[(last_in == np.iinfo(np.int64).max)[board.place]] = 0
    return found


def compute_worth(board: PoolArrays, problem: SelectionProblem, lead: SiftedBound) -> Longs:
    """The worth of every nominee under the multipliers, in units of one ``scale``-th of a point (n)."""
    worth = board.score * lead.by.scale
    counted = {bar.name: bar.counted for bar in board.sides}
    for rule, multiplier in zip(problem.rules, lead.by.rules.tolist(), strict=True):
        if not multiplier or rule.name is None:
            continue
        if rule.name in counted:
            sign = -1 if rule.name[1] == "most" else 1
            worth = worth + sign * multiplier * counted[rule.name]
        else:
            worth[problem.columns] += np.multiply(rule.coefs, multiplier, dtype=np.int64)
    return worth


def _mark_colleagues(board: PoolArrays, chosen: Mask, reasons: Longs) -> None:
    """Mark those of whose place and profile somebody free is chosen."""
    free = np.flatnonzero(board.state == 0)
    if not len(free):
        return
    code = np.unique(number_profiles(board, free), return_inverse=True)[1]
    lowest = np.full(int(code.max()) + 1, np.iinfo(np.int64).max, np.int64)
    on_list = chosen[free]
    np.minimum.at(lowest, code[on_list], board.score[free[on_list]])
    ahead = lowest[code]
    there = ahead < np.iinfo(np.int64).max
    more = there & (ahead > board.score[free])
    reasons[free[there]] = _REASONS.index(LeftOutReason.LOT)
    reasons[free[more]] = _REASONS.index(LeftOutReason.COLLEAGUE)
