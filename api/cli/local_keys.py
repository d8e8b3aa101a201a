"""The two people of the local mode: the officer, who does the work, and the approver, who signs.

Their keys are created on the first start and stored in the data folder, readable by its owner only. They are
valid only for this database and in local mode.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from api.cli.commands import begin_command_work
from db.columns import now
from db.session import Database
from domain.access import Actor, Role
from service import identities, keys
from service.identities import LOCAL_ISSUER, Grantee, GrantRequest
from service.settings import Settings
from service.tokens import InvalidCredential
from service.vaults import Vault, find_master_key_file

KEY_LIFETIME = timedelta(days=365)

_LOCAL_PEOPLE = {
    "officer": ("Cán bộ (máy này)", (Role.STANDING_COUNCIL, Role.UNIT_OFFICER)),
    "approver": ("Người phê duyệt (máy này)", (Role.APPROVER, Role.AUDITOR)),
}


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """The texts of the two keys, the folder of their files, and whether this start made one of them."""

    officer: str = field(repr=False)
    approver: str = field(repr=False)
    folder: Path
    master: Path
    made: bool

    def build_path(self, who: str) -> Path:
        """The file of the key of this person (``officer`` or ``approver``)."""
        return self.folder / f"{who}.key"


async def provide_local_keys(settings: Settings, database: Database, vault: Vault) -> LocalKeys:
    """Read the keys of the data folder; create those that are missing or no longer valid, and the folder."""
    settings.make_data_folder()
    texts, made = {}, False
    for who in _LOCAL_PEOPLE:
        path = settings.data / f"{who}.key"
        texts[who] = _read_key(path)
        if not await _is_valid_key(database, texts[who]):
            texts[who], made = await _make_key(database, vault, path, who), True
    master = find_master_key_file(settings)
    return LocalKeys(**texts, folder=settings.data, master=master, made=made)


async def _make_key(database: Database, vault: Vault, path: Path, who: str) -> str:
    name, roles = _LOCAL_PEOPLE[who]
    async with begin_command_work(database, vault) as work:
        _, text = await identities.issue_key(
            work,
            Grantee(who, name),
            [GrantRequest(role, None, None, "local mode") for role in roles],
            purpose="local mode",
            expires_at=now() + KEY_LIFETIME,
            issuer=LOCAL_ISSUER,
        )
    _write_key(path, text)
    return text


async def _is_valid_key(database: Database, text: str) -> bool:
    presented = keys.read_key(text)
    if presented is None:
        return False
    try:
        async with database.transaction(Actor.for_service()) as session:
            await identities.authenticate_key(session, presented, local=True)
    except InvalidCredential:
        return False
    return True


def _read_key(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _write_key(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
