"""Votes: how a conference passed its list of delegates for the level above.

"Thông qua danh sách đại biểu dự Đại hội cấp trên" stands in the agenda. A unit without a conference sends a
letter of its organ instead: such a list has no vote, and is passed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from domain.conferences.meetings import Meeting
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.plans.plan import Plan
from domain.plans.tiers import Tier

USUAL_MAJORITY = Fraction(1, 2)
"""Of those present: more than this are in favour, where the plan states no majority."""

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """When a list was passed, how many were ``present`` and how many ``in_favour``; a letter has no count."""

    on: date
    present: int | None = None
    in_favour: int | None = None


@dataclass(frozen=True, slots=True)
class UpperEvent:
    """The conference to which a list sends delegates: its congress chain and its tier. It may not be open
    yet."""

    congress: str
    tier: str


@dataclass(frozen=True, slots=True)
class VotedName:
    """The place of a nomination on a list: its ``position``, and the day and the outcome of the vote."""

    position: int
    on: date
    passed: bool


def has_passed(facts: VoteFacts, majority: Fraction | None) -> bool:
    """Whether more than the majority of those present were in favour; a letter of the organ is enough."""
    if facts.present is None or facts.in_favour is None:
        return True
    return facts.in_favour > facts.present * (USUAL_MAJORITY if majority is None else majority)


def expect_valid_vote(facts: VoteFacts, meeting: Meeting | None, today: date) -> None:
    """Raise :class:`Invalid` for a vote in the future, before the ``meeting`` of its conference, with more
    people present than attended, or with more in favour than present."""
    errors = []
    if facts.on > today:
        errors.append(Finding("day_in_future", pointer="/on"))
    if meeting is not None:
        errors += _check_meeting(facts, meeting)
    if facts.present is not None and facts.in_favour is not None and facts.in_favour > facts.present:
        params: dict[str, Plain] = {"in_favour": facts.in_favour, "present": facts.present}
        errors.append(Finding("vote_over_present", params, "/in_favour"))
    if errors:
        raise Invalid(errors[0].code, errors=errors)


def expect_votes_fit(votes: Iterable[VoteFacts], meeting: Meeting) -> None:
    """Raise :class:`Conflict` where what is told of a meeting contradicts a vote that is recorded of it."""
    errors = [finding for facts in votes for finding in _check_meeting(facts, meeting)]
    if errors:
        raise Conflict("meeting_contradicts_vote", errors=[Finding(e.code, e.params) for e in errors])


def _check_meeting(facts: VoteFacts, meeting: Meeting) -> list[Finding]:
    found = []
    if facts.on < meeting.first:
        day: dict[str, Plain] = {"on": facts.on.isoformat(), "first": meeting.first.isoformat()}
        found.append(Finding("vote_before_meeting", day, "/on"))
    if facts.present is not None and meeting.attended is not None and facts.present > meeting.attended:
        people: dict[str, Plain] = {"present": facts.present, "attended": meeting.attended}
        found.append(Finding("vote_over_attendance", people, "/present"))
    return found


def check_vote(facts: VoteFacts, meeting: Meeting | None, tier: Tier | None) -> list[Finding]:
    """What is said of a vote that was recorded: how its majority was read, and what is unusual."""
    rule = None if tier is None else tier.list_vote
    found = []
    if facts.present is not None and (rule is None or rule.majority is None):
        clause = None if rule is None else rule.clause
        found.append(Finding("majority_not_stated", clause=clause, severity=Severity.INFO))
    if not has_passed(facts, None if rule is None else rule.majority):
        params: dict[str, Plain] = {"in_favour": facts.in_favour, "present": facts.present}
        found.append(Finding("vote_not_passed", params, severity=Severity.WARNING))
    if meeting is not None and facts.on > meeting.last:
        days: dict[str, Plain] = {"on": facts.on.isoformat(), "last": meeting.last.isoformat()}
        found.append(Finding("vote_after_meeting", days, severity=Severity.WARNING))
    return found


def expect_upper_event(plan: Plan, own: Tier, event: UpperEvent) -> None:
    """Raise :class:`Invalid` unless the plan lets conferences of the tier ``own`` send delegates to an event.

    It is a tier above, however far. Of a congress that has no tier in the plan, such as the national one,
    the tier is that of another plan and may have any name.
    """
    if event.congress not in {each.id for each in plan.congresses}:
        params: dict[str, Plain] = {"congresses": [each.id for each in plan.congresses]}
        raise Invalid(
            "congress_unknown", params, errors=[Finding("congress_unknown", params, "/upper_congress")]
        )
    tiers = [each for each in plan.tiers if event.congress in each.congresses]
    above = _list_tiers_above(plan, own)
    if tiers and event.tier not in {each.id for each in tiers if each.id in above}:
        offered: dict[str, Plain] = {"tiers": [each.id for each in tiers if each.id in above]}
        raise Invalid("tier_not_above", offered, errors=[Finding("tier_not_above", offered, "/upper_tier")])


def _list_tiers_above(plan: Plan, own: Tier) -> set[str]:
    """The tiers to which delegates of a tier rise, step by step; also those of the congress above theirs."""
    above: set[str] = set()
    following = [*own.superiors]
    while following:
        tier = plan.find_tier(following.pop())
        if tier is not None and tier.id not in above:
            above.add(tier.id)
            following += tier.superiors
    return above


def expect_within_limits(named: Mapping[str, int], limits: Mapping[str, int]) -> None:
    """Raise :class:`Conflict` where a list has more names for a seat group than its unit may nominate.

    Without seats there is no limit: the list is a ranked proposal. Both are seat group → number.
    """
    errors = []
    for group, number in sorted(named.items()):
        if group in limits and number > limits[group]:
            params: dict[str, Plain] = {"group": group, "named": number, "limit": limits[group]}
            errors.append(Finding("list_over_nominee_limit", params, "/names"))
    if errors:
        raise Conflict("list_over_nominee_limit", errors[0].params, errors=errors)


class UnpassedReason(StrEnum):
    """Why a nominee is not on a list that was passed."""

    NO_VOTE = "no_vote"
    """No vote is recorded for the unit, or not on this name."""
    NOT_PASSED = "not_passed"
    """The vote did not reach the majority."""


def find_list_clause(plan: Plan, tier: Tier) -> tuple[bool, str | None]:
    """Whether the plan asks for lists of delegates to a tier that were passed; and its clause."""
    if tier.list_vote is not None:
        return True, tier.list_vote.clause
    step = next((item for item in plan.agenda if item.adopts_delegates), None)
    return step is not None, None if step is None else step.clause


def check_voted_name(plan: Plan, tier: Tier, name: VotedName | None) -> list[Finding]:
    """The warning for a nominee to a tier whose list was not passed, where the plan asks for it."""
    asked, clause = find_list_clause(plan, tier)
    if not asked or (name is not None and name.passed):
        return []
    params: dict[str, Plain] = {"why": UnpassedReason.NO_VOTE if name is None else UnpassedReason.NOT_PASSED}
    return [Finding("list_not_passed", params, clause=clause, severity=Severity.WARNING)]


def expect_passed_list(tier: Tier, standing: Sequence[Finding]) -> None:
    """Raise :class:`Conflict` for a nominee with such a ``standing``, where the plan takes nobody else."""
    if standing and tier.list_vote is not None and tier.list_vote.required:
        [finding] = standing
        raise Conflict("list_not_passed", finding.params, errors=[replace(finding, severity=Severity.ERROR)])


def check_revoked_list(plan: Plan, tier: Tier, accepted: int) -> list[Finding]:
    """The warning that people on a revoked list were accepted, where the plan asks for passed lists.

    Until the list is passed anew nothing shows that they were voted for; a plan that takes nobody else then
    has no seat for them (:func:`expect_passed_list`).
    """
    asked, clause = find_list_clause(plan, tier)
    if not asked:
        return []
    required = tier.list_vote is not None and tier.list_vote.required
    code = "required_list_revoked" if required else "accepted_list_revoked"
    return [Finding(code, {"accepted": accepted}, clause=clause, severity=Severity.WARNING)]


def check_unpassed_lists(passed: Sequence[bool], *, asked: bool, clause: str | None) -> list[Finding]:
    """The warning that some of those who stand are on no list that was passed, where that is ``asked`` for.

    ``passed`` says it of each."""
    number = len(passed) - sum(passed)
    if not asked or not number:
        return []
    params: dict[str, Plain] = {"nominees": number}
    return [Finding("selection_lists_not_passed", params, clause=clause, severity=Severity.WARNING)]


def is_list_binding(names: Sequence[VotedName | None], *, reopened: bool) -> bool:
    """Whether the list for one place stays as it was passed: everybody who stands for it is on it.

    It is then fixed where it fits the seats. A place that the council has ``reopened`` is never bound.
    """
    return not reopened and bool(names) and all(name is not None and name.passed for name in names)


def list_fixed_names(names: Mapping[Name, VotedName], seats: int, seats_since: date) -> Collection[Name]:
    """Those on passed lists for one place who have a seat by the vote, of so many ``seats``.

    A list that fits the seats is fixed. Of a longer one that was passed before there were seats, the first
    are, and the others are alternates. One that was passed later is for the council to choose from.
    """
    passed = {name: voted for name, voted in names.items() if voted.passed}
    if len(passed) <= seats:
        return passed.keys()
    in_order = sorted(passed, key=lambda name: passed[name].position)
    return [name for name in in_order[:seats] if passed[name].on < seats_since]
