"""Identities, keys and grants: who the caller is, what they may do, and who may grant it to them.

A person has one identity for all keys and tokens: the audit trail names it, and the rule of the second person
compares it. Identities come from the OpenID Connect provider, from the keys of a council (each council names
its own people), or from the local mode; those of the local mode are valid only there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db import identities, reach
from db.columns import now
from db.identities import Identity, RoleGrant, ServiceKey
from db.plans import list_congress_ids
from db.session import AsyncSession
from domain.access import GRANTABLE_ROLES, SCOPES_BY_ROLE, Access, Actor, Grant, Role
from domain.acts import Act
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound, Plain
from service import keys
from service.audit import record_change, record_event
from service.clock import today
from service.tokens import InvalidCredential, TokenClaims
from service.work import Work

LOCAL_ISSUER = "daibieu:local"
"""The issuer of the two people of the local mode."""

KEY_ISSUER_PREFIX = "daibieu:keys"

MAX_KEY_LIFE = timedelta(days=366)
"""How long a key of this service is valid at most."""


@dataclass(frozen=True, slots=True)
class Grantee:
    """The receiver of a grant: their id at the issuer (``subject``), and their name for people."""

    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """A role to be granted. Without a ``unit`` it is for the whole service; ``scopes`` narrow the role.

    ``source`` is the document that it is based on, or the reason.
    """

    role: Role
    unit: UUID | None
    congress: str | None
    source: str
    scopes: frozenset[Access] | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """A key with its identity and grants, but never the text of the key."""

    key: ServiceKey
    identity: Identity
    grants: Sequence[RoleGrant]


@dataclass(frozen=True, slots=True)
class GrantDetails:
    """A grant and whose it is."""

    grant: RoleGrant
    identity: Identity


async def authenticate_key(session: AsyncSession, presented: keys.PresentedKey, *, local: bool) -> Actor:
    """The actor of a key. Raises :class:`InvalidCredential` unless the key was issued here and is in force.

    ``local`` allows the people of the local mode.
    """
    found = await identities.find_key_by_handle(session, presented.handle)
    proven = presented.has_digest(found[0].digest if found else None)
    if found is None or not proven:
        raise InvalidCredential("key_unknown")
    key, identity = found
    if key.revoked_at is not None:
        raise InvalidCredential("key_revoked")
    if key.expires_at <= now():
        raise InvalidCredential("key_expired")
    if identity.issuer == LOCAL_ISSUER and not local:
        raise InvalidCredential("key_of_local_mode")
    if key.last_used_on != today():
        await identities.record_key_use(session, key.id, today())
    return _build_actor(identity, await identities.list_active_grants(session, identity.id, key.id))


async def load_claims_actor(session: AsyncSession, claims: TokenClaims) -> Actor:
    """The actor of a token; without any grant they have no role.

    Scopes of this service in the token narrow what the actor may do with it.
    """
    identity = await identities.find_identity(session, claims.issuer, claims.subject)
    if identity is None:
        return Actor(f"{claims.issuer}#{claims.subject}", claims.name)
    actor = _build_actor(identity, await identities.list_active_grants(session, identity.id, None))
    named = frozenset(access for access in Access if access in claims.scopes)
    return actor.narrow_to_scopes(named) if named else actor


async def issue_key(
    work: Work,
    holder: Grantee,
    granted: Sequence[GrantRequest],
    *,
    purpose: str,
    expires_at: datetime,
    issuer: str | None = None,
) -> tuple[KeyDetails, str]:
    """A key for one person or program, and its text, which cannot be read again later."""
    by, *_ = [await _expect_may_grant(work, granting) for granting in granted]
    _expect_key_life(expires_at)
    identity = await _ensure_identity(
        work.session, issuer or f"{KEY_ISSUER_PREFIX}:{by.unit or 'house'}", holder
    )
    await _expect_grantable_identity(work, identity)
    key, text = await _insert_key(work, identity, purpose, expires_at)
    rows = [await _insert_grant(work, identity, granting, key) for granting in granted]
    changes: dict[str, Plain] = {
        "identity": str(identity.id),
        "expires_at": expires_at.isoformat(),
        "grants": [_plain_grant(granting) for granting in granted],
    }
    await record_event(work, Act.KEY_ISSUED, "service_key", key.id, changes)
    return KeyDetails(key, identity, rows), text


async def grant_role(work: Work, issuer: str | None, holder: Grantee, granting: GrantRequest) -> GrantDetails:
    """A role for a person known to the provider of identities."""
    if issuer is None:
        raise Conflict("no_identity_provider")
    await _expect_may_grant(work, granting)
    identity = await _ensure_identity(work.session, issuer, holder)
    row = await _insert_grant(work, identity, granting, None)
    changes = {**_plain_grant(granting), "identity": str(identity.id)}
    await record_event(work, Act.ROLE_GRANTED, "role_grant", row.id, changes)
    return GrantDetails(row, identity)


async def revoke_key(work: Work, found: KeyDetails, reason: str) -> KeyDetails:
    """Revoke a key for ever; from now on it is refused."""
    await _expect_may_revoke(work, found.grants)
    if found.key.revoked_at is not None:
        raise Conflict("key_revoked_already")
    found.key.revoked_at = now()
    changes = {"reason": reason, "identity": str(found.identity.id)}
    await record_change(work, found.key, Act.KEY_REVOKED, changes)
    return found


async def revoke_grant(work: Work, found: GrantDetails, reason: str) -> GrantDetails:
    """Take a role back."""
    await _expect_may_revoke(work, [found.grant])
    if found.grant.revoked_at is not None:
        raise Conflict("grant_revoked_already")
    found.grant.revoked_at = now()
    changes = {"reason": reason, "identity": str(found.identity.id)}
    await record_change(work, found.grant, Act.ROLE_REVOKED, changes)
    return found


async def get_key(work: Work, id: UUID, *, lock: bool = False) -> KeyDetails:  # noqa: A002
    """One key within the actor's reach."""
    found = await identities.page_keys(work.session, work.actor, id=id)
    if not found:
        raise NotFound("service_key_not_found")
    key, identity = found[0]
    if lock:
        await identities.lock_row(work.session, key)
    return KeyDetails(key, identity, await identities.list_key_grants(work.session, [key.id]))


