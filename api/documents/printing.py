"""Printing a document: what the caller wants of its head, and the file, written in a process of its own."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.http.negotiation import choose_media
from api.http.problems import run_in_pool
from api.http.request_work import RequestTransactions, Transactions
from api.http.tables import CSV, JSON, XLSX
from api.http.types import Name
from domain.documents.content import Document
from domain.papers import DOCX, PDF
from service.documents.forms import DocumentForm, LetterheadWish, Wordings
from service.formats.documents.docx import write_docx
from service.formats.documents.pdf import write_pdf
from service.formats.documents.tables import write_csv, write_xlsx
from service.work import Work

PAPER_OFFERS = (PDF, DOCX)
"""For a route's ``offers``: a document without tables that one computes with."""

TABLED_OFFERS = (PDF, DOCX, XLSX)
LIST_OFFERS = (JSON, PDF, DOCX, XLSX, CSV)
SEALED_OFFERS = (PDF, DOCX, XLSX, CSV)

PRINTING_MODULES = ("typst", "docx", "xlsxwriter")
"""What the processes need, loaded once."""

_ENDINGS = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", CSV: "csv"}
_WRITERS: Mapping[str, Callable[[Document], bytes]] = {DOCX: write_docx, XLSX: write_xlsx, CSV: write_csv}

Organ = Annotated[Name | None, Query(description="The issuing organ, in place of the plan's.")]
Superior = Annotated[Name | None, Query(description="The organ above it, printed over it.")]
Series = Annotated[Name | None, Query(description="The series of the number, such as `QĐ-UBND`.")]
Place = Annotated[Name | None, Query(description="The place before the day.")]
Capacity = Annotated[Name | None, Query(description="For whom is signed, such as `TM. ỦY BAN NHÂN DÂN`.")]
Position = Annotated[Name | None, Query(description="The signer's position.")]


def list_file_responses(offers: tuple[str, ...]) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: the files that it offers."""
    files = {
        media: {"schema": {"type": "string", "format": "binary"}} for media in offers if media in _ENDINGS
    }
    return {200: {"description": "The file.", "content": files}}


@dataclass(frozen=True, slots=True)
class Printing:
    """A call that prints a document: its transaction ends before the file is written."""

    request: Request
    transactions: RequestTransactions
    wish: LetterheadWish

    def begin_work(self, *, read_only: bool = True) -> AbstractAsyncContextManager[Work]:
        """Begin the transaction in which the document's content is read, and where asked its reading
        recorded."""
        return self.transactions.begin_work(read_only=read_only)

    @property
    def form(self) -> DocumentForm:
        """The wording and the wishes for the document."""
        wordings: Wordings = self.request.app.state.wordings
        return DocumentForm(wordings, self.wish)

    def choose_media(self, offers: tuple[str, ...]) -> str:
        """The kind of file that ``Accept`` prefers."""
        return choose_media(self.request, offers) or offers[0]

    async def respond(self, name: str, document: Document, offers: tuple[str, ...]) -> Response:
        """Answer with the document as a file."""
        media = self.choose_media(offers)
        content = await self._write(document, media)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{_ENDINGS[media]}"',
            "Content-Language": "vi",
            "Vary": "Accept",
        }
        return Response(content, media_type=media, headers=headers)

    async def expect_printable(self, document: Document) -> None:
        """Raise what printing it as PDF would raise: too many rows, no font, a letter that the font lacks."""
        await self._write(document, PDF)

    async def _write(self, document: Document, media: str) -> bytes:
        """The file, written in a process."""
        state = self.request.app.state
        templates: Path | None = state.settings.templates
        if media == PDF:
            return await run_in_pool(state.printing, write_pdf, document, templates)
        return await run_in_pool(state.printing, _WRITERS[media], document)


async def _provide_printing(
    request: Request,
    transactions: Transactions,
    organ: Organ = None,
    superior: Superior = None,
    series: Series = None,
    place: Place = None,
    capacity: Capacity = None,
    position: Position = None,
) -> Printing:
    wish = LetterheadWish(organ, superior, series, place, capacity, position)
    return Printing(request, transactions, wish)


CurrentPrinting = Annotated[Printing, Depends(_provide_printing)]
"""A handler's parameter: the call that prints."""
