"""What is promised of every selection, whatever the pool."""

import random
from dataclasses import replace

from domain.composition.criteria import PersonRecord
from domain.findings import Invalid
from domain.selection import Nominee, NomineeStatus, Pool, SelectionOutcome, SelectionResult, select_list

from .naive import lots
from .pools import province
from .small import make_crossed_pool, small


def solved(pool: Pool) -> SelectionResult | None:
    try:
        found = select_list(pool)
    except Invalid:
        return None
    return found if found.outcome is SelectionOutcome.PROVEN else None


def pools(count: int) -> list[tuple[Pool, SelectionResult]]:
    made = [small(seed, ties=seed % 2 == 0) for seed in range(count)] + [
        make_crossed_pool(n) for n in range(count)
    ]
    made += [province(20, 80, 7, seed=n) for n in range(count // 4)]
    found = [(pool, solved(pool)) for pool in made]
    return [(pool, each) for pool, each in found if each is not None]


def test_who_is_equal_in_all_and_has_fewer_points_never_goes_first() -> None:
    twins = 0
    for n, (pool, _) in enumerate(pools(30)):
        draw = random.Random(n)
        paired = {one for pair in pool.apart for one in pair}
        model = draw.choice([each for each in pool.nominees if each.id not in paired])
        better = Nominee(replace(model.record, id="z"), model.score + draw.randrange(1, 4))
        found = solved(replace(pool, nominees=[*pool.nominees, better]))
        if found is not None and model.hold is NomineeStatus.FREE and model.id in found.chosen:
            assert "z" in found.chosen
            twins += 1
    assert twins >= 10


def test_more_points_for_the_chosen_keep_them() -> None:
    for n, (pool, selection) in enumerate(pools(30)):
        one = random.Random(n).choice(selection.chosen)
        people = [replace(each, score=each.score + (each.id == one) * 3) for each in pool.nominees]
        again = solved(replace(pool, nominees=people))
        assert again is not None
        assert one in again.chosen


def test_an_earlier_lot_for_the_chosen_keeps_them() -> None:
    for n, (pool, selection) in enumerate(pools(30)):
        one = random.Random(n).choice(selection.chosen)
        drawn = lots(pool)
        line = [one, *(each for each in sorted(drawn, key=drawn.__getitem__) if each != one)]
        lot = {each: place for place, each in enumerate(line, 1)}
        people = [replace(each, lot=lot[each.id]) for each in pool.nominees]
        again = solved(replace(pool, nominees=people))
        assert again is not None
        assert one in again.chosen


def test_more_nominees_never_make_shortfalls_and_score_worse() -> None:
    better = 0
    for n, (pool, selection) in enumerate(pools(30)):
        draw = random.Random(n)
        more = []
        for k in range(3):
            like, at = draw.choice(pool.nominees).record, draw.choice(pool.nominees).record
            record = PersonRecord(f"new{k}", at.unit, at.group, like.values, at.bloc)
            more.append(Nominee(record, draw.randrange(40)))
        again = solved(replace(pool, nominees=[*pool.nominees, *more]))
        assert again is not None
        assert again.vector <= selection.vector
        better += again.vector < selection.vector
    assert better


def test_without_one_target_of_a_priority_they_are_never_worse() -> None:
    compared = 0
    for pool, selection in pools(14):
        for n, target in enumerate(pool.targets):
            rest = [*pool.targets[:n], *pool.targets[n + 1 :]]
            if target.hard or target.priority in {each.priority for each in rest if not each.hard}:
                weights = {one: weight for one, weight in pool.weights.items() if one != target.id}
                loose = solved(replace(pool, targets=rest, weights=weights))
                assert loose is not None
                assert loose.vector <= selection.vector
                compared += 1
    assert compared > 30


def test_points_that_all_get_change_nothing() -> None:
    for pool, selection in pools(12):
        people = [replace(each, score=each.score + 1000) for each in pool.nominees]
        again = solved(replace(pool, nominees=people))
        assert again is not None
        assert again.chosen == selection.chosen
