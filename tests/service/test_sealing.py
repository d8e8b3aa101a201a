"""What may hurt somebody: nowhere in the open, bound to its row, opened by one key only."""

import asyncio
import json
import stat
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.people import Person
from db.session import Database, allow_unsealing
from domain.access import Access, Actor
from service import people, vaults
from service.people import PersonEntry
from service.sealed_attributes import open_attributes
from service.settings import SettingError, Settings
from service.vaults import Vault
from tests.client import Client
from tests.works import make_work

SECRETS = {"ethnicity": "dan-toc-khong-co", "religion": "dao-khong-co", "party_member": "dang-vien-khong-co"}
ACTOR = Actor.for_command_line()


async def enter(database: Database, vault: Vault, **attributes: str) -> UUID:
    async with database.transaction(ACTOR) as session:
        stated = PersonEntry("Người thử nghiệm 1", 1980, attributes=attributes)
        return (await people.enter_person(make_work(session, ACTOR, vault=vault), stated)).id


async def correct(database: Database, vault: Vault, person: UUID, **attributes: str) -> None:
    async with database.transaction(ACTOR) as session:
        row = await session.get_one(Person, person)
        await people.correct_person(
            make_work(session, ACTOR, vault=vault),
            row,
            PersonEntry("Người thử nghiệm 1", attributes=attributes),
        )


async def opened(database: Database, vault: Vault, *persons: UUID) -> dict[UUID, dict[str, str]]:
    async with database.transaction(ACTOR, read_only=True) as session:
        found = await open_attributes(make_work(session, ACTOR, vault=vault), persons)
        return {person: dict(values) for person, values in found.values.items()}


async def execute(database: Database, statement: str, **params: object) -> None:
    async with database.transaction(ACTOR) as session:
        await (await session.connection()).execute(text(statement), params)


async def boxes(database: Database) -> list[bytes]:
    async with database.transaction(ACTOR, read_only=True) as session:
        found = await (await session.connection()).execute(text("SELECT sealed FROM person_sealed"))
        return list(found.scalars())


