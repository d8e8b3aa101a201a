"""Versions of a list that differ by single people: who may not read what is sealed learns nothing from them.

Twin databases in which one nominee is of another ethnic group. The lists are the same in both, version by
version; only what they mean for the targets differs.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import Request

from api.app import create_app
from api.http.refusals import RefusalBudget
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import SCOPES_BY_ROLE, Access, Actor, Grant, Role
from service.vaults import Vault
from tests.access.test_twins import NARROW, Told, seal
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene, load_scene
from tests.journeys.small_congress import (
    compute_selection,
    congress,
    map_places,
    plan,
    target,
)
from tests.journeys.steps import Json

pytestmark = pytest.mark.slow  # walks all versions of two worlds as every reader

VAULT = Vault(bytes(range(32)))
COUNCIL = "standing_council@tinh"
READERS = (
    "auditor@tinh",
    "approver@tinh",
    f"standing_council@tinh@{NARROW}",
    "unit_officer@tinh",
    "unit_officer@xa-mot",
    "unit_officer@xa-ba",
    f"machine_client@xa-hai@{NARROW}",
    f"unit_officer@xa-hai@{NARROW}",
)
"""Everybody who may not read what is sealed of a nominee of ``xa-hai``."""

Question = tuple[str, str, Json | None, str]
Twins = list[tuple[Database, Json]]
"""The databases, each with the ids of its versions of the list."""

TARGETS = [
    target("nu", attribute="gender", values=["female"], count=1, priority=1),
    target("dan-toc", attribute="ethnicity", other_than=["01"], count=1, priority=2),
    target("dan-toc-xa-hai", attribute="ethnicity", other_than=["01"], count=1, priority=2, groups=[],
           units=["xa-hai"]),
]  # fmt: skip

KINH, WOMAN = {"gender": "male", "ethnicity": "01"}, {"gender": "female", "ethnicity": "01"}
PEOPLE: dict[str, list[Json]] = {
    "xa-mot": [KINH, KINH, WOMAN, KINH],
    "xa-hai": [KINH, {"gender": "male", "ethnicity": "05"}, KINH],  # the first is another in each twin
    "xa-ba": [KINH, WOMAN],
}


def identify(units: dict[str, str]) -> Any:
    """Whoever the bearer says: a role, a place, and whether without what is sealed."""

    def known(request: Request) -> Actor:
        role, place, *narrow = request.headers["authorization"].removeprefix("Bearer ").split("@")
        scopes = SCOPES_BY_ROLE[Role(role)] - ({Access.PERSONAL_READ} if narrow else set())
        return Actor(f"{role}-{place}", role, (Grant(Role(role), UUID(units[place]), None, scopes),))

    return known


@pytest.fixture(scope="module")
async def held(postgres: EmbeddedServer) -> AsyncIterator[Scene]:
    """Two places of xa-hai with three nominees; in the other units everybody goes."""

    async def prepare(client: Client) -> Json:
        return await congress(client, plan(targets=TARGETS), PEOPLE)

    async with load_scene(postgres, prepare) as scene:
        yield scene


@asynccontextmanager
async def connect(database: Database, scene: Scene, caller: str) -> AsyncIterator[Client]:
    app = create_app(SETTINGS, database, VAULT, identify(scene.facts["units"]))
    app.state.refusals = RefusalBudget(most=0, rate=0)
    async with connect_client(app) as client:
        client.http.headers["Authorization"] = f"Bearer {caller}"
        yield client


async def put_lists(database: Database, scene: Scene) -> Json:
    """Three versions: one adopted, with reasons released; one edited, and one mended, both proposed."""
    told = scene.facts
    first_one, second, third = told["named"]["xa-hai"]
    async with connect(database, scene, COUNCIL) as client:
        found = await compute_selection(client, told)
        path = f"/v1/selections/{found.json()['id']}"
        edits = {"drop": [{"nomination": second, "reason": "x"}]}
        edited = await client.act(f"{path}/edits", found.headers["ETag"], edits)
        places = await map_places(client, found)
        assert [places[one]["outcome"] for one in (first_one, second, third)] == [
            "chosen", "chosen", "alternate",
        ]  # fmt: skip
        async with connect(database, scene, "approver@tinh") as approver:
            proposed = await client.act(f"{path}/proposal", found.headers["ETag"])
            approved = await approver.act(f"{path}/approval", proposed.headers["ETag"])
            body = {"kind": "q", "organ": "o", "series": "s", "number": "1", "decided_on": "2020-06-05"}
            adopted = await approver.act(f"{path}/adoption", approved.headers["ETag"], body)
        released = await client.act(f"{path}/release", adopted.headers["ETag"])
        going = (await client.get(f"/v1/conferences/{told['id']}/delegates")).json()
        leaver = next(each["id"] for each in going if each["nomination"] == second)
        leaving = {"delegates": [leaver], "reason": "x", "authority": "x"}
        mended = await client.act(f"{path}/replacements", released.headers["ETag"], leaving)
        for each in (edited, mended):
            assert each.json()["state"] == "decided", each.text
            where = f"/v1/selections/{each.json()['id']}"
            await client.act(f"{where}/proposal", each.headers["ETag"])
        return {"selections": [each.json()["id"] for each in (found, edited, mended)]}


@asynccontextmanager
async def twins(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Twins]:
    async with copy_scene(postgres, scene) as one, copy_scene(postgres, scene) as other:
        for n, database in enumerate((one, other)):
            await seal(database, scene.facts["named"]["xa-hai"][0], n)
        yield [(database, await put_lists(database, scene)) for database in (one, other)]


@pytest.fixture(scope="module")
async def pair(postgres: EmbeddedServer, held: Scene) -> AsyncIterator[Twins]:
    async with twins(postgres, held) as pair:
        yield pair


def asked_for(told: Json, lists: Json) -> list[Question]:
    """Everything that tells of the conference and its lists: method, path, body, the kind of answer."""
    conference = f"/v1/conferences/{told['id']}"
    paths = ["", "/selections", "/delegates", "/pool", "/composition", "/nominations", "/composition_release"]
    paths += [f"/composition?unit={told['units'][unit]}" for unit in PEOPLE]
    found: list[Question] = [("GET", conference + each, None, "*/*") for each in paths]
    found.append(("GET", f"{conference}/delegates", None, "text/csv"))
    for each in lists["selections"]:
        path = f"/v1/selections/{each}"
        found += [("GET", path, None, "*/*"), ("GET", f"{path}/places", None, "*/*")]
        found.append(("GET", f"{path}/places", None, "text/csv"))
        found.append(("POST", f"{path}/what_ifs", {"pin": [], "drop": []}, "*/*"))
        question = {"target": "dan-toc", "side": "least", "purpose": "x"}
        found.append(("POST", f"{path}/explanations", question, "*/*"))
    found += [("GET", f"/v1/nominations/{one}", None, "*/*") for ids in told["named"].values() for one in ids]
    found.append(("GET", f"/v1/audit_events?chain={told['plan']['id']}&limit=200", None, "*/*"))
    return found


async def read_work(client: Client, selection: str) -> Json:
    work: Json = (await client.get(f"/v1/selections/{selection}")).json()["work"]
    return work


def map_targets(work: Json) -> dict[str, Json]:
    """How a list meets each target, by the target."""
    return {each["target"]: each for each in work["targets"]}


class Heard(Told):
    """As told, with ETags and ids in paths called by when they first came up."""

    def add(self, answer: httpx.Response) -> None:
        """The answer without its tag: a tag is of the row's id and version, and ids differ."""
        answer.headers.pop("etag", None)
        super().add(answer)


