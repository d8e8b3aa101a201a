"""How a selection is shown: in short, place by place, and as a table."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.allocation_answers import DecisionAnswer
from api.shared_answers import FindingAnswer, UnitName, read_findings, translate_findings
from api.types import Answer
from db.selections import RELEASED_STATES, Delegate, Selection, SelectionPlace
from domain.findings import Finding, Severity
from domain.selection.conflicts import Clash
from domain.selection.prices import ListCost
from service.selections import SeatedPerson, SelectionDescription
from service.texts import Language


class SelectionItem(Answer):
    """A version of a conference's list, in a list."""

    id: UUID
    conference: UUID
    n: int
    state: str = Field(
        description="`computing`, `lots_required`, `infeasible`, `unproven`, `decided`, `proposed`,"
        " `approved`, `adopted`, `superseded` or `failed`; `in_work` for who sees no more of it yet."
    )
    how: str = Field(description="`computed`, `edited` by the council, or `mended` after somebody left.")
    amends: UUID | None = Field(description="The version it came from, or the adopted one it would replace.")
    created_at: datetime


class ShortfallAnswer(Answer):
    """What a list lacks in one priority, in persons times weight."""

    priority: int
    short: int


class SelectionTargetAnswer(Answer):
    """One target and the list."""

    target: str
    standing: str
    yes: int
    no: int
    unknown: int
    least: int | None
    most: int | None
    finding: FindingAnswer


class PriceAnswer(Answer):
    """An estimate, from the relaxation, of what one person of one side of a target costs in points."""

    target: str
    side: str
    points: str


class ClashAnswer(Answer):
    """Why there is no list: demands of which any may be given up, what is within reach, who could help."""

    demands: list[FindingAnswer]
    minimal: bool = Field(description="Leaving any one demand out lets a list be found.")
    certified: bool = Field(description="It follows from multipliers alone, in whole numbers.")
    relaxations: list[list[FindingAnswer]] = Field(description="Each alone suffices.")
    asks: list[FindingAnswer]


class CostAnswer(Answer):
    """What changes from one proven list to another; negative numbers are gains."""

    shortfalls: list[ShortfallAnswer]
    points: int
    joined: list[UUID] = Field(description="Nominations that come onto the list.")
    left: list[UUID] = Field(description="Nominations that go off it.")


class EditAnswer(Answer):
    """The council's hand."""

    act: str = Field(description="`pin` or `drop`.")
    nomination: UUID
    reason: str | None = Field(description="Null for who may not read what is sealed, and of the erased.")
    by: str


class LeavingAnswer(Answer):
    """Who could not come."""

    delegate: UUID
    nomination: UUID
    reason: str | None = Field(description="Null for who may not read what is sealed, and of the erased.")
    authority: str


class UnfilledAnswer(Answer):
    """Seats for which nobody eligible was left."""

    unit: str = Field(description="The unit's code.")
    group: str
    seats: int


class LotAnswer(Answer):
    """How the lot was drawn."""

    how: str
    order: list[UUID]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: str
    recorded_by: str


class SelectionLotAnnouncementAnswer(Answer):
    """From where and when the seed of the lot will come."""

    source: str
    digits: int
    drawn_on: date
    announced_by: str
    announced_at: datetime


class WorkAnswer(Answer):
    """What the council works with: open to whoever holds the conference."""

    run: UUID
    snapshot: str = Field(description="Digest of the frozen pool, under a key that can be destroyed.")
    reason: str | None
    proposed_by: str | None
    approved_by: str | None
    nodes: int
    digest: str | None = Field(description="SHA-256 over outcome, list, shortfalls and score.")
    score: int | None
    shortfalls: list[ShortfallAnswer]
    targets: list[SelectionTargetAnswer]
    prices: list[PriceAnswer]
    cost: CostAnswer | None = Field(description="Against the version it came from.")
    clash: ClashAnswer | None
    tied: list[UUID] = Field(description="Nominations that have to be drawn for.")
    lots: list[UUID] = Field(description="Who was drawn, the first first; newcomers are drawn behind them.")
    announcement: SelectionLotAnnouncementAnswer | None = Field(
        description="From where the seed will come of the lot that is waited for."
    )
    lot: LotAnswer | None
    edits: list[EditAnswer]
    leaving: list[LeavingAnswer]
    unfilled: list[UnfilledAnswer]
    findings: list[FindingAnswer]


class SelectionAnswer(SelectionItem):
    """A selection; its places stand under `/v1/selections/{id}/places`."""

    decision: DecisionAnswer | None
    reasons_released_at: datetime | None
    work: WorkAnswer | None = Field(description="Null for units, who read the outcome and their own places.")


class SelectionPlaceAnswer(Answer):
    """What became of one nomination."""

    nomination: UUID
    person: UUID
    name: str
    unit: UnitName
    group: str
    outcome: str = Field(description="`chosen`, `alternate`, or `off` where it was settled beforehand.")
    alternate_no: int | None
    hold: str | None = Field(description="What was settled about the person before anything was chosen.")
    reason: FindingAnswer | None = Field(description="Why not; with nobody else's data.")


class DelegateAnswer(Answer):
    """Somebody who goes."""

    id: UUID
    nomination: UUID
    person: UUID
    name: str
    unit: UnitName
    group: str
    replaces: UUID | None
    selection: UUID
    created_at: datetime


class SelectionWhatIfAnswer(Answer):
    """The best list under an edit that was only tried."""

    outcome: str = Field(description="`proven`, `best_so_far`, `unfinished` or `infeasible`.")
    cost: CostAnswer | None
    hard_short: int = Field(description="Persons by which every list then misses what is hard.")


