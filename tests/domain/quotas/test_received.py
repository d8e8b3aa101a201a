"""What the level above may give: within the group, to whoever has no seats from somewhere else."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest

from domain.findings import Conflict, Invalid
from domain.plans import SeatGroup
from domain.plans.plan import ReceivedQuota
from domain.plans.seats import NomineeLimit
from domain.quotas import (
    MOST_NOMINEES,
    QUOTA_TRANSITIONS,
    Misfit,
    QuotaAct,
    QuotaDocument,
    QuotaEntry,
    QuotaSource,
    check_planned_seats,
    compute_nominee_limit,
    compute_seats_since,
    derive_quota_state,
    expect_confirmed,
    expect_no_other_source,
    expect_quota_state,
    expect_room_beside,
    expect_units_group,
    expect_within_group,
    find_misfit,
)
from tests.domain.plans.examples import NAMES, plan

NORTH, SOUTH = UUID(int=1), UUID(int=2)


@dataclass
class Stored:
    """A quota as it is stored."""

    unit: UUID = NORTH
    group: str = "exemplars"
    source: QuotaSource = QuotaSource.RECEIVED
    entered: QuotaEntry | None = None
    seats: int = 0
    nominee_limit: int = 0
    taken: int = 0
    nominated: int = 0
    distributed: int = 0
    excess_taken: int = 0
    excess_nominated: int = 0


PAPER = QuotaDocument("cong-van", "Hội đồng thử nghiệm", "1", date(2020, 6, 1))
ENTRY = QuotaEntry(3, PAPER, "a", datetime(2020, 6, 2, tzinfo=UTC))


def group(**changes: object) -> SeatGroup:
    return replace(SeatGroup(id="exemplars", name="Điển hình", filled_by="units"), **changes)  # type: ignore[arg-type] # fields of a group


def test_only_a_group_that_units_fill_has_quotas() -> None:
    groups = (group(id="guests", filled_by="invitation"), group())
    tier = replace(plan(NAMES[0]).tiers[0], seat_groups=groups)
    assert expect_units_group(tier, "exemplars") is groups[1]
    for name in ("guests", "unknown"):
        with pytest.raises(Invalid) as refused:
            expect_units_group(tier, name)
        assert [(each.code, each.pointer) for each in refused.value.errors] == [("group_unknown", "/group")]


@pytest.mark.parametrize(
    ("seats", "maximum", "cap", "most"),
    [
        (7, None, 300, 7),
        (None, 5, 300, 5),
        (None, None, 300, 300),
        (400, None, 300, 300),
        (None, None, None, None),
    ],
)
def test_no_unit_has_more_seats_than_its_group_or_the_whole_conference(
    seats: int | None, maximum: int | None, cap: int | None, most: int | None
) -> None:
    wanted = group(seats=seats, maximum=maximum)
    expect_within_group(wanted, cap, 10**9 if most is None else most)
    if most is not None:
        with pytest.raises(Invalid) as refused:
            expect_within_group(wanted, cap, most + 1)
        assert refused.value.code == "quota_over_group"
        assert refused.value.params == {"seats": most + 1, "most": most, "group": "exemplars"}


def test_the_nominee_limit_is_the_plan_s_and_never_more_than_can_be_counted() -> None:
    more = group(nominee_limit=NomineeLimit(times=Fraction(3), plus=5))
    assert compute_nominee_limit(group(), 7) == 7
    assert compute_nominee_limit(more, 7) == 26
    assert compute_nominee_limit(more, 10**9) == MOST_NOMINEES


PLACES = {(NORTH, "exemplars"): "bac", (SOUTH, "exemplars"): "nam"}


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (Stored(source=QuotaSource.RECEIVED, seats=3), "quota_received_already"),
        (Stored(source=QuotaSource.RECEIVED, nominated=1), "quota_received_already"),
        (Stored(source=QuotaSource.DISTRIBUTED), "quota_distributed_already"),
    ],
)
def test_nobody_is_given_seats_who_has_them_from_somewhere_else(stored: Stored, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        expect_no_other_source([stored], PLACES)
    assert (refused.value.code, refused.value.params) == (code, {"units": ["bac"]})
    assert [each.params for each in refused.value.errors] == [{"units": ["bac"]}]


def test_a_received_quota_of_nothing_a_computed_one_and_one_elsewhere_are_no_other_source() -> None:
    expect_no_other_source(
        [
            Stored(source=QuotaSource.RECEIVED),
            Stored(source=QuotaSource.ALLOCATION, seats=3),
            Stored(source=QuotaSource.RECEIVED, group="guests", seats=3),
            Stored(source=QuotaSource.DISTRIBUTED, unit=UUID(int=3), seats=3),
        ],
        PLACES,
    )


def test_those_from_above_are_named_before_those_from_the_unit_over_them() -> None:
    stored = [Stored(source=QuotaSource.DISTRIBUTED, seats=2), Stored(unit=SOUTH, seats=1)]
    with pytest.raises(Conflict) as refused:
        expect_no_other_source(stored, PLACES)
    assert (refused.value.code, refused.value.params) == ("quota_received_already", {"units": ["nam"]})


def test_a_list_with_excess_is_a_misfit_and_any_other_is_none() -> None:
    stored = Stored(seats=2, nominee_limit=3, taken=2, nominated=3)
    assert find_misfit(stored) is None
    for excess in ({"excess_taken": 1}, {"excess_nominated": 1}):
        assert find_misfit(replace(stored, **excess)) == Misfit(NORTH, "exemplars", 2, 2, 3, 3)  # type: ignore[arg-type] # counts


@pytest.mark.parametrize("in_force", [None, PAPER])
@pytest.mark.parametrize("waiting", [None, ENTRY])
@pytest.mark.parametrize("act", QUOTA_TRANSITIONS)
def test_a_quota_is_entered_confirmed_and_withdrawn_as_its_table_says(
    act: QuotaAct, in_force: QuotaDocument | None, waiting: QuotaEntry | None
) -> None:
    """What waits and what is in force say the state; an act changes only these two."""
    state = derive_quota_state(in_force, waiting)
    if state not in QUOTA_TRANSITIONS[act]:
        with pytest.raises(Conflict) as refused:
            expect_quota_state(act, state)
        assert (refused.value.code, refused.value.params["state"]) == ("quota_state", state)
        return
    expect_quota_state(act, state)
    after = {"replace": (in_force, ENTRY), "confirm": (PAPER, None), "withdraw": (in_force, None)}[act]
    assert derive_quota_state(*after) == QUOTA_TRANSITIONS[act][state]


def test_seats_that_wait_for_a_second_person_are_not_given_from_elsewhere() -> None:
    with pytest.raises(Conflict):
        expect_no_other_source([Stored(entered=ENTRY)], PLACES)
    expect_no_other_source([Stored(entered=replace(ENTRY, seats=0))], PLACES)


def test_seats_from_above_are_known_since_they_were_first_confirmed() -> None:
    """A list that was passed between entry and confirmation was passed before there were seats."""
    entered, confirmed = datetime(2020, 5, 1, tzinfo=UTC), datetime(2020, 5, 10, 18, tzinfo=UTC)
    assert compute_seats_since(entered, confirmed) == date(2020, 5, 11), "the day in Vietnam"
    assert compute_seats_since(entered, None) == date(2020, 5, 1)


def test_a_quota_of_which_nothing_was_confirmed_is_not_used() -> None:
    expect_confirmed(QuotaSource.RECEIVED, PAPER)
    expect_confirmed(QuotaSource.ALLOCATION, None)
    with pytest.raises(Conflict) as refused:
        expect_confirmed(QuotaSource.RECEIVED, None)
    assert refused.value.code == "quota_not_confirmed"


def test_an_allocation_and_received_quotas_share_the_number_of_their_group() -> None:
    stored = [Stored(seats=4), Stored(unit=SOUTH, seats=2), Stored(group="guests", seats=9)]
    expect_room_beside(stored, {"exemplars": 10, "guests": 9}, {"exemplars": 4})
    expect_room_beside(stored, {"exemplars": None}, {"exemplars": 400})
    computed = [replace(each, source=QuotaSource.ALLOCATION) for each in stored]
    expect_room_beside(computed, {"exemplars": 10}, {"exemplars": 10})
    with pytest.raises(Conflict) as refused:
        expect_room_beside(stored, {"exemplars": 10}, {"exemplars": 5})
    assert refused.value.code == "group_received_already"
    assert refused.value.params == {"group": "exemplars", "received": 6, "seats": 5, "most": 10}


def test_a_received_number_that_differs_from_the_plan_s_own_is_told() -> None:
    """Kim Bảng (nd.2.3.d.2) sends as many to the province as the province gives it."""
    whole = plan(NAMES[0])
    tier = whole.tiers[0]
    own = ReceivedQuota(id="q", tier=tier.id, group="exemplars", unit="huyen", seats=25, clause="i")
    awaited = replace(own, id="w", unit="xa", seats=None)
    whole = replace(whole, quotas=(own, awaited))

    def check(unit: str, stored: Stored) -> list[object]:
        return [(each.code, each.params) for each in check_planned_seats(whole, tier, unit, stored)]

    differs = ("quota_differs_from_plan", {"group": "exemplars", "seats": 24, "planned": 25})
    assert check("huyen", Stored(seats=24)) == [differs]
    assert check("huyen", Stored(seats=25)) == []
    assert check("huyen", Stored(entered=replace(ENTRY, seats=24))) == [differs]
    assert check("huyen", Stored(seats=24, entered=replace(ENTRY, seats=25))) == []
    assert check("xa", Stored(seats=24)) == []
    assert check("huyen", Stored(seats=24, group="guests")) == []
    assert check("huyen", Stored(seats=24, source=QuotaSource.ALLOCATION)) == []
