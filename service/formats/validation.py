"""Errors of the validation library as findings: code, parameters, pointer; never the values sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.findings import Finding, Plain, escape_pointer_step
from service.formats.field_names import list_near_fields
from service.formats.forms import FORM_NAMES
from service.texts import load_catalogue

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "union_tag_not_found": "missing",
    "union_tag_invalid": "wrong_choice",
    "literal_error": "wrong_choice",
    "enum": "wrong_choice",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "greater_than": "not_above",
    "less_than": "not_below",
    "string_too_short": "text_too_short",
    "string_too_long": "text_too_long",
    "too_short": "too_few_items",
    "too_long": "too_many_items",
    "string_pattern_mismatch": "wrong_form",
    "int_type": "not_an_integer",
    "int_parsing": "not_an_integer",
    "int_parsing_size": "not_an_integer",
    "int_from_float": "not_an_integer",
    "bool_type": "not_a_boolean",
    "bool_parsing": "not_a_boolean",
    "string_type": "not_text",
    "list_type": "not_a_list",
    "tuple_type": "not_a_list",
    "set_type": "not_a_list",
    "frozen_set_type": "not_a_list",
    "dict_type": "not_an_object",
    "mapping_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "string_unicode": "not_text",
}
"""The library's codes that differ from ours; codes that are ours already remain."""

_FORMS = (("datetime", "moment_form"), ("date", "date_form"), ("uuid", "uuid_form"))
"""How the library's other codes begin, and ours."""

_PARAMS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "limit",
    "lt": "limit",
    "min_length": "minimum",
    "max_length": "maximum",
    "expected": "allowed",
    "expected_tags": "allowed",
    "pattern": "form",
}
"""The library's parameters, and what ours are called."""

_LONGEST_STEP = 100
"""A longer step is a text from the body, not a name, and is not repeated in a message."""

_LONGEST_POINTER = 500
"""A pointer that would be longer leads only to an object around the place."""

_QUOTED = re.compile(r"'([^']*)'")


def build_finding(
    error: Mapping[str, Any], path: Sequence[str | int], body: Any, kind: type | None = None
) -> Finding:
    """One error of the library, at ``path`` into ``body`` as the library counts the steps.

    ``kind`` is what the body should be: fields of it that are near an unknown one are named.
    """
    params = _read_params(error)
    if error["type"] == "extra_forbidden" and kind is not None and (near := list_near_fields(kind, path)):
        params["near"] = near
    return Finding(_derive_code(error["type"]), params, build_pointer(follow_path(error, path, body)))


def follow_path(error: Mapping[str, Any], path: Sequence[str | int], body: Any) -> list[str | int]:
    """The steps of ``path`` that lead through ``body``: names of union members do not, nor does ``[key]``.

    A missing field leads to where it should be.
    """
    steps: list[str | int] = []
    for step in path:
        within = isinstance(body, dict) and step in body
        if within or (isinstance(body, list) and isinstance(step, int) and step < len(body)):
            body = body[step]
            steps.append(step)
    if error["type"] == "missing" and path and isinstance(body, dict) and path[-1] not in steps[-1:]:
        steps.append(path[-1])
    return steps


def build_pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) along a path.

    It ends before the first step that is too long to be a name, or with which it would be too long itself.
    """
    pointer = ""
    for name in path:
        longer = f"{pointer}/{escape_pointer_step(name)}"
        if len(str(name)) > _LONGEST_STEP or len(longer) > _LONGEST_POINTER:
            break
        pointer = longer
    return pointer


def _derive_code(kind: str) -> str:
    if kind in _CODES:
        return _CODES[kind]
    if kind in load_catalogue():
        return kind
    for start, code in _FORMS:
        if kind.startswith(start):
            return code
    return "invalid"


def _read_params(error: Mapping[str, Any]) -> dict[str, Plain]:
    """The library's parameters that we have a name for, and all parameters of a code of ours."""
    is_ours = error["type"] not in _CODES and error["type"] in load_catalogue()
    return {
        _PARAMS.get(name, name): _plain_param(name, value)
        for name, value in (error.get("ctx") or {}).items()
        if name in _PARAMS or is_ours
    }


def _plain_param(name: str, value: Any) -> Plain:
    if name in {"expected", "expected_tags"}:
        return ", ".join(_QUOTED.findall(str(value))) or str(value)
    if name == "pattern":
        return FORM_NAMES.get(str(value), str(value))
    return value if isinstance(value, str | int | list) else str(value)
