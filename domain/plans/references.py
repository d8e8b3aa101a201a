"""Ids are unique, references lead somewhere, rules name their source, chains have no cycle."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from domain.findings import Finding
from domain.plans.plan import (
    AgendaItem,
    Commendation,
    Committee,
    Deadline,
    Duty,
    Pilots,
    Plan,
    Presidium,
    ReceivedQuota,
    ReportPart,
)
from domain.plans.seats import SeatGroup, SelectionRule, Target
from domain.plans.tiers import Cap, Criterion, Length, Mix, Name, Number, Threshold, Tier, Title

SOURCED = (
    AgendaItem,
    Cap,
    Commendation,
    Committee,
    Criterion,
    Deadline,
    Duty,
    Length,
    Mix,
    Name,
    Number,
    Pilots,
    Presidium,
    ReceivedQuota,
    ReportPart,
    SeatGroup,
    SelectionRule,
    Target,
    Threshold,
    Tier,
    Title,
)
"""What must name the clause or the decision it comes from; what stands inside of these inherits theirs."""

COLLECTIONS = (
    "clauses",
    "decisions",
    "congresses",
    "instruments",
    "legal_bases",
    "tiers",
    "deadlines",
    "committees",
    "quotas",
)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def errors(plan: Plan) -> Iterator[Finding]:
    """Every broken id, reference, source and chain."""
    yield from _twice_in_plan(plan)
    yield from _sources(plan)
    yield from _chains(plan)
    yield from _tiers(plan)
    yield from _others(plan)


def known(
    pointer: str, kind: str, wanted: str | None, ids: Mapping[str, Any] | set[str]
) -> Iterator[Finding]:
    """A finding when ``wanted`` is given and is not among ``ids``."""
    if wanted is not None and wanted not in ids:
        yield Finding("plan_reference_unknown", {"kind": kind, "id": wanted}, pointer)


def all_known(pointer: str, kind: str, wanted: Sequence[str], ids: set[str]) -> Iterator[Finding]:
    """The same for each of a list."""
    for n, each in enumerate(wanted):
        yield from known(f"{pointer}/{n}", kind, each, ids)


def twice(pointer: str, items: Sequence[_Identified]) -> Iterator[Finding]:
    """A finding for each id after its first use."""
    seen: set[str] = set()
    for n, item in enumerate(items):
        if item.id in seen:
            yield Finding("plan_id_twice", {"id": item.id}, f"{pointer}/{n}/id")
        seen.add(item.id)


def _ids(items: Sequence[_Identified]) -> set[str]:
    return {item.id for item in items}


def _twice_in_plan(plan: Plan) -> Iterator[Finding]:
    for name in COLLECTIONS:
        yield from twice(f"/{name}", getattr(plan, name))
    for n, tier in enumerate(plan.tiers):
        for name in ("seat_groups", "targets", "composition", "names"):
            yield from twice(f"/tiers/{n}/{name}", getattr(tier, name))
        for k, group in enumerate(tier.seat_groups):
            yield from twice(f"/tiers/{n}/seat_groups/{k}/blocs", group.blocs)


def _sources(plan: Plan) -> Iterator[Finding]:
    clauses, decisions = _ids(plan.clauses), _ids(plan.decisions)
    for pointer, node in _nodes(plan, ""):
        for each in fields(node):
            value = getattr(node, each.name)
            if each.name == "clause" or each.name.endswith("_clause"):
                yield from known(f"{pointer}/{each.name}", "clause", value, clauses)
            elif each.name == "decision" or each.name.endswith("_decision"):
                yield from known(f"{pointer}/{each.name}", "decision", value, decisions)
        if isinstance(node, SOURCED) and node.clause is None and node.decision is None:
            yield Finding("plan_source_missing", {}, pointer)


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Each dataclass in the plan with its pointer, the plan itself first."""
    if isinstance(node, tuple):
        for n, each in enumerate(node):
            yield from _nodes(each, f"{pointer}/{n}")
    elif is_dataclass(node):
        yield pointer, node
        for each in fields(node):
            yield from _nodes(getattr(node, each.name), f"{pointer}/{each.name}")


