"""Loading a case, and checks before an act on it."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Self
from uuid import UUID

from db import cases
from db.cases import CaseRow, RowLock
from db.conferences import Conference
from db.plans import PlanVersion
from domain.access import build_forbidden
from domain.conferences.life import expect_active, expect_open
from domain.conferences.sizing import complete_plan
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms
from domain.findings import Conflict, NotFound
from domain.plans import Plan, Tier
from domain.plans.tiers import Form
from domain.snapshots import encode_canonical
from service import plans
from service.formats.plans.sizings import read_conference_numbers
from service.names import name_plan_parts
from service.work import Case, Work


async def load_case(work: Work, conference: UUID, *, lock: RowLock = RowLock.NONE) -> Case:
    """The case of a conference within the actor's reach.

    ``RowLock.CHANGE`` raises ``Forbidden`` for an actor who may see the conference but not act for its unit.
    Raises ``NotFound`` for a conference out of reach.
    """
    row = await cases.find_case(work.session, work.actor, conference, lock=lock)
    if row is None:
        raise NotFound("conference_not_found")
    if lock is RowLock.CHANGE:
        expect_may_act(work, row)
    return build_case(work, row)


def expect_may_act(work: Work, row: CaseRow) -> None:
    """Raise ``Forbidden`` unless the actor may act for the unit of the conference."""
    if not row[2]:
        raise build_forbidden(work.actor.access)


def build_case(work: Work, row: CaseRow) -> Case:
    """A case from its rows; from now on sentences name the parts of its plan.

    Where numbers were decided for the conference, they complete the plan.
    """
    conference, version, may_act = row
    plan, tier = read_planned_tier(version, conference)
    if conference.numbers is not None:
        plan, tier = complete_plan(plan, tier, read_conference_numbers(conference.numbers))
    name_plan_parts(work, plan, tier)
    terms = _derive_terms(_TermsInputs.build(conference, version, plan))
    work.names["unit", terms.unit.code] = terms.unit.name
    return Case(conference, version, plan, tier, terms, may_act)


def read_planned_tier(version: PlanVersion, conference: Conference) -> tuple[Plan, Tier]:
    """The plan and the tier of a conference as they were published."""
    plan = plans.read_version(version)
    tier = plan.find_tier(conference.tier)
    if tier is None:  # the version is frozen, and had the tier at the creation
        raise Conflict("tier_unknown", {"tiers": [each.id for each in plan.tiers]})
    return plan, tier


def derive_planned_terms(case: Case, form: Form | None = None) -> ConferenceTerms:
    """The terms by the published plan, without numbers that were decided since; ``form`` was chosen."""
    plan, tier = read_planned_tier(case.version, case.conference)
    return derive_terms(plan, tier.id, case.conference.facts, chosen=case.conference.chosen, form=form)


def expect_preparing(work: Work, case: Case) -> None:
    """Raise ``Conflict`` for a conference that was cancelled or has met, or whose plan has expired."""
    expect_open(case.conference.state)
    expect_current(work, case)


def expect_current(work: Work, case: Case) -> None:
    """Raise ``Conflict`` for a conference that was cancelled, or whose plan has expired."""
    expect_active(case.conference.state)
    if case.plan.has_expired(work.today):
        raise Conflict("plan_expired", {"expires": str(case.plan.expires)})


def act_for_lower_unit(work: Work, congress: str, unit: UUID) -> Work:
    """A council that has the conference of a unit below acts on behalf of that unit."""
    actor = work.actor
    return work if actor.is_own_unit(congress, unit) or actor.is_service_wide else work.acting_for(unit)


@dataclass(frozen=True, slots=True)
class _TermsInputs:
    """The inputs of terms. A plan is compared by its digest, facts and decided numbers by their text.

    Deadlines count from ``met_on``, the last day of the meeting; ``promised`` is the day for which the unit's
    own plan promises its report.
    """

    digest: str
    tier: str
    facts: bytes
    chosen: str | None
    met_on: date | None
    size: int | None
    form: Form | None
    numbers: bytes
    promised: date | None
    plan: Plan = field(compare=False, repr=False)

    @classmethod
    def build(cls, conference: Conference, version: PlanVersion, plan: Plan) -> Self:
        facts = encode_canonical(conference.facts.plain())
        return cls(
            version.digest,
            conference.tier,
            facts,
            conference.chosen,
            None if conference.meeting is None else conference.meeting.last,
            conference.size,
            conference.chosen_form,
            encode_canonical(conference.numbers),
            None if conference.planned is None else conference.planned.report_due,
            plan,
        )


@lru_cache(maxsize=256)
def _derive_terms(inputs: _TermsInputs) -> ConferenceTerms:
    facts = UnitFacts.read(json.loads(inputs.facts))
    return derive_terms(
        inputs.plan,
        inputs.tier,
        facts,
        chosen=inputs.chosen,
        held=inputs.met_on,
        size=inputs.size,
        form=inputs.form,
        promised=inputs.promised,
    )
