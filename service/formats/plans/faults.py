"""The findings for a body that is not of the format."""

from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

from pydantic import ValidationError

from domain.findings import Finding
from service.formats.validation import build_finding, follow_path

MAX_FINDINGS = 200
"""The most findings for one body; of more errors, only the first ones."""


def build_findings(body: Any, error: ValidationError, kind: type) -> tuple[Finding, ...]:
    """What is wrong with a body of this kind, place by place, at most :data:`MAX_FINDINGS`."""
    details = _list_details(error)
    causes = [each for each in details if not _is_consequence(each, details)][:MAX_FINDINGS]
    return tuple(build_finding(each, each["loc"], body, kind) for each in causes)


def drop_unknown_fields(body: Any, error: ValidationError, kind: type) -> tuple[Any, tuple[Finding, ...]]:
    """A body without unknown fields, and the findings for those."""
    unknown = [each for each in _list_details(error) if each["type"] == "extra_forbidden"]
    rest = deepcopy(body) if unknown else body
    for *path, name in [follow_path(each, each["loc"], body) for each in unknown]:
        with suppress(KeyError):  # it was removed with its parent
            del reduce(getitem, path, rest)[name]
    return rest, tuple(build_finding(each, each["loc"], body, kind) for each in unknown)


def _list_details(error: ValidationError) -> Sequence[Any]:
    return error.errors(include_url=False, include_input=False)


def _is_consequence(error: Any, details: Sequence[Any]) -> bool:
    """Whether a list is called too short only because its members are faulty."""
    if error["type"] != "too_short":
        return False
    place = error["loc"]
    return any(len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in details)
