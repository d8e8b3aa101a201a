"""Validation errors in our own words: code, parameters, pointer; never what was sent."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Plain

CODES = {
    "extra_forbidden": "unknown_field",
    "literal_error": "wrong_choice",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "string_too_short": "text_too_short",
    "string_too_long": "text_too_long",
    "too_short": "too_few_items",
    "too_long": "too_many_items",
    "string_pattern_mismatch": "wrong_form",
    "int_type": "not_an_integer",
    "int_parsing_size": "not_an_integer",
    "bool_type": "not_a_boolean",
    "string_type": "not_text",
    "string_unicode": "not_text",
    "tuple_type": "not_a_list",
    "dict_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
}
"""Codes of the validation library that differ from ours; raised codes of our own pass as they are."""

PARAMS = {
    "ge": "minimum",
    "le": "maximum",
    "min_length": "minimum",
    "max_length": "maximum",
    "expected": "allowed",
}
MOST = 200
"""Faults told at once: a body of a million wrong fields gets the first of them."""

_QUOTED = re.compile(r"'([^']*)'")
_LONGEST_STEP = 100


def findings(error: ValidationError) -> tuple[Finding, ...]:
    """What is wrong with a body, place by place, at most :data:`MOST`."""
    details = error.errors(include_url=False, include_input=False)
    told = [each for each in details if not _follows(each, details)][:MOST]
    return tuple(Finding(_code(each["type"]), _params(each), _pointer(each)) for each in told)


def pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer along a path; it stops before a step too long to be a name."""
    steps: list[str] = []
    for step in map(str, path):
        if len(step) > _LONGEST_STEP:
            break
        steps.append("/" + step.replace("~", "~0").replace("/", "~1"))
    return "".join(steps)


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
            given[PARAMS[name]] = ", ".join(_QUOTED.findall(str(value))) or str(value)
        elif name in PARAMS:
            given[PARAMS[name]] = int(value)
    return given


def _pointer(error: Any) -> str:
    """The error's place; the library's marks for the key of a mapping lead nowhere in the body."""
    return pointer([step for step in error["loc"] if step != "[key]"])
