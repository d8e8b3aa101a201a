"""The certificate of an allocation: components, hands, and one certificate for each proportional stage."""

from typing import TYPE_CHECKING

from domain.apportionment.certificate import exact
from domain.apportionment.components import Base, Component, Fixed, Measure, Participant, Proportional, Step
from domain.findings import Plain

if TYPE_CHECKING:
    from domain.apportionment.stages import Allocation

FORMAT = "daibieu-allocation-1"


def certificate(result: "Allocation") -> dict[str, Plain]:
    """``result`` as JSON, units sorted by id; the format is in ``docs/apportionment.md``."""
    shares = {share.id: share for share in result.shares}
    units: list[Plain] = []
    for one in sorted(result.participants, key=lambda one: one.id):
        unit = _unit(one)
        if one.id in shares:
            unit |= {"parts": list(shares[one.id].parts), "seats": shares[one.id].seats}
        units.append(unit)
    return {
        "format": FORMAT,
        "seats": result.house,
        "status": result.status,
        "components": [_component(part) for part in result.components],
        "adjustments": [
            {"unit": hand.unit, "seats": hand.seats, "reason": hand.reason, "author": hand.author}
            for hand in sorted(result.adjustments, key=lambda hand: hand.unit)
        ],
        "units": units,
        "stages": {name: stage.certificate for name, stage in result.stages.items()},
        "left": result.left,
    }


def _unit(one: Participant) -> dict[str, Plain]:
    return {
        "id": one.id,
        "figures": {name: exact(figure) for name, figure in one.figures.items()},
        "floor": one.floor,
        "cap": one.cap,
        "predecessors": one.predecessors,
        "bloc": one.bloc,
    }


def _component(part: Component) -> dict[str, Plain]:
    match part:
        case Fixed():
            return {"kind": "fixed", "seats": dict(part.seats), "reason": part.reason}
        case Base():
            merged: dict[str, Plain] = {str(count): seats for count, seats in part.merged.items()}
            times = part.times_predecessors
            return {"kind": "base", "each": part.each, "merged": merged, "times_predecessors": times}
        case Step():
            return {
                "kind": "step",
                "measure": _measure(part.measure),
                "every": exact(part.every),
                "each": part.each,
                "rounding": part.rounding,
                "most": part.most,
            }
        case Proportional():
            return {
                "kind": "proportional",
                "measure": _measure(part.measure),
                "rule": part.rule.plain(),
                "blocs": [
                    {
                        "id": bloc.id,
                        "measure": _measure(bloc.measure),
                        "rule": (bloc.rule or part.rule).plain(),
                        "seats": bloc.seats,
                    }
                    for bloc in part.blocs
                ],
            }


def _measure(measure: Measure) -> dict[str, Plain]:
    return {name: exact(factor) for name, factor in measure.items()}
