"""Checks of a plan's components, its units and the numbers set by hand."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from domain.apportionment.components import (
    Adjustment,
    Component,
    Measure,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.findings import Finding, Invalid, Plain


def expect_valid_scheme(
    participants: Sequence[Participant],
    components: Sequence[Component],
    adjustments: Sequence[Adjustment],
    *,
    stated: bool = True,
) -> None:
    """Refuse inputs from which no allocation can be computed; ``stated`` says whether the total is.

    :raises Invalid: with a finding for each fault, pointing below ``/units``, ``/components``,
    ``/adjustments``.
    """
    found = [*_check_components(components), *_check_adjustments(adjustments, participants)]
    if not stated and any(isinstance(part, ProportionalSeats) for part in components):
        found.append(Finding("total_not_stated", {}, "/seats"))
    measures = _map_figures_by_bloc(components)
    blocs = {bloc.id for part in components if isinstance(part, ProportionalSeats) for bloc in part.blocs}
    earlier_ids: set[str] = set()
    for index, one in enumerate(participants):
        at = f"/units/{index}"
        found += _check_unit(one, at, earlier_ids)
        found += _check_figures(one, at, measures, bloc=one.bloc if blocs else None)
        if blocs and one.bloc not in blocs:
            found.append(Finding("bloc_unknown", {"id": one.id, "bloc": one.bloc}, f"{at}/bloc"))
    if found:
        raise Invalid("allocation_invalid", errors=found[:100])


def _check_unit(one: Participant, at: str, earlier_ids: set[str]) -> Iterator[Finding]:
    if not one.id:
        yield Finding("id_missing", {}, f"{at}/id")
    elif one.id in earlier_ids:
        yield Finding("id_repeated", {"id": one.id}, f"{at}/id")
    earlier_ids.add(one.id)
    bounds = {"floor": one.floor, "cap": one.cap, "predecessors": one.predecessors}
    for name, bound in bounds.items():
        if bound is not None and not _is_count(bound):
            yield Finding("bound_not_a_count", {"id": one.id, "bound": name}, f"{at}/{name}")
    if one.cap is not None and one.floor > one.cap:
        params: dict[str, Plain] = {"id": one.id, "floor": one.floor, "cap": one.cap}
        yield Finding("floor_above_cap", params, f"{at}/floor")


def _map_figures_by_bloc(components: Sequence[Component]) -> dict[str | None, set[str]]:
    """The figures that are needed: of every unit under ``None``, of a bloc's units under the bloc's id."""
    needed: dict[str | None, set[str]] = {None: set()}
    for part in components:
        if isinstance(part, StepSeats | ProportionalSeats):
            needed[None] |= part.measure.keys()
        if isinstance(part, ProportionalSeats):
            needed |= {bloc.id: set(bloc.measure) for bloc in part.blocs}
    return needed


def _check_figures(
    one: Participant, at: str, measures: Mapping[str | None, set[str]], *, bloc: str | None
) -> Iterator[Finding]:
    for name in sorted(measures[None] | measures.get(bloc, set())):
        figure = one.figures.get(name)
        params: dict[str, Plain] = {"id": one.id, "figure": name}
        if figure is None:
            yield Finding("figure_missing", params, f"{at}/figures/{name}")
        elif not _is_exact(figure):
            yield Finding("figure_not_exact", params, f"{at}/figures/{name}")


def _check_components(components: Sequence[Component]) -> Iterator[Finding]:
    for index, part in enumerate(components):
        at = f"/components/{index}"
        if isinstance(part, ProportionalSeats):
            if index < len(components) - 1:
                yield Finding("proportional_not_last", {}, at)
            yield from _check_proportional(part, at)
        elif isinstance(part, StepSeats):
            yield from _check_measure(part.measure, at)
            if not _is_exact(part.every) or not part.every:
                yield Finding("step_not_positive", {}, f"{at}/every")
            yield from _check_bracket(part, at)
            if not _is_count(part.each) or not (part.most is None or _is_count(part.most)):
                yield Finding("component_not_a_count", {}, at)
        elif not all(map(_is_count, _list_seat_numbers(part))):
            yield Finding("component_not_a_count", {}, at)


def _check_bracket(part: StepSeats, at: str) -> Iterator[Finding]:
    """What is counted of the measure begins and ends at exact numbers, and ends later than it begins."""
    if not _is_exact(part.above):
        yield Finding("bracket_not_exact", {}, f"{at}/above")
    elif part.to is not None and (not _is_exact(part.to) or part.to <= part.above):
        yield Finding("bracket_empty", {"above": str(part.above), "to": str(part.to)}, f"{at}/to")


def _list_seat_numbers(part: Component) -> list[object]:
    """All numbers of seats in a fixed or base component."""
    seats: Mapping[object, object] = getattr(part, "seats", None) or getattr(part, "merged", {})
    return [*seats.values(), getattr(part, "each", 0)]


def _check_proportional(part: ProportionalSeats, at: str) -> Iterator[Finding]:
    yield from _check_measure(part.measure, at)
    ids = [bloc.id for bloc in part.blocs]
    for index, bloc in enumerate(part.blocs):
        if bloc.id in ids[:index]:
            yield Finding("id_repeated", {"id": bloc.id}, f"{at}/blocs/{index}/id")
        yield from _check_measure(bloc.measure, f"{at}/blocs/{index}")
        if bloc.seats is not None and not _is_count(bloc.seats):
            yield Finding("component_not_a_count", {}, f"{at}/blocs/{index}/seats")


def _check_measure(measure: Measure, at: str) -> Iterator[Finding]:
    for name, factor in measure.items():
        if not _is_exact(factor):
            yield Finding("factor_not_exact", {"figure": name}, f"{at}/measure/{name}")


def _check_adjustments(
    adjustments: Sequence[Adjustment], participants: Sequence[Participant]
) -> Iterator[Finding]:
    known, earlier_ids = {one.id for one in participants}, set[str]()
    for index, adjustment in enumerate(adjustments):
        at = f"/adjustments/{index}"
        if adjustment.unit not in known:
            yield Finding("adjustment_unit_unknown", {"id": adjustment.unit}, f"{at}/unit")
        if adjustment.unit in earlier_ids:
            yield Finding("adjustment_repeated", {"id": adjustment.unit}, f"{at}/unit")
        earlier_ids.add(adjustment.unit)
        if not _is_count(adjustment.seats):
            yield Finding("component_not_a_count", {}, f"{at}/seats")
        if not adjustment.reason.strip() or not adjustment.author.strip():
            yield Finding("adjustment_unreasoned", {"id": adjustment.unit}, at)


def _is_count(number: object) -> bool:
    return type(number) is int and number >= 0


def _is_exact(number: object) -> bool:
    return isinstance(number, int | Fraction) and not isinstance(number, bool) and number >= 0
