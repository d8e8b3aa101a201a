"""Field types: texts, days and exact numbers, and nothing that only looks like them.

Limits and codes are each format's own: the types of the API are in ``api.http.types``, those of plans in
``service.formats.plans.types``.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, LiteralString

from pydantic import AfterValidator, BeforeValidator, PlainValidator
from pydantic_core import PydanticCustomError

from domain.names import clean_text

_DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def build_type_error(code: LiteralString, **params: int) -> PydanticCustomError:
    """The error for a value that is not of its type."""
    return PydanticCustomError(code, code, params or None)


def expect_visible(value: str, kept: str = "") -> str:
    """The text itself, if it has no control or invisible characters but those in ``kept``.

    Spaces of every kind are visible.
    """
    for letter in "" if value.isprintable() else value:
        if not (letter.isprintable() or letter in kept or unicodedata.category(letter) == "Zs"):
            raise build_type_error("text_control")
    return value


def clean_line(value: str, kept: str = "") -> str:
    """The text composed (NFC) and trimmed; a blank text and invisible characters are refused."""
    value = unicodedata.normalize("NFC", value).strip()
    if not value:
        raise build_type_error("text_blank")
    return expect_visible(value, kept)


def clean_name(value: str) -> str:
    """One line of text as files are read too: blanks of every kind, and several of them, are one space."""
    return clean_text(clean_line(value))


def clean_lines(value: str) -> str:
    """The same for a text of several lines."""
    return clean_line(value.replace("\r\n", "\n"), "\n\t")


def build_day_reader(first_year: int, last_year: int) -> BeforeValidator:
    """Reads a day of these years, written as ``YYYY-MM-DD``."""

    def read_day(value: Any) -> date:
        if type(value) is date:
            return value
        if (
            isinstance(value, str)
            and _DAY_FORM.fullmatch(value)
            and first_year <= int(value[:4]) <= last_year
        ):
            with suppress(ValueError):
                return date.fromisoformat(value)
        raise build_type_error("date_form")

    return BeforeValidator(read_day)


def build_exact_reader(form: re.Pattern[str], code: LiteralString, **params: int) -> PlainValidator:
    """Reads an exact number, an integer or a text of this ``form``; all else is refused with ``code``."""

    def read_exact(value: Any) -> Fraction:
        if isinstance(value, Fraction | Decimal):  # from our own answers, since JSON is read without them
            return Fraction(value)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if isinstance(text, str) and form.fullmatch(text):
            return Fraction(text)
        raise build_type_error(code, **params)

    return PlainValidator(read_exact)


CleanLine = AfterValidator(clean_name)
CleanLines = AfterValidator(clean_lines)
