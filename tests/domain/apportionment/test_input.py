"""What cannot be apportioned is refused with a pointer to every fault, in both languages."""

import re
from dataclasses import astuple
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import domain.apportionment
import domain.verification
from domain.apportionment import (
    METHOD_NAMES,
    ApportionmentRule,
    Claim,
    Claims,
    Method,
    apportion_seats,
)
from domain.findings import Invalid
from service.texts import load_catalogue, translate_code


def faults(seats: Any, units: list[Any], rule: ApportionmentRule) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        apportion_seats(seats, units, rule)
    return {(error.code, error.pointer) for error in refused.value.errors}


GOOD = Claim("a", 1)


@pytest.mark.parametrize(
    ("unit", "code", "pointer"),
    [
        (Claim("a", 1), "id_repeated", "/units/1/id"),
        (Claim("", 1), "id_missing", "/units/1/id"),
        (Claim(7, 1), "id_missing", "/units/1/id"),  # type: ignore[arg-type]  # the point of the test
        (Claim("b", -1), "weight_negative", "/units/1/weight"),
        (Claim("b", Fraction(-1, 3)), "weight_negative", "/units/1/weight"),
        (Claim("b", 0.5), "weight_not_exact", "/units/1/weight"),  # type: ignore[arg-type]
        (Claim("b", True), "weight_not_exact", "/units/1/weight"),
        (Claim("b", "3"), "weight_not_exact", "/units/1/weight"),  # type: ignore[arg-type]
        (Claim("b", 1, floor=-1), "bound_not_a_count", "/units/1/floor"),
        (Claim("b", 1, floor=1.5), "bound_not_a_count", "/units/1/floor"),  # type: ignore[arg-type]
        (Claim("b", 1, cap=-1), "bound_not_a_count", "/units/1/cap"),
        (Claim("b", 1, base=-2), "bound_not_a_count", "/units/1/base"),
        (Claim("b", 1, floor=3, cap=2), "floor_above_cap", "/units/1/floor"),
        (Claim("b", 1, base=3, cap=2), "base_above_cap", "/units/1/base"),
    ],
)
def test_a_faulty_claim(unit: Claim, code: str, pointer: str) -> None:
    assert faults(3, [GOOD, unit], ApportionmentRule()) == {(code, pointer)}


def test_all_faults_at_once() -> None:
    found = faults(3, [Claim("a", -1, floor=4, cap=1), Claim("a", 0.1)], ApportionmentRule())  # type: ignore[arg-type]
    assert {pointer for _, pointer in found} == {
        "/units/0/weight",
        "/units/0/floor",
        "/units/1/id",
        "/units/1/weight",
    }


@pytest.mark.parametrize("seats", [-1, 2.0, True, "3", None])
def test_a_house_is_a_count(seats: Any) -> None:
    assert faults(seats, [GOOD], ApportionmentRule()) == {("seats_not_a_count", "/seats")}


@pytest.mark.parametrize(
    ("rule", "code", "pointer"),
    [
        (ApportionmentRule(Method.STATIONARY), "c_missing", "/rule/c"),
        (ApportionmentRule(Method.STATIONARY, c=Fraction(3, 2)), "c_out_of_range", "/rule/c"),
        (ApportionmentRule(Method.STATIONARY, c=0.5), "parameter_not_exact", "/rule/c"),  # type: ignore[arg-type]
        (ApportionmentRule(Method.DHONDT, c=Fraction(1)), "parameter_unused", "/rule/c"),
        (
            ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE, first_divisor=Fraction(3)),
            "first_divisor_out_of_range",
            "/rule/first_divisor",
        ),
        (
            ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE, first_divisor=Fraction(0)),
            "first_divisor_out_of_range",
            "/rule/first_divisor",
        ),
        (ApportionmentRule(first_divisor=Fraction(1)), "parameter_unused", "/rule/first_divisor"),
        (ApportionmentRule(quota="imperiali"), "quota_unknown", "/rule/quota"),  # type: ignore[arg-type]
        (ApportionmentRule(bounds="none"), "bounds_unknown", "/rule/bounds"),  # type: ignore[arg-type]
    ],
)
def test_a_faulty_rule(rule: ApportionmentRule, code: str, pointer: str) -> None:
    assert faults(3, [GOOD], rule) == {(code, pointer)}


def test_columns_of_different_length_are_no_claims() -> None:
    with pytest.raises(Invalid, match="columns_differ"):
        Claims(["a", "b"], [1])


def test_every_code_has_its_sentence() -> None:
    packages = (domain.apportionment, domain.verification)
    sources = [source for package in packages for source in Path(str(package.__file__)).parent.glob("*.py")]
    spoken = re.compile(r'(?:Finding|Invalid)\(\s*"([a-z_]+)"')
    codes = {code for source in sources for code in spoken.findall(source.read_text())}
    assert len(codes) > 20
    assert codes <= set(load_catalogue())


def test_a_sentence_is_filled() -> None:
    params = {"id": "Sở Thử nghiệm", "floor": 4, "cap": 2}
    for language in ("vi", "en"):
        text = translate_code("floor_above_cap", params, language)  # type: ignore[arg-type]  # both of them
        assert "Sở Thử nghiệm" in text
        assert "{" not in text


def test_no_name_means_two_methods() -> None:
    assert set(METHOD_NAMES) == set(Method)
    each = [{name.casefold() for name in (method, *astuple(known))} for method, known in METHOD_NAMES.items()]
    assert len(set().union(*each)) == sum(map(len, each))
