"""What the operator does with personal data: keeps it until a day, erases it then, changes the master key."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.app import create_app
from api.cli.serving import _open_vault
from db.embedded import EmbeddedServer
from db.session import AsyncSession, Database
from domain.access import Actor
from domain.findings import Conflict, NotFound
from service import key_rotation, people, retention
from service.clock import today
from service.people import PersonEntry
from service.sealed_attributes import open_attributes
from service.settings import SettingError, Settings
from service.vaults import Vault, find_master_key_file, read_vault
from tests.access.test_traces import in_thread
from tests.access.test_twins import known
from tests.access.world import A, B
from tests.conftest import SETTINGS, connect_client
from tests.databases import lent
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, nominee
from tests.works import make_work

ME = Actor.for_command_line()
OLD, NEW = Vault(bytes(range(32))), Vault(bytes(range(1, 33)))
YESTERDAY, TOMORROW = today() - timedelta(days=1), today() + timedelta(days=1)


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The two master keys in files, the old one in use."""
    found = {}
    for name, vault in (("old", OLD), ("new", NEW)):
        found[name] = tmp_path / f"{name}.key"
        found[name].write_bytes(b64encode(vault.master))
    monkeypatch.setenv("DAIBIEU_MASTER_KEY_FILE", str(found["old"]))
    return found


class PowerFails(Exception):  # noqa: N818 - reads as what happens
    """In the middle of something."""


