"""Quotas: how large they may be, what no longer fits, and what is left to distribute to the units below."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, Protocol, Self
from uuid import UUID

from domain.apportionment import Claim
from domain.calendar import day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.plans import Plan, SeatGroup, Tier
from domain.snapshots import plain_record

MOST_NOMINEES = 10**9
"""However a plan multiplies, no unit names more; the database counts them in 32 bits."""


class QuotaSource(StrEnum):
    """Where the seats of a quota come from."""

    ALLOCATION = "allocation"
    """An adopted allocation of the conference."""
    RECEIVED = "received"
    """The document of a higher council."""
    DISTRIBUTED = "distributed"
    """The quota of the unit above."""


class QuotaState(StrEnum):
    """The state of a received quota: one person enters its seats, and another confirms them."""

    ENTERED = "entered"
    """Its seats wait for the second person; nothing counts yet."""
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    """Other seats wait for the second person; until then those confirmed before count."""
    WITHDRAWN = "withdrawn"
    """What was entered was taken back; it has no seats."""


QuotaAct = Literal["replace", "confirm", "withdraw"]

QUOTA_TRANSITIONS: Mapping[QuotaAct, Mapping[QuotaState, QuotaState]] = {
    "replace": {
        QuotaState.ENTERED: QuotaState.ENTERED,
        QuotaState.CONFIRMED: QuotaState.CHANGED,
        QuotaState.CHANGED: QuotaState.CHANGED,
        QuotaState.WITHDRAWN: QuotaState.ENTERED,
    },
    "confirm": {QuotaState.ENTERED: QuotaState.CONFIRMED, QuotaState.CHANGED: QuotaState.CONFIRMED},
    "withdraw": {QuotaState.ENTERED: QuotaState.WITHDRAWN, QuotaState.CHANGED: QuotaState.CONFIRMED},
}
"""Act → state before → state after."""


@dataclass(frozen=True, slots=True)
class QuotaDocument:
    """The document that gives a quota: kind, issuing organ, number and day, and its conditions in words."""

    kind: str
    organ: str
    number: str
    dated: date
    conditions: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The document as plain data."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(**{**plain, "dated": date.fromisoformat(plain["dated"])})


@dataclass(frozen=True, slots=True)
class QuotaEntry:
    """Seats that one person entered from a document, and that wait for a second person."""

    seats: int
    document: QuotaDocument
    entered_by: str
    entered_at: datetime

    def plain(self) -> dict[str, Plain]:
        """The entry as plain data."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        document = QuotaDocument.read(plain["document"])
        entered_at = datetime.fromisoformat(plain["entered_at"])
        return cls(plain["seats"], document, plain["entered_by"], entered_at)


class QuotaRecord(Protocol):
    """A quota as it is stored. The rules below that look at several quotas read it, and change nothing."""

    unit: UUID
    group: str
    source: QuotaSource
    entered: QuotaEntry | None
    seats: int
    nominee_limit: int
    taken: int
    nominated: int
    distributed: int
    excess_taken: int
    excess_nominated: int


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How a quota is used: nominees ``taken`` (accepted) and ``nominated`` (submitted or accepted) by its own
    unit, and seats ``distributed`` to the units below."""

    taken: int = 0
    nominated: int = 0
    distributed: int = 0


@dataclass(frozen=True, slots=True)
class QuotaSize:
    """Seats and nominee limit of a quota, and by how much its use exceeds each of them."""

    seats: int
    nominee_limit: int
    excess_taken: int = 0
    excess_nominated: int = 0


@dataclass(frozen=True, slots=True)
class QuotaTree:
    """A quota with its use, and the quotas into which it was distributed."""

    id: UUID
    use: QuotaUse
    below: tuple["QuotaTree", ...] = ()

    @property
    def committed_seats(self) -> int:
        """The seats that nobody can take from it any more: accepted people, its own and those below it."""
        return self.use.taken + sum(each.committed_seats for each in self.below)


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """A quota's new size, and the seats that are distributed from it from now on."""

    id: UUID
    size: QuotaSize
    distributed: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A unit's list that no longer fits its quota. Nobody is cut: the unit and its superior settle it."""

    unit: UUID
    group: str
    seats: int
    taken: int
    nominee_limit: int
    nominated: int


