"""What cannot be right about a pool is told before anything is chosen, with a pointer to the place."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.findings import Invalid
from domain.selection import (
    Nominee,
    NomineeStatus,
    Pool,
    PoolQuota,
    ScoreFormula,
    SelectionOutcome,
    build_unit_targets,
    check_pool,
    list_statuses,
    select_list,
)
from domain.selection.pool import MOST_SCORE

WOMEN = AnyOf("gender", frozenset({"f"}))


def good() -> Pool:
    quotas = [PoolQuota("u", 1), PoolQuota("v", 2, nominee_limit=3)]
    people = [
        Nominee(PersonRecord("a", "u", "", {"gender": "f"}), 3),
        Nominee(PersonRecord("b", "u", "", {"gender": "m"}), 5),
        Nominee(PersonRecord("c", "v", "", {"gender": "f"}), 1),
        Nominee(PersonRecord("d", "v", "", {"gender": "m"}), 1),
        Nominee(PersonRecord("e", "v", "", {"gender": "m"}), 2),
    ]
    return Pool(
        quotas, people, [CompositionTarget("women", WOMEN, at_least=1)], size=3, codes={"gender": {"f", "m"}}
    )


def test_a_good_pool_has_none() -> None:
    assert check_pool(good()) == ()
    assert select_list(good()).chosen == ("b", "c", "e")


def nominee(pool: Pool, n: int, **changes: object) -> Pool:
    people = list(pool.nominees)
    people[n] = replace(people[n], **changes)  # type: ignore[arg-type] # fields of a nominee
    return replace(pool, nominees=people)


def record(pool: Pool, n: int, **changes: object) -> Pool:
    return nominee(pool, n, record=replace(pool.nominees[n].record, **changes))  # type: ignore[arg-type] # fields


def quota(pool: Pool, n: int, **changes: object) -> Pool:
    quotas = list(pool.quotas)
    quotas[n] = replace(quotas[n], **changes)  # type: ignore[arg-type] # fields of a quota
    return replace(pool, quotas=quotas, size=None)


def target(pool: Pool, *targets: CompositionTarget) -> Pool:
    return replace(pool, targets=targets)


def held(pool: Pool, **by: NomineeStatus) -> Pool:
    for n, each in enumerate(pool.nominees):
        pool = nominee(pool, n, hold=by.get(each.id, each.hold))
    return pool


MEN = AnyOf("gender", frozenset({"m"}))
OTHER = AnyOf("gender", frozenset({"x"}))
NOWHERE = Scope("group", frozenset({"g"}))
OFFICE, PINNED = NomineeStatus.EX_OFFICIO, NomineeStatus.PINNED

WRONG: list[tuple[str, str, Callable[[Pool], Pool]]] = [
    ("selection_off_size", "/size", lambda p: replace(p, size=4)),
    ("selection_unit_short", "/quotas/0", lambda p: quota(p, 0, seats=3)),
    (
        "selection_unit_short",
        "/quotas/1",
        lambda p: held(p, c=NomineeStatus.INELIGIBLE, d=NomineeStatus.DROPPED),
    ),
    ("selection_quota_twice", "/quotas/1", lambda p: quota(p, 1, unit="u")),
    ("selection_seats_out_of_range", "/quotas/1", lambda p: quota(p, 1, seats=-1)),
    ("selection_seats_out_of_range", "/quotas/1", lambda p: quota(p, 1, empty=3)),
    ("selection_over_nominee_limit", "/quotas/1/nominee_limit", lambda p: quota(p, 1, nominee_limit=2)),
    ("selection_person_twice", "/nominees/1", lambda p: record(p, 1, id="a")),
    ("selection_person_twice", "/nominees/4", lambda p: nominee(nominee(p, 0, person="x"), 4, person="x")),
    ("selection_quota_unknown", "/nominees/0/unit", lambda p: record(p, 0, unit="w")),
    ("selection_quota_unknown", "/nominees/0/unit", lambda p: record(p, 0, group="g")),
    ("selection_bloc_differs", "/nominees/0/bloc", lambda p: record(p, 0, bloc="k")),
    ("selection_score_out_of_range", "/nominees/1/score", lambda p: nominee(p, 1, score=MOST_SCORE + 1)),
    ("selection_lot_unclear", "/nominees/1/lot", lambda p: nominee(p, 1, lot=0)),
    ("selection_lot_unclear", "/nominees/1/lot", lambda p: nominee(nominee(p, 1, lot=2), 2, lot=2)),
    ("selection_ex_officio_over_seats", "/quotas/0", lambda p: held(p, a=OFFICE, b=OFFICE)),
    ("selection_seated_over_seats", "/quotas/0", lambda p: held(p, a=PINNED, b=NomineeStatus.SEATED)),
    (
        "selection_seated_elsewhere",
        "/nominees/0/hold",
        lambda p: replace(held(p, a=PINNED), elsewhere=frozenset({"a"})),
    ),
    ("selection_pair_unknown", "/apart/0", lambda p: replace(p, apart=[("a", "z")])),
    ("selection_pair_unknown", "/apart/0", lambda p: replace(p, apart=[("a", "a")])),
    ("selection_pair_seated", "/apart/0", lambda p: replace(held(p, a=PINNED, c=PINNED), apart=[("a", "c")])),
    (
        "selection_nobody",
        "/quotas",
        lambda p: replace(p, quotas=[PoolQuota("u", 0), PoolQuota("v", 0)], size=None),
    ),
    ("selection_nobody", "/nominees", lambda p: replace(p, nominees=[])),
    ("selection_weight_without_target", "/weights/x~1y", lambda p: replace(p, weights={"x/y": 1})),
    ("selection_weight_out_of_range", "/weights/women", lambda p: replace(p, weights={"women": 0})),
    (
        "target_min_over_max",
        "/targets/0",
        lambda p: target(p, CompositionTarget("t", WOMEN, at_least=2, at_most=1)),
    ),
    ("target_over_size", "/targets/0", lambda p: target(p, CompositionTarget("t", WOMEN, at_least=4))),
    (
        "target_on_empty_scope",
        "/targets/0/scope",
        lambda p: target(p, CompositionTarget("t", WOMEN, 1, scope=NOWHERE)),
    ),
    (
        "target_code_unknown",
        "/targets/0/criterion/values",
        lambda p: target(p, CompositionTarget("t", OTHER, 1)),
    ),
    ("target_without_number", "/targets/0", lambda p: target(p, CompositionTarget("t", WOMEN))),
    (
        "partition_over_size",
        "/targets/0",
        lambda p: replace(
            target(p, CompositionTarget("f", WOMEN, 2), CompositionTarget("m", MEN, 2)),
            partitions=[["f", "m"]],
        ),
    ),
]


@pytest.mark.parametrize(
    ("code", "pointer", "spoil"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)]
)
def test_each_fault_is_told_where_it_is(code: str, pointer: str, spoil: Callable[[Pool], Pool]) -> None:
    wrong = spoil(good())
    assert (code, pointer) in {(each.code, each.pointer) for each in check_pool(wrong)}
    with pytest.raises(Invalid) as refused:
        select_list(wrong)
    assert refused.value.errors == check_pool(wrong)


def test_a_unit_that_is_short_is_named_with_the_number() -> None:
    wrong = quota(good(), 0, seats=3)
    told = next(each for each in check_pool(wrong) if each.code == "selection_unit_short")
    assert told.params == {"unit": "u", "group": "", "seats": 3, "eligible": 2, "short": 1}


def test_a_list_that_a_conference_passed_within_its_seats_is_fixed_unless_reopened() -> None:
    pool = quota(good(), 1, seats=3, passed=True)
    assert list_statuses(pool) == [
        NomineeStatus.FREE,
        NomineeStatus.FREE,
        NomineeStatus.PASSED,
        NomineeStatus.PASSED,
        NomineeStatus.PASSED,
    ]
    assert set(select_list(pool).chosen) > {"c", "d", "e"}
    assert NomineeStatus.PASSED not in list_statuses(quota(pool, 1, passed=False))
    assert NomineeStatus.PASSED not in list_statuses(quota(good(), 1, passed=True))


def test_one_person_goes_to_one_congress_unless_the_plan_lets_them_go_to_both() -> None:
    pool = replace(nominee(good(), 1, person="x"), elsewhere=frozenset({"x"}))
    assert select_list(pool).chosen[0] == "a"
    assert select_list(replace(pool, both_chains=True)).chosen[0] == "b"


def test_a_seat_left_empty_by_decision_is_not_filled() -> None:
    pool = quota(good(), 1, empty=1)
    found = select_list(pool)
    assert found.outcome is SelectionOutcome.PROVEN
    assert len(found.chosen) == 2


def test_a_split_that_binds_each_unit_is_hard_and_one_that_does_not_is_soft() -> None:
    women = CompositionTarget("women", WOMEN, share=Fraction(1, 3), priority=2)
    bound = build_unit_targets(women, {"u": 1, "v": 0}, binding=True)
    assert [(t.id, t.at_least, t.hard) for t in bound] == [("women/u", 1, True)]
    assert select_list(replace(good(), targets=bound)).chosen[0] == "a"
    soft = build_unit_targets(women, {"u": 1}, binding=False)
    assert [(t.hard, t.priority) for t in soft] == [(False, 2)]
    most = build_unit_targets(CompositionTarget("men", WOMEN, at_most=1), {"u": 0}, binding=True)
    assert [(t.at_least, t.at_most) for t in most] == [(None, 0)]


def test_the_plans_formula_adds_rank_titles_and_merit() -> None:
    formula = ScoreFormula((50, 40), {"hero": 30, "fighter": 10}, merit=2)
    assert formula.compute_score(rank=1, titles=["hero", "fighter", "unknown"], merit=3) == 96
    assert formula.compute_score(rank=3) == formula.compute_score() == 0
    assert replace(formula, counting="best").compute_score(rank=2, titles=["hero", "fighter", "hero"]) == 70
    for wrong in ({"rank": 0}, {"merit": MOST_SCORE}):
        with pytest.raises(Invalid):
            formula.compute_score(**wrong)  # type: ignore[arg-type] # one of its arguments