@asynccontextmanager
async def cut_off(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction in which the power fails at the end."""
    with suppress(PowerFails):
        async with database.transaction(ME) as session:
            yield session
            raise PowerFails


async def asked(session: AsyncSession, query: str, **params: object) -> Any:
    return (await (await session.connection()).execute(text(query), params)).scalars().all()


async def left(database: Database) -> int:
    async with database.transaction(ME, read_only=True) as session:
        return len(await asked(session, "SELECT id FROM person WHERE erased_at IS NULL"))


async def kept(database: Database, congress: str, until: Any) -> None:
    async with database.transaction(ME) as session:
        await retention.set_retention(make_work(session, ME), congress, until, "Quy định thử nghiệm số 1")


# --- retention


async def test_nothing_is_erased_before_the_time_is_over(database: Database) -> None:
    async with database.transaction(ME) as session:
        with pytest.raises(NotFound):
            await retention.erase_batch(make_work(session, ME, vault=OLD), A)
    for until in (today(), TOMORROW):
        await kept(database, A, until)
        async with database.transaction(ME) as session:
            with pytest.raises(Conflict) as refused:
                await retention.erase_batch(make_work(session, ME, vault=OLD), A)
        assert refused.value.code == "retention_not_over"


async def test_what_the_preview_counts_is_erased_part_by_part(database: Database) -> None:
    await kept(database, A, YESTERDAY)
    async with database.transaction(ME, read_only=True) as session:
        told = await retention.preview_erasure(make_work(session, ME, vault=OLD), A)
        rows = await asked(session, "SELECT count(*) FROM nomination")
    before = await left(database)
    assert told.over
    assert (told.staying, told.persons > 4, told.lines) == (0, True, told.persons)
    async with database.transaction(ME) as session:
        assert len(await retention.erase_batch(make_work(session, ME, vault=OLD), A, 3)) == 3
    async with cut_off(database) as session:
        assert len(await retention.erase_batch(make_work(session, ME, vault=OLD), A, 3)) == 3
    assert before - await left(database) == 3, "what was not committed is not lost"
    async with database.transaction(ME) as session:
        assert (
            len(await retention.erase_batch(make_work(session, ME, vault=OLD), A, 1000)) == told.persons - 3
        )
        assert await retention.erase_batch(make_work(session, ME, vault=OLD), A, 1000) == []
        assert (await retention.preview_erasure(make_work(session, ME, vault=OLD), A)).persons == 0
        assert await asked(session, "SELECT count(*) FROM nomination") == rows
    assert before - await left(database) == told.persons


async def test_who_is_needed_for_another_congress_stays(database: Database, scene: Scene) -> None:
    """Until that one's time is over too; and as long as nobody has said when that is."""
    query = "UPDATE nomination SET person = (SELECT person FROM nomination WHERE id = :one) WHERE id = :other"
    one, other = (scene.facts["ids"][name]["draft_id"] for name in ("own", "elsewhere"))
    async with database.transaction(ME) as session:
        await (await session.connection()).execute(text(query), {"one": one, "other": other})
    await kept(database, A, YESTERDAY)
    for until, staying in ((None, 1), (TOMORROW, 1), (YESTERDAY, 0)):
        if until is not None:
            await kept(database, B, until)
        async with database.transaction(ME, read_only=True) as session:
            assert (await retention.preview_erasure(make_work(session, ME, vault=OLD), A)).staying == staying


async def test_who_was_replaced_is_not_forgotten(database: Database, scene: Scene) -> None:
    """No line names them any more; what was said of them is there all the same."""
    await kept(database, A, YESTERDAY)
    async with database.transaction(ME, read_only=True) as session:
        before = (await retention.preview_erasure(make_work(session, ME, vault=OLD), A)).persons
    app = create_app(SETTINGS, database, OLD, known(scene.facts["units"]))
    officer = {"Authorization": "Bearer unit_officer@huyen"}
    async with connect_client(app) as client:
        path = f"/v1/conferences/{scene.facts['ids']['above']['conference_id']}/nominations"
        body = nominee(scene.facts["units"]["huyen"], collective="Tổ thử nghiệm")
        draft = await client.post(path, body, headers=officer)
        other = {"person": {"name": "Người thử nghiệm Thay"}, "reason": "Bị ốm"}
        headers = {**officer, "If-Match": draft.headers["ETag"]}
        await client.post(f"/v1/nominations/{draft.json()['id']}/representative", other, headers=headers)
    async with database.transaction(ME) as session:
        assert (await retention.preview_erasure(make_work(session, ME, vault=OLD), A)).persons == before + 2
        erased = await retention.erase_batch(make_work(session, ME, vault=OLD), A, 1000)
        assert draft.json()["person"]["id"] in {str(person.id) for person in erased}


async def test_the_commands_say_what_they_do(
    database: Database, monkeypatch: pytest.MonkeyPatch, files: dict[str, Path]
) -> None:
    day = YESTERDAY.isoformat()
    run = (monkeypatch, database, "retention")
    assert (await in_thread(*run, "set", A, "--until", day, "--source", "Quy định 1"))[0] == 0
    _, preview, _ = await in_thread(*run, "preview", A)
    assert f"{A}: kept until {day}, which is over" in preview
    number = int(preview.split("people to be erased: ")[1].split(",")[0])
    status, told, progress = await in_thread(*run, "apply", A, "--part", "4")
    assert (status, told) == (0, f"{A}: {number} people erased\n")
    assert progress.startswith("4 people erased\n")
    async with database.transaction(ME, read_only=True) as session:
        said = "SELECT changes FROM audit_event WHERE act = 'retention_applied'"
        assert await asked(session, said) == [{"persons": number}]


# --- the master key


async def entered(database: Database, vault: Vault, number: int) -> list[UUID]:
    async with database.transaction(ME) as session:
        return [
            (
                await people.enter_person(
                    make_work(session, ME, vault=vault),
                    PersonEntry(f"Người thử nghiệm {n}", attributes=SECRET),
                )
            ).id
            for n in range(number)
        ]


SECRET = {"religion": "dao-khong-co"}


async def readable(database: Database, vault: Vault, persons: list[UUID]) -> bool:
    async with database.transaction(ME, read_only=True) as session:
        found = await open_attributes(make_work(session, ME, vault=vault), persons)
        return all(found.get_values(person) == SECRET for person in persons)


async def test_interrupted_anywhere_everything_is_still_read_by_both_keys(database: Database) -> None:
    persons, both = await entered(database, OLD, 4), Vault(OLD.master, NEW)
    rounds = 0
    while True:
        async with cut_off(database) as session:
            await key_rotation.rewrap_keys(session, OLD, NEW, 9)
        assert await readable(database, both, persons)
        async with database.transaction(ME) as session:
            if not await key_rotation.rewrap_keys(session, OLD, NEW, 9):
                break
        rounds += 1
        assert await readable(database, both, persons)
    assert rounds > 1
    later = await entered(database, both, 1)
    assert await readable(database, NEW, [*persons, *later]), "the new key alone is enough"
    assert not await readable(database, OLD, persons), "the old one opens nothing any more"
    async with database.transaction(ME, read_only=True) as session:
        assert await key_rotation.count_waiting_keys(session, NEW) == {}


async def test_the_command_goes_on_where_it_was_and_says_when_none_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch, files: dict[str, Path]
) -> None:
    async with database.transaction(ME) as session:
        await key_rotation.rewrap_keys(session, OLD, NEW, 3)
        (waiting,) = (await key_rotation.count_waiting_keys(session, NEW)).values()
    status, told, progress = await in_thread(
        monkeypatch, database, "keys", "rotate", "--to", str(files["new"]), "--part", "5"
    )
    assert status == 0
    assert f"{waiting} keys encrypted again, none is left under {OLD.name}" in told
    assert progress.startswith("5 keys encrypted again\n")
    async with database.transaction(ME, read_only=True) as session:
        (said,) = await asked(session, "SELECT changes FROM audit_event WHERE act = 'keys_rotated'")
    assert said == {"from": OLD.name, "to": NEW.name, "keys": waiting}


