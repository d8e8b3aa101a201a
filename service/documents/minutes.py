"""The minutes of a conference: what is known of its meeting and votes, and lines for the rest."""

from collections.abc import Iterator, Sequence

from db import people, votes
from db.people import Person
from db.votes import ListVote
from domain.conferences.meetings import HalfDay, Meeting
from domain.documents.content import (
    Block,
    Column,
    Document,
    DocumentKind,
    Paragraph,
    PrintedTable,
    SignatureBlock,
    TableBuilder,
)
from domain.documents.elements import write_day
from domain.documents.sums import expect_true_sums
from service.access import expect_in_subtree
from service.documents.forms import DocumentForm
from service.documents.letterheads import build_letterhead, name_conference
from service.work import Case, Work

KIND = DocumentKind.MINUTES


async def write_minutes(work: Work, case: Case, form: DocumentForm) -> Document:
    """The minutes as a draft: an organ signs what its secretary has written into them.

    Raises ``Forbidden`` for an actor who is neither of the conference's unit nor above it.
    """
    conference = case.conference
    await expect_in_subtree(work, case.congress, conference.unit)
    taken = await votes.list_conference_votes(work.session, conference.id)
    blocks = [*_build_opening(case, form), *_build_agenda(case, form)]
    for vote in taken:
        named = await _load_names(work, vote)
        blocks += _build_vote(case, vote, named, form)
    blocks.append(Paragraph(form.write(KIND, "closing")))
    head = build_letterhead(case, form, form.write(KIND, "code"))
    document = Document(
        KIND,
        head,
        name_conference(case),
        conference.as_of if conference.meeting is None else conference.meeting.last,
        type_name=form.write(KIND, "type_name"),
        blocks=tuple(blocks),
        signatures=(SignatureBlock(form.write(KIND, "secretary")), SignatureBlock(form.write(KIND, "chair"))),
        mark=form.write(KIND, "draft"),
    )
    expect_true_sums(document)
    return document


async def _load_names(work: Work, vote: ListVote) -> Sequence[Person]:
    """The people who were voted, in the order of the list, for a reader who sees all of them; else nobody."""
    named = await votes.list_visible_names(work.session, work.actor, vote.id)
    if len(named) != vote.named:
        return []
    known = await people.map_visible_persons(work.session, work.actor, {row.person for row in named})
    voted = [known[row.person] for row in named if row.person in known]
    return voted if len(voted) == len(named) else []


def _build_opening(case: Case, form: DocumentForm) -> Iterator[Paragraph]:
    """When, where, how many, under whom."""
    conference, terms = case.conference, case.terms
    blank = form.write(KIND, "blank")
    schedule, planned = conference.schedule, conference.planned
    place = (schedule and schedule.place) or (planned and planned.place) or blank
    yield Paragraph(_write_time(conference.meeting, form), form.write(KIND, "time_lead"))
    yield Paragraph(place, form.write(KIND, "place_lead"))
    yield Paragraph(_write_attendance(case, form), form.write(KIND, "attended_lead"))
    chairs = "; ".join(terms.presidium.members) if terms.presidium else ""
    line = "presidium_of" if chairs else "presidium"
    yield Paragraph(form.write(KIND, line, members=chairs), form.write(KIND, "presidium_lead"))
    yield Paragraph(blank, form.write(KIND, "secretary_lead"))


def _write_time(meeting: Meeting | None, form: DocumentForm) -> str:
    """The days of the meeting with their halves; the hours are filled in by hand."""
    if meeting is None:
        return form.write(KIND, "no_day")
    first, last = write_day(meeting.first), write_day(meeting.last)
    half = form.write(KIND, meeting.starts or HalfDay.MORNING) if meeting.starts else ""
    if meeting.first == meeting.last:
        return form.write(KIND, "one_day", half=half, day=first).strip()
    return form.write(KIND, "days", first=first, last=last)


def _write_attendance(case: Case, form: DocumentForm) -> str:
    """How many attended, in all and of each group, as far as it was recorded."""
    meeting = case.conference.meeting
    if meeting is None or meeting.attended is None:
        return form.write(KIND, "not_counted")
    names = {group.id: group.name for group in case.terms.seat_groups}
    parts = [f"{names[group]}: {number}" for group, number in meeting.groups.items() if group in names]
    whole = form.write(KIND, "counted", attended=meeting.attended)
    return f"{whole} ({'; '.join(parts)})." if parts else f"{whole}."


def _build_agenda(case: Case, form: DocumentForm) -> Iterator[Block]:
    """The steps of the plan's agenda, each with a line to write on."""
    yield Paragraph(form.write(KIND, "agenda"), form="heading")
    for number, item in enumerate(case.terms.agenda, 1):
        yield Paragraph(item.text, f"{number}.")
        yield Paragraph(form.write(KIND, "line"))


def _build_vote(case: Case, vote: ListVote, named: Sequence[Person], form: DocumentForm) -> Iterator[Block]:
    """How a list was passed, and the names on it."""
    upper = next(each.name for each in case.plan.congresses if each.id == vote.upper_congress)
    tier = next((each.name for each in case.plan.tiers if each.id == vote.upper_tier), "")
    yield Paragraph(form.write(KIND, "vote_heading", upper=upper, tier=tier), form="heading")
    result = form.write(KIND, "passed" if vote.passed else "not_passed")
    numbers = {"present": vote.present, "in_favour": vote.in_favour, "named": vote.named, "result": result}
    yield Paragraph(form.write(KIND, "voted", **numbers), form.write(KIND, "voted_lead"))
    if named:
        yield _build_names(named, form)


def _build_names(named: Sequence[Person], form: DocumentForm) -> PrintedTable:
    columns = (
        Column(form.write(KIND, "number"), 15, "center"),
        Column(form.write(KIND, "name"), 100),
        Column(form.write(KIND, "birth_year"), 30, "center"),
    )
    table = TableBuilder(form.write(KIND, "name"), columns)
    for number, person in enumerate(named, 1):
        table.add(number, person.name, person.birth_year)
    return table.build()