async def hear(database: Database, lists: Json, scene: Scene, caller: str) -> list[str]:
    heard = Heard()
    async with connect(database, scene, caller) as client:
        runs = []
        for method, path, body, kind in asked_for(scene.facts, lists):
            headers = {"Accept": kind, "Accept-Language": "en"}
            answer = await client.http.request(method, path, json=body, headers=headers)
            heard.add(answer)
            runs += re.findall(r'"run":"([0-9a-f-]{36})"', answer.text)
        for run in dict.fromkeys(runs):
            heard.add(await client.http.get(f"/v1/runs/{run}"))
    return heard.answers


@pytest.mark.parametrize("caller", READERS)
async def test_all_versions_together_tell_the_same_of_twins(pair: Twins, held: Scene, caller: str) -> None:
    """Each thing around the lists, in every version, as a page and as a table; refusals too."""
    first, second = [await hear(database, lists, held, caller) for database, lists in pair]
    assert [one for one, other in zip(first, second, strict=True) if one != other] == []


async def test_the_council_sees_the_difference(pair: Twins, held: Scene) -> None:
    """So that the twins are known to differ, and the council to see everything as before."""
    found = []
    for database, lists in pair:
        async with connect(database, held, COUNCIL) as client:
            works = [await read_work(client, one) for one in lists["selections"]]
        found.append([map_targets(work)["dan-toc"]["yes"] for work in works])
        assert all(each["short"] is not None for work in works for each in work["shortfalls"])
        assert works[1]["cost"]["joined"] == [held.facts["named"]["xa-hai"][2]]
    assert found == [[1, 0, 0], [2, 1, 1]]


