"""The head, the signature and the receivers of a document, by plan, decision and the caller's wish."""

from db.allocations import Decision
from domain.documents.content import DocumentKind, Letterhead, SignatureBlock
from domain.documents.elements import (
    abbreviate_organ,
    cite_basis,
    cite_decision,
    cite_plan,
    derive_place,
    write_receivers,
)
from service.documents.forms import DocumentForm
from service.work import Case

_SEATS_OF_COMMITTEES = frozenset({"province", "district", "commune"})
"""Kinds of units whose organ is their people's committee."""


def choose_organ(case: Case, form: DocumentForm, decision: Decision | None = None) -> str:
    """Who issues a document about a conference: as asked, or as decided, or else whose conference it is."""
    if form.wish.organ is not None:
        return form.wish.organ
    if decision is not None:
        return decision.organ
    unit, authority = case.terms.unit, case.plan.authority
    if unit.code == authority.unit:
        return authority.name
    if unit.kind in _SEATS_OF_COMMITTEES:
        return f"Ủy ban nhân dân {unit.name[:1].lower()}{unit.name[1:]}"
    return unit.name


def build_letterhead(
    case: Case, form: DocumentForm, code: str, decision: Decision | None = None
) -> Letterhead:
    """The head of a document of the type ``code``; before the decision its number and day are blank."""
    organ = choose_organ(case, form, decision)
    series = decision.series if decision is not None else _join(code, abbreviate_organ(organ))
    own_place = case.plan.place if organ == case.plan.authority.name else None
    return Letterhead(
        organ,
        form.wish.series or series,
        superior=form.wish.superior,
        number=None if decision is None else decision.number,
        place=form.wish.place or own_place or derive_place(organ),
        dated=None if decision is None else decision.decided_on,
    )


def build_signature(case: Case, form: DocumentForm, organ: str, kind: DocumentKind) -> SignatureBlock:
    """Who signs: as asked, or as the plan is signed where its authority is the organ; else a blank line."""
    wish = form.wish
    known = case.plan.signature if organ == case.plan.authority.name else None
    capacity = wish.capacity or (known.capacity if known and not wish.position else None)
    position = wish.position or (known.position if known else form.write(kind, "blank"))
    return SignatureBlock(position, tuple(_list_lines(capacity)))


def build_authority(organ: str, signature: SignatureBlock) -> str:
    """Who decides, over the legal bases: the organ in whose name is signed, or else the signer's office."""
    if any(line.startswith("TM.") for line in signature.capacity):
        return organ.upper()
    return f"{signature.position} {organ}".upper()


def list_bases(case: Case, form: DocumentForm, kind: DocumentKind) -> list[str]:
    """The legal bases of a decision: those of the plan, the plan itself, and who proposes."""
    cited = [*(cite_basis(basis) for basis in case.plan.legal_bases), cite_plan(case.plan)]
    bases = [form.write(kind, "basis", basis=basis) for basis in cited]
    drafter = next((duty.organ for duty in case.plan.duties if duty.role == "drafts_allocation"), None)
    return bases if drafter is None else [*bases, form.write(kind, "proposed_by", organ=drafter)]


def list_receivers(case: Case, form: DocumentForm, organ: str, *first: str) -> tuple[str, ...]:
    """The receivers: ``first``, then those of the plan where its authority is the organ, then the archive."""
    known = case.plan.recipients if organ == case.plan.authority.name else ()
    return write_receivers([*first, *known])


def name_decision(head: Letterhead, kind: str, form: DocumentForm, document: DocumentKind) -> str:
    """A document by its number and day, or before them with room for the number."""
    if head.number is None or head.dated is None:
        return form.write(document, "unnumbered", type=kind, series=head.series, organ=head.organ)
    return cite_decision(kind, f"{head.number}/{head.series}", head.dated, head.organ)


def name_conference(case: Case) -> str:
    """The conference as documents name it: a congress by its own name."""
    congress = next(each for each in case.plan.congresses if each.id == case.congress)
    if case.tier.congress:
        return congress.name
    return case.conference.name or case.terms.name or f"Hội nghị {case.terms.unit.name}"


def _list_lines(capacity: str | None) -> list[str]:
    return [line.strip() for line in (capacity or "").splitlines() if line.strip()]


def _join(*parts: str) -> str:
    return "-".join(part for part in parts if part)
