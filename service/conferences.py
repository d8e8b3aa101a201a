"""Conferences: what a plan says for one unit, kept with the unit's conference from then on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlmodel import col, select

from db import conferences, reach, units
from db.conferences import Conference, SeatGroupRow
from db.plans import PlanVersion
from db.session import AsyncSession
from domain.conferences import ConferenceTerms, UnitFacts, check_days, derive_terms
from domain.findings import Conflict, Finding, Invalid, NotFound, Severity
from domain.plans import Plan, Tier
from domain.snapshots import encode_canonical, plain_record
from service import plans
from service.access import expect_may_act_for, expect_unit_visible
from service.audit import record_event
from service.clock import today
from service.work import Work

STAFF = "staff"


@dataclass(frozen=True, slots=True)
class ConferenceRequest:
    """What opening a conference takes. ``name`` picks one of the names the plan offers; ``as_of`` is the day
    whose units and figures count, by default the first of the conference's window."""

    plan: UUID
    congress: str
    unit: UUID
    tier: str
    name: str | None = None
    as_of: date | None = None
    pilot: bool = False


@dataclass(frozen=True, slots=True)
class ConferenceDescription:
    """A conference with its seat groups, and what the rules say of it; ``terms`` as at its opening."""

    conference: Conference
    groups: Sequence[SeatGroupRow]
    findings: Sequence[Finding]
    terms: ConferenceTerms


