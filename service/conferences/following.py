"""Conferences that nothing rests on yet: their figures and their form follow what is reported of the unit."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from uuid import UUID

from db import conferences, units
from db.conferences import Conference
from db.plans import PlanVersion
from db.session import AsyncSession, set_actor
from domain.access import Actor
from domain.acts import Act
from domain.conferences.sizing import compute_excess
from domain.conferences.terms import (
    STAFF_MEASURE,
    ConferenceTerms,
    UnitFacts,
    derive_terms,
    get_attendance_measure,
)
from domain.findings import Plain
from service import plans
from service.audit import record_event, store_row
from service.work import Work


async def map_facts_by_unit(
    session: AsyncSession, wanted: Collection[UUID], day: date, measures: Collection[str]
) -> Mapping[UUID, UnitFacts]:
    """The facts about units on a day, with their figures of these measures beside their staff.

    Units that are not there on that day are left out.
    """
    known: dict[UUID, dict[str, int]] = {}
    for unit, measure, value, *_ in await units.list_latest_figures(session, wanted, day):
        if measure == STAFF_MEASURE or measure in measures:
            known.setdefault(unit, {})[measure] = value
    found = {}
    for unit, kind, code, name in await units.describe_units(session, wanted, day):
        figures = known.get(unit, {})
        staff = figures.pop(STAFF_MEASURE, None)
        found[unit] = UnitFacts(code=code, kind=kind, name=name, staff=staff, figures=figures)
    return found


async def follow_facts(work: Work, changed: Collection[UUID]) -> None:
    """Derive conferences of changed units again, as far as nothing rests on their form.

    A figure counts in every chain of its unit, so conferences beyond the actor's reach follow too: the
    session reads and writes as the service meanwhile. The events bear the actor's name.
    """
    is_narrow = not work.actor.is_service_wide
    if is_narrow:
        await set_actor(work.session, Actor.for_service())
    found = await conferences.lock_following_conferences(work.session, changed)
    for day, group in groupby(sorted(found, key=_get_day), _get_day):
        rows = list(group)
        measures = {row.id: _find_attendance_measure(version, row) for row, version in rows}
        ids = [row.unit for row, _ in rows]
        facts = await map_facts_by_unit(work.session, ids, day, set(measures.values()))
        for conference, version in rows:
            if conference.unit in facts:
                kept = facts[conference.unit].keep_figure(measures[conference.id])
                await _store_facts(work, conference, version, kept)
    if is_narrow:
        await set_actor(work.session, work.actor)


def apply_terms(conference: Conference, terms: ConferenceTerms) -> None:
    """Take over what a conference stores of its terms. Whoever has a place above a new cap keeps it."""
    conference.name, conference.form, conference.maximum = terms.name, terms.form, terms.cap
    most = terms.cap if conference.size is None else conference.size
    conference.excess = compute_excess(conference.given + conference.listed, most)


async def _store_facts(work: Work, conference: Conference, version: PlanVersion, facts: UnitFacts) -> None:
    before = conference.facts
    facts = replace(facts, pilot=before.pilot, superior=before.superior, ordinal=before.ordinal)
    if facts == before:
        return
    conference.facts = facts
    plan = plans.read_version(version)
    terms = derive_terms(plan, conference.tier, facts, chosen=conference.chosen, form=conference.chosen_form)
    apply_terms(conference, terms)
    await store_row(work, conference)
    changes: dict[str, Plain] = {"before": before.plain(), "now": facts.plain(), "form": terms.form}
    act = Act.CONFERENCE_FIGURES_FOLLOWED
    await record_event(work, act, "conference", conference.id, changes, plan=version.plan)


def _find_attendance_measure(version: PlanVersion, conference: Conference) -> str:
    tier = plans.read_version(version).find_tier(conference.tier)
    return STAFF_MEASURE if tier is None else get_attendance_measure(tier)


def _get_day(found: tuple[Conference, PlanVersion]) -> date:
    return found[0].as_of
