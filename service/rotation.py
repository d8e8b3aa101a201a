"""A new master key: every person's key is wrapped by it in place of the old one, part by part.

What the persons' keys sealed stays as it is. Whatever is interrupted is taken up again: each row says which
master key wraps it, and a part is one transaction.
"""

from sqlmodel import col, func, select

from db.people import PersonKey
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Plain
from service.audit import record
from service.sealing import Vault

PART = 500
"""Keys that are wrapped in one transaction."""


async def part(session: AsyncSession, old: Vault, new: Vault, limit: int = PART) -> int:
    """Wrap so many keys by the new master key; how many there were. Raises ``ValueError`` for a key that the
    old one does not open."""
    query = (
        select(PersonKey)
        .where(col(PersonKey.master) == old.name)
        .order_by(col(PersonKey.id))
        .limit(limit)
        .with_for_update()
    )
    rows = (await session.exec(query)).all()
    for row in rows:
        new.wrap(row, old.unwrap(row))
        session.add(row)
    await session.flush()
    return len(rows)


async def waiting(session: AsyncSession, new: Vault) -> dict[str, int]:
    """How many keys are wrapped by another master key, by the name of that."""
    query = (
        select(PersonKey.master, func.count())
        .where(col(PersonKey.master) != new.name)
        .group_by(col(PersonKey.master))
    )
    return dict((await session.exec(query)).all())


async def done(session: AsyncSession, actor: Actor, old: Vault, new: Vault, keys: int) -> None:
    """Leave the event: from which master key to which, by their names, and how many keys."""
    said: dict[str, Plain] = {"from": old.name, "to": new.name, "keys": keys}
    await record(session, actor, "keys_rotated", "master_key", new.name, said)