def derive_quota_state(document: QuotaDocument | None, entered: QuotaEntry | None) -> QuotaState:
    """The state of a received quota with this ``document`` in force, and with seats that wait or not."""
    if entered is not None:
        return QuotaState.ENTERED if document is None else QuotaState.CHANGED
    return QuotaState.WITHDRAWN if document is None else QuotaState.CONFIRMED


def compute_seats_since(created_at: datetime, confirmed_at: datetime | None) -> date:
    """The day since which a unit has known of seats: those from above when they were first confirmed
    (``confirmed_at``), all others when their quota was made."""
    return day_in_vietnam(confirmed_at or created_at)


def expect_quota_state(act: QuotaAct, state: QuotaState) -> None:
    """Raise ``Conflict`` unless the state of a received quota allows the act."""
    if state not in QUOTA_TRANSITIONS[act]:
        raise Conflict("quota_state", {"state": state, "needed": next(iter(QUOTA_TRANSITIONS[act]))})


def is_in_force(source: QuotaSource, document: QuotaDocument | None) -> bool:
    """Whether a quota has its seats: of a received one, something was confirmed with its document."""
    return source is not QuotaSource.RECEIVED or document is not None


def expect_confirmed(source: QuotaSource, document: QuotaDocument | None) -> None:
    """Raise ``Conflict`` for a received quota of which nothing was confirmed: it has no seats to use."""
    if not is_in_force(source, document):
        raise Conflict("quota_not_confirmed")


def compute_size(use: QuotaUse, seats: int, nominee_limit: int) -> QuotaSize:
    """The size of a quota with that use; what is used beyond it is recorded as excess, not cut."""
    return QuotaSize(
        seats,
        nominee_limit,
        max(0, use.taken + use.distributed - seats),
        max(0, use.nominated + use.distributed - nominee_limit),
    )


def must_recall_seats(use: QuotaUse, seats: int) -> bool:
    """Whether a quota of so many seats takes distributed seats back: they and its own people do not fit."""
    return use.distributed > 0 and use.taken + use.distributed > seats


def compute_changes(quota: QuotaTree, seats: int, nominee_limit: int) -> tuple[QuotaChange, ...]:
    """The changes that give a quota another size, those below it first and the quota itself last.

    Where its own people and what it distributed no longer fit, the units below keep only the seats that are
    taken; the others come back, so that all together never accept more than the quota has.
    """
    use, below = quota.use, tuple[QuotaChange, ...]()
    if must_recall_seats(use, seats):
        below = tuple(_recall_seats(quota))
        use = replace(use, distributed=quota.committed_seats - use.taken)
    return (*below, QuotaChange(quota.id, compute_size(use, seats, nominee_limit), use.distributed))


def _recall_seats(quota: QuotaTree) -> Iterator[QuotaChange]:
    """Leave every quota below as many seats as nobody can take from it any more."""
    for each in quota.below:
        yield from _recall_seats(each)
        committed = each.committed_seats
        use = replace(each.use, distributed=committed - each.use.taken)
        yield QuotaChange(each.id, compute_size(use, committed, committed), use.distributed)


def compute_nominee_limit(group: SeatGroup, seats: int) -> int:
    """How many a unit may name for its seats, as the plan has it."""
    return min(group.compute_nominee_limit(seats), MOST_NOMINEES)


def expect_units_group(tier: Tier, name: str) -> SeatGroup:
    """The seat group of that name; raises ``Invalid`` unless the tier has one that units fill."""
    group = tier.find_seat_group(name)
    if group is None or group.filled_by != "units":
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    return group


def expect_within_group(group: SeatGroup, cap: int | None, seats: int) -> None:
    """Raise ``Invalid`` for a unit with more seats than its group, or than the whole conference.

    ``cap`` is that of the conference; the smallest number that the plan states counts.
    """
    stated = [most for most in (group.seats, group.maximum, cap) if most is not None]
    if stated and seats > min(stated):
        params: dict[str, Plain] = {"seats": seats, "most": min(stated), "group": group.id}
        raise Invalid("quota_over_group", params, errors=[Finding("quota_over_group", params, "/seats")])


