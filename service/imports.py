"""Unit files: read and checked as a whole, returned with marked faults, stored only when confirmed.

A file may have a million cells. Whatever goes through them is a function that is computed beside the event
loop; between these functions the file is text and bytes, and the database is asked only what they need.
"""

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    ImportState,
    SheetMedia,
    StoredSheet,
    derive_confirmed_state,
    derive_state_of_check,
)
from domain.units import UNIT_KINDS, StoredUnit, check_rows
from service import units
from service.audit import record_change, record_event
from service.formats import unit_files
from service.formats.unit_files import ParsedRows, Sheet
from service.stored_units import collect_codes, load_stored_units
from service.texts import Language
from service.work import Executor, Work


@dataclass(frozen=True, slots=True)
class FileWords:
    """What a file may name: the congresses, and the kinds or measures that plans define (word → name)."""

    congresses: Sequence[str]
    defined: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its ``sheet`` as it is stored, its ``rows`` as bytes for :func:`check_read_rows`,
    their number, and the codes of the units that they refer to."""

    digest: str
    sheet: str
    rows: bytes
    count: int
    codes: frozenset[str]


def read_file(kind: FileKind, media: SheetMedia, content: bytes, words: FileWords) -> ReadFile:
    """Read a file; raises ``Invalid`` for bytes without any table. Takes seconds."""
    sheet = unit_files.read_sheet(content, media)
    if not sheet.rows:
        raise Invalid("file_unreadable", errors=sheet.findings)
    parsed = _parse_sheet(kind, sheet, words)
    rows = parsed.all_rows
    codes = collect_codes(rows) if kind == "units" else {row.unit for row in rows}
    stored = StoredSheet(sheet.media, sheet.rows, sheet.header_row)
    return ReadFile(
        sha256(content).hexdigest(),
        json.dumps(stored.plain(), ensure_ascii=False),
        pickle.dumps(parsed),
        len(rows),
        frozenset(codes),
    )


def check_read_rows(
    kind: FileKind, rows: bytes, known: Mapping[str, StoredUnit], words: FileWords
) -> tuple[str, ImportState]:
    """The findings about the rows of a file as they are stored, and its state. Takes seconds."""
    parsed: ParsedRows[Any] = pickle.loads(rows)  # noqa: S301 - this program wrote it, and nobody had it since
    if kind == "units":
        found = check_rows(parsed.all_rows, known, kinds=(*UNIT_KINDS, *words.defined))
    else:
        found = check_figures(parsed.all_rows, known, defined=[*words.defined])
    told = [*parsed.findings, *found]
    text = json.dumps([finding.plain() for finding in told], ensure_ascii=False)
    return text, derive_state_of_check(told)


def parse_stored_sheet(kind: FileKind, text: str, words: FileWords) -> ParsedRows[Any]:
    """The rows of a stored table."""
    return _parse_sheet(kind, read_stored_sheet(text), words)


def mark_stored_sheet(text: str, findings: str, language: Language, media: SheetMedia) -> bytes:
    """A stored table as a file, with each finding beside its row."""
    return unit_files.mark_sheet(read_stored_sheet(text), read_stored_findings(findings), language, media)


def read_stored_sheet(text: str) -> Sheet:
    """The table as it was sent."""
    stored = StoredSheet.read(json.loads(text))
    return Sheet(stored.media, stored.rows, stored.header_row)


def read_stored_findings(text: str) -> tuple[Finding, ...]:
    """The findings of the check."""
    return tuple(map(Finding.read, json.loads(text)))


def translate_findings(sheet: Sheet, findings: Sequence[Finding], language: Language) -> list[str]:
    """Findings in words that name rows and columns as the file does."""
    words = unit_files.SheetTranslator(sheet, language)
    return [words.translate_finding(finding) for finding in findings]


async def check_file(
    work: Work, kind: FileKind, media: SheetMedia, content: bytes, execute: Executor
) -> UnitImport:
    """Read a file and check all of it, to be stored by :func:`store_checked_file`.

    Raises ``Invalid`` for bytes without any table; a table with faults is kept, to be marked.
    """
    words = await _load_words(work.session, kind)
    read = await execute(read_file, kind, media, content, words)
    known = await load_stored_units(work, read.codes, below=kind == "figures")
    findings, state = await execute(check_read_rows, kind, read.rows, known.units, words)
    return UnitImport(
        kind=kind,
        media=media,
        digest=read.digest,
        sheet=read.sheet,
        findings=findings,
        counts=ImportCounts(read.count),
        state=state,
        created_by=work.actor.id,
    )


async def store_checked_file(work: Work, row: UnitImport) -> None:
    """Keep a checked file; its units are stored only when it is confirmed."""
    work.session.add(row)
    await work.session.flush()
    changes = {"kind": row.kind, "digest": row.digest, "state": row.state}
    await record_event(work, Act.FILE_CHECKED, "unit_import", row.id, changes)


async def confirm_import(work: Work, row: UnitImport, execute: Executor) -> UnitImport:
    """Store the rows of a checked file. It is checked again: units and plans may have changed meanwhile.

    Raises ``Conflict`` when it has faults by now; a new import of the same file can mark them.
    """
    state = derive_confirmed_state(row.state)
    words = await _load_words(work.session, row.kind)
    parsed = await execute(parse_stored_sheet, row.kind, row.sheet, words)
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


async def build_import_template(
    work: Work, kind: FileKind, media: SheetMedia, language: Language, execute: Executor
) -> bytes:
    """An empty file with a column for the parent in each congress chain."""
    words = await _load_words(work.session, kind)
    return await execute(_build_template, kind, media, language, words)


def _build_template(kind: FileKind, media: SheetMedia, language: Language, words: FileWords) -> bytes:
    return unit_files.build_template(
        kind, media, language, congresses=words.congresses, defined=words.defined
    )


async def _load_words(session: AsyncSession, kind: FileKind) -> FileWords:
    defined = await list_defined_words(session, "kinds" if kind == "units" else "measures")
    return FileWords(await list_congress_ids(session), defined)


def _parse_sheet(kind: FileKind, sheet: Sheet, words: FileWords) -> ParsedRows[Any]:
    if kind == "figures":
        return unit_files.parse_figures(sheet, words.defined)
    return unit_files.parse_units(sheet, words.congresses, words.defined)


async def _store_rows(work: Work, kind: FileKind, parsed: ParsedRows[Any]) -> int:
    errors = [finding for finding in parsed.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Conflict("import_outdated", {"errors": len(errors)}, errors=errors)
    if kind == "units":
        return len(await units.create_units(work, parsed.rows))
    return await units.report_figures(work, parsed.rows)
