"""The pool in numbers, and any list counted again."""

from dataclasses import replace

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget
from domain.selection import (
    Nominee,
    NomineeStatus,
    Pool,
    PoolQuota,
    check_pool,
    map_alternates_by_place,
    select_list,
)
from domain.selection.pool_counts import count_pool_targets, count_pool_values
from domain.selection.recount import recount_list
from domain.selection.target_counts import ValueCount

from .naive import best_list, every_list, hard_short, short, vector
from .small import make_crossed_pool, small


def test_what_is_reachable_and_what_unavoidable_is_so_over_all_lists() -> None:
    compared = 0
    for seed in range(60):
        pool = replace(small(seed), apart=())
        if check_pool(pool):
            continue
        lists = list(every_list(pool))
        for target, count in zip(pool.targets, count_pool_targets(pool), strict=True):
            answers = [
                [target.criterion.matches(n.record) for n in chosen if target.scope.contains(n.record)]
                for chosen in lists
            ]
            assert count.reachable == max(each.count(True) for each in answers)
            assert count.unavoidable == min(len(each) - each.count(False) for each in answers)
            assert count.short == min(short(pool, target, chosen) for chosen in lists) or not one_sided(
                target
            )
            compared += 1
    assert compared > 100


def one_sided(target: CompositionTarget) -> bool:
    return (target.at_least is None and target.share is None) or target.at_most is None


def test_a_target_out_of_reach_is_told_with_the_number() -> None:
    criterion = AnyOf("gender", frozenset({"f"}))
    people = [Nominee(PersonRecord(f"p{n}", "u", "", {"gender": "f" if n < 3 else None})) for n in range(5)]
    pool = Pool(
        [PoolQuota("u", 2)],
        people,
        [CompositionTarget("w", criterion, at_least=2), CompositionTarget("x", criterion, at_most=0)],
    )
    told = count_pool_targets(replace(pool, quotas=[PoolQuota("u", 4)]))
    assert [each.finding.code for each in told] == ["selection_pool_suffices", "selection_pool_over"]
    assert (told[1].unavoidable, told[1].short) == (4, 4)
    scarce = [replace(n, hold=NomineeStatus.DROPPED) if n.id in ("p0", "p1") else n for n in people]
    told = count_pool_targets(replace(pool, nominees=scarce))
    assert told[0].finding.code == "selection_pool_short"
    assert (told[0].yes, told[0].unknown, told[0].reachable, told[0].short) == (1, 2, 1, 1)


def test_every_stated_code_is_counted() -> None:
    people = [
        Nominee(PersonRecord("a", "u", "", {"gender": "f", "titles": frozenset({"hero", "fighter"})})),
        Nominee(PersonRecord("b", "u", "", {"gender": "f", "titles": frozenset({"hero"})})),
        Nominee(PersonRecord("c", "u", "", {"gender": None})),
    ]
    targets = [
        CompositionTarget("t", AnyOf("titles", frozenset({"hero"})), 1),
        CompositionTarget("g", AnyOf("gender", frozenset({"f"})), 1),
    ]
    assert count_pool_values(Pool([PoolQuota("u", 1)], people, targets)) == (
        ValueCount("gender", "f", 2, 1),
        ValueCount("titles", "fighter", 1, 1),
        ValueCount("titles", "hero", 2, 1),
    )


def test_a_recount_is_the_count_of_the_definition_for_any_list() -> None:
    for seed in range(12):
        pool = small(seed) if seed % 2 else make_crossed_pool(seed, hard=True)
        if check_pool(pool):
            continue
        for chosen in every_list(pool):
            count = recount_list(pool, [n.id for n in chosen])
            assert count.vector == vector(pool, chosen)
            assert count.hard_short == hard_short(pool, chosen)
            assert {each.code for each in count.broken} <= {"selection_target_broken"}
            assert bool(count.broken) == bool(count.hard_short)


def test_a_list_that_breaks_a_rule_is_told_which() -> None:
    people = [
        Nominee(PersonRecord("a", "u"), hold=NomineeStatus.PINNED),
        Nominee(PersonRecord("b", "u"), hold=NomineeStatus.DROPPED),
        Nominee(PersonRecord("c", "u")),
        Nominee(PersonRecord("d", "u")),
    ]
    pool = Pool([PoolQuota("u", 2)], people, apart=[("c", "d")])
    told = [
        [each.code for each in recount_list(pool, chosen).broken]
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
        Nominee(PersonRecord("a", "u"), 1, lot=3),
        Nominee(PersonRecord("b", "u"), 1, lot=2),
        Nominee(PersonRecord("c", "u"), 1),
        Nominee(PersonRecord("d", "u"), 4),
        Nominee(PersonRecord("e", "u"), 9, hold=NomineeStatus.INELIGIBLE),
        Nominee(PersonRecord("f", "v"), 5),
    ]
    pool = Pool([PoolQuota("u", 1), PoolQuota("v", 1)], people)
    found = map_alternates_by_place(pool, select_list(pool).chosen)
    assert found == {("u", ""): ("b", "a", "c"), ("v", ""): ()}
    best = best_list(pool)
    assert best is not None
    assert best[0] == ("d", "f")
