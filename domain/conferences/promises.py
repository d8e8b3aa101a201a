"""Promised reports: a unit's own plan may name the day of its report, and binds the unit from then on.

A plan that is filed again keeps the day where it names none; a day that has passed is not moved.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.conferences.filed_facts import FiledFacts
from domain.conferences.filings import Filing
from domain.findings import Finding, Plain


@dataclass(frozen=True, slots=True)
class Promise:
    """The day for which a report is promised, and the day ``since`` which it is."""

    due: dt.date
    since: dt.date


def find_promise(filings: Sequence[Filing]) -> Promise | None:
    """The promise that holds: the last one, by the days on which plans were received."""
    found = None
    for filing in sorted(filings, key=_get_day):
        due = None if filing.facts is None else filing.facts.report_due
        if due is not None and (found is None or found.due != due):
            found = Promise(due, filing.on)
    return found


def merge_filed_facts(filings: Sequence[Filing]) -> FiledFacts | None:
    """What a unit's plan says by its last filing, with the promise that holds."""
    stated = [filing.facts for filing in sorted(filings, key=_get_day) if filing.facts is not None]
    promise = find_promise(filings)
    return replace(stated[-1], report_due=promise.due if promise else None) if stated else None


def check_promise(filings: Sequence[Filing], filing: Filing) -> Iterator[Finding]:
    """A report that is promised for a day before the plan came, or for another day after the promised one."""
    if filing.facts is None or filing.facts.report_due is None:
        return
    due, before = filing.facts.report_due, find_promise(filings)
    if due < filing.on:
        params: dict[str, Plain] = {"due": due.isoformat(), "on": filing.on.isoformat()}
        yield Finding("report_day_before_plan", params, "/facts/report_due")
    if before is not None and due != before.due and filing.on > before.due:
        passed: dict[str, Plain] = {"promised": before.due.isoformat()}
        yield Finding("report_day_has_passed", passed, "/facts/report_due")


def _get_day(filing: Filing) -> dt.date:
    return filing.on
