"""Who acts, what kind of call a route is, and whose data that is about.

A *scope* (:class:`Access`) says what kind of call it is, a *role* in a unit and a congress chain says whose
data. Both stand in a :class:`Grant`, and an :class:`Actor` holds grants into every use case. Which grant
serves a call is decided once, at the door: the actor acts with the grants whose role has the route's scope
and with no others, so that what somebody may do in one unit never reaches another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from uuid import UUID


class Access(StrEnum):
    """What a route declares: the scope a caller needs."""

    PUBLIC = "public"
    """Anyone, without identity: reference lists, verifications, health."""
    SELF = "self"
    """Whoever is identified, about themselves."""
    CALCULATE = "calculate"
    """Whoever is identified: stateless arithmetic over what the caller sends."""
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
    SELECTIONS_READ = "selections:read"
    SELECTIONS_WRITE = "selections:write"
    SELECTIONS_APPROVE = "selections:approve"
    AUDIT_READ = "audit:read"
    ACCESS_READ = "access:read"
    ACCESS_WRITE = "access:write"
    PERSONAL_READ = "personal:read"
    """What is sealed of a person: disclosed for a purpose, and counted in the answers about lists."""
    PERSONAL_ERASE = "personal:erase"
    """All that is held of a person: given out at their request, and erased."""


class Role(StrEnum):
    """What an actor is, in a unit and a congress chain."""

    STANDING_COUNCIL = "standing_council"
    """Runs plans: allocates, decides on nominations, selects, acts for units below that send paper."""
    APPROVER = "approver"
    """The authority that signs: publishes plans, approves and adopts allocations and lists."""
    UNIT_OFFICER = "unit_officer"
    """Holds the unit's own conference and nominates for the unit."""
    AUDITOR = "auditor"
    """Reads what the council reads, and the audit trail; changes nothing."""
    MACHINE_CLIENT = "machine_client"
    """A program of the unit's, with the scopes its key names."""


READ_SCOPES = frozenset(access for access in Access if access.endswith(":read")) - {Access.PERSONAL_READ}
"""What an auditor reads: everything but what is sealed of people."""

SCOPES_WITHOUT_ROLE = frozenset({Access.SELF, Access.CALCULATE})
"""What is open to whoever is identified, with or without a role."""

SCOPES_BY_ROLE: Mapping[Role, frozenset[Access]] = {
    Role.STANDING_COUNCIL: frozenset(
        {
            Access.PLANS_READ,
            Access.PLANS_WRITE,
            Access.UNITS_READ,
            Access.UNITS_WRITE,
            Access.CONFERENCES_READ,
            Access.CONFERENCES_WRITE,
            Access.ALLOCATIONS_READ,
            Access.ALLOCATIONS_WRITE,
            Access.ALLOCATIONS_APPROVE,
            Access.NOMINATIONS_READ,
            Access.NOMINATIONS_WRITE,
            Access.NOMINATIONS_DECIDE,
            Access.SELECTIONS_READ,
            Access.SELECTIONS_WRITE,
            Access.SELECTIONS_APPROVE,
            Access.AUDIT_READ,
            Access.ACCESS_READ,
            Access.ACCESS_WRITE,
            Access.PERSONAL_READ,
            Access.PERSONAL_ERASE,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Access.PLANS_READ,
            Access.PLANS_PUBLISH,
            Access.UNITS_READ,
            Access.CONFERENCES_READ,
            Access.ALLOCATIONS_READ,
            Access.ALLOCATIONS_APPROVE,
            Access.NOMINATIONS_READ,
            Access.SELECTIONS_READ,
            Access.SELECTIONS_APPROVE,
            Access.AUDIT_READ,
            Access.ACCESS_READ,
            Access.ACCESS_WRITE,
        }
    ),
    Role.UNIT_OFFICER: frozenset(
        {
            Access.PLANS_READ,
            Access.UNITS_READ,
            Access.CONFERENCES_READ,
            Access.CONFERENCES_WRITE,
            Access.ALLOCATIONS_READ,
            Access.NOMINATIONS_READ,
            Access.NOMINATIONS_WRITE,
            Access.SELECTIONS_READ,
            Access.PERSONAL_READ,
        }
    ),
    Role.AUDITOR: READ_SCOPES,
    Role.MACHINE_CLIENT: frozenset(
        {
            Access.PLANS_READ,
            Access.UNITS_READ,
            Access.CONFERENCES_READ,
            Access.CONFERENCES_WRITE,
            Access.ALLOCATIONS_READ,
            Access.NOMINATIONS_READ,
            Access.NOMINATIONS_WRITE,
            Access.SELECTIONS_READ,
            Access.PERSONAL_READ,
        }
    ),
}
"""The kinds of call open to a role; a key or a token may narrow them, never widen them.

``allocations:approve`` and ``selections:approve`` are the council's only under a plan whose second pair of
eyes is the signed document.
"""

OWN_UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.MACHINE_CLIENT})
"""Roles that change what is the unit's own; what lies below it they only read."""

