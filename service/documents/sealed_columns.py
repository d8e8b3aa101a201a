"""Sealed attributes as columns of a list: for a stated purpose, and recorded before they are opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from db.invitations import Invitation, list_readable_invitees
from db.nominations import Nomination, list_readable_nominees
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.documents.content import DocumentKind
from domain.findings import Conflict, Finding, Plain
from service.audit import build_event, record_events
from service.reference import list_attribute_values
from service.sealed_attributes import open_attributes
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class SealedWish:
    """Which sealed attributes a list is to have, and the purpose of which the people were informed."""

    purpose: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedColumns:
    """The sealed attributes of people, for the columns of a list."""

    attributes: tuple[str, ...] = ()
    values: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)

    def list_values(self, person: UUID) -> tuple[str | None, ...]:
        """The values of a person in the order of the columns, in words."""
        stated = self.values.get(person, {})
        return tuple(_name_value(name, stated.get(name)) for name in self.attributes)


async def open_columns(
    work: Work, case: Case, rows: Sequence[Nomination | Invitation], wanted: SealedWish | None
) -> SealedColumns:
    """The columns of a list; none where no sealed attribute is wanted.

    Raises ``Forbidden`` unless the actor may read the sealed data of everybody on the list, and ``Conflict``
    where somebody was informed of another purpose, or a box does not open.
    """
    if wanted is None:
        return SealedColumns()
    persons = {row.person for row in rows}
    readable = await list_readable_nominees(work.session, work.actor, case.conference.id)
    readable |= await list_readable_invitees(work.session, work.actor, case.conference.id)
    if not persons or not persons <= readable:
        raise build_forbidden(Access.PERSONAL_READ)
    if any(row.purpose != wanted.purpose for row in rows):
        raise Conflict("purpose_not_told", errors=[Finding("purpose_not_told", {}, "/purpose")])
    await _record_disclosures(work, case, persons, wanted)
    opened = await open_attributes(work, persons)
    opened.expect_readable()
    return SealedColumns(wanted.attributes, {one: opened.get_values(one) for one in persons})


async def _record_disclosures(work: Work, case: Case, persons: set[UUID], wanted: SealedWish) -> None:
    """Record of each person who read what, for which purpose, and on which list it stands."""
    changes: dict[str, Plain] = {
        "purpose": wanted.purpose,
        "attributes": sorted(wanted.attributes),
        "document": DocumentKind.DELEGATE_LIST,
        "conference": str(case.conference.id),
    }
    await record_events(
        work,
        *(
            build_event(work, Act.SEALED_DISCLOSED, "person", person, changes, plan=case.chain)
            for person in sorted(persons)
        ),
    )


def _name_value(attribute: str, value: str | None) -> str | None:
    known = (each.vi for each in list_attribute_values(attribute) if each.code == value)
    return next(known, value)
