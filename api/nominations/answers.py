"""Answers about nominations and units' lists."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.samples import build_sample
from api.http.types import Answer, Body, Code, Name, Year
from api.people.answers import PersonAnswer, StatedAnswer
from db.nominations import Nomination
from domain.composition.check import TargetState, TargetVerdict
from domain.nominations import Honour, HonourHolder, HonourKind, NominationState
from service.lists import ListState
from service.reference.labels import read_honour
from service.texts import Translator


class HonourAnswer(Answer):
    """A title or an award, its year, and whether the person or the collective received it."""

    name: str
    year: int
    kind: HonourKind
    held_by: HonourHolder
    authority: str | None = Field(description="Who decided it.")
    honoured_at: str | None = Field(description="The tier at whose conference it was given.")


class HonourBody(Body):
    """A title or an award, its year, and whether the person or the collective received it."""

    name: Name
    year: Year
    kind: HonourKind = HonourKind.TITLE
    held_by: HonourHolder = HonourHolder.PERSON
    authority: Name | None = None
    honoured_at: Code | None = None

    def build_honour(self) -> Honour:
        """The honour, written as the reference lists do if it is on one."""
        name = read_honour(self.name, self.kind)
        return Honour(name, self.year, self.kind, self.held_by, self.authority, self.honoured_at)


class NominationItem(TaggedAnswer):
    """A nomination in a list."""

    id: UUID
    conference: UUID
    unit: UUID
    named_by_unit: UUID | None
    group: str
    quota: UUID | None
    person: PersonAnswer
    collective: UUID | None
    state: NominationState
    rank: int | None
    merit: str | None
    achievements: str | None
    honours: list[HonourAnswer]
    notice: str
    purpose: str
    source_document: str | None
    named_by_document: str | None
    returned_reason: str | None
    submitted_at: datetime | None
    created_at: datetime


class TargetStateAnswer(Answer):
    """How a list meets one target."""

    target: str
    hard: bool = Field(description="Whether a selected list must meet it.")
    standing: TargetVerdict = Field(
        description="`not_shown` if the caller may read none of the people that the target counts: numbers "
        "that depend on them are then null."
    )
    yes: int | None
    no: int | None
    unknown: int = Field(description="People without a value: a minimum does not count them, a maximum does.")
    hidden: int = Field(description="People among the unknown whom the caller may not read.")
    open_places: int
    least: int | None
    most: int | None
    short: int | None
    over: int | None
    reachable: int | None


class ListAnswer(Answer):
    """A list compared with its targets, as it is now."""

    listed: int
    seats: int
    targets: list[TargetStateAnswer]
    findings: list[FindingAnswer]


class NominationAnswer(NominationItem):
    """A nomination, the findings about it, and the check of the unit's list."""

    findings: list[FindingAnswer]
    list: ListAnswer


class NominationRead(NominationAnswer):
    """A nomination, the findings about it, the unit's list, and the attributes of the person."""

    stated: StatedAnswer
    recorded_honours: list[HonourAnswer] = Field(
        description="What the person or the collective was given at conferences."
    )


def build_nomination_item(row: Nomination, person: PersonAnswer) -> NominationItem:
    """Build the answer for a nomination in a list."""
    etag = compute_row_etag(row.id, row.version)
    same = row.model_dump(exclude={"version", "entered"})
    return NominationItem(**{**same, "person": person, "etag": etag})


def build_list_answer(state: ListState, translator: Translator) -> ListAnswer:
    """Build the check of a list against its targets, in the reader's language."""
    return ListAnswer(
        listed=state.listed,
        seats=state.seats,
        targets=[_build_target_answer(each) for each in state.states],
        findings=translate_findings(state.findings, translator),
    )


def _build_target_answer(state: TargetState) -> TargetStateAnswer:
    answer = TargetStateAnswer.model_validate(state)
    return answer.model_copy(update=_WITHHELD_COUNTS) if state.standing is TargetVerdict.NOT_SHOWN else answer


_WITHHELD_COUNTS = dict.fromkeys(("yes", "no", "short", "over", "reachable"))


class DisclosureBody(Body):
    """Which sealed attributes to read, and for which purpose."""

    model_config = build_sample(purpose="delegate-selection", attributes=["ethnicity"])

    purpose: Annotated[Code, Field(description="A purpose of which the person was informed.")]
    attributes: Annotated[
        list[Code],
        Field(
            min_length=1,
            max_length=25,
            description="`ethnicity`, `guardian`, `guardian_consent`, `party_member`, `religion`, or one"
            " that the plan defines.",
        ),
    ]


class DisclosureAnswer(Answer):
    """Sealed attributes of a person; an attribute without a value is null."""

    person: UUID
    purpose: str
    attributes: dict[str, str | None]
