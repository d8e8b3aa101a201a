"""Findings in answers, in the reader's language."""

from collections.abc import Iterable

from pydantic import Field

from api.http.types import Answer, Params
from domain.findings import Finding, Severity
from service.texts import Translator


class FindingAnswer(Answer):
    """A result of a check: a stable code, its parameters, and a sentence in the reader's language."""

    code: str
    severity: Severity
    detail: str
    params: Params
    pointer: str | None = Field(default=None, description="The place, as a JSON pointer (RFC 6901).")
    clause: str | None = Field(default=None, description="The clause of the plan behind this finding.")


def translate_findings(findings: Iterable[Finding], translator: Translator) -> list[FindingAnswer]:
    """Build the answers for findings, translated."""
    return [
        FindingAnswer(
            code=finding.code,
            severity=finding.severity,
            detail=translator.translate(finding.code, finding.params),
            params=dict(finding.params),
            pointer=finding.pointer or None,
            clause=finding.clause,
        )
        for finding in findings
    ]
