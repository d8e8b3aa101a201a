"""What fields of a plan are made of: exact, limited, and the same after every reading."""

import datetime as dt
import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

YEARS = (1945, 2100)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
EXACT = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12}|/[1-9][0-9]{0,17})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Part(BaseModel):
    """A piece of the format: unknown fields are refused, and it turns into its dataclass of ``domain``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    domain: ClassVar[type[Any]]

    def plain(self) -> Any:
        """The same as the rules know it: field by field."""
        return self.domain(**{name: plain(getattr(self, name)) for name in type(self).model_fields})


def plain(value: Any) -> Any:
    """A value of the format as the rules know it."""
    if isinstance(value, Part):
        return value.plain()
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return value


def _clean(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if any(unicodedata.category(letter) in HIDDEN for letter in text):
        raise PydanticCustomError("text_control", "hidden characters")
    if not text:
        raise PydanticCustomError("text_blank", "blank")
    return text


def _day(value: Any) -> dt.date:
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date_form", "no such day") from None
        if YEARS[0] <= day.year <= YEARS[1]:
            return day
    raise PydanticCustomError("date_form", "not a date")


def _exact(value: Any) -> Fraction:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return Fraction(value)
    if isinstance(value, str) and EXACT.fullmatch(value):
        return Fraction(value)
    raise PydanticCustomError("exact_form", "not an exact number")


def _written(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


Text = Annotated[str, StringConstraints(max_length=300), AfterValidator(_clean)]
LongText = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_clean)]
Id = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
Code = Annotated[str, StringConstraints(max_length=160, pattern=r"^[a-z0-9]+(-{1,2}[a-z0-9]+)*$")]
Kind = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Measure = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_clean)]

Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Number = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
Year = Annotated[int, Strict(), Field(ge=YEARS[0], le=YEARS[1])]
Flag = Annotated[bool, Strict()]

Day = Annotated[
    dt.date,
    PlainValidator(_day),
    PlainSerializer(dt.date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Exact = Annotated[
    Fraction,
    PlainValidator(_exact),
    PlainSerializer(_written, return_type=int | str),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{EXACT.pattern}$"}]}
    ),
]
