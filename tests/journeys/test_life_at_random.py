"""The life of a conference under random calls: no order reaches what the plan forbids, and every stage is
reached.

The conference is that of a pilot, as in Hải Phòng: its plan is filed, registered and approved before it
meets.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import date
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from api.app import create_app
from db.embedded import EmbeddedServer
from domain.conferences.steps import Stage
from service.clock import today
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, connect_client, two_people
from tests.journeys.scenes import Prepare, Scene, copy_scene
from tests.journeys.small_congress import CHAIN, OTHER, create_units, plan, publish_plan
from tests.journeys.steps import Json, open_conference

WINDOW = (date(2020, 1, 1), date(2020, 3, 31))
STAGES = {
    "planned": {"planned", "filed", "vetted", "scheduled", "postponed"},
    "held": {"met", "reported"},
    "closed": {"closed"},
    "cancelled": {"cancelled"},
}
"""State → the stages in it."""
DAYS = st.sampled_from(["2019-10-28", "2019-11-30", "2020-03-10", "2020-03-20", "2020-06-30", "2199-01-01"])
REASONS = st.none() | st.just("Theo chỉ đạo")


def deadline(name: str, what: str, day: str, *documents: str) -> Json:
    return {
        "id": name,
        "name": f"Gửi {name}",
        "what": what,
        "due": {"date": day},
        "documents": [*documents],
        "recipient": "Hội đồng thử nghiệm",
        "clause": "i",
    }


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The conference of the pilot."""

    async def load(client: Client) -> Json:
        window = {"year": 2020, "quarter": 1, "clause": "i"}
        pilots = {"units": [{"unit": "tinh", "name": "Tỉnh", "tier": "tinh"}], "window": window}
        approval = {"approved_by": "Hội đồng thử nghiệm", "approval_clause": "i", "clause": "i"}
        deadlines = [
            deadline("ke-hoach", "plan", "2019-11-30", "Kế hoạch"),
            deadline("dang-ky", "registration", "2019-10-30", "Đăng ký"),
            deadline("bao-cao", "report", "2020-07-03", "Báo cáo", "Danh sách"),
        ]
        body = plan(targets=[], pilots={**pilots, **approval}, deadlines=deadlines)
        published, units = await publish_plan(client, body), await create_units(client)
        opened = await open_conference(client, published, CHAIN, units["tinh"], "tinh", as_of="2020-01-01")
        other = await open_conference(client, published, OTHER, units["bo"], "bo", as_of="2020-01-01")
        return {"path": f"/v1/conferences/{opened['id']}", "other": f"/v1/conferences/{other['id']}"}

    return load