async def test_the_same_key_is_no_new_one(
    database: Database, monkeypatch: pytest.MonkeyPatch, files: dict[str, Path]
) -> None:
    status, *_ = await in_thread(monkeypatch, database, "keys", "rotate", "--to", str(files["old"]))
    assert status != 0


async def test_an_answer_under_the_old_key_is_not_worked_again(database: Database, scene: Scene) -> None:
    told: dict[str, Json] = scene.facts
    body = {"subject": "x", "name": "Người thử nghiệm", "role": "auditor", "source": "x"}
    headers = {"Authorization": "Bearer approver@huyen", "Idempotency-Key": "once"}
    where = {"unit": told["units"]["huyen"], "congress": A, "purpose": "x"}
    for vault, status in ((OLD, 201), (NEW, 409)):
        app = create_app(SETTINGS, database, vault, known(told["units"]))
        async with connect_client(app) as client:
            answer = await client.post("/v1/service_keys", {**body, **where}, status, headers=headers)
    assert answer.json()["code"] == "idempotency_answer_unreadable"


def test_a_key_file_is_told_by_its_name_alone(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refused:
        read_vault(tmp_path / "missing.key")
    assert os.fspath(tmp_path) not in str(refused.value)


async def test_a_service_does_not_start_with_another_key_than_the_database(
    database: Database, files: dict[str, Path], tmp_path: Path
) -> None:
    """A new data folder, or the wrong file: a second key would seal what nobody with the first can open."""
    settings = Settings(master_key_file=files["old"])
    assert (await _open_vault(settings, database)).name == OLD.name
    both = Settings(master_key_file=files["new"], next_master_key_file=files["old"])
    assert (await _open_vault(both, database)).name == NEW.name
    with pytest.raises(SettingError, match=OLD.name):
        await _open_vault(Settings(master_key_file=files["new"]), database)
    assert files["new"].exists(), "it is the operator's file"
    with pytest.raises(SettingError, match="DAIBIEU_MASTER_KEY_FILE"):
        await _open_vault(Settings(data=tmp_path / "fresh"), database)
    assert list((tmp_path / "fresh").iterdir()) == []


async def test_an_empty_database_takes_any_key(postgres: EmbeddedServer, tmp_path: Path) -> None:
    async with lent(postgres, "migrated") as database:
        vault = await _open_vault(Settings(data=tmp_path / "fresh"), database)
    assert find_master_key_file(Settings(data=tmp_path / "fresh")).exists()
    assert vault.following is None
