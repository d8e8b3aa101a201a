"""Why not me, what a target costs, what an edit costs: told exactly where it is said to be exact."""

from dataclasses import replace
from fractions import Fraction

import pytest

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget
from domain.findings import Conflict, Invalid
from domain.selection import (
    Nominee,
    NomineeStatus,
    Pool,
    PoolQuota,
    SelectionOutcome,
    SelectionResult,
    select_list,
)
from domain.selection.explanation import LeftOutReason
from domain.selection.prices import (
    compute_cost,
    edit_pool,
    explain_why_not,
    loosen_target,
    price_edit,
    price_target,
)
from domain.selection.result import Side

from .naive import best_list, every_list, hard_short, lots, vector
from .pools import province
from .small import make_crossed_pool, small

SIDES: tuple[Side, Side] = ("least", "most")


def proven(seeds: range, **temper: bool) -> list[tuple[Pool, SelectionResult]]:
    found = []
    for seed in seeds:
        for pool in (small(seed, **temper), make_crossed_pool(seed)):
            try:
                selection = select_list(pool)
            except Invalid:
                continue
            if selection.outcome is SelectionOutcome.PROVEN:
                found.append((pool, selection))
    return found


def test_everybody_left_out_has_a_reason_and_nobody_chosen_has_one() -> None:
    for pool, selection in proven(range(20)):
        assert selection.explanation is not None
        told = {each.id: each for each in selection.explanation}
        assert set(told) == {n.id for n in pool.nominees} - set(selection.chosen)
        assert len(selection.explanation) == len(told)


def test_a_reason_names_nobody_else() -> None:
    for pool, selection in proven(range(20)):
        assert selection.explanation is not None
        for each in selection.explanation:
            others = {n.id for n in pool.nominees} - {each.id}
            assert not others & {str(value) for value in each.finding.params.values()}


def best_with(pool: Pool, one: str) -> tuple[int, ...] | None:
    vectors = [
        vector(pool, chosen)
        for chosen in every_list(pool)
        if hard_short(pool, chosen) == 0 and one in {n.id for n in chosen}
    ]
    return min(vectors, default=None)


@pytest.mark.oracles
def test_the_points_of_a_reason_are_never_more_than_a_list_with_the_person_loses() -> None:
    reasons = set()
    for pool, selection in proven(range(25), ties=True):
        assert selection.explanation is not None
        for each in selection.explanation:
            reasons.add(each.reason)
            best = best_with(pool, each.id)
            if best is not None and best[:-1] == selection.vector[:-1]:
                assert each.points <= best[-1] - selection.vector[-1]
                if each.reason is LeftOutReason.LOT:
                    assert each.points == 0
    assert reasons >= {
        LeftOutReason.COST,
        LeftOutReason.LOT,
        LeftOutReason.EVEN,
        LeftOutReason.COLLEAGUE,
        LeftOutReason.HELD_OFF,
    }


def profile(pool: Pool, nominee: Nominee) -> list[bool]:
    """What each side of each target counts a nominee for."""
    sides = []
    for target in pool.targets:
        answer = target.criterion.matches(nominee.record)
        least, most = target.compute_bounds(pool.sizes()[target.id])
        inside = target.scope.contains(nominee.record)
        sides += [inside and answer is True] if least is not None else []
        sides += [inside and answer is not False] if most is not None else []
    return sides


def test_a_colleague_ahead_has_the_same_profile_and_more_points_or_an_earlier_lot() -> None:
    kinds = set()
    for pool, selection in proven(range(40), ties=True):
        assert selection.explanation is not None
        drawn, people = lots(pool), {n.id: n for n in pool.nominees}
        for each in selection.explanation:
            if each.reason not in (LeftOutReason.COLLEAGUE, LeftOutReason.LOT):
                continue
            kinds.add(each.reason)
            me = people[each.id]
            ahead = [
                people[one]
                for one in selection.chosen
                if people[one].place == me.place
                and people[one].hold is NomineeStatus.FREE
                and profile(pool, people[one]) == profile(pool, me)
            ]
            if each.reason is LeftOutReason.COLLEAGUE:
                assert any(n.score > me.score for n in ahead)
            elif ahead:
                assert all((-n.score, drawn[n.id]) < (-me.score, drawn[me.id]) for n in ahead)
    assert kinds == {LeftOutReason.COLLEAGUE, LeftOutReason.LOT}


@pytest.mark.oracles
def test_why_not_is_exact() -> None:
    grounds = set()
    for pool, selection in proven(range(12), ties=True, tight=True):
        for nominee in pool.nominees:
            told = explain_why_not(pool, selection, nominee.id)
            grounds.add(told.ground)
            best = best_with(pool, nominee.id)
            if nominee.id in selection.chosen:
                assert told.ground == "chosen"
            elif nominee.hold.is_excluded:
                # The council's own "no" can be weighed; what others settled cannot.
                assert nominee.hold is NomineeStatus.DROPPED
            elif best is None:
                assert told.ground == "impossible"
            else:
                more = [b - a for a, b in zip(selection.vector, best, strict=True)]
                first = next((n for n, each in enumerate(more) if each), None)
                if first is None:
                    assert told.ground == "lot"
                elif first == len(more) - 1:
                    assert (told.ground, told.points) == ("score", more[-1])
                else:
                    wanted = ("shortfall", selection.shortfalls[first].priority, more[first])
                    assert (told.ground, told.priority, told.short) == wanted
    assert grounds >= {"chosen", "impossible", "lot", "score", "shortfall"}


