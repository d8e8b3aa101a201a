"""The decision that gives each unit its seats, with the annexes by unit and by seat group."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from db import allocations, conferences
from db.allocations import Allocation, AllocationSeat
from db.conferences import SeatGroupRow
from domain.calendar import day_in_vietnam
from domain.decisions import AllocationState
from domain.documents.content import (
    Annex,
    Block,
    Cell,
    Column,
    Document,
    DocumentKind,
    Letterhead,
    Paragraph,
    PrintedTable,
    TableBuilder,
)
from domain.documents.elements import cite_decision, write_bases, write_roman
from domain.documents.sums import StatedNumber, expect_true_sums
from domain.findings import Conflict
from service.allocations.certificates import build_certificate
from service.allocations.descriptions import AllocationDescription, describe_allocation
from service.documents.forms import DocumentForm
from service.documents.letterheads import (
    build_authority,
    build_letterhead,
    build_signature,
    list_bases,
    list_receivers,
    name_conference,
    name_decision,
)
from service.texts import Translator
from service.work import Case, Work

KIND = DocumentKind.ALLOCATION_DECISION

WRITTEN_STATES = frozenset(
    {
        AllocationState.DECIDED,
        AllocationState.PROPOSED,
        AllocationState.APPROVED,
        AllocationState.ADOPTED,
        AllocationState.SUPERSEDED,
    }
)
"""The states in which an allocation has seats that can be printed."""

MOST_PORTRAIT_TARGETS = 2
"""With more columns of targets the annex lies across."""


async def write_allocation_decision(
    work: Work, case: Case, allocation: Allocation, form: DocumentForm
) -> Document:
    """The decision: a draft until it is adopted.

    Raises ``Conflict`` before seats are decided, and where a sum does not follow from its rows.
    """
    described = await describe_written_allocation(work, case, allocation)
    groups = await conferences.list_seat_groups(work.session, case.conference.id)
    translator = Translator("vi", work.names)
    head = build_letterhead(case, form, form.write(KIND, "code"), described.decision)
    signature = build_signature(case, form, head.organ, KIND)
    replaced = await cite_replaced_decision(work, allocation)
    certificate = await build_certificate(work, allocation)
    articles = _build_articles(case, described, form, replaced, has_groups=len(groups) > 1)
    document = Document(
        KIND,
        head,
        form.write(KIND, "subject", conference=name_conference(case)),
        choose_content_day(described),
        type_name=form.write(KIND, "type_name"),
        authority=build_authority(head.organ, signature),
        bases=write_bases(list_bases(case, form, KIND)),
        ruling=form.write(KIND, "ruling"),
        blocks=articles,
        signatures=(signature,),
        receivers=list_receivers(
            case, form, head.organ, form.write(KIND, "first_receiver", number=len(articles))
        ),
        annexes=tuple(_build_annexes(head, described, groups, form, translator)),
        mark="" if described.decision else form.write(KIND, "draft"),
        proof=(form.write(KIND, "certificate", digest=certificate["digest"]),),
    )
    expect_true_sums(document, list_stage_sums(described))
    return document


async def describe_written_allocation(
    work: Work, case: Case, allocation: Allocation
) -> AllocationDescription:
    """An allocation whose seats are decided; raises ``Conflict`` for any other."""
    if allocation.state not in WRITTEN_STATES:
        needed = {"state": allocation.state, "needed": AllocationState.DECIDED}
        raise Conflict("allocation_state", needed)
    return await describe_allocation(work, case, allocation)


async def cite_replaced_decision(work: Work, allocation: Allocation) -> str:
    """The decision on the version that an allocation amends, as it is cited; empty where there is none."""
    if allocation.amends is None:
        return ""
    found = await allocations.find_allocation_case(work.session, work.actor, allocation.amends)
    decision = None if found is None else await allocations.find_decision(work.session, found[0].decision)
    if decision is None:
        return ""
    number = f"{decision.number}/{decision.series}"
    return cite_decision(decision.kind, number, decision.decided_on, decision.organ)


def choose_content_day(described: AllocationDescription) -> date:
    """The day of the decision, or of the computation before it."""
    if described.decision is not None and described.decision.decided_on is not None:
        return described.decision.decided_on
    return day_in_vietnam(described.allocation.created_at)


def list_stage_sums(described: AllocationDescription) -> list[StatedNumber]:
    """The seats of each group as its stages have them, and as its rows give them."""
    stated: dict[str, int] = {}
    counted: dict[str, int] = {}
    for stage in described.allocation.stages:
        stated[stage.group] = stated.get(stage.group, 0) + stage.seats
    for row in described.seats:
        counted[row.group] = counted.get(row.group, 0) + row.seats
    return [StatedNumber(group, seats, counted.get(group, 0)) for group, seats in stated.items()]


def _build_articles(
    case: Case, described: AllocationDescription, form: DocumentForm, replaced: str, *, has_groups: bool
) -> tuple[Block, ...]:
    """The articles of the decision, numbered from 1; ``replaced`` is the decision that it replaces."""
    numbers = {
        "annex": "I" if has_groups else "",
        "conference": name_conference(case),
        "seats": sum(row.seats for row in described.seats),
        "units": len({row.unit for row in described.seats if row.seats}),
        "decision": replaced,
    }
    lines = ("allocated", "nominate", *(("replaces",) if replaced else ()), "in_force", "carried_out")
    texts = [" ".join(form.write(KIND, line, **numbers).split()) for line in lines]
    return tuple(
        Paragraph(text.replace(" ,", ","), form.write(KIND, "article", number=n))
        for n, text in enumerate(texts, 1)
    )


def _build_annexes(
    head: Letterhead,
    described: AllocationDescription,
    groups: Sequence[SeatGroupRow],
    form: DocumentForm,
    translator: Translator,
) -> Iterator[Annex]:
    decision = name_decision(head, form.write(KIND, "kind"), form, KIND)
    attached = form.write(KIND, "attached", decision=decision)
    targets = list(dict.fromkeys(each.target for each in described.targets))
    blocks: list[Block] = [_build_seats_table(described, targets, form, translator)]
    if targets:
        blocks.append(Paragraph(form.write(KIND, "targets_note"), form="note"))
    landscape = len(targets) > MOST_PORTRAIT_TARGETS
    yield Annex(form.write(KIND, "seats_annex"), attached, tuple(blocks), landscape=landscape)
    if len(groups) > 1:
        table = _build_groups_table(groups, described, form)
        yield Annex(form.write(KIND, "groups_annex"), attached, (table,))


def _build_seats_table(
    described: AllocationDescription, targets: Sequence[str], form: DocumentForm, translator: Translator
) -> PrintedTable:
    """Each unit with its seats and its part of each target, by group and bloc, each with its sum.

    The part of a target is printed once for a unit: in its first row.
    """
    columns = (
        Column(form.write(KIND, "number"), 10, "center"),
        Column(form.write(KIND, "unit"), 75),
        Column(form.write(KIND, "seats"), 18, "right", summed=True),
        *(Column(translator.translate_text("target", name), 24, "right", summed=True) for name in targets),
    )
    parts: dict[UUID, dict[str, int]] = {}
    for each in described.targets:
        parts.setdefault(each.unit, {})[each.target] = each.seats
    table = TableBuilder(form.write(KIND, "seats_annex"), columns)
    number = 0
    sections = [
        (key, list(rows)) for key, rows in groupby(described.seats, lambda row: (row.group, row.bloc))
    ]
    for place, ((group, bloc), rows) in enumerate(sections, 1):
        table.open_section(f"{write_roman(place)}. {_name_section(group, bloc, described.seats, translator)}")
        for row in rows:
            number += 1
            _, name = described.names.get(row.unit, (row.code, row.code))
            part: Mapping[str, int] = parts.pop(row.unit, {})
            table.add(number, name, row.seats, *map(part.get, targets))
        if len(sections) > 1:
            table.close_section(form.write(KIND, "subtotal"))
    return table.build(form.write(KIND, "total"))


def _name_section(group: str, bloc: str, rows: Sequence[AllocationSeat], translator: Translator) -> str:
    """The name of a group, and of its bloc where it has several."""
    name = translator.translate_text("group", group)
    if not bloc or len({row.bloc for row in rows if row.group == group}) == 1:
        return name
    return f"{name} – {translator.translate_text('bloc', bloc)}"


def _build_groups_table(
    groups: Sequence[SeatGroupRow],
    described: AllocationDescription,
    form: DocumentForm,
) -> PrintedTable:
    """Every group of the conference, with its number of delegates where there is one; the most that it may
    have is told, and not summed."""
    columns = (
        Column(form.write(KIND, "number"), 12, "center"),
        Column(form.write(KIND, "group"), 95),
        Column(form.write(KIND, "filled_by"), 38),
        Column(form.write(KIND, "seats"), 20, "right", summed=True),
    )
    given: dict[str, int] = {}
    for row in described.seats:
        given[row.group] = given.get(row.group, 0) + row.seats
    table = TableBuilder(form.write(KIND, "groups_annex"), columns)
    for place, group in enumerate(groups, 1):
        how = form.write(KIND, f"filled_by_{group.filled_by}")
        seats: Cell = given.get(group.group, group.seats)
        if seats is None and group.maximum is not None:
            seats = form.write(KIND, "at_most", seats=group.maximum)
        table.add(place, group.name, how, seats)
    return table.build(form.write(KIND, "total"))
