"""How many nominees of a pool count for a target or state a value."""

from dataclasses import dataclass

from domain.findings import Finding, Plain, Severity


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
