"""Faults of a request: what is wrong and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from domain.findings import Finding, Plain
from service.formats.validation import build_finding
from service.texts import Translator

RequestPart = Literal["body", "query", "header", "cookie", "path"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: at a ``pointer`` into the body, or at a ``parameter`` of the query or the headers."""

    code: str
    params: Mapping[str, Plain] = field(default_factory=dict)
    pointer: str | None = None
    parameter: str | None = None
    clause: str | None = None
    place: RequestPart = "body"

    @classmethod
    def from_finding(cls, finding: Finding) -> Self:
        """The fault for a finding of the rules."""
        return cls(finding.code, finding.params, finding.pointer, clause=finding.clause)

    def translate(self, translator: Translator) -> dict[str, Any]:
        """The fault as a part of a problem, in the reader's language."""
        places = {"pointer": self.pointer, "parameter": self.parameter, "clause": self.clause}
        detail = translator.translate(self.code, self.params)
        fault = {"code": self.code, "params": self.params, "detail": detail}
        return fault | {name: place for name, place in places.items() if place is not None}


def read_faults(errors: Sequence[Mapping[str, Any]], body: Any, kind: type | None = None) -> list[Fault]:
    """The faults for the validation library's errors about ``body``, which should be of this kind."""
    return [_read_fault(error, body, kind) for error in errors]


def _read_fault(error: Mapping[str, Any], body: Any, kind: type | None) -> Fault:
    place, *path = error["loc"]
    if place == "body":
        return Fault.from_finding(build_finding(error, path, body, kind))
    finding = build_finding(error, (), None)
    return Fault(finding.code, finding.params, parameter=str(path[0]) if path else None, place=place)
