"""The certificate of an allocation: components, adjustments, and one certificate for each stage."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from domain.apportionment.certificate import build_certificate, plain_number, seal
from domain.apportionment.components import (
    BaseSeats,
    Component,
    FixedSeats,
    Measure,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.apportionment.stages import StagedAllocation
from domain.findings import Plain

FORMAT = "daibieu-allocation-2"


def build_allocation_certificate(result: StagedAllocation) -> dict[str, Plain]:
    """``result`` as JSON, units sorted by id; the format is in ``docs/apportionment.md``.

    What the components do not use is left out.
    """
    shares = {share.id: share for share in result.shares}
    needs = _list_needs(result.components)
    units: list[Plain] = []
    for one in sorted(result.participants, key=lambda one: one.id):
        unit = needs.plain_participant(one)
        if one.id in shares:
            unit |= {"parts": list(shares[one.id].parts), "seats": shares[one.id].seats}
        units.append(unit)
    ids = {one.id for one in result.participants}
    content: dict[str, Plain] = {
        "format": FORMAT,
        "group": result.group,
        "seats": result.total_seats,
        "status": result.status,
        "components": [_plain_component(part, ids) for part in result.components],
        "adjustments": [
            {
                "unit": adjustment.unit,
                "seats": adjustment.seats,
                "reason": adjustment.reason,
                "author": adjustment.author,
            }
            for adjustment in sorted(result.adjustments, key=lambda adjustment: adjustment.unit)
        ],
        "units": units,
        "stages": {name: build_certificate(stage) for name, stage in result.stages.items()},
        "left": result.left,
    }
    return seal(content)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the components need to know of a unit: figures, also by bloc, and its predecessors."""

    figures: frozenset[str]
    by_bloc: Mapping[str, Set[str]]
    predecessors: bool

    def plain_participant(self, one: Participant) -> dict[str, Plain]:
        """The unit with what is needed of it."""
        names = self.figures | self.by_bloc.get(one.bloc or "", set())
        plain: dict[str, Plain] = {
            "id": one.id,
            "figures": {name: plain_number(one.figures[name]) for name in sorted(names)},
            "floor": one.floor,
            "cap": one.cap,
        }
        if self.predecessors:
            plain["predecessors"] = one.predecessors
        if self.by_bloc:
            plain["bloc"] = one.bloc
        return plain


def _list_needs(components: Sequence[Component]) -> _Needs:
    measured = [part for part in components if isinstance(part, StepSeats | ProportionalSeats)]
    blocs = [bloc for part in measured if isinstance(part, ProportionalSeats) for bloc in part.blocs]
    return _Needs(
        figures=frozenset(name for part in measured for name in part.measure),
        by_bloc={bloc.id: bloc.measure.keys() for bloc in blocs},
        predecessors=any(isinstance(part, BaseSeats) for part in components),
    )


def _plain_component(part: Component, ids: Set[str]) -> dict[str, Plain]:
    match part:
        case FixedSeats():
            fixed: dict[str, Plain] = {one: seats for one, seats in part.seats.items() if one in ids}
            return {"kind": "fixed", "seats": fixed, "reason": part.reason}
        case BaseSeats():
            if part.times_predecessors:
                return {"kind": "base", "each": part.each, "times_predecessors": True}
            merged: dict[str, Plain] = {str(count): seats for count, seats in part.merged.items()}
            return {"kind": "base", "each": part.each, "merged": merged}
        case StepSeats():
            return {
                "kind": "step",
                "measure": _plain_measure(part.measure),
                "every": plain_number(part.every),
                "each": part.each,
                "rounding": part.rounding,
                "most": part.most,
                "above": plain_number(part.above),
                "to": None if part.to is None else plain_number(part.to),
            }
        case ProportionalSeats():
            return {
                "kind": "proportional",
                "measure": _plain_measure(part.measure),
                "rule": part.rule.plain_rule(),
                "blocs": [
                    {
                        "id": bloc.id,
                        "measure": _plain_measure(bloc.measure),
                        "rule": (bloc.rule or part.rule).plain_rule(),
                        "seats": bloc.seats,
                    }
                    for bloc in sorted(part.blocs, key=lambda bloc: bloc.id)
                ],
            }


def _plain_measure(measure: Measure) -> dict[str, Plain]:
    return {name: plain_number(factor) for name, factor in measure.items()}
