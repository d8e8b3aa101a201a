"""Checks: ids are unique, references have a target, rules name their source, chains have no cycle."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

from domain.findings import Finding
from domain.plans.plan import Plan
from domain.plans.seats import SeatGroup, Target
from domain.plans.sources import SourcedRule
from domain.plans.tiers import Tier

ID_COLLECTIONS = (
    "clauses",
    "decisions",
    "congresses",
    "instruments",
    "legal_bases",
    "tiers",
    "deadlines",
    "committees",
    "quotas",
    "kinds",
    "measures",
)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def check_references(plan: Plan) -> Iterator[Finding]:
    """Every broken id, reference, source and chain."""
    yield from _check_plan_ids(plan)
    yield from _check_sources(plan)
    yield from _check_chains(plan)
    yield from _check_tiers(plan)
    yield from _check_other_references(plan)


def check_reference(
    pointer: str, kind: str, wanted: str | None, ids: Mapping[str, Any] | set[str]
) -> Iterator[Finding]:
    """A finding when ``wanted`` is not None and not among ``ids``."""
    if wanted is not None and wanted not in ids:
        yield Finding("plan_reference_unknown", {"kind": kind, "id": wanted}, pointer)


def check_reference_list(pointer: str, kind: str, wanted: Sequence[str], ids: set[str]) -> Iterator[Finding]:
    """The same as :func:`check_reference` for each item of a list."""
    for n, each in enumerate(wanted):
        yield from check_reference(f"{pointer}/{n}", kind, each, ids)


def check_unique_ids(pointer: str, items: Sequence[_HasId]) -> Iterator[Finding]:
    """A finding for each repeated id."""
    used: set[str] = set()
    for n, item in enumerate(items):
        if item.id in used:
            yield Finding("plan_id_twice", {"id": item.id}, f"{pointer}/{n}/id")
        used.add(item.id)


def _collect_ids(items: Sequence[_HasId]) -> set[str]:
    return {item.id for item in items}


STEP_IDS = frozenset({"meeting", "vetting"})
"""What the steps of a conference are called that no deadline of the plan names."""


def _check_plan_ids(plan: Plan) -> Iterator[Finding]:
    for name in ID_COLLECTIONS:
        yield from check_unique_ids(f"/{name}", getattr(plan, name))
    for n, deadline in enumerate(plan.deadlines):
        if deadline.id in STEP_IDS:
            yield Finding("deadline_id_of_step", {"id": deadline.id}, f"/deadlines/{n}/id")
    for n, tier in enumerate(plan.tiers):
        for name in ("seat_groups", "targets", "composition", "names"):
            yield from check_unique_ids(f"/tiers/{n}/{name}", getattr(tier, name))
        for k, group in enumerate(tier.seat_groups):
            yield from check_unique_ids(f"/tiers/{n}/seat_groups/{k}/blocs", group.blocs)


def _check_sources(plan: Plan) -> Iterator[Finding]:
    clauses, decisions = _collect_ids(plan.clauses), _collect_ids(plan.decisions)
    for pointer, node in _walk_nodes(plan, ""):
        for each in fields(node):
            value = getattr(node, each.name)
            if each.name == "clause" or each.name.endswith("_clause"):
                yield from check_reference(f"{pointer}/{each.name}", "clause", value, clauses)
            elif each.name == "decision" or each.name.endswith("_decision"):
                yield from check_reference(f"{pointer}/{each.name}", "decision", value, decisions)
        if isinstance(node, SourcedRule) and node.clause is None and node.decision is None:
            yield Finding("plan_source_missing", {}, pointer)


def _walk_nodes(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Each dataclass in the plan with its pointer, the plan itself first."""
    if isinstance(node, tuple):
        for n, each in enumerate(node):
            yield from _walk_nodes(each, f"{pointer}/{n}")
    elif is_dataclass(node):
        yield pointer, node
        for each in fields(node):
            yield from _walk_nodes(getattr(node, each.name), f"{pointer}/{each.name}")


