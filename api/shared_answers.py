"""What several nouns show alike: findings in the reader's language, units by name, exact numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field

from api.types import Answer
from domain.findings import Finding, Severity
from service.texts import Language, translate_code


class FindingAnswer(Answer):
    """Something the rules have to say: a stable code and its parameters, and a sentence for the reader."""

    code: str
    severity: str
    detail: str
    params: dict[str, Any]
    pointer: str | None = Field(default=None, description="Where, as a JSON pointer (RFC 6901).")
    clause: str | None = Field(default=None, description="The clause of the plan it rests on.")


class UnitName(Answer):
    """A unit by id, code and name."""

    id: UUID
    code: str
    name: str


def translate_findings(findings: Iterable[Finding], language: Language) -> list[FindingAnswer]:
    """Findings as they are shown."""
    return [
        FindingAnswer(
            code=finding.code,
            severity=finding.severity,
            detail=translate_code(finding.code, finding.params, language),
            params=dict(finding.params),
            pointer=finding.pointer or None,
            clause=finding.clause,
        )
        for finding in findings
    ]


def read_findings(findings: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Findings as they were kept with a row."""
    return [Finding(**{**each, "severity": Severity(each["severity"])}) for each in findings]


def build_unit_name(unit: UUID, names: Mapping[UUID, tuple[str, str]]) -> UnitName:
    """A unit of a list whose names were read together."""
    code, name = names.get(unit, ("", ""))
    return UnitName(id=unit, code=code, name=name)
