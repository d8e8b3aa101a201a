"""The signer's sheet, usually one page: what the signature changes, who gains and loses, open findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db import allocations
from db.allocations import Allocation, AllocationSeat
from domain.allocations.what_ifs import SeatDifference, compare_seats
from domain.documents.content import Block, Column, Document, DocumentKind, Paragraph, TableBuilder
from domain.documents.sums import expect_true_sums
from domain.findings import Finding, Severity
from service.allocations.certificates import build_certificate
from service.allocations.descriptions import AllocationDescription
from service.documents.allocation_decisions import (
    choose_content_day,
    cite_replaced_decision,
    describe_written_allocation,
    list_stage_sums,
)
from service.documents.forms import DocumentForm
from service.documents.letterheads import build_letterhead, build_signature, name_conference
from service.names import name_units, name_units_in
from service.texts import Translator
from service.work import Case, Work

KIND = DocumentKind.SIGNING_SHEET

MOST_DIFFERENCES, MOST_ADJUSTMENTS, MOST_FINDINGS = 10, 5, 4
"""The most rows of each part, so that all usually stands on one page; the rest is told as a number."""

LONGEST_TEXT = 160
"""The most letters of a reason or a finding on the sheet."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The version that gives way, as its decision is cited, and whose seats differ from it."""

    cited: str
    differences: Sequence[SeatDifference]


async def write_signing_sheet(work: Work, case: Case, allocation: Allocation, form: DocumentForm) -> Document:
    """The sheet for who is to sign an allocation. Raises ``Conflict`` as the decision itself does."""
    described = await describe_written_allocation(work, case, allocation)
    before = await _load_before(work, case, described)
    await name_units_in(work, allocation.findings, case.conference.as_of)
    certificate = await build_certificate(work, allocation)
    translator = Translator("vi", work.names)
    head = build_letterhead(case, form, form.write(KIND, "code"))
    document = Document(
        KIND,
        head,
        form.write(KIND, "subject", conference=name_conference(case)),
        choose_content_day(described),
        type_name=form.write(KIND, "type_name"),
        blocks=tuple(_build_blocks(case, described, before, form, translator)),
        signatures=(build_signature(case, form, head.organ, KIND),),
        proof=(
            form.write(KIND, "snapshot", digest=allocation.snapshot),
            form.write(KIND, "certificate", digest=certificate["digest"]),
        ),
    )
    expect_true_sums(document, list_stage_sums(described))
    return document


async def _load_before(work: Work, case: Case, described: AllocationDescription) -> _Before | None:
    """The version that an adoption supersedes, if there is one."""
    if described.allocation.amends is None:
        return None
    found = await allocations.find_allocation_case(work.session, work.actor, described.allocation.amends)
    if found is None:
        return None
    rows = await allocations.list_allocation_seats(work.session, found[0].id)
    differences = compare_seats(_map_seats(rows), _map_seats(described.seats))
    await name_units(work, {each.unit for each in differences}, case.conference.as_of)
    cited = await cite_replaced_decision(work, described.allocation)
    return _Before(cited, differences)


def _map_seats(rows: Sequence[AllocationSeat]) -> dict[tuple[str, str], int]:
    return {(row.code, row.group): row.seats for row in rows}


def _build_blocks(
    case: Case,
    described: AllocationDescription,
    before: _Before | None,
    form: DocumentForm,
    translator: Translator,
) -> Iterator[Block]:
    numbers = {
        "version": described.allocation.n,
        "seats": sum(row.seats for row in described.seats),
        "units": len({row.unit for row in described.seats if row.seats}),
        "conference": name_conference(case),
    }
    yield Paragraph(form.write(KIND, "effect", **numbers), form.write(KIND, "effect_lead"))
    if before is None:
        yield Paragraph(form.write(KIND, "first_version"), form.write(KIND, "changes_lead"))
    else:
        yield Paragraph(
            form.write(KIND, "replaced", decision=before.cited, units=len(before.differences)),
            form.write(KIND, "changes_lead"),
        )
        yield from _build_differences(before.differences, form, translator)
    yield from _build_adjustments(described, form, translator)
    yield from _build_ties(described, form, translator)
    yield from _build_findings(described.allocation.findings, form, translator)


