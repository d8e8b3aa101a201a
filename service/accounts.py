"""Accounts: linking the identities of one person, by a one-time code or by the service, and mending links."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from db import accounts, identities
from db.columns import now
from db.identities import Identity
from domain.accounts import (
    ATTEMPTS_SPAN,
    CODE_LIFE,
    expect_attempt_left,
    expect_linked,
    expect_others_mend,
)
from domain.acts import Act
from domain.findings import Finding, Forbidden, Invalid, Plain
from service.access import expect_whole_service
from service.audit import record_event
from service.work import Work

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
_CODE_PARTS, _PART_LENGTH = 3, 4
_ALWAYS = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """An account and all its identities."""

    id: UUID
    identities: Sequence[UUID]


async def request_link_code(work: Work) -> tuple[str, datetime]:
    """A one-time code and its end, to be handed in with the caller's other credential."""
    await _get_own_identity(work)
    expires_at = now() + CODE_LIFE
    code = "-".join(_mint_part() for _ in range(_CODE_PARTS))
    await accounts.store_link_code(work.session, _hash_code(code), expires_at)
    return code, expires_at


async def count_link_attempt(work: Work) -> None:
    """Count that the caller hands in a code; raises ``TooMany`` after too many.

    In a transaction of its own, before the code is looked up: a wrong code counts although it is refused.
    """
    await _get_own_identity(work)
    expect_attempt_left(await accounts.count_link_attempt(work.session, now() - ATTEMPTS_SPAN))


async def hand_in_link_code(work: Work, code: str) -> AccountDetails:
    """The caller's identity and the one that asked for the code are one person from now on.

    Raises ``Forbidden``, the same for a code that is unknown, expired, used, or the caller's own.
    """
    own = await _get_own_identity(work)
    other = await accounts.take_link_code(work.session, _hash_code(code))
    if other is None:
        raise Forbidden("link_code_wrong", errors=[Finding("link_code_wrong", {}, "/code")])
    return await _link(work, other, own.id, {"by": "code"})


async def link_identities(work: Work, one: UUID, other: UUID, reason: str) -> AccountDetails:
    """Say for others that two identities are one person; for an actor with authority over the service."""
    expect_whole_service(work)
    await _get_identity(work, one, "/identities/0")
    await _get_identity(work, other, "/identities/1")
    return await _link(work, one, other, {"by": "authority", "reason": reason})


async def separate_identity(work: Work, identity: UUID, reason: str) -> AccountDetails:
    """Mend a wrong link: the identity is a person of its own for what is begun from now on.

    Allocations, lists and quotas that exist already compare it as before. Raises ``Forbidden`` for an actor
    without authority over the service, and for the person concerned.
    """
    expect_whole_service(work)
    await accounts.lock_account_changes(work.session)
    apart = await _get_identity(work, identity, "/identity")
    marks = await accounts.lock_person_marks(work.session, [work.actor.id, str(apart.id)], _ALWAYS)
    expect_others_mend(marks[work.actor.id], marks[str(apart.id)])
    expect_linked(await identities.count_account_identities(work.session, apart.account))
    account = AccountDetails(*await accounts.separate_identity(work.session, apart.id))
    changes: dict[str, Plain] = {
        "identity": str(apart.id),
        "former_account": str(apart.account),
        "reason": reason,
    }
    await record_event(work, Act.IDENTITY_SEPARATED, "account", account.id, changes)
    return account


async def _link(work: Work, one: UUID, other: UUID, changes: dict[str, Plain]) -> AccountDetails:
    account = AccountDetails(*await accounts.link_identities(work.session, one, other))
    changes["linked"] = [str(one), str(other)]
    changes["identities"] = [str(each) for each in account.identities]
    await record_event(work, Act.IDENTITIES_LINKED, "account", account.id, changes)
    return account


async def _get_own_identity(work: Work) -> Identity:
    found = await identities.find_identity_by_id(work.session, work.actor.id)
    if found is None:
        raise Forbidden("identity_without_role")
    return found


async def _get_identity(work: Work, identity: UUID, pointer: str) -> Identity:
    found = await identities.find_identity_by_id(work.session, str(identity))
    if found is None:
        raise Invalid("identity_not_found", errors=[Finding("identity_not_found", {}, pointer)])
    return found


def _mint_part() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_PART_LENGTH))


def _hash_code(code: str) -> bytes:
    """The digest of a code, however its letters and hyphens were typed."""
    return sha256("".join(code.split()).replace("-", "").upper().encode()).digest()
