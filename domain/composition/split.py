"""The split of composition targets over units: how many of a unit's seats are to be of each kind.

The same method serves every attribute, with two values ("yes" and "no") or many. The published table of fair
shares, exact in its margins, is decisive: each cell gets the floor or the ceiling of its share, so that every
unit fills its seats, every target is met exactly, and no unit is asked for people whom it does not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.composition.solver.millionths import MILLION
from domain.composition.solver.rounding import round_table
from domain.composition.solver.split_table import SplitRow, SplitTable, build_split_table, pin_by_hand
from domain.composition.solver.ties import TieKeys, compute_tie_keys
from domain.findings import Finding, Plain, Severity

if TYPE_CHECKING:
    from domain.composition.solver.reach import ColumnShortage

MAX_NAMED_UNITS = 20
"""The most units that a finding names; the others are only counted."""


@dataclass(frozen=True, slots=True)
class SplitCell:
    """One unit and one value: its fair share in millionths of a seat, and its seats."""

    unit: str
    value: str
    millionths: int
    seats: int
    by_seats: bool
    by_hand: bool

    @property
    def fair_share(self) -> str:
        """The published share, an exact decimal with six decimal places."""
        return format_millionths(self.millionths)


@dataclass(frozen=True, slots=True)
class UnitSplit:
    """One unit: fair shares (millionths of a seat) and seats (``places``), in the order of the split's
    values."""

    unit: str
    seats: int
    shares: tuple[int, ...]
    places: tuple[int, ...]
    by_seats: bool = False
    """Its figures are missing, so its shares are computed from its seats and the targets only."""
    by_hand: frozenset[str] = frozenset()
    """Values whose seats were set by hand."""


@dataclass(frozen=True, slots=True)
class SplitProof:
    """What proves a split: the factors of the columns, from which the shares follow.

    ``tight`` are sets of values that need exactly what all units can give them. ``fixed_by_seats``: units
    without figures are divided by their seats; ``short``: the values for which the units could then not
    suffice, or could not at all where there is no split.
    """

    factors: tuple[str, ...] = ()
    tight: tuple[tuple[str, ...], ...] = ()
    fixed_by_seats: bool = False
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """The split of one partition: units in order of their ids, values in order of their names.

    When the margins cannot be met, ``feasible`` is false, ``units`` is empty and ``findings`` give the
    reasons.
    """

    values: tuple[str, ...]
    columns: tuple[int, ...]
    seed: str
    units: tuple[UnitSplit, ...]
    findings: tuple[Finding, ...] = ()
    feasible: bool = True
    proof: SplitProof | None = None
    """``None`` where the shares could not be proven, or the guard for small units changed the places."""

    def list_cells(self) -> Iterator[SplitCell]:
        """Every cell, unit by unit."""
        for row in self.units:
            for value, share, places in zip(self.values, row.shares, row.places, strict=True):
                yield SplitCell(row.unit, value, share, places, row.by_seats, value in row.by_hand)


def format_millionths(millionths: int) -> str:
    """Millionths as an exact decimal: 2333333 is "2.333333"."""
    return f"{millionths // MILLION}.{millionths % MILLION:06}"


def split_partition(
    rows: Sequence[SplitRow],
    columns: Mapping[str, int],
    *,
    seed: str,
    by_hand: Mapping[str, Mapping[str, int]] | None = None,
) -> Split:
    """Split ``columns`` (value → seats, together all seats) over ``rows``.

    ``seed`` is the published seed that settles ties. ``by_hand`` (unit → value → seats) is fixed first, and
    the rest is split. The answer depends only on the figures, the numbers set by hand and the seed, not on
    any order. Raises :class:`domain.findings.Invalid` with pointers for input that is not valid; margins that
    cannot be met are an answer, not an error.
    """
    table = build_split_table(rows, columns)
    hand = by_hand or {}
    pinned = pin_by_hand(table, hand) if hand else table
    short = _check_short_units(pinned)
    if short:
        return _build_infeasible_split(table, seed, short, SplitProof(short=table.values))
    keys = compute_tie_keys(seed, pinned.units, pinned.values)
    shares, proof = _compute_shares(pinned, keys)
    if isinstance(shares, Finding):
        return _build_infeasible_split(table, seed, [shares], proof)
    places = round_table(shares, keys)
    units = tuple(
        UnitSplit(unit, sum(own), tuple(share), tuple(own), missing, frozenset(hand.get(unit, ())))
        for unit, share, own, missing in zip(table.units, shares, places, table.by_seats, strict=True)
    )
    findings = tuple(_check_missing_figures(table))
    return Split(table.values, tuple(table.columns), seed, units, findings, proof=proof)


def _compute_shares(table: SplitTable, keys: TieKeys) -> tuple[list[list[int]] | Finding, SplitProof | None]:
    """The published fair shares in millionths, or why there are none; and what proves either."""
    from domain.composition.solver.fair_share import UncertifiedSharesError, compute_fair_shares
    from domain.composition.solver.reach import ColumnShortage

    try:
        shares = compute_fair_shares(table, keys)
    except UncertifiedSharesError:
        return _build_warning("split_uncertified", {"values": table.values}, "/columns"), None
    if isinstance(shares, ColumnShortage):
        return _explain_shortage(table, shares), SplitProof(short=_name_values(table, shares.values))
    tight = tuple(_name_values(table, some) for some in shares.tight)
    short = _name_values(table, shares.short)
    return shares.millionths, SplitProof(shares.factors, tight, shares.fixed_by_seats, short)


def _name_values(table: SplitTable, columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(table.values[v] for v in columns)


def _build_infeasible_split(
    table: SplitTable, seed: str, findings: Sequence[Finding], proof: SplitProof | None
) -> Split:
    return Split(
        table.values,
        tuple(table.columns),
        seed,
        (),
        (*findings, *_check_missing_figures(table)),
        feasible=False,
        proof=proof,
    )


def _check_short_units(table: SplitTable) -> list[Finding]:
    """Units with fewer people, by their own figures, than seats to fill."""
    return [
        _build_warning(
            "split_unit_short",
            {"unit": unit, "seats": seats, "people": sum(caps), "short": seats - sum(caps)},
        )
        for unit, seats, caps in zip(table.units, table.seats, table.caps, strict=True)
        if seats > sum(caps)
    ]


def _check_missing_figures(table: SplitTable) -> list[Finding]:
    units = [unit for unit, missing in zip(table.units, table.by_seats, strict=True) if missing]
    if not units:
        return []
    params: dict[str, Plain] = {"units": units[:MAX_NAMED_UNITS], "count": len(units)}
    return [Finding("split_by_seats", params, severity=Severity.WARNING)]


def _explain_shortage(table: SplitTable, cut: "ColumnShortage") -> Finding:
    """The values that need more than all units can give, by how much, and the units that limit it."""
    room = [
        (seats - sum(caps[v] for v in cut.values), unit)
        for unit, seats, caps in zip(table.units, table.seats, table.caps, strict=True)
    ]
    bound = sorted((unit for gap, unit in room if gap > 0))
    params: dict[str, Plain] = {
        "values": [table.values[v] for v in cut.values],
        "wanted": cut.wanted,
        "reachable": cut.reachable,
        "short": cut.wanted - cut.reachable,
        "units": bound[:MAX_NAMED_UNITS],
        "count": len(bound),
    }
    return _build_warning("split_out_of_reach", params, "/columns")


def _build_warning(code: str, params: Mapping[str, Plain], pointer: str = "") -> Finding:
    """A split that cannot be as it is wanted is told; the allocation stands without it."""
    return Finding(code, params, pointer, severity=Severity.WARNING)
