"""Who approves a unit's plan for its conference: a council above it, never the unit itself."""

import pytest

from tests.access.test_disclosures import by
from tests.access.world import OWN
from tests.client import Client
from tests.journeys.scenes import Scene

VETTING = {"on": "2020-01-02", "document": "1/TB-HĐTĐKT"}


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("unit_officer@huyen", 403, "approval_of_own_plan"),
        ("standing_council@huyen", 403, "approval_of_own_plan"),
        ("machine_client@huyen", 403, "approval_of_own_plan"),
        ("standing_council@tinh", 201, None),
        ("auditor@tinh", 403, "forbidden"),
    ],
)
async def test_a_unit_does_not_approve_its_own_plan(
    client: Client, scene: Scene, who: str, status: int, code: str | None
) -> None:
    path = f"/v1/conferences/{scene.facts['ids'][OWN]['conference_id']}"
    etag = (await client.get(path, headers=by(who))).headers["ETag"]
    answer = await client.post(f"{path}/vetting", VETTING, status, headers={**by(who), "If-Match": etag})
    assert answer.json().get("code") == code
    if status == 201:
        assert answer.json()["vetting"] == VETTING
