"""The user whose rights PostgreSQL runs with, and what belongs to that user.

Whoever runs as that user owns the data. So when root starts PostgreSQL, the user is one that a setting names,
the owner of the existing data, or a number that belongs to nobody else; it is never an account that other
programs run as, such as ``nobody``.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from grp import getgrgid
from pathlib import Path
from secrets import SystemRandom
from typing import NamedTuple

from db.embedded.failure import OWN_SERVER, EmbeddedServerError

USER_SETTING = "DAIBIEU_POSTGRES_USER"
SHARED_ACCOUNT = "nobody"
"""The account that programs without rights of their own share."""
OVERFLOW_NUMBER = 65534
"""Its number nearly everywhere, also where it has no name."""
FREE_NUMBERS = range(60706, 61184)
"""Numbers that neither distributions nor ``useradd`` nor systemd give to anybody (systemd's "UIDS-GIDS")."""


class ServerUser(NamedTuple):
    """The user and group whose rights PostgreSQL runs with; 0, 0 for those of this process."""

    uid: int
    gid: int

    @property
    def user(self) -> int:
        """The user's number; for 0, 0 that of this process."""
        return self.uid or os.geteuid()

    def has_right(self, path: Path, right: int) -> bool:
        """Whether the mode of ``path`` grants the user ``right`` (4: read, 1: search or run)."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return self.uid == 0 or bool(status.st_mode >> shift & right)

    def can_reach(self, folder: Path) -> bool:
        """Whether every folder from the root to ``folder`` lets the user pass."""
        return all(self.has_right(each, 1) for each in (folder, *folder.parents))

    def take_ownership(self, folder: Path) -> Path:
        """Make the user the owner of ``folder``, and return the folder."""
        if self.uid:
            os.chown(folder, self.uid, self.gid)
        return folder


THIS_USER = ServerUser(0, 0)


def choose_server_user(place: Path, name: str | None) -> ServerUser:
    """The user to run PostgreSQL as: this one, unless it is root, as whom PostgreSQL refuses to run.

    For root it is the user called ``name``; else the owner of the data in ``place``; else a number that
    belongs to nobody.
    """
    if os.geteuid() != 0:
        return THIS_USER
    if name is not None:
        return _find_named_user(name)
    data = place / "pg"
    if data.exists() and not _is_to_be_taken_over(data.stat().st_uid):
        return ServerUser(data.stat().st_uid, data.stat().st_gid)
    return _choose_free_number()


def choose_creator(runner: ServerUser) -> ServerUser:
    """The user who creates new data for ``runner``: the same, unless that is a number without a name.

    ``initdb``, unlike the server, wants a name. It gets that of the shared account, but with the group of
    ``runner``, which no other process has: so no other process of the account may look into it.
    """
    if find_user_name(runner.user) is not None:
        return runner
    if not runner.uid:
        expect_user_name(runner.user)
    try:
        return ServerUser(pwd.getpwnam(SHARED_ACCOUNT).pw_uid, runner.gid)
    except KeyError:
        raise EmbeddedServerError(
            f"PostgreSQL refuses to run as root, and there is no user “{SHARED_ACCOUNT}” to create its data. "
            f"Name a user in {USER_SETTING}, run this as another user, or {OWN_SERVER}."
        ) from None


def expect_user_name(user: int) -> None:
    """Raise :class:`EmbeddedServerError` for a number without a name."""
    if find_user_name(user) is None:
        raise EmbeddedServerError(
            f"PostgreSQL needs a user with a name, and user {user} has none in /etc/passwd. "
            f"Add it there, run this as another user, or {OWN_SERVER}."
        )


def find_user_name(user: int) -> str | None:
    """The name of a user; ``None`` for a number without a name."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return None


def _find_named_user(name: str) -> ServerUser:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedServerError(
            f"There is no user “{name}” to run PostgreSQL as ({USER_SETTING}): "
            f"useradd --system --no-create-home --shell /usr/sbin/nologin {name}"
        ) from None
    if found.pw_uid == 0 or _is_shared(found.pw_uid):
        raise EmbeddedServerError(
            f"PostgreSQL cannot run as “{name}” ({USER_SETTING}): root is refused by PostgreSQL, and other "
            f"programs share {SHARED_ACCOUNT}. Name a user of its own."
        )
    return ServerUser(found.pw_uid, found.pw_gid)


def _is_shared(user: int) -> bool:
    return user == OVERFLOW_NUMBER or find_user_name(user) == SHARED_ACCOUNT


def _is_to_be_taken_over(owner: int) -> bool:
    """Whether data of this owner get another: those of root, who may not run PostgreSQL, and shared ones."""
    return owner == 0 or _is_shared(owner)


def _choose_free_number() -> ServerUser:
    """A user and a group that no account has and no process runs as, by chance among those."""
    running = set(_list_running_users())
    numbers = list(FREE_NUMBERS)
    SystemRandom().shuffle(numbers)
    for number in numbers:
        if number not in running and find_user_name(number) is None and not _is_group(number):
            return ServerUser(number, number)
    raise EmbeddedServerError(
        f"No user number from {FREE_NUMBERS[0]} to {FREE_NUMBERS[-1]} is free to run PostgreSQL as. "
        f"Name a user in {USER_SETTING}, run this as another user, or {OWN_SERVER}."
    )


def _is_group(number: int) -> bool:
    try:
        getgrgid(number)
    except KeyError:
        return False
    return True


def _list_running_users() -> Iterator[int]:
    """The users of all processes, where the system tells (on Linux)."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield process.stat().st_uid


def expect_own_data(data: Path, runner: ServerUser) -> None:
    """Take data over that belong to root, to the shared account, or to a number without a name.

    Nobody may run a server over them. Raises :class:`EmbeddedServerError` for data of any other user.
    """
    owner = data.stat().st_uid
    if owner == runner.user:
        return
    if not runner.uid or not (_is_to_be_taken_over(owner) or find_user_name(owner) is None):
        raise EmbeddedServerError(
            f"{data} belongs to user {owner}, and PostgreSQL would run as user {runner.user}. "
            f"Run this as user {owner}, or hand the data over (chown -R {runner.user})."
        )
    hand_over(data, owner, runner)


def hand_over(data: Path, owner: int, runner: ServerUser) -> None:
    """Make ``runner`` the owner of ``data`` and all in it, from the outside to the inside.

    A process of ``owner`` may be there: only what belongs to ``owner``, and has one name, is handed over, so
    that nobody gets a file of somebody else by a link. Raises :class:`EmbeddedServerError` for anything else.
    """
    _hand_over_entry(data, owner, runner, None)
    for _, folders, files, folder in os.fwalk(data, follow_symlinks=False):
        for name in (*folders, *files):
            _hand_over_entry(Path(name), owner, runner, folder)


def _hand_over_entry(path: Path, owner: int, runner: ServerUser, folder: int | None) -> None:
    try:
        entry = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _refuse_entry(path, owner) from error
    try:
        status = os.fstat(entry)
        is_single = stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1)
        if status.st_uid not in (owner, runner.uid) or not is_single:
            raise _refuse_entry(path, owner)
        os.fchown(entry, runner.uid, runner.gid)
    finally:
        os.close(entry)


def _refuse_entry(path: Path, owner: int) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"The data belong to user {owner} and cannot be taken over: {path} is a link, or of somebody else. "
        "Look at it, and hand the data over yourself (chown -R)."
    )
