"""All that is held of one person: given out at their request, and erased."""

from typing import Any, Literal
from uuid import UUID

from api.calls import CurrentCall
from api.routes import Router
from api.samples import build_sample
from api.types import Answer, Body, Code, Name, Uuid
from domain.access import Access
from service import erasures, exports

router = Router(prefix="/people", tags=["people"])


class ErasureBody(Body):
    """Why somebody is erased, and the number and day of the paper it rests on: never a name."""

    model_config = build_sample(reason="request", source_document="Đơn số 1 ngày 01/03/2026")

    reason: Literal["request", "consent_withdrawn", "retention", "unlawful"]
    source_document: Name


class ErasureAnswer(Answer):
    """Somebody of whom nothing is held any more, and how many stored answers were emptied."""

    person: UUID
    answers: int


class ExportBody(Body):
    """What it is given out for."""

    model_config = build_sample(purpose="data-subject-request")

    purpose: Code


class ExportAnswer(Answer):
    """Everything that is held of somebody, sealed or not, and every event about them."""

    person: dict[str, Any]
    stated: dict[str, str]
    sealed: dict[str, str]
    nominations: list[dict[str, Any]]
    invitations: list[dict[str, Any]]
    collectives: list[dict[str, Any]]
    releases: list[str]
    events: list[dict[str, Any]]


@router.post("/{person_id}/erasure", access=Access.PERSONAL_ERASE, status_code=201)
async def erase_person(person_id: Uuid, body: ErasureBody, call: CurrentCall) -> ErasureAnswer:
    """Destroy the person's key and all that was said of them; counts, quotas and the audit chains stay.

    For a council that reaches every line that names the person.
    """
    erased = await erasures.erase_person(call.work, person_id, body.reason, body.source_document)
    return ErasureAnswer.model_validate(erased)


@router.post("/{person_id}/export", access=Access.PERSONAL_ERASE, keyed=False)
async def export_person(person_id: Uuid, body: ExportBody, call: CurrentCall) -> ExportAnswer:
    """Everything that is held of a person, for the person who asks; recorded with its purpose.

    For a council that reaches every line that names the person. The answer is not stored.
    """
    told = await exports.export_person(call.work, person_id, body.purpose)
    return ExportAnswer(**told)
