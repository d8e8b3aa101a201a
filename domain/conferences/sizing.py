"""The numbers of one conference: its size, its seat groups and its targets, as its organ decides them.

A plan leaves numbers to whoever decides on the conference ("số lượng đại biểu do đơn vị tổ chức quyết định
nhưng không quá 200 đại biểu"). A decision completes the tier's rules for one conference, and everything else
follows the completed rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.conferences.terms import ConferenceTerms
from domain.findings import Conflict, Finding, Plain, Severity
from domain.plans import Plan, SeatGroup, SharingRule, Target, Tier
from domain.plans.numbers import check_seat_group, check_target
from domain.plans.references import check_bloc_members, check_target_references, check_unique_ids
from domain.plans.seats import Bloc, CountsAs, FilledBy, NomineeKind, NomineeLimit, SeatComponent
from domain.plans.tiers import Form, NumberRule

WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNumber:
    """The decided number of one seat group, and how units share it.

    ``name``, ``filled_by`` and ``counts_as`` are only for a group that the plan does not have.
    """

    id: str
    seats: int
    name: str | None = None
    filled_by: FilledBy | None = None
    counts_as: CountsAs | None = None
    stands_for: tuple[NomineeKind, ...] | None = None
    nominee_limit: NomineeLimit | None = None
    components: tuple[SeatComponent, ...] = ()
    sharing: SharingRule | None = None
    blocs: tuple[Bloc, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceNumbers:
    """The numbers that a decision gives one conference.

    ``rule`` is the clause that is followed where the plan names several organs, and ``settled_by`` the
    document that settles this.
    """

    size: int | None = None
    seat_groups: tuple[GroupNumber, ...] = ()
    targets: tuple[Target, ...] = ()
    rule: str | None = None
    settled_by: str | None = None


def complete_plan(plan: Plan, tier: Tier, numbers: ConferenceNumbers) -> tuple[Plan, Tier]:
    """The plan and the tier with the numbers of one conference in the place of what the tier leaves open."""
    completed = complete_tier(tier, numbers)
    tiers = tuple(completed if each.id == tier.id else each for each in plan.tiers)
    return replace(plan, tiers=tiers), completed


def complete_tier(tier: Tier, numbers: ConferenceNumbers) -> Tier:
    """The tier with these numbers; groups and targets that it does not have come after its own."""
    decided = {each.id: each for each in numbers.seat_groups}
    groups = [
        _complete_group(group, decided[group.id]) if group.id in decided else group
        for group in tier.seat_groups
    ]
    groups += [_build_group(each) for each in decided.values() if tier.find_seat_group(each.id) is None]
    clauses = {each.id: each.clause for each in tier.composition}
    targets = [replace(each, clause=clauses.get(each.criterion or "")) for each in numbers.targets]
    return replace(tier, seat_groups=tuple(groups), targets=(*tier.targets, *targets))


def choose_number_rule(tier: Tier, numbers: ConferenceNumbers) -> NumberRule | None:
    """The rule of the plan about who decides; ``None`` where it has none.

    The one whose clause the decision names, or else the first.
    """
    named = [each for each in tier.numbers if each.clause == numbers.rule]
    return next(iter(named or tier.numbers), None)


def check_conference_numbers(
    tier: Tier, terms: ConferenceTerms, numbers: ConferenceNumbers, reason: str | None
) -> tuple[Finding, ...]:
    """Everything that stands against the numbers (errors), and what is to be noticed about them (warnings).

    ``tier`` is that of the plan, and ``terms`` are those of the conference by the plan alone. ``reason`` is
    given for a mix that the plan does not have.
    """
    if numbers.size is None and not numbers.seat_groups and not numbers.targets:
        return (Finding("numbers_missing", {}, "/size"),)
    found = [*_check_rule(tier, numbers), *_check_size(tier, terms, numbers), *_check_groups(tier, numbers)]
    found += _check_targets(tier, numbers)
    completed = complete_tier(tier, numbers)
    found += _check_completed(tier, completed, numbers)
    if not any(each.severity is Severity.ERROR for each in found):
        found += _check_sums(tier, terms, completed, numbers)
        found += _check_mix(tier, terms, completed, numbers, reason)
    return tuple(found)


def check_deciding_organ(rule: NumberRule | None, organ: str) -> Iterator[Finding]:
    """A warning about a document of another organ than the one that the plan names.

    "Ủy ban nhân dân tỉnh" is also "Ủy ban nhân dân tỉnh Sóc Trăng". Where the plan only says at which level
    it is decided, no name is compared.
    """
    if rule is None or rule.decided_at is not None:
        return
    if not organ.casefold().startswith(rule.decided_by.casefold()):
        params: dict[str, Plain] = {"organ": organ, "decided_by": rule.decided_by}
        yield Finding("organ_differs_from_plan", params, "/organ", rule.clause, WARNING)


@dataclass(frozen=True, slots=True)
class GroupPlaces:
    """The places of a group that are used: seats ``given`` to units, people ``listed`` by the organiser."""

    given: int
    listed: int


def check_used_places(tier: Tier, places: Mapping[str, GroupPlaces]) -> Iterator[Finding]:
    """Warnings about groups of which more is used than their number: nobody is cut."""
    for group in tier.seat_groups:
        used, most = places.get(group.id), group.maximum if group.seats is None else group.seats
        if used is not None and most is not None and used.given + used.listed > most:
            params: dict[str, Plain] = {
                "group": group.id,
                "given": used.given,
                "listed": used.listed,
                "most": most,
            }
            yield Finding("group_over_number", params, clause=group.clause, severity=WARNING)


def expect_kept_groups(tier: Tier, stored: Iterable[str]) -> None:
    """Raise ``Conflict`` for groups that an earlier decision defined and this one leaves out."""
    left_out: list[Plain] = [each for each in stored if tier.find_seat_group(each) is None]
    if left_out:
        raise Conflict("group_left_out", {"groups": left_out})


def compute_excess(used: int, number: int | None) -> int:
    """By how many places the use exceeds a number; nothing without a number."""
    return 0 if number is None else max(0, used - number)


def _complete_group(group: SeatGroup, number: GroupNumber) -> SeatGroup:
    """The group with its number; where the total is that of its components, the number is its maximum."""
    counted = group.total == "components"
    return replace(
        group,
        seats=None if counted else number.seats,
        maximum=number.seats if counted else group.maximum,
        nominee_limit=number.nominee_limit or group.nominee_limit,
        components=number.components or group.components,
        sharing=number.sharing or group.sharing,
        blocs=number.blocs or group.blocs,
    )


def _build_group(number: GroupNumber) -> SeatGroup:
    return SeatGroup(
        id=number.id,
        name=number.name or number.id,
        filled_by=number.filled_by or "invitation",
        counts_as=number.counts_as or "none",
        stands_for=number.stands_for or ("person",),
        seats=number.seats,
        nominee_limit=number.nominee_limit,
        components=number.components,
        sharing=number.sharing,
        blocs=number.blocs,
    )


def _check_rule(tier: Tier, numbers: ConferenceNumbers) -> Iterator[Finding]:
    """Where the plan names several organs, the plan itself or the decision settles which of them decides."""
    clauses: list[Plain] = [each.clause for each in tier.numbers]
    if numbers.rule is not None and numbers.rule not in clauses:
        yield Finding("number_rule_unknown", {"clauses": clauses}, "/rule")
    elif len({each.decided_by for each in tier.numbers}) > 1 and tier.numbers_decision is None:
        organs: list[Plain] = [*dict.fromkeys(each.decided_by for each in tier.numbers)]
        params: dict[str, Plain] = {"organs": organs, "clauses": clauses}
        for name in ("rule", "settled_by"):
            if getattr(numbers, name) is None:
                yield Finding("number_rule_open", params, f"/{name}", tier.numbers[-1].clause)


def _check_size(tier: Tier, terms: ConferenceTerms, numbers: ConferenceNumbers) -> Iterator[Finding]:
    """The cap binds delegates; while the form is undecided, a size means delegates."""
    if numbers.size is None:
        return
    if terms.form is Form.PLENARY:
        attendance = tier.attendance
        clause = None if attendance is None else attendance.clause
        yield Finding("plenary_has_no_size", {}, "/size", clause)
        return
    cap = _find_cap(tier, terms)
    if cap is not None and numbers.size > cap:
        params: dict[str, Plain] = {"size": numbers.size, "cap": cap}
        yield Finding("size_over_cap", params, "/size", tier.cap.clause if tier.cap else None)


def _find_cap(tier: Tier, terms: ConferenceTerms) -> int | None:
    if tier.cap is None or not (terms.form in tier.cap.forms or terms.form is Form.UNDECIDED):
        return None
    return tier.cap.number


def _check_groups(tier: Tier, numbers: ConferenceNumbers) -> Iterator[Finding]:
    """A plan's own groups get a number within what the plan states; others only where it has no groups."""
    yield from check_unique_ids("/seat_groups", numbers.seat_groups)
    for n, each in enumerate(numbers.seat_groups):
        pointer, group = f"/seat_groups/{n}", tier.find_seat_group(each.id)
        if group is None:
            yield from _check_new_group(pointer, tier, each)
            continue
        for name in ("name", "filled_by", "counts_as", "stands_for"):
            if getattr(each, name) is not None:
                yield Finding("group_of_plan", {"group": each.id}, f"{pointer}/{name}", group.clause)
        stated = [most for most in (group.seats, group.maximum) if most is not None]
        if stated and each.seats > min(stated):
            params: dict[str, Plain] = {"group": each.id, "seats": each.seats, "most": min(stated)}
            yield Finding("group_over_plan", params, f"{pointer}/seats", group.clause or group.decision)


