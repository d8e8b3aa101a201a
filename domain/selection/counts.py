"""The pool in numbers, before anything is chosen: most pools that cannot work are explained here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.composition.criteria import Value
from domain.findings import Finding, Plain, Severity
from domain.selection.model import Hold, Nominee, Pool, holds

__all__ = ["Count", "ValueCount", "counts", "value_counts"]


@dataclass(frozen=True, slots=True)
class Count:
    """One target and the pool, by itself: who stands for election, and what any list could hold.

    ``yes``, ``no`` and ``unknown`` are nominees in scope who may sit; ``reachable`` is the greatest number of
    "yes" a list can have, ``unavoidable`` the least number of "yes" and "unknown" together.
    """

    target: str
    least: int | None
    most: int | None
    yes: int
    no: int
    unknown: int
    reachable: int
    unavoidable: int

    @property
    def short(self) -> int:
        """Persons by which every list misses this target, were it the only one."""
        over = 0 if self.most is None else self.unavoidable - self.most
        return max(0, (self.least or 0) - self.reachable, over)

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {
            "target": self.target, "least": self.least, "most": self.most, "yes": self.yes,
            "unknown": self.unknown, "reachable": self.reachable, "unavoidable": self.unavoidable,
        }  # fmt: skip
        if self.least is not None and self.reachable < self.least:
            return Finding("selection_pool_short", params, severity=Severity.WARNING)
        if self.most is not None and self.unavoidable > self.most:
            return Finding("selection_pool_over", params, severity=Severity.WARNING)
        return Finding("selection_pool_suffices", params, severity=Severity.INFO)


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One value of one attribute: nominees who may sit and state it, and the most a list can hold of them."""

    attribute: str
    value: str
    named: int
    reachable: int


def counts(pool: Pool) -> tuple[Count, ...]:
    """Each target by itself against the pool, in the order of the targets."""
    seats, settled, sizes = _Seats(pool), holds(pool), pool.sizes()
    able = [(n, hold) for n, hold in zip(pool.nominees, settled, strict=True) if not hold.out]
    lines: dict[str, list[Value]] = {}
    found = []
    for target in pool.targets:
        attribute = target.criterion.attribute
        if attribute not in lines:
            lines[attribute] = [n.record.values.get(attribute) for n, _ in able]
        answer = {value: target.criterion.holds(value) for value in set(lines[attribute])}
        scoped = {quota.place for quota in pool.quotas if target.scope.holds(quota)}
        inside = [
            (nominee, hold, answer[value])
            for (nominee, hold), value in zip(able, lines[attribute], strict=True)
            if nominee.place in scoped
        ]
        told = Counter(each for _, _, each in inside)
        least, most = target.bounds(sizes[target.id])
        no = seats.reach((n, hold) for n, hold, each in inside if each is False)
        size = sum(quota.filled for quota in pool.quotas if quota.place in scoped)
        yes = seats.reach((n, hold) for n, hold, each in inside if each is True)
        found.append(Count(target.id, least, most, told[True], told[False], told[None], yes, size - no))
    return tuple(found)


def value_counts(pool: Pool) -> tuple[ValueCount, ...]:
    """Every stated code of every attribute the targets speak of, in order of attribute and code."""
    seats, settled = _Seats(pool), holds(pool)
    able = [(n, hold) for n, hold in zip(pool.nominees, settled, strict=True) if not hold.out]
    found = []
    for attribute in sorted({target.criterion.attribute for target in pool.targets}):
        with_value: dict[str, list[tuple[Nominee, Hold]]] = {}
        for nominee, hold in able:
            for code in _codes(nominee.record.values.get(attribute)):
                with_value.setdefault(code, []).append((nominee, hold))
        found += [
            ValueCount(attribute, code, len(with_value[code]), seats.reach(with_value[code]))
            for code in sorted(with_value)
        ]
    return tuple(found)


def _codes(value: Value) -> Iterable[str]:
    if isinstance(value, frozenset):
        return value
    return (value,) if isinstance(value, str) else ()


class _Seats:
    """How many of some nominees can sit at once: place by place, the seated in any case."""

    def __init__(self, pool: Pool) -> None:
        self._free = {quota.place: quota.filled for quota in pool.quotas}
        for nominee, hold in zip(pool.nominees, holds(pool), strict=True):
            self._free[nominee.place] -= hold.seated

    def reach(self, people: Iterable[tuple[Nominee, Hold]]) -> int:
        seated, open_ = 0, Counter[tuple[str, str]]()
        for nominee, hold in people:
            if hold.seated:
                seated += 1
            else:
                open_[nominee.place] += 1
        return seated + sum(min(self._free[place], count) for place, count in open_.items())
