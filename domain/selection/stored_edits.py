"""What a list remembers of the council's edits and of delegates who cannot come.

Each has its reason sealed by the key of the person whom it is about; it is gone when that key is destroyed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.findings import Plain


class EditAct(StrEnum):
    """What the council does with a nomination."""

    PIN = "pin"
    """It is on the list, whatever is chosen."""
    DROP = "drop"
    """It is not on the list."""


@dataclass(frozen=True, slots=True)
class SealedReason:
    """A sealed reason, ``None`` where the person's key was gone already, and the ``person`` whose key it is.

    Later another person may be nominated for the same collective.
    """

    reason: str | None
    person: UUID


@dataclass(frozen=True, slots=True)
class StoredEdit:
    """An edit of one nomination, ``by`` the actor who made it."""

    act: EditAct
    nomination: UUID
    sealed: SealedReason
    by: str

    def plain(self) -> dict[str, Plain]:
        """The edit as plain data, as a selection stores it."""
        return {**self.plain_openly(), **_plain_reason(self.sealed)}

    def plain_openly(self) -> dict[str, Plain]:
        """The edit without its reason and the person, for the audit trail."""
        return {"act": self.act.value, "nomination": str(self.nomination), "by": self.by}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "StoredEdit":
        """The inverse of ``plain()``."""
        nomination = UUID(content["nomination"])
        return cls(EditAct(content["act"]), nomination, _read_reason(content), content["by"])


@dataclass(frozen=True, slots=True)
class StoredLeave:
    """A delegate who cannot come; ``authority`` is by whom a late replacement was allowed, or empty."""

    delegate: UUID
    nomination: UUID
    sealed: SealedReason
    authority: str

    def plain(self) -> dict[str, Plain]:
        """The leave as plain data, as a selection stores it."""
        return {**self.plain_openly(), **_plain_reason(self.sealed)}

    def plain_openly(self) -> dict[str, Plain]:
        """The leave without its reason and the person, for the audit trail."""
        return {
            "delegate": str(self.delegate),
            "nomination": str(self.nomination),
            "authority": self.authority,
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "StoredLeave":
        """The inverse of ``plain()``."""
        delegate, nomination = UUID(content["delegate"]), UUID(content["nomination"])
        return cls(delegate, nomination, _read_reason(content), content["authority"])


def list_edited(edits: Iterable[StoredEdit], act: EditAct) -> list[str]:
    """The nominations, as a pool names them, that edits pin or drop."""
    return [str(each.nomination) for each in edits if each.act is act]


def _plain_reason(sealed: SealedReason) -> dict[str, Plain]:
    return {"reason": sealed.reason, "person": str(sealed.person)}


def _read_reason(content: Mapping[str, Any]) -> SealedReason:
    return SealedReason(content["reason"], UUID(content["person"]))
