"""Bytes to plain data, in strict JSON or a small YAML.

The YAML is that of a hand-written document: block and flow mappings, lists, and scalars. Anchors,
aliases, tags, merge keys and several documents are refused, and so is a key given twice. Plain scalars are
texts unless they are written as JSON writes null, true, false and integers: a date, ``yes`` and ``05`` stay
texts. Numbers with a fraction or exponent are refused in both, since an exact number is an
integer or a text such as "7/10".
"""

import codecs
from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal

from domain.findings import Finding, Invalid, Plain
from service.formats.json_reader import DataLimits, check_plain_data, decode_json
from service.formats.plans.faults import MAX_FINDINGS
from service.formats.plans.yaml_reader import read_yaml

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_MEMBERS = 5000
MAX_INTEGER_DIGITS = 18

_NUMBER_NOT_EXACT = Finding("plan_number_not_exact", {"digits": MAX_INTEGER_DIGITS})
PLAN_LIMITS = DataLimits(
    MAX_DEPTH,
    MAX_INTEGER_DIGITS,
    too_deep=Finding("plan_too_deep", {"limit": MAX_DEPTH}),
    inexact_number=_NUMBER_NOT_EXACT,
    unusable_number=_NUMBER_NOT_EXACT,
    repeated_key=Finding("plan_key_twice"),
    points_at_key=True,
    members=MAX_MEMBERS,
)

PlanMedia = Literal["yaml", "json"]


def read_document(data: bytes, media: PlanMedia) -> dict[str, Any]:
    """The mapping in ``data``, as plain JSON values.

    Raises :class:`Invalid` (``plan_unreadable``) with line and column, or the pointer, of what is wrong.
    """
    if len(data) > MAX_BODY_BYTES:
        raise _build_refusal("body_too_large", {"limit": MAX_BODY_BYTES})
    text = _decode_text(data)
    body = read_yaml(text, PLAN_LIMITS) if media == "yaml" else _read_json(text)
    if not isinstance(body, dict):
        raise _build_refusal("not_an_object")
    found = tuple(islice(check_plain_data(body, PLAN_LIMITS), MAX_FINDINGS))
    if found:
        raise Invalid("plan_unreadable", errors=found)
    return body


def _build_refusal(code: str, params: Mapping[str, Plain] | None = None) -> Invalid:
    return Invalid("plan_unreadable", errors=(Finding(code, params or {}),))


def _decode_text(data: bytes) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _build_refusal("plan_not_utf8", {"line": line}) from None


def _read_json(text: str) -> Any:
    try:
        return decode_json(text, PLAN_LIMITS)[0]
    except Invalid as refused:
        raise _build_refusal(refused.code, refused.params) from None
