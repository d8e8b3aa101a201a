"""The trial of a version of a plan: which conferences there would be, and what is missing for them.

Nothing is opened. The trial says of each unit what opening its conference would say, which units the blocs
hold, which figures nobody has reported, which targets nobody can meet, and what the version changes about
conferences that are open already.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.allocations import UnitFigures
from domain.allocations.inputs import build_inputs
from domain.allocations.targets import list_split_targets
from domain.composition.plan_targets import check_reachable_targets
from domain.conferences.comparison import (
    ConferenceBasis,
    KeptConference,
    TermsComparison,
    compare_terms,
    derive_terms_from,
)
from domain.conferences.deadlines import list_deadlines
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms, get_attendance_measure
from domain.findings import Finding, Invalid, Plain, lower_errors
from domain.plans import Plan, SeatGroup, Tier
from domain.plans.contradictions import check_deadline, check_tier

MOST_CONFERENCES = 2_000
"""The most conferences of one trial: a province has some hundred communes and departments."""

MOST_WORK = 1_000_000
"""The most parts of rules that one trial looks at, counted before anything is computed."""

Need = Literal["form", "seats", "targets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialUnit:
    """A unit of a tier in one congress chain, with the facts about it on the ``day`` that counts.

    ``below`` are the units right below it, where the tier shares seats over them. ``conference`` is the one
    that the unit has in the chain already.
    """

    unit: str
    congress: str
    tier: str
    day: dt.date
    facts: UnitFacts
    below: tuple[UnitFigures, ...] = ()
    conference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConference:
    """A planned conference under another version, by its number, of the same plan."""

    conference: str
    unit: str
    congress: str
    version: int
    basis: ConferenceBasis


@dataclass(frozen=True, slots=True)
class TrialInputs:
    """All that a trial is computed from.

    ``versions`` are those that open conferences follow, by number. ``left_out`` are units that were asked for
    and would have no conference.
    """

    plan: Plan
    units: tuple[TrialUnit, ...]
    conferences: tuple[OpenConference, ...]
    versions: Mapping[int, Plan]
    left_out: tuple[str, ...] = ()

    def estimate_work(self) -> int:
        """How many parts of rules the trial looks at, at most."""
        parts = {tier.id: _count_parts(self.plan, tier) for tier in self.plan.tiers}
        shared = {tier.id: _count_parts_of_unit_below(tier) for tier in self.plan.tiers}
        alone = sum(parts[each.tier] + len(each.below) * shared[each.tier] for each in self.units)
        most = max(parts.values(), default=0)
        return alone + 3 * most * len(self.conferences)

    def expect_small(self) -> None:
        """Raise ``Invalid`` for a trial that would take too long."""
        work = self.estimate_work()
        if work > MOST_WORK:
            raise Invalid("trial_too_large", {"work": work, "limit": MOST_WORK})


@dataclass(frozen=True, slots=True)
class BlocMembers:
    """The units below a conference that a bloc of one of its groups holds."""

    group: str
    bloc: str
    units: tuple[UnitFigures, ...]


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """A figure that nobody reported: of which unit, and what it is needed for."""

    unit: str
    code: str
    name: str
    measure: str
    needed_for: Need


@dataclass(frozen=True, slots=True)
class TrialConference:
    """A conference that there would be. ``findings`` are those that not all of its tier have."""

    unit: TrialUnit
    terms: ConferenceTerms
    blocs: tuple[BlocMembers, ...]
    missing: tuple[MissingFigure, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The result. ``tiers`` is tier → findings about it; ``changes`` are of conferences that have any.
    ``findings`` name units that would have no conference."""

    tiers: Mapping[str, tuple[Finding, ...]]
    conferences: tuple[TrialConference, ...]
    changes: tuple[tuple[OpenConference, TermsComparison], ...]
    findings: tuple[Finding, ...]


def try_version(inputs: TrialInputs) -> Trial:
    """Try a version of a plan. Whatever would be refused is told as a warning: nothing is done here."""
    plan = inputs.plan
    common = {tier.id: tuple(_list_tier_findings(plan, tier)) for tier in plan.tiers}
    tried = tuple(_try_unit(plan, each, common[each.tier]) for each in inputs.units)
    left_out = (Finding("unit_without_conference", {"unit": each}) for each in inputs.left_out)
    return Trial(common, tried, tuple(_list_changes(inputs)), lower_errors(left_out))


def _count_parts(plan: Plan, tier: Tier) -> int:
    """The parts of a tier's rules; targets are compared with one another."""
    blocs = sum(1 + len(group.blocs) + len(group.offices) for group in tier.seat_groups)
    alone = len(plan.deadlines) + len(plan.agenda) + len(plan.report) + len(plan.committees) + len(tier.names)
    return 20 + blocs + alone + len(tier.composition) + len(tier.targets) * (1 + len(tier.targets))


def _count_parts_of_unit_below(tier: Tier) -> int:
    """The parts of a tier's rules that are looked at for each unit below a conference."""
    return (1 + sum(1 + len(group.blocs) for group in tier.seat_groups)) * (1 + len(tier.targets))


def _list_tier_findings(plan: Plan, tier: Tier) -> tuple[Finding, ...]:
    """What is to be told about all conferences of a tier."""
    found = [*check_tier(plan, tier), *check_reachable_targets(tier)]
    for deadline in list_deadlines(plan, tier, pilot=True):
        found += check_deadline(plan, deadline)
    return lower_errors(found)


