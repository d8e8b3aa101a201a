"""Verifications over HTTP: a certificate checked by code that shares nothing with the engine."""

import asyncio
from typing import Any

from pydantic import Field, RootModel

from api.languages import Reader
from api.routes import Router
from api.shared_answers import FindingAnswer, translate_findings
from api.types import Answer
from domain.access import Access
from domain.verification import verify_proof

router = Router(prefix="/verifications", tags=["verifications"])


class CertificateBody(RootModel[dict[str, Any]]):
    """A certificate, as `/certificate` or the calculator gave it."""

    model_config = {"json_schema_extra": {"examples": [{"format": "daibieu-apportionment-1"}]}}


class VerificationAnswer(Answer):
    """Whether the certificate proves its seats, and where it does not."""

    proven: bool
    findings: list[FindingAnswer] = Field(description="What is wrong, with pointers into the certificate.")


@router.post("", access=Access.PUBLIC, keyed=False, transaction=False)
async def verify_certificate(body: CertificateBody, reader: Reader) -> VerificationAnswer:
    """Check a certificate. Nothing is stored, and nobody has to say who they are."""
    found = await asyncio.to_thread(verify_proof, body.root)
    return VerificationAnswer(proven=not found, findings=translate_findings(found, reader))
