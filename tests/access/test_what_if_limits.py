"""The limit of what-ifs: who asks about a unit out of reach uses up nothing."""

import pytest

from api.http import what_ifs
from tests.access.world import BELOW, OWN
from tests.client import Client
from tests.journeys.scenes import Scene


async def test_refused_requests_leave_the_limit_as_it_was(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this world those of one role are one caller, so that a charge of the stranger would be seen."""
    monkeypatch.setattr(what_ifs, "MOST_IN_A_ROW", 1)
    ids = scene.facts["ids"]
    path = f"/v1/conferences/{ids[OWN]['conference_id']}/composition/what_ifs"
    body = {"unit": ids[BELOW]["unit_id"]}
    stranger, own = ({"Authorization": f"Bearer unit_officer@{place}"} for place in ("xa-hai", "xa"))
    for _ in range(3):
        refused = await client.post(path, body, 404, headers=stranger)
        assert refused.json()["code"] == "unit_not_found"
    await client.post(path, body, 200, headers=own)
    await client.post(path, body, 429, headers=own)
