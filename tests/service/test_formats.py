"""What every format is read with: strict JSON, field types, and the library's errors in our words."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from domain.findings import Finding, Invalid
from service.formats import fields
from service.formats.json_reader import DataLimits, check_plain_data, decode_json
from service.formats.validation import build_finding

LIMITS = DataLimits(
    3,
    5,
    too_deep=Finding("deep", {"limit": 3}),
    inexact_number=Finding("inexact"),
    unusable_number=Finding("unusable"),
    repeated_key=Finding("repeated"),
)


def found(text: str, limits: DataLimits = LIMITS) -> list[tuple[str, str]]:
    """Code and pointer of all that is refused in JSON; nothing is refused that was not announced."""
    value, is_suspicious = decode_json(text, limits)
    findings = [(each.code, each.pointer) for each in check_plain_data(value, limits)]
    assert is_suspicious or {code for code, _ in findings} <= {"too_many_items"}
    return findings


# Strict JSON.


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ('{"a": [1, -9999, 99999, true, null, "x"]}', []),
        ('{"a": [100000, -99999]}', [("unusable", "/a/0"), ("unusable", "/a/1")]),
        ("[1.0, 1e5, NaN]", [("inexact", "/0"), ("inexact", "/1"), ("unusable", "/2")]),
        ('{"a": 1, "b": {"c": 1, "d": 2, "d": 3, "c": 4}}', [("repeated", "/b")]),
        ('["\\u0000", "\\udfff", "\\ud83d\\ude00", "\\\\u0000"]', [("json_text", "/0"), ("json_text", "/1")]),
    ],
)
def test_what_is_refused_has_the_code_of_the_format(text: str, findings: list[tuple[str, str]]) -> None:
    assert found(text) == findings


def test_a_format_may_point_at_the_key_that_is_repeated() -> None:
    text = '{"a": {"c": 1, "d": 2, "d": 3, "c": 4}}'
    assert found(text, replace(LIMITS, points_at_key=True)) == [("repeated", "/a/d")]


@pytest.mark.parametrize("points_at_key", [True, False])
def test_no_pointer_leads_through_a_key_that_cannot_be_stored(points_at_key: bool) -> None:
    text = '{"a": {"\\ud800": NaN, "\\u0000": {"b": 1.5}, "\\ud800": "\\ud800", "c": 1.5}}'
    assert found(text, replace(LIMITS, points_at_key=points_at_key)) == [
        ("repeated", "/a"),
        ("json_text", "/a"),
        ("inexact", "/a/c"),
    ]


def test_a_format_may_limit_members() -> None:
    limits = replace(LIMITS, members=2)
    assert found('{"a": [1, 2], "b": [1, 2.5, 3]}', limits) == [("too_many_items", "/b")]
    assert found('{"a": 1, "b": 2, "c": 1.5}', limits) == [("too_many_items", "")]


@pytest.mark.parametrize("text", ["[[[[]]]]", '{"a":{"a":{"a":{}}}}', "[" * 500 + "]" * 500, "[" * 10**6])
def test_deep_json_is_refused_as_a_whole(text: str) -> None:
    assert found("[[[1]]]") == []
    with pytest.raises(Invalid) as caught:
        decode_json(text, LIMITS)
    assert (caught.value.code, caught.value.params) == ("deep", {"limit": 3})


def test_data_that_no_json_makes_is_refused_too() -> None:
    findings = check_plain_data({"a": date(2020, 1, 1), "b": [10**5, 0.5], 7: "x"}, LIMITS)
    assert [(each.code, each.pointer) for each in findings] == [
        ("json_text", ""),
        ("invalid", "/a"),
        ("unusable", "/b/0"),
        ("inexact", "/b/1"),
    ]
    assert [each.code for each in check_plain_data([[[[1]]]], LIMITS)] == ["deep"]


def test_a_mistake_of_syntax_is_told_by_line_and_column() -> None:
    with pytest.raises(Invalid) as caught:
        decode_json('{"a": 1,\n "b": }', LIMITS)
    assert (caught.value.code, caught.value.params) == ("json_syntax", {"line": 2, "column": 7})


# Field types.


def read(validator: Any, value: Any) -> Any:
    """What a field of this validator makes of a value, or the code that it is refused with."""
    try:
        return TypeAdapter(Annotated[Any, validator]).validate_python(value)
    except ValidationError as error:
        return error.errors()[0]["type"]


@pytest.mark.parametrize(
    ("value", "line", "lines"),
    [
        (" a\u0302\u0300n ", "\u1ea7n", "\u1ea7n"),
        ("a\u00a0b\u3000c  d", "a b c d", "a\u00a0b\u3000c  d"),
        (" \n", "text_blank", "text_blank"),
        ("a\r\nb\tc", "text_control", "a\nb\tc"),
        ("a\rb", "text_control", "text_control"),
        *(
            (f"a{letter}b", "text_control", "text_control")
            for letter in "\0\x85\u200b\u2028\u202e\ue000\uffff"
        ),
    ],
)
def test_a_text_has_no_hidden_characters(value: str, line: str, lines: str) -> None:
    assert (read(fields.CleanLine, value), read(fields.CleanLines, value)) == (line, lines)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-02-29", date(2020, 2, 29)),
        (date(1800, 1, 1), date(1800, 1, 1)),
        ("2010-01-01", date(2010, 1, 1)),
        ("2020-12-31", date(2020, 12, 31)),
        *(
            (value, "date_form")
            for value in ("2009-12-31", "2021-01-01", "2019-02-29", "20200101", "2020-W01-1")
        ),
        *(
            (value, "date_form")
            for value in ("2020-1-1", "2020-01-01\n", 0, None, True, datetime(2020, 1, 1, tzinfo=UTC))
        ),
    ],
)
def test_a_day_is_within_the_years_of_the_format(value: Any, day: Any) -> None:
    assert read(fields.build_day_reader(2010, 2020), value) == day


NOT_EXACT: tuple[Any, ...] = (100, -7, True, 0.5, None, "7/100", " 7", "", [], b"7")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, Fraction(7)),
        ("7/10", Fraction(7, 10)),
        (Decimal("0.1"), Fraction(1, 10)),
        *((value, "exact_form") for value in NOT_EXACT),
    ],
)
def test_an_exact_number_has_the_form_of_the_format(value: Any, number: Any) -> None:
    reader = fields.build_exact_reader(re.compile("[0-9]{1,2}(?:/[0-9]{1,2})?"), "exact_form")
    assert read(reader, value) == number


# The library's errors in our words.


class Wheel(BaseModel):
    kind: Literal["wheel"]
    spokes: Annotated[int, Field(ge=3)]


class Axle(BaseModel, extra="forbid"):
    kind: Literal["axle"]


class Cart(BaseModel):
    parts: list[Annotated[Wheel | Axle, Field(discriminator="kind")]]
    bought: date | None = None
    owner: UUID | None = None
    seen: datetime | None = None
    color: str


def test_codes_parameters_and_pointers_are_ours() -> None:
    parts: list[Any] = [
        {"kind": "wheel", "spokes": 2},
        {"kind": "wheel"},
        {"kind": "odd"},
        {},
        {"kind": "axle", "x": 1},
    ]
    body = {"parts": parts, "bought": "x", "owner": "x", "seen": "x", "color": 1}
    with pytest.raises(ValidationError) as caught:
        Cart.model_validate(body)
    findings = [build_finding(error, error["loc"], body) for error in caught.value.errors()]
    assert [(each.code, each.params, each.pointer) for each in findings] == [
        ("too_small", {"minimum": 3}, "/parts/0/spokes"),
        ("missing", {}, "/parts/1/spokes"),
        ("wrong_choice", {"allowed": "wheel, axle"}, "/parts/2"),
        ("missing", {}, "/parts/3"),
        ("unknown_field", {}, "/parts/4/x"),
        ("date_form", {}, "/bought"),
        ("uuid_form", {}, "/owner"),
        ("moment_form", {}, "/seen"),
        ("not_text", {}, "/color"),
    ]


def test_a_code_of_ours_keeps_its_parameters_and_an_unknown_one_has_none() -> None:
    ours = {"type": "decimal_form", "ctx": {"digits": 3}}
    assert build_finding(ours, (), None) == Finding("decimal_form", {"digits": 3})
    unknown = {"type": "url_parsing", "ctx": {"error": "secret", "ge": 1}}
    assert build_finding(unknown, (), None) == Finding("invalid", {"minimum": 1})
