"""Small pools of every temper, made up from a seed."""

import random
from fractions import Fraction

from domain.composition.criteria import AnyOf, AttributeValue, NoneOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.selection import Nominee, NomineeStatus, Pool, PoolQuota

KINDS = ("women", "khmer", "worker", "young")


def small(seed: int, *, most: int = 18, ties: bool = False, tight: bool = False, lots: bool = True) -> Pool:
    """A pool of at most ``most`` nominees; ``ties``: few different scores; ``tight``: targets at the edge."""
    draw = random.Random(f"small/{seed}")
    units = draw.randrange(1, 5)
    quotas: list[PoolQuota] = []
    people: list[Nominee] = []
    for n in range(units):
        seats = draw.randrange(1, 4)
        named = min(seats + draw.randrange(0, 5), most // units)
        seats = min(seats, named)
        group = draw.choice(("", "", "b")) if n else ""
        quotas.append(PoolQuota(f"u{n}", seats, group, bloc=f"k{n % 2}"))
        for _ in range(named):
            record = PersonRecord(f"p{len(people):02}", f"u{n}", group, _values(draw), f"k{n % 2}")
            people.append(Nominee(record, draw.randrange(3 if ties else 40)))
    draw.shuffle(people)
    if lots:
        people = [
            Nominee(n.record, n.score, None if draw.random() < 0.2 else lot)
            for lot, n in enumerate(people, 1)
        ]
    people = _pin_and_drop(draw, people, quotas)
    ids = [nominee.id for nominee in people]
    apart = [tuple(draw.sample(ids, 2)) for _ in range(draw.choice((0, 0, 0, 1, 2))) if len(ids) > 1]
    targets = [_target(draw, n, quotas, tight) for n in range(draw.randrange(1, 6))]
    weights = {target.id: draw.randrange(1, 4) for target in targets if draw.random() < 0.3}
    return Pool(quotas, people, targets, [(a, b) for a, b in apart], weights=weights)


def _values(draw: random.Random) -> dict[str, AttributeValue]:
    values: dict[str, AttributeValue] = {}
    lean = draw.random()
    for kind in KINDS:
        if draw.random() < 0.9:
            values[kind] = "yes" if draw.random() < (lean if kind != "khmer" else 0.4) else "no"
    return values


def _pin_and_drop(draw: random.Random, people: list[Nominee], quotas: list[PoolQuota]) -> list[Nominee]:
    """A few seated and a few out, as many as the seats allow."""
    if draw.random() < 0.6:
        return people
    spare = {
        quota.place: sum(nominee.place == quota.place for nominee in people) - quota.seats for quota in quotas
    }
    seats = {quota.place: quota.seats for quota in quotas}
    held = []
    for nominee in people:
        fate = draw.random()
        if fate < 0.15 and seats[nominee.place]:
            seats[nominee.place] -= 1
            nominee = Nominee(nominee.record, nominee.score, nominee.lot, NomineeStatus.PINNED)
        elif fate > 0.85 and spare[nominee.place]:
            spare[nominee.place] -= 1
            nominee = Nominee(nominee.record, nominee.score, nominee.lot, NomineeStatus.DROPPED)
        held.append(nominee)
    return held


def _target(draw: random.Random, n: int, quotas: list[PoolQuota], tight: bool) -> CompositionTarget:
    kind = draw.choice(KINDS)
    yes = frozenset({"yes"})
    criterion = draw.choice((AnyOf(kind, yes), AnyOf(kind, yes), NoneOf(kind, yes)))
    scope = draw.choice(
        (Scope(), Scope(), Scope("bloc", frozenset({"k0"})), Scope("unit", frozenset({"u0"})))
    )
    seats = sum(quota.seats for quota in quotas if scope.contains(quota))
    low = draw.randrange(0, seats + 1)
    hard = draw.random() < (0.3 if tight else 0.15)
    least = low if tight else low // 2
    if draw.random() < 0.7:
        share = None if draw.random() < 0.6 else Fraction(least, max(1, seats))
        return CompositionTarget(
            f"t{n}", criterion, at_least=None if share is not None else least, share=share, hard=hard,
            priority=draw.randrange(1, 4), scope=scope,
        )  # fmt: skip
    return CompositionTarget(
        f"t{n}", criterion, at_most=seats - least, hard=hard, priority=draw.randrange(1, 4), scope=scope
    )


def make_crossed_pool(seed: int, *, hard: bool = False) -> Pool:
    """A pool whose targets want exact numbers of crossed attributes: the relaxation promises too much."""
    draw = random.Random(f"crossed/{seed}")
    quotas = [PoolQuota(f"u{n}", draw.randrange(1, 4)) for n in range(draw.randrange(2, 5))]
    people: list[Nominee] = []
    for quota in quotas:
        for _ in range(quota.seats + draw.randrange(1, 4)):
            values: dict[str, AttributeValue] = {f"a{k}": draw.choice(("yes", "no")) for k in range(5)}
            record = PersonRecord(f"p{len(people):02}", quota.unit, "", values)
            people.append(Nominee(record, draw.randrange(9)))
    targets = []
    for k in range(5):
        criterion = AnyOf(f"a{k}", frozenset({"yes"}))
        wanted = sum(_yes_in_a_list(draw, quotas, people, k) for _ in range(2)) // 2
        priority = 1 if hard else draw.randrange(1, 3)
        targets.append(
            CompositionTarget(
                f"t{k}", criterion, at_least=wanted, at_most=wanted, hard=hard, priority=priority
            )
        )
    return Pool(quotas, people, targets)


def _yes_in_a_list(draw: random.Random, quotas: list[PoolQuota], people: list[Nominee], k: int) -> int:
    chosen: list[Nominee] = []
    for quota in quotas:
        chosen += draw.sample([n for n in people if n.record.unit == quota.unit], quota.seats)
    return sum(nominee.record.values[f"a{k}"] == "yes" for nominee in chosen)
