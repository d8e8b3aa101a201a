"""Nominations and lists as answers show them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.people import PersonAnswer, StatedAnswer
from api.shown import FindingAnswer, said
from api.types import Answer
from db.nominations import Nomination
from service.lists import ListState
from service.sentences import Language


class NominationItem(Answer):
    """A nomination in a list."""

    id: UUID
    conference: UUID
    unit: UUID
    group: str
    quota: UUID | None
    person: PersonAnswer
    collective: UUID | None
    state: str = Field(description="`draft`, `submitted`, `returned`, `accepted` or `withdrawn`.")
    rank: int | None
    merit: str | None
    achievements: str | None
    honours: list[dict[str, Any]]
    vote: dict[str, Any] | None
    notice: str
    purpose: str
    source_document: str | None
    returned_reason: str | None
    submitted_at: datetime | None
    created_at: datetime


class TargetStateAnswer(Answer):
    """Where one target stands."""

    target: str
    standing: str = Field(description="`met`, `unknown`, `short`, `over` or `unreachable`.")
    yes: int
    no: int
    unknown: int = Field(description="Not stated: a minimum does not count them, a maximum does.")
    open_places: int
    least: int | None
    most: int | None
    short: int
    over: int
    reachable: int


class ListAnswer(Answer):
    """A list against its targets, as it stands now."""

    listed: int
    seats: int
    targets: list[TargetStateAnswer]
    findings: list[FindingAnswer]


class NominationAnswer(NominationItem):
    """A nomination, what is doubtful about it, and where the unit's list stands."""

    findings: list[FindingAnswer]
    list: ListAnswer


class NominationRead(NominationAnswer):
    """The same, and what is stated of the person."""

    stated: StatedAnswer


def item(row: Nomination, person: PersonAnswer) -> NominationItem:
    """A nomination in a list."""
    return NominationItem(**{**row.model_dump(exclude={"version"}), "person": person})


def checked_list(state: ListState, language: Language) -> ListAnswer:
    """A list against its targets, in the reader's language."""
    return ListAnswer(
        listed=state.listed,
        seats=state.seats,
        targets=[TargetStateAnswer.model_validate(each) for each in state.states],
        findings=said(state.findings, language),
    )
