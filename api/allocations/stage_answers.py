"""Answers about the stages of an allocation: rule, seats, the tie that waits, and the repair."""

from typing import Annotated, Literal

from pydantic import Field

from api.apportionment_answers import RepairAnswer, RuleAnswer, build_repair_answer
from api.http.types import Answer
from domain.allocations import StageSummary
from domain.apportionment.components import Rounding
from domain.apportionment.result import Status
from domain.lots import SettlementMethod
from service.texts import Translator


class FixedSeatsAnswer(Answer):
    """Numbers of seats decided for single units."""

    kind: Literal["fixed"]
    seats: dict[str, int]
    reason: str


class BaseSeatsAnswer(Answer):
    """The same number of seats for every unit."""

    kind: Literal["base"]
    each: int
    merged: dict[int, int] = Field(description="Number of merged units → seats of the new unit.")
    times_predecessors: bool = Field(description="True: `each` for each of the merged units.")


class StepSeatsAnswer(Answer):
    """Seats for every so many of a measure."""

    kind: Literal["step"]
    measure: dict[str, str]
    every: str
    each: int
    rounding: Rounding
    most: int | None
    above: str = "0"
    to: str | None = None


ComponentAnswer = Annotated[FixedSeatsAnswer | BaseSeatsAnswer | StepSeatsAnswer, Field(discriminator="kind")]


class TiedUnitAnswer(Answer):
    """A unit or a bloc that is tied."""

    id: str
    name: str


class OpenTieAnswer(Answer):
    """A tie that waits to be settled."""

    digest: str
    places: int
    units: list[TiedUnitAnswer]


class SettledTieAnswer(Answer):
    """How a tie of a stage was settled, with the tied units in the order of their seats."""

    stage: str
    tied_digest: str
    how: SettlementMethod
    order: list[str]


class StageAnswer(Answer):
    """A stage: the seats of a bloc over its units, or of a group over its blocs (`bloc` is then null)."""

    id: str
    group: str
    bloc: str | None
    name: str
    seats: int
    measure: str
    rule: RuleAnswer
    components: list[ComponentAnswer] = Field(description="What the group gives before the rest is shared.")
    clause: str | None
    status: Status
    tie: OpenTieAnswer | None
    repair: RepairAnswer | None
    settled: list[SettledTieAnswer] = Field(description="In their order.")


def build_stage_answer(stage: StageSummary, translator: Translator) -> StageAnswer:
    """Build the answer for a stage: fractions are written as in its plain form."""
    repair = build_repair_answer(stage.repair, stage.seats, translator)
    return StageAnswer.model_validate({**stage.plain(), "repair": repair})
