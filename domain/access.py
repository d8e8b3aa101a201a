"""Access: the actor, the kind of call that a route is, and the units to whose data it applies.

A *scope* (:class:`Access`) is the kind of call. A *role* in a unit and a congress chain decides to which data
it applies. A :class:`Grant` combines both, and an :class:`Actor` has grants in every use case. The grants for
a call are chosen in one place, when the request arrives: the actor acts only with those grants whose role has
the route's scope. So the rights in one unit never apply in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from uuid import UUID

from domain.findings import Forbidden, Plain


class Access(StrEnum):
    """The scope that a route requires of its caller."""

    PUBLIC = "public"
    """For everyone, without identity: reference lists, verifications, health."""
    SELF = "self"
    """For every identified caller, about themselves."""
    CALCULATE = "calculate"
    """For every identified caller: computations from the request alone, without stored data."""
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
    """Sealed data of a person: disclosed for a purpose, and counted in the answers about lists."""
    PERSONAL_ERASE = "personal:erase"
    """All stored data of a person: disclosed to the person on request, and erased."""


class Role(StrEnum):
    """The role of an actor in a unit and a congress chain."""

    STANDING_COUNCIL = "standing_council"
    """Runs plans: allocates, decides on nominations, selects, enters paper documents for units below."""
    APPROVER = "approver"
    """The signing authority: publishes plans, approves and adopts allocations and lists."""
    UNIT_OFFICER = "unit_officer"
    """Organises the unit's own conference and nominates for the unit."""
    AUDITOR = "auditor"
    """Reads everything that the council reads except sealed data, and the audit trail; changes nothing."""
    MACHINE_CLIENT = "machine_client"
    """A program of the unit, with the scopes of its key."""


READ_SCOPES = frozenset(access for access in Access if access.endswith(":read")) - {Access.PERSONAL_READ}
"""The scopes of an auditor: reading everything except sealed data of people."""

SCOPES_WITHOUT_ROLE = frozenset({Access.SELF, Access.CALCULATE})
"""The scopes of every identified caller, with or without a role."""

_UNIT_SCOPES = frozenset(
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
)

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
    Role.UNIT_OFFICER: _UNIT_SCOPES,
    Role.AUDITOR: READ_SCOPES,
    Role.MACHINE_CLIENT: _UNIT_SCOPES,
}
"""The scopes of each role; a key or a token may have fewer of them, never more.

The council may use ``allocations:approve`` and ``selections:approve`` only under a plan in which the signed
document takes the place of approval by a second person (``Plan.four_eyes``).
"""

OWN_UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.MACHINE_CLIENT})
"""Roles that change the data of their own unit; data of the units below they only read."""

COUNCIL_ROLES = frozenset(Role) - OWN_UNIT_ROLES
"""Roles that also reach the data of the units below, and everything submitted to their own unit."""

DRAFT_ROLES = OWN_UNIT_ROLES | {Role.STANDING_COUNCIL}
"""Roles to which the drafts of their own unit are visible; drafts are visible to no other role."""


def build_forbidden(access: Access | None, roles: frozenset[Role] = frozenset(Role)) -> Forbidden:
    """The refusal of an act that needed a scope; it says which of ``roles`` have it."""
    having: list[Plain] = [role for role in Role if role in roles and access in SCOPES_BY_ROLE[role]]
    return Forbidden("forbidden", {"scope": access, "role": having})


