"""The shape of the certificate of an allocation, format ``daibieu-allocation-2``.

What the components do not use is not in it: figures outside the measures, predecessors without a base, blocs
where there are none.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from domain.findings import escape_pointer_step
from domain.verification.json_readers import (
    MOST_ID_LENGTH,
    MalformedError,
    expect_valid,
    read_choice,
    read_id,
    read_integer,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.shapes import (
    GREATEST_COUNT,
    expect_any_text,
    expect_ascending,
    expect_count,
    expect_digest,
    expect_exact_number,
    expect_exact_numbers,
    expect_members,
    expect_optional_count,
)
from domain.verification.stage_shape import STATUSES, expect_rule_shape

MEMBERS = (
    "format",
    "group",
    "seats",
    "status",
    "components",
    "adjustments",
    "units",
    "stages",
    "left",
    "digest",
)


@dataclass(slots=True)
class _Needs:
    """What the components need to know of a unit: figures of every unit, and of the units of each bloc."""

    figures: set[str] = field(default_factory=set)
    blocs: dict[str, Set[str]] = field(default_factory=dict)
    predecessors: bool = False
    has_stages: bool = False
    units_named: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)


def expect_allocation_shape(source: object, most_components: int) -> Mapping[str, object]:
    """The content of a certificate of format 2; raises ``MalformedError``."""
    content = expect_members(source, MEMBERS, "")
    status = read_choice(content["status"], STATUSES, "/status")
    expect_any_text(content["group"], "/group", MOST_ID_LENGTH)
    expect_count(content["seats"], "/seats")
    left = read_integer(content["left"], "/left")
    expect_valid(left, abs(left) <= GREATEST_COUNT**2, "/left")
    expect_digest(content["digest"], "/digest")
    stages = read_mapping(content["stages"], "/stages")
    components = read_sequence(content["components"], "/components")
    expect_valid(components, len(components) <= most_components, "/components")
    needs = _Needs()
    for n, one in enumerate(components):
        _expect_component_shape(one, f"/components/{n}", needs, is_last=n == len(components) - 1)
    expect_valid(stages, needs.has_stages or not stages, "/stages")
    rows = read_sequence(content["units"], "/units")
    parts = None if status == "infeasible" else len(components)
    ids = [_expect_unit_shape(row, f"/units/{n}", needs, parts) for n, row in enumerate(rows)]
    expect_ascending(ids, "/units")
    known = set(ids)
    for at, seats in needs.units_named:
        expect_valid(seats, seats.keys() <= known, at)
    _expect_adjustments_shape(content["adjustments"])
    return content


def _expect_component_shape(source: object, at: str, needs: _Needs, *, is_last: bool) -> None:
    component = read_mapping(source, at)
    kind = component.get("kind")
    if kind == "fixed":
        expect_members(component, ("kind", "seats", "reason"), at)
        expect_any_text(component["reason"], f"{at}/reason")
        needs.units_named.append((f"{at}/seats", _expect_counts(component["seats"], f"{at}/seats")))
    elif kind == "base":
        _expect_base_shape(component, at)
        needs.predecessors = True
    elif kind == "step":
        expect_members(component, ("kind", "measure", "every", "each", "rounding", "most", "above", "to"), at)
        needs.figures |= expect_exact_numbers(component["measure"], f"{at}/measure").keys()
        expect_exact_number(component["every"], f"{at}/every")
        expect_count(component["each"], f"{at}/each")
        expect_optional_count(component["most"], f"{at}/most")
        expect_exact_number(component["above"], f"{at}/above")
        if component["to"] is not None:
            expect_exact_number(component["to"], f"{at}/to")
    elif kind == "proportional" and is_last:
        expect_members(component, ("kind", "measure", "rule", "blocs"), at)
        needs.figures |= expect_exact_numbers(component["measure"], f"{at}/measure").keys()
        expect_rule_shape(component["rule"], f"{at}/rule")
        needs.has_stages = True
        needs.blocs = _expect_blocs_shape(component["blocs"], f"{at}/blocs")
    else:
        raise MalformedError(f"{at}/kind")


def _expect_base_shape(component: Mapping[str, object], at: str) -> None:
    if "times_predecessors" in component:
        expect_members(component, ("kind", "each", "times_predecessors"), at)
        expect_valid(component, component["times_predecessors"] is True, f"{at}/times_predecessors")
    else:
        expect_members(component, ("kind", "each", "merged"), at)
        for count in _expect_counts(component["merged"], f"{at}/merged"):
            at_count = f"{at}/merged/{escape_pointer_step(count[:MOST_ID_LENGTH])}"
            plain = count.isascii() and count.isdigit() and len(count) < 19
            expect_valid(count, plain and str(int(count)) == count, at_count)
    expect_count(component["each"], f"{at}/each")


def _expect_blocs_shape(source: object, at: str) -> dict[str, Set[str]]:
    """Bloc → the figures of its measure."""
    measures: dict[str, Set[str]] = {}
    for n, one in enumerate(read_sequence(source, at)):
        bloc = expect_members(one, ("id", "measure", "rule", "seats"), f"{at}/{n}")
        name = read_id(bloc["id"], f"{at}/{n}/id")
        expect_valid(name, name not in measures, f"{at}/{n}/id")
        measures[name] = expect_exact_numbers(bloc["measure"], f"{at}/{n}/measure").keys()
        expect_rule_shape(bloc["rule"], f"{at}/{n}/rule")
        expect_optional_count(bloc["seats"], f"{at}/{n}/seats")
    expect_ascending(list(measures), at)
    return measures


def _expect_unit_shape(source: object, at: str, needs: _Needs, parts: int | None) -> str:
    names = ["id", "figures", "floor", "cap"]
    names += ["predecessors"] if needs.predecessors else []
    names += ["bloc"] if needs.blocs else []
    names += [] if parts is None else ["parts", "seats"]
    row = expect_members(source, names, at)
    expect_count(row["floor"], f"{at}/floor")
    expect_optional_count(row["cap"], f"{at}/cap")
    if needs.predecessors:
        expect_count(row["predecessors"], f"{at}/predecessors")
    figures = needs.figures
    if needs.blocs:
        bloc = read_id(row["bloc"], f"{at}/bloc")
        expect_valid(bloc, bloc in needs.blocs, f"{at}/bloc")
        figures = figures | needs.blocs[bloc]
    given = expect_exact_numbers(row["figures"], f"{at}/figures")
    expect_valid(given, given.keys() == figures, f"{at}/figures")
    if parts is not None:
        listed = read_sequence(row["parts"], f"{at}/parts")
        expect_valid(listed, len(listed) == parts, f"{at}/parts")
        for n, part in enumerate(listed):
            expect_count(part, f"{at}/parts/{n}")
        expect_count(row["seats"], f"{at}/seats")
    return read_id(row["id"], f"{at}/id")


def _expect_adjustments_shape(source: object) -> None:
    units = []
    for n, one in enumerate(read_sequence(source, "/adjustments")):
        at = f"/adjustments/{n}"
        row = expect_members(one, ("unit", "seats", "reason", "author"), at)
        units.append(read_id(row["unit"], f"{at}/unit"))
        expect_count(row["seats"], f"{at}/seats")
        for name in ("reason", "author"):
            read_text(row[name], f"{at}/{name}")
    expect_ascending(units, "/adjustments")


def _expect_counts(source: object, at: str) -> Mapping[str, object]:
    counts = read_mapping(source, at)
    for name, count in counts.items():
        expect_count(count, f"{at}/{escape_pointer_step(name[:MOST_ID_LENGTH])}")
    return counts