def _check_chains(plan: Plan) -> Iterator[Finding]:
    congresses = _collect_ids(plan.congresses)
    for n, congress in enumerate(plan.congresses):
        yield from check_reference_list(
            f"/congresses/{n}/superiors", "congress", congress.superiors, congresses
        )
    for n, instrument in enumerate(plan.instruments):
        yield from check_reference_list(
            f"/instruments/{n}/congresses", "congress", instrument.congresses, congresses
        )
    above = {each.id: each.superiors for each in plan.congresses}
    yield from _check_cycles("congresses", "congress", above)
    yield from _check_cycles("tiers", "tier", {tier.id: tier.superiors for tier in plan.tiers})


def _check_cycles(collection: str, kind: str, above: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
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


def _check_tiers(plan: Plan) -> Iterator[Finding]:
    congresses, instruments, tiers = (
        _collect_ids(plan.congresses),
        _collect_ids(plan.instruments),
        _collect_ids(plan.tiers),
    )
    for n, tier in enumerate(plan.tiers):
        pointer = f"/tiers/{n}"
        yield from check_reference_list(f"{pointer}/congresses", "congress", tier.congresses, congresses)
        yield from check_reference(f"{pointer}/instrument", "instrument", tier.instrument, instruments)
        yield from check_reference_list(f"{pointer}/superiors", "tier", tier.superiors, tiers)
        for k, target in enumerate(tier.targets):
            yield from check_target_references(f"{pointer}/targets/{k}", tier, target)
        for k, group in enumerate(tier.seat_groups):
            yield from check_bloc_members(f"{pointer}/seat_groups/{k}", group)
            for i, condition in enumerate(group.eligibility):
                where = f"{pointer}/seat_groups/{k}/eligibility/{i}/honoured_at"
                yield from check_reference_list(where, "tier", condition.honoured_at, tiers)


def check_target_references(pointer: str, tier: Tier, target: Target) -> Iterator[Finding]:
    """The groups, blocs and the criterion that a target names are those of its tier."""
    groups, criteria = _collect_ids(tier.seat_groups), _collect_ids(tier.composition)
    blocs = {bloc.id for group in tier.seat_groups for bloc in group.blocs}
    yield from check_reference_list(f"{pointer}/groups", "seat_group", target.groups, groups)
    yield from check_reference_list(f"{pointer}/blocs", "bloc", target.blocs, blocs)
    yield from check_reference(f"{pointer}/criterion", "criterion", target.criterion, criteria)


def check_bloc_members(pointer: str, group: SeatGroup) -> Iterator[Finding]:
    """A unit or kind is in only one bloc of a group; bounds are only for units that may be in the bloc."""
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
                yield from check_reference(f"{pointer}/blocs/{n}/{bounds}/{code}", "unit", code, units)


def _check_other_references(plan: Plan) -> Iterator[Finding]:
    tiers = _collect_ids(plan.tiers)
    for n, pilot in enumerate(plan.pilots.units if plan.pilots else ()):
        yield from check_reference(f"/pilots/units/{n}/tier", "tier", pilot.tier, tiers)
    for n, deadline in enumerate(plan.deadlines):
        yield from check_reference_list(f"/deadlines/{n}/tiers", "tier", deadline.tiers, tiers)
    for n, committee in enumerate(plan.committees):
        yield from check_reference_list(f"/committees/{n}/tiers", "tier", committee.tiers, tiers)
    for name in ("agenda", "report"):
        for n, item in enumerate(getattr(plan, name)):
            if not item.text and item.clause is None:
                yield Finding("missing", {}, f"/{name}/{n}/text")
    groups = {tier.id: _collect_ids(tier.seat_groups) for tier in plan.tiers}
    for n, quota in enumerate(plan.quotas):
        yield from check_reference(f"/quotas/{n}/tier", "tier", quota.tier, tiers)
        if quota.tier in groups:
            yield from check_reference(f"/quotas/{n}/group", "seat_group", quota.group, groups[quota.tier])
