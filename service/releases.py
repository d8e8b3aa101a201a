"""Releases: the numbers of a held conference by what is sealed of its delegates, once, for everybody.

Who may not read people's sealed attributes gets no numbers of them but these. Each person is counted in one
release at most and a conference has one, so that no two numbers differ by somebody (docs/decisions/0011).
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from db import nominations, privacy
from db.conferences import Conference
from db.conferences import list_seat_groups as seat_groups
from db.nominations import Invitation, Nomination
from db.privacy import CompositionRelease, ReleasePerson
from db.session import AsyncSession, allow_counting
from domain.composition.plan_targets import build_target
from domain.composition.release import ReleasedCounts, ReleaseTable, build_release_table
from domain.composition.targets import CompositionTarget
from domain.findings import Conflict, Forbidden, NotFound, Plain
from domain.nominations import NominationState
from service import conferences
from service.access import expect_may_act_for
from service.audit import record_event
from service.vaults import is_sealed
from service.work import Work

SealedValues = Mapping[UUID, Mapping[str, str]]
PersonLine = Nomination | Invitation


async def release_composition(work: Work, conference: Conference, threshold: int) -> CompositionRelease:
    """Count the delegates of a conference that was held, and keep what may be shown of the numbers.

    ``conference`` is locked by the caller. Raises ``Forbidden`` unless the actor may read what is sealed of
    every delegate, ``Conflict`` before the conference was held, a second time, and where somebody was counted
    in another release.
    """
    await expect_may_act_for(work, conference.congress, conference.unit)
    if conference.state != "held":
        raise Conflict("conference_not_held", {"state": conference.state})
    if await privacy.find_release(work.session, conference.id) is not None:
        raise Conflict("composition_released_once")
    delegates = await _list_delegates(work, conference)
    persons = {row.person for row in delegates}
    async with allow_counting(work.session):
        if await privacy.has_released_person(work.session, persons):
            raise Conflict("release_overlaps")
    terms = await conferences.load_terms(work.session, conference)
    # A target of one unit, or of a small bloc, would be a row of a unit.
    targets = [build_target(target) for target in terms.targets if not (target.units or target.blocs)]
    values = await work.vault.open_attributes(work.session, persons)
    groups = [row.group for row in await seat_groups(work.session, conference.id)]
    counted = sorted(filter(is_sealed, {target.criterion.attribute for target in targets}))
    tables = [_build_table(attribute, targets, groups, delegates, values, threshold) for attribute in counted]
    made = CompositionRelease(
        conference=conference.id, threshold=threshold, tables=tables, released_by=work.actor.id
    )
    work.session.add(made)
    await work.session.flush()
    work.session.add_all(ReleasePerson(release=made.id, person=person) for person in sorted(persons))
    await work.session.flush()
    said: dict[str, Plain] = {"attributes": counted, "persons": len(persons), "threshold": threshold}
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "composition_released", "conference", conference.id, said, plan=plan)
    return made


async def get_release(session: AsyncSession, conference: Conference) -> CompositionRelease:
    """What was released of a conference that the actor sees."""
    made = await privacy.find_release(session, conference.id)
    if made is None:
        raise NotFound("release_not_found")
    return made


async def _list_delegates(work: Work, conference: Conference) -> Sequence[PersonLine]:
    """Who was accepted, each person once; all of them are read, or none."""
    named = [
        row
        for row in await nominations.list_live_nominations(work.session, work.actor, conference.id)
        if row.state == NominationState.ACCEPTED
    ]
    invited = [
        row
        for row in await nominations.list_invitations(work.session, work.actor, conference.id)
        if row.reply == "accepted"
    ]
    opened = await nominations.list_readable_nominees(work.session, work.actor, conference.id)
    opened |= await nominations.list_readable_invitees(work.session, work.actor, conference.id)
    once: dict[UUID, PersonLine] = {row.person: row for row in invited}
    once |= {row.person: row for row in named}
    if not once.keys() <= opened:
        raise Forbidden("forbidden")
    return list(once.values())


def _filter_targets(attribute: str, targets: Sequence[CompositionTarget]) -> list[CompositionTarget]:
    return [target for target in targets if target.criterion.attribute == attribute]


def _build_table(
    attribute: str,
    targets: Sequence[CompositionTarget],
    groups: Sequence[str],
    delegates: Sequence[PersonLine],
    values: SealedValues,
    threshold: int,
) -> dict[str, Plain]:
    """One attribute: a column for each combination of its targets that somebody could meet, whether anybody
    does or not, and one for everybody else, who does not say included."""
    wanted = _filter_targets(attribute, targets)
    kinds = {
        row.person: _match_targets(values.get(row.person, {}).get(attribute), wanted) for row in delegates
    }
    columns = sorted({_match_targets(value, wanted) for value in _list_values(wanted)} - {()})
    blocks: dict[str, dict[str, list[int]]] = {group: {} for group in groups}
    for row in delegates:
        unit = str(row.unit) if isinstance(row, Nomination) else str(row.id)
        counts = blocks[row.group].setdefault(unit, [0] * (len(columns) + 1))
        kind = kinds[row.person]
        counts[columns.index(kind) if kind else len(columns)] += 1
    return _plain_table(attribute, wanted, columns, build_release_table(blocks, threshold))


def _list_values(targets: Sequence[CompositionTarget]) -> set[str]:
    """Every value that the targets tell apart, and one for all others."""
    named = {value for target in targets for value in getattr(target.criterion, "values", ())}
    return named | {"another"}


def _match_targets(value: str | None, targets: Sequence[CompositionTarget]) -> tuple[str, ...]:
    """The targets that a person meets; nobody meets one by not saying."""
    return tuple(target.id for target in targets if target.criterion.accepts(value))


def _plain_table(
    attribute: str,
    targets: Sequence[CompositionTarget],
    columns: Sequence[tuple[str, ...]],
    table: ReleaseTable,
) -> dict[str, Plain]:
    def plain_counts(numbers: ReleasedCounts) -> dict[str, Plain]:
        counts = numbers.counts
        met: dict[str, Plain] = {
            target.id: None
            if counts is None
            else sum(n for kind, n in zip(columns, counts, strict=False) if target.id in kind)
            for target in targets
        }
        return {"persons": numbers.persons, "targets": met}

    groups: dict[str, Plain] = {group: plain_counts(numbers) for group, numbers in table.blocks.items()}
    return {"attribute": attribute, "total": plain_counts(table.total), "groups": groups}
