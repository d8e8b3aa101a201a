"""Findings about a plan for a person to check: rules that contradict each other, or leave something open.

None of them is an error. Each finding names the clause, so that the council can decide and record by which
decision.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.calendar import Due
from domain.findings import Finding, Plain, Severity
from domain.plans.plan import Deadline, Plan
from domain.plans.tiers import Form, Mix, Tier

INFO, WARNING = Severity.INFO, Severity.WARNING


def check_contradictions(plan: Plan) -> tuple[Finding, ...]:
    """All findings: the plan's head, then each tier, pilots, deadlines, and items that are still awaited."""
    found = [*_check_head(plan)]
    for tier in plan.tiers:
        found.extend(check_tier(plan, tier))
    found.extend(_check_pilots(plan))
    for deadline in plan.deadlines:
        found.extend(check_deadline(plan, deadline))
    found.extend(_check_awaited_items(plan))
    return tuple(found)


def check_congress_names(plan: Plan, names: Mapping[str, str]) -> Iterator[Finding]:
    """Findings for congresses with another name than in this plan; ``names`` is id → stored name."""
    for n, congress in enumerate(plan.congresses):
        name = names.get(congress.id, congress.name)
        if name != congress.name:
            params: dict[str, Plain] = {"congress": congress.id, "name": name}
            yield _build_warning("congress_named_otherwise", params, f"/congresses/{n}/name", congress)


def check_tier(plan: Plan, tier: Tier) -> Iterator[Finding]:
    """Findings about one tier, the same for all its units."""
    pointer = f"/tiers/{plan.tiers.index(tier)}"
    if not _is_governed_above(plan, tier):
        yield from _check_attendance(pointer, tier)
    if tier.mix:
        yield from _check_mix(f"{pointer}/mix", tier, tier.mix)
    yield from _check_numbers(f"{pointer}/numbers", tier)
    yield from _check_composition(f"{pointer}/composition", tier)
    yield from _check_window(plan, f"{pointer}/window", tier)


def check_deadline(plan: Plan, deadline: Deadline) -> Iterator[Finding]:
    """Findings about one deadline: it is on a day off, inside the window, or has no date."""
    pointer = f"/deadlines/{plan.deadlines.index(deadline)}/due"
    due, params = deadline.due, {"deadline": deadline.id}
    yield from _check_open_due(pointer, deadline)
    last = due.compute_last_day()
    if last is None:
        return
    if not plan.working_days.is_working_day(last):
        yield _check_day_off(plan, pointer, deadline, last)
    for tier in plan.tiers:
        concerned = not deadline.tiers or tier.id in deadline.tiers
        if concerned and deadline.what == "plan" and tier.window and tier.window.contains(last):
            inside = {**params, "day": last.isoformat(), "tier": tier.id, "tier_name": tier.name}
            yield _build_warning("deadline_inside_window", inside, pointer, deadline)


def _check_day_off(plan: Plan, pointer: str, deadline: Deadline, last: date) -> Finding:
    """A finding for a deadline on a day off: it is moved by the plan's rule, or it stays on that day."""
    params: dict[str, Plain] = {"deadline": deadline.id, "day": last.isoformat()}
    rolled = plan.working_days.roll_day(last)
    if rolled == last:
        return _build_warning("deadline_stands_on_day_off", params, pointer, deadline)
    moved: dict[str, Plain] = {**params, "rolled": rolled.isoformat()}
    return _build_warning("deadline_not_working_day", moved, pointer, deadline)


def _check_open_due(pointer: str, deadline: Deadline) -> Iterator[Finding]:
    due: Due = deadline.due
    params: dict[str, Plain] = {"deadline": deadline.id}
    if due.reading == "open":
        yield _build_warning("deadline_reading_open", {**params, "days": due.days_after}, pointer, deadline)
    elif due.as_planned or due.days_after is not None:
        yield Finding("deadline_without_date", params, pointer, deadline.clause, INFO)


def _build_warning(code: str, params: Mapping[str, Plain], pointer: str, rule: Any) -> Finding:
    return Finding(code, params, pointer, rule.clause, WARNING)


def _check_head(plan: Plan) -> Iterator[Finding]:
    if plan.number is None:
        yield Finding("plan_without_number", {}, "/number", severity=WARNING)
    if plan.date is None:
        yield Finding("plan_without_date", {}, "/date", severity=WARNING)
    labels: dict[str, list[Plain]] = {}
    for clause in plan.clauses:
        labels.setdefault(clause.label, []).append(clause.id)
    for label, ids in labels.items():
        if len(ids) > 1:
            yield Finding("label_repeated", {"label": label, "clauses": ids}, "/clauses", str(ids[1]), INFO)
    for role in dict.fromkeys(period.role for period in plan.periods):
        spans = dict.fromkeys(f"{each.start}-{each.end}" for each in plan.periods if each.role == role)
        if len(spans) > 1:
            params: dict[str, Plain] = {"role": role, "periods": list(spans)}
            yield Finding("periods_differ", params, "/periods", severity=WARNING)


def _is_governed_above(plan: Plan, tier: Tier) -> bool:
    """Whether a document of a higher authority governs the tier, so that this plan need not."""
    return any(each.id == tier.instrument and each.standing == "above" for each in plan.instruments)


