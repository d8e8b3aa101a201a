"""Computing an allocation: each group by its components, ties settled as the plan says or left to a lot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from domain.allocations.frame import Frame, Group, Member
from domain.apportionment import Apportionment, Tie, lot_order
from domain.apportionment.stages import Allocation
from domain.apportionment.stages import allocate as allocate_group
from domain.findings import Finding, Invalid

Status = Literal["decided", "lots_required", "infeasible"]
How = Literal["lot_by_hand", "published_seed", "decision", "second_criterion", "one_more"]

BLOCS = "blocs"
INSIDE = "bloc/"


@dataclass(frozen=True, slots=True)
class Settled:
    """How one tie was settled: ``order`` names the tied units, those who go first first."""

    stage: str
    tied_digest: str
    how: How
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One proportional stage as it was run: a bloc's seats over its units, or a group's over its blocs.

    ``id`` is ``group/bloc``, or ``group/*`` for the stage of blocs. ``names`` says what claimants are called.
    """

    id: str
    group: str
    bloc: str | None
    name: str
    measure: str
    answer: Apportionment
    names: Mapping[str, str]
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """A group with its answer, and how its ties were settled, by the engine's name of the stage."""

    group: Group
    answer: Allocation
    settled: Mapping[str, Settled]

    @property
    def stages(self) -> list[Stage]:
        """The stages that were run, the stage of blocs only where blocs share by a measure."""
        blocs = {bloc.id: bloc for bloc in self.group.rule.blocs}
        units = {member.unit: member.name for member in self.group.members}
        found = []
        for name, answer in self.answer.stages.items():
            if name == BLOCS:
                if any(bloc.seats is None for bloc in blocs.values()):
                    measure = _written(self.group.rule.measure)
                    found.append(self._stage(name, None, self.group.id, measure, answer, self.group.names))
                continue
            bloc = blocs[name.removeprefix(INSIDE)]
            title = self.group.names[bloc.id]
            found.append(self._stage(name, bloc.id, title, _written(bloc.measure), answer, units))
        return found

    def _stage(
        self,
        name: str,
        bloc: str | None,
        title: str,
        measure: str,
        answer: Apportionment,
        names: Mapping[str, str],
    ) -> Stage:
        stage = f"{self.group.id}/{bloc or '*'}"
        return Stage(stage, self.group.id, bloc, title, measure, answer, names, self.settled.get(name))

    def by_unit(self) -> Iterator[tuple[Member, int, Stage | None]]:
        """Each member with its seats and the stage in which it took part."""
        stages = {stage.bloc: stage for stage in self.stages}
        shares = {share.id: share.seats for share in self.answer.shares}
        for one, member in zip(self.group.participants, self.group.members, strict=True):
            yield member, shares[one.id], stages.get(one.bloc)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All groups; ``status`` is the worst of theirs."""

    status: Status
    groups: tuple[GroupOutcome, ...]

    @property
    def stages(self) -> list[Stage]:
        """Every stage of every group."""
        return [stage for each in self.groups for stage in each.stages]

    @property
    def ties(self) -> list[tuple[Stage, Tie]]:
        """The ties that still wait."""
        return [
            (stage, stage.answer.tie)
            for stage in self.stages
            if stage.answer.status == "lots_required" and stage.answer.tie is not None
        ]

    @property
    def seats(self) -> dict[tuple[str, str], int]:
        """(unit, group) → seats."""
        return {
            (share.id, each.group.id): share.seats for each in self.groups for share in each.answer.shares
        }


def allocate(frame: Frame, settled: Sequence[Settled] = ()) -> Outcome:
    """Apportion every group of ``frame``.

    Raises ``Invalid`` for a settlement that speaks of no tie here: a lot for other units settles nothing.
    """
    by_tie = {(each.stage, each.tied_digest): each for each in settled}
    room, done = frame.room, []
    for group in frame.groups:
        outcome = _settled(group, frame, by_tie, room)
        if room is not None:
            room -= outcome.group.seats - group.seats
        done.append(outcome)
    used = {(each.stage, each.tied_digest) for outcome in done for each in outcome.settled.values()}
    errors = [
        Finding("no_such_tie", {"stage": each.stage}, f"/{n}")
        for n, each in enumerate(settled)
        if (each.stage, each.tied_digest) not in used
    ]
    if errors:
        raise Invalid("settlement_without_tie", errors=errors)
    statuses = {outcome.answer.status for outcome in done}
    worst: Sequence[Status] = ("infeasible", "lots_required", "decided")
    return Outcome(next((status for status in worst if status in statuses), "decided"), tuple(done))


def drawn(seed: str, tie: Tie) -> tuple[str, ...]:
    """The order that a published seed gives the tied units (docs/apportionment.md has the rule)."""
    return tuple(lot_order(seed, tie.digest, tie.ids))


def _settled(
    group: Group, frame: Frame, by_tie: Mapping[tuple[str, str], Settled], room: int | None
) -> GroupOutcome:
    """The group with one tie after another settled, until none is left that anybody has settled."""
    lots: dict[str, Sequence[str]] = {}
    settled: dict[str, Settled] = {}
    while True:
        answer = allocate_group(group.seats, group.participants, (*group.given, group.rule), lots=lots)
        outcome = GroupOutcome(group, answer, settled)
        found = next(iter(_how(outcome, frame, by_tie, room)), None)
        if found is None:
            return outcome
        name, how, more = found
        settled[name] = how
        if how.how == "one_more":
            group = _enlarged(group, name, more)
            room = None if room is None else room - more
        else:
            lots[name] = how.order


def _how(
    outcome: GroupOutcome, frame: Frame, by_tie: Mapping[tuple[str, str], Settled], room: int | None
) -> Iterator[tuple[str, Settled, int]]:
    """Ties that can be settled now: the engine's name of the stage, how, and how many seats it costs."""
    for name, answer in outcome.answer.open_lots.items():
        if answer.tie is None:
            continue
        stage = f"{outcome.group.id}/{name.removeprefix(INSIDE) if name != BLOCS else '*'}"
        more = len(answer.tie.ids) - answer.tie.places
        how = by_tie.get((stage, answer.tie.digest))
        if how is None and name != BLOCS:
            how = _by_plan(outcome.group, stage, answer.tie, frame)
        if how is not None and (how.how != "one_more" or _fits(outcome.group, name, more, room)):
            yield name, how, more


