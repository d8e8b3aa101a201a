"""Who may connect: users of this machine whom the kernel names at the other end of the socket.

PostgreSQL trusts nobody else, whoever gets into the folder of the socket. The rules are files beside the
data, and not in them: they are written at every start, and if root starts PostgreSQL its user cannot change
them.
"""

import os
import tempfile
from pathlib import Path

from db.embedded.users import ServerUser, expect_user_name, find_user_name

MAP_NAME = "daibieu"
RULE_FILES = ("entrance", "entrance.users")
"""The files with the rules, and with the users: PostgreSQL's ``hba_file`` and ``ident_file``."""


def write_entrance_rules(place: Path, runner: ServerUser) -> list[str]:
    """Write who may connect: this user, root, and PostgreSQL's user, as any role, and only by the socket.

    Returns PostgreSQL's options that name the files. Raises :class:`db.embedded.EmbeddedServerError` for a
    user without a name, whom PostgreSQL would not know.
    """
    expect_user_name(os.geteuid())
    numbers = dict.fromkeys((os.geteuid(), 0, runner.user))
    names = [name for name in map(find_user_name, numbers) if name is not None]
    rules, users = (place / name for name in RULE_FILES)
    _write_file(rules, f"local all all peer map={MAP_NAME}\n")
    _write_file(users, "".join(f'{MAP_NAME} "{name}" all\n' for name in names))
    return [f"hba_file={rules}", f"ident_file={users}"]


def _write_file(path: Path, content: str) -> None:
    """Replace a file, or whatever is in its place, by one that everybody may read."""
    handle, new = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
        os.fchmod(file.fileno(), 0o644)
    Path(new).replace(path)
