"""Releases: public counts of the delegates of a conference that has met, by their sealed attributes.

Readers who may not read sealed attributes get no other counts of them. A conference has one release, and a
person is counted in at most one, so that no two counts differ by one person (docs/decisions/0011).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from db import invitations, nominations, people, privacy
from db.conferences import list_seat_groups
from db.invitations import Invitation
from db.nominations import Nomination
from db.privacy import CompositionRelease
from db.session import allow_counting
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.composition.plan_targets import build_target
from domain.composition.release import (
    ReleasedCounts,
    ReleasedNumbers,
    ReleasedTable,
    ReleaseTable,
    build_release_table,
)
from domain.composition.targets import CompositionTarget
from domain.conferences.life import MET_STATES
from domain.findings import Conflict, NotFound, Plain
from domain.nominations import NominationState
from domain.people import PersonIdentity, is_sealed, list_namesakes
from service.audit import record_event
from service.sealed_attributes import open_attributes
from service.work import Case, Work

SealedValues = Mapping[UUID, Mapping[str, str]]
PersonLine = Nomination | Invitation


async def release_composition(work: Work, case: Case, threshold: int) -> CompositionRelease:
    """Count the delegates of a conference that has met, and store the numbers that may be published.

    The conference is locked by the caller for an actor who may act for its unit. Raises ``Forbidden`` unless
    the actor may read the sealed attributes of every delegate; ``Conflict`` before the conference met, for
    a second release, and where a person was counted in another release.
    """
    conference = case.conference
    if conference.state not in MET_STATES:
        raise Conflict("conference_not_held", {"state": conference.state})
    if await privacy.find_release(work.session, conference.id) is not None:
        raise Conflict("composition_released_once")
    delegates = await _list_delegates(work, conference.id)
    persons = {row.person for row in delegates}
    async with allow_counting(work.session):
        if await privacy.has_released_person(work.session, persons):
            raise Conflict("release_overlaps")
    left_out = await _list_left_out(work, persons)
    tables = await _build_tables(work, case, delegates, left_out, threshold)
    release = CompositionRelease(
        conference=conference.id,
        threshold=threshold,
        left_out=len(left_out),
        tables=tuple(tables),
        released_by=work.actor.id,
    )
    await privacy.insert_release(work.session, release, persons)
    counted = [table.attribute for table in tables]
    changes: dict[str, Plain] = {
        "attributes": counted,
        "persons": len(persons) - len(left_out),
        "left_out": len(left_out),
        "threshold": threshold,
    }
    act = Act.COMPOSITION_RELEASED
    await record_event(work, act, "conference", conference.id, changes, plan=case.chain)
    return release


async def get_release(work: Work, case: Case) -> CompositionRelease:
    """The release of a conference that the actor sees."""
    release = await privacy.find_release(work.session, case.conference.id)
    if release is None:
        raise NotFound("release_not_found")
    return release


async def _list_delegates(work: Work, conference: UUID) -> Sequence[PersonLine]:
    """The accepted people, without repeats; ``Forbidden`` unless the actor may read all of them."""
    session, actor = work.session, work.actor
    listed = await nominations.list_live_nominations(session, actor, conference)
    invited = await invitations.list_invitations(session, actor, conference)
    readable = await nominations.list_readable_nominees(session, actor, conference)
    readable |= await invitations.list_readable_invitees(session, actor, conference)
    delegates: dict[UUID, PersonLine] = {row.person: row for row in invited if row.reply == "accepted"}
    delegates |= {row.person: row for row in listed if row.state == NominationState.ACCEPTED}
    if not delegates.keys() <= readable:
        raise build_forbidden(Access.PERSONAL_READ)
    return list(delegates.values())


async def _list_left_out(work: Work, persons: Collection[UUID]) -> frozenset[UUID]:
    """Those who are perhaps the same as another delegate, or as somebody in another release.

    A person may be entered under two records. Counted twice, or in two releases, they could be found by
    subtraction; leaving out a mere namesake reveals nothing.
    """
    async with allow_counting(work.session):
        earlier = await privacy.list_released_namesakes(work.session, persons)
    rows = await people.map_persons_by_id(work.session, persons)
    present = (row for one, row in sorted(rows.items()) if row.erased_at is None and one not in earlier)
    twice = list_namesakes(PersonIdentity(str(row.id), row.sort_key, row.birth_year) for row in present)
    return earlier | frozenset(map(UUID, twice))


async def _build_tables(
    work: Work, case: Case, delegates: Sequence[PersonLine], left_out: Collection[UUID], threshold: int
) -> list[ReleasedTable]:
    """A table for each sealed attribute that a target of the whole conference counts."""
    # A target of one unit, or of a small bloc, would be a row of a unit.
    targets = [build_target(target) for target in case.terms.targets if not (target.units or target.blocs)]
    opened = await open_attributes(work, {row.person for row in delegates})
    opened.expect_readable()  # numbers are released once
    groups = [row.group for row in await list_seat_groups(work.session, case.conference.id)]
    counted = sorted(filter(is_sealed, {target.criterion.attribute for target in targets}))
    lines = [row for row in delegates if row.person not in left_out]
    beside = Counter(_find_unit(row) for row in delegates if row.person in left_out)

    def build(blocks: Mapping[str, Mapping[str, Sequence[int]]]) -> ReleaseTable:
        return build_release_table(blocks, threshold, left_out=beside)

    return [_build_table(attribute, targets, groups, lines, opened.values, build) for attribute in counted]


def _find_unit(row: PersonLine) -> str:
    """Whose people a delegate belongs to; an invited person is of nobody else's."""
    return str(row.unit) if isinstance(row, Nomination) else str(row.id)


