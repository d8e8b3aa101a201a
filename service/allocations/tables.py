"""The seats of an allocation as a table."""

from uuid import UUID

from db.allocations import AllocationSeat
from domain.snapshots import read_fraction
from service.allocations.descriptions import AllocationDescription
from service.formats.spreadsheets import Cell, Table, round_decimals
from service.texts import LANGUAGES, Translator, load_headings


def build_seat_table(described: AllocationDescription, translator: Translator) -> Table:
    """The table of seats, with a column for each target; the first row of a unit has its targets."""
    index = LANGUAGES.index(translator.language)
    title, *header = [labels[index] for labels in load_headings("seats").values()]
    targets = list(dict.fromkeys(each.target for each in described.targets))
    parts: dict[UUID, dict[str, int]] = {}
    for each in described.targets:
        parts.setdefault(each.unit, {})[each.target] = each.seats
    rows = []
    for row in described.seats:
        part = parts.pop(row.unit, {})
        rows.append([*_build_row(row, described, translator), *map(part.get, targets)])
    header += [translator.translate_text("target", target) for target in targets]
    return Table(title, header, rows)


def _build_row(row: AllocationSeat, described: AllocationDescription, translator: Translator) -> list[Cell]:
    code, name = described.names.get(row.unit, (row.code, ""))
    return [
        code,
        name,
        translator.translate_text("group", row.group),
        translator.translate_text("bloc", row.bloc),
        translator.translate_text("measure", row.measure),
        round_decimals(read_fraction(row.weight)),
        round_decimals(read_fraction(row.quota)),
        row.floor,
        row.cap,
        None if row.bound is None else translator.translate_text("bound", row.bound),
        row.computed,
        row.adjustment,
        row.reason,
        row.seats,
    ]
