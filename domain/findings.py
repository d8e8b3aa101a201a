"""What the rules have to say: a code and its parameters, never a sentence.

A :class:`Finding` is an observation ("three women short"); a :class:`Refused` stops the act it speaks of.
The sentence is composed at the edge, in the reader's language (``service.sentences``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

Plain = str | int | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
"""What a parameter may be: anything JSON can carry without loss (no floats)."""


def escape_pointer_step(name: str | int) -> str:
    """One step of a JSON pointer (RFC 6901), escaped."""
    return str(name).replace("~", "~0").replace("/", "~1")


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The rules forbid going on."""
    WARNING = "warning"
    """Somebody has to decide or to look."""
    INFO = "info"
    """Good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation.

    ``code`` is stable snake_case; ``params`` fill its sentence; ``pointer`` is the JSON pointer (RFC 6901)
    into the input it speaks of, or empty; ``clause`` is the id of the plan's clause it rests on.
    """

    code: str
    params: Mapping[str, Plain] = field(default_factory=dict)
    pointer: str = ""
    clause: str | None = None
    severity: Severity = Severity.ERROR


MOST_FINDINGS = 20_000
"""So many faults of one file are told; whoever has more mends these first."""


def limit_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The first ``MOST_FINDINGS``, and where there are more, an error that says that there are."""
    found = list(islice(findings, MOST_FINDINGS + 1))
    if len(found) > MOST_FINDINGS:
        found[MOST_FINDINGS:] = [
            Finding("findings_too_many", {"row": 0, "column": "", "limit": MOST_FINDINGS})
        ]
    return found


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """An act that the rules refuse; ``errors`` say where and why, one by one."""

    def __init__(
        self, code: str, params: Mapping[str, Plain] | None = None, *, errors: Sequence[Finding] = ()
    ):
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Plain] = params or {}
        self.errors = tuple(errors)


class Invalid(Refused):
    """What was sent cannot be right, whatever the state of things."""


class Conflict(Refused):
    """What was asked does not fit the present state of things."""


class NotFound(Refused):
    """It does not exist, or is out of the actor's reach: the two look the same."""


class Forbidden(Refused):
    """The actor may see it, and may not do this to it."""


class Stale(Refused):
    """It has changed since the actor last read it."""
