"""The recount: any list against the raw pool, by simple counting that shares no code with the search."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from domain.composition.check import TargetState, check_list
from domain.composition.targets import CompositionTarget
from domain.findings import Finding, Plain, Severity
from domain.selection.pool import NomineeStatus, Pool, list_statuses


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The shortfall of a list in one priority, in persons times weight."""

    priority: int
    short: int


@dataclass(frozen=True, slots=True)
class Recount:
    """The counts of a list: ``broken`` are the hard rules that it does not keep.

    ``shortfalls`` are those of the soft targets by priority, 1 first; ``hard_short`` is the shortfall of the
    hard ones; ``states`` are in the order of the pool's targets.
    """

    broken: tuple[Finding, ...]
    hard_short: int
    shortfalls: tuple[Shortfall, ...]
    score: int
    states: tuple[TargetState, ...]

    @property
    def vector(self) -> tuple[int, ...]:
        """The numbers by which lists are compared, smaller first: shortfalls by priority, then minus the
        score."""
        return (*(each.short for each in self.shortfalls), -self.score)


def compute_shortfall(state: TargetState) -> int:
    """Missing or excess persons of a list; a maximum also counts those who did not state the attribute."""
    over = 0 if state.most is None else max(0, state.yes + state.unknown - state.most)
    return state.short + over


def recount_list(pool: Pool, chosen: Collection[str]) -> Recount:
    """``chosen`` (ids of nominees) counted from the raw records."""
    on_list = set(chosen)
    records = [nominee.record for nominee in pool.nominees if nominee.id in on_list]
    score = sum(nominee.score for nominee in pool.nominees if nominee.id in on_list)
    states = check_list(records, pool.targets, sizes=pool.sizes(), with_empty=pool.sizes_with_empty())
    soft: dict[int, int] = {target.priority: 0 for target in pool.targets if not target.hard}
    hard = 0
    broken = list(_check_seats_and_pairs(pool, on_list))
    for target, state in zip(pool.targets, states, strict=True):
        short = compute_shortfall(state)
        if target.hard:
            hard += short * pool.derive_weight(target.id)
            broken += [_build_target_finding(target, state)] if short else []
        else:
            soft[target.priority] += short * pool.derive_weight(target.id)
    shortfalls = tuple(Shortfall(priority, soft[priority]) for priority in sorted(soft))
    return Recount(tuple(broken), hard, shortfalls, score, states)


def _build_target_finding(target: CompositionTarget, state: TargetState) -> Finding:
    params: dict[str, Plain] = {
        "target": target.id, "yes": state.yes, "unknown": state.unknown,
        "least": state.least, "most": state.most,
    }  # fmt: skip
    return Finding("selection_target_broken", params, clause=target.clause)


def _check_seats_and_pairs(pool: Pool, on_list: set[str]) -> list[Finding]:
    """The seats, statuses and pairs that the list does not keep."""
    statuses = list_statuses(pool)
    known = {nominee.id for nominee in pool.nominees}
    found = [Finding("selection_nominee_unknown", {"nominee": each}) for each in sorted(on_list - known)]
    filled = Counter(nominee.place for nominee in pool.nominees if nominee.id in on_list)
    for quota in pool.quotas:
        if filled[quota.place] != quota.seats_to_fill:
            params: dict[str, Plain] = {
                "unit": quota.unit,
                "group": quota.group,
                "seats": quota.seats_to_fill,
                "chosen": filled[quota.place],
            }
            found.append(Finding("selection_seats_not_kept", params))
    for nominee, status in zip(pool.nominees, statuses, strict=True):
        if status is not NomineeStatus.FREE and (
            (status.is_excluded and nominee.id in on_list) or (status.is_seated and nominee.id not in on_list)
        ):
            params = {"nominee": nominee.id, "hold": status.value}
            found.append(Finding("selection_hold_broken", params, severity=Severity.ERROR))
    for one, other in pool.apart:
        if one in on_list and other in on_list:
            found.append(Finding("selection_pair_broken", {"one": one, "other": other}))
    return found