def _chains(plan: Plan) -> Iterator[Finding]:
    congresses = _ids(plan.congresses)
    for n, congress in enumerate(plan.congresses):
        yield from all_known(f"/congresses/{n}/superiors", "congress", congress.superiors, congresses)
    for n, instrument in enumerate(plan.instruments):
        yield from all_known(f"/instruments/{n}/congresses", "congress", instrument.congresses, congresses)
    above = {each.id: each.superiors for each in plan.congresses}
    yield from _cycles("congresses", "congress", above)
    yield from _cycles("tiers", "tier", {tier.id: tier.superiors for tier in plan.tiers})


def _cycles(collection: str, kind: str, above: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    for n, start in enumerate(above):
        reached: set[str] = set()
        ahead = list(above[start])
        while ahead:
            here = ahead.pop()
            if here not in reached:
                reached.add(here)
                ahead.extend(above.get(here, ()))
        if start in reached:
            yield Finding("plan_superior_cycle", {"kind": kind, "id": start}, f"/{collection}/{n}/superiors")


def _tiers(plan: Plan) -> Iterator[Finding]:
    congresses, instruments, tiers = _ids(plan.congresses), _ids(plan.instruments), _ids(plan.tiers)
    for n, tier in enumerate(plan.tiers):
        pointer = f"/tiers/{n}"
        yield from all_known(f"{pointer}/congresses", "congress", tier.congresses, congresses)
        yield from known(f"{pointer}/instrument", "instrument", tier.instrument, instruments)
        yield from all_known(f"{pointer}/superiors", "tier", tier.superiors, tiers)
        groups, criteria = _ids(tier.seat_groups), _ids(tier.composition)
        blocs = {bloc.id for group in tier.seat_groups for bloc in group.blocs}
        for k, target in enumerate(tier.targets):
            yield from all_known(f"{pointer}/targets/{k}/groups", "seat_group", target.groups, groups)
            yield from all_known(f"{pointer}/targets/{k}/blocs", "bloc", target.blocs, blocs)
            yield from known(f"{pointer}/targets/{k}/criterion", "criterion", target.criterion, criteria)
        for k, group in enumerate(tier.seat_groups):
            yield from _members(f"{pointer}/seat_groups/{k}", group)


def _members(pointer: str, group: SeatGroup) -> Iterator[Finding]:
    """A unit or kind competes in one bloc of a group only; bounds are for units that may be in the bloc."""
    for name in ("kinds", "units"):
        uses = Counter(each for bloc in group.blocs for each in set(getattr(bloc, name)))
        for n, bloc in enumerate(group.blocs):
            for k, each in enumerate(getattr(bloc, name)):
                if uses[each] > 1:
                    yield Finding("plan_in_two_blocs", {"member": each}, f"{pointer}/blocs/{n}/{name}/{k}")
    for n, bloc in enumerate(group.blocs):
        for bounds in ("floors", "caps") if not bloc.kinds else ():
            units = set(bloc.units)
            for code in getattr(bloc, bounds):
                yield from known(f"{pointer}/blocs/{n}/{bounds}/{code}", "unit", code, units)


def _others(plan: Plan) -> Iterator[Finding]:
    tiers = _ids(plan.tiers)
    for n, pilot in enumerate(plan.pilots.units if plan.pilots else ()):
        yield from known(f"/pilots/units/{n}/tier", "tier", pilot.tier, tiers)
    for n, deadline in enumerate(plan.deadlines):
        yield from all_known(f"/deadlines/{n}/tiers", "tier", deadline.tiers, tiers)
    for n, committee in enumerate(plan.committees):
        yield from all_known(f"/committees/{n}/tiers", "tier", committee.tiers, tiers)
    for name in ("agenda", "report"):
        for n, item in enumerate(getattr(plan, name)):
            if not item.text and item.clause is None:
                yield Finding("missing", {}, f"/{name}/{n}/text")
    groups = {tier.id: _ids(tier.seat_groups) for tier in plan.tiers}
    for n, quota in enumerate(plan.quotas):
        yield from known(f"/quotas/{n}/tier", "tier", quota.tier, tiers)
        if quota.tier in groups:
            yield from known(f"/quotas/{n}/group", "seat_group", quota.group, groups[quota.tier])
