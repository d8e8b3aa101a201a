"""The letter that tells one unit its seats and its part of each target."""

from uuid import UUID

from db.allocations import Allocation
from domain.documents.content import (
    Block,
    Column,
    Document,
    DocumentKind,
    Letterhead,
    Paragraph,
    PrintedTable,
    TableBuilder,
)
from domain.documents.elements import abbreviate_organ, cite_decision, cite_plan, write_receivers
from domain.documents.sums import expect_true_sums
from domain.findings import Conflict
from service.allocations.descriptions import AllocationDescription
from service.documents.allocation_decisions import (
    choose_content_day,
    describe_written_allocation,
    list_stage_sums,
)
from service.documents.forms import DocumentForm
from service.documents.letterheads import (
    build_letterhead,
    build_signature,
    choose_organ,
    name_conference,
)
from service.texts import Translator
from service.work import Case, Work

KIND = DocumentKind.SEATS_LETTER


async def write_seats_letter(
    work: Work, case: Case, allocation: Allocation, unit: UUID, form: DocumentForm
) -> Document:
    """The letter to a unit. It is a draft: its own number is not known to the service.

    Raises ``Conflict`` for a unit to which the allocation gives no seats.
    """
    described = await describe_written_allocation(work, case, allocation)
    if not any(row.unit == unit and row.seats for row in described.seats):
        raise Conflict("unit_without_seats")
    document = build_seats_letter(case, described, unit, form, Translator("vi", work.names))
    expect_true_sums(document, list_stage_sums(described))
    return document


def build_seats_letter(
    case: Case, described: AllocationDescription, unit: UUID, form: DocumentForm, translator: Translator
) -> Document:
    """The letter to one of the units of an allocation."""
    _, name = described.names[unit]
    head = _build_head(case, form, described)
    words = {"conference": name_conference(case), "unit": name, "organ": head.organ}
    blocks: list[Block] = [
        Paragraph(form.write(KIND, "opening", basis=_cite_basis(case, described), **words)),
        _build_seats_table(case, described, unit, form),
    ]
    targets = [row for row in described.targets if row.unit == unit]
    if targets:
        blocks.append(Paragraph(form.write(KIND, "targets_heading")))
        table = TableBuilder(form.write(KIND, "target"), _build_columns(form, "target", "target_seats"))
        for n, row in enumerate(targets, 1):
            table.add(n, translator.translate_text("target", row.target), row.seats)
        blocks.append(table.build())
    blocks.append(Paragraph(form.write(KIND, "closing", **words)))
    return Document(
        KIND,
        head,
        form.write(KIND, "subject", **words),
        choose_content_day(described),
        addressees=(name,),
        blocks=tuple(blocks),
        signatures=(build_signature(case, form, head.organ, KIND),),
        receivers=write_receivers([form.write(KIND, "first_receiver")]),
        mark=form.write(KIND, "draft"),
    )


def _build_head(case: Case, form: DocumentForm, described: AllocationDescription) -> Letterhead:
    """The head: a letter has no code of its type, and a number of its own."""
    organ = choose_organ(case, form, described.decision)
    series = form.wish.series or abbreviate_organ(organ)
    head = build_letterhead(case, form, "", None)
    return Letterhead(organ, series, superior=form.wish.superior, place=head.place)


def _cite_basis(case: Case, described: AllocationDescription) -> str:
    """The decision that gives the seats, or the plan before it."""
    decision = described.decision
    if decision is None:
        return cite_plan(case.plan)
    number = f"{decision.number}/{decision.series}"
    return cite_decision(decision.kind, number, decision.decided_on, decision.organ)


def _build_columns(form: DocumentForm, what: str, seats: str, *more: Column) -> tuple[Column, ...]:
    return (
        Column(form.write(KIND, "number"), 12, "center"),
        Column(form.write(KIND, what), 85),
        Column(form.write(KIND, seats), 28, "right"),
        *more,
    )


def _build_seats_table(
    case: Case, described: AllocationDescription, unit: UUID, form: DocumentForm
) -> PrintedTable:
    """The unit's seats in each group, and how many people it may nominate for them."""
    groups = {group.id: group for group in case.terms.seat_groups}
    number, what, seats = _build_columns(form, "group", "seats")
    summed = Column(seats.title, seats.width, seats.align, summed=True)
    limit = Column(form.write(KIND, "limit"), 40, "right", summed=True)
    table = TableBuilder(form.write(KIND, "seats"), (number, what, summed, limit))
    for n, row in enumerate((row for row in described.seats if row.unit == unit), 1):
        group = groups[row.group]
        table.add(n, group.name, row.seats, group.compute_nominee_limit(row.seats))
    return table.build(form.write(KIND, "total") if len(table.rows) > 1 else "")
