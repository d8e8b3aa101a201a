"""The live check: met, short, over, out of reach or unknown, for one unit and for the whole conference."""

from fractions import Fraction
from itertools import product

import pytest

from domain.composition.check import (
    OpenSeats,
    TargetState,
    TargetVerdict,
    check_clashes,
    check_list,
    revise_records,
)
from domain.composition.criteria import AnyOf, AttributeValue, NoneOf, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.findings import Invalid, Severity
from service.texts import load_catalogue

WOMAN = AnyOf("gender", frozenset({"f"}))
GENDERS = {"f": "f", "m": "m", "?": None}


def _list(text: str, unit: str = "u", group: str = "g") -> list[PersonRecord]:
    """``ffm?``: two women, a man and one who does not say."""
    return [PersonRecord(f"{unit}-{n}", unit, group, {"gender": GENDERS[sex]}) for n, sex in enumerate(text)]


def _state(text: str, open_places: int, least: int | None, most: int | None = None) -> TargetState:
    (state,) = check_list(_list(text), [CompositionTarget("women", WOMAN, least, most)], open_places)
    return state


@pytest.mark.parametrize(
    ("text", "open_places", "least", "most", "standing"),
    [
        ("ffm", 0, 2, None, TargetVerdict.MET),
        ("fmm", 1, 2, None, TargetVerdict.SHORT),
        ("fmm", 0, 2, None, TargetVerdict.UNREACHABLE),
        ("fm?", 0, 2, None, TargetVerdict.UNKNOWN),  # not stated is not no
        ("fm?", 1, 2, None, TargetVerdict.SHORT),  # nor is it yes: the open place is to be used
        ("fm?", 1, 3, None, TargetVerdict.UNKNOWN),
        ("fm?", 1, 4, None, TargetVerdict.UNREACHABLE),
        ("ffm", 2, None, 2, TargetVerdict.MET),
        ("fff", 0, None, 2, TargetVerdict.OVER),
        ("ff?", 0, None, 2, TargetVerdict.UNKNOWN),  # a maximum counts those who do not say
        ("mm?", 0, None, 2, TargetVerdict.MET),
        ("", 3, 3, None, TargetVerdict.SHORT),
        ("", 0, 0, None, TargetVerdict.MET),
    ],
)
def test_where_a_target_stands(
    text: str, open_places: int, least: int | None, most: int | None, standing: TargetVerdict
) -> None:
    state = _state(text, open_places, least, most)
    assert state.standing is standing
    assert state.finding.code in load_catalogue()


def test_the_answer_says_how_many() -> None:
    state = _state("fm?", 1, 3)
    assert (state.yes, state.no, state.unknown, state.open_places) == (1, 1, 1, 1)
    assert (state.least, state.short, state.over, state.reachable) == (3, 2, 0, 3)
    assert _state("fff", 0, None, 1).over == 2


def test_it_agrees_with_every_way_the_list_can_still_turn_out() -> None:
    """Whoever does not say may be either, and so may whoever takes an open place."""
    for text in map("".join, product("fm?", repeat=3)):
        for open_places, least, most in product(range(3), range(6), (1, 2, 9)):
            standing = _state(text, open_places, least, most).standing
            now = {text.count("f") + women for women in range(text.count("?") + 1)}
            later = {women + more for women in now for more in range(open_places + 1)}
            if standing is TargetVerdict.MET:
                assert all(least <= women <= most for women in now)
            if standing is TargetVerdict.UNREACHABLE:
                assert max(later) < least
            if standing is TargetVerdict.OVER:
                assert min(now) > most
            if max(later) < least or min(now) > most:
                assert standing in (TargetVerdict.UNREACHABLE, TargetVerdict.OVER)


def test_shares_are_taken_of_the_seats_and_not_of_the_names() -> None:
    targets = [CompositionTarget("women", WOMAN, share=Fraction(1, 3))]
    (half_filled,) = check_list(_list("fm"), targets, 5)
    (more_names,) = check_list(_list("fmmmmmmmm"), targets, 0, sizes={"women": 3})
    assert (half_filled.least, more_names.least) == (3, 1)


def test_a_conference_is_checked_by_scope() -> None:
    records = [*_list("ffm", "u1", "exemplars"), *_list("mm?", "u2", "leaders")]
    targets = [
        CompositionTarget("all", WOMAN, 3),
        CompositionTarget("exemplars", WOMAN, 2, scope=Scope("group", frozenset({"exemplars"}))),
        CompositionTarget("u2", WOMAN, 2, scope=Scope("unit", frozenset({"u2"})), hard=True),
        CompositionTarget("bloc", WOMAN, share=Fraction(1, 2), scope=Scope("bloc", frozenset({"b"}))),
    ]
    places = [OpenSeats(1, "u1", "exemplars"), OpenSeats(2, "u3", "leaders", "b")]
    states = {state.target: state for state in check_list(records, targets, places)}
    assert {target: state.open_places for target, state in states.items()} == {
        "all": 3,
        "exemplars": 1,
        "u2": 0,
        "bloc": 2,
    }
    assert {target: state.standing for target, state in states.items()} == {
        "all": TargetVerdict.SHORT,
        "exemplars": TargetVerdict.MET,
        "u2": TargetVerdict.UNREACHABLE,
        "bloc": TargetVerdict.SHORT,
    }
    assert {each.finding.severity for each in states.values()} == {Severity.WARNING, Severity.INFO}