async def open_conference(work: Work, opening: ConferenceRequest) -> ConferenceDescription:
    """Derive a unit's conference from the plan in force, and keep it."""
    await expect_unit_visible(work, opening.unit)
    await expect_may_act_for(work, opening.congress, opening.unit)
    work = _act_for_lower_unit(work, opening.congress, opening.unit)
    version = await _get_requested_version(work, opening.plan)
    if version.state != "published":
        raise Conflict("plan_not_published")
    plan = plans.read_plan(version)
    if plan.has_expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    tier = _get_requested_tier(plan, opening)
    as_of = opening.as_of or (tier.window.start if tier.window else plan.date) or today()
    await _expect_own_council(work, plan, opening, as_of)
    terms = derive_terms(
        plan, tier.id, await _load_unit_facts(work.session, opening, as_of), chosen=opening.name
    )
    errors = [finding for finding in terms.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Conflict("plan_forbids_conference", {"tier": tier.id, "tier_name": tier.name}, errors=errors)
    conference = Conference(
        congress=opening.congress,
        plan_version=version.id,
        unit=opening.unit,
        tier=tier.id,
        state="planned",
        as_of=as_of,
        name=terms.name,
        form=terms.form,
        chosen=opening.name,
        terms={"unit": plain_record(terms.unit)},
    )
    work.session.add(conference)
    await work.session.flush()
    groups = _build_seat_groups(conference.id, terms)
    work.session.add_all(groups)
    await work.session.flush()
    changes = {"unit": str(opening.unit), "tier": tier.id, "congress": opening.congress}
    await record_event(work, "conference_opened", "conference", conference.id, changes, plan=version.plan)
    return ConferenceDescription(conference, groups, terms.findings, terms)


async def get_conference(
    work: Work,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
    share: bool = False,
) -> Conference:
    """One conference within the actor's reach.

    With ``share`` its state holds until the transaction ends; with ``lock`` it is for whoever may act for its
    unit, to change what belongs to it. Raises ``NotFound``, and ``Forbidden`` for who sees it and may not.
    """
    conference = await conferences.find_conference(work.session, work.actor, id, share=share)
    if conference is None:
        raise NotFound("conference_not_found")
    if lock:
        await expect_may_act_for(work, conference.congress, conference.unit)
        await conferences.find_conference(work.session, work.actor, id, lock=True)
    return conference


async def describe_conference(work: Work, conference: Conference) -> ConferenceDescription:
    """A conference with what the plan says of it, derived again from the frozen plan."""
    terms = await load_terms(work.session, conference)
    found: list[Finding] = list(terms.findings)
    if conference.held_on is not None:
        found += check_days(terms, conference.held_on, conference.held_on)
    opened = _derive_terms(await _load_terms_inputs(work.session, conference, None))
    return ConferenceDescription(
        conference, await conferences.list_seat_groups(work.session, conference.id), found, opened
    )


def expect_not_cancelled(conference: Conference) -> None:
    """Raise ``Conflict`` for a conference that was given up: nothing more is done for it."""
    if conference.state == "cancelled":
        raise Conflict("conference_cancelled")


async def record_meeting(
    work: Work, conference: Conference, day: date, reason: str | None
) -> ConferenceDescription:
    """Record the day it met. A day outside the window is recorded with its reason, not refused."""
    expect_not_cancelled(conference)
    if day > today():
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/on")])
    terms = await load_terms(work.session, conference)
    outside = [f for f in check_days(terms, day, day) if f.code == "outside_window"]
    if outside and not reason:
        raise Invalid("outside_window_needs_reason", errors=[Finding("reason_missing", pointer="/reason")])
    conference.state, conference.held_on, conference.postponed_reason = "held", day, reason
    await _record_change(work, conference, "conference_held", {"on": str(day), "reason": reason})
    return await describe_conference(work, conference)


async def cancel_conference(work: Work, conference: Conference, reason: str) -> ConferenceDescription:
    """Give a conference up; another may then be opened for the unit."""
    expect_not_cancelled(conference)
    if conference.state != "planned":
        raise Conflict("conference_not_planned", {"state": conference.state})
    conference.state, conference.postponed_reason = "cancelled", reason
    await _record_change(work, conference, "conference_cancelled", {"reason": reason})
    return await describe_conference(work, conference)


def _act_for_lower_unit(work: Work, congress: str, unit: UUID) -> Work:
    """A council that has the conference of a unit below acts on behalf of that unit."""
    actor = work.actor
    return work if actor.is_own_unit(congress, unit) or actor.is_service_wide else work.acting_for(unit)


async def load_terms(session: AsyncSession, conference: Conference) -> ConferenceTerms:
    """The terms again, with their types: from the plan's frozen text and the facts kept at the opening."""
    return _derive_terms(await _load_terms_inputs(session, conference, conference.held_on))


@dataclass(frozen=True, slots=True)
class _TermsInputs:
    """Whatever terms follow from; the plan is told from others by its digest, facts by their text."""

    digest: str
    tier: str
    facts: bytes
    chosen: str | None
    met_on: date | None
    plan: Plan = field(compare=False, repr=False)


async def _load_terms_inputs(
    session: AsyncSession, conference: Conference, held: date | None
) -> _TermsInputs:
    version = await get_plan_version(session, conference)
    facts = encode_canonical(conference.terms["unit"])
    return _TermsInputs(
        version.digest, conference.tier, facts, conference.chosen, held, plans.read_plan(version)
    )


@lru_cache(maxsize=256)
def _derive_terms(case: _TermsInputs) -> ConferenceTerms:
    facts = UnitFacts(**json.loads(case.facts))
    return derive_terms(case.plan, case.tier, facts, chosen=case.chosen, held=case.met_on)


async def expect_unit_in_chain(session: AsyncSession, congress: str, unit: UUID, day: date) -> None:
    """Raise ``Conflict`` unless the unit stands somewhere in the congress's chain on the day."""
    linked = await session.exec(
        select(units.UnitLink.id)
        .where(
            col(units.UnitLink.congress) == congress,
            (col(units.UnitLink.child) == unit) | (col(units.UnitLink.parent) == unit),
            col(units.UnitLink.during).op("&&")(units.build_day_range(day)),
        )
        .limit(1)
    )
    if linked.first() is None:
        params = {"congress": congress}
        errors = [Finding("unit_not_in_congress", params, "/unit")]
        raise Conflict("unit_not_in_congress", params, errors=errors)


async def load_plan(session: AsyncSession, conference: Conference) -> Plan:
    """The plan version a conference was opened under."""
    return plans.read_plan(await get_plan_version(session, conference))


async def get_plan_version(session: AsyncSession, conference: Conference) -> PlanVersion:
    """The stored version of that plan."""
    version = await session.get(PlanVersion, conference.plan_version)
    session.info.setdefault("plan_versions", {})[conference.plan_version] = version  # else it is forgotten
    if version is None:  # a foreign key stands before this
        raise NotFound("plan_version_not_found")
    return version


async def get_audit_chain(session: AsyncSession, conference: Conference) -> UUID:
    """The plan whose audit chain a conference belongs to."""
    return (await get_plan_version(session, conference)).plan


async def _get_requested_version(work: Work, plan: UUID) -> PlanVersion:
    try:
        return await plans.get_current_version(work, plan)
    except NotFound:
        raise Invalid("plan_not_found", errors=[Finding("plan_not_found", pointer="/plan")]) from None


async def _expect_own_council(work: Work, plan: Plan, opening: ConferenceRequest, day: date) -> None:
    """Raise ``Invalid`` for a plan of neither the unit's own council nor one above it, in whatever chain.

    The plan says how many pairs of eyes its decisions need: nobody chooses a neighbour's that asks for fewer.
    What a council issues that has no unit here was published for the whole house.
    """
    issuer = (await units.map_units_by_code(work.session, [plan.authority.unit])).get(plan.authority.unit)
    if work.actor.is_service_wide or issuer in (None, opening.unit):
        return
    if not await reach.is_unit_above(work.session, issuer, opening.unit, day):
        errors = [Finding("plan_of_another_council", {}, "/plan")]
        raise Invalid("plan_of_another_council", errors=errors)


async def _load_unit_facts(session: AsyncSession, opening: ConferenceRequest, day: date) -> UnitFacts:
    described = await units.describe_units(session, [opening.unit], day)
    if not described:
        raise await _explain_missing_unit(session, opening.unit, day)
    await expect_unit_in_chain(session, opening.congress, opening.unit, day)
    staff = {
        measure: value
        for _, measure, value, *_ in await units.list_latest_figures(session, [opening.unit], day)
        if measure == STAFF
    }
    _, kind, code, name = described[0]
    return UnitFacts(code=code, kind=kind, name=name, staff=staff.get(STAFF), pilot=opening.pilot)


async def _explain_missing_unit(session: AsyncSession, unit: UUID, day: date) -> Invalid:
    """Why a unit is not there: it never was, or only not on the day."""
    if await session.get(units.Unit, unit) is None:
        return Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])
    params = {"day": day.isoformat()}
    return Invalid("unit_not_on_day", params, errors=[Finding("unit_not_on_day", params, "/unit")])


