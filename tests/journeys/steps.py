"""The steps that every journey takes, each by the calls that a client of the service makes."""

from itertools import count
from typing import Any

import httpx

from tests.client import Client

Json = dict[str, Any]

_people = count(1)


async def open_conference(
    client: Client, plan: Json, congress: str, unit: str, tier: str, **more: Any
) -> Json:
    """A unit's conference under a plan."""
    body = {"plan": plan["id"], "congress": congress, "unit": unit, "tier": tier, **more}
    conference: Json = (await client.post("/v1/conferences", body)).json()
    return conference


async def compute_allocation(client: Client, conference: Json, **body: Any) -> httpx.Response:
    """The allocation of a conference, computed."""
    return await client.post(f"/v1/conferences/{conference['id']}/allocations", body)


async def adopt_allocation(client: Client, allocation: httpx.Response, number: str) -> Json:
    """The way of an allocation through proposal, approval and the decision that adopts it."""
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", (await client.get(path)).headers["ETag"])
    assert proposed.json()["state"] == "proposed"
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    assert approved.json()["state"] == "approved"
    adoption = await client.act(f"{path}/adoption", approved.headers["ETag"], decision(number))
    answer: Json = adoption.json()
    assert answer["allocation"]["state"] == "adopted"
    return answer


def decision(number: str) -> Json:
    """The document that adopts."""
    return {
        "kind": "quyet-dinh",
        "organ": "Ủy ban nhân dân (ví dụ)",
        "series": "QĐ-UBND",
        "number": number,
        "decided_on": "2020-06-05",
    }


def document(number: str) -> Json:
    """The paper by which the level above gives a quota."""
    return {
        "kind": "cong-van",
        "organ": "Hội đồng Thi đua - Khen thưởng cấp trên (ví dụ)",
        "number": number,
        "dated": "2020-06-01",
        "conditions": "Đúng đối tượng và thành phần",
    }


async def receive_quota(client: Client, conference: Json, quota: Json) -> httpx.Response:
    """A quota from the level above, entered by one person and confirmed by another."""
    entered = await client.post(f"/v1/conferences/{conference['id']}/quotas", quota)
    return await confirm_quota(client, entered)


async def replace_quota(
    client: Client, quota: str, seats: int, number: str, status: int = 201
) -> httpx.Response:
    """Another number by another document, entered by one person and confirmed by another."""
    etag = (await client.get(f"/v1/quotas/{quota}")).headers["ETag"]
    body = {"seats": seats, "document": document(number)}
    return await confirm_quota(client, await client.put(f"/v1/quotas/{quota}", body, etag), status)


async def confirm_quota(client: Client, entered: httpx.Response, status: int = 201) -> httpx.Response:
    """The second person confirms what was entered."""
    path = f"/v1/quotas/{entered.json()['id']}/confirmation"
    return await client.act(path, entered.headers["ETag"], status=status)


async def map_rows(client: Client, allocation: Json) -> dict[str, Json]:
    """What an allocation gives, by the unit's code (in journeys where a unit stands in one group)."""
    rows = (await client.get(f"/v1/allocations/{allocation['id']}/seats")).json()
    assert len(rows) == len({row["unit"]["code"] for row in rows})
    return {row["unit"]["code"]: row for row in rows}


async def map_quotas(client: Client, conference: Json) -> dict[str, Json]:
    """The quotas of a conference by the unit's code."""
    rows = (await client.get(f"/v1/conferences/{conference['id']}/quotas")).json()
    return {row["unit"]["code"]: row for row in rows}


def person(**stated: Any) -> Json:
    """Somebody who exists in these tests only."""
    return {"name": f"Người thử nghiệm {next(_people)}", "birth_year": 1980, **stated}


def nominee(unit: str, group: str = "dien-hinh", **more: Any) -> Json:
    """A nomination; ``person`` or ``person_id`` say whose, else it is somebody new."""
    who = {} if "person_id" in more else {"person": person()}
    told = {"notice": "2020-01", "purpose": "delegate-selection"}
    return {"unit": unit, "group": group, **told, **who, **more}


async def draft_nomination(client: Client, conference: Json, unit: str, **more: Any) -> httpx.Response:
    """A draft, entered for a unit."""
    return await client.post(f"/v1/conferences/{conference['id']}/nominations", nominee(unit, **more))


async def act_on_nomination(
    client: Client, nomination: httpx.Response, act: str, status: int = 201, **body: Any
) -> httpx.Response:
    """One act on a nomination as it was last answered."""
    path = f"/v1/nominations/{nomination.json()['id']}/{act}"
    return await client.act(path, nomination.headers["ETag"], body, status)


async def submit_nominee(client: Client, conference: Json, unit: str, **more: Any) -> httpx.Response:
    """A nominee, named and submitted."""
    return await act_on_nomination(
        client, await draft_nomination(client, conference, unit, **more), "submission"
    )


async def accept_nominee(client: Client, conference: Json, unit: str, **more: Any) -> httpx.Response:
    """A nominee, named, submitted and accepted."""
    return await act_on_nomination(
        client, await submit_nominee(client, conference, unit, **more), "acceptance"
    )


async def report(client: Client, unit: str, staff: int, day: str = "2020-05-31") -> None:
    """A unit's staff as a later count has it, two in five of them women."""
    figures = {
        "staff": staff,
        "staff.women": staff * 2 // 5,
        "staff.ethnic_minority": staff // 5,
        "staff.direct_workers": staff // 2,
        "staff.youth": staff // 5,
    }
    body = {
        "as_of": day,
        "source": "Số giả định cho thử nghiệm",
        "figures": figures,
        "made_up": True,
    }
    await client.post(f"/v1/units/{unit}/figures", body)


def codes(found: list[Json]) -> list[str]:
    """The codes of findings."""
    return [finding["code"] for finding in found]


async def draft_sizing(client: Client, conference: Json, status: int = 201, **numbers: Any) -> httpx.Response:
    """Numbers of a conference, drafted; ``groups`` is group → seats in short."""
    groups = [{"id": group, "seats": seats} for group, seats in numbers.pop("groups", {}).items()]
    body = {"seat_groups": groups, **numbers}
    return await client.post(f"/v1/conferences/{conference['id']}/sizings", body, status)


async def adopt_sizing(client: Client, sizing: httpx.Response, number: str, status: int = 201) -> Json:
    """The way of numbers through proposal, approval and the decision that adopts them."""
    path = f"/v1/sizings/{sizing.json()['id']}"
    proposed = await client.act(f"{path}/proposal", sizing.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    adopted = await client.act(f"{path}/adoption", approved.headers["ETag"], decision(number), status)
    answer: Json = adopted.json()
    return answer
