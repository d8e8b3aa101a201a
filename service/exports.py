"""All data about one person, which they may ask for (Law 91/2025/QH15, Article 4)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from db import exports
from db.audit import AuditEvent
from db.nominations import Invitation, Nomination
from db.people import map_attributes_by_person
from db.selections import Delegate
from domain.acts import Act
from service.audit import record_event
from service.erasures import expect_full_reach
from service.sealed_attributes import open_attributes, open_note
from service.work import Work


async def export_person(work: Work, person_id: UUID, purpose: str) -> Mapping[str, Any]:
    """All attributes, sealed or not, all rows that name the person, and all events about them, disclosures
    included. The export is recorded before the data is read."""
    person = await expect_full_reach(work, person_id)
    await record_event(work, Act.PERSON_EXPORTED, "person", person.id, {"purpose": purpose})
    session = work.session
    nominations = await exports.list_person_lines(session, Nomination, person.id)
    invitations = await exports.list_person_lines(session, Invitation, person.id)
    lines = [*(row.id for row in nominations), *(row.id for row in invitations)]
    named = [*(row.collective for row in nominations), *(row.collective for row in invitations)]
    subjects = [str(each) for each in (person.id, *lines)]
    return {
        "person": exports.plain_row(person),
        "stated": dict((await map_attributes_by_person(session, [person.id])).get(person.id, {})),
        "sealed": dict((await open_attributes(work, [person.id])).get(person.id, {})),
        "nominations": _plain_rows(nominations),
        "invitations": _plain_rows(invitations),
        "collectives": _plain_rows(await exports.list_collectives(session, {one for one in named if one})),
        "outcomes": _plain_rows(await exports.list_outcomes(session, lines)),
        "delegacies": _plain_rows(await exports.list_person_lines(session, Delegate, person.id)),
        "releases": [str(each) for each in await exports.list_person_releases(session, person.id)],
        "events": [
            await _describe_event(work, person.id, event)
            for event in await exports.list_subject_events(session, subjects)
        ],
    }


def _plain_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [exports.plain_row(row) for row in rows]


async def _describe_event(work: Work, person: UUID, event: AuditEvent) -> dict[str, Any]:
    """An event about the person, with its reason but without hashes."""
    changes = dict(event.changes)
    about = changes.get("before") or changes.get("person") or str(person)
    note = changes.pop("reason_sealed", None)
    if note is not None and about == str(person):
        changes["reason"] = await open_note(work, person, note)
    return {"at": event.at.isoformat(), "act": event.act, "actor": event.actor, "changes": changes}
