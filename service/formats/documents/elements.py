"""What every writer prints of a document's elements, and its content as plain data for templates."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from domain.documents.content import Block, Document, PrintedTable
from domain.documents.elements import (
    COUNTRY,
    MOTTO,
    break_organ,
    break_subject,
    break_title,
    write_number,
    write_place_and_day,
    write_roman,
)


def write_title(document: Document) -> str:
    """The title for the properties of a file: its kind and subject."""
    return f"{document.type_name} {document.subject}".strip()


def write_subject(document: Document) -> tuple[str, ...]:
    """The subject as lines: under the type of a document, or under the number of a letter."""
    if not document.type_name:
        return break_subject(document.subject)
    return break_title(document.subject, landscape=document.landscape)


def label_annex(document: Document, place: int) -> str:
    """ "Phụ lục" for the only annex, "Phụ lục II" for the second of several."""
    return "Phụ lục" if len(document.annexes) == 1 else f"Phụ lục {write_roman(place + 1)}"


def _mark_whole_rows(blocks: Sequence[Block], plain: Sequence[dict[str, Any]]) -> None:
    """Tell of each row whether it stays on one page."""
    for block, shown in zip(blocks, plain, strict=True):
        if isinstance(block, PrintedTable):
            for row, told in zip(block.rows, shown["rows"], strict=True):
                told["whole"] = row.whole


def build_plain(document: Document) -> dict[str, Any]:
    """The document as plain data, with the lines that the decree forms from its parts."""
    head = document.letterhead
    plain = asdict(document)
    _mark_whole_rows(document.blocks, plain["blocks"])
    for place, annex in enumerate(plain["annexes"]):
        annex["label"] = label_annex(document, place)
        _mark_whole_rows(document.annexes[place].blocks, annex["blocks"])
    head_lines = {
        "country": COUNTRY,
        "motto": MOTTO,
        "superior_lines": break_organ(head.superior or ""),
        "organ_lines": break_organ(head.organ),
        "subject_lines": write_subject(document),
        "number_line": write_number(head.number, head.series),
        "place_line": write_place_and_day(head.place, head.dated),
        "title": write_title(document),
        "as_of": document.as_of.isoformat(),
    }
    plain["letterhead"].pop("dated")
    return {**plain, **head_lines}
