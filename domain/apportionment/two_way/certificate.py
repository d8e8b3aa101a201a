"""The certificate of a two-way apportionment: inputs, seats, divisors, ties and lots, as JSON."""

import json
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from domain.apportionment.certificate import seal
from domain.apportionment.two_way.problem import Line
from domain.apportionment.two_way.ties import CellTie
from domain.findings import Plain

if TYPE_CHECKING:
    from domain.apportionment.two_way.engine import TwoWayApportionment

FORMAT = "daibieu-two-way-1"
TIE_RULE = "daibieu-two-way-tie-1"


def build_two_way_certificate(result: "TwoWayApportionment") -> dict[str, Plain]:
    """``result`` as JSON; the format is in ``docs/apportionment.md``."""
    problem = result.problem
    columns = [_plain_line(line) for line in problem.columns]
    rows = [_plain_line(line) for line in problem.rows]
    for row, weights in zip(rows, problem.weights, strict=True):
        row["weights"] = list(weights)
    if result.seats:
        for line, divisor in zip(columns, result.column_divisors, strict=True):
            line["divisor"] = _plain_divisor(divisor)
        for line, divisor, cells in zip(rows, result.row_divisors, result.seats, strict=True):
            line["divisor"] = _plain_divisor(divisor)
            line["cells"] = list(cells)
    content: dict[str, Plain] = {
        "format": FORMAT,
        "method": problem.rounding.value,
        "status": result.status,
        "columns": columns,
        "rows": rows,
    }
    if result.ties:
        content["tie"] = {
            "groups": [_plain_tie(result, tie) for tie in _sort_ties(result)],
            "digest": digest_two_way_tie(result),
            "lots": [list(name) for name in result.lots],
        }
    if result.impossible:
        reason = result.impossible
        content["impossible"] = {
            "side": reason.side,
            "lines": list(reason.lines),
            "seats": reason.seats,
            "across": list(reason.across),
            "across_seats": reason.across_seats,
        }
    return seal(content)


def _sort_ties(result: "TwoWayApportionment") -> list[CellTie]:
    """The ties in the order of their first cells."""
    return sorted(result.ties, key=lambda tie: min(map(result.name_cell, tie.cells)))


def _plain_tie(result: "TwoWayApportionment", tie: CellTie) -> dict[str, Plain]:
    rows, columns = result.problem.rows, result.problem.columns
    return {
        "rows": {rows[i].id: places for i, places in sorted(tie.rows.items())},
        "columns": {columns[j].id: places for j, places in sorted(tie.columns.items())},
        "cells": [list(name) for name in sorted(map(result.name_cell, tie.cells))],
    }


def _plain_line(line: Line) -> dict[str, Plain]:
    return {"id": line.id, "seats": line.seats}


def _plain_divisor(divisor: Fraction) -> int | str:
    return divisor.numerator if divisor.denominator == 1 and divisor < 2**53 else str(divisor)


def list_tied_cells(result: "TwoWayApportionment") -> list[tuple[str, str]]:
    """The ids of the row and the column of each tied cell, sorted."""
    return sorted(result.name_cell(cell) for tie in result.ties for cell in tie.cells)


def digest_two_way_tie(result: "TwoWayApportionment") -> str:
    """SHA-256 of the whole input and the tied cells; the order of rows and columns does not matter."""
    problem = result.problem
    content = {
        "format": TIE_RULE,
        "method": problem.rounding.value,
        "rows": sorted([line.id, line.seats] for line in problem.rows),
        "columns": sorted([line.id, line.seats] for line in problem.columns),
        "weights": sorted(
            [row.id, column.id, weight]
            for row, cells in zip(problem.rows, problem.weights, strict=True)
            for column, weight in zip(problem.columns, cells, strict=True)
            if weight
        ),
        "cells": list_tied_cells(result),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
