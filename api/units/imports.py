"""Unit files over HTTP: a template, a check of a whole file, the file with its faults marked."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.bodies import choose_executor
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.limits import UPLOAD_LIMIT
from api.http.routes import Router
from api.http.samples import SAMPLE_UNITS_CSV
from api.http.tables import CSV, XLSX
from api.http.types import Uuid
from api.http.uploads import CurrentUpload, Upload
from db.imports import ImportSummary, UnitImport, page_own_imports
from domain.access import Access
from domain.findings import Severity
from domain.unit_files import FileKind, ImportState, SheetMedia
from service import imports
from service.texts import Translator
from service.work import Executor

router = Router(prefix="/unit_imports", tags=["units"])

MEDIA_BY_TYPE: dict[str, SheetMedia] = {CSV: "csv", XLSX: "xlsx"}
TYPE_BY_MEDIA = {media: content for content, media in MEDIA_BY_TYPE.items()}
MAX_FINDINGS = 1_000
MOST_IN_THREAD = 8 * 2**10
"""Bytes of a table: two cells of a row in four bytes, so that a thread works for 0.1 seconds at most."""

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
    content = await imports.build_import_template(
        call.work, kind, form, call.language, _choose_executor(call)
    )
    return _respond_with_file(content, form, f"daibieu-{kind}")


@router.post(
    "",
    access=Access.UNITS_WRITE,
    status_code=201,
    accepts=tuple(MEDIA_BY_TYPE),
    body_limit=UPLOAD_LIMIT,
    tagged=True,
    openapi_extra=_UPLOAD_DOCUMENT,
    response_model=ImportAnswer,
)
async def check_import(call: CurrentCall, upload: CurrentUpload, kind: ImportKind = "units") -> Response:
    """Check a whole file of units or figures and keep it for confirmation. Faults are listed as findings in
    the answer; a file with errors cannot be confirmed."""
    media, execute = MEDIA_BY_TYPE[upload.media], _choose_executor(call, upload)
    row = await imports.check_file(call.work, kind, media, upload.content, execute)
    told = await _describe_findings(call, row)
    await imports.store_checked_file(call.work, row)
    return _respond_with_import(row, told, 201, Location=f"/v1/unit_imports/{row.id}")


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
    return paging.build_page(found, lambda row: [str(row.id)], lambda row: ImportItem(**_describe_file(row)))


@router.get("/{import_id}", access=Access.UNITS_READ, tagged=True, response_model=ImportAnswer)
async def read_import(import_id: Uuid, call: CurrentCall) -> Response:
    """Read the findings about an imported file."""
    row = await imports.get_import(call.work, import_id)
    return _respond_with_import(row, await _describe_findings(call, row))


@router.get("/{import_id}/file", access=Access.UNITS_READ, responses=_FILE_RESPONSES, offers=(XLSX, CSV))
async def read_marked_file(import_id: Uuid, call: CurrentCall, form: FileFormat = "xlsx") -> Response:
    """Read an imported file with each finding next to its row."""
    row = await imports.get_import(call.work, import_id)
    mark, execute = imports.mark_stored_sheet, _choose_executor(call, row.sheet, row.findings)
    content = await execute(mark, row.sheet, row.findings, call.language, form)
    return _respond_with_file(content, form, f"daibieu-{row.kind}-{row.id}")


@router.post(
    "/{import_id}/confirmation",
    access=Access.UNITS_WRITE,
    status_code=201,
    tagged=True,
    response_model=ImportAnswer,
)
async def confirm_import(import_id: Uuid, call: CurrentChange) -> Response:
    """Confirm a checked file: store its units or figures. A faulty file is refused (409)."""
    row = await imports.get_import(call.work, import_id, lock=True)
    call.expect_row(row)
    told = await _describe_findings(call, row)
    confirmed = await imports.confirm_import(call.work, row, _choose_executor(call, row.sheet))
    return _respond_with_import(confirmed, told, 201)


def _choose_executor(call: Call, *contents: str | Upload) -> Executor:
    """Where to compute from these: large files, and those that are unpacked first, in processes."""
    size = sum(map(_measure_content, contents))
    return choose_executor(call.request.app.state.files, size, MOST_IN_THREAD)


def _measure_content(content: str | Upload) -> float:
    if isinstance(content, str):
        return len(content)
    return len(content.content) if content.media == CSV else math.inf


def _respond_with_file(content: bytes, form: SheetMedia, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPE_BY_MEDIA[form], headers=headers)


@dataclass(frozen=True, slots=True)
class _ToldFindings:
    """How many errors a file has, and its first findings in the words of an answer."""

    errors: int
    findings: list[FindingAnswer]


async def _describe_findings(call: Call, row: UnitImport) -> _ToldFindings:
    """What the answer says of the findings: there may be twenty thousand, in a file of a million cells.

    An act asks for it before it writes: its event holds up all others of the service until the end, and where
    this is refused (503), nothing is stored.
    """
    execute = _choose_executor(call, row.sheet, row.findings)
    return await execute(_translate_stored, row.sheet, row.findings, call.translator)


def _respond_with_import(row: UnitImport, told: _ToldFindings, status: int = 200, **headers: str) -> Response:
    described = _describe_file(row)
    answer = ImportAnswer(**described, errors=told.errors, findings=told.findings)
    headers["ETag"] = described["etag"]
    return Response(answer.model_dump_json(), status, headers, "application/json")


def _describe_file(row: UnitImport | ImportSummary) -> dict[str, Any]:
    """What a list says of a file."""
    told = {name: getattr(row, name) for name in _TOLD}
    return {**told, **row.counts.plain(), "etag": compute_row_etag(row.id, row.version)}


_TOLD = ("id", "kind", "media", "digest", "state", "created_at", "confirmed_at")
"""The fields of the answer that the row has as they are."""


def _translate_stored(sheet: str, findings: str, translator: Translator) -> _ToldFindings:
    found = imports.read_stored_findings(findings)
    first, read = found[:MAX_FINDINGS], imports.read_stored_sheet(sheet)
    sentences = imports.translate_findings(read, first, translator.language)
    answers = zip(translate_findings(first, translator), sentences, strict=True)
    return _ToldFindings(
        sum(finding.severity is Severity.ERROR for finding in found),
        [each.model_copy(update={"detail": detail}) for each, detail in answers],
    )
