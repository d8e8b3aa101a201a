"""The private PostgreSQL: whole, alone, closed, and gone with its owner. All of it with the real server."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedServer, EmbeddedServerError, data, folders, users

pytestmark = pytest.mark.slow  # starts and ends servers by the dozen

ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def shelf() -> Iterator[Path]:
    """A folder that everyone may pass through, as a service's data folder is; ``tmp_path`` is closed."""
    folder = Path(tempfile.mkdtemp(prefix="shelf-", dir=MEMORY if MEMORY.is_dir() else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(shelf: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=shelf))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def filled(shelf: Path) -> Path:
    folder = shelf / "filled"
    EmbeddedServer.start(folder, fast=True).stop()
    (folder / "log").unlink()
    return folder


@pytest.fixture
def used(home: Path, filled: Path) -> Path:
    """A folder that had a server before, which saves the time to fill it."""
    subprocess.run(["cp", "-a", f"{filled}/.", home], check=True)
    return home


@pytest.fixture(scope="module")
def server(shelf: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start(shelf / "server", fast=True) as embedded:
        yield embedded


def ask(embedded: EmbeddedServer, sql: str, database: str = "postgres") -> str:
    """What psql answers, rows and columns bare."""
    where = ["-h", str(embedded.socket), "-U", "postgres", "-d", database]
    psql = [str(embedded.programs / "psql"), "-XAtq", *where, "-c", sql]
    return subprocess.run(psql, check=True, capture_output=True, text=True).stdout.strip()


def postmaster(embedded: EmbeddedServer) -> int:
    return int((embedded.place / "pg" / "postmaster.pid").read_text().split()[0])


def owner(process: int) -> int:
    return Path(f"/proc/{process}").stat().st_uid


def eventually(happens: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def child(script: str, *arguments: object, python: str = sys.executable) -> list[str]:
    imports = "import os, sys\nfrom pathlib import Path\nfrom db.embedded import *"
    return [python, "-c", f"{imports}\n{script}", *map(str, arguments)]


STARTS_AND_WAITS = """
embedded = EmbeddedServer.start(Path(sys.argv[1]), fast=True)
print((embedded.place / "pg" / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(used: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process with a server over ``used``, and the number of that server."""
    command = child(STARTS_AND_WAITS, used)
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def test_the_tables_do_not_load_it() -> None:
    loads = "import sys, db.tables; db.tables.build_metadata(); sys.exit('db.embedded' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loads], cwd=ROOT).returncode == 0


def test_a_new_folder_is_filled_and_found_again(home: Path) -> None:
    with EmbeddedServer.start(home) as first:
        ask(first, "CREATE TABLE kept AS SELECT 'Ngữ' AS word", "daibieu")
    with EmbeddedServer.start(home) as second:
        assert ask(second, "SELECT word FROM kept", "daibieu") == "Ngữ"


def test_it_is_the_postgresql_the_schema_is_written_for(server: EmbeddedServer) -> None:
    names = ("server_version_num", "server_encoding", "TimeZone", "data_checksums", "max_connections")
    version, *others = (ask(server, f"SHOW {name}") for name in names)
    assert version.startswith("18")
    assert others == ["UTF8", "UTC", "on", "100"]
    locale = "SELECT datlocprovider, datlocale, datctype FROM pg_database WHERE datname = 'daibieu'"
    assert ask(server, locale) == "b|C.UTF-8|C.UTF-8"


def test_only_tests_give_up_safety(home: Path, server: EmbeddedServer) -> None:
    names = "'fsync', 'full_page_writes', 'synchronous_commit'"
    settings = f"SELECT string_agg(setting, ',') FROM pg_settings WHERE name IN ({names})"
    assert ask(server, settings) == "off,off,off"
    with EmbeddedServer.start(home) as safe:
        assert ask(safe, settings) == "on,on,on"


async def test_sqlalchemy_connects_whatever_the_environment_says(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("PGHOST", "192.0.2.1"), ("PGPORT", "1"), ("PGUSER", "x"), ("PGSSLMODE", "require")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", "")
    server.create_database("tên lạ/?&", exist_ok=True)
    for database in ("daibieu", "tên lạ/?&"):
        engine = create_async_engine(server.build_url(database))
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT current_database()")) == database
        await engine.dispose()


def test_a_killed_server_recovers_what_was_committed(used: Path) -> None:
    first = EmbeddedServer.start(used)
    ask(first, "CREATE TABLE kept AS SELECT 7 AS n", "daibieu")
    os.kill(postmaster(first), signal.SIGKILL)
    first.stop()
    assert (used / "pg" / "postmaster.pid").exists()
    with EmbeddedServer.start(used) as second:
        assert ask(second, "SELECT n FROM kept", "daibieu") == "7"


@on_linux
def test_a_stranger_who_bears_the_dead_servers_number_is_left_alone(used: Path) -> None:
    first = EmbeddedServer.start(used, fast=True)
    user = owner(postmaster(first))
    mark = used / "pg" / "postmaster.pid"
    text = mark.read_text()
    os.kill(postmaster(first), signal.SIGKILL)
    first.stop()
    with subprocess.Popen(["sleep", "60"], user=user) as stranger:
        mark.write_text(text.replace(text.split()[0], str(stranger.pid), 1))
        with EmbeddedServer.start(used, fast=True) as second:
            assert postmaster(second) != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


@on_linux
def test_a_server_that_somebody_else_started_over_the_data_is_left_alone(used: Path) -> None:
    with EmbeddedServer.start(used, fast=True) as first:
        user, programs, socket = owner(postmaster(first)), first.programs, first.socket
    theirs = [
        str(programs / "postgres"),
        "-D",
        str(used / "pg"),
        "-k",
        str(socket),
        "-c",
        "listen_addresses=",
    ]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(theirs, user=user, cwd="/", stdout=quiet, stderr=quiet) as stranger:
        try:
            assert eventually((socket / ".s.PGSQL.5432").exists)
            with pytest.raises(EmbeddedServerError, match=f"Process {stranger.pid}, a PostgreSQL"):
                EmbeddedServer.start(used, fast=True)
            assert stranger.poll() is None
        finally:
            stranger.send_signal(signal.SIGINT)


def test_a_second_start_names_the_process_that_has_the_folder(
    used: Path, other: tuple[subprocess.Popen[str], int]
) -> None:
    with pytest.raises(EmbeddedServerError, match=f"in use: process {other[0].pid} "):
        EmbeddedServer.start(used, fast=True)


def test_a_second_start_in_the_same_process_is_refused_and_harms_nothing(server: EmbeddedServer) -> None:
    with pytest.raises(EmbeddedServerError, match=f"in use: process {os.getpid()} "):
        EmbeddedServer.start(server.folder, fast=True)
    assert ask(server, "SELECT 1") == "1"


@on_linux
@pytest.mark.faults
def test_it_dies_with_its_parent_and_the_next_start_waits_for_that(
    used: Path, other: tuple[subprocess.Popen[str], int]
) -> None:
    parent, number = other
    parent.kill()
    with EmbeddedServer.start(used, fast=True) as mine:
        assert eventually(lambda: is_gone(number))
        assert ask(mine, "SELECT 1") == "1"


@on_linux
@pytest.mark.faults
def test_a_dead_process_that_its_parent_has_not_looked_at_holds_nothing(home: Path) -> None:
    with subprocess.Popen(["true"]) as dead, (home / "lock").open("w") as lock:
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(f"{dead.pid}\n")
        lock.flush()
        its_server = threading.Timer(2 * data.DEATH_SECONDS, lambda: fcntl.flock(lock, fcntl.LOCK_UN))
        its_server.start()
        data.release_folder(data.claim_folder(home))
        its_server.join()


def test_it_outlives_the_thread_that_started_it(used: Path) -> None:
    started: list[EmbeddedServer] = []
    thread = threading.Thread(target=lambda: started.append(EmbeddedServer.start(used, fast=True)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    with started[0] as embedded:
        assert ask(embedded, "SELECT 1") == "1"


def test_it_stops_in_order_when_its_owner_forgets_to(used: Path) -> None:
    subprocess.run(child(STARTS_AND_WAITS, used), cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    assert not (used / "pg" / "postmaster.pid").exists()
    assert "database system is shut down" in (used / "log").read_text()


def test_a_forked_process_that_ends_does_not_stop_it(used: Path) -> None:
    script = """
import warnings
warnings.simplefilter("ignore")
embedded = EmbeddedServer.start(Path(sys.argv[1]), fast=True)
if os.fork() == 0:
    sys.exit()
os.wait()
embedded.create_database("after")
"""
    subprocess.run(child(script, used), cwd=ROOT, check=True)


@pytest.mark.parametrize("name", ["Thi đua, khen thưởng (2025)", "l" * 120])
async def test_a_long_or_unusual_path_will_do(home: Path, name: str) -> None:
    folder = home / name
    embedded = EmbeddedServer.start(folder, fast=True)
    assert embedded.place == folder
    assert embedded.socket.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(embedded.socket / ".s.PGSQL.5432")) < 100
    engine = create_async_engine(embedded.build_url())
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()
    embedded.stop()
    assert not embedded.socket.exists()


def test_the_short_folder_of_a_killed_process_is_used_again(home: Path) -> None:
    folder = home / ("l" * 120)
    script = """
print(EmbeddedServer.start(Path(sys.argv[1]), fast=True).socket, flush=True)
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run(child(script, folder), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    with EmbeddedServer.start(folder, fast=True) as embedded:
        assert embedded.socket == left


@on_linux
def test_it_listens_on_no_port(server: EmbeddedServer) -> None:
    process = Path(f"/proc/{postmaster(server)}")
    ends = [str(end.readlink()) for end in (process / "fd").iterdir()]
    mine = {end.strip("socket:[]") for end in ends if end.startswith("socket:")}
    tables = [(process / "net" / table).read_text().splitlines()[1:] for table in ("tcp", "tcp6", "unix")]
    tcp = {line.split()[9] for table in tables[:2] for line in table}
    assert mine & {line.split()[6] for line in tables[2]}
    assert not mine & tcp


def test_only_its_user_may_enter_the_folder_of_the_socket(server: EmbeddedServer) -> None:
    for folder in (server.socket, server.place / "pg"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_database_is_cloned_and_dropped(server: EmbeddedServer) -> None:
    server.create_database("model")
    ask(server, "CREATE TABLE seats AS SELECT generate_series(1, 350) AS n", "model")
    server.create_database("copy", template="model")
    ask(server, "DELETE FROM seats WHERE n > 7", "copy")
    assert [ask(server, "SELECT count(*) FROM seats", name) for name in ("model", "copy")] == ["350", "7"]
    for name in ("copy", "model"):
        server.drop_database(name)
    assert ask(server, "SELECT datname FROM pg_database WHERE datname IN ('model', 'copy')") == ""


def test_a_name_in_use_is_refused_unless_that_is_well(server: EmbeddedServer) -> None:
    with pytest.raises(EmbeddedServerError, match='database "daibieu" already exists'):
        server.create_database("daibieu")
    server.create_database("daibieu", exist_ok=True)
    with pytest.raises(EmbeddedServerError, match='"nowhere" does not exist'):
        server.create_database("daibieu", template="nowhere", exist_ok=True)


def test_a_name_is_never_taken_for_an_order(server: EmbeddedServer) -> None:
    name = 'x"; DROP DATABASE daibieu; --'
    server.create_database(name)
    assert ask(server, "SELECT count(*) FROM pg_database WHERE datname LIKE 'x\"%'") == "1"
    server.drop_database(name)
    with pytest.raises(EmbeddedServerError, match="does not exist"):
        server.drop_database(name)


def test_the_log_keeps_no_personal_data(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE person (name text PRIMARY KEY, born date)", "daibieu")
    ask(server, "INSERT INTO person VALUES ('Người thử nghiệm 1')", "daibieu")
    for values in ("('Người thử nghiệm 1', NULL)", "('x', 'Người thử nghiệm 1')"):
        with pytest.raises(subprocess.CalledProcessError) as refused:
            ask(server, f"INSERT INTO person VALUES {values}", "daibieu")
        assert "thử nghiệm 1" in refused.value.stderr
    assert "thử nghiệm" not in (server.place / "log").read_text()


def end_a_connection(embedded: EmbeddedServer, by: signal.Signals) -> None:
    """Send a signal to the process of a connection that is busy with a person."""
    busy = f"SELECT {by:d}, pg_sleep(10), 'Thu Nghiem 1'"  # PostgreSQL would log "?" for other letters
    asking = f"SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT {by:d}, pg_sleep%'"
    psql = [embedded.programs / "psql", "-Xqh", embedded.socket, "-U", "postgres", "-c", busy]
    with subprocess.Popen([str(word) for word in psql], stderr=subprocess.DEVNULL) as process:
        assert eventually(lambda: ask(embedded, asking) != "")
        os.kill(int(ask(embedded, asking)), by)
        assert process.wait() == 2


def test_it_stops_while_it_recovers_from_the_crash_of_a_connection(used: Path) -> None:
    embedded = EmbeddedServer.start(used, fast=True)
    end_a_connection(embedded, signal.SIGKILL)
    assert eventually(lambda: "reinitializing" in (used / "log").read_text())
    since = time.monotonic()
    embedded.stop()
    assert time.monotonic() - since < 10


def test_the_log_does_not_tell_what_ended_connections_were_doing(used: Path) -> None:
    with EmbeddedServer.start(used, fast=True) as embedded:
        for ends in (signal.SIGTERM, signal.SIGKILL):
            end_a_connection(embedded, ends)
        log = used / "log"
        assert "terminating connection due to administrator command" in log.read_text()
        assert eventually(lambda: "was terminated by signal 9" in log.read_text())
    assert "Thu Nghiem" not in log.read_text()


def test_discarding_leaves_no_data(used: Path) -> None:
    EmbeddedServer.start(used, fast=True).stop(discard=True)
    assert [path.name for path in used.iterdir()] == ["lock"]


def test_a_half_made_folder_is_made_anew(home: Path) -> None:
    half = home / "pg.new" / "base"
    half.mkdir(parents=True)
    (half.parent / "PG_VERSION").write_text("18\n")
    with EmbeddedServer.start(home, fast=True) as embedded:
        assert ask(embedded, "SELECT 1") == "1"
    assert not half.parent.exists()


def test_data_of_another_version_are_refused(used: Path) -> None:
    EmbeddedServer.start(used, fast=True).stop()
    (used / "pg" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match="written by PostgreSQL 17"):
        EmbeddedServer.start(used, fast=True)


def test_a_server_that_cannot_start_says_why_and_lets_the_folder_go(used: Path) -> None:
    EmbeddedServer.start(used, fast=True).stop()
    settings = used / "pg" / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(good + "\nmax_connections = many\n")
    with pytest.raises(EmbeddedServerError, match='invalid value for parameter "max_connections": "many"'):
        EmbeddedServer.start(used, fast=True)
    settings.write_text(good)
    EmbeddedServer.start(used, fast=True).stop()


@as_root
def test_an_empty_folder_of_root_is_opened_for_it(home: Path) -> None:
    home.chmod(0o700)
    with EmbeddedServer.start(home, fast=True) as embedded:
        assert embedded.place == home
    assert home.stat().st_mode & 0o777 == 0o711


@as_root
def test_root_runs_the_data_of_a_user_as_that_user(used: Path) -> None:
    first = EmbeddedServer.start(used, fast=True)
    first.stop()
    somebody = pwd.getpwnam("daemon").pw_uid
    for path in (used / "pg", *(used / "pg").rglob("*"), used / "socket"):
        os.chown(path, somebody, -1)
    with EmbeddedServer.start(used, fast=True) as second:
        assert owner(postmaster(second)) == somebody


@as_root
def test_data_go_elsewhere_when_the_folder_is_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "FALLBACK_FOLDER", home / "elsewhere")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "data"
    first = EmbeddedServer.start(folder)
    assert first.place.parent == home / "elsewhere"
    ask(first, "CREATE TABLE kept AS SELECT 7 AS n", "daibieu")
    first.stop()
    second = EmbeddedServer.start(folder)
    assert (second.place, ask(second, "SELECT n FROM kept", "daibieu")) == (first.place, "7")
    second.stop(discard=True)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (list((home / "elsewhere").iterdir()), list(folder.iterdir())) == ([], [])


@as_root
def test_data_that_are_gone_from_elsewhere_are_not_replaced_in_silence(tmp_path: Path, used: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(used)
    EmbeddedServer.start(tmp_path).stop()
    shutil.rmtree(used)
    with pytest.raises(EmbeddedServerError, match="which is gone"):
        EmbeddedServer.start(tmp_path)


@as_root
def test_temporary_data_go_to_a_temporary_folder_and_with_their_process(tmp_path: Path) -> None:
    script = """
folder = Path(sys.argv[1])
first = EmbeddedServer.start(folder, fast=True)
first.stop()
second = EmbeddedServer.start(folder, fast=True)
assert second.place == first.place
print(second.place)
"""
    for _ in range(2):
        done = subprocess.run(
            child(script, tmp_path), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        place = Path(done.stdout.strip())
        assert place.name.startswith("daibieu-")
        assert place.parent.stat().st_mode & 0o1777 == 0o1777
        assert not place.exists()


@as_root
def test_data_that_were_closed_later_are_not_replaced_in_silence(home: Path, filled: Path) -> None:
    subprocess.run(["cp", "-a", filled, home / "data"], check=True)
    home.chmod(0o700)
    with pytest.raises(EmbeddedServerError, match="a folder above is closed"):
        EmbeddedServer.start(home / "data", fast=True)


@as_root
def test_programs_are_copied_when_the_wheel_is_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "FALLBACK_FOLDER", home / "elsewhere")
    wheel = folders.find_programs(users.THIS_USER).parent.parent
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    unneeded = shutil.ignore_patterns("include", "*.a", "pg_[!hi]*")
    shutil.copytree(wheel / "pginstall18", closed / wheel.name / "pginstall18", ignore=unneeded)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs")
    (closed / wheel.name / "__init__.py").touch()
    monkeypatch.syspath_prepend(closed)
    for _ in range(2):
        with EmbeddedServer.start(home / "data", fast=True) as embedded:
            assert embedded.programs.is_relative_to(home / "elsewhere")
            assert ask(embedded, "SELECT 1") == "1"
    assert len(list((home / "elsewhere").iterdir())) == 1
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.fixture(scope="module")
def python() -> str:
    """An interpreter that a user without rights can run, which root's own may not be."""
    found = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")
    is_new = "import sys; sys.exit(sys.version_info < (3, 11))"
    if found is None or subprocess.run([found, "-c", is_new]).returncode:
        pytest.skip("no python that everyone may run")
    return found


def run_as(user: int, script: str, folder: Path, python: str) -> str:
    site = folders.find_programs(users.THIS_USER).parents[2]
    environment = {"PYTHONPATH": f"{ROOT}:{site}", "PYTHONDONTWRITEBYTECODE": "1", "HOME": ""}
    command = child(script, folder, python=python)
    done = subprocess.run(
        command, user=user, group=user, extra_groups=[], env=environment, capture_output=True, text=True
    )
    return done.stdout + done.stderr


@as_root
def test_a_user_without_rights_or_a_home_runs_it(home: Path, python: str) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(home, nobody, -1)
    script = """
with EmbeddedServer.start(Path(sys.argv[1]), fast=True) as embedded:
    number = (embedded.place / "pg" / "postmaster.pid").read_text().split()[0]
    print(os.getuid(), Path(f"/proc/{number}").stat().st_uid, embedded.place)
"""
    assert run_as(nobody, script, home, python) == f"{nobody} {nobody} {home}\n"


@as_root
@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: os.chown(folder, 31234, -1), "user 31234 has none in /etc/passwd"),
        (
            lambda folder: folder.chmod(0o755),
            "Permission denied.*Name a data folder that this user can write",
        ),
        (
            lambda folder: EmbeddedServer.start(folder, fast=True).stop(),
            "Permission denied.*Name a data folder",
        ),
    ],
    ids=["without a name", "folder of another", "data of another"],
)
def test_a_user_who_cannot_run_it_is_told_what_to_do(
    home: Path, python: str, prepare: Callable[[Path], None], message: str
) -> None:
    prepare(home)
    script = """
try:
    EmbeddedServer.start(Path(sys.argv[1]))
except EmbeddedServerError as failed:
    sys.exit(str(failed))
"""
    with pytest.raises(EmbeddedServerError, match=message):
        raise EmbeddedServerError(run_as(31234, script, home, python))
