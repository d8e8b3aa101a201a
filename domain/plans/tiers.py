"""Tiers: the units of each level, and the form, size and time of their conferences."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from domain.calendar import Window
from domain.plans.seats import SeatGroup, SelectionRule, Target, Ties
from domain.plans.sources import PlanRule, SourcedRule


class Form(StrEnum):
    """Who attends a conference."""

    PLENARY = "plenary"
    DELEGATE = "delegate"
    UNDECIDED = "undecided"
    """The plan has no rule, or the figure is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(SourcedRule):
    """The number of staff that decides between plenary and delegate conferences.

    ``plenary`` is ``<`` ("dưới") or ``<=``, ``delegate`` is ``>`` ("trên") or ``>=`` ("từ … trở lên"). With
    ``<`` and ``>`` neither includes the number itself: then ``exactly`` is the form for it. If ``exactly`` is
    unset, the form is delegate, as in the Party's practice. Unset or ``undecided``, it gives a warning.
    """

    number: int
    measure: str = "staff"
    plenary: Literal["<", "<="] = "<"
    delegate: Literal[">", ">="] = ">"
    exactly: Form | None = None

    @property
    def is_silent(self) -> bool:
        """Whether neither form includes the number itself."""
        return self.plenary == "<" and self.delegate == ">"

    def derive_form(self, figure: int) -> Form:
        """The form for a unit with that figure."""
        if figure != self.number:
            return Form.PLENARY if figure < self.number else Form.DELEGATE
        if self.is_silent:
            return self.exactly or Form.DELEGATE
        return Form.PLENARY if self.plenary == "<=" else Form.DELEGATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(PlanRule):
    """Plenary or delegate conference: by ``form`` for all units, or by the ``threshold``."""

    form: Literal["plenary", "delegate"] | None = None
    threshold: Threshold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(SourcedRule):
    """The most people who may attend, and the forms it applies to ("không quá 200 đại biểu")."""

    number: int
    forms: tuple[Literal["plenary", "delegate"], ...] = ("delegate",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix(SourcedRule):
    """The shares of exemplars and guests, in percent.

    ``approximate`` is the plan's "khoảng"; ``tolerance`` is the deviation allowed, in percentage points,
    which needs a decision. ``binds`` are the forms to which the mix applies, ``guests_include`` the other
    people in the guests' share.
    """

    exemplars: Fraction
    guests: Fraction
    approximate: bool = False
    tolerance: Fraction | None = None
    binds: tuple[Literal["plenary", "delegate"], ...] = ("plenary", "delegate")
    guests_include: tuple[str, ...] = ()
    tolerance_decision: str | None = None

    def compute_exemplar_range(self, total: int) -> tuple[int, int]:
        """(fewest, most) exemplars among ``total``; if none fits, the numbers next to the share."""
        slack = self.tolerance or Fraction(0)
        low = (self.exemplars - slack) * total / 100
        high = (self.exemplars + slack) * total / 100
        least, most = -(-low.numerator // low.denominator), high.numerator // high.denominator
        if least <= most:
            return max(least, 0), min(most, total)
        share = self.exemplars * total / 100
        return share.numerator // share.denominator, -(-share.numerator // share.denominator)

    def is_whole(self, total: int) -> bool:
        """Whether the exact share of ``total`` is a whole number of people."""
        return (self.exemplars * total / 100).denominator == 1

    def compute_guests(self, exemplars: int) -> int:
        """How many guests the mix asks for with that many exemplars, rounded to the nearest whole number."""
        if not self.exemplars:
            return 0
        share = exemplars * self.guests / self.exemplars
        return (2 * share.numerator + share.denominator) // (2 * share.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule(SourcedRule):
    """The organ that decides the number of delegates, ``decided_by``, and the one that proposes it.

    ``decided_at`` is the level of that organ, where the clause names no organ but a level: the unit that
    organises the conference, or a unit above it.
    """

    decided_by: str
    proposed_by: str | None = None
    decided_at: Literal["organiser", "superior"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(SourcedRule):
    """A kind of people that the plan wants to be represented, without a number."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceName(SourcedRule):
    """A name that a conference may have; ``{unit}`` is replaced by the unit's name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Title(SourcedRule):
    """The lines on the stage; ``{unit}``, ``{superior}`` and ``{ordinal}`` are filled in by the unit."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(SourcedRule):
    """The length of a conference: "1/2 ngày" and "01 buổi" are one half day."""

    half_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(SourcedRule):
    """One level of conferences under a plan.

    ``kinds`` and ``units`` are the units of the tier, ``superiors`` the tiers to which they send delegates
    (two if a unit has two superiors), ``instrument`` the document that governs the tier. A tier governed by a
    document from above only receives quotas. If there are several ``names``, the unit chooses one.
    """

    id: str
    name: str
    congresses: tuple[str, ...]
    instrument: str | None = None
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    superiors: tuple[str, ...] = ()
    congress: bool = False
    names: tuple[ConferenceName, ...] = ()
    title: Title | None = None
    window: Window | None = None
    length: Length | None = None
    attendance: Attendance | None = None
    cap: Cap | None = None
    mix: Mix | None = None
    numbers: tuple[NumberRule, ...] = ()
    numbers_decision: str | None = None
    composition: tuple[Criterion, ...] = ()
    seat_groups: tuple[SeatGroup, ...] = ()
    targets: tuple[Target, ...] = ()
    stacking_limit: int | None = None
    selection: SelectionRule | None = None
    ties: Ties | None = None

    def has_unit(self, code: str, kind: str) -> bool:
        """Whether a unit has its conference at this tier."""
        return code in self.units or kind in self.kinds

    def find_seat_group(self, group: str) -> SeatGroup | None:
        """The seat group with that id."""
        return next((each for each in self.seat_groups if each.id == group), None)
