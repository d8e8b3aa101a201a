"""Quotas, computed by an allocation or received from above with the document that gives them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from db import quotas, units
from db.cases import RowLock
from db.columns import now
from db.quotas import Quota
from db.session import AsyncSession
from domain.access import build_forbidden
from domain.acts import Act
from domain.conferences.life import expect_open
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.quotas import (
    Misfit,
    QuotaChange,
    QuotaDocument,
    QuotaEntry,
    QuotaSource,
    QuotaTree,
    QuotaUse,
    check_planned_seats,
    compute_changes,
    compute_nominee_limit,
    derive_quota_state,
    expect_quota_state,
    expect_units_group,
    expect_within_group,
    find_misfit,
    must_recall_seats,
)
from service.access import expect_may_act_for, expect_second_person, expect_unit_visible
from service.audit import record_change, record_event, store_row
from service.conferences.case import build_case
from service.conferences.opening import expect_unit_in_chain, explain_missing_unit
from service.names import load_unit_names
from service.work import Case, Work


async def load_quota(work: Work, quota: UUID) -> tuple[Case, Quota]:
    """One quota within the actor's reach, and the case of its conference."""
    found = await quotas.find_quota_case(work.session, work.actor, quota)
    if found is None:
        raise NotFound("quota_not_found")
    return build_case(work, found[1]), found[0]


async def lock_quota(work: Work, quota: UUID, *, lock: RowLock = RowLock.SHARE) -> tuple[Case, Quota]:
    """As :func:`load_quota`, to act on it: its conference is locked first, then the quota.

    What changes the seats of a group locks the conference for change. Raises ``Forbidden`` for an actor who
    sees the quota but may not act for its unit.
    """
    found = await quotas.find_quota_case(work.session, work.actor, quota, lock=lock)
    if found is None:
        raise NotFound("quota_not_found")
    case = build_case(work, found[1])
    await expect_may_act_for(work, case.congress, found[0].unit)
    return case, await quotas.lock_quota(work.session, quota)


async def receive_quota(
    work: Work, case: Case, *, unit: UUID, group: str, seats: int, document: QuotaDocument
) -> Quota:
    """Enter a quota from the level above; it has no seats until a second person confirms them.

    Raises ``Conflict`` where an adopted allocation gives the unit seats.
    """
    expect_open(case.conference.state)
    expect_within_group(expect_units_group(case.tier, group), _get_most_delegates(case), seats)
    await _expect_unit_below(work, case, unit)
    if await quotas.find_unit_quota(work.session, case.conference.id, unit, group) is not None:
        raise Conflict("quota_conference_unit_group_key")
    quota = Quota(
        conference=case.conference.id,
        unit=unit,
        group=group,
        source=QuotaSource.RECEIVED,
        entered=_build_entry(work, seats, document),
        seats=0,
        nominee_limit=0,
    )
    work.session.add(quota)
    await work.session.flush()
    changes = _plain_entry(quota, quota.entered)
    await record_event(work, Act.QUOTA_RECEIVED, "quota", quota.id, changes, plan=case.chain)
    return quota


async def replace_quota(work: Work, case: Case, quota: Quota, *, seats: int, document: QuotaDocument) -> None:
    """Enter another number by another document; what was confirmed counts until this is confirmed too."""
    _expect_received(work, case, quota)
    expect_quota_state("replace", derive_quota_state(quota.document, quota.entered))
    expect_within_group(expect_units_group(case.tier, quota.group), _get_most_delegates(case), seats)
    quota.entered = _build_entry(work, seats, document)
    changes = _plain_entry(quota, quota.entered)
    await record_change(work, quota, Act.QUOTA_REPLACED, changes, chain=case.chain)


async def confirm_quota(work: Work, case: Case, quota: Quota) -> Misfit | None:
    """Confirm the seats that somebody else entered: they count from now on.

    No nominee loses a seat; a list that no longer fits is returned.
    """
    _expect_received(work, case, quota)
    expect_quota_state("confirm", derive_quota_state(quota.document, quota.entered))
    entry = quota.entered
    assert entry is not None  # noqa: S101 - the state says so
    await expect_second_person(work, case, entry.entered_by, entry.entered_at)
    group = expect_units_group(case.tier, quota.group)
    expect_within_group(group, _get_most_delegates(case), entry.seats)
    limit = compute_nominee_limit(group, entry.seats)
    *below, (_, own) = await _list_changes(work.session, quota, entry.seats, limit)
    await store_row(work, *[_apply_change(row, change) for row, change in below])
    _apply_change(quota, own)
    quota.document, quota.entered = entry.document, None
    quota.confirmed_at = quota.confirmed_at or now()
    await record_change(work, quota, Act.QUOTA_CONFIRMED, _plain_entry(quota, entry), chain=case.chain)
    return find_misfit(quota)


async def withdraw_quota(work: Work, case: Case, quota: Quota, reason: str) -> None:
    """Take back seats that wait for the second person; what was confirmed before them still counts."""
    _expect_received(work, case, quota)
    expect_quota_state("withdraw", derive_quota_state(quota.document, quota.entered))
    changes = {**_plain_entry(quota, quota.entered), "reason": reason}
    quota.entered = None
    await record_change(work, quota, Act.QUOTA_WITHDRAWN, changes, chain=case.chain)


