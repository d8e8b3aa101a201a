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
from domain.selection import NODES, Hold, Pool
from domain.selection.frozen import read_pool
from domain.selection.prices import edited
from domain.selection.replacement import may_replace
from domain.snapshots import told
from service import conferences, runs
from service.audit import record
from service.clock import today
from service.sealing import Vault
from service.selections import telling
from service.selections.freezing import (
    SCHEMA,
    Edit,
    Mending,
    Wish,
    expect_named,
    freeze,
    refuse,
    rule_of,
    tier_of,
)

KIND = "selection"

REOPENED = "selection_reopened"

EDITABLE = ("decided", "lots_required", "infeasible", "unproven")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who cannot come, and why; after the freeze date also by whose authority they are replaced."""

    delegates: Sequence[UUID]
    reason: str
    authority: str = ""


async def prepare(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    wish: Wish,
    *,
    nodes: int = NODES,
    reason: str | None = None,
) -> Selection:
    """Freeze the pool and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` naming everything that keeps a list from being chosen, each unit that named too few
    among it; ``Invalid`` for what the wish itself has wrong.
    """
    await _open(session, conference)
    await _places(session, conference, wish)
    frozen = await freeze(session, actor, vault, conference, wish)
    drop = [each for each in wish.drop if each.nomination not in frozen.aside]
    _editable(frozen.pool, wish.pin, drop)
    versions = await selections.of_conference(session, conference.id)
    adopted = next((each.id for each in versions if each.state == "adopted"), None)
    selection = await _new(session, conference, "computed", nodes, reason, amends=adopted)
    selection.edits = await _edits(session, vault, wish.pin, drop, actor)
    selection.findings = [told(finding) for finding in (*frozen.findings, *_reopened(wish))]
    await _keep_lots(session, selection)
    snapshot = await runs.freeze_sealed(session, vault, SCHEMA, frozen.content)
    return await _queued(session, actor, conference, selection, snapshot)


async def edit(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    base: Selection,
    pin: Sequence[Edit],
    drop: Sequence[Edit],
    *,
    reason: str | None = None,
) -> Selection:
    """A new version of a list under the council's hand, over the same frozen inputs; a swap pins and drops.

    Who is named again in an edit is no longer bound by an earlier one.
    """
    if base.state not in EDITABLE or base.how == "mended":
        raise Conflict("selection_state", {"state": base.state, "needed": "decided"})
    if not pin and not drop:
        raise Invalid("selection_edit_empty", errors=[Finding("missing", {}, "/pin")])
    conference = await conferences.get(session, actor, base.conference)
    await _open(session, conference)
    pool = read_pool(await runs.unsealed(session, vault, base.snapshot))
    expect_named({UUID(nominee.id) for nominee in pool.nominees}, Wish(pin, drop))
    again = {str(each.nomination) for each in (*pin, *drop)}
    kept = [each for each in base.edits if each["nomination"] not in again]
    _editable(_under(pool, kept), pin, drop)
    selection = await _new(session, conference, "edited", base.nodes, reason, amends=base.id)
    selection.edits = [*kept, *await _edits(session, vault, pin, drop, actor)]
    selection.findings = base.findings
    await _keep_lots(session, selection)
    return await _queued(session, actor, conference, selection, base.snapshot)


async def mend(
    session: AsyncSession, actor: Actor, vault: Vault, base: Selection, leaving: Leaving
) -> Selection:
    """A new version of an adopted list without those who cannot come, over today's nominations."""
    if base.state != "adopted":
        raise Conflict("selection_state", {"state": base.state, "needed": "adopted"})
    conference = await conferences.get(session, actor, base.conference)
    await _open(session, conference)
    rule = rule_of(await tier_of(session, conference))
    may_replace(today(), rule.frozen_from, reason=leaving.reason, authority=leaving.authority)
    live = {row.id: row for row in await selections.delegates(session, conference.id)}
    wrong = [
        Finding("delegate_not_on_list", {}, f"/delegates/{n}")
        for n, one in enumerate(leaving.delegates)
        if one not in live
    ]
    if wrong:
        raise Invalid("replacement_invalid", errors=wrong)
    mending, said = await _mending(session, vault, base, live.values())
    frozen = await freeze(session, actor, vault, conference, Wish(), mending=mending)
    selection = await _new(session, conference, "mended", base.nodes, None, amends=base.id)
    free = {nominee.id for nominee in frozen.pool.nominees if nominee.hold is Hold.FREE}
    selection.edits = [each for each in base.edits if each["act"] == "drop" and each["nomination"] in free]
    gone = {live[one].nomination: leaving.reason for one in leaving.delegates}
    notes = await telling.sealed(session, vault, gone)
    selection.leaving = [
        {
            "delegate": str(one),
            "nomination": str(live[one].nomination),
            **notes[live[one].nomination],
            "authority": leaving.authority,
        }
        for one in dict.fromkeys(leaving.delegates)
    ]
    await _keep_lots(session, selection)
    selection.findings = [told(finding) for finding in (*frozen.findings, *said)]
    snapshot = await runs.freeze_sealed(session, vault, SCHEMA, frozen.content)
    return await _queued(session, actor, conference, selection, snapshot)


async def _mending(
    session: AsyncSession, vault: Vault, base: Selection, going: Collection[Delegate]
) -> tuple[Mending, list[Finding]]:
    """What stands of a list that is mended; pairs are known as long as what it was computed from is."""
    rows = await selections.places(session, base.id)
    standing = frozenset(row.nomination for row in rows)
    filled = Counter((each.unit, each.group) for each in going)
    if await snapshots.key(session, base.snapshot) is None:
        lost = Finding("selection_pairs_erased", {}, severity=Severity.WARNING)
        return Mending(standing, filled), [lost]
    pool = read_pool(await runs.unsealed(session, vault, base.snapshot))
    return Mending(standing, filled, [(UUID(one), UUID(other)) for one, other in pool.apart]), []


async def _keep_lots(session: AsyncSession, selection: Selection) -> None:
    """Whoever was drawn in any version keeps the place; lots only ever grow."""
    versions = await selections.of_conference(session, selection.conference)
    drawn = max(versions, key=lambda each: len(each.lots), default=selection)
    selection.lots, selection.lot = drawn.lots, drawn.lot


async def _open(session: AsyncSession, conference: Conference) -> None:
    conferences.alive(conference)
    plan = await conferences.plan_of(session, conference)
    if plan.expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})


def _reopened(wish: Wish) -> list[Finding]:
    """Which seats, given away already, are chosen anew: whoever has one may lose it by this list."""
    return [
        Finding(REOPENED, {"unit": str(unit), "group": group}, severity=Severity.INFO)
        for unit, group in wish.reopen
    ]


async def _places(session: AsyncSession, conference: Conference, wish: Wish) -> None:
    """Every place that the wish names has seats, and as many as shall stay empty."""
    seats = {(row.unit, row.group): row.seats for row in await quotas.of_conference(session, conference.id)}
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


def _editable(pool: Pool, pin: Sequence[Edit], drop: Sequence[Edit]) -> None:
    """Raise what is wrong with an edit, by itself and as far as it leaves too few or too many."""
    if pin or drop:
        refuse(edited(pool, pin=_ids(pin), drop=_ids(drop)))


def _under(pool: Pool, edits: Sequence[Mapping[str, Any]]) -> Pool:
    """The pool under what was laid down before."""
    hand = {act: [each["nomination"] for each in edits if each["act"] == act] for act in ("pin", "drop")}
    return edited(pool, pin=hand["pin"], drop=hand["drop"])


def _ids(edits: Collection[Edit]) -> list[str]:
    return [str(each.nomination) for each in edits]


async def _edits(
    session: AsyncSession, vault: Vault, pin: Sequence[Edit], drop: Sequence[Edit], actor: Actor
) -> list[dict[str, Any]]:
    given = {each.nomination: each.reason for each in (*pin, *drop)}
    notes = await telling.sealed(session, vault, given)
    return [
        {"act": act, "nomination": str(each.nomination), **notes[each.nomination], "by": actor.id}
        for act, edits in (("pin", pin), ("drop", drop))
        for each in {each.nomination: each for each in edits}.values()
    ]


async def _new(
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


async def _queued(
    session: AsyncSession, actor: Actor, conference: Conference, selection: Selection, snapshot: str
) -> Selection:
    run = await runs.queue(session, actor, kind=KIND, subject=selection.id, snapshot=snapshot)
    selection.run, selection.snapshot = run.id, snapshot
    session.add(selection)
    await session.flush()
    changes: dict[str, Plain] = {
        "n": selection.n,
        "how": selection.how,
        "snapshot": snapshot,
        "run": str(run.id),
        "amends": None if selection.amends is None else str(selection.amends),
        "reason": selection.reason,
    }
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "selection_started", "selection", selection.id, changes, plan=plan)
    return selection
