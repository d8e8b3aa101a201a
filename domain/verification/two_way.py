"""The check of a two-way apportionment, from its definitions.

The divisors prove the seats: each cell's quotient lies between the signposts of its last and its next seat.
Cells whose quotient is equal to a signpost are tied if a round of them leads back to its beginning.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from domain.findings import Finding
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_count,
    read_id,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.shapes import check_content_digest
from domain.verification.two_way_lots import check_lots, find_tied_cells
from domain.verification.two_way_shape import are_groups_whole, expect_two_way_shape

FORMAT = "daibieu-two-way-1"
MOST_LINES = 200
GREATEST_WEIGHT = 10**15
DIVISOR_PATTERN = re.compile(r"[0-9]{1,4000}(/[0-9]{1,4000})?", re.ASCII)
"""A divisor can be as long as a chain of cells that tie: a weight of every second cell is a factor of it."""


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    seats: int
    divisor: Fraction


@dataclass(frozen=True, slots=True)
class _TwoWayCertificate:
    method: str
    rows: Sequence[_Line]
    columns: Sequence[_Line]
    weights: Sequence[Sequence[int]]
    cells: Sequence[Sequence[int]]

    def post(self, k: int) -> int:
        """Twice the signpost of the k-th seat."""
        return max(0, 2 * k - 1) if self.method == "sainte_lague" else 2 * k


def verify_two_way(certificate: object) -> tuple[Finding, ...]:
    """The errors in the certificate of a two-way apportionment; empty when it is proven."""
    try:
        content = expect_two_way_shape(certificate)
        status = read_choice(content.get("status"), ("decided", "lots_required", "infeasible"), "/status")
        if status == "lots_required":
            return (Finding("certificate_lots_missing", {}, "/tie/lots"),)
        found = _read_certificate(content, decided=status == "decided")
        if status == "infeasible":
            faults = tuple(_check_impossible(found, content))
        else:
            faults = tuple(_check_sums(found)) or tuple(_check_cells(found, content))
        return faults or check_content_digest(content)
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _check_sums(found: _TwoWayCertificate) -> Iterator[Finding]:
    for name, lines, table in (
        ("rows", found.rows, found.cells),
        ("columns", found.columns, list(zip(*found.cells, strict=True))),
    ):
        for index, (line, cells) in enumerate(zip(lines, table, strict=True)):
            if sum(cells) != line.seats:
                yield Finding(
                    "certificate_seats_differ", {"id": line.id, "seats": line.seats}, f"/{name}/{index}/seats"
                )


def _check_cells(found: _TwoWayCertificate, content: Mapping[str, object]) -> Iterator[Finding]:
    """Every quotient must lie between the signposts; then the ties must be the stated ones."""
    gains, holds = set(), set()
    faults = []
    for i, row in enumerate(found.rows):
        for j, column in enumerate(found.columns):
            weight, k = found.weights[i][j], found.cells[i][j]
            scaled = 2 * weight * row.divisor.denominator * column.divisor.denominator
            unit = row.divisor.numerator * column.divisor.numerator
            low, high = found.post(k) * unit, found.post(k + 1) * unit
            if not low <= scaled <= high:
                params = {"row": row.id, "column": column.id}
                faults.append(Finding("certificate_cell_wrong", params, f"/rows/{i}/cells/{j}"))
            if scaled == high:
                gains.add((i, j))
            elif k and scaled == low:
                holds.add((i, j))
    yield from faults or _check_tie(found, content, gains, holds)


def _check_tie(
    found: _TwoWayCertificate,
    content: Mapping[str, object],
    gains: set[tuple[int, int]],
    holds: set[tuple[int, int]],
) -> Iterator[Finding]:
    tied = find_tied_cells(len(found.rows), len(found.columns), gains, holds)
    names = {(found.rows[i].id, found.columns[j].id): (i, j) for i, j in tied}
    if content.get("tie") is None:
        if tied:
            yield Finding("certificate_lots_missing", {}, "/tie")
        return
    tie = read_mapping(content["tie"], "/tie")
    stated = _read_groups(tie, found, holds)
    lots = _read_cells(tie.get("lots"), "/tie/lots")
    if not tied or stated != sorted(names):
        yield Finding("certificate_tie_wrong", {}, "/tie/groups")
    elif tie.get("digest") != _digest_tie(found, stated):
        yield Finding("certificate_digest_differs", {}, "/tie/digest")
    elif sorted(lots) != stated:
        yield Finding("certificate_lots_wrong", {}, "/tie/lots")
    else:
        order = [names[name] for name in lots]
        passed = check_lots(len(found.rows), len(found.columns), order, holds)
        if passed is not None:
            row, column = lots[passed]
            yield Finding(
                "certificate_lot_passed_over", {"row": row, "column": column}, f"/tie/lots/{passed}"
            )


def _check_impossible(found: _TwoWayCertificate, content: Mapping[str, object]) -> Iterator[Finding]:
    """The stated lines must have more seats than all the lines across in which they have weight."""
    reason = read_mapping(content.get("impossible"), "/impossible")
    side = read_choice(reason.get("side"), ("rows", "columns"), "/impossible/side")
    own, across, weights = found.rows, found.columns, list(found.weights)
    if side == "columns":
        own, across, weights = across, own, list(zip(*weights, strict=True))
    index_of = {line.id: index for index, line in enumerate(own)}
    stated = read_sequence(reason.get("lines"), "/impossible/lines")
    lines = [read_text(one, "/impossible/lines") for one in stated]
    known = len(set(lines)) == len(lines) and set(lines) <= index_of.keys()
    places = [index_of[one] for one in expect_valid(lines, known, "/impossible/lines")]
    met = {j for i in places for j, weight in enumerate(weights[i]) if weight}
    own_seats, across_seats = sum(own[i].seats for i in places), sum(across[j].seats for j in met)
    told = {"seats": own_seats, "across": [across[j].id for j in sorted(met)], "across_seats": across_seats}
    if own_seats <= across_seats:
        yield Finding("certificate_feasible", {}, "/status")
    elif places != sorted(places) or any(reason[name] != value for name, value in told.items()):
        yield Finding("certificate_reach_wrong", {}, "/impossible")


def _digest_tie(found: _TwoWayCertificate, cells: Sequence[tuple[str, str]]) -> str:
    """The digest of the tie and of all its inputs, by the rule ``daibieu-two-way-tie-1``."""
    content = {
        "format": "daibieu-two-way-tie-1",
        "method": found.method,
        "rows": sorted([row.id, row.seats] for row in found.rows),
        "columns": sorted([column.id, column.seats] for column in found.columns),
        "weights": sorted(
            [row.id, column.id, found.weights[i][j]]
            for i, row in enumerate(found.rows)
            for j, column in enumerate(found.columns)
            if found.weights[i][j]
        ),
        "cells": cells,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _read_certificate(content: Mapping[str, object], *, decided: bool) -> _TwoWayCertificate:
    if content.get("format") != FORMAT:
        raise MalformedError("/format")
    columns = _read_lines(content, "columns", decided=decided)
    rows = _read_lines(content, "rows", decided=decided)
    method = read_choice(content.get("method"), ("sainte_lague", "dhondt"), "/method")
    plain = [read_mapping(row, "/rows") for row in read_sequence(content["rows"], "/rows")]
    weights = [_read_counts(row, "weights", i, len(columns)) for i, row in enumerate(plain)]
    greatest = max(map(max, weights))
    expect_valid(greatest, greatest <= GREATEST_WEIGHT, "/rows")
    cells = [_read_counts(row, "cells", i, len(columns)) if decided else () for i, row in enumerate(plain)]
    return _TwoWayCertificate(method, rows, columns, weights, cells)


def _read_lines(content: Mapping[str, object], name: str, *, decided: bool) -> list[_Line]:
    plain = read_sequence(content.get(name), f"/{name}")
    expect_valid(plain, 1 <= len(plain) <= MOST_LINES, f"/{name}")
    lines = []
    for index, one in enumerate(plain):
        at = f"/{name}/{index}"
        line = read_mapping(one, at)
        divisor = _read_divisor(line.get("divisor"), f"{at}/divisor") if decided else Fraction(1)
        seats = read_count(line.get("seats"), f"{at}/seats")
        lines.append(_Line(read_id(line.get("id"), f"{at}/id"), seats, divisor))
    return expect_valid(lines, len({line.id for line in lines}) == len(lines), f"/{name}")


def _read_counts(row: Mapping[str, object], name: str, i: int, width: int) -> list[int]:
    at = f"/rows/{i}/{name}"
    plain = read_sequence(row.get(name), at)
    expect_valid(plain, len(plain) == width, at)
    return [read_count(one, f"{at}/{j}") for j, one in enumerate(plain)]


def _read_divisor(source: object, at: str) -> Fraction:
    if type(source) is int and 0 < source < 2**53:
        return Fraction(source)
    if not isinstance(source, str) or not DIVISOR_PATTERN.fullmatch(source):
        raise MalformedError(at)
    try:
        return expect_valid(Fraction(source), Fraction(source) > 0, at)
    except ZeroDivisionError:
        raise MalformedError(at) from None


def _read_groups(
    tie: Mapping[str, object], found: _TwoWayCertificate, holds: set[tuple[int, int]]
) -> list[tuple[str, str]]:
    """The stated cells of all groups, sorted; the places of each group must be those of its cells."""
    groups: list[list[tuple[str, str]]] = []
    held = {(found.rows[i].id, found.columns[j].id) for i, j in holds}
    stated: list[tuple[str, str]] = []
    for index, one in enumerate(read_sequence(tie.get("groups"), "/tie/groups")):
        at = f"/tie/groups/{index}"
        group = read_mapping(one, at)
        cells = _read_cells(group.get("cells"), f"{at}/cells")
        for side, name in enumerate(("rows", "columns")):
            places = {cell[side]: 0 for cell in cells}
            for cell in held.intersection(cells):
                places[cell[side]] += 1
            expect_valid(places, places == group.get(name), f"{at}/{name}")
        groups.append(cells)
        stated += cells
    expect_valid(groups, are_groups_whole(groups), "/tie/groups")
    return sorted(stated)


def _read_cells(source: object, at: str) -> list[tuple[str, str]]:
    cells = []
    for one in read_sequence(source, at):
        pair = read_sequence(one, at)
        expect_valid(pair, len(pair) == 2, at)
        cells.append((read_text(pair[0], at), read_text(pair[1], at)))
    return cells
