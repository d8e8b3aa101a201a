"""A new master key: the keys of people and of frozen inputs are wrapped by it in place of the old one.

Sealed content stays as it is. An interrupted rotation can be continued: each row has the name of the master
key that wraps it, and each batch is one transaction.
"""

from collections.abc import Mapping, Sequence

from db import wrapped_keys
from db.papers import PaperBox
from db.session import AsyncSession
from db.votes import ListVoteReason
from domain.acts import Act
from domain.findings import Plain
from service.audit import record_event
from service.settings import SettingError
from service.vaults import Vault
from service.work import Work

BATCH_SIZE = 500
"""Keys that are wrapped in one transaction."""


async def rewrap_keys(session: AsyncSession, old: Vault, new: Vault, limit: int = BATCH_SIZE) -> int:
    """Wrap at most ``limit`` keys by the new master key; returns how many. Raises ``ValueError`` for a key
    that the old one does not unwrap."""
    rows = await wrapped_keys.lock_person_keys(session, old.name, limit)
    for row in rows:
        new.wrap_key(row, old.unwrap_key(row))
        session.add(row)
    await session.flush()
    return (
        len(rows)
        or await _rewrap_snapshot_keys(session, old, new, limit)
        or await _rewrap_boxes(
            session, old, new, await wrapped_keys.lock_paper_boxes(session, old.name, limit)
        )
        or await _rewrap_boxes(
            session, old, new, await wrapped_keys.lock_vote_reasons(session, old.name, limit)
        )
    )


async def _rewrap_snapshot_keys(session: AsyncSession, old: Vault, new: Vault, limit: int) -> int:
    """The keys of frozen inputs, after those of people."""
    rows = await wrapped_keys.lock_snapshot_keys(session, old.name, limit)
    for row in rows:
        row.wrapped = new.wrap_box_key(
            row.snapshot, old.unwrap_box_key(row.snapshot, row.wrapped, row.master)
        )
        row.master = new.name
        session.add(row)
    await session.flush()
    return len(rows)


async def _rewrap_boxes(
    session: AsyncSession, old: Vault, new: Vault, rows: Sequence[PaperBox | ListVoteReason]
) -> int:
    """The keys of papers and of reasons, last."""
    for row in rows:
        row.wrapped = new.wrap_box_key(row.name, old.unwrap_box_key(row.name, row.wrapped, row.master))
        row.master = new.name
        session.add(row)
    await session.flush()
    return len(rows)


async def count_waiting_keys(session: AsyncSession, new: Vault) -> Mapping[str, int]:
    """Name of another master key → how many keys it still wraps."""
    return await wrapped_keys.count_keys_by_master(session, other_than=new.name)


async def expect_own_keys(session: AsyncSession, vault: Vault) -> None:
    """Raise ``SettingError`` where the database has keys, and not one by this master key or the next one.

    Personal data that is stored from then on could not be opened by whoever has the right key, and the data
    that is there not by this service.
    """
    own = {vault.name, *([vault.following.name] if vault.following else [])}
    found = await wrapped_keys.count_keys_by_master(session, other_than="")
    if found and not own & found.keys():
        names = ", ".join(sorted(found))
        raise SettingError(
            f"the database is sealed by another master key ({names}) than this one ({vault.name}): "
            "set DAIBIEU_MASTER_KEY_FILE to the file of that key"
        )


async def record_rotation(work: Work, old: Vault, new: Vault, keys: int) -> None:
    """Record the event: from which master key to which, by their names, and how many keys."""
    changes: dict[str, Plain] = {"from": old.name, "to": new.name, "keys": keys}
    await record_event(work, Act.KEYS_ROTATED, "master_key", new.name, changes)
