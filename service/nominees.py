"""The nominee of a nomination: who is entered with it, and what a draft states."""

from dataclasses import dataclass, field
from uuid import UUID

from db import nominations
from db import people as people_rows
from db.audit import AuditEvent
from db.nominations import Nomination
from domain.findings import Conflict, Finding
from domain.nominations import Honour, expect_one_person
from service import people
from service.people import PersonEntry
from service.work import Work


@dataclass(frozen=True, slots=True)
class NominationDraft:
    """A unit's data about its nominee. Either ``person``, who is known, or ``stated``, for a new person.

    ``notice`` is the version of the privacy notice that the person received, ``purpose`` the use of the data,
    ``source_document`` the unit's document where another unit enters it.
    """

    group: str
    notice: str
    purpose: str
    person: UUID | None = None
    stated: PersonEntry | None = None
    collective: str | None = None
    rank: int | None = None
    merit: str | None = None
    achievements: str | None = None
    honours: tuple[Honour, ...] = field(default=())
    source_document: str | None = None


async def get_or_enter_person(work: Work, draft: NominationDraft) -> tuple[UUID, list[AuditEvent]]:
    """The nominee; for a new person also the event of the entry, to be recorded with the draft."""
    expect_one_person(draft.person, draft.stated)
    if draft.stated is not None:
        entered = (await people.store_person(work, draft.stated)).id
        return entered, [people.build_entry_event(work, entered)]
    return (await people.get_named_person(work, draft.person)).id, []


async def amend_nominee(work: Work, nomination: Nomination, stated: PersonEntry) -> None:
    """Change what is stated of the nominee, where the person was entered with this nomination.

    Where others have seen or named the person, as far as the actor sees it, corrections are taken, and nobody
    else is put in their place. What the actor does not see plays no part: no refusal tells of it.
    """
    person = await people.get_person(work, nomination.person, lock=True)
    if not nomination.entered:
        raise Conflict("person_shared", errors=[Finding("person_shared", {}, "/person")])
    may_open = await nominations.has_sealed_access(work.session, work.actor, nomination.id)
    seen = nomination.submitted_at, nomination.source_document, nomination.named_by_unit
    was_shown = any(each is not None for each in seen) or await people_rows.is_named_elsewhere(
        work.session, work.actor, person.id, nomination.id
    )
    await people.amend_person(work, person, stated, may_open=may_open, was_shown=was_shown)


async def apply_draft(work: Work, nomination: Nomination, draft: NominationDraft) -> None:
    """Put what a draft states into its nomination; a collective is entered at its first use."""
    collective = None
    if draft.collective is not None:
        collective = await people.get_or_enter_collective(work, nomination.unit, draft.collective)
    nomination.collective = collective
    if nomination.group != draft.group:  # a returned nomination still has the old group's quota
        nomination.group, nomination.quota = draft.group, None
    nomination.rank, nomination.merit, nomination.achievements = draft.rank, draft.merit, draft.achievements
    nomination.honours = draft.honours
    nomination.notice, nomination.purpose = draft.notice, draft.purpose
    nomination.source_document = draft.source_document
