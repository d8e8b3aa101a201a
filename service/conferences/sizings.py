"""Sizings: the numbers of one conference, drafted, and put in force by the decision that adopts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db import conferences, sizings
from db.allocations import Decision, find_decision
from db.cases import RowLock
from db.sizings import Sizing
from domain.acts import Act
from domain.conferences.life import expect_open
from domain.conferences.sizing import (
    ConferenceNumbers,
    GroupPlaces,
    check_conference_numbers,
    check_decided_words,
    check_deciding_organ,
    check_used_places,
    choose_number_rule,
    complete_plan,
    compute_excess,
    expect_kept_groups,
)
from domain.conferences.terms import ConferenceTerms
from domain.decisions import SizingState
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain, Severity
from domain.plans import Tier
from domain.plans.tiers import NumberRule
from service.access import expect_unit_below
from service.audit import record_event, store_row
from service.conferences.case import (
    act_for_lower_unit,
    build_case,
    derive_planned_terms,
    expect_may_act,
    expect_preparing,
    read_planned_tier,
)
from service.decisions import AdoptionDocument, approve_subject, begin_adoption, complete_adoption
from service.formats.plans.labels import name_near_words
from service.formats.plans.sizings import PlanConferenceNumbers, read_conference_numbers
from service.names import name_plan_parts
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class SizingDescription:
    """A sizing with its decision, the organ that decides by the plan, and the findings about it."""

    sizing: Sizing
    numbers: PlanConferenceNumbers
    rule: NumberRule | None
    decision: Decision | None
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class SizingRequest:
    """Numbers to be decided; ``amends`` is the adopted sizing that they are to replace, if there is one."""

    numbers: PlanConferenceNumbers
    amends: UUID | None = None
    reason: str | None = None


async def draft_sizing(work: Work, case: Case, request: SizingRequest) -> SizingDescription:
    """Draft the numbers of a conference, which is locked by the caller.

    Raises ``Invalid`` with everything that the plan does not allow, each with its clause.
    """
    expect_preparing(work, case)
    work = act_for_lower_unit(work, case.congress, case.conference.unit)
    findings = _check_numbers(work, case, request)
    await _expect_adopted_amended(work, case, request.amends)
    sizing = Sizing(
        conference=case.conference.id,
        plan_version=case.version.id,
        n=await sizings.count_sizings(work.session, case.conference.id) + 1,
        state=SizingState.DRAFT,
        content=request.numbers.plain(),
        decided_above=_is_decided_above(_choose_rule(case, request.numbers.to_domain())),
        amends=request.amends,
        findings=findings,
        reason=request.reason,
    )
    work.session.add(sizing)
    await work.session.flush()
    changes: dict[str, Plain] = {"n": sizing.n, "content": sizing.content, "reason": sizing.reason}
    await record_event(work, Act.SIZING_DRAFTED, "sizing", sizing.id, changes, plan=case.chain)
    return await describe_sizing(work, case, sizing)


async def load_sizing(work: Work, sizing: UUID) -> tuple[Case, Sizing]:
    """One sizing within the actor's reach, and the case under the plan version that it follows."""
    found = await sizings.find_sizing_case(work.session, work.actor, sizing)
    if found is None:
        raise NotFound("sizing_not_found")
    return build_case(work, found[1]), found[0]


async def lock_sizing(work: Work, sizing: UUID) -> tuple[Case, Sizing, Sequence[Sizing]]:
    """As :func:`load_sizing`, to act on it, with all sizings of the conference.

    The conference is locked first, then its sizings. Raises ``Forbidden`` for an actor who may see it but not
    act for the conference's unit, ``Conflict`` where the conference was cancelled or has met.
    """
    found = await sizings.find_sizing_case(work.session, work.actor, sizing, lock=RowLock.CHANGE)
    if found is None:
        raise NotFound("sizing_not_found")
    expect_may_act(work, found[1])
    case = build_case(work, found[1])
    expect_open(case.conference.state)
    versions = await sizings.lock_sizing_versions(work.session, case.conference.id)
    return case, next(row for row in versions if row.id == sizing), versions


async def describe_sizing(
    work: Work, case: Case, sizing: Sizing, *, decision: Decision | None = None, more: Sequence[Finding] = ()
) -> SizingDescription:
    """A sizing for its readers; ``more`` are findings of the act that was just done."""
    numbers = PlanConferenceNumbers.model_validate(sizing.content)
    rule = _choose_rule(case, numbers.to_domain())
    decision = decision or await find_decision(work.session, sizing.decision)
    return SizingDescription(sizing, numbers, rule, decision, [*sizing.findings, *more])


async def page_sizings(
    work: Work, case: Case, *, after: int | None, limit: int
) -> Sequence[SizingDescription]:
    """The sizings of a conference, the oldest first."""
    rows = await sizings.page_sizings(
        work.session, work.actor, case.conference.id, after=after or 0, limit=limit
    )
    return [await describe_sizing(work, case, row) for row in rows]


