"""The keys that a master key wraps: those of people, of sealed snapshots, of papers and of reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import defer
from sqlmodel import col, func, select

from db.papers import PaperBox
from db.people import PersonKey
from db.session import AsyncSession
from db.snapshots import SnapshotKey
from db.votes import ListVoteReason


async def lock_person_keys(session: AsyncSession, master: str, limit: int) -> Sequence[PersonKey]:
    """So many keys of people that the master key of that name wraps, locked in the order of their ids."""
    query = select(PersonKey).where(col(PersonKey.master) == master).order_by(col(PersonKey.id)).limit(limit)
    return (await session.exec(query.with_for_update())).all()


async def lock_snapshot_keys(session: AsyncSession, master: str, limit: int) -> Sequence[SnapshotKey]:
    """So many keys of snapshots that the master key of that name wraps, locked in order."""
    query = select(SnapshotKey).where(col(SnapshotKey.master) == master).order_by(col(SnapshotKey.snapshot))
    return (await session.exec(query.limit(limit).with_for_update())).all()


async def lock_paper_boxes(session: AsyncSession, master: str, limit: int) -> Sequence[PaperBox]:
    """So many boxes of papers whose keys that master key wraps, without their bytes, locked in order."""
    query = select(PaperBox).where(col(PaperBox.master) == master).order_by(col(PaperBox.paper))
    query = query.options(defer(col(PaperBox.sealed)))  # type: ignore[arg-type]  # a mapped column
    return (await session.exec(query.limit(limit).with_for_update())).all()


async def lock_vote_reasons(session: AsyncSession, master: str, limit: int) -> Sequence[ListVoteReason]:
    """So many reasons of revoked votes whose keys that master key wraps, locked in order."""
    query = select(ListVoteReason).where(col(ListVoteReason.master) == master)
    return (await session.exec(query.order_by(col(ListVoteReason.vote)).limit(limit).with_for_update())).all()


async def count_keys_by_master(session: AsyncSession, *, other_than: str) -> Mapping[str, int]:
    """master key → how many keys it wraps, for every master key but one."""
    found: Counter[str] = Counter()
    for noun in (PersonKey, SnapshotKey, PaperBox, ListVoteReason):
        query = select(noun.master, func.count()).where(col(noun.master) != other_than)
        found.update(dict((await session.exec(query.group_by(col(noun.master)))).all()))
    return dict(found)
