"""The published format of a plan: its body in requests, files and the database."""

from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from domain import calendar
from domain.plans import definitions, plan
from service.formats.fields import CleanLine
from service.formats.plans.seats import PlanTies
from service.formats.plans.tiers import PlanTier, PlanWindow
from service.formats.plans.types import (
    Code,
    Count,
    Day,
    Flag,
    Id,
    Kind,
    LongText,
    Measure,
    Number,
    PlanPart,
    Text,
    Value,
    Year,
    convert_to_domain,
)


class PlanClause(PlanPart):
    """A place in the printed plan."""

    domain = plan.Clause

    id: Id
    label: Text
    quote: Text


class PlanDecision(PlanPart):
    """A decision that gives what the plan leaves open."""

    domain = plan.OrganDecision

    id: Id
    organ: Text
    statement: LongText
    number: Text | None = None
    date: Day | None = None
    made_up: Flag = False


class PlanKind(PlanPart):
    """A kind of unit that the reference list does not have."""

    domain = definitions.DefinedKind

    id: Kind
    name: Text


class PlanMeasure(PlanPart):
    """A figure of units that the reference list does not have."""

    domain = definitions.DefinedMeasure

    id: Measure
    name: Text


class PlanHonour(PlanPart):
    """A title or an award that the reference lists do not have."""

    domain = definitions.DefinedHonour

    name: Value
    kind: Literal["title", "award"] = "title"


class PlanAuthority(PlanPart):
    """Who issues the plan."""

    domain = plan.Authority

    name: Text
    unit: Code


class PlanSignature(PlanPart):
    """The name and office of the person who signs."""

    domain = plan.Signature

    capacity: Text | None = None
    position: Text
    clause: Id | None = None


class PlanPeriod(PlanPart):
    """Years to which the plan refers."""

    domain = plan.Period

    role: Literal["reviewed", "ahead", "previous", "stage"]
    start: Year
    end: Year
    clause: Id | None = None


class PlanLegalBasis(PlanPart):
    """A document on which the plan is based."""

    domain = plan.LegalBasis

    id: Id
    name: LongText
    number: Text | None = None
    date: Day | None = None
    organ: Text | None = None
    clause: Id | None = None


class PlanCongress(PlanPart):
    """The congress a chain of conferences leads to."""

    domain = plan.CongressTerms

    id: Id
    name: Text
    unit: Code
    ordinal: Text | None = None
    superiors: tuple[Id, ...] = ()
    clause: Id | None = None


class PlanInstrument(PlanPart):
    """One of the documents that govern a congress chain."""

    domain = plan.Instrument

    id: Id
    name: LongText
    congresses: Annotated[tuple[Id, ...], Field(min_length=1)]
    standing: Literal["this", "above", "later"]
    number: Text | None = None
    date: Day | None = None
    clause: Id | None = None


class PlanPilotUnit(PlanPart):
    """A named pilot."""

    domain = plan.PilotUnit

    unit: Code
    name: Text
    tier: Id


class PlanPilots(PlanPart):
    """Units that go first so that others learn."""

    domain = plan.Pilots

    units: tuple[PlanPilotUnit, ...] = ()
    window: PlanWindow | None = None
    peers_invited: Flag = False
    peers_clause: Id | None = None
    approved_by: Text | None = None
    approval_clause: Id | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanWorkingDays(PlanPart):
    """Which days offices work, and what becomes of a due date on another day."""

    domain = calendar.WorkingDays

    roll: calendar.RollRule = "keep"
    rest: Annotated[tuple[Annotated[Number, Field(le=7)], ...], Field(max_length=6)] = calendar.WEEKEND
    holidays: Annotated[
        tuple[Day, ...] | None,
        Field(max_length=1000, description="Single days off; left out: the country's public holidays."),
    ] = None
    worked: Annotated[
        tuple[Day, ...] | None,
        Field(max_length=1000, description="Rest days that are worked; left out: those the country swaps."),
    ] = None
    clause: Id | None = None
    decision: Id | None = None


class PlanDue(PlanPart):
    """When something is due: one of a date, a time after the conference, or as planned."""

    domain = calendar.Due

    date: Day | None = None
    inclusive: Flag = True
    days_after: Annotated[Count, Field(le=3660)] | None = None
    reading: Literal["within", "not_before", "open"] = "within"
    as_planned: Flag = False


class PlanDeadline(PlanPart):
    """What is due, from which organ and to which."""

    domain = plan.Deadline

    id: Id
    name: LongText
    what: Literal["plan", "report", "registration"]
    due: PlanDue
    recipient: Text
    documents: tuple[LongText, ...] = ()
    via: Text | None = None
    tiers: tuple[Id, ...] = ()
    pilots_only: Flag = False
    lists_achievements: Flag = False
    clause: Id | None = None
    decision: Id | None = None


