"""A plan: the published rules of an Emulation Council, clause by clause, as data."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from domain.calendar import Due, Window, WorkingDays
from domain.plans.definitions import DefinedHonour, DefinedKind, DefinedMeasure
from domain.plans.seats import Bloc, Ties
from domain.plans.sources import SourcedRule
from domain.plans.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A place in the printed plan: an ``id``, the printed ``label`` (it may be repeated), a short quote."""

    id: str
    label: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganDecision:
    """A decision about something that the plan does not decide. ``made_up`` marks decisions in examples."""

    id: str
    organ: str
    statement: str
    number: str | None = None
    date: dt.date | None = None
    made_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The authority that issues the plan; ``unit`` is its code."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The capacity and the position in which the plan is signed; the person is not recorded."""

    capacity: str | None = None
    position: str
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Years in the plan: ``reviewed``, ``ahead`` or ``previous`` ones, or those printed on the ``stage``."""

    role: Literal["reviewed", "ahead", "previous", "stage"]
    start: int
    end: int
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """A document on which the plan is based."""

    id: str
    name: str
    number: str | None = None
    date: dt.date | None = None
    organ: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CongressTerms:
    """The congress at the top of a congress chain; ``unit`` organises it, ``superiors`` are above it."""

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
    """A named pilot unit and the tier of its conference."""

    unit: str
    name: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilots(SourcedRule):
    """Units that meet first as an example for others; if ``units`` is empty, the plan does not name them."""

    units: tuple[PilotUnit, ...] = ()
    window: Window | None = None
    peers_invited: bool = False
    peers_clause: str | None = None
    approved_by: str | None = None
    approval_clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(SourcedRule):
    """A document that units must send to a recipient, and when; empty ``tiers`` means all tiers.

    ``lists_achievements``: the documents have the list of the unit's delegates with their achievements.
    """

    id: str
    name: str
    what: Literal["plan", "report", "registration"]
    due: Due
    recipient: str
    documents: tuple[str, ...] = ()
    via: str | None = None
    tiers: tuple[str, ...] = ()
    pilots_only: bool = False
    lists_achievements: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem(SourcedRule):
    """A step of a conference; ``adopts_delegates`` marks the vote on the list for the level above."""

    text: str
    adopts_delegates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart(SourcedRule):
    """A part that the closing report must contain."""

    text: str
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presidium(SourcedRule):
    """The people who chair a conference, and their number ("khoảng từ 05 - 09 người")."""

    least: int
    most: int
    approximate: bool = False
    members: tuple[str, ...] = ()
    members_clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee(SourcedRule):
    """An organising committee with its subcommittees; empty ``tiers`` means at every tier."""

    id: str
    name: str
    subcommittees: tuple[str, ...] = ()
    founded_by: str | None = None
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(SourcedRule):
    """A task that the plan gives to an organ; ``role`` is its kind, if the service has a rule for it."""

    organ: str
    role: (
        Literal["standing_council", "drafts_allocation", "vets_budget", "informs", "supports", "organises"]
        | None
    ) = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commendation(SourcedRule):
    """The organ that commends exemplars, the one that proposes them, and the people who are preferred."""

    decided_by: str
    proposed_by: str | None = None
    favours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedQuota(SourcedRule):
    """Seats at a higher congress that this plan receives; without ``seats`` the notice is still awaited."""

    id: str
    tier: str
    group: str
    unit: str
    seats: int | None = None
    conditions: str | None = None


class PlanState(StrEnum):
    """The state of a version of a plan."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """In force; its text never changes."""
    SUPERSEDED = "superseded"
    """A later version is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan. Field names are those of the published format (docs/plan-format.md).

    Tuples have the order of the body, so a JSON pointer into the body also points into this object.
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
    kinds: tuple[DefinedKind, ...] = ()
    measures: tuple[DefinedMeasure, ...] = ()
    honours: tuple[DefinedHonour, ...] = ()
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

    def find_tier(self, tier: str) -> Tier | None:
        """The tier with that id."""
        return next((each for each in self.tiers if each.id == tier), None)

    def choose_tie_rule(self, tier: Tier) -> Ties:
        """The rule for ties at a tier: its own, or else the plan's."""
        return tier.ties or self.ties

    def list_blocs(self) -> tuple[Bloc, ...]:
        """Every bloc in which units compete for seats, in the plan's order; of one id the first counts."""
        found: dict[str, Bloc] = {}
        for tier in self.tiers:
            for group in tier.seat_groups:
                found |= {each.id: each for each in group.blocs if each.id not in found}
        return tuple(found.values())

    def has_expired(self, day: dt.date) -> bool:
        """Whether the plan has expired on a day; without ``expires`` it is valid until it is replaced."""
        return self.expires is not None and day > self.expires
