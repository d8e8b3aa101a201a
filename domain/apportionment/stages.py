"""From a plan's components to seats: first the seats given directly, then the proportional stages.

The bounds of a bloc are the sums of its units' bounds, so the seats of a bloc can always be shared out inside
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.apportionment.claims import Claim
from domain.apportionment.components import (
    Adjustment,
    AllocationBloc,
    Component,
    Measure,
    Participant,
    ProportionalSeats,
)
from domain.apportionment.engine import apportion_seats
from domain.apportionment.result import Apportionment, BoundKind, Status
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.scheme_check import expect_valid_scheme
from domain.findings import Finding, Invalid, escape_pointer_step

UNITS_STAGE = "units"
BLOCS_STAGE = "blocs"
BLOC_PREFIX = "bloc/"


@dataclass(frozen=True, slots=True)
class UnitSeats:
    """The result for one unit: ``parts`` are its seats by component, in their order, ``seats`` the total.

    ``raised`` are seats that only the floor gives, under a rule without a proportional component, and
    ``lowered`` those that components would give beyond the cap. While lots are required, ``seats`` are those
    that the unit has whatever the lots decide. ``adjusted``: the number was set by hand.
    """

    id: str
    parts: tuple[int, ...]
    seats: int
    raised: int
    adjusted: bool
    lowered: int = 0

    @property
    def bound(self) -> BoundKind | None:
        """The bound that changed the seats, under a rule without a proportional component."""
        if self.raised:
            return BoundKind.FLOOR
        return BoundKind.CAP if self.lowered else None


@dataclass(frozen=True, slots=True)
class StagedAllocation:
    """Seats over units by a plan's components.

    ``stages`` are the proportional stages that were run, by name: "units", or "blocs" and then "bloc/" with
    the bloc's id. ``left`` are the seats that a rule without a proportional component does not give; below
    zero it gives too many. An infeasible allocation has no shares; its failed stage has the repair.
    """

    status: Status
    total_seats: int
    participants: tuple[Participant, ...]
    components: tuple[Component, ...]
    adjustments: tuple[Adjustment, ...]
    shares: tuple[UnitSeats, ...]
    stages: Mapping[str, Apportionment]
    left: int = 0
    group: str = ""

    @property
    def by_id(self) -> dict[str, int]:
        """Unit → seats."""
        return {share.id: share.seats for share in self.shares}

    @property
    def stages_awaiting_lots(self) -> dict[str, Apportionment]:
        """The stages that need a lot, by name."""
        return {name: stage for name, stage in self.stages.items() if stage.status == "lots_required"}


def allocate_seats(
    seats: int | None,
    participants: Sequence[Participant],
    components: Sequence[Component],
    *,
    adjustments: Sequence[Adjustment] = (),
    lots: Mapping[str, Sequence[str]] | None = None,
    group: str = "",
    most: int | None = None,
) -> StagedAllocation:
    """The ``seats`` of a conference over its units, by the components of the plan.

    Without ``seats`` the total is the outcome of the components, none of which is then proportional. More
    than ``most`` are infeasible.
    ``lots``: name of the stage → drawn order of its tied units. ``group`` names what the seats are of. The
    result does not depend on the order of the participants.

    :raises Invalid: with pointers below ``/units``, ``/components``, ``/adjustments`` and ``/lots``.
    """
    expect_valid_scheme(participants, components, adjustments, stated=seats is not None)
    by_hand = {adjustment.unit: adjustment.seats for adjustment in adjustments}
    given = [_give_seats(_apply_adjustment(one, by_hand), components) for one in participants]
    rows = [(each.unit, each.base) for each in given]
    last = components[-1] if components and isinstance(components[-1], ProportionalSeats) else None
    unit_seats = {one.id: max(base, one.floor) for one, base in rows}
    if seats is None:
        outcome = sum(unit_seats.values())
        seats = outcome if most is None else min(outcome, most)
    stages = _run_stages(seats, rows, last, lots or {}, group) if last else {}
    _expect_existing_stages(lots or {}, stages)
    for name, stage in stages.items():
        unit_seats |= stage.by_id if name != BLOCS_STAGE else {}
    left = 0 if last else seats - sum(unit_seats.values())
    status = _compute_status(stages, left)
    shares = (
        _build_unit_seats(
            each, unit_seats[each.unit.id], each.unit.id in by_hand, proportional=last is not None
        )
        for each in given
    )
    return StagedAllocation(
        status,
        seats,
        tuple(participants),
        tuple(components),
        tuple(adjustments),
        () if status == "infeasible" else tuple(shares),
        stages,
        left,
        group,
    )


def name_stage(group: str, name: str) -> str:
    """The name of a stage among those of all groups: group/bloc, or group/* for the stage of blocs."""
    return f"{group}/{'*' if name == BLOCS_STAGE else name.removeprefix(BLOC_PREFIX)}"


def _apply_adjustment(one: Participant, by_hand: Mapping[str, int]) -> Participant:
    if one.id not in by_hand:
        return one
    return replace(one, floor=by_hand[one.id], cap=by_hand[one.id])


@dataclass(frozen=True, slots=True)
class _GivenSeats:
    """What the components give a unit directly, up to its cap; ``lowered`` is what the cap took away."""

    unit: Participant
    parts: tuple[int, ...]
    lowered: int

    @property
    def base(self) -> int:
        return sum(self.parts)


def _give_seats(one: Participant, components: Sequence[Component]) -> _GivenSeats:
    counts = [part.count_seats(one) for part in components if not isinstance(part, ProportionalSeats)]
    parts: list[int] = []
    for count in counts:
        parts.append(count if one.cap is None else min(count, one.cap - sum(parts)))
    return _GivenSeats(one, tuple(parts), sum(counts) - sum(parts))


def _build_unit_seats(given: _GivenSeats, seats: int, adjusted: bool, *, proportional: bool) -> UnitSeats:
    rest = seats - given.base
    parts = (*given.parts, rest) if proportional else given.parts
    return UnitSeats(given.unit.id, parts, seats, 0 if proportional else rest, adjusted, given.lowered)


def _compute_status(stages: Mapping[str, Apportionment], left: int) -> Status:
    found = {stage.status for stage in stages.values()}
    if left < 0 or "infeasible" in found:
        return "infeasible"
    return "lots_required" if "lots_required" in found else "decided"


UnitRows = Sequence[tuple[Participant, int]]
"""Units, each with the seats that the components give it directly."""


def _run_stages(
    seats: int, rows: UnitRows, last: ProportionalSeats, lots: Mapping[str, Sequence[str]], group: str
) -> dict[str, Apportionment]:
    """The proportional stages; those inside blocs only if the stage of the blocs is decided."""
    if not last.blocs:
        claims = [_build_unit_claim(one, base, last.measure) for one, base in rows]
        return {UNITS_STAGE: _run_stage(UNITS_STAGE, seats, claims, last.rule, lots, group)}
    inside = {bloc.id: [row for row in rows if row[0].bloc == bloc.id] for bloc in last.blocs}
    outer = [_build_bloc_claim(bloc, inside[bloc.id], last.measure) for bloc in last.blocs]
    stages = {BLOCS_STAGE: _run_stage(BLOCS_STAGE, seats, outer, last.rule, lots, group)}
    if stages[BLOCS_STAGE].status == "decided":
        for bloc in last.blocs:
            name, share = f"{BLOC_PREFIX}{bloc.id}", stages[BLOCS_STAGE].by_id[bloc.id]
            claims = [_build_unit_claim(one, base, bloc.measure) for one, base in inside[bloc.id]]
            stages[name] = _run_stage(name, share, claims, bloc.rule or last.rule, lots, group)
    return stages


def _run_stage(
    name: str,
    seats: int,
    claims: Sequence[Claim],
    rule: ApportionmentRule,
    lots: Mapping[str, Sequence[str]],
    group: str,
) -> Apportionment:
    try:
        return apportion_seats(seats, claims, rule, lots.get(name, ()), stage=name_stage(group, name))
    except Invalid as refused:
        errors = [replace(error, pointer=_scope_pointer(name, error.pointer)) for error in refused.errors]
        raise Invalid(refused.code, refused.params, errors=errors) from refused


def _scope_pointer(name: str, pointer: str) -> str:
    """The pointer into the lots of one stage."""
    return (
        pointer.replace("/lots", f"/lots/{escape_pointer_step(name)}", 1)
        if pointer.startswith("/lots")
        else pointer
    )


def _build_unit_claim(one: Participant, base: int, measure: Measure) -> Claim:
    return Claim(one.id, _simplify_weight(one.compute_weight(measure)), one.floor, one.cap, base)


def _simplify_weight(weight: Fraction) -> int | Fraction:
    """A whole number as ``int``, so that the engine need not compute a common denominator."""
    return weight.numerator if weight.denominator == 1 else weight


def _build_bloc_claim(bloc: AllocationBloc, rows: UnitRows, measure: Measure) -> Claim:
    """The bloc as one claim: sums of weights, bases and bounds, or the number of seats in the plan."""
    weight = _simplify_weight(sum((one.compute_weight(measure) for one, _ in rows), Fraction(0)))
    base = sum(base for _, base in rows)
    if bloc.seats is not None:
        return Claim(bloc.id, weight, bloc.seats, bloc.seats, min(base, bloc.seats))
    lows = [max(one.floor, base) for one, base in rows]
    highs = [
        one.cap if one.compute_weight(bloc.measure) else low for (one, _), low in zip(rows, lows, strict=True)
    ]
    cap = None if None in highs else sum(high for high in highs if high is not None)
    return Claim(bloc.id, weight, sum(lows), cap, base)


def _expect_existing_stages(lots: Mapping[str, Sequence[str]], stages: Mapping[str, Apportionment]) -> None:
    unknown = sorted(lots.keys() - stages.keys())
    if unknown:
        errors = [
            Finding("lot_stage_unknown", {"stage": name}, _scope_pointer(name, "/lots")) for name in unknown
        ]
        raise Invalid("lots_invalid", errors=errors)
