"""Who may sign in, with which keys, and what they were granted."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint, and_, cast, func, or_, update
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col, select

from db.columns import identifier, maybe_moment, maybe_plain, moment, reference, text
from db.reach import Condition, under, unit_under
from db.session import AsyncSession, rows
from domain.access import Actor, Role


class Identity(SQLModel, table=True):
    """A person or a program, as an issuer of identities names them."""

    __table_args__ = (UniqueConstraint("issuer", "subject", name="identity_known"),)

    id: UUID = identifier()
    issuer: str = text()
    subject: str = text()
    name: str = text()
    created_at: datetime = moment()


class ServiceKey(SQLModel, table=True):
    """A key of ours: found by its handle, known by the digest of the whole."""

    __tablename__ = "service_key"
    __table_args__ = (
        UniqueConstraint("handle", name="service_key_handle_taken"),
        CheckConstraint("octet_length(digest) = 32", "service_key_digest_sha256"),
        CheckConstraint("expires_at > created_at", "service_key_expires"),
    )

    id: UUID = identifier()
    identity: UUID = reference("identity.id", index=True)
    handle: str = text()
    digest: bytes = Field(sa_type=LargeBinary)
    purpose: str = text()
    issued_by: str = text()
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = maybe_moment()
    last_used_on: date | None = None
    version: int = 1


class RoleGrant(SQLModel, table=True):
    """A role of an identity in a unit and what lies below; with ``key``, only for who comes with that key."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN {tuple(role.value for role in Role)}", "role_known"),
        CheckConstraint("unit IS NOT NULL OR congress IS NULL", "house_grant_has_no_congress"),
    )

    id: UUID = identifier()
    identity: UUID = reference("identity.id", index=True)
    key: UUID | None = Field(default=None, foreign_key="service_key.id", index=True)
    role: str = text()
    unit: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    congress: str | None = Field(default=None, sa_type=Text, foreign_key="congress.id")
    scopes: list[str] | None = maybe_plain()
    source: str = text()
    granted_by: str = text()
    created_at: datetime = moment()
    expires_at: datetime | None = maybe_moment()
    revoked_at: datetime | None = maybe_moment()
    version: int = 1


async def find(session: AsyncSession, issuer: str, subject: str) -> Identity | None:
    """Who is known under that name to that issuer."""
    query = select(Identity).where(col(Identity.issuer) == issuer, col(Identity.subject) == subject)
    return (await session.exec(query)).first()


async def by_handle(session: AsyncSession, handle: str) -> tuple[ServiceKey, Identity] | None:
    """The key of that handle, whatever its state, and whose it is."""
    query = (
        select(ServiceKey, Identity)
        .join(Identity, col(Identity.id) == col(ServiceKey.identity))
        .where(col(ServiceKey.handle) == handle)
    )
    return (await session.exec(query)).first()


async def in_force(session: AsyncSession, identity: UUID, key: UUID | None) -> Sequence[RoleGrant]:
    """What an identity holds now: by the key it came with, or (``None``) apart from any key."""
    query = (
        select(RoleGrant)
        .where(
            col(RoleGrant.identity) == identity,
            col(RoleGrant.key).is_(None) if key is None else col(RoleGrant.key) == key,
            col(RoleGrant.revoked_at).is_(None),
            or_(col(RoleGrant.expires_at).is_(None), col(RoleGrant.expires_at) > func.now()),
        )
        .order_by(col(RoleGrant.id))
    )
    return (await session.exec(query)).all()


async def ever_held(session: AsyncSession, identity: UUID) -> Sequence[tuple[str, UUID | None, str | None]]:
    """(role, unit, chain) of whatever an identity was ever granted, also out of the actor's reach."""
    found = await rows(session, _EVER_HELD, {"identity": identity})
    return [(row.role, row.unit, row.congress) for row in found]


_EVER_HELD = sql("SELECT DISTINCT role, unit, congress FROM identity_role WHERE identity = :identity")


def granted_within(actor: Actor) -> Condition:
    """Grants in units within reach, in a chain within reach or in all of them, and the actor's own."""
    if actor.everywhere:
        return unit_under(actor, None)
    unit, congress = col(RoleGrant.unit), col(RoleGrant.congress)
    return or_(
        under(actor, congress, unit),
        and_(congress.is_(None), unit_under(actor, unit)),
        cast(col(RoleGrant.identity), Text) == actor.id,
    )


async def keys(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID | None = None,  # noqa: A002
    after: UUID | None = None,
    limit: int = 1,
) -> Sequence[tuple[ServiceKey, Identity]]:
    """Keys that the actor sees, and whose they are, the oldest first."""
    within = select(RoleGrant.key).where(col(RoleGrant.key).is_not(None), granted_within(actor))
    query = (
        select(ServiceKey, Identity)
        .join(Identity, col(Identity.id) == col(ServiceKey.identity))
        .where(col(ServiceKey.id).in_(within))
        .order_by(col(ServiceKey.id))
        .limit(limit)
    )
    query = query.where(col(ServiceKey.id) == id) if id is not None else query
    query = query.where(col(ServiceKey.id) > after) if after is not None else query
    return (await session.exec(query)).all()


async def of_keys(session: AsyncSession, ids: Collection[UUID]) -> Sequence[RoleGrant]:
    """What keys carry."""
    query = select(RoleGrant).where(col(RoleGrant.key).in_(ids)).order_by(col(RoleGrant.id))
    return (await session.exec(query)).all()


async def grants(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID | None = None,  # noqa: A002
    after: UUID | None = None,
    limit: int = 1,
) -> Sequence[tuple[RoleGrant, Identity]]:
    """Grants apart from keys that the actor sees, and whose they are, the oldest first."""
    query = (
        select(RoleGrant, Identity)
        .join(Identity, col(Identity.id) == col(RoleGrant.identity))
        .where(col(RoleGrant.key).is_(None), granted_within(actor))
        .order_by(col(RoleGrant.id))
        .limit(limit)
    )
    query = query.where(col(RoleGrant.id) == id) if id is not None else query
    query = query.where(col(RoleGrant.id) > after) if after is not None else query
    return (await session.exec(query)).all()


async def used(session: AsyncSession, key: UUID, day: date) -> None:
    """Note the day on which a key was last used; no finer, and once a day."""
    await session.exec(
        update(ServiceKey)
        .where(col(ServiceKey.id) == key, col(ServiceKey.last_used_on).is_distinct_from(day))
        .values(last_used_on=day)
    )
