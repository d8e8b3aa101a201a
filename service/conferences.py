"""Conferences: what a plan says for one unit, kept with the unit's conference from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db import conferences, reach, units
from db.cases import RowLock
from db.conferences import Conference, SeatGroupRow
from db.plans import PlanVersion
from db.session import AsyncSession
from domain.acts import Act
from domain.conferences import ConferenceTerms, UnitFacts, check_days, derive_terms
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain, Severity
from domain.plans import Plan, Tier
from domain.snapshots import plain_record
from service import plans
from service.access import expect_may_act_for, expect_unit_visible
from service.audit import record_change, record_event
from service.cases import build_case, derive_opening_terms, expect_active, load_case
from service.work import Case, Work

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
    terms, as_of = await _derive_requested_terms(work, opening, plans.read_plan(version))
    conference = Conference(
        congress=opening.congress,
        plan_version=version.id,
        unit=opening.unit,
        tier=terms.tier,
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
    changes = {"unit": str(opening.unit), "tier": terms.tier, "congress": opening.congress}
    await record_event(work, Act.CONFERENCE_OPENED, "conference", conference.id, changes, plan=version.plan)
    return ConferenceDescription(conference, groups, terms.findings, terms)


async def describe_conference(work: Work, case: Case) -> ConferenceDescription:
    """A conference with what the plan says of it, derived again from the frozen plan."""
    conference, found = case.conference, list(case.terms.findings)
    if conference.held_on is not None:
        found += check_days(case.terms, conference.held_on, conference.held_on)
    groups = await conferences.list_seat_groups(work.session, conference.id)
    return ConferenceDescription(conference, groups, found, derive_opening_terms(case))


async def record_meeting(work: Work, case: Case, day: date, reason: str | None) -> ConferenceDescription:
    """Record the day it met. A day outside the window is recorded with its reason, not refused."""
    expect_active(case)
    if day > work.today:
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/on")])
    outside = [f for f in check_days(case.terms, day, day) if f.code == "outside_window"]
    if outside and not reason:
        raise Invalid("outside_window_needs_reason", errors=[Finding("reason_missing", pointer="/reason")])
    conference = case.conference
    conference.state, conference.held_on, conference.postponed_reason = "held", day, reason
    await _record_change(work, case, Act.CONFERENCE_HELD, {"on": str(day), "reason": reason})
    return await describe_conference(work, build_case((conference, case.version, case.may_act)))


async def cancel_conference(work: Work, case: Case, reason: str) -> ConferenceDescription:
    """Give a conference up; another may then be opened for the unit."""
    expect_active(case)
    conference = case.conference
    if conference.state != "planned":
        raise Conflict("conference_not_planned", {"state": conference.state})
    conference.state, conference.postponed_reason = "cancelled", reason
    await _record_change(work, case, Act.CONFERENCE_CANCELLED, {"reason": reason})
    return await describe_conference(work, case)


async def _record_change(work: Work, case: Case, act: Act, changes: Mapping[str, Plain]) -> None:
    """Store what became of a conference, done by its own unit or on its behalf."""
    work = _act_for_lower_unit(work, case.congress, case.conference.unit)
    await record_change(work, case.conference, act, changes, chain=case.chain)


def _act_for_lower_unit(work: Work, congress: str, unit: UUID) -> Work:
    """A council that has the conference of a unit below acts on behalf of that unit."""
    actor = work.actor
    return work if actor.is_own_unit(congress, unit) or actor.is_service_wide else work.acting_for(unit)


async def expect_unit_in_chain(session: AsyncSession, congress: str, unit: UUID, day: date) -> None:
    """Raise ``Conflict`` unless the unit stands somewhere in the congress's chain on the day."""
    if not await units.is_in_chain(session, congress, unit, day):
        params = {"congress": congress}
        errors = [Finding("unit_not_in_congress", params, "/unit")]
        raise Conflict("unit_not_in_congress", params, errors=errors)


async def _get_requested_version(work: Work, plan: UUID) -> PlanVersion:
    try:
        version = await plans.get_current_version(work, plan)
    except NotFound:
        raise Invalid("plan_not_found", errors=[Finding("plan_not_found", pointer="/plan")]) from None
    if version.state != "published":
        raise Conflict("plan_not_published")
    return version


async def _derive_requested_terms(
    work: Work, opening: ConferenceRequest, plan: Plan
) -> tuple[ConferenceTerms, date]:
    """What the plan says of the conference that is to be opened, and the day whose figures count."""
    if plan.has_expired(work.today):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    tier = _get_requested_tier(plan, opening)
    as_of = opening.as_of or (tier.window.start if tier.window else plan.date) or work.today
    await _expect_own_council(work, plan, opening, as_of)
    facts = await _load_unit_facts(work.session, opening, as_of)
    terms = derive_terms(plan, tier.id, facts, chosen=opening.name)
    errors = [finding for finding in terms.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Conflict("plan_forbids_conference", {"tier": tier.id, "tier_name": tier.name}, errors=errors)
    return terms, as_of


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


# What follows reads parts of a case one by one; it goes once every area hands down the case that was loaded
# where its act began (service.cases).


async def get_conference(
    work: Work,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
    share: bool = False,
) -> Conference:
    """The conference of :func:`service.cases.load_case`, locked to change it or to share it."""
    mode = RowLock.CHANGE if lock else RowLock.SHARE if share else RowLock.NONE
    return (await load_case(work, id, lock=mode)).conference


async def get_plan_version(session: AsyncSession, conference: Conference) -> PlanVersion:
    """The stored plan version a conference was opened under."""
    version = await session.get_one(PlanVersion, conference.plan_version)
    session.info.setdefault("plan_versions", {})[conference.plan_version] = version  # else it is forgotten
    return version


async def load_terms(session: AsyncSession, conference: Conference) -> ConferenceTerms:
    """The terms of its case."""
    return build_case((conference, await get_plan_version(session, conference), False)).terms


async def load_plan(session: AsyncSession, conference: Conference) -> Plan:
    """The plan of its case."""
    return plans.read_plan(await get_plan_version(session, conference))


async def get_audit_chain(session: AsyncSession, conference: Conference) -> UUID:
    """The audit chain of its case."""
    return (await get_plan_version(session, conference)).plan


def expect_not_cancelled(conference: Conference) -> None:
    """As :func:`service.cases.expect_active`."""
    if conference.state == "cancelled":
        raise Conflict("conference_cancelled")
