"""The local service as processes: a supervisor with PostgreSQL, the API and a worker; and commands beside."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedServer, find_shared_server
from tests.local_service import (
    PATIENCE,
    ROOT,
    Served,
    build_environment,
    connect,
    find_free_port,
    is_alive,
    lend_folder,
    run_command,
    serve,
)

TINY = {"method": "sainte_lague", "seats": 3, "units": [{"id": "a", "weight": 2}, {"id": "b", "weight": 1}]}
KEY = ("access", "key", "auditor", "thu-nghiem", "--name", "Người Thử Nghiệm", "--source", "thử nghiệm")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A folder whose first start is over."""
    with lend_folder() as folder:
        with serve(folder):
            pass
        yield folder


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    """The service, for tests that leave it running."""
    with serve(data) as served:
        yield served


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [("audit", "verify"), ("audit", "export"), KEY, ("migrate",), ("retention", "preview", "soc-trang-v")],
)
def test_commands_join_the_running_service(served: Served, words: tuple[str, ...]) -> None:
    done = served.run_command(*words)
    if words[0] == "retention":  # nobody has set one: what the rules say, not that the folder is held
        assert "is in use" not in done.stderr
        assert (done.returncode, "retention" in done.stderr) == (2, True), done.stderr
    else:
        assert (done.returncode, done.stderr) == (0, "")
    assert is_alive(served)


@pytest.mark.slow
def test_a_command_sees_what_the_service_stored_at_once(served: Served) -> None:
    plan = (ROOT / "examples" / "plans" / "hai_phong_2020.yaml").read_bytes()
    headers = {"Idempotency-Key": "a-plan", "Content-Type": "application/yaml"}
    with connect(served) as http:
        made = http.post("/v1/plans", content=plan, headers=headers)
    assert made.status_code == 201, made.text
    assert f"{made.json()['id']} 1 " in served.run_command("audit", "verify").stdout


@pytest.mark.slow
async def test_the_service_is_connected_as_a_role_that_owns_nothing(served: Served) -> None:
    assert is_alive(served)
    shared = find_shared_server(served.data / "postgres")
    assert shared is not None
    engine = create_async_engine(shared.build_url())
    async with engine.connect() as connection:
        query = (
            "SELECT DISTINCT usename FROM pg_stat_activity"
            " WHERE datname = 'daibieu' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        assert [*(await connection.execute(text(query))).scalars()] == ["daibieu_service"]
    await engine.dispose()


@pytest.mark.slow
def test_a_second_service_over_the_folder_is_refused(served: Served) -> None:
    second = run_command(served.data, "serve", DAIBIEU_PORT=str(find_free_port()))
    assert second.returncode == 2
    assert f"is in use: process {served.process.pid} runs a PostgreSQL over it" in second.stderr
    assert "another data folder" in second.stderr
    assert is_alive(served)


@pytest.mark.slow
def test_the_child_command_is_for_the_service_alone(tmp_path: Path) -> None:
    done = run_command(tmp_path, "child", "api")
    assert (done.returncode, "for `serve` alone" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_terminal_shows_the_keys_at_the_first_start_only(tmp_path: Path) -> None:
    shown = [_print_on_terminal(tmp_path) for _ in range(2)]
    for who in ("officer", "approver"):
        key = (tmp_path / f"{who}.key").read_text().strip()
        assert [f"the {who}'s key: {key}" in printed for printed in shown] == [True, False]
        assert all(f"the {who}'s key is in {tmp_path / f'{who}.key'}" in printed for printed in shown)
    assert "daibieu_" not in shown[1]


def _print_on_terminal(data: Path) -> str:
    """What the service prints on a terminal until it serves, and until Ctrl-C is typed there."""
    screen, terminal = pty.openpty()
    environ = build_environment(data, DAIBIEU_PORT=str(find_free_port()), COLUMNS="300", TERM="dumb")
    with subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve"],
        cwd=ROOT,
        env=environ,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as server:
        os.close(terminal)
        printed = ""
        while "serving on" not in printed:
            printed += os.read(screen, 65536).decode(errors="replace")
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0
    os.close(screen)
    return printed


@pytest.mark.slow
def test_with_a_database_of_ones_own_no_folder_is_needed(tmp_path: Path) -> None:
    """The folder is made for the keys, where the service is started, and it says so."""
    key = tmp_path / "elsewhere.key"
    key.write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    folder = tmp_path / "new" / "folder"
    with EmbeddedServer.start(tmp_path / "server", fast=True) as own:
        url = own.build_url()
        with serve(folder, DAIBIEU_DATABASE_URL=url, DAIBIEU_MASTER_KEY_FILE=str(key)) as served:
            assert f"the officer's key is in {folder / 'officer.key'}" in served.printed
            assert f"the master key is in {key}" in served.printed
            with connect(served) as http:
                assert http.post("/v1/apportionments", json=TINY).status_code == 200
    assert sorted(each.name for each in folder.iterdir()) == ["approver.key", "officer.key"]
