"""What-ifs and questions: each is computed for its caller alone, who has a limit for each unit.

The limit is the caller's: nobody uses up that of a unit for others. Routes look first whether the unit is
within reach.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from api.http.problems import Problem

MOST_AT_ONCE = 4
"""How many about one unit are computed at a time for a caller."""
MOST_IN_A_ROW = 120
"""How many about one unit are answered in a row to a caller; afterwards one each second."""
MAX_REMEMBERED = 10_000
"""Of how many callers and units is remembered; the oldest are dropped."""


@dataclass(slots=True)
class _Asked:
    """What a caller asked about a unit: how many are being computed, how many are left, and when that was."""

    computing: int
    left: float
    at: float


@dataclass(slots=True)
class WhatIfs:
    """The what-ifs of all callers, in this process."""

    clock: Callable[[], float] = time.monotonic
    _asked: OrderedDict[tuple[str, UUID], _Asked] = field(default_factory=OrderedDict, repr=False)

    @contextmanager
    def asking(self, caller: str, unit: UUID) -> Iterator[None]:
        """A block that computes one about a unit; raises :class:`Problem` 429 where it is one too many."""
        asked = self._look_up((caller, unit))
        if asked.computing >= MOST_AT_ONCE:
            raise _build_problem("unit_what_ifs_unfinished", MOST_AT_ONCE, 1)
        if asked.left < 1:
            raise _build_problem("unit_what_ifs_many", MOST_IN_A_ROW, math.ceil(1 - asked.left))
        asked.computing, asked.left = asked.computing + 1, asked.left - 1
        try:
            yield
        finally:
            asked.computing -= 1

    def _look_up(self, key: tuple[str, UUID]) -> _Asked:
        now = self.clock()
        asked = self._asked.setdefault(key, _Asked(0, MOST_IN_A_ROW, now))
        asked.left, asked.at = min(MOST_IN_A_ROW, asked.left + now - asked.at), now
        self._asked.move_to_end(key)
        while len(self._asked) > MAX_REMEMBERED:
            self._asked.popitem(last=False)
        return asked


def _build_problem(code: str, most: int, seconds: int) -> Problem:
    return Problem(429, code, {"most": most}, headers={"Retry-After": str(seconds)})
