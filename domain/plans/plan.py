"""A plan: what an Emulation Council published, clause by clause, as data."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from domain.calendar import Due, Window, WorkingDays
from domain.plans.seats import Ties
from domain.plans.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A place in the printed plan: our ``id``, the printed ``label`` (it may come twice), a short quote."""

    id: str
    label: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganDecision:
    """A decision that gives what the plan leaves open. ``made_up`` ones are for examples and say so."""

    id: str
    organ: str
    statement: str
    number: str | None = None
    date: dt.date | None = None
    made_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who issues the plan; ``unit`` is its code."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """In whose name and office it is signed; the person is not needed."""

    capacity: str | None = None
    position: str
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Years the plan speaks of: ``reviewed``, ``ahead``, ``previous``, or printed on the ``stage``."""

    role: Literal["reviewed", "ahead", "previous", "stage"]
    start: int
    end: int
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """A document the plan rests on."""

    id: str
    name: str
    number: str | None = None
    date: dt.date | None = None
    organ: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CongressTerms:
    """The congress a chain of conferences leads to, held by ``unit``; ``superiors`` are those above."""

    id: str
    name: str
    unit: str
    ordinal: str | None = None
    superiors: tuple[str, ...] = ()
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One of the documents that govern a congress chain.

    ``this`` plan, one from ``above``, or a ``later`` one ("Có kế hoạch cụ thể sau").
    """

    id: str
    name: str
    congresses: tuple[str, ...]
    standing: Literal["this", "above", "later"]
    number: str | None = None
    date: dt.date | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotUnit:
    """A named pilot and the tier it confers at."""

    unit: str
    name: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilots:
    """Units that go first so that others learn; an empty ``units`` means there are some, unnamed."""

    units: tuple[PilotUnit, ...] = ()
    window: Window | None = None
    peers_invited: bool = False
    peers_clause: str | None = None
    approved_by: str | None = None
    approval_clause: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What is due from whom, to whom; empty ``tiers`` means all of them."""

    id: str
    name: str
    what: Literal["plan", "report", "registration"]
    due: Due
    recipient: str
    documents: tuple[str, ...] = ()
    via: str | None = None
    tiers: tuple[str, ...] = ()
    pilots_only: bool = False
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """A step of a conference; ``adopts_delegates`` marks the vote on the list for the level above."""

    text: str
    adopts_delegates: bool = False
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """A part the closing report must hold."""

    text: str
    section: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presidium:
    """Who chairs, and how many ("khoảng từ 05 - 09 người")."""

    least: int
    most: int
    approximate: bool = False
    members: tuple[str, ...] = ()
    clause: str | None = None
    members_clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """An organising committee with its subcommittees; empty ``tiers`` means at every tier."""

    id: str
    name: str
    subcommittees: tuple[str, ...] = ()
    founded_by: str | None = None
    tiers: tuple[str, ...] = ()
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A task the plan gives to an organ; ``role`` names those the service knows."""

    organ: str
    role: (
        Literal["standing_council", "drafts_allocation", "vets_budget", "informs", "supports", "organises"]
        | None
    ) = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commendation:
    """Who commends exemplars, on whose proposal, and whom first."""

    decided_by: str
    proposed_by: str | None = None
    favours: tuple[str, ...] = ()
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedQuota:
    """Seats at a congress that come from above; without ``seats`` the notice is still awaited."""

    id: str
    tier: str
    group: str
    unit: str
    seats: int | None = None
    conditions: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a plan says. Field names are those of the published format (docs/plan-format.md).

    Tuples keep the order of the body, so that a pointer into one is a pointer into the other.
    """

    id: str
    title: str
    authority: Authority
    clauses: tuple[Clause, ...]
    congresses: tuple[CongressTerms, ...]
    tiers: tuple[Tier, ...]
    number: str | None = None
    date: dt.date | None = None
    place: str | None = None
    expires: dt.date | None = None
    signature: Signature | None = None
    periods: tuple[Period, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    decisions: tuple[OrganDecision, ...] = ()
    working_days: WorkingDays = field(default_factory=WorkingDays)
    pilots: Pilots | None = None
    deadlines: tuple[Deadline, ...] = ()
    quotas: tuple[ReceivedQuota, ...] = ()
    ties: Ties = field(default_factory=Ties)
    four_eyes: Literal["person", "document"] = "person"
    presidium: Presidium | None = None
    committees: tuple[Committee, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    report: tuple[ReportPart, ...] = ()
    commendation: tuple[Commendation, ...] = ()
    duties: tuple[Duty, ...] = ()
    recipients: tuple[str, ...] = ()

    def find_clause(self, clause: str) -> Clause | None:
        """The clause of that id."""
        return next((each for each in self.clauses if each.id == clause), None)

    def find_tier(self, tier: str) -> Tier | None:
        """The tier of that id."""
        return next((each for each in self.tiers if each.id == tier), None)

    def choose_tie_rule(self, tier: Tier) -> Ties:
        """How ties are settled at a tier: its own rule, or the plan's."""
        return tier.ties or self.ties

    def has_expired(self, day: dt.date) -> bool:
        """Whether the plan no longer stands on a day; one that does not say stands until it is replaced."""
        return self.expires is not None and day > self.expires
