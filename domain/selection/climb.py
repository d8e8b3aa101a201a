"""One goal, to its proven optimum: search a small core, and widen it until nothing outside can be better."""

from dataclasses import dataclass, field
from typing import overload

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.bound import Aim, Bound
from domain.selection.core import Budget, keeps, search
from domain.selection.problem import Problem
from domain.selection.result import Step
from domain.selection.sifting import Sifted

CORE = 100
"""Columns of the first core, beside those for each rule."""
FOR_EACH = 4
"""Columns of the first core for each rule."""
WIDER = 4
"""How much larger the next core is, at most."""
TRIES = 3
"""Cores that may turn out to hold no list before the shortfalls are searched in whole numbers."""


@dataclass(slots=True)
class Course:
    """What a run may spend, and its steps so far."""

    budget: Budget
    steps: list[Step] = field(default_factory=list)


class Spent(Exception):  # noqa: N818 - the end of the budget is no error
    """The budget ended in the middle of a stage; ``x`` is the best list so far, over its columns."""

    def __init__(self, x: Mask | None) -> None:
        super().__init__("budget")
        self.x = x


@overload
def climb(problem: Problem, aim: Aim, lead: Sifted, course: Course, stage: str, witness: Mask) -> Mask: ...
@overload
def climb(problem: Problem, aim: Aim, lead: Sifted, course: Course, stage: str) -> Mask | None: ...
def climb(
    problem: Problem, aim: Aim, lead: Sifted, course: Course, stage: str, witness: Mask | None = None
) -> Mask | None:
    """A list that no other exceeds in ``aim``; ``None`` when ``TRIES`` cores, or all columns, hold none.

    With a ``witness``, which is a list that keeps the limits, there is always one. Raises :class:`Spent`.
    """
    now = lead.bound
    order = np.lexsort((-aim.goal, now.cost))
    x = _start(problem, aim, now.inside, witness)
    core, searches = np.zeros(problem.size, np.bool_), 0
    size = CORE + FOR_EACH * len(problem.rules)
    while x is None or _beaten(problem, aim, now, x, core):
        core = _core(problem, aim, now, x, order, size)
        found = search(problem, aim, core, now.inside, course.budget, x)
        searches += 1
        x = _better(problem, aim, x, found.x)
        if not found.complete:
            raise Spent(x)
        if x is None and (searches == TRIES or core.all()):
            break
        size *= WIDER
    value = None if x is None else aim.value(problem, x)
    course.steps.append(Step(stage, problem.size, int(core.sum()), lead.rounds, searches, value, now.most))
    return x


def _core(problem: Problem, aim: Aim, now: Bound, x: Mask | None, order: Longs, size: int) -> Mask:
    """The ``size`` first columns, no more than can matter, and what ``x`` changes."""
    core = np.zeros(problem.size, np.bool_)
    if x is None:
        core[order[:size]] = True
        return core
    matter = int(np.count_nonzero(now.cost <= _room(problem, aim, now, x)))
    core[order[: min(size, matter)]] = True
    core |= x != now.inside
    return core


def _start(problem: Problem, aim: Aim, inside: Mask, witness: Mask | None) -> Mask | None:
    """The better of the witness and the bound's own list, which may break a rule."""
    return _better(problem, aim, witness, inside) if keeps(problem, aim, inside) else witness


def _better(problem: Problem, aim: Aim, one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return other if aim.value(problem, other) >= aim.value(problem, one) else one


def _room(problem: Problem, aim: Aim, now: Bound, x: Mask) -> int:
    """What the changes of a list that exceeds ``x`` may cost."""
    return now.value - (aim.value(problem, x) + 1) * now.scale


def _beaten(problem: Problem, aim: Aim, now: Bound, x: Mask, core: Mask) -> bool:
    """Whether a list that changes something outside of the core may still exceed ``x``."""
    room = _room(problem, aim, now, x)
    return room >= 0 and (not core.any() or bool((now.cost[~core] <= room).any()))


def open_columns(problem: Problem, aim: Aim, now: Bound, x: Mask) -> Mask:
    """The columns that a list as good as ``x`` may change."""
    found: Mask = now.cost <= _room(problem, aim, now, x) + now.scale
    return found
