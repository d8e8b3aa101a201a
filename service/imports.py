"""Unit files: read and checked as a whole, returned with marked faults, stored only when confirmed."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from db import imports
from db.columns import now
from db.imports import UnitImport
from db.plans import list_congress_ids, list_defined_words
from db.session import AsyncSession
from domain.acts import Act
from domain.figures import check_figures
from domain.findings import Conflict, Finding, Invalid, NotFound, Severity
from domain.unit_files import (
    FileKind,
    ImportCounts,
    SheetMedia,
    StoredSheet,
    derive_confirmed_state,
    derive_state_of_check,
)
from domain.units import UNIT_KINDS, check_rows
from service import units
from service.audit import record_change, record_event
from service.formats import unit_files
from service.formats.unit_files import ParsedRows, Sheet
from service.stored_units import collect_codes, load_stored_units
from service.texts import Language
from service.work import Work


async def check_file(work: Work, kind: FileKind, media: SheetMedia, content: bytes) -> UnitImport:
    """Read a file and check all of it; units are stored only when it is confirmed.

    Raises ``Invalid`` for bytes without any table; a table with faults is kept, to be marked.
    """
    sheet = await asyncio.to_thread(unit_files.read_sheet, content, media)
    if not sheet.rows:
        raise Invalid("file_unreadable", errors=sheet.findings)
    parsed, found = await _check_sheet(work, kind, sheet)
    row = UnitImport(
        kind=kind,
        media=media,
        digest=await asyncio.to_thread(lambda: sha256(content).hexdigest()),
        sheet=StoredSheet(sheet.media, sheet.rows, sheet.header_row),
        findings=tuple(found),
        counts=ImportCounts(len(parsed.all_rows)),
        state=derive_state_of_check(found),
        created_by=work.actor.id,
    )
    work.session.add(row)
    await work.session.flush()
    changes = {"kind": kind, "digest": row.digest, "state": row.state}
    await record_event(work, Act.FILE_CHECKED, "unit_import", row.id, changes)
    return row


async def confirm_import(work: Work, row: UnitImport) -> UnitImport:
    """Store the rows of a checked file. It is checked again: units and plans may have changed meanwhile.

    Raises ``Conflict`` when it has faults by now; a new import of the same file can mark them.
    """
    state = derive_confirmed_state(row.state)
    defined = await _load_defined_words(work.session, row.kind)
    parsed = await _parse_sheet(work.session, row.kind, read_stored_sheet(row), defined)
    try:
        count = await _store_rows(work, row.kind, parsed)
    except Invalid as refused:
        raise Conflict("import_outdated", refused.params, errors=refused.errors) from refused
    row.counts = replace(row.counts, stored=count)
    row.state, row.confirmed_at = state, now()
    await record_change(work, row, Act.FILE_CONFIRMED, {"digest": row.digest})
    return row


async def get_import(work: Work, id: UUID, *, lock: bool = False) -> UnitImport:  # noqa: A002
    """One import within the actor's reach."""
    row = await imports.find_import(work.session, work.actor, id, lock=lock)
    if row is None:
        raise NotFound("import_not_found")
    return row


async def build_import_template(work: Work, kind: FileKind, media: SheetMedia, language: Language) -> bytes:
    """An empty file with a column for the parent in each congress chain."""
    chains = await list_congress_ids(work.session)
    defined = await _load_defined_words(work.session, kind)
    return await asyncio.to_thread(
        unit_files.build_template, kind, media, language, congresses=chains, defined=defined
    )


def translate_findings(row: UnitImport, findings: Iterable[Finding], language: Language) -> list[str]:
    """Findings in words that name rows and columns as the file does."""
    words = unit_files.SheetTranslator(read_stored_sheet(row), language)
    return [words.translate_finding(finding) for finding in findings]


async def mark_file(row: UnitImport, language: Language, media: SheetMedia) -> bytes:
    """The file with each finding beside its row."""
    return await asyncio.to_thread(
        unit_files.mark_sheet, read_stored_sheet(row), row.findings, language, media
    )


def read_stored_sheet(row: UnitImport) -> Sheet:
    """The table as it was sent."""
    return Sheet(row.sheet.media, row.sheet.rows, row.sheet.header_row)


async def _load_defined_words(session: AsyncSession, kind: FileKind) -> Mapping[str, str]:
    """The kinds of units, or the measures, that plans define: word → name."""
    return await list_defined_words(session, "kinds" if kind == "units" else "measures")


async def _parse_sheet(
    session: AsyncSession, kind: FileKind, sheet: Sheet, defined: Mapping[str, str]
) -> ParsedRows[Any]:
    if kind == "figures":
        return await asyncio.to_thread(unit_files.parse_figures, sheet, defined)
    return await asyncio.to_thread(unit_files.parse_units, sheet, await list_congress_ids(session), defined)


async def _check_sheet(work: Work, kind: FileKind, sheet: Sheet) -> tuple[ParsedRows[Any], list[Finding]]:
    defined = await _load_defined_words(work.session, kind)
    parsed = await _parse_sheet(work.session, kind, sheet, defined)
    rows = parsed.all_rows
    if kind == "units":
        known = await load_stored_units(work, collect_codes(rows))
        found = await asyncio.to_thread(check_rows, rows, known.units, kinds=(*UNIT_KINDS, *defined))
    else:
        known = await load_stored_units(work, {row.unit for row in rows}, below=True)
        found = await asyncio.to_thread(check_figures, rows, known.units, defined=[*defined])
    return parsed, [*parsed.findings, *found]


async def _store_rows(work: Work, kind: FileKind, parsed: ParsedRows[Any]) -> int:
    errors = [finding for finding in parsed.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Conflict("import_outdated", {"errors": len(errors)}, errors=errors)
    if kind == "units":
        return len(await units.create_units(work, parsed.rows))
    return await units.report_figures(work, parsed.rows)
