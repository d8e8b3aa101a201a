"""How many seats each component of a rule gives a unit, and why."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from domain.apportionment.components import (
    BaseSeats,
    FixedSeats,
    Measure,
    OutrightComponent,
    Participant,
    StepSeats,
)
from domain.findings import Finding, Plain, Severity
from domain.snapshots import plain_fraction

INFO = Severity.INFO


def explain_components(
    components: Sequence[OutrightComponent], one: Participant, parts: Sequence[int]
) -> Iterator[Finding]:
    """What each component that applies to ``one`` gives; ``parts`` are the seats that it got of each."""
    for component, part in zip(components, parts, strict=False):
        seats = component.count_seats(one)
        match component:
            case FixedSeats() if seats:
                yield Finding("component_fixed", {"seats": seats, "reason": component.reason}, severity=INFO)
            case BaseSeats():
                yield _explain_base(component, one)
            case StepSeats():
                yield from _explain_step(component, one)
        if part < seats:
            yield Finding("component_capped", {"seats": part, "cap": one.cap}, severity=INFO)


def explain_total(one: Participant, parts: Sequence[int], seats: int) -> Iterator[Finding]:
    """The total of a unit of a group that shares no rest: what the components give, or the floor."""
    if seats > sum(parts):
        yield Finding("components_below_floor", {"sum": sum(parts), "floor": one.floor}, severity=INFO)
    yield Finding("components_give_total", {"seats": seats}, severity=INFO)


def format_measure(measure: Measure) -> str:
    """A measure as text: its name, or a weighted sum such as "staff + 1/2 members"."""
    return " + ".join(name if factor == 1 else f"{factor} {name}" for name, factor in measure.items())


def _explain_base(component: BaseSeats, one: Participant) -> Finding:
    params: dict[str, Plain] = {"seats": component.count_seats(one)}
    if component.times_predecessors or one.predecessors in component.merged:
        params["predecessors"] = one.predecessors
        return Finding("component_base_merged", params, severity=INFO)
    return Finding("component_base", params, severity=INFO)


def _explain_step(component: StepSeats, one: Participant) -> Iterator[Finding]:
    measure, part = format_measure(component.measure), component.compute_part(one)
    weight = one.compute_weight(component.measure)
    if part != weight:
        counted: dict[str, Plain] = {
            "measure": measure,
            "weight": plain_fraction(weight),
            "above": plain_fraction(component.above),
            "counted": plain_fraction(part),
        }
        if component.to is None:
            yield Finding("component_part_above", counted, severity=INFO)
        else:
            to: dict[str, Plain] = {**counted, "to": plain_fraction(component.to)}
            yield Finding("component_part_between", to, severity=INFO)
    yield _explain_rounding(component, part, component.count_steps(one), measure)
    if component.count_seats(one) < component.each * component.count_steps(one):
        yield Finding("component_most", {"seats": component.count_seats(one)}, severity=INFO)


def _explain_rounding(component: StepSeats, part: Fraction, steps: int, measure: str) -> Finding:
    full, rest = divmod(part, Fraction(component.every))
    params: dict[str, Plain] = {
        "each": component.each,
        "every": plain_fraction(component.every),
        "measure": measure,
        "counted": plain_fraction(part),
        "full": full,
        "seats": component.each * steps,
    }
    if not rest:
        return Finding("component_step", params, severity=INFO)
    rounded: dict[str, Plain] = {**params, "rest": plain_fraction(rest), "rounding": component.rounding}
    if steps > full:
        return Finding("component_step_counted", rounded, severity=INFO)
    return Finding("component_step_not_counted", rounded, severity=INFO)
