"""Computing an allocation: each stage apportioned exactly, ties settled as the plan says or left to a lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.allocations.frame import Frame, Stage
from domain.apportionment import Apportionment, Claim, Tie, apportion, lot_order
from domain.findings import Finding, Invalid

Status = Literal["decided", "lots_required", "infeasible"]
How = Literal["lot_by_hand", "published_seed", "decision", "second_criterion", "one_more"]


@dataclass(frozen=True, slots=True)
class Settled:
    """How one tie was settled: ``order`` names the tied units, those who go first first."""

    stage: str
    tied_digest: str
    how: How
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """A stage with its answer, and the settlement that made it whole, if one was needed."""

    stage: Stage
    answer: Apportionment
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All stages; ``status`` is the worst of theirs."""

    status: Status
    stages: tuple[StageOutcome, ...]

    @property
    def ties(self) -> list[tuple[Stage, Tie]]:
        """The ties that still wait."""
        return [(each.stage, each.answer.tie) for each in self.stages if each.answer.tie is not None]


def allocate(frame: Frame, settled: Sequence[Settled] = ()) -> Outcome:
    """Apportion every stage of ``frame``.

    Raises ``Invalid`` for a settlement that speaks of no tie here: a lot for other units settles nothing.
    """
    by_tie = {(each.stage, each.tied_digest): each for each in settled}
    room = frame.room
    done: list[StageOutcome] = []
    for stage in frame.stages:
        outcome = _stage(stage, frame, by_tie, room)
        if outcome.settled is not None and outcome.settled.how == "one_more" and room is not None:
            room -= sum(award.seats for award in outcome.answer.awards) - stage.seats
        done.append(outcome)
    used = {(each.settled.stage, each.settled.tied_digest) for each in done if each.settled is not None}
    errors = [
        Finding("no_such_tie", {"stage": each.stage}, f"/{n}")
        for n, each in enumerate(settled)
        if (each.stage, each.tied_digest) not in used
    ]
    if errors:
        raise Invalid("settlement_without_tie", errors=errors)
    statuses = {each.answer.status for each in done}
    worst: Sequence[Status] = ("infeasible", "lots_required", "decided")
    return Outcome(next((status for status in worst if status in statuses), "decided"), tuple(done))


def drawn(seed: str, tie: Tie) -> tuple[str, ...]:
    """The order that a published seed gives the tied units (docs/apportionment.md has the rule)."""
    return tuple(lot_order(seed, tie.digest, tie.ids))


def _stage(
    stage: Stage, frame: Frame, settled: Mapping[tuple[str, str], Settled], room: int | None
) -> StageOutcome:
    given = claims(stage)
    answer = apportion(stage.seats, given, stage.rule)
    if answer.tie is None:
        return StageOutcome(stage, answer)
    how = settled.get((stage.id, answer.tie.digest)) or _by_plan(stage, answer.tie, frame, room)
    if how is None:
        return StageOutcome(stage, answer)
    if how.how == "one_more":
        more = len(answer.tie.ids) - answer.tie.places
        return StageOutcome(stage, apportion(stage.seats + more, given, stage.rule), how)
    return StageOutcome(stage, apportion(stage.seats, given, stage.rule, lots=how.order), how)


def claims(stage: Stage) -> list[Claim]:
    """What each unit brings to the stage, by its law of floors."""
    base_first = stage.floor_law == "base_first"
    return [
        Claim(
            claimant.unit,
            claimant.weight,
            floor=0 if base_first else claimant.floor,
            cap=claimant.cap,
            base=claimant.floor if base_first else 0,
        )
        for claimant in stage.claimants
    ]


def _by_plan(stage: Stage, tie: Tie, frame: Frame, room: int | None) -> Settled | None:
    """What the plan itself settles: nobody has to be asked where it does."""
    if frame.ties == "one_more_within_maximum":
        more = len(tie.ids) - tie.places
        return Settled(stage.id, tie.digest, "one_more") if room is not None and more <= room else None
    if frame.ties == "second_criterion":
        return _second_criterion(stage, tie)
    return None


def _second_criterion(stage: Stage, tie: Tie) -> Settled | None:
    """By the second figure, the larger first; unknown or tied again at the cut, it settles nothing."""
    second = {claimant.unit: claimant.second for claimant in stage.claimants if claimant.second is not None}
    if any(unit not in second for unit in tie.ids):
        return None
    order = sorted(tie.ids, key=lambda unit: (-second[unit], unit))
    if second[order[tie.places - 1]] == second[order[tie.places]]:
        return None
    return Settled(stage.id, tie.digest, "second_criterion", tuple(order))
