"""Replacement after adoption: some delegates cannot come, and the list is completed with the fewest changes.

In this order: hard rules are kept; the shortfall of each priority grows as little as possible, if at all; a
person of the same collective replaces the leaver; the fewest others change; alternates follow in their order;
then the score, the lot and the first list in order of ids decide.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.selection.faults import expect_valid_pool
from domain.selection.pool import NomineeStatus, PlaceKey, Pool, list_statuses
from domain.selection.proven_selection import MAX_NODES, RecountMismatch
from domain.selection.recount import Shortfall, recount_list
from domain.selection.result import SelectionOutcome


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new list: ``chosen`` ids in their order; ``joined`` are new on it; ``moved`` left in addition to
    the leavers.

    ``unfilled`` are seats without an eligible nominee: unit and group → seats, to be offered again or left
    empty by decision. ``before`` and ``after`` are shortfalls by priority.
    """

    outcome: SelectionOutcome
    chosen: tuple[str, ...]
    joined: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    unfilled: Mapping[PlaceKey, int] = field(default_factory=dict)
    before: tuple[Shortfall, ...] = ()
    after: tuple[Shortfall, ...] = ()
    findings: tuple[Finding, ...] = ()

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
    before, gone = recount_list(pool, chosen).shortfalls, set(leaving)
    rest, unfilled = remove_leavers(pool, leaving)
    expect_valid_pool(rest)
    from domain.selection.search.replacement_search import search_replacement

    collectives = Counter(n.collective for n in pool.nominees if n.id in gone and n.collective)
    kept = [one for one in chosen if one not in gone]
    found = search_replacement(rest, kept, before, collectives, alternates or {}, nodes)
    if found.ids is None:
        return Replacement(
            found.outcome, (), unfilled=unfilled, before=before, findings=_check_unfilled_seats(unfilled)
        )
    count = recount_list(rest, found.ids)
    if count.broken:
        raise RecountMismatch("the new list breaks a rule")
    staying = set(kept) & set(found.ids)
    return Replacement(
        found.outcome,
        found.ids,
        tuple(one for one in found.ids if one not in staying),
        tuple(sorted(one for one in kept if one not in staying)),
        unfilled,
        before,
        count.shortfalls,
        (*_check_unfilled_seats(unfilled), *_check_shortfalls(before, count.shortfalls)),
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


def _check_shortfalls(before: tuple[Shortfall, ...], after: tuple[Shortfall, ...]) -> tuple[Finding, ...]:
    found = []
    for old, new in zip(before, after, strict=True):
        if new.short > old.short:
            params: dict[str, Plain] = {"priority": new.priority, "before": old.short, "after": new.short}
            found.append(Finding("replacement_shortfall_worse", params, severity=Severity.WARNING))
    return tuple(found)