@pytest.mark.oracles
def test_the_price_of_a_target_is_what_the_list_gains_without_one_person_of_it() -> None:
    gains = 0
    for pool, selection in proven(range(6)):
        for target in pool.targets:
            for side, bound in zip(SIDES, target.compute_bounds(pool.sizes()[target.id]), strict=True):
                if bound is None:
                    with pytest.raises(Invalid):
                        price_target(pool, selection, target.id, side)
                    continue
                found = price_target(pool, selection, target.id, side)
                best = best_list(loosen_target(pool, target.id, side))
                assert best is not None
                assert (found.selection.chosen, found.selection.vector) == best
                assert found.cost is not None
                assert best[1] <= selection.vector
                gains += best[1] < selection.vector
    assert gains


def test_the_estimates_of_a_selection_are_about_what_a_target_costs() -> None:
    pool = province(60, 300, 12)
    selection = select_list(pool)
    for each in selection.prices:
        assert each.points >= 0
        if not each.points:
            continue
        found = price_target(pool, selection, each.target, "least" if each.side == "least" else "most")
        assert found.cost is not None
        assert -found.cost.points <= each.points + 1


def test_an_edit_costs_what_the_best_list_under_it_lacks() -> None:
    for pool, selection in proven(range(15)):
        free = [n for n in pool.nominees if n.hold is NomineeStatus.FREE]
        ins = [n.id for n in free if n.id not in selection.chosen][:1]
        outs = [n.id for n in free if n.id in selection.chosen][:1]
        try:
            found = price_edit(pool, selection, pin=ins, drop=outs)
        except Invalid:
            continue
        best = best_list(edit_pool(pool, pin=ins, drop=outs))
        if best is None:
            assert found.cost is None
            assert found.selection.outcome is SelectionOutcome.INFEASIBLE
            continue
        assert found.selection.chosen == best[0]
        assert found.cost is not None
        assert found.cost.points == best[1][-1] - selection.vector[-1]
        assert set(ins) <= set(found.cost.joined)
        assert set(outs) <= set(found.cost.left)


def test_nothing_is_gained_by_a_hand() -> None:
    for pool, selection in proven(range(10)):
        for nominee in pool.nominees:
            if nominee.hold is NomineeStatus.FREE and nominee.id not in selection.chosen:
                try:
                    again = price_edit(pool, selection, pin=[nominee.id]).selection
                except Invalid:
                    continue
                if again.outcome is SelectionOutcome.PROVEN:
                    assert again.vector >= selection.vector


def test_an_edit_of_strangers_or_of_what_is_settled_is_refused() -> None:
    woman = PersonRecord("a", "u", "", {"gender": "f"})
    pool = Pool(
        [PoolQuota("u", 1)], [Nominee(woman, hold=NomineeStatus.EX_OFFICIO), Nominee(PersonRecord("b", "u"))]
    )
    selection = select_list(pool)
    with pytest.raises(Conflict) as settled:
        price_edit(pool, selection, drop=["a"])
    assert settled.value.code == "selection_edit_settled"
    with pytest.raises(Invalid) as strange:
        price_edit(pool, selection, pin=["x"], drop=["y"])
    assert [each.pointer for each in strange.value.errors] == ["/pin/0", "/drop/0"]
    with pytest.raises(Invalid):
        edit_pool(pool, pin=["b"], drop=["b"])
    assert explain_why_not(pool, selection, "b").ground == "impossible"


def test_an_unproven_list_has_no_cost() -> None:
    pool = small(1)
    selection = select_list(pool)
    assert compute_cost(replace(selection, outcome=SelectionOutcome.BEST_SO_FAR), selection) is None


def test_where_all_seats_are_held_there_is_no_seat_to_lose() -> None:
    people = [Nominee(PersonRecord("a", "u"), hold=NomineeStatus.PINNED), Nominee(PersonRecord("b", "u"), 5)]
    target = CompositionTarget("t", AnyOf("gender", frozenset({"f"})), share=Fraction(1, 2))
    selection = select_list(Pool([PoolQuota("u", 1)], people, [target]))
    assert selection.explanation is not None
    (told,) = (each for each in selection.explanation if each.id == "b")
    assert told.reason is LeftOutReason.NO_SEAT


def test_one_of_a_pair_is_kept_off_by_the_other() -> None:
    people = [
        Nominee(PersonRecord("a", "u"), 9),
        Nominee(PersonRecord("b", "v"), 5),
        Nominee(PersonRecord("c", "v"), 1),
    ]
    selection = select_list(Pool([PoolQuota("u", 1), PoolQuota("v", 1)], people, apart=[("a", "b")]))
    assert selection.chosen == ("a", "c")
    assert selection.explanation is not None
    (told,) = (each for each in selection.explanation if each.id == "b")
    assert told.reason is LeftOutReason.PAIR
