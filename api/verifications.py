"""Verifications over HTTP: check a certificate with code that shares nothing with the engine."""

from typing import Annotated

from fastapi import Request
from pydantic import Field, RootModel, WithJsonSchema

from api.findings import FindingAnswer, translate_findings
from api.http.calls import finish_while_connected
from api.http.faults import Fault
from api.http.languages import Writer
from api.http.limits import get_value_limit, read_json
from api.http.problems import Problem, run_in_pool
from api.http.routes import Router
from api.http.types import Answer
from domain.access import Access
from domain.findings import Finding
from domain.verification import expect_affordable, verify_proof
from service.formats.fault_limits import MOST_FAULTS

router = Router(prefix="/verifications", tags=["verifications"])

_CERTIFICATE_SCHEMA = WithJsonSchema({"$ref": "#/components/schemas/Certificate"})


class CertificateBody(RootModel[Annotated[bytes, _CERTIFICATE_SCHEMA]]):
    """A certificate from `/certificate` or from the calculator."""

    model_config = {"json_schema_extra": {"examples": [{"format": "daibieu-apportionment-2"}]}}


class VerificationAnswer(Answer):
    """Whether the certificate proves its seats, and its faults if not."""

    proven: bool
    findings: list[FindingAnswer] = Field(
        description=f"The faults, {MOST_FAULTS} at most, with JSON pointers into the certificate."
    )
    more_findings: int = Field(description="How many more faults there are.")


@router.post("", access=Access.PUBLIC, keyed=False, transaction=False, unread=True)
async def verify_certificate(
    body: CertificateBody, request: Request, translator: Writer
) -> VerificationAnswer:
    """Verify a certificate. Nothing is stored, and no credentials are needed. A certificate that would take
    too long is refused (422); the command `verify FILE` verifies it."""
    pool, most = request.app.state.verifications, get_value_limit(request)
    work = run_in_pool(pool, check_certificate, body.root, most)
    found, count = await finish_while_connected(request, work)
    findings = translate_findings(found, translator)
    return VerificationAnswer(proven=not found, findings=findings, more_findings=count - len(findings))


def check_certificate(content: bytes, most: int) -> tuple[tuple[Finding, ...], int]:
    """Read a certificate of at most so many values, and verify it: the first findings, and their number.

    This is all that is done with what anybody may send, in a process of its own. Raises :class:`Problem` and
    ``Invalid``.
    """
    certificate = read_json(content, most)
    if not isinstance(certificate, dict):
        raise Problem(422, "invalid_body", errors=[Fault("not_an_object", pointer="")])
    expect_affordable(certificate)
    found = verify_proof(certificate)
    return found[:MOST_FAULTS], len(found)