async def approve_sizing(work: Work, case: Case, sizing: Sizing) -> None:
    """The organ that decides by the plan agrees; the signed decision's number follows with the adoption."""
    await _expect_deciding_level(work, case, sizing)
    await approve_subject(work, case, sizing)


async def adopt_sizing(
    work: Work, case: Case, sizing: Sizing, versions: Sequence[Sizing], document: AdoptionDocument
) -> SizingDescription:
    """Put approved numbers in force; those that they amend are superseded. ``versions`` are all, locked.

    Nobody who has a place loses it: what is used beyond a number is recorded as excess, and told.
    """
    rule = await _expect_deciding_level(work, case, sizing)
    await begin_adoption(work, case, sizing, versions, document)
    numbers = read_conference_numbers(sizing.content)
    plan, tier = complete_plan(*read_planned_tier(case.version, case.conference), numbers)
    name_plan_parts(work, plan, tier)
    found = await _store_numbers(work, case, sizing, tier, numbers)
    found += check_deciding_organ(rule, document.organ)
    places: list[Plain] = [each.params["group"] for each in found if "group" in each.params]
    changes: dict[str, Plain] = {"size": numbers.size, "over_number": places}
    decision = await complete_adoption(work, case, sizing, document, changes)
    return await describe_sizing(work, case, sizing, decision=decision, more=found)


def _check_numbers(work: Work, case: Case, request: SizingRequest) -> tuple[Finding, ...]:
    """Warnings about numbers; raises ``Invalid`` for those that cannot be decided."""
    plan, tier = read_planned_tier(case.version, case.conference)
    numbers: ConferenceNumbers = request.numbers.to_domain()
    name_plan_parts(work, *complete_plan(plan, tier, numbers))
    terms: ConferenceTerms = derive_planned_terms(case, case.conference.chosen_form)
    found = (
        *check_conference_numbers(tier, terms, numbers, request.reason),
        *check_decided_words(plan, tier, numbers),
    )
    errors = tuple(each for each in found if each.severity is Severity.ERROR)
    if errors:
        told = name_near_words(case.version.body, errors)
        raise Invalid("numbers_not_allowed", {"errors": len(errors)}, errors=told)
    return found


async def _expect_adopted_amended(work: Work, case: Case, amends: UUID | None) -> None:
    """Raise ``Conflict`` unless the adopted sizing, if there is one, is amended by its name."""
    adopted = await sizings.find_adopted_sizing(work.session, case.conference.id)
    if adopted != amends:
        if adopted is None:
            errors = [Finding("sizing_amends_not_adopted", {}, "/amends")]
            raise Conflict("sizing_amends_not_adopted", errors=errors)
        raise Conflict("adopted_sizing_is_amended", {"sizing": str(adopted)})


async def _expect_deciding_level(work: Work, case: Case, sizing: Sizing) -> NumberRule | None:
    """Raise ``Forbidden`` for the unit's own people where a unit above decides; returns the plan's rule."""
    rule = _choose_rule(case, read_conference_numbers(sizing.content))
    if _is_decided_above(rule) and not work.actor.is_service_wide:
        await expect_unit_below(work, case.congress, case.conference.unit)
    return rule


def _choose_rule(case: Case, numbers: ConferenceNumbers) -> NumberRule | None:
    """The plan's rule about who decides on these numbers."""
    _, tier = read_planned_tier(case.version, case.conference)
    return choose_number_rule(tier, numbers)


def _is_decided_above(rule: NumberRule | None) -> bool:
    return rule is not None and rule.decided_at == "superior"


async def _store_numbers(
    work: Work, case: Case, sizing: Sizing, tier: Tier, numbers: ConferenceNumbers
) -> list[Finding]:
    """Write the numbers into the conference and its seat groups; returns findings about groups over them."""
    conference = case.conference
    rows = {
        row.group: row for row in await conferences.list_seat_groups(work.session, conference.id, lock=True)
    }
    expect_kept_groups(tier, rows)
    conference.numbers, conference.size = sizing.content, numbers.size
    limit = conference.maximum if numbers.size is None else numbers.size
    conference.excess = compute_excess(conference.given + conference.listed, limit)
    await store_row(work, conference)
    for position, group in enumerate(tier.seat_groups):
        row = rows.get(group.id) or conferences.build_seat_group(conference.id, position, group)
        row.seats, row.maximum = group.seats, group.maximum
        row.excess = compute_excess(row.given + row.listed, row.maximum if row.seats is None else row.seats)
        work.session.add(row)
    await work.session.flush()
    places = {row.group: GroupPlaces(row.given, row.listed) for row in rows.values()}
    return [*check_used_places(tier, places)]
