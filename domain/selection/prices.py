"""Exact prices, found by solving again: of an edit by the council, a target, or a nominee not on the list.

Each takes as long as a selection; the selection itself has only estimates and bounds of prices.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from domain.composition.targets import CompositionTarget
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.selection.pool import NomineeStatus, Pool
from domain.selection.proven_selection import MAX_NODES, select_list
from domain.selection.recount import Shortfall
from domain.selection.result import SelectionOutcome, SelectionResult, Side

_MOVABLE_STATUSES = frozenset({NomineeStatus.FREE, NomineeStatus.PINNED, NomineeStatus.DROPPED})


@dataclass(frozen=True, slots=True)
class ListCost:
    """The changes from one proven list to another: additional shortfall by priority, points lost, nominees
    who joined and left. Negative numbers are gains."""

    shortfalls: tuple[Shortfall, ...]
    points: int
    joined: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PricedEdit:
    """The best list under an edit, and its cost; ``cost`` is ``None`` when no list was found or proven."""

    selection: SelectionResult
    cost: ListCost | None


def edit_pool(pool: Pool, *, pin: Collection[str] = (), drop: Collection[str] = ()) -> Pool:
    """The pool with some nominees pinned and others dropped; all others keep their status.

    :raises Invalid: ``selection_edit_invalid`` for ids that are unknown, or in both.
    :raises Conflict: ``selection_edit_settled`` for persons whose seat or exclusion the council may not
        change by an edit.
    """
    wanted = {**dict.fromkeys(drop, NomineeStatus.DROPPED), **dict.fromkeys(pin, NomineeStatus.PINNED)}
    status_of = {nominee.id: nominee.hold for nominee in pool.nominees}
    pinned = set(pin)
    wrong = [
        Finding("selection_edit_unknown", {"nominee": one}, f"/{where}/{n}")
        for where, ids in (("pin", pin), ("drop", drop))
        for n, one in enumerate(ids)
        if one not in status_of or (where == "drop" and one in pinned)
    ]
    if wrong:
        raise Invalid("selection_edit_invalid", errors=wrong)
    fixed = sorted(one for one in wanted if status_of[one] not in _MOVABLE_STATUSES)
    if fixed:
        raise Conflict("selection_edit_settled", {"nominees": fixed})
    people = tuple(replace(n, hold=wanted[n.id]) if n.id in wanted else n for n in pool.nominees)
    return replace(pool, nominees=people)


def price_edit(
    pool: Pool,
    selection: SelectionResult,
    *,
    pin: Collection[str] = (),
    drop: Collection[str] = (),
    nodes: int = MAX_NODES,
) -> PricedEdit:
    """The best list with ``pin`` and without ``drop``, and its cost compared with ``selection``.

    A swap pins one nominee and drops another. Raises as :func:`edit_pool` and
    :func:`domain.selection.select_list` do.
    """
    again = select_list(edit_pool(pool, pin=pin, drop=drop), nodes=nodes, explain=False)
    return PricedEdit(again, compute_cost(selection, again))


def compute_cost(before: SelectionResult, after: SelectionResult) -> ListCost | None:
    """The cost of ``after`` compared with ``before``; ``None`` unless both are proven."""
    if before.outcome is not SelectionOutcome.PROVEN or after.outcome is not SelectionOutcome.PROVEN:
        return None
    had = {each.priority: each.short for each in before.shortfalls}
    more = tuple(
        Shortfall(each.priority, each.short - had.get(each.priority, 0)) for each in after.shortfalls
    )
    stayed = set(before.chosen) & set(after.chosen)
    return ListCost(
        more,
        before.score - after.score,
        tuple(one for one in after.chosen if one not in stayed),
        tuple(one for one in before.chosen if one not in stayed),
    )


WhyNotGround = Literal["chosen", "settled", "impossible", "shortfall", "score", "lot", "unknown"]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The exact reason why one nominee is not on the list.

    ``ground``: each list with this nominee breaks a hard rule ("impossible"); or the best one has a shortfall
    greater by ``short`` in ``priority`` ("shortfall"), has ``points`` fewer ("score"), or is as good and the
    lot decided ("lot"). "settled": the nominee was excluded beforehand; "unknown": the budget ended;
    "chosen": the nominee is on the list.
    """

    nominee: str
    ground: WhyNotGround
    priority: int | None = None
    short: int = 0
    points: int = 0

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {
            "nominee": self.nominee, "priority": self.priority, "short": self.short, "points": self.points
        }  # fmt: skip
        return Finding(f"selection_why_not_{self.ground}", params, severity=Severity.INFO)


def explain_why_not(
    pool: Pool, selection: SelectionResult, nominee: str, *, nodes: int = MAX_NODES
) -> WhyNot:
    """Compare the best list with ``nominee`` and the proven ``selection``. Names no other person.

    :raises Invalid: ``selection_edit_invalid`` when no nominee has this id.
    """
    if nominee in selection.chosen:
        return WhyNot(nominee, "chosen")
    try:
        forced = edit_pool(pool, pin=[nominee])
    except Conflict:
        return WhyNot(nominee, "settled")
    try:
        again = select_list(forced, nodes=nodes, explain=False)
    except Invalid:
        # With this person pinned, there are more seated persons than seats, or a forbidden pair is seated.
        return WhyNot(nominee, "impossible")
    if again.outcome is SelectionOutcome.INFEASIBLE:
        return WhyNot(nominee, "impossible")
    found = compute_cost(selection, again)
    if found is None:
        return WhyNot(nominee, "unknown")
    for each in found.shortfalls:
        if each.short:
            return WhyNot(nominee, "shortfall", each.priority, each.short)
    return WhyNot(nominee, "score" if found.points else "lot", points=found.points)


def loosen_target(pool: Pool, target: str, side: Side) -> Pool:
    """The pool with one side of a target relaxed by one person.

    :raises Invalid: ``selection_target_side_unknown`` when there is no such side.
    """
    found = next((each for each in pool.targets if each.id == target), None)
    bounds = pool.bounds().get(target, (None, None))
    if found is None or bounds[side == "most"] is None:
        raise Invalid("selection_target_side_unknown", {"target": target, "side": side})
    targets = tuple(_loosen_side(each, bounds, side) if each.id == target else each for each in pool.targets)
    return replace(pool, targets=targets, partitions=())


def _loosen_side(
    target: CompositionTarget, bounds: tuple[int | None, int | None], side: str
) -> CompositionTarget:
    least, most = bounds
    if least is not None and side == "least":
        least = max(0, least - 1)
    if most is not None and side == "most":
        most += 1
    return replace(target, at_least=least, at_most=most, share=None, most_share=None)


def price_target(
    pool: Pool, selection: SelectionResult, target: str, side: Side, *, nodes: int = MAX_NODES
) -> PricedEdit:
    """The price of one person of one side of a target: the best list with that side relaxed by one person.

    Its ``cost`` is a gain: negative points are points that this list has more. Raises as
    :func:`loosen_target`.
    """
    again = select_list(loosen_target(pool, target, side), nodes=nodes, explain=False)
    return PricedEdit(again, compute_cost(selection, again))
