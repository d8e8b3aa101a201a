"""All data about one person, which they may ask for (Law 91/2025/QH15, Article 4)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from db import exports
from db.audit import AuditEvent
from db.exemplars import Exemplar
from db.invitations import Invitation
from db.nominations import Nomination
from db.people import map_attributes_by_person
from db.selections import Delegate
from domain.acts import Act
from domain.findings import Conflict, Finding
from service.audit import record_event
from service.erasures import expect_full_reach
from service.sealed_attributes import open_attributes, open_notes
from service.votes import open_vote_reason
from service.work import Work

OWN_REQUEST = "data-subject-request"
"""The purpose of an export that the person asked for: it is theirs by law, whatever they were told."""


async def export_person(work: Work, person_id: UUID, purpose: str) -> Mapping[str, Any]:
    """All attributes, sealed or not, all rows that name the person, and all events about them, disclosures
    included. The export is recorded before the data is read. ``findings`` are about what cannot be opened.

    Raises ``Conflict`` for a purpose that is neither :data:`OWN_REQUEST` nor in a notice to the person.
    """
    person = await expect_full_reach(work, person_id)
    session = work.session
    nominations = await exports.list_person_lines(session, Nomination, person.id)
    invitations = await exports.list_person_lines(session, Invitation, person.id)
    honoured = await exports.list_person_lines(session, Exemplar, person.id)
    told = {
        *(row.purpose for row in nominations),
        *(row.purpose for row in invitations),
        *(row.purpose for row in honoured),
    }
    _expect_known_purpose(purpose, told)
    await record_event(work, Act.PERSON_EXPORTED, "person", person.id, {"purpose": purpose})
    lines = [*(row.id for row in nominations), *(row.id for row in invitations)]
    named = [*(row.collective for row in nominations), *(row.collective for row in invitations)]
    subjects = [str(each) for each in (person.id, *lines, *(row.id for row in honoured))]
    opened = await open_attributes(work, [person.id])
    events = await exports.list_subject_events(session, subjects)
    notes = await open_notes(work, _list_notes(person.id, events))
    return {
        "person": exports.plain_row(person),
        "stated": dict((await map_attributes_by_person(session, [person.id])).get(person.id, {})),
        "sealed": dict(opened.get_values(person.id)),
        "nominations": _plain_rows(nominations),
        "invitations": _plain_rows(invitations),
        "exemplars": _plain_rows(honoured),
        "collectives": _plain_rows(await exports.list_collectives(session, {one for one in named if one})),
        "outcomes": _plain_rows(await exports.list_outcomes(session, lines)),
        "check_ins": _plain_rows(await exports.list_arrivals(session, lines)),
        "list_votes": [
            {
                **exports.plain_row(vote),
                **exports.plain_row(name),
                "revoked_reason": (await open_vote_reason(work, vote))[0],
            }
            for name, vote in await exports.list_votes_on(session, person.id)
        ],
        "delegacies": _plain_rows(await exports.list_person_lines(session, Delegate, person.id)),
        "releases": [str(each) for each in await exports.list_person_releases(session, person.id)],
        "events": [_describe_event(event, notes.texts.get(event.id)) for event in events],
        "findings": [*opened.list_findings(), *notes.findings],
    }


def _expect_known_purpose(purpose: str, told: Collection[str]) -> None:
    if purpose != OWN_REQUEST and purpose not in told:
        raise Conflict("purpose_not_told", errors=[Finding("purpose_not_told", {}, "/purpose")])


def _plain_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [exports.plain_row(row) for row in rows]


def _list_notes(person: UUID, events: Sequence[AuditEvent]) -> dict[UUID, tuple[UUID, str]]:
    """Event → the reason in it that is sealed by the person's own key."""
    found = {}
    for event in events:
        about = event.changes.get("before") or event.changes.get("person") or str(person)
        if about == str(person) and (note := event.changes.get("reason_sealed")):
            found[event.id] = (person, str(note))
    return found


def _describe_event(event: AuditEvent, reason: str | None) -> dict[str, Any]:
    """An event about the person, with its reason but without hashes."""
    changes = {name: value for name, value in event.changes.items() if name != "reason_sealed"}
    if reason is not None:
        changes["reason"] = reason
    return {"at": event.at.isoformat(), "act": event.act, "actor": event.actor, "changes": changes}
