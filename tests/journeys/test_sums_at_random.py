"""Sums under random acts over HTTP: no number is ever exceeded by more than it was before.

Quotas, lists, nominations, and the adoption of numbers, allocations and lists of delegates come in any order.
After each act everything is counted anew from the lists that the service answers.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api.app import create_app
from db.embedded import EmbeddedServer
from service.clock import today
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, connect_client, two_people
from tests.journeys.scenes import Prepare, Scene, copy_scene
from tests.journeys.small_congress import CHAIN, create_units, minutes, plan, publish_plan
from tests.journeys.steps import Json, decision, document, nominee, open_conference, person

CAP, SEATS, GUESTS = 10, 8, 3
HAMLETS = ("ap-mot", "ap-hai")
BLOC = {"id": "xa", "name": "Các xã", "kinds": ["commune"], "measure": "staff", "floor": 0}
ACTS = {
    "acceptance": "submitted",
    "submission": "draft",
    "return": "submitted",
    "withdrawal": "accepted",
}
"""An act on a nominee, and the state of those on whom it is tried."""
ANY = st.integers(0, 59)
"""Which of some rows is meant: of ``n`` rows, the one at this number modulo ``n``."""


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress of ten people at most, with three communes and two hamlets; nobody has a seat yet."""

    async def load(client: Client) -> Json:
        body = plan(targets=[])
        tier = body["tiers"][0]
        office = {
            "id": "chuc-vu",
            "name": "Lãnh đạo",
            "filled_by": "roll",
            "counts_as": "none",
            "clause": "i",
        }
        tier["cap"] = {**tier["cap"], "number": CAP}
        tier["seat_groups"][1] = {**tier["seat_groups"][1], "seats": None, "maximum": GUESTS}
        tier["seat_groups"].append(office)
        made, units = await publish_plan(client, body), await create_units(client)
        for code in HAMLETS:
            unit = {"code": code, "name": f"Ấp {code}", "kind": "enterprise", "valid_from": "2020-01-01"}
            answer = await client.post("/v1/units", {**unit, "parents": {CHAIN: "xa-mot"}})
            units[code] = answer.json()["id"]
        conference = await open_conference(client, made, CHAIN, units["tinh"], "tinh")
        named = [units[code] for code in ("xa-mot", "xa-hai", "xa-ba", *HAMLETS)]
        return {"path": f"/v1/conferences/{conference['id']}", "units": named}

    return load


def list_errors(value: Any) -> Iterator[Json]:
    """Every finding of the severity error in an answer, at any depth."""
    if isinstance(value, dict):
        if value.get("severity") == "error":
            yield value
        for each in value.values():
            yield from list_errors(each)
    elif isinstance(value, list):
        for each in value:
            yield from list_errors(each)


