"""Field types of plans: exact and limited, and the same after every reading."""

import datetime as dt
import re
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, Strict, StringConstraints, WithJsonSchema

from service.formats.fields import CleanLine, build_day_reader, build_exact_reader
from service.formats.forms import PLAN_ID, PLAN_KIND, PLAN_MEASURE, PLAN_UNIT

YEAR_RANGE = (1945, 2100)
EXACT_PATTERN = re.compile(r"(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12}|/[1-9][0-9]{0,17})?")


class PlanPart(BaseModel):
    """A part of the format: unknown fields are refused, and it converts to its dataclass of ``domain``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    domain: ClassVar[type[Any]]

    def to_domain(self) -> Any:
        """The same in the types of the rules, field by field."""
        return self.domain(
            **{name: convert_to_domain(getattr(self, name)) for name in type(self).model_fields}
        )


def convert_to_domain(value: Any) -> Any:
    """A value of the format in the types of the rules."""
    if isinstance(value, PlanPart):
        return value.to_domain()
    if isinstance(value, tuple):
        return tuple(convert_to_domain(each) for each in value)
    return value


def _plain_exact(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


Text = Annotated[str, StringConstraints(max_length=300), CleanLine]
LongText = Annotated[str, StringConstraints(max_length=2000), CleanLine]
Id = Annotated[str, StringConstraints(max_length=80, pattern=PLAN_ID)]
Code = Annotated[str, StringConstraints(max_length=160, pattern=PLAN_UNIT)]
Kind = Annotated[str, StringConstraints(max_length=40, pattern=PLAN_KIND)]
Measure = Annotated[str, StringConstraints(max_length=80, pattern=PLAN_MEASURE)]
Value = Annotated[str, StringConstraints(min_length=1, max_length=80), CleanLine]

Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Number = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
Year = Annotated[int, Strict(), Field(ge=YEAR_RANGE[0], le=YEAR_RANGE[1])]
Flag = Annotated[bool, Strict()]

Day = Annotated[dt.date, build_day_reader(*YEAR_RANGE), WithJsonSchema({"type": "string", "format": "date"})]
Exact = Annotated[
    Fraction,
    build_exact_reader(EXACT_PATTERN, "exact_form"),
    PlainSerializer(_plain_exact, return_type=int | str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": f"^{EXACT_PATTERN.pattern}$"},
            ]
        }
    ),
]
