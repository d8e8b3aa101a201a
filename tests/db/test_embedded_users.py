"""As whom the private PostgreSQL runs when root starts it, whose its data are, and who may connect."""

import asyncio
import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from api.cli import supervisor
from db.embedded import EmbeddedServer, EmbeddedServerError, data, process, users
from db.embedded.folders import PORT, SOCKET_NAME
from db.migration import upgrade_database
from db.session import APPLICATION_ROLE

pytestmark = pytest.mark.slow  # starts and ends servers by the dozen

MEMORY = Path("/dev/shm")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory(prefix="users-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(tmp_path_factory.mktemp("users"), fast=True) as embedded:
        yield embedded


def ask(embedded: EmbeddedServer, sql: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """What psql answers, as another user of this machine if one is given."""
    where = ["-h", str(embedded.socket), "-U", "postgres", "-d", "postgres", "-c", sql]
    command = [str(embedded.programs / "psql"), "-XAtqw", *where]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", **more)


def find_runner(embedded: EmbeddedServer) -> int:
    """The user of the server's process."""
    number = (embedded.place / "pg" / "postmaster.pid").read_text().split()[0]
    return Path(f"/proc/{number}").stat().st_uid


def find_owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}


def give_away(folder: Path, user: int) -> None:
    """As if the data had been made by an older version, which ran as that user."""
    for path in (folder / "pg", *(folder / "pg").rglob("*"), folder / "socket"):
        os.chown(path, user, -1, follow_symlinks=False)


def find_nobody() -> int:
    return pwd.getpwnam("nobody").pw_uid


# --- as whom


@as_root
def test_root_runs_it_as_a_number_that_belongs_to_nobody(server: EmbeddedServer) -> None:
    runner = find_runner(server)
    assert runner in users.FREE_NUMBERS
    assert users.find_user_name(runner) is None
    assert find_owners(server.place / "pg") == find_owners(server.socket) == {runner}


@as_root
def test_a_number_that_somebody_has_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither that of an account or a group, nor that of a process."""
    known = pwd.getpwnam("daemon").pw_uid
    first = users.FREE_NUMBERS[0]
    monkeypatch.setattr(users, "FREE_NUMBERS", (known, first))
    assert users.choose_server_user(Path("/nowhere"), None) == (first, first)
    with subprocess.Popen(["sleep", "60"], user=first) as other:
        with pytest.raises(EmbeddedServerError, match=r"is free .* DAIBIEU_POSTGRES_USER"):
            users.choose_server_user(Path("/nowhere"), None)
        other.kill()


@as_root
def test_a_setting_names_the_user(home: Path) -> None:
    with EmbeddedServer.start(home, fast=True, user="daemon") as embedded:
        assert find_runner(embedded) == pwd.getpwnam("daemon").pw_uid
        assert ask(embedded, "SELECT 1").stdout == "1\n"
    with EmbeddedServer.start(home, fast=True) as embedded:
        assert find_runner(embedded) == pwd.getpwnam("daemon").pw_uid


@as_root
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("daibieu-nobody-has-this", "There is no user “daibieu-nobody-has-this”.*useradd --system"),
        ("nobody", "other programs share nobody"),
        ("root", "root is refused by PostgreSQL"),
    ],
)
def test_a_user_who_will_not_do_is_refused(home: Path, name: str, message: str) -> None:
    with pytest.raises(EmbeddedServerError, match=message):
        EmbeddedServer.start(home, fast=True, user=name)
    assert list(home.iterdir()) == []


@as_root
def test_nobody_else_enters_the_data_while_they_are_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``initdb`` needs a name, and gets that of the shared account: its group alone may enter the folder."""
    seen: list[tuple[int, int, int]] = []

    def look(command: list[object], runner: users.ServerUser) -> list[str]:
        status = (home / "pg.new").stat()
        seen.append((status.st_uid, status.st_mode & 0o777, status.st_gid))
        assert (runner.uid, runner.gid) == (find_nobody(), status.st_gid)
        return process.build_guarded_command(command, runner)

    monkeypatch.setattr(data, "build_guarded_command", look)
    with EmbeddedServer.start(home, fast=True) as embedded:
        assert seen == [(0, 0o710, find_runner(embedded))]
        assert not (home / "pg.new").exists()


# --- whose data


@as_root
@pytest.mark.parametrize("user", [None, "daemon"])
@pytest.mark.parametrize("owner", [find_nobody, lambda: 0, lambda: 31234], ids=["nobody", "root", "a number"])
def test_data_that_belong_to_nobody_are_taken_over(
    home: Path, owner: Callable[[], int], user: str | None
) -> None:
    with EmbeddedServer.start(home, fast=True) as first:
        ask(first, "CREATE TABLE kept AS SELECT 7 AS n").check_returncode()
    give_away(home, owner())
    with EmbeddedServer.start(home, fast=True, user=user) as second:
        assert ask(second, "SELECT n FROM kept").stdout == "7\n"
        runner = find_runner(second)
        assert runner == owner() or users.find_user_name(runner) == user
        assert runner not in (0, find_nobody())
        assert find_owners(home / "pg") == find_owners(second.socket) == {runner}


@as_root
def test_data_of_somebody_else_are_not_taken_over(home: Path) -> None:
    EmbeddedServer.start(home, fast=True, user="daemon").stop()
    theirs = pwd.getpwnam("daemon").pw_uid
    with pytest.raises(EmbeddedServerError, match=f"belongs to user {theirs}, and PostgreSQL would run as"):
        EmbeddedServer.start(home, fast=True, user="bin")
    assert find_owners(home / "pg") == {theirs}


@as_root
@pytest.mark.parametrize(
    "plant",
    [
        lambda pg, other: (pg / "planted").symlink_to(other),
        lambda pg, other: (pg / "base" / "planted").hardlink_to(other),
        lambda pg, other: (pg / "planted").write_text("of root"),
    ],
    ids=["a link", "a second name", "of somebody else"],
)
def test_a_file_that_a_stranger_planted_is_not_handed_over(
    home: Path, plant: Callable[[Path, Path], object]
) -> None:
    """Root would give it to PostgreSQL's user, whatever it is."""
    EmbeddedServer.start(home, fast=True).stop()
    give_away(home, find_nobody())
    other = home / "other"
    other.write_text("of root")
    plant(home / "pg", other)
    with pytest.raises(
        EmbeddedServerError, match=r"cannot be taken over: .*planted is a link, or of somebody"
    ):
        EmbeddedServer.start(home, fast=True)
    assert other.stat().st_uid == 0


@as_root
def test_a_socket_folder_that_others_made_is_replaced(home: Path) -> None:
    EmbeddedServer.start(home, fast=True).stop()
    socket = home / "socket"
    socket.chmod(0o777)
    (socket / "planted").touch()
    with EmbeddedServer.start(home, fast=True) as embedded:
        assert embedded.socket.stat().st_mode & 0o777 == 0o700
        assert not (socket / "planted").exists()


# --- who may connect


@pytest.mark.parametrize(
    "rules", ["local all all trust\n", None], ids=["data of an older version", "new data"]
)
@as_root
def test_whoever_gets_to_the_socket_is_not_let_in_for_that(home: Path, rules: str | None) -> None:
    """The kernel names who is at the other end; PostgreSQL's own user has no name and need not connect."""
    EmbeddedServer.start(home, fast=True).stop()
    if rules is not None:
        (home / "pg" / "pg_hba.conf").write_text(rules)
    with EmbeddedServer.start(home, fast=True) as embedded:
        for user in (find_nobody(), pwd.getpwnam("daemon").pw_uid, find_runner(embedded)):
            assert ask(embedded, "SELECT 1", user=user, group=user, extra_groups=[]).returncode == 2
        embedded.socket.chmod(0o777)
        (embedded.socket / SOCKET_NAME).chmod(0o777)
        for user in (find_nobody(), pwd.getpwnam("daemon").pw_uid):
            refused = ask(embedded, "SELECT 1", user=user, group=user, extra_groups=[])
            assert "Peer authentication failed" in refused.stderr
        assert ask(embedded, "SELECT 1").stdout == "1\n"


@as_root
def test_its_own_user_cannot_change_who_may_connect(server: EmbeddedServer) -> None:
    """Nor put a link in the place of the rules, through which root would write."""
    for option in ("hba_file", "ident_file"):
        file = Path(ask(server, f"SHOW {option}").stdout.strip())
        status = file.lstat()
        assert (status.st_uid, status.st_mode & 0o777, file.parent) == (0, 0o644, server.place)
    assert server.place.stat().st_uid == 0
    assert server.place.stat().st_mode & 0o022 == 0


async def test_the_service_logs_in_as_a_role_that_owns_nothing(server: EmbeddedServer) -> None:
    """A statement that slips in can leave the application role, and is nobody then."""
    server.create_database("served")
    await asyncio.to_thread(upgrade_database, server.build_url("served"))
    for _ in range(2):
        server.create_login(supervisor.SERVICE_LOGIN, APPLICATION_ROLE)
    settings = {"role": APPLICATION_ROLE}
    login = {"host": str(server.socket), "port": PORT, "database": "served"}
    connection = await asyncpg.connect(**login, user=supervisor.SERVICE_LOGIN, server_settings=settings)
    try:
        assert await connection.fetchval("SELECT count(*) FROM unit") == 0
        await connection.execute("SET ROLE NONE")
        for statement in ("SELECT 1 FROM unit", "COPY (SELECT 1) TO PROGRAM 'true'", "SET ROLE postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
