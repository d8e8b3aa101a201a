"""Identities that may sign in, their keys, and their roles."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    LargeBinary,
    Text,
    TextClause,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    func,
    or_,
    update,
)
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col, select

from db.columns import (
    check_words,
    id_column,
    new_id,
    nullable_time_column,
    nullable_words_column,
    reference_column,
    text_column,
    time_column,
    word_column,
)
from db.reach import Condition, is_in_subtree, is_in_subtree_anywhere
from db.session import AsyncSession, fetch_rows
from domain.access import Access, Actor, Role


class Identity(SQLModel, table=True):
    """A person or a program, under the name that an issuer of identities gives.

    Identities with one ``account`` are one person. A new identity makes the account that it brings.
    """

    __table_args__ = (UniqueConstraint("issuer", "subject", name="identity_known"),)

    id: UUID = id_column()
    account: UUID = Field(default_factory=new_id, foreign_key="account.id", index=True)
    issuer: str = text_column()
    subject: str = text_column()
    name: str = text_column()
    created_at: datetime = time_column()


class ServiceKey(SQLModel, table=True):
    """A key issued by this service: it is found by its handle and verified by the digest of the whole key."""

    __tablename__ = "service_key"
    __table_args__ = (
        UniqueConstraint("handle", name="service_key_handle_taken"),
        CheckConstraint("octet_length(digest) = 32", "service_key_digest_sha256"),
        CheckConstraint("expires_at > created_at", "service_key_expires"),
    )

    id: UUID = id_column()
    identity: UUID = reference_column("identity.id", index=True)
    handle: str = text_column()
    digest: bytes = Field(sa_type=LargeBinary)
    purpose: str = text_column()
    issued_by: str = text_column()
    created_at: datetime = time_column()
    expires_at: datetime = time_column()
    revoked_at: datetime | None = nullable_time_column()
    last_used_on: date | None = None
    version: int = 1


class RoleGrant(SQLModel, table=True):
    """A role of an identity in a unit and the units below; with ``key``, only for requests with that key."""

    __tablename__ = "role_grant"
    __table_args__ = (
        check_words("role_known", "role", Role),
        CheckConstraint("unit IS NOT NULL OR congress IS NULL", "house_grant_has_no_congress"),
    )

    id: UUID = id_column()
    identity: UUID = reference_column("identity.id", index=True)
    key: UUID | None = Field(default=None, foreign_key="service_key.id", index=True)
    role: Role = word_column(Role)
    unit: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    congress: str | None = Field(default=None, sa_type=Text, foreign_key="congress.id")
    scopes: tuple[Access, ...] | None = nullable_words_column(Access)
    source: str = text_column()
    granted_by: str = text_column()
    created_at: datetime = time_column()
    expires_at: datetime | None = nullable_time_column()
    revoked_at: datetime | None = nullable_time_column()
    version: int = 1


async def find_identity(session: AsyncSession, issuer: str, subject: str) -> Identity | None:
    """The identity with that subject at that issuer."""
    query = select(Identity).where(col(Identity.issuer) == issuer, col(Identity.subject) == subject)
    return (await session.exec(query)).first()


async def find_identity_by_id(session: AsyncSession, id: str) -> Identity | None:  # noqa: A002
    """The identity of an actor; actors of the service itself and of the command line have none."""
    query = select(Identity).where(cast(col(Identity.id), Text) == id)
    return (await session.exec(query)).first()


async def count_account_identities(session: AsyncSession, account: UUID) -> int:
    """How many identities belong to an account."""
    query = select(func.count()).where(col(Identity.account) == account)
    return (await session.exec(query)).one()


async def find_key_by_handle(session: AsyncSession, handle: str) -> tuple[ServiceKey, Identity] | None:
    """The key with that handle, in any state, and the identity that owns it."""
    query = (
        select(ServiceKey, Identity)
        .join(Identity, col(Identity.id) == col(ServiceKey.identity))
        .where(col(ServiceKey.handle) == handle)
    )
    return (await session.exec(query)).first()


async def insert_key(session: AsyncSession, key: ServiceKey) -> ServiceKey:
    """Store a new key, issued by the actor now, by the function that alone may (``authority.sql``)."""
    values = key.id, key.identity, key.handle, key.digest, key.purpose, key.expires_at
    return await _call_inserting(session, _ADD_KEY, ServiceKey, values)


async def insert_grant(session: AsyncSession, grant: RoleGrant) -> RoleGrant:
    """Store a new grant, given by the actor now, by the function that alone may (``authority.sql``)."""
    what = grant.role, grant.unit, grant.congress, grant.scopes
    values = grant.id, grant.identity, grant.key, *what, grant.source, grant.expires_at
    return await _call_inserting(session, _ADD_GRANT, RoleGrant, values)


Row = TypeVar("Row", ServiceKey, RoleGrant)


async def _call_inserting(
    session: AsyncSession, call: TextClause, table: type[Row], values: Sequence[Any]
) -> Row:
    """The row that a function inserts from ``values``, in the order of its arguments."""
    await session.flush()
    named = dict(zip(call.compile().params, values, strict=True))
    query = select(table).from_statement(call.bindparams(**named))
    (row,) = (await session.exec(query)).one()  # type: ignore[call-overload]  # a statement of its own
    return row  # type: ignore[no-any-return]


def _build_call(function: str, table: type[SQLModel], *columns: str) -> TextClause:
    """A statement that calls a function with values of these columns."""
    arguments = ", ".join(f":{name}" for name in columns)
    types = [bindparam(name, type_=getattr(table, name).type) for name in columns]
    return sql(f"SELECT * FROM {function}({arguments})").bindparams(*types)  # noqa: S608 - our own names


_ADD_KEY = _build_call(
    "add_service_key", ServiceKey, "id", "identity", "handle", "digest", "purpose", "expires_at"
)
_ADD_GRANT = _build_call(
    *("add_role_grant", RoleGrant, "id", "identity", "key", "role", "unit", "congress", "scopes", "source"),
    "expires_at",
)


async def lock_row(session: AsyncSession, row: ServiceKey | RoleGrant) -> None:
    """Read a key or a grant again and lock it until the transaction ends."""
    await session.refresh(row, with_for_update=True)


async def list_active_grants(session: AsyncSession, identity: UUID, key: UUID | None) -> Sequence[RoleGrant]:
    """The valid grants of an identity: those of the given key, or (``None``) those without a key."""
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


async def list_granted_roles(
    session: AsyncSession, identity: UUID
) -> Sequence[tuple[Role, UUID | None, str | None]]:
    """(role, unit, congress) of every grant an identity ever had, also those out of the actor's reach."""
    found = await fetch_rows(session, _GRANTED_ROLES, {"identity": identity})
    return [(Role(row.role), row.unit, row.congress) for row in found]