def _check_attendance(pointer: str, tier: Tier) -> Iterator[Finding]:
    if tier.attendance is None:
        missing: dict[str, Plain] = {"tier": tier.id, "tier_name": tier.name}
        yield Finding("form_not_stated", missing, f"{pointer}/attendance", tier.clause, WARNING)
        return
    threshold = tier.attendance.threshold
    if threshold is None:
        return
    where = f"{pointer}/attendance/threshold"
    params: dict[str, Plain] = {"tier": tier.id, "number": threshold.number}
    if threshold.is_silent and threshold.exactly in {None, Form.UNDECIDED}:
        yield _build_warning("threshold_silent", params, where, threshold)
    if tier.cap and "plenary" not in tier.cap.forms and tier.cap.number < threshold.number - 1:
        jump: dict[str, Plain] = {**params, "below": threshold.number - 1, "cap": tier.cap.number}
        yield _build_warning("threshold_jump", jump, where, threshold)


def _check_mix(pointer: str, tier: Tier, mix: Mix) -> Iterator[Finding]:
    params: dict[str, Plain] = {"tier": tier.id}
    if mix.approximate and mix.tolerance is None:
        yield _build_warning("tolerance_missing", params, f"{pointer}/tolerance", mix)
    outside = [group.id for group in tier.seat_groups if group.counts_as == "none"]
    for group in outside:
        yield _build_warning("mix_leaves_out", {**params, "group": group}, pointer, mix)
    total = sum(group.seats or 0 for group in tier.seat_groups)
    if total and all(group.seats is not None for group in tier.seat_groups):
        exemplars = sum(group.seats or 0 for group in tier.seat_groups if group.counts_as == "exemplar")
        least, most = mix.compute_exemplar_range(total)
        if not least <= exemplars <= most:
            off: dict[str, Plain] = {"exemplars": exemplars, "least": least, "most": most, "total": total}
            yield _build_warning("groups_off_mix", {**params, **off}, pointer, mix)


def _check_numbers(pointer: str, tier: Tier) -> Iterator[Finding]:
    organs = dict.fromkeys(each.decided_by for each in tier.numbers)
    if len(organs) > 1 and tier.numbers_decision is None:
        clauses: list[Plain] = [each.clause for each in tier.numbers]
        params: dict[str, Plain] = {"tier": tier.id, "organs": list(organs), "clauses": clauses}
        yield _build_warning("numbers_decided_twice", params, pointer, tier.numbers[-1])


def _check_composition(pointer: str, tier: Tier) -> Iterator[Finding]:
    covered = {target.criterion for target in tier.targets}
    for n, criterion in enumerate(tier.composition):
        if criterion.id not in covered:
            params: dict[str, Plain] = {"tier": tier.id, "criterion": criterion.id, "name": criterion.name}
            yield Finding("criterion_without_target", params, f"{pointer}/{n}", criterion.clause, INFO)


def _check_window(plan: Plan, pointer: str, tier: Tier) -> Iterator[Finding]:
    if tier.window is None:
        return
    if tier.window.part:
        params: dict[str, Plain] = {"part": tier.window.part}
        yield Finding("window_vague", params, pointer, tier.window.clause, INFO)
    for superior in filter(None, map(plan.find_tier, tier.superiors)):
        if superior.window and tier.window.end >= superior.window.start:
            late: dict[str, Plain] = {
                "tier": tier.id,
                "tier_name": tier.name,
                "superior": superior.id,
                "superior_name": superior.name,
            }
            yield _build_warning("window_after_superior", late, pointer, tier.window)


def _check_pilots(plan: Plan) -> Iterator[Finding]:
    pilots = plan.pilots
    if pilots is None:
        return
    if not pilots.units:
        yield _build_warning("pilots_unnamed", {}, "/pilots/units", pilots)
    if pilots.window and pilots.window.part:
        params: dict[str, Plain] = {"part": pilots.window.part}
        yield Finding("window_vague", params, "/pilots/window", pilots.window.clause or pilots.clause, INFO)
    for n, pilot in enumerate(pilots.units):
        tier = plan.find_tier(pilot.tier)
        if tier and tier.window and pilots.window and not pilots.window.is_before(tier.window):
            late: dict[str, Plain] = {"unit": pilot.unit, "tier": pilot.tier}
            yield Finding("pilot_not_earlier", late, f"/pilots/units/{n}", pilots.window.clause, INFO)


def _check_awaited_items(plan: Plan) -> Iterator[Finding]:
    for n, instrument in enumerate(plan.instruments):
        if instrument.standing == "later" and instrument.number is None:
            params: dict[str, Plain] = {"instrument": instrument.id}
            yield _build_warning("instrument_awaited", params, f"/instruments/{n}", instrument)
    for n, quota in enumerate(plan.quotas):
        if quota.seats is None:
            yield Finding("quota_awaited", {"quota": quota.id}, f"/quotas/{n}/seats", quota.clause, INFO)
    for n, decision in enumerate(plan.decisions):
        if decision.made_up:
            yield Finding("decision_made_up", {"decision": decision.id}, f"/decisions/{n}", severity=INFO)
