"""The list of a conference as a document: all groups with their people, totals, and alternates apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from db.allocations import Decision, find_decision
from db.selections import list_selections
from domain.decisions import SelectionState
from domain.documents.content import (
    Annex,
    Column,
    Document,
    DocumentKind,
    Paragraph,
    PrintedTable,
    TableBuilder,
)
from domain.documents.delegate_lists import (
    DelegateList,
    ListedPerson,
    check_completeness,
    list_registered_numbers,
)
from domain.documents.elements import cite_decision, write_roman
from domain.documents.sums import expect_true_sums
from domain.findings import Finding
from service.documents.forms import DocumentForm
from service.documents.letterheads import (
    build_letterhead,
    build_signature,
    list_receivers,
    name_conference,
)
from service.documents.listed_people import load_delegate_list
from service.documents.sealed_columns import SealedWish
from service.reference import list_attribute_values
from service.work import Case, Work

KIND = DocumentKind.DELEGATE_LIST


@dataclass(frozen=True, slots=True)
class WrittenList:
    """The list of a conference, its document, and what is missing of whom."""

    delegates: DelegateList
    document: Document
    findings: Sequence[Finding]


async def write_delegate_list(
    work: Work, case: Case, form: DocumentForm, wanted: SealedWish | None = None
) -> WrittenList:
    """The list of everybody with a seat at a conference; before its adoption a draft.

    With ``wanted`` it has sealed attributes as columns, and their reading is recorded.
    Raises ``Forbidden`` for an actor without a role at the conference's unit, ``Conflict`` where the list
    does not agree with the register.
    """
    delegates = await load_delegate_list(work, case, form, wanted)
    sealed = () if wanted is None else wanted.attributes
    decision = await _find_adoption(work, case)
    head = build_letterhead(case, form, form.write(KIND, "code"), decision)
    tables = (_build_list_table(delegates, sealed, form), _build_totals(delegates, form))
    document = Document(
        KIND,
        head,
        form.write(KIND, "subject", conference=name_conference(case)),
        _choose_content_day(case, decision),
        type_name=form.write(KIND, "type_name"),
        attached="" if decision is None else _write_attached(decision, form),
        blocks=(tables[0], Paragraph(form.write(KIND, "totals"), form="heading"), tables[1]),
        signatures=(build_signature(case, form, head.organ, KIND),),
        receivers=list_receivers(case, form, head.organ),
        annexes=tuple(_build_alternates(delegates, sealed, decision, form)),
        mark="" if decision else form.write(KIND, "draft"),
        landscape=True,
    )
    expect_true_sums(document, list_registered_numbers(delegates))
    return WrittenList(delegates, document, check_completeness(delegates))


async def _find_adoption(work: Work, case: Case) -> Decision | None:
    """The decision that adopted the conference's list, if there is one."""
    for selection in await list_selections(work.session, case.conference.id):
        if selection.state is SelectionState.ADOPTED:
            return await find_decision(work.session, selection.decision)
    return None


def _choose_content_day(case: Case, decision: Decision | None) -> date:
    return (decision and decision.decided_on) or case.conference.as_of


def _write_attached(decision: Decision, form: DocumentForm) -> str:
    number = f"{decision.number}/{decision.series}"
    cited = cite_decision(decision.kind, number, decision.decided_on, decision.organ)
    return form.write(KIND, "attached", decision=cited)


def _build_columns(form: DocumentForm, first: str, sealed: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column(form.write(KIND, first), 11, "center"),
        Column(form.write(KIND, "name"), 40),
        Column(form.write(KIND, "birth_year"), 14, "center"),
        Column(form.write(KIND, "gender"), 14, "center"),
        *(Column(form.write(KIND, attribute), 18, "center") for attribute in sealed),
        Column(form.write(KIND, "position"), 34),
        Column(form.write(KIND, "unit"), 40),
        Column(form.write(KIND, "collective"), 24),
        Column(form.write(KIND, "honours"), 36),
        Column(form.write(KIND, "achievements"), 30),
        Column(form.write(KIND, "decision"), 22, "center"),
    )


def _build_list_table(delegates: DelegateList, sealed: Sequence[str], form: DocumentForm) -> PrintedTable:
    """Everybody, numbered through all groups; a group without people is there too."""
    table, number = TableBuilder(form.write(KIND, "sheet"), _build_columns(form, "number", sealed)), 0
    for place, group in enumerate(delegates.groups, 1):
        people = len(group.people)
        table.open_section(
            form.write(KIND, "section", number=write_roman(place), group=group.name, people=people)
        )
        for person in group.people:
            number += 1
            table.add(number, *_list_cells(person))
    return table.build()


def _list_cells(person: ListedPerson) -> list[str | int | None]:
    return [
        person.name,
        person.birth_year,
        _name_gender(person.gender),
        *person.sealed,
        person.position,
        person.unit,
        person.collective,
        "; ".join(person.honours) or None,
        person.achievements,
        person.decision,
    ]


def _name_gender(gender: str | None) -> str | None:
    return next((each.vi for each in list_attribute_values("gender") if each.code == gender), None)


def _build_totals(delegates: DelegateList, form: DocumentForm) -> PrintedTable:
    """The people of each group, of them women, beside the number of its seats."""
    columns = (
        Column(form.write(KIND, "number"), 12, "center"),
        Column(form.write(KIND, "group"), 120),
        Column(form.write(KIND, "seats"), 30, "right", summed=True),
        Column(form.write(KIND, "people"), 30, "right", summed=True),
        Column(form.write(KIND, "women"), 30, "right", summed=True),
    )
    table = TableBuilder(form.write(KIND, "totals"), columns)
    for place, group in enumerate(delegates.groups, 1):
        table.add(place, group.name, group.seats, len(group.people), group.women)
    return table.build(form.write(KIND, "total"))


def _build_alternates(
    delegates: DelegateList, sealed: Sequence[str], decision: Decision | None, form: DocumentForm
) -> list[Annex]:
    """The alternates by group and unit, each with its number there; they are not counted in any total."""
    if not delegates.alternates:
        return []
    title = form.write(KIND, "alternates")
    table = TableBuilder(title, _build_columns(form, "order", sealed))
    names = {group.id: group.name for group in delegates.groups}
    for (group, unit), people in groupby(delegates.alternates, lambda one: (one.group, one.unit)):
        table.open_section(f"{names[group]} – {unit}" if unit else names[group])
        for person in people:
            table.add(person.alternate_no, *_list_cells(person))
    attached = "" if decision is None else _write_attached(decision, form)
    return [Annex(title, attached, (table.build(),), landscape=True)]
