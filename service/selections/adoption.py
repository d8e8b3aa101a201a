"""Adopting a list: its decision is recorded, its nominees get their seats and become delegates."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db import nominations, people, quotas, selections
from db.allocations import Decision
from db.columns import now
from db.conferences import Conference
from db.nominations import Nomination
from db.selections import Delegate, Selection
from db.session import AsyncSession
from db.snapshots import Snapshot
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.nominations import NominationAct, NominationState, derive_next_state
from domain.selection.wishes import REOPENED_CODE
from service import conferences
from service.allocations import AdoptionDocument
from service.clock import today
from service.selections.decisions import expect_other_approver, record_change
from service.selections.pool import get_selection_rule, get_tier
from service.work import Work

Place = tuple[UUID, str]


async def adopt_selection(work: Work, selection: Selection, document: AdoptionDocument) -> Sequence[Delegate]:
    """Adopt an approved list; the one it amends is superseded. The conference must be locked.

    Raises ``Conflict`` where a nomination was withdrawn, sent anew or accepted, somebody was erased or goes
    to another congress, or seats were changed, since the list was computed.
    Answers with everybody who goes.
    """
    if selection.state != "approved":
        raise Conflict("selection_state", {"state": selection.state, "needed": "approved"})
    await expect_other_approver(work, selection)
    if document.decided_on > today():
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/decided_on")])
    conference = await conferences.get_conference(work, selection.conference)
    await _supersede_adopted(work.session, selection)
    chosen = {
        row.nomination
        for row in await selections.list_selection_places(work.session, selection.id)
        if row.outcome == "chosen"
    }
    await nominations.lock_nominations(work.session, conference.id, chosen)
    named = {
        row.id: row
        for row in await nominations.list_live_nominations(work.session, work.actor, conference.id)
    }
    await _expect_current_list(work.session, conference, selection, chosen, named)
    going = await _seat_delegates(work.session, conference, selection, chosen, named)
    decision = Decision(
        subject_kind="selection",
        subject=selection.id,
        organ=document.organ,
        kind=document.kind,
        series=document.series,
        year=document.decided_on.year,
        number=document.number,
        decided_on=document.decided_on,
        approved_by=selection.approved_by or work.actor.id,
    )
    work.session.add(decision)
    await work.session.flush()
    selection.state, selection.decision = "adopted", decision.id
    changes: dict[str, Plain] = {
        "decision": f"{document.number}/{document.series}",
        "organ": document.organ,
        "decided_on": document.decided_on.isoformat(),
        "delegates": len(going),
    }
    await record_change(work, selection, "selection_adopted", changes)
    return going


async def _supersede_adopted(session: AsyncSession, selection: Selection) -> None:
    """The adopted list gives way to one that came from it, and to no other."""
    versions = {each.id: each for each in await selections.list_selections(session, selection.conference)}
    ancestors, at = set(), selection.amends
    while at is not None:
        ancestors.add(at)
        at = versions[at].amends
    for other in versions.values():
        if other.state == "adopted":
            if other.id not in ancestors:
                raise Conflict("adopted_selection_is_amended", {"selection": str(other.id)})
            other.state, other.version = "superseded", other.version + 1
            session.add(other)
    await session.flush()


async def _expect_current_list(
    session: AsyncSession,
    conference: Conference,
    selection: Selection,
    chosen: set[UUID],
    named: Mapping[UUID, Nomination],
) -> None:
    """Everybody on the list still stands for election, and no place has more of them than seats."""
    rows = [row for one, row in named.items() if one in chosen and row.state != NominationState.DRAFT]
    erased = await people.list_erased_people(session, {row.person for row in rows})
    standing = {row.id for row in rows if row.person not in erased}
    wrong = [Finding("selection_nominee_gone", {"nomination": str(one)}) for one in sorted(chosen - standing)]
    frozen = await session.get_one(Snapshot, selection.snapshot)
    wrong += [
        Finding("selection_nominee_changed", {"nomination": str(row.id)})
        for row in sorted(rows, key=lambda row: row.id)
        if row.id in standing and row.submitted_at is not None and row.submitted_at > frozen.created_at
    ]
    elsewhere = await _list_seated_elsewhere(session, conference, {row.person for row in rows})
    wrong += [
        Finding("selection_seated_elsewhere", {"nominee": str(row.id)})
        for row in sorted(rows, key=lambda row: row.id)
        if row.person in elsewhere
    ]
    wrong += await _check_later_acceptances(session, selection, chosen, named)
    filled: dict[Place, int] = defaultdict(int)
    for one in chosen & standing:
        filled[named[one].unit, named[one].group] += 1
    for quota in await quotas.list_quotas(session, conference.id, lock=True):
        free = quota.seats + quota.excess_taken - quota.distributed
        if filled.get((quota.unit, quota.group), 0) > free:
            wrong.append(Finding("selection_seats_changed", {"unit": str(quota.unit), "seats": free}))
    if wrong:
        raise Conflict("selection_outdated", {"selection": str(selection.id)}, errors=wrong)


async def _check_later_acceptances(
    session: AsyncSession, selection: Selection, chosen: set[UUID], named: Mapping[UUID, Nomination]
) -> list[Finding]:
    """Whoever has a seat that this list does not know of: nobody loses one in silence.

    A list takes seats from delegates it replaces, and in places that the council reopened for it.
    """
    held = {row.nomination for row in await selections.list_delegates(session, selection.conference)}
    losing = [
        row
        for one, row in sorted(named.items())
        if row.state == NominationState.ACCEPTED and one not in chosen | held
    ]
    erased = await people.list_erased_people(session, {row.person for row in losing})
    reopened = {
        (each["params"]["unit"], each["params"]["group"])
        for each in selection.findings
        if each["code"] == REOPENED_CODE
    }
    return [
        Finding("selection_accepted_since", {"nomination": str(row.id)})
        for row in losing
        if row.person not in erased and (str(row.unit), row.group) not in reopened
    ]


async def _list_seated_elsewhere(
    session: AsyncSession, conference: Conference, persons: Collection[UUID]
) -> frozenset[UUID]:
    """Those who go to another congress by a list that was adopted since, where the plan lets nobody."""
    tier = await get_tier(session, conference)
    if not tier.congress or get_selection_rule(tier).both_congresses:
        return frozenset()
    await selections.lock_congresses(session)
    return await selections.list_people_seated_elsewhere(session, conference, persons)


async def _seat_delegates(
    session: AsyncSession,
    conference: Conference,
    selection: Selection,
    chosen: set[UUID],
    named: Mapping[UUID, Nomination],
) -> list[Delegate]:
    """First whoever gives a seat up, then whoever takes one, so that no quota is over its number."""
    leaving = {UUID(each["nomination"]) for each in selection.leaving}
    held = await selections.list_delegates(session, conference.id, lock=True)
    ended = [row for row in held if row.nomination not in chosen]
    for row in ended:
        row.ended_at, row.ended_reason = now(), "replaced" if row.nomination in leaving else "reselected"
        session.add(row)
    for one, nomination in named.items():
        if nomination.state == NominationState.ACCEPTED and one not in chosen:
            act: NominationAct = "withdraw" if one in leaving else "unseat"
            nomination.state, nomination.version = (
                derive_next_state(act, NominationState(nomination.state)),
                nomination.version + 1,
            )
            session.add(nomination)
    await session.flush()
    for one in sorted(chosen):
        nomination = named[one]
        if nomination.state != NominationState.ACCEPTED:
            nomination.state, nomination.version = NominationState.ACCEPTED, nomination.version + 1
            session.add(nomination)
    await session.flush()
    kept = [row for row in held if row.nomination in chosen]
    new = _build_delegates(
        selection, [named[one] for one in sorted(chosen - {row.nomination for row in kept})], ended
    )
    session.add_all(new)
    await session.flush()
    return [*kept, *new]


def _build_delegates(
    selection: Selection, rows: Sequence[Nomination], ended: Sequence[Delegate]
) -> list[Delegate]:
    """A delegate for each newcomer, in the stead of somebody of the same place who no longer goes."""
    freed: dict[Place, list[UUID]] = defaultdict(list)
    for row in ended:
        freed[row.unit, row.group].append(row.id)
    made = []
    for nomination in rows:
        before = freed[nomination.unit, nomination.group]
        if nomination.quota is None:  # a CHECK stands before this
            raise RuntimeError("a submitted nomination has a quota")
        made.append(
            Delegate(
                conference=selection.conference,
                unit=nomination.unit,
                group=nomination.group,
                quota=nomination.quota,
                person=nomination.person,
                nomination=nomination.id,
                selection=selection.id,
                replaces=before.pop(0) if before else None,
            )
        )
    return made
