"""Verifications over HTTP: check a certificate with code that shares nothing with the engine."""

import asyncio

from pydantic import Field, RootModel

from api.findings import FindingAnswer, translate_findings
from api.http.languages import Writer
from api.http.routes import Router
from api.http.types import Answer, Certificate
from domain.access import Access
from domain.verification import verify_proof

router = Router(prefix="/verifications", tags=["verifications"])


class CertificateBody(RootModel[Certificate]):
    """A certificate from `/certificate` or from the calculator."""

    model_config = {"json_schema_extra": {"examples": [{"format": "daibieu-apportionment-1"}]}}


class VerificationAnswer(Answer):
    """Whether the certificate proves its seats, and its faults if not."""

    proven: bool
    findings: list[FindingAnswer] = Field(description="The faults, with JSON pointers into the certificate.")


@router.post("", access=Access.PUBLIC, keyed=False, transaction=False)
async def verify_certificate(body: CertificateBody, translator: Writer) -> VerificationAnswer:
    """Verify a certificate. Nothing is stored, and no credentials are needed."""
    found = await asyncio.to_thread(verify_proof, body.root)
    return VerificationAnswer(proven=not found, findings=translate_findings(found, translator))
