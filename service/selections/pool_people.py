"""The people of a pool: the candidates and the invited people, with their attributes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from uuid import UUID

from db import allocations, invitations, nominations, people, votes
from db.invitations import Invitation
from db.nominations import Nomination
from db.quotas import Quota
from domain.composition.criteria import AttributeValue, PersonRecord
from domain.findings import Finding, Invalid
from domain.honours import choose_closest
from domain.nominations import Honour
from domain.plans import SelectionRule
from domain.quotas import compute_seats_since
from domain.selection import Nominee, NomineeStatus, ScoreFormula
from domain.selection.candidates import (
    Place,
    check_barred_seats,
    check_duplicates,
    choose_candidates,
    choose_status,
    list_duplicates,
)
from domain.selection.pool import MOST_SCORE
from domain.selection.score_formula import build_formula
from domain.selection.shared_seats import count_own_seats, map_fillers_by_unit, map_origins_by_place
from domain.snapshots import read_fraction
from domain.votes import VotedName, check_unpassed_lists, find_list_clause, list_fixed_names
from service import lists
from service.exemplars import asks_for_honours, map_honours
from service.names import load_unit_names
from service.work import Case, Work

StatedValues = Mapping[UUID, Mapping[str, AttributeValue]]
"""Person → attribute → what is stated."""


@dataclass(frozen=True, slots=True)
class PoolPeople:
    """The candidates, by place, and the people with a seat by office, roll or invitation (``invited``).

    ``duplicates`` are other nominations of people who are in the pool already; ``findings`` list them.
    """

    nominees: Sequence[Nomination]
    invited: Sequence[Invitation]
    codes: Mapping[UUID, str]
    """Unit → code; its id instead where the unit ended before the day of the conference."""
    blocs: Mapping[Place, str]
    fillers: Mapping[str, Collection[str]]
    """Unit → units below it that fill its seats; a target for the unit counts them together."""
    erased: frozenset[UUID]
    honours: Mapping[UUID, Sequence[Honour]]
    """Nomination → its honours, with those given at conferences."""
    votes: Mapping[UUID, VotedName]
    """nomination → its place on the list of its unit."""
    fixed: frozenset[UUID]
    """Nominations that have a seat because their conference passed a list before there were seats."""
    barred: frozenset[UUID]
    """Nominations that may not be chosen, since the plan takes only lists that were passed."""
    duplicates: frozenset[UUID]
    findings: Sequence[Finding]

    @property
    def persons(self) -> set[UUID]:
        return {row.person for row in self.nominees} | {row.person for row in self.invited}

    @property
    def nominations(self) -> set[UUID]:
        """Every nomination that a wish may name, duplicates included."""
        return {row.id for row in self.nominees} | self.duplicates

    @property
    def places(self) -> set[Place]:
        return {(row.unit, row.group) for row in self.nominees}


async def load_pool_people(
    work: Work,
    case: Case,
    seats: Sequence[Quota],
    *,
    dropped: Collection[UUID] = (),
    before: Collection[UUID] = (),
) -> PoolPeople:
    """Submitted and accepted nominations and the organiser's lists, without repeated persons.

    ``seats`` are the conference's quotas; for ``dropped`` and ``before`` see ``choose_candidates``.
    """
    session, conference = work.session, case.conference
    rows = await nominations.list_live_nominations(session, work.actor, conference.id)
    invited = await invitations.list_invitations(session, work.actor, conference.id)
    invited_persons = {row.person for row in invited}
    candidates = choose_candidates(rows, beside=invited_persons, dropped=dropped, before=before)
    duplicates = list_duplicates(rows, candidates)
    unit_ids = {row.unit for row in candidates} | {row.unit for row in seats}
    names = await load_unit_names(work, unit_ids, conference.as_of)
    codes = {unit: names[unit][0] if unit in names else str(unit) for unit in unit_ids}
    voted = await votes.map_votes_by_nomination(session, conference.id)
    is_asked, clause = find_list_clause(case.plan, case.tier)
    is_required = case.tier.list_vote is not None and case.tier.list_vote.required
    unpassed = check_unpassed_lists(
        [_is_passed(voted, row) for row in candidates], asked=is_asked, clause=clause
    )
    barred = frozenset(row.id for row in candidates if is_required and not _is_passed(voted, row))
    origins = map_origins_by_place(seats)
    allocated = await allocations.map_blocs_by_place(session, conference.id)
    blocs = {**allocated, **{place: allocated[top] for place, top in origins.items() if top in allocated}}
    return PoolPeople(
        candidates,
        invited,
        codes,
        blocs,
        map_fillers_by_unit(origins, codes),
        await people.list_erased_people(session, {row.person for row in candidates}),
        await _load_honours(work, case, candidates),
        voted,
        _list_fixed(candidates, voted, seats),
        barred,
        frozenset(row.id for row in duplicates),
        [
            *check_duplicates(duplicates, invited_persons),
            *unpassed,
            *check_barred_seats(candidates, barred),
        ],
    )


async def _load_honours(
    work: Work, case: Case, candidates: Sequence[Nomination]
) -> Mapping[UUID, Sequence[Honour]]:
    """The honours of candidates; those given at conferences are asked for where points or targets count."""
    titles = case.tier.selection is not None and case.tier.selection.titles
    if titles or asks_for_honours((), [target.attribute for target in case.tier.targets]):
        return await map_honours(work, candidates)
    return {row.id: row.honours for row in candidates}


def _is_passed(voted: Mapping[UUID, VotedName], row: Nomination) -> bool:
    return row.id in voted and voted[row.id].passed


def _list_fixed(
    candidates: Sequence[Nomination], voted: Mapping[UUID, VotedName], seats: Sequence[Quota]
) -> frozenset[UUID]:
    """The candidates of a longer list that was passed before their unit had seats: as many as it has now."""
    by_place: dict[Place, dict[UUID, VotedName]] = defaultdict(dict)
    for row in candidates:
        if row.id in voted:
            by_place[row.unit, row.group][row.id] = voted[row.id]
    fixed: set[UUID] = set()
    for quota in seats:
        names, own = by_place.get((quota.unit, quota.group), {}), count_own_seats(quota)
        if len(names) > own:
            since = compute_seats_since(quota.created_at, quota.confirmed_at)
            fixed.update(list_fixed_names(names, own, since))
    return frozenset(fixed)


def build_nominees(
    named: PoolPeople,
    stated: StatedValues,
    rule: SelectionRule,
    counted: Collection[str],
    reopened: Collection[Place],
) -> list[Nominee]:
    """The candidates of a pool with the attributes that count; ``reopened`` places are chosen again."""
    formula = build_formula(rule)
    return [
        Nominee(
            PersonRecord(
                str(row.id),
                named.codes[row.unit],
                row.group,
                _pick_counted_values(
                    {**stated[row.person], **lists.build_honour_values(named.honours[row.id])}, counted
                ),
                named.blocs.get((row.unit, row.group), ""),
            ),
            _compute_score(formula, rule, row, named.honours[row.id]),
            hold=choose_status(
                row, erased=named.erased, reopened=reopened, fixed=named.fixed, barred=named.barred
            ),
            person=str(row.person),
            collective=None if row.collective is None else str(row.collective),
        )
        for row in named.nominees
    ]


def build_invited_nominees(
    named: PoolPeople, stated: StatedValues, counted: Collection[str]
) -> list[Nominee]:
    """The invited people: of no unit, and on the list in any case."""
    return [
        Nominee(
            PersonRecord(str(row.id), "", row.group, _pick_counted_values(stated[row.person], counted)),
            hold=NomineeStatus.EX_OFFICIO,
            person=str(row.person),
        )
        for row in named.invited
    ]


def _compute_score(
    formula: ScoreFormula, rule: SelectionRule, row: Nomination, honours: Sequence[Honour]
) -> int:
    holders = ("person",) if rule.held_by == "person" else ("person", "collective")
    held = [choose_closest(each.name, formula.titles) for each in honours if each.held_by in holders]
    titles = {title for title in held if title is not None}
    merit = None if row.merit is None else floor(Fraction(rule.merit) * read_fraction(row.merit))
    try:
        return formula.compute_score(rank=row.rank, titles=titles, merit=merit)
    except Invalid:  # the check of the pool reports it, with the nominee
        return MOST_SCORE + 1


def _pick_counted_values(
    values: Mapping[str, AttributeValue], counted: Collection[str]
) -> dict[str, AttributeValue]:
    """The attributes that some target counts; no others are frozen."""
    return {name: value for name, value in values.items() if name in counted and value is not None}
