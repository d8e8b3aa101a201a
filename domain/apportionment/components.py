"""The components of a plan's rule, in the order in which the plan applies them.

``FixedSeats``, ``BaseSeats`` and ``StepSeats`` give seats directly; ``ProportionalSeats`` shares out what is
left. Floors and caps bound a unit's total: a component gives no seat beyond the cap, and seats not given for
this reason are shared out with the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from domain.apportionment.rules import ApportionmentRule, Method

ExactNumber = int | Fraction
Measure = Mapping[str, ExactNumber]
"""Figure → factor. A unit's weight is the sum of its figures, each times its factor."""

Rounding = Literal["down", "up", "half_up", "more_than_half", "half_even"]
"""What becomes of a step that is not full: it counts never, always, from one half on, above one half, or so
that exactly one half gives an even number of steps."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A unit with the figures that it reported.

    ``predecessors`` is the number of units that were merged into it, 1 if none was. ``bloc`` is the group
    of units that it is allocated with.
    """

    id: str
    figures: Mapping[str, ExactNumber]
    floor: int = 0
    cap: int | None = None
    predecessors: int = 1
    bloc: str | None = None

    def compute_weight(self, measure: Measure) -> Fraction:
        """The weighted sum of the figures.

        :raises KeyError: for a figure that was not reported; unknown is not zero.
        """
        return sum((Fraction(factor) * self.figures[name] for name, factor in measure.items()), Fraction(0))


@dataclass(frozen=True, slots=True)
class FixedSeats:
    """Numbers of seats decided for single units, with the reason."""

    seats: Mapping[str, int]
    reason: str

    def count_seats(self, one: Participant) -> int:
        """The seats of ``one``."""
        return self.seats.get(one.id, 0)


@dataclass(frozen=True, slots=True)
class BaseSeats:
    """The same number for every unit, whatever its size.

    ``merged``: number of predecessors → seats of a unit merged from so many (the Party's rule of 2026 gives
    13 seats, and 24 after a merger of two). With ``times_predecessors`` a unit gets ``each`` for each of its
    predecessors instead.
    """

    each: int
    merged: Mapping[int, int] = field(default_factory=dict)
    times_predecessors: bool = False

    def count_seats(self, one: Participant) -> int:
        """The seats of ``one``."""
        if self.times_predecessors:
            return self.each * one.predecessors
        return self.merged.get(one.predecessors, self.each)


@dataclass(frozen=True, slots=True)
class StepSeats:
    """``each`` seats for every ``every`` of a measure, ``most`` at most; ``rounding`` of the steps.

    Only what is ``above`` a number, and no more than ``to`` another, is counted. So brackets are several
    components: "one for each 1,000 to 10,000, then one for each 3,000" is a step of 1,000 ``to`` 10,000, and
    a step of 3,000 ``above`` 10,000. Each is rounded by itself.
    """

    measure: Measure
    every: ExactNumber
    each: int = 1
    rounding: Rounding = "down"
    most: int | None = None
    above: ExactNumber = Fraction(0)
    to: ExactNumber | None = None

    def count_seats(self, one: Participant) -> int:
        """The seats of ``one``."""
        seats = self.each * self.count_steps(one)
        return seats if self.most is None else min(seats, self.most)

    def count_steps(self, one: Participant) -> int:
        """The steps of ``one`` that count."""
        return round_steps(self.compute_part(one) / self.every, self.rounding)

    def compute_part(self, one: Participant) -> Fraction:
        """What is counted of the measure of ``one``: the part of it between ``above`` and ``to``."""
        weight = one.compute_weight(self.measure)
        upper = weight if self.to is None else min(weight, Fraction(self.to))
        return max(upper - self.above, Fraction(0))


def round_steps(steps: Fraction, rounding: Rounding) -> int:
    """The number of whole steps."""
    match rounding:
        case "up":
            return ceil(steps)
        case "half_up":
            return floor(steps + Fraction(1, 2))
        case "more_than_half":
            return ceil(steps - Fraction(1, 2))
        case "half_even":
            return round(steps)
    return floor(steps)


@dataclass(frozen=True, slots=True)
class AllocationBloc:
    """Units that are allocated together, by a measure and perhaps a rule of their own.

    ``seats`` is the bloc's number of seats where the plan states one.
    """

    id: str
    measure: Measure
    rule: ApportionmentRule | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class ProportionalSeats:
    """The remaining seats, by a method and a measure; with ``blocs``, first to the blocs by the sums of their
    units, then inside each bloc."""

    measure: Measure
    rule: ApportionmentRule = ApportionmentRule(Method.SAINTE_LAGUE)  # noqa: RUF009 - frozen, and so is all in it
    blocs: tuple[AllocationBloc, ...] = ()


OutrightComponent = FixedSeats | BaseSeats | StepSeats
Component = OutrightComponent | ProportionalSeats


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A number set by hand: the unit has exactly so many seats; the other units share the rest."""

    unit: str
    seats: int
    reason: str
    author: str
