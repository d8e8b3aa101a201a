"""Opening a conference: the rules of a plan for one unit, stored with the unit's conference."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from db import conference_steps, reach, units
from db.conferences import Conference, build_seat_group
from db.plans import PlanVersion
from db.session import AsyncSession
from domain.acts import Act
from domain.conferences.choice import expect_offered_name
from domain.conferences.life import ConferenceState
from domain.conferences.steps import Preparation
from domain.conferences.terms import (
    ConferenceTerms,
    UnitFacts,
    choose_day,
    derive_terms,
    get_attendance_measure,
)
from domain.findings import Conflict, Finding, Invalid, NotFound, Severity
from domain.plans import Plan, PlanState, Tier
from service import plans
from service.access import expect_may_act_for, expect_unit_visible
from service.audit import record_event
from service.conferences.case import act_for_lower_unit, build_case
from service.conferences.descriptions import ConferenceDescription, describe_prepared
from service.conferences.following import map_facts_by_unit
from service.names import name_plan_parts
from service.work import Work


@dataclass(frozen=True, slots=True)
class ConferenceRequest:
    """The data to create a conference. ``name`` picks one of the names the plan offers; ``as_of`` is the day
    whose units and figures count, by default the first of the conference's window. ``ordinal`` says which of
    the unit's conferences it is."""

    plan: UUID
    congress: str
    unit: UUID
    tier: str
    name: str | None = None
    as_of: date | None = None
    pilot: bool = False
    ordinal: str | None = None


async def open_conference(work: Work, request: ConferenceRequest) -> ConferenceDescription:
    """Derive a unit's conference from the plan in force, and store it."""
    await expect_unit_visible(work, request.unit)
    await expect_may_act_for(work, request.congress, request.unit)
    work = act_for_lower_unit(work, request.congress, request.unit)
    version = await _get_requested_version(work, request.plan)
    plan = plans.read_version(version)
    name_plan_parts(work, plan, plan.find_tier(request.tier))
    terms, as_of = await _derive_requested_terms(work, request, plan)
    work.names["unit", terms.unit.code] = terms.unit.name
    conference = Conference(
        congress=request.congress,
        plan_version=version.id,
        unit=request.unit,
        tier=terms.tier,
        state=ConferenceState.PLANNED,
        as_of=as_of,
        name=terms.name,
        form=terms.form,
        chosen=request.name,
        facts=terms.unit,
        maximum=terms.cap,
    )
    work.session.add(conference)
    await work.session.flush()
    groups = [build_seat_group(conference.id, n, group) for n, group in enumerate(terms.seat_groups)]
    work.session.add_all(groups)
    await work.session.flush()
    description = describe_prepared(build_case(work, (conference, version, True)), groups, Preparation())
    await conference_steps.add_steps(work.session, conference.id, description.steps)
    changes = {"unit": str(request.unit), "tier": terms.tier, "congress": request.congress}
    await record_event(work, Act.CONFERENCE_OPENED, "conference", conference.id, changes, plan=version.plan)
    return description


async def expect_unit_in_chain(session: AsyncSession, congress: str, unit: UUID, day: date) -> None:
    """Raise ``Conflict`` unless the unit is in the congress's chain on the day."""
    if not await units.is_in_chain(session, congress, unit, day):
        params = {"congress": congress}
        errors = [Finding("unit_not_in_congress", params, "/unit")]
        raise Conflict("unit_not_in_congress", params, errors=errors)


async def _get_requested_version(work: Work, plan: UUID) -> PlanVersion:
    try:
        version = await plans.get_current_version(work, plan)
    except NotFound:
        raise Invalid("plan_not_found", errors=[Finding("plan_not_found", pointer="/plan")]) from None
    if version.state is not PlanState.PUBLISHED:
        raise Conflict("plan_not_published")
    return version


async def _derive_requested_terms(
    work: Work, request: ConferenceRequest, plan: Plan
) -> tuple[ConferenceTerms, date]:
    """The terms of the conference that is to be created, and the day whose figures count."""
    if plan.has_expired(work.today):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    tier = _get_requested_tier(plan, request)
    as_of = request.as_of or choose_day(plan, tier, work.today)
    await _expect_own_council(work, plan, request, as_of)
    facts = await _load_unit_facts(work.session, request, tier, as_of)
    terms = derive_terms(plan, tier.id, facts, chosen=request.name)
    errors = [finding for finding in terms.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Conflict("plan_forbids_conference", {"tier": tier.id, "tier_name": tier.name}, errors=errors)
    return terms, as_of


async def _expect_own_council(work: Work, plan: Plan, request: ConferenceRequest, day: date) -> None:
    """Raise ``Invalid`` for a plan of neither the unit's own council nor one above it, in whatever chain.

    A plan may require a second person for decisions, so a unit may not choose a neighbour's plan without it.
    The plan of a council that has no unit in this service is for all units.
    """
    issuer = (await units.map_units_by_code(work.session, [plan.authority.unit])).get(plan.authority.unit)
    if work.actor.is_service_wide or issuer in (None, request.unit):
        return
    if not await reach.is_unit_above(work.session, issuer, request.unit, day):
        errors = [Finding("plan_of_another_council", {}, "/plan")]
        raise Invalid("plan_of_another_council", errors=errors)


async def _load_unit_facts(
    session: AsyncSession, request: ConferenceRequest, tier: Tier, day: date
) -> UnitFacts:
    facts = await map_facts_by_unit(session, [request.unit], day, [get_attendance_measure(tier)])
    if not facts:
        raise await explain_missing_unit(session, request.unit, day)
    await expect_unit_in_chain(session, request.congress, request.unit, day)
    above = {congress: name for congress, _, _, name in await units.list_parents(session, request.unit, day)}
    superior = above.get(request.congress)
    return replace(facts[request.unit], pilot=request.pilot, superior=superior, ordinal=request.ordinal)


async def explain_missing_unit(session: AsyncSession, unit: UUID, day: date) -> Invalid:
    """Why a unit is not there: it never was, or only not on the day."""
    if not await units.has_unit(session, unit):
        return Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])
    params = {"day": day.isoformat()}
    return Invalid("unit_not_on_day", params, errors=[Finding("unit_not_on_day", params, "/unit")])


def _get_requested_tier(plan: Plan, request: ConferenceRequest) -> Tier:
    tier = plan.find_tier(request.tier)
    if tier is None:
        tiers = {"tiers": [each.id for each in plan.tiers]}
        raise Invalid("tier_unknown", tiers, errors=[Finding("tier_unknown", tiers, "/tier")])
    params = {"tier": tier.id, "tier_name": tier.name}
    if request.congress not in tier.congresses:
        leads = {**params, "congresses": list(tier.congresses)}
        raise Invalid(
            "tier_not_of_congress", leads, errors=[Finding("tier_not_of_congress", leads, "/congress")]
        )
    expect_offered_name(tier, request.name)
    return tier
