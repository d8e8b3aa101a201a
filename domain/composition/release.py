"""Numbers of a list for those who may not read the people on it, so that no number gives anybody away.

One table over blocks of units (the seat groups of a conference) and over the columns of one attribute. A
block is *safe* when each of its columns holds at least ``threshold`` persons beyond what its largest unit
could account for by itself, and as many lack it: then neither a reader from outside nor a unit that subtracts
its own people learns of any other unit whether somebody, everybody or nobody there is of a kind. Either every
block is shown, or none of them and only the total, or not even that: what is withheld is never the difference
of what is shown, and the choice itself tells nothing (docs/decisions/0011; the tests try every table of small
conferences).

The threshold rule is the usual one for frequency tables: "some agencies require at least five respondents in
a cell, others three" (Glossary of Statistical Disclosure Control, UNECE/Eurostat 2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ColumnCounts = Sequence[int]
"""How many persons are in each column of a table; every person is in one."""

RELEASE_THRESHOLD = 5
"""The usual least number of persons behind a number."""


@dataclass(frozen=True, slots=True)
class ReleasedCounts:
    """A block, or all of them: how many persons, which is public, and how many in each column, or ``None``
    where that is withheld."""

    persons: int
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """What may be shown of one attribute: the total, and block by block."""

    total: ReleasedCounts
    blocks: Mapping[str, ReleasedCounts]


def build_release_table(
    blocks: Mapping[str, Mapping[str, ColumnCounts]], threshold: int = RELEASE_THRESHOLD
) -> ReleaseTable:
    """The table of ``blocks`` (block → unit → counts) as it may be shown.

    A unit may stand in several blocks. Whoever knows the people of one unit is reckoned with; units that put
    together what they know are not.
    """
    units: dict[str, tuple[int, ...]] = {}
    for rows in blocks.values():
        for unit, counts in rows.items():
            units[unit] = _sum_columns([units[unit], counts]) if unit in units else tuple(counts)
    whole = list(units.values())
    parts = {name: list(rows.values()) for name, rows in blocks.items()}
    safe = _is_safe(whole, threshold)
    each = safe and all(_is_safe(rows, threshold) for rows in parts.values())
    return ReleaseTable(
        _build_counts(whole, safe), {name: _build_counts(rows, each) for name, rows in parts.items()}
    )


def _is_safe(rows: Sequence[ColumnCounts], threshold: int) -> bool:
    if not rows:
        return True  # of nobody there is nothing to tell
    sizes = [sum(row) for row in rows]
    margin = max(sizes) + threshold
    return all(margin <= count <= sum(sizes) - margin for count in _sum_columns(rows))


def _build_counts(rows: Sequence[ColumnCounts], shown: bool) -> ReleasedCounts:
    return ReleasedCounts(sum(map(sum, rows)), _sum_columns(rows) if shown and rows else None)


def _sum_columns(rows: Sequence[ColumnCounts]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))
