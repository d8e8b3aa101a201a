"""Files of units or figures as they are stored, from the check to the confirmation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Self

from domain.findings import Conflict, Finding, Plain, Severity

FileKind = Literal["units", "figures"]
"""What each row of a file describes."""

SheetMedia = Literal["csv", "xlsx"]
"""The format of a file."""


class ImportState(StrEnum):
    """The state of a file that was sent."""

    CHECKED = "checked"
    FAULTY = "faulty"
    CONFIRMED = "confirmed"


IMPORT_TRANSITIONS: Mapping[Literal["confirm"], Mapping[ImportState, ImportState]] = {
    "confirm": {ImportState.CHECKED: ImportState.CONFIRMED}
}
"""Act → state before → state after."""


def derive_state_of_check(findings: Iterable[Finding]) -> ImportState:
    """The state of a file after its check: with an error it is faulty, and cannot be confirmed."""
    faulty = any(finding.severity is Severity.ERROR for finding in findings)
    return ImportState.FAULTY if faulty else ImportState.CHECKED


def derive_confirmed_state(state: ImportState) -> ImportState:
    """The state after the confirmation; raises ``Conflict`` for a faulty file, or one that was confirmed."""
    if state not in IMPORT_TRANSITIONS["confirm"]:
        raise Conflict("import_not_checked", {"state": state})
    return IMPORT_TRANSITIONS["confirm"][state]


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """The table of a file as it was sent; ``header_row`` counts from 1, 0 is none."""

    media: SheetMedia
    rows: tuple[tuple[str, ...], ...]
    header_row: int

    def plain(self) -> dict[str, Plain]:
        """The table as plain data."""
        return {
            "media": self.media,
            "rows": [list(cells) for cells in self.rows],
            "header_row": self.header_row,
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(plain["media"], tuple(tuple(cells) for cells in plain["rows"]), plain["header_row"])


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How many rows a file has, and how many units or reports its confirmation stored."""

    rows: int
    stored: int | None = None

    def plain(self) -> dict[str, Plain]:
        """The counts as plain data."""
        return {"rows": self.rows, "stored": self.stored}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(plain["rows"], plain["stored"])
