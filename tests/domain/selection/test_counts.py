"""The pool in numbers, and any list counted again."""

from dataclasses import replace

from domain.composition.criteria import AnyOf, Record
from domain.composition.targets import Target
from domain.selection import Hold, Nominee, Pool, Quota, alternates, faults, recount, select
from domain.selection.counts import ValueCount, counts, value_counts

from .naive import best_list, every_list, hard_short, short, vector
from .small import crossed, small


def test_what_is_reachable_and_what_unavoidable_is_so_over_all_lists() -> None:
    compared = 0
    for seed in range(60):
        pool = replace(small(seed), apart=())
        if faults(pool):
            continue
        lists = list(every_list(pool))
        for target, count in zip(pool.targets, counts(pool), strict=True):
            answers = [
                [target.criterion.matches(n.record) for n in chosen if target.scope.holds(n.record)]
                for chosen in lists
            ]
            assert count.reachable == max(each.count(True) for each in answers)
            assert count.unavoidable == min(len(each) - each.count(False) for each in answers)
            assert count.short == min(short(pool, target, chosen) for chosen in lists) or not one_sided(
                target
            )
            compared += 1
    assert compared > 100


def one_sided(target: Target) -> bool:
    return (target.at_least is None and target.share is None) or target.at_most is None


def test_a_target_out_of_reach_is_told_with_the_number() -> None:
    criterion = AnyOf("gender", frozenset({"f"}))
    people = [Nominee(Record(f"p{n}", "u", "", {"gender": "f" if n < 3 else None})) for n in range(5)]
    pool = Pool(
        [Quota("u", 2)], people, [Target("w", criterion, at_least=2), Target("x", criterion, at_most=0)]
    )
    told = counts(replace(pool, quotas=[Quota("u", 4)]))
    assert [each.finding.code for each in told] == ["selection_pool_suffices", "selection_pool_over"]
    assert (told[1].unavoidable, told[1].short) == (4, 4)
    scarce = [replace(n, hold=Hold.DROPPED) if n.id in ("p0", "p1") else n for n in people]
    told = counts(replace(pool, nominees=scarce))
    assert told[0].finding.code == "selection_pool_short"
    assert (told[0].yes, told[0].unknown, told[0].reachable, told[0].short) == (1, 2, 1, 1)


def test_every_stated_code_is_counted() -> None:
    people = [
        Nominee(Record("a", "u", "", {"gender": "f", "titles": frozenset({"hero", "fighter"})})),
        Nominee(Record("b", "u", "", {"gender": "f", "titles": frozenset({"hero"})})),
        Nominee(Record("c", "u", "", {"gender": None})),
    ]
    targets = [
        Target("t", AnyOf("titles", frozenset({"hero"})), 1),
        Target("g", AnyOf("gender", frozenset({"f"})), 1),
    ]
    assert value_counts(Pool([Quota("u", 1)], people, targets)) == (
        ValueCount("gender", "f", 2, 1),
        ValueCount("titles", "fighter", 1, 1),
        ValueCount("titles", "hero", 2, 1),
    )


def test_a_recount_is_the_count_of_the_definition_for_any_list() -> None:
    for seed in range(12):
        pool = small(seed) if seed % 2 else crossed(seed, hard=True)
        if faults(pool):
            continue
        for chosen in every_list(pool):
            count = recount(pool, [n.id for n in chosen])
            assert count.vector == vector(pool, chosen)
            assert count.hard_short == hard_short(pool, chosen)
            assert {each.code for each in count.broken} <= {"selection_target_broken"}
            assert bool(count.broken) == bool(count.hard_short)


def test_a_list_that_breaks_a_rule_is_told_which() -> None:
    people = [
        Nominee(Record("a", "u"), hold=Hold.PINNED),
        Nominee(Record("b", "u"), hold=Hold.DROPPED),
        Nominee(Record("c", "u")),
        Nominee(Record("d", "u")),
    ]
    pool = Pool([Quota("u", 2)], people, apart=[("c", "d")])
    told = [
        [each.code for each in recount(pool, chosen).broken]
        for chosen in (["a", "c"], ["c", "d"], ["a", "b"], ["a"], ["a", "c", "x"])
    ]
    assert told == [
        [],
        ["selection_hold_broken", "selection_pair_broken"],
        ["selection_hold_broken"],
        ["selection_seats_not_kept"],
        ["selection_nominee_unknown"],
    ]


def test_alternates_follow_by_points_lot_and_id() -> None:
    people = [
        Nominee(Record("a", "u"), 1, lot=3),
        Nominee(Record("b", "u"), 1, lot=2),
        Nominee(Record("c", "u"), 1),
        Nominee(Record("d", "u"), 4),
        Nominee(Record("e", "u"), 9, hold=Hold.INELIGIBLE),
        Nominee(Record("f", "v"), 5),
    ]
    pool = Pool([Quota("u", 1), Quota("v", 1)], people)
    found = alternates(pool, select(pool).chosen)
    assert found == {("u", ""): ("b", "a", "c"), ("v", ""): ()}
    best = best_list(pool)
    assert best is not None
    assert best[0] == ("d", "f")
