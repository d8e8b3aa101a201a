"""How long the live check of a list takes: ``python -m benchmarks.check``.

500 opened records against 14 targets over 8 attributes, as a phone asks after every change. Goal: 5 ms.
"""

from datetime import date
from fractions import Fraction
from random import Random
from statistics import median
from time import perf_counter

from domain.composition.check import OpenSeats, check_clashes, check_list
from domain.composition.criteria import Age, AnyOf, AttributeValue, NoneOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope

GOAL = 0.005
ETHNIC = [f"{n:02}" for n in range(1, 6)]
CODED = {
    "gender": ["male", "female"],
    "ethnicity": ETHNIC,
    "religion": ["none", "buddhist", "catholic"],
    "sector": ["state", "collective", "private", "foreign"],
    "work": ["direct", "indirect"],
    "new": ["yes", "no"],
}


def make_records(count: int) -> list[PersonRecord]:
    draw = Random(count)
    people = []
    for n in range(count):
        values: dict[str, AttributeValue] = {
            name: draw.choice([*codes, None]) for name, codes in CODED.items()
        }
        born = date(draw.randint(1955, 2005), draw.randint(1, 12), draw.randint(1, 28))
        titles = frozenset(draw.sample(["hero", "fighter", "teacher"], draw.randint(0, 2)))
        group = draw.choice(["exemplars", "leaders"])
        values |= {"born": born if draw.random() < 0.5 else born.year, "titles": titles}
        people.append(PersonRecord(f"p{n}", f"u{n % 60}", group, values))
    return people


def make_targets() -> list[CompositionTarget]:
    some = Scope("group", frozenset({"exemplars"}))
    one = [
        CompositionTarget(f"ethnicity {code}", AnyOf("ethnicity", frozenset({code})), 40)
        for code in ETHNIC[1:]
    ]
    return [
        CompositionTarget(
            "women", AnyOf("gender", frozenset({"female"})), share=Fraction(35, 100), hard=True
        ),
        CompositionTarget(
            "women, exemplars", AnyOf("gender", frozenset({"female"})), share=Fraction(1, 2), scope=some
        ),
        CompositionTarget("minority", NoneOf("ethnicity", frozenset({"01"})), share=Fraction(18, 100)),
        CompositionTarget("youth", Age("born", date(2020, 6, 30), at_most=35), share=Fraction(15, 100)),
        CompositionTarget("religious", NoneOf("religion", frozenset({"none"})), 20, 60),
        CompositionTarget("workers", AnyOf("work", frozenset({"direct"})), share=Fraction(60, 100)),
        CompositionTarget("private", AnyOf("sector", frozenset({"private"})), 30),
        CompositionTarget("foreign", AnyOf("sector", frozenset({"foreign"})), 10),
        CompositionTarget("new", AnyOf("new", frozenset({"yes"})), share=Fraction(1, 3)),
        CompositionTarget("honoured", AnyOf("titles", frozenset({"hero", "fighter"})), 50),
        *one,
    ]


def main() -> None:
    people, wanted, places = (
        make_records(500),
        make_targets(),
        [OpenSeats(3, f"u{n}", "exemplars") for n in range(60)],
    )
    times, both = [], []
    for _ in range(50):
        start = perf_counter()
        states = check_list(people, wanted, places)
        times.append(perf_counter() - start)
        check_clashes(people, wanted, states)
        both.append(perf_counter() - start)
    print(f"{len(people)} records × {len(wanted)} targets, goal {GOAL * 1000:.0f} ms")
    print(f"check             median {median(times) * 1000:6.2f} ms, worst {max(times) * 1000:6.2f} ms")
    print(f"check and clashes median {median(both) * 1000:6.2f} ms, worst {max(both) * 1000:6.2f} ms")


if __name__ == "__main__":
    main()
