"""Types for the fields of requests and answers.

The validation library accepts too much by default (``"5"`` and ``true`` as integers, ``5`` as a date), and
its strict mode refuses all identifiers and dates. So each kind of value has its own type here, and
:class:`Body` refuses a field of any other type when the module is imported.
"""

import re
from collections.abc import Iterator, Sequence
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
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticKnownError
from typing_extensions import TypeAliasType

from service.formats import fields
from service.formats.fault_limits import Check, check_object, limit_fields
from service.formats.forms import CODE

MAX_DIGITS = 40
"""The most digits of an exact number."""

_DECIMAL_FORM = re.compile(rf"-?(?!(?:\.?[0-9]){{{MAX_DIGITS + 1}}})(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_RATIO_FORM = re.compile(rf"{_DECIMAL_FORM.pattern}|(?:0|[1-9][0-9]{{0,99}})/[1-9][0-9]{{0,99}}")
_INTEGER_FORM = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_MOMENT_FORM = re.compile(
    r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_YEARS = (1900, 2199)
_MAX_WHOLE = 10**9
_EXACT_READER = fields.build_exact_reader(_DECIMAL_FORM, "decimal_form", digits=MAX_DIGITS)


def expect_length(most: int) -> BeforeValidator:
    """Refuse a list of more than ``most`` parts before any of them is looked at."""

    def check_length(value: Any) -> Any:
        if isinstance(value, list) and len(value) > most:
            context = {"field_type": "List", "max_length": most, "actual_length": len(value)}
            raise PydanticKnownError("too_long", context)
        return value

    return BeforeValidator(check_length)


def _build_form_validator(form: re.Pattern[str], code: LiteralString, kind: type) -> BeforeValidator:
    """Accept only strings of this form, and values of the type itself."""

    def check(value: Any) -> Any:
        if isinstance(value, kind) or (isinstance(value, str) and form.fullmatch(value)):
            return value
        raise fields.build_type_error(code)

    return BeforeValidator(check)


def _expect_not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise fields.build_type_error("too_small", minimum=0)
    return value


def format_exact(number: Fraction) -> str:
    """Format as a decimal if that is exact, else as a fraction: ``"12.5"``, ``"1/3"``."""
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


def _build_decimal_schema(sign: str, **bounds: int) -> WithJsonSchema:
    text = {
        "type": "string",
        "maxLength": MAX_DIGITS + 2,
        "pattern": rf"^{sign}(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$",
    }
    return WithJsonSchema({"anyOf": [{"type": "integer", **bounds}, text], "examples": ["1234", "12.5"]})


Count = Annotated[int, Strict(), Field(ge=0, le=_MAX_WHOLE)]
"""A whole number from 0 to 1,000,000,000."""

Whole = Annotated[int, Strict(), Field(ge=-_MAX_WHOLE, le=_MAX_WHOLE)]
"""A whole number, positive or negative."""

Flag = Annotated[bool, Strict()]
"""``true`` or ``false`` only."""

Year = Annotated[int, Strict(), Field(ge=_YEARS[0], le=_YEARS[1])]
"""A year of the calendar."""

Exact = Annotated[
    Fraction, _EXACT_READER, PlainSerializer(format_exact, return_type=str), _build_decimal_schema("-?")
]
"""An exact number: an integer, or a decimal in a string; ``MAX_DIGITS`` digits at most, no exponent."""

Weight = Annotated[
    Fraction,
    _EXACT_READER,
    AfterValidator(_expect_not_negative),
    PlainSerializer(format_exact, return_type=str),
    _build_decimal_schema("", minimum=0),
]
"""An exact number that is not negative."""

Ratio = Annotated[
    Fraction,
    fields.build_exact_reader(_RATIO_FORM, "ratio_form", digits=MAX_DIGITS),
    AfterValidator(_expect_not_negative),
    PlainSerializer(format_exact, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "maxLength": 201}],
            "examples": ["1234", "12.5", "1/3"],
        }
    ),
]
"""The same, or a fraction in a string as the calculator writes it: ``"1/3"``."""

Name = Annotated[str, Strict(), Field(min_length=1, max_length=200), fields.CleanLine]
"""One line of text, cleaned."""

Label = Annotated[str, Strict(), Field(min_length=1, max_length=200), AfterValidator(fields.expect_visible)]
"""The caller's own identifier, stored unchanged; no control or invisible characters."""

Text = Annotated[str, Strict(), Field(min_length=1, max_length=10_000), fields.CleanLines]
"""Text of one or more lines, cleaned."""

Code = Annotated[str, Strict(), Field(max_length=100, pattern=CODE)]
"""A chosen identifier: lower-case letters and digits, with ``.``, ``_`` or ``-`` between them."""

Date = Annotated[date, fields.build_day_reader(*_YEARS), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, as ``YYYY-MM-DD``."""

Moment = Annotated[
    datetime,
    _build_form_validator(_MOMENT_FORM, "moment_form", datetime),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time (RFC 3339), with its offset."""

Uuid = Annotated[
    UUID,
    _build_form_validator(_UUID_FORM, "uuid_form", UUID),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
"""An identifier given by the service, in the usual form with hyphens."""

QueryCount = Annotated[
    int, _build_form_validator(_INTEGER_FORM, "not_an_integer", int), Field(ge=0, le=_MAX_WHOLE)
]
"""A ``Count`` in a query, where every value is text."""

QueryFlag = Annotated[
    bool,
    _build_form_validator(re.compile("true|false"), "not_a_boolean", bool),
    WithJsonSchema({"type": "boolean"}),
]
"""``true`` or ``false`` in a query."""

_LOOSE_TYPES = (str, int, float, complex, bool, bytes, Decimal, Fraction, date, datetime, UUID)


def _list_loose_types(annotation: Any, metadata: Sequence[Any] = ()) -> Iterator[str]:
    """The parts of an annotation that would accept other values than their type."""
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
    if annotation in _LOOSE_TYPES:
        checks = (Strict, BeforeValidator, PlainValidator)
        if not any(isinstance(item, checks) for item in metadata):
            yield annotation.__name__
    for part in get_args(annotation):
        yield from _list_loose_types(part)


class Body(BaseModel):
    """A request body: unknown fields are refused, and every field has a type of this module."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _check_within_budget(cls, value: Any, check: Check) -> Any:
        """Stop early where the faults are many (:mod:`service.formats.fault_limits`)."""
        return check_object(value, check, cls.model_fields)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler, /) -> CoreSchema:
        """The schema of the body, in which the parts of lists and dictionaries stop early too."""
        return limit_fields(handler(source))

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse fields of other types when the class is defined."""
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            for kind in _list_loose_types(field.annotation, field.metadata):
                raise TypeError(
                    f"{cls.__name__}.{name}: a bare {kind} accepts too much; use a type of api.http.types"
                )


Params = TypeAliasType("Params", dict[str, Any])
"""The parameters of a finding or a problem; which there are depends on its code."""

Certificate = TypeAliasType("Certificate", dict[str, Any])
"""A certificate; docs/apportionment.md has its formats."""


Changes = TypeAliasType("Changes", dict[str, Any])
"""What an audit event records; which fields there are depends on its act."""

ExportedRow = TypeAliasType("ExportedRow", dict[str, Any])
"""A stored row as it is exported; which fields there are depends on its table."""


class Answer(BaseModel):
    """A response body; it can be built from any object with these attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)
