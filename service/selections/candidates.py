"""Who stands once where several name the same person, and whose seats those are that a unit gave away."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from db.nominations import Nomination
from db.quotas import Quota
from domain.findings import Finding, Plain, Severity
from domain.nominations import NominationState

Place = tuple[UUID, str]
"""Unit and seat group."""


def choose_candidates(
    rows: Sequence[Nomination], dropped: Collection[UUID], before: Collection[UUID]
) -> list[Nomination]:
    """A person whom several units named stands once: who has the seat, who stood ``before``, or who alone
    was not dropped; for who was dropped everywhere one of them is enough."""
    by_person: dict[UUID, list[Nomination]] = defaultdict(list)
    for row in rows:
        by_person[row.person].append(row)
    kept: list[Nomination] = []
    for same in by_person.values():
        kept += (
            [row for row in same if row.state == NominationState.ACCEPTED]
            or [row for row in same if row.id in before]
            or [row for row in same if row.id not in dropped]
            or same[:1]
        )
    return kept


def build_duplicate_finding(row: Nomination, invited: bool) -> Finding:
    """What is said of a nomination that is set aside."""
    params: dict[str, Plain] = {"nomination": str(row.id)}
    code = "selection_already_invited" if invited else "selection_stands_by_another"
    return Finding(code, params, severity=Severity.WARNING)


def map_origins_by_place(held: Sequence[Quota]) -> dict[Place, Place]:
    """Places whose seats were distributed from above → the place to which they were allocated."""
    known = {row.id: row for row in held}
    found = {}
    for row in held:
        top = row
        while top.parent is not None:
            top = known[top.parent]
        if top is not row:
            found[row.unit, row.group] = (top.unit, top.group)
    return found
