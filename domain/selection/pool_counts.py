"""The pool in numbers, before the selection: they explain most pools from which no list is possible."""

from dataclasses import dataclass

from domain.findings import Finding, Plain, Severity
from domain.selection.faults import expect_valid_pool
from domain.selection.pool import Pool


@dataclass(frozen=True, slots=True)
class TargetCount:
    """One target and the pool, without the other targets: the nominees, and what is possible in any list.

    ``yes``, ``no`` and ``unknown`` count nominees in scope who are not excluded; ``reachable`` is the
    greatest number of "yes" in a list, ``unavoidable`` the least number of "yes" and "unknown" together.
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
        """Persons by which every list misses this target, even if it were the only target."""
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
    """One value of one attribute: the nominees, not excluded, who state it, and the most of them in one
    list."""

    attribute: str
    value: str
    named: int
    reachable: int


def count_pool_targets(pool: Pool) -> tuple[TargetCount, ...]:
    """The counts of each target, in the order of the targets; also where units have too few nominees.

    :raises Invalid: ``selection_invalid``, as :func:`domain.selection.select_list` does for all other faults.
    """
    expect_valid_pool(pool, short=True)
    from domain.selection.place_counts import count_targets

    return count_targets(pool)


def count_pool_values(pool: Pool) -> tuple[ValueCount, ...]:
    """The counts of every stated code of the targets' attributes, in order of attribute and code.

    :raises Invalid: as :func:`count_pool_targets`.
    """
    expect_valid_pool(pool, short=True)
    from domain.selection.place_counts import count_values

    return count_values(pool)
