"""Documents over HTTP: decision, letters and sheet of an allocation, list and minutes of a conference."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.documents.printing import (
    LIST_OFFERS,
    PAPER_OFFERS,
    SEALED_OFFERS,
    TABLED_OFFERS,
    CurrentPrinting,
    Printing,
    list_file_responses,
)
from api.findings import FindingAnswer, translate_findings
from api.http.languages import Reader
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.tables import JSON
from api.http.types import Answer, Body, Code, Uuid
from domain.access import Access
from domain.papers import PDF
from service.allocations import load_allocation
from service.conferences.case import load_case
from service.documents.allocation_decisions import write_allocation_decision
from service.documents.delegate_lists import WrittenList, write_delegate_list
from service.documents.minutes import write_minutes
from service.documents.sealed_columns import SealedWish
from service.documents.seats_letters import write_seats_letter
from service.documents.signing_sheets import write_signing_sheet
from service.texts import Translator

router = Router(tags=["documents"])


class ListGroupAnswer(Answer):
    """A group of the list: its seats, where a number is set, and its people, of them women."""

    id: str
    name: str
    seats: int | None
    people: int
    women: int


class DelegateListAnswer(Answer):
    """The whole list in numbers, and what is missing of whom. The files have the names."""

    groups: list[ListGroupAnswer]
    people: int
    women: int
    alternates: int
    adopted: bool
    findings: list[FindingAnswer]


class SealedListBody(Body):
    """Which sealed attributes to print, and for which purpose."""

    model_config = build_sample(purpose="delegate-selection", attributes=["ethnicity"])

    purpose: Annotated[Code, Field(description="A purpose of which the people were informed.")]
    attributes: Annotated[
        list[Literal["ethnicity", "religion", "party_member"]], Field(min_length=1, max_length=3)
    ]


@router.get(
    "/allocations/{allocation_id}/documents/decision",
    access=Access.ALLOCATIONS_READ,
    transaction=False,
    offers=TABLED_OFFERS,
    responses=list_file_responses(TABLED_OFFERS),
    problems=(409, 503),
)
async def print_allocation_decision(allocation_id: Uuid, printing: CurrentPrinting) -> Response:
    """Print the decision on an allocation, with the seats and targets of each unit: PDF, DOCX or XLSX.

    A draft until it is adopted. Its sums are counted again first; if any differs, it is refused (409).
    """
    async with printing.begin_work() as work:
        case, allocation = await load_allocation(work, allocation_id)
        document = await write_allocation_decision(work, case, allocation, printing.form)
    return await printing.respond(f"decision-{allocation.n}", document, TABLED_OFFERS)


@router.get(
    "/allocations/{allocation_id}/documents/letters/{unit_id}",
    access=Access.ALLOCATIONS_READ,
    transaction=False,
    offers=PAPER_OFFERS,
    responses=list_file_responses(PAPER_OFFERS),
    problems=(409, 503),
)
async def print_seats_letter(allocation_id: Uuid, unit_id: Uuid, printing: CurrentPrinting) -> Response:
    """Print the letter that tells a unit its seats and targets: PDF or DOCX."""
    async with printing.begin_work() as work:
        case, allocation = await load_allocation(work, allocation_id)
        document = await write_seats_letter(work, case, allocation, unit_id, printing.form)
    return await printing.respond("letter", document, PAPER_OFFERS)


@router.get(
    "/allocations/{allocation_id}/documents/signing_sheet",
    access=Access.ALLOCATIONS_READ,
    transaction=False,
    offers=PAPER_OFFERS,
    responses=list_file_responses(PAPER_OFFERS),
    problems=(409, 503),
)
async def print_signing_sheet(allocation_id: Uuid, printing: CurrentPrinting) -> Response:
    """Print the signer's sheet, usually one page: what the signature changes, for whom, and what is open.

    PDF or DOCX.
    """
    async with printing.begin_work() as work:
        case, allocation = await load_allocation(work, allocation_id)
        document = await write_signing_sheet(work, case, allocation, printing.form)
    return await printing.respond(f"signing-sheet-{allocation.n}", document, PAPER_OFFERS)


@router.get(
    "/conferences/{conference_id}/documents/delegate_list",
    access=Access.NOMINATIONS_READ,
    transaction=False,
    response_model=DelegateListAnswer,
    offers=LIST_OFFERS,
    responses=list_file_responses(LIST_OFFERS),
    problems=(409, 503),
)
async def print_delegate_list(
    conference_id: Uuid, printing: CurrentPrinting, language: Reader
) -> Response | DelegateListAnswer:
    """Print the whole list of a conference: all groups and guests, totals, alternates apart. No sealed data.

    JSON has what is missing of whom; `Accept` chooses PDF, DOCX, XLSX or CSV, which is without totals and
    alternates. For its own unit's roles only.
    """
    async with printing.begin_work() as work:
        case = await load_case(work, conference_id)
        written = await write_delegate_list(work, case, printing.form)
    if printing.choose_media(LIST_OFFERS) == JSON:
        return _build_answer(written, Translator(language, work.names))
    return await printing.respond("delegate-list", written.document, LIST_OFFERS)


@router.get(
    "/conferences/{conference_id}/documents/minutes",
    access=Access.NOMINATIONS_READ,
    transaction=False,
    offers=PAPER_OFFERS,
    responses=list_file_responses(PAPER_OFFERS),
    problems=(409, 503),
)
async def print_minutes(conference_id: Uuid, printing: CurrentPrinting) -> Response:
    """Print the minutes of a conference with what is known of it, and lines for the rest: PDF or DOCX."""
    async with printing.begin_work() as work:
        case = await load_case(work, conference_id)
        document = await write_minutes(work, case, printing.form)
    return await printing.respond("minutes", document, PAPER_OFFERS)


@router.post(
    "/conferences/{conference_id}/documents/delegate_list",
    access=Access.PERSONAL_READ,
    keyed=False,
    transaction=False,
    offers=SEALED_OFFERS,
    responses=list_file_responses(SEALED_OFFERS),
    problems=(409, 503),
)
async def print_sealed_list(conference_id: Uuid, body: SealedListBody, printing: CurrentPrinting) -> Response:
    """Print the list with sealed attributes as columns. For each person the reading is recorded before.

    For a council that may read them of everybody on the list (others: 403). A purpose of which somebody was
    not informed is refused (409). Nothing is recorded for a PDF that cannot be printed (409).
    """
    wanted = SealedWish(body.purpose, tuple(dict.fromkeys(body.attributes)))
    await _expect_printable_list(printing, conference_id)
    async with printing.begin_work(read_only=False) as work:
        case = await load_case(work, conference_id)
        written = await write_delegate_list(work, case, printing.form, wanted)
    return await printing.respond("delegate-list", written.document, SEALED_OFFERS)


async def _expect_printable_list(printing: Printing, conference: UUID) -> None:
    """Refuse a list that its form cannot hold before anything sealed is opened."""
    if printing.choose_media(SEALED_OFFERS) != PDF:
        return
    async with printing.begin_work() as work:
        bare = await write_delegate_list(work, await load_case(work, conference), printing.form)
    await printing.expect_printable(bare.document)


def _build_answer(written: WrittenList, translator: Translator) -> DelegateListAnswer:
    delegates = written.delegates
    return DelegateListAnswer(
        groups=[
            ListGroupAnswer(
                id=group.id, name=group.name, seats=group.seats, people=len(group.people), women=group.women
            )
            for group in delegates.groups
        ],
        people=delegates.people,
        women=delegates.women,
        alternates=len(delegates.alternates),
        adopted=not written.document.mark,
        findings=translate_findings(written.findings, translator),
    )
