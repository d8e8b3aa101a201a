"""Numbers for everybody: released once, of a conference that was held, and never of too few."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from service.vaults import Vault
from tests.access.test_disclosures import by
from tests.access.test_twins import NARROW, known
from tests.access.world import ABOVE, OWN
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, nominee, person

COUNCIL = by("standing_council@tinh")
KHMER, KINH = {"ethnicity": "05", "party_member": False}, {"ethnicity": "01", "party_member": True}


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test."""
    async with copy_scene(postgres, scene) as database:
        yield database


@asynccontextmanager
async def connect(database: Database, scene: Scene, threshold: int = 1) -> AsyncIterator[Client]:
    settings = replace(SETTINGS, release_threshold=threshold)  # for a congress of eight
    app = create_app(settings, database, Vault(bytes(range(32))), known(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client


@pytest.fixture
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    async with connect(database, scene) as client:
        yield client


async def act(
    client: Client, row: httpx.Response, path: str, who: dict[str, str], **body: object
) -> httpx.Response:
    headers = {**who, "If-Match": row.headers["ETag"]}
    return await client.post(path, body, headers=headers)


async def seated(client: Client, told: Json, place: str, *stated: Json) -> list[Json]:
    """Delegates of a district, accepted."""
    path = f"/v1/conferences/{told['ids'][ABOVE]['conference_id']}/nominations"
    officer, rows = by(f"unit_officer@{place}"), []
    for each in stated:
        body = nominee(told["units"][place], person=person(**each))
        draft = await client.post(path, body, headers=officer)
        here = f"/v1/nominations/{draft.json()['id']}"
        sent = await act(client, draft, f"{here}/submission", officer)
        rows.append((await act(client, sent, f"{here}/acceptance", COUNCIL)).json())
    return rows


async def invited(client: Client, told: Json, *stated: Json) -> None:
    path = f"/v1/conferences/{told['ids'][ABOVE]['conference_id']}/invitations"
    for each in stated:
        body = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p", "person": person(**each)}
        line = await client.post(path, body, headers=COUNCIL)
        for reply in ("invited", "accepted"):
            here = f"/v1/invitations/{line.json()['id']}/reply"
            line = await act(client, line, here, COUNCIL, reply=reply, on="2020-07-01")


async def held(client: Client, conference: str, who: dict[str, str] = COUNCIL) -> None:
    path = f"/v1/conferences/{conference}"
    row = await client.get(path, headers=who)
    await act(client, row, f"{path}/holding", who, on="2026-01-02", reason="Thử nghiệm")


async def congress(client: Client, told: Json) -> str:
    """Six delegates, three of them Khmer, of two districts and two guests."""
    conference: str = told["ids"][ABOVE]["conference_id"]
    rows = (await client.get(f"/v1/conferences/{conference}/quotas", headers=COUNCIL)).json()
    seats = {row["unit"]["code"]: row["seats"] - row["taken"] for row in rows}
    assert min(seats["huyen"], seats["huyen-ben"]) >= 2
    await seated(client, told, "huyen", KHMER, KINH)
    await seated(client, told, "huyen-ben", KHMER)  # beside one who was on an adopted list before
    await invited(client, told, KHMER, KINH)
    return conference


async def test_what_is_released_is_the_same_for_everybody_once_and_for_all(
    client: Client, scene: Scene
) -> None:
    """After the conference, by who may read its delegates; and what comes later changes nothing, or what
    somebody is would be the difference of two."""
    conference = await congress(client, scene.facts)
    path = f"/v1/conferences/{conference}/composition_release"
    refused = await client.post(path, status=409, headers=COUNCIL)
    assert refused.json()["code"] == "conference_not_held"
    await client.get(path, 404, headers=COUNCIL)
    await held(client, conference)
    await client.post(path, status=403, headers=by(f"standing_council@tinh@{NARROW}"))
    made = await client.post(path, headers=COUNCIL)
    tables = {table["attribute"]: table for table in made.json()["tables"]}
    assert tables.keys() == {"ethnicity", "party_member", "religion"}
    assert tables["ethnicity"]["total"] == {"persons": 6, "targets": {"dan-toc": 3}}
    assert tables["party_member"]["total"] == {"persons": 6, "targets": {"dang-vien": 3}}
    assert tables["religion"]["total"] == {"persons": 6, "targets": {"ton-giao": None}}, "nobody is one too"
    assert tables["ethnicity"]["groups"] == {
        "dien-hinh": {"persons": 4, "targets": {"dan-toc": None}},
        "khach-moi": {"persons": 2, "targets": {"dan-toc": None}},
    }
    refused = await client.post(path, status=409, headers=COUNCIL)
    assert refused.json()["code"] == "composition_released_once"
    units = scene.facts["units"]
    late = nominee(units["huyen-ben"], person=person(**KHMER))
    path_of_names = f"/v1/conferences/{conference}/nominations"
    refused = await client.post(path_of_names, late, 409, headers=by("unit_officer@huyen-ben"))
    assert refused.json()["code"] == "conference_has_met"
    for who in ("standing_council@tinh", "auditor@tinh", "unit_officer@huyen", "machine_client@huyen"):
        assert (await client.get(path, headers=by(who))).json() == made.json()


async def test_nobody_is_counted_in_the_numbers_of_two_levels(client: Client, scene: Scene) -> None:
    """A delegate of the district's own conference who goes on to the province's."""
    ids, units = scene.facts["ids"], scene.facts["units"]
    conference = await congress(client, scene.facts)
    district = by("standing_council@huyen")
    below = ids[OWN]["conference_id"]
    sent = (await client.get(f"/v1/conferences/{below}/nominations", headers=district)).json()["items"][0]
    path = f"/v1/nominations/{sent['id']}"
    row = await client.get(path, headers=district)
    await act(client, row, f"{path}/acceptance", district)
    again = nominee(units["huyen"], person_id=sent["person"]["id"])
    draft = await client.post(f"/v1/conferences/{conference}/nominations", again, headers=district)
    here = f"/v1/nominations/{draft.json()['id']}"
    row = await act(client, draft, f"{here}/submission", district)
    seats = (await client.get(f"/v1/conferences/{conference}/quotas", headers=COUNCIL)).json()
    assert any(row["seats"] > row["taken"] and row["unit"]["code"] == "huyen" for row in seats)
    await act(client, row, f"{here}/acceptance", COUNCIL)
    for place, who in ((below, district), (conference, COUNCIL)):
        await held(client, place, who)
    await client.post(f"/v1/conferences/{below}/composition_release", headers=district)
    refused = await client.post(
        f"/v1/conferences/{conference}/composition_release", status=409, headers=COUNCIL
    )
    assert refused.json()["code"] == "release_overlaps"


async def test_a_person_entered_twice_is_counted_once(postgres: EmbeddedServer, scene: Scene) -> None:
    """Two districts name one person under two records. In twins in which this person and another exchanged
    what they are, the numbers are the same: counted twice, the one would show."""
    found = []
    for one, other in ((KHMER, KINH), (KINH, KHMER)):
        async with copy_scene(postgres, scene) as database, connect(database, scene, 0) as client:
            conference: str = scene.facts["ids"][ABOVE]["conference_id"]
            twice = {"name": "Người thử nghiệm có hai hồ sơ", **one}
            await seated(client, scene.facts, "huyen", twice, other)
            await seated(client, scene.facts, "huyen-ben", twice)
            await invited(client, scene.facts, KHMER, KINH)
            await held(client, conference)
            path = f"/v1/conferences/{conference}/composition_release"
            found.append((await client.post(path, headers=COUNCIL)).json())
    assert found[0]["tables"] == found[1]["tables"]
    tables = {table["attribute"]: table for table in found[0]["tables"]}
    assert tables["ethnicity"]["total"] == {"persons": 5, "targets": {"dan-toc": 2}}
    assert [each["left_out"] for each in found] == [1, 1]


async def test_nobody_is_counted_in_two_releases_under_two_records(client: Client, scene: Scene) -> None:
    """The district enters its delegate again for the province, as somebody new."""
    ids = scene.facts["ids"]
    conference = await congress(client, scene.facts)
    district, below = by("standing_council@huyen"), ids[OWN]["conference_id"]
    sent = (await client.get(f"/v1/conferences/{below}/nominations", headers=district)).json()["items"][0]
    path = f"/v1/nominations/{sent['id']}"
    await act(client, await client.get(path, headers=district), f"{path}/acceptance", district)
    same = {name: sent["person"][name] for name in ("name", "birth_year")}
    await seated(client, scene.facts, "huyen", {**same, **KHMER})
    for place, who in ((below, district), (conference, COUNCIL)):
        await held(client, place, who)
    await client.post(f"/v1/conferences/{below}/composition_release", headers=district)
    made = (await client.post(f"/v1/conferences/{conference}/composition_release", headers=COUNCIL)).json()
    tables = {table["attribute"]: table for table in made["tables"]}
    assert (made["left_out"], tables["ethnicity"]["total"]) == (
        1,
        {"persons": 6, "targets": {"dan-toc": None}},
    )
