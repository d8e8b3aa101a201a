"""What is released gives nobody away: every table of small conferences, tried from every reader's seat."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.composition import release as rules
from domain.composition.release import ReleaseTable, build_release_table
from tests.conftest import examples

Row = tuple[int, ...]
Sizes = Mapping[str, Sequence[int]]
"""How many persons each unit of each block sends: that is public."""


def rows(persons: int, columns: int) -> Iterator[Row]:
    """Every way in which so many persons may fall into the columns."""
    if columns == 1:
        yield (persons,)
        return
    for first in range(persons + 1):
        for rest in rows(persons - first, columns - 1):
            yield (first, *rest)


def every(sizes: Sizes, columns: int) -> Iterator[dict[str, dict[str, Row]]]:
    """Every table that the public sizes allow."""
    places = [(block, f"{block}-{n}", size) for block, units in sizes.items() for n, size in enumerate(units)]
    for found in product(*(tuple(rows(size, columns)) for _, _, size in places)):
        table: dict[str, dict[str, Row]] = {block: {} for block in sizes}
        for (block, unit, _), row in zip(places, found, strict=True):
            table[block][unit] = row
        yield table


def given_away(sizes: Sizes, columns: int, threshold: int) -> list[str]:
    """Units of which a reader, who knows the rules and perhaps the people of one unit, learns a number."""
    alike: dict[str, list[dict[str, Row]]] = defaultdict(list)
    for table in every(sizes, columns):
        flat = {unit: row for units in table.values() for unit, row in units.items()}
        alike[repr(build_release_table(table, threshold))].append(flat)
    return [
        f"{unit} to {insider}: {shown}"
        for shown, tables in alike.items()
        for insider in [None, *tables[0]]
        for possible in _as_seen_by(insider, tables)
        for unit in possible[0]
        if unit != insider and sum(possible[0][unit]) > 0 and _pinned(unit, possible, columns)
    ]


def _as_seen_by(insider: str | None, tables: list[dict[str, Row]]) -> list[list[dict[str, Row]]]:
    known: dict[Row | None, list[dict[str, Row]]] = defaultdict(list)
    for table in tables:
        known[None if insider is None else table[insider]].append(table)
    return list(known.values())


def _pinned(unit: str, possible: list[dict[str, Row]], columns: int) -> bool:
    return any(len({table[unit][column] for table in possible}) < 2 for column in range(columns))


SMALL: list[tuple[Sizes, int]] = [
    ({"a": (1, 1, 1), "b": (1, 1, 1)}, 2),
    ({"a": (1, 1, 1, 1), "b": (1, 1, 1, 1)}, 2),
    ({"a": (1,) * 5, "b": (1,) * 5}, 2),
    ({"a": (2, 1, 1), "b": (2, 1, 1, 1)}, 2),
    ({"a": (2, 2, 2, 1, 2, 2)}, 2),
    ({"a": (1,) * 4, "b": (1,) * 4, "c": (1,) * 3}, 2),
    ({"a": (1,) * 7}, 3),
]


@pytest.mark.parametrize("threshold", [1, 2])
@pytest.mark.parametrize(("sizes", "columns"), SMALL)
def test_no_number_of_any_unit_follows_from_what_is_shown(sizes: Sizes, columns: int, threshold: int) -> None:
    assert given_away(sizes, columns, threshold) == []


def test_the_trial_would_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual rule, a least number in each cell and no more, lets a unit subtract its own."""

    def usual(rows: Mapping[str, Row], threshold: int, _: Mapping[str, int]) -> bool:
        columns: Iterator[Row] = zip(*rows.values(), strict=True)
        return all(threshold <= sum(column) for column in columns)

    monkeypatch.setattr(rules, "_is_safe", usual)
    assert given_away({"a": (2, 2, 2)}, 2, 2) != []


def bounds(table: ReleaseTable, sizes: list[int], column: int) -> list[tuple[int, int]]:
    """The least and the most that a linear program finds in each unit: the corners of the transport
    polytope over the shown total."""
    counts = table.total.counts
    assert counts is not None
    others = table.total.persons - counts[column]
    return [(max(0, size - others), min(size, counts[column])) for size in sizes]


units = st.lists(st.integers(1, 6).flatmap(lambda n: st.sampled_from([*rows(n, 2)])), min_size=2, max_size=40)


@given(units, st.integers(1, 6))
@examples(200)
def test_every_unit_may_still_be_anything(found: list[Row], threshold: int) -> None:
    """From outside each unit's number may lie anywhere between nobody and everybody; for a reader who knows
    one unit's people every other unit keeps at least as much room as the threshold, or its own size."""
    table = build_release_table({"all": {str(n): row for n, row in enumerate(found)}}, threshold)
    if table.total.counts is None:
        return
    sizes = [sum(row) for row in found]
    assert bounds(table, sizes, 0) == [(0, size) for size in sizes]
    for insider, row in enumerate(found):
        yes, no = table.total.counts[0] - row[0], table.total.counts[1] - row[1]
        for n, size in enumerate(sizes):
            if n != insider:
                assert min(size, yes) - max(0, size - no) >= min(size, threshold)


def test_blocks_are_shown_all_or_none() -> None:
    even = {f"u{n}": (1, 1) for n in range(10)}
    table = build_release_table({"a": even, "b": {f"v{n}": (1, 1) for n in range(10)}}, 5)
    assert (table.total.counts, table.blocks["a"].counts) == ((20, 20), (10, 10))
    table = build_release_table({"a": even, "b": {"v0": (0, 1)}}, 5)
    assert (table.total.counts, table.blocks["a"].counts) == ((10, 11), None)
    assert (table.total.persons, table.blocks["b"].persons) == (21, 1), "how many there are is public"


def test_nobody_and_everybody_are_withheld_alike() -> None:
    for row in ((0, 2), (2, 0)):
        assert build_release_table({"a": {f"u{n}": row for n in range(20)}}, 5).total.counts is None


def test_a_unit_in_two_blocks_is_one_reader() -> None:
    """It knows its people of both: eight of one unit over two blocks leave too little beyond them."""
    rest = {f"u{n}": (1, 1) for n in range(6)}
    apart = build_release_table({"a": {**rest, "x": (2, 2)}, "b": {"y": (2, 2)}}, 5)
    together = build_release_table({"a": {**rest, "x": (2, 2)}, "b": {"x": (2, 2)}}, 5)
    assert apart.total.counts == (10, 10)
    assert together.total.counts is None


def test_an_empty_conference_has_no_numbers() -> None:
    table = build_release_table({"a": {}}, 5)
    assert (table.total.persons, table.total.counts) == (0, None)


def test_a_unit_knows_the_others_who_are_perhaps_its_own() -> None:
    """Two of five are safe from units of one person, and not from a unit that knows two of the five."""
    table = {"all": {f"unit-{n}": (n < 2, n >= 2) for n in range(5)}}
    assert build_release_table(table, 1).total.counts == (2, 3)
    assert build_release_table(table, 1, left_out={"unit-9": 1}).total.counts == (2, 3)
    for beside in ({"unit-1": 1}, {"unit-9": 2}):
        assert build_release_table(table, 1, left_out=beside).total.counts is None
