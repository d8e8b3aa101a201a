"""The methods of apportionment, their parameters and their usual names.

Definitions: M. L. Balinski and H. P. Young, *Fair Representation*, 2nd edition 2001; F. Pukelsheim,
*Proportional Representation*, 2nd edition 2017.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from domain.findings import Finding, Plain

USUAL_FIRST_DIVISOR = Fraction(7, 5)
"""The usual first divisor of the modified Sainte-Laguë method, on the scale 1, 3, 5."""


QuotaKind = Literal["hare", "droop"]
BoundsKind = Literal["refit", "whole_house"]


class Method(StrEnum):
    """The method by which seats follow from weights."""

    DHONDT = "dhondt"
    SAINTE_LAGUE = "sainte_lague"
    MODIFIED_SAINTE_LAGUE = "modified_sainte_lague"
    HUNTINGTON_HILL = "huntington_hill"
    DEAN = "dean"
    ADAMS = "adams"
    STATIONARY = "stationary"
    LARGEST_REMAINDER = "largest_remainder"
    QUOTA = "quota_method"


@dataclass(frozen=True, slots=True)
class ApportionmentRule:
    """A method with its parameters.

    ``c``, in [0, 1], belongs to ``stationary``: signposts s(k) = k - 1 + c. ``first_divisor``, in (0, 3),
    belongs to ``modified_sainte_lague`` and is on the scale 1, 3, 5; if left out it is 1.4. ``quota`` and
    ``bounds`` are for ``largest_remainder`` only: ``refit`` computes the shares again after the bounds are
    applied, ``whole_house`` takes each unit's part of all seats, as the US law of 1880 did.
    """

    method: Method = Method.SAINTE_LAGUE
    c: Fraction | None = None
    first_divisor: Fraction | None = None
    quota: QuotaKind = "hare"
    bounds: BoundsKind = "refit"

    @property
    def is_divisor_method(self) -> bool:
        """Whether it is a divisor method, which ranks seats by quotients."""
        return self.method not in (Method.LARGEST_REMAINDER, Method.QUOTA)

    def check_parameters(self) -> list[Finding]:
        """What is wrong with the parameters, pointing below ``/rule``."""
        found = list(_check_parameter(self, Method.STATIONARY, "c", self.c))
        found += _check_parameter(self, Method.MODIFIED_SAINTE_LAGUE, "first_divisor", self.first_divisor)
        if self.quota not in ("hare", "droop"):
            found.append(Finding("quota_unknown", {}, "/rule/quota"))
        if self.bounds not in ("refit", "whole_house"):
            found.append(Finding("bounds_unknown", {}, "/rule/bounds"))
        return found

    def plain_rule(self) -> dict[str, Plain]:
        """The rule as JSON, with only those parameters that the method uses."""
        match self.method:
            case Method.STATIONARY:
                return {"method": str(self.method), "c": str(self.c)}
            case Method.MODIFIED_SAINTE_LAGUE:
                return {
                    "method": str(self.method),
                    "first_divisor": str(self.first_divisor or USUAL_FIRST_DIVISOR),
                }
            case Method.LARGEST_REMAINDER:
                return {"method": str(self.method), "quota": self.quota, "bounds": self.bounds}
        return {"method": str(self.method)}


def _check_parameter(rule: ApportionmentRule, method: Method, name: str, value: object) -> list[Finding]:
    where = f"/rule/{name}"
    if rule.method is not method:
        unused = {"parameter": name, "method": str(rule.method)}
        return [] if value is None else [Finding("parameter_unused", unused, where)]
    if value is None:
        return [Finding("c_missing", {}, where)] if name == "c" else []
    if not isinstance(value, Fraction | int) or isinstance(value, bool):
        return [Finding("parameter_not_exact", {"parameter": name}, where)]
    if name == "c":
        return [] if 0 <= value <= 1 else [Finding("c_out_of_range", {}, where)]
    return [] if 0 < value < 3 else [Finding("first_divisor_out_of_range", {}, where)]


@dataclass(frozen=True, slots=True)
class MethodName:
    """The names of a method: Vietnamese, and English."""

    vi: str
    en: str


METHOD_NAMES: dict[Method, MethodName] = {
    Method.DHONDT: MethodName("Phương pháp D'Hondt (ước số lớn nhất)", "D'Hondt"),
    Method.SAINTE_LAGUE: MethodName("Phương pháp Sainte-Laguë (ước số lẻ)", "Sainte-Laguë"),
    Method.MODIFIED_SAINTE_LAGUE: MethodName("Phương pháp Sainte-Laguë cải biên", "Modified Sainte-Laguë"),
    Method.HUNTINGTON_HILL: MethodName("Phương pháp Huntington-Hill (tỷ lệ bằng nhau)", "Huntington-Hill"),
    Method.DEAN: MethodName("Phương pháp Dean (trung bình điều hòa)", "Dean"),
    Method.ADAMS: MethodName("Phương pháp Adams (ước số nhỏ nhất)", "Adams"),
    Method.STATIONARY: MethodName("Phương pháp ước số với điểm làm tròn c", "Stationary divisors"),
    Method.LARGEST_REMAINDER: MethodName("Phương pháp số dư lớn nhất", "Largest remainder"),
    Method.QUOTA: MethodName("Phương pháp Balinski-Young (theo phần tương ứng)", "Quota method"),
}
"""Each method's names; the Vietnamese ones are the project's own wording where the law has none."""
