"""Somebody cannot come: the list is mended in the order that was laid down, and with no needless change."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.findings import Conflict, Invalid
from domain.selection import (
    Nominee,
    NomineeStatus,
    Pool,
    PoolQuota,
    SelectionOutcome,
    check_pool,
    map_alternates_by_place,
    select_list,
)
from domain.selection.recount import recount_list
from domain.selection.replacement import expect_replacement_allowed, remove_leavers, replace_delegates
from domain.selection.ties import assign_lots

from .naive import every_list, hard_short, lots, vector
from .small import make_crossed_pool, small

Lines = Mapping[tuple[str, str], Sequence[str]]


def with_collectives(pool: Pool, seed: int) -> Pool:
    draw = random.Random(seed)
    return replace(
        pool, nominees=[replace(n, collective=draw.choice((None, "c1", "c2"))) for n in pool.nominees]
    )


def compare_mended(
    pool: Pool, chosen: Sequence[str], leaving: Sequence[str], lines: Lines
) -> list[tuple[tuple[list[int], int, int, int, int], tuple[str, ...]]]:
    """The definition, over every list there is: what is compared before the lot, and the list."""
    rest, _ = remove_leavers(pool, leaving)
    people = {n.id: n for n in rest.nominees}
    kept = set(chosen) - set(leaving)
    lost = Counter(people[one].collective for one in leaving if people[one].collective)
    before = [each.short for each in recount_list(pool, chosen).shortfalls]
    behind = 1 + max((len(line) for line in lines.values()), default=0)
    place = {one: n for line in lines.values() for n, one in enumerate(line, 1)}
    found = []
    for names in every_list(rest):
        ids = tuple(sorted(n.id for n in names))
        if hard_short(rest, names):
            continue
        new = [one for one in ids if one not in kept]
        worse = [max(a, b) for a, b in zip(before, vector(rest, names)[:-1], strict=True)]
        followed = Counter(people[one].collective for one in new)
        orphans = sum(max(0, count - followed[each]) for each, count in lost.items())
        moved = len(kept - set(ids))
        line = sum(place.get(one, behind) for one in new)
        score = sum(people[one].score for one in ids)
        found.append(((worse, orphans, moved, line, -score), ids))
    return found


def best_mended(
    pool: Pool, chosen: Sequence[str], leaving: Sequence[str], lines: Lines
) -> tuple[str, ...] | None:
    drawn = lots(pool)
    keys = []
    for key, ids in compare_mended(pool, chosen, leaving, lines):
        held = sorted(drawn[one] for one in ids)
        keys.append((key, sum(held), held, ids))
    return min(keys)[-1] if keys else None


def lose_somebody(seed: int, pool: Pool) -> tuple[tuple[str, ...], list[str]] | None:
    """The list of a pool and who of it cannot come; ``None`` where there is none."""
    if check_pool(pool):
        return None
    selection = select_list(pool)
    if selection.outcome is not SelectionOutcome.PROVEN:
        return None
    free = [n.id for n in pool.nominees if n.hold is NomineeStatus.FREE and n.id in selection.chosen]
    leaving = random.Random(seed).sample(free, min(len(free), 1 + seed % 3 // 2))
    return (selection.chosen, leaving) if leaving else None


def test_a_mended_list_is_the_one_of_the_definition() -> None:
    mended, moved, followed, worse = 0, 0, 0, 0
    for seed in range(70):
        pool = with_collectives(small(seed, ties=True) if seed % 2 else make_crossed_pool(seed), seed)
        lost = lose_somebody(seed, pool)
        if lost is None or check_pool(remove_leavers(pool, lost[1])[0]):
            continue
        chosen, leaving = lost
        lines = map_alternates_by_place(pool, chosen) if seed % 4 else {}
        found = replace_delegates(pool, chosen, leaving, alternates=lines)
        best = best_mended(pool, chosen, leaving, lines)
        if best is None:
            assert found.outcome is SelectionOutcome.INFEASIBLE
            continue
        assert found.outcome is SelectionOutcome.PROVEN
        assert found.chosen == best
        assert not set(found.chosen) & set(leaving)
        mended += 1
        moved += bool(found.moved)
        worse += any(each.code == "replacement_shortfall_worse" for each in found.findings)
        people = {n.id: n for n in pool.nominees}
        gone = {people[one].collective for one in leaving} - {None}
        followed += bool(gone & {people[one].collective for one in found.joined})
    assert mended > 40
    assert moved
    assert followed
    assert worse


def test_no_replacement_is_refused_where_a_list_can_be_mended() -> None:
    """13 of 221 were: of targets at their edge, where nobody is left for a seat."""
    kinds = Counter(mend_tight_list(seed) for seed in range(400))
    assert kinds.total() - kinds[None] >= 221
    assert kinds["shorter"] >= 30


def mend_tight_list(seed: int) -> str | None:
    """What becomes of a list at the edge of its targets of which somebody leaves; ``None`` without a list.

    Impossible are only lists to which a pair would have to come, or that fill all seats against a hard
    target.
    """
    pool = small(seed, most=10, ties=True, tight=True)
    lost = lose_somebody(seed, pool)
    if lost is None:
        return None
    found = replace_delegates(pool, *lost)
    if next(every_list(remove_leavers(pool, lost[1])[0]), None) is None:
        assert pool.apart, seed
        assert found.outcome is SelectionOutcome.INFEASIBLE, seed
        return "pair"
    if found.unfilled:
        assert found.outcome is SelectionOutcome.PROVEN, seed
        assert len(found.chosen) == len(lost[0]) - sum(found.unfilled.values()), seed
        return "shorter"
    if found.outcome is not SelectionOutcome.PROVEN:
        assert best_mended(pool, *lost, {}) is None, seed
    return found.outcome


def test_who_of_equal_people_comes_or_moves_is_settled_by_lot() -> None:
    """Exactly those are drawn for who are on some of the equal lists; once they are, nothing else decides."""
    kinds = Counter(mend_equal_lists(seed) for seed in range(120))
    assert kinds["moving"]
    assert kinds["coming"]
    assert kinds["certain"]


def mend_equal_lists(seed: int) -> str | None:
    """Whether equal delegates may have to move, equal newcomers may come, or nothing is left to a lot."""
    pool = with_collectives(small(seed, most=10, ties=True, lots=False), seed)
    lost = lose_somebody(seed, pool)
    if lost is None:
        return None
    lines = map_alternates_by_place(pool, lost[0]) if seed % 2 else {}
    found = replace_delegates(pool, *lost, alternates=lines)
    if found.outcome is not SelectionOutcome.PROVEN or found.unfilled:
        return None
    keyed = compare_mended(pool, *lost, lines)
    best = min(key for key, _ in keyed)
    equal = [{*ids} for key, ids in keyed if key == best]
    always = {one for one in equal[0] if all(one in each for each in equal)}
    assert {*found.tied} == set().union(*equal) - always, seed
    drawn = assign_lots(pool, found.tied[::-1])
    again = replace_delegates(drawn, *lost, alternates=lines)
    assert (again.tied, again.chosen) == ((), best_mended(drawn, *lost, lines)), seed
    return "moving" if {*found.tied} & {*lost[0]} else "coming" if found.tied else "certain"


@pytest.mark.oracles
def test_of_thousands_of_replacements_none_is_refused_or_drawn_for_in_vain() -> None:
    first = random.Random().randrange(10**9)
    tight = Counter(mend_tight_list(seed) for seed in range(first, first + 2_500))
    equal = Counter(mend_equal_lists(seed) for seed in range(first, first + 2_500))
    assert min(tight["shorter"], tight["proven"], equal["coming"]) > 20, f"from seed {first}"
    assert equal["moving"], f"from seed {first}"


def test_of_two_equal_delegates_the_lot_says_who_moves() -> None:
    target = CompositionTarget("women", AnyOf("gender", frozenset({"f"})), at_least=1)
    people = [person("a", gender="f"), person("b"), person("c", "v"), person("d", "v")]
    pool = Pool([PoolQuota("u", 1), PoolQuota("v", 2)], [*people, person("e", "v", gender="f")], [target])
    assert replace_delegates(pool, ["a", "c", "d"], ["a"]).tied == ("c", "d")
    for order, left in ((["c", "d"], "d"), (["d", "c"], "c")):
        found = replace_delegates(assign_lots(pool, order), ["a", "c", "d"], ["a"])
        assert (found.tied, found.moved) == ((), (left,))


def person(
    name: str, unit: str = "u", score: int = 0, *, gender: str = "m", collective: str | None = None
) -> Nominee:
    return Nominee(PersonRecord(name, unit, "", {"gender": gender}), score, collective=collective)


def test_somebody_of_the_same_collective_goes_before_the_first_alternate() -> None:
    people = [
        person("a", score=9, collective="choir"),
        person("b", score=8),
        person("c", score=2, collective="choir"),
    ]
    found = replace_delegates(
        Pool([PoolQuota("u", 1)], people), ["a"], ["a"], alternates={("u", ""): ["b", "c"]}
    )
    assert (found.chosen, found.joined, found.moved) == (("c",), ("c",), ())


def test_a_newcomer_of_the_same_collective_comes_first_without_a_lot() -> None:
    """Another newcomer is equal in all else, but there is nothing to be drawn for."""
    people = [person("a", collective="choir"), person("b"), person("c", collective="choir")]
    found = replace_delegates(Pool([PoolQuota("u", 1)], people), ["a"], ["a"])
    assert (found.chosen, found.tied) == (("c",), ())


def test_alternates_follow_in_their_order_whatever_their_points() -> None:
    people = [person("a", score=9), person("b", score=1), person("c", score=5)]
    pool = Pool([PoolQuota("u", 1)], people)
    assert replace_delegates(pool, ["a"], ["a"], alternates={("u", ""): ["b", "c"]}).chosen == ("b",)
    assert replace_delegates(pool, ["a"], ["a"]).chosen == ("c",)


def test_nobody_else_moves_for_a_better_score() -> None:
    people = [person("a", score=9), person("b", score=1), person("c", score=0), person("d", score=8)]
    found = replace_delegates(
        Pool([PoolQuota("u", 2)], people), ["a", "b"], ["a"], alternates={("u", ""): ["c"]}
    )
    assert (found.chosen, found.changes) == (("b", "c"), 0)


def test_others_move_where_a_target_would_suffer() -> None:
    target = CompositionTarget("women", AnyOf("gender", frozenset({"f"})), at_least=1)
    people = [
        person("a", gender="f"),
        person("b"),
        person("c", "v"),
        person("d", "v", gender="f"),
    ]
    pool = Pool([PoolQuota("u", 1), PoolQuota("v", 1)], people, [target])
    found = replace_delegates(pool, ["a", "c"], ["a"])
    assert (found.chosen, found.moved, found.after) == (("b", "d"), ("c",), found.before)


def test_a_seat_that_nobody_is_left_for_is_told() -> None:
    pool = Pool([PoolQuota("u", 1), PoolQuota("v", 1)], [person("a"), person("b", "v")])
    found = replace_delegates(pool, ["a", "b"], ["a"])
    assert found.unfilled == {("u", ""): 1}
    assert found.chosen == ("b",)
    assert [each.code for each in found.findings] == ["replacement_seat_unfilled"]


TWO_WOMEN = CompositionTarget("women", AnyOf("gender", frozenset({"f"})), at_least=2, clause="i")


@pytest.mark.parametrize("hard", [True, False])
def test_an_empty_seat_makes_the_list_shorter_and_no_target_refuses_it(hard: bool) -> None:
    """At least two women of two seats, and one leaves: the other one goes alone."""
    target = replace(TWO_WOMEN, hard=hard)
    pool = Pool([PoolQuota("u", 2)], [person("a", gender="f"), person("b", gender="f")], [target])
    found = replace_delegates(pool, ["a", "b"], ["a"])
    assert (found.outcome, found.chosen) == (SelectionOutcome.PROVEN, ("b",))
    assert found.unfilled == {("u", ""): 1}
    told = {each.code: each.params for each in found.findings}
    code = "replacement_target_missed" if hard else "replacement_shortfall_worse"
    assert told.keys() == {"replacement_seat_unfilled", code}
    left = replace(pool, quotas=[PoolQuota("u", 2, empty=1)], nominees=[person("b", gender="f")])
    again = replace_delegates(left, ["b"], ["b"])
    assert (again.outcome, again.chosen) == (SelectionOutcome.PROVEN, ())


def test_a_target_of_one_unit_alone_outlives_its_delegates() -> None:
    """The part of a split target: nobody is left in the unit that it is about."""
    target = replace(TWO_WOMEN, at_least=1, hard=True, scope=Scope("unit", frozenset({"u"})))
    pool = Pool([PoolQuota("u", 1), PoolQuota("v", 1)], [person("a", gender="f"), person("b", "v")], [target])
    found = replace_delegates(pool, ["a", "b"], ["a"])
    assert (found.outcome, found.chosen) == (SelectionOutcome.PROVEN, ("b",))
    assert found.findings[-1].params == {"target": "women", "short": 1}


def test_hard_targets_are_missed_by_as_little_as_empty_seats_allow() -> None:
    """A woman and a man are asked for, and one seat stays empty: the list keeps what it can."""
    men = CompositionTarget("men", AnyOf("gender", frozenset({"m"})), at_least=1, hard=True)
    women = replace(TWO_WOMEN, at_least=1, hard=True)
    pool = Pool([PoolQuota("u", 2)], [person("a", gender="f"), person("b")], [women, men])
    found = replace_delegates(replace(pool, partitions=[["women", "men"]]), ["a", "b"], ["b"])
    assert (found.outcome, found.chosen) == (SelectionOutcome.PROVEN, ("a",))
    assert [each.params for each in found.findings if each.code == "replacement_target_missed"] == [
        {"target": "men", "short": 1}
    ]


def test_a_hard_target_is_not_eased_where_every_seat_is_filled() -> None:
    target = replace(TWO_WOMEN, at_least=1, hard=True)
    pool = Pool([PoolQuota("u", 1)], [person("a", gender="f"), person("b")], [target])
    assert replace_delegates(pool, ["a"], ["a"]).outcome is SelectionOutcome.INFEASIBLE


def test_who_was_seated_by_hand_stays() -> None:
    people = [person("a"), replace(person("b"), hold=NomineeStatus.SEATED), person("c")]
    assert replace_delegates(Pool([PoolQuota("u", 2)], people), ["a", "b"], ["a"]).chosen == ("b", "c")


def test_strangers_cannot_be_replaced() -> None:
    pool = Pool([PoolQuota("u", 1)], [person("a"), person("b")])
    with pytest.raises(Invalid) as refused:
        replace_delegates(pool, ["a", "x"], ["b"])
    assert [each.pointer for each in refused.value.errors] == ["/chosen/1", "/leaving/0"]
    with pytest.raises(Invalid):
        replace_delegates(pool, ["a", "a"], ["a"])


def test_from_the_freeze_date_on_reason_and_authority_are_needed() -> None:
    freeze = date(2025, 8, 1)
    expect_replacement_allowed(date(2025, 7, 31), freeze)
    expect_replacement_allowed(freeze, None)
    expect_replacement_allowed(freeze, freeze, reason="ốm", authority="Thường trực Hội đồng")
    for reason, authority in (("", ""), ("ốm", " "), (" ", "Thường trực Hội đồng")):
        with pytest.raises(Conflict):
            expect_replacement_allowed(freeze, freeze, reason=reason, authority=authority)
