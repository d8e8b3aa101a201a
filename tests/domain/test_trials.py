"""The trial of a version: what it may cost, and which targets nobody can meet."""

from dataclasses import replace
from datetime import date

import pytest

from domain.allocations import UnitFigures
from domain.composition.plan_targets import check_reachable_targets
from domain.conferences.terms import UnitFacts
from domain.findings import Invalid, Severity
from domain.plans import Plan, Target
from domain.trials import MOST_WORK, TrialInputs, TrialUnit, try_version
from tests.domain.plans.examples import plan

S0 = "soc_trang_2020"
PROVINCE = UnitFacts(code="tinh", kind="province", name="Tỉnh", staff=None)


def change_targets(*targets: Target) -> Plan:
    """The plan of Sóc Trăng with these targets for its congress."""
    whole = plan(S0)
    tiers = tuple(replace(each, targets=targets) if each.id == "province" else each for each in whole.tiers)
    return replace(whole, tiers=tiers)


def women(count: int | None = None, **more: object) -> Target:
    target = Target(id="nu", name="Nữ", attribute="gender", values=("female",), count=count, decision="x")
    return replace(target, groups=("dien-hinh",), **more)  # type: ignore[arg-type]  # the fields of one test


def below(n: int, **figures: int) -> UnitFigures:
    known = {each.replace("_", "."): figure for each, figure in figures.items()}
    return UnitFigures(f"u{n}", f"so-{n}", f"Sở {n}", "department", {"staff": 50, **known})


def try_congress(whole: Plan, *units: UnitFigures) -> list[tuple[str, Severity]]:
    congress = TrialUnit(
        unit="t", congress="soc-trang-v", tier="province", day=date(2020, 7, 1), facts=PROVINCE, below=units
    )
    (tried,) = try_version(TrialInputs(whole, (congress,), (), {})).conferences
    return [(each.code, each.severity) for each in tried.findings if each.code.startswith("target")]


@pytest.mark.parametrize(("count", "codes"), [(280, []), (281, ["target_over_size"])])
def test_a_target_of_more_people_than_seats_cannot_be_met(count: int, codes: list[str]) -> None:
    tier = change_targets(women(count)).find_tier("province")
    assert tier
    assert [each.code for each in check_reachable_targets(tier)] == codes


def test_targets_of_one_attribute_that_need_more_seats_together_clash() -> None:
    groups = [
        replace(women(), id=code, attribute="ethnicity", values=(code,), count=150) for code in ("04", "05")
    ]
    tier = change_targets(*groups).find_tier("province")
    assert tier
    (clash,) = check_reachable_targets(tier)
    assert (clash.code, clash.params["short"], clash.params["room"]) == ("targets_clash", 300, 280)


def test_what_the_plan_leaves_open_is_not_called_impossible() -> None:
    """The upper tier states no seats, and a target of one unit waits for that unit's seats."""
    upper = plan(S0).find_tier("upper")
    assert upper
    assert check_reachable_targets(replace(upper, targets=(women(1),))) == ()
    tier = change_targets(replace(women(900), groups=(), units=("so-1",))).find_tier("province")
    assert tier
    assert check_reachable_targets(tier) == ()


def test_units_with_too_few_people_cannot_meet_a_target() -> None:
    whole = change_targets(women(30, split=True, part="staff.women"))
    few = ("target_without_people", Severity.WARNING)
    assert try_congress(whole, below(1, staff_women=10), below(2, staff_women=19)) == [few]
    assert try_congress(whole, below(1, staff_women=10), below(2, staff_women=20)) == []
    assert try_congress(whole, below(1, staff_women=10), below(2)) == [], (
        "a figure that is missing is not nought"
    )


def test_a_trial_that_would_take_too_long_is_refused() -> None:
    many = tuple(below(n) for n in range(400))
    targets = [replace(women(1), id=f"nu-{n}") for n in range(40)]
    congress = TrialUnit(
        unit="t", congress="soc-trang-v", tier="province", day=date(2020, 7, 1), facts=PROVINCE, below=many
    )
    TrialInputs(plan(S0), (congress,), (), {}).expect_small()
    large = TrialInputs(change_targets(*targets), (congress,) * 5, (), {})
    assert large.estimate_work() > MOST_WORK
    with pytest.raises(Invalid, match="trial_too_large") as refused:
        large.expect_small()
    assert refused.value.params == {"work": large.estimate_work(), "limit": MOST_WORK}
