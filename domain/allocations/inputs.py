"""The inputs of an allocation: units, their figures and bounds, and the rules. A run uses nothing else.

Each seat group filled by units has a stated number of seats. Within a group the plan's components give seats
first, in order. The rest is shared over blocs, each by its own measure: one common measure for departments
(staff) and districts (population) would make no sense.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.apportionment import ApportionmentRule, Method
from domain.apportionment.components import (
    AllocationBloc,
    BaseSeats,
    FixedSeats,
    OutrightComponent,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.figures import EQUAL_MEASURE, InheritedFigures
from domain.findings import Finding, Severity
from domain.plans import BaseRule as PlanBase
from domain.plans import Bloc as PlanBloc
from domain.plans import FixedRule as PlanFixed
from domain.plans import SeatComponent as PlanComponent
from domain.plans import SeatGroup, SharingRule, Tier


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit below the conference with its figures; a measure that is missing in ``measures`` is unknown.

    ``inherited`` is what its predecessors reported, which stands for nothing until somebody takes it over.
    """

    unit: str
    code: str
    name: str
    kind: str
    measures: Mapping[str, int]
    made_up: frozenset[str] = frozenset()
    predecessors: int = 1
    inherited: InheritedFigures | None = None

    def find_figure(self, measure: str) -> int | None:
        """The unit's figure of a measure, ``None`` when it was not reported."""
        return 1 if measure == EQUAL_MEASURE else self.measures.get(measure)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A unit in a group: its names, and its figure for the plan's second criterion, if the plan has one."""

    unit: str
    code: str
    name: str
    made_up: bool = False
    second: Fraction | None = None


@dataclass(frozen=True, slots=True)
class GroupInputs:
    """A seat group with its units; ``participants`` and ``members`` are in the same order.

    ``rule`` shares the seats that remain after ``components``. Its blocs have the plan's ids; ``names`` has
    the name of each bloc. Without ``seats`` the group has those that its components give, ``maximum`` at
    most, and no rest is shared.
    """

    id: str
    seats: int | None
    participants: tuple[Participant, ...]
    members: tuple[GroupMember, ...]
    components: tuple[OutrightComponent, ...]
    rule: ProportionalSeats
    names: Mapping[str, str]
    clause: str | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class AllocationInputs:
    """The inputs of a run.

    ``ties`` and ``lot`` are the plan's rules for ties. ``room`` is the number of seats that the conference's
    maximum leaves above the stated seats, ``None`` without a maximum.
    """

    groups: tuple[GroupInputs, ...]
    ties: str = "lot"
    lot: str = "hand"
    room: int | None = None


def build_inputs(
    tier: Tier, units: Sequence[UnitFigures], *, ties: str, lot: str, second: str | None
) -> tuple[AllocationInputs, list[Finding]]:
    """The inputs of a tier's allocation over the units below its conference, and findings about missing data.

    A unit with an unreported measure is an error and never has the weight zero. A unit that belongs to no
    bloc, and a named unit that is not among ``units``, is a warning. ``second`` is the measure of the plan's
    second criterion for ties.
    """
    groups: list[GroupInputs] = []
    gaps: list[Finding] = []
    for group in tier.seat_groups:
        if group.filled_by == "units" and group.blocs:
            inside = _assign_blocs(group, units)
            gaps += _check_figures(group, inside, units)
            groups.append(_build_group(group, inside, second))
    gaps += _check_unassigned_units(tier, units)
    stated = sum(group.seats or group.maximum or 0 for group in tier.seat_groups)
    room = None if tier.cap is None else max(0, tier.cap.number - stated)
    return AllocationInputs(tuple(groups), ties, lot, room), gaps


def amend_inputs(
    inputs: AllocationInputs,
    current: Mapping[tuple[str, str], int],
    keep: Collection[str],
    returned: Mapping[tuple[str, str], int],
) -> AllocationInputs:
    """The inputs of an amendment: units in ``keep`` keep their seats, units that returned seats get no more.

    ``current`` and ``returned`` are (unit, group) → seats. Returned seats go to the other units by the same
    rule.
    """
    groups = tuple(_amend_group(group, current, keep, returned) for group in inputs.groups)
    return replace(inputs, groups=groups)


def _amend_group(
    group: GroupInputs,
    current: Mapping[tuple[str, str], int],
    keep: Collection[str],
    returned: Mapping[tuple[str, str], int],
) -> GroupInputs:
    def set_bounds(one: Participant) -> Participant:
        place = (one.id, group.id)
        seats = current.get(place, 0)
        if place in returned:
            left = seats - returned[place]
            return replace(one, floor=min(one.floor, left), cap=left)
        return replace(one, floor=seats, cap=seats) if one.id in keep else one

    return replace(group, participants=tuple(set_bounds(one) for one in group.participants))


BlocUnits = list[tuple[PlanBloc, UnitFigures]]


def _assign_blocs(group: SeatGroup, units: Sequence[UnitFigures]) -> BlocUnits:
    """The group's units with their blocs: in the plan's order of blocs, then in the order of ``units``."""
    found = [(group.find_bloc(unit.code, unit.kind), unit) for unit in units]
    taken = [(bloc, unit) for bloc, unit in found if bloc is not None]
    position = {bloc.id: n for n, bloc in enumerate(group.blocs)}
    return sorted(taken, key=lambda pair: position[pair[0].id])


