"""The certificate of an allocation: components, adjustments, and one certificate for each stage."""

from domain.apportionment.certificate import build_certificate, plain_number
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

FORMAT = "daibieu-allocation-1"


def build_allocation_certificate(result: StagedAllocation) -> dict[str, Plain]:
    """``result`` as JSON, units sorted by id; the format is in ``docs/apportionment.md``."""
    shares = {share.id: share for share in result.shares}
    units: list[Plain] = []
    for one in sorted(result.participants, key=lambda one: one.id):
        unit = _plain_participant(one)
        if one.id in shares:
            unit |= {"parts": list(shares[one.id].parts), "seats": shares[one.id].seats}
        units.append(unit)
    return {
        "format": FORMAT,
        "seats": result.total_seats,
        "status": result.status,
        "components": [_plain_component(part) for part in result.components],
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


def _plain_participant(one: Participant) -> dict[str, Plain]:
    return {
        "id": one.id,
        "figures": {name: plain_number(figure) for name, figure in one.figures.items()},
        "floor": one.floor,
        "cap": one.cap,
        "predecessors": one.predecessors,
        "bloc": one.bloc,
    }


def _plain_component(part: Component) -> dict[str, Plain]:
    match part:
        case FixedSeats():
            return {"kind": "fixed", "seats": dict(part.seats), "reason": part.reason}
        case BaseSeats():
            merged: dict[str, Plain] = {str(count): seats for count, seats in part.merged.items()}
            times = part.times_predecessors
            return {"kind": "base", "each": part.each, "merged": merged, "times_predecessors": times}
        case StepSeats():
            return {
                "kind": "step",
                "measure": _plain_measure(part.measure),
                "every": plain_number(part.every),
                "each": part.each,
                "rounding": part.rounding,
                "most": part.most,
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
                    for bloc in part.blocs
                ],
            }


def _plain_measure(measure: Measure) -> dict[str, Plain]:
    return {name: plain_number(factor) for name, factor in measure.items()}
