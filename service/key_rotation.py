"""A new master key: the keys of people and of frozen inputs are wrapped by it in place of the old one.

What those keys sealed stays as it is. Whatever is interrupted is taken up again: each row says which
master key wraps it, and a part is one transaction.
"""

from collections import Counter

from sqlmodel import col, func, select

from db.people import PersonKey
from db.session import AsyncSession
from db.snapshots import SnapshotKey
from domain.findings import Plain
from service.audit import record_event
from service.vaults import Vault
from service.work import Work

BATCH_SIZE = 500
"""Keys that are wrapped in one transaction."""


async def rewrap_keys(session: AsyncSession, old: Vault, new: Vault, limit: int = BATCH_SIZE) -> int:
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
        new.wrap_key(row, old.unwrap_key(row))
        session.add(row)
    await session.flush()
    return len(rows) or await _rewrap_snapshot_keys(session, old, new, limit)


async def _rewrap_snapshot_keys(session: AsyncSession, old: Vault, new: Vault, limit: int) -> int:
    """The keys of frozen inputs, after those of people."""
    query = (
        select(SnapshotKey)
        .where(col(SnapshotKey.master) == old.name)
        .order_by(col(SnapshotKey.snapshot))
        .limit(limit)
        .with_for_update()
    )
    rows = (await session.exec(query)).all()
    for row in rows:
        row.wrapped = new.wrap_box_key(
            row.snapshot, old.unwrap_box_key(row.snapshot, row.wrapped, row.master)
        )
        row.master = new.name
        session.add(row)
    await session.flush()
    return len(rows)


async def count_waiting_keys(session: AsyncSession, new: Vault) -> dict[str, int]:
    """How many keys are wrapped by another master key, by the name of that."""
    found: Counter[str] = Counter()
    for noun in (PersonKey, SnapshotKey):
        query = select(noun.master, func.count()).where(col(noun.master) != new.name)
        found.update(dict((await session.exec(query.group_by(col(noun.master)))).all()))
    return dict(found)


async def record_rotation(work: Work, old: Vault, new: Vault, keys: int) -> None:
    """Leave the event: from which master key to which, by their names, and how many keys."""
    said: dict[str, Plain] = {"from": old.name, "to": new.name, "keys": keys}
    await record_event(work, "keys_rotated", "master_key", new.name, said)
