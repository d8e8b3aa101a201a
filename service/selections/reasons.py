"""Reasons that are given about people: sealed by each person's own key, and gone with it.

Why somebody is pinned, dropped or cannot come may be about their health, or worse. It is never stored in the
open: not in the selection, which does not change after its proposal, and not in the audit trail.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from db import nominations, people
from db.selections import Selection
from service.sealed_attributes import open_note, seal_note
from service.work import Work


async def seal_reasons(work: Work, reasons: Mapping[UUID, str]) -> dict[UUID, dict[str, Any]]:
    """Nomination → the sealed reason (``None`` where the person's key is gone) and the person whose key seals
    it: later another person may be nominated for the same collective."""
    persons = await nominations.map_persons_by_nomination(work.session, reasons)
    return {
        one: {"reason": await seal_note(work, persons[one], reason), "person": str(persons[one])}
        for one, reason in reasons.items()
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
    """The lines without reasons and persons, for the audit trail."""
    return [
        {name: value for name, value in each.items() if name not in ("reason", "person")} for each in lines
    ]
