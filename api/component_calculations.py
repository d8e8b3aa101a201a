"""The calculator with the components of a rule: fixed and base seats and steps first, then the rest."""

from api.apportionment_answers import ApportionmentAnswer, RepairAnswer, TieAnswer, UnitAward
from api.findings import translate_findings
from api.http.types import format_exact
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.apportionment.stages import UNITS_STAGE, StagedAllocation
from service.calculations import ComponentCalculation, explain_shares
from service.texts import Translator


def build_component_answer(calculation: ComponentCalculation, translator: Translator) -> ApportionmentAnswer:
    """Compute, and build the answer: beside the seats of each unit its parts, with their sentences."""
    found = calculation.compute()
    stage = found.stages.get(UNITS_STAGE)
    tie = None if stage is None else stage.tie
    repair = None if stage is None else stage.repair
    return ApportionmentAnswer(
        status=found.status,
        method=None if stage is None else stage.rule.method,
        seats=found.total_seats,
        units=_build_unit_awards(found, translator),
        tie=None if tie is None else TieAnswer(ids=list(tie.ids), places=tie.places, digest=tie.digest),
        repair=None if repair is None else RepairAnswer.model_validate(repair),
        certificate=build_allocation_certificate(found) if found.status == "decided" else None,
    )


def _build_unit_awards(found: StagedAllocation, translator: Translator) -> list[UnitAward]:
    stage = found.stages.get(UNITS_STAGE)
    awards = {} if stage is None else {award.id: award for award in stage.awards}
    built = []
    for share, told in explain_shares(found):
        award = awards.get(share.id)
        built.append(
            UnitAward(
                id=share.id,
                seats=share.seats,
                quota=str(share.seats) if award is None else format_exact(award.quota),
                bound=share.bound if award is None else award.bound,
                parts=list(share.parts),
                sentences=translate_findings(told, translator),
            )
        )
    return built
