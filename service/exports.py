"""All that is held of one person, as they may ask for it (Law 91/2025/QH15, Article 4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select

from db import people as rows
from db.audit import AuditEvent
from db.columns import is_among
from db.nominations import Invitation, Nomination
from db.people import Collective
from db.privacy import ReleasePerson
from db.selections import Delegate, SelectionPlace
from db.session import AsyncSession
from domain.findings import Plain
from service.audit import record_event
from service.erasures import expect_full_reach
from service.work import Work


async def export_person(work: Work, person_id: UUID, purpose: str) -> Mapping[str, Any]:
    """Everything: what was stated, sealed or not, every line that names the person, and every event about
    them, those included in which somebody was told what is sealed. Recorded before it is read."""
    person = await expect_full_reach(work, person_id)
    said: dict[str, Plain] = {"purpose": purpose}
    await record_event(work, "person_exported", "person", person.id, said)
    nominations = await _list_lines(work.session, Nomination, person.id)
    invitations = await _list_lines(work.session, Invitation, person.id)
    lines = [each["id"] for each in (*nominations, *invitations)]
    named = {each["collective"] for each in (*nominations, *invitations)} - {None}
    collectives = select(Collective).where(col(Collective.id).in_(named))
    outcomes = select(SelectionPlace).where(
        is_among(col(SelectionPlace.nomination), [UUID(each) for each in lines])
    )
    releases = select(ReleasePerson.release).where(col(ReleasePerson.person) == person.id)
    return {
        "person": _plain_row(person),
        "stated": dict((await rows.map_attributes_by_person(work.session, [person.id])).get(person.id, {})),
        "sealed": dict((await work.vault.open_attributes(work.session, [person.id])).get(person.id, {})),
        "nominations": nominations,
        "invitations": invitations,
        "collectives": [_plain_row(each) for each in await work.session.exec(collectives)],
        "outcomes": [_plain_row(each) for each in await work.session.exec(outcomes)],
        "delegacies": await _list_lines(work.session, Delegate, person.id),
        "releases": [str(each) for each in await work.session.exec(releases)],
        "events": await _list_events(work, person.id, [str(person.id), *lines]),
    }


async def _list_lines(
    session: AsyncSession, noun: type[Nomination | Invitation | Delegate], person: UUID
) -> list[dict[str, Any]]:
    query = select(noun).where(col(noun.person) == person).order_by(col(noun.id))
    return [_plain_row(each) for each in await session.exec(query)]


async def _list_events(work: Work, person: UUID, subjects: list[str]) -> list[dict[str, Any]]:
    """The audit trail about the person, with the reasons that were given; hashes are left to the trail."""
    query = select(AuditEvent).where(col(AuditEvent.subject).in_(subjects)).order_by(col(AuditEvent.at))
    told = []
    for event in await work.session.exec(query):
        changes = dict(event.changes)
        about = changes.get("before", str(person)) if "before" in changes else str(person)
        note = changes.pop("reason_sealed", None)
        if note is not None and about == str(person):
            changes["reason"] = await work.vault.open_note(work.session, person, note)
        told.append({"at": event.at.isoformat(), "act": event.act, "actor": event.actor, "changes": changes})
    return told


def _plain_row(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json")