GRANTABLE_ROLES: Mapping[Role, frozenset[Role]] = {
    Role.STANDING_COUNCIL: frozenset({Role.STANDING_COUNCIL, Role.UNIT_OFFICER, Role.MACHINE_CLIENT}),
    Role.APPROVER: frozenset({Role.APPROVER, Role.AUDITOR}),
}
"""Role → the roles that it may grant. A council may not grant the role of the approver who checks it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit and what lies below it, in one congress chain or (``congress`` unset) in all of them.

    Without a ``unit`` it is valid for the whole service. ``scopes`` limit the scopes of the role.
    """

    role: Role
    unit: UUID | None = None
    congress: str | None = None
    scopes: frozenset[Access] | None = None

    def has_scope(self, access: Access) -> bool:
        """Whether the grant gives the scope: the role has it, and ``scopes`` do not exclude it."""
        return access in SCOPES_BY_ROLE[self.role] and (self.scopes is None or access in self.scopes)

    def is_at_unit(self, congress: str | None, unit: UUID) -> bool:
        """Whether the grant is for exactly this unit, or for the whole service, in the congress chain."""
        return self.unit is None or (self.unit == unit and self.congress in (None, congress))


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a program that acts.

    ``id`` identifies the person, with any key or token, and is written to the audit trail. ``on_behalf_of``
    is the unit whose paper document is entered; the record itself names the document. ``access`` is the scope
    of the current call; it is unset when the service acts by itself.
    """

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    on_behalf_of: str | None = None
    access: Access | None = None

    def has_scope(self, access: Access) -> bool:
        """Whether the actor has this scope in any unit."""
        return (
            access is Access.PUBLIC
            or access in SCOPES_WITHOUT_ROLE
            or any(grant.has_scope(access) for grant in self.grants)
        )

    def narrow_to_access(self, access: Access) -> Self:
        """The actor in a call with this scope: only with the grants that have it."""
        if access in SCOPES_WITHOUT_ROLE:
            return replace(self, access=access)
        return replace(
            self, access=access, grants=tuple(each for each in self.grants if each.has_scope(access))
        )

    def narrow_to_scopes(self, scopes: frozenset[Access]) -> Self:
        """The actor with at most these scopes in every grant."""
        grants = (
            replace(each, scopes=scopes if each.scopes is None else each.scopes & scopes)
            for each in self.grants
        )
        return replace(self, grants=tuple(grants))

    @property
    def personal_reader(self) -> Self:
        """The actor with only those grants that also allow reading sealed data of people."""
        return replace(
            self, grants=tuple(each for each in self.grants if each.has_scope(Access.PERSONAL_READ))
        )

    @property
    def may_read_sealed(self) -> bool:
        """Whether this call may read any sealed data; the service acting by itself always may."""
        return self.access is None or bool(self.personal_reader.grants)

    def narrow_to_roles(self, roles: frozenset[Role]) -> Self:
        """The actor with only the grants of these roles."""
        return replace(self, grants=tuple(each for each in self.grants if each.role in roles))

    def acting_for(self, unit: UUID) -> Self:
        """The actor acting on behalf of a unit."""
        return replace(self, on_behalf_of=str(unit))

    @property
    def is_service_wide(self) -> bool:
        """Whether every unit is within the actor's reach."""
        return any(grant.unit is None for grant in self.grants)

    @property
    def owns_all_units(self) -> bool:
        """Whether every unit is the actor's own, so all drafts are visible."""
        return any(grant.unit is None and grant.role in OWN_UNIT_ROLES for grant in self.grants)

    @property
    def own_unit_grants(self) -> tuple[Grant, ...]:
        """The grants whose unit is the actor's own, so its drafts are visible."""
        return tuple(grant for grant in self.grants if grant.unit is not None and grant.role in DRAFT_ROLES)

    def has_role_at(self, congress: str | None, unit: UUID) -> bool:
        """Whether the actor has a grant for exactly this unit, or for the whole service."""
        return any(grant.is_at_unit(congress, unit) for grant in self.grants)

    def is_own_unit(self, congress: str | None, unit: UUID) -> bool:
        """Whether the unit is the actor's own."""
        return self.owns_all_units or any(grant.is_at_unit(congress, unit) for grant in self.own_unit_grants)

    @classmethod
    def for_command_line(cls) -> Self:
        """The actor on the command line of the machine: every role, for the whole service."""
        return cls("local", "Local actor", tuple(Grant(role) for role in Role))

    @classmethod
    def for_service(cls) -> Self:
        """The service acting by itself: it reaches all units, and has no scope for any call."""
        return cls("service", "The service", (Grant(Role.MACHINE_CLIENT, scopes=frozenset()),))


ANYONE = Actor("anyone", "Anyone")
"""The caller of a public route, or one who is not identified yet."""
