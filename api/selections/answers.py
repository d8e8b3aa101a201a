"""Answers about a selection: a summary, the outcome of each nomination, and the delegates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.allocations.answers import DecisionAnswer
from api.findings import FindingAnswer, translate_findings
from api.http.etags import TaggedAnswer
from api.http.types import Answer, Certificate
from api.units.answers import UnitName
from db.selections import RELEASED_STATES, Delegate, Selection, SelectionPlace
from domain.composition.check import TargetState, TargetVerdict
from domain.conferences.life import ConferenceState
from domain.decisions import ListOrigin, SelectionState
from domain.lots import DrawnLot, SettlementMethod
from domain.selection import NomineeStatus, SelectionOutcome
from domain.selection.prices import ListCost
from domain.selection.readable_results import ReadableResult, build_first_finding
from domain.selection.result import Side, TargetPrice
from domain.selection.stored_edits import EditAct, StoredEdit, StoredLeave
from domain.selection.summaries import ClashSummary, PlaceOutcome
from domain.snapshots import plain_fraction
from service.selections import SeatedPerson, SelectionDescription
from service.selections.descriptions import SelectionOutcomes
from service.texts import Translator


class SelectionItem(TaggedAnswer):
    """A version of a conference's selection, in a list."""

    id: UUID
    conference: UUID
    n: int
    state: SelectionState | Literal["in_work"] = Field(
        description="`in_work` if not visible before the adoption."
    )
    how: ListOrigin
    amends: UUID | None = Field(description="The version that it is based on or would replace.")
    created_at: datetime


class ShortfallAnswer(Answer):
    """How far a list misses the targets of one priority, in persons times weight."""

    priority: int
    short: int | None = Field(
        description="Null if it rests on a sealed attribute that the caller may not read."
    )


class SelectionTargetAnswer(Answer):
    """How the list meets one target."""

    target: str
    hard: bool = Field(description="Whether a list must meet it.")
    standing: TargetVerdict = Field(
        description="`not_shown`, with null numbers, if the caller may not read what it rests on."
    )
    yes: int | None
    no: int | None
    unknown: int | None
    least: int | None
    most: int | None
    met_when_proposed: bool | None = Field(
        description="For approvers, of a target that is not shown: whether the conference's first proposal "
        "met it. Never renewed."
    )
    finding: FindingAnswer


class PriceAnswer(Answer):
    """The estimated points that one person more (`least`) or fewer (`most`) in a target costs."""

    target: str
    side: Side
    points: str


class ClashAnswer(Answer):
    """Why no list is possible: demands that contradict each other, ways out, and units that could help."""

    demands: list[FindingAnswer]
    minimal: bool = Field(description="Without any one of these demands the rest can be met.")
    certified: bool = Field(description="Proven by whole-number multipliers alone, without a search.")
    relaxations: list[list[FindingAnswer]] = Field(description="Each of these changes is enough by itself.")
    asks: list[FindingAnswer]


class CostAnswer(Answer):
    """The difference between two proven lists; negative numbers are gains."""

    shortfalls: list[ShortfallAnswer]
    points: int
    joined: list[UUID] = Field(description="Nominations that come onto the list.")
    left: list[UUID] = Field(description="Nominations that leave the list.")


class EditAnswer(Answer):
    """An edit of the list by the council."""

    act: EditAct
    nomination: UUID
    reason: str | None = Field(description="Null if it is erased or the caller may not read it.")
    by: str


class LeavingAnswer(Answer):
    """A delegate who could not come."""

    delegate: UUID
    nomination: UUID
    reason: str | None = Field(description="Null if it is erased or the caller may not read it.")
    authority: str


class UnfilledAnswer(Answer):
    """Seats that stay empty because no eligible nominee was left."""

    unit: str = Field(description="The unit's code.")
    group: str
    seats: int


class LotAnswer(Answer):
    """How the lot was drawn."""

    how: SettlementMethod
    order: list[UUID]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: date
    recorded_by: str


class SelectionLotAnnouncementAnswer(Answer):
    """The announced source and day of the seed for the lot."""

    source: str
    digits: int
    drawn_on: date
    ballots: int = Field(description="How many nominations were numbered for this lot.")
    announced_by: str
    announced_at: datetime


