"""When there is no list: what clashes is a smallest set, and what is said to repair it does."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget
from domain.findings import Invalid
from domain.selection import Nominee, NomineeStatus, Pool, PoolQuota, SelectionOutcome, select_list
from domain.selection.clashes import Clash, Demand
from domain.selection.conflicts import find_hard_clash, find_soft_clash
from domain.selection.recount import recount_list

from .naive import every_list, hard_short, short
from .small import make_crossed_pool, small


def one_side(target: CompositionTarget, side: str, seats: int) -> CompositionTarget:
    least, most = target.compute_bounds(seats)
    return replace(
        target, share=None, most_share=None, hard=True,
        at_least=least if side == "least" else None, at_most=most if side == "most" else None,
    )  # fmt: skip


def only(pool: Pool, demands: Sequence[Demand]) -> Pool:
    """The pool with these demands and no others."""
    sizes = pool.sizes()
    sides = {(d.ids[0], d.side) for d in demands if d.kind == "target"}
    pairs = {frozenset(d.ids) for d in demands if d.kind == "pair"}
    pins = {d.ids[0] for d in demands if d.kind == "pin"}
    return replace(
        pool,
        targets=[
            replace(one_side(t, side, sizes[t.id]), id=f"{t.id}/{side}")
            for t in pool.targets
            for side in ("least", "most")
            if (t.id, side) in sides
        ],
        weights={},
        apart=[pair for pair in pool.apart if frozenset(pair) in pairs],
        nominees=[
            replace(n, hold=NomineeStatus.FREE) if n.hold is NomineeStatus.PINNED and n.id not in pins else n
            for n in pool.nominees
        ],
    )


def can_be_done(pool: Pool) -> bool:
    return any(hard_short(pool, chosen) == 0 for chosen in every_list(pool))


def impossible_pools() -> list[Pool]:
    pools = [make_crossed_pool(seed, hard=True) for seed in range(40)]
    pools += [small(seed, tight=True) for seed in range(120)]
    kept = []
    for pool in pools:
        try:
            if select_list(pool).outcome is SelectionOutcome.INFEASIBLE:
                kept.append(pool)
        except Invalid:
            continue
    return kept


@pytest.fixture(scope="module")
def clashes() -> list[tuple[Pool, Clash]]:
    found = [(pool, find_hard_clash(pool)) for pool in impossible_pools()]
    return [(pool, each) for pool, each in found if each is not None]


def test_every_impossible_pool_has_its_clash(clashes: list[tuple[Pool, Clash]]) -> None:
    assert len(clashes) == len(impossible_pools()) > 20
    assert {each.certified for _, each in clashes} == {True, False}
    assert {demand.kind for _, each in clashes for demand in each.demands} >= {"target", "pair"}


def test_a_possible_pool_has_none() -> None:
    for seed in range(10):
        pool = small(seed)
        if can_be_done(pool):
            assert find_hard_clash(pool) is None


def test_no_list_keeps_all_demands_and_leaving_any_one_out_lets_one_be_found(
    clashes: list[tuple[Pool, Clash]],
) -> None:
    for pool, found in clashes:
        assert found.minimal
        assert not can_be_done(only(pool, found.demands))
        for demand in found.demands:
            assert can_be_done(only(pool, [each for each in found.demands if each != demand]))


def loosened(pool: Pool, reached: dict[tuple[str, str], int]) -> Pool:
    sizes, targets = pool.sizes(), []
    for target in pool.targets:
        least, most = target.compute_bounds(sizes[target.id])
        least = reached.get((target.id, "least"), least)
        most = reached.get((target.id, "most"), most)
        targets.append(replace(target, share=None, most_share=None, at_least=least, at_most=most))
    return replace(pool, targets=targets)


def test_what_is_said_to_repair_it_does_and_less_does_not(clashes: list[tuple[Pool, Clash]]) -> None:
    several = 0
    for pool, found in clashes:
        for each in found.relaxations:
            loose = loosened(pool, {(c.target, c.side): c.reachable for c in each.changes})
            assert not recount_list(loose, each.witness).broken
            if len(each.changes) > 1:
                several += 1
                continue
            change = each.changes[0]
            step = 1 if change.side == "least" else -1
            assert not can_be_done(loosened(pool, {(change.target, change.side): change.reachable + step}))
    assert several


def test_the_repair_over_all_targets_is_of_fewest_persons(clashes: list[tuple[Pool, Clash]]) -> None:
    compared = 0
    for pool, found in clashes:
        totals = [
            sum(short(pool, target, chosen) for target in pool.targets if target.hard)
            for chosen in every_list(pool)
        ]
        if totals:
            told = [sum(abs(c.wanted - c.reachable) for c in each.changes) for each in found.relaxations]
            assert min(told) == min(totals)
            compared += 1
    assert compared > 20


WOMAN = AnyOf("gender", frozenset({"f"}))


def two_units(women: int) -> Pool:
    """Unit A names women only and has one seat, unit B has three seats and one woman among four."""
    quotas = [PoolQuota("A", 1, "", nominee_limit=3), PoolQuota("B", 3)]
    people = [Nominee(PersonRecord(f"a{n}", "A", "", {"gender": "f"})) for n in range(3)]
    people += [Nominee(PersonRecord(f"b{n}", "B", "", {"gender": "f" if n == 0 else "m"})) for n in range(4)]
    return Pool(quotas, people, [CompositionTarget("women", WOMAN, at_least=women, hard=True)])


def test_who_could_change_it_is_the_unit_with_seats_that_no_woman_can_fill() -> None:
    found = find_hard_clash(two_units(3))
    assert found is not None
    assert found.demands == (Demand("target", ("women",), "least"),)
    assert found.certified
    assert [(c.wanted, c.reachable) for each in found.relaxations for c in each.changes] == [(3, 2)]
    assert [(ask.unit, ask.room, ask.sure) for ask in found.asks] == [("B", 2, True)]
    more = [*two_units(3).nominees, Nominee(PersonRecord("b9", "B", "", {"gender": "f"}))]
    assert select_list(replace(two_units(3), nominees=more)).outcome is SelectionOutcome.PROVEN


def test_nobody_is_asked_for_people_who_cannot_be() -> None:
    man = AnyOf("gender", frozenset({"m"}))
    pool = replace(
        two_units(2),
        targets=[
            CompositionTarget("w", WOMAN, at_least=2, hard=True),
            CompositionTarget("m", man, 3, hard=True),
        ],
    )
    found = find_hard_clash(pool)
    assert found is not None
    assert {demand.ids for demand in found.demands} == {("w",), ("m",)}
    assert found.asks == ()


def test_a_soft_target_that_falls_short_is_explained_by_what_comes_no_later() -> None:
    explained = 0
    for seed in range(30):
        pool = make_crossed_pool(seed)
        selection = select_list(pool)
        states = {state.target: state for state in selection.states}
        for target in pool.targets:
            missed = short(pool, target, [n for n in pool.nominees if n.id in selection.chosen])
            found = find_soft_clash(pool, selection, target.id)
            if not missed:
                assert found is None
                continue
            explained += 1
            assert found is not None
            priorities = {each.id: each.priority for each in pool.targets}
            assert target.id in {demand.ids[0] for demand in found.demands}
            assert all(priorities[demand.ids[0]] <= target.priority for demand in found.demands)
            kept = loosened(
                pool,
                {(i, "least"): min(s.least or 0, s.yes) for i, s in states.items() if i != target.id}
                | {
                    (i, "most"): max(s.most or 0, s.yes + s.unknown)
                    for i, s in states.items()
                    if i != target.id
                },
            )
            assert not can_be_done(only(kept, found.demands))
            for demand in found.demands:
                assert can_be_done(only(kept, [each for each in found.demands if each != demand]))
    assert explained > 10


def test_a_clash_of_the_councils_own_hand_names_the_pinned() -> None:
    pool = two_units(2)
    men = [replace(n, hold=NomineeStatus.PINNED) if n.id in ("b1", "b2", "b3") else n for n in pool.nominees]
    found = find_hard_clash(replace(pool, nominees=men))
    assert found is not None
    assert [demand.kind for demand in found.demands].count("pin") == 3


def test_pools_with_faults_are_refused() -> None:
    with pytest.raises(Invalid):
        find_hard_clash(Pool([], []))