COUNCIL_ROLES = frozenset(Role) - OWN_UNIT_ROLES
"""Roles that also reach what lies below their unit, and what was sent to it."""

DRAFT_ROLES = OWN_UNIT_ROLES | {Role.STANDING_COUNCIL}
"""Roles that see the drafts of the unit they stand in; nobody else sees a draft."""

GRANTABLE_ROLES: Mapping[Role, frozenset[Role]] = {
    Role.STANDING_COUNCIL: frozenset({Role.STANDING_COUNCIL, Role.UNIT_OFFICER, Role.MACHINE_CLIENT}),
    Role.APPROVER: frozenset({Role.APPROVER, Role.AUDITOR}),
}
"""Who grants which roles. A council that could make approvers could be its own second pair of eyes."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit and what lies below it, in one congress chain or (``congress`` unset) in all of them.

    Without a ``unit`` it holds for the whole house. ``scopes`` narrow what the role may do.
    """

    role: Role
    unit: UUID | None = None
    congress: str | None = None
    scopes: frozenset[Access] | None = None

    def has_scope(self, access: Access) -> bool:
        """Whether the role, as far as it was granted, has the scope."""
        return access in SCOPES_BY_ROLE[self.role] and (self.scopes is None or access in self.scopes)

    def is_at_unit(self, congress: str | None, unit: UUID) -> bool:
        """Whether it stands at this very unit (or for the whole house), in the chain."""
        return self.unit is None or (self.unit == unit and self.congress in (None, congress))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or some program, who acts.

    ``id`` is the person's, whatever key or token they came with, and goes into the audit trail.
    ``on_behalf_of`` is the unit whose paper is entered, with the source document in the record itself.
    ``access`` is the scope of the call that is being served; unset where the service works by itself.
    """

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    on_behalf_of: str | None = None
    access: Access | None = None

    def has_scope(self, access: Access) -> bool:
        """Whether this kind of call is open to the actor, somewhere."""
        return (
            access is Access.PUBLIC
            or access in SCOPES_WITHOUT_ROLE
            or any(grant.has_scope(access) for grant in self.grants)
        )

    def narrow_to_access(self, access: Access) -> Self:
        """The actor in a call of this kind: with the grants that allow it, and no others."""
        if access in SCOPES_WITHOUT_ROLE:
            return replace(self, access=access)
        return replace(
            self, access=access, grants=tuple(each for each in self.grants if each.has_scope(access))
        )

    def narrow_to_scopes(self, scopes: frozenset[Access]) -> Self:
        """The actor with these scopes at most."""
        grants = (
            replace(each, scopes=scopes if each.scopes is None else each.scopes & scopes)
            for each in self.grants
        )
        return replace(self, grants=tuple(grants))

    @property
    def personal_reader(self) -> Self:
        """The actor with those of the grants that also let them read what is sealed of people."""
        return replace(
            self, grants=tuple(each for each in self.grants if each.has_scope(Access.PERSONAL_READ))
        )

    @property
    def may_read_sealed(self) -> bool:
        """Whether anything sealed may be opened in this call; the service at its own work always may."""
        return self.access is None or bool(self.personal_reader.grants)

    def narrow_to_roles(self, roles: frozenset[Role]) -> Self:
        """The actor with the grants of these roles alone."""
        return replace(self, grants=tuple(each for each in self.grants if each.role in roles))

    def acting_for(self, unit: UUID) -> Self:
        """The actor acting for another unit."""
        return replace(self, on_behalf_of=str(unit))

    @property
    def is_service_wide(self) -> bool:
        """Whether no unit is out of reach."""
        return any(grant.unit is None for grant in self.grants)

    @property
    def owns_all_units(self) -> bool:
        """Whether every unit is the actor's own, drafts included."""
        return any(grant.unit is None and grant.role in OWN_UNIT_ROLES for grant in self.grants)

    @property
    def own_unit_grants(self) -> tuple[Grant, ...]:
        """The grants whose unit is the actor's own, drafts included."""
        return tuple(grant for grant in self.grants if grant.unit is not None and grant.role in DRAFT_ROLES)

    def has_role_at(self, congress: str | None, unit: UUID) -> bool:
        """Whether a grant stands at this very unit, or for the whole house."""
        return any(grant.is_at_unit(congress, unit) for grant in self.grants)

    def is_own_unit(self, congress: str | None, unit: UUID) -> bool:
        """Whether the unit is the actor's own."""
        return self.owns_all_units or any(grant.is_at_unit(congress, unit) for grant in self.own_unit_grants)

    @classmethod
    def for_command_line(cls) -> Self:
        """Whoever has the machine itself, on its command line: every role, for the whole house."""
        return cls("local", "Local actor", tuple(Grant(role) for role in Role))

    @classmethod
    def for_service(cls) -> Self:
        """The service at its own work: reaches all, and may make no call."""
        return cls("service", "The service", (Grant(Role.MACHINE_CLIENT, scopes=frozenset()),))


ANYONE = Actor("anyone", "Anyone")
"""Who calls a public route, or is not (yet) known."""
