"""The components of a rule, read once for all units: the seats that each gives a unit directly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from domain.verification.json_readers import (
    expect_valid,
    read_choice,
    read_count,
    read_mapping,
    read_rational,
    sum_rationals,
)

Factors = Mapping[str, Fraction]
"""Figure → its factor in a measure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A weighted sum of figures; measures with the same factors have the same number."""

    number: int
    factors: Factors


@dataclass(frozen=True, slots=True)
class Measures:
    """Reads measures, and numbers them."""

    numbers: dict[frozenset[tuple[str, Fraction]], int] = field(default_factory=dict)

    def read(self, source: object, at: str) -> Measure:
        """The measure in ``source``."""
        factors = read_factors(source, at)
        number = self.numbers.setdefault(frozenset(factors.items()), len(self.numbers))
        return Measure(number, factors)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a unit, and its weights, each of which is computed once."""

    values: Factors
    at: str
    weights: dict[int, Fraction] = field(default_factory=dict, compare=False)

    def compute_weight(self, measure: Measure) -> Fraction:
        """The weight of the unit by a measure; every figure in it must be there."""
        weight = self.weights.get(measure.number)
        if weight is None:
            expect_valid(measure, measure.factors.keys() <= self.values.keys(), self.at)
            products = (factor * self.values[name] for name, factor in measure.factors.items())
            weight = self.weights[measure.number] = sum_rationals(products, self.at)
        return weight


class CountedUnit(Protocol):
    """What a component needs to know of a unit."""

    @property
    def id(self) -> str: ...

    @property
    def figures(self) -> Figures: ...

    @property
    def predecessors(self) -> int: ...


CountSeats = Callable[[CountedUnit], int]
"""The seats that a component gives a unit, before the cap."""


def read_factors(source: object, at: str) -> dict[str, Fraction]:
    """Numbers by name."""
    return {name: read_rational(factor, at) for name, factor in read_mapping(source, at).items()}


def read_components(components: Sequence[Mapping[str, object]], measures: Measures) -> list[CountSeats]:
    """The components that give seats directly; raises ``MalformedError``."""
    return [_read_component(one, f"/components/{i}", measures) for i, one in enumerate(components)]


def _read_component(component: Mapping[str, object], at: str, measures: Measures) -> CountSeats:
    match read_choice(component.get("kind"), ("fixed", "base", "step"), f"{at}/kind"):
        case "fixed":
            fixed = read_mapping(component.get("seats"), f"{at}/seats")
            return lambda unit: read_count(fixed.get(unit.id, 0), f"{at}/seats")
        case "base":
            return _read_base(component, at)
    return _read_step(component, at, measures)


def _read_base(component: Mapping[str, object], at: str) -> CountSeats:
    each = read_count(component.get("each"), f"{at}/each")
    if component.get("times_predecessors") is True:
        return lambda unit: each * unit.predecessors
    merged = read_mapping(component.get("merged"), f"{at}/merged")
    return lambda unit: read_count(merged.get(str(unit.predecessors), each), f"{at}/merged")


def _read_step(component: Mapping[str, object], at: str, measures: Measures) -> CountSeats:
    every = read_rational(component.get("every"), f"{at}/every")
    expect_valid(every, every > 0, f"{at}/every")
    measure = measures.read(component.get("measure"), at)
    each = read_count(component.get("each"), f"{at}/each")
    rounding = read_choice(component.get("rounding"), tuple(_COUNTS_PART), f"{at}/rounding")
    most = component.get("most")
    limit = None if most is None else read_count(most, f"{at}/most")
    begin = read_rational(component.get("above", 0), f"{at}/above")
    end = None if component.get("to") is None else read_rational(component["to"], f"{at}/to")
    expect_valid(end, end is None or end > begin, f"{at}/to")

    def count(unit: CountedUnit) -> int:
        weight = unit.figures.compute_weight(measure)
        counted = weight if end is None or weight < end else end
        full, part = divmod(max(counted - begin, Fraction(0)), every)
        seats = each * (full + _COUNTS_PART[rounding](full, 2 * part, every))
        return seats if limit is None else min(seats, limit)

    return count


_COUNTS_PART: Mapping[str, Callable[[int, Fraction, Fraction], bool]] = {
    "down": lambda full, double, every: False,
    "up": lambda full, double, every: double > 0,
    "half_up": lambda full, double, every: double >= every,
    "more_than_half": lambda full, double, every: double > every,
    "half_even": lambda full, double, every: double > every or (double == every and full % 2 == 1),
}
"""Rounding → whether what is left beyond the full steps, told doubled, counts as one more step."""
