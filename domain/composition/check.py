"""The live check: where a list stands against its targets, while it is being drawn up.

The same pure function serves one unit's list and the whole conference, and answers "what if" over a list that
is stored nowhere. A minimum counts those who state that they belong; a maximum counts those who do not say
as well. What the reader may not read of a record (``Record.hidden``) is never looked at: it counts as not
stated, and a target of which everybody in scope is hidden has no state (docs/decisions/0011).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from domain.composition.criteria import Age, AnyOf, AttributeValue, NoneOf, PersonRecord, TargetCriterion
from domain.composition.targets import CompositionTarget, PlaceLike, Scope
from domain.findings import Finding, Invalid, Plain, Severity


class TargetVerdict(StrEnum):
    """Where a target stands, from good to bad."""

    MET = "met"
    UNKNOWN = "unknown"
    """It depends on what some persons have not stated."""
    SHORT = "short"
    """Too few, and the open places suffice."""
    OVER = "over"
    """Too many: somebody has to leave."""
    UNREACHABLE = "unreachable"
    """Too few, even if every open place and everyone who has not stated it were of that kind."""
    NOT_SHOWN = "not_shown"
    """Nobody in scope may be read by whoever asks: nothing is said."""


class _HiddenValue(Enum):
    """In the place of a value that is not looked at."""

    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class OpenSeats:
    """Places still open in one unit and seat group."""

    places: int
    unit: str = ""
    group: str = ""
    bloc: str = ""


@dataclass(frozen=True, slots=True)
class TargetState:
    """One target and the list: the counts, the bounds, and what follows.

    ``yes``, ``no`` and ``unknown`` are the records in scope, ``hidden`` those of the unknown that the reader
    may not read; ``open_places`` are those still to fill; ``least``
    and ``most`` the bounds in persons; ``short`` and ``over`` what the stated ones lack or exceed;
    ``reachable`` the most that could yet be of that kind.
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

    @property
    def short(self) -> int:
        return max(0, (self.least or 0) - self.yes)

    @property
    def over(self) -> int:
        return 0 if self.most is None else max(0, self.yes - self.most)

    @property
    def reachable(self) -> int:
        return self.yes + self.unknown + self.open_places


def check_list(
    records: Sequence[PersonRecord],
    targets: Sequence[CompositionTarget],
    open_places: int | Iterable[OpenSeats] = 0,
    *,
    sizes: Mapping[str, int] | None = None,
) -> tuple[TargetState, ...]:
    """Where ``records`` stand against each of ``targets``, in the order of the targets.

    ``open_places`` is a number where all of them lie in every scope (one unit's list), else they are named by
    unit and group. Shares are taken of the seats in scope, which are its records and open places, unless
    ``sizes`` gives the seats of that target (where there are more nominees than seats). Raises
    :class:`Invalid` when one person stands on the list twice.
    """
    _expect_distinct_persons(records)
    places = [OpenSeats(open_places)] if isinstance(open_places, int) else list(open_places)
    everywhere = isinstance(open_places, int)
    counts = _CriterionCounts(records)
    states = []
    for target in targets:
        yes, no, unknown, hidden = counts.count_records(target.criterion, target.scope)
        free = sum(place.places for place in places if everywhere or target.scope.contains(place))
        size = (sizes or {}).get(target.id, yes + no + unknown + free)
        told = _build_state if hidden < yes + no + unknown or not hidden else _build_hidden_state
        states.append(told(target, (yes, no, unknown, hidden), free, target.compute_bounds(size)))
    return tuple(states)


def check_clashes(
    records: Sequence[PersonRecord], targets: Sequence[CompositionTarget], states: Sequence[TargetState]
) -> tuple[Finding, ...]:
    """Targets that are each within reach, but not together: they want different people for the same places.

    Looks at targets of one scope on one attribute that no person can meet twice (two ethnic groups, two
    sectors). ``states`` is what :func:`check_list` answered for the same records and targets.
    """
    several = {a for record in records for a, value in record.values.items() if isinstance(value, frozenset)}
    short: dict[tuple[Scope, str], list[tuple[CompositionTarget, TargetState]]] = {}
    for target, state in zip(targets, states, strict=True):
        criterion = target.criterion
        if state.short and not isinstance(criterion, Age) and criterion.attribute not in several:
            short.setdefault((target.scope, criterion.attribute), []).append((target, state))
    found = []
    for line in short.values():
        apart = _choose_disjoint(line)
        state = apart[0][1]
        wanted, room = sum(state.short for _, state in apart), state.open_places + state.unknown
        if len(apart) > 1 and wanted > room:
            hard = any(target.hard for target, _ in apart)
            params: dict[str, Plain] = {"targets": [t.id for t, _ in apart], "short": wanted, "room": room}
            severity = Severity.ERROR if hard else Severity.WARNING
            found.append(Finding("targets_clash", params, severity=severity))
    return tuple(found)


def _choose_disjoint(
    line: list[tuple[CompositionTarget, TargetState]],
) -> list[tuple[CompositionTarget, TargetState]]:
    """Targets of which no person meets two, those that lack most first."""
    apart: list[tuple[CompositionTarget, TargetState]] = []
    for target, state in sorted(line, key=lambda pair: (-pair[1].short, pair[0].id)):
        if not any(_may_overlap(target.criterion, other.criterion) for other, _ in apart):
            apart.append((target, state))
    return apart


def _may_overlap(one: TargetCriterion, other: TargetCriterion) -> bool:
    """Whether one stated value can meet both; said to be so where it cannot be excluded."""
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
    """The list with some persons taken off and others put on, to be checked like any other.

    A record of ``put`` takes the place of the one with its id, if there is one.
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
    """Counts of yes, no and unknown; each scope is drawn and each stated value judged but once."""

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
) -> TargetState:
    yes, no, unknown, hidden = counts
    least, most = bounds
    standing = _derive_verdict(yes, unknown, free, least, most)
    params: dict[str, Plain] = {
        "target": target.id, "yes": yes, "unknown": unknown, "open": free, "least": least, "most": most,
        "short": max(0, (least or 0) - yes), "over": 0 if most is None else max(0, yes - most),
        "reachable": yes + unknown + free,
    }  # fmt: skip
    finding = Finding(
        f"target_{standing}", params, clause=target.clause, severity=_derive_severity(standing, target.hard)
    )
    return TargetState(target.id, standing, yes, no, unknown, free, least, most, finding, hidden)


def _build_hidden_state(
    target: CompositionTarget,
    counts: tuple[int, int, int, int],
    free: int,
    bounds: tuple[int | None, int | None],
) -> TargetState:
    """Its bounds and its places, which are public, and nothing of the people."""
    params: dict[str, Plain] = {"target": target.id, "hidden": counts[3]}
    finding = Finding("target_not_shown", params, clause=target.clause, severity=Severity.INFO)
    return TargetState(target.id, TargetVerdict.NOT_SHOWN, 0, 0, counts[3], free, *bounds, finding, counts[3])


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


def _derive_severity(standing: TargetVerdict, hard: bool) -> Severity:
    if standing is TargetVerdict.MET:
        return Severity.INFO
    broken = standing in (TargetVerdict.OVER, TargetVerdict.UNREACHABLE)
    return Severity.ERROR if hard and broken else Severity.WARNING