def _get_requested_tier(plan: Plan, opening: ConferenceRequest) -> Tier:
    tier = plan.find_tier(opening.tier)
    if tier is None:
        tiers = {"tiers": [each.id for each in plan.tiers]}
        raise Invalid("tier_unknown", tiers, errors=[Finding("tier_unknown", tiers, "/tier")])
    params = {"tier": tier.id, "tier_name": tier.name}
    if opening.congress not in tier.congresses:
        leads = {**params, "congresses": list(tier.congresses)}
        raise Invalid(
            "tier_not_of_congress", leads, errors=[Finding("tier_not_of_congress", leads, "/congress")]
        )
    if opening.name is not None and opening.name not in {each.id for each in tier.names}:
        offered = {**params, "names": [each.id for each in tier.names]}
        raise Invalid("name_not_offered", offered, errors=[Finding("name_not_offered", offered, "/name")])
    return tier


def _build_seat_groups(conference: UUID, terms: ConferenceTerms) -> list[SeatGroupRow]:
    return [
        SeatGroupRow(
            conference=conference,
            group=group.id,
            position=position,
            name=group.name,
            seats=group.seats,
            maximum=group.maximum,
            filled_by=group.filled_by,
            counts_as=group.counts_as,
        )
        for position, group in enumerate(terms.seat_groups)
    ]


async def _record_change(
    work: Work, conference: Conference, act: str, changes: dict[str, str | None]
) -> None:
    conference.version += 1
    work.session.add(conference)
    await work.session.flush()
    plan = await get_audit_chain(work.session, conference)
    work = _act_for_lower_unit(work, conference.congress, conference.unit)
    await record_event(work, act, "conference", conference.id, changes, plan=plan)
