"""Votes: how a conference passed its list of delegates ("Thông qua danh sách đại biểu" in the agenda)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from domain.findings import Finding, Plain
from domain.snapshots import plain_record


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote by which a unit's conference passed its list."""

    on: date
    in_favour: int
    present: int
    minutes: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The vote as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The vote that ``plain`` wrote."""
        return cls(**{**plain, "on": date.fromisoformat(plain["on"])})


def has_passed_vote(vote: Vote | None) -> bool:
    """Whether the conference passed the name: more than half of those present were in favour."""
    return vote is not None and 2 * vote.in_favour > vote.present


def is_list_binding(votes: Sequence[Vote | None], *, reopened: bool) -> bool:
    """Whether a unit's list stays as its conference passed it: it passed every name on it.

    ``votes`` are those of the names for one place; a place that the council has ``reopened`` is never bound.
    """
    return not reopened and bool(votes) and all(has_passed_vote(vote) for vote in votes)


def check_vote(vote: Vote | None) -> list[Finding]:
    """A finding where more were in favour than were present."""
    if vote is None or vote.in_favour <= vote.present:
        return []
    params: dict[str, Plain] = {"in_favour": vote.in_favour, "present": vote.present}
    return [Finding("vote_over_present", params, "/vote/in_favour")]
