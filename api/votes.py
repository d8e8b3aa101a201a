"""Votes over HTTP: how a unit's conference passed its list of delegates for the level above."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.conferences import ReasonBody
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Code, Count, Date, Name, Uuid
from db import votes as rows
from db.votes import ListVote
from domain.access import Access
from domain.votes import UpperEvent, VoteFacts
from service import votes
from service.votes import ListVoteDescription, ListVoteEntry

router = Router(prefix="/list_votes", tags=["nominations"])

Names = Annotated[
    list[Uuid], Field(description="Nominations to the upper event, the first first.", max_length=2_000)
]


class ListVoteBody(Body):
    """How a unit's list for one upper event was passed: by its conference, or by its organ's letter."""

    model_config = build_sample(
        unit=SAMPLE_ID,
        upper_congress="soc-trang-v",
        upper_tier="province",
        own_conference=SAMPLE_ID,
        on="2020-05-20",
        present=120,
        in_favour=118,
    )

    unit: Uuid
    upper_congress: Code
    upper_tier: Code
    own_conference: Annotated[
        Uuid | None, Field(description="The unit's conference; left out for a letter.")
    ] = None
    source_document: Annotated[Name | None, Field(description="The letter, if there is no conference.")] = (
        None
    )
    on: Date
    present: Count | None = None
    in_favour: Count | None = None
    minutes: Annotated[Uuid | None, Field(description="The paper with the minutes or the letter.")] = None
    names: Names = Field(default_factory=list)

    def build_entry(self) -> ListVoteEntry:
        """The vote in the types of the rules."""
        return ListVoteEntry(
            self.unit,
            UpperEvent(self.upper_congress, self.upper_tier),
            VoteFacts(self.on, self.present, self.in_favour),
            self.own_conference,
            self.source_document,
            self.minutes,
            self.names,
        )


class ListNamesBody(Body):
    """Who is on a list."""

    model_config = build_sample(names=[SAMPLE_ID])

    names: Names


class ListVoteItem(TaggedAnswer):
    """How a unit's list for one upper event was passed."""

    id: UUID
    unit: UUID
    upper_congress: str
    upper_tier: str
    own_conference: UUID | None
    source_document: str | None
    on: date
    present: int | None
    in_favour: int | None
    passed: bool
    minutes: UUID | None
    named: int = Field(description="How many names the list has.")
    revoked_at: datetime | None
    created_at: datetime


class ListNameAnswer(Answer):
    """A name on a list, in its position."""

    position: int
    nomination: UUID


class ListVoteAnswer(ListVoteItem):
    """A vote, the names that the caller may see, and the findings."""

    revoked_reason: str | None = Field(description="Null for callers who may not read what is sealed.")
    names: list[ListNameAnswer]
    findings: list[FindingAnswer]


@router.post("", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True)
async def record_list_vote(body: ListVoteBody, call: CurrentCall) -> ListVoteAnswer:
    """Record how a unit's list for one upper event was passed. The upper conference need not be open. Refused
    before the unit's conference has met, for a second vote on the same event, and for more names than the
    unit may nominate (409); for numbers that cannot be right (422)."""
    described = await votes.record_list_vote(call.work, body.build_entry())
    call.set_location(f"/v1/list_votes/{described.vote.id}")
    return _build_tagged_vote(call, described)


@router.get("", access=Access.NOMINATIONS_READ)
async def list_list_votes(
    call: CurrentCall,
    paging: Paging,
    unit: Annotated[Uuid | None, Query()] = None,
    upper_congress: Annotated[Code | None, Query()] = None,
) -> Page[ListVoteItem]:
    """List the votes on lists, oldest first."""
    session, actor, after = call.work.session, call.work.actor, paging.after_id
    found = await rows.page_list_votes(
        session, actor, unit=unit, upper_congress=upper_congress, after=after, limit=paging.row_limit
    )
    return paging.build_page(found, lambda row: [str(row.id)], ListVoteItem.model_validate)


@router.get("/{list_vote_id}", access=Access.NOMINATIONS_READ, tagged=True)
async def read_list_vote(list_vote_id: Uuid, call: CurrentCall) -> ListVoteAnswer:
    """Read how a list was passed, with the names that the caller may see."""
    vote = await votes.get_list_vote(call.work, list_vote_id)
    return _build_tagged_vote(call, await votes.describe_list_vote(call.work, vote))


@router.post("/{list_vote_id}/names", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True)
async def name_list(list_vote_id: Uuid, body: ListNamesBody, call: CurrentChange) -> ListVoteAnswer:
    """Say who is on a list that was recorded without names. One that has names is refused (409)."""
    vote = await _lock_matching_vote(call, list_vote_id)
    return _build_tagged_vote(call, await votes.name_list(call.work, vote, body.names))


@router.post("/{list_vote_id}/revocation", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True)
async def revoke_list_vote(list_vote_id: Uuid, body: ReasonBody, call: CurrentChange) -> ListVoteAnswer:
    """Take back a vote that was recorded wrongly. It may then be recorded anew."""
    vote = await _lock_matching_vote(call, list_vote_id)
    return _build_tagged_vote(call, await votes.revoke_list_vote(call.work, vote, body.reason))


async def _lock_matching_vote(call: ChangeCall, list_vote_id: UUID) -> ListVote:
    vote = await votes.get_list_vote(call.work, list_vote_id, lock=True)
    call.expect_row(vote)
    return vote


def _build_tagged_vote(call: Call, described: ListVoteDescription) -> ListVoteAnswer:
    call.set_row_etag(described.vote)
    return ListVoteAnswer(
        **ListVoteItem.model_validate(described.vote).model_dump(),
        revoked_reason=described.reason,
        names=[ListNameAnswer.model_validate(each) for each in described.names],
        findings=translate_findings(described.findings, call.translator),
    )
