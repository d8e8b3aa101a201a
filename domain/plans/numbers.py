"""Errors in a plan's numbers: wrong sums, a lower bound above the upper one, choices made twice."""

from collections.abc import Iterator
from fractions import Fraction

from domain.calendar import Due, Window
from domain.findings import Finding, Plain
from domain.plans.plan import Plan
from domain.plans.seats import BaseRule, Bloc, SeatComponent, SeatGroup, SharingRule, StepRule, Target, Ties
from domain.plans.tiers import Attendance, ListVoteRule, Mix, Tier

PERSON_ATTRIBUTES = ("birth", "ethnicity", "gender", "party_member", "religion")
"""Attributes that a collective does not have; they are those of the person it sends."""


def check_numbers(plan: Plan) -> Iterator[Finding]:
    """Every error in numbers, bounds and choices."""
    for n, tier in enumerate(plan.tiers):
        yield from _check_tier(f"/tiers/{n}", tier)
    for n, period in enumerate(plan.periods):
        yield from _check_order(f"/periods/{n}", period.start, period.end)
    if plan.presidium:
        yield from _check_order("/presidium", plan.presidium.least, plan.presidium.most)
    if plan.pilots and plan.pilots.window:
        yield from _check_window("/pilots/window", plan.pilots.window)
    for n, deadline in enumerate(plan.deadlines):
        yield from _check_due(f"/deadlines/{n}/due", deadline.due)
    yield from _check_ties("/ties", plan.ties)


def _check_tier(pointer: str, tier: Tier) -> Iterator[Finding]:
    if tier.window:
        yield from _check_window(f"{pointer}/window", tier.window)
    if tier.attendance:
        yield from _check_attendance(f"{pointer}/attendance", tier.attendance)
    if tier.list_vote:
        yield from _check_list_vote(f"{pointer}/list_vote", tier.list_vote)
    if tier.mix:
        yield from _check_mix(f"{pointer}/mix", tier.mix)
    if tier.ties:
        yield from _check_ties(f"{pointer}/ties", tier.ties)
    for n, target in enumerate(tier.targets):
        yield from check_target(f"{pointer}/targets/{n}", target)
    for n, group in enumerate(tier.seat_groups):
        yield from check_seat_group(f"{pointer}/seat_groups/{n}", group)
    yield from _check_cap(pointer, tier)


def _check_order(pointer: str, first: int, last: int) -> Iterator[Finding]:
    if first > last:
        yield Finding("plan_range_backwards", {"first": first, "last": last}, pointer)


def _check_window(pointer: str, window: Window) -> Iterator[Finding]:
    if window.start > window.end:
        bounds = {"first": window.start.isoformat(), "last": window.end.isoformat()}
        yield Finding("plan_range_backwards", bounds, pointer, window.clause)


def _check_attendance(pointer: str, attendance: Attendance) -> Iterator[Finding]:
    threshold = attendance.threshold
    if (attendance.form is None) == (threshold is None):
        yield Finding("plan_choose_one", {"fields": ["form", "threshold"]}, pointer)
    if threshold is None:
        return
    if threshold.plenary == "<=" and threshold.delegate == ">=":
        yield Finding(
            "plan_threshold_overlaps", {"number": threshold.number}, f"{pointer}/threshold", threshold.clause
        )
    elif not threshold.is_silent and threshold.exactly not in {None, threshold.derive_form(threshold.number)}:
        where = f"{pointer}/threshold/exactly"
        yield Finding("plan_threshold_contradicts", {"number": threshold.number}, where, threshold.clause)


def _check_list_vote(pointer: str, rule: ListVoteRule) -> Iterator[Finding]:
    if rule.majority is not None and not 0 <= rule.majority < 1:
        yield Finding("plan_out_of_range", {"value": str(rule.majority)}, f"{pointer}/majority", rule.clause)


def _check_mix(pointer: str, mix: Mix) -> Iterator[Finding]:
    total = mix.exemplars + mix.guests
    if total != 100:
        yield Finding("plan_mix_not_hundred", {"sum": str(total)}, pointer, mix.clause)
    if mix.tolerance is not None and mix.tolerance > min(mix.exemplars, mix.guests):
        yield Finding("plan_out_of_range", {"value": str(mix.tolerance)}, f"{pointer}/tolerance", mix.clause)


