"""The check of an allocation: components computed anew, stages that rest on them, and the sums."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.findings import Finding, Plain, step
from domain.verification.apportionment import verify_stage
from domain.verification.reading import (
    MalformedError,
    count,
    ensure,
    mapping,
    one_of,
    rational,
    sequence,
    summed,
    text,
)

FORMAT = "daibieu-allocation-1"

MOST_COMPONENTS = 32
"""A rule is short; every unit is checked against each component of it."""

Measure = Mapping[str, Fraction]
Inputs = dict[str, tuple[Fraction, int, int | None, int]]
"""Unit → weight, floor, cap, base: what a stage starts from."""


@dataclass(frozen=True, slots=True)
class _Unit:
    id: str
    figures: Mapping[str, Fraction]
    floor: int
    cap: int | None
    predecessors: int
    bloc: str | None
    parts: tuple[int, ...]
    seats: int
    at: str

    def weight(self, measure: Measure) -> Fraction:
        missing = measure.keys() - self.figures.keys()
        ensure(measure, not missing, f"{self.at}/figures")
        return summed((factor * self.figures[name] for name, factor in measure.items()), f"{self.at}/figures")


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a stage has to be about."""

    seats: int
    rule: object
    inputs: Inputs


def verify_allocation(certificate: object) -> tuple[Finding, ...]:
    """What is wrong with the certificate of an allocation; nothing means that it is proven."""
    try:
        told = mapping(certificate, "")
        status = one_of(told.get("status"), ("decided", "lots_required", "infeasible"), "/status")
        units = _hands(told, _units(told, status))
        return tuple(_faults(told, status, units))
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _faults(told: Mapping[str, object], status: str, units: Sequence[_Unit]) -> Iterator[Finding]:
    listed = _list(told, "components")
    ensure(listed, len(listed) <= MOST_COMPONENTS, "/components")
    components = [mapping(one, f"/components/{i}") for i, one in enumerate(listed)]
    last = components[-1] if components and components[-1].get("kind") == "proportional" else None
    outright = components[:-1] if last else components
    given = {unit.id: _given(unit, outright) for unit in units}
    if status != "infeasible":
        for unit in units:
            if unit.parts[: len(outright)] != given[unit.id]:
                yield Finding("certificate_parts_differ", {"id": unit.id}, f"{unit.at}/parts")
    bases = {one: sum(parts) for one, parts in given.items()}
    if last is None:
        yield from _outright(told, status, units, bases)
    else:
        yield from _staged(told, status, units, bases, last)


def _outright(
    told: Mapping[str, object], status: str, units: Sequence[_Unit], bases: Mapping[str, int]
) -> Iterator[Finding]:
    """Without a proportional component: each has what it was given, or its floor."""
    held = {unit.id: max(bases[unit.id], unit.floor) for unit in units}
    left = count(told.get("seats"), "/seats") - sum(held.values())
    if told.get("left") != left or (status == "infeasible") != (left < 0) or status == "lots_required":
        yield Finding("certificate_left_wrong", {"left": left}, "/left")
    if status == "decided":
        yield from _seats(units, held)


def _staged(
    told: Mapping[str, object],
    status: str,
    units: Sequence[_Unit],
    bases: Mapping[str, int],
    last: Mapping[str, object],
) -> Iterator[Finding]:
    """Stage by stage: the right inputs, a proven result, and seats that are the stage's."""
    stages = mapping(told.get("stages"), "/stages")
    held = {unit.id: max(bases[unit.id], unit.floor) for unit in units}
    found: set[str] = set()
    seen: set[object] = set()
    for name, wanted in _wanted(told, units, bases, last, stages):
        stage = mapping(stages.get(name), f"/stages/{step(name)}")
        found.add(name)
        seen.add(stage.get("status"))
        faults = [replace(one, pointer=f"/stages/{step(name)}{one.pointer}") for one in verify_stage(stage)]
        yield from faults
        if not faults and not _about(stage, wanted):
            yield Finding("certificate_stage_differs", {"stage": name}, f"/stages/{step(name)}")
        if not faults and name != "blocs" and stage.get("status") != "infeasible":
            held |= _held(stage)
    if stages.keys() - found:
        yield Finding("certificate_stage_differs", {"stage": min(stages.keys() - found)}, "/stages")
    if status != next((one for one in ("infeasible", "lots_required") if one in seen), "decided"):
        yield Finding("certificate_status_wrong", {}, "/status")
    if told.get("left") != 0:
        yield Finding("certificate_left_wrong", {"left": 0}, "/left")
    if status != "infeasible":
        yield from _seats(units, held, bases)


