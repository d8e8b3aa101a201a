"""The trial of a plan's version over HTTP: which conferences there would be, and what it changes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from api.conference_terms import DueTermsAnswer, MixTermsAnswer, WindowAnswer
from api.findings import FindingAnswer, translate_findings
from api.http.calls import finish_while_connected
from api.http.languages import Writer
from api.http.limits import JSON
from api.http.problems import run_in_pool
from api.http.request_work import Transactions
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Date, QueryCount, Uuid
from api.plans import PlanChange
from api.units.answers import KIND_DESCRIPTION, UnitName
from domain.access import Access
from domain.allocations import UnitFigures
from domain.conferences.comparison import TermsComparison, TermsPart
from domain.plans import Plan, Tier
from domain.plans.seats import CountsAs, FilledBy
from domain.plans.tiers import Form
from domain.snapshots import plain_record
from domain.trials import (
    MOST_CONFERENCES,
    MissingFigure,
    Need,
    OpenConference,
    Trial,
    TrialConference,
    TrialInputs,
    try_version,
)
from service import trials
from service.names import list_tier_names
from service.texts import Translator
from service.trials import TrialRequest

router = Router(prefix="/plans/{plan_id}/versions/{n}/trial", tags=["plans"])


class TrialBody(Body):
    """Which units are tried, and for which day."""

    model_config = build_sample(units=[SAMPLE_ID], on="2020-01-01")

    units: Annotated[
        tuple[Uuid, ...] | None,
        Field(min_length=1, max_length=MOST_CONFERENCES, description="Default: all that its tiers name."),
    ] = None
    on: Annotated[
        Date | None,
        Field(description="The day whose units and figures count; default: as when a conference is opened."),
    ] = None


class TrialTierAnswer(Answer):
    """A tier: how many conferences there would be, by kind of units and by form."""

    tier: str
    name: str
    conferences: int
    kinds: dict[str, int]
    forms: dict[Form, int]
    findings: list[FindingAnswer] = Field(description="About all conferences of the tier.")


class TrialBlocAnswer(Answer):
    """A bloc with the units that it holds."""

    id: str
    name: str
    seats: int | None
    units: list[UnitName]


class TrialGroupAnswer(Answer):
    """A seat group as the plan has it."""

    id: str
    name: str
    seats: int | None
    maximum: int | None
    filled_by: FilledBy
    counts_as: CountsAs
    blocs: list[TrialBlocAnswer]


class TrialConferenceAnswer(Answer):
    """A conference that there would be."""

    congress: str
    tier: str
    unit: UnitName
    kind: str = Field(description=KIND_DESCRIPTION)
    conference: UUID | None = Field(description="The one that the unit has already.")
    as_of: date
    form: Form
    pilot: bool
    name: str | None
    title: list[str]
    cap: int | None
    mix: MixTermsAnswer | None
    window: WindowAnswer | None
    deadlines: list[DueTermsAnswer]
    seat_groups: list[TrialGroupAnswer]
    findings: list[FindingAnswer] = Field(description="Those that are not about the whole tier.")


class MissingFigureAnswer(Answer):
    """A figure that nobody has reported, and for what it is needed."""

    measure: str
    needed_for: Need
    units: list[UnitName]


class TermsChangeAnswer(PlanChange):
    """One difference of terms. `pointer` is of the new ones, for `removed` its last step of the old ones."""

    part: TermsPart
    id: str | None = Field(description="Of the deadline, seat group, target or committee.")


class ConferenceChangeAnswer(Answer):
    """What the version changes about an open conference under another one."""

    conference: UUID
    congress: str
    tier: str
    unit: UnitName
    plan_version: int
    differences: list[TermsChangeAnswer]
    findings: list[FindingAnswer] = Field(description="What is new, and what was decided and does not fit.")


class TrialAnswer(Answer):
    """The trial of a version of a plan."""

    tiers: list[TrialTierAnswer]
    conferences: list[TrialConferenceAnswer]
    missing_figures: list[MissingFigureAnswer]
    changes: list[ConferenceChangeAnswer]
    findings: list[FindingAnswer] = Field(description="Units that would have no conference.")


@router.post("", access=Access.CONFERENCES_READ, keyed=False, transaction=False, response_model=TrialAnswer)
async def try_plan_version(
    plan_id: Uuid,
    n: QueryCount,
    body: TrialBody,
    request: Request,
    transactions: Transactions,
    translator: Writer,
) -> Response:
    """Try a version of a plan, a draft too: which conferences there would be for the units within the
    caller's reach, which units the blocs hold, which figures are missing and which targets nobody can meet,
    and what it changes about open conferences. Nothing is stored. At most 2,000 conferences (422)."""
    async with transactions.begin_work(read_only=True) as work:
        inputs = await trials.load_trial(work, plan_id, n, TrialRequest(body.units, body.on))
    computing = run_in_pool(request.app.state.calculations, _compute_content, inputs, translator)
    return Response(await finish_while_connected(request, computing), media_type=JSON)


def _compute_content(inputs: TrialInputs, translator: Translator) -> bytes:
    """Compute the trial, in a process of its own, and build its answer."""
    names = {("unit", each.facts.code): each.facts.name for each in inputs.units}
    names |= {("unit", one.code): one.name for each in inputs.units for one in each.below}
    translator = replace(translator, names={**names, **translator.names})
    trial = try_version(inputs)
    return _build_answer(inputs.plan, trial, translator).model_dump_json().encode()


def _build_answer(plan: Plan, trial: Trial, translator: Translator) -> TrialAnswer:
    by_tier = {
        tier.id: replace(translator, names={**translator.names, **dict(list_tier_names(tier))})
        for tier in plan.tiers
    }
    return TrialAnswer(
        tiers=[_build_tier(tier, trial, by_tier[tier.id]) for tier in plan.tiers],
        conferences=[_build_conference(each, by_tier[each.unit.tier]) for each in trial.conferences],
        missing_figures=[*_build_missing(trial)],
        changes=[
            _build_change(each, found, by_tier.get(each.basis.tier, translator))
            for each, found in trial.changes
        ],
        findings=translate_findings(trial.findings, translator),
    )


def _build_tier(tier: Tier, trial: Trial, translator: Translator) -> TrialTierAnswer:
    inside = [each for each in trial.conferences if each.unit.tier == tier.id]
    return TrialTierAnswer(
        tier=tier.id,
        name=tier.name,
        conferences=len(inside),
        kinds=dict(Counter(each.terms.unit.kind for each in inside)),
        forms=dict(Counter(each.terms.form for each in inside)),
        findings=translate_findings(trial.tiers[tier.id], translator),
    )


def _build_conference(each: TrialConference, translator: Translator) -> TrialConferenceAnswer:
    terms, unit = each.terms, each.unit
    return TrialConferenceAnswer(
        congress=unit.congress,
        tier=unit.tier,
        unit=UnitName(id=UUID(unit.unit), code=terms.unit.code, name=terms.unit.name),
        kind=terms.unit.kind,
        conference=None if unit.conference is None else UUID(unit.conference),
        as_of=unit.day,
        form=terms.form,
        pilot=terms.pilot,
        name=terms.name,
        title=list(terms.title),
        cap=terms.cap,
        mix=terms.mix and MixTermsAnswer.model_validate(plain_record(terms.mix)),
        window=terms.window and WindowAnswer.model_validate(terms.window),
        deadlines=[DueTermsAnswer.model_validate(due) for due in terms.deadlines],
        seat_groups=[*_build_groups(each)],
        findings=translate_findings(each.findings, translator),
    )


def _build_groups(each: TrialConference) -> Iterator[TrialGroupAnswer]:
    held = {(members.group, members.bloc): members.units for members in each.blocs}
    for group in each.terms.seat_groups:
        yield TrialGroupAnswer(
            **{name: getattr(group, name) for name in _SAME_IN_GROUPS},
            blocs=[
                TrialBlocAnswer(
                    id=bloc.id,
                    name=bloc.name,
                    seats=bloc.seats,
                    units=[_build_unit(one) for one in held.get((group.id, bloc.id), ())],
                )
                for bloc in group.blocs
            ],
        )


_SAME_IN_GROUPS = ("id", "name", "seats", "maximum", "filled_by", "counts_as")


def _build_unit(one: UnitFigures | MissingFigure) -> UnitName:
    return UnitName(id=UUID(one.unit), code=one.code, name=one.name)


def _build_missing(trial: Trial) -> Iterator[MissingFigureAnswer]:
    """The figures that are missing, each with its units."""
    found: dict[tuple[str, Need], dict[str, UnitName]] = {}
    for each in (missing for conference in trial.conferences for missing in conference.missing):
        found.setdefault((each.measure, each.needed_for), {})[each.unit] = _build_unit(each)
    for (measure, needed_for), units in sorted(found.items()):
        yield MissingFigureAnswer(measure=measure, needed_for=needed_for, units=[*units.values()])


def _build_change(
    each: OpenConference, found: TermsComparison, translator: Translator
) -> ConferenceChangeAnswer:
    facts = each.basis.facts
    translator = replace(translator, names={**translator.names, ("unit", facts.code): facts.name})
    return ConferenceChangeAnswer(
        conference=UUID(each.conference),
        congress=each.congress,
        tier=each.basis.tier,
        unit=UnitName(id=UUID(each.unit), code=facts.code, name=facts.name),
        plan_version=each.version,
        differences=[TermsChangeAnswer.model_validate(one) for one in found.differences],
        findings=translate_findings(found.findings, translator),
    )
