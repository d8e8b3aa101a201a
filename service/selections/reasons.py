"""Reasons that are given about people: sealed by each person's own key, and gone with it.

Why somebody is pinned, dropped or cannot come may be about their health, or worse. It is never stored in the
open: not in the selection, which does not change after its proposal, and not in the audit trail.
"""

from collections.abc import Mapping
from uuid import UUID

from db import nominations, people
from db.selections import Selection
from domain.selection.stored_edits import SealedReason
from service.sealed_attributes import open_note, seal_note
from service.work import Work


async def seal_reasons(work: Work, reasons: Mapping[UUID, str]) -> dict[UUID, SealedReason]:
    """Nomination → the reason, sealed by the key of the person who is nominated now."""
    persons = await nominations.map_persons_by_nomination(work.session, reasons)
    return {
        one: SealedReason(await seal_note(work, persons[one], reason), persons[one])
        for one, reason in reasons.items()
    }


async def open_reasons(work: Work, selection: Selection) -> dict[UUID, str]:
    """The reasons of a selection's pins, drops and leaves, by nomination; those of the erased are gone."""
    about = [
        *((each.nomination, each.sealed) for each in selection.edits),
        *((each.nomination, each.sealed) for each in selection.leaving),
    ]
    lines = {one: (sealed.person, sealed.reason) for one, sealed in about if sealed.reason is not None}
    if not lines:
        return {}
    kept = {
        row.person
        for row, _ in await people.list_sealed_boxes(work.session, {person for person, _ in lines.values()})
    }
    return {
        one: await open_note(work, person, note) for one, (person, note) in lines.items() if person in kept
    }
