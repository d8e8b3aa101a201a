"""Reasons that are given about people: sealed by each person's own key, and gone with it.

Why somebody is pinned, dropped or cannot come may be about their health, or worse. It is never stored in the
open: not in the selection, which does not change after its proposal, and not in the audit trail.
"""

from collections.abc import Mapping
from uuid import UUID

from db import nominations
from db.selections import Selection
from domain.selection.stored_edits import SealedReason
from service.sealed_attributes import OpenedNotes, open_notes, seal_note
from service.work import Work


async def seal_reasons(work: Work, reasons: Mapping[UUID, str]) -> dict[UUID, SealedReason]:
    """Nomination → the reason, sealed by the key of the person who is nominated now."""
    persons = await nominations.map_persons_by_nomination(work.session, reasons)
    return {
        one: SealedReason(await seal_note(work, persons[one], reason), persons[one])
        for one, reason in reasons.items()
    }


async def open_reasons(work: Work, selection: Selection) -> OpenedNotes:
    """The reasons of a selection's pins, drops and leaves, by nomination; those of the erased are gone."""
    about = [
        *((each.nomination, each.sealed) for each in selection.edits),
        *((each.nomination, each.sealed) for each in selection.leaving),
    ]
    lines = {one: (sealed.person, sealed.reason) for one, sealed in about if sealed.reason is not None}
    return await open_notes(work, lines) if lines else OpenedNotes({})
