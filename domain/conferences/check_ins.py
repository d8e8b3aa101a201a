"""Check-in: who of those on the lists of a conference came, as several devices recorded it at the door.

Records of a device may come late and in any order. Each has the device and a moment of its own, so that one
that is sent twice counts once; somebody has come while one record of them is not undone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.conferences.meetings import Meeting, check_attendance
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity
from domain.names import fold_text
from domain.plans.tiers import Tier

CLOCK_SLACK = dt.timedelta(minutes=5)
"""By how much the clock of a device may be ahead."""

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})
_LENGTH = 10


def derive_invitation_code(line: UUID) -> str:
    """The code on an invitation: ten letters and digits in two halves, without those that look alike.

    ``line`` is the id of the nomination or of the line on the organiser's list. The code opens nothing: it
    only finds the line among those of one conference.
    """
    rest, digits = line.int, ""
    for _ in range(_LENGTH):
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"{digits[: _LENGTH // 2]}-{digits[_LENGTH // 2 :]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody on the lists of a conference: an accepted nominee of a ``unit``, or a line of the organiser.

    ``line`` is the id of the nomination or of the invitation.
    """

    line: UUID
    name: str
    group: str
    unit: UUID | None = None

    @property
    def code(self) -> str:
        """The code on the invitation."""
        return derive_invitation_code(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a device recorded at a moment: the code on the invitation, or a name."""

    at: dt.datetime
    code: str | None = None
    name: str | None = None


class CheckInOutcome(StrEnum):
    """What a record of a device was."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    """The same record had come before: it counts once."""
    CAME_BEFORE = "came_before"
    """Another record has the person already; both are kept."""


def check_moments(arrivals: Sequence[Arrival], now: dt.datetime) -> Iterator[Finding]:
    """Moments that a device cannot have recorded: in the future, or two records at one."""
    taken: set[dt.datetime] = set()
    for position, arrival in enumerate(arrivals):
        pointer = f"/arrivals/{position}/at"
        if arrival.at > now + CLOCK_SLACK:
            yield Finding("moment_in_future", pointer=pointer)
        if arrival.at in taken:
            yield Finding("moment_twice", pointer=pointer)
        taken.add(arrival.at)


def resolve_arrivals(
    attendees: Sequence[Attendee],
    arrivals: Sequence[Arrival],
    stored: Mapping[dt.datetime, Attendee] = MappingProxyType({}),
) -> tuple[list[Attendee], list[Finding]]:
    """Whom the records are about, in their order, and the faults of those that are about nobody or several.

    A name is found however its marks and letters are written. Nobody is guessed: a name or a code that
    several have is a fault. A moment that is ``stored`` is about the same person as before, also one who is
    no longer on the lists, unless the record names another who is.
    """
    by_code, by_name = defaultdict(list), defaultdict(list)
    for each in attendees:
        by_code[_fold_code(each.code)].append(each)
        by_name[fold_text(each.name)].append(each)
    found, faults = [], []
    for position, arrival in enumerate(arrivals):
        pointer, before = f"/arrivals/{position}", stored.get(arrival.at)
        if (arrival.code is None) == (arrival.name is None):
            faults.append(Finding("code_or_name", pointer=pointer))
            continue
        field = "name" if arrival.code is None else "code"
        matches = (
            by_name[fold_text(arrival.name or "")]
            if arrival.code is None
            else by_code[_fold_code(arrival.code)]
        )
        if before is not None and (len(matches) != 1 or _names(arrival, before)):
            found.append(before)
        elif len(matches) == 1:
            found += matches
        else:
            code = "attendee_ambiguous" if matches else "attendee_not_found"
            faults.append(Finding(code, pointer=f"{pointer}/{field}"))
    return found, faults


def _names(arrival: Arrival, who: Attendee) -> bool:
    if arrival.code is not None:
        return _fold_code(arrival.code) == _fold_code(who.code)
    return fold_text(arrival.name or "") == fold_text(who.name)


def _fold_code(code: str) -> str:
    return code.upper().translate(_LOOKALIKES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCount:
    """How many of a seat group, or of a unit, were on the lists (``convened``), and how many came."""

    convened: int
    arrived: int


def check_door(
    tier: Tier, terms: ConferenceTerms, meeting: Meeting | None, groups: Mapping[str, AttendanceCount]
) -> list[Finding]:
    """Where the people at the door are not as the plan has it, or other than what the meeting states."""
    by_group = {group: count.arrived for group, count in groups.items()}
    arrived = sum(by_group.values())
    if not arrived:
        return []
    found = check_attendance(tier, terms, arrived, by_group)
    if meeting is None:
        return found
    if meeting.attended is not None and meeting.attended != arrived:
        params: dict[str, Plain] = {"attended": meeting.attended, "arrived": arrived}
        found.append(Finding("door_differs", params, severity=Severity.WARNING))
    for group, attended in meeting.groups.items():
        if attended != (came := by_group.get(group, 0)):
            differ: dict[str, Plain] = {"group": group, "attended": attended, "arrived": came}
            found.append(Finding("door_differs_in_group", differ, severity=Severity.WARNING))
    return found
