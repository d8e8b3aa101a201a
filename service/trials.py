"""The trial of a plan's version: what it is computed from, within the actor's reach. Nothing is stored."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from db import trials, units
from db.conferences import Conference
from db.plans import PlanVersion
from domain.allocations import UnitFigures
from domain.conferences.comparison import ConferenceBasis
from domain.conferences.life import ConferenceState
from domain.conferences.terms import UnitFacts, choose_day, get_attendance_measure
from domain.findings import Finding, Invalid
from domain.plans import Plan, Tier
from domain.trials import MOST_CONFERENCES, OpenConference, TrialInputs, TrialUnit
from service import plans
from service.allocations.preparation import load_figures
from service.conferences.following import map_facts_by_unit
from service.formats.plans.sizings import read_conference_numbers
from service.names import name_plan_parts
from service.work import Work


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What is tried: all units of the version's tiers within reach, or these; on the day that counts for each
    conference, or on this one."""

    units: tuple[UUID, ...] | None = None
    day: date | None = None


async def load_trial(work: Work, plan_id: UUID, n: int, request: TrialRequest) -> TrialInputs:
    """The inputs of a trial.

    Raises ``Invalid`` for units that are not there or out of reach, and for a trial that is too large.
    """
    version = await plans.get_version(work, plan_id, n)
    plan = plans.read_version(version)
    name_plan_parts(work, plan)
    await _name_units(work, {code for tier in plan.tiers for code in _list_named_units(tier)})
    council = (await units.map_units_by_code(work.session, [plan.authority.unit])).get(plan.authority.unit)
    found: list[TrialUnit] = []
    for tier in plan.tiers:
        found += await _load_tier_units(work, plan, tier, request, council)
        expect_few(len(found))
    asked, ids = request.units or (), {UUID(each.unit) for each in found}
    left_out = await _list_left_out(work, asked, ids) if asked else []
    live = await trials.list_live_conferences(
        work.session,
        work.actor,
        plan_id,
        asked or ids,
        only=bool(asked),
        limit=MOST_CONFERENCES + 1,
    )
    expect_few(len(live))
    versions = await _map_other_versions(work, version, live)
    inputs = TrialInputs(
        plan,
        tuple(_mark_conferences(found, live)),
        tuple(await _list_open(work, plan, live, versions)),
        {row.n: plans.read_version(row) for row in versions.values()},
        tuple(map(str, left_out)),
    )
    inputs.expect_small()
    return inputs


async def _map_other_versions(
    work: Work, version: PlanVersion, live: Iterable[Conference]
) -> Mapping[UUID, PlanVersion]:
    """The other versions of the plan that conferences follow, by id."""
    ids = {row.plan_version for row in live} - {version.id}
    return {row.id: row for row in await trials.list_versions(work.session, version.plan, ids)}


def expect_few(conferences: int) -> None:
    """Raise ``Invalid`` for more conferences than one trial has."""
    if conferences > MOST_CONFERENCES:
        raise Invalid("trial_has_many_conferences", {"limit": MOST_CONFERENCES})


async def _load_tier_units(
    work: Work, plan: Plan, tier: Tier, request: TrialRequest, council: UUID | None
) -> list[TrialUnit]:
    """The units of a tier in each of its chains, with the facts about them on the day that counts."""
    day = request.day or choose_day(plan, tier, work.today)
    limit = MOST_CONFERENCES + 1
    pairs = await trials.list_tier_units(
        work.session, work.actor, tier, day, council=council, among=request.units, limit=limit
    )
    expect_few(len(pairs))
    ids = {unit for unit, _ in pairs}
    facts = await map_facts_by_unit(work.session, ids, day, [get_attendance_measure(tier)])
    superiors = await trials.map_superiors(work.session, ids, day)
    below = await _load_below(work, tier, pairs, day)
    return [
        TrialUnit(
            unit=str(unit),
            congress=congress,
            tier=tier.id,
            day=day,
            facts=replace(facts[unit], superior=superiors.get((unit, congress))),
            below=below.get((unit, congress), ()),
        )
        for unit, congress in pairs
        if unit in facts
    ]


