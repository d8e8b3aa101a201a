"""What is small and wants to be large is refused, and never becomes large."""

import json
import struct
import subprocess
import sys
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from service.formats.unit_files import read_sheet
from service.formats.unit_files.sheets import DEFAULT_LIMITS, FileLimits
from tests.house.tree import ROOT

from .bombs import BOMBS, SHARED, SHEET, STYLES
from .books import HEAD, ROW, book, repacked

MOST = 150
"""Megabytes that any of them may take, the bomb itself included."""


@pytest.fixture(scope="module")
def gone_off() -> dict[str, tuple[str, int]]:
    """What each answered and took, in a process of its own."""
    command = [sys.executable, "-m", "tests.service.unit_files.bombs"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: (answer, took) for name, answer, took in map(json.loads, run.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_takes_the_memory(
    gone_off: dict[str, tuple[str, int]], name: str
) -> None:
    answer, took = gone_off[name]
    assert answer == BOMBS[name][1]
    assert took < MOST


def codes(data: bytes, limits: FileLimits = DEFAULT_LIMITS) -> list[str]:
    return [finding.code for finding in read_sheet(data, "xlsx", limits).findings]


READ = ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, SHARED, STYLES)


@pytest.mark.parametrize("part", READ)
@pytest.mark.parametrize(
    "declared",
    [
        b"<!DOCTYPE x>",
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
    ids=["bare", "external", "file", "parameter", "laughs"],
)
def test_no_part_of_a_workbook_declares_a_document_type(part: str, declared: bytes) -> None:
    whole = book([HEAD, ROW])
    content = ZipFile(BytesIO(whole)).read(part)
    start, xml, rest = content.partition(b"?>")
    changed = start + xml + declared + rest
    assert [each.code for each in read_sheet(whole, "xlsx").findings] == []
    assert [each.code for each in read_sheet(repacked(whole, {part: changed}), "xlsx").findings] == [
        "file_not_xlsx"
    ]


def test_an_entity_nobody_declared_is_no_text() -> None:
    content = b"<worksheet><sheetData><row><c t='str'><v>&xxe;</v></c></row></sheetData></worksheet>"
    assert codes(repacked(book([HEAD]), {SHEET: content})) == ["file_not_xlsx"]


def test_an_archive_within_an_archive_stays_packed() -> None:
    inner = book([HEAD, ROW])
    outer = BytesIO()
    with ZipFile(outer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner.xlsx", inner)
    assert codes(outer.getvalue()) == ["file_not_xlsx"]
    carrying = BytesIO(inner)
    with ZipFile(carrying, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/embeddings/inner.xlsx", outer.getvalue())
    assert read_sheet(carrying.getvalue(), "xlsx").rows == read_sheet(inner, "xlsx").rows


def test_a_size_that_lies_upwards_is_refused_too() -> None:
    lying = bytearray(repacked(book([HEAD]), {SHEET: b"<worksheet/>"}))
    place = lying.index(b"PK\x01\x02")
    lying[place + 24 : place + 28] = struct.pack("<I", 2**31)
    assert codes(bytes(lying)) == ["file_inflates"]


def test_members_that_share_their_bytes_are_counted_each_time() -> None:
    """Overlapping entries: the directory names one stretch of the file under several names."""
    data = repacked(book([HEAD, ROW]), {STYLES: b"<styleSheet>" + b" " * 200_000 + b"</styleSheet>"})
    archive = ZipFile(BytesIO(data))
    at = {entry.filename: entry.header_offset for entry in archive.infolist()}
    overlapping = bytearray(data)
    place = data.index(b"PK\x01\x02")
    while overlapping[place : place + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack("<HHH", overlapping[place + 28 : place + 34])
        if overlapping[place + 46 : place + 46 + name] == SHARED.encode():
            overlapping[place + 42 : place + 46] = struct.pack("<I", at[STYLES])
        place += 46 + name + extra + comment
    assert codes(bytes(overlapping)) == ["file_not_xlsx"]


def test_a_workbook_with_faults_to_the_limit_is_read_and_beyond_it_refused() -> None:
    row = '<row r="{}"><c r="A{}" t="e"><v>1</v></c></row>'
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
    for faults, told in ((3, ["cell_holds_error"] * 3 + ["file_empty"]), (4, ["file_too_complex"])):
        rows = "".join(row.format(n, n) for n in range(2, 2 + faults))
        content = f"<worksheet><sheetData><row r='1'>{head}</row>{rows}</sheetData></worksheet>".encode()
        assert codes(repacked(book([HEAD]), {SHEET: content}), FileLimits(faults=3)) == told
