"""Questions about a list: the pool in numbers, what an edit would cost, why somebody is not on it."""

import asyncio
from typing import Annotated, Literal

from fastapi import Request
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.languages import Reader
from api.routes import CurrentActor, Router, Session, Transactions
from api.samples import UNIT, sample
from api.selections import Edits, edits_of
from api.selections_shown import (
    ExplanationAnswer,
    PoolAnswer,
    SelectionWhatIfAnswer,
    clash_shown,
    cost_shown,
    count_shown,
    value_shown,
)
from api.shown import said
from api.types import Body, Label, Text, Uuid
from db.session import Database
from domain.access import Access, Actor
from service import conferences, selections
from service.sealing import Vault
from service.selections import Question
from service.selections.explaining import Listed

router = Router(tags=["selections"])


class SelectionWhatIfBody(Body):
    """An edit that is only tried."""

    model_config = sample(pin=[{"nomination": UNIT, "reason": "Thử"}])

    pin: Edits
    drop: Edits


class QuestionBody(Body):
    """One question: why a `nomination` is not on the list; what one person of a `side` of a `target` costs;
    or what keeps a soft `target` short (`side` left out)."""

    model_config = sample(nomination=UNIT, purpose="Trả lời đơn vị")

    nomination: Uuid | None = None
    target: Annotated[Label | None, Field(description="Its id, or that of a unit's part of it.")] = None
    side: Literal["least", "most"] | None = None
    purpose: Text

    @model_validator(mode="after")
    def _one(self) -> "QuestionBody":
        if (self.nomination is None) == (self.target is None):
            raise PydanticCustomError("question_unclear", "one of nomination and target")
        return self

    def question(self) -> Question:
        """The same for the use case."""
        nomination = None if self.nomination is None else str(self.nomination)
        return Question(nomination, self.target, self.side, short=self.side is None)


@router.get("/conferences/{conference_id}/pool", access=Access.SELECTIONS_READ, read_only=False)
async def read_pool(
    conference_id: Uuid, request: Request, session: Session, actor: CurrentActor, reader: Reader
) -> PoolAnswer:
    """The nominations in numbers, before anything is selected: what each target can reach by itself."""
    conference = await conferences.get(session, actor, conference_id)
    targets, values, findings = await selections.counted(session, actor, _vault(request), conference)
    return PoolAnswer(
        targets=[count_shown(each, reader) for each in targets],
        values=[value_shown(each) for each in values],
        findings=said(findings, reader),
    )


@router.post(
    "/selections/{selection_id}/what_ifs",
    access=Access.SELECTIONS_WRITE,
    keyed=False,
    transaction=False,
)
async def try_selection(
    selection_id: Uuid,
    body: SelectionWhatIfBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
) -> SelectionWhatIfAnswer:
    """What pinning and dropping would cost, by solving again; nothing is stored but that it was asked."""
    of = await _loaded(request, database, actor, selection_id, "what_if")
    trial = await asyncio.to_thread(selections.tried, of, edits_of(body.pin), edits_of(body.drop))
    return SelectionWhatIfAnswer(outcome=trial.outcome, cost=cost_shown(trial.cost), hard_short=trial.short)


@router.post(
    "/selections/{selection_id}/explanations",
    access=Access.SELECTIONS_READ,
    keyed=False,
    transaction=False,
)
async def explain_selection(
    selection_id: Uuid,
    body: QuestionBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    reader: Reader,
) -> ExplanationAnswer:
    """An exact answer, by solving again: it takes as long as a selection does."""
    of = await _loaded(request, database, actor, selection_id, body.purpose)
    found = await asyncio.to_thread(selections.explain, of, body.question())
    return ExplanationAnswer(
        findings=said(found.findings, reader),
        cost=cost_shown(found.cost),
        clash=clash_shown(found.clash, reader),
    )


async def _loaded(
    request: Request, database: Database, actor: Actor, selection_id: Uuid, purpose: str
) -> Listed:
    async with database.transaction(actor) as session:
        selection = await selections.get(session, actor, selection_id)
        return await selections.loaded(session, actor, _vault(request), selection, purpose)


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault
