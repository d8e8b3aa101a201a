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
from domain.access import Actor
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.nominations import Act, State, after
from service import conferences
from service.allocations import Adopted
from service.clock import today
from service.selections.deciding import changed, expect_second
from service.selections.freezing import rule_of, tier_of
from service.selections.preparing import REOPENED

Place = tuple[UUID, str]


async def adopt(
    session: AsyncSession, actor: Actor, selection: Selection, document: Adopted
) -> Sequence[Delegate]:
    """Adopt an approved list; the one it amends is superseded. The conference must be locked.

    Raises ``Conflict`` where a nomination was withdrawn, sent anew or accepted, somebody was erased or goes
    to another congress, or seats were changed, since the list was computed.
    Answers with everybody who goes.
    """
    if selection.state != "approved":
        raise Conflict("selection_state", {"state": selection.state, "needed": "approved"})
    await expect_second(session, actor, selection)
    if document.decided_on > today():
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/decided_on")])
    conference = await conferences.get(session, actor, selection.conference)
    await _supersede(session, selection)
    chosen = {
        row.nomination for row in await selections.places(session, selection.id) if row.outcome == "chosen"
    }
    await nominations.lock(session, conference.id, chosen)
    named = {row.id: row for row in await nominations.live(session, actor, conference.id)}
    await _expect_current(session, conference, selection, chosen, named)
    going = await _seat(session, conference, selection, chosen, named)
    decision = Decision(
        subject_kind="selection",
        subject=selection.id,
        organ=document.organ,
        kind=document.kind,
        series=document.series,
        year=document.decided_on.year,
        number=document.number,
        decided_on=document.decided_on,
        approved_by=selection.approved_by or actor.id,
    )
    session.add(decision)
    await session.flush()
    selection.state, selection.decision = "adopted", decision.id
    changes: dict[str, Plain] = {
        "decision": f"{document.number}/{document.series}",
        "organ": document.organ,
        "decided_on": document.decided_on.isoformat(),
        "delegates": len(going),
    }
    await changed(session, actor, selection, "selection_adopted", changes)
    return going


async def _supersede(session: AsyncSession, selection: Selection) -> None:
    """The adopted list gives way to one that came from it, and to no other."""
    versions = {each.id: each for each in await selections.of_conference(session, selection.conference)}
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


async def _expect_current(
    session: AsyncSession,
    conference: Conference,
    selection: Selection,
    chosen: set[UUID],
    named: Mapping[UUID, Nomination],
) -> None:
    """Everybody on the list still stands for election, and no place has more of them than seats."""
    rows = [row for one, row in named.items() if one in chosen and row.state != State.DRAFT]
    erased = await people.erased(session, {row.person for row in rows})
    standing = {row.id for row in rows if row.person not in erased}
    wrong = [Finding("selection_nominee_gone", {"nomination": str(one)}) for one in sorted(chosen - standing)]
    frozen = await session.get_one(Snapshot, selection.snapshot)
    wrong += [
        Finding("selection_nominee_changed", {"nomination": str(row.id)})
        for row in sorted(rows, key=lambda row: row.id)
        if row.id in standing and row.submitted_at is not None and row.submitted_at > frozen.created_at
    ]
    elsewhere = await _elsewhere(session, conference, {row.person for row in rows})
    wrong += [
        Finding("selection_seated_elsewhere", {"nominee": str(row.id)})
        for row in sorted(rows, key=lambda row: row.id)
        if row.person in elsewhere
    ]
    wrong += await _accepted_since(session, selection, chosen, named)
    filled: dict[Place, int] = defaultdict(int)
    for one in chosen & standing:
        filled[named[one].unit, named[one].group] += 1
    for quota in await quotas.of_conference(session, conference.id, lock=True):
        free = quota.seats + quota.excess_taken - quota.distributed
        if filled.get((quota.unit, quota.group), 0) > free:
            wrong.append(Finding("selection_seats_changed", {"unit": str(quota.unit), "seats": free}))
    if wrong:
        raise Conflict("selection_outdated", {"selection": str(selection.id)}, errors=wrong)


async def _accepted_since(
    session: AsyncSession, selection: Selection, chosen: set[UUID], named: Mapping[UUID, Nomination]
) -> list[Finding]:
    """Whoever has a seat that this list does not know of: nobody loses one in silence.

    A list takes seats from delegates it replaces, and in places that the council reopened for it.
    """
    held = {row.nomination for row in await selections.delegates(session, selection.conference)}
    losing = [
        row for one, row in sorted(named.items()) if row.state == State.ACCEPTED and one not in chosen | held
    ]
    erased = await people.erased(session, {row.person for row in losing})
    reopened = {
        (each["params"]["unit"], each["params"]["group"])
        for each in selection.findings
        if each["code"] == REOPENED
    }
    return [
        Finding("selection_accepted_since", {"nomination": str(row.id)})
        for row in losing
        if row.person not in erased and (str(row.unit), row.group) not in reopened
    ]


async def _elsewhere(
    session: AsyncSession, conference: Conference, persons: Collection[UUID]
) -> frozenset[UUID]:
    """Those who go to another congress by a list that was adopted since, where the plan lets nobody."""
    tier = await tier_of(session, conference)
    if not tier.congress or rule_of(tier).both_congresses:
        return frozenset()
    await selections.lock_congresses(session)
    return await selections.seated_elsewhere(session, conference, persons)


async def _seat(
    session: AsyncSession,
    conference: Conference,
    selection: Selection,
    chosen: set[UUID],
    named: Mapping[UUID, Nomination],
) -> list[Delegate]:
    """First whoever gives a seat up, then whoever takes one, so that no quota is over its number."""
    leaving = {UUID(each["nomination"]) for each in selection.leaving}
    held = await selections.delegates(session, conference.id, lock=True)
    ended = [row for row in held if row.nomination not in chosen]
    for row in ended:
        row.ended_at, row.ended_reason = now(), "replaced" if row.nomination in leaving else "reselected"
        session.add(row)
    for one, nomination in named.items():
        if nomination.state == State.ACCEPTED and one not in chosen:
            act: Act = "withdraw" if one in leaving else "unseat"
            nomination.state, nomination.version = after(act, State(nomination.state)), nomination.version + 1
            session.add(nomination)
    await session.flush()
    for one in sorted(chosen):
        nomination = named[one]
        if nomination.state != State.ACCEPTED:
            nomination.state, nomination.version = State.ACCEPTED, nomination.version + 1
            session.add(nomination)
    await session.flush()
    kept = [row for row in held if row.nomination in chosen]
    new = _new(selection, [named[one] for one in sorted(chosen - {row.nomination for row in kept})], ended)
    session.add_all(new)
    await session.flush()
    return [*kept, *new]


def _new(selection: Selection, rows: Sequence[Nomination], ended: Sequence[Delegate]) -> list[Delegate]:
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