def _build_differences(
    differences: Sequence[SeatDifference], form: DocumentForm, translator: Translator
) -> Iterator[Block]:
    """Who gains and who loses, the largest changes first."""
    if not differences:
        return
    columns = (
        Column(form.write(KIND, "unit"), 75),
        Column(form.write(KIND, "group"), 45),
        Column(form.write(KIND, "before"), 15, "right"),
        Column(form.write(KIND, "after"), 15, "right"),
        Column(form.write(KIND, "change"), 15, "right"),
    )
    table = TableBuilder(form.write(KIND, "changes_lead"), columns)
    ordered = sorted(differences, key=lambda each: (-abs(_compute_change(each)), each.unit, each.group))
    for each in ordered[:MOST_DIFFERENCES]:
        unit, group = (
            translator.translate_text("unit", each.unit),
            translator.translate_text("group", each.group),
        )
        table.add(unit, group, each.before, each.after, f"{_compute_change(each):+}")
    yield table.build()
    yield from _count_rest(len(differences) - MOST_DIFFERENCES, form)


def _compute_change(difference: SeatDifference) -> int:
    return (difference.after or 0) - (difference.before or 0)


def _build_adjustments(
    described: AllocationDescription, form: DocumentForm, translator: Translator
) -> Iterator[Block]:
    """The seats that were adjusted by hand, with the reasons."""
    adjusted = [row for row in described.seats if row.adjustment]
    yield Paragraph(form.write(KIND, "adjusted", units=len(adjusted)), form.write(KIND, "adjusted_lead"))
    if not adjusted:
        return
    columns = (
        Column(form.write(KIND, "unit"), 60),
        Column(form.write(KIND, "computed"), 15, "right"),
        Column(form.write(KIND, "change"), 15, "right"),
        Column(form.write(KIND, "reason"), 75),
    )
    table = TableBuilder(form.write(KIND, "adjusted_lead"), columns)
    for row in adjusted[:MOST_ADJUSTMENTS]:
        unit = translator.translate_text("unit", row.code)
        table.add(unit, row.computed, f"{row.adjustment:+}", _shorten(row.reason or ""))
    yield table.build()
    yield from _count_rest(len(adjusted) - MOST_ADJUSTMENTS, form)


def _build_ties(
    described: AllocationDescription, form: DocumentForm, translator: Translator
) -> Iterator[Paragraph]:
    """How many ties were settled, and how."""
    ways = [translator.translate_text("how", each.how) for each in described.settlements]
    told = ", ".join(dict.fromkeys(ways)) or form.write(KIND, "none")
    yield Paragraph(form.write(KIND, "ties", count=len(ways), ways=told), form.write(KIND, "ties_lead"))


def _build_findings(
    findings: Sequence[Finding], form: DocumentForm, translator: Translator
) -> Iterator[Paragraph]:
    """The findings that somebody has to look at; the first of them in words."""
    open_ = [each for each in findings if each.severity is not Severity.INFO]
    yield Paragraph(form.write(KIND, "findings", count=len(open_)), form.write(KIND, "findings_lead"))
    for each in open_[:MOST_FINDINGS]:
        told = translator.translate(each.code, each.params)
        target = each.params.get("target")
        about = f"{translator.translate_text('target', str(target))}: " if target else ""
        yield Paragraph(f"- {_shorten(about + told)}", form="note")
    yield from _count_rest(len(open_) - MOST_FINDINGS, form)


def _count_rest(count: int, form: DocumentForm) -> Iterator[Paragraph]:
    """How many more there are than fit on the sheet, if any."""
    if count > 0:
        yield Paragraph(form.write(KIND, "rest", count=count), form="note")


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT].rstrip()}…"