async def dumped(postgres: EmbeddedServer, database: Database) -> str:
    """Everything that a backup of the database holds."""
    where = ["-h", postgres.socket, "-p", PORT, "-U", "postgres", "-d", database.engine.url.database]
    command = [str(word) for word in (postgres.programs / "pg_dump", *where)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    written, _ = await process.communicate()
    assert process.returncode == 0
    return written.decode()


async def test_who_holds_the_key_reads_what_was_stated(database: Database, vault: Vault) -> None:
    first = await enter(database, vault, **SECRETS, gender="female")
    second = await enter(database, vault, religion="dao-khac")
    assert await opened(database, vault, first, second) == {first: SECRETS, second: {"religion": "dao-khac"}}
    assert await opened(database, vault) == {}


async def test_a_correction_replaces_all_that_was_sealed(database: Database, vault: Vault) -> None:
    person = await enter(database, vault, **SECRETS)
    await correct(database, vault, person, ethnicity="dan-toc-khac")
    assert await opened(database, vault, person) == {person: {"ethnicity": "dan-toc-khac"}}


async def test_a_backup_and_the_servers_log_hold_nothing_that_is_sealed(
    postgres: EmbeddedServer, database: Database, vault: Vault
) -> None:
    person = await enter(database, vault, **SECRETS, gender="female")
    await correct(database, vault, person, **SECRETS)
    dump = await dumped(postgres, database)
    kept = dump + (postgres.place / "log").read_text()
    assert "Người thử nghiệm 1" in dump, "the dump does hold what is open"
    for secret in (*SECRETS.values(), json.dumps(SECRETS, sort_keys=True)):
        written = secret.encode()
        for form in (secret, written.hex(), b64encode(written).decode(), sha256(written).hexdigest()):
            assert form not in kept
    assert vault.master.hex() not in kept
    assert b64encode(vault.master).decode() not in kept


async def test_a_stored_request_tells_nothing_to_who_guesses_at_it(
    postgres: EmbeddedServer, database: Database, client: Client
) -> None:
    """Its digest outlives it: without a key, 54 peoples and a few religions are quickly tried one by one."""
    plan = await client.plan("kim_bang_2025")
    units = await client.units("kim_bang")
    opening = {
        "plan": plan["id"],
        "congress": "ha-nam-xii",
        "unit": units["huyen-kim-bang"],
        "tier": "district",
    }
    conference = (await client.post("/v1/conferences", opening)).json()
    person = {"name": "Người thử nghiệm 1", "birth_year": 1980, "ethnicity": "47", "religion": "dao-khong-co"}
    body = {
        "unit": units["thi-tran-que--huyen-kim-bang"],
        "group": "dien-hinh",
        "person": person,
        "notice": "2025-01",
        "purpose": "delegate-selection",
    }
    path = f"/v1/conferences/{conference['id']}/nominations"
    content = json.dumps(body).encode()
    await client.post(path, content, headers={"Content-Type": "application/json"})
    dump = await dumped(postgres, database)
    assert "dao-khong-co" not in dump
    assert sha256(content).hexdigest() not in dump
    assert sha256(f"POST {path}?\n".encode() + content).hexdigest() not in dump


async def test_a_box_tells_nothing_by_its_size(database: Database, vault: Vault) -> None:
    await enter(database, vault)
    await enter(database, vault, party_member="yes")
    await enter(database, vault, party_member="no")
    await enter(database, vault, **SECRETS)
    assert len({len(box) for box in await boxes(database)}) == 1


async def test_what_is_sealed_twice_looks_different(database: Database, vault: Vault) -> None:
    person = await enter(database, vault, **SECRETS)
    before = await boxes(database)
    await correct(database, vault, person, **SECRETS)
    assert await boxes(database) != before


@pytest.mark.parametrize("access", [Access.NOMINATIONS_WRITE, None])
async def test_boxes_are_open_no_longer_than_they_are_written_again(
    database: Database, access: Access | None
) -> None:
    """For an actor who may not read what is sealed; the service itself goes on reading."""
    scopes = frozenset({Access.NOMINATIONS_WRITE})
    actor = replace(ACTOR.narrow_to_scopes(scopes), access=access)
    setting = text("SELECT coalesce(current_setting('daibieu.sealed', true), '')")
    async with database.transaction(actor) as session:
        connection = await session.connection()
        before = (await connection.execute(setting)).scalar_one()
        async with allow_unsealing(session):
            assert (await connection.execute(setting)).scalar_one() == "on"
        assert (await connection.execute(setting)).scalar_one() == before
    assert before == ("on" if access is None else "")


async def test_another_master_key_opens_nothing(database: Database, vault: Vault) -> None:
    person = await enter(database, vault, **SECRETS)
    other = Vault(bytes(32))
    assert await opened(database, other, person) == {}
    assert other.unreadable == {"attributes": 1}


MOVED = {
    "the box alone": "UPDATE person_sealed SET sealed = other.sealed FROM person_sealed AS other"
    " WHERE person_sealed.person = :victim AND other.person = :other",
    "the box and its key": "UPDATE person_sealed SET (sealed, key_id) = (other.sealed, other.key_id)"
    " FROM person_sealed AS other WHERE person_sealed.person = :victim AND other.person = :other",
    "both boxes": "UPDATE person_sealed SET (sealed, key_id) = (other.sealed, other.key_id)"
    " FROM person_sealed AS other WHERE person_sealed.person <> other.person",
    "the wrapped key": "UPDATE person_key SET wrapped = other.wrapped FROM person_key AS other"
    " WHERE person_key.id <> other.id",
    "one bit": "UPDATE person_sealed SET sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200))",
    "one bit of the nonce": "UPDATE person_sealed SET sealed = set_bit(sealed, 0, 1 - get_bit(sealed, 0))",
    "one bit of the key": "UPDATE person_key SET wrapped = set_bit(wrapped, 200, 1 - get_bit(wrapped, 200))",
    "the end": "UPDATE person_sealed SET sealed = substr(sealed, 1, 40)",
}


@pytest.mark.parametrize("moved", MOVED)
async def test_what_was_moved_or_changed_does_not_open(database: Database, vault: Vault, moved: str) -> None:
    victim = await enter(database, vault, religion="dao-a")
    other = await enter(database, vault, religion="dao-b")
    params = {
        name: value for name, value in (("victim", victim), ("other", other)) if f":{name}" in MOVED[moved]
    }
    await execute(database, MOVED[moved], **params)
    assert victim not in await opened(database, vault, victim)
    assert vault.unreadable["attributes"] == 1


async def test_two_who_state_something_of_one_person_at_once_leave_one_box_that_opens(
    database: Database, vault: Vault
) -> None:
    person = await enter(database, vault)
    stated = [{"religion": f"dao-{n}"} for n in range(6)]
    await asyncio.gather(*(correct(database, vault, person, **each) for each in stated))
    assert (await opened(database, vault, person))[person] in stated


def test_keys_for_other_purposes_are_keys_of_their_own(vault: Vault) -> None:
    keys = [vault.master, *(vault.derive_key(purpose) for purpose in ("answers", "cursors"))]
    assert len(set(keys)) == 3
    assert vault.name not in vault.master.hex()
    assert vault.master.hex() not in repr(vault)
    assert repr(vault.master) not in repr(vault)


def test_the_key_of_a_local_installation_is_made_once_and_closed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = vaults.build_vault(settings)
    file = tmp_path / "data" / "master.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert vaults.build_vault(settings) == first
    assert len(first.master) == 32


def test_a_server_makes_up_no_key(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="DAIBIEU_MASTER_KEY_FILE"):
        vaults.build_vault(Settings(mode="server"))
    with pytest.raises(SettingError, match="there is no file"):
        vaults.build_vault(Settings(mode="server", master_key_file=tmp_path / "missing"))
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("content", [b"", b"short", b64encode(bytes(31)), b64encode(bytes(33)), b"\xff" * 44])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SettingError, match="32 bytes in base64"):
        vaults.build_vault(Settings(mode="server", master_key_file=tmp_path / "key"))
