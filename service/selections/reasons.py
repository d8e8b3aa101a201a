"""Reasons that are given about people: sealed by each person's own key, and gone with it.

Why somebody is pinned, dropped or cannot come may be about their health, or worse. Neither the selection,
which is never changed once it was proposed, nor the audit trail holds it in the open.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from db import nominations, people
from db.selections import Selection
from service.sealed_attributes import open_note, seal_note
from service.work import Work


async def seal_reasons(work: Work, given: Mapping[UUID, str]) -> dict[UUID, dict[str, Any]]:
    """By nomination the reason as it is kept, ``None`` where the person's key is gone, and whose key that is:
    later another may stand there for the same collective."""
    persons = await nominations.map_persons_by_nomination(work.session, given)
    return {
        one: {"reason": await seal_note(work, persons[one], reason), "person": str(persons[one])}
        for one, reason in given.items()
    }


async def open_reasons(work: Work, selection: Selection) -> dict[str, str]:
    """The reasons of a selection's pins, drops and leaves, by nomination; those of the erased are gone."""
    lines = {
        each["nomination"]: (UUID(each["person"]), each["reason"])
        for each in (*selection.edits, *selection.leaving)
        if each["reason"] is not None
    }
    if not lines:
        return {}
    kept = {
        row.person
        for row, _ in await people.list_sealed_boxes(work.session, {person for person, _ in lines.values()})
    }
    return {
        one: await open_note(work, person, note) for one, (person, note) in lines.items() if person in kept
    }


def strip_reasons(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for the audit trail: which nomination and what, without why."""
    return [
        {name: value for name, value in each.items() if name not in ("reason", "person")} for each in lines
    ]
