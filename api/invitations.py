"""The organiser's lists over HTTP: people with a seat by office, from a roll or by invitation; replies."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, PageRequest, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Body, Code, Date, Name, Text, Uuid
from api.nominations.answers import DisclosureAnswer, DisclosureBody, HonourAnswer, HonourBody
from api.people.answers import PersonAnswer, PersonBody, build_person_answer
from db.cases import RowLock
from db.invitations import Invitation
from db.people import Person, map_persons_by_id
from domain.access import Access
from domain.findings import Finding
from domain.nominations import InvitationReply
from service import disclosures, invitations, people
from service.conferences.case import load_case
from service.invitations import InvitationEntry
from service.work import Case

router = Router(tags=["invitations"])


class CollectiveBody(Body):
    """A collective of a unit."""

    unit: Uuid
    name: Name


class InvitationBody(Body):
    """A new person (`person`) or one in the service already (`person_id`) for the organiser's list."""

    model_config = build_sample(
        group="khach-moi",
        basis="Báo Sóc Trăng",
        person={"name": "Người Thử Nghiệm Một", "birth_year": 1980},
        notice="2020-01",
        purpose="delegate-selection",
    )

    group: Code
    basis: Annotated[Name, Field(description="The office, the roll, or the organ that proposed the person.")]
    person: PersonBody | None = None
    person_id: Uuid | None = None
    other_offices: Annotated[
        list[Name], Field(default_factory=list, max_length=20, description="Offices that are held as well.")
    ]
    honours: Annotated[list[HonourBody], Field(default_factory=list, max_length=100)]
    collective: Annotated[CollectiveBody | None, Field(description="Whom the person represents.")] = None
    notice: Annotated[Code, Field(description="The version of the privacy notice that the person received.")]
    purpose: Annotated[Code, Field(description="The purpose for which the data is used.")]

    def build_entry(self) -> InvitationEntry:
        """Build the entry for the service."""
        return InvitationEntry(
            group=self.group,
            basis=self.basis,
            notice=self.notice,
            purpose=self.purpose,
            person=self.person_id,
            stated=None if self.person is None else self.person.build_person(),
            other_offices=self.other_offices,
            honours=tuple(each.build_honour() for each in self.honours),
            collective=None if self.collective is None else (self.collective.unit, self.collective.name),
        )


class ReplyBody(Body):
    """What happened to an invitation, and on which day."""

    model_config = build_sample(reply="invited", on="2020-07-01")

    reply: Literal[
        InvitationReply.INVITED, InvitationReply.ACCEPTED, InvitationReply.DECLINED, InvitationReply.REMOVED
    ]
    on: Date
    reason: Annotated[
        Text | None, Field(description="The reason; required for `removed` (a person listed by mistake).")
    ] = None


class InvitationAnswer(TaggedAnswer):
    """An entry of the organiser's list."""

    id: UUID
    conference: UUID
    group: str
    person: PersonAnswer
    collective: UUID | None
    basis: str
    offices: list[str]
    honours: list[HonourAnswer]
    reply: InvitationReply
    invited_on: date | None
    replied_on: date | None
    reason: str | None = Field(description="Why the entry was removed.")
    notice: str
    purpose: str
    created_at: datetime
    findings: list[FindingAnswer]


@router.post(
    "/conferences/{conference_id}/invitations", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def list_guest(conference_id: Uuid, body: InvitationBody, call: CurrentCall) -> InvitationAnswer:
    """Add a person to the organiser's list of a seat group. A group filled by units, and an office that
    the plan does not name, are refused (422); so are more holders of an office than there are (409)."""
    case = await load_case(call.work, conference_id, lock=RowLock.SHARE)
    row, person = await invitations.add_invitation(call.work, case, body.build_entry())
    call.set_location(f"/v1/invitations/{row.id}")
    return await _build_tagged_invitation(call, case, row, person)


@router.get("/conferences/{conference_id}/invitations", access=Access.NOMINATIONS_READ)
async def list_invitations(
    conference_id: Uuid, call: CurrentCall, paging: Paging, group: Annotated[Code | None, Query()] = None
) -> Page[InvitationAnswer]:
    """List the entries of the organiser's lists of a conference, oldest first."""
    case = await load_case(call.work, conference_id)
    rows = await invitations.page_invitations(
        call.work, case, group=group, after=paging.after_id, limit=paging.row_limit
    )
    return await _build_invitation_page(call, case, paging, rows)


@router.get("/invitations/{invitation_id}", access=Access.NOMINATIONS_READ, tagged=True)
async def read_invitation(invitation_id: Uuid, call: CurrentCall) -> InvitationAnswer:
    """Read an entry of the organiser's list."""
    case, row = await invitations.load_invitation(call.work, invitation_id)
    return await _build_tagged_invitation(call, case, row, await people.get_person(call.work, row.person))


@router.post(
    "/invitations/{invitation_id}/reply", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def record_reply(invitation_id: Uuid, body: ReplyBody, call: CurrentChange) -> InvitationAnswer:
    """Record an invitation, a reply, or the removal of a person listed by mistake. A step that does not fit
    the present reply is refused (409)."""
    case, row = await invitations.lock_invitation(call.work, invitation_id)
    call.expect_row(row)
    await invitations.update_reply(call.work, case, row, body.reply, body.on, body.reason)
    return await _build_tagged_invitation(call, case, row, await people.get_person(call.work, row.person))


@router.post("/invitations/{invitation_id}/disclosure", access=Access.PERSONAL_READ, keyed=False)
async def disclose_guest(invitation_id: Uuid, body: DisclosureBody, call: CurrentCall) -> DisclosureAnswer:
    """Read sealed attributes of a person on the organiser's list. Every reading is recorded. Refused if the
    person declined or was removed (409). The answer is not stored."""
    case, row = await invitations.load_invitation(call.work, invitation_id)
    names = tuple(dict.fromkeys(body.attributes))
    values = await disclosures.disclose_invitee(call.work, case, row, body.purpose, names)
    return DisclosureAnswer(person=row.person, purpose=body.purpose, attributes=dict(values))


async def _build_invitation_page(
    call: Call, case: Case, paging: PageRequest, rows: Sequence[Invitation]
) -> Page[InvitationAnswer]:
    persons = await map_persons_by_id(call.work.session, {row.person for row in rows})
    found = await invitations.check_invitations(call.work, case, rows)
    return paging.build_page(
        rows,
        lambda row: [str(row.id)],
        lambda row: _build_invitation_answer(call, row, persons[row.person], found[row.id]),
    )


async def _build_tagged_invitation(
    call: Call, case: Case, row: Invitation, person: Person
) -> InvitationAnswer:
    call.set_row_etag(row)
    found = await invitations.check_invitations(call.work, case, [row])
    return _build_invitation_answer(call, row, person, found[row.id])


def _build_invitation_answer(
    call: Call, row: Invitation, person: Person, found: Sequence[Finding]
) -> InvitationAnswer:
    return InvitationAnswer(
        **row.model_dump(exclude={"version", "person", "honours"}),
        etag=compute_row_etag(row.id, row.version),
        person=build_person_answer(person),
        honours=[HonourAnswer.model_validate(each) for each in row.honours],
        findings=translate_findings(found, call.translator),
    )
