"""Filed facts: what a unit's own plan says of its conference, compared with what the plan above it sets.

A limit that the plan sets ("không quá", "tối đa", the form by the threshold) refuses. What is only planned
otherwise ("khoảng", a day outside the window) is taken with a warning, and with a reason where it departs
from the plan.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from domain.conferences.meetings import check_window_part
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity, escape_pointer_step
from domain.plans.tiers import Cap, Form, Tier
from domain.snapshots import plain_record

WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledFacts:
    """What a unit's own plan says of its conference; what it does not say is ``None`` or empty.

    ``delegates`` is their number in all, ``groups`` that of each seat group. ``committee`` is the decision
    that founds the organising committee. ``report_due`` is the day for which the plan promises the report.
    """

    form: Form | None = None
    name: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    place: str | None = None
    delegates: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    committee: str | None = None
    report_due: dt.date | None = None

    def plain(self) -> dict[str, Plain]:
        """The facts as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        days = {
            name: plain[name] and dt.date.fromisoformat(plain[name])
            for name in ("first", "last", "report_due")
        }
        return cls(**{**plain, **days, "form": plain["form"] and Form(plain["form"])})


SEVEN_FACTS = ("form", "name", "first", "place", "delegates", "groups", "committee")
"""The facts that a unit's plan is expected to state."""


def list_missing_facts(facts: FiledFacts, terms: ConferenceTerms) -> tuple[str, ...]:
    """The facts that a unit's plan does not state, of those that apply: groups only where the plan has some,
    the committee only where the plan asks for one."""
    asked = {
        "groups": bool(terms.seat_groups),
        "committee": bool(terms.committees),
    }
    stated = {name for name in SEVEN_FACTS if getattr(facts, name) or getattr(facts, name) == 0}
    return tuple(name for name in SEVEN_FACTS if asked.get(name, True) and name not in stated)


def check_filed_facts(
    tier: Tier, terms: ConferenceTerms, facts: FiledFacts, reason: str | None
) -> list[Finding]:
    """What of a unit's plan is refused: what the plan above it limits, what contradicts itself, and a day or
    a mix that departs from the plan without a reason."""
    found = [*_check_days(facts), *_check_form(tier, terms, facts), *_check_size(tier, terms, facts)]
    departs = [each for each in compare_filed_facts(terms, facts) if each.code in _NEED_REASON]
    if departs and not reason:
        found.append(Finding("reason_missing", pointer="/reason", clause=departs[0].clause))
    return found


_NEED_REASON = frozenset({"planned_outside_window", "planned_off_mix"})


def compare_filed_facts(terms: ConferenceTerms, facts: FiledFacts) -> list[Finding]:
    """Where a unit's plan is not as the plan above it has it, and what it does not state; as warnings."""
    missing = (
        Finding("fact_missing", {"fact": each}, severity=WARNING) for each in list_missing_facts(facts, terms)
    )
    return [*missing, *_compare_name(terms, facts), *_compare_days(terms, facts), *_compare_mix(terms, facts)]


def _check_days(facts: FiledFacts) -> Iterator[Finding]:
    if facts.last is not None and facts.first is None:
        yield Finding("missing", pointer="/facts/first")
    elif facts.last is not None and facts.first is not None and facts.last < facts.first:
        params: dict[str, Plain] = {"first": facts.first.isoformat(), "last": facts.last.isoformat()}
        yield Finding("days_backwards", params, "/facts/last")


def _check_form(tier: Tier, terms: ConferenceTerms, facts: FiledFacts) -> Iterator[Finding]:
    """The form follows from the plan wherever it can be derived."""
    if facts.form is None or terms.form in {facts.form, Form.UNDECIDED}:
        return
    threshold = tier.attendance.threshold if tier.attendance else None
    params: dict[str, Plain] = {"filed_form": facts.form, "planned_form": terms.form}
    yield Finding(
        "filed_form_differs", params, "/facts/form", clause=threshold.clause if threshold else tier.clause
    )


def _check_size(tier: Tier, terms: ConferenceTerms, facts: FiledFacts) -> Iterator[Finding]:
    size, total = facts.delegates, sum(facts.groups.values())
    cap = _find_cap(tier, terms, facts)
    if cap is not None and max(size or 0, total) > cap.number:
        above: dict[str, Plain] = {"delegates": max(size or 0, total), "cap": cap.number}
        pointer = "/facts/groups" if size is None else "/facts/delegates"
        yield Finding("planned_above_cap", above, pointer, clause=cap.clause)
    limits = {group.id: group.maximum if group.seats is None else group.seats for group in terms.seat_groups}
    for group, number in facts.groups.items():
        pointer = f"/facts/groups/{escape_pointer_step(group)}"
        if group not in limits:
            yield Finding("group_unknown", pointer=pointer)
        elif (limit := limits[group]) is not None and number > limit:
            over: dict[str, Plain] = {"group": group, "number": number, "limit": limit}
            yield Finding("planned_above_group", over, pointer)
    if size is not None and total > size:
        disagree: dict[str, Plain] = {"delegates": size, "groups": total}
        yield Finding("planned_groups_disagree", disagree, "/facts/delegates")


def _find_cap(tier: Tier, terms: ConferenceTerms, facts: FiledFacts) -> Cap | None:
    """The cap for the form of the conference; while the plan leaves the form open, for the one that the unit
    plans, and without any as for delegates."""
    form = facts.form or Form.DELEGATE if terms.form is Form.UNDECIDED else terms.form
    return tier.cap if tier.cap and form in tier.cap.forms else None


def _compare_name(terms: ConferenceTerms, facts: FiledFacts) -> Iterator[Finding]:
    if facts.name is not None and terms.names and facts.name not in terms.names:
        params: dict[str, Plain] = {"name": facts.name, "names": list(terms.names)}
        yield Finding("planned_name_differs", params, severity=WARNING)


def _compare_days(terms: ConferenceTerms, facts: FiledFacts) -> Iterator[Finding]:
    if facts.first is None:
        return
    last = facts.last or facts.first
    days: dict[str, Plain] = {"first": facts.first.isoformat(), "last": last.isoformat()}
    window = terms.window
    if window is not None and not (window.contains(facts.first) and window.contains(last)):
        bounds: dict[str, Plain] = {"start": window.start.isoformat(), "end": window.end.isoformat()}
        yield Finding("planned_outside_window", {**days, **bounds}, clause=window.clause, severity=WARNING)
    yield from check_window_part(terms, facts.first, last)
    half_days = 2 * (last - facts.first).days + 1
    if terms.length is not None and half_days > terms.length.half_days:
        longer: dict[str, Plain] = {**days, "half_days": terms.length.half_days}
        yield Finding("planned_longer", longer, clause=terms.length.clause, severity=WARNING)


def _compare_mix(terms: ConferenceTerms, facts: FiledFacts) -> Iterator[Finding]:
    if terms.mix is None or not terms.mix.binding:
        return
    sides = {"exemplar": 0, "guest": 0}
    for group in terms.seat_groups:
        if group.counts_as in sides:
            sides[group.counts_as] += facts.groups.get(group.id, 0)
    counted = sum(sides.values())
    if not counted:
        return
    mix = terms.mix.mix
    least, most = mix.compute_exemplar_range(counted)
    if not least <= sides["exemplar"] <= most:
        params: dict[str, Plain] = {
            "exemplars": sides["exemplar"],
            "counted": counted,
            "least": least,
            "most": most,
        }
        code = "planned_off_approximate_mix" if mix.approximate else "planned_off_mix"
        yield Finding(code, params, clause=mix.clause, severity=WARNING)
