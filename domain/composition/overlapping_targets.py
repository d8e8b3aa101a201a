"""Several overlapping targets over the same units, with a guard for small ones.

Each target is split separately into yes and no, so the margins alone could ask a unit with one seat for one
woman, one Khmer and one worker. The guard allows a unit at most ``limit`` demands for each of its seats: the
targets are split in order of priority, and the cap of a later target is what the earlier targets left. Where
this cap is too low for the floor of the fair share, the split leaves floor and ceiling, and this is reported.
Where the target could not be reached otherwise, the cap is exceeded, for as few seats as possible, and this
is reported too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import floor

from domain.composition.certificates import build_split_certificate
from domain.composition.solver.millionths import MILLION
from domain.composition.solver.split_table import SplitRow
from domain.composition.solver.ties import compute_tie_key
from domain.composition.split import MAX_NAMED_UNITS, Split, UnitSplit, format_millionths, split_partition
from domain.findings import Finding, Invalid, Plain, Severity

NO, YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class UnitStaff:
    """One unit: its seats, and the known numbers of its people.

    ``people``: target id → how many of the unit's people meet its criterion; a target that is missing is
    unknown, not zero. The same person may be counted for several targets.
    """

    unit: str
    seats: int
    people: Mapping[str, int] = field(default_factory=dict)
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class TargetSeats:
    """One target: ``places`` persons of one kind among all seats.

    ``by_hand``: unit → seats set by hand, which are fixed first.
    """

    target: str
    places: int
    hard: bool = False
    priority: int = 1
    by_hand: Mapping[str, int] = field(default_factory=dict)


class DeviationKind(StrEnum):
    """The rule that a unit's seats do not keep."""

    BELOW_FLOOR = "below_floor"
    """Less than the floor of its fair share, since earlier targets have used up the unit's demands."""
    ABOVE_CEILING = "above_ceiling"
    """More than the ceiling of its fair share, instead of other units."""
    GUARD = "guard"
    """More demands than the guard allows: the target cannot be reached otherwise."""


@dataclass(frozen=True, slots=True)
class SplitDeviation:
    """One unit in which the split of one target exceeds the guard, or is outside floor and ceiling."""

    target: str
    unit: str
    what: DeviationKind
    fair_share: str
    seats: int
    cap: int


@dataclass(frozen=True, slots=True)
class TargetSplits:
    """The splits by target in the order of splitting, the demands on each unit, and the deviations."""

    splits: Mapping[str, Split]
    demands: Mapping[str, int]
    exceptions: tuple[SplitDeviation, ...] = ()
    findings: tuple[Finding, ...] = ()


def split_targets(
    units: Sequence[UnitStaff], asks: Sequence[TargetSeats], *, seed: str, limit: Fraction | int | None = None
) -> TargetSplits:
    """Split every target of ``asks`` over ``units``, hard ones first, then by priority (1 first), then by id.

    ``limit`` is the guard, demands per seat; ``None`` sets none. The ties of each target are settled with the
    seed ``seed/target``, so that no unit wins or loses all of them together. A target that cannot be split is
    an infeasible :class:`Split` and makes no demands. Raises :class:`Invalid` as :func:`split_partition`
    does.
    """
    seats = {staff.unit: staff.seats for staff in units}
    _expect_valid_targets(asks, sum(seats.values()))
    splits: dict[str, Split] = {}
    demands = dict.fromkeys(sorted(seats), 0)
    exceptions: list[SplitDeviation] = []
    for ask in sorted(asks, key=lambda ask: (not ask.hard, ask.priority, ask.target)):
        rows = [_build_binary_row(staff, ask.target) for staff in units]
        result = _split_target(rows, ask, sum(seats.values()), f"{seed}/{ask.target}")
        if limit is not None and result.feasible:
            caps = {unit: max(0, floor(limit * seats[unit]) - demands[unit]) for unit in seats}
            result, deviations = _apply_guard(result, rows, ask.target, caps)
            exceptions += deviations
        splits[ask.target] = result
        for row in result.units:
            demands[row.unit] += row.places[1]
    return TargetSplits(splits, demands, tuple(exceptions), tuple(_build_findings(exceptions)))


def certify_target(units: Sequence[UnitStaff], ask: TargetSeats, split: Split) -> dict[str, Plain] | None:
    """The certificate of ``split``, which :func:`split_targets` made for one of its targets.

    ``None`` where the guard changed the places, or the shares could not be proven.
    """
    if split.proof is None:
        return None
    rows = [_build_binary_row(staff, ask.target) for staff in units]
    columns = dict(zip(split.values, split.columns, strict=True))
    return build_split_certificate(rows, columns, split, _list_hands(ask))