class WorkAnswer(Answer):
    """Details of a selection for the council of the conference."""

    run: UUID
    snapshot: str = Field(description="Digest of the stored pool, under a key that can be destroyed.")
    reason: str | None
    proposed_by: str | None
    approved_by: str | None
    nodes: int
    digest: str | None = Field(description="SHA-256 of the outcome, list and score.")
    score: int | None
    shortfalls: list[ShortfallAnswer]
    targets: list[SelectionTargetAnswer]
    prices: list[PriceAnswer] = Field(description="Empty where they rest on what the caller may not read.")
    cost: CostAnswer | None = Field(
        description="Compared with the version it is based on. Null where it rests on what the caller may "
        "not read; so is `clash`."
    )
    clash: ClashAnswer | None
    tied: list[UUID] = Field(description="Nominations among which a lot must be drawn.")
    lots: list[UUID] = Field(description="The drawn order of nominations; later nominations come after them.")
    draw_numbers: list[int] = Field(description="The numbers under which these were drawn.")
    lots_certificate: Certificate | None = Field(description="Proves the order that a published seed gave.")
    announcement: SelectionLotAnnouncementAnswer | None = Field(
        description="The announced source of the seed for the lot that is still to be drawn."
    )
    lot: LotAnswer | None
    edits: list[EditAnswer]
    leaving: list[LeavingAnswer]
    unfilled: list[UnfilledAnswer]
    findings: list[FindingAnswer]


class SelectionAnswer(SelectionItem):
    """A selection; `/v1/selections/{id}/places` has the outcome of each nomination."""

    decision: DecisionAnswer | None
    reasons_released_at: datetime | None
    work: WorkAnswer | None = Field(description="Null for units, which may not read these details.")


class SelectionPlaceAnswer(Answer):
    """The outcome of one nomination."""

    nomination: UUID
    person: UUID
    name: str
    unit: UnitName
    group: str
    outcome: PlaceOutcome = Field(description="`off`: excluded before the selection.")
    alternate_no: int | None
    hold: NomineeStatus | None = Field(description="What was decided about the person before the selection.")
    reason: FindingAnswer | None = Field(description="Why not chosen; without data of other people.")


class DelegateAnswer(Answer):
    """A delegate."""

    id: UUID
    nomination: UUID
    person: UUID
    name: str
    unit: UnitName
    group: str
    replaces: UUID | None
    selection: UUID
    cancelled: bool = Field(description="The conference was cancelled: nobody goes to it.")
    created_at: datetime


class SelectionWhatIfAnswer(Answer):
    """The best list after an edit that is only tried."""

    outcome: SelectionOutcome
    cost: CostAnswer | None
    hard_short: int = Field(description="Persons by which every list misses the hard targets.")


class SelectionExplanationAnswer(Answer):
    """An exact answer to a question about a list."""

    findings: list[FindingAnswer]
    cost: CostAnswer | None
    clash: ClashAnswer | None


def build_selection_item(row: Selection, *, whole: bool) -> SelectionItem:
    """Build a version in a list; ``whole``: the caller may see its state before the adoption."""
    item = SelectionItem.model_validate(row)
    return item if whole or row.state in RELEASED_STATES else item.model_copy(update={"state": "in_work"})


def build_selection_answer(described: SelectionDescription, translator: Translator) -> SelectionAnswer:
    """A selection in short; what the council works with is for those who hold the conference."""
    row = described.selection
    return SelectionAnswer(
        **build_selection_item(row, whole=described.whole).model_dump(),
        decision=None if described.decision is None else DecisionAnswer.model_validate(described.decision),
        reasons_released_at=row.reasons_released_at,
        work=None if described.shown is None else _build_work_answer(described, described.shown, translator),
    )


def _build_work_answer(
    described: SelectionDescription, shown: ReadableResult, translator: Translator
) -> WorkAnswer:
    row, result = described.selection, shown.summary
    return WorkAnswer(
        run=row.run,
        snapshot=row.snapshot,
        reason=row.reason,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        nodes=row.nodes,
        digest=result.digest,
        score=result.score,
        shortfalls=_build_shortfall_answers(shown),
        targets=[_build_target_answer(each, shown.first, translator) for each in result.states],
        prices=[_build_price_answer(each) for each in result.prices],
        cost=build_cost_answer(result.cost),
        clash=build_clash_answer(result.clash, translator),
        tied=[UUID(one) for one in result.tied],
        lots=[UUID(one) for one in row.lots if one is not None],
        draw_numbers=row.draw_numbers,
        lots_certificate=described.lots_certificate,
        announcement=(
            None
            if described.announcement is None
            else SelectionLotAnnouncementAnswer.model_validate(described.announcement)
        ),
        lot=None if row.lot is None else _build_lot_answer(row.lot),
        edits=[_build_edit_answer(each, described) for each in row.edits],
        leaving=[_build_leaving_answer(each, described) for each in row.leaving],
        unfilled=[UnfilledAnswer.model_validate(each) for each in result.unfilled],
        findings=translate_findings([*row.findings, *result.findings, *described.unread], translator),
    )


