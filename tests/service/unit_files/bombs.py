"""Bombs: a few kilobytes that want gigabytes. Run as a program, each goes off in a process of its own.

What each answered, and how many megabytes it took, is printed as a line of JSON.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from api.http.limits import BODY_LIMIT, read_json
from api.http.problems import Problem
from domain.figures import MEASURES, check_figures
from domain.findings import Invalid
from service.formats.plans import read_document
from service.formats.unit_files import parse_figures, parse_units, read_sheet
from tests.service.unit_files.books import HEAD, book, repacked

SHEET, SHARED, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_HEADINGS = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
_PART = 12 * 2**20
_MEASURED = ",".join(["unit", "as_of", "source", *MEASURES[:60]])


def sheet(rows: str, more: str = "") -> bytes:
    data = f"<worksheet><sheetData><row>{_HEADINGS}</row>{rows}</sheetData>{more}</worksheet>"
    return data.encode()


def filled(unit: str, around: str = "{}") -> str:
    """As often as it fits into some megabytes, which pack to kilobytes."""
    return around.format(unit * ((_PART - len(around)) // len(unit)))


class Bomb(NamedTuple):
    """A content, and as what it is sent: a workbook or a table of units, of figures, JSON, or a plan."""

    kind: Literal["xlsx", "csv", "figures", "json", "yaml"]
    content: bytes

    def read(self) -> str:
        """Read it as the service does; the code of what is refused."""
        return _READERS[self.kind](self.content)


def workbook(part: str, content: str | bytes) -> Bomb:
    data = content.encode() if isinstance(content, str) else content
    return Bomb("xlsx", repacked(book([HEAD]), {part: data}))


def packed(members: int, content: bytes = b"") -> Bomb:
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as new:
        for n in range(members):
            new.writestr(str(n), content)
    return Bomb("xlsx", archive.getvalue())


def csv(line: str) -> Bomb:
    data = ",".join(HEAD) + "\n" + line * (8 * 2**20 // len(line.encode()))
    return Bomb("csv", data.encode())


def figures(cell: str) -> Bomb:
    line = ",".join(["a", "2020-01-01", "s", *[cell] * 60]) + "\n"
    return Bomb("figures", f"{_MEASURED}\n{line * 6_000}".encode())


def units(predecessors: str) -> Bomb:
    line = f"a,x,commune,2020-01-01,,,{predecessors},\n"
    return Bomb("csv", (",".join(HEAD) + "\n" + line * 2_000).encode())


def plain(unit: bytes) -> Bomb:
    return Bomb("json", b"[" + unit * (BODY_LIMIT // len(unit) - 1) + b"0]")


def plan(unit: str, around: str = "x:\n{}") -> Bomb:
    return Bomb("yaml", around.format(unit * (2**19 // len(unit) - 8)).encode())


def _read_units(content: bytes, form: Literal["xlsx", "csv"]) -> str:
    sheet = read_sheet(content, form)
    return (sheet.findings or parse_units(sheet, ("c",)).findings)[0].code


def _read_figures(content: bytes) -> str:
    parsed = parse_figures(read_sheet(content, "csv"))
    found = [each.code for each in (*parsed.findings, *check_figures(parsed.all_rows, {}))]
    return "findings_too_many" if "findings_too_many" in found else found[0]


def _read_json(content: bytes) -> str:
    try:
        read_json(content)
    except Problem as problem:
        return problem.code
    return ""


def _read_plan(content: bytes) -> str:
    try:
        read_document(content, "yaml")
    except Invalid as refused:
        return refused.errors[0].code
    return ""


_READERS: dict[str, Callable[[bytes], str]] = {
    "xlsx": lambda content: _read_units(content, "xlsx"),
    "csv": lambda content: _read_units(content, "csv"),
    "figures": _read_figures,
    "json": _read_json,
    "yaml": _read_plan,
}


BOMBS: dict[str, tuple[Callable[[], Bomb], str]] = {
    "a zip of zeros": (lambda: workbook(SHEET, bytes(_PART)), "file_not_xlsx"),
    "a zip of more zeros": (lambda: workbook(SHEET, bytes(6 * _PART)), "file_inflates"),
    "elements in elements": (lambda: workbook(SHEET, filled("<a>")), "file_not_xlsx"),
    "shared elements in elements": (lambda: workbook(SHARED, filled("<a>")), "file_not_xlsx"),
    "styles in styles": (lambda: workbook(STYLES, "<a>" * 2**20), "file_not_xlsx"),
    "an endless tag": (lambda: workbook(SHEET, filled("x", "<{}")), "file_not_xlsx"),
    "endless attributes": (
        lambda: workbook(SHEET, sheet("<row " + "".join(f'a{n}=">" ' for n in range(1_000_000)) + "/>")),
        "file_not_xlsx",
    ),
    "merged cells": (
        lambda: workbook(SHEET, sheet("", filled('<mergeCell ref="A1:B9"/>'))),
        "file_too_complex",
    ),
    "faulty cells": (
        lambda: workbook(SHEET, sheet(filled('<row><c t="e"><v>1</v></c></row>'))),
        "file_too_complex",
    ),
    "shared strings": (lambda: workbook(SHARED, filled("<si/>", "<sst>{}</sst>")), "file_too_complex"),
    "styles": (lambda: workbook(STYLES, filled("<xf/>", "<styleSheet>{}</styleSheet>")), "file_inflates"),
    "members": (lambda: packed(10_000), "file_too_complex"),
    "commas": (lambda: csv("," * 199 + "\n"), "file_too_many_rows"),
    "letters": (lambda: csv(",".join(["ế"] * 200) + "\n"), "file_too_many_rows"),
    "cells that are no numbers": (lambda: figures("x"), "findings_too_many"),
    "numbers below zero": (lambda: figures("-1"), "findings_too_many"),
    "predecessors": (lambda: units("a;" * 999), "unit_predecessors_many"),
    "arrays": (lambda: plain(b"[],"), "json_too_many_values"),
    "objects": (lambda: plain(b'{"a":1},'), "json_too_many_values"),
    "numbers": (lambda: plain(b"1,"), "json_too_many_values"),
    "lists in a plan": (lambda: plan("- " * 30 + "a\n"), "too_many_items"),
    "names in a plan": (lambda: plan("- &a [a]\n- *a\n"), "yaml_alias"),
    "braces in a plan": (lambda: plan("{"), "yaml_syntax"),
    "questions in a plan": (lambda: plan("? "), "yaml_key"),
}
"""What goes off, and what is answered."""


TOGETHER = 2


def go_off(bomb: Callable[[], Bomb]) -> tuple[str, int]:
    """What it answered, and the megabytes it took more than before."""
    before = _peak()
    answer = bomb().read()
    return answer, _peak() - before


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    for n, (name, (bomb, _)) in enumerate(BOMBS.items()):
        if n >= TOGETHER:
            os.wait()
        if os.fork() == 0:
            os.write(1, json.dumps([name, *go_off(bomb)]).encode() + b"\n")  # whole, whoever else writes
            os._exit(0)
    for _ in range(TOGETHER):
        os.wait()


if __name__ == "__main__":
    main()
