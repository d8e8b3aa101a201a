"""The units of a split's certificate: what each can be asked for, and what it was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_count,
    read_mapping,
    read_sequence,
    read_text,
)

MOST_VALUES = 64
MOST_SEATS = 10**9
MOST_PEOPLE = 10**12


@dataclass(frozen=True, slots=True)
class SplitUnit:
    """One unit. ``shares`` are in millionths of a seat, ``places`` in seats; empty if there is no split.

    ``caps``: the most seats of each value that its people allow; ``weights``: the ratios in which it would
    send them by itself; ``lacks_figures``: its people are not known by value.
    """

    id: str
    seats: int
    caps: Mapping[str, int]
    weights: Mapping[str, int]
    lacks_figures: bool
    by_hand: Mapping[str, int]
    shares: Mapping[str, int]
    places: Mapping[str, int]
    at: str


def read_columns(content: Mapping[str, object]) -> dict[str, int]:
    """Value → target, in order of the values."""
    source = read_mapping(content.get("columns"), "/columns")
    expect_valid(source, 0 < len(source) <= MOST_VALUES, "/columns")
    columns = {
        read_text(value, "/columns"): read_count(source[value], "/columns") for value in sorted(source)
    }
    expect_valid(columns, sum(columns.values()) <= MOST_SEATS, "/columns")
    return columns


def read_units(
    content: Mapping[str, object], columns: Mapping[str, int], *, decided: bool
) -> Sequence[SplitUnit]:
    """The units, in order of their ids; their seats add up to the targets."""
    units = []
    for n, one in enumerate(read_sequence(content.get("rows"), "/rows")):
        units.append(_read_unit(read_mapping(one, f"/rows/{n}"), columns, decided=decided, at=f"/rows/{n}"))
    for one, other in pairwise(units):
        expect_valid(other, one.id < other.id, f"{other.at}/unit")
    expect_valid(units, sum(unit.seats for unit in units) == sum(columns.values()), "/columns")
    return units


def _read_unit(row: Mapping[str, object], columns: Mapping[str, int], *, decided: bool, at: str) -> SplitUnit:
    seats = read_count(row.get("seats"), f"{at}/seats")
    people = {} if row.get("people") is None else _read_counts(row["people"], columns, f"{at}/people")
    heads = None if row.get("headcount") is None else read_count(row["headcount"], f"{at}/headcount")
    counted = sum(people.values())
    expect_valid(heads, heads is None or counted <= heads <= MOST_PEOPLE, f"{at}/headcount")
    expect_valid(people, counted <= MOST_PEOPLE, f"{at}/people")
    silent = 0 if heads is None else heads - counted
    missing = [value for value in columns if value not in people]
    if heads is not None and len(missing) == 1:
        people, silent, missing = {**people, missing[0]: silent}, 0, []
    by_hand = _read_counts(row.get("by_hand", {}), columns, f"{at}/by_hand")
    caps, weights = _derive_cells(seats, people, silent, columns)
    for value, places in by_hand.items():
        expect_valid(places, places <= caps[value], f"{at}/by_hand")
    return SplitUnit(
        id=read_text(row.get("unit"), f"{at}/unit"),
        seats=seats,
        caps=caps,
        weights=weights,
        lacks_figures=bool(missing),
        by_hand=by_hand,
        shares=_read_shares(row.get("shares"), columns, f"{at}/shares") if decided else {},
        places=_read_all_counts(row.get("places"), columns, f"{at}/places") if decided else {},
        at=at,
    )


def _derive_cells(
    seats: int, people: Mapping[str, int], silent: int, columns: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Caps and weights. People who have not stated their value may have any; they count as the targets do."""
    if len(people) < len(columns):
        return {v: min(seats, people.get(v, seats)) for v in columns}, dict(columns)
    caps = {v: min(seats, people[v] + silent) for v in columns}
    total = sum(columns.values())
    if not silent or not total:
        return caps, {v: people[v] for v in columns}
    return caps, {v: people[v] * total + silent * wanted for v, wanted in columns.items()}


def _read_counts(source: object, columns: Mapping[str, int], at: str) -> dict[str, int]:
    counts = {value: read_count(one, at) for value, one in read_mapping(source, at).items()}
    return expect_valid(counts, counts.keys() <= columns.keys(), at)


def _read_all_counts(source: object, columns: Mapping[str, int], at: str) -> dict[str, int]:
    counts = _read_counts(source, columns, at)
    return expect_valid(counts, counts.keys() == columns.keys(), at)


def _read_shares(source: object, columns: Mapping[str, int], at: str) -> dict[str, int]:
    """Shares with six decimals, as millionths."""
    listed = read_mapping(source, at)
    expect_valid(listed, listed.keys() == columns.keys(), at)
    shares = {}
    for value in columns:
        whole, dot, part = read_text(listed[value], at).partition(".")
        if not dot or len(part) != 6 or len(whole) > 10 or not (whole + part).isascii():
            raise MalformedError(at)
        expect_valid(whole, whole.isdigit() and part.isdigit(), at)
        shares[value] = int(whole + part)
    return shares