async def test_an_auditor_reads_open_targets_and_nothing_of_sealed_ones(pair: Twins, held: Scene) -> None:
    database, lists = pair[0]
    async with connect(database, held, "auditor@tinh") as client:
        for one in lists["selections"]:
            work = await read_work(client, one)
            states = map_targets(work)
            assert (states["nu"]["standing"], states["nu"]["yes"]) == ("met", 2)
            for name in ("dan-toc", "dan-toc-xa-hai"):
                shown = states[name]
                assert (shown["standing"], shown["least"], shown["met_when_proposed"]) == (
                    "not_shown",
                    1,
                    None,
                )
                assert (shown["yes"], shown["no"], shown["unknown"]) == (None, None, None)
            assert work["shortfalls"] == [{"priority": 1, "short": 0}, {"priority": 2, "short": None}]
            assert (work["prices"], work["cost"], work["clash"]) == ([], None, None)
            codes = [each["code"] for each in work["findings"]]
            assert "selection_numbers_not_shown" in codes
            assert "replacement_shortfall_worse" not in codes


async def test_an_approver_reads_once_what_the_first_proposal_met(pair: Twins, held: Scene) -> None:
    """The later versions of the first twin miss the target; they are answered with what was frozen before."""
    database, lists = pair[0]
    async with connect(database, held, "approver@tinh") as client:
        for one in lists["selections"]:
            states = map_targets(await read_work(client, one))
            assert (states["dan-toc"]["standing"], states["dan-toc"]["met_when_proposed"]) == (
                "not_shown",
                True,
            )
            assert states["dan-toc"]["finding"]["code"] == "selection_met_when_proposed"
            assert states["dan-toc-xa-hai"]["met_when_proposed"] is None, (
                "a target of one unit is of few people"
            )
            assert states["nu"]["met_when_proposed"] is None


async def test_a_withdrawn_first_proposal_is_not_renewed(postgres: EmbeddedServer, held: Scene) -> None:
    """Nor by another list: proposing lists one after the other would tell their difference."""
    async with copy_scene(postgres, held) as database, connect(database, held, COUNCIL) as client:
        found = await compute_selection(client, held.facts)
        path = f"/v1/selections/{found.json()['id']}"
        edits = {"drop": [{"nomination": held.facts["named"]["xa-hai"][1], "reason": "x"}]}
        edited = await client.act(f"{path}/edits", found.headers["ETag"], edits)
        where = f"/v1/selections/{edited.json()['id']}"
        proposed = await client.act(f"{where}/proposal", edited.headers["ETag"])
        await client.act(f"{where}/withdrawal", proposed.headers["ETag"], {"reason": "x"})
        await client.act(f"{path}/proposal", found.headers["ETag"])
        async with connect(database, held, "approver@tinh") as approver:
            states = map_targets(await read_work(approver, found.json()["id"]))
        assert (states["dan-toc"]["standing"], states["dan-toc"]["met_when_proposed"]) == ("not_shown", False)


async def test_the_digest_of_a_list_does_not_tell_its_shortfalls(pair: Twins, held: Scene) -> None:
    """Equal lists have equal digests, in the answers and in the audit trail, whatever they fall short of."""
    found = []
    for database, lists in pair:
        async with connect(database, held, "auditor@tinh") as client:
            works = [await read_work(client, one) for one in lists["selections"]]
            path = f"/v1/audit_events?chain={held.facts['plan']['id']}"
            events = [each for each in await client.list_all(path) if each["act"] == "selection_proposed"]
        digests = [work["digest"] for work in works]
        assert sorted(each["changes"]["digest"] for each in events) == sorted(digests)
        found.append(digests)
    assert found[0] == found[1]


async def test_reasons_that_rest_on_others_are_not_told(pair: Twins, held: Scene) -> None:
    """In the first twin a colleague of the same group was chosen before the third nominee."""
    third = held.facts["named"]["xa-hai"][2]
    told: dict[str, list[str]] = {}
    callers = (COUNCIL, "auditor@tinh", "unit_officer@xa-hai", f"unit_officer@xa-hai@{NARROW}")
    for (database, lists), caller in ((twin, caller) for twin in pair for caller in callers):
        async with connect(database, held, caller) as client:
            rows = (await client.get(f"/v1/selections/{lists['selections'][0]}/places")).json()
        (reason,) = [row["reason"] for row in rows if row["nomination"] == third]
        told.setdefault(caller, []).append(reason["code"])
        assert caller == COUNCIL or reason["params"].get("points") is None
    assert told.pop(COUNCIL) == ["selection_left_out_colleague", "selection_left_out_cost"]
    assert told.pop("unit_officer@xa-hai") == ["selection_left_out_colleague", "selection_reason_not_shown"]
    assert {code for codes in told.values() for code in codes} == {"selection_reason_not_shown"}
