"""House types take what they say, and nothing that merely looks like it."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from api.http.types import (
    MAX_DIGITS,
    Answer,
    Body,
    Code,
    Count,
    Date,
    Exact,
    Flag,
    Moment,
    Name,
    QueryFlag,
    Text,
    Uuid,
    Weight,
    Year,
    format_exact,
)


def read(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "read_as"),
    [
        (Count, 0, 0),
        (Year, 2025, 2025),
        (Flag, False, False),
        (Exact, "12.50", Fraction(25, 2)),
        (Exact, "-0.1", Fraction(-1, 10)),
        (Exact, 10**39, Fraction(10**39)),
        (Exact, "0." + "1" * 39, Fraction(int("1" * 39), 10**39)),
        (Weight, "123456789012345678901234567890", Fraction(123456789012345678901234567890)),
        (Name, " Tra\u0302\u0300n ", "Trần"),
        (Text, "một\r\nhai\tba", "một\nhai\tba"),
        (Code, "xa-an-hiep--huyen-chau-thanh", "xa-an-hiep--huyen-chau-thanh"),
        (Code, "staff.ethnic.05", "staff.ethnic.05"),
        (Date, "2024-02-29", date(2024, 2, 29)),
        (Moment, "2025-09-21T08:00:00+07:00", datetime.fromisoformat("2025-09-21T01:00:00+00:00")),
        (QueryFlag, "true", True),
    ],
)
def test_what_is_taken(kind: Any, value: Any, read_as: Any) -> None:
    assert read(kind, value) == read_as


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Count, [True, "1", 1.0, -1, 10**9 + 1, None]),
        (Year, [1899, 2200, "2025"]),
        (Flag, [0, 1, "true", None]),
        (
            Exact,
            [True, 1.5, "1e3", "1E3", ".5", "5.", "+1", " 1", "1 ", "01", "1_0", "١", "1/3", "", "-", "NaN"],
        ),
        (Exact, ["9" * (MAX_DIGITS + 1), 10**MAX_DIGITS, "0." + "1" * MAX_DIGITS, "9" * 1_000_000]),
        (Weight, [-1, "-0.1"]),
        (Name, ["", "   ", "a\nb", "a\0b", "a\u202eb", "a\u200bb", "\ufeffa", "x" * 201, 5, b"x"]),
        (Text, ["\n", "a\x08b", "x" * 10_001]),
        (Code, ["", "Sở", "a b", "-a", "a-", "A", "x" * 101, "a\n"]),
        (Date, ["2023-02-29", "2025-1-1", "20250101", "2025-01-01T00:00:00", 0, "1899-01-01", "٢٠٢٥-01-01"]),
        (Moment, ["2025-01-01T00:00:00", "2025-01-01 00:00:00Z", "2025-01-01T24:30:00Z", 0, "2025-01-01"]),
        (Uuid, [uuid4().hex, f"{{{uuid4()}}}", f"urn:uuid:{uuid4()}", "", 7, uuid4().bytes]),
        (QueryFlag, ["1", "yes", "True", ""]),
    ],
)
def test_what_is_refused(kind: Any, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ValidationError):
            read(kind, value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(350), "350"),
        (Fraction(25, 2), "12.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 5**3), "0.008"),
    ],
)
def test_exact_numbers_are_written_without_loss(number: Fraction, text: str) -> None:
    assert format_exact(number) == text


def test_an_answer_writes_exact_numbers_as_text() -> None:
    class Share(Answer):
        share: Exact

    huge = Fraction(10**60 + 1, 10)
    assert Share(share=huge).model_dump_json() == '{"share":"1' + "0" * 58 + '0.1"}'


@pytest.mark.parametrize(
    "loose",
    [int, str, bool, float, date, UUID, int | None, list[str], dict[str, Count], Annotated[int, Field(ge=0)]],
)
def test_a_body_of_loose_fields_is_refused_where_it_is_written(loose: Any) -> None:
    with pytest.raises(TypeError, match="accepts too much"):
        type("Loose", (Body,), {"__annotations__": {"field": loose}, "__module__": __name__})


def test_a_body_has_no_other_fields_and_does_not_change() -> None:
    class Small(Body):
        count: Count

    with pytest.raises(ValidationError, match="extra_forbidden"):
        Small.model_validate({"count": 1, "odd": 1})
    with pytest.raises(ValidationError, match="frozen"):
        Small(count=1).count = 2  # type: ignore[misc]  # what is being tested