async def get_grant(work: Work, id: UUID, *, lock: bool = False) -> GrantDetails:  # noqa: A002
    """One grant within the actor's reach."""
    found = await identities.page_grants(work.session, work.actor, id=id)
    if not found:
        raise NotFound("role_grant_not_found")
    if lock:
        await identities.lock_row(work.session, found[0][0])
    return GrantDetails(*found[0])


async def page_keys(work: Work, *, after: UUID | None, limit: int) -> Sequence[KeyDetails]:
    """Keys within the actor's reach, the oldest first."""
    found = await identities.page_keys(work.session, work.actor, after=after, limit=limit)
    grants = await identities.list_key_grants(work.session, [key.id for key, _ in found])
    return [KeyDetails(key, who, [each for each in grants if each.key == key.id]) for key, who in found]


async def page_grants(work: Work, *, after: UUID | None, limit: int) -> Sequence[GrantDetails]:
    """Grants within the actor's reach that are not a key's, the oldest first."""
    return [
        GrantDetails(*each)
        for each in await identities.page_grants(work.session, work.actor, after=after, limit=limit)
    ]


def _build_actor(identity: Identity, grants: Sequence[RoleGrant]) -> Actor:
    role_grants = tuple(
        Grant(
            each.role,
            each.unit,
            each.congress,
            None if each.scopes is None else frozenset(each.scopes),
        )
        for each in grants
    )
    return Actor(str(identity.id), identity.name, role_grants)


async def _ensure_identity(session: AsyncSession, issuer: str, holder: Grantee) -> Identity:
    known = await identities.find_identity(session, issuer, holder.subject)
    if known is not None:
        return known
    identity = Identity(issuer=issuer, subject=holder.subject, name=holder.name)
    session.add(identity)
    await session.flush()
    return identity


def _expect_key_life(expires_at: datetime) -> None:
    if not now() < expires_at <= now() + MAX_KEY_LIFE:
        errors = [Finding("key_life", {"days": MAX_KEY_LIFE.days}, "/expires_at")]
        raise Invalid("key_life", {"days": MAX_KEY_LIFE.days}, errors=errors)


async def _insert_key(
    work: Work, identity: Identity, purpose: str, expires_at: datetime
) -> tuple[ServiceKey, str]:
    """A new key of an identity: its row, and its text, which is not stored."""
    text = keys.mint_key()
    presented = keys.read_key(text)
    assert presented is not None  # noqa: S101 - it was minted a line above
    key = ServiceKey(
        identity=identity.id,
        handle=presented.handle,
        digest=presented.digest,
        purpose=purpose,
        issued_by=work.actor.id,
        expires_at=expires_at,
    )
    return await identities.insert_key(work.session, key), text