class LifeOfConference(RuleBasedStateMachine):
    """One conference and all calls on it; each example has a database of its own."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    postgres: ClassVar[EmbeddedServer]
    scene: ClassVar[Scene]
    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack, self.sent, self.path = AsyncExitStack(), 0, self.scene.facts["path"]
        self.http: httpx.AsyncClient = self.wait(self.begin())
        self.told: Json = {}
        self.reasons: dict[str, str | None] = {}
        """Act → the reason with which it was last taken."""

    async def begin(self) -> httpx.AsyncClient:
        database = await self.stack.enter_async_context(copy_scene(self.postgres, self.scene))
        app = create_app(SETTINGS, database, Vault(bytes(range(32))), two_people)
        return (await self.stack.enter_async_context(connect_client(app))).http

    def wait(self, steps: Coroutine[Any, Any, Any]) -> Any:
        """Have steps done on the loop of the tests; the machine itself runs beside it."""
        return asyncio.run_coroutine_threadsafe(steps, self.loop).result()

    def teardown(self) -> None:
        self.wait(self.stack.aclose())

    def act(self, name: str, **body: Any) -> None:
        self.wait(self._act(name, {key: value for key, value in body.items() if value is not None}))

    async def _act(self, name: str, body: Json) -> None:
        before = await self.http.get(self.path)
        self.sent += 1
        headers = {"Idempotency-Key": f"life-{self.sent}", "If-Match": before.headers["ETag"]}
        answer = await self.http.post(f"{self.path}/{name}", json=body, headers=headers)
        after = (await self.http.get(self.path)).json()
        if answer.is_success:
            assert before.json()["state"] not in {"closed", "cancelled"}, name
            self.reasons[name] = body.get("reason")
            self.reached[name] += 1
            assert after == answer.json()
        else:
            assert answer.status_code in (409, 422), answer.text
            self.reached[answer.json()["code"]] += 1
            assert after == before.json(), "a refusal changes nothing"

    @rule(deadline=st.sampled_from(["ke-hoach", "dang-ky", "bao-cao"]), on=DAYS, whole=st.booleans())
    def file(self, deadline: str, on: str, whole: bool) -> None:
        numbers = {"bao-cao": (1, 2)}.get(deadline, (1,)) if whole else ()
        documents = [{"number": number, "reference": f"{number}/KH"} for number in numbers]
        self.act("filings", deadline=deadline, on=on, documents=documents)

    @rule(on=DAYS)
    def vet(self, on: str) -> None:
        self.act("vetting", on=on, document="56/TB-HĐTĐKT")

    @rule(first=st.none() | DAYS, reason=REASONS)
    def schedule(self, first: str | None, reason: str | None) -> None:
        self.act("schedule", first=first, reason=reason)

    @rule(on=DAYS, reason=REASONS, corrects=st.booleans())
    def hold(self, on: str, reason: str | None, corrects: bool) -> None:
        self.act("holding", on=on, reason=reason, correction="Ghi nhầm" if corrects else None)

    @rule(reason=REASONS)
    def close(self, reason: str | None) -> None:
        self.act("closing", reason=reason)

    @rule(sure=st.integers(0, 3))
    def cancel(self, sure: int) -> None:
        """Seldom, since nothing follows."""
        if sure == 0:
            self.act("cancellation", reason="Sáp nhập")

    @invariant()
    def what_is_told_fits_together(self) -> None:
        self.told = self.wait(self._read())
        self.expect_stage_of_state()
        self.expect_meeting_by_plan()
        self.expect_steps_done()

    def expect_stage_of_state(self) -> None:
        assert self.told["stage"] in STAGES[self.told["state"]]
        self.reached[f"stage {self.told['stage']}"] += 1

    async def _read(self) -> Any:
        return (await self.http.get(self.path)).json()

    def expect_meeting_by_plan(self) -> None:
        """It met as the plan has it, or with a reason."""
        meeting = self.told["meeting"]
        assert (meeting is not None) == (self.told["state"] in {"held", "closed"})
        if meeting is None:
            return
        on, vetting = date.fromisoformat(meeting["first"]), self.told["vetting"]
        assert on <= today()
        in_time = vetting is not None and date.fromisoformat(vetting["on"]) <= on
        is_told = "met_without_approval" in {each["code"] for each in self.told["findings"]}
        assert is_told is not in_time
        if not WINDOW[0] <= on <= WINDOW[1]:
            assert self.reasons["holding"] is not None

    def expect_steps_done(self) -> None:
        """The steps follow what was done."""
        steps = {each["id"]: each for each in self.told["steps"]}
        meeting = self.told["meeting"]
        assert steps["meeting"]["done_on"] == (meeting and meeting["last"])
        assert steps["vetting"]["done_on"] == (self.told["vetting"] and self.told["vetting"]["on"])
        reported = steps["bao-cao"]["done_on"]
        assert reported is None or (meeting is not None and reported >= meeting["last"])
        for step in steps.values():
            assert step["done_on"] is None or not step["missing"]
            assert (step["status"] in {"done", "done_late"}) == (step["done_on"] is not None)
            late = step["due"] is not None and (step["done_on"] or today().isoformat()) > step["due"]
            assert (step["days_late"] > 0) is late
        if self.told["state"] == "closed" and reported is None:
            assert self.reasons["closing"] is not None


async def run_machine(postgres: EmbeddedServer, scene: Scene, examples: int, steps: int) -> Counter[str]:
    """Let the machine run beside the loop of the tests; what it reached."""
    machine = LifeOfConference
    machine.loop, machine.postgres, machine.scene = asyncio.get_running_loop(), postgres, scene
    machine.reached = Counter()
    options = settings(max_examples=examples, stateful_step_count=steps)
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=options)
    return machine.reached


async def test_no_order_of_calls_reaches_what_the_plan_forbids(
    postgres: EmbeddedServer, scene: Scene
) -> None:
    reached = await run_machine(postgres, scene, 3, 8)
    assert {"filings", "stage planned"} <= set(reached)


async def test_every_stage_is_reached(client: Client, scene: Scene) -> None:
    path = scene.facts["path"]
    reached = ["planned"]

    async def act(name: str, **body: Any) -> None:
        etag = (await client.get(path)).headers["ETag"]
        reached.append((await client.act(f"{path}/{name}", etag, body)).json()["stage"])

    def filing(name: str, on: str, *numbers: int) -> Json:
        documents = [{"number": number, "reference": f"{number}/KH"} for number in numbers]
        return {"deadline": name, "on": on, "documents": documents}

    await act("filings", **filing("ke-hoach", "2019-11-30", 1))
    await act("vetting", on="2019-12-10", document="56/TB-HĐTĐKT")
    await act("schedule", first="2020-03-10")
    await act("schedule", reason="Bão")
    await act("holding", on="2020-03-20")
    await act("filings", **filing("bao-cao", "2020-07-03", 1, 2))
    await act("closing")
    path = scene.facts["other"]
    await act("cancellation", reason="Sáp nhập")
    assert reached == [stage.value for stage in Stage if stage is not Stage.CANCELLED] + ["cancelled"]


@pytest.mark.oracles
async def test_at_length_no_order_of_calls_reaches_it(postgres: EmbeddedServer, scene: Scene) -> None:
    reached = await run_machine(postgres, scene, 12, 20)
    assert {"filings", "schedule", "holding", "stage filed", "stage met"} <= set(reached), reached
