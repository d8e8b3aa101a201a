"""A conference is planned, and then held or cancelled."""

import pytest

from domain.conferences.life import ConferenceAct, ConferenceState, derive_next_state, expect_active
from domain.findings import Conflict


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


def test_a_planned_conference_is_held_and_its_day_can_be_corrected() -> None:
    assert derive_next_state("cancel", ConferenceState.PLANNED) == ConferenceState.CANCELLED
    assert (
        derive_next_state("hold", ConferenceState.PLANNED)
        == derive_next_state("hold", ConferenceState.HELD)
        == ConferenceState.HELD
    )
    expect_active(ConferenceState.HELD)
