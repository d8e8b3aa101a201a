"""Who stands for a list where several units named a person; and who keeps a seat."""

from dataclasses import dataclass, field
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from domain.findings import Severity
from domain.nominations import NominationState
from domain.selection import NomineeStatus
from domain.selection.candidates import (
    check_barred_seats,
    check_duplicates,
    choose_candidates,
    choose_status,
    list_duplicates,
)

PERSON, OTHER, COMMUNE, DISTRICT = (uuid4() for _ in range(4))


@dataclass
class Named:
    """A nomination as far as the rules look at it."""

    person: UUID = PERSON
    state: NominationState = NominationState.SUBMITTED
    unit: UUID = COMMUNE
    group: str = "dien-hinh"
    id: UUID = field(default_factory=uuid4)


def test_a_person_whom_several_units_named_is_listed_once_after_the_council_chose() -> None:
    """Until then they are there twice, and the pool says so."""
    rows = [Named(), Named(unit=DISTRICT), Named(OTHER)]
    assert choose_candidates(rows) == rows
    kept = choose_candidates(rows, dropped={rows[1].id})
    assert kept == [rows[0], rows[2]]
    assert list_duplicates(rows, kept) == [rows[1]]


def test_the_nomination_with_the_seat_counts_then_the_earlier_one_then_one_that_was_not_dropped() -> None:
    seated, earlier, kept, dropped = Named(state=NominationState.ACCEPTED), Named(), Named(), Named()
    hand = {"before": {earlier.id}, "dropped": {seated.id, earlier.id, dropped.id}}
    for best, *rest in ((seated, earlier, kept, dropped), (earlier, kept, dropped), (kept, dropped)):
        for rows in permutations([best, *rest]):
            assert choose_candidates(rows, **hand) == [best]


def test_of_a_person_who_was_dropped_everywhere_one_nomination_is_enough() -> None:
    one, other = Named(), Named()
    assert choose_candidates([one, other], dropped={one.id, other.id}) == [one]


def test_a_draft_stands_for_nobody() -> None:
    draft = Named(state=NominationState.DRAFT)
    assert choose_candidates([draft]) == list_duplicates([draft], []) == []


def test_nobody_is_sent_whose_list_is_passed_no_longer_where_the_plan_takes_nobody_else() -> None:
    """Also not who was accepted before the vote was revoked; that is said of them."""
    seated, other = Named(state=NominationState.ACCEPTED), Named(OTHER)
    barred = {seated.id, other.id}
    assert choose_status(seated, erased=(), reopened=(), barred=barred) is NomineeStatus.INELIGIBLE
    assert choose_status(other, erased=(), reopened=(), barred=barred) is NomineeStatus.INELIGIBLE
    [found] = check_barred_seats([seated, other], barred)
    assert (found.code, found.params) == ("selection_seat_without_list", {"nomination": str(seated.id)})
    assert choose_status(seated, erased=(), reopened=(), barred={other.id}) is NomineeStatus.SEATED


def test_who_sits_by_office_or_invitation_is_not_elected_as_well() -> None:
    invited, twice = Named(OTHER, state=NominationState.ACCEPTED), Named(unit=DISTRICT)
    rows = [Named(), invited, twice]
    kept = choose_candidates(rows, beside={OTHER}, dropped={twice.id})
    assert kept == [rows[0]]
    findings = check_duplicates(list_duplicates(rows, kept), {OTHER})
    assert [(each.code, each.params["nomination"], each.severity) for each in findings] == [
        ("selection_already_invited", str(invited.id), Severity.WARNING),
        ("selection_stands_by_another", str(twice.id), Severity.WARNING),
    ]


@pytest.mark.parametrize(
    ("state", "reopened", "erased", "status"),
    [
        (NominationState.SUBMITTED, False, False, NomineeStatus.FREE),
        (NominationState.ACCEPTED, False, False, NomineeStatus.SEATED),
        (NominationState.ACCEPTED, True, False, NomineeStatus.FREE),
        (NominationState.ACCEPTED, False, True, NomineeStatus.INELIGIBLE),
        (NominationState.SUBMITTED, True, True, NomineeStatus.INELIGIBLE),
    ],
)
def test_whoever_has_a_seat_keeps_it_unless_the_place_is_reopened_or_they_were_erased(
    state: NominationState, reopened: bool, erased: bool, status: NomineeStatus
) -> None:
    places = {(COMMUNE, "dien-hinh")} if reopened else {(COMMUNE, "khac"), (DISTRICT, "dien-hinh")}
    assert (
        choose_status(Named(state=state), erased={PERSON} if erased else {OTHER}, reopened=places) is status
    )
