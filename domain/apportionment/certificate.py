"""The certificate: the result as JSON, with all that is needed to prove it without this engine."""

from collections.abc import Mapping
from fractions import Fraction

from domain.apportionment.result import Apportionment
from domain.apportionment.rules import Method
from domain.findings import Plain
from domain.snapshots import compute_digest

FORMAT = "daibieu-apportionment-2"
GREATEST_SAFE_INTEGER = 2**53 - 1
"""A JSON reader that knows only floats would change larger whole numbers; they are written as strings."""


def build_certificate(result: Apportionment) -> dict[str, Plain]:
    """``result`` as JSON, units sorted by id; the format is in ``docs/apportionment.md``."""
    content: dict[str, Plain] = {
        "format": FORMAT,
        "stage": result.stage,
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
    by_remainder = result.rule.method is Method.LARGEST_REMAINDER and result.rule.bounds == "refit"
    if result.status != "infeasible" and by_remainder:
        content["scale"] = str(_compute_least_scale(result))
    if result.repair:
        content["house"] = result.repair.house
    return seal(content)


def seal(content: Mapping[str, Plain]) -> dict[str, Plain]:
    """A certificate with its ``digest``: SHA-256 over the canonical JSON of all its other members."""
    return {**content, "digest": compute_digest(dict(content))}


def _compute_least_scale(result: Apportionment) -> Fraction:
    """The least scale that gives the shares; where every unit is at a bound, there are many."""
    problem, scale = result.problem, Fraction(*result.scale)
    rows = [row for row in zip(problem.weights, problem.floors, problem.caps, strict=True) if row[0]]
    shares = [(scale * weight, floor, cap) for weight, floor, cap in rows]
    if not any(floor < share <= cap for share, floor, cap in shares):
        full = (Fraction(cap, weight) for weight, floor, cap in rows if floor < cap <= scale * weight)
        scale = max(full, default=Fraction(0))
    return scale * problem.scale


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
    """``number`` as exact JSON: an integer of safe size, else a string "p" or "p/q" in lowest terms."""
    exact = Fraction(number)
    whole = exact.denominator == 1 and exact.numerator <= GREATEST_SAFE_INTEGER
    return exact.numerator if whole else str(exact)
