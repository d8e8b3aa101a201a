"""Who approves and who reads a unit's plan for its conference: a council above it, never a unit below."""

import pytest

from tests.access.test_disclosures import by
from tests.access.world import OWN
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, codes

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


async def test_filings_are_for_the_unit_and_those_above(client: Client, scene: Scene) -> None:
    """To units below, the conference tells no less of its steps, and nothing of what is missing."""
    path, officer = f"/v1/conferences/{scene.facts['ids'][OWN]['conference_id']}", by("unit_officer@huyen")
    above, below = by("unit_officer@tinh"), by("unit_officer@xa")

    async def file(*numbers: int) -> Json:
        documents = [{"number": number, "reference": "1/KH"} for number in numbers]
        filing = {"deadline": "ke-hoach", "on": "2026-01-31", "documents": documents}
        etag = (await client.get(path, headers=officer)).headers["ETag"]
        sent = await client.post(f"{path}/filings", filing, headers={**officer, "If-Match": etag})
        answer: Json = sent.json()
        return answer

    assert "document_missing" in codes((await file())["findings"])
    assert "document_missing" in codes((await client.get(path, headers=above)).json()["findings"])
    assert "document_missing" not in codes((await client.get(path, headers=below)).json()["findings"])
    whole = await file(1)
    for who, status in ((officer, 200), (above, 200), (by("auditor@tinh"), 200), (below, 403)):
        await client.get(f"{path}/filings", status, headers=who)
        told = (await client.get(path, headers=who)).json()
        assert (told["steps"], told["stage"]) == (whole["steps"], whole["stage"])
