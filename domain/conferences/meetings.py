"""Meetings: on which days a conference met, in which half days, and how many people attended."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from domain.conferences.proceedings import Proceedings
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity, escape_pointer_step
from domain.plans.tiers import Tier
from domain.snapshots import plain_record

WARNING = Severity.WARNING


class HalfDay(StrEnum):
    """One half of a day ("buổi")."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting of a conference, from its ``first`` to its ``last`` day.

    ``starts`` is the half of the first day in which it began, and ``ends`` that of the last day in which it
    ended. ``attended`` is how many people were there in all, and ``groups`` how many of each seat group.
    What nobody stated is ``None``, or missing.
    """

    first: dt.date
    last: dt.date
    starts: HalfDay | None = None
    ends: HalfDay | None = None
    attended: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    proceedings: Proceedings | None = None

    @property
    def half_days(self) -> int:
        """How many half days it took; what is not stated is read as the whole first day, and as no more of
        the last day than its morning."""
        is_late_start = self.starts is HalfDay.AFTERNOON
        ends = self.ends or (HalfDay.AFTERNOON if is_late_start and self.first == self.last else None)
        is_late_end = ends is HalfDay.AFTERNOON
        return 2 * (self.last - self.first).days + 1 + is_late_end - is_late_start

    def plain(self) -> dict[str, Plain]:
        """The meeting as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The meeting that ``plain`` wrote."""
        days = {name: dt.date.fromisoformat(plain[name]) for name in ("first", "last")}
        halves = {name: plain[name] and HalfDay(plain[name]) for name in ("starts", "ends")}
        told = plain["proceedings"]
        return cls(**{**plain, **days, **halves, "proceedings": told and Proceedings.read(told)})


def check_meeting_facts(terms: ConferenceTerms, meeting: Meeting, today: dt.date) -> list[Finding]:
    """What cannot be true of a meeting: a day in the future, an end before the beginning, more people by
    groups than in all, or a group that the conference does not have."""
    found = []
    if meeting.last > today:
        pointer = "/on" if meeting.first > today else "/until"
        found.append(Finding("day_in_future", pointer=pointer))
    if meeting.last < meeting.first or meeting.half_days < 1:
        days: dict[str, Plain] = {"first": meeting.first.isoformat(), "last": meeting.last.isoformat()}
        found.append(Finding("days_backwards", days, "/until"))
    known = {group.id for group in terms.seat_groups}
    found += [
        Finding("group_unknown", pointer=f"/groups/{escape_pointer_step(group)}")
        for group in meeting.groups
        if group not in known
    ]
    by_groups = sum(meeting.groups.values())
    if meeting.attended is not None and by_groups > meeting.attended:
        people: dict[str, Plain] = {"attended": meeting.attended, "groups": by_groups}
        found.append(Finding("attendance_disagrees", people, "/attended"))
    return found


def is_outside_window(terms: ConferenceTerms, meeting: Meeting) -> bool:
    """Whether a day of the meeting is outside the window that the plan sets."""
    window = terms.window
    return window is not None and not (window.contains(meeting.first) and window.contains(meeting.last))


def check_window_part(terms: ConferenceTerms, first: dt.date, last: dt.date) -> list[Finding]:
    """Days that are within the window of the plan and outside the part that it names ("cuối Quý I")."""
    window = terms.window
    if window is None or not (window.contains(first) and window.contains(last)):
        return []
    start, end = window.compute_part_bounds()
    if start <= first and last <= end:
        return []
    params: dict[str, Plain] = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "start": start.isoformat(),
        "end": end.isoformat(),
    }
    return [Finding("outside_window_part", params, clause=window.clause, severity=WARNING)]


def check_meeting(tier: Tier, terms: ConferenceTerms, meeting: Meeting) -> list[Finding]:
    """Where a meeting was not as the plan has it. It has happened so, and nothing of it is refused."""
    return [
        *_check_days(terms, meeting),
        *check_attendance(tier, terms, meeting.attended, meeting.groups),
    ]


def _check_days(terms: ConferenceTerms, meeting: Meeting) -> list[Finding]:
    found: list[Finding] = []
    params: dict[str, Plain] = {"first": meeting.first.isoformat(), "last": meeting.last.isoformat()}
    if terms.window and is_outside_window(terms, meeting):
        bounds: dict[str, Plain] = {
            "start": terms.window.start.isoformat(),
            "end": terms.window.end.isoformat(),
        }
        found.append(
            Finding("outside_window", {**params, **bounds}, clause=terms.window.clause, severity=WARNING)
        )
    found += check_window_part(terms, meeting.first, meeting.last)
    if terms.length and meeting.half_days > terms.length.half_days:
        longer: dict[str, Plain] = {**params, "half_days": terms.length.half_days}
        found.append(Finding("longer_than_planned", longer, clause=terms.length.clause, severity=WARNING))
    return found


def check_attendance(
    tier: Tier, terms: ConferenceTerms, total: int | None, groups: Mapping[str, int]
) -> list[Finding]:
    """Where the people who attended, in all and by seat group, are above the cap or off the mix."""
    found: list[Finding] = []
    if total is not None and terms.cap is not None and total > terms.cap:
        above: dict[str, Plain] = {"attended": total, "cap": terms.cap}
        clause = tier.cap.clause if tier.cap else None
        found.append(Finding("attendance_above_cap", above, clause=clause, severity=WARNING))
    sides = Counter[str]()
    for group in terms.seat_groups:
        sides[group.counts_as] += groups.get(group.id, 0)
    counted = sides["exemplar"] + sides["guest"]
    if terms.mix is not None and terms.mix.binding and counted:
        least, most = terms.mix.mix.compute_exemplar_range(counted)
        if not least <= sides["exemplar"] <= most:
            missed: dict[str, Plain] = {
                "exemplars": sides["exemplar"],
                "counted": counted,
                "least": least,
                "most": most,
            }
            clause = terms.mix.mix.clause
            found.append(Finding("attendance_off_mix", missed, clause=clause, severity=WARNING))
    return found
