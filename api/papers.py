"""Received papers over HTTP: sent as a file, described, opened, erased."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from api.http.calls import CurrentCall
from api.http.cursors import Page, Paging
from api.http.limits import UPLOAD_LIMIT
from api.http.routes import Router
from api.http.types import Answer, Code, Date, Name, Uuid
from api.http.uploads import CurrentUpload
from api.people.routes import ErasureBody
from domain.access import Access
from domain.papers import PAPER_MEDIA, PDF, PaperKind
from service import papers
from service.papers import PaperEntry

router = Router(tags=["papers"])

_UPLOAD_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7"}},
    }
}
_FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in PAPER_MEDIA},
    }
}
_ENDINGS = dict(zip(PAPER_MEDIA, ("pdf", "docx", "xlsx", "jpg", "png"), strict=True))


class PaperAnswer(Answer):
    """A paper of a unit, kept as it was received."""

    id: UUID
    congress: str
    unit: UUID
    kind: PaperKind
    number: str | None
    dated: date | None
    media: str
    digest: str = Field(description="SHA-256 of the file.")
    size: int
    created_at: datetime
    erased_at: datetime | None


@router.post(
    "/units/{unit_id}/papers",
    access=Access.CONFERENCES_WRITE,
    status_code=201,
    accepts=PAPER_MEDIA,
    body_limit=UPLOAD_LIMIT,
    openapi_extra=_UPLOAD_DOCUMENT,
)
async def receive_paper(
    unit_id: Uuid,
    call: CurrentCall,
    upload: CurrentUpload,
    congress: Annotated[Code, Query(description="The chain of the congress for which it is sent.")],
    kind: Annotated[PaperKind, Query()] = PaperKind.OTHER,
    number: Annotated[Name | None, Query()] = None,
    dated: Annotated[Date | None, Query()] = None,
) -> PaperAnswer:
    """Keep a paper of a unit, sealed, for the unit and councils above it: PDF, DOCX, XLSX, JPEG or PNG."""
    entry = PaperEntry(congress, kind, number, dated)
    paper = await papers.receive_paper(call.work, unit_id, entry, upload.content)
    call.set_location(f"/v1/papers/{paper.id}")
    return PaperAnswer.model_validate(paper)


@router.get("/units/{unit_id}/papers", access=Access.CONFERENCES_READ)
async def list_papers(
    unit_id: Uuid, call: CurrentCall, paging: Paging, congress: Annotated[Code | None, Query()] = None
) -> Page[PaperAnswer]:
    """List the papers of a unit, oldest first."""
    after, limit = paging.after_id, paging.row_limit
    found = await papers.page_papers(call.work, unit_id, congress=congress, after=after, limit=limit)
    return paging.build_page(found, lambda row: [str(row.id)], PaperAnswer.model_validate)


@router.get("/papers/{paper_id}", access=Access.CONFERENCES_READ)
async def read_paper(paper_id: Uuid, call: CurrentCall) -> PaperAnswer:
    """Read what is stored about a paper."""
    return PaperAnswer.model_validate(await papers.get_paper(call.work, paper_id))


@router.get(
    "/papers/{paper_id}/file",
    access=Access.PERSONAL_READ,
    read_only=False,
    responses=_FILE_RESPONSES,
    offers=PAPER_MEDIA,
    problems=(409,),
)
async def open_paper(paper_id: Uuid, call: CurrentCall) -> Response:
    """Read a paper as it was received; the reading is recorded. An officer reads the own unit's, a council
    also those of units below."""
    paper = await papers.get_paper(call.work, paper_id)
    content = await papers.open_paper(call.work, paper)
    name = f"{paper.kind}-{paper.id}.{_ENDINGS[paper.media]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=paper.media, headers=headers)


@router.post("/papers/{paper_id}/erasure", access=Access.PERSONAL_ERASE, status_code=201)
async def erase_paper(paper_id: Uuid, body: ErasureBody, call: CurrentCall) -> PaperAnswer:
    """Destroy the file of a paper. Its number, day, size and digest stay."""
    paper = await papers.get_paper(call.work, paper_id, lock=True)
    await papers.erase_paper(call.work, paper, body.reason, body.source_document)
    return PaperAnswer.model_validate(paper)
