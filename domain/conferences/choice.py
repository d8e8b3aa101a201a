"""What a plan leaves open for one conference: its name among several, and its form."""

from domain.conferences.terms import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.plans import Tier
from domain.plans.tiers import Form


def expect_offered_name(tier: Tier, name: str | None) -> None:
    """Raise ``Invalid`` for a name that the tier does not offer."""
    if name is not None and name not in {each.id for each in tier.names}:
        names: list[Plain] = [each.id for each in tier.names]
        params: dict[str, Plain] = {"tier": tier.id, "tier_name": tier.name, "names": names}
        raise Invalid("name_not_offered", params, errors=[Finding("name_not_offered", params, "/name")])


def expect_meeting_name(tier: Tier, terms: ConferenceTerms, chosen: str | None, name: str | None) -> None:
    """Raise unless a conference that is recorded as met has a name: one that is still open is chosen with it.

    ``chosen`` is the id of the name that was chosen before. Raises ``Invalid`` where no name is given though
    the plan offers several, and ``Conflict`` for another name than the one that is settled.
    """
    expect_offered_name(tier, name)
    if name is None and terms.name is None and terms.names:
        params: dict[str, Plain] = {"names": list(terms.names)}
        asked = Finding("name_to_choose", params, "/name", clause=tier.names[0].clause)
        raise Invalid("name_to_choose", params, errors=[asked])
    if name is not None and terms.name is not None and name != chosen:
        raise Conflict("name_is_settled", {"name": terms.name})


def expect_left_open(derived: ConferenceTerms, name: str | None, form: Form | None, size: int | None) -> None:
    """Raise unless the plan leaves open what is chosen: ``Invalid`` for no choice at all, or ``Conflict``.

    ``derived`` are the terms by the plan and the facts about the unit, without a chosen form. ``size`` is the
    decided number of delegates, which a plenary does not have.
    """
    if name is None and form is None:
        raise Invalid("nothing_chosen", errors=[Finding("nothing_chosen", pointer="/name")])
    if name is not None and derived.name is not None:
        raise Conflict("name_is_settled", {"name": derived.name})
    if form is not None and derived.form is not Form.UNDECIDED:
        raise Conflict("form_is_settled", {"planned_form": derived.form})
    if form is Form.PLENARY and size is not None:
        raise Conflict("plenary_has_no_size")
