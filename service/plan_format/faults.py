"""Validation errors in our own words: code, parameters, pointer; never what was sent."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Plain
from service.validation import CODES, PARAMS, build_pointer, list_choices

MAX_FINDINGS = 200
"""Faults told at once: a body of a million wrong fields gets the first of them."""


def build_findings(body: Any, error: ValidationError) -> tuple[Finding, ...]:
    """What is wrong with a body, place by place, at most :data:`MOST`."""
    details = _list_details(error)
    told = [each for each in details if not _is_consequence(each, details)][:MAX_FINDINGS]
    return tuple(_build_finding(each, _find_path(body, each["loc"])) for each in told)


def drop_unknown_fields(body: Any, error: ValidationError) -> tuple[Any, tuple[Finding, ...]]:
    """A body without the fields that the format does not know, and what is to be said of those."""
    strangers = [each for each in _list_details(error) if each["type"] == "extra_forbidden"]
    ways = [_find_path(body, each["loc"]) for each in strangers]
    rest = deepcopy(body) if strangers else body
    for *way, name in ways:
        del _find_value(rest, way)[name]
    return rest, tuple(_build_finding(each, way) for each, way in zip(strangers, ways, strict=True))


def _list_details(error: ValidationError) -> Sequence[Any]:
    return error.errors(include_url=False, include_input=False)


def _build_finding(error: Any, way: Sequence[str | int]) -> Finding:
    return Finding(_convert_code(error["type"]), _convert_params(error), build_pointer(way))


def _find_path(body: Any, place: Sequence[str | int]) -> list[str | int]:
    """An error's place in the body: the library's marks, for keys of mappings and for kinds of parts, lead
    nowhere in it."""
    way: list[str | int] = []
    for name in place:
        here = _find_value(body, way)
        marked = isinstance(here, dict) and name not in here and here.get("kind") == name
        if name != "[key]" and not marked:
            way.append(name)
    return way


def _find_value(body: Any, way: Sequence[str | int]) -> Any:
    """What stands there, or nothing."""
    for name in way:
        if isinstance(body, list) and isinstance(name, int):
            body = body[name]
        else:
            body = body.get(name) if isinstance(body, dict) else None
    return body


def _is_consequence(error: Any, details: Sequence[Any]) -> bool:
    """Whether a list is called too short only because its members are faulty."""
    if error["type"] != "too_short":
        return False
    place = error["loc"]
    return any(len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in details)


def _convert_code(kind: str) -> str:
    return CODES.get(kind, kind)


def _convert_params(error: Any) -> dict[str, Plain]:
    given: dict[str, Plain] = {}
    for name, value in (error.get("ctx") or {}).items():
        if name == "expected":
            given[PARAMS[name]] = list_choices(value)
        elif name in PARAMS:
            given[PARAMS[name]] = int(value)
    return given
