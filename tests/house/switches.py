"""How each rule is switched off by itself, so that a test which should show the rule can be seen to fail.

A rule is named as docs/rules.md begins it. What stands in the place of its function says that nothing is
wrong, or decides nothing; a rule that the database keeps is switched off by dropping its constraint.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from domain.findings import Finding, Invalid
from domain.plans.seats import SeatGroup
from domain.plans.tiers import Form

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Replacement:
    """A definition by its dotted name, and what stands in its place.

    ``build`` gets the original, for a stand-in that goes on using it.
    """

    name: str
    build: Callable[[Function], Function]


@dataclass(frozen=True, slots=True)
class Switch:
    """What is replaced, and the statements that change the database of the test.

    ``inline``: the computations of runs are made in the process of the test, where the replacement is.
    """

    replacements: Sequence[Replacement] = ()
    statements: Sequence[str] = ()
    inline: bool = False


def answer(value: object, *names: str, inline: bool = False) -> Switch:
    """Functions that answer the same to whatever they are asked."""
    return Switch(
        [Replacement(name, lambda _: lambda *_args, **_more: value) for name in names], inline=inline
    )


def answer_later(value: object, *names: str) -> Switch:
    """The same for coroutines."""

    async def stand_in(*_: object, **__: object) -> object:
        return value

    return Switch([Replacement(name, lambda _: stand_in) for name in names])


def wrap(name: str, build: Callable[[Function], Function], *, inline: bool = False) -> Switch:
    """One function that goes on with its original."""
    return Switch([Replacement(name, build)], inline=inline)


def drop(table: str, constraint: str) -> Switch:
    """A constraint of the database."""
    return Switch(statements=[f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"])


def drop_findings(code: str) -> Callable[[Function], Function]:
    """All findings of a function but those of one code."""

    def build(original: Function) -> Function:
        def stand_in(*args: object, **more: object) -> list[Finding]:
            return [found for found in original(*args, **more) if found.code != code]

        return stand_in

    return build


def take_any_office(original: Function) -> Function:
    """Somebody has a seat by whatever office; those of the plan keep their limits."""

    def stand_in(groups: Iterable[SeatGroup], group: SeatGroup, basis: str, others: Sequence[str]) -> Any:
        try:
            return original(groups, group, basis, others)
        except Invalid:
            return ()

    return stand_in


def take_any_group(original: Function) -> Function:
    """Units name for whatever group of the conference."""

    def stand_in(groups: Iterable[SeatGroup], name: str) -> Any:
        return original([replace(group, filled_by="units") for group in groups], name)

    return stand_in


def share_equally(original: Function) -> Function:
    """Seats are shared as if all units were of one size."""

    def stand_in(seats: int, claims: Sequence[Any], *args: object, **more: object) -> Any:
        return original(seats, [replace(claim, weight=Fraction(1)) for claim in claims], *args, **more)

    return stand_in


SWITCHES = {
    # Plan
    "A criterion that the plan names without a number is reported": answer(
        (), "domain.plans.contradictions._check_composition"
    ),
    "A later plan or a number from above that is promised is reported as awaited": answer(
        (), "domain.plans.contradictions._check_awaited_items"
    ),
    # Conference
    "200/201 threshold": answer(Form.UNDECIDED, "domain.plans.tiers.Threshold.derive_form"),
    "A unit confers at the tier that is for its kind": answer(True, "domain.plans.tiers.Tier.has_unit"),
    "A unit chooses the name of its conference among those of the plan": answer(
        None, "domain.conferences.terms._derive_name", "domain.conferences.choice.expect_offered_name"
    ),
    "A name or a form that the plan leaves open is chosen later": answer(
        None, "domain.conferences.choice.expect_left_open"
    ),
    "The lines on the stage name the unit": answer((), "domain.conferences.terms._derive_title"),
    "A meeting outside the window is recorded with its reason": answer(
        False, "domain.conferences.meetings.is_outside_window"
    ),
    "A meeting over the cap, off the mix or longer than planned": answer(
        [], "domain.conferences.meetings.check_meeting"
    ),
    "Pilot window": wrap(
        "domain.conferences.terms._derive_window", lambda _: lambda _plan, tier, **_more: tier.window
    ),
    "A unit is a pilot where the plan names it": answer(False, "domain.conferences.terms.is_pilot_unit"),
    "A pilot's plan is approved by the council above before it meets": answer(
        (), "domain.conferences.preparation.check_preparation"
    ),
    "A unit does not approve its own plan": answer(
        None, "service.conferences.preparation._expect_vetting_council"
    ),
    '"Cuối Quý" is the last month of the quarter': wrap(
        "domain.calendar.Window.compute_part_bounds", lambda _: lambda window: (window.start, window.end)
    ),
    "A report is filed after its conference has met": wrap(
        "domain.conferences.filings.check_filing", drop_findings("report_before_meeting")
    ),
    "A conference leads to a congress of its tier": answer_later(
        None, "service.conferences.opening.expect_unit_in_chain"
    ),
    # Numbers of a conference
    "A conference has as many delegates as its organ decides, within the cap": answer(
        (), "domain.conferences.sizing._check_size"
    ),
    'Outside the mix, "khoảng" gives a warning': answer((), "domain.conferences.sizing._check_mix"),
    "Where the plan names several deciding organs": answer((), "domain.conferences.sizing._check_rule"),
    "Where the plan leaves the number to a unit above": answer_later(
        None, "service.conferences.sizings.expect_unit_below"
    ),
    "A document of another organ than the plan names is told": answer(
        (), "domain.conferences.sizing.check_deciding_organ"
    ),
    # Allocation, quota and target
    "Seats are shared by the method of the plan": wrap(
        "domain.apportionment.engine.apportion_seats", share_equally, inline=True
    ),
    "Split of a target": answer(((), ()), "domain.allocations.targets.compute_target_shares", inline=True),
    "No unit has more accepted people than seats": drop("quota", "quota_seats_exceeded"),
    "Nominee limit": drop("quota", "quota_nominee_limit_exceeded"),
    "The seats of units and the lists of the organiser together stay within the number of their group": drop(
        "seat_group", "seat_group_full"
    ),
    "The same over all groups stays within the number of the conference, or the cap of the plan": drop(
        "conference", "conference_full"
    ),
    "A received number that differs from that of the plan is told": answer(
        (), "domain.quotas.check_planned_seats"
    ),
    # People, votes and decisions
    "A unit names for a seat group that units fill": wrap(
        "domain.nominations.choose_seat_group", take_any_group
    ),
    "A unit nominates from its own quota": answer_later(None, "service.nominations._expect_may_nominate"),
    "A nominee without the plan's titles or awards is pointed out": answer(
        [], "domain.nominations.check_nominee"
    ),
    "A person on a roll or an invitation list is compared with the plan's titles": answer(
        [], "domain.nominations.check_nominee"
    ),
    "Only holders of the plan's offices have a seat by office": wrap(
        "domain.rolls.choose_offices", take_any_office
    ),
    "An office has no more holders than the plan says": answer(None, "domain.rolls.expect_free_offices"),
    "Somebody who holds several offices is one delegate": answer_later(
        None, "service.nominations._expect_no_seat_by_office"
    ),
    "Only a group that has collectives takes somebody who represents one": answer(
        None, "domain.rolls.expect_collective_allowed"
    ),
    "A vote is not before the meeting and not in the future": answer(None, "domain.votes.expect_valid_vote"),
    "A list is passed by more than half of those present": answer(True, "domain.votes.has_passed"),
    "A unit passes one list for each upper event": answer(None, "domain.votes.expect_upper_event"),
    "A list has no more names than its unit may nominate": answer(None, "domain.votes.expect_within_limits"),
    "Whoever is on no passed list is accepted with a warning": answer([], "domain.votes.check_voted_name"),
    "Four eyes": answer(None, "domain.decisions.expect_second_person"),
}
"""The beginning of a rule in docs/rules.md → how it is switched off. Each rule that a row of the tables of
coverage names as enforced has its switch."""
