"""What a version of a plan changes about conferences that stand under another one.

Before a version is published, its council sees which open conferences would have other terms, in which part,
and what that was decided for them would no longer fit. Nothing is changed by comparing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.conferences.sizing import ConferenceNumbers, check_conference_numbers, complete_plan
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms
from domain.findings import Finding, Plain, Severity, lower_errors
from domain.plans import Plan, Tier
from domain.plans.amendments import DifferenceKind, PlanDifference, diff_plans
from domain.plans.tiers import Form
from domain.snapshots import plain_record


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceBasis:
    """What a conference brings to the rules of any version: its tier, the facts about its unit, and what was
    chosen and decided for it. ``held`` and ``promised`` are as in :func:`derive_terms`."""

    tier: str
    facts: UnitFacts
    chosen: str | None = None
    form: Form | None = None
    held: dt.date | None = None
    promised: dt.date | None = None
    numbers: ConferenceNumbers | None = None


@dataclass(frozen=True, slots=True)
class KeptConference:
    """A conference with the terms that it has now."""

    conference: str
    basis: ConferenceBasis
    terms: ConferenceTerms


class TermsPart(StrEnum):
    """The part of a conference's terms that is different; each is a field of the terms."""

    TIER = "tier"
    CONGRESSES = "congresses"
    FORM = "form"
    PILOT = "pilot"
    NAME = "name"
    NAMES = "names"
    TITLE = "title"
    CAP = "cap"
    MIX = "mix"
    WINDOW = "window"
    LENGTH = "length"
    DEADLINES = "deadlines"
    NUMBERS = "numbers"
    SEAT_GROUPS = "seat_groups"
    TARGETS = "targets"
    TIES = "ties"
    PRESIDIUM = "presidium"
    COMMITTEES = "committees"
    AGENDA = "agenda"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDifference:
    """One difference. ``id`` is that of the deadline, seat group, target or committee that it is in.

    ``pointer`` points into the new terms. That of an item that was removed ends with its place in the old
    ones: the way there is through the new ones, if it is within an item that stays.
    """

    part: TermsPart
    id: str | None
    kind: DifferenceKind
    pointer: str
    before: Plain
    after: Plain
    clause: str | None


@dataclass(frozen=True, slots=True)
class TermsComparison:
    """What a version changes about one conference. ``findings`` say what it newly has to be told of, and what
    of its decided numbers no longer fits: warnings, since nothing is refused by comparing."""

    conference: str
    differences: tuple[TermsDifference, ...]
    findings: tuple[Finding, ...]


def derive_terms_from(plan: Plan, basis: ConferenceBasis) -> ConferenceTerms:
    """The terms of a conference under a version, with the numbers that were decided for it.

    A name that the version does not offer counts as not chosen. Raises ``Invalid`` for a version without the
    conference's tier.
    """
    numbers, tier = basis.numbers, plan.find_tier(basis.tier)
    if tier is not None and numbers is not None:
        plan, tier = complete_plan(plan, tier, numbers)
    offered = {each.id for each in tier.names} if tier is not None else set()
    return derive_terms(
        plan,
        basis.tier,
        basis.facts,
        chosen=basis.chosen if basis.chosen in offered else None,
        held=basis.held,
        size=None if numbers is None else numbers.size,
        form=basis.form,
        promised=basis.promised,
    )


def compare_terms(version: Plan, conferences: Iterable[KeptConference]) -> tuple[TermsComparison, ...]:
    """What a version says of each conference against what the conference has now, in their order.

    A rule that only has another clause or decision behind it is no difference.
    """
    return tuple(_compare_conference(version, each) for each in conferences)


def _compare_conference(version: Plan, kept: KeptConference) -> TermsComparison:
    tier = version.find_tier(kept.basis.tier)
    if tier is None:
        gone = TermsDifference(
            part=TermsPart.TIER,
            id=None,
            kind="removed",
            pointer="/tier",
            before=kept.basis.tier,
            after=None,
            clause=None,
        )
        return TermsComparison(kept.conference, (gone,), ())
    terms = derive_terms_from(version, kept.basis)
    new = [each for each in terms.findings if each not in kept.terms.findings]
    new += _check_kept_numbers(version, tier, kept.basis)
    differences = tuple(_list_differences(kept.terms, terms))
    return TermsComparison(kept.conference, differences, lower_errors(new))


def _check_kept_numbers(version: Plan, tier: Tier, basis: ConferenceBasis) -> Iterator[Finding]:
    """What of the decided numbers the version does not allow."""
    if basis.numbers is not None:
        planned = derive_terms_from(version, replace(basis, numbers=None))
        found = check_conference_numbers(tier, planned, basis.numbers, reason="")
        yield from (each for each in found if each.severity is Severity.ERROR)


_SOURCES = ("clause", "decision")
_ITEM_DEPTH = 2
"""The steps of a pointer to an item of a part, such as ``/seat_groups/1``."""


def _list_differences(before: ConferenceTerms, after: ConferenceTerms) -> Iterator[TermsDifference]:
    old, new = plain_record(before), plain_record(after)
    for part in TermsPart:
        for found in diff_plans({part: old[part]}, {part: new[part]}):
            if not found.pointer.endswith(_SOURCES):
                own = found.kind == "removed" and found.pointer.count("/") == _ITEM_DEPTH
                at = old if own else new
                yield _build_difference(part, found, at[part])


def _build_difference(part: TermsPart, found: PlanDifference, value: Plain) -> TermsDifference:
    return TermsDifference(
        part=part,
        id=_find_id(found.pointer, value),
        kind=found.kind,
        pointer=found.pointer,
        before=found.before,
        after=found.after,
        clause=found.clause,
    )


def _find_id(pointer: str, value: Plain) -> str | None:
    """The id of the item of a list into which the pointer leads."""
    step = pointer.split("/")[2:3]
    if not step or not isinstance(value, Sequence) or isinstance(value, str):
        return None
    item = value[int(step[0])]
    found = item.get("id") if isinstance(item, Mapping) else None
    return found if isinstance(found, str) else None
