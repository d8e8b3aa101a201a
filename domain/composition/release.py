"""Numbers of a list for readers who may not read its persons, such that no number reveals a person.

One table over blocks of units (the seat groups of a conference) and over the columns of one attribute. A
block is *safe* when each column has at least ``threshold`` persons more than the largest unit has persons,
and at least as many persons are outside the column. Then neither an outside reader nor a unit that subtracts
its own people can learn whether some, all or none of the persons of another unit are of a kind. Either all
blocks are released, or only the total, or nothing: so a withheld number is never the difference of released
ones, and the choice itself reveals nothing (docs/decisions/0011; the tests try every table of small
conferences).

The threshold rule is the usual one for frequency tables: "some agencies require at least five respondents in
a cell, others three" (Glossary of Statistical Disclosure Control, UNECE/Eurostat 2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from domain.findings import Plain
from domain.snapshots import plain_record

ColumnCounts = Sequence[int]
"""How many persons are in each column of a table; every person is in exactly one column."""

RELEASE_THRESHOLD = 5
"""The usual least number of persons behind a released number."""


@dataclass(frozen=True, slots=True)
class ReleasedCounts:
    """A block, or all blocks: the number of persons, which is public, and the number in each column; ``None``
    where these are withheld."""

    persons: int
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """The released numbers of one attribute: in total and by block."""

    total: ReleasedCounts
    blocks: Mapping[str, ReleasedCounts]


@dataclass(frozen=True, slots=True)
class ReleasedNumbers:
    """How many persons there are, and how many of them meet each target; ``None``: withheld."""

    persons: int
    targets: Mapping[str, int | None]

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The numbers from their plain form, that of ``plain_record``."""
        return cls(**plain)


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """The numbers of one attribute as they are stored and published: in total and by group."""

    attribute: str
    total: ReleasedNumbers
    groups: Mapping[str, ReleasedNumbers]

    def plain(self) -> dict[str, Plain]:
        """The table as plain data."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        groups = {group: ReleasedNumbers.read(numbers) for group, numbers in plain["groups"].items()}
        return cls(plain["attribute"], ReleasedNumbers.read(plain["total"]), groups)


def build_release_table(
    blocks: Mapping[str, Mapping[str, ColumnCounts]],
    threshold: int = RELEASE_THRESHOLD,
    *,
    left_out: Mapping[str, int] | None = None,
) -> ReleaseTable:
    """The table of ``blocks`` (block → unit → counts) as it may be released.

    A unit may be in several blocks. ``left_out``: unit → its people who are not counted, since they are
    perhaps the same as others who are; the unit then knows these others too. The rule protects against a
    reader who knows the people of one unit, but not against units that combine their knowledge.
    """
    units: dict[str, tuple[int, ...]] = {}
    for rows in blocks.values():
        for unit, counts in rows.items():
            units[unit] = _sum_columns([units[unit], counts]) if unit in units else tuple(counts)
    beside = left_out or {}
    safe = _is_safe(units, threshold, beside)
    each = safe and all(_is_safe(rows, threshold, beside) for rows in blocks.values())
    return ReleaseTable(
        _build_counts(list(units.values()), safe),
        {name: _build_counts(list(rows.values()), each) for name, rows in blocks.items()},
    )


def _is_safe(rows: Mapping[str, ColumnCounts], threshold: int, left_out: Mapping[str, int]) -> bool:
    if not rows:
        return True  # without persons nothing can be revealed
    sizes = {unit: sum(row) for unit, row in rows.items()}
    persons = sum(sizes.values())
    known = (sizes.get(unit, 0) + left_out.get(unit, 0) for unit in sizes.keys() | left_out.keys())
    margin = max(known) + threshold
    return all(margin <= count <= persons - margin for count in _sum_columns(list(rows.values())))


def _build_counts(rows: Sequence[ColumnCounts], released: bool) -> ReleasedCounts:
    return ReleasedCounts(sum(map(sum, rows)), _sum_columns(rows) if released and rows else None)


def _sum_columns(rows: Sequence[ColumnCounts]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))
