"""Words that a plan defines for itself, beside those of the reference lists."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedKind:
    """A kind of unit that the reference list does not have."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedMeasure:
    """A figure of units that the reference list does not have; units then report it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedHonour:
    """A title or an award that the law does not have, by its name."""

    name: str
    kind: Literal["title", "award"] = "title"
