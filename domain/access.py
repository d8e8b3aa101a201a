"""Who acts, and what kind of call a route is.

A *scope* says what kind of call it is, a *role in a unit* says whose data; both travel with the
:class:`Actor` into every use case. Until identities are checked, a local actor stands in who may do all.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Access(StrEnum):
    """What a route declares: the scope a caller needs."""

    PUBLIC = "public"
    """Anyone, without identity: reference lists, verifications, health."""
    CALCULATE = "calculate"
    """Stateless arithmetic over what the caller sends."""
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    PLANS_PUBLISH = "plans:publish"
    UNITS_READ = "units:read"
    UNITS_WRITE = "units:write"
    CONFERENCES_READ = "conferences:read"
    CONFERENCES_WRITE = "conferences:write"
    ALLOCATIONS_READ = "allocations:read"
    ALLOCATIONS_WRITE = "allocations:write"
    ALLOCATIONS_APPROVE = "allocations:approve"
    NOMINATIONS_READ = "nominations:read"
    NOMINATIONS_WRITE = "nominations:write"
    NOMINATIONS_DECIDE = "nominations:decide"
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    """What an actor is, in a unit and a congress chain."""

    STANDING_COUNCIL = "standing_council"
    APPROVER = "approver"
    UNIT_OFFICER = "unit_officer"
    AUDITOR = "auditor"
    MACHINE_CLIENT = "machine_client"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or some program, who acts.

    ``id`` is stable and goes into the audit trail; ``on_behalf_of`` is the unit whose paper the standing
    council enters, with the source document in the record itself.
    """

    id: str
    name: str
    roles: frozenset[Role]
    scopes: frozenset[Access]
    on_behalf_of: str | None = None

    def may(self, access: Access) -> bool:
        """Whether this kind of call is open to the actor."""
        return access is Access.PUBLIC or access in self.scopes

    @classmethod
    def local(cls) -> Self:
        """The one actor of the local mode: every role, every scope, and named so in the audit trail."""
        return cls("local", "Local actor", frozenset(Role), frozenset(Access))
