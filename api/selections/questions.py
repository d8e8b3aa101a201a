"""Questions about a list: the pool in numbers, the cost of an edit, and why a nominee is not on the list."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from fastapi import Request
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.findings import translate_findings
from api.http.calls import CurrentCall, finish_while_connected
from api.http.languages import Writer
from api.http.problems import run_in_pool
from api.http.request_work import RequestTransactions, Transactions
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Body, Label, Text, Uuid
from api.selections.answers import (
    SelectionExplanationAnswer,
    SelectionWhatIfAnswer,
    build_clash_answer,
    build_cost_answer,
)
from api.selections.bodies import Edits, build_edits
from api.selections.pool_answers import PoolAnswer, build_count_answer, build_value_answer
from domain.access import Access
from service import selections
from service.conferences.case import load_case
from service.selections import ListQuestion

T = TypeVar("T")

router = Router(tags=["selections"])


class SelectionWhatIfBody(Body):
    """An edit of the list that is only tried."""

    model_config = build_sample(pin=[{"nomination": SAMPLE_ID, "reason": "Thử"}])

    pin: Edits
    drop: Edits


class QuestionBody(Body):
    """One question: why a `nomination` is not on the list; what one person more or fewer in a `target` costs
    (with `side`); or why a soft `target` is not met (without `side`)."""

    model_config = build_sample(nomination=SAMPLE_ID, purpose="Trả lời đơn vị")

    nomination: Uuid | None = None
    target: Annotated[Label | None, Field(description="The id of a target or of a unit's part of it.")] = None
    side: Literal["least", "most"] | None = None
    purpose: Text

    @model_validator(mode="after")
    def _expect_one_subject(self) -> "QuestionBody":
        if (self.nomination is None) == (self.target is None):
            raise PydanticCustomError("question_unclear", "one of nomination and target")
        return self

    def build_question(self) -> ListQuestion:
        """The question for the use case."""
        nomination = None if self.nomination is None else str(self.nomination)
        return ListQuestion(nomination, self.target, self.side, short=self.side is None)


@router.get("/conferences/{conference_id}/pool", access=Access.SELECTIONS_READ, read_only=False)
async def read_pool(conference_id: Uuid, call: CurrentCall) -> PoolAnswer:
    """Count the nominations of a conference for each target, before a selection."""
    case = await load_case(call.work, conference_id)
    targets, values, findings = await selections.count_pool(call.work, case)
    return PoolAnswer(
        targets=[build_count_answer(each, call.translator) for each in targets],
        values=[build_value_answer(each) for each in values],
        findings=translate_findings(findings, call.translator),
    )


@router.post(
    "/selections/{selection_id}/what_ifs", access=Access.SELECTIONS_WRITE, keyed=False, transaction=False
)
async def try_selection(
    selection_id: Uuid,
    body: SelectionWhatIfBody,
    transactions: Transactions,
) -> SelectionWhatIfAnswer:
    """Compute what an edit of a list would cost. Only the fact that it was asked is recorded. The list must
    be proven to be the best one (else 409)."""
    edits = build_edits(body.pin), build_edits(body.drop)
    trial = await _ask(transactions.request, selection_id, "what_if", selections.preview_edit, *edits)
    return SelectionWhatIfAnswer(
        outcome=trial.outcome, cost=build_cost_answer(trial.cost), hard_short=trial.short
    )


@router.post(
    "/selections/{selection_id}/explanations", access=Access.SELECTIONS_READ, keyed=False, transaction=False
)
async def explain_selection(
    selection_id: Uuid,
    body: QuestionBody,
    transactions: Transactions,
    translator: Writer,
) -> SelectionExplanationAnswer:
    """Explain a list: answer one question about it exactly. This takes as long as a selection. The question
    is recorded. The list must be proven to be the best one (else 409)."""
    question = body.build_question()
    found = await _ask(transactions.request, selection_id, body.purpose, selections.answer_question, question)
    return SelectionExplanationAnswer(
        findings=translate_findings(found.findings, translator),
        cost=build_cost_answer(found.cost),
        clash=build_clash_answer(found.clash, translator),
    )


async def _ask(
    request: Request, selection_id: Uuid, purpose: str, answer: Callable[..., T], *given: object
) -> T:
    """The answer about a proven list, computed in a process of its own as long as the client waits."""
    async with RequestTransactions(request).begin_work() as work:
        case, selection = await selections.load_selection(work, selection_id)
        proven = await selections.load_proven_list(work, case, selection, purpose)
    with request.app.state.what_ifs.asking(work.actor.id, case.conference.unit):
        computing = run_in_pool(request.app.state.questions, answer, proven, *given)
        return await finish_while_connected(request, computing)
