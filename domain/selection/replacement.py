"""Replacement after adoption: some delegates cannot come, and the list is completed with the fewest changes.

In this order: hard rules are kept; the shortfall of each priority grows as little as possible, if at all; a
person of the same collective replaces the leaver; the fewest others change; alternates follow in their order;
then the score and the lot decide.

Where seats stay empty because nobody is left for them, a list may be unable to keep the hard targets. It is
then the list that misses them by as little as possible, and each of these targets is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from domain.composition.targets import CompositionTarget
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.selection.faults import EMPTY_SEAT_FAULTS, expect_valid_pool
from domain.selection.pool import NomineeStatus, PlaceKey, Pool, list_statuses
from domain.selection.proven_selection import MAX_NODES, RecountMismatch
from domain.selection.recount import Recount, Shortfall, compute_shortfall, recount_list
from domain.selection.result import SelectionOutcome

if TYPE_CHECKING:
    from domain.selection.search.replacement_search import ReplacementList


EASED_PRIORITY = 0
"""The priority, before all those of plans, of a hard target that may be missed because seats stay empty."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new list: ``chosen`` ids in their order; ``joined`` are new on it; ``moved`` left in addition to
    the leavers.

    ``unfilled`` are seats without an eligible nominee: unit and group → seats, to be offered again or left
    empty by decision. ``before`` and ``after`` are shortfalls by priority. ``tied``: a lot must be drawn for
    these, since other lists are as good as this one.
    """

    outcome: SelectionOutcome
    chosen: tuple[str, ...]
    joined: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    unfilled: Mapping[PlaceKey, int] = field(default_factory=dict)
    before: tuple[Shortfall, ...] = ()
    after: tuple[Shortfall, ...] = ()
    findings: tuple[Finding, ...] = ()
    tied: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        """The number of persons who had to leave in addition to those who cannot come."""
        return len(self.moved)


def expect_replacement_allowed(
    on: date, frozen_from: date | None, *, reason: str = "", authority: str = ""
) -> None:
    """Refuse a replacement from the freeze date on, unless it has a reason and an authority.

    :raises Conflict: ``selection_frozen``.
    """
    if frozen_from is not None and on >= frozen_from and not (reason.strip() and authority.strip()):
        raise Conflict("selection_frozen", {"since": frozen_from.isoformat()})


def replace_delegates(
    pool: Pool,
    chosen: Sequence[str],
    leaving: Sequence[str],
    *,
    alternates: Mapping[PlaceKey, Sequence[str]] | None = None,
    nodes: int = MAX_NODES,
) -> Replacement:
    """The list without ``leaving``, with their seats filled again.

    ``pool`` is the present pool, with all changes since adoption (new nominees, nominees no longer eligible).
    ``alternates``: unit and group → ids in their order; other nominees come after them.

    :raises Invalid: ``replacement_invalid`` when ``chosen`` is no list of the pool or ``leaving`` not on it;
        ``selection_invalid`` when the pool itself has faults.
    """
    _expect_on_list(pool, chosen, leaving)
    rest, unfilled = remove_leavers(pool, leaving)
    expect_valid_pool(rest, tolerated=EMPTY_SEAT_FAULTS)
    rest = replace(rest, partitions=())  # only for the check; seats may now be too few for its parts
    found = _search_list(pool, rest, chosen, leaving, alternates or {}, nodes)
    if found.outcome is SelectionOutcome.INFEASIBLE and any(quota.empty for quota in rest.quotas):
        pool, rest = (replace(each, targets=_ease_targets(pool.targets)) for each in (pool, rest))
        found = _search_list(pool, rest, chosen, leaving, alternates or {}, nodes)
    before = recount_list(pool, chosen).shortfalls
    if found.ids is None:
        return Replacement(
            found.outcome, (), unfilled=unfilled, before=before, findings=_check_unfilled_seats(unfilled)
        )
    count = recount_list(rest, found.ids)
    if count.broken:
        raise RecountMismatch("the new list breaks a rule")
    kept = set(chosen) - set(leaving)
    return Replacement(
        found.outcome,
        found.ids,
        tuple(one for one in found.ids if one not in kept),
        tuple(sorted(kept.difference(found.ids))),
        unfilled,
        before,
        count.shortfalls,
        (
            *_check_unfilled_seats(unfilled),
            *_check_shortfalls(before, count.shortfalls),
            *_check_eased_targets(rest, count),
        ),
        found.tied,
    )


def _search_list(
    pool: Pool,
    rest: Pool,
    chosen: Sequence[str],
    leaving: Sequence[str],
    alternates: Mapping[PlaceKey, Sequence[str]],
    nodes: int,
) -> "ReplacementList":
    """The best list of ``rest``, compared with the list ``chosen`` of ``pool``."""
    from domain.selection.search.replacement_search import ReplacementList, search_replacement

    gone = set(leaving)
    kept = [one for one in chosen if one not in gone]
    if not any(quota.seats_to_fill for quota in rest.quotas):
        broken = recount_list(rest, ()).broken
        return ReplacementList(
            *((SelectionOutcome.INFEASIBLE, None) if broken else (SelectionOutcome.PROVEN, ()))
        )
    collectives = Counter(n.collective for n in pool.nominees if n.id in gone and n.collective)
    before = recount_list(pool, chosen).shortfalls
    return search_replacement(rest, kept, before, collectives, alternates, nodes)


def _ease_targets(targets: Sequence[CompositionTarget]) -> tuple[CompositionTarget, ...]:
    """The targets, where the hard ones may be missed, but before all others by as little as possible."""
    return tuple(
        replace(target, hard=False, priority=EASED_PRIORITY) if target.hard else target for target in targets
    )


def remove_leavers(pool: Pool, leaving: Sequence[str]) -> tuple[Pool, dict[PlaceKey, int]]:
    """The pool without the leavers, where seats without an eligible nominee count as empty; and these
    seats."""
    gone = set(leaving)
    people = tuple(replace(n, hold=NomineeStatus.DROPPED) if n.id in gone else n for n in pool.nominees)
    rest = replace(pool, nominees=people)
    able = Counter(
        n.place for n, status in zip(people, list_statuses(rest), strict=True) if not status.is_excluded
    )
    short = {q.place: q.seats_to_fill - able[q.place] for q in pool.quotas if able[q.place] < q.seats_to_fill}
    quotas = tuple(replace(q, empty=q.empty + short.get(q.place, 0)) for q in pool.quotas)
    return replace(rest, quotas=quotas), short


def _expect_on_list(pool: Pool, chosen: Sequence[str], leaving: Sequence[str]) -> None:
    known, listed = {nominee.id for nominee in pool.nominees}, set(chosen)
    wrong = [
        Finding("selection_nominee_unknown", {"nominee": one}, f"/chosen/{n}")
        for n, one in enumerate(chosen)
        if one not in known
    ]
    wrong += [
        Finding("replacement_not_on_list", {"nominee": one}, f"/leaving/{n}")
        for n, one in enumerate(leaving)
        if one not in listed
    ]
    if wrong or len(listed) < len(chosen):
        raise Invalid("replacement_invalid", errors=wrong)


def _check_unfilled_seats(unfilled: Mapping[PlaceKey, int]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "replacement_seat_unfilled",
            {"unit": unit, "group": group, "seats": seats},
            severity=Severity.WARNING,
        )
        for (unit, group), seats in sorted(unfilled.items())
    )


def _check_eased_targets(rest: Pool, count: Recount) -> tuple[Finding, ...]:
    """The hard targets that the list misses because seats stay empty."""
    return tuple(
        Finding(
            "replacement_target_missed",
            {"target": target.id, "short": compute_shortfall(state)},
            clause=target.clause,
            severity=Severity.WARNING,
        )
        for target, state in zip(rest.targets, count.states, strict=True)
        if target.priority == EASED_PRIORITY and compute_shortfall(state)
    )


def _check_shortfalls(before: tuple[Shortfall, ...], after: tuple[Shortfall, ...]) -> tuple[Finding, ...]:
    found = []
    for old, new in zip(before, after, strict=True):
        if new.short > old.short and new.priority != EASED_PRIORITY:
            params: dict[str, Plain] = {"priority": new.priority, "before": old.short, "after": new.short}
            found.append(Finding("replacement_shortfall_worse", params, severity=Severity.WARNING))
    return tuple(found)
