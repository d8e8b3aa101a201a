"""What is answered about a pool: how many there are for each target and value."""

from typing import Any

from pydantic import Field

from api.shared_answers import FindingAnswer, translate_findings
from api.types import Answer
from domain.selection.pool_counts import TargetCount, ValueCount
from service.texts import Language


class CountAnswer(Answer):
    """One target and the pool, by itself."""

    target: str
    least: int | None
    most: int | None
    yes: int
    no: int
    unknown: int
    reachable: int = Field(description="The most a list can have.")
    unavoidable: int = Field(description="The least, those who have not said included.")
    finding: FindingAnswer


class ValueCountAnswer(Answer):
    """One value in the pool."""

    attribute: str
    value: str
    named: int
    reachable: int


class PoolAnswer(Answer):
    """The pool in numbers."""

    targets: list[CountAnswer]
    values: list[ValueCountAnswer]
    findings: list[FindingAnswer]


def build_count_answer(count: TargetCount, language: Language) -> CountAnswer:
    """One target and the pool."""
    (finding,) = translate_findings([count.finding], language)
    return CountAnswer.model_validate({**_plain_count(count), "finding": finding})


def _plain_count(count: TargetCount) -> dict[str, Any]:
    names = ("target", "least", "most", "yes", "no", "unknown", "reachable", "unavoidable")
    return {name: getattr(count, name) for name in names}


def build_value_answer(count: ValueCount) -> ValueCountAnswer:
    """One value in the pool."""
    return ValueCountAnswer.model_validate(count)
