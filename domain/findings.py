"""Findings and refusals of the rules: a code with parameters, never a sentence.

A :class:`Finding` is an observation ("three women too few"); a :class:`Refused` stops an act. The sentence is
written in the reader's language by ``service.texts``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

Plain = str | int | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
"""The type of a parameter: every JSON value that is exact (no floats)."""


def escape_pointer_step(name: str | int) -> str:
    """One step of a JSON pointer (RFC 6901), escaped."""
    return str(name).replace("~", "~0").replace("/", "~1")


class Severity(StrEnum):
    """The severity of a finding."""

    ERROR = "error"
    """The rules do not allow the act to continue."""
    WARNING = "warning"
    """A person has to check or to decide."""
    INFO = "info"
    """For information."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation.

    ``code`` is stable snake_case; ``params`` are the values in its sentence; ``pointer`` is the JSON pointer
    (RFC 6901) into the input, or empty; ``clause`` is the id of the plan's clause on which it is based.
    """

    code: str
    params: Mapping[str, Plain] = field(default_factory=dict)
    pointer: str = ""
    clause: str | None = None
    severity: Severity = Severity.ERROR

    def plain(self) -> dict[str, Plain]:
        """The finding as plain data, as a row stores it."""
        return {
            "code": self.code,
            "params": dict(self.params),
            "pointer": self.pointer,
            "clause": self.clause,
            "severity": self.severity.value,
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Finding":
        """The inverse of ``plain()``."""
        return cls(**{**content, "severity": Severity(content["severity"])})


def lower_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings about what is only looked at: where the rules would refuse an act, they warn of it."""
    return tuple(
        replace(each, severity=Severity.WARNING) if each.severity is Severity.ERROR else each
        for each in findings
    )


MOST_FINDINGS = 20_000
"""The most findings about one file; with more, these have to be corrected first."""


def limit_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The first ``MOST_FINDINGS``; if there are more, an error ``findings_too_many`` follows."""
    found = list(islice(findings, MOST_FINDINGS + 1))
    if len(found) > MOST_FINDINGS:
        found[MOST_FINDINGS:] = [
            Finding("findings_too_many", {"row": 0, "column": "", "limit": MOST_FINDINGS})
        ]
    return found


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """An act that the rules refuse; ``errors`` are the places and reasons one by one."""

    def __init__(
        self, code: str, params: Mapping[str, Plain] | None = None, *, errors: Sequence[Finding] = ()
    ):
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Plain] = params or {}
        self.errors = tuple(errors)


class Invalid(Refused):
    """The request is wrong in any state of the data."""


class Conflict(Refused):
    """The request does not fit the present state of the data."""


class TooMany(Refused):
    """The actor has as much of something under way or stored as one may; ``seconds`` until less may be."""

    def __init__(self, code: str, params: Mapping[str, Plain] | None = None, *, seconds: int):
        super().__init__(code, params)
        self.seconds = seconds


class NotFound(Refused):
    """The object does not exist, or is out of the actor's reach; the answer is the same in both cases."""


class Forbidden(Refused):
    """The actor may read the object, but may not perform this act on it."""


class Stale(Refused):
    """The object has changed since the actor last read it."""
