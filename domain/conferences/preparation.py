"""Preparing a conference: its plan is vetted by the council above it, and its day is set or moved."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.conferences.meetings import check_window_part
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Invalid, Plain, Severity
from domain.plans.plan import Pilots, Plan
from domain.snapshots import plain_record


@dataclass(frozen=True, slots=True)
class Vetting:
    """The council above has approved a unit's plan ("duyệt"): when, and by which document."""

    on: dt.date
    document: str

    def plain(self) -> dict[str, Plain]:
        """The vetting as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(dt.date.fromisoformat(plain["on"]), plain["document"])


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days and the place that are set for a conference; without days it is postponed.

    ``reason``: why it was moved, or why its day is outside the plan's window.
    """

    first: dt.date | None
    last: dt.date | None
    place: str | None = None
    reason: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The schedule as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        days = {name: plain[name] and dt.date.fromisoformat(plain[name]) for name in ("first", "last")}
        return cls(**{**plain, **days})

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day; without a last one it is the first."""
        return self.first, self.last or self.first

    @property
    def is_postponed(self) -> bool:
        """Whether the conference waits for a new day."""
        return self.first is None


def find_vetting_organ(plan: Plan, terms: ConferenceTerms) -> Pilots | None:
    """The rule by which the conference's plan is approved before it meets; ``None`` where there is none."""
    return plan.pilots if terms.pilot and plan.pilots and plan.pilots.approved_by else None


def expect_valid_schedule(terms: ConferenceTerms, old: Schedule | None, new: Schedule) -> None:
    """Raise ``Invalid`` for days backwards, and for a conference that is moved, postponed or set outside the
    plan's window without a reason.

    A day is not refused because it is past: a schedule may be entered after the letter that told of it.
    """
    if new.last is not None and new.first is None:
        raise Invalid("missing", errors=[Finding("missing", pointer="/first")])
    if new.last is not None and new.first is not None and new.last < new.first:
        days: dict[str, Plain] = {"first": new.first.isoformat(), "last": new.last.isoformat()}
        raise Invalid("days_backwards", days, errors=[Finding("days_backwards", days, "/last")])
    moved = new.is_postponed or (old is not None and old.days != new.days)
    outside = any(each.code == "planned_outside_window" for each in check_schedule(terms, new))
    if not new.reason and (moved or outside):
        raise Invalid("reason_missing", errors=[Finding("reason_missing", pointer="/reason")])


def check_schedule(terms: ConferenceTerms, schedule: Schedule | None) -> Iterator[Finding]:
    """A day outside the plan's window, as a warning."""
    if schedule is None or schedule.first is None or terms.window is None:
        return
    window, last = terms.window, schedule.last or schedule.first
    if not (window.contains(schedule.first) and window.contains(last)):
        params: dict[str, Plain] = {
            "first": schedule.first.isoformat(),
            "last": last.isoformat(),
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
        }
        yield Finding("planned_outside_window", params, clause=window.clause, severity=Severity.WARNING)
    yield from check_window_part(terms, schedule.first, last)


def check_preparation(
    plan: Plan, terms: ConferenceTerms, vetting: Vetting | None, met_on: dt.date | None
) -> Iterator[Finding]:
    """A conference that met without the approval that the plan asks for, or before it; as a warning."""
    rule = find_vetting_organ(plan, terms)
    if rule is None or met_on is None or (vetting is not None and vetting.on <= met_on):
        return
    params: dict[str, Plain] = {"organ": rule.approved_by, "on": met_on.isoformat()}
    yield Finding("met_without_approval", params, clause=rule.approval_clause, severity=Severity.WARNING)
