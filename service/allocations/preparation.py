"""Freezing what an allocation is computed from: who takes part, with which figures, under which rules."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlmodel import col, func, select

from db import quotas, units
from db.allocations import Allocation
from db.conferences import Conference
from db.session import AsyncSession
from domain.allocations import AllocationInputs, UnitFigures, build_inputs, list_split_targets, plain_inputs
from domain.allocations.targets import STAFF_MEASURE
from domain.findings import Conflict, Finding, Plain, Severity
from domain.plans import Plan, Tier
from domain.snapshots import plain_record, plain_value
from service import conferences, runs
from service.allocations import amendments
from service.allocations.amendments import Amendment
from service.audit import record_event
from service.clock import today
from service.quotas import expect_no_other_source
from service.work import Work

SCHEMA = "allocation/1"


async def prepare_allocation(
    work: Work,
    conference: Conference,
    *,
    amendment: Amendment | None = None,
    reason: str | None = None,
) -> Allocation:
    """Freeze the inputs and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` naming each unit whose figure is unknown: nothing is computed from a guess.
    """
    version = await conferences.get_plan_version(work.session, conference)
    plan = await conferences.load_plan(work.session, conference)
    if plan.has_expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    if conference.state == "cancelled":
        raise Conflict("conference_cancelled")
    await amendments.expect_amends_adopted(work.session, conference, amendment)
    below = await load_figures_below(work.session, conference)
    inputs, findings = _derive_inputs(plan, conference, below)
    if amendment is not None:
        inputs = await amendments.apply_amendment(work.session, inputs, amendment)
    await _expect_no_other_source(work.session, conference, inputs)
    allocation = Allocation(
        conference=conference.id,
        plan_version=conference.plan_version,
        n=await _compute_next_number(work.session, conference.id),
        state="computing",
        run=conference.id,  # until the run exists, a line below
        snapshot="",
        amends=None if amendment is None else amendment.amends,
        stages=[],
        findings=[plain_record(finding) for finding in findings],
        reason=reason,
    )
    content: dict[str, Plain] = {
        "schema": SCHEMA,
        "congress": conference.congress,
        "unit": conference.terms["unit"]["code"],
        "tier": conference.tier,
        "plan": version.digest,
        "as_of": conference.as_of.isoformat(),
        "frame": plain_inputs(inputs),
        "asks": [plain_record(ask) for ask in list_split_targets(_get_tier(plan, conference))],
        "stacking_limit": _get_tier(plan, conference).stacking_limit,
        "figures": {figures.unit: plain_value(dict(figures.measures)) for figures in below},
    }
    run = await runs.queue_run(
        work,
        kind="allocation",
        subject=allocation.id,
        snapshot=await runs.freeze_inputs(work.session, SCHEMA, content),
    )
    allocation.run, allocation.snapshot = run.id, run.snapshot
    work.session.add(allocation)
    await work.session.flush()
    changes: dict[str, Plain] = {
        "n": allocation.n,
        "snapshot": run.snapshot,
        "run": str(run.id),
        "reason": reason,
    }
    await record_event(work, "allocation_started", "allocation", allocation.id, changes, plan=version.plan)
    return allocation


async def _expect_no_other_source(
    session: AsyncSession, conference: Conference, inputs: AllocationInputs
) -> None:
    """Who has seats from above gets none here: said at the start, and not only when it is adopted."""
    places = [(one.id, group.id) for group in inputs.groups for one in group.participants]
    ids = await units.map_units_by_code(session, {code for code, _ in places}, day=conference.as_of)
    held = await quotas.list_quotas(session, conference.id)
    expect_no_other_source(held, {(ids[code], group): code for code, group in places})


async def load_figures_below(session: AsyncSession, conference: Conference) -> list[UnitFigures]:
    """The units right below a conference's unit in its chain, with what is known of each, by name.

    Frozen inputs name a unit by its code, so that the same plan and figures have the same digest anywhere.
    """
    pairs = await units.list_children(session, conference.congress, [conference.unit], conference.as_of)
    found = await load_figures(session, [child for _, child in pairs], conference.as_of)
    return [replace(each, unit=each.code) for each in found]


async def load_figures(session: AsyncSession, unit_ids: Sequence[UUID], day: date) -> list[UnitFigures]:
    """What is known of some units on a day."""
    known: dict[UUID, dict[str, int]] = {}
    made_up: dict[UUID, set[str]] = {}
    for unit, measure, value, _, _, invented in await units.list_latest_figures(session, unit_ids, day):
        known.setdefault(unit, {})[measure] = value
        if invented:
            made_up.setdefault(unit, set()).add(measure)
    merged = await units.count_predecessors(session, unit_ids)
    return [
        UnitFigures(
            str(unit),
            code,
            name,
            kind,
            known.get(unit, {}),
            frozenset(made_up.get(unit, ())),
            merged.get(unit, 1),
        )
        for unit, kind, code, name in await units.describe_units(session, unit_ids, day)
    ]


def _derive_inputs(
    plan: Plan, conference: Conference, below: Sequence[UnitFigures]
) -> tuple[AllocationInputs, list[Finding]]:
    tier = _get_tier(plan, conference)
    ties = plan.choose_tie_rule(tier)
    found, findings = build_inputs(tier, below, ties=ties.how, lot=ties.lot, second=ties.measure)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    errors += _check_figures(tier, below, {one.id for group in found.groups for one in group.participants})
    if not found.groups:
        raise Conflict("no_group_filled_by_units", {"tier": tier.id})
    if errors:
        raise Conflict("allocation_cannot_start", {"errors": len(errors)}, errors=errors)
    return found, findings


def _check_figures(tier: Tier, below: Sequence[UnitFigures], claimants: Collection[str]) -> list[Finding]:
    """Parts above their whole, where a later report gave the one and an earlier report the other."""
    return [
        Finding(
            "figures_at_odds",
            {"unit": unit.code, "name": unit.name, "measure": ask.part, "whole": STAFF_MEASURE},
        )
        for unit in below
        for ask in list_split_targets(tier)
        if unit.unit in claimants
        and STAFF_MEASURE in unit.measures
        and unit.measures.get(ask.part, 0) > unit.measures[STAFF_MEASURE]
    ]


def _get_tier(plan: Plan, conference: Conference) -> Tier:
    tier = plan.find_tier(conference.tier)
    if tier is None:  # the version is frozen, and had it when the conference was opened
        raise Conflict("tier_unknown", {"tiers": [each.id for each in plan.tiers]})
    return tier


async def _compute_next_number(session: AsyncSession, conference: UUID) -> int:
    last = await session.exec(select(func.max(Allocation.n)).where(col(Allocation.conference) == conference))
    return (last.one() or 0) + 1