async def list_conference_quotas(
    work: Work, case: Case
) -> tuple[Sequence[Quota], Mapping[UUID, tuple[str, str]]]:
    """The quotas of a conference that the actor sees, and the names of their units."""
    rows = await quotas.list_quotas(work.session, case.conference.id, actor=work.actor)
    return rows, await map_unit_names(work, case, rows)


async def map_unit_names(work: Work, case: Case, rows: Iterable[Quota]) -> Mapping[UUID, tuple[str, str]]:
    """Unit → (code, name) for the units of these quotas, on the day of the conference's figures."""
    return await load_unit_names(work, [row.unit for row in rows], case.conference.as_of)


def check_quota(case: Case, quota: Quota, unit: str) -> Sequence[Finding]:
    """Findings about a quota of the unit with that code."""
    return [*check_planned_seats(case.plan, case.tier, unit, quota)]


async def resize_quotas(work: Work, sizes: Iterable[tuple[Quota, int, int]]) -> None:
    """Change the seats and the nominee limit of quotas, which must be locked.

    Those with fewer seats are written first, so that in between no group has more than its number.
    """
    changes = [
        pair
        for quota, seats, limit in sizes
        for pair in await _list_changes(work.session, quota, seats, limit)
    ]
    fewer = [change.size.seats < row.seats for row, change in changes]
    for part in (True, False):
        rows = [pair for pair, is_fewer in zip(changes, fewer, strict=True) if is_fewer is part]
        await store_row(work, *[_apply_change(row, change) for row, change in rows])


async def map_committed_seats(session: AsyncSession, rows: Sequence[Quota]) -> Mapping[UUID, int]:
    """Quota → its seats that are already taken, its own and those of the quotas below it.

    Locks the quotas below; the quotas themselves must be locked.
    """
    below = await quotas.lock_quotas_below(session, [row.id for row in rows if row.distributed])
    return {tree.id: tree.committed_seats for tree in _build_trees(rows, below)}


def _get_most_delegates(case: Case) -> int | None:
    """The decided number of delegates, or else the cap of the plan."""
    return case.terms.cap if case.conference.size is None else case.conference.size


async def _expect_unit_below(work: Work, case: Case, unit: UUID) -> None:
    """Raise ``Invalid`` or ``Conflict`` unless the unit is right below the conference's on its day."""
    conference = case.conference
    await expect_unit_visible(work, unit)
    if (await units.describe_units(work.session, [unit], conference.as_of)) == []:
        raise await explain_missing_unit(work.session, unit, conference.as_of)
    await expect_unit_in_chain(work.session, conference.congress, unit, conference.as_of)
    if not await units.is_direct_child(
        work.session, conference.congress, unit, conference.unit, conference.as_of
    ):
        raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])


async def _list_changes(
    session: AsyncSession, quota: Quota, seats: int, nominee_limit: int
) -> list[tuple[Quota, QuotaChange]]:
    """The rows that change when a quota gets another size, each with its change, the quota itself last."""
    rows = {quota.id: quota}
    tree = QuotaTree(quota.id, _read_use(quota))
    if must_recall_seats(tree.use, seats):
        below = await quotas.lock_quotas_below(session, [quota.id])
        rows |= {row.id: row for row in below}
        (tree,) = _build_trees([quota], below)
    return [(rows[change.id], change) for change in compute_changes(tree, seats, nominee_limit)]


def _apply_change(quota: Quota, change: QuotaChange) -> Quota:
    size = change.size
    quota.seats, quota.nominee_limit, quota.distributed = size.seats, size.nominee_limit, change.distributed
    quota.excess_taken, quota.excess_nominated = size.excess_taken, size.excess_nominated
    return quota


def _read_use(quota: Quota) -> QuotaUse:
    return QuotaUse(quota.taken, quota.nominated, quota.distributed)


def _build_trees(tops: Iterable[Quota], below: Iterable[Quota]) -> list[QuotaTree]:
    """The quotas ``tops``, each with those among ``below`` that were distributed from it."""
    parts: dict[UUID | None, list[Quota]] = defaultdict(list)
    for row in below:
        parts[row.parent].append(row)

    def build(row: Quota) -> QuotaTree:
        return QuotaTree(row.id, _read_use(row), tuple(build(part) for part in parts[row.id]))

    return [build(row) for row in tops]


def _expect_received(work: Work, case: Case, quota: Quota) -> None:
    """Raise ``Conflict`` or ``Forbidden`` unless the actor may act on a quota from the level above."""
    if quota.source is not QuotaSource.RECEIVED:
        raise Conflict("quota_not_received")
    if not case.may_act:
        raise build_forbidden(work.actor.access)
    expect_open(case.conference.state)


def _build_entry(work: Work, seats: int, document: QuotaDocument) -> QuotaEntry:
    return QuotaEntry(seats, document, work.actor.id, now())


def _plain_entry(quota: Quota, entry: QuotaEntry | None) -> dict[str, Plain]:
    return {
        "unit": str(quota.unit),
        "group": quota.group,
        **({} if entry is None else {"seats": entry.seats, "document": entry.document.plain()}),
    }
