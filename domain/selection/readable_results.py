"""The result of a list for readers who may not read what is sealed of its people (docs/decisions/0020).

Versions of a list differ by single named people, so exact numbers of two versions would tell what one person
is. Nothing that rests on a sealed attribute is therefore shown of any version. An approver is told which
targets the first proposal met: one answer for each target, once for a conference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.composition.check import TargetState, TargetVerdict, hide_state
from domain.findings import Finding, Severity
from domain.people import is_sealed
from domain.plans import Target
from domain.selection.summaries import SelectionSummary

_OPEN_FINDINGS = frozenset({"replacement_seat_unfilled"})
"""Findings about a list, of no target and no priority, that rest on no attribute of a person."""


@dataclass(frozen=True, slots=True)
class SealedTargets:
    """Which targets of a plan rest on a sealed attribute, the parts of single units included.

    ``priorities`` are those whose shortfall counts such a target.
    """

    open: frozenset[str]
    whole: frozenset[str]
    """Those that rest on one and are for the whole list or its groups: others may be for few people."""
    priorities: frozenset[int]
    any: bool

    @classmethod
    def sort(cls, targets: Iterable[Target]) -> "SealedTargets":
        """The targets of a plan's tier, sorted."""
        planned = list(targets)
        sealed = [each for each in planned if is_sealed(each.attribute)]
        return cls(
            frozenset(each.id for each in planned) - {each.id for each in sealed},
            frozenset(each.id for each in sealed if not each.units and not each.blocs),
            frozenset(each.priority for each in sealed if not each.hard),
            bool(sealed),
        )

    def rests_on(self, target: str) -> bool:
        """Whether a target, or the unit's part ``target/unit`` of one, rests on a sealed attribute."""
        return target.partition("/")[0] not in self.open


@dataclass(frozen=True, slots=True)
class ReadableResult:
    """A list's result as far as its reader may read it.

    ``unshown`` are the priorities whose shortfall is not shown; ``first`` says of targets that are not shown
    whether the first proposal of the conference met them, for readers who may know that.
    """

    summary: SelectionSummary
    unshown: frozenset[int] = frozenset()
    first: Mapping[str, bool] = field(default_factory=dict)


def decide_first_verdicts(result: SelectionSummary, sealed: SealedTargets) -> dict[str, bool]:
    """Target → whether the list meets it, for the targets that rest on sealed attributes."""
    return {
        each.target: each.standing is TargetVerdict.MET
        for each in result.states
        if each.target in sealed.whole
    }


def reduce_result(
    result: SelectionSummary, sealed: SealedTargets, first: Mapping[str, bool]
) -> ReadableResult:
    """The result without anything that rests on sealed attributes of the people on the list.

    Prices, gaps, clashes and costs are of all targets together, so they rest on each of them.
    """
    if not sealed.any:
        return ReadableResult(result)
    note = Finding("selection_numbers_not_shown", severity=Severity.INFO)
    shown = replace(
        result,
        shortfalls=tuple(each for each in result.shortfalls if each.priority not in sealed.priorities),
        states=tuple(_reduce_state(each, sealed) for each in result.states),
        gap=None,
        prices=(),
        hard_short=0,
        certified=False,
        nodes=0,
        clash=None,
        cost=None,
        findings=(*(each for each in result.findings if not _rests_on_sealed(each, sealed)), note),
    )
    unshown = frozenset(each.priority for each in result.shortfalls) & sealed.priorities
    return ReadableResult(shown, unshown, first)


def build_first_finding(state: TargetState, *, met: bool) -> Finding:
    """What the first proposal of the conference said of a target whose state is not shown."""
    code = "selection_met_when_proposed" if met else "selection_missed_when_proposed"
    return Finding(code, {"target": state.target}, clause=state.finding.clause, severity=Severity.INFO)


def _reduce_state(state: TargetState, sealed: SealedTargets) -> TargetState:
    return hide_state(state) if sealed.rests_on(state.target) else state


def _rests_on_sealed(finding: Finding, sealed: SealedTargets) -> bool:
    """Whether a finding about a list tells of a sealed target; unless it is known not to, it does."""
    target, priority = finding.params.get("target"), finding.params.get("priority")
    if isinstance(target, str):
        return sealed.rests_on(target)
    if isinstance(priority, int):
        return priority in sealed.priorities
    return finding.code not in _OPEN_FINDINGS