def _check_ties(pointer: str, ties: Ties) -> Iterator[Finding]:
    if (ties.how == "second_criterion") != (ties.measure is not None):
        yield Finding("plan_ties_measure", {"how": ties.how}, f"{pointer}/measure", ties.clause)


def _check_due(pointer: str, due: Due) -> Iterator[Finding]:
    if (due.date is not None) + (due.days_after is not None) + due.as_planned != 1:
        yield Finding("plan_choose_one", {"fields": ["date", "days_after", "as_planned"]}, pointer)


def check_target(pointer: str, target: Target) -> Iterator[Finding]:
    """Every error in the numbers and choices of one target."""
    if (target.share is None) == (target.count is None):
        yield Finding("plan_choose_one", {"fields": ["share", "count"]}, pointer, target.clause)
    if target.share is not None and not 0 <= target.share <= 1:
        yield Finding("plan_out_of_range", {"value": str(target.share)}, f"{pointer}/share", target.clause)
    if bool(target.values) + bool(target.other_than) + (target.age_at_most is not None) != 1:
        ways = ["values", "other_than", "age_at_most"]
        yield Finding("plan_choose_one", {"fields": ways}, pointer, target.clause)
    if (target.age_at_most is None) != (target.on is None):
        yield Finding("plan_age_needs_day", {}, f"{pointer}/on", target.clause)
    if target.age_at_most is not None and target.attribute != "birth":
        yield Finding("plan_age_of_birth", {}, f"{pointer}/attribute", target.clause)
    if target.of == "holder" and target.attribute in PERSON_ATTRIBUTES:
        where = f"{pointer}/of"
        yield Finding("plan_attribute_of_person", {"attribute": target.attribute}, where, target.clause)

    if target.share_of == "nominees" and (target.share is None or target.split):
        yield Finding("plan_nominees_need_share", {}, f"{pointer}/share_of", target.clause)
    if bool(target.groups) + bool(target.blocs) + bool(target.units) > 1:
        yield Finding("plan_scope_twice", {"fields": ["groups", "blocs", "units"]}, pointer, target.clause)
    if target.split and (target.blocs or target.units):
        yield Finding("plan_split_over_groups", {}, f"{pointer}/split", target.clause)
    if target.by_hand and not target.split:
        yield Finding("plan_by_hand_needs_split", {}, f"{pointer}/by_hand", target.clause)


def check_seat_group(pointer: str, group: SeatGroup) -> Iterator[Finding]:
    """Every error in the numbers and choices of one seat group."""
    if group.seats is not None and group.maximum is not None:
        yield from _check_order(f"{pointer}/seats", group.seats, group.maximum)
    if group.blocs and group.filled_by != "units":
        yield Finding("plan_blocs_need_units", {"group": group.id}, f"{pointer}/blocs", group.clause)
    if group.offices and group.filled_by != "ex_officio":
        yield Finding("plan_offices_need_ex_officio", {"group": group.id}, f"{pointer}/offices", group.clause)
    if group.total == "components":
        yield from _check_component_total(pointer, group)
    elif group.blocs:
        yield from _check_bloc_sum(pointer, group)
    if group.sharing is not None:
        yield from _check_measure(f"{pointer}/sharing", group.sharing)
    for n, component in enumerate(group.components):
        yield from _check_component(f"{pointer}/components/{n}", component)
    for n, bloc in enumerate(group.blocs):
        yield from _check_bloc(f"{pointer}/blocs/{n}", bloc, shares=group.total == "stated")


def _check_bloc_sum(pointer: str, group: SeatGroup) -> Iterator[Finding]:
    """The stated seats of blocs add up to the group's, or leave seats for blocs that share by a measure."""
    stated = [bloc.seats for bloc in group.blocs if bloc.seats is not None]
    total, all_stated = sum(stated), len(stated) == len(group.blocs)
    room = group.maximum if group.seats is None else group.seats
    exact = all_stated and group.seats is not None
    if room is not None and (total > room or (exact and total != room)):
        sums: dict[str, Plain] = {"sum": total, "seats": room, "group": group.id}
        yield Finding("plan_blocs_off_group", sums, f"{pointer}/blocs", group.decision or group.clause)
    if all_stated != (group.sharing is None) or (not all_stated and group.seats is None):
        yield Finding("plan_sharing_missing", {"group": group.id}, f"{pointer}/sharing", group.clause)


