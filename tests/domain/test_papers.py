"""Which files are taken as papers, and how many."""

import pytest

from domain.findings import Conflict, Invalid
from domain.papers import DOCX, JPEG, MOST_UNIT_BYTES, PDF, PNG, XLSX, expect_room, recognise_media


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"%PDF-1.4 x", PDF),
        (b"\xff\xd8\xff\xdb x", JPEG),
        (b"\x89PNG\r\n\x1a\n x", PNG),
        (b"PK\x03\x04 [Content_Types].xml word/document.xml", DOCX),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", XLSX),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media: str) -> None:
    assert recognise_media(content) == media


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04 classes.dex", b" %PDF-1.4"])
def test_other_files_are_not_taken(content: bytes) -> None:
    with pytest.raises(Invalid):
        recognise_media(content)


def test_the_papers_of_a_unit_have_a_limit() -> None:
    expect_room(MOST_UNIT_BYTES - 5, 5)
    with pytest.raises(Conflict, match="papers_too_large"):
        expect_room(MOST_UNIT_BYTES - 5, 6)
