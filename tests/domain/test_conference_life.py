"""A conference is planned, and then held or cancelled."""

import pytest

from domain.conferences.life import ConferenceAct, derive_next_state, expect_active
from domain.findings import Conflict


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        ("cancel", "held", "conference_not_planned"),
        ("cancel", "cancelled", "conference_cancelled"),
        ("hold", "cancelled", "conference_cancelled"),
    ],
)
def test_only_a_planned_conference_is_cancelled(act: ConferenceAct, state: str, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        derive_next_state(act, state)
    assert refused.value.code == code


def test_a_planned_conference_is_held_and_its_day_can_be_corrected() -> None:
    assert derive_next_state("cancel", "planned") == "cancelled"
    assert derive_next_state("hold", "planned") == derive_next_state("hold", "held") == "held"
    expect_active("held")
