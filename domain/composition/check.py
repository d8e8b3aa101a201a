"""The check of a list against its targets, while the list is being prepared.

The same pure function is for one unit's list and for the whole conference, also for a list that is not stored
("what if"). A minimum counts the persons who state that they meet the criterion; a maximum also counts those
who did not state the attribute. Attributes that the reader may not read (``PersonRecord.hidden``) are never
used: they count as not stated, and a target for which all persons in scope are hidden gets no verdict
(docs/decisions/0011). No finding is an error: a list is checked while it is still being prepared, and hard
targets refuse when it is selected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from domain.composition.criteria import Age, AnyOf, AttributeValue, NoneOf, PersonRecord, TargetCriterion
from domain.composition.targets import CompositionTarget, PlaceLike, Scope
from domain.findings import Finding, Invalid, Plain, Severity


class TargetVerdict(StrEnum):
    """How far a target is met, from good to bad."""

    MET = "met"
    UNKNOWN = "unknown"
    """It depends on attributes that some persons have not stated."""
    SHORT = "short"
    """Too few, but the open seats suffice."""
    OVER = "over"
    """Too many: some person has to be removed."""
    UNREACHABLE = "unreachable"
    """Too few, even if every open seat and every person who has not stated it counted."""
    NOT_SHOWN = "not_shown"
    """The reader may not read this attribute of any person in scope, so there is no verdict."""


class _HiddenValue(Enum):
    """A marker instead of a value that the reader may not read."""

    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class OpenSeats:
    """The number of seats still open in one unit and seat group."""

    places: int
    unit: str = ""
    group: str = ""
    bloc: str = ""


@dataclass(frozen=True, slots=True)
class TargetState:
    """One target and the list: the counts, the bounds, and the verdict.

    ``yes``, ``no`` and ``unknown`` are numbers of records in scope, ``hidden`` the part of the unknown that
    the reader may not read. ``open_places`` is the number of seats still to fill. ``least`` and ``most`` are
    the bounds in persons. ``short`` and ``over`` are by how many persons ``yes`` misses or exceeds them;
    ``reachable`` is the most persons that could still count. ``surplus`` is by how many the persons are more
    than the seats, of whom some will not be chosen. ``standing`` is the verdict; a selected list must
    meet a ``hard`` target.
    """

    target: str
    standing: TargetVerdict
    yes: int
    no: int
    unknown: int
    open_places: int
    least: int | None
    most: int | None
    finding: Finding
    hidden: int = 0
    surplus: int = 0
    hard: bool = False

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "TargetState":
        """The state from its plain form, that of ``plain_record``."""
        standing, finding = TargetVerdict(content["standing"]), Finding.read(content["finding"])
        return cls(**{**content, "standing": standing, "finding": finding})

    @property
    def short(self) -> int:
        return max(0, (self.least or 0) - self.yes)

    @property
    def over(self) -> int:
        return 0 if self.most is None else max(0, self.yes - self.surplus - self.most)

    @property
    def reachable(self) -> int:
        return self.yes + self.unknown + self.open_places


def check_list(
    records: Sequence[PersonRecord],
    targets: Sequence[CompositionTarget],
    open_places: int | Iterable[OpenSeats] = 0,
    *,
    sizes: Mapping[str, int] | None = None,
    with_empty: Mapping[str, int] | None = None,
) -> tuple[TargetState, ...]:
    """The state of each of ``targets`` for the list ``records``, in the order of the targets.

    ``open_places`` is a number where all open seats are in every scope (one unit's list), else they are
    listed by unit and group. Shares are taken of the seats in scope, which are its records and open seats,
    unless ``sizes`` gives the seats of that target (where there are more nominees than seats); ``with_empty``
    also counts those that stay empty. Raises :class:`Invalid` when one person is on the list twice.
    """
    _expect_distinct_persons(records)
    places = [OpenSeats(open_places)] if isinstance(open_places, int) else list(open_places)
    everywhere = isinstance(open_places, int)
    counts = _CriterionCounts(records)
    states = []
    for target in targets:
        yes, no, unknown, hidden = counts.count_records(target.criterion, target.scope)
        free = sum(place.places for place in places if everywhere or target.scope.contains(place))
        people = yes + no + unknown
        size = people if target.of_nominees else (sizes or {}).get(target.id, people + free)
        build = _build_state if hidden < people or not hidden else _build_hidden_state
        bounds = target.compute_bounds(size, (with_empty or {}).get(target.id))
        states.append(build(target, (yes, no, unknown, hidden), free, bounds, max(0, people - size)))
    return tuple(states)


def hide_state(state: TargetState) -> TargetState:
    """The state for a reader who may not read the attribute of anybody in scope: the bounds, no verdict."""
    people = state.yes + state.no + state.unknown
    params: dict[str, Plain] = {"target": state.target, "hidden": people}
    finding = Finding("target_not_shown", params, clause=state.finding.clause, severity=Severity.INFO)
    return TargetState(
        state.target, TargetVerdict.NOT_SHOWN, 0, 0, people, state.open_places, state.least, state.most,
        finding, people, hard=state.hard,
    )  # fmt: skip


def check_clashes(
    records: Sequence[PersonRecord], targets: Sequence[CompositionTarget], states: Sequence[TargetState]
) -> tuple[Finding, ...]:
    """Targets that are each reachable, but not together: they need different people for the same seats.

    Compares targets of one scope on one attribute of which no person can meet two (two ethnic groups, two
    sectors). ``states`` is the answer of :func:`check_list` for the same records and targets.
    """
    multi_valued = {
        a for record in records for a, value in record.values.items() if isinstance(value, frozenset)
    }
    short: dict[tuple[Scope, str], list[tuple[CompositionTarget, TargetState]]] = {}
    for target, state in zip(targets, states, strict=True):
        criterion = target.criterion
        if state.short and not isinstance(criterion, Age) and criterion.attribute not in multi_valued:
            short.setdefault((target.scope, criterion.attribute), []).append((target, state))
    found = []
    for line in short.values():
        disjoint = _choose_disjoint(line)
        state = disjoint[0][1]
        wanted, room = sum(state.short for _, state in disjoint), state.open_places + state.unknown
        if len(disjoint) > 1 and wanted > room:
            params: dict[str, Plain] = {"targets": [t.id for t, _ in disjoint], "short": wanted, "room": room}
            found.append(Finding("targets_clash", params, severity=Severity.WARNING))
    return tuple(found)


def _choose_disjoint(
    line: list[tuple[CompositionTarget, TargetState]],
) -> list[tuple[CompositionTarget, TargetState]]:
    """Targets of which no person can meet two, those with the greatest shortfall first."""
    disjoint: list[tuple[CompositionTarget, TargetState]] = []
    for target, state in sorted(line, key=lambda pair: (-pair[1].short, pair[0].id)):
        if not any(_may_overlap(target.criterion, other.criterion) for other, _ in disjoint):
            disjoint.append((target, state))
    return disjoint


def _may_overlap(one: TargetCriterion, other: TargetCriterion) -> bool:
    """Whether one stated value can meet both criteria; also true where this cannot be excluded."""
    match one, other:
        case AnyOf(), AnyOf():
            return bool(one.values & other.values)
        case AnyOf(), NoneOf():
            return not one.values <= other.values
        case NoneOf(), AnyOf():
            return not other.values <= one.values
    return True


def revise_records(
    records: Sequence[PersonRecord], *, without: Iterable[str] = (), put: Iterable[PersonRecord] = ()
) -> tuple[PersonRecord, ...]:
    """The list without the ids ``without`` and with the records ``put``, to be checked as any other list.

    A record of ``put`` replaces the record with the same id, if there is one.
    """
    new = {record.id: record for record in put}
    gone = set(without) | set(new)
    return (*(record for record in records if record.id not in gone), *new.values())


def _expect_distinct_persons(records: Sequence[PersonRecord]) -> None:
    first: dict[str, int] = {}
    errors = [
        Finding("list_person_twice", {"person": record.id}, f"/records/{n}/id")
        for n, record in enumerate(records)
        if first.setdefault(record.id, n) != n
    ]
    if errors:
        raise Invalid("list_person_twice", errors[0].params, errors=errors)


class _CriterionCounts:
    """Counts of yes, no, unknown and hidden; each scope is filtered, and its values counted, only one
    time."""

    def __init__(self, records: Sequence[PersonRecord]) -> None:
        self._records = records
        self._scoped: dict[Scope, Sequence[PersonRecord]] = {}
        self._stated: dict[tuple[Scope, str], dict[AttributeValue | _HiddenValue, int]] = {}

    def count_records(self, criterion: TargetCriterion, scope: Scope) -> tuple[int, int, int, int]:
        yes = no = unknown = hidden = 0
        for value, count in self._tally_values(scope, criterion.attribute).items():
            if isinstance(value, _HiddenValue):
                hidden += count
                unknown += count
                continue
            match criterion.accepts(value):
                case True:
                    yes += count
                case False:
                    no += count
                case None:
                    unknown += count
        return yes, no, unknown, hidden

    def _tally_values(self, scope: Scope, attribute: str) -> dict[AttributeValue | _HiddenValue, int]:
        tally = self._stated.get((scope, attribute))
        if tally is None:
            tally = self._stated[scope, attribute] = {}
            for record in self._list_scoped_records(scope):
                hidden = attribute in record.hidden
                value = _HiddenValue.HIDDEN if hidden else record.values.get(attribute)
                tally[value] = tally.get(value, 0) + 1
        return tally

    def _list_scoped_records(self, scope: Scope) -> Sequence[PersonRecord]:
        records = self._scoped.get(scope)
        if records is None:
            records = [record for record in self._records if scope.contains(_as_place(record))]
            self._scoped[scope] = records
        return records


def _as_place(record: PersonRecord) -> PlaceLike:
    return record


def _build_state(
    target: CompositionTarget,
    counts: tuple[int, int, int, int],
    free: int,
    bounds: tuple[int | None, int | None],
    surplus: int,
) -> TargetState:
    yes, no, unknown, hidden = counts
    least, most = bounds
    verdict = _derive_verdict(yes, unknown, free, least, None if most is None else most + surplus)
    if target.of_nominees and verdict is TargetVerdict.UNREACHABLE:
        verdict = (
            TargetVerdict.SHORT
        )  # more people may be named than there are open seats, and others withdrawn
    params: dict[str, Plain] = {
        "target": target.id, "yes": yes, "unknown": unknown, "open": free, "least": least, "most": most,
        "short": max(0, (least or 0) - yes), "over": 0 if most is None else max(0, yes - surplus - most),
        "reachable": yes + unknown + free,
    }  # fmt: skip
    severity = Severity.INFO if verdict is TargetVerdict.MET else Severity.WARNING
    finding = Finding(f"target_{verdict}", params, clause=target.clause, severity=severity)
    return TargetState(
        target.id, verdict, yes, no, unknown, free, least, most, finding, hidden, surplus, target.hard
    )


def _build_hidden_state(
    target: CompositionTarget,
    counts: tuple[int, int, int, int],
    free: int,
    bounds: tuple[int | None, int | None],
    surplus: int,
) -> TargetState:
    """The state with the bounds and open seats, which are public, and no count of persons by attribute."""
    return hide_state(_build_state(target, counts, free, bounds, surplus))


def _derive_verdict(yes: int, unknown: int, free: int, least: int | None, most: int | None) -> TargetVerdict:
    need = 0 if least is None else least - yes
    if need > unknown + free:
        return TargetVerdict.UNREACHABLE
    if most is not None and yes > most:
        return TargetVerdict.OVER
    if 0 < need <= free:
        return TargetVerdict.SHORT
    if need > 0 or (most is not None and yes + unknown > most):
        return TargetVerdict.UNKNOWN
    return TargetVerdict.MET
