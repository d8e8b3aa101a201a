"""The frame: who takes part in which stage, with which weight and bounds. All of it is frozen before a run.

Seat groups filled by units come first by their stated numbers, then each bloc inside them by its own measure:
one measure over departments (staff) and districts (population) at once would be absurd.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.apportionment import Method, Rule
from domain.findings import Finding, Plain, Severity
from domain.plans import Bloc, Tier
from domain.snapshots import exact, written


@dataclass(frozen=True, slots=True)
class Figures:
    """A unit below the conference, with what is known of it: a measure that is not here is unknown."""

    unit: str
    code: str
    name: str
    kind: str
    known: Mapping[str, int]
    made_up: frozenset[str] = frozenset()

    def of(self, measure: str) -> int | None:
        """What it weighs by a measure, ``None`` when nobody reported it."""
        return 1 if measure == EQUAL else self.known.get(measure)


EQUAL = "equal"
"""The measure by which every unit weighs the same: for blocs whose figures nobody may publish."""

Gap = Finding
"""Something that keeps a stage from being computed, or that somebody should look at."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """A unit in one stage. ``second`` is its figure by the plan's second criterion, where there is one."""

    unit: str
    code: str
    name: str
    weight: Fraction
    floor: int = 0
    cap: int | None = None
    made_up: bool = False
    second: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One proportional stage: the stated seats of a bloc over its units.

    ``floor_law`` is ``clamp`` (floors bound the result) or ``base_first`` (floors are given, then the rest).
    """

    group: str
    bloc: str
    name: str
    seats: int
    measure: str
    rule: Rule
    floor_law: str
    claimants: tuple[Claimant, ...]
    clause: str | None = None

    @property
    def id(self) -> str:
        """The stage's name within its conference."""
        return f"{self.group}/{self.bloc}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a run computes from. ``room`` is how many seats the maximum leaves beside the stated ones."""

    stages: tuple[Stage, ...]
    ties: str = "lot"
    lot: str = "hand"
    room: int | None = None

    def plain(self) -> dict[str, Plain]:
        """As JSON, exact and canonical."""
        return {
            "ties": self.ties,
            "lot": self.lot,
            "room": self.room,
            "stages": [_plain_stage(stage) for stage in self.stages],
        }

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Frame":
        """The inverse of :meth:`plain`."""
        return cls(
            tuple(_stage(stage) for stage in content["stages"]),
            content["ties"],
            content["lot"],
            content["room"],
        )


def stages(tier: Tier, units: Sequence[Figures], second: str | None) -> tuple[list[Stage], list[Gap]]:
    """The stages of a tier over the units below its conference, and the gaps in what is known.

    A unit whose measure nobody reported is an error of its stage, never a weight of zero; a unit that no bloc
    takes, or a named unit that is not there, is a warning.
    """
    found: list[Stage] = []
    gaps: list[Gap] = []
    for group in tier.seat_groups:
        if group.filled_by != "units":
            continue
        members: dict[str, list[Figures]] = {bloc.id: [] for bloc in group.blocs}
        for unit in units:
            bloc = group.bloc_of(unit.code, unit.kind)
            if bloc is not None:
                members[bloc.id].append(unit)
        for bloc in group.blocs:
            gaps += _gaps(group.id, bloc, members[bloc.id], units)
            found.append(_of_bloc(group.id, bloc, members[bloc.id], second))
    gaps += _left_out(tier, units)
    return found, gaps


def _of_bloc(group: str, bloc: Bloc, members: Sequence[Figures], second: str | None) -> Stage:
    rule = Rule(Method(bloc.method), c=bloc.c, first_divisor=bloc.first_divisor, quota=bloc.quota or "hare")
    claimants = tuple(
        Claimant(
            unit.unit,
            unit.code,
            unit.name,
            Fraction(unit.of(bloc.measure) or 0),
            *bloc.bounds(unit.code),
            made_up=bloc.measure in unit.made_up,
            second=Fraction(unit.known[second]) if second and second in unit.known else None,
        )
        for unit in members
        if unit.of(bloc.measure) is not None
    )
    return Stage(
        group, bloc.id, bloc.name, bloc.seats, bloc.measure, rule, bloc.floor_law, claimants, bloc.clause
    )


def _gaps(group: str, bloc: Bloc, members: Sequence[Figures], units: Sequence[Figures]) -> Iterator[Gap]:
    stage = f"{group}/{bloc.id}"
    present = {unit.code for unit in units}
    for unit in members:
        if unit.of(bloc.measure) is None:
            params = {"stage": stage, "unit": unit.code, "name": unit.name, "measure": bloc.measure}
            yield Finding("figure_unknown", params, clause=bloc.clause)
    if not members:
        yield Finding("bloc_without_units", {"stage": stage}, clause=bloc.clause)
    for code in sorted({*bloc.units, *bloc.floors, *bloc.caps} - present):
        params = {"stage": stage, "unit": code}
        yield Finding("named_unit_absent", params, clause=bloc.clause, severity=Severity.WARNING)


def _left_out(tier: Tier, units: Sequence[Figures]) -> Iterator[Gap]:
    blocs = [bloc for group in tier.seat_groups for bloc in group.blocs]
    for unit in units:
        if not any(bloc.takes(unit.code, unit.kind) for bloc in blocs):
            params = {"unit": unit.code, "name": unit.name, "kind": unit.kind}
            yield Finding("unit_in_no_bloc", params, severity=Severity.WARNING)


def _plain_stage(stage: Stage) -> dict[str, Plain]:
    return {
        "group": stage.group,
        "bloc": stage.bloc,
        "name": stage.name,
        "seats": stage.seats,
        "measure": stage.measure,
        "rule": stage.rule.plain(),
        "floor_law": stage.floor_law,
        "clause": stage.clause,
        "units": [
            {
                "id": claimant.unit,
                "code": claimant.code,
                "name": claimant.name,
                "weight": written(claimant.weight),
                "floor": claimant.floor,
                "cap": claimant.cap,
                "made_up": claimant.made_up,
                "second": None if claimant.second is None else written(claimant.second),
            }
            for claimant in stage.claimants
        ],
    }


def _stage(content: Mapping[str, Any]) -> Stage:
    claimants = tuple(
        Claimant(
            unit["id"],
            unit["code"],
            unit["name"],
            exact(unit["weight"]),
            unit["floor"],
            unit["cap"],
            unit["made_up"],
            None if unit["second"] is None else exact(unit["second"]),
        )
        for unit in content["units"]
    )
    return Stage(
        content["group"],
        content["bloc"],
        content["name"],
        content["seats"],
        content["measure"],
        _rule(content["rule"]),
        content["floor_law"],
        claimants,
        content["clause"],
    )


def _rule(content: Mapping[str, Any]) -> Rule:
    parameters: dict[str, Any] = {
        name: exact(content[name]) for name in ("c", "first_divisor") if name in content
    }
    parameters |= {name: content[name] for name in ("quota", "bounds") if name in content}
    return Rule(Method(content["method"]), **parameters)
