"""The shape of a two-way certificate, format ``daibieu-two-way-1``: these members, written one way."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_mapping,
    read_sequence,
)
from domain.verification.shapes import (
    GREATEST_SAFE_INTEGER,
    expect_ascending,
    expect_count,
    expect_digest,
    expect_ids,
    expect_members,
)

STATUSES = ("decided", "lots_required", "infeasible")
MEMBERS = ("format", "method", "status", "columns", "rows", "digest")
REASON = ("side", "lines", "seats", "across", "across_seats")


def expect_two_way_shape(source: object) -> Mapping[str, object]:
    """The content of a certificate; raises ``MalformedError``."""
    content = read_mapping(source, "")
    status = read_choice(content.get("status"), STATUSES, "/status")
    more = ("impossible",) if status == "infeasible" else ("tie",) if "tie" in content else ()
    expect_members(content, (*MEMBERS, *more), "")
    expect_digest(content["digest"], "/digest")
    seated = () if status == "infeasible" else ("divisor",)
    for n, one in enumerate(read_sequence(content["columns"], "/columns")):
        _expect_line(expect_members(one, ("id", "seats", *seated), f"/columns/{n}"), f"/columns/{n}")
    cells = () if status == "infeasible" else ("cells",)
    for n, one in enumerate(read_sequence(content["rows"], "/rows")):
        names = ("id", "seats", "weights", *seated, *cells)
        row = expect_members(one, names, f"/rows/{n}")
        _expect_line(row, f"/rows/{n}")
        for name in ("weights", *cells):
            for count in read_sequence(row[name], f"/rows/{n}/{name}"):
                expect_count(count, f"/rows/{n}/{name}")
    if "tie" in content:
        _expect_tie(content["tie"])
    if status == "infeasible":
        _expect_reason(content["impossible"])
    return content


def _expect_line(line: Mapping[str, object], at: str) -> None:
    expect_count(line["seats"], f"{at}/seats")
    divisor = line.get("divisor", 1)
    if isinstance(divisor, str):
        expect_valid(divisor, _is_lowest(divisor), f"{at}/divisor")
    elif type(divisor) is not int:
        raise MalformedError(f"{at}/divisor")


def _is_lowest(text: str) -> bool:
    """Whether a divisor is a fraction in lowest terms, or a whole number too great for a number in JSON."""
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return str(number) == text and (number.denominator > 1 or number > GREATEST_SAFE_INTEGER)


def _expect_tie(source: object) -> None:
    tie = expect_members(source, ("groups", "digest", "lots"), "/tie")
    expect_digest(tie["digest"], "/tie/digest")
    for n, cell in enumerate(read_sequence(tie["lots"], "/tie/lots")):
        expect_ids(cell, f"/tie/lots/{n}")
    firsts = []
    for n, one in enumerate(read_sequence(tie["groups"], "/tie/groups")):
        at = f"/tie/groups/{n}"
        group = expect_members(one, ("rows", "columns", "cells"), at)
        for name in ("rows", "columns"):
            for places in read_mapping(group[name], f"{at}/{name}").values():
                expect_count(places, f"{at}/{name}")
        cells = [list(expect_ids(cell, f"{at}/cells")) for cell in read_sequence(group["cells"], at)]
        expect_ascending(cells, f"{at}/cells")
        firsts.append(cells[:1])
    expect_ascending(firsts, "/tie/groups")


def _expect_reason(source: object) -> None:
    reason = expect_members(source, REASON, "/impossible")
    for name in ("seats", "across_seats"):
        expect_count(reason[name], f"/impossible/{name}")
    for name in ("lines", "across"):
        expect_ids(reason[name], f"/impossible/{name}")


def are_groups_whole(groups: Sequence[Sequence[tuple[str, str]]]) -> bool:
    """Whether each group of cells hangs together by its rows and columns, and shares none with another."""
    seen: set[tuple[int, str]] = set()
    for cells in groups:
        across: dict[tuple[int, str], list[tuple[int, str]]] = {}
        for row, column in cells:
            across.setdefault((0, row), []).append((1, column))
            across.setdefault((1, column), []).append((0, row))
        reached = set(waiting := list(across)[:1])
        while waiting:
            near = set(across[waiting.pop()]) - reached
            reached |= near
            waiting += near
        if not cells or reached != across.keys() or reached & seen:
            return False
        seen |= reached
    return True