_GRANTED_ROLES = sql("SELECT DISTINCT role, unit, congress FROM identity_role WHERE identity = :identity")


def is_visible_grant(actor: Actor) -> Condition:
    """Grants in units within the actor's reach, in one congress chain or all, and the actor's own grants."""
    if actor.is_service_wide:
        return is_in_subtree_anywhere(actor, None)
    unit, congress = col(RoleGrant.unit), col(RoleGrant.congress)
    return or_(
        is_in_subtree(actor, congress, unit),
        and_(congress.is_(None), is_in_subtree_anywhere(actor, unit)),
        cast(col(RoleGrant.identity), Text) == actor.id,
    )


async def page_keys(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID | None = None,  # noqa: A002
    after: UUID | None = None,
    limit: int = 1,
) -> Sequence[tuple[ServiceKey, Identity]]:
    """Keys visible to the actor, each with the identity that owns it, the oldest first."""
    within = select(RoleGrant.key).where(col(RoleGrant.key).is_not(None), is_visible_grant(actor))
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


async def list_key_grants(session: AsyncSession, ids: Collection[UUID]) -> Sequence[RoleGrant]:
    """The grants of keys."""
    query = select(RoleGrant).where(col(RoleGrant.key).in_(ids)).order_by(col(RoleGrant.id))
    return (await session.exec(query)).all()


async def page_grants(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID | None = None,  # noqa: A002
    after: UUID | None = None,
    limit: int = 1,
) -> Sequence[tuple[RoleGrant, Identity]]:
    """Grants without a key that are visible to the actor, each with its identity, the oldest first."""
    query = (
        select(RoleGrant, Identity)
        .join(Identity, col(Identity.id) == col(RoleGrant.identity))
        .where(col(RoleGrant.key).is_(None), is_visible_grant(actor))
        .order_by(col(RoleGrant.id))
        .limit(limit)
    )
    query = query.where(col(RoleGrant.id) == id) if id is not None else query
    query = query.where(col(RoleGrant.id) > after) if after is not None else query
    return (await session.exec(query)).all()


async def record_key_use(session: AsyncSession, key: UUID, day: date) -> None:
    """Store the day on which a key was last used; at most one write a day."""
    await session.exec(
        update(ServiceKey)
        .where(col(ServiceKey.id) == key, col(ServiceKey.last_used_on).is_distinct_from(day))
        .values(last_used_on=day)
    )
