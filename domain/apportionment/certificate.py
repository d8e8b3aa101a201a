"""The certificate: the result as JSON, with all that is needed to prove it without this engine."""

from fractions import Fraction

from domain.apportionment.result import Apportionment
from domain.findings import Plain

FORMAT = "daibieu-apportionment-1"
GREATEST_SAFE_INTEGER = 2**53 - 1
"""A JSON reader that knows only floats would change larger whole numbers; they are written as strings."""


def build_certificate(result: Apportionment) -> dict[str, Plain]:
    """``result`` as JSON, units sorted by id; the format is in ``docs/apportionment.md``."""
    content: dict[str, Plain] = {
        "format": FORMAT,
        "seats": result.house,
        "rule": result.rule.plain_rule(),
        "status": result.status,
        "units": _plain_units(result),
    }
    if result.tie:
        tie = result.tie
        content["tie"] = {
            "ids": list(tie.ids),
            "places": tie.places,
            "digest": tie.digest,
            "lots": list(result.lots),
        }
    if result.status != "infeasible" and not result.rule.is_divisor_method and result.rule.bounds == "refit":
        n, d = result.scale
        content["scale"] = str(Fraction(n * result.problem.scale, d))
    if result.repair:
        content["house"] = result.repair.house
    return content


def _plain_units(result: Apportionment) -> list[Plain]:
    units: list[Plain] = []
    for index, claim in enumerate(result.claims):
        unit: dict[str, Plain] = {
            "id": claim.id,
            "weight": plain_number(claim.weight),
            "floor": claim.floor,
            "cap": claim.cap,
            "base": claim.base,
        }
        if result.seats:
            unit["seats"] = result.seats[index]
        units.append(unit)
    return sorted(units, key=_read_unit_id)


def _read_unit_id(unit: Plain) -> str:
    return str(unit["id"]) if isinstance(unit, dict) else ""


def plain_number(number: int | Fraction) -> int | str:
    """``number`` as exact JSON: an integer of safe size, else a string of digits or "p/q"."""
    return number if isinstance(number, int) and abs(number) <= GREATEST_SAFE_INTEGER else str(number)
