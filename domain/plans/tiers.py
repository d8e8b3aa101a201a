"""Tiers: who confers, in which form, how many, when."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from domain.calendar import Window
from domain.plans.seats import SeatGroup, SelectionRule, Target, Ties

Form = Literal["plenary", "delegate", "undecided"]
Sign = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The staff number that parts plenary from delegate conferences.

    ``plenary`` is ``<`` ("dưới") or ``<=``, ``delegate`` is ``>`` ("trên") or ``>=`` ("từ … trở lên").
    With ``<`` and ``>`` the number itself belongs to neither: ``exactly`` is the plan's switch for it
    (``undecided`` reports it); unset it means delegate, with a warning, as the Party's practice has it.
    """

    number: int
    measure: str = "staff"
    plenary: Literal["<", "<="] = "<"
    delegate: Literal[">", ">="] = ">"
    exactly: Form | None = None
    clause: str | None = None
    decision: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the words leave the number itself to nobody."""
        return self.plenary == "<" and self.delegate == ">"

    def derive_form(self, figure: int) -> Form:
        """The form for a unit of that many."""
        if figure != self.number:
            return "plenary" if figure < self.number else "delegate"
        if self.is_silent:
            return self.exactly or "delegate"
        return "plenary" if self.plenary == "<=" else "delegate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Plenary or delegates: fixed by ``form``, or by the ``threshold``."""

    form: Literal["plenary", "delegate"] | None = None
    threshold: Threshold | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most who may attend, and in which forms ("không quá 200 đại biểu")."""

    number: int
    forms: tuple[Literal["plenary", "delegate"], ...] = ("delegate",)
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Exemplars against guests, in percent.

    ``approximate`` is the plan's "khoảng"; ``tolerance`` the percentage points it allows, which somebody must
    decide. ``binds`` names the forms it speaks of, ``guests_include`` who else is in the guests' share.
    """

    exemplars: Fraction
    guests: Fraction
    approximate: bool = False
    tolerance: Fraction | None = None
    binds: tuple[Literal["plenary", "delegate"], ...] = ("plenary", "delegate")
    guests_include: tuple[str, ...] = ()
    clause: str | None = None
    decision: str | None = None
    tolerance_decision: str | None = None

    def compute_exemplar_range(self, total: int) -> tuple[int, int]:
        """Fewest and most exemplars among ``total``; where no whole number fits, the two beside the share."""
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
        """How many guests the mix asks for beside that many exemplars, to the nearest whole."""
        if not self.exemplars:
            return 0
        share = exemplars * self.guests / self.exemplars
        return (2 * share.numerator + share.denominator) // (2 * share.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule:
    """Who says how many delegates there are: ``decided_by``, on the proposal of ``proposed_by``."""

    decided_by: str
    proposed_by: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Something the plan wants represented, without a number."""

    id: str
    name: str
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceName:
    """A name a conference may bear; ``{unit}`` stands for the unit's name."""

    id: str
    name: str
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The lines on the stage; ``{unit}``, ``{superior}`` and ``{ordinal}`` are filled in by the unit."""

    lines: tuple[str, ...]
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long it lasts: "1/2 ngày" and "01 buổi" are one half day."""

    half_days: int
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One level of conferences under a plan.

    ``kinds`` and ``units`` say whose conferences they are, ``superiors`` the tiers they send delegates to
    (two where a unit answers to two), ``instrument`` the document that governs them. A tier under one
    from above only receives quotas. More than one of ``names`` means the unit chooses.
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
    clause: str | None = None
    decision: str | None = None

    def has_unit(self, code: str, kind: str) -> bool:
        """Whether a unit confers at this tier."""
        return code in self.units or kind in self.kinds

    def find_seat_group(self, group: str) -> SeatGroup | None:
        """The seat group of that id."""
        return next((each for each in self.seat_groups if each.id == group), None)
