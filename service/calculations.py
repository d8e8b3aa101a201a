"""Apportionments of inputs that are sent; large ones are computed as a run, and stored only with the run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db import runs as db_runs
from db.columns import new_id, now
from db.runs import Run, count_calculations, find_earlier_run
from domain.allocations import read_rule
from domain.allocations.component_explanations import explain_components, explain_total
from domain.allocations.inputs import build_component
from domain.apportionment import ApportionmentRule, Claim, Claims, apportion_seats
from domain.apportionment.components import OutrightComponent, Participant, ProportionalSeats
from domain.apportionment.stages import UNITS_STAGE, StagedAllocation, UnitSeats, allocate_seats
from domain.apportionment.summaries import ApportionmentSummary, summarize_apportionment
from domain.apportionment.two_way import TwoWayProblem, apportion_two_way, build_two_way_certificate
from domain.findings import Finding, Invalid, Plain, escape_pointer_step
from domain.plans import FixedRule, SeatComponent
from domain.runs import CALCULATION_LIFE, RunName, expect_room_for_calculation
from domain.snapshots import compute_digest, read_fraction, simplify_fraction
from service import runs
from service.work import Work

SCHEMA = "apportionment/1"
MOST_SEATS = 1_000_000
MOST_COMPONENTS = 30
MOST_UNITS = 5_000
"""The most units that are computed with components: more than there are communes in Vietnam."""
WEIGHT = "weight"
"""The figure by which the calculator shares seats in proportion."""
DELETED_AT_ONCE = 20


def compute_apportionment(
    seats: int, claims: Sequence[Claim] | Claims, rule: ApportionmentRule, lots: Sequence[str]
) -> ApportionmentSummary:
    """Apportion what was sent, at once or in a run; raises ``Invalid`` with pointers into the request."""
    expect_valid_rule(rule)
    return summarize_apportionment(apportion_seats(seats, claims, rule, lots=lots))


@dataclass(frozen=True, slots=True)
class ComponentCalculation:
    """An apportionment by the components of a rule. Without ``seats`` the components give the total;
    otherwise the rest is shared by ``rule``, over the figure ``weight``. ``lots`` are of that rest."""

    seats: int | None
    units: tuple[Participant, ...]
    components: tuple[SeatComponent, ...]
    rule: ApportionmentRule
    lots: tuple[str, ...] = ()

    def compute(self) -> StagedAllocation:
        """The seats; raises ``Invalid`` with pointers into the request."""
        expect_valid_rule(self.rule)
        self._expect_explainable()
        last = () if self.seats is None else (ProportionalSeats({WEIGHT: 1}, self.rule),)
        lots = {UNITS_STAGE: self.lots} if self.lots else {}
        try:
            components = (*self._build_components(), *last)
            return allocate_seats(self.seats, self.units, components, lots=lots, most=MOST_SEATS)
        except Invalid as refused:
            errors = [
                replace(each, pointer=each.pointer.replace(f"/lots/{UNITS_STAGE}", "/lots", 1))
                for each in refused.errors
            ]
            raise Invalid(refused.code, refused.params, errors=errors) from refused

    def _build_components(self) -> list[OutrightComponent]:
        ids = {one.id: one.id for one in self.units}
        return [build_component(component, ids) for component in self.components]

    def _expect_explainable(self) -> None:
        """Raise ``Invalid`` for more units than are explained, and for seats of units that are not there."""
        if len(self.units) > MOST_UNITS:
            params: dict[str, Plain] = {"units": len(self.units), "limit": MOST_UNITS}
            errors = [Finding("components_for_too_many_units", params, "/units")]
            raise Invalid("apportionment_invalid", errors=errors)
        ids = {one.id for one in self.units}
        errors = [
            Finding("unit_not_found", pointer=f"/components/{n}/seats/{escape_pointer_step(unit)}")
            for n, component in enumerate(self.components)
            if isinstance(component, FixedRule)
            for unit in component.seats
            if unit not in ids
        ]
        if errors:
            raise Invalid("apportionment_invalid", errors=errors[:100])


def explain_shares(found: StagedAllocation) -> Iterator[tuple[UnitSeats, list[Finding]]]:
    """What each component gives each unit, and the total where no rest is shared."""
    outright = [part for part in found.components if not isinstance(part, ProportionalSeats)]
    units = {one.id: one for one in found.participants}
    for share in found.shares:
        one = units[share.id]
        told = list(explain_components(outright, one, share.parts))
        if not found.stages:
            told += explain_total(one, share.parts, share.seats)
        yield share, told


def compute_two_way(problem: TwoWayProblem, lots: Sequence[tuple[str, str]]) -> dict[str, Plain]:
    """Apportion by row and by column what was sent, and answer with the certificate; raises ``Invalid`` with
    pointers into the request."""
    return build_two_way_certificate(apportion_two_way(problem, lots))


def expect_valid_rule(rule: ApportionmentRule) -> None:
    """Raise ``Invalid`` for wrong parameters of a rule, which a request has at its top level."""
    errors = [replace(each, pointer=each.pointer.removeprefix("/rule")) for each in rule.check_parameters()]
    if errors:
        raise Invalid("apportionment_invalid", errors=errors)


async def start_apportionment(work: Work, content: Mapping[str, Plain]) -> Run:
    """A run over these inputs, or the actor's earlier one over the same: its answer is the same.

    Raises ``TooMany`` for an actor with too many calculations.
    """
    earlier = await find_earlier_run(work.session, work.actor, RunName.APPORTIONMENT, compute_digest(content))
    if earlier is not None:
        return earlier
    expect_room_for_calculation(*await count_calculations(work.session, work.actor))
    snapshot = await runs.freeze_inputs(work.session, SCHEMA, content)
    return await runs.queue_run(work, kind=RunName.APPORTIONMENT, subject=new_id(), snapshot=snapshot)


async def delete_ended_calculations(work: Work) -> int:
    """Delete calculations some time after their end; how many."""
    before = now() - CALCULATION_LIFE
    return await db_runs.delete_ended_calculations(work.session, before, DELETED_AT_ONCE)


class ApportionmentRunKind:
    """The kind of run that apportions what was sent."""

    async def load(self, work: Work, run: Run) -> Mapping[str, Any]:
        """The frozen inputs."""
        return await runs.get_snapshot(work.session, run.snapshot)

    def compute(self, loaded: Mapping[str, Any]) -> ApportionmentSummary:
        """Apportion from the frozen inputs alone."""
        ids, weights, floors, caps, bases = zip(*loaded["units"], strict=True)
        exactly = [simplify_fraction(read_fraction(weight)) for weight in weights]
        claims = Claims(ids, exactly, floors, caps, bases)
        return compute_apportionment(loaded["seats"], claims, read_rule(loaded["rule"]), loaded["lots"])

    async def store(self, work: Work, run: Run, answer: ApportionmentSummary) -> None:
        """Store the answer with its run."""
        run.answer = answer
        work.session.add(run)
        await work.session.flush()

    async def fail(self, work: Work, run: Run) -> None:
        """Do nothing: no other row waits, and the run has the reason."""