def _check_new_group(pointer: str, tier: Tier, number: GroupNumber) -> Iterator[Finding]:
    if tier.seat_groups:
        groups: list[Plain] = [each.id for each in tier.seat_groups]
        yield Finding("group_not_of_tier", {"groups": groups}, f"{pointer}/id", tier.clause)
        return
    for name in ("name", "filled_by"):
        if getattr(number, name) is None:
            yield Finding("missing", {}, f"{pointer}/{name}")


def _check_targets(tier: Tier, numbers: ConferenceNumbers) -> Iterator[Finding]:
    """Targets are for criteria that the plan names without a number."""
    criteria = {each.id: each for each in tier.composition}
    numbered = {each.criterion for each in tier.targets}
    own = {each.id for each in tier.targets}
    yield from check_unique_ids("/targets", numbers.targets)
    for n, target in enumerate(numbers.targets):
        pointer = f"/targets/{n}"
        if target.id in own:
            yield Finding("plan_id_twice", {"id": target.id}, f"{pointer}/id")
        if criteria and target.criterion is None:
            yield Finding("missing", {}, f"{pointer}/criterion")
        elif target.criterion in criteria and target.criterion in numbered:
            criterion = criteria[target.criterion]
            params: dict[str, Plain] = {"criterion": criterion.name}
            yield Finding("criterion_has_number", params, f"{pointer}/criterion", criterion.clause)


