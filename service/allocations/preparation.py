"""Freezing the inputs of an allocation: the units that take part, their figures, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from db import allocations, quotas, units
from db.allocations import Allocation
from db.columns import new_id
from db.runs import Run
from db.session import AsyncSession
from domain.acts import Act
from domain.allocations import (
    ALLOCATION_SCHEMA,
    AllocationInputs,
    AllocationSnapshot,
    Amendment,
    UnitFigures,
    apply_amendment,
    derive_inputs,
    derive_target_inputs,
    expect_adopted_amended,
)
from domain.composition.plan_targets import check_stated_ranges
from domain.decisions import AllocationState
from domain.figures import LONGEST_SOURCE, InheritedFigures, PredecessorFigures, add_predecessors
from domain.findings import Finding, Plain
from domain.quotas import expect_no_other_source, expect_room_beside
from domain.runs import RunName
from service import runs
from service.audit import record_event
from service.conferences.case import expect_preparing
from service.texts import translate_code
from service.work import Case, Work

KIND = RunName.ALLOCATION


async def prepare_allocation(
    work: Work, case: Case, *, amendment: Amendment | None = None, reason: str | None = None
) -> Allocation:
    """Freeze the inputs and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` with each unit whose figure is unknown: nothing is computed from a guess.
    """
    expect_preparing(work, case)
    amends = None if amendment is None else amendment.amends
    n = await _choose_number(work.session, case, amends)
    below = await load_figures_below(work.session, case)
    inputs, gaps = derive_inputs(case.plan, case.tier, below)
    findings = [*gaps, *check_stated_ranges(case.tier)]
    if amendment is not None:
        inputs = await _amend_inputs(work.session, inputs, amendment)
    await _expect_no_other_source(work.session, case, inputs)
    run = await _queue_run(work, case, inputs, below)
    allocation = _build_allocation(case, run, n, amends, findings, reason)
    work.session.add(allocation)
    await work.session.flush()
    await _record_start(work, case, allocation)
    return allocation


async def load_figures_below(session: AsyncSession, case: Case) -> list[UnitFigures]:
    """The units right below a conference's unit in its chain, with their known figures, by name.

    Frozen inputs name a unit by its code, so that the same plan and figures have the same digest anywhere.
    """
    conference = case.conference
    pairs = await units.list_children(session, conference.congress, [conference.unit], conference.as_of)
    found = await load_figures(session, [child for _, child in pairs], conference.as_of)
    return [replace(each, unit=each.code) for each in found]


async def load_figures(session: AsyncSession, unit_ids: Sequence[UUID], day: date) -> list[UnitFigures]:
    """The figures of some units on a day, and what the predecessors of merged units reported up to it."""
    before: dict[UUID, list[Any]] = {}
    for part in await units.list_predecessors(session, unit_ids):
        before.setdefault(part.successor, []).append(part)
    known: dict[UUID, list[Any]] = {}
    asked = [*unit_ids, *{part.predecessor for parts in before.values() for part in parts}]
    for figure in await units.list_latest_figures(session, asked, day):
        known.setdefault(figure.unit, []).append(figure)
    return [
        UnitFigures(
            str(unit),
            code,
            name,
            kind,
            {figure.measure: figure.value for figure in known.get(unit, ())},
            frozenset(figure.measure for figure in known.get(unit, ()) if figure.made_up),
            len(before.get(unit, ())) or 1,
            _build_inherited_figures(before[unit], known) if unit in before else None,
        )
        for unit, kind, code, name in await units.describe_units(session, unit_ids, day)
    ]


def _build_inherited_figures(parts: Sequence[Any], known: Mapping[UUID, Sequence[Any]]) -> InheritedFigures:
    """The sum of the predecessors; its source names each with its share, and where its figures come from."""
    found, sources = [], []
    for part in parts:
        figures = known.get(part.predecessor, ())
        share = Fraction(part.share_num, part.share_den)
        told = sorted({f"{figure.source}, {figure.as_of:%d/%m/%Y}" for figure in figures})
        sources.append(f"{part.name} × {share} ({'; '.join(told)})")
        values = {figure.measure: figure.value for figure in figures}
        found.append(PredecessorFigures(share, values, any(figure.made_up for figure in figures)))
    source = translate_code("source_of_predecessors", {"parts": sources}, "vi")
    if len(source) > LONGEST_SOURCE:
        source = translate_code("source_of_many_predecessors", {"predecessors": len(parts)}, "vi")
    return add_predecessors(found, max(part.on for part in parts), source)


async def _choose_number(session: AsyncSession, case: Case, amends: UUID | None) -> int:
    """The number of the next version, which may amend only the adopted one."""
    versions = await allocations.list_versions(session, case.conference.id)
    adopted = next((version.id for version in versions if version.state == AllocationState.ADOPTED), None)
    expect_adopted_amended(adopted, amends)
    return max((version.n for version in versions), default=0) + 1


async def _amend_inputs(
    session: AsyncSession, inputs: AllocationInputs, amendment: Amendment
) -> AllocationInputs:
    rows = await allocations.list_allocation_seats(session, amendment.amends)
    current = {(row.code, row.group): row.seats for row in rows}
    return apply_amendment(inputs, amendment, current, {row.unit: row.code for row in rows})


async def _expect_no_other_source(session: AsyncSession, case: Case, inputs: AllocationInputs) -> None:
    """Raise ``Conflict`` for units and groups with seats from elsewhere: not only at the adoption."""
    places = [(one.id, group.id) for group in inputs.groups for one in group.participants]
    ids = await units.map_units_by_code(session, {code for code, _ in places}, day=case.conference.as_of)
    existing = await quotas.list_quotas(session, case.conference.id)
    expect_no_other_source(existing, {(ids[code], group): code for code, group in places})
    numbers = {
        group.id: group.maximum if group.seats is None else group.seats for group in case.tier.seat_groups
    }
    allocated = {group.id: group.seats for group in inputs.groups if group.seats is not None}
    expect_room_beside(existing, numbers, allocated)


async def _queue_run(work: Work, case: Case, inputs: AllocationInputs, below: Sequence[UnitFigures]) -> Run:
    """Freeze the inputs, and queue the run of an allocation that is about to be stored."""
    frozen = AllocationSnapshot(
        congress=case.congress,
        unit=case.terms.unit.code,
        tier=case.tier.id,
        plan=case.version.digest,
        as_of=case.conference.as_of.isoformat(),
        frame=inputs,
        targets=derive_target_inputs(case.tier, below),
    )
    snapshot = await runs.freeze_inputs(work.session, ALLOCATION_SCHEMA, frozen.plain())
    return await runs.queue_run(work, kind=KIND, subject=new_id(), snapshot=snapshot)


def _build_allocation(
    case: Case, run: Run, n: int, amends: UUID | None, findings: Sequence[Finding], reason: str | None
) -> Allocation:
    return Allocation(
        id=run.subject,
        conference=case.conference.id,
        plan_version=case.version.id,
        n=n,
        state=AllocationState.COMPUTING,
        run=run.id,
        snapshot=run.snapshot,
        amends=amends,
        stages=(),
        findings=tuple(findings),
        reason=reason,
    )


async def _record_start(work: Work, case: Case, allocation: Allocation) -> None:
    changes: dict[str, Plain] = {
        "n": allocation.n,
        "snapshot": allocation.snapshot,
        "run": str(allocation.run),
        "reason": allocation.reason,
    }
    subject = "allocation", allocation.id
    await record_event(work, Act.ALLOCATION_STARTED, *subject, changes, plan=case.chain)
