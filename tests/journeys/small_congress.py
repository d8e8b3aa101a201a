"""A small congress whose units name more people than they have seats, and the steps of its selection."""

from collections import Counter
from typing import Any
from uuid import UUID

import httpx

from db import snapshots
from db.session import Database
from domain.access import Actor
from domain.acts import Act
from service.audit import record_event
from service.clock import today
from tests.client import Client
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    adopt_allocation,
    compute_allocation,
    decision,
    nominee,
    open_conference,
    person,
)
from tests.works import make_work

CHAIN, OTHER = "tinh-vi-du-v", "nganh-vi-du"
COMMUNES = ("xa-mot", "xa-hai", "xa-ba")
STAFF = {"xa-mot": 400, "xa-hai": 250, "xa-ba": 150}
SEATS = {"xa-mot": 4, "xa-hai": 2, "xa-ba": 2}
"""What eight seats make of these."""


def target(name: str, **more: Any) -> Json:
    return {
        "id": name,
        "name": f"Cơ cấu {name}",
        "groups": ["dien-hinh"],
        "clause": "i",
        **more,
    }


WOMEN = target("nu", attribute="gender", values=["female"], share="1/2", priority=1)
MINORITY = target("dan-toc", attribute="ethnicity", other_than=["01"], count=2, priority=2)
WORKERS = target("lao-dong", attribute="direct_worker", values=["yes"], count=3, priority=3)


def plan(
    name: str = "vi-du-2030", *, targets: list[Json] | None = None, selection: Json | None = None, **more: Any
) -> Json:
    """A congress of eight seats over three communes, and one in the other chain."""
    bloc = {"id": "xa", "name": "Các xã", "kinds": ["commune"], "seats": 8, "measure": "staff", "floor": 2}
    units = {
        "id": "dien-hinh",
        "name": "Điển hình",
        "filled_by": "units",
        "counts_as": "exemplar",
        "seats": 8,
        "nominee_limit": {"times": 2, "clause": "i"},
        "blocs": [bloc],
        "clause": "i",
    }
    guests = {
        "id": "khach-moi",
        "name": "Khách mời",
        "filled_by": "invitation",
        "counts_as": "guest",
        "seats": 3,
        "clause": "i",
    }
    tier = {
        "attendance": {"form": "delegate", "clause": "i"},
        "cap": {"number": 20, "clause": "i"},
        "window": {"year": 2030, "quarter": 2, "clause": "i"},
        "congress": True,
        "clause": "i",
    }
    return {
        "format": 1,
        "id": name,
        "title": "Kế hoạch thử nghiệm",
        "authority": {"name": "Hội đồng thử nghiệm", "unit": "tinh"},
        "congresses": [
            {"id": CHAIN, "name": "Đại hội thử nghiệm", "unit": "tinh"},
            {"id": OTHER, "name": "Đại hội ngành thử nghiệm", "unit": "bo"},
        ],
        "clauses": [{"id": "i", "label": "I", "quote": "Kế hoạch thử nghiệm"}],
        "tiers": [
            {
                "id": "tinh",
                "name": "Tỉnh",
                "congresses": [CHAIN],
                "kinds": ["province"],
                "seat_groups": [units, guests],
                "targets": [WOMEN, MINORITY, WORKERS] if targets is None else targets,
                "selection": {"ranks": [40, 20, 10], "titles": {"Chiến sĩ thi đua": 5}, "clause": "i"}
                if selection is None
                else {"clause": "i", **selection},
                **tier,
            },
            {
                "id": "bo",
                "name": "Bộ",
                "congresses": [OTHER],
                "kinds": ["central_agency"],
                "seat_groups": [{**units, "seats": 2, "blocs": [{**bloc, "seats": 2, "floor": 0}]}],
                **tier,
            },
        ],
        **more,
    }


async def create_units(client: Client) -> dict[str, str]:
    """The units and their staff; code → id."""
    units: dict[str, str] = {}
    parents: dict[str, Json] = {"tinh": {}, "bo": {}}
    parents |= {code: {CHAIN: "tinh", OTHER: "bo"} for code in COMMUNES}
    kinds = {"tinh": "province", "bo": "central_agency"}
    for code, above in parents.items():
        body = {
            "code": code,
            "name": f"Đơn vị {code}",
            "kind": kinds.get(code, "commune"),
            "valid_from": "2020-01-01",
            "parents": above,
        }
        units[code] = (await client.post("/v1/units", body)).json()["id"]
    for code, staff in STAFF.items():
        figures = {"as_of": "2030-01-01", "source": "Thử nghiệm", "figures": {"staff": staff}}
        await client.post(f"/v1/units/{units[code]}/figures", figures)
    return units


async def publish_plan(client: Client, body: Json) -> Json:
    drafted = await client.post("/v1/plans", body)
    path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
    answer: Json = (await client.act(path, drafted.headers["ETag"])).json()
    return answer