async def _insert_grant(
    work: Work, identity: Identity, granting: GrantRequest, key: ServiceKey | None
) -> RoleGrant:
    row = RoleGrant(
        identity=identity.id,
        key=None if key is None else key.id,
        role=granting.role,
        unit=granting.unit,
        congress=granting.congress,
        scopes=None if granting.scopes is None else tuple(sorted(granting.scopes)),
        source=granting.source,
        granted_by=work.actor.id,
        expires_at=granting.expires_at,
    )
    return await identities.insert_grant(work.session, row)


async def _expect_may_grant(work: Work, granting: GrantRequest) -> Grant:
    """The actor's own grant by which they may grant this.

    Nobody grants more than they have: no unit or chain beyond their own, no scopes beyond their own, and
    only the roles that their own role may grant (``GRANTABLE_ROLES``).
    """
    await _expect_valid_request(work, granting)
    if granting.unit is not None and not await reach.evaluate_for_unit(
        work.session, reach.is_in_subtree_anywhere, work.actor, granting.unit
    ):
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])
    for own in work.actor.grants:
        if await _may_grant(work, own, granting):
            return own
    raise Forbidden("grant_beyond_own")


async def _expect_grantable_identity(work: Work, identity: Identity) -> None:
    """Raise ``Forbidden`` for a key of a person who ever had a grant that the actor could not give.

    The audit trail and the rule of the second person would take the user of the key for that person.
    """
    if str(identity.id) == work.actor.id:
        return
    for role, unit, congress in await identities.list_granted_roles(work.session, identity.id):
        granting = GrantRequest(role, unit, congress, "", frozenset())
        if not any([await _may_grant(work, own, granting) for own in work.actor.grants]):
            raise Forbidden("grant_beyond_own")


async def _may_grant(work: Work, own: Grant, granting: GrantRequest) -> bool:
    wanted = SCOPES_BY_ROLE[granting.role] if granting.scopes is None else granting.scopes
    may = SCOPES_BY_ROLE[own.role] if own.scopes is None else own.scopes
    if granting.role not in GRANTABLE_ROLES.get(own.role, ()) or not wanted <= may:
        return False
    if own.unit is None:
        return True
    if granting.unit is None or own.congress not in (None, granting.congress):
        return False
    alone = Actor(work.actor.id, work.actor.name, (own,))
    rule = reach.is_in_subtree_anywhere if granting.congress is None else reach.is_in_subtree
    return await reach.evaluate_for_unit(work.session, rule, alone, granting.unit, granting.congress)


async def _expect_valid_request(work: Work, granting: GrantRequest) -> None:
    errors = []
    if granting.unit is None and granting.congress is not None:
        errors.append(Finding("house_grant_has_no_congress", {}, "/congress"))
    elif granting.congress is not None and granting.congress not in (
        known := await list_congress_ids(work.session)
    ):
        errors.append(Finding("congress_unknown", {"congresses": [*known]}, "/congress"))
    if granting.scopes is not None and not granting.scopes <= SCOPES_BY_ROLE[granting.role]:
        errors.append(Finding("scopes_beyond_role", {"role": granting.role}, "/scopes"))
    if granting.role is Role.MACHINE_CLIENT and not granting.scopes:
        errors.append(Finding("scopes_needed", {}, "/scopes"))
    if granting.expires_at is not None and granting.expires_at <= now():
        errors.append(Finding("grant_expired", {}, "/expires_at"))
    if errors:
        raise Invalid("grant_faulty", errors=errors)


async def _expect_may_revoke(work: Work, grants: Sequence[RoleGrant]) -> None:
    """A role may be revoked by every actor who may grant it, and by its own holder."""
    for row in grants:
        if str(row.identity) == work.actor.id:
            continue
        granting = GrantRequest(row.role, row.unit, row.congress, row.source, frozenset())
        if not any([await _may_grant(work, own, granting) for own in work.actor.grants]):
            raise Forbidden("grant_beyond_own")


def _plain_grant(granting: GrantRequest) -> dict[str, Plain]:
    return {
        "role": granting.role,
        "unit": None if granting.unit is None else str(granting.unit),
        "congress": granting.congress,
        "scopes": None if granting.scopes is None else sorted(granting.scopes),
        "source": granting.source,
    }
