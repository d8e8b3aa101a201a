"""Faults: one thing that is wrong with a request, and where, however it was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from domain.findings import Finding, Plain
from service.texts import Language, load_catalogue, translate_code
from service.validation import CODES, PARAMS, build_pointer, list_choices

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
        """The same as the rules found it."""
        return cls(finding.code, finding.params, finding.pointer, clause=finding.clause)

    def translate(self, language: Language) -> dict[str, Any]:
        """As it stands in a problem."""
        places = {"pointer": self.pointer, "parameter": self.parameter, "clause": self.clause}
        said = {
            "code": self.code,
            "params": self.params,
            "detail": translate_code(self.code, self.params, language),
        }
        return said | {name: place for name, place in places.items() if place is not None}


def read_faults(errors: Sequence[Mapping[str, Any]], body: Any) -> list[Fault]:
    """Our faults for the validation library's errors over ``body``."""
    return [_read_fault(error, body) for error in errors]


def _read_fault(error: Mapping[str, Any], body: Any) -> Fault:
    place, *path = error["loc"]
    code, params = _derive_code(error["type"]), _read_params(error)
    if place == "body":
        return Fault(code, params, build_pointer(_follow_path(body, path, missing=code == "missing")))
    return Fault(code, params, parameter=str(path[0]) if path else None, place=place)


def _derive_code(kind: str) -> str:
    if kind in CODES:
        return CODES[kind]
    for start, code in (("date_from", "date_form"), ("datetime", "moment_form"), ("date", "date_form")):
        if kind.startswith(start):
            return code
    if kind.startswith("uuid"):
        return "uuid_form"
    return kind if kind in load_catalogue() else "invalid"


def _read_params(error: Mapping[str, Any]) -> dict[str, Plain]:
    given = error.get("ctx") or {}
    known = error["type"] not in CODES
    return {
        PARAMS.get(name, name): _plain_param(name, value)
        for name, value in given.items()
        if name in PARAMS or (known and error["type"] in load_catalogue())
    }


def _plain_param(name: str, value: Any) -> Plain:
    if name in {"expected", "expected_tags"}:
        return list_choices(value)
    return value if isinstance(value, str | int) else str(value)


def _follow_path(body: Any, path: Sequence[str | int], *, missing: bool) -> list[str | int]:
    """The part of ``path`` that leads through ``body``: names of union members do not, nor does ``[key]``."""
    steps: list[str | int] = []
    for step in path:
        within = isinstance(body, dict) and step in body
        if within or (isinstance(body, list) and isinstance(step, int) and step < len(body)):
            body = body[step]
            steps.append(step)
    if missing and path and isinstance(body, dict) and path[-1] not in steps[-1:]:
        steps.append(path[-1])
    return steps