def _expect_valid_targets(asks: Sequence[TargetSeats], seats: int) -> None:
    ids = [ask.target for ask in asks]
    errors = [
        Finding("target_twice", {"target": ask.target}, f"/asks/{n}/target")
        for n, ask in enumerate(asks)
        if ids.index(ask.target) != n
    ]
    errors += [
        Finding(
            "target_over_size",
            {"target": ask.target, "least": ask.places, "size": seats},
            f"/asks/{n}/places",
        )
        for n, ask in enumerate(asks)
        if not 0 <= ask.places <= seats
    ]
    if errors:
        raise Invalid("split_invalid", errors=errors)


def _build_binary_row(staff: UnitStaff, target: str) -> SplitRow:
    count = staff.people.get(target)
    return SplitRow(staff.unit, staff.seats, None if count is None else {YES: count}, staff.headcount)


def _split_target(rows: Sequence[SplitRow], ask: TargetSeats, seats: int, seed: str) -> Split:
    columns = {YES: ask.places, NO: seats - ask.places}
    return split_partition(rows, columns, seed=seed, by_hand=_list_hands(ask))


def _list_hands(ask: TargetSeats) -> dict[str, dict[str, int]]:
    return {unit: {YES: places} for unit, places in ask.by_hand.items()}


def _apply_guard(
    result: Split, rows: Sequence[SplitRow], target: str, caps: Mapping[str, int]
) -> tuple[Split, list[SplitDeviation]]:
    """The split, corrected if it asks some unit for more than its cap, and the deviations."""
    if all(row.places[1] <= caps[row.unit] for row in result.units):
        return result, []
    ranges = {row.unit: _compute_range(row) for row in rows}
    places = _assign_seats(result, ranges, caps)
    units = tuple(
        replace(row, places=(row.seats - asked, asked))
        for row, asked in zip(result.units, places, strict=True)
    )
    found = [
        SplitDeviation(
            target, row.unit, what, format_millionths(row.shares[1]), row.places[1], caps[row.unit]
        )
        for row in units
        for what in _list_deviations(row, caps[row.unit])
    ]
    return replace(result, units=units, proof=None), found


def _compute_range(row: SplitRow) -> tuple[int, int]:
    """The least and the most seats of the kind that the unit's own people allow."""
    yes = None if row.people is None else row.people[YES]
    most = row.seats if yes is None else min(row.seats, yes)
    if yes is None or row.headcount is None:
        return 0, most
    return max(0, row.seats - (row.headcount - yes)), most


def _assign_seats(result: Split, ranges: Mapping[str, tuple[int, int]], caps: Mapping[str, int]) -> list[int]:
    """Seats within the caps, nearest to the shares: one seat after the other is added where it costs least.

    The cost of one more is (whether it exceeds the cap, the growth of the squared difference, the tie key).
    Inside each unit this cost rises, so that the cheapest choice each time gives the best total.
    """
    places, line = [], []

    def cost(row: UnitSplit, asked: int) -> tuple[bool, int, int]:
        keys = [compute_tie_key(result.seed, row.unit, value) for value in (YES, NO)]
        return asked >= caps[row.unit], 2 * (asked * MILLION - row.shares[1]) + MILLION, keys[0] - keys[1]

    for n, row in enumerate(result.units):
        if row.by_hand:
            places.append(row.places[1])
            continue
        least, most = ranges[row.unit]
        places.append(max(least, min(row.shares[1] // MILLION, caps[row.unit])))
        if places[n] < most:
            line.append((cost(row, places[n]), n))
    heapify(line)
    for _ in range(result.columns[1] - sum(places)):
        _, n = heappop(line)
        places[n] += 1
        if places[n] < ranges[result.units[n].unit][1]:
            heappush(line, (cost(result.units[n], places[n]), n))
    return places


def _list_deviations(row: UnitSplit, cap: int) -> list[DeviationKind]:
    asked, share = row.places[1], row.shares[1]
    what = []
    if asked < share // MILLION:
        what.append(DeviationKind.BELOW_FLOOR)
    if asked > -(-share // MILLION):
        what.append(DeviationKind.ABOVE_CEILING)
    if asked > cap:
        what.append(DeviationKind.GUARD)
    return what


def _build_findings(exceptions: Sequence[SplitDeviation]) -> list[Finding]:
    """One finding for each target and each kind of deviation."""
    units: dict[tuple[str, DeviationKind], list[str]] = {}
    for one in exceptions:
        units.setdefault((one.target, one.what), []).append(one.unit)
    found = []
    for (target, what), named in units.items():
        params: dict[str, Plain] = {"target": target, "units": named[:MAX_NAMED_UNITS], "count": len(named)}
        found.append(Finding(f"stacking_{what}", params, severity=Severity.WARNING))
    return found
