"""Check-in over HTTP: the lists at the door, what devices recorded, and the attendance that follows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.calls import CurrentCall
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Answer, Body, Moment, Name, Text, Uuid
from db.cases import RowLock
from db.check_ins import CheckIn
from domain.access import Access
from domain.conferences.check_ins import Arrival, Attendee, CheckInOutcome
from domain.plans.seats import CountsAs
from service import check_ins
from service.check_ins import AttendanceReport, CheckInResult, Undoing
from service.conferences.case import load_case
from service.work import Case

router = Router(prefix="/conferences/{conference_id}", tags=["conferences"])

_SAMPLE_MOMENT = "2020-10-02T07:31:05+07:00"


class ArrivalBody(Body):
    """Somebody who came: by the code on the invitation, or by name."""

    at: Annotated[Moment, Field(description="When the device recorded it; each of its records has its own.")]
    code: Name | None = None
    name: Name | None = None


class UndoingBody(Body):
    """A record that was a mistake."""

    device: Annotated[Name | None, Field(description="Default: the device that sends it.")] = None
    at: Moment
    reason: Text


class CheckInsBody(Body):
    """What one device recorded at the door, now or earlier."""

    model_config = build_sample(
        device="cua-1", arrivals=[{"at": _SAMPLE_MOMENT, "code": "7KQ2M-4XWZ9"}], undone=[]
    )

    device: Annotated[Name, Field(description="The name of the device, the same each time.")]
    arrivals: Annotated[list[ArrivalBody], Field(max_length=1_000)] = Field(default_factory=list)
    undone: Annotated[list[UndoingBody], Field(max_length=100)] = Field(default_factory=list)

    def list_arrivals(self) -> list[Arrival]:
        """The arrivals in the types of the rules."""
        return [Arrival(at=each.at, code=each.code, name=each.name) for each in self.arrivals]

    def list_undone(self) -> list[Undoing]:
        """What is undone, in the types of the use case."""
        return [Undoing(each.device or self.device, each.at, each.reason) for each in self.undone]


class AttendeeAnswer(Answer):
    """Somebody on the lists of a conference."""

    line: UUID = Field(description="The nomination, or the line of the organiser's list.")
    code: str = Field(description="The code on the invitation.")
    name: str
    group: str
    unit: UUID | None = Field(description="The unit that sent the person; null on the organiser's lists.")


class ArrivedAttendeeAnswer(AttendeeAnswer):
    """Somebody on the lists, and the first record that they came."""

    arrived_at: datetime | None
    device: str | None


class CheckInAnswer(Answer):
    """A record, and whom it is about."""

    at: datetime
    outcome: CheckInOutcome
    attendee: AttendeeAnswer


class GroupAttendanceAnswer(Answer):
    """Those of a seat group on the lists, those who came, and the number that the meeting states."""

    group: str
    name: str
    counts_as: CountsAs
    convened: int
    arrived: int
    attended: int | None


class UnitAttendanceAnswer(Answer):
    """The delegates of a unit on the list, and those who came."""

    unit: UUID
    convened: int
    arrived: int


class AttendanceAnswer(Answer):
    """Who came of those on the lists, beside what the meeting states."""

    convened: int
    arrived: int
    attended: int | None = Field(description="Everybody who attended, as the meeting states it.")
    groups: list[GroupAttendanceAnswer]
    units: list[UnitAttendanceAnswer]
    findings: list[FindingAnswer]


@router.get("/attendees", access=Access.NOMINATIONS_READ)
async def list_attendees(conference_id: Uuid, call: CurrentCall) -> list[ArrivedAttendeeAnswer]:
    """List who may come to a conference of the caller's own unit, by name, and who has come: accepted
    nominees, guests, and people by roll or office. A device searches the list itself: no address names a
    person."""
    case = await load_case(call.work, conference_id)
    return [_build_attendee(who, came) for who, came in await check_ins.list_attendees(call.work, case)]


@router.post("/check_ins", access=Access.NOMINATIONS_WRITE)
async def record_check_ins(conference_id: Uuid, body: CheckInsBody, call: CurrentCall) -> list[CheckInAnswer]:
    """Merge what a device recorded at the door, in any order and however late. A record that comes twice
    counts once. A person who is not on the lists, and a name that several have, are refused (422), and
    nothing is stored. A mistake is undone with its reason."""
    case = await load_case(call.work, conference_id, lock=RowLock.SHARE)
    arrivals, undone = body.list_arrivals(), body.list_undone()
    found = await check_ins.record_check_ins(call.work, case, body.device, arrivals, undone)
    return [_build_check_in(each) for each in found]


@router.get("/attendance", access=Access.CONFERENCES_READ)
async def read_attendance(conference_id: Uuid, call: CurrentCall) -> AttendanceAnswer:
    """Read how many of those on the lists came, by seat group and by unit, beside what the meeting states:
    the numbers of the report on delegates' standing. For the conference's unit and those above it."""
    case = await load_case(call.work, conference_id)
    return _build_attendance(call, case, await check_ins.count_attendance(call.work, case))


def _build_attendee(who: Attendee, came: CheckIn | None) -> ArrivedAttendeeAnswer:
    return ArrivedAttendeeAnswer(
        **_plain_attendee(who), arrived_at=came and came.at, device=came and came.device
    )


def _build_check_in(result: CheckInResult) -> CheckInAnswer:
    attendee = AttendeeAnswer(**_plain_attendee(result.attendee))
    return CheckInAnswer(at=result.at, outcome=result.outcome, attendee=attendee)


def _plain_attendee(who: Attendee) -> dict[str, object]:
    return {"line": who.line, "code": who.code, "name": who.name, "group": who.group, "unit": who.unit}


def _build_attendance(call: CurrentCall, case: Case, report: AttendanceReport) -> AttendanceAnswer:
    meeting = case.conference.meeting
    stated = {} if meeting is None else meeting.groups
    return AttendanceAnswer(
        convened=sum(each.convened for each in report.groups.values()),
        arrived=sum(each.arrived for each in report.groups.values()),
        attended=None if meeting is None else meeting.attended,
        groups=[
            GroupAttendanceAnswer(
                group=group.id,
                name=group.name,
                counts_as=group.counts_as,
                convened=report.groups[group.id].convened,
                arrived=report.groups[group.id].arrived,
                attended=stated.get(group.id),
            )
            for group in case.terms.seat_groups
        ],
        units=[
            UnitAttendanceAnswer(unit=unit, convened=each.convened, arrived=each.arrived)
            for unit, each in report.units.items()
        ],
        findings=translate_findings(report.findings, call.translator),
    )