def _build_edit_answer(edit: StoredEdit, described: SelectionDescription) -> EditAnswer:
    reason = described.reasons.get(edit.nomination)
    return EditAnswer(act=edit.act, nomination=edit.nomination, reason=reason, by=edit.by)


def _build_leaving_answer(leave: StoredLeave, described: SelectionDescription) -> LeavingAnswer:
    return LeavingAnswer(
        delegate=leave.delegate,
        nomination=leave.nomination,
        reason=described.reasons.get(leave.nomination),
        authority=leave.authority,
    )


def _build_lot_answer(lot: DrawnLot) -> LotAnswer:
    drawn = lot.settlement
    return LotAnswer(
        how=drawn.how,
        order=[UUID(one) for one in drawn.order],
        seed=drawn.seed,
        minutes=drawn.minutes,
        drawn_by=drawn.drawn_by,
        drawn_on=drawn.drawn_on,
        recorded_by=lot.recorded_by,
    )


def _build_price_answer(price: TargetPrice) -> PriceAnswer:
    return PriceAnswer(target=price.target, side=price.side, points=plain_fraction(price.points))


def _build_shortfall_answers(shown: ReadableResult) -> list[ShortfallAnswer]:
    known = {each.priority: each.short for each in shown.summary.shortfalls}
    return [
        ShortfallAnswer(priority=each, short=known.get(each)) for each in sorted(known.keys() | shown.unshown)
    ]


def _build_target_answer(
    state: TargetState, first: Mapping[str, bool], translator: Translator
) -> SelectionTargetAnswer:
    hidden, met = state.standing is TargetVerdict.NOT_SHOWN, first.get(state.target)
    told = state.finding if met is None or not hidden else build_first_finding(state, met=met)
    (finding,) = translate_findings([told], translator)
    return SelectionTargetAnswer(
        **{name: getattr(state, name) for name in ("target", "hard", "standing")},
        yes=None if hidden else state.yes,
        no=None if hidden else state.no,
        unknown=None if hidden else state.unknown,
        least=state.least,
        most=state.most,
        met_when_proposed=met if hidden else None,
        finding=finding,
    )


def build_clash_answer(why: ClashSummary | None, translator: Translator) -> ClashAnswer | None:
    """Build the answer for a clash."""
    if why is None:
        return None
    return ClashAnswer(
        demands=translate_findings(why.demands, translator),
        minimal=why.minimal,
        certified=why.certified,
        relaxations=[translate_findings(each, translator) for each in why.relaxations],
        asks=translate_findings([each.finding for each in why.asks], translator),
    )


def build_cost_answer(cost: ListCost | None) -> CostAnswer | None:
    """Build the answer for a computed cost."""
    return None if cost is None else CostAnswer.model_validate(cost)


def build_place_answer(
    seated: SeatedPerson[SelectionPlace], outcomes: SelectionOutcomes, translator: Translator
) -> SelectionPlaceAnswer:
    """Build the outcome of a nomination, with the reason as far as the caller may read it."""
    row, reason = seated.row, outcomes.reasons.get(seated.row.nomination)
    return SelectionPlaceAnswer(
        nomination=row.nomination,
        person=seated.person,
        name=seated.person_name,
        unit=_build_unit_name(seated),
        group=row.group,
        outcome=row.outcome,
        alternate_no=row.alternate_no,
        hold=row.hold if outcomes.reasoned else None,
        reason=None if reason is None else translate_findings([reason], translator)[0],
    )


def build_delegate_answer(seated: SeatedPerson[Delegate], state: ConferenceState) -> DelegateAnswer:
    """Build the answer for a delegate to a conference in that state."""
    row = seated.row
    return DelegateAnswer(
        id=row.id,
        nomination=row.nomination,
        person=seated.person,
        name=seated.person_name,
        unit=_build_unit_name(seated),
        group=row.group,
        replaces=row.replaces,
        selection=row.selection,
        cancelled=state is ConferenceState.CANCELLED,
        created_at=row.created_at,
    )


def _build_unit_name(seated: SeatedPerson[SelectionPlace] | SeatedPerson[Delegate]) -> UnitName:
    unit, code, name = seated.unit
    return UnitName(id=unit, code=code, name=name)
