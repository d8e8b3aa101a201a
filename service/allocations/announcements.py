"""Announcing a lot: the source and day of its seed, recorded while nobody can know the seed."""

from db.allocations import Allocation
from domain.acts import Act
from domain.lots import SeedAnnouncement, SettlementMethod, TieKey, expect_planned_method
from domain.snapshots import plain_record
from service.allocations.tie_settlements import list_methods, load_waiting_inputs, load_waiting_tie
from service.audit import record_change
from service.lots import announce_tie_seed
from service.work import Case, Work


async def announce_seed(
    work: Work, case: Case, allocation: Allocation, tie: TieKey, announced: SeedAnnouncement
) -> Allocation:
    """Record the source of the seed of a tie's lot; one announcement for each tie, never another."""
    inputs = await load_waiting_inputs(work, allocation)
    expect_planned_method(SettlementMethod.PUBLISHED_SEED, list_methods(inputs))
    await load_waiting_tie(work, allocation, inputs, tie)
    await announce_tie_seed(work, case, tie, announced, allocation.id)
    changes = {"stage": tie.stage, "tied_digest": tie.digest, **plain_record(announced)}
    await record_change(work, allocation, Act.LOT_ANNOUNCED, changes, chain=case.chain)
    return allocation
