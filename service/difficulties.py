"""Difficulties of units with their conferences: raised, answered by the council above, closed."""

from uuid import UUID

from db import difficulties, papers
from db.cases import RowLock
from db.difficulties import Difficulty
from domain.access import build_forbidden
from domain.acts import Act
from domain.conferences import life
from domain.difficulties import DifficultyState, derive_next_state
from domain.findings import Finding, Invalid, NotFound, Plain
from service.audit import record_change, record_event
from service.conferences.case import act_for_lower_unit, build_case
from service.conferences.preparation import expect_council_above
from service.work import Case, Work


async def raise_difficulty(work: Work, case: Case, text: str, paper: UUID | None) -> Difficulty:
    """A unit says what is difficult about its conference; what tells of people is a ``paper`` of the unit.

    Raises ``Forbidden`` for an actor who may not act for the unit, ``Conflict`` for a conference that was
    cancelled or closed, ``Invalid`` for a paper that is not one of the unit.
    """
    conference = case.conference
    if not case.may_act:
        raise build_forbidden(work.actor.access)
    life.derive_next_state("raise", conference.state)
    if paper is not None:
        known = await papers.list_paper_ids(work.session, conference.congress, conference.unit, {paper})
        if paper not in known:
            raise Invalid("paper_not_found", errors=[Finding("paper_not_found", pointer="/paper")])
    row = Difficulty(
        conference=conference.id,
        state=DifficultyState.OPEN,
        text=text,
        paper=paper,
        raised_on=work.today,
        created_by=work.actor.id,
    )
    work.session.add(row)
    await work.session.flush()
    work = act_for_lower_unit(work, case.congress, conference.unit)
    changes: dict[str, Plain] = {"conference": str(conference.id)}
    await record_event(work, Act.DIFFICULTY_RAISED, "difficulty", row.id, changes, plan=case.chain)
    return row


async def get_difficulty(work: Work, id: UUID) -> Difficulty:  # noqa: A002
    """One difficulty within the actor's reach."""
    found = await difficulties.find_difficulty_case(work.session, work.actor, id)
    if found is None:
        raise NotFound("difficulty_not_found")
    return found[0]


async def lock_difficulty(work: Work, id: UUID) -> tuple[Case, Difficulty]:  # noqa: A002
    """As :func:`get_difficulty`, to act on it: its conference's state is locked first, then the row.

    Raises ``Forbidden`` for an actor who may see it but not act for the conference's unit.
    """
    session, actor = work.session, work.actor
    found = await difficulties.find_difficulty_case(session, actor, id, lock=RowLock.SHARE)
    row = None if found is None else await difficulties.lock_difficulty(session, actor, id)
    if found is None or row is None:
        raise NotFound("difficulty_not_found")
    case = build_case(work, found[1])
    if not case.may_act:
        raise build_forbidden(actor.access)
    return case, row


async def answer_difficulty(
    work: Work, case: Case, row: Difficulty, answer: str, document: str | None
) -> None:
    """The council above answers, perhaps by a letter. A unit does not answer its own difficulty."""
    expect_council_above(work, case, "answer_to_own_difficulty")
    row.state = derive_next_state("answer", row.state)
    row.answer, row.document, row.answered_on = answer, document, work.today
    changes: dict[str, Plain] = {"document": document}
    await record_change(work, row, Act.DIFFICULTY_ANSWERED, changes, chain=case.chain)


async def close_difficulty(work: Work, case: Case, row: Difficulty) -> None:
    """Nothing more is expected: it was settled, or is over."""
    row.state, row.closed_on = derive_next_state("close", row.state), work.today
    work = act_for_lower_unit(work, case.congress, case.conference.unit)
    await record_change(work, row, Act.DIFFICULTY_CLOSED, chain=case.chain)