async def _load_below(
    work: Work, tier: Tier, pairs: Sequence[tuple[UUID, str]], day: date
) -> Mapping[tuple[UUID, str], tuple[UnitFigures, ...]]:
    """(unit, congress) → the units right below it with their figures, where they share seats by blocs."""
    if not any(group.filled_by == "units" and group.blocs for group in tier.seat_groups):
        return {}
    parents: dict[tuple[UUID, str], list[UUID]] = {}
    for congress in tier.congresses:
        above = [unit for unit, chain in pairs if chain == congress]
        for parent, child in await units.list_children(work.session, congress, above, day):
            parents.setdefault((parent, congress), []).append(child)
    ids = list({child for children in parents.values() for child in children})
    known = {UUID(each.unit): each for each in await load_figures(work.session, ids, day)}
    return {
        place: tuple(known[child] for child in children if child in known)
        for place, children in parents.items()
    }


async def _list_left_out(work: Work, asked: Sequence[UUID], found: Collection[UUID]) -> list[UUID]:
    """The units asked for that would have no conference, which sentences then name.

    Raises ``Invalid`` for units out of reach, as for those that do not exist.
    """
    within = await trials.list_units_in_reach(work.session, work.actor, asked)
    errors = [
        Finding("unit_not_found", pointer=f"/units/{n}") for n, unit in enumerate(asked) if unit not in within
    ]
    if errors:
        raise Invalid("unit_not_found", errors=errors)
    left_out = [unit for unit in asked if unit not in found]
    await _name_units(work, [str(unit) for unit in left_out])
    return left_out


async def _name_units(work: Work, codes: Collection[str]) -> None:
    """Let sentences name units by their last names, also those that are not there on the day."""
    names = await units.map_latest_names(work.session, codes)
    work.names.update({("unit", code): name for code, name in names.items()})


def _list_named_units(tier: Tier) -> Iterator[str]:
    """The codes of units that the rules of a tier name one by one."""
    for group in tier.seat_groups:
        for bloc in group.blocs:
            yield from (*bloc.units, *bloc.floors, *bloc.caps)
    for target in tier.targets:
        yield from (*target.units, *target.by_hand)


def _mark_conferences(found: Iterable[TrialUnit], live: Iterable[Conference]) -> Iterator[TrialUnit]:
    """The units with the conferences that they have; what these record of a unit counts in the trial too."""
    by_place = {(str(row.unit), row.congress): row for row in live}
    for each in found:
        row = by_place.get((each.unit, each.congress))
        if row is None:
            yield each
        else:
            facts = replace(each.facts, pilot=row.facts.pilot, ordinal=row.facts.ordinal)
            yield replace(each, facts=facts, conference=str(row.id))


async def _list_open(
    work: Work, plan: Plan, live: Iterable[Conference], versions: Mapping[UUID, PlanVersion]
) -> list[OpenConference]:
    """The planned conferences under other versions of the plan, with what they bring to any version."""
    rows = [row for row in live if row.plan_version in versions and row.state is ConferenceState.PLANNED]
    facts = {row.id: row.facts for row in rows}
    for day, group in groupby(sorted(rows, key=_get_day), _get_day):
        missing = [(row, measure) for row in group if (measure := _find_other_measure(plan, row))]
        if missing:
            measures = {measure for _, measure in missing}
            known = await map_facts_by_unit(work.session, [row.unit for row, _ in missing], day, measures)
            for row, measure in missing:
                if row.unit in known:
                    facts[row.id] = _add_figure(row.facts, known[row.unit], measure)
    return [
        OpenConference(
            conference=str(row.id),
            unit=str(row.unit),
            congress=row.congress,
            version=versions[row.plan_version].n,
            basis=_build_basis(row, facts[row.id]),
        )
        for row in rows
    ]


def _find_other_measure(plan: Plan, row: Conference) -> str | None:
    """The measure by which the version decides the form, where the conference has no figure of it."""
    tier = plan.find_tier(row.tier)
    measure = None if tier is None else get_attendance_measure(tier)
    return measure if measure is not None and row.facts.find_figure(measure) is None else None


def _add_figure(facts: UnitFacts, known: UnitFacts, measure: str) -> UnitFacts:
    added = known.keep_figure(measure).figures
    return replace(facts, figures={**facts.figures, **added})


def _build_basis(row: Conference, facts: UnitFacts) -> ConferenceBasis:
    return ConferenceBasis(
        tier=row.tier,
        facts=facts,
        chosen=row.chosen,
        form=row.chosen_form,
        promised=None if row.planned is None else row.planned.report_due,
        numbers=None if row.numbers is None else read_conference_numbers(row.numbers),
    )


def _get_day(row: Conference) -> date:
    return row.as_of