def expect_no_other_source(stored: Iterable[QuotaRecord], places: Mapping[tuple[UUID, str], str]) -> None:
    """Raise ``Conflict`` for places, (unit, group) → the unit's code, that have seats from somewhere else.

    From above, or from the unit over it; a received quota of nothing does not count. Seats that wait for a
    second person do: they may neither be given twice nor get lost.
    """
    others = [row for row in stored if (row.unit, row.group) in places and not _is_empty(row)]
    received: list[Plain] = [
        places[row.unit, row.group] for row in others if row.source is QuotaSource.RECEIVED
    ]
    if received:
        errors = [Finding("quota_received_already", {"units": [unit]}) for unit in received]
        raise Conflict("quota_received_already", {"units": received}, errors=errors)
    shared: list[Plain] = [
        places[row.unit, row.group] for row in others if row.source is QuotaSource.DISTRIBUTED
    ]
    if shared:
        errors = [Finding("quota_distributed_already", {"units": [unit]}) for unit in shared]
        raise Conflict("quota_distributed_already", {"units": shared}, errors=errors)


def expect_room_beside(
    stored: Iterable[QuotaRecord], numbers: Mapping[str, int | None], allocated: Mapping[str, int]
) -> None:
    """Raise ``Conflict`` for groups that received quotas leave fewer seats than are to be allocated.

    ``numbers`` is group → its number or maximum, ``allocated`` group → the seats of the allocation. It is
    said at the start; the database refuses the same at the adoption.
    """
    received = [row for row in stored if row.source is QuotaSource.RECEIVED]
    errors = []
    for group, seats in allocated.items():
        number, beside = numbers.get(group), sum(row.seats for row in received if row.group == group)
        if number is not None and beside and beside + seats > number:
            params: dict[str, Plain] = {"group": group, "received": beside, "seats": seats, "most": number}
            errors.append(Finding("group_received_already", params))
    if errors:
        raise Conflict("group_received_already", errors[0].params, errors=errors)


def check_planned_seats(plan: Plan, tier: Tier, unit: str, quota: QuotaRecord) -> Iterator[Finding]:
    """A finding about a received quota of another number than the plan itself states; ``unit`` is a code.

    Seats that wait for the second person are compared, so that they read it before they confirm.
    """
    seats = quota.seats if quota.entered is None else quota.entered.seats
    for stated in plan.quotas if quota.source is QuotaSource.RECEIVED else ():
        place = stated.tier, stated.group, stated.unit
        if place == (tier.id, quota.group, unit) and stated.seats not in (None, seats):
            params: dict[str, Plain] = {"group": quota.group, "seats": seats, "planned": stated.seats}
            clause = stated.clause or stated.decision
            yield Finding("quota_differs_from_plan", params, clause=clause, severity=Severity.WARNING)


def _is_empty(quota: QuotaRecord) -> bool:
    waiting = quota.entered is not None and quota.entered.seats
    used = quota.seats or quota.taken or quota.nominated or quota.distributed or waiting
    return quota.source is QuotaSource.RECEIVED and not used


def build_misfit(quota: QuotaRecord) -> Misfit:
    """What a quota says of a list that no longer fits."""
    return Misfit(quota.unit, quota.group, quota.seats, quota.taken, quota.nominee_limit, quota.nominated)


def find_misfit(quota: QuotaRecord) -> Misfit | None:
    """What a quota says of its unit's list, if that no longer fits."""
    return build_misfit(quota) if quota.excess_taken or quota.excess_nominated else None


def expect_nothing_pending(use: QuotaUse) -> None:
    """Raise ``Conflict`` for a quota with nominations that are not decided: their seats are not free."""
    if use.nominated > use.taken:
        raise Conflict("nominations_pending", {"pending": use.nominated - use.taken})


def count_free_seats(unfilled: int, committed: Mapping[str, int], units: Collection[str]) -> int:
    """The seats of a quota that its unit can share over the ``units`` below it.

    Of those that it has not filled itself (``unfilled``), those are not free that are ``committed`` (unit →
    seats) in a unit that had a part of the quota before and is no longer below.
    """
    elsewhere = sum(count for unit, count in committed.items() if unit not in units)
    return max(0, unfilled - elsewhere)


def build_claim(unit: str, figure: int, committed: int, *, floor: int = 0, cap: int | None = None) -> Claim:
    """A unit's claim to seats of the quota above it.

    Whoever was accepted there keeps the seat: neither floor nor cap is below the ``committed`` seats.
    """
    most = None if cap is None else max(cap, committed)
    return Claim(unit, Fraction(figure), max(floor, committed), most)


def compute_seats_below(committed: Mapping[str, int], shared: Mapping[str, int]) -> Mapping[str, int]:
    """unit → its seats after a distribution, as they were ``shared``.

    A unit that had a part of the quota before and has none now keeps the ``committed`` seats.
    """
    return {**committed, **shared}