def test_a_hard_target_that_cannot_be_met_is_a_warning_like_any_other() -> None:
    """Somebody is accepted all the same: an error would say that the act was refused."""
    targets = [
        CompositionTarget("least", WOMAN, 2, hard=True),
        CompositionTarget("most", WOMAN, at_most=0, hard=True),
    ]
    least, most = check_list(_list("fmm"), targets)
    assert (least.standing, most.standing) == (TargetVerdict.UNREACHABLE, TargetVerdict.OVER)
    assert {each.finding.severity for each in (least, most)} == {Severity.WARNING}
    assert (least.hard, most.hard) == (True, True)


def test_attributes_overlap_freely() -> None:
    person = PersonRecord("p", "u", values={"gender": "f", "ethnicity": "05", "titles": frozenset({"hero"})})
    targets = [
        CompositionTarget("women", WOMAN, 1),
        CompositionTarget("minority", NoneOf("ethnicity", frozenset({"01"})), 1),
        CompositionTarget("heroes", AnyOf("titles", frozenset({"hero"})), 1),
    ]
    assert {state.standing for state in check_list([person], targets)} == {TargetVerdict.MET}


def test_one_person_stands_on_a_list_once() -> None:
    records = _list("ff")
    with pytest.raises(Invalid) as refused:
        check_list([*records, records[0]], [])
    assert [(error.code, error.pointer) for error in refused.value.errors] == [
        ("list_person_twice", "/records/2/id")
    ]


def test_what_if_answers_over_a_list_that_is_stored_nowhere() -> None:
    records, targets = _list("fmm"), [CompositionTarget("women", WOMAN, 2)]
    woman = PersonRecord("new", "u", "g", {"gender": "f"})
    changed = revise_records(records, without=["u-1"], put=[woman])
    assert check_list(changed, targets)[0].standing is TargetVerdict.MET
    assert check_list(records, targets)[0].standing is TargetVerdict.UNREACHABLE
    stated = revise_records(records, put=[PersonRecord("u-2", "u", "g", {"gender": "f"})])
    assert [record.id for record in stated] == ["u-0", "u-1", "u-2"]
    assert check_list(stated, targets)[0].yes == 2


def _ethnic(*codes: str | None) -> list[PersonRecord]:
    return [PersonRecord(f"p{n}", "u", values={"ethnicity": code}) for n, code in enumerate(codes)]


def _clash(
    records: list[PersonRecord], open_places: int, *targets: CompositionTarget
) -> list[tuple[object, object]]:
    found = check_clashes(records, targets, check_list(records, targets, open_places))
    assert all(finding.code in load_catalogue() for finding in found)
    return [(finding.params["targets"], finding.params["short"]) for finding in found]


KHMER = CompositionTarget("khmer", AnyOf("ethnicity", frozenset({"05"})), 2)
HOA = CompositionTarget("hoa", AnyOf("ethnicity", frozenset({"04"})), 2)
KINH = CompositionTarget("kinh", AnyOf("ethnicity", frozenset({"01"})), 1)
MINORITY = CompositionTarget("minority", NoneOf("ethnicity", frozenset({"01"})), 3)


def test_targets_can_be_within_reach_one_by_one_and_not_together() -> None:
    assert _clash(_ethnic("01"), 3, KHMER, HOA) == [(["hoa", "khmer"], 4)]
    assert _clash(_ethnic("01"), 4, KHMER, HOA) == []
    assert _clash(_ethnic("01", None), 3, KHMER, HOA) == []  # the one who does not say may be one of them


def test_a_target_out_of_reach_by_itself_clashes_with_no_other() -> None:
    assert _clash(_ethnic("01"), 1, KHMER, KINH) == []


def test_targets_that_one_person_can_meet_do_not_clash() -> None:
    assert _clash(_ethnic("01"), 3, KHMER, MINORITY) == []
    assert _clash(_ethnic(), 3, KINH, MINORITY) == [(["minority", "kinh"], 4)]
    women = CompositionTarget("women", WOMAN, 2)
    assert _clash(_ethnic("01"), 2, KHMER, women) == []


def test_titles_never_clash_since_a_person_may_hold_several() -> None:
    hero, fighter = (
        CompositionTarget(name, AnyOf("titles", frozenset({name})), 2) for name in ("hero", "fighter")
    )
    titles: AttributeValue = frozenset()
    records = [PersonRecord("p", "u", values={"titles": titles})]
    assert _clash(records, 2, hero, fighter) == []


def test_a_share_is_of_the_seats_and_not_of_the_people_named() -> None:
    """Two seats, five named, at least half women: one is enough, and two men are one too many for nobody."""
    records = [PersonRecord(f"p{n}", "u", values={"gender": "female" if n < 2 else "male"}) for n in range(5)]
    women = CompositionTarget("nu", AnyOf("gender", frozenset({"female"})), share=Fraction(1, 2))
    few_men = CompositionTarget("nam", AnyOf("gender", frozenset({"male"})), most_share=Fraction(1, 2))
    states = check_list(records, [women, few_men], 0, sizes={"nu": 2, "nam": 2})
    assert [(each.least, each.most, each.standing) for each in states] == [
        (1, None, TargetVerdict.MET),
        (None, 1, TargetVerdict.MET),
    ]
    (without_women,) = check_list(records[2:], [few_men], 0, sizes={"nam": 2})
    assert (without_women.standing, without_women.over) == (TargetVerdict.OVER, 1)


def test_a_share_of_the_nominees_is_not_of_the_seats() -> None:
    records = [PersonRecord(f"p{n}", "u", values={"gender": "female" if n < 2 else "male"}) for n in range(5)]
    women = CompositionTarget(
        "nu", AnyOf("gender", frozenset({"female"})), share=Fraction(1, 2), of_nominees=True
    )
    (state,) = check_list(records, [women], 1, sizes={"nu": 2})
    assert (state.least, state.short, state.standing) == (3, 1, TargetVerdict.SHORT)
