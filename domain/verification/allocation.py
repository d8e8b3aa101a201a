"""The check of an allocation: its components are computed again, then its stages and sums are checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.findings import Finding, Plain, escape_pointer_step
from domain.verification.allocation_shape import expect_allocation_shape
from domain.verification.apportionment import verify_stage
from domain.verification.components import (
    CountSeats,
    Figures,
    Measure,
    Measures,
    read_components,
    read_factors,
)
from domain.verification.json_readers import (
    MOST_ID_LENGTH,
    MalformedError,
    expect_valid,
    read_choice,
    read_count,
    read_id,
    read_mapping,
    read_rational,
    read_sequence,
    read_text,
    sum_rationals,
)
from domain.verification.shapes import check_content_digest

FORMAT_1 = "daibieu-allocation-1"
FORMAT = "daibieu-allocation-2"

MOST_COMPONENTS = 32
"""The most components of a rule. Real rules are short, and each unit is checked against each component."""

StageInputs = dict[str, tuple[Fraction, int, int | None, int]]
"""Unit → weight, floor, cap, base: the inputs of a stage."""


@dataclass(frozen=True, slots=True)
class _AllocationUnit:
    id: str
    figures: Figures
    floor: int
    cap: int | None
    predecessors: int
    bloc: str | None
    parts: tuple[int, ...]
    seats: int
    at: str


@dataclass(frozen=True, slots=True)
class _ExpectedStage:
    """What a stage must have: its name in the certificate, and its inputs."""

    stage: str
    seats: int
    rule: object
    inputs: StageInputs


def verify_allocation(certificate: object, *, strict: bool) -> tuple[Finding, ...]:
    """The errors in the certificate of an allocation, of format 2 if ``strict``; empty when it is proven."""
    try:
        content = read_mapping(certificate, "")
        if strict:
            read_choice(content.get("format"), (FORMAT,), "/format")
            expect_allocation_shape(content, MOST_COMPONENTS)
        status = read_choice(content.get("status"), ("decided", "lots_required", "infeasible"), "/status")
        units = _apply_adjustments(content, _read_units(content, status))
        found = tuple(_check_components(content, status, units))
        return found or (check_content_digest(content) if strict else ())
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _check_components(
    content: Mapping[str, object], status: str, units: Sequence[_AllocationUnit]
) -> Iterator[Finding]:
    listed = _read_list(content, "components")
    expect_valid(listed, len(listed) <= MOST_COMPONENTS, "/components")
    components = [read_mapping(one, f"/components/{i}") for i, one in enumerate(listed)]
    last = components[-1] if components and components[-1].get("kind") == "proportional" else None
    measures = Measures()
    outright = read_components(components[:-1] if last else components, measures)
    parts_by_unit = {unit.id: _list_component_seats(unit, outright) for unit in units}
    if status != "infeasible":
        for unit in units:
            if unit.parts[: len(outright)] != parts_by_unit[unit.id]:
                yield Finding("certificate_parts_differ", {"id": unit.id}, f"{unit.at}/parts")
    bases = {one: sum(parts) for one, parts in parts_by_unit.items()}
    if last is None:
        yield from _check_outright(content, status, units, bases)
    else:
        yield from _check_stages(content, status, units, bases, last, measures)


def _check_outright(
    content: Mapping[str, object], status: str, units: Sequence[_AllocationUnit], bases: Mapping[str, int]
) -> Iterator[Finding]:
    """Without a proportional component: each unit has the seats of its components, or its floor."""
    expected = {unit.id: max(bases[unit.id], unit.floor) for unit in units}
    left = read_count(content.get("seats"), "/seats") - sum(expected.values())
    if content.get("left") != left or (status == "infeasible") != (left < 0) or status == "lots_required":
        yield Finding("certificate_left_wrong", {"left": left}, "/left")
    if status == "decided":
        yield from _check_seats(units, expected)


def _check_stages(
    content: Mapping[str, object],
    status: str,
    units: Sequence[_AllocationUnit],
    bases: Mapping[str, int],
    last: Mapping[str, object],
    measures: Measures,
) -> Iterator[Finding]:
    """Each stage has the right inputs and a proven result, and the units have the seats of their stage."""
    stages = read_mapping(content.get("stages"), "/stages")
    expected = {unit.id: max(bases[unit.id], unit.floor) for unit in units}
    found: set[str] = set()
    statuses: set[str] = set()
    strict = content.get("format") == FORMAT
    for name, wanted in _list_expected_stages(content, units, bases, last, stages, measures):
        stage = read_mapping(stages.get(name), f"/stages/{escape_pointer_step(name)}")
        found.add(name)
        statuses.add(str(stage.get("status")))
        faults = [
            replace(one, pointer=f"/stages/{escape_pointer_step(name)}{one.pointer}")
            for one in verify_stage(stage, strict=strict)
        ]
        yield from faults
        if not faults and not _is_expected_stage(stage, wanted):
            yield Finding(
                "certificate_stage_differs", {"stage": name}, f"/stages/{escape_pointer_step(name)}"
            )
        if not faults and name != "blocs" and stage.get("status") != "infeasible":
            expected |= _map_seats_by_unit(stage)
    if stages.keys() - found:
        other = min(stages.keys() - found)[:MOST_ID_LENGTH]
        yield Finding("certificate_stage_differs", {"stage": other}, "/stages")
    if status != next((one for one in ("infeasible", "lots_required") if one in statuses), "decided"):
        yield Finding("certificate_status_wrong", {}, "/status")
    if content.get("left") != 0:
        yield Finding("certificate_left_wrong", {"left": 0}, "/left")
    if status != "infeasible":
        yield from _check_seats(units, expected, bases)


def _check_seats(
    units: Sequence[_AllocationUnit], expected: Mapping[str, int], bases: Mapping[str, int] | None = None
) -> Iterator[Finding]:
    for unit in units:
        rest = unit.parts[-1] if bases and unit.parts else None
        if unit.seats != expected[unit.id] or (bases and rest != expected[unit.id] - bases[unit.id]):
            params: dict[str, Plain] = {"id": unit.id, "seats": expected[unit.id]}
            yield Finding("certificate_seats_differ", params, f"{unit.at}/seats")


def _list_expected_stages(
    content: Mapping[str, object],
    units: Sequence[_AllocationUnit],
    bases: Mapping[str, int],
    last: Mapping[str, object],
    stages: Mapping[str, object],
    measures: Measures,
) -> Iterator[tuple[str, _ExpectedStage]]:
    """The stages that must be there: the name of each in this certificate, and what it must have."""
    group = content.get("group")
    seats, rule = read_count(content.get("seats"), "/seats"), last.get("rule")
    measure, blocs = (
        measures.read(last.get("measure"), "/components"),
        read_sequence(last.get("blocs"), "/components"),
    )
    if not blocs:
        yield (
            "units",
            _ExpectedStage(
                f"{group}/units",
                seats,
                rule,
                {one.id: _build_unit_inputs(one, measure, bases) for one in units},
            ),
        )
        return
    inside = {}
    outer: StageInputs = {}
    members: dict[str | None, list[_AllocationUnit]] = {}
    for one in units:
        members.setdefault(one.bloc, []).append(one)
    for row in blocs:
        bloc = read_mapping(row, "/components")
        name, own = (
            read_id(bloc.get("id"), "/components"),
            measures.read(bloc.get("measure"), "/components"),
        )
        inside[name] = (
            bloc.get("rule"),
            {one.id: _build_unit_inputs(one, own, bases) for one in members.get(name, ())},
        )
        weight = sum_rationals(
            (one.figures.compute_weight(measure) for one in members.get(name, ())), "/units"
        )
        outer[name] = _build_bloc_inputs(weight, inside[name][1], bloc.get("seats"))
    expect_valid(units, all(one.bloc in outer for one in units), "/units")
    yield "blocs", _ExpectedStage(f"{group}/*", seats, rule, outer)
    first = read_mapping(stages.get("blocs"), "/stages/blocs")
    if first.get("status") == "decided":
        shares = _map_seats_by_unit(first)
        for name, (own_rule, inputs) in inside.items():
            stage = f"{group}/{name}"
            yield f"bloc/{name}", _ExpectedStage(stage, shares.get(name, -1), own_rule, inputs)


def _build_unit_inputs(
    one: _AllocationUnit, measure: Measure, bases: Mapping[str, int]
) -> tuple[Fraction, int, int | None, int]:
    return one.figures.compute_weight(measure), one.floor, one.cap, bases[one.id]


def _build_bloc_inputs(
    weight: Fraction, inside: StageInputs, stated_seats: object
) -> tuple[Fraction, int, int | None, int]:
    """The inputs of a bloc: the sums of its units, or the number of seats that the plan states."""
    base = sum(base for _, _, _, base in inside.values())
    if stated_seats is not None:
        number = read_count(stated_seats, "/components")
        return weight, number, number, min(base, number)
    lows = {one: max(floor, base) for one, (_, floor, _, base) in inside.items()}
    highs = [cap if own else lows[one] for one, (own, _, cap, _) in inside.items()]
    known = [high for high in highs if high is not None]
    return weight, sum(lows.values()), sum(known) if len(known) == len(highs) else None, base


def _is_expected_stage(stage: Mapping[str, object], wanted: _ExpectedStage) -> bool:
    """Whether a stage, which is proven by itself, has the inputs that it must have."""
    inputs: StageInputs = {}
    for row in read_sequence(stage.get("units"), ""):
        unit = read_mapping(row, "")
        cap = unit.get("cap")
        inputs[str(unit["id"])] = (
            read_rational(unit["weight"], ""),
            read_count(unit["floor"], ""),
            None if cap is None else read_count(cap, ""),
            read_count(unit["base"], ""),
        )
    if stage.get("stage", wanted.stage) != wanted.stage:
        return False
    return (stage["seats"], stage["rule"], inputs) == (wanted.seats, wanted.rule, wanted.inputs)


def _map_seats_by_unit(stage: Mapping[str, object]) -> dict[str, int]:
    rows = [read_mapping(row, "/stages") for row in read_sequence(stage.get("units"), "/stages")]
    return {read_id(row.get("id"), "/stages"): read_count(row.get("seats"), "/stages") for row in rows}


def _list_component_seats(unit: _AllocationUnit, components: Sequence[CountSeats]) -> tuple[int, ...]:
    """The seats that each component gives directly, in all not more than the cap."""
    parts: list[int] = []
    for count_seats in components:
        seats = count_seats(unit)
        parts.append(seats if unit.cap is None else min(seats, unit.cap - sum(parts)))
    return tuple(parts)


def _apply_adjustments(
    content: Mapping[str, object], units: Sequence[_AllocationUnit]
) -> list[_AllocationUnit]:
    """The units, where a number set by hand is both floor and cap of its unit."""
    numbers: dict[str, int] = {}
    for index, row in enumerate(_read_list(content, "adjustments")):
        at = f"/adjustments/{index}"
        adjustment = read_mapping(row, at)
        read_text(adjustment.get("reason"), f"{at}/reason")
        read_text(adjustment.get("author"), f"{at}/author")
        numbers[read_text(adjustment.get("unit"), f"{at}/unit")] = read_count(
            adjustment.get("seats"), f"{at}/seats"
        )
    expect_valid(numbers, numbers.keys() <= {unit.id for unit in units}, "/adjustments")
    return [
        replace(unit, floor=numbers[unit.id], cap=numbers[unit.id]) if unit.id in numbers else unit
        for unit in units
    ]


def _read_units(content: Mapping[str, object], status: str) -> list[_AllocationUnit]:
    strict = content.get("format") == FORMAT
    units = [
        _read_unit(read_mapping(row, f"/units/{i}"), f"/units/{i}", status, strict=strict)
        for i, row in enumerate(_read_list(content, "units"))
    ]
    return expect_valid(units, len({unit.id for unit in units}) == len(units), "/units")


def _read_unit(content: Mapping[str, object], at: str, status: str, *, strict: bool) -> _AllocationUnit:
    cap, bloc = content.get("cap"), content.get("bloc")
    counted = content.get("predecessors", 1 if strict else None)
    parts = [] if status == "infeasible" else read_sequence(content.get("parts"), f"{at}/parts")
    unit = _AllocationUnit(
        id=read_id(content.get("id"), f"{at}/id"),
        figures=Figures(read_factors(content.get("figures"), at), f"{at}/figures"),
        floor=read_count(content.get("floor"), f"{at}/floor"),
        cap=None if cap is None else read_count(cap, f"{at}/cap"),
        predecessors=read_count(counted, f"{at}/predecessors"),
        bloc=None if bloc is None else read_id(bloc, f"{at}/bloc"),
        parts=tuple(read_count(part, f"{at}/parts") for part in parts),
        seats=0 if status == "infeasible" else read_count(content.get("seats"), f"{at}/seats"),
        at=at,
    )
    return expect_valid(unit, unit.cap is None or unit.floor <= unit.cap, f"{at}/cap")


def _read_list(content: Mapping[str, object], name: str) -> Sequence[object]:
    return read_sequence(content.get(name), f"/{name}")
