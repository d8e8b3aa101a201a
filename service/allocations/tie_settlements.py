"""Settling a tie: who drew, when, in which order, with which minutes. Then it is computed again."""

import asyncio
from datetime import datetime, time

from db import allocations, lots
from db.allocations import Allocation, Settlement
from db.columns import now
from domain.acts import Act
from domain.allocations import (
    AllocationInputs,
    WaitingTie,
    expect_room_to_grow,
    expect_waiting_tie,
)
from domain.calendar import VIETNAM
from domain.decisions import derive_next_state
from domain.findings import Plain
from domain.lots import (
    SettlementMethod,
    TieKey,
    TieSettlement,
    complete_settlement,
    expect_allowed_settlement,
    expect_same_lot,
    list_planned_methods,
)
from domain.runs import RunName
from service import runs
from service.allocations.snapshots import load_snapshot
from service.audit import record_change
from service.lots import load_settlement_terms
from service.work import Case, Work


async def settle_tie(
    work: Work, case: Case, allocation: Allocation, key: TieKey, settlement: TieSettlement
) -> Allocation:
    """Record how a tie was settled and queue the run again over the same frozen inputs.

    A lot that was drawn earlier for the same tie must be used again.
    """
    inputs = await load_waiting_inputs(work, allocation)
    is_lot = settlement.how.is_lot
    earlier = await lots.find_drawn_lot(work.session, case.conference, key) if is_lot else None
    if earlier is None:
        frozen_at = await runs.get_freezing_time(work.session, allocation.snapshot)
        terms = await load_settlement_terms(work, case, key, list_methods(inputs), frozen_at)
        expect_allowed_settlement(settlement, terms, work.today)
    waiting = await load_waiting_tie(work, allocation, inputs, key)
    await asyncio.to_thread(expect_room_to_grow, inputs, waiting, settlement.how)
    settlement = complete_settlement(settlement, waiting.tie.ids, waiting.tie.digest)
    if earlier is not None:
        expect_same_lot(earlier, settlement)
    work.session.add(_build_settlement_row(work, allocation, key, settlement))
    run = await runs.queue_unit_run(
        work, case, kind=RunName.ALLOCATION, subject=allocation.id, snapshot=allocation.snapshot
    )
    allocation.run = run.id
    allocation.state = derive_next_state("settle_tie", allocation.state)
    changes = _list_changes(key, settlement)
    await record_change(work, allocation, Act.TIE_SETTLED, changes, chain=case.chain)
    return allocation


async def load_waiting_inputs(work: Work, allocation: Allocation) -> AllocationInputs:
    """The frozen inputs of an allocation that waits for ties to be settled; otherwise ``Conflict``."""
    derive_next_state("settle_tie", allocation.state)
    return (await load_snapshot(work.session, allocation)).frame


async def load_waiting_tie(
    work: Work, allocation: Allocation, inputs: AllocationInputs, key: TieKey
) -> WaitingTie:
    """The tie that waits after all that are settled. Raises ``Invalid`` where there is none."""
    settled = await allocations.list_tie_settlements(work.session, allocation.id)
    return await asyncio.to_thread(expect_waiting_tie, inputs, settled, key)


def list_methods(inputs: AllocationInputs) -> list[SettlementMethod]:
    """The ways in which the plan lets ties of an allocation be settled."""
    return list_planned_methods(inputs.ties, inputs.lot, may_grow=True)


def _build_settlement_row(
    work: Work, allocation: Allocation, key: TieKey, settlement: TieSettlement
) -> Settlement:
    return Settlement(
        allocation=allocation.id,
        stage=key.stage,
        tied_digest=key.digest,
        how=settlement.how,
        order=list(settlement.order),
        seed=settlement.seed,
        minutes=settlement.minutes,
        drawn_by=settlement.drawn_by,
        drawn_at=datetime.combine(settlement.drawn_on, time(), VIETNAM),
        recorded_by=work.actor.id,
        recorded_at=now(),
    )


def _list_changes(key: TieKey, settlement: TieSettlement) -> dict[str, Plain]:
    return {
        "stage": key.stage,
        "how": settlement.how.value,
        "order": list(settlement.order),
        "drawn_by": settlement.drawn_by,
    }
