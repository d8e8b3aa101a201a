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
from domain.access import Actor
from domain.allocations import Figures, Frame, asks, frame, plain_frame
from domain.allocations.targets import HEADS
from domain.findings import Conflict, Finding, Plain, Severity
from domain.plans import Plan, Tier
from domain.snapshots import plain, told
from service import conferences, runs
from service.allocations import amending
from service.allocations.amending import Amendment
from service.audit import record
from service.clock import today
from service.quotas import unheld

SCHEMA = "allocation/1"


async def prepare(
    session: AsyncSession,
    actor: Actor,
    conference: Conference,
    *,
    amendment: Amendment | None = None,
    reason: str | None = None,
) -> Allocation:
    """Freeze the inputs and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` naming each unit whose figure is unknown: nothing is computed from a guess.
    """
    version = await conferences.version_of(session, conference)
    plan = await conferences.plan_of(session, conference)
    if plan.expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    if conference.state == "cancelled":
        raise Conflict("conference_cancelled")
    await amending.check(session, conference, amendment)
    below = await below_conference(session, conference)
    inputs, findings = _frame(plan, conference, below)
    if amendment is not None:
        inputs = await amending.apply(session, inputs, amendment)
    await _unheld(session, conference, inputs)
    allocation = Allocation(
        conference=conference.id,
        n=await _next(session, conference.id),
        state="computing",
        run=conference.id,  # until the run exists, a line below
        snapshot="",
        amends=None if amendment is None else amendment.amends,
        stages=[],
        findings=[told(finding) for finding in findings],
        reason=reason,
    )
    content: dict[str, Plain] = {
        "schema": SCHEMA,
        "congress": conference.congress,
        "unit": conference.terms["unit"]["code"],
        "tier": conference.tier,
        "plan": version.digest,
        "as_of": conference.as_of.isoformat(),
        "frame": plain_frame(inputs),
        "asks": [told(ask) for ask in asks(_tier(plan, conference))],
        "stacking_limit": _tier(plan, conference).stacking_limit,
        "figures": {figures.unit: plain(dict(figures.known)) for figures in below},
    }
    run = await runs.queue(
        session,
        actor,
        kind="allocation",
        subject=allocation.id,
        snapshot=await runs.freeze(session, SCHEMA, content),
    )
    allocation.run, allocation.snapshot = run.id, run.snapshot
    session.add(allocation)
    await session.flush()
    changes: dict[str, Plain] = {
        "n": allocation.n,
        "snapshot": run.snapshot,
        "run": str(run.id),
        "reason": reason,
    }
    await record(
        session, actor, "allocation_started", "allocation", allocation.id, changes, plan=version.plan
    )
    return allocation


async def _unheld(session: AsyncSession, conference: Conference, inputs: Frame) -> None:
    """Who has seats from above gets none here: said at the start, and not only when it is adopted."""
    places = [(one.id, group.id) for group in inputs.groups for one in group.participants]
    ids = await units.by_code(session, {code for code, _ in places}, day=conference.as_of)
    held = await quotas.of_conference(session, conference.id)
    unheld(held, {(ids[code], group): code for code, group in places})


async def below_conference(session: AsyncSession, conference: Conference) -> list[Figures]:
    """The units right below a conference's unit in its chain, with what is known of each, by name.

    Frozen inputs name a unit by its code, so that the same plan and figures have the same digest anywhere.
    """
    pairs = await units.children(session, conference.congress, [conference.unit], conference.as_of)
    found = await figures_of(session, [child for _, child in pairs], conference.as_of)
    return [replace(each, unit=each.code) for each in found]


async def figures_of(session: AsyncSession, unit_ids: Sequence[UUID], day: date) -> list[Figures]:
    """What is known of some units on a day."""
    known: dict[UUID, dict[str, int]] = {}
    made_up: dict[UUID, set[str]] = {}
    for unit, measure, value, _, _, invented in await units.latest(session, unit_ids, day):
        known.setdefault(unit, {})[measure] = value
        if invented:
            made_up.setdefault(unit, set()).add(measure)
    merged = await units.predecessor_counts(session, unit_ids)
    return [
        Figures(
            str(unit),
            code,
            name,
            kind,
            known.get(unit, {}),
            frozenset(made_up.get(unit, ())),
            merged.get(unit, 1),
        )
        for unit, kind, code, name in await units.described(session, unit_ids, day)
    ]


def _frame(plan: Plan, conference: Conference, below: Sequence[Figures]) -> tuple[Frame, list[Finding]]:
    tier = _tier(plan, conference)
    ties = plan.ties_of(tier)
    found, findings = frame(tier, below, ties=ties.how, lot=ties.lot, second=ties.measure)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    errors += _at_odds(tier, below, {one.id for group in found.groups for one in group.participants})
    if not found.groups:
        raise Conflict("no_group_filled_by_units", {"tier": tier.id})
    if errors:
        raise Conflict("allocation_cannot_start", {"errors": len(errors)}, errors=errors)
    return found, findings


def _at_odds(tier: Tier, below: Sequence[Figures], claimants: Collection[str]) -> list[Finding]:
    """Parts above their whole, where a later report gave the one and an earlier report the other."""
    return [
        Finding(
            "figures_at_odds", {"unit": unit.code, "name": unit.name, "measure": ask.part, "whole": HEADS}
        )
        for unit in below
        for ask in asks(tier)
        if unit.unit in claimants and HEADS in unit.known and unit.known.get(ask.part, 0) > unit.known[HEADS]
    ]


def _tier(plan: Plan, conference: Conference) -> Tier:
    tier = plan.tier(conference.tier)
    if tier is None:  # the version is frozen, and had it when the conference was opened
        raise Conflict("tier_unknown", {"tiers": [each.id for each in plan.tiers]})
    return tier


async def _next(session: AsyncSession, conference: UUID) -> int:
    last = await session.exec(select(func.max(Allocation.n)).where(col(Allocation.conference) == conference))
    return (last.one() or 0) + 1
