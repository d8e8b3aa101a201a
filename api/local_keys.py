"""The local mode's two people: the officer, who does the work, and the approver, who signs.

Their keys are made on the first start, kept in the data folder for nobody else to read, and serve no other
database and no other mode.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from db.columns import now
from db.session import Database
from domain.access import Actor, Role
from service import identities, keys
from service.identities import LOCAL, Granting, Holder
from service.tokens import Refuted

LIFE = timedelta(days=365)

_PEOPLE = {
    "officer": ("Cán bộ (máy này)", (Role.STANDING_COUNCIL, Role.UNIT_OFFICER)),
    "approver": ("Người phê duyệt (máy này)", (Role.APPROVER, Role.AUDITOR)),
}


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """What the two keys say, and the files that hold them."""

    officer: str = field(repr=False)
    approver: str = field(repr=False)
    folder: Path

    def path(self, who: str) -> Path:
        """The file of one of them."""
        return self.folder / f"{who}.key"


async def local_keys(database: Database, folder: Path) -> LocalKeys:
    """The keys of this folder, made anew where they are missing or serve no longer."""
    return LocalKeys(
        **{who: await _key(database, folder / f"{who}.key", who) for who in _PEOPLE}, folder=folder
    )


async def _key(database: Database, path: Path, who: str) -> str:
    kept = _read(path)
    if await _serves(database, kept):
        return kept
    name, roles = _PEOPLE[who]
    async with database.transaction(Actor.local()) as session:
        _, text = await identities.issue(
            session,
            Actor.local(),
            Holder(who, name),
            [Granting(role, None, None, "local mode") for role in roles],
            purpose="local mode",
            expires_at=now() + LIFE,
            issuer=LOCAL,
        )
    _write(path, text)
    return text


async def _serves(database: Database, text: str) -> bool:
    presented = keys.read(text)
    if presented is None:
        return False
    try:
        async with database.transaction(Actor.service()) as session:
            await identities.by_key(session, presented, local=True)
    except Refuted:
        return False
    return True


def _read(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
