"""What-ifs and questions: each is computed for its caller alone, so those about one unit have a limit."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from api.http.problems import Problem

MOST_AT_ONCE = 4
"""How many of one unit are computed at a time."""
MOST_IN_A_ROW = 120
"""How many of one unit are answered in a row; afterwards one each second."""
MAX_REMEMBERED = 10_000
"""The most units that are remembered; the oldest are dropped."""


@dataclass(slots=True)
class _Asked:
    """What a unit has asked: how many are being computed, how many are left, and when that was."""

    computing: int
    left: float
    at: float


@dataclass(slots=True)
class WhatIfs:
    """The what-ifs of all units, in this process."""

    clock: Callable[[], float] = time.monotonic
    _units: OrderedDict[UUID, _Asked] = field(default_factory=OrderedDict, repr=False)

    @contextmanager
    def asking(self, unit: UUID) -> Iterator[None]:
        """A block that computes one for a unit; raises :class:`Problem` 429 where it is one too many."""
        asked = self._look_up(unit)
        if asked.computing >= MOST_AT_ONCE:
            raise _build_problem("unit_what_ifs_unfinished", MOST_AT_ONCE, 1)
        if asked.left < 1:
            raise _build_problem("unit_what_ifs_many", MOST_IN_A_ROW, math.ceil(1 - asked.left))
        asked.computing, asked.left = asked.computing + 1, asked.left - 1
        try:
            yield
        finally:
            asked.computing -= 1

    def _look_up(self, unit: UUID) -> _Asked:
        now = self.clock()
        asked = self._units.setdefault(unit, _Asked(0, MOST_IN_A_ROW, now))
        asked.left, asked.at = min(MOST_IN_A_ROW, asked.left + now - asked.at), now
        self._units.move_to_end(unit)
        while len(self._units) > MAX_REMEMBERED:
            self._units.popitem(last=False)
        return asked


def _build_problem(code: str, most: int, seconds: int) -> Problem:
    return Problem(429, code, {"most": most}, headers={"Retry-After": str(seconds)})
