"""The stages of an allocation in short, as the allocation keeps them: rule, seats, waiting tie, repair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.allocations.outcome import AllocationStage, GroupOutcome, SettledTie
from domain.allocations.serialization import plain_component, read_component, read_rule
from domain.apportionment import ApportionmentRule
from domain.apportionment.components import OutrightComponent
from domain.apportionment.result import Repair, Status
from domain.findings import Plain
from domain.snapshots import plain_record


@dataclass(frozen=True, slots=True)
class TiedUnit:
    """A unit, or a bloc, that is tied with others."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenTie:
    """A tie that waits to be settled: so many ``places`` for the tied ``units``."""

    digest: str
    places: int
    units: tuple[TiedUnit, ...]

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "OpenTie":
        """The tie from its plain form, that of ``plain_record``."""
        return cls(content["digest"], content["places"], tuple(TiedUnit(**each) for each in content["units"]))


@dataclass(frozen=True, slots=True)
class StageSummary:
    """A stage in short: its rule and seats; the tie that waits; the repair where there is no solution;
    the ties that were ``settled``, in their order.

    ``components`` are those of its group that give seats outright, ``clause`` is the group's.
    """

    id: str
    group: str
    bloc: str | None
    name: str
    seats: int
    measure: str
    rule: ApportionmentRule
    components: tuple[OutrightComponent, ...]
    clause: str | None
    status: Status
    tie: OpenTie | None
    repair: Repair | None
    settled: tuple[SettledTie, ...]

    def plain(self) -> dict[str, Plain]:
        """The summary as plain data, as an allocation stores it."""
        return {
            "id": self.id,
            "group": self.group,
            "bloc": self.bloc,
            "name": self.name,
            "seats": self.seats,
            "measure": self.measure,
            "rule": self.rule.plain_rule(),
            "components": [plain_component(component) for component in self.components],
            "clause": self.clause,
            "status": self.status,
            "tie": None if self.tie is None else plain_record(self.tie),
            "repair": None if self.repair is None else plain_record(self.repair),
            "settled": [each.plain() for each in self.settled],
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "StageSummary":
        """The inverse of ``plain()``."""
        tie, repair = content["tie"], content["repair"]
        return cls(
            **{
                **content,
                "rule": read_rule(content["rule"]),
                "components": tuple(read_component(each) for each in content["components"]),
                "tie": None if tie is None else OpenTie.read(tie),
                "repair": None if repair is None else Repair.read(repair),
                "settled": tuple(map(SettledTie.read, content["settled"])),
            }
        )


def summarize_stage(stage: AllocationStage, each: GroupOutcome) -> StageSummary:
    """A stage in short; ``each`` is the outcome of its group."""
    answer, tie = stage.answer, None
    if answer.tie is not None and answer.status == "lots_required":
        units = tuple(TiedUnit(unit, stage.names[unit]) for unit in answer.tie.ids)
        tie = OpenTie(answer.tie.digest, answer.tie.places, units)
    return StageSummary(
        id=stage.id,
        group=stage.group,
        bloc=stage.bloc,
        name=stage.name,
        seats=answer.house,
        measure=stage.measure,
        rule=answer.rule,
        components=each.group.components,
        clause=each.group.clause,
        status=answer.status,
        tie=tie,
        repair=answer.repair,
        settled=stage.settled,
    )
