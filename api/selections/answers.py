"""Answers about a selection: a summary, the outcome of each nomination, and the delegates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.allocations.answers import DecisionAnswer
from api.findings import FindingAnswer, read_findings, translate_findings
from api.http.types import Answer
from api.units.answers import UnitName
from db.selections import RELEASED_STATES, Delegate, Selection, SelectionPlace
from domain.findings import Finding, Severity
from domain.selection.clashes import Clash
from domain.selection.prices import ListCost
from service.selections import SeatedPerson, SelectionDescription
from service.texts import Language


class SelectionItem(Answer):
    """A version of a conference's selection, in a list."""

    id: UUID
    conference: UUID
    n: int
    state: str = Field(
        description="`computing`, `lots_required`, `infeasible`, `unproven`, `decided`, `proposed`,"
        " `approved`, `adopted`, `superseded` or `failed`; `in_work` if not visible before the adoption."
    )
    how: str = Field(description="`computed`, `edited` by the council, or `mended` after a delegate left.")
    amends: UUID | None = Field(description="The version that it is based on or would replace.")
    created_at: datetime


class ShortfallAnswer(Answer):
    """How far a list misses the targets of one priority, in persons times weight."""

    priority: int
    short: int


class SelectionTargetAnswer(Answer):
    """How the list meets one target."""

    target: str
    standing: str
    yes: int
    no: int
    unknown: int
    least: int | None
    most: int | None
    finding: FindingAnswer


class PriceAnswer(Answer):
    """The estimated points that one person more (`least`) or fewer (`most`) in a target costs."""

    target: str
    side: str
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

    act: str = Field(description="`pin` or `drop`.")
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

    how: str
    order: list[UUID]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: str
    recorded_by: str


class SelectionLotAnnouncementAnswer(Answer):
    """The announced source and day of the seed for the lot."""

    source: str
    digits: int
    drawn_on: date
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
    digest: str | None = Field(description="SHA-256 of the outcome, list, shortfalls and score.")
    score: int | None
    shortfalls: list[ShortfallAnswer]
    targets: list[SelectionTargetAnswer]
    prices: list[PriceAnswer]
    cost: CostAnswer | None = Field(description="Compared with the version it is based on.")
    clash: ClashAnswer | None
    tied: list[UUID] = Field(description="Nominations among which a lot must be drawn.")
    lots: list[UUID] = Field(description="The drawn order of nominations; later nominations come after them.")
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
    outcome: str = Field(description="`chosen`, `alternate`, or `off`: excluded before the selection.")
    alternate_no: int | None
    hold: str | None = Field(description="What was decided about the person before the selection.")
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
    created_at: datetime


class SelectionWhatIfAnswer(Answer):
    """The best list after an edit that is only tried."""

    outcome: str = Field(description="`proven`, `best_so_far`, `unfinished` or `infeasible`.")
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
    """Build the answer for a computed clash."""
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
    """Build the answer for a computed cost."""
    return None if cost is None else CostAnswer.model_validate(cost)


def build_place_answer(seated: SeatedPerson, language: Language, *, reasons: bool) -> SelectionPlaceAnswer:
    """Build the outcome of a nomination; the reasons only with ``reasons``."""
    row = seated.row
    if not isinstance(row, SelectionPlace):
        raise TypeError("the row is no place of a selection")
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
    finding = Finding(f"selection_left_out_{row.reason}", params, severity=Severity.INFO)
    return translate_findings([finding], language)[0]


def build_delegate_answer(seated: SeatedPerson) -> DelegateAnswer:
    """Build the answer for a delegate."""
    row = seated.row
    if not isinstance(row, Delegate):
        raise TypeError("the row is no delegate")
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
