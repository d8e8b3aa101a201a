"""Pools made up from a seed: the sizes of the benchmark, and small ones that a brute force can check."""

import random
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from domain.composition.criteria import Age, AnyOf, AttributeValue, NoneOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.selection.pool import Nominee, Pool, PoolQuota

ON = date(2025, 9, 1)
TITLES = ("hero", "national_fighter", "provincial_fighter")


def province(
    seats: int, nominees: int, units: int, *, seed: int = 1, mood: str = "feasible", lots: bool = True
) -> Pool:
    """A pool with 14 targets over 8 attributes, some strongly correlated.

    ``mood``: "feasible", "short" (targets above what the pool holds), "clashing" (targets each within
    reach and not together).
    """
    draw = random.Random(f"{seed}/{seats}/{nominees}/{units}")
    quotas = [
        PoolQuota(f"u{n:04}", places, bloc=f"b{n % 5}") for n, places in enumerate(_parts(draw, seats, units))
    ]
    named = _draw_nominee_counts(draw, [quota.seats for quota in quotas], nominees)
    order = list(range(1, nominees + 1))
    draw.shuffle(order)
    people: list[Nominee] = []
    for quota, count in zip(quotas, named, strict=True):
        leaning = draw.random()
        for rank in range(count):
            number = len(people)
            values = _values(draw, leaning)
            record = PersonRecord(f"n{number:06}", quota.unit, "", values, quota.bloc)
            score = max(0, 60 - 7 * rank) + 5 * _titles(values) + draw.randrange(12)
            people.append(Nominee(record, score, order[number] if lots else None))
    return Pool(quotas, people, _targets(people, seats, mood), size=seats)


def _parts(draw: random.Random, seats: int, units: int) -> list[int]:
    """Seats of each unit, one at least, some with many."""
    weights = [draw.paretovariate(1.6) for _ in range(units)]
    running = [0, *accumulate(weights)]
    spare = seats - units
    marks = [round(spare * each / running[-1]) for each in running]
    return [1 + after - before for before, after in pairwise(marks)]


def _draw_nominee_counts(draw: random.Random, seats: list[int], nominees: int) -> list[int]:
    total = sum(seats)
    named = [max(places, places * nominees // total) for places in seats]
    while sum(named) < nominees:
        named[draw.randrange(len(named))] += 1
    while sum(named) > nominees:
        unit = draw.randrange(len(named))
        named[unit] -= named[unit] > seats[unit]
    return named


def _values(draw: random.Random, leaning: float) -> dict[str, AttributeValue]:
    woman = draw.random() < 0.25 + 0.3 * leaning
    khmer = draw.random() < (0.5 if leaning > 0.8 else 0.04)
    hoa = not khmer and draw.random() < 0.03
    worker = draw.random() < (0.75 if leaning > 0.5 else 0.3)
    born = draw.randrange(1985, 2004) if worker and draw.random() < 0.4 else draw.randrange(1955, 1995)
    buddhist = draw.random() < (0.85 if khmer else 0.06)
    sector = draw.choices(("state", "collective", "private", "foreign"), (6, 1, 2, 1 + worker))[0]
    titles = [
        title for chance, title in zip((0.02, 0.05, 0.3), TITLES, strict=True) if draw.random() < chance
    ]
    values: dict[str, AttributeValue] = {
        "gender": "f" if woman else "m",
        "ethnicity": "khmer" if khmer else "hoa" if hoa else "kinh",
        "direct_worker": "yes" if worker else "no",
        "birth": born,
        "religion": None if draw.random() < 0.05 else "buddhist" if buddhist else "none",
        "sector": sector,
        "new_exemplar": "yes" if draw.random() < (0.5 if worker else 0.15) else "no",
        "titles": frozenset(titles),
    }
    return values


def _titles(values: dict[str, AttributeValue]) -> int:
    titles = values["titles"]
    return len(titles) if isinstance(titles, frozenset) else 0


def _any(attribute: str, *values: str) -> AnyOf:
    return AnyOf(attribute, frozenset(values))


def _targets(people: list[Nominee], seats: int, mood: str) -> list[CompositionTarget]:
    """Fourteen targets near what the pool would give by itself, or beyond."""
    records = [nominee.record for nominee in people]

    def share(criterion: AnyOf | NoneOf | Age, times: str) -> Fraction:
        yes = sum(criterion.matches(record) is True for record in records)
        return min(Fraction(1), Fraction(yes, len(records)) * Fraction(times))

    women, minority = _any("gender", "f"), NoneOf("ethnicity", frozenset({"kinh"}))
    khmer, hoa = _any("ethnicity", "khmer"), _any("ethnicity", "hoa")
    worker, new = _any("direct_worker", "yes"), _any("new_exemplar", "yes")
    young, old = Age("birth", ON, at_most=35), Age("birth", ON, at_least=60)
    buddhist, hero = _any("religion", "buddhist"), _any("titles", "hero", "national_fighter")
    private, foreign = _any("sector", "private"), _any("sector", "foreign", "collective")
    up = {"feasible": "1.08", "short": "1.35", "clashing": "1.2"}[mood]
    big = {"feasible": "1.15", "short": "9", "clashing": "1.3"}[mood]
    kinh = _any("ethnicity", "kinh")
    clash = share(kinh, "1.04") if mood == "clashing" else Fraction(1)
    return [
        CompositionTarget("women", women, share=share(women, up), most_share=Fraction(9, 10), priority=1),
        CompositionTarget("minority", minority, share=share(minority, up), priority=1),
        CompositionTarget("khmer", khmer, share=share(khmer, "1.1"), priority=2),
        CompositionTarget("hoa", hoa, share=share(hoa, big), priority=3),
        CompositionTarget("workers", worker, share=share(worker, up), priority=1),
        CompositionTarget("young", young, share=share(young, up), priority=2),
        CompositionTarget("old", old, most_share=share(old, "0.9"), priority=3),
        CompositionTarget("religion", buddhist, share=share(buddhist, "1.05"), priority=2),
        CompositionTarget("private", private, share=share(private, "1.1"), priority=3),
        CompositionTarget(
            "foreign", foreign, share=share(foreign, "1.1"), most_share=Fraction(1, 2), priority=3
        ),
        CompositionTarget("new", new, share=share(new, "1.15"), priority=2),
        CompositionTarget("titled", hero, share=share(hero, "1.2"), priority=3),
        CompositionTarget(
            "bloc_women",
            women,
            share=share(women, "1.0"),
            priority=4,
            scope=Scope("bloc", frozenset({"b0"})),
        ),
        CompositionTarget(
            "kinh", kinh, share=clash if mood == "clashing" else None, most_share=Fraction(1), priority=2
        ),
    ]
