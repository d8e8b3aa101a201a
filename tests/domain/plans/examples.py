"""The example plans, as printed and with one thing changed."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from domain.findings import Finding, Invalid
from domain.plans import Plan
from service.formats.plans import read_document, read_plan

FOLDER = Path(__file__).parents[3] / "examples" / "plans"
NAMES = ("soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020", "hai_phong_2020")


@cache
def _body(name: str) -> dict[str, Any]:
    return read_document((FOLDER / f"{name}.yaml").read_bytes(), "yaml")


def body(name: str) -> dict[str, Any]:
    """A fresh copy of an example's body, to change."""
    return deepcopy(_body(name))


@cache
def plan(name: str) -> Plan:
    """An example as the rules know it."""
    return read_plan(_body(name))


def change_body(name: str, pointer: str, value: Any) -> dict[str, Any]:
    """An example's body with the value at a pointer set; None takes it out."""
    whole = body(name)
    *path, last = pointer.lstrip("/").split("/")
    place: Any = whole
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        place.pop(last)
    else:
        place[last] = value
    return whole


def amend_plan(name: str, pointer: str, value: Any) -> Plan:
    """The plan with that change."""
    return read_plan(change_body(name, pointer, value))


def faults(whole: Any) -> list[tuple[str, str]]:
    """Code and pointer of everything a body is refused for; nothing when it is taken."""
    try:
        read_plan(whole)
    except Invalid as refusal:
        return [(each.code, each.pointer) for each in refusal.errors]
    return []


def filter_findings(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    """The findings of one code."""
    return [each for each in findings if each.code == code]