def _filter_targets(attribute: str, targets: Sequence[CompositionTarget]) -> list[CompositionTarget]:
    return [target for target in targets if target.criterion.attribute == attribute]


def _build_table(
    attribute: str,
    targets: Sequence[CompositionTarget],
    groups: Sequence[str],
    delegates: Sequence[PersonLine],
    values: SealedValues,
    build: Callable[[Mapping[str, Mapping[str, Sequence[int]]]], ReleaseTable],
) -> ReleasedTable:
    """One attribute: a column for each combination of its targets that a person could meet, also if empty,
    and a column for all others, including people who do not state the attribute."""
    wanted = _filter_targets(attribute, targets)
    kinds = {
        row.person: _match_targets(values.get(row.person, {}).get(attribute), wanted) for row in delegates
    }
    columns = sorted({_match_targets(value, wanted) for value in _list_values(wanted)} - {()})
    blocks: dict[str, dict[str, list[int]]] = {group: {} for group in groups}
    for row in delegates:
        counts = blocks[row.group].setdefault(_find_unit(row), [0] * (len(columns) + 1))
        kind = kinds[row.person]
        counts[columns.index(kind) if kind else len(columns)] += 1
    return _publish_table(attribute, wanted, columns, build(blocks))


def _list_values(targets: Sequence[CompositionTarget]) -> set[str]:
    """Every value that the targets distinguish, and one for all others."""
    named = {value for target in targets for value in getattr(target.criterion, "values", ())}
    return named | {"another"}


def _match_targets(value: str | None, targets: Sequence[CompositionTarget]) -> tuple[str, ...]:
    """The targets that a person meets; none where the attribute is not stated."""
    return tuple(target.id for target in targets if target.criterion.accepts(value))


def _publish_table(
    attribute: str,
    targets: Sequence[CompositionTarget],
    columns: Sequence[tuple[str, ...]],
    table: ReleaseTable,
) -> ReleasedTable:
    def count_targets(numbers: ReleasedCounts) -> ReleasedNumbers:
        counts = numbers.counts
        met = {
            target.id: None
            if counts is None
            else sum(n for kind, n in zip(columns, counts, strict=False) if target.id in kind)
            for target in targets
        }
        return ReleasedNumbers(numbers.persons, met)

    groups = {group: count_targets(numbers) for group, numbers in table.blocks.items()}
    return ReleasedTable(attribute, count_targets(table.total), groups)