def _seats(
    units: Sequence[_Unit], held: Mapping[str, int], bases: Mapping[str, int] | None = None
) -> Iterator[Finding]:
    for unit in units:
        rest = unit.parts[-1] if bases and unit.parts else None
        if unit.seats != held[unit.id] or (bases and rest != held[unit.id] - bases[unit.id]):
            params: dict[str, Plain] = {"id": unit.id, "seats": held[unit.id]}
            yield Finding("certificate_seats_differ", params, f"{unit.at}/seats")


def _wanted(
    told: Mapping[str, object],
    units: Sequence[_Unit],
    bases: Mapping[str, int],
    last: Mapping[str, object],
    stages: Mapping[str, object],
) -> Iterator[tuple[str, _Stage]]:
    """The stages there have to be, with what each starts from."""
    seats, rule = count(told.get("seats"), "/seats"), last.get("rule")
    measure, blocs = _measure(last.get("measure"), "/components"), sequence(last.get("blocs"), "/components")
    if not blocs:
        yield "units", _Stage(seats, rule, {one.id: _inputs(one, measure, bases) for one in units})
        return
    inside = {}
    outer: Inputs = {}
    members: dict[str | None, list[_Unit]] = {}
    for one in units:
        members.setdefault(one.bloc, []).append(one)
    for row in blocs:
        bloc = mapping(row, "/components")
        name, own = text(bloc.get("id"), "/components"), _measure(bloc.get("measure"), "/components")
        inside[name] = (
            bloc.get("rule"),
            {one.id: _inputs(one, own, bases) for one in members.get(name, ())},
        )
        weight = summed((one.weight(measure) for one in members.get(name, ())), "/units")
        outer[name] = _bloc(weight, inside[name][1], bloc.get("seats"))
    ensure(units, all(one.bloc in outer for one in units), "/units")
    yield "blocs", _Stage(seats, rule, outer)
    first = mapping(stages.get("blocs"), "/stages/blocs")
    if first.get("status") == "decided":
        shares = _held(first)
        for name, (own_rule, inputs) in inside.items():
            yield f"bloc/{name}", _Stage(shares.get(name, -1), own_rule, inputs)


def _inputs(one: _Unit, measure: Measure, bases: Mapping[str, int]) -> tuple[Fraction, int, int | None, int]:
    return one.weight(measure), one.floor, one.cap, bases[one.id]


def _bloc(weight: Fraction, inside: Inputs, stated: object) -> tuple[Fraction, int, int | None, int]:
    """A bloc claims with the sums of its units, or with the number that the plan states."""
    base = sum(base for _, _, _, base in inside.values())
    if stated is not None:
        number = count(stated, "/components")
        return weight, number, number, min(base, number)
    lows = {one: max(floor, base) for one, (_, floor, _, base) in inside.items()}
    highs = [cap if own else lows[one] for one, (own, _, cap, _) in inside.items()]
    known = [high for high in highs if high is not None]
    return weight, sum(lows.values()), sum(known) if len(known) == len(highs) else None, base


def _about(stage: Mapping[str, object], wanted: _Stage) -> bool:
    """Whether a stage that is proven in itself is about what it should be about."""
    inputs: Inputs = {}
    for row in sequence(stage.get("units"), ""):
        unit = mapping(row, "")
        cap = unit.get("cap")
        inputs[str(unit["id"])] = (
            rational(unit["weight"], ""),
            count(unit["floor"], ""),
            None if cap is None else count(cap, ""),
            count(unit["base"], ""),
        )
    return (stage["seats"], stage["rule"], inputs) == (wanted.seats, wanted.rule, wanted.inputs)


