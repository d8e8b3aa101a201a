"""A fault points at what was sent, not at names that types have inside, and speaks the reader's language."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from api.http.faults import read_faults
from api.http.languages import choose_language
from api.http.types import Body, Count, Date, Name
from service.formats.validation import build_pointer


class Fixed(Body):
    kind: Literal["fixed"]
    seats: Count


class Step(Body):
    kind: Literal["step"]
    one_per: Count


class Rule(Body):
    components: list[Annotated[Fixed | Step, Field(discriminator="kind")]]
    when: Date | Literal["always"] = "always"
    names: dict[Name, Count] | None = None


def found(body: Any) -> dict[str | None, str]:
    with pytest.raises(ValidationError) as raised:
        Rule.model_validate(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in raised.value.errors()]
    return {fault.pointer: fault.code for fault in read_faults(errors, body)}


def test_kinds_of_a_union_are_no_part_of_the_way() -> None:
    parts: list[Any] = [{"kind": "fixed"}, {"kind": "step", "one_per": "7"}, {"kind": "odd"}, {}, 7]
    assert found({"components": parts}) == {
        "/components/0/seats": "missing",
        "/components/1/one_per": "not_an_integer",
        "/components/2": "wrong_choice",
        "/components/3": "missing",
        "/components/4": "not_an_object",
    }


def test_members_of_a_union_point_at_the_same_place() -> None:
    assert found({"components": [], "when": "x"}) == {"/when": "wrong_choice"}


def test_a_key_is_pointed_at_by_itself() -> None:
    assert found({"components": [], "names": {" ": 1}}) == {"/names/ ": "text_blank"}


def test_pointers_are_escaped_and_end_at_a_long_name() -> None:
    assert build_pointer(["a/b", "c~d", 0, ""]) == "/a~1b/c~0d/0/"
    assert build_pointer(["a", "x" * 101, "b"]) == "/a"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("en", "en"),
        ("EN-us", "en"),
        ("vi, en", "vi"),
        ("en, vi", "vi"),
        ("en, vi;q=0.9", "en"),
        ("fr, de;q=0.5", "vi"),
        ("*", "vi"),
        ("*;q=0.5, en;q=0.6", "en"),
        ("en;q=0", "vi"),
        ("en;q=9", "vi"),
        ("english", "vi"),
        ("en" * 10_000, "vi"),
    ],
)
def test_vietnamese_unless_english_weighs_more(header: str | None, language: str) -> None:
    assert choose_language(header) == language
