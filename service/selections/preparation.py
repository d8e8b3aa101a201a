"""Starting a selection: over today's nominations, from an edit of the council's, or after somebody left."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from db import quotas, selections, snapshots
from db.conferences import Conference
from db.selections import Delegate, Selection
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.selection import MAX_NODES, NomineeStatus, Pool
from domain.selection.pool_snapshot import read_pool
from domain.selection.prices import edit_pool
from domain.selection.replacement import expect_replacement_allowed
from domain.snapshots import plain_record
from service import conferences, runs
from service.audit import record_event
from service.clock import today
from service.selections import reasons
from service.selections.pool import SCHEMA, expect_usable_pool, freeze_pool, get_selection_rule, get_tier
from service.selections.wishes import ListEdit, MendedList, SelectionWish, expect_in_pool
from service.work import Work

KIND = "selection"

REOPENED_CODE = "selection_reopened"

EDITABLE_STATES = ("decided", "lots_required", "infeasible", "unproven")


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """Who cannot come, and why; after the freeze date also by whose authority they are replaced."""

    delegates: Sequence[UUID]
    reason: str
    authority: str = ""


async def prepare_selection(
    work: Work,
    conference: Conference,
    wish: SelectionWish,
    *,
    nodes: int = MAX_NODES,
    reason: str | None = None,
) -> Selection:
    """Freeze the pool and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` naming everything that keeps a list from being chosen, each unit that named too few
    among it; ``Invalid`` for what the wish itself has wrong.
    """
    await _expect_active_conference(work.session, conference)
    await _expect_valid_places(work.session, conference, wish)
    frozen = await freeze_pool(work, conference, wish)
    drop = [each for each in wish.drop if each.nomination not in frozen.duplicates]
    _expect_valid_edits(frozen.pool, wish.pin, drop)
    versions = await selections.list_selections(work.session, conference.id)
    adopted = next((each.id for each in versions if each.state == "adopted"), None)
    selection = await _build_selection(work.session, conference, "computed", nodes, reason, amends=adopted)
    selection.edits = await _seal_edits(work, wish.pin, drop, work.actor)
    selection.findings = [
        plain_record(finding) for finding in (*frozen.findings, *_check_reopened_places(wish))
    ]
    await _keep_lots(work.session, selection)
    snapshot = await runs.freeze_sealed_inputs(work, SCHEMA, frozen.content)
    return await _queue_selection(work, conference, selection, snapshot)


async def edit_selection(
    work: Work,
    base: Selection,
    pin: Sequence[ListEdit],
    drop: Sequence[ListEdit],
    *,
    reason: str | None = None,
) -> Selection:
    """A new version of a list under the council's hand, over the same frozen inputs; a swap pins and drops.

    Who is named again in an edit is no longer bound by an earlier one.
    """
    if base.state not in EDITABLE_STATES or base.how == "mended":
        raise Conflict("selection_state", {"state": base.state, "needed": "decided"})
    if not pin and not drop:
        raise Invalid("selection_edit_empty", errors=[Finding("missing", {}, "/pin")])
    conference = await conferences.get_conference(work, base.conference)
    await _expect_active_conference(work.session, conference)
    pool = read_pool(await runs.unseal_snapshot(work, base.snapshot))
    expect_in_pool({UUID(nominee.id) for nominee in pool.nominees}, SelectionWish(pin, drop))
    again = {str(each.nomination) for each in (*pin, *drop)}
    kept = [each for each in base.edits if each["nomination"] not in again]
    _expect_valid_edits(_apply_edits(pool, kept), pin, drop)
    selection = await _build_selection(work.session, conference, "edited", base.nodes, reason, amends=base.id)
    selection.edits = [*kept, *await _seal_edits(work, pin, drop, work.actor)]
    selection.findings = base.findings
    await _keep_lots(work.session, selection)
    return await _queue_selection(work, conference, selection, base.snapshot)


async def mend_selection(work: Work, base: Selection, leaving: ReplacementRequest) -> Selection:
    """A new version of an adopted list without those who cannot come, over today's nominations."""
    if base.state != "adopted":
        raise Conflict("selection_state", {"state": base.state, "needed": "adopted"})
    conference = await conferences.get_conference(work, base.conference)
    await _expect_active_conference(work.session, conference)
    rule = get_selection_rule(await get_tier(work.session, conference))
    expect_replacement_allowed(today(), rule.frozen_from, reason=leaving.reason, authority=leaving.authority)
    live = {row.id: row for row in await selections.list_delegates(work.session, conference.id)}
    wrong = [
        Finding("delegate_not_on_list", {}, f"/delegates/{n}")
        for n, one in enumerate(leaving.delegates)
        if one not in live
    ]
    if wrong:
        raise Invalid("replacement_invalid", errors=wrong)
    mending, said = await _load_mended_list(work, base, live.values())
    frozen = await freeze_pool(work, conference, SelectionWish(), mending=mending)
    selection = await _build_selection(work.session, conference, "mended", base.nodes, None, amends=base.id)
    free = {nominee.id for nominee in frozen.pool.nominees if nominee.hold is NomineeStatus.FREE}
    selection.edits = [each for each in base.edits if each["act"] == "drop" and each["nomination"] in free]
    gone = {live[one].nomination: leaving.reason for one in leaving.delegates}
    notes = await reasons.seal_reasons(work, gone)
    selection.leaving = [
        {
            "delegate": str(one),
            "nomination": str(live[one].nomination),
            **notes[live[one].nomination],
            "authority": leaving.authority,
        }
        for one in dict.fromkeys(leaving.delegates)
    ]
    await _keep_lots(work.session, selection)
    selection.findings = [plain_record(finding) for finding in (*frozen.findings, *said)]
    snapshot = await runs.freeze_sealed_inputs(work, SCHEMA, frozen.content)
    return await _queue_selection(work, conference, selection, snapshot)


async def _load_mended_list(
    work: Work, base: Selection, going: Collection[Delegate]
) -> tuple[MendedList, list[Finding]]:
    """What stands of a list that is mended; pairs are known as long as what it was computed from is."""
    rows = await selections.list_selection_places(work.session, base.id)
    standing = frozenset(row.nomination for row in rows)
    filled = Counter((each.unit, each.group) for each in going)
    if await snapshots.find_snapshot_key(work.session, base.snapshot) is None:
        lost = Finding("selection_pairs_erased", {}, severity=Severity.WARNING)
        return MendedList(standing, filled), [lost]
    pool = read_pool(await runs.unseal_snapshot(work, base.snapshot))
    return MendedList(standing, filled, [(UUID(one), UUID(other)) for one, other in pool.apart]), []


async def _keep_lots(session: AsyncSession, selection: Selection) -> None:
    """Whoever was drawn in any version keeps the place; lots only ever grow."""
    versions = await selections.list_selections(session, selection.conference)
    drawn = max(versions, key=lambda each: len(each.lots), default=selection)
    selection.lots, selection.lot = drawn.lots, drawn.lot


async def _expect_active_conference(session: AsyncSession, conference: Conference) -> None:
    conferences.expect_not_cancelled(conference)
    plan = await conferences.load_plan(session, conference)
    if plan.has_expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})


def _check_reopened_places(wish: SelectionWish) -> list[Finding]:
    """Which seats, given away already, are chosen anew: whoever has one may lose it by this list."""
    return [
        Finding(REOPENED_CODE, {"unit": str(unit), "group": group}, severity=Severity.INFO)
        for unit, group in wish.reopen
    ]


async def _expect_valid_places(session: AsyncSession, conference: Conference, wish: SelectionWish) -> None:
    """Every place that the wish names has seats, and as many as shall stay empty."""
    seats = {(row.unit, row.group): row.seats for row in await quotas.list_quotas(session, conference.id)}
    wrong = [
        Finding("selection_place_unknown", {"group": place[1]}, f"/reopen/{n}")
        for n, place in enumerate(wish.reopen)
        if place not in seats
    ]
    wrong += [
        Finding("selection_empty_over_seats", {"seats": seats.get(place, 0)}, f"/empty/{n}")
        for n, (place, empty) in enumerate(wish.empty.items())
        if empty > seats.get(place, 0)
    ]
    if wrong:
        raise Invalid("selection_wish_invalid", errors=wrong)


def _expect_valid_edits(pool: Pool, pin: Sequence[ListEdit], drop: Sequence[ListEdit]) -> None:
    """Raise what is wrong with an edit, by itself and as far as it leaves too few or too many."""
    if pin or drop:
        expect_usable_pool(edit_pool(pool, pin=_list_nomination_ids(pin), drop=_list_nomination_ids(drop)))


def _apply_edits(pool: Pool, edits: Sequence[Mapping[str, Any]]) -> Pool:
    """The pool under what was laid down before."""
    hand = {act: [each["nomination"] for each in edits if each["act"] == act] for act in ("pin", "drop")}
    return edit_pool(pool, pin=hand["pin"], drop=hand["drop"])


def _list_nomination_ids(edits: Collection[ListEdit]) -> list[str]:
    return [str(each.nomination) for each in edits]


async def _seal_edits(
    work: Work, pin: Sequence[ListEdit], drop: Sequence[ListEdit], actor: Actor
) -> list[dict[str, Any]]:
    given = {each.nomination: each.reason for each in (*pin, *drop)}
    notes = await reasons.seal_reasons(work, given)
    return [
        {"act": act, "nomination": str(each.nomination), **notes[each.nomination], "by": actor.id}
        for act, edits in (("pin", pin), ("drop", drop))
        for each in {each.nomination: each for each in edits}.values()
    ]


async def _build_selection(
    session: AsyncSession,
    conference: Conference,
    how: str,
    nodes: int,
    reason: str | None,
    *,
    amends: UUID | None,
) -> Selection:
    last = await session.exec(select(func.max(Selection.n)).where(col(Selection.conference) == conference.id))
    return Selection(
        conference=conference.id,
        plan_version=conference.plan_version,
        n=(last.one() or 0) + 1,
        state="computing",
        how=how,
        run=conference.id,  # until the run exists
        snapshot="",
        amends=amends,
        edits=[],
        leaving=[],
        lots=[],
        nodes=nodes,
        findings=[],
        reason=reason,
    )


async def _queue_selection(
    work: Work, conference: Conference, selection: Selection, snapshot: str
) -> Selection:
    run = await runs.queue_run(work, kind=KIND, subject=selection.id, snapshot=snapshot)
    selection.run, selection.snapshot = run.id, snapshot
    work.session.add(selection)
    await work.session.flush()
    changes: dict[str, Plain] = {
        "n": selection.n,
        "how": selection.how,
        "snapshot": snapshot,
        "run": str(run.id),
        "amends": None if selection.amends is None else str(selection.amends),
        "reason": selection.reason,
    }
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "selection_started", "selection", selection.id, changes, plan=plan)
    return selection
