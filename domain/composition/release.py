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

Counts = Sequence[int]
"""How many persons are in each column of a table; every person is in one."""

THRESHOLD = 5
"""The usual least number of persons behind a number."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A block, or all of them: how many persons, which is public, and how many in each column, or ``None``
    where that is withheld."""

    persons: int
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Table:
    """What may be shown of one attribute: the total, and block by block."""

    total: Numbers
    blocks: Mapping[str, Numbers]


def release(blocks: Mapping[str, Mapping[str, Counts]], threshold: int = THRESHOLD) -> Table:
    """The table of ``blocks`` (block → unit → counts) as it may be shown.

    A unit may stand in several blocks. Whoever knows the people of one unit is reckoned with; units that put
    together what they know are not.
    """
    units: dict[str, tuple[int, ...]] = {}
    for rows in blocks.values():
        for unit, counts in rows.items():
            units[unit] = _sum([units[unit], counts]) if unit in units else tuple(counts)
    whole = list(units.values())
    parts = {name: list(rows.values()) for name, rows in blocks.items()}
    safe = _safe(whole, threshold)
    each = safe and all(_safe(rows, threshold) for rows in parts.values())
    return Table(_numbers(whole, safe), {name: _numbers(rows, each) for name, rows in parts.items()})


def _safe(rows: Sequence[Counts], threshold: int) -> bool:
    if not rows:
        return True  # of nobody there is nothing to tell
    sizes = [sum(row) for row in rows]
    margin = max(sizes) + threshold
    return all(margin <= count <= sum(sizes) - margin for count in _sum(rows))


def _numbers(rows: Sequence[Counts], shown: bool) -> Numbers:
    return Numbers(sum(map(sum, rows)), _sum(rows) if shown and rows else None)


def _sum(rows: Sequence[Counts]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))
