"""Components as the country uses them, against tables computed by hand, with units exactly on each boundary.

Sources of the rules:

- *Party*: decision 341-QĐ/TW of 23 July 2025 on the delegates of the XIVth Party congress, as reported by
  znews.vn (1572424) and vnnow.net: 13 for each Party committee, 24 where two were merged, 35 where three
  were; one for each 12,000 members, and a remainder of 6,001 or more counts; 10 more for four of them.
- *Council law*: law 77/2015/QH13 on local government, article 18.1 as amended by law 47/2019/QH14: a
  province of up to 1,000,000 people elects 50 councillors; above that, one more for each 70,000, but no more
  than 85. A highland province has 50 up to 500,000, one more for each 50,000, and no more than 75.
- *Commune*: law 35-L/CTN of 1994 on the election of councils, article 9.1: a lowland commune of up to 3,000
  people has 19, one more for each 1,500 above, and no more than 25.
"""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allocations.component_explanations import explain_components, explain_total
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.apportionment.components import (
    BaseSeats,
    FixedSeats,
    OutrightComponent,
    Participant,
    ProportionalSeats,
    Rounding,
    StepSeats,
)
from domain.apportionment.stages import StagedAllocation, allocate_seats
from domain.findings import Invalid
from domain.verification import verify_proof
from service.texts import translate_code
from tests.conftest import examples

PARTY: list[OutrightComponent] = [
    BaseSeats(13, merged={2: 24, 3: 35}),
    StepSeats({"members": 1}, 12_000, rounding="more_than_half"),
    FixedSeats({"capital": 10}, "Vị trí quan trọng"),
]
PROVINCE: list[OutrightComponent] = [BaseSeats(50), StepSeats({"people": 1}, 70_000, above=1_000_000)]
HIGHLAND: list[OutrightComponent] = [BaseSeats(50), StepSeats({"people": 1}, 50_000, above=500_000)]
COMMUNE: list[OutrightComponent] = [BaseSeats(19), StepSeats({"people": 1}, 1_500, above=3_000)]
BRACKETS: list[OutrightComponent] = [
    StepSeats({"people": 1}, 1_000, to=10_000),
    StepSeats({"people": 1}, 3_000, above=10_000),
]


def read(result: StagedAllocation) -> Any:
    """The certificate as somebody else gets it."""
    return json.loads(json.dumps(build_allocation_certificate(result)))


def count(components: list[OutrightComponent], **unit: Any) -> int:
    """The seats of one unit by the components, proven."""
    result = allocate_seats(None, [Participant("a", **unit)], components)
    assert (result.status, result.left) == ("decided", 0)
    assert verify_proof(read(result)) == ()
    return result.total_seats


@pytest.mark.parametrize(
    ("members", "predecessors", "seats"),
    [
        (0, 1, 13),
        (6_000, 1, 13),  # exactly half a step does not count
        (6_001, 1, 14),
        (12_000, 1, 14),
        (18_000, 1, 14),
        (18_001, 1, 15),
        (24_000, 1, 15),
        (78_000, 2, 30),  # 24 and 6: six full steps and exactly half a step
        (78_001, 2, 31),
        (144_000, 3, 47),  # 35 and 12
        (150_000, 3, 47),
        (150_001, 3, 48),
    ],
)
def test_the_party_counts_a_remainder_of_more_than_half(members: int, predecessors: int, seats: int) -> None:
    assert count(PARTY, figures={"members": members}, predecessors=predecessors) == seats


def test_the_party_adds_seats_for_importance() -> None:
    units = [
        Participant("capital", {"members": 498_001}),  # 13, 41 and 6,001 more: 42, and 10
        Participant("merged", {"members": 498_000}, predecessors=2),  # 24 and 41
    ]
    result = allocate_seats(None, units, PARTY)
    assert {share.id: share.parts for share in result.shares} == {
        "capital": (13, 42, 10),
        "merged": (24, 41, 0),
    }
    assert result.total_seats == 130
    assert verify_proof(read(result)) == ()


@pytest.mark.parametrize(
    ("people", "seats"),
    [
        (1, 50),
        (999_999, 50),
        (1_000_000, 50),
        (1_069_999, 50),
        (1_070_000, 51),
        (1_139_999, 51),
        (1_140_000, 52),
        (3_379_999, 83),
        (3_380_000, 84),
        (3_449_999, 84),
        (3_450_000, 85),
        (3_520_000, 85),  # would be 86
        (9_000_000, 85),
    ],
)
def test_a_province_has_one_for_each_70000_above_a_million(people: int, seats: int) -> None:
    assert count(PROVINCE, figures={"people": people}, cap=85) == seats


@pytest.mark.parametrize(
    ("people", "seats"),
    [(500_000, 50), (549_999, 50), (550_000, 51), (1_749_999, 74), (1_750_000, 75), (1_800_000, 75)],
)
def test_a_highland_province_has_one_for_each_50000_above_half_a_million(people: int, seats: int) -> None:
    assert count(HIGHLAND, figures={"people": people}, cap=75) == seats


@pytest.mark.parametrize(
    ("people", "seats"),
    [(3_000, 19), (4_499, 19), (4_500, 20), (11_999, 24), (12_000, 25), (13_500, 25)],
)
def test_a_commune_has_one_for_each_1500_above_3000(people: int, seats: int) -> None:
    assert count(COMMUNE, figures={"people": people}, cap=25) == seats


