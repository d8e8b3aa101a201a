"""The outcomes of a selection, and the delegates, as tables."""

from collections.abc import Sequence

from db.selections import Delegate, SelectionPlace
from domain.conferences.life import ConferenceState
from domain.findings import Finding
from service.formats.spreadsheets import Cell, Table
from service.selections.descriptions import SeatedPerson, SelectionOutcomes
from service.texts import LANGUAGES, Translator, load_headings


def build_place_table(outcomes: SelectionOutcomes, translator: Translator) -> Table:
    """The table of outcomes, one row for each nomination."""
    title, *header = _translate_headings("places", translator)
    rows = [
        _build_place_row(each, outcomes.reasons.get(each.row.nomination), translator)
        for each in outcomes.rows
    ]
    return Table(title, header, rows)


def build_delegate_table(
    delegates: Sequence[SeatedPerson[Delegate]], state: ConferenceState, translator: Translator
) -> Table:
    """The table of delegates, with numbers from 1; of a cancelled conference each row says so."""
    title, *header, cancelled = _translate_headings("delegates", translator)
    marks = [cancelled] if state is ConferenceState.CANCELLED else []
    rows: list[list[Cell]] = []
    for number, each in enumerate(delegates, 1):
        _, code, unit = each.unit
        group = translator.translate_text("group", each.row.group)
        rows.append([number, each.person_name, code, unit, group, *marks])
    return Table(title, [*header, *marks], rows)


def _build_place_row(
    seated: SeatedPerson[SelectionPlace], reason: Finding | None, translator: Translator
) -> list[Cell]:
    row = seated.row
    _, code, unit = seated.unit
    return [
        code,
        unit,
        translator.translate_text("group", row.group),
        seated.person_name,
        translator.translate_text("outcome", row.outcome),
        row.alternate_no,
        None if reason is None else translator.translate(reason.code, reason.params),
    ]


def _translate_headings(table: str, translator: Translator) -> list[str]:
    index = LANGUAGES.index(translator.language)
    return [labels[index] for labels in load_headings(table).values()]
