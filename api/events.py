"""Events over HTTP: what has happened in a plan, in parts or as it happens."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.http.event_streams import EVENT_STREAM, EventStreams
from api.http.limits import JSON
from api.http.negotiation import choose_media
from api.http.problems import Problem
from api.http.request_work import RequestTransactions, Transactions
from api.http.response_headers import is_head_request
from api.http.routes import Router, identify_caller
from api.http.types import Answer, Label, QueryCount
from db.events import FeedEvent
from domain.access import Access
from domain.acts import Act
from domain.events import EventSubject
from domain.findings import Refused
from service import events
from service.events import EventPart

router = Router(prefix="/events", tags=["events"])

_STREAM_RESPONSES: dict[int | str, Any] = {200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}}


class EventAnswer(Answer):
    """An act on a subject. What it changed is read from the subject."""

    n: int = Field(description="The number of the event in its chain.")
    at: datetime
    act: Act
    subject_kind: EventSubject
    subject: UUID
    path: str = Field(description="Where the subject is read.")


class EventsAnswer(Answer):
    """Events in the order of their numbers."""

    events: list[EventAnswer]
    after: int = Field(
        description="Send it as `after` to read what comes next; numbers between may be missing."
    )
    more: bool = Field(description="Whether there is more to read at once.")


Chain = Annotated[Label, Query(description="The id of a plan, or `house` for events about units.")]
After = Annotated[
    QueryCount, Query(description="The number after which to begin: `after` of the last answer.")
]
Limit = Annotated[QueryCount, Query(ge=1, le=200, description="The most events of an answer.")]
LastEventId = Annotated[
    str | None,
    Header(max_length=18, description="The `id` of the last event that a stream sent; in place of `after`."),
]


@dataclass(frozen=True, slots=True)
class Place:
    """A reader's place in a chain: after number ``after``, with at most ``limit`` events at a time."""

    chain: str
    after: int
    limit: int


def read_place(
    chain: Chain, after: After = 0, limit: Limit = 100, last_event_id: LastEventId = None
) -> Place:
    """The place at which the caller wants to go on reading."""
    last = last_event_id or ""
    return Place(chain, int(last) if last.isascii() and last.isdecimal() else after, limit)


@router.get(
    "", access=Access.SELF, transaction=False, responses=_STREAM_RESPONSES, offers=(JSON, EVENT_STREAM)
)
async def list_events(
    request: Request, transactions: Transactions, place: Annotated[Place, Depends(read_place)]
) -> EventsAnswer:
    """List what has happened in a plan, as far as you may read it, or follow it as it happens.

    With `Accept: text/event-stream` the answer is a stream of server-sent events. It ends with an event `end`
    when the credential or a role of the reader does, and after an hour. Drafts are never told.
    """
    async with transactions.begin_work(read_only=True) as work:
        part = await events.read_events(work, place.chain, after=place.after, limit=place.limit)
    if choose_media(request, (JSON, EVENT_STREAM)) == EVENT_STREAM:
        return _stream_events(request, transactions, place, part)  # type: ignore[return-value]  # sent as it is
    return _build_answer(part)


def _build_answer(part: EventPart) -> EventsAnswer:
    return EventsAnswer(events=[_build_event(each) for each in part.events], after=part.after, more=part.more)


def _build_event(event: FeedEvent) -> EventAnswer:
    return EventAnswer(
        n=event.n,
        at=event.at,
        act=Act(event.act),
        subject_kind=EventSubject(event.subject_kind),
        subject=event.subject,
        path=f"/v1/{event.subject_kind}s/{event.subject}",
    )


def _stream_events(
    request: Request, transactions: RequestTransactions, place: Place, first: EventPart
) -> Response:
    """The answer that goes on with the events after the first part."""
    streams: EventStreams = request.app.state.event_streams
    streams.expect_room(request.state.actor.id)
    if is_head_request(request):
        return Response(media_type=EVENT_STREAM)
    return StreamingResponse(_follow(request, transactions, place, first), media_type=EVENT_STREAM)


async def _follow(
    request: Request, transactions: RequestTransactions, place: Place, part: EventPart
) -> AsyncIterator[bytes]:
    streams: EventStreams = request.app.state.event_streams
    ends = time.monotonic() + streams.seconds
    with streams.count(request.state.actor.id):
        yield b"retry: 2000\n\n"
        while True:
            for line in _format_part(part):
                yield line
            if not part.more:
                await streams.wait_beyond(place.chain, part.after)
            if streams.ended.is_set() or time.monotonic() > ends:
                break
            try:
                part = await _read_again(request, transactions, place, part.after)
            except (Problem, Refused) as refusal:
                yield f'event: end\ndata: {{"code":"{refusal.code}"}}\n\n'.encode()
                break


def _format_part(part: EventPart) -> Iterator[bytes]:
    """The events as lines; without any, a comment, so that nobody between takes the connection for dead."""
    if not part.events:
        yield f"id: {part.after}\n: nothing new\n\n".encode()
    for each in part.events:
        yield f"id: {each.n}\nevent: {each.act}\ndata: {_build_event(each).model_dump_json()}\n\n".encode()


async def _read_again(
    request: Request, transactions: RequestTransactions, place: Place, after: int
) -> EventPart:
    """What has happened since, for the caller with the roles that the credential has now."""
    actor = await identify_caller(request)
    request.state.actor = actor.narrow_to_access(Access.SELF)
    async with transactions.begin_work(read_only=True) as work:
        return await events.read_events(work, place.chain, after=after, limit=place.limit)
