"""Exact answers about a list: what an edit would cost, why somebody is not on it, what a target costs.

Each solves again over the frozen pool. The pool is loaded in a transaction and solved outside any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from db import selections
from db.conferences import Conference
from db.selections import Selection
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.selection import Outcome, Pool
from domain.selection import Selection as Found
from domain.selection.conflicts import Clash, shortage
from domain.selection.counts import Count, ValueCount, counts, value_counts
from domain.selection.prices import Cost, edit, edited, price, why_not
from service import conferences
from service.audit import record
from service.sealing import Vault
from service.selections.computing import as_found, listed, pool_of
from service.selections.freezing import Edit, Wish, expect_named, freeze, refuse
from service.selections.reading import expect_council


@dataclass(frozen=True, slots=True)
class Listed:
    """A proven list and the pool it was selected from."""

    pool: Pool
    found: Found
    nodes: int


@dataclass(frozen=True, slots=True)
class Question:
    """One of three: why a ``nomination`` is not on the list; what one person of a ``side`` of a ``target``
    costs; or, with ``short``, what keeps a soft ``target`` short."""

    nomination: str | None = None
    target: str | None = None
    side: Literal["least", "most"] | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer: what is to be said, what the change would cost, and what clashes."""

    findings: Sequence[Finding]
    cost: Cost | None = None
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What the best list under an edit would be like; ``cost`` is unset where none is found or proven."""

    outcome: str
    cost: Cost | None
    short: int


async def counted(
    session: AsyncSession, actor: Actor, vault: Vault, conference: Conference
) -> tuple[tuple[Count, ...], tuple[ValueCount, ...], Sequence[Finding]]:
    """The pool of a conference in numbers, before anything is selected."""
    await expect_council(session, actor, conference.id)
    frozen = await freeze(session, actor, vault, conference, Wish(), short=True)
    return counts(frozen.pool), value_counts(frozen.pool), frozen.findings


async def loaded(
    session: AsyncSession, actor: Actor, vault: Vault, selection: Selection, purpose: str
) -> Listed:
    """A selection's pool and list, to be asked about; that they were opened is recorded."""
    await expect_council(session, actor, selection.conference)
    if selection.how == "mended":
        raise Conflict("selection_mended")
    if selection.result is None:
        raise Conflict("selection_state", {"state": selection.state, "needed": "decided"})
    if selection.result["outcome"] != Outcome.PROVEN or selection.state == "lots_required":
        raise Conflict("selection_not_proven", {"state": selection.state})
    pool = await pool_of(session, vault, selection)
    chosen = [
        str(row.nomination)
        for row in await selections.places(session, selection.id)
        if row.outcome == "chosen"
    ]
    conference = await conferences.get(session, actor, selection.conference)
    plan = await conferences.chain_of(session, conference)
    changes: dict[str, Plain] = {"purpose": purpose, "snapshot": selection.snapshot}
    await record(session, actor, "selection_pool_opened", "selection", selection.id, changes, plan=plan)
    return Listed(pool, as_found(pool, listed(pool, chosen)), selection.nodes)


def tried(of: Listed, pin: Sequence[Edit], drop: Sequence[Edit]) -> Trial:
    """What the council's hand would cost; nothing is stored. Raises as an edit that is stored does."""
    expect_named({UUID(nominee.id) for nominee in of.pool.nominees}, Wish(pin, drop))
    pinned, dropped = ([str(each.nomination) for each in edits] for edits in (pin, drop))
    refuse(edited(of.pool, pin=pinned, drop=dropped))
    again = edit(of.pool, of.found, pin=pinned, drop=dropped, nodes=of.nodes)
    return Trial(again.selection.outcome.value, again.cost, again.selection.hard_short)


def explain(of: Listed, question: Question) -> Explained:
    """The exact answer to a question about a list.

    Raises ``Invalid`` for a nomination or a target that the list does not know.
    """
    if question.nomination is not None:
        if question.nomination not in {nominee.id for nominee in of.pool.nominees}:
            errors = [Finding("nomination_not_found", pointer="/nomination")]
            raise Invalid("selection_wish_invalid", errors=errors)
        return Explained([why_not(of.pool, of.found, question.nomination, nodes=of.nodes).finding])
    if question.target is not None and question.side is not None:
        found = price(of.pool, of.found, question.target, question.side, nodes=of.nodes)
        return Explained(found.selection.findings, found.cost)
    if question.target is not None and question.short:
        if question.target not in {target.id for target in of.pool.targets}:
            raise Invalid("selection_target_unknown", {"target": question.target, "side": ""})
        why = shortage(of.pool, of.found, question.target, nodes=of.nodes)
        said = [] if why is None else [demand.finding for demand in why.demands]
        return Explained(said, clash=why)
    raise Invalid("selection_question_unclear", errors=[Finding("selection_question_unclear")])
