"""Ties that an allocation waits for, and the room that is left to give every tied unit its seat."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.allocations.inputs import AllocationInputs
from domain.allocations.outcome import AllocationOutcome, AllocationStage, SettledTie, allocate_seats
from domain.apportionment import Tie
from domain.findings import Conflict, Finding, Invalid
from domain.lots import SettlementMethod, TieKey


@dataclass(frozen=True, slots=True)
class WaitingTie:
    """A tie of a stage, what was settled before it, and what else came out with it."""

    settled: Sequence[SettledTie]
    outcome: AllocationOutcome
    stage: AllocationStage
    tie: Tie


def expect_waiting_tie(inputs: AllocationInputs, settled: Sequence[SettledTie], key: TieKey) -> WaitingTie:
    """A tie that waits after those that were settled. Raises ``Invalid`` where there is none of that key."""
    outcome = allocate_seats(inputs, settled)
    for stage, tie in outcome.ties:
        if TieKey(stage.id, tie.digest) == key:
            return WaitingTie(settled, outcome, stage, tie)
    raise Invalid("no_such_tie", errors=[Finding("no_such_tie", {"stage": key.stage}, "/tied_digest")])


def expect_room_to_grow(inputs: AllocationInputs, waiting: WaitingTie, how: SettlementMethod) -> None:
    """Raise ``Conflict`` where each tied unit is to get its seat, and there is no room for that many.

    Only a bloc whose number the plan states can have one more, and the maximum must leave room for them: also
    where a seat more goes to another unit at first, and for the ties that were settled in this way before.
    """
    if how is SettlementMethod.ONE_MORE and not _can_grow(inputs, waiting):
        raise Conflict("no_room_for_one_more", {"room": _count_spare_seats(inputs, waiting.outcome)})


def _can_grow(inputs: AllocationInputs, waiting: WaitingTie) -> bool:
    grown = SettledTie(waiting.stage.id, waiting.tie.digest, SettlementMethod.ONE_MORE)
    settled = [*waiting.settled, grown]
    try:
        outcome = allocate_seats(inputs, settled)
    except Invalid:  # a tie, this one or an earlier one, is not settled by what there is room for
        return False
    waits = {(stage.id, tie.digest) for stage, tie in outcome.ties}
    return waits.isdisjoint((each.stage, each.tied_digest) for each in settled)


def _count_spare_seats(inputs: AllocationInputs, outcome: AllocationOutcome) -> int:
    """What the maximum leaves after the ties that were settled by giving more; none where none is stated."""
    pairs = zip(outcome.groups, inputs.groups, strict=True)
    return (inputs.room or 0) - sum(grown.count_seats_beyond(group) for grown, group in pairs)
