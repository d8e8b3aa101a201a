"""Computing an allocation group by group. Ties are settled by the plan's rule, or wait for a lot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from domain.allocations.component_explanations import format_measure
from domain.allocations.inputs import AllocationInputs, GroupInputs, GroupMember
from domain.apportionment import Apportionment, Tie, order_by_criterion
from domain.apportionment.components import Participant, StepSeats
from domain.apportionment.result import Status
from domain.apportionment.stages import BLOC_PREFIX, BLOCS_STAGE, StagedAllocation, name_stage
from domain.apportionment.stages import allocate_seats as allocate_group
from domain.findings import Finding, Invalid, Plain, Severity
from domain.lots import SettlementMethod
from domain.snapshots import plain_record


@dataclass(frozen=True, slots=True)
class SettledTie:
    """How one tie was settled: ``order`` are the tied units in the order in which they get a seat.

    Where each got its seat, ``tied`` are these units instead, once it is computed, each with the number of
    the seat for which it tied, and ``added`` is the number of seats that this took beyond those that there
    were.
    """

    stage: str
    tied_digest: str
    how: SettlementMethod
    order: tuple[str, ...] = ()
    tied: tuple[tuple[str, int], ...] = ()
    added: int = 0

    def plain(self) -> dict[str, Plain]:
        """The settlement as plain data."""
        return plain_record(self)

    def plain_proof(self) -> dict[str, Plain]:
        """The settlement as a certificate has it: with the order, or with what each tied unit got."""
        unused = ("order",) if self.how is SettlementMethod.ONE_MORE else ("tied", "added")
        return {name: value for name, value in self.plain().items() if name not in unused}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "SettledTie":
        """The inverse of ``plain()``."""
        how, order, added = (
            SettlementMethod(content["how"]),
            content.get("order", ()),
            content.get("added", 0),
        )
        tied = tuple((unit, seat) for unit, seat in content.get("tied", ()))
        return cls(content["stage"], content["tied_digest"], how, tuple(order), tied, added)


@dataclass(frozen=True, slots=True)
class AllocationStage:
    """One proportional stage with its result: a bloc's seats over its units, or a group's over its blocs.

    ``id`` is ``group/bloc``, or ``group/*`` for the stage of blocs. ``names`` is id → name of the claimants.
    ``settled`` are its ties in the order in which they were settled: more than one where, by the method, each
    tied unit's seat brings another tie.
    """

    id: str
    group: str
    bloc: str | None
    name: str
    measure: str
    answer: Apportionment
    names: Mapping[str, str]
    settled: tuple[SettledTie, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """A group with its result; ``settled`` is the engine's name of a stage → how its ties were settled."""

    group: GroupInputs
    answer: StagedAllocation
    settled: Mapping[str, tuple[SettledTie, ...]]

    @property
    def stages(self) -> list[AllocationStage]:
        """The stages that were computed; the stage of blocs only if blocs share seats by a measure."""
        blocs = {bloc.id: bloc for bloc in self.group.rule.blocs}
        units = {member.unit: member.name for member in self.group.members}
        found = []
        for name, answer in self.answer.stages.items():
            if name == BLOCS_STAGE:
                if any(bloc.seats is None for bloc in blocs.values()):
                    measure = format_measure(self.group.rule.measure)
                    found.append(
                        self._build_stage(name, None, self.group.id, measure, answer, self.group.names)
                    )
                continue
            bloc = blocs[name.removeprefix(BLOC_PREFIX)]
            title = self.group.names[bloc.id]
            found.append(self._build_stage(name, bloc.id, title, format_measure(bloc.measure), answer, units))
        return found

    def _build_stage(
        self,
        name: str,
        bloc: str | None,
        title: str,
        measure: str,
        answer: Apportionment,
        names: Mapping[str, str],
    ) -> AllocationStage:
        stage = f"{self.group.id}/{bloc or '*'}"
        return AllocationStage(
            stage, self.group.id, bloc, title, measure, answer, names, self.settled.get(name, ())
        )

    def list_settlements(self) -> list[SettledTie]:
        """How the ties of the group were settled, stage by stage, and in each in the order of settling."""
        by_stage = sorted(self.settled.values(), key=lambda ties: ties[0].stage)
        return [tie for ties in by_stage for tie in ties]

    def count_seats_beyond(self, before: GroupInputs) -> int:
        """How many of the conference's spare seats the group took: those given to settle its ties, or all
        those of a group for which the plan reserves no number."""
        if before.seats is None:
            return self.answer.total_seats if before.maximum is None else 0
        return (self.group.seats or 0) - before.seats

    def find_counted_measure(self, one: Participant) -> tuple[str, Fraction]:
        """The measure of the group's first step, and the figure of ``one``; ("", 0) without a step."""
        for part in self.group.components:
            if isinstance(part, StepSeats):
                return format_measure(part.measure), one.compute_weight(part.measure)
        return "", Fraction(0)

    def list_unit_seats(self) -> Iterator[tuple[GroupMember, int, AllocationStage | None]]:
        """(member, seats, the stage in which the member took part), for each member."""
        stages = {stage.bloc: stage for stage in self.stages}
        shares = {share.id: share.seats for share in self.answer.shares}
        for one, member in zip(self.group.participants, self.group.members, strict=True):
            yield member, shares[one.id], stages.get(one.bloc)


@dataclass(frozen=True, slots=True)
class AllocationOutcome:
    """The results of all groups; ``status`` is the worst of theirs."""

    status: Status
    groups: tuple[GroupOutcome, ...]

    @property
    def stages(self) -> list[AllocationStage]:
        """Every stage of every group."""
        return [stage for each in self.groups for stage in each.stages]

    @property
    def ties(self) -> list[tuple[AllocationStage, Tie]]:
        """The ties that are not settled yet, each with its stage."""
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


def allocate_seats(inputs: AllocationInputs, settled: Sequence[SettledTie] = ()) -> AllocationOutcome:
    """Apportion every group of ``inputs``; ``settled`` is how ties were settled before.

    Raises :class:`Invalid` for a settlement of a tie that does not occur here, for example among other units.
    """
    by_tie = {(each.stage, each.tied_digest): each for each in settled}
    room, found = inputs.room, dict[str, GroupOutcome]()
    # What components give is due in any case; one seat more for each tied unit only where there is room.
    for group in sorted(inputs.groups, key=lambda group: group.seats is not None):
        outcome = found[group.id] = _settle_ties(group, inputs, by_tie, room)
        if room is not None:
            room -= outcome.count_seats_beyond(group)
    outcomes = [found[group.id] for group in inputs.groups]
    used = {(tie.stage, tie.tied_digest) for outcome in outcomes for tie in outcome.list_settlements()}
    errors = [
        Finding("no_such_tie", {"stage": each.stage}, f"/{n}")
        for n, each in enumerate(settled)
        if (each.stage, each.tied_digest) not in used
    ]
    if errors:
        raise Invalid("settlement_without_tie", errors=errors)
    statuses = {outcome.answer.status for outcome in outcomes}
    worst: Sequence[Status] = ("infeasible", "lots_required", "decided")
    return AllocationOutcome(
        next((status for status in worst if status in statuses), "decided"), tuple(outcomes)
    )


def check_enlarged_groups(outcome: AllocationOutcome) -> list[Finding]:
    """Groups that have more seats than the plan states, since every tied unit got its seat."""
    return [
        Finding(
            "stated_number_exceeded",
            {"stage": settled.stage, "group": each.group.id, "seats": each.group.seats},
            clause=each.group.clause,
            severity=Severity.WARNING,
        )
        for each in outcome.groups
        for settled in each.list_settlements()
        if settled.how is SettlementMethod.ONE_MORE
    ]


def check_component_totals(outcome: AllocationOutcome) -> list[Finding]:
    """The total of each group that has the seats which its components give."""
    found = []
    for each in outcome.groups:
        if each.group.seats is None:
            params: dict[str, Plain] = {"group": each.group.id, "seats": each.answer.total_seats}
            code, severity = "group_total_of_components", Severity.INFO
            if each.answer.left < 0:
                code, severity = "components_above_maximum", Severity.WARNING
                params["sum"] = each.answer.total_seats - each.answer.left
            found.append(Finding(code, params, clause=each.group.clause, severity=severity))
    return found


def _settle_ties(
    group: GroupInputs,
    inputs: AllocationInputs,
    by_tie: Mapping[tuple[str, str], SettledTie],
    room: int | None,
) -> GroupOutcome:
    """Compute the group and settle one tie after another, until no tie is left that can be settled."""
    if group.seats is None:
        most = room if group.maximum is None else group.maximum
        given = allocate_group(None, group.participants, group.components, group=group.id, most=most)
        return GroupOutcome(group, given, {})
    lots: dict[str, Sequence[str]] = {}
    settled: dict[str, tuple[SettledTie, ...]] = {}
    while True:
        outcome = GroupOutcome(group, _share_group(group, lots), settled)
        found = next(iter(_list_settlements(outcome, inputs, by_tie, lots, room)), None)
        if found is None:
            return outcome
        name, ties = found
        settled[name] = (*settled.get(name, ()), *ties)
        more = sum(tie.added for tie in ties)
        group = _enlarge_bloc(group, name, more)
        room = None if room is None else room - more
        if not more:
            lots[name] = ties[0].order


def _share_group(group: GroupInputs, lots: Mapping[str, Sequence[str]]) -> StagedAllocation:
    components = (*group.components, group.rule)
    return allocate_group(group.seats, group.participants, components, lots=lots, group=group.id)


def _list_settlements(
    outcome: GroupOutcome,
    inputs: AllocationInputs,
    by_tie: Mapping[tuple[str, str], SettledTie],
    lots: Mapping[str, Sequence[str]],
    room: int | None,
) -> Iterator[tuple[str, Sequence[SettledTie]]]:
    """Ties that can be settled now: (the engine's name of the stage, how).

    Giving one more can take several steps: the seats that it adds.
    """
    for name, answer in outcome.answer.stages_awaiting_lots.items():
        if answer.tie is None:
            continue
        stage = name_stage(outcome.group.id, name)
        how = by_tie.get((stage, answer.tie.digest))
        if how is None and name != BLOCS_STAGE:
            how = _settle_by_plan(outcome.group, stage, answer.tie, inputs)
        if how is not None and how.how is SettlementMethod.ONE_MORE:
            steps = _give_one_more(outcome.group, name, replace(how, tied=answer.tie.claims), lots, room)
            if steps:
                yield name, steps
        elif how is not None:
            yield name, [how]


def _give_one_more(
    group: GroupInputs, name: str, how: SettledTie, lots: Mapping[str, Sequence[str]], room: int | None
) -> list[SettledTie]:
    """The steps after which each of the tied has its seat; none where the plan or its maximum forbids them.

    By largest remainders and by the quota method a seat more can go to another unit, and the same units tie
    again for the same seat: then more are added, until they have it.
    """
    steps: list[SettledTie] = []
    while True:
        waiting = _share_group(group, lots).stages_awaiting_lots.get(name)
        if waiting is None or waiting.tie is None or waiting.tie.digest != how.tied_digest:
            return steps
        more = waiting.tie.lacking_seats
        if not _can_enlarge(group, name, more, room):
            return []
        steps.append(replace(how, added=more))
        group, room = _enlarge_bloc(group, name, more), (room or 0) - more


def _settle_by_plan(group: GroupInputs, stage: str, tie: Tie, inputs: AllocationInputs) -> SettledTie | None:
    """How the plan's own rule settles a tie, ``None`` if it does not."""
    if inputs.ties == "one_more_within_maximum":
        return SettledTie(stage, tie.digest, SettlementMethod.ONE_MORE)
    if inputs.ties == "second_criterion":
        return _settle_by_criterion(group, stage, tie)
    return None


def _can_enlarge(group: GroupInputs, name: str, more: int, room: int | None) -> bool:
    """Whether a bloc may get ``more`` seats: its number is stated, and the maximum leaves room for them."""
    stated = any(f"{BLOC_PREFIX}{bloc.id}" == name and bloc.seats is not None for bloc in group.rule.blocs)
    return stated and room is not None and more <= room


def _settle_by_criterion(group: GroupInputs, stage: str, tie: Tie) -> SettledTie | None:
    """By the second criterion, the larger figure first; ``None`` if one is unknown, or they tie again."""
    second = {member.unit: member.second for member in group.members if member.second is not None}
    if any(unit not in second for unit in tie.ids):
        return None
    order = order_by_criterion(tie, second)
    if order is None:
        return None
    return SettledTie(stage, tie.digest, SettlementMethod.SECOND_CRITERION, order)


def _enlarge_bloc(group: GroupInputs, name: str, more: int) -> GroupInputs:
    """The group with ``more`` seats added to one bloc whose number is stated."""
    blocs = tuple(
        replace(bloc, seats=bloc.seats + more) if f"{BLOC_PREFIX}{bloc.id}" == name and bloc.seats else bloc
        for bloc in group.rule.blocs
    )
    return replace(group, seats=(group.seats or 0) + more, rule=replace(group.rule, blocs=blocs))