def _by_plan(group: Group, stage: str, tie: Tie, frame: Frame) -> Settled | None:
    """What the plan itself settles: nobody has to be asked where it does."""
    if frame.ties == "one_more_within_maximum":
        return Settled(stage, tie.digest, "one_more")
    if frame.ties == "second_criterion":
        return _second_criterion(group, stage, tie)
    return None


def _fits(group: Group, name: str, more: int, room: int | None) -> bool:
    """Whether a bloc may have so many more: within the maximum, and only where its number is stated."""
    stated = any(f"{INSIDE}{bloc.id}" == name and bloc.seats is not None for bloc in group.rule.blocs)
    return stated and room is not None and more <= room


def _second_criterion(group: Group, stage: str, tie: Tie) -> Settled | None:
    """By the second figure, the larger first; unknown or tied again at the cut, it settles nothing."""
    second = {member.unit: member.second for member in group.members if member.second is not None}
    if any(unit not in second for unit in tie.ids):
        return None
    order = sorted(tie.ids, key=lambda unit: (-second[unit], unit))
    if second[order[tie.places - 1]] == second[order[tie.places]]:
        return None
    return Settled(stage, tie.digest, "second_criterion", tuple(order))


def _enlarged(group: Group, name: str, more: int) -> Group:
    """The group with so many seats more in one bloc whose number is stated."""
    blocs = tuple(
        replace(bloc, seats=bloc.seats + more) if f"{INSIDE}{bloc.id}" == name and bloc.seats else bloc
        for bloc in group.rule.blocs
    )
    return replace(group, seats=group.seats + more, rule=replace(group.rule, blocs=blocs))


def _written(measure: Mapping[str, object]) -> str:
    """A measure by its name, a weighted sum as it is: "staff + 1/2 members"."""
    return " + ".join(name if factor == 1 else f"{factor} {name}" for name, factor in measure.items())
