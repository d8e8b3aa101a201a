"""Check-in at the door of a conference: records of several devices are merged, and attendance follows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import check_ins, invitations, nominations
from db.check_ins import CheckIn
from db.columns import now
from db.session import allow_counting
from domain.acts import Act
from domain.conferences.check_ins import (
    Arrival,
    AttendanceCount,
    Attendee,
    CheckInOutcome,
    check_door,
    check_moments,
    resolve_arrivals,
)
from domain.conferences.life import derive_next_state
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.nominations import NominationState
from service.access import expect_in_subtree, expect_role_at
from service.audit import record_event
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class Undoing:
    """A record that was a mistake: its device and moment, and the reason."""

    device: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """A record of a device, whom it is about, and whether it was there before."""

    at: datetime
    attendee: Attendee
    outcome: CheckInOutcome


@dataclass(frozen=True, slots=True)
class AttendanceReport:
    """Who came of those on the lists, by seat group and by unit that sent them; the findings."""

    groups: Mapping[str, AttendanceCount]
    units: Mapping[UUID, AttendanceCount]
    findings: Sequence[Finding]


async def list_attendees(work: Work, case: Case) -> list[tuple[Attendee, CheckIn | None]]:
    """The people on the lists of the actor's own conference, by name, each with the first record of them that
    is not undone. Raises ``Forbidden`` for the conference of another unit."""
    await expect_role_at(work, case.congress, case.conference.unit)
    attendees = await check_ins.list_attendees(work.session, work.actor, case.conference.id)
    came = _map_first_by_line(await check_ins.list_check_ins(work.session, case.conference.id))
    return [(each, came.get(each.line)) for each in attendees]


async def record_check_ins(
    work: Work, case: Case, device: str, arrivals: Sequence[Arrival], undone: Sequence[Undoing]
) -> list[CheckInResult]:
    """Merge what a device recorded, now or earlier, and undo what was a mistake. All of it is stored, or
    nothing.

    What the device sends again is repeated, whether or not the person is still on the lists. Raises
    ``Invalid`` for records about nobody and moments that cannot be, ``Conflict`` for a moment at which the
    device had recorded somebody else, and for a conference that was cancelled or closed.
    """
    conference = case.conference
    await expect_role_at(work, case.congress, conference.unit)
    derive_next_state("check_in", conference.state)
    before = await check_ins.list_check_ins(work.session, conference.id)
    found = await _find_people(work, conference.id, device, arrivals, before)
    undone_rows = [row for row in before if (row.device, row.at) in {(one.device, one.at) for one in undone}]
    people = await _keep_people(work, conference.id, found, undone_rows)
    pairs = list(zip(arrivals, people, strict=True))
    rows = [_build_row(work, conference.id, device, one.at, who) for one, who in pairs]
    added = await check_ins.insert_check_ins(work.session, rows)
    stored = {
        (row.device, row.at): row for row in await check_ins.list_check_ins(work.session, conference.id)
    }
    _expect_same_people(pairs, [stored[device, one.at] for one, _ in pairs])
    _expect_known_records(undone, stored)
    number = await _undo_all(work, conference.id, undone)
    if added or number:
        changes: dict[str, Plain] = {"device": device, "recorded": len(added), "undone": number}
        act = Act.CHECK_INS_RECORDED
        await record_event(work, act, "conference", conference.id, changes, plan=case.chain)
    return _list_results(pairs, added, set(_map_first_by_line(before)))


async def _find_people(
    work: Work, conference: UUID, device: str, arrivals: Sequence[Arrival], before: Sequence[CheckIn]
) -> list[Attendee]:
    """Whom the records of a device are about; of those ``before``, the same people as then."""
    moments = {one.at for one in arrivals}
    lines = {row.at: row.line for row in before if row.device == device and row.at in moments}
    attendees = await check_ins.list_attendees(work.session, work.actor, conference)
    known: dict[UUID | None, Attendee] = {each.line: each for each in attendees}
    if gone := {*lines.values()} - known.keys():
        known |= await check_ins.map_lines(work.session, work.actor, conference, gone)
    stored = {at: known[line] for at, line in lines.items() if line in known}
    found, faults = resolve_arrivals(attendees, arrivals, stored)
    faults += check_moments(arrivals, now())
    if faults:
        raise Invalid(faults[0].code, faults[0].params, errors=faults)
    return found


async def _keep_people(
    work: Work, conference: UUID, found: Sequence[Attendee], undone: Sequence[CheckIn]
) -> list[Attendee]:
    """Those found, as they are once nobody erases them or those whose records are undone any more."""
    nominated = {each.line for each in found if each.unit is not None}
    nominated |= {row.nomination for row in undone if row.nomination is not None}
    invited = {each.line for each in found if each.unit is None}
    invited |= {row.invitation for row in undone if row.invitation is not None}
    await check_ins.lock_lines(work.session, nominated, invited)
    if not found:
        return []
    lines = {each.line for each in found}
    current = await check_ins.map_lines(work.session, work.actor, conference, lines)
    return [current[each.line] for each in found]


def _build_row(work: Work, conference: UUID, device: str, at: datetime, who: Attendee) -> CheckIn:
    return CheckIn(
        conference=conference,
        device=device,
        at=at,
        nomination=None if who.unit is None else who.line,
        invitation=who.line if who.unit is None else None,
        created_by=work.actor.id,
    )


def _expect_same_people(pairs: Sequence[tuple[Arrival, Attendee]], stored: Sequence[CheckIn]) -> None:
    """Raise ``Conflict`` for a moment at which the device had recorded somebody else."""
    errors = [
        Finding("moment_of_another_person", pointer=f"/arrivals/{position}/at")
        for position, ((_, who), row) in enumerate(zip(pairs, stored, strict=True))
        if row.line != who.line
    ]
    if errors:
        raise Conflict("moment_of_another_person", errors=errors)


def _expect_known_records(undone: Sequence[Undoing], stored: Collection[tuple[str, datetime]]) -> None:
    errors = [
        Finding("check_in_not_found", pointer=f"/undone/{position}")
        for position, each in enumerate(undone)
        if (each.device, each.at) not in stored
    ]
    if errors:
        raise Invalid("check_in_not_found", errors=errors)


async def _undo_all(work: Work, conference: UUID, undone: Sequence[Undoing]) -> int:
    """Undo records, in one order, and answer how many had not been undone before."""
    number = 0
    for each in sorted(undone, key=lambda one: (one.device, one.at)):
        number += await check_ins.undo_check_in(
            work.session, conference, each.device, each.at, each.reason, work.actor.id
        )
    return number


def _list_results(
    pairs: Sequence[tuple[Arrival, Attendee]], added: Collection[datetime], came: set[UUID | None]
) -> list[CheckInResult]:
    """What each record was; ``came`` are the lines of those who had come before the first of them."""
    results = []
    for one, who in pairs:
        is_new = one.at in added
        results.append(CheckInResult(one.at, who, _derive_outcome(is_new=is_new, has_come=who.line in came)))
        if is_new:
            came.add(who.line)
    return results


def _derive_outcome(*, is_new: bool, has_come: bool) -> CheckInOutcome:
    if not is_new:
        return CheckInOutcome.REPEATED
    return CheckInOutcome.CAME_BEFORE if has_come else CheckInOutcome.RECORDED


def _map_first_by_line(rows: Sequence[CheckIn]) -> Mapping[UUID | None, CheckIn]:
    """Line → the earliest record of it that is not undone."""
    found: dict[UUID | None, CheckIn] = {}
    for row in rows:
        if row.undone_at is None:
            found.setdefault(row.line, row)
    return found


async def count_attendance(work: Work, case: Case) -> AttendanceReport:
    """How many of those on the lists came, for the conference's own unit and those above it.

    Only numbers are answered, so lists are counted that the actor may not see.
    """
    conference = case.conference
    await expect_in_subtree(work, case.congress, conference.unit)
    async with allow_counting(work.session):
        accepted = await nominations.count_live_nominations(
            work.session, conference.id, states=(NominationState.ACCEPTED,)
        )
        listed = await invitations.count_invitations(work.session, conference.id)
        arrived = await check_ins.count_arrivals(work.session, conference.id)
    groups = {
        group.id: AttendanceCount(
            convened=listed[group.id] + sum(n for (_, name), n in accepted.items() if name == group.id),
            arrived=sum(n for (_, name), n in arrived.items() if name == group.id),
        )
        for group in case.terms.seat_groups
    }
    units = {
        unit: AttendanceCount(
            convened=sum(n for (sender, _), n in accepted.items() if sender == unit),
            arrived=sum(n for (sender, _), n in arrived.items() if sender == unit),
        )
        for unit in sorted({unit for unit, _ in accepted})
    }
    found = check_door(case.tier, case.terms, conference.meeting, groups)
    return AttendanceReport(groups, units, found)
