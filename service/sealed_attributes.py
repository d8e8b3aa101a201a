"""The sealed boxes of people as they are stored: attributes, and notes sealed by the person's key."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from db import people
from db.people import PersonKey, PersonSealed
from db.session import allow_unsealing
from service.vaults import Vault, open_text, open_values, seal_text, seal_values
from service.work import Work

MANY_BOXES = 500
"""How many boxes are opened in the event loop; more are opened in a thread."""


def build_box(vault: Vault, person: UUID, values: Mapping[str, str]) -> tuple[PersonKey, PersonSealed]:
    """The box of a new person, and its key; neither is stored yet."""
    row = PersonKey(wrapped=b"", master="")
    key = vault.create_key(row)
    return row, PersonSealed(person=person, key_id=row.id, sealed=seal_values(key, person, values))


async def replace_sealed_attributes(work: Work, person: UUID, values: Mapping[str, str]) -> None:
    """Seal attributes of a person, in place of those sealed before.

    A box that was erased is created again, with another key.
    """
    async with allow_unsealing(work.session):
        boxes = await people.list_sealed_boxes(work.session, [person])
        if not boxes:
            await people.insert_box(work.session, *build_box(work.vault, person, values))
        for box, key in boxes:
            box.sealed = seal_values(work.vault.unwrap_key(key), person, values)
        await work.session.flush()


async def open_attributes(work: Work, persons: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """Person → sealed attributes, for those who have any.

    Many boxes are opened in a thread, off the event loop.
    """
    boxes = await people.list_box_rows(work.session, persons)
    if len(boxes) > MANY_BOXES:
        return await asyncio.to_thread(_open_boxes, work.vault, boxes)
    return _open_boxes(work.vault, boxes)


def _open_boxes(vault: Vault, boxes: Sequence[Any]) -> Mapping[UUID, Mapping[str, str]]:
    return {box.person: open_values(vault.unwrap_key(box), box.person, box.sealed) for box in boxes}


async def seal_note(work: Work, person: UUID, text: str) -> str | None:
    """A text about a person, sealed by their key for a record that is never changed.

    It cannot be read after the key is destroyed; ``None`` for a person who was erased.
    """
    async with allow_unsealing(work.session):
        boxes = await people.list_box_rows(work.session, [person])
    return seal_text(work.vault.unwrap_key(boxes[0]), person, text) if boxes else None


async def open_note(work: Work, person: UUID, note: str) -> str:
    """A sealed text about a person, opened."""
    (box,) = await people.list_box_rows(work.session, [person])
    return open_text(work.vault.unwrap_key(box), person, note)
