"""Unit files over HTTP: a template, a check of a whole file, the file with its faults marked."""

from asyncio import to_thread
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.limits import UPLOAD_LIMIT
from api.http.routes import Router
from api.http.samples import SAMPLE_UNITS_CSV
from api.http.tables import CSV, XLSX
from api.http.types import Uuid
from api.http.uploads import CurrentUpload
from db.imports import ImportSummary, UnitImport, page_own_imports
from domain.access import Access
from domain.findings import Severity
from domain.unit_files import FileKind, ImportState, SheetMedia
from service import imports
from service.texts import Translator

router = Router(prefix="/unit_imports", tags=["units"])

MEDIA_BY_TYPE: dict[str, SheetMedia] = {CSV: "csv", XLSX: "xlsx"}
TYPE_BY_MEDIA = {media: content for content, media in MEDIA_BY_TYPE.items()}
MAX_FINDINGS = 1_000

ImportKind = Annotated[FileKind, Query(description="What each row describes.")]
FileFormat = Annotated[SheetMedia, Query(alias="format", description="The format of the file.")]

_FILE_RESPONSES = {
    200: {
        "description": "The file.",
        "content": {content: {"schema": {"type": "string", "format": "binary"}} for content in MEDIA_BY_TYPE},
    }
}

_UPLOAD_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string", "format": "binary"}, "example": SAMPLE_UNITS_CSV}},
    }
}


class ImportItem(TaggedAnswer):
    """A file that was sent, in a list."""

    id: UUID
    kind: FileKind
    media: SheetMedia
    digest: str
    state: ImportState
    rows: int
    stored: int | None = Field(description="The number of units or reports that the confirmation stored.")
    created_at: datetime
    confirmed_at: datetime | None


class ImportAnswer(ImportItem):
    """A checked file. Its units or figures are stored only after the confirmation."""

    errors: int
    findings: list[FindingAnswer] = Field(
        description=f"Findings by row and column, {MAX_FINDINGS} at most; the marked file has all of them."
    )


@router.get("/template", access=Access.UNITS_READ, responses=_FILE_RESPONSES, offers=(XLSX, CSV))
async def read_import_template(
    call: CurrentCall, kind: ImportKind = "units", form: FileFormat = "xlsx"
) -> Response:
    """Read a template file for units or figures. Its columns are explained in the reader's language."""
    content = await imports.build_import_template(call.work, kind, form, call.language)
    return _respond_with_file(content, form, f"daibieu-{kind}")


@router.post(
    "",
    access=Access.UNITS_WRITE,
    status_code=201,
    accepts=tuple(MEDIA_BY_TYPE),
    body_limit=UPLOAD_LIMIT,
    tagged=True,
    openapi_extra=_UPLOAD_DOCUMENT,
)
async def check_import(call: CurrentCall, upload: CurrentUpload, kind: ImportKind = "units") -> ImportAnswer:
    """Check a whole file of units or figures and keep it for confirmation. Faults are listed as findings in
    the answer; a file with errors cannot be confirmed."""
    row = await imports.check_file(call.work, kind, MEDIA_BY_TYPE[upload.media], upload.content)
    call.set_location(f"/v1/unit_imports/{row.id}")
    return await _build_tagged_import(call, row)


@router.get("", access=Access.UNITS_READ)
async def list_imports(
    call: CurrentCall,
    paging: Paging,
    kind: Annotated[FileKind | None, Query()] = None,
    state: Annotated[ImportState | None, Query()] = None,
) -> Page[ImportItem]:
    """List the files of units or figures that the caller sent, oldest first."""
    session, actor = call.work.session, call.work.actor
    found = await page_own_imports(
        session, actor, kind=kind, state=state, after=paging.after_id, limit=paging.row_limit
    )
    return paging.build_page(found, lambda row: [str(row.id)], _build_item)


@router.get("/{import_id}", access=Access.UNITS_READ, tagged=True)
async def read_import(import_id: Uuid, call: CurrentCall) -> ImportAnswer:
    """Read the findings about an imported file."""
    return await _build_tagged_import(call, await imports.get_import(call.work, import_id))


@router.get("/{import_id}/file", access=Access.UNITS_READ, responses=_FILE_RESPONSES, offers=(XLSX, CSV))
async def read_marked_file(import_id: Uuid, call: CurrentCall, form: FileFormat = "xlsx") -> Response:
    """Read an imported file with each finding next to its row."""
    row = await imports.get_import(call.work, import_id)
    return _respond_with_file(
        await imports.mark_file(row, call.language, form), form, f"daibieu-{row.kind}-{row.id}"
    )


@router.post("/{import_id}/confirmation", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def confirm_import(import_id: Uuid, call: CurrentChange) -> ImportAnswer:
    """Confirm a checked file: store its units or figures. A faulty file is refused (409)."""
    row = await imports.get_import(call.work, import_id, lock=True)
    call.expect_row(row)
    return await _build_tagged_import(call, await imports.confirm_import(call.work, row))


def _respond_with_file(content: bytes, form: SheetMedia, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPE_BY_MEDIA[form], headers=headers)


async def _build_tagged_import(call: Call, row: UnitImport) -> ImportAnswer:
    """The answer, built in a thread: there may be twenty thousand findings, in a file of a million cells."""
    call.set_row_etag(row)
    return await to_thread(_build_import, row, call.translator)


def _build_item(row: UnitImport | ImportSummary) -> ImportItem:
    return ImportItem(
        id=row.id,
        kind=row.kind,
        media=row.media,
        digest=row.digest,
        state=row.state,
        rows=row.counts.rows,
        stored=row.counts.stored,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        etag=compute_row_etag(row.id, row.version),
    )


def _build_import(row: UnitImport, translator: Translator) -> ImportAnswer:
    found = row.findings[:MAX_FINDINGS]
    return ImportAnswer(
        **dict(_build_item(row)),
        errors=sum(finding.severity is Severity.ERROR for finding in row.findings),
        findings=[
            each.model_copy(update={"detail": detail})
            for each, detail in zip(
                translate_findings(found, translator),
                imports.translate_findings(row, found, translator.language),
                strict=True,
            )
        ],
    )
