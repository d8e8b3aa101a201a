"""Checks: a plan counts only what people and units can state. Anything else would count nobody.

Kinds of units, measures, titles and awards are on the reference lists, or the plan defines them; the values
of attributes are on the lists of :mod:`domain.vocabulary`. A target may also count an attribute of its own,
which people then state as a code; one whose name is all but that of a known attribute is a slip of the pen.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from domain.figures import EQUAL_MEASURE, MEASURES
from domain.findings import Finding, Invalid, escape_pointer_step
from domain.honours import AWARDS, TITLES, is_known_honour
from domain.plans.plan import Plan
from domain.plans.seats import Bloc, SeatGroup, SharingRule, StepRule, Target
from domain.plans.tiers import Tier
from domain.units import UNIT_KINDS
from domain.vocabulary import FREE_TEXTS, HONOUR_ATTRIBUTES, STATED_CODE, VALUES

_NEAR_NAME = 0.8
"""From this likeness on, the name of an attribute is taken for a misspelt one."""


@dataclass(frozen=True, slots=True)
class _KnownWords:
    """What a plan may name: kinds of units, measures, and honours by the attribute that has them."""

    kinds: frozenset[str]
    measures: frozenset[str]
    honours: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The words of the reference lists and those that the plan defines."""

        def list_honours(kind: str, law: Iterable[str]) -> frozenset[str]:
            return frozenset((*law, *(each.name for each in plan.honours if each.kind == kind)))

        return cls(
            frozenset((*UNIT_KINDS, *(each.id for each in plan.kinds))),
            frozenset((*MEASURES, *(each.id for each in plan.measures))),
            {"title": list_honours("title", TITLES), "award": list_honours("award", AWARDS)},
        )


def check_stated_values(plan: Plan) -> Iterator[Finding]:
    """Every word in a plan that nobody can state, and every definition of a word that there is already."""
    yield from _check_definitions(plan)
    words = _KnownWords.of(plan)
    yield from _check_measure("/ties/measure", plan.ties.measure, words.measures)
    for n, tier in enumerate(plan.tiers):
        yield from _check_tier(f"/tiers/{n}", tier, words)


def expect_known_measure(plan: Plan, measure: str) -> None:
    """Raise ``Invalid`` for a measure that no unit can report under a plan."""
    known = _KnownWords.of(plan).measures | {EQUAL_MEASURE}
    if measure not in known:
        params = {"measure": measure, "near": get_close_matches(measure, known)}
        raise Invalid("measure_unknown", params, errors=[Finding("measure_unknown", params, "/measure")])


def _check_definitions(plan: Plan) -> Iterator[Finding]:
    known: dict[str, list[tuple[str, Collection[str]]]] = {
        "kinds": [(each.id, UNIT_KINDS) for each in plan.kinds],
        "measures": [(each.id, (*MEASURES, EQUAL_MEASURE)) for each in plan.measures],
        "honours": [(each.name, (*TITLES, *AWARDS)) for each in plan.honours],
    }
    for name, words in known.items():
        for n, (word, listed) in enumerate(words):
            if word in listed:
                yield Finding("plan_word_listed", {"word": word}, f"/{name}/{n}")


def _check_tier(pointer: str, tier: Tier, words: _KnownWords) -> Iterator[Finding]:
    yield from _check_kinds(f"{pointer}/kinds", tier.kinds, words)
    if tier.attendance and tier.attendance.threshold:
        where = f"{pointer}/attendance/threshold/measure"
        yield from _check_measure(where, tier.attendance.threshold.measure, words.measures)
    if tier.ties:
        yield from _check_measure(f"{pointer}/ties/measure", tier.ties.measure, words.measures)
    for n, group in enumerate(tier.seat_groups):
        yield from _check_group(f"{pointer}/seat_groups/{n}", group, words)
    for n, target in enumerate(tier.targets):
        yield from _check_target(f"{pointer}/targets/{n}", target, words)
    every_honour = frozenset().union(*words.honours.values())
    for title in tier.selection.titles if tier.selection else ():
        where = f"{pointer}/selection/titles/{escape_pointer_step(title)}"
        yield from _check_honour(where, title, "title", every_honour)


def _check_kinds(pointer: str, kinds: Collection[str], words: _KnownWords) -> Iterator[Finding]:
    for n, kind in enumerate(kinds):
        if kind not in words.kinds:
            yield Finding("plan_kind_unknown", {"kind": kind}, f"{pointer}/{n}")


def _check_measure(pointer: str, measure: str | None, measures: Collection[str]) -> Iterator[Finding]:
    if measure is not None and measure not in measures:
        yield Finding("plan_measure_unknown", {"measure": measure}, pointer)


def _check_group(pointer: str, group: SeatGroup, words: _KnownWords) -> Iterator[Finding]:
    weighed = words.measures | {EQUAL_MEASURE}
    for n, component in enumerate(group.components):
        if isinstance(component, StepRule):
            yield from _check_measure(f"{pointer}/components/{n}/measure", component.measure, weighed)
    if group.sharing:
        yield from _check_weights(f"{pointer}/sharing", group.sharing, weighed)
    for n, bloc in enumerate(group.blocs):
        yield from _check_kinds(f"{pointer}/blocs/{n}/kinds", bloc.kinds, words)
        yield from _check_weights(f"{pointer}/blocs/{n}", bloc, weighed)
    for n, condition in enumerate(group.eligibility):
        for kind, names in (("title", condition.titles), ("award", condition.awards)):
            for k, name in enumerate(names):
                where = f"{pointer}/eligibility/{n}/{kind}s/{k}"
                yield from _check_honour(where, name, kind, words.honours[kind])


def _check_weights(pointer: str, rule: Bloc | SharingRule, measures: Collection[str]) -> Iterator[Finding]:
    yield from _check_measure(f"{pointer}/measure", rule.measure, measures)
    for measure in rule.weights:
        yield from _check_measure(f"{pointer}/weights/{measure}", measure, measures)


def _check_honour(pointer: str, name: str, kind: str, known: Collection[str]) -> Iterator[Finding]:
    if not is_known_honour(name, known):
        yield Finding("plan_honour_unknown", {"attribute": kind, "name": name}, pointer)


def _check_target(pointer: str, target: Target, words: _KnownWords) -> Iterator[Finding]:
    yield from _check_measure(f"{pointer}/part", target.part, words.measures)
    near = get_close_matches(target.attribute, VALUES, n=1, cutoff=_NEAR_NAME)
    if target.attribute not in VALUES and near:
        params = {"attribute": target.attribute, "near": near}
        yield Finding("plan_attribute_misspelt", params, f"{pointer}/attribute", target.clause)
        return
    for field, values in (("values", target.values), ("other_than", target.other_than)):
        for n, value in enumerate(values):
            yield from _check_value(f"{pointer}/{field}/{n}", target, value, words)


def _check_value(pointer: str, target: Target, value: str, words: _KnownWords) -> Iterator[Finding]:
    """A value that nobody who is asked for the attribute can state."""
    attribute, listed = target.attribute, VALUES.get(target.attribute)
    params = {"attribute": attribute, "value": value}
    if attribute in HONOUR_ATTRIBUTES:
        yield from _check_honour(pointer, value, attribute, words.honours[attribute])
    elif listed is not None and value not in listed:
        yield Finding("plan_value_unknown", params, pointer, target.clause)
    elif listed is None and attribute not in FREE_TEXTS and not STATED_CODE.fullmatch(value):
        yield Finding("plan_value_not_a_code", params, pointer, target.clause)
