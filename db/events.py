"""Told events: read from the audit chains, for those who may read what they are about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, literal, text, true, union_all
from sqlalchemy import select as columns
from sqlmodel import col

from db.allocations import Allocation, is_own_allocation, is_visible_allocation
from db.audit import AuditHead
from db.conferences import Conference, is_visible_conference
from db.invitations import Invitation, is_visible_invitation
from db.nominations import Nomination, is_visible_nomination
from db.plans import PlanRow, is_visible_plan
from db.quotas import Quota, is_visible_quota
from db.reach import is_visible_unit
from db.selections import Selection, is_own_selection, is_visible_selection
from db.session import AsyncSession, fetch_rows
from db.units import Unit
from domain.access import Actor
from domain.events import FEED_ACTS, EventSubject

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An act on a subject: ``n`` is its number in the chain. What it changed is not told."""

    n: int
    at: datetime
    act: str
    subject_kind: str
    subject: UUID


async def list_head_numbers(session: AsyncSession, chains: Collection[str]) -> Mapping[str, int]:
    """Chain → the number of its last event; chains without events are left out.

    Whatever has a smaller number is committed: writers of a chain wait for each other.
    """
    query = columns(col(AuditHead.chain), col(AuditHead.n)).where(col(AuditHead.chain).in_(chains))
    return dict(await fetch_rows(session, query))


_LIST_EVENTS = text(
    "SELECT n, at, act, subject_kind, subject FROM list_feed_events(:chain, :after, :last, :most)"
)


async def list_feed_events(
    session: AsyncSession, chain: str, *, after: int, last: int, most: int
) -> Sequence[FeedEvent]:
    """At most ``most`` events of a chain that may be told to somebody, after ``after`` up to ``last``."""
    given = {"chain": chain, "after": after, "last": last, "most": most}
    return [FeedEvent(*row) for row in await fetch_rows(session, _LIST_EVENTS, given)]


async def find_readable_subjects(
    session: AsyncSession, actor: Actor, subjects: Mapping[EventSubject, Collection[UUID]]
) -> Mapping[tuple[str, UUID], bool]:
    """Those of the given subjects that the actor may read now, by kind and id.

    The value says whether the actor may also read versions of it that are not adopted.
    """
    parts = [_select_readable(actor, kind, ids) for kind, ids in subjects.items() if ids]
    if not parts:
        return {}
    rows = await fetch_rows(session, union_all(*parts) if len(parts) > 1 else parts[0])
    return {(kind, subject): unadopted for kind, subject, unadopted in rows}


def _select_readable(actor: Actor, kind: EventSubject, ids: Collection[UUID]) -> Select[Any]:
    key, visible, unadopted = _describe_subject(actor.narrow_to_access(FEED_ACTS[kind].access), kind)
    return columns(literal(kind.value, Text()), key, unadopted).where(key.in_(ids), visible)


def _describe_subject(actor: Actor, kind: EventSubject) -> tuple[Any, Condition, Condition]:
    """The id column of a kind, the condition for reading it, and for reading what is not adopted of it."""
    match kind:
        case EventSubject.PLAN:
            return col(PlanRow.id), is_visible_plan(actor), true()
        case EventSubject.UNIT:
            return col(Unit.id), is_visible_unit(actor, col(Unit.id)), true()
        case EventSubject.CONFERENCE:
            return col(Conference.id), is_visible_conference(actor), true()
        case EventSubject.QUOTA:
            return col(Quota.id), is_visible_quota(actor), true()
        case EventSubject.ALLOCATION:
            return col(Allocation.id), is_visible_allocation(actor), is_own_allocation(actor)
        case EventSubject.SELECTION:
            return col(Selection.id), is_visible_selection(actor), is_own_selection(actor)
        case EventSubject.NOMINATION:
            return col(Nomination.id), is_visible_nomination(actor), true()
        case EventSubject.INVITATION:
            return col(Invitation.id), is_visible_invitation(actor), true()
