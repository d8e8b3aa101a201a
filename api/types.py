"""House types: what fields of requests and answers are made of.

The validation library is lenient where JSON is meant to be exact (``"5"`` and ``true`` pass as integers,
``5`` as a date) and its strict mode refuses every identifier and date, so each kind of value has its own type
here, and a :class:`Body` refuses at import any field that is made of something looser.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, LiteralString, get_args, get_origin
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

DIGITS = 40
"""How many digits an exact number may have."""

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SLUG = r"^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LARGEST = 10**9


def _wrong(code: LiteralString, **params: int) -> PydanticCustomError:
    return PydanticCustomError(code, code, params or None)


def _written(form: re.Pattern[str], code: LiteralString, kind: type) -> BeforeValidator:
    """Only strings of this form (and what is of the kind already) may be read as the kind."""

    def check(value: Any) -> Any:
        if isinstance(value, kind) or (isinstance(value, str) and form.fullmatch(value)):
            return value
        raise _wrong(code)

    return BeforeValidator(check)


def _text(*, lines: bool) -> Callable[[str], str]:
    kept = "\n\t" if lines else ""

    def check(value: str) -> str:
        value = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if lines else value).strip()
        if not value:
            raise _wrong("text_blank")
        return _unhidden(value, kept)

    return check


def _unhidden(value: str, kept: str = "") -> str:
    if any(unicodedata.category(letter) in _HIDDEN and letter not in kept for letter in value):
        raise _wrong("text_control")
    return value


def _exact(value: Any) -> Fraction:
    if isinstance(value, Fraction | Decimal):  # from our own answers, since JSON is read without them
        return Fraction(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**DIGITS else ""
    if not (isinstance(value, str) and len(value) <= DIGITS + 2 and _DECIMAL.fullmatch(value)):
        raise _wrong("decimal_form", digits=DIGITS)
    if len(value.lstrip("-").replace(".", "")) > DIGITS:
        raise _wrong("decimal_form", digits=DIGITS)
    return Fraction(value)


def _not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise _wrong("too_small", minimum=0)
    return value


def exactly(number: Fraction) -> str:
    """The number as a decimal if it has one, else as a fraction: ``"12.5"``, ``"1/3"``."""
    rest, places = number.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _decimal_schema(sign: str, **bounds: int) -> WithJsonSchema:
    text = {"type": "string", "maxLength": DIGITS + 2, "pattern": rf"^{sign}(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"}
    return WithJsonSchema({"anyOf": [{"type": "integer", **bounds}, text], "examples": ["1234", "12.5"]})


Count = Annotated[int, Strict(), Field(ge=0, le=_LARGEST)]
"""A number of things: a whole number from 0 to a thousand million."""

Whole = Annotated[int, Strict(), Field(ge=-_LARGEST, le=_LARGEST)]
"""A whole number of either sign."""

Flag = Annotated[bool, Strict()]
"""``true`` or ``false``, and nothing that looks like them."""

Year = Annotated[int, Strict(), Field(ge=1900, le=2199)]
"""A year of the calendar."""

Exact = Annotated[
    Fraction, PlainValidator(_exact), PlainSerializer(exactly, return_type=str), _decimal_schema("-?")
]
"""An exact number: an integer, or a decimal in a string; ``DIGITS`` digits at most, no exponent."""

Weight = Annotated[
    Fraction,
    PlainValidator(_exact),
    AfterValidator(_not_negative),
    PlainSerializer(exactly, return_type=str),
    _decimal_schema("", minimum=0),
]
"""An exact number that is not negative."""

Name = Annotated[str, Strict(), Field(min_length=1, max_length=200), AfterValidator(_text(lines=False))]
"""One line of text: composed (NFC), trimmed, not blank, without control or invisible characters."""

Label = Annotated[str, Strict(), Field(min_length=1, max_length=200), AfterValidator(_unhidden)]
"""An identifier of the caller's own: kept letter by letter, without control or invisible characters."""

Text = Annotated[str, Strict(), Field(min_length=1, max_length=10_000), AfterValidator(_text(lines=True))]
"""Text of several lines, else as a name."""

Code = Annotated[str, Strict(), Field(max_length=100, pattern=_SLUG)]
"""An identifier somebody chose: lower-case letters, digits, and ``.``, ``_``, ``-`` between them."""

Date = Annotated[
    date, _written(_DATE, "date_form", date), WithJsonSchema({"type": "string", "format": "date"})
]
"""A day, as ``YYYY-MM-DD``."""

Moment = Annotated[
    datetime,
    _written(_MOMENT, "moment_form", datetime),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time (RFC 3339), with its offset."""

Uuid = Annotated[
    UUID, _written(_UUID, "uuid_form", UUID), WithJsonSchema({"type": "string", "format": "uuid"})
]
"""An identifier the service gave, in its usual hyphenated form."""

AskedCount = Annotated[
    int,
    _written(_INTEGER, "not_an_integer", int),
    Field(ge=0, le=_LARGEST),
]
"""A number of things in a query, where everything is text."""

AskedFlag = Annotated[
    bool,
    _written(re.compile("true|false"), "not_a_boolean", bool),
    WithJsonSchema({"type": "boolean"}),
]
"""``true`` or ``false`` in a query."""

_LOOSE = (str, int, float, complex, bool, bytes, Decimal, Fraction, date, datetime, UUID)


def _loose(annotation: Any, metadata: Sequence[Any] = ()) -> Iterator[str]:
    """The parts of an annotation that would take more than they say."""
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
    if annotation in _LOOSE:
        checks = (Strict, BeforeValidator, PlainValidator)
        if not any(isinstance(item, checks) for item in metadata):
            yield annotation.__name__
    for part in get_args(annotation):
        yield from _loose(part)


class Body(BaseModel):
    """What is sent: unknown fields are refused, and every field is of a house type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse loose fields where they are written, at import."""
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            for kind in _loose(field.annotation, field.metadata):
                raise TypeError(f"{cls.__name__}.{name}: a bare {kind} is lenient; take a type of api.types")


class Answer(BaseModel):
    """What is answered; it may be made from any object with these attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)