@pytest.mark.parametrize(
    ("people", "parts"),
    [
        (999, (0, 0)),
        (1_000, (1, 0)),
        (9_999, (9, 0)),
        (10_000, (10, 0)),
        (12_999, (10, 0)),
        (13_000, (10, 1)),
        (15_999, (10, 1)),
        (16_000, (10, 2)),
        (40_000, (10, 10)),
    ],
)
def test_one_bracket_ends_where_the_next_begins(people: int, parts: tuple[int, int]) -> None:
    result = allocate_seats(None, [Participant("a", {"people": people})], BRACKETS)
    assert result.shares[0].parts == parts
    assert verify_proof(read(result)) == ()


ROUNDINGS: list[tuple[Rounding, list[int]]] = [
    # steps:         0  1/4  1/2  3/4  1  5/4  3/2  7/4  2
    ("down", [0, 0, 0, 0, 1, 1, 1, 1, 2]),
    ("up", [0, 1, 1, 1, 1, 2, 2, 2, 2]),
    ("half_up", [0, 0, 1, 1, 1, 1, 2, 2, 2]),
    ("more_than_half", [0, 0, 0, 1, 1, 1, 1, 2, 2]),
    ("half_even", [0, 0, 0, 1, 1, 1, 2, 2, 2]),
]


@pytest.mark.parametrize(("rounding", "seats"), ROUNDINGS)
def test_each_rounding_on_and_beside_its_boundary(rounding: Rounding, seats: list[int]) -> None:
    step = StepSeats({"staff": 1}, 100, rounding=rounding)
    assert [count([step], figures={"staff": 25 * n}) for n in range(9)] == seats


def test_without_a_stated_number_the_total_is_what_the_components_give() -> None:
    units = [Participant("a", {"people": 16_000}), Participant("b", {"people": 999}, floor=2)]
    result = allocate_seats(None, units, BRACKETS)
    assert (result.by_id, result.total_seats, result.left) == ({"a": 12, "b": 2}, 14, 0)
    assert [share.bound for share in result.shares] == [None, "floor"]
    certificate = read(result)
    assert verify_proof(certificate) == ()
    assert verify_proof({**certificate, "seats": 15})
    over = allocate_seats(None, units, BRACKETS, most=13)
    assert (over.status, over.total_seats, over.left) == ("infeasible", 13, -1)
    assert verify_proof(read(over)) == ()


def test_a_rest_is_shared_only_of_a_stated_number() -> None:
    with pytest.raises(Invalid) as refused:
        allocate_seats(None, [Participant("a", {"staff": 1})], [ProportionalSeats({"staff": 1})])
    assert [(one.code, one.pointer) for one in refused.value.errors] == [("total_not_stated", "/seats")]


@pytest.mark.parametrize(
    ("step", "code", "pointer"),
    [
        (StepSeats({}, 1, above=-1), "bracket_not_exact", "/components/0/above"),
        (StepSeats({}, 1, above=5, to=5), "bracket_empty", "/components/0/to"),
        (StepSeats({}, 1, to=-1), "bracket_empty", "/components/0/to"),
    ],
)
def test_a_bracket_begins_before_it_ends(step: StepSeats, code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        allocate_seats(9, [Participant("a", {})], [step])
    assert [(one.code, one.pointer) for one in refused.value.errors] == [(code, pointer)]


@given(
    st.integers(0, 400),
    st.integers(1, 30),
    st.sampled_from([name for name, _ in ROUNDINGS]),
    st.integers(0, 200),
    st.integers(1, 200),
    st.integers(1, 3),
)
@examples(150)
def test_the_verifier_counts_the_steps_by_itself(
    people: int, every: int, rounding: Rounding, above: int, width: int, parts: int
) -> None:
    step = StepSeats(
        {"people": Fraction(1, parts)}, Fraction(every, 2), 1, rounding, None, above, above + width
    )
    certificate = read(allocate_seats(None, [Participant("a", {"people": people})], [step]))
    assert verify_proof(certificate) == ()
    unit = certificate["units"][0]
    for other in (unit["seats"] - 1, unit["seats"] + 1):
        moved = {**unit, "seats": other, "parts": [other]}
        assert verify_proof({**certificate, "seats": other, "units": [moved]})


def sentences(components: list[OutrightComponent], unit: Participant, language: Any) -> list[str]:
    """The explanation of one unit."""
    share = allocate_seats(None, [unit], components).shares[0]
    told = [
        *explain_components(components, unit, share.parts),
        *explain_total(unit, share.parts, share.seats),
    ]
    return [translate_code(each.code, each.params, language) for each in told]


def test_each_component_is_explained_in_both_languages() -> None:
    merged = Participant("a", {"members": 78_001}, predecessors=2)
    assert sentences(PARTY, merged, "en") == [
        "A unit formed from 2 earlier units gets 24 seats, whatever its size.",
        (
            "Each 12,000 (Members) gives 1 seat; 78,001 is 6 full steps and 6,001 more, which counts as one "
            "more step (more than half a step counts): 7 seats."
        ),
        "In total the unit gets 31 seats; in this group nothing is left to be shared in proportion.",
    ]
    assert sentences(PARTY, merged, "vi")[1] == (
        "Cứ 12.000 (Đoàn viên, hội viên) được 1 đại biểu; 78.001 là 6 lần đủ, dư 6.001 được tính thêm một "
        "lần (trên một nửa thì tính): 7 đại biểu."
    )
    province = Participant("b", {"people": 3_520_000}, cap=85)
    assert sentences(PROVINCE, province, "en")[1:] == [
        "The unit's people is 3,520,000; of this, only what is above 1,000,000 is counted: 2,520,000.",
        "Each 70,000 (people) gives 1 seat; 2,520,000 is exactly 36 full steps: 36 seats.",
        "Within its maximum of 85, the unit gets 35 seats of these.",
        "In total the unit gets 85 seats; in this group nothing is left to be shared in proportion.",
    ]