PEOPLE: dict[str, list[Json]] = {
    # rank 1 first; women stand low, so that the targets cost points
    "xa-mot": [
        {"gender": "male", "direct_worker": True},
        {"gender": "male", "direct_worker": False},
        {"gender": "male", "direct_worker": False, "ethnicity": "01"},
        {"gender": "female", "direct_worker": False, "ethnicity": "01"},
        {"gender": "female", "direct_worker": True},
        {"gender": "male"},
    ],
    "xa-hai": [
        {"gender": "male", "direct_worker": False},
        {"gender": "female", "direct_worker": False, "ethnicity": "05"},
        {"gender": "female", "direct_worker": True, "ethnicity": "05"},
    ],
    "xa-ba": [
        {"gender": "male", "direct_worker": True, "ethnicity": "01"},
        {"gender": "female", "direct_worker": True, "ethnicity": "01"},
        {"gender": "male", "direct_worker": False, "ethnicity": "04"},
    ],
}


async def congress(
    client: Client, body: Json | None = None, people: dict[str, list[Json]] | None = None
) -> Json:
    """The congress allocated, its nominees submitted: ids of units, and of nominations by unit and rank."""
    made = await publish_plan(client, plan() if body is None else body)
    units = await create_units(client)
    return await open_congress(client, made, units, PEOPLE if people is None else people, "01")


async def open_congress(
    client: Client, made: Json, units: dict[str, str], people: dict[str, list[Json]], number: str
) -> Json:
    """The congress under a published plan, allocated by the decision of that ``number``."""
    conference = await open_conference(client, made, CHAIN, units["tinh"], "tinh")
    await adopt_allocation(client, await compute_allocation(client, conference), number)
    ids: dict[str, list[str]] = {}
    for code, each in people.items():
        ids[code] = [
            await submit_for_id(client, conference, units[code], rank=rank, person=person(**stated))
            for rank, stated in enumerate(each, 1)
        ]
    return {**conference, "units": units, "plan": made, "named": ids}


async def submit_for_id(client: Client, conference: Json, unit: str, **more: Any) -> str:
    """The id of a nomination that was named and submitted."""
    named = await client.post(f"/v1/conferences/{conference['id']}/nominations", nominee(unit, **more))
    found: str = (await act_on_nomination(client, named, "submission")).json()["id"]
    return found


async def compute_selection(
    client: Client, conference: Json, status: int = 201, **body: Any
) -> httpx.Response:
    """A selection of a conference, computed."""
    return await client.post(f"/v1/conferences/{conference['id']}/selections", body, status)


async def select_without(client: Client, conference: Json, *dropped: str) -> httpx.Response:
    """A selection of few nominees: seats for which nobody is left stay empty."""
    path = f"/v1/conferences/{conference['id']}"
    standing: Counter[tuple[str, str]] = Counter()
    for each in (await client.get(f"{path}/nominations")).json()["items"]:
        counts = each["state"] in ("submitted", "accepted") and each["id"] not in dropped
        standing[each["unit"], each["group"]] += counts
    empty = []
    for row in (await client.get(f"{path}/quotas")).json():
        left = row["seats"] - standing[row["unit"]["id"], row["group"]]
        if left > 0:
            empty.append({"unit": row["unit"]["id"], "group": row["group"], "seats": left})
    drop = [{"nomination": one, "reason": "x"} for one in dropped]
    return await compute_selection(client, conference, empty=empty, drop=drop)


async def draw_lot(client: Client, selection: httpx.Response, **how: Any) -> httpx.Response:
    """The lot drawn by hand in the order of the names, if one is asked for."""
    if selection.json()["state"] != "lots_required":
        return selection
    order = {} if "seed" in how else {"order": selection.json()["work"]["tied"]}
    body = {"how": "lot_by_hand", **order, **minutes(), **how}
    path = f"/v1/selections/{selection.json()['id']}/lots"
    return await client.act(path, selection.headers["ETag"], body)


def minutes() -> Json:
    return {
        "minutes": "Biên bản bốc thăm (ví dụ)",
        "drawn_by": "Tổ bốc thăm",
        "drawn_on": today().isoformat(),
    }


async def adopt_selection(client: Client, selection: httpx.Response, number: str) -> httpx.Response:
    """The way of a list through proposal, approval and the decision that adopts it."""
    path = f"/v1/selections/{selection.json()['id']}"
    proposed = await client.act(f"{path}/proposal", selection.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    return await client.act(f"{path}/adoption", approved.headers["ETag"], decision(number))


async def map_places(client: Client, selection: httpx.Response) -> dict[str, Json]:
    """What became of each nomination, by its id."""
    rows = (await client.get(f"/v1/selections/{selection.json()['id']}/places")).json()
    return {row["nomination"]: row for row in rows}


async def delegates(client: Client, conference: Json) -> dict[str, Json]:
    """Who goes, by nomination."""
    rows = (await client.get(f"/v1/conferences/{conference['id']}/delegates")).json()
    return {row["nomination"]: row for row in rows}


async def destroy_inputs(database: Database, somebody: str) -> int:
    """Destroy the sealed inputs that name a person, as an erasure does, and record it; how many."""
    async with database.transaction(Actor.for_service()) as session:
        found = await snapshots.delete_snapshot_keys(session, UUID(somebody))
        await record_event(make_work(session, Actor.for_service()), Act.PERSON_ERASED, "person", somebody)
    return found
