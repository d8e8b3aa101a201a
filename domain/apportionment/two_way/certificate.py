"""The certificate of a two-way apportionment: inputs, seats, divisors, ties and lots, as JSON."""

import json
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from domain.findings import Plain

if TYPE_CHECKING:
    from domain.apportionment.two_way.engine import TwoWayApportionment

FORMAT = "daibieu-two-way-1"
TIE_RULE = "daibieu-two-way-tie-1"


def build_two_way_certificate(result: "TwoWayApportionment") -> dict[str, Plain]:
    """``result`` as JSON; the format is in ``docs/apportionment.md``."""
    problem, solved = result.problem, result.status != "infeasible"
    content: dict[str, Plain] = {
        "format": FORMAT,
        "method": problem.rounding.value,
        "status": result.status,
        "columns": [
            {"id": line.id, "seats": line.seats}
            | ({"divisor": plain_divisor(result.column_divisors[j])} if solved else {})
            for j, line in enumerate(problem.columns)
        ],
        "rows": [
            {"id": line.id, "seats": line.seats, "weights": list(problem.weights[i])}
            | (
                {"divisor": plain_divisor(result.row_divisors[i]), "cells": list(result.seats[i])}
                if solved
                else {}
            )
            for i, line in enumerate(problem.rows)
        ],
    }
    if result.ties:
        content["tie"] = {
            "cells": [list(name) for name in list_tied_cells(result)],
            "digest": digest_two_way_tie(result),
            "lots": [list(name) for name in result.lots],
        }
    if result.impossible:
        content["impossible"] = {"side": result.impossible.side, "lines": list(result.impossible.lines)}
    return content


def plain_divisor(divisor: Fraction) -> int | str:
    """A divisor as exact JSON."""
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
