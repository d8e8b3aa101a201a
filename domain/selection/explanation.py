"""Why a nominee is not on the list, without information about any other person.

The reasons follow from the bound of the selection: the number of points is a proven minimum, and may be less
than the exact price, which :func:`domain.selection.prices.explain_why_not` finds by solving again.
"""

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
    """The reason why a nominee is not on the list."""

    HELD_OFF = "held_off"
    """Dropped, not eligible, or delegate to another congress: decided before the selection."""
    NO_SEAT = "no_seat"
    """All seats of the place are taken by persons who are on the list in any case."""
    PAIR = "pair"
    """A person is chosen together with whom this person may not be chosen."""
    COLLEAGUE = "colleague"
    """A person of the same place and the same profile is chosen and has more points."""
    LOT = "lot"
    """A person of the same place, profile and points is chosen; the lot decided."""
    COST = "cost"
    """Every list with this person has fewer points, or larger shortfalls."""
    EVEN = "even"
    """The bound does not prove that lists with this person are worse; the lot, or a combination, decided."""


_REASONS = tuple(LeftOutReason)


@dataclass(frozen=True, slots=True)
class LeftOutNominee:
    """One nominee who is not on the list. A list with this nominee and equal shortfalls provably has at least
    ``points`` fewer points."""

    id: str
    reason: LeftOutReason
    points: int

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {"nominee": self.id, "points": self.points}
        return Finding(f"selection_left_out_{self.reason}", params, severity=Severity.INFO)


class Explanation:
    """The reasons for all nominees who are not on the list, by id."""

    def __init__(self, ids: list[str], reasons: Longs, points: Longs) -> None:
        self._ids, self._reasons, self._points = ids, reasons, points

    def __iter__(self) -> Iterator[LeftOutNominee]:
        return (self._build_left_out(int(n)) for n in np.flatnonzero(self._reasons >= 0))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._reasons >= 0))

    def _build_left_out(self, n: int) -> LeftOutNominee:
        return LeftOutNominee(self._ids[n], _REASONS[self._reasons[n]], int(self._points[n]))


def explain_left_out(
    arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound | None, chosen: Mask
) -> Explanation:
    """The reasons for a proven list; ``chosen`` (n) marks its nominees. ``lead`` is the bound of the first
    goal, ``None`` where nothing was left to choose."""
    left = ~chosen
    points = (
        _compute_lost_points(arrays, problem, lead, chosen)
        if lead is not None
        else np.zeros(len(chosen), np.int64)
    )
    reasons = np.where(points > 0, _REASONS.index(LeftOutReason.COST), _REASONS.index(LeftOutReason.EVEN))
    _mark_colleagues(arrays, chosen, reasons)
    partner = {i for pair in arrays.pairs for i, j in (pair, pair[::-1]) if chosen[j]}
    reasons[list(partner)] = _REASONS.index(LeftOutReason.PAIR)
    reasons[(arrays.count_free_seats() == 0)[arrays.place]] = _REASONS.index(LeftOutReason.NO_SEAT)
    reasons[arrays.state == -1] = _REASONS.index(LeftOutReason.HELD_OFF)
    points[arrays.state == -1] = 0
    reasons[~left] = -1
    return Explanation(arrays.ids, reasons.astype(np.int8), points)


def _compute_lost_points(
    arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound, chosen: Mask
) -> Longs:
    """The least number of points that a list with each nominee loses, at equal shortfalls (n)."""
    worth, now = compute_worth(arrays, problem, lead), lead.bound
    last_in = np.full(len(arrays.need), np.iinfo(np.int64).max, np.int64)
    inside = problem.columns[now.inside]
    np.minimum.at(last_in, arrays.place[inside], worth[inside])
    cost = np.maximum(0, last_in[arrays.place] - worth)
    reached = int(arrays.score[problem.columns][chosen[problem.columns]].sum())
    found: Longs = np.maximum(0, reached - (now.value - cost) // now.scale)
    found[(last_in == np.iinfo(np.int64).max)[arrays.place]] = 0
    return found


def compute_worth(arrays: PoolArrays, problem: SelectionProblem, lead: SiftedBound) -> Longs:
    """The worth of every nominee under the multipliers, as multiples of 1 / ``scale`` of a point (n)."""
    worth = arrays.score * lead.by.scale
    counted = {side.name: side.counted for side in arrays.sides}
    for rule, multiplier in zip(problem.rules, lead.by.rules.tolist(), strict=True):
        if not multiplier or rule.name is None:
            continue
        if rule.name in counted:
            sign = -1 if rule.name[1] == "most" else 1
            worth = worth + sign * multiplier * counted[rule.name]
        else:
            worth[problem.columns] += np.multiply(rule.coefs, multiplier, dtype=np.int64)
    return worth


def _mark_colleagues(arrays: PoolArrays, chosen: Mask, reasons: Longs) -> None:
    """Mark the nominees for whom a free nominee of the same place and profile is chosen."""
    free = np.flatnonzero(arrays.state == 0)
    if not len(free):
        return
    code = np.unique(number_profiles(arrays, free), return_inverse=True)[1]
    lowest = np.full(int(code.max()) + 1, np.iinfo(np.int64).max, np.int64)
    on_list = chosen[free]
    np.minimum.at(lowest, code[on_list], arrays.score[free[on_list]])
    ahead = lowest[code]
    has_chosen = ahead < np.iinfo(np.int64).max
    more = has_chosen & (ahead > arrays.score[free])
    reasons[free[has_chosen]] = _REASONS.index(LeftOutReason.LOT)
    reasons[free[more]] = _REASONS.index(LeftOutReason.COLLEAGUE)
