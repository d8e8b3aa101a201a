"""The sealed boxes of people as they are stored: attributes, and notes sealed by the person's key.

A box may be damaged, or sealed under another master key. Then nothing of it is known, its alarm is raised
(:meth:`service.vaults.Vault.report_unreadable`), and all other boxes are opened.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import people
from db.people import PersonKey, PersonSealed
from db.session import allow_unsealing
from domain.findings import Conflict, Finding, Severity
from service.vaults import Vault, open_text, open_values, seal_text, seal_values
from service.work import Work

MANY_BOXES = 500
"""How many boxes are opened in the event loop; more are opened in a thread."""


@dataclass(frozen=True, slots=True)
class OpenedBoxes:
    """Person → sealed attributes, for those who have any; and the people whose boxes do not open."""

    values: Mapping[UUID, Mapping[str, str]]
    unreadable: frozenset[UUID] = frozenset()

    def get_values(self, person: UUID) -> Mapping[str, str]:
        """The sealed attributes of a person; none where they are not stated or cannot be read."""
        return self.values.get(person, {})

    def list_findings(self) -> list[Finding]:
        """The finding that attributes of some people count as not stated; it does not say of whom."""
        if not self.unreadable:
            return []
        params = {"persons": len(self.unreadable)}
        return [Finding("sealed_boxes_unreadable", params, severity=Severity.WARNING)]

    def expect_readable(self) -> None:
        """Raise ``Conflict`` where a box does not open."""
        if self.unreadable:
            raise Conflict("sealed_box_unreadable")


def build_box(vault: Vault, person: UUID, values: Mapping[str, str]) -> tuple[PersonKey, PersonSealed]:
    """The box of a new person, and its key; neither is stored yet."""
    row = PersonKey(wrapped=b"", master="")
    key = vault.create_key(row)
    return row, PersonSealed(person=person, key_id=row.id, sealed=seal_values(key, person, values))


async def replace_sealed_attributes(work: Work, person: UUID, values: Mapping[str, str]) -> None:
    """Seal attributes of a person, in place of those sealed before.

    A box that was erased is created again, with another key. Raises ``Conflict`` for a key that does not
    unwrap: then the box may be opened once the right master key is there, and is not replaced.
    """
    async with allow_unsealing(work.session):
        boxes = await people.list_sealed_boxes(work.session, [person])
        if not boxes:
            await people.insert_box(work.session, *build_box(work.vault, person, values))
        for box, key in boxes:
            with _expecting_readable(work.vault, key):
                unwrapped = work.vault.unwrap_key(key)
            box.sealed = seal_values(unwrapped, person, values)
        await work.session.flush()


async def open_attributes(work: Work, persons: Collection[UUID]) -> OpenedBoxes:
    """The sealed attributes of people. Many boxes are opened in a thread, off the event loop."""
    if not persons:
        return OpenedBoxes({})
    boxes = await people.list_box_rows(work.session, persons)
    if len(boxes) > MANY_BOXES:
        values = await asyncio.to_thread(_open_boxes, work.vault, boxes)
    else:
        values = _open_boxes(work.vault, boxes)
    broken = [box for box in boxes if box.person not in values]
    if broken:
        work.vault.report_unreadable("attributes", [box.master for box in broken])
    return OpenedBoxes(values, frozenset(box.person for box in broken))


async def open_person_attributes(work: Work, person: UUID) -> Mapping[str, str]:
    """The sealed attributes of one person; raises ``Conflict`` where their box does not open."""
    opened = await open_attributes(work, [person])
    opened.expect_readable()
    return opened.get_values(person)


def _open_boxes(vault: Vault, boxes: Sequence[Any]) -> dict[UUID, Mapping[str, str]]:
    """The attributes from the boxes that open."""
    found: dict[UUID, Mapping[str, str]] = {}
    for box in boxes:
        with suppress(ValueError):
            found[box.person] = open_values(vault.unwrap_key(box), box.person, box.sealed)
    return found


@contextmanager
def _expecting_readable(vault: Vault, key: Any) -> Iterator[None]:
    """Raise the alarm and ``Conflict`` where a key of a person does not unwrap."""
    try:
        yield
    except ValueError:
        vault.report_unreadable("keys", [key.master])
        raise Conflict("sealed_box_unreadable") from None


async def seal_note(work: Work, person: UUID, text: str) -> str | None:
    """A text about a person, sealed by their key for a record that is never changed.

    It cannot be read after the key is destroyed; ``None`` for a person who was erased. Raises ``Conflict``
    for a key that does not unwrap.
    """
    async with allow_unsealing(work.session):
        boxes = await people.list_box_rows(work.session, [person])
    if not boxes:
        return None
    with _expecting_readable(work.vault, boxes[0]):
        key = work.vault.unwrap_key(boxes[0])
    return seal_text(key, person, text)


@dataclass(frozen=True, slots=True)
class OpenedNotes:
    """The sealed texts that could be opened, by their names; and the finding about those that could not."""

    texts: Mapping[Any, str]
    findings: Sequence[Finding] = ()


async def open_notes(work: Work, notes: Mapping[Any, tuple[UUID, str]]) -> OpenedNotes:
    """Sealed texts about people, by any name; those of people who were erased are gone."""
    rows = await people.list_box_rows(work.session, {person for person, _ in notes.values()})
    keys = {row.person: row for row in rows}
    found, broken = {}, []
    for name, (person, note) in notes.items():
        if person not in keys:
            continue
        try:
            found[name] = open_text(work.vault.unwrap_key(keys[person]), person, note)
        except ValueError:
            broken.append(keys[person].master)
    if not broken:
        return OpenedNotes(found)
    work.vault.report_unreadable("notes", broken)
    finding = Finding("sealed_notes_unreadable", {"notes": len(broken)}, severity=Severity.WARNING)
    return OpenedNotes(found, [finding])
