"""Unit files over HTTP: a template, a check of the whole file, the file back with its faults marked."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from api.etags import IfMatch, row_tag, tag
from api.languages import Reader
from api.limits import media_type
from api.routes import CurrentActor, Router, Session
from api.samples import UNITS_CSV
from api.shown import FindingAnswer, said
from api.types import Answer, Uuid
from db.units import UnitImport
from domain.access import Access
from service import imports
from service.sentences import Language
from service.unit_files import Media

router = Router(prefix="/unit_imports", tags=["units"])

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA: dict[str, Media] = {CSV: "csv", XLSX: "xlsx"}
TYPES = {media: content for content, media in MEDIA.items()}
MOST_SHOWN = 1_000

Kind = Annotated[Literal["units", "figures"], Query(description="What the rows are.")]
As = Annotated[Literal["csv", "xlsx"], Query(alias="format", description="The kind of file.")]

_FILE = {
    200: {
        "description": "The file.",
        "content": {content: {"schema": {"type": "string", "format": "binary"}} for content in MEDIA},
    }
}


_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string", "format": "binary"}, "example": UNITS_CSV},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class ImportAnswer(Answer):
    """A file that was checked as a whole. Nothing of it is stored before it is confirmed."""

    id: UUID
    kind: str
    media: str
    digest: str
    state: str = Field(description="`checked`, `faulty` or `confirmed`.")
    rows: int
    stored: int | None = Field(description="How many units or reports the confirmation stored.")
    errors: int
    findings: list[FindingAnswer] = Field(
        description=f"By row and column; the first {MOST_SHOWN}, all of them stand in the marked file."
    )
    created_at: datetime
    confirmed_at: datetime | None


@router.get("/template", access=Access.UNITS_READ, responses=_FILE, offers=(XLSX, CSV))
async def read_import_template(
    session: Session, actor: CurrentActor, reader: Reader, kind: Kind = "units", form: As = "xlsx"
) -> Response:
    """An empty file to fill in, with the columns explained in the reader's language."""
    content = await imports.template(session, actor, kind, form, reader)
    return _file(content, form, f"daibieu-{kind}")


@router.post(
    "",
    access=Access.UNITS_WRITE,
    status_code=201,
    accepts=tuple(MEDIA),
    body_limit=20 * 2**20,
    tagged=True,
    openapi_extra=_SENT,
)
async def check_import(
    request: Request,
    response: Response,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
    kind: Kind = "units",
) -> ImportAnswer:
    """Check a file of units or of figures, all of it, and keep it for confirmation."""
    media = MEDIA[media_type(request)]
    row = await imports.check(session, actor, kind, media, await request.body())
    response.headers["Location"] = f"/v1/unit_imports/{row.id}"
    return _tagged(response, row, reader)


@router.get("/{import_id}", access=Access.UNITS_READ, tagged=True)
async def read_import(
    import_id: Uuid, response: Response, session: Session, actor: CurrentActor, reader: Reader
) -> ImportAnswer:
    """What was found in a file."""
    return _tagged(response, await imports.get(session, actor, import_id), reader)


@router.get("/{import_id}/file", access=Access.UNITS_READ, responses=_FILE, offers=(XLSX, CSV))
async def read_marked_file(
    import_id: Uuid, session: Session, actor: CurrentActor, reader: Reader, form: As = "xlsx"
) -> Response:
    """The file back, with each finding beside its row."""
    row = await imports.get(session, actor, import_id)
    return _file(await imports.marked(row, reader, form), form, f"daibieu-{row.kind}-{row.id}")


@router.post("/{import_id}/confirmation", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def confirm_import(
    import_id: Uuid,
    response: Response,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
    match: IfMatch,
) -> ImportAnswer:
    """Store what a checked file holds."""
    row = await imports.get(session, actor, import_id, lock=True)
    match.check(row_tag(row.id, row.version))
    return _tagged(response, await imports.confirm(session, actor, row), reader)


def _file(content: bytes, form: Media, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


def _tagged(response: Response, row: UnitImport, language: Language) -> ImportAnswer:
    tag(response, row_tag(row.id, row.version))
    counts = row.counts or {}
    every = imports.findings_of(row)
    found = every[:MOST_SHOWN]
    return ImportAnswer(
        id=row.id,
        kind=row.kind,
        media=row.media,
        digest=row.digest,
        state=row.state,
        rows=counts.get("rows", 0),
        stored=counts.get("stored"),
        errors=sum(finding.severity == "error" for finding in every),
        findings=[
            each.model_copy(update={"detail": detail})
            for each, detail in zip(said(found, language), imports.worded(row, found, language), strict=True)
        ],
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
    )
