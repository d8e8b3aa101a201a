"""The format's tiers: forms, windows, thresholds, caps and mixes."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain import calendar
from domain.plans import tiers
from service.formats.plans.seats import PlanSeatGroup, PlanSelectionRule, PlanTarget, PlanTies
from service.formats.plans.types import (
    Code,
    Day,
    Exact,
    Flag,
    Id,
    Kind,
    LongText,
    Measure,
    Number,
    PlanPart,
    Text,
    Year,
)

MeetingForm = Literal["plenary", "delegate"]


class PlanWindow(PlanPart):
    """The days within which a conference meets: a quarter or a month of a year, or first and last day."""

    domain = calendar.Window

    year: Year | None = None
    quarter: Annotated[Number, Field(le=4)] | None = None
    month: Annotated[Number, Field(le=12)] | None = None
    start: Day | None = None
    end: Day | None = None
    part: calendar.WindowPart | None = None
    clause: Id | None = None
    decision: Id | None = None

    @model_validator(mode="after")
    def _expect_one_form(self) -> Self:
        given = {
            name for name in ("year", "quarter", "month", "start", "end") if getattr(self, name) is not None
        }
        if given not in ({"year", "quarter"}, {"year", "month"}, {"start", "end"}):
            raise PydanticCustomError("window_form", "one form of a window")
        return self

    def to_domain(self) -> calendar.Window:
        """First and last day."""
        if self.year and self.quarter:
            start, end = calendar.compute_quarter_bounds(self.year, self.quarter)
        elif self.year and self.month:
            start, end = calendar.compute_month_bounds(self.year, self.month)
        else:
            assert self.start and self.end  # noqa: S101, PT018 - checked by the validator
            start, end = self.start, self.end
        return calendar.Window(
            start=start, end=end, part=self.part, clause=self.clause, decision=self.decision
        )


class PlanThreshold(PlanPart):
    """The staff number between plenary and delegate conferences, and which one has the number itself."""

    domain = tiers.Threshold

    number: Number
    measure: Measure = "staff"
    plenary: Literal["<", "<="] = "<"
    delegate: Literal[">", ">="] = ">"
    exactly: tiers.Form | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanAttendance(PlanPart):
    """Plenary or delegates: fixed, or by a threshold."""

    domain = tiers.Attendance

    form: MeetingForm | None = None
    threshold: PlanThreshold | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanCap(PlanPart):
    """The most who may attend, and in which forms."""

    domain = tiers.Cap

    number: Number
    forms: Annotated[tuple[MeetingForm, ...], Field(min_length=1)] = ("delegate",)
    clause: Id | None = None
    decision: Id | None = None


class PlanMix(PlanPart):
    """Exemplars and guests, in percent; together 100."""

    domain = tiers.Mix

    exemplars: Exact
    guests: Exact
    approximate: Flag = False
    tolerance: Exact | None = None
    binds: Annotated[tuple[MeetingForm, ...], Field(min_length=1)] = ("plenary", "delegate")
    guests_include: tuple[Text, ...] = ()
    clause: Id | None = None
    decision: Id | None = None
    tolerance_decision: Id | None = None


class PlanNumber(PlanPart):
    """Who decides the number of delegates."""

    domain = tiers.NumberRule

    decided_by: Text
    proposed_by: Text | None = None
    decided_at: Literal["organiser", "superior"] | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanCriterion(PlanPart):
    """Something the plan wants represented, without a number."""

    domain = tiers.Criterion

    id: Id
    name: Text
    clause: Id | None = None
    decision: Id | None = None


class PlanName(PlanPart):
    """A name that a conference may have; {unit} is replaced by the unit's name."""

    domain = tiers.ConferenceName

    id: Id
    name: Text
    clause: Id | None = None
    decision: Id | None = None


class PlanTitle(PlanPart):
    """The lines on the stage."""

    domain = tiers.Title

    lines: Annotated[tuple[Text, ...], Field(min_length=1)]
    clause: Id | None = None
    decision: Id | None = None


class PlanLength(PlanPart):
    """How long a conference lasts, in half days."""

    domain = tiers.Length

    half_days: Annotated[Number, Field(le=60)]
    clause: Id | None = None
    decision: Id | None = None


class PlanTier(PlanPart):
    """One level of conferences."""

    domain = tiers.Tier

    id: Id
    name: LongText
    congresses: Annotated[tuple[Id, ...], Field(min_length=1)]
    instrument: Id | None = None
    kinds: tuple[Kind, ...] = ()
    units: tuple[Code, ...] = ()
    superiors: tuple[Id, ...] = ()
    congress: Flag = False
    names: tuple[PlanName, ...] = ()
    title: PlanTitle | None = None
    window: PlanWindow | None = None
    length: PlanLength | None = None
    attendance: PlanAttendance | None = None
    cap: PlanCap | None = None
    mix: PlanMix | None = None
    numbers: tuple[PlanNumber, ...] = ()
    numbers_decision: Id | None = None
    composition: tuple[PlanCriterion, ...] = ()
    seat_groups: tuple[PlanSeatGroup, ...] = ()
    targets: tuple[PlanTarget, ...] = ()
    stacking_limit: Number | None = None
    selection: PlanSelectionRule | None = None
    ties: PlanTies | None = None
    clause: Id | None = None
    decision: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _expect_kinds_or_units(cls, value: Any) -> Any:
        """A tier needs kinds of unit, or units by name."""
        if isinstance(value, dict) and not value.get("kinds") and not value.get("units"):
            raise PydanticCustomError("tier_for_nobody", "neither kinds nor units")
        return value