def _build_group(group: SeatGroup, inside: BlocUnits, second: str | None) -> GroupInputs:
    needed = _map_measures_by_bloc(group)
    complete = [(bloc, unit) for bloc, unit in inside if not _list_missing_measures(needed[bloc.id], unit)]
    ids = {unit.code: unit.unit for _, unit in complete}
    components = [build_component(component, ids) for component in group.components]
    base_first = {unit.unit: bloc.get_bounds(unit.code)[0] for bloc, unit in complete if _is_base_first(bloc)}
    if any(base_first.values()):
        components.append(FixedSeats(base_first, "base_first"))
    return GroupInputs(
        id=group.id,
        seats=_get_stated_seats(group),
        participants=tuple(_build_participant(bloc, unit, needed[bloc.id]) for bloc, unit in complete),
        members=tuple(_build_member(unit, needed[bloc.id], second) for bloc, unit in complete),
        components=tuple(components),
        rule=_build_proportional(group),
        names={bloc.id: bloc.name for bloc in group.blocs},
        clause=group.clause,
        maximum=group.maximum,
    )


def _get_stated_seats(group: SeatGroup) -> int | None:
    """The group's seats, ``None`` where its components give the total."""
    if group.total == "components":
        return None
    return sum(bloc.seats or 0 for bloc in group.blocs) if group.sharing is None else group.seats or 0


def _map_measures_by_bloc(group: SeatGroup) -> dict[str, set[str]]:
    """bloc → the measures that each of its units must have reported."""
    common = {component.measure for component in group.components if component.kind == "step"}
    common |= set(group.sharing.measure_factors) if group.sharing else set()
    return {bloc.id: common | set(bloc.measure_factors) for bloc in group.blocs}


def _list_missing_measures(needed: set[str], unit: UnitFigures) -> list[str]:
    return sorted(measure for measure in needed if unit.find_figure(measure) is None)


def _build_participant(bloc: PlanBloc, unit: UnitFigures, needed: set[str]) -> Participant:
    floor, cap = bloc.get_bounds(unit.code)
    figures = {measure: unit.find_figure(measure) or 0 for measure in sorted(needed)}
    floor = 0 if _is_base_first(bloc) else floor
    return Participant(unit.unit, figures, floor, cap, unit.predecessors, bloc.id)


def _build_member(unit: UnitFigures, needed: set[str], second: str | None) -> GroupMember:
    figure = unit.measures.get(second) if second else None
    return GroupMember(
        unit.unit,
        unit.code,
        unit.name,
        bool(unit.made_up & needed),
        None if figure is None else Fraction(figure),
    )


def _is_base_first(bloc: PlanBloc) -> bool:
    return bloc.floor_law == "base_first"


def build_component(component: PlanComponent, ids: Mapping[str, str]) -> OutrightComponent:
    """A plan's component for the engine; ``ids`` is unit code → the unit's id among the participants."""
    if isinstance(component, PlanFixed):
        seats = {ids[code]: seats for code, seats in component.seats.items() if code in ids}
        return FixedSeats(seats, component.reason)
    if isinstance(component, PlanBase):
        merged = {int(count): seats for count, seats in component.merged.items()}
        return BaseSeats(component.each, merged, component.times_predecessors)
    measure = {component.measure: Fraction(1)}
    return StepSeats(
        measure,
        component.every,
        component.each,
        component.rounding,
        component.most,
        component.above,
        component.to,
    )


def _build_proportional(group: SeatGroup) -> ProportionalSeats:
    blocs = tuple(
        AllocationBloc(bloc.id, bloc.measure_factors, _build_rule(bloc), bloc.seats) for bloc in group.blocs
    )
    if group.sharing is None:
        return ProportionalSeats({}, blocs=blocs)
    return ProportionalSeats(group.sharing.measure_factors, _build_rule(group.sharing), blocs)


def _build_rule(rule: PlanBloc | SharingRule) -> ApportionmentRule:
    return ApportionmentRule(
        Method(rule.method), c=rule.c, first_divisor=rule.first_divisor, quota=rule.quota or "hare"
    )


def _check_figures(group: SeatGroup, inside: BlocUnits, units: Sequence[UnitFigures]) -> Iterator[Finding]:
    needed, present = _map_measures_by_bloc(group), {unit.code for unit in units}
    for bloc, unit in inside:
        for measure in _list_missing_measures(needed[bloc.id], unit):
            params = {
                "stage": f"{group.id}/{bloc.id}",
                "unit": unit.code,
                "name": unit.name,
                "measure": measure,
            }
            yield Finding("figure_unknown", params, clause=bloc.clause)
    for bloc in group.blocs:
        stage = f"{group.id}/{bloc.id}"
        if not any(own is bloc for own, _ in inside):
            yield Finding("bloc_without_units", {"stage": stage}, clause=bloc.clause)
        for code in sorted({*bloc.units, *bloc.floors, *bloc.caps} - present):
            params = {"stage": stage, "unit": code}
            yield Finding("named_unit_absent", params, clause=bloc.clause, severity=Severity.WARNING)


def _check_unassigned_units(tier: Tier, units: Sequence[UnitFigures]) -> Iterator[Finding]:
    blocs = [bloc for group in tier.seat_groups for bloc in group.blocs]
    for unit in units:
        if not any(bloc.has_unit(unit.code, unit.kind) for bloc in blocs):
            params = {"unit": unit.code, "name": unit.name, "kind": unit.kind}
            yield Finding("unit_in_no_bloc", params, severity=Severity.WARNING)
