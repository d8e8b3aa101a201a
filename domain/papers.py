"""Received papers: what a unit sends as a file, and how it is told what kind of file it is."""

from enum import StrEnum

from domain.findings import Conflict, Finding, Invalid

MOST_UNIT_BYTES = 500 * 2**20
"""The most bytes of all papers of one unit in one congress chain."""


class PaperKind(StrEnum):
    """What a paper is."""

    MINUTES = "minutes"
    """Minutes of a meeting ("biên bản")."""
    LETTER = "letter"
    """A letter of an organ ("công văn")."""
    DECISION = "decision"
    PLAN = "plan"
    REPORT = "report"
    OTHER = "other"


PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{_OFFICE}.wordprocessingml.document", f"{_OFFICE}.spreadsheetml.sheet"
JPEG, PNG = "image/jpeg", "image/png"

PAPER_MEDIA = (PDF, DOCX, XLSX, JPEG, PNG)
"""The kinds of files that are taken: printed, scanned, photographed or written in an office program."""

_SIGNATURES = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
_ZIP = b"PK\x03\x04"
_OFFICE_PARTS = {DOCX: b"word/", XLSX: b"xl/"}


def recognise_media(content: bytes) -> str:
    """The kind of a file, by its own bytes and not by what its sender calls it.

    Raises :class:`Invalid` for an empty file, and for one of another kind than :data:`PAPER_MEDIA`.
    """
    if not content:
        raise Invalid("paper_empty", errors=[Finding("paper_empty")])
    for media, signature in _SIGNATURES.items():
        if content.startswith(signature):
            return media
    if content.startswith(_ZIP):
        for media, part in _OFFICE_PARTS.items():
            if part in content:
                return media
    raise Invalid("paper_format_unknown", errors=[Finding("paper_format_unknown")])


def expect_room(stored: int, size: int) -> None:
    """Raise :class:`Conflict` where a unit's papers would have more than :data:`MOST_UNIT_BYTES` bytes."""
    if stored + size > MOST_UNIT_BYTES:
        raise Conflict("papers_too_large", {"stored": stored, "size": size, "limit": MOST_UNIT_BYTES})