def _check_completed(tier: Tier, completed: Tier, numbers: ConferenceNumbers) -> Iterator[Finding]:
    """The same as for a plan: sums of blocs, references, and choices made twice."""
    groups = {each.id: each for each in completed.seat_groups}
    for n, each in enumerate(numbers.seat_groups):
        pointer = f"/seat_groups/{n}"
        yield from check_seat_group(pointer, groups[each.id])
        yield from check_unique_ids(f"{pointer}/blocs", each.blocs)
        yield from check_bloc_members(pointer, groups[each.id])
    for n, target in enumerate(numbers.targets):
        yield from check_target(f"/targets/{n}", target)
        yield from check_target_references(f"/targets/{n}", completed, target)


def _check_sums(
    tier: Tier, terms: ConferenceTerms, completed: Tier, numbers: ConferenceNumbers
) -> Iterator[Finding]:
    cap = _find_cap(tier, terms)
    most = cap if numbers.size is None else numbers.size
    total = sum(each.seats or 0 for each in completed.seat_groups)
    params: dict[str, Plain] = {"sum": total, "most": most}
    if most is not None and total > most:
        clause = tier.cap.clause if tier.cap is not None and numbers.size is None else None
        yield Finding("groups_over_size", params, "/seat_groups", clause)
    elif numbers.size is not None and total < numbers.size and _are_numbered(completed.seat_groups):
        yield Finding("groups_under_size", params, "/seat_groups", severity=WARNING)


def _are_numbered(groups: Iterable[SeatGroup]) -> bool:
    return all(each.seats is not None for each in groups)


def _check_mix(
    tier: Tier, terms: ConferenceTerms, completed: Tier, numbers: ConferenceNumbers, reason: str | None
) -> Iterator[Finding]:
    """The exemplars within the plan's share; outside it "khoảng" warns, and an exact share needs a reason.

    It is looked at as soon as all groups have numbers.
    """
    mix, groups = tier.mix, completed.seat_groups
    binds = mix is not None and (terms.form in mix.binds or terms.form is Form.UNDECIDED)
    if mix is None or not binds or not groups or not _are_numbered(groups):
        return
    total = sum(each.seats or 0 for each in groups) if numbers.size is None else numbers.size
    exemplars = sum(each.seats or 0 for each in groups if each.counts_as == "exemplar")
    least, most = mix.compute_exemplar_range(total)
    params: dict[str, Plain] = {"total": total, "least": least, "most": most}
    if not mix.approximate and not mix.is_whole(total):
        yield Finding("mix_not_whole", params, "/seat_groups", mix.clause, WARNING)
    if not least <= exemplars <= most:
        off: dict[str, Plain] = {**params, "exemplars": exemplars}
        if mix.approximate or reason is not None:
            yield Finding("numbers_off_mix", off, "/seat_groups", mix.clause, WARNING)
        else:
            yield Finding("mix_needs_reason", off, "/reason", mix.clause)
