"""Adjusting computed seats by hand: what no adjustment may do, and what is said of the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.findings import Conflict, Finding, Invalid, Plain, Severity


@dataclass(frozen=True, slots=True)
class AdjustedSeats:
    """The computed seats of a unit in a seat group, the adjustment, and the plan's bounds."""

    group: str
    computed: int
    adjustment: int
    floor: int
    cap: int | None

    @property
    def seats(self) -> int:
        """The seats after the adjustment."""
        return self.computed + self.adjustment


def expect_no_negative_seats(adjusted: AdjustedSeats) -> None:
    """Raise ``Invalid`` for an adjustment that takes more seats than were computed."""
    if adjusted.seats < 0:
        params: dict[str, Plain] = {"computed": adjusted.computed}
        errors = [Finding("adjustment_below_zero", params, "/adjustment")]
        raise Invalid("adjustment_below_zero", errors=errors)


def check_bounds(adjusted: AdjustedSeats) -> list[Finding]:
    """An adjustment may leave the plan's bounds, with its reason on record: these are warnings."""
    found = []
    if adjusted.seats < adjusted.floor:
        params: dict[str, Plain] = {"floor": adjusted.floor}
        found.append(Finding("adjusted_below_floor", params, severity=Severity.WARNING))
    if adjusted.cap is not None and adjusted.seats > adjusted.cap:
        found.append(Finding("adjusted_above_cap", {"cap": adjusted.cap}, severity=Severity.WARNING))
    return found


def expect_balance(adjustments: Iterable[AdjustedSeats]) -> None:
    """Raise ``Conflict`` unless the adjustments leave each group its number of seats."""
    moved = Counter[str]()
    for each in adjustments:
        moved[each.group] += each.adjustment
    errors = [
        Finding("adjustments_do_not_balance", {"group": group, "by": by}) for group, by in moved.items() if by
    ]
    if errors:
        raise Conflict("adjustments_do_not_balance", errors=errors)
