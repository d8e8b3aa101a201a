"""Targets: criteria, bounds from shares, partitions rounded together, and numbers that cannot be right."""

from datetime import date
from fractions import Fraction

import pytest

from domain.composition.criteria import Age, AnyOf, NoneOf, PersonRecord
from domain.composition.plan_targets import check_stated_ranges
from domain.composition.targets import (
    CompositionTarget,
    Scope,
    check_ranges,
    check_targets,
    round_partition,
)
from domain.findings import Invalid
from domain.selection.pool import Pool, PoolQuota
from service.formats.plans import read_plan
from service.texts import load_catalogue
from tests.domain.plans.examples import body

WOMAN = AnyOf("gender", frozenset({"female"}))
MINORITY = NoneOf("ethnicity", frozenset({"01"}))
HONOURED = AnyOf("titles", frozenset({"anh_hung_lao_dong", "chien_si_thi_dua_toan_quoc"}))
YOUNG = Age("born", date(2020, 6, 30), at_most=35)


@pytest.mark.parametrize(
    ("criterion", "value", "counts"),
    [
        (WOMAN, "female", True),
        (WOMAN, "male", False),
        (WOMAN, None, None),
        (MINORITY, "05", True),
        (MINORITY, "01", False),
        (MINORITY, None, None),
        (HONOURED, frozenset({"chien_si_thi_dua_toan_quoc", "other"}), True),
        (HONOURED, frozenset({"other"}), False),
        (HONOURED, frozenset(), False),
        (HONOURED, None, None),
        (NoneOf("titles", frozenset({"a"})), frozenset({"b"}), True),
        (NoneOf("titles", frozenset({"a"})), frozenset({"a", "b"}), False),
    ],
)
def test_not_stated_is_an_answer_of_its_own(
    criterion: AnyOf | NoneOf, value: str | frozenset[str] | None, counts: bool | None
) -> None:
    record = PersonRecord("p1", "u1", values={criterion.attribute: value})
    assert criterion.matches(record) is counts
    assert criterion.matches(PersonRecord("p2", "u1")) is None


@pytest.mark.parametrize(
    ("born", "counts"),
    [
        (date(1984, 7, 1), True),  # thirty-five until tomorrow
        (date(1984, 6, 30), False),  # thirty-six today
        (1985, True),
        (1983, False),
        (1984, None),  # it depends on the day
        (date(2020, 7, 1), None),  # born after the date: cannot be right
        (2021, None),
        (2020, True),
        (None, None),
    ],
)
def test_youth_is_an_age_on_a_date(born: date | int | None, counts: bool | None) -> None:
    assert YOUNG.matches(PersonRecord("p", "u", values={"born": born})) is counts


def test_one_born_on_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    born = date(2000, 2, 29)
    assert Age("born", date(2018, 2, 28), at_least=18).accepts(born) is False
    assert Age("born", date(2018, 3, 1), at_least=18).accepts(born) is True


def test_one_born_in_the_year_of_the_date_was_born_before_it() -> None:
    assert Age("born", date(2020, 6, 30), at_least=0).accepts(2020) is True


def test_a_birth_is_a_date_or_a_year() -> None:
    with pytest.raises(TypeError):
        YOUNG.accepts("1990")


def test_a_least_share_is_rounded_up_and_a_greatest_one_down() -> None:
    target = CompositionTarget("t", WOMAN, share=Fraction(7, 100), most_share=Fraction(1, 3))
    assert target.compute_bounds(100) == (7, 33)
    assert target.compute_bounds(101) == (8, 33)


def test_the_stricter_of_count_and_share_holds() -> None:
    target = CompositionTarget(
        "t", WOMAN, at_least=5, share=Fraction(1, 10), at_most=9, most_share=Fraction(1, 2)
    )
    assert target.compute_bounds(20) == (5, 9)
    assert target.compute_bounds(10) == (5, 5)
    assert target.compute_bounds(80) == (8, 9)


def test_the_shares_of_a_partition_are_rounded_together() -> None:
    shares = {"state": Fraction(35, 100), "private": Fraction(40, 100), "foreign": Fraction(25, 100)}
    places = round_partition(shares, 350, seed="s")
    assert sum(places.values()) == 350
    assert places["private"] == 140
    assert {places["state"], places["foreign"]} in ({122, 88}, {123, 87})


def test_the_largest_remainders_go_up() -> None:
    shares = {"a": Fraction(47, 100), "b": Fraction(16, 100), "c": Fraction(37, 100)}
    assert round_partition(shares, 10) == {"a": 5, "b": 1, "c": 4}  # 4.7, 1.6, 3.7 and two places to give


def test_equal_remainders_are_settled_by_the_seed_in_any_order() -> None:
    shares = {value: Fraction(1, 3) for value in "abc"}
    winners = set()
    for seed in map(str, range(30)):
        places = round_partition(shares, 4, seed=seed)
        assert places == round_partition(dict(reversed(shares.items())), 4, seed=seed)
        winners.add(max(places, key=places.__getitem__))
    assert winners == set("abc")


def test_shares_that_do_not_make_one_are_refused() -> None:
    with pytest.raises(Invalid, match="partition_shares_not_whole"):
        round_partition({"a": Fraction(35, 100), "b": Fraction(60, 100)}, 350)
    with pytest.raises(Invalid) as refused:
        round_partition({"a": Fraction(3, 2), "b/c": Fraction(-1, 2)}, 350)
    assert [error.pointer for error in refused.value.errors] == ["/a", "/b~1c"]