class SumsOfConference(RuleBasedStateMachine):
    """One conference and all that may be done to it; each example has a database of its own."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    postgres: ClassVar[EmbeddedServer]
    scene: ClassVar[Scene]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = AsyncExitStack()
        self.sent, self.changed = 0, True
        self.over: dict[object, int] = {}
        self.numbers: dict[object, int | None] = {}
        self.path, self.units = self.scene.facts["path"], self.scene.facts["units"]
        self.http: httpx.AsyncClient = self.wait(self.begin())

    async def begin(self) -> httpx.AsyncClient:
        database = await self.stack.enter_async_context(copy_scene(self.postgres, self.scene))
        app = create_app(SETTINGS, database, Vault(bytes(range(32))), two_people)
        return (await self.stack.enter_async_context(connect_client(app))).http

    def wait(self, steps: Coroutine[Any, Any, Any]) -> Any:
        """Have steps done on the loop of the tests; the machine itself runs beside it."""
        return asyncio.run_coroutine_threadsafe(steps, self.loop).result()

    def teardown(self) -> None:
        self.wait(self.stack.aclose())

    async def read(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, path: str, body: Json, of: str = "", method: str = "POST") -> Json | None:
        """An act, on the row ``of`` if it is one on a row; None when it was refused."""
        self.sent += 1
        headers = {"Idempotency-Key": f"sum-{self.sent}"}
        if of:
            headers["If-Match"] = (await self.http.get(of)).headers["ETag"]
        answer = await self.http.request(method, path, json=body, headers=headers)
        told: Json = answer.json()
        name = path.rpartition("/")[2] if method == "POST" else "change"
        if answer.is_success:
            assert not list(list_errors(told)), (path, told)
            self.reached[name] += 1
            self.changed = True
            return told
        assert answer.status_code in (409, 422), answer.text
        self.reached[told["code"]] += 1
        return None

    async def act(self, row: str, name: str, **body: Any) -> Json | None:
        return await self.send(f"{row}/{name}", body, of=row)

    async def adopt(self, row: str) -> None:
        """The way of a draft to its adoption, until something is refused."""
        for name in ("proposal", "approval"):
            if await self.act(row, name) is None:
                return
        if await self.act(row, "adoption", **decision(str(self.sent))) is not None:
            self.reached[f"adopted {row.split('/')[2]}"] += 1

    async def choose(self, what: str, number: int, **having: str) -> Json | None:
        """One of the rows of the conference that have these values."""
        rows = await self.read(f"{self.path}/{what}")
        rows = rows["items"] if isinstance(rows, dict) else rows
        rows = [row for row in rows if all(row[name] == value for name, value in having.items())]
        return rows[number % len(rows)] if rows else None

    @initialize(given=st.none() | st.tuples(*[st.integers(0, 4)] * 3))
    def give_seats(self, given: tuple[int, ...] | None) -> None:
        """Seats come from an allocation, or from above."""
        if given is None:
            self.wait(self._allocate())
        for number, seats in enumerate(given or ()):
            self.receive_quota(number, seats)

    @rule(group=st.sampled_from(["khach-moi", "chuc-vu"]))
    def list_somebody(self, group: str) -> None:
        body = {"group": group, "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
        self.wait(self.send(f"{self.path}/invitations", body))

    @rule(number=ANY, reply=st.sampled_from(["invited", "accepted", "declined", "removed"]))
    def record_reply(self, number: int, reply: str) -> None:
        self.wait(self._record_reply(number, reply))

    async def _record_reply(self, number: int, reply: str) -> None:
        row = await self.choose("invitations", number)
        if row is not None:
            body = {"reply": reply, "on": today().isoformat(), "reason": "Thử nghiệm"}
            await self.act(f"/v1/invitations/{row['id']}", "reply", **body)

    @rule(number=ANY, seats=st.integers(0, 6))
    def receive_quota(self, number: int, seats: int) -> None:
        unit = self.units[number % 3]
        self.wait(self._receive_quota(unit, seats))

    async def _receive_quota(self, unit: str, seats: int) -> None:
        body = {"unit": unit, "group": "dien-hinh", "seats": seats, "document": document("1")}
        entered = await self.send(f"{self.path}/quotas", body)
        if entered is not None:
            await self.act(f"/v1/quotas/{entered['id']}", "confirmation")

    @rule(number=ANY, seats=st.integers(0, SEATS))
    def replace_quota(self, number: int, seats: int) -> None:
        self.wait(self._replace_quota(number, seats))

    async def _replace_quota(self, number: int, seats: int) -> None:
        row = await self.choose("quotas", number, source="received")
        if row is not None:
            path = f"/v1/quotas/{row['id']}"
            body = {"seats": seats, "document": document("2")}
            await self.send(path, body, of=path, method="PUT")
            await self.act(path, "confirmation")

    @rule(what=st.sampled_from(["distribution", "allocation", "selection"]))
    def settle_by_computation(self, what: str) -> None:
        """What takes longest, and is adopted at once."""
        steps = {
            "distribution": self._distribute_quota,
            "allocation": self._allocate,
            "selection": self._select_list,
        }
        self.wait(steps[what]())

    async def _distribute_quota(self) -> None:
        rows = await self.read(f"{self.path}/quotas")
        for row in (each for each in rows if each["unit"]["id"] == self.units[0]):
            body = {"method": "sainte_lague", "measure": "equal", "cap": 2}
            await self.act(f"/v1/quotas/{row['id']}", "distribution", **body)

    async def _allocate(self) -> None:
        before = await self.choose("allocations", 0, state="adopted")
        amending = {} if before is None else {"amends": before["id"], "reason": "Thử nghiệm"}
        made = await self.send(f"{self.path}/allocations", amending)
        if made is not None and made["state"] == "decided":
            await self.adopt(f"/v1/allocations/{made['id']}")

    @rule(size=st.integers(0, 12), seats=st.integers(0, SEATS), guests=st.integers(0, GUESTS))
    def decide_numbers(self, size: int, seats: int, guests: int) -> None:
        self.wait(self._decide_numbers(size, seats, guests))

    async def _decide_numbers(self, size: int, seats: int, guests: int) -> None:
        before = await self.choose("sizings", 0, state="adopted")
        groups = [
            {"id": "dien-hinh", "seats": seats, "blocs": [{**BLOC, "seats": seats}]},
            {"id": "khach-moi", "seats": guests},
        ]
        body: Json = {"size": size, "seat_groups": groups, "amends": before and before["id"]}
        made = await self.send(f"{self.path}/sizings", body)
        if made is not None:
            await self.adopt(f"/v1/sizings/{made['id']}")

    @rule(number=ANY, acts=st.lists(st.sampled_from(["", "acceptance"]), min_size=1, max_size=3))
    def add_nominees(self, number: int, acts: list[str]) -> None:
        """Some people of one unit, of whom some are accepted at once."""
        for act in acts:
            self.wait(self._nominate(self.units[number % len(self.units)], act))

    async def _nominate(self, unit: str, act: str) -> None:
        made = await self.send(f"{self.path}/nominations", nominee(unit))
        for each in ("submission", act):
            if made is not None and each:
                made = await self.act(f"/v1/nominations/{made['id']}", each)

    @rule(number=ANY, act=st.sampled_from([*ACTS]))
    def decide_on_nominee(self, number: int, act: str) -> None:
        self.wait(self._decide_on_nominee(number, act))

    async def _decide_on_nominee(self, number: int, act: str) -> None:
        row = await self.choose("nominations", number, state=ACTS[act])
        if row is not None:
            reason = {"reason": "Thử nghiệm"} if act in ("return", "withdrawal") else {}
            await self.act(f"/v1/nominations/{row['id']}", act, **reason)

    async def _select_list(self) -> None:
        rows = await self.read(f"{self.path}/nominations")
        standing = Counter(
            each["unit"] for each in rows["items"] if each["state"] in ("submitted", "accepted")
        )
        empty = [
            {"unit": each["unit"]["id"], "group": each["group"], "seats": left}
            for each in await self.read(f"{self.path}/quotas")
            if (left := each["seats"] - each["distributed"] - standing[each["unit"]["id"]]) > 0
        ]
        before = await self.choose("selections", 0, state="adopted")
        amending = {} if before is None else {"amends": before["id"], "reason": "Thử nghiệm"}
        made = await self.send(f"{self.path}/selections", {"empty": empty, **amending})
        if made is not None and made["state"] == "lots_required":
            lot = {"how": "lot_by_hand", "order": made["work"]["tied"], **minutes()}
            made = await self.act(f"/v1/selections/{made['id']}", "lots", **lot)
        if made is not None:
            await self.adopt(f"/v1/selections/{made['id']}")

    def expect_not_more(self, what: object, used: int, number: int | None) -> None:
        """What exceeds its number exceeded it before, by as much or more."""
        over = 0 if number is None else max(0, used - number)
        before, self.over[what] = self.over.get(what, 0), over
        former, self.numbers[what] = self.numbers.get(what), number
        lowered = number is not None and former is not None and number < former
        assert over <= before or lowered, (what, used, number)
        self.reached["excess"] += over > 0

    @invariant()
    def sums_are_within_their_numbers(self) -> None:
        if self.changed:
            self.wait(self._check_sums())
        self.changed = False

    async def _check_sums(self) -> None:
        conference = await self.read(self.path)
        quotas = await self.read(f"{self.path}/quotas")
        listed = Counter(
            each["group"]
            for each in (await self.read(f"{self.path}/invitations?limit=200"))["items"]
            if each["reply"] in ("listed", "invited", "accepted")
        )
        given = Counter[str]()
        for quota in quotas:
            given[quota["group"]] += quota["seats"] if quota["parent"] is None else 0
        for group in conference["seat_groups"]:
            name = group["group"]
            assert (group["given"], group["listed"]) == (given[name], listed[name])
            most = group["maximum"] if group["seats"] is None else group["seats"]
            self.expect_not_more(name, given[name] + listed[name], most)
        most = CAP if conference["size"] is None else conference["size"]
        self.expect_not_more("conference", given.total() + listed.total(), most)
        await self._check_people(quotas)

    async def _check_people(self, quotas: list[Json]) -> None:
        rows = (await self.read(f"{self.path}/nominations?limit=200"))["items"]
        states = Counter((each["unit"], each["state"]) for each in rows)
        for quota in quotas:
            unit = quota["unit"]["id"]
            accepted = states[unit, "accepted"]
            named = accepted + states[unit, "submitted"]
            assert (quota["taken"], quota["nominated"]) == (accepted, named)
            below = sum(each["seats"] for each in quotas if each["parent"] == quota["id"])
            assert quota["distributed"] == below
            self.expect_not_more((unit, "taken"), accepted + below, quota["seats"])
            self.expect_not_more((unit, "named"), named + below, quota["nominee_limit"])


async def run_machine(postgres: EmbeddedServer, scene: Scene, examples: int, steps: int) -> Counter[str]:
    """Let the machine run beside the loop of the tests; what it reached."""
    machine = SumsOfConference
    machine.loop, machine.postgres, machine.scene = asyncio.get_running_loop(), postgres, scene
    machine.reached = Counter()
    options = settings(max_examples=examples, stateful_step_count=steps)
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=options)
    return machine.reached


async def test_whatever_is_done_no_sum_exceeds_its_number(postgres: EmbeddedServer, scene: Scene) -> None:
    reached = await run_machine(postgres, scene, 3, 8)
    assert {"adopted allocations", "quotas"} <= set(reached)


@pytest.mark.oracles
async def test_whatever_is_done_at_length_no_sum_exceeds_its_number(
    postgres: EmbeddedServer, scene: Scene
) -> None:
    """Chance decides what 600 steps reach, so what is still missing gets up to three times as many again."""
    refused = {"conference_full", "seat_group_full", "quota_seats_exceeded", "quota_nominee_limit_exceeded"}
    done = {"adopted sizings", "adopted allocations", "adopted selections", "distribution", "acceptance"}
    wanted = refused | done | {"excess", "withdrawal", "reply", "change"}
    reached = await run_machine(postgres, scene, 20, 30)
    for _ in range(3):
        if not wanted <= set(reached):
            reached += await run_machine(postgres, scene, 20, 30)
    assert wanted <= set(reached), reached
