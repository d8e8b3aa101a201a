"""Sóc Trăng 2020: from the printed plan to adopted quotas and an accepted nominee, over HTTP."""

from typing import Any

import pytest

from tests.client import Client

CONGRESS = "soc-trang-v"


@pytest.fixture
async def congress(client: Client) -> dict[str, Any]:
    """The province's congress, opened under the published plan over its real units."""
    plan = await client.plan("soc_trang_2020")
    units = await client.units("soc_trang")
    body = {"plan": plan["id"], "congress": CONGRESS, "unit": units["tinh-soc-trang"], "tier": "province"}
    opened = (await client.post("/v1/conferences", body)).json()
    return {**opened, "units": units}


async def test_the_congress_is_allocated_over_its_real_units(
    client: Client, congress: dict[str, Any]
) -> None:
    answer = await client.post(f"/v1/conferences/{congress['id']}/allocations", {})
    allocation = answer.json()
    print(allocation["state"], allocation["totals"], [f["detail"] for f in allocation["findings"]])
    assert allocation["state"] == "decided"
