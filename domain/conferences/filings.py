"""Filings: what a unit sends by a deadline of the plan, and what of it is not as the plan has it.

By a deadline a unit sends its own plan, a registration or a report, each with the documents that the plan
asks for. Limits refuse; what has happened, such as a late day or a missing document, is told as a finding.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from domain.calendar import DueDays
from domain.conferences.deadlines import DueTerms
from domain.conferences.filed_facts import FiledFacts
from domain.conferences.places import check_places
from domain.findings import Finding, Plain, Severity
from domain.plans.plan import ReportPart

WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDocument:
    """A document that came with a filing. ``number`` is its place among those that the deadline asks for,
    from 1; ``paper`` is the stored file, ``reference`` the number on the document ("12/KH-UBND")."""

    number: int
    paper: UUID | None = None
    reference: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The document as plain JSON."""
        paper = None if self.paper is None else str(self.paper)
        return {"number": self.number, "paper": paper, "reference": self.reference}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(**{**plain, "paper": plain["paper"] and UUID(plain["paper"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a unit sent by the deadline with that id, and the day ``on`` which it was received.

    ``facts`` are those that the unit's own plan states. ``reason``: why they are not as the plan has it.
    ``parts`` are those of a report, by their places among the parts that the plan asks for, from 1; ``None``
    where nobody stated them.
    """

    deadline: str
    on: dt.date
    documents: tuple[FiledDocument, ...] = ()
    facts: FiledFacts | None = None
    reason: str | None = None
    parts: tuple[int, ...] | None = None


def check_filing(
    due: DueTerms, asked: Sequence[ReportPart], filing: Filing, met_on: dt.date | None, today: dt.date
) -> list[Finding]:
    """What cannot be true of a filing: a day in the future, a report before the conference has met, facts of
    the unit's plan with something else than a plan, parts of something else than a report, parts or documents
    that are not ``asked`` for."""
    found = []
    if filing.on > today:
        found.append(Finding("day_in_future", pointer="/on"))
    if due.what == "report" and (met_on is None or filing.on < met_on):
        found.append(Finding("report_before_meeting", {"name": due.name}, "/on", clause=due.clause))
    if due.what != "plan" and filing.facts is not None:
        found.append(Finding("facts_not_of_plan", {"name": due.name}, "/facts", clause=due.clause))
    if due.what != "report" and filing.parts is not None:
        found.append(Finding("parts_not_of_report", {"name": due.name}, "/parts", clause=due.clause))
    found += check_places(filing.parts or (), len(asked), "/parts")
    return [*found, *_check_documents(due, filing)]


def check_sender(unit: str, ended_on: dt.date | None, filing: Filing) -> Iterator[Finding]:
    """A filing that was received after its unit had ended; ``ended_on`` is the first day without it."""
    if ended_on is not None and filing.on >= ended_on:
        params: dict[str, Plain] = {"unit": unit, "ended": ended_on.isoformat()}
        yield Finding("filed_by_ended_unit", params, "/on")


def _check_documents(due: DueTerms, filing: Filing) -> Iterator[Finding]:
    """Documents that the deadline does not ask for, that are given twice, or of which nothing came."""
    numbers = [each.number for each in filing.documents]
    for position, number in enumerate(numbers):
        if not 1 <= number <= len(due.documents):
            params: dict[str, Plain] = {"number": number, "documents": list(due.documents)}
            yield Finding("document_not_asked", params, f"/documents/{position}/number", clause=due.clause)
        elif number in numbers[:position]:
            yield Finding("document_twice", {"number": number}, f"/documents/{position}/number")
    for position, each in enumerate(filing.documents):
        if each.paper is None and each.reference is None:
            yield Finding("document_without_paper", {"number": each.number}, f"/documents/{position}")


def list_missing_documents(due: DueTerms, filings: Sequence[Filing]) -> tuple[str, ...]:
    """The documents that a deadline asks for and none of its filings had."""
    sent = {each.number for filing in filings for each in filing.documents}
    return tuple(name for number, name in enumerate(due.documents, start=1) if number not in sent)


def find_done_day(due: DueTerms, filings: Sequence[Filing]) -> dt.date | None:
    """The day on which the last document that a deadline asks for had come; ``None`` while one is missing.

    Where the plan names no document, it is the day of the first filing.
    """
    ordered = sorted(filings, key=lambda each: each.on)
    for count, filing in enumerate(ordered, start=1):
        if not list_missing_documents(due, ordered[:count]):
            return filing.on
    return None


def list_filing_findings(
    due: DueTerms, asked: Sequence[ReportPart], filings: Sequence[Filing]
) -> Iterator[Finding]:
    """What has to be told about the filings of one deadline: it was late or early, a document is missing, or
    a part of a report that is ``asked`` for."""
    if not filings:
        return
    if due.what == "report":
        yield from _list_missing_parts(due, asked, filings)
    for document in list_missing_documents(due, filings):
        params: dict[str, Plain] = {"name": due.name, "document": document}
        yield Finding("document_missing", params, clause=due.clause, severity=WARNING)
    done = find_done_day(due, filings)
    if done is not None:
        yield from _check_day(due, done)


def list_achievement_deadlines(deadlines: Sequence[DueTerms], filings: Sequence[Filing]) -> list[DueTerms]:
    """The deadlines by which the list of delegates with their achievements is sent, and something came."""
    sent = {filing.deadline for filing in filings}
    return [due for due in deadlines if due.lists_achievements and due.id in sent]


def check_achievements(due: DueTerms, nominations: Sequence[UUID]) -> Iterator[Finding]:
    """The unit's delegates, by their nominations, of whom no achievements are stated, as warnings."""
    for each in nominations:
        params: dict[str, Plain] = {"name": due.name, "nominee": str(each)}
        yield Finding("delegate_without_achievements", params, clause=due.clause, severity=WARNING)


def _list_missing_parts(
    due: DueTerms, asked: Sequence[ReportPart], filings: Sequence[Filing]
) -> Iterator[Finding]:
    """The parts that no filing of a report has; nothing while nobody stated which parts it has."""
    stated = [each.parts for each in filings if each.parts is not None]
    sent = {number for parts in stated for number in parts}
    for number, part in enumerate(asked, start=1):
        if stated and number not in sent:
            params: dict[str, Plain] = {"name": due.name, "part": part.text}
            yield Finding("report_part_missing", params, clause=part.clause, severity=WARNING)
    if asked and not stated:
        unstated: dict[str, Plain] = {"name": due.name, "known": len(asked)}
        yield Finding("report_parts_not_stated", unstated, clause=due.clause, severity=Severity.INFO)


def _check_day(due: DueTerms, done: dt.date) -> Iterator[Finding]:
    """In time by every reading of the plan, by one only, or by none."""
    faults = [_find_day_fault(due, days, done) for days in due.days]
    told = [fault for fault in faults if fault is not None]
    if told and len(told) == len(faults):
        yield told[0]
    elif told:
        params: dict[str, Plain] = {"name": due.name, "on": done.isoformat()}
        yield Finding("filed_in_time_by_one_reading", params, clause=due.clause, severity=WARNING)


def _find_day_fault(due: DueTerms, days: DueDays, done: dt.date) -> Finding | None:
    if days.last is not None and done > days.last:
        late: dict[str, Plain] = {
            "name": due.name,
            "last_day": days.last.isoformat(),
            "days": count_days_late(days.last, done),
        }
        return Finding("filed_late", late, clause=due.clause, severity=WARNING)
    if days.first is not None and done < days.first:
        early: dict[str, Plain] = {"name": due.name, "first_day": days.first.isoformat()}
        return Finding("filed_early", early, clause=due.clause, severity=WARNING)
    return None


def count_days_late(last_day: dt.date, on: dt.date) -> int:
    """By how many days something done ``on`` a day is late; 0 where it is in time."""
    return max((on - last_day).days, 0)
