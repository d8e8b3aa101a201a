"""Telling of events: the acts in a plan's audit chain, as far as a reader may read what they are about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import audit, events, plans
from db.events import FeedEvent
from db.session import AsyncSession
from domain.access import Access
from domain.acts import Act
from domain.events import EventSubject, belongs_in_feed
from domain.findings import NotFound
from service.work import Work

EVENTS_AT_ONCE = 500
"""How many events are read before those within the reader's reach are chosen."""

MOST_ROUNDS = 10
"""After so many readings an answer is given, though it may have fewer events than it could."""


@dataclass(frozen=True, slots=True)
class EventPart:
    """Events of a chain in order, for one reader.

    ``after`` is the number up to which the chain was read: the next part begins after it, also where no event
    could be told. ``more``: whether the chain went on when this was read.
    """

    events: Sequence[FeedEvent]
    after: int
    more: bool


async def read_events(work: Work, chain: str, *, after: int, limit: int) -> EventPart:
    """At most ``limit`` events of a chain after number ``after``, about what the actor may read.

    Raises ``NotFound`` (``plan_not_found``) for the chain of a plan out of reach.
    """
    await _expect_readable_chain(work, chain)
    last = (await events.list_head_numbers(work.session, [chain])).get(chain, 0)
    told: list[FeedEvent] = []
    for _ in range(MOST_ROUNDS):
        found = await events.list_feed_events(
            work.session, chain, after=after, last=last, most=EVENTS_AT_ONCE
        )
        within = await _keep_readable(work, found)
        if len(told) + len(within) > limit:
            told += within[: limit - len(told)]
            return EventPart(told, told[-1].n, more=True)
        told += within
        if len(found) < EVENTS_AT_ONCE:
            return EventPart(told, max(after, last), more=False)
        after = found[-1].n
    return EventPart(told, after, more=True)


async def _expect_readable_chain(work: Work, chain: str) -> None:
    """The chain of the service is told to everybody: of it, what is about units within reach."""
    if chain == audit.SERVICE_CHAIN:
        return
    try:
        plan = UUID(chain)
    except ValueError:
        raise NotFound("plan_not_found") from None
    reader = work.actor.narrow_to_access(Access.PLANS_READ)
    if not reader.grants or await plans.find_plan(work.session, reader, plan) is None:
        raise NotFound("plan_not_found")


async def _keep_readable(work: Work, found: Sequence[FeedEvent]) -> list[FeedEvent]:
    subjects: dict[EventSubject, set[UUID]] = {}
    for each in found:
        subjects.setdefault(EventSubject(each.subject_kind), set()).add(each.subject)
    readable = await events.find_readable_subjects(work.session, work.actor, subjects)
    return [each for each in found if _belongs_in_feed(each, readable)]


def _belongs_in_feed(event: FeedEvent, readable: Mapping[tuple[str, UUID], bool]) -> bool:
    unadopted = readable.get((event.subject_kind, event.subject))
    return unadopted is not None and belongs_in_feed(
        EventSubject(event.subject_kind), Act(event.act), reads_unadopted=unadopted
    )


async def list_head_numbers(session: AsyncSession, chains: Collection[str]) -> Mapping[str, int]:
    """Chain → the number of its last event."""
    return await events.list_head_numbers(session, chains)
