"""The congress of Sóc Trăng with enterprises of one size, whose tie has to be settled."""

from typing import Any

import httpx

from service.clock import today
from tests.client import EXAMPLES, YAML, Client
from tests.journeys.steps import Json, compute_allocation, open_conference, report

CONGRESS = "soc-trang-v"
ENTERPRISES = (
    "cong-ty-xo-so-kien-thiet",
    "cong-ty-cap-nuoc",
    "cong-ty-cong-trinh-do-thi",
    "cong-ty-dien-luc",
    "buu-dien-tinh",
    "vien-thong-soc-trang",
)
TIED_ENTERPRISES = ENTERPRISES[1:]
ARMED = {"cong-an-tinh", "bo-chi-huy-quan-su-tinh", "bo-chi-huy-bo-doi-bien-phong-tinh"}


async def load(client: Client) -> Json:
    """The province's congress, opened under the published plan over its real units."""
    plan = await client.plan("soc_trang_2020")
    units = await client.units("soc_trang")
    conference = await open_conference(client, plan, CONGRESS, units["tinh-soc-trang"], "province")
    return {**conference, "units": units, "plan": plan}


async def compute_tied_allocation(client: Client, congress: Json) -> httpx.Response:
    """Five enterprises of one size and a small one: after 11 of 12 seats, five equal claims to the last."""
    for code in ENTERPRISES:
        await report(client, congress["units"][code], staff=200 if code in TIED_ENTERPRISES else 1)
    return await compute_allocation(client, congress)


async def draw_enterprises(client: Client, congress: Json, allocation: httpx.Response) -> httpx.Response:
    """The tie of the enterprises, drawn by hand: the last of the list comes first."""
    return await settle_tie(client, allocation, how="lot_by_hand", order=[*reversed(TIED_ENTERPRISES)])


async def reopen_under_ties(client: Client, congress: Json, ties: str) -> Json:
    """The congress again, under a version of the plan that settles ties another way."""
    path = f"/v1/plans/{congress['plan']['id']}/versions"
    text = (EXAMPLES / "plans" / "soc_trang_2020.yaml").read_text("utf-8")
    amended = await client.post(path, f"{text}\nties: {ties}\nreason: ties\n".encode(), headers=YAML)
    await client.act(f"{path}/{amended.json()['n']}/publication", amended.headers["ETag"])
    here = f"/v1/conferences/{congress['id']}"
    etag = (await client.get(here)).headers["ETag"]
    await client.act(f"{here}/cancellation", etag, {"reason": "Kế hoạch được sửa đổi"})
    again = await open_conference(
        client, congress["plan"], CONGRESS, congress["units"]["tinh-soc-trang"], "province"
    )
    return {**congress, **again, "plan": congress["plan"]}


async def settle_tie(
    client: Client,
    allocation: httpx.Response,
    status: int = 201,
    *,
    tie: tuple[str, Json] | None = None,
    **how: Any,
) -> httpx.Response:
    stage, tied = tie or get_tie(allocation.json())
    body = {
        "stage": stage,
        "tied_digest": tied["digest"],
        "minutes": "Biên bản bốc thăm (ví dụ)",
        "drawn_by": "Tổ bốc thăm",
        "drawn_on": today().isoformat(),
        **how,
    }
    path = f"/v1/allocations/{allocation.json()['id']}/lots"
    return await client.act(path, allocation.headers["ETag"], body, status)


def get_tie(allocation: Json) -> tuple[str, Json]:
    (tie,) = list_ties(allocation)
    return tie


def list_ties(allocation: Json) -> list[tuple[str, Json]]:
    """Stage and tie of all that wait."""
    return [(stage["id"], stage["tie"]) for stage in allocation["stages"] if stage["tie"]]
