"""Answers about a pool: the number of nominees for each target and value."""

from typing import Any

from pydantic import Field

from api.findings import FindingAnswer, translate_findings
from api.http.types import Answer
from domain.selection.target_counts import TargetCount, ValueCount
from service.texts import Translator


class CountAnswer(Answer):
    """The nominees for one target, without regard to other targets."""

    target: str
    least: int | None
    most: int | None
    yes: int
    no: int
    unknown: int
    reachable: int = Field(description="The most such people that a list can have.")
    unavoidable: int = Field(description="The fewest such people, counting those without a value.")
    finding: FindingAnswer


class ValueCountAnswer(Answer):
    """The nominees with one value of an attribute."""

    attribute: str
    value: str
    named: int
    reachable: int


class PoolAnswer(Answer):
    """The pool in numbers."""

    targets: list[CountAnswer]
    values: list[ValueCountAnswer]
    findings: list[FindingAnswer]


def build_count_answer(count: TargetCount, translator: Translator) -> CountAnswer:
    """Build the counts for one target."""
    (finding,) = translate_findings([count.finding], translator)
    return CountAnswer.model_validate({**_plain_count(count), "finding": finding})


def _plain_count(count: TargetCount) -> dict[str, Any]:
    names = ("target", "least", "most", "yes", "no", "unknown", "reachable", "unavoidable")
    return {name: getattr(count, name) for name in names}


def build_value_answer(count: ValueCount) -> ValueCountAnswer:
    """Build the counts for one value."""
    return ValueCountAnswer.model_validate(count)