def _held(stage: Mapping[str, object]) -> dict[str, int]:
    rows = [mapping(row, "/stages") for row in sequence(stage.get("units"), "/stages")]
    return {text(row.get("id"), "/stages"): count(row.get("seats"), "/stages") for row in rows}


def _given(unit: _Unit, components: Sequence[Mapping[str, object]]) -> tuple[int, ...]:
    """What the components give outright, none of it beyond the cap."""
    parts: list[int] = []
    for place, component in enumerate(components):
        seats = _give(unit, component, f"/components/{place}")
        parts.append(seats if unit.cap is None else min(seats, unit.cap - sum(parts)))
    return tuple(parts)


def _give(unit: _Unit, component: Mapping[str, object], at: str) -> int:
    match one_of(component.get("kind"), ("fixed", "base", "step"), f"{at}/kind"):
        case "fixed":
            return count(mapping(component.get("seats"), f"{at}/seats").get(unit.id, 0), f"{at}/seats")
        case "base":
            each = count(component.get("each"), f"{at}/each")
            if component.get("times_predecessors") is True:
                return each * unit.predecessors
            merged = mapping(component.get("merged"), f"{at}/merged")
            return count(merged.get(str(unit.predecessors), each), f"{at}/merged")
    every = rational(component.get("every"), f"{at}/every")
    steps = unit.weight(_measure(component.get("measure"), at)) / ensure(every, every > 0, f"{at}/every")
    rounded = {"down": steps // 1, "up": -(-steps // 1), "half_up": (steps + Fraction(1, 2)) // 1}
    seats = (
        count(component.get("each"), f"{at}/each")
        * rounded[one_of(component.get("rounding"), tuple(rounded), f"{at}/rounding")]
    )
    most = component.get("most")
    return seats if most is None else min(seats, count(most, f"{at}/most"))


def _hands(told: Mapping[str, object], units: Sequence[_Unit]) -> list[_Unit]:
    """The units, those set by hand bound to their number."""
    numbers: dict[str, int] = {}
    for place, row in enumerate(_list(told, "adjustments")):
        at = f"/adjustments/{place}"
        hand = mapping(row, at)
        text(hand.get("reason"), f"{at}/reason")
        text(hand.get("author"), f"{at}/author")
        numbers[text(hand.get("unit"), f"{at}/unit")] = count(hand.get("seats"), f"{at}/seats")
    ensure(numbers, numbers.keys() <= {unit.id for unit in units}, "/adjustments")
    return [
        replace(unit, floor=numbers[unit.id], cap=numbers[unit.id]) if unit.id in numbers else unit
        for unit in units
    ]


def _units(told: Mapping[str, object], status: str) -> list[_Unit]:
    units = [
        _unit(mapping(row, f"/units/{i}"), f"/units/{i}", status)
        for i, row in enumerate(_list(told, "units"))
    ]
    return ensure(units, len({unit.id for unit in units}) == len(units), "/units")


def _unit(told: Mapping[str, object], at: str, status: str) -> _Unit:
    cap, bloc = told.get("cap"), told.get("bloc")
    parts = [] if status == "infeasible" else sequence(told.get("parts"), f"{at}/parts")
    unit = _Unit(
        id=text(told.get("id"), f"{at}/id"),
        figures=_measure(told.get("figures"), at),
        floor=count(told.get("floor"), f"{at}/floor"),
        cap=None if cap is None else count(cap, f"{at}/cap"),
        predecessors=count(told.get("predecessors"), f"{at}/predecessors"),
        bloc=None if bloc is None else text(bloc, f"{at}/bloc"),
        parts=tuple(count(part, f"{at}/parts") for part in parts),
        seats=0 if status == "infeasible" else count(told.get("seats"), f"{at}/seats"),
        at=at,
    )
    return ensure(unit, unit.cap is None or unit.floor <= unit.cap, f"{at}/cap")


def _measure(source: object, at: str) -> dict[str, Fraction]:
    return {name: rational(factor, at) for name, factor in mapping(source, at).items()}


def _list(told: Mapping[str, object], name: str) -> Sequence[object]:
    return sequence(told.get(name), f"/{name}")
