"""From a plan's components to seats: what is given outright, then one proportional stage, or one for blocs and each.

The bounds of a bloc are the sums of its units' bounds, so what a bloc gets can always be shared out inside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.apportionment.claims import Claim
from domain.apportionment.components import Adjustment, Bloc, Component, Participant, Proportional
from domain.apportionment.engine import apportion
from domain.apportionment.result import Apportionment, Status
from domain.apportionment.rules import Rule
from domain.apportionment.scheme_check import check
from domain.findings import Finding, Invalid, Plain

UNITS = "units"
BLOCS = "blocs"


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit gets: the seats from each component, in order, and their sum.

    While lots are required the sum lacks the seats they are drawn for, or, where a bloc has to wait for another
    stage, all seats of the proportional component. ``adjusted`` says that the number was set by hand.
    """

    id: str
    parts: tuple[int, ...]
    seats: int
    adjusted: bool


@dataclass(frozen=True, slots=True)
class Allocation:
    """Seats over units by a plan's components.

    ``stages`` are the proportional stages that were run, by name: "units", or "blocs" and then "bloc/" with the
    bloc's id. ``left`` is what a rule without a proportional component leaves over; less than zero, it gives too much.
    """

    status: Status
    house: int
    participants: tuple[Participant, ...]
    components: tuple[Component, ...]
    adjustments: tuple[Adjustment, ...]
    shares: tuple[Share, ...]
    stages: Mapping[str, Apportionment]
    left: int = 0

    @property
    def by_id(self) -> dict[str, int]:
        """Unit → seats."""
        return {share.id: share.seats for share in self.shares}

    @property
    def open_lots(self) -> dict[str, Apportionment]:
        """The stages that wait for a lot, by name."""
        return {name: stage for name, stage in self.stages.items() if stage.status == "lots_required"}

    @property
    def certificate(self) -> dict[str, Plain]:
        """The result as JSON, with one certificate for each stage; see ``docs/apportionment.md``."""
        from domain.apportionment.allocation_certificate import certificate

        return certificate(self)


def allocate(
    seats: int,
    participants: Sequence[Participant],
    components: Sequence[Component],
    *,
    adjustments: Sequence[Adjustment] = (),
    lots: Mapping[str, Sequence[str]] | None = None,
) -> Allocation:
    """The ``seats`` of a conference over its units, by the components of the plan.

    ``lots`` are drawn orders by the name of the stage they settle. The result does not depend on the order of
    the participants.

    :raises Invalid: with pointers below ``/units``, ``/components``, ``/adjustments`` and ``/lots``.
    """
    check(participants, components, adjustments)
    drawn = dict(lots or {})
    hands = {hand.unit: hand.seats for hand in adjustments}
    bounded = [_bounded(one, hands) for one in participants]
    parts = [_parts(one, components) for one in bounded]
    bases = [sum(own) for own in parts]
    last = components[-1] if components and isinstance(components[-1], Proportional) else None
    if last is None:
        stages: dict[str, Apportionment] = {}
        totals = [max(base, one.floor) for base, one in zip(bases, bounded, strict=True)]
    else:
        stages = _stages(seats, bounded, bases, last, drawn)
        totals = _totals(bounded, bases, stages)
    _check_lots(drawn, stages)
    left = seats - sum(totals) if last is None else 0
    rows = zip(bounded, parts, bases, totals, strict=True)
    shares = tuple(
        Share(one.id, (*own, total - base) if last or total > base else own, total, one.id in hands)
        for one, own, base, total in rows
    )
    return Allocation(
        _status(stages, left),
        seats,
        tuple(participants),
        tuple(components),
        tuple(adjustments),
        shares,
        stages,
        left,
    )


def _bounded(one: Participant, hands: Mapping[str, int]) -> Participant:
    if one.id not in hands:
        return one
    return replace(one, floor=hands[one.id], cap=hands[one.id])


def _parts(one: Participant, components: Sequence[Component]) -> tuple[int, ...]:
    """What each component gives outright, as far as the cap lets it."""
    parts: list[int] = []
    for component in components:
        if not isinstance(component, Proportional):
            given = component.give(one)
            parts.append(given if one.cap is None else min(given, one.cap - sum(parts)))
    return tuple(parts)


def _stages(
    seats: int,
    participants: Sequence[Participant],
    bases: Sequence[int],
    last: Proportional,
    lots: Mapping[str, Sequence[str]],
) -> dict[str, Apportionment]:
    """The proportional stages, as far as they can be run."""
    rows = list(zip(participants, bases, strict=True))
    if not last.blocs:
        claims = [_claim(one, base, last.measure) for one, base in rows]
        return {UNITS: apportion(seats, claims, last.rule, lots.get(UNITS, ()))}
    inside = {bloc.id: [(one, base) for one, base in rows if one.bloc == bloc.id] for bloc in last.blocs}
    outer = [_bloc_claim(bloc, inside[bloc.id], last) for bloc in last.blocs]
    stages = {BLOCS: apportion(seats, outer, last.rule, lots.get(BLOCS, ()))}
    if stages[BLOCS].status == "decided":
        for bloc in last.blocs:
            name = f"bloc/{bloc.id}"
            claims = [_claim(one, base, bloc.measure) for one, base in inside[bloc.id]]
            share = stages[BLOCS].by_id[bloc.id]
            stages[name] = apportion(share, claims, bloc.rule or last.rule, lots.get(name, ()))
    return stages


def _claim(one: Participant, base: int, measure: Mapping[str, object]) -> Claim:
    return Claim(one.id, one.weight(measure), one.floor, one.cap, base)  # type: ignore[arg-type]


def _bloc_claim(bloc: Bloc, rows: Sequence[tuple[Participant, int]], last: Proportional) -> Claim:
    """The bloc as one claimant: sums of weights, bases and bounds, or the number that the plan states."""
    weight = sum((one.weight(last.measure) for one, _ in rows), start=0 * next(iter([1])))
    lows = [max(one.floor, base) for one, base in rows]
    highs = [one.cap if one.weight(bloc.measure) else low for (one, _), low in zip(rows, lows, strict=True)]
    cap = None if None in highs else sum(high for high in highs if high is not None)
    floor = sum(lows)
    if bloc.seats is not None:
        floor = cap = bloc.seats
    return Claim(bloc.id, weight, floor, cap, sum(base for _, base in rows))


def _rule(bloc: Bloc, last: Proportional) -> Rule:
    return bloc.rule or last.rule