CODES = {"gender": {"female", "male"}, "ethnicity": {"01", "02"}, "born": set[str]()}


@pytest.mark.parametrize(
    ("target", "size", "code", "pointer"),
    [
        (CompositionTarget("t", WOMAN), 10, "target_without_number", "/0"),
        (CompositionTarget("t", WOMAN, -1), 10, "target_negative", "/0/at_least"),
        (CompositionTarget("t", WOMAN, share=Fraction(4, 3)), 10, "target_share_out_of_range", "/0/share"),
        (CompositionTarget("t", WOMAN, 5, 4), 10, "target_min_over_max", "/0"),
        (CompositionTarget("t", WOMAN, 5, most_share=Fraction(2, 5)), 10, "target_min_over_max", "/0"),
        (CompositionTarget("t", WOMAN, 11), 10, "target_over_size", "/0"),
        (
            CompositionTarget("t", WOMAN, 1, scope=Scope("group", frozenset({"g"}))),
            0,
            "target_on_empty_scope",
            "/0/scope",
        ),
        (
            CompositionTarget("t", AnyOf("hair", frozenset("x")), 1),
            10,
            "target_attribute_unknown",
            "/0/criterion/attribute",
        ),
        (
            CompositionTarget("t", AnyOf("gender", frozenset("x")), 1),
            10,
            "target_code_unknown",
            "/0/criterion/values",
        ),
    ],
)
def test_a_target_that_cannot_be_right_is_pointed_at(
    target: CompositionTarget, size: int, code: str, pointer: str
) -> None:
    (fault,) = check_targets([target], {"t": size}, codes=CODES)
    assert (fault.code, fault.pointer) == (code, pointer)
    assert code in load_catalogue()


def test_sound_targets_have_no_faults() -> None:
    targets = [
        CompositionTarget("w", WOMAN, share=Fraction(1, 3)),
        CompositionTarget("m", MINORITY, 2, 5),
        CompositionTarget("y", YOUNG, 1),
    ]
    assert check_targets(targets, {"w": 10, "m": 10, "y": 10}, codes=CODES) == ()


def test_the_same_target_twice_is_a_fault() -> None:
    found = check_targets([CompositionTarget("w", WOMAN, 1), CompositionTarget("w", WOMAN, 2)], {"w": 10})
    assert [(fault.code, fault.pointer) for fault in found] == [("target_twice", "/1/id")]


def test_a_partition_has_to_fit_into_its_size_and_fill_it() -> None:
    men = AnyOf("gender", frozenset({"male"}))
    sizes, parts = {"w": 10, "m": 10}, [["w", "m"]]
    over = check_targets(
        [CompositionTarget("w", WOMAN, 6), CompositionTarget("m", men, 5)], sizes, partitions=parts
    )
    under = check_targets(
        [CompositionTarget("w", WOMAN, at_most=4), CompositionTarget("m", men, at_most=5)],
        sizes,
        partitions=parts,
    )
    fits = check_targets(
        [CompositionTarget("w", WOMAN, 6), CompositionTarget("m", men, at_most=4)], sizes, partitions=parts
    )
    assert [(fault.code, fault.params["least"]) for fault in over] == [("partition_over_size", 11)]
    assert [(fault.code, fault.params["most"]) for fault in under] == [("partition_under_size", 9)]
    assert fits == ()


def _share(name: str, value: str, **bounds: Fraction) -> CompositionTarget:
    return CompositionTarget(name, AnyOf("gender", frozenset({value})), **bounds)  # type: ignore[arg-type]


def test_a_range_in_which_no_whole_number_lies_is_told() -> None:
    """60 to 65 % of nine is more than five and less than six."""
    targets = [
        _share("it-nhat", "female", share=Fraction(60, 100)),
        _share("nhieu-nhat", "female", most_share=Fraction(65, 100)),
        _share("nam", "male", most_share=Fraction(1, 10)),
    ]
    sizes = dict.fromkeys((each.id for each in targets), 9)
    (found,) = check_ranges(targets, sizes)
    assert (found.code, found.params["targets"]) == ("target_range_empty", ["it-nhat", "nhieu-nhat"])
    assert (found.params["least"], found.params["most"], found.params["size"]) == (6, 5, 9)
    assert check_ranges(targets, dict.fromkeys(sizes, 10)) == ()


def test_an_empty_seat_makes_no_range_impossible() -> None:
    """Of ten seats 60 to 65 % are six; with one of them empty they still are."""
    women = _share("nu", "female", share=Fraction(60, 100), most_share=Fraction(65, 100))
    assert women.compute_bounds(10) == (6, 6)
    assert women.compute_bounds(9) == (6, 5)
    assert women.compute_bounds(9, 10) == (6, 6)
    pool = Pool([PoolQuota("u", 10, empty=1)], (), [women])
    assert pool.bounds() == {"nu": (6, 6)}
    assert check_targets([women], pool.sizes(), with_empty=pool.sizes_with_empty()) == ()


def test_a_plan_is_told_of_an_empty_range_where_it_states_the_seats() -> None:
    whole = body("soc_trang_2020")
    whole["tiers"][2]["targets"].append(
        whole["tiers"][2]["targets"][1] | {"id": "nu-nhieu-nhat", "bound": "at_most", "share": "36/107"}
    )
    whole["tiers"][2]["targets"][1]["share"] = "337/1000"
    found = check_stated_ranges(read_plan(whole).tiers[2], "/tiers/2")
    assert [(each.code, each.pointer) for each in found] == [("target_range_empty", "/tiers/2/targets")]
