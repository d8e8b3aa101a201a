"""The definition, spelled out: every list there is, and the best of them. Shares no code with the search."""

from collections.abc import Iterable, Iterator
from itertools import combinations, product

from domain.composition.targets import CompositionTarget
from domain.selection import Nominee, Pool, list_statuses

List = tuple[str, ...]


def every_list(pool: Pool) -> Iterator[list[Nominee]]:
    """All lists that fill the seats and keep holds and pairs."""
    settled = dict(zip((n.id for n in pool.nominees), list_statuses(pool), strict=True))
    choices = []
    for quota in pool.quotas:
        here = [n for n in pool.nominees if n.place == quota.place and not settled[n.id].is_excluded]
        sure = [n for n in here if settled[n.id].is_seated]
        free = [n for n in here if not settled[n.id].is_seated]
        choices.append([[*sure, *more] for more in combinations(free, quota.seats_to_fill - len(sure))])
    for parts in product(*choices):
        chosen = [nominee for part in parts for nominee in part]
        ids = {nominee.id for nominee in chosen}
        if not any(a in ids and b in ids for a, b in pool.apart):
            yield chosen


def short(pool: Pool, target: CompositionTarget, chosen: Iterable[Nominee]) -> int:
    """Persons by which a list misses one target."""
    inside = [n.record for n in chosen if target.scope.contains(n.record)]
    seats = sum(quota.seats_to_fill for quota in pool.quotas if target.scope.contains(quota))
    all_seats = sum(quota.seats for quota in pool.quotas if target.scope.contains(quota))
    answers = [target.criterion.matches(record) for record in inside]
    least, most = target.compute_bounds(seats, all_seats)
    missing = 0 if least is None else max(0, least - answers.count(True))
    return missing + (0 if most is None else max(0, len(answers) - answers.count(False) - most))


def vector(pool: Pool, chosen: list[Nominee]) -> tuple[int, ...]:
    """Shortfalls by priority, and the score with a minus."""
    priorities = sorted({target.priority for target in pool.targets if not target.hard})
    shortfalls = [
        sum(
            pool.derive_weight(t.id) * short(pool, t, chosen)
            for t in pool.targets
            if t.priority == p and not t.hard
        )
        for p in priorities
    ]
    return (*shortfalls, -sum(nominee.score for nominee in chosen))


def hard_short(pool: Pool, chosen: list[Nominee]) -> int:
    return sum(pool.derive_weight(t.id) * short(pool, t, chosen) for t in pool.targets if t.hard)


def lots(pool: Pool) -> dict[str, int]:
    """1 … n: the drawn in their order, then the others by id."""
    line = sorted(pool.nominees, key=lambda n: (n.lot is None, n.lot or 0, n.id))
    return {nominee.id: lot for lot, nominee in enumerate(line, 1)}


def best_list(pool: Pool) -> tuple[List, tuple[int, ...]] | None:
    """The best list and its vector; ``None`` when no list keeps what is hard."""
    drawn = lots(pool)
    keys = []
    for chosen in every_list(pool):
        if hard_short(pool, chosen) == 0:
            ids = tuple(sorted(nominee.id for nominee in chosen))
            keys.append((vector(pool, chosen), sum(drawn[one] for one in ids), ids))
    if not keys:
        return None
    best = min(keys)
    return best[2], best[0]


def best_lists(pool: Pool) -> list[set[str]]:
    """All lists that are as good as the best one before any lot."""
    keyed = [
        (vector(pool, chosen), {nominee.id for nominee in chosen})
        for chosen in every_list(pool)
        if hard_short(pool, chosen) == 0
    ]
    best = min(key for key, _ in keyed)
    return [ids for key, ids in keyed if key == best]
