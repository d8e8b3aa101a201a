"""Erasure of a person: the key is destroyed, stored answers about them are emptied, the counts stay.

What the audit trail has about a person is sealed by their key, so its chains can still be verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from db import erasures, papers, snapshots
from db.people import Person
from db.session import set_actor
from domain.access import Actor
from domain.acts import Act
from domain.findings import Conflict, Plain
from service import people
from service.audit import record_event
from service.papers import destroy_paper
from service.work import Work

ErasureReason = Literal["request", "consent_withdrawn", "retention", "unlawful"]
"""Why: a request, consent withdrawn, the end of retention, or data that should not have been stored."""

BATCH_SIZE = 200
"""How many stored answers are opened at a time."""


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """The erased person, and how many stored answers were emptied."""

    person: UUID
    answers: int


async def erase_person(work: Work, person_id: UUID, reason: ErasureReason, source: str) -> ErasureResult:
    """Erase a person all of whose rows the actor reaches; ``source`` is the number of the paper.

    Raises ``NotFound``, and ``Conflict`` where a wider reach is needed, or they were erased.
    """
    person = await expect_full_reach(work, person_id)
    return ErasureResult(person.id, await erase_people(work, [person], reason, source))


async def expect_full_reach(work: Work, person_id: UUID) -> Person:
    """A person all of whose rows the actor reaches; from here on the session can read every row.

    The actor's authority is checked before anything beyond their own reach is read. Whom the actor's units
    sent to a council above is left to that council, whether or not it named the person itself: that the same
    refusal is given in both cases tells the actor nothing about its rows.
    """
    person = await people.get_person(work, person_id, lock=True)
    was_sent = await erasures.was_sent_beyond_reach(work.session, work.actor, person.id)
    await set_actor(work.session, Actor.for_service())
    if was_sent or await erasures.is_named_beyond_reach(work.session, work.actor, person.id):
        raise Conflict("person_needs_wider_reach")
    if person.erased_at is not None:
        raise Conflict("person_erased")
    return person


async def erase_people(work: Work, persons: Sequence[Person], reason: ErasureReason, source: str) -> int:
    """Erase people, in a session that can read every row; returns how many stored answers were emptied.

    The minutes and letters of lists that name them are destroyed with them: nothing can be cut out of a file.
    """
    marks = {person.id: await erasures.list_person_marks(work.session, person.id) for person in persons}
    emptied = await _empty_stored_answers(work, [mark for each in marks.values() for mark in each])
    changes: dict[str, Plain] = {"reason": reason, "source_document": source}
    for person, each in marks.items():
        await snapshots.delete_snapshot_keys(work.session, person)
        await erasures.erase_person(work.session, person, each)
        for paper in await papers.list_papers_about(work.session, person):
            await destroy_paper(work, paper, changes)
        await record_event(work, Act.PERSON_ERASED, "person", person, changes)
    return emptied


async def _empty_stored_answers(work: Work, marks: Sequence[str]) -> int:
    """Empty the stored answers about the marked people, and those that can no longer be opened."""
    wanted = [mark.encode() for mark in marks]
    place, emptied = ("", ""), 0
    while found := await erasures.page_answers(work.session, place, BATCH_SIZE):
        for row in found:
            content = work.vault.open_answer(row.answer or b"", f"{row.actor}\0{row.key}".encode())
            if content is None or any(mark in content for mark in wanted):
                await erasures.blank_answer(work.session, row.actor, row.key)
                emptied += 1
        place = found[-1].actor, found[-1].key
    return emptied
