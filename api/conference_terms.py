"""The terms of a conference in answers: everything that the plan sets for one unit's conference."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.http.types import Answer
from domain.calendar import DueReading, WindowPart
from domain.conferences.terms import ConferenceTerms
from domain.plans.seats import (
    CountsAs,
    FilledBy,
    FloorLaw,
    GroupTotal,
    MethodName,
    NomineeKind,
    Rounding,
    TieMethod,
)
from domain.plans.tiers import Form
from domain.snapshots import plain_record


class PlannedAnswer(Answer):
    """A rule of the plan, with its clause and the decision that gives what the clause leaves open."""

    clause: str | None
    decision: str | None


class UnitFactsAnswer(Answer):
    """The facts about the unit on the day whose units and figures count."""

    code: str
    kind: str
    name: str
    staff: int | None = Field(description="Null if nobody reported it.")
    pilot: bool
    superior: str | None = Field(description="The unit above it in this congress.")
    ordinal: str | None = Field(description="Which of its conferences this is, as on the stage.")
    figures: dict[str, int] = Field(description="Other measures that a threshold may use.")


class MixAnswer(PlannedAnswer):
    """The shares of exemplars and guests, in percent."""

    exemplars: str
    guests: str
    approximate: bool = Field(description='True for "khoảng".')
    tolerance: str | None = Field(description="The deviation allowed, in percentage points.")
    binds: list[Literal["plenary", "delegate"]] = Field(description="The forms to which the mix applies.")
    guests_include: list[str]
    tolerance_decision: str | None


class MixTermsAnswer(Answer):
    """The mix for this conference."""

    mix: MixAnswer
    binding: bool = Field(description="Whether the mix applies to this form.")
    size: int | None = Field(description="The number of delegates; null while it is unknown.")
    exemplars: tuple[int, int] | None = Field(description="The fewest and the most exemplars at that size.")


class WindowAnswer(PlannedAnswer):
    """The days within which the conference meets, first and last included."""

    start: date
    end: date
    part: WindowPart | None = Field(description='For words that name no day, such as "cuối Quý I".')


class LengthAnswer(PlannedAnswer):
    """The length of the conference."""

    half_days: int


class DueDaysAnswer(Answer):
    """The days on which the documents are in time, by one reading of the plan."""

    reading: DueReading
    first: date | None = Field(description="Null: from the beginning.")
    last: date | None = Field(description="A working day by the plan's rule; null: there is no last day.")


class DueTermsAnswer(Answer):
    """A deadline of the unit."""

    id: str
    name: str
    what: str
    documents: list[str]
    recipient: str
    via: str | None
    days: list[DueDaysAnswer] = Field(description="By each reading that is left open; none while unknown.")
    last_day: date | None = Field(description="The one last day; null while it is open.")
    lists_achievements: bool = Field(description="Sends the list of delegates with their achievements.")
    clause: str | None


class NumberRuleAnswer(PlannedAnswer):
    """The organs that decide and propose the number of delegates."""

    decided_by: str
    proposed_by: str | None
    decided_at: Literal["organiser", "superior"] | None


class EligibilityAnswer(PlannedAnswer):
    """A condition for a seat."""

    text: str
    titles: list[str]
    awards: list[str]
    since: int | None = Field(description="The first year that counts.")
    held_by: Literal["person", "collective", "either"]
    honoured_at: list[str]


class OfficeAnswer(Answer):
    """An office whose holder has a seat by it."""

    name: str
    holders: int | None
    clause: str | None


class NomineeLimitAnswer(PlannedAnswer):
    """How many people a unit may nominate for its seats: seats × times + plus, rounded down."""

    times: str
    plus: int


class FixedRuleAnswer(PlannedAnswer):
    """Numbers of seats decided for single units."""

    kind: Literal["fixed"]
    seats: dict[str, int]
    reason: str


class BaseRuleAnswer(PlannedAnswer):
    """The same number of seats for every unit."""

    kind: Literal["base"]
    each: int
    merged: dict[str, int] = Field(description="Number of merged units → seats of the new unit.")
    times_predecessors: bool = Field(description="True: `each` for each of the merged units.")


class StepRuleAnswer(PlannedAnswer):
    """Seats for every so many of a measure."""

    kind: Literal["step"]
    measure: str
    every: str
    each: int
    rounding: Rounding
    most: int | None
    above: str
    to: str | None


PlannedComponentAnswer = Annotated[
    FixedRuleAnswer | BaseRuleAnswer | StepRuleAnswer, Field(discriminator="kind")
]


class SharingRuleAnswer(PlannedAnswer):
    """How blocs without a stated number share the seats that the group has left."""

    measure: str | None
    weights: dict[str, str]
    method: MethodName
    quota: Literal["hare", "droop"] | None
    first_divisor: str | None
    c: str | None


class BlocAnswer(SharingRuleAnswer):
    """Units that share seats by a measure, or by a weighted sum of several."""

    id: str
    name: str
    seats: int | None = Field(description="Null: its part by the group's `sharing`.")
    kinds: list[str]
    units: list[str]
    floor: int
    cap: int | None
    floors: dict[str, int] = Field(description="Unit → its own floor.")
    caps: dict[str, int] = Field(description="Unit → its own cap.")
    floor_law: FloorLaw


class PlannedGroupAnswer(PlannedAnswer):
    """A group of delegates: its numbers, conditions and components, and the organs that decide on it."""

    id: str
    name: str
    filled_by: FilledBy
    counts_as: CountsAs = Field(description="Its side in the mix.")
    stands_for: list[NomineeKind]
    seats: int | None
    maximum: int | None
    total: GroupTotal = Field(description="`components`: the group has the seats that its components give.")
    eligibility: list[EligibilityAnswer]
    offices: list[OfficeAnswer]
    proposer: str | None
    decider: str | None
    nominee_limit: NomineeLimitAnswer | None
    components: list[PlannedComponentAnswer]
    sharing: SharingRuleAnswer | None
    blocs: list[BlocAnswer]


class TargetAnswer(PlannedAnswer):
    """A target for the composition of the delegates."""

    id: str
    name: str
    attribute: str
    bound: Literal["at_least", "at_most"]
    values: list[str]
    other_than: list[str]
    age_at_most: int | None
    on: date | None = Field(description="The day on which the age counts.")
    of: Literal["sent", "holder"]
    share: str | None
    share_of: Literal["seats", "nominees"]
    count: int | None
    hard: bool
    priority: int
    groups: list[str]
    blocs: list[str]
    units: list[str]
    weight: int
    split: bool
    part: str | None = Field(description="The figure by which it is split over units.")
    by_hand: dict[str, int] = Field(description="Unit → people asked of that unit first.")
    criterion: str | None


class TiesAnswer(PlannedAnswer):
    """How equal claims to a seat are settled."""

    how: TieMethod
    lot: Literal["hand", "published_seed"]
    measure: str | None


class PresidiumAnswer(PlannedAnswer):
    """The people who chair the conference, and their number."""

    least: int
    most: int
    approximate: bool
    members: list[str]
    members_clause: str | None


class CommitteeAnswer(PlannedAnswer):
    """An organising committee with its subcommittees."""

    id: str
    name: str
    subcommittees: list[str]
    founded_by: str | None
    tiers: list[str] = Field(description="Empty: at every tier.")


class AgendaItemAnswer(PlannedAnswer):
    """A step of the conference."""

    text: str
    adopts_delegates: bool = Field(description="Whether it votes on the list for the level above.")


class ReportPartAnswer(PlannedAnswer):
    """A part that the closing report must contain."""

    text: str
    section: str | None


class ConferenceTermsAnswer(Answer):
    """What the plan sets for the conference."""

    tier: str
    congresses: list[str]
    unit: UnitFactsAnswer
    form: Form
    pilot: bool
    name: str | None = Field(description="Null while the unit has to choose among `names`.")
    names: list[str]
    title: list[str] = Field(description="The lines on the stage.")
    cap: int | None = Field(description="Null where the plan sets none for this form.")
    mix: MixTermsAnswer | None
    window: WindowAnswer | None
    length: LengthAnswer | None
    deadlines: list[DueTermsAnswer]
    numbers: list[NumberRuleAnswer]
    seat_groups: list[PlannedGroupAnswer]
    targets: list[TargetAnswer]
    ties: TiesAnswer
    presidium: PresidiumAnswer | None
    committees: list[CommitteeAnswer]
    agenda: list[AgendaItemAnswer]
    report: list[ReportPartAnswer]


def build_terms_answer(terms: ConferenceTerms) -> ConferenceTermsAnswer:
    """Build the answer for terms; their findings are with those of the conference."""
    return ConferenceTermsAnswer.model_validate(plain_record(terms))