def _check_component_total(pointer: str, group: SeatGroup) -> Iterator[Finding]:
    """A group whose total is the outcome of its components has some, and states no number to share."""
    stated = group.seats is not None or any(bloc.seats is not None for bloc in group.blocs)
    if stated or group.sharing is not None or not group.components or not group.blocs:
        params: dict[str, Plain] = {"group": group.id}
        yield Finding("plan_total_of_components", params, f"{pointer}/total", group.clause)


def _check_component(pointer: str, component: SeatComponent) -> Iterator[Finding]:
    if isinstance(component, StepRule) and component.every <= 0:
        yield Finding(
            "plan_out_of_range", {"value": str(component.every)}, f"{pointer}/every", component.clause
        )
    if isinstance(component, StepRule) and component.to is not None and component.to <= component.above:
        bracket = {"above": str(component.above), "to": str(component.to)}
        yield Finding("plan_bracket_empty", bracket, f"{pointer}/to", component.clause)
    if isinstance(component, BaseRule) and component.merged and component.times_predecessors:
        fields = ["merged", "times_predecessors"]
        yield Finding("plan_choose_one", {"fields": fields}, pointer, component.clause)


def _check_bloc(pointer: str, bloc: Bloc, *, shares: bool) -> Iterator[Finding]:
    """A bloc names its members; where it ``shares`` seats, by a measure."""
    if not bloc.kinds and not bloc.units:
        yield Finding("plan_choose_one", {"fields": ["kinds", "units"]}, pointer)
    for code in dict.fromkeys((*bloc.floors, *bloc.caps)):
        floor, cap = bloc.get_bounds(code)
        name = "floors" if code in bloc.floors else "caps"
        yield from _check_floor(f"{pointer}/{name}/{code}", floor, cap)
    yield from _check_floor(f"{pointer}/floor", bloc.floor, bloc.cap)
    if shares:
        yield from _check_measure(pointer, bloc)
    elif bloc.measure is not None or bloc.weights:
        yield Finding("plan_measure_unused", {}, pointer, bloc.clause)


def _check_measure(pointer: str, rule: Bloc | SharingRule) -> Iterator[Finding]:
    if (rule.measure is None) == (not rule.weights):
        yield Finding("plan_choose_one", {"fields": ["measure", "weights"]}, pointer, rule.clause)
    yield from _check_method(pointer, rule)


def _check_floor(pointer: str, floor: int, cap: int | None) -> Iterator[Finding]:
    if cap is not None and floor > cap:
        yield Finding("plan_floor_above_cap", {"floor": floor, "cap": cap}, pointer)


def _check_method(pointer: str, bloc: Bloc | SharingRule) -> Iterator[Finding]:
    """Each parameter belongs to one method; the stationary method needs its ``c``."""
    for name, method in (
        ("quota", "largest_remainder"),
        ("c", "stationary"),
        ("first_divisor", "modified_sainte_lague"),
    ):
        if getattr(bloc, name) is not None and bloc.method != method:
            yield Finding("plan_method_parameter", {"method": bloc.method}, f"{pointer}/{name}")
    if bloc.method == "stationary" and bloc.c is None:
        yield Finding("plan_method_parameter", {"method": bloc.method}, f"{pointer}/c")
    if bloc.c is not None and not 0 <= bloc.c <= 1:
        yield Finding("plan_out_of_range", {"value": str(bloc.c)}, f"{pointer}/c")
    if bloc.first_divisor is not None and not 0 < bloc.first_divisor < Fraction(3):
        yield Finding("plan_out_of_range", {"value": str(bloc.first_divisor)}, f"{pointer}/first_divisor")


def _check_cap(pointer: str, tier: Tier) -> Iterator[Finding]:
    if tier.cap is None:
        return
    cap, source = tier.cap.number, tier.cap.clause
    stated = sum(group.seats or 0 for group in tier.seat_groups)
    if stated > cap:
        yield Finding("plan_groups_above_cap", {"sum": stated, "cap": cap}, f"{pointer}/seat_groups", source)
    for n, group in enumerate(tier.seat_groups):
        if (group.maximum or 0) > cap:
            yield Finding(
                "plan_groups_above_cap",
                {"sum": group.maximum, "cap": cap},
                f"{pointer}/seat_groups/{n}/maximum",
                source,
            )