def _try_unit(plan: Plan, unit: TrialUnit, common: tuple[Finding, ...]) -> TrialConference:
    tier = plan.find_tier(unit.tier)
    assert tier is not None  # noqa: S101 - units are loaded tier by tier
    terms = derive_terms(plan, tier.id, unit.facts)
    gaps = _list_gaps(tier, unit.below)
    told = [each for each in terms.findings if each not in common]
    told += [each for each in gaps if each.code != "figure_unknown"]
    told += _check_asked_units(tier, unit.below)
    blocs = tuple(_list_blocs(tier, unit.below))
    missing = (*_list_missing_form(tier, unit), *_list_missing_below(tier, unit.below, gaps))
    return TrialConference(unit, terms, blocs, missing, lower_errors(told))


def _share_seats(tier: Tier) -> list[SeatGroup]:
    """The groups whose seats are shared over the units below."""
    return [group for group in tier.seat_groups if group.filled_by == "units" and group.blocs]


def _list_gaps(tier: Tier, below: Sequence[UnitFigures]) -> list[Finding]:
    return build_inputs(tier, below, ties="lot", lot="hand", second=None)[1] if _share_seats(tier) else []


def _list_blocs(tier: Tier, below: Sequence[UnitFigures]) -> Iterator[BlocMembers]:
    for group in _share_seats(tier):
        inside = [(group.find_bloc(each.code, each.kind), each) for each in below]
        for bloc in group.blocs:
            yield BlocMembers(group.id, bloc.id, tuple(each for own, each in inside if own is bloc))


def _list_missing_form(tier: Tier, unit: TrialUnit) -> Iterator[MissingFigure]:
    """The figure that decides the form."""
    facts, measure = unit.facts, get_attendance_measure(tier)
    counts = tier.attendance is not None and tier.attendance.threshold is not None
    if counts and facts.find_figure(measure) is None:
        yield MissingFigure(unit.unit, facts.code, facts.name, measure, "form")


def _list_missing_below(
    tier: Tier, below: Sequence[UnitFigures], gaps: Sequence[Finding]
) -> Iterator[MissingFigure]:
    """The figures by which seats, and parts of targets, are shared over the units below."""
    by_code = {each.code: each for each in below}
    seats = {(each.params["unit"], each.params["measure"]) for each in gaps if each.code == "figure_unknown"}
    for code, measure in sorted(seats, key=str):
        one = by_code[str(code)]
        yield MissingFigure(one.unit, one.code, one.name, str(measure), "seats")
    for measure, asked in _map_parts(tier, below).items():
        for one in asked:
            if one.find_figure(measure) is None:
                yield MissingFigure(one.unit, one.code, one.name, measure, "targets")


def _map_parts(tier: Tier, below: Sequence[UnitFigures]) -> dict[str, list[UnitFigures]]:
    """Measure by which targets are split → the units over which they are."""
    found: dict[str, dict[str, UnitFigures]] = {}
    for ask in list_split_targets(tier):
        found.setdefault(ask.part, {}).update(
            {each.code: each for each in _list_asked(tier, ask.groups, below)}
        )
    return {measure: [*units.values()] for measure, units in found.items()}


def _list_asked(tier: Tier, groups: Sequence[str], below: Sequence[UnitFigures]) -> list[UnitFigures]:
    """The units below that share the seats of these groups."""
    inside = [group for group in _share_seats(tier) if group.id in groups]
    return [each for each in below if any(group.find_bloc(each.code, each.kind) for group in inside)]


def _check_asked_units(tier: Tier, below: Sequence[UnitFigures]) -> Iterator[Finding]:
    """Targets that the units below cannot meet: a named one is not there, or they have too few people."""
    if not _share_seats(tier):
        return
    codes = {each.code for each in below}
    for target in tier.targets:
        for code in sorted({*target.units, *target.by_hand} - codes):
            params: dict[str, Plain] = {"target": target.id, "unit": code}
            yield Finding("target_unit_absent", params, clause=target.clause)
    for ask in list_split_targets(tier):
        asked = _list_asked(tier, ask.groups, below)
        figures = [each.find_figure(ask.part) for each in asked]
        people = sum(figure or 0 for figure in figures)
        least = ask.compute_wanted_seats(_sum_seats(tier, ask.groups))
        if ask.bound == "at_least" and asked and None not in figures and people < least:
            few: dict[str, Plain] = {
                "target": ask.target,
                "least": least,
                "people": people,
                "measure": ask.part,
            }
            yield Finding("target_without_people", few, clause=ask.clause)


def _sum_seats(tier: Tier, groups: Sequence[str]) -> int:
    return sum(group.seats or 0 for group in tier.seat_groups if group.id in groups)


def _list_changes(inputs: TrialInputs) -> Iterator[tuple[OpenConference, TermsComparison]]:
    kept = [
        KeptConference(
            each.conference, each.basis, derive_terms_from(inputs.versions[each.version], each.basis)
        )
        for each in inputs.conferences
    ]
    for each, found in zip(inputs.conferences, compare_terms(inputs.plan, kept), strict=True):
        if found.differences or found.findings:
            yield each, found
