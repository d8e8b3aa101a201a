"""Why a nominee is not on the list, without information about any other person.

The reasons follow from the bound of the selection: the number of points is a proven minimum, and may be less
than the exact price, which :func:`domain.selection.prices.explain_why_not` finds by solving again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.findings import Finding, Plain, Severity

if TYPE_CHECKING:
    from domain.selection.arrays import Longs


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


OPEN_REASONS = frozenset({LeftOutReason.HELD_OFF, LeftOutReason.NO_SEAT, LeftOutReason.PAIR})
"""The reasons that do not rest on attributes of people."""

PLACE_REASONS = OPEN_REASONS | {LeftOutReason.COLLEAGUE, LeftOutReason.LOT}
"""The reasons that rest on attributes of people of the nominee's own place only: whether a list loses points,
and how many, rests on those of everybody."""

LEFT_OUT_REASONS = tuple(LeftOutReason)
"""The reasons in the order of their numbers in an :class:`Explanation`."""


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
        return build_left_out_finding(self.id, self.reason, self.points, None)


def build_left_out_finding(
    nominee: str, reason: LeftOutReason, points: int | None, tellable: frozenset[LeftOutReason] | None
) -> Finding:
    """Why a nominee is not on the list, as far as a reader may know it.

    ``tellable`` are the reasons that rest on nothing that the reader may not read; ``None``: all, with the
    points.
    """
    if tellable is not None and reason not in tellable:
        return Finding("selection_reason_not_shown", {"nominee": nominee}, severity=Severity.INFO)
    params: dict[str, Plain] = {"nominee": nominee, "points": points if tellable is None else None}
    return Finding(f"selection_left_out_{reason}", params, severity=Severity.INFO)


class Explanation:
    """The reasons for all nominees who are not on the list, by id.

    ``reasons`` are numbers in :data:`LEFT_OUT_REASONS` (n), -1 for those on the list; ``points`` (n).
    """

    def __init__(self, ids: list[str], reasons: "Longs", points: "Longs") -> None:
        self._ids, self._reasons, self._points = ids, reasons, points

    def __iter__(self) -> Iterator[LeftOutNominee]:
        return (self._build_left_out(int(n)) for n in (self._reasons >= 0).nonzero()[0])

    def __len__(self) -> int:
        return int((self._reasons >= 0).sum())

    def _build_left_out(self, n: int) -> LeftOutNominee:
        return LeftOutNominee(self._ids[n], LEFT_OUT_REASONS[self._reasons[n]], int(self._points[n]))
