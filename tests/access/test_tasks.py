"""Tasks: everybody is told of what they may do next, of all of it, and of nothing else.

What may be done is found by trying: each act is done with the right ETag and a right body, by each reader, in
a database that takes everything back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, text

from api.app import create_app
from api.http.etags import compute_row_etag
from db.quotas import number_state
from db.session import AsyncSession, Database, fetch_rows
from domain.access import Actor
from domain.tasks import TASK_RULES, TaskKind, TaskSubject, list_kinds
from service.clock import today
from service.vaults import Vault
from tests.access.world import identify
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, decision, document, nominee

READERS = ("standing_council@huyen", "approver@huyen", "unit_officer@huyen", "auditor@tinh")
OTHERS = [
    "standing_council@bo",
    *(
        f"{role}@{place}"
        for role, place in product(
            ("standing_council", "approver", "unit_officer", "machine_client"), ("tinh", "xa")
        )
    ),
]

REFUSED = {401, 403, 404, 409, 412, 428}


class Rehearsal(Exception):  # noqa: N818 - it is no error
    """The transaction is over, and is taken back."""


class RehearsingDatabase(Database):
    """A database in which nothing lasts."""

    @asynccontextmanager
    async def transaction(
        self, actor: Actor | None = None, *, read_only: bool = False, brief: bool = False
    ) -> AsyncIterator[AsyncSession]:
        try:
            async with super().transaction(actor, read_only=read_only, brief=brief) as session:
                yield session
                raise Rehearsal  # noqa: TRY301 - the block above takes back what was done
        except Rehearsal:
            pass


@pytest.fixture(scope="module")
async def moved(client: Client, scene: Scene) -> Json:
    """The world, in which more waits for somebody: proposals, a quota, a nomination that was returned."""
    units, ids = scene.facts["units"], scene.facts["ids"]

    async def act(reader: str, path: str, name: str, body: Json | None = None) -> Json:
        headers = as_reader(reader)
        etag = (await client.get(path, headers=headers)).headers["ETag"]
        answer = await client.post(f"{path}/{name}", body, headers={**headers, "If-Match": etag})
        found: Json = answer.json()
        return found

    council = "standing_council@huyen"
    for relation, place in (("own", "huyen"), ("below", "xa"), ("beside", "huyen-ben")):
        await act(f"standing_council@{place}", f"/v1/sizings/{ids[relation]['sizing_id']}", "proposal")
    await act("approver@xa", f"/v1/sizings/{ids['below']['sizing_id']}", "approval")
    await act(council, f"/v1/allocations/{ids['own']['allocation_id']}", "proposal")
    await act(council, f"/v1/selections/{ids['own']['selection_id']}", "proposal")
    await act(council, f"/v1/nominations/{ids['below']['nomination_id']}", "return", {"reason": "Sửa lại"})
    given = {"unit": units["xa-hai"], "group": "dien-hinh", "seats": 2, "document": document("7")}
    await client.post(
        f"/v1/conferences/{ids['own']['conference_id']}/quotas", given, headers=as_reader(council)
    )
    guest = f"/v1/invitations/{ids['own']['invitation_id']}"
    await act(council, guest, "reply", {"reply": "invited", "on": today().isoformat()})
    return scene.facts


def as_reader(reader: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {reader}"}


async def list_tasks(client: Client, reader: str, **query: Any) -> list[Json]:
    """All tasks of a reader, page by page."""
    items: list[Json] = []
    params = {"limit": "200", **query}
    while True:
        page = (await client.get("/v1/me/tasks", params=params, headers=as_reader(reader))).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]


NEWEST = "n = max(n) OVER (PARTITION BY conference) AS newest"
LISTED = "EXISTS (SELECT FROM selection s WHERE s.conference = q.conference AND s.state = 'adopted')"

TABLES = {
    TaskSubject.PLAN_VERSION: "SELECT id, version, state, plan, n FROM plan_version",
    TaskSubject.UNIT_IMPORT: "SELECT id, version, state FROM unit_import",
    TaskSubject.CONFERENCE: "SELECT c.id, c.version, c.state, s.step, s.kind FROM conference c"
    " JOIN conference_step s ON s.conference = c.id WHERE s.done_on IS NULL",
    TaskSubject.SIZING: f"SELECT id, version, state, {NEWEST} FROM sizing",
    TaskSubject.ALLOCATION: f"SELECT id, version, state, {NEWEST} FROM allocation",
    TaskSubject.QUOTA: 'SELECT id, version, nominated, taken, conference, unit, "group",'
    f" entered IS NOT NULL AS waits, NOT {LISTED} AND seats > nominated + distributed AS open FROM quota q",
    TaskSubject.NOMINATION: f"SELECT id, version, CASE WHEN {LISTED} THEN '' ELSE state END AS state"
    " FROM nomination q",
    TaskSubject.INVITATION: "SELECT id, version, reply AS state FROM invitation",
    TaskSubject.SELECTION: f"SELECT id, version, state, {NEWEST} FROM selection",
}
"""Every thing that may be the subject of a task, as it is stored. Of versions that were left for a newer one
nothing is asked, nor of the nominees for a list that is adopted."""

STEP_KINDS = {TaskKind.FILE_PLAN: "plan", TaskKind.HOLD_MEETING: "meeting"}


async def list_candidates(database: Database) -> list[tuple[TaskKind, Json]]:
    """Every act that the tables of acts allow somebody: the task that it would be, and the row."""
    found: list[tuple[TaskKind, Json]] = []
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        for subject, query in TABLES.items():
            for row in await fetch_rows(session, text(query)):
                told = dict(row._mapping)
                found += [(kind, told) for kind in list_kinds(subject) if waits_for(kind, told)]
    return found


def waits_for(kind: TaskKind, row: Json) -> bool:
    """Whether a row is in a state from which the act leads on."""
    subject = TASK_RULES[kind].subject
    if subject is TaskSubject.QUOTA:
        return bool(row["waits"]) if kind is TaskKind.CONFIRM_QUOTA else bool(row["open"])
    if subject is TaskSubject.CONFERENCE and STEP_KINDS.get(kind) != row["kind"]:
        return False
    if TASK_RULES[kind].newest_only and not row["newest"]:
        return False
    return row["state"] in TASK_RULES[kind].states


def address(kind: TaskKind, row: Json) -> str:
    """Where the act is done."""
    rule = TASK_RULES[kind]
    if rule.subject is TaskSubject.PLAN_VERSION:
        return f"/v1/plans/{row['plan']}/versions/{row['n']}/publication"
    if kind is TaskKind.NOMINATE:
        return f"/v1/conferences/{row['conference']}/nominations"
    return f"/v1/{rule.subject}s/{row['id']}/{rule.act_path}"


def body(kind: TaskKind, row: Json) -> Json:
    """What the act needs."""
    now = today().isoformat()
    bodies: dict[TaskKind, Json] = {
        TaskKind.FILE_PLAN: {"deadline": row.get("step"), "on": now},
        TaskKind.HOLD_MEETING: {"on": now, "reason": "Thử nghiệm"},
        TaskKind.ADOPT_SIZING: decision("90"),
        TaskKind.ADOPT_ALLOCATION: decision("91"),
        TaskKind.ADOPT_SELECTION: decision("92"),
        TaskKind.NOMINATE: nominee(
            str(row.get("unit")), row.get("group") or "", source_document="Công văn 1"
        ),
        TaskKind.INVITE_GUEST: {"reply": "invited", "on": now},
        TaskKind.RECORD_REPLY: {"reply": "accepted", "on": now},
    }
    return bodies.get(kind, {})


async def rehearse(client: Client, reader: str, kind: TaskKind, row: Json) -> bool:
    """Whether the reader may do it: the service does it, and takes it back."""
    version = row["version"]
    if TASK_RULES[kind].subject is TaskSubject.QUOTA:
        version = number_state(version, row["nominated"], row["taken"])
    etag = {} if kind is TaskKind.NOMINATE else {"If-Match": compute_row_etag(row["id"], version)}
    key = {"Idempotency-Key": f"{reader}-{kind}-{row['id']}-{row.get('step')}"}
    headers = {**as_reader(reader), **etag, **key}
    answer = await client.http.post(address(kind, row), json=body(kind, row), headers=headers)
    unseen = answer.status_code == 422 and answer.json()["code"] == "unit_not_found"
    assert unseen or answer.status_code in REFUSED | {201}, (kind, answer.text)
    return answer.status_code == 201


async def expect_told(database: Database, facts: Json, reader: str) -> None:
    """The reader is told of what the reader may do, with the right ETag."""
    rehearsing = RehearsingDatabase(database.url)
    app = create_app(SETTINGS, rehearsing, Vault(bytes(range(32))), identify(facts["units"]))
    async with connect_client(app, with_worker=False) as client:
        allowed = {
            (kind.value, str(row["id"]), str(row.get("step") or ""))
            for kind, row in await list_candidates(database)
            if await rehearse(client, reader, kind, row)
        }
        told = await list_tasks(client, reader, below="true")
        own = await list_tasks(client, reader)
        for each in told:
            read = await client.get(each["path"], headers=as_reader(reader))
            assert read.headers["ETag"] == each["etag"], each
    await rehearsing.close()
    found = {(each["kind"], each["subject"], each["step"] or "") for each in told}
    assert found - allowed == set(), "told of what cannot be done"
    assert allowed - found == set(), "not told of"
    assert len(found) == len(told)
    assert [each for each in told if each in own] == own


@pytest.mark.parametrize("reader", READERS)
async def test_tasks_are_what_the_tables_of_acts_allow(database: Database, moved: Json, reader: str) -> None:
    await expect_told(database, moved, reader)


@pytest.mark.slow
@pytest.mark.parametrize("reader", OTHERS)
async def test_tasks_of_all_others_are_what_the_tables_of_acts_allow(
    database: Database, moved: Json, reader: str
) -> None:
    await expect_told(database, moved, reader)


async def test_a_task_says_what_has_to_be_done_by_when_and_why(client: Client, moved: Json) -> None:
    officer = as_reader("unit_officer@huyen")
    query = {"kind": ["file_plan", "hold_meeting"]}
    english = {**officer, "Accept-Language": "en"}
    filing, meeting = (await client.get("/v1/me/tasks", params=query, headers=english)).json()["items"]
    assert (filing["kind"], filing["due"], filing["clause"], filing["step"]) == (
        *("file_plan", "2030-01-31", "i"),
        "ke-hoach",
    )
    assert filing["detail"] == (
        "“Đơn vị huyen” sends what its plan needs: Gửi kế hoạch. Last day: 31 January 2030."
    )
    assert filing["act_path"] == f"/v1/conferences/{moved['ids']['own']['conference_id']}/filings"
    assert (meeting["kind"], meeting["due"]) == ("hold_meeting", "2030-06-30")
    vietnamese = (await client.get("/v1/me/tasks", params=query, headers=officer)).json()["items"]
    assert vietnamese[0]["detail"] == "“Đơn vị huyen”: Gửi kế hoạch. Hạn cuối: 31/01/2030."


async def test_what_has_to_be_done_before_the_meeting_is_due_when_it_meets(
    client: Client, moved: Json
) -> None:
    reader = as_reader("approver@huyen")
    tasks = (await client.get("/v1/me/tasks?kind=approve_selection", headers=reader)).json()["items"]
    assert [(each["due"], each["clause"]) for each in tasks] == [("2030-06-30", "i")]


async def test_tasks_are_paged_by_due_day_and_filtered(client: Client, moved: Json) -> None:
    reader = "standing_council@huyen"
    told = await list_tasks(client, reader, below="true")
    days = [each["due"] or "9999" for each in told]
    assert days == sorted(days)
    assert await list_tasks(client, reader, below="true", limit="2") == told
    soon = await list_tasks(client, reader, below="true", due_before="2030-02-01")
    assert soon == [each for each in told if each["kind"] == "file_plan"]
    assert await list_tasks(client, reader, overdue="true") == []


async def test_nobody_is_told_of_what_they_proposed_themselves(client: Client, moved: Json) -> None:
    """The council that proposed is not asked to approve; the auditor changes nothing: nothing is to do."""
    kinds = {each["kind"] for each in await list_tasks(client, "standing_council@huyen", below="true")}
    assert not {each for each in kinds if each.startswith(("approve", "adopt", "confirm_quota"))}
    assert await list_tasks(client, "auditor@huyen", below="true") == []


async def test_tasks_are_read_in_three_statements(client: Client, database: Database, moved: Json) -> None:
    """However many there are: the tasks, the names of the units, the names of the people."""
    sent: list[str] = []
    engine = database.engine.sync_engine
    log = lambda connection, cursor, statement, *rest: sent.append(statement)  # noqa: E731
    event.listen(engine, "before_cursor_execute", log)
    await client.get("/v1/me/tasks?below=true", headers=as_reader("standing_council@huyen"))
    event.remove(engine, "before_cursor_execute", log)
    assert len([each for each in sent if not each.startswith(("SET", "SELECT set_config"))]) == 3
