"""Validation errors in our own words: code, parameters, pointer; never what was sent."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Plain
from service.validation import CODES, PARAMS, allowed, pointer

MOST = 200
"""Faults told at once: a body of a million wrong fields gets the first of them."""


def findings(error: ValidationError) -> tuple[Finding, ...]:
    """What is wrong with a body, place by place, at most :data:`MOST`."""
    details = error.errors(include_url=False, include_input=False)
    told = [each for each in details if not _follows(each, details)][:MOST]
    return tuple(Finding(_code(each["type"]), _params(each), _pointer(each)) for each in told)


def _follows(error: Any, details: Sequence[Any]) -> bool:
    """Whether a list is called too short only because its members are faulty."""
    if error["type"] != "too_short":
        return False
    place = error["loc"]
    return any(len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in details)


def _code(kind: str) -> str:
    return CODES.get(kind, kind)


def _params(error: Any) -> dict[str, Plain]:
    given: dict[str, Plain] = {}
    for name, value in (error.get("ctx") or {}).items():
        if name == "expected":
            given[PARAMS[name]] = allowed(value)
        elif name in PARAMS:
            given[PARAMS[name]] = int(value)
    return given


def _pointer(error: Any) -> str:
    """The error's place; the library's marks for the key of a mapping lead nowhere in the body."""
    return pointer([name for name in error["loc"] if name != "[key]"])
