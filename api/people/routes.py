"""All data of one person: export it at their request, or erase it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.calls import CurrentCall
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Answer, Body, Changes, Code, ExportedRow, Name, Uuid
from domain.access import Access
from service import erasures, exports

router = Router(prefix="/people", tags=["people"])


class ErasureBody(Body):
    """Why a person is erased, and the number and day of the document that orders it; no names."""

    model_config = build_sample(reason="request", source_document="Đơn số 1 ngày 01/03/2026")

    reason: Literal["request", "consent_withdrawn", "retention", "unlawful"]
    source_document: Name


class ErasureAnswer(Answer):
    """A person whose data is erased, and the number of stored answers that were emptied."""

    person: UUID
    answers: int


class ExportBody(Body):
    """The purpose of the export."""

    model_config = build_sample(purpose="data-subject-request")

    purpose: Code


class ExportedEvent(Answer):
    """An audit event about the person."""

    at: datetime
    act: str
    actor: str
    changes: Changes


class ExportAnswer(Answer):
    """All data of a person, sealed or not, and all audit events about them."""

    person: ExportedRow
    stated: dict[str, str]
    sealed: dict[str, str]
    nominations: list[ExportedRow]
    invitations: list[ExportedRow]
    exemplars: list[ExportedRow]
    collectives: list[ExportedRow]
    outcomes: list[ExportedRow] = Field(description="What each list says of the person.")
    check_ins: list[ExportedRow] = Field(description="What devices recorded of the person at the door.")
    list_votes: list[ExportedRow] = Field(description="The lists that conferences voted on, with the place.")
    delegacies: list[ExportedRow]
    releases: list[str]
    events: list[ExportedEvent]
    findings: list[FindingAnswer] = Field(description="What is sealed and cannot be opened.")


@router.post("/{person_id}/erasure", access=Access.PERSONAL_ERASE, status_code=201)
async def erase_person(person_id: Uuid, body: ErasureBody, call: CurrentCall) -> ErasureAnswer:
    """Erase a person: destroy the person's key and data. Counts, quotas and audit chains stay. The caller
    must have authority over every record that names the person, and over every conference that the person
    was sent to (else 409)."""
    erased = await erasures.erase_person(call.work, person_id, body.reason, body.source_document)
    return ErasureAnswer.model_validate(erased)


@router.post("/{person_id}/export", access=Access.PERSONAL_ERASE, keyed=False)
async def export_person(person_id: Uuid, body: ExportBody, call: CurrentCall) -> ExportAnswer:
    """Export all data of a person at their request. The purpose is recorded; the answer is not stored. A
    purpose other than `data-subject-request` must be one that the person was told (else 409). The
    caller must have authority over every record that names the person, and over every conference that the
    person was sent to (else 409)."""
    exported = dict(await exports.export_person(call.work, person_id, body.purpose))
    found = translate_findings(exported.pop("findings"), call.translator)
    return ExportAnswer(**exported, findings=found)