class PlanReceivedQuota(PlanPart):
    """Seats at a congress that come from above."""

    domain = plan.ReceivedQuota

    id: Id
    tier: Id
    group: Id
    unit: Code
    seats: Count | None = None
    conditions: LongText | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanPresidium(PlanPart):
    """The people who chair, and their number."""

    domain = plan.Presidium

    least: Number
    most: Number
    approximate: Flag = False
    members: tuple[Text, ...] = ()
    clause: Id | None = None
    members_clause: Id | None = None
    decision: Id | None = None


class PlanCommittee(PlanPart):
    """An organising committee with its subcommittees."""

    domain = plan.Committee

    id: Id
    name: Text
    subcommittees: tuple[Text, ...] = ()
    founded_by: Text | None = None
    tiers: tuple[Id, ...] = ()
    clause: Id | None = None
    decision: Id | None = None


class PlanAgendaItem(PlanPart):
    """A step of a conference; without a text it is the clause's quote."""

    domain = plan.AgendaItem

    text: LongText | None = None
    adopts_delegates: Flag = False
    clause: Id | None = None
    decision: Id | None = None


class PlanReportPart(PlanPart):
    """A part that the closing report must have; without a text it is the clause's quote."""

    domain = plan.ReportPart

    text: LongText | None = None
    section: Text | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanCommendation(PlanPart):
    """The organ that commends exemplars, the organ that proposes them, and the order."""

    domain = plan.Commendation

    decided_by: Text
    proposed_by: Text | None = None
    favours: tuple[LongText, ...] = ()
    clause: Id | None = None
    decision: Id | None = None


class PlanDuty(PlanPart):
    """A task the plan gives to an organ."""

    domain = plan.Duty

    organ: LongText
    role: (
        Literal["standing_council", "drafts_allocation", "vets_budget", "informs", "supports", "organises"]
        | None
    ) = None
    clause: Id | None = None
    decision: Id | None = None


class PlanBody(PlanPart):
    """A plan of an Emulation Council as data: typed rules, and every clause with its id and a short quote."""

    domain = plan.Plan

    format: Annotated[int, Strict(), Field(ge=1, le=1, description="Version of this format.")]
    id: Id
    title: LongText
    authority: PlanAuthority
    number: Text | None = None
    date: Day | None = None
    place: Text | None = None
    expires: Day | None = None
    signature: PlanSignature | None = None
    periods: tuple[PlanPeriod, ...] = ()
    legal_bases: tuple[PlanLegalBasis, ...] = ()
    congresses: Annotated[tuple[PlanCongress, ...], Field(min_length=1, max_length=50)]
    instruments: tuple[PlanInstrument, ...] = ()
    decisions: Annotated[tuple[PlanDecision, ...], Field(max_length=500)] = ()
    clauses: Annotated[tuple[PlanClause, ...], Field(min_length=1, max_length=2000)]
    kinds: Annotated[tuple[PlanKind, ...], Field(max_length=200)] = ()
    measures: Annotated[tuple[PlanMeasure, ...], Field(max_length=200)] = ()
    honours: Annotated[tuple[PlanHonour, ...], Field(max_length=200)] = ()
    working_days: PlanWorkingDays = Field(default_factory=PlanWorkingDays)
    tiers: Annotated[tuple[PlanTier, ...], Field(min_length=1, max_length=50)]
    pilots: PlanPilots | None = None
    deadlines: tuple[PlanDeadline, ...] = ()
    quotas: tuple[PlanReceivedQuota, ...] = ()
    ties: PlanTies = Field(default_factory=PlanTies)
    four_eyes: Annotated[
        Literal["person", "document"],
        Field(description="Who is the second to look before an allocation is adopted."),
    ] = "person"
    presidium: PlanPresidium | None = None
    committees: tuple[PlanCommittee, ...] = ()
    agenda: tuple[PlanAgendaItem, ...] = ()
    report: tuple[PlanReportPart, ...] = ()
    commendation: tuple[PlanCommendation, ...] = ()
    duties: tuple[PlanDuty, ...] = ()
    recipients: tuple[LongText, ...] = ()

    def to_domain(self) -> plan.Plan:
        """The plan in the types of the rules; items without a text get their clause's quote."""
        quotes = {clause.id: clause.quote for clause in self.clauses}
        values: dict[str, Any] = {
            name: convert_to_domain(getattr(self, name)) for name in type(self).model_fields
        }
        for name, kind in (("agenda", plan.AgendaItem), ("report", plan.ReportPart)):
            values[name] = tuple(_fill_item_text(kind, item, quotes) for item in getattr(self, name))
        values.pop("format")
        return plan.Plan(**values)


class PlanReason(PlanPart):
    """Why a plan is amended."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500), CleanLine]


class PlanAmendmentBody(PlanBody, PlanReason):
    """A new version of a plan: its whole text, and beside its fields the reason for it."""


def _fill_item_text(kind: type[Any], item: PlanAgendaItem | PlanReportPart, quotes: dict[str, str]) -> Any:
    values = {name: getattr(item, name) for name in type(item).model_fields}
    values["text"] = item.text or quotes.get(item.clause or "", "")
    return kind(**values)
