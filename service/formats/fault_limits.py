"""How many faults of one input are looked for: the validation stops early, however many there are.

The validation library collects every fault. An input of 5 MB can have a million of them, which take much
longer to list than the input took to send.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import CoreSchema, PydanticOmit, core_schema

MOST_FAULTS = 100
"""The most faults that one answer tells."""

Check = Callable[[Any], Any]

_PARTS = ("items_schema", "keys_schema", "values_schema")
_CONTAINERS = ("list", "set", "frozenset", "dict")


@dataclass(slots=True)
class FaultBudget:
    """How many more faults of an input may be found, and whether parts of it were not checked any more."""

    left: int = MOST_FAULTS
    stopped: bool = False


_budget: ContextVar[FaultBudget | None] = ContextVar("fault_budget", default=None)


@contextmanager
def limit_faults() -> Iterator[FaultBudget]:
    """Within this, an input is checked only until it has ``MOST_FAULTS`` faults."""
    budget = FaultBudget()
    token = _budget.set(budget)
    try:
        yield budget
    finally:
        _budget.reset(token)


def check_within_budget(value: Any, check: Check) -> Any:
    """Check a part of an input; with enough faults found already it is left out, unchecked."""
    budget = _budget.get()
    if budget is None:
        return check(value)
    if budget.left <= 0:
        budget.stopped = True
        raise PydanticOmit
    before = budget.left
    try:
        return check(value)
    except ValidationError as error:
        budget.left = min(budget.left, before - error.error_count())
        raise


def check_object(value: Any, check: Check, names: Collection[str]) -> Any:
    """Check an object with fields of these names; of its unknown fields only the first are looked at."""
    if isinstance(value, dict) and len(value) > len(names) + MOST_FAULTS:
        unknown = set(islice((name for name in value if name not in names), MOST_FAULTS + 1))
        value = {name: part for name, part in value.items() if name in names or name in unknown}
    return check_within_budget(value, check)


def limit_fields(schema: CoreSchema) -> CoreSchema:
    """The schema of a model, in whose fields the parts of lists and dictionaries are checked in the budget.

    Models in them do so themselves, with :func:`check_object`.
    """
    own: Any = schema
    while own["type"] != "model":
        own = own["schema"]
    _limit_node(own["schema"])
    return schema


def _limit_node(node: Any) -> None:
    if isinstance(node, list | tuple):
        for each in node:
            _limit_node(each)
    elif isinstance(node, dict) and node.get("type") != "model":
        for name, each in node.items():
            if name not in ("serialization", "metadata"):
                _limit_node(each)
        if node.get("type") in _CONTAINERS:
            for name in _PARTS:
                if name in node:
                    node[name] = _wrap_part(node[name])
        elif node.get("type") == "tuple" and (place := node.get("variadic_item_index")) is not None:
            node["items_schema"][place] = _wrap_part(node["items_schema"][place])


def _wrap_part(part: Any) -> CoreSchema:
    """The schema of a part, checked within the budget; one that is a model does so itself."""
    checks_itself = part["type"] == "function-wrap" and (
        part["schema"]["type"] == "model" or part["function"].get("function") is check_within_budget
    )
    if checks_itself or part["type"] == "any":
        schema: CoreSchema = part
        return schema
    return core_schema.no_info_wrap_validator_function(check_within_budget, part)
