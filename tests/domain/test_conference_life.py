"""A conference is planned, and then held or cancelled."""

import pytest

from domain.conferences.life import (
    CONFERENCE_TRANSITIONS,
    ConferenceAct,
    ConferenceState,
    choose_meeting_act,
    derive_next_state,
    expect_active,
    expect_open,
)
from domain.findings import Conflict, Invalid


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        ("cancel", ConferenceState.HELD, "conference_not_planned"),
        ("cancel", ConferenceState.CANCELLED, "conference_cancelled"),
        ("hold", ConferenceState.CANCELLED, "conference_cancelled"),
    ],
)
def test_only_a_planned_conference_is_cancelled(
    act: ConferenceAct, state: ConferenceState, code: str
) -> None:
    with pytest.raises(Conflict) as refused:
        derive_next_state(act, state)
    assert refused.value.code == code


def test_a_planned_conference_is_held_and_cancelled_conferences_and_those_that_met_are_closed() -> None:
    assert derive_next_state("cancel", ConferenceState.PLANNED) == ConferenceState.CANCELLED
    assert derive_next_state("hold", ConferenceState.PLANNED) == ConferenceState.HELD
    assert derive_next_state("correct", ConferenceState.HELD) == ConferenceState.HELD
    expect_active(ConferenceState.HELD)
    expect_open(ConferenceState.PLANNED)
    with pytest.raises(Conflict, match="conference_has_met"):
        expect_open(ConferenceState.HELD)
    with pytest.raises(Conflict, match="conference_cancelled"):
        expect_open(ConferenceState.CANCELLED)


def test_every_state_is_reachable_and_nothing_follows_a_close_or_a_cancellation() -> None:
    steps = [pair for each in CONFERENCE_TRANSITIONS.values() for pair in each.items()]
    reached = {ConferenceState.PLANNED}
    for _ in ConferenceState:
        reached |= {after for before, after in steps if before in reached}
    assert reached == set(ConferenceState)
    assert {before for before, _ in steps} == {ConferenceState.PLANNED, ConferenceState.HELD}
    assert not [before for before, after in steps if after is ConferenceState.PLANNED and before is not after]


def test_what_is_recorded_of_a_meeting_is_corrected_only_with_a_reason() -> None:
    assert choose_meeting_act(ConferenceState.PLANNED, None) == "hold"
    assert choose_meeting_act(ConferenceState.HELD, "Ghi nhầm ngày") == "correct"
    with pytest.raises(Invalid, match="correction_needs_reason"):
        choose_meeting_act(ConferenceState.HELD, None)
    with pytest.raises(Conflict, match="meeting_not_recorded"):
        choose_meeting_act(ConferenceState.PLANNED, "Ghi nhầm ngày")