class SelectionExplanationAnswer(Answer):
    """An exact answer about a list."""

    findings: list[FindingAnswer]
    cost: CostAnswer | None
    clash: ClashAnswer | None


def build_selection_item(row: Selection, *, whole: bool) -> SelectionItem:
    """A version in a list; until it is adopted others than those who work on it see no state."""
    told = SelectionItem.model_validate(row)
    return told if whole or row.state in RELEASED_STATES else told.model_copy(update={"state": "in_work"})


def build_selection_answer(described: SelectionDescription, language: Language) -> SelectionAnswer:
    """A selection in short; what the council works with is for those who hold the conference."""
    row = described.selection
    return SelectionAnswer(
        **build_selection_item(row, whole=described.whole).model_dump(),
        decision=None if described.decision is None else DecisionAnswer.model_validate(described.decision),
        reasons_released_at=row.reasons_released_at,
        work=_build_work_answer(described, language) if described.whole else None,
    )


def _build_work_answer(described: SelectionDescription, language: Language) -> WorkAnswer:
    row = described.selection
    result: Mapping[str, Any] = row.result or {}
    return WorkAnswer(
        run=row.run,
        snapshot=row.snapshot,
        reason=row.reason,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        nodes=row.nodes,
        digest=result.get("digest"),
        score=result.get("score"),
        shortfalls=result.get("shortfalls", []),
        targets=[_build_target_answer(each, language) for each in result.get("states", [])],
        prices=result.get("prices", []),
        cost=result.get("cost"),
        clash=_read_clash_answer(result.get("clash"), language),
        tied=result.get("tied", []),
        lots=row.lots,
        announcement=(
            None
            if described.announcement is None
            else SelectionLotAnnouncementAnswer.model_validate(described.announcement)
        ),
        lot=None if row.lot is None else LotAnswer.model_validate(_omit_key(row.lot, "before")),
        edits=[_add_reason(each, described) for each in row.edits],
        leaving=[_add_reason(each, described) for each in row.leaving],
        unfilled=result.get("unfilled", []),
        findings=translate_findings(read_findings([*row.findings, *result.get("findings", [])]), language),
    )


def _add_reason(line: Mapping[str, Any], described: SelectionDescription) -> Any:
    return {**line, "reason": described.reasons.get(line["nomination"])}


def _omit_key(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != name}


def _build_target_answer(state: Mapping[str, Any], language: Language) -> SelectionTargetAnswer:
    (finding,) = translate_findings(read_findings([state["finding"]]), language)
    return SelectionTargetAnswer(**{**_omit_key(state, "open_places"), "finding": finding})


def _read_clash_answer(content: Mapping[str, Any] | None, language: Language) -> ClashAnswer | None:
    if content is None:
        return None
    return ClashAnswer(
        demands=translate_findings(read_findings(content["demands"]), language),
        minimal=content["minimal"],
        certified=content["certified"],
        relaxations=[translate_findings(read_findings(each), language) for each in content["relaxations"]],
        asks=translate_findings(
            read_findings([_omit_key(each, "sure") for each in content["asks"]]), language
        ),
    )


def build_clash_answer(why: Clash | None, language: Language) -> ClashAnswer | None:
    """A clash that was just found."""
    if why is None:
        return None
    return ClashAnswer(
        demands=translate_findings([each.finding for each in why.demands], language),
        minimal=why.minimal,
        certified=why.certified,
        relaxations=[
            translate_findings([one.finding for one in each.changes], language) for each in why.relaxations
        ],
        asks=translate_findings([each.finding for each in why.asks], language),
    )


def build_cost_answer(cost: ListCost | None) -> CostAnswer | None:
    """A cost that was just found."""
    return None if cost is None else CostAnswer.model_validate(cost)


def build_place_answer(seated: SeatedPerson, language: Language, *, reasons: bool) -> SelectionPlaceAnswer:
    """What became of one nomination; without ``reasons`` only that."""
    row = seated.row
    if not isinstance(row, SelectionPlace):
        raise TypeError("a place of a selection is wanted")
    return SelectionPlaceAnswer(
        nomination=row.nomination,
        person=seated.person,
        name=seated.person_name,
        unit=_build_unit_name(seated),
        group=row.group,
        outcome=row.outcome,
        alternate_no=row.alternate_no,
        hold=row.hold if reasons else None,
        reason=_translate_reason(row, language) if reasons else None,
    )


def _translate_reason(row: SelectionPlace, language: Language) -> FindingAnswer | None:
    if row.reason is None:
        return None
    params = {"nominee": str(row.nomination), "points": row.points}
    (told,) = translate_findings(
        [Finding(f"selection_left_out_{row.reason}", params, severity=Severity.INFO)], language
    )
    return told


def build_delegate_answer(seated: SeatedPerson) -> DelegateAnswer:
    """Somebody who goes."""
    row = seated.row
    if not isinstance(row, Delegate):
        raise TypeError("a delegate is wanted")
    return DelegateAnswer(
        id=row.id,
        nomination=row.nomination,
        person=seated.person,
        name=seated.person_name,
        unit=_build_unit_name(seated),
        group=row.group,
        replaces=row.replaces,
        selection=row.selection,
        created_at=row.created_at,
    )


def _build_unit_name(seated: SeatedPerson) -> UnitName:
    unit, code, name = seated.unit
    return UnitName(id=unit, code=code, name=name)
