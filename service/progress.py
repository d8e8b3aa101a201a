"""The board of a plan: how far its conferences are, by tier, kind of units and step."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from db import progress, units
from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.plans import PlanVersion
from db.progress import ConferenceCount, DifficultyCount, ProgressFilter, StepCount
from domain.conferences.steps import StepKind, StepStatus
from domain.findings import Finding, Invalid, Plain
from domain.plans import Plan, Tier
from service import plans
from service.formats.spreadsheets import Cell, Table
from service.names import name_plan_parts
from service.texts import LANGUAGES, Translator, load_headings
from service.work import Work


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One line of the board: the units of a tier, a kind and a bloc, their conferences, and their steps.

    Units that compete in no bloc of the plan have none.
    """

    tier: str
    tier_name: str
    kind: str
    bloc: str | None
    bloc_name: str | None
    units: int
    conferences: int
    met: int
    difficulties: DifficultyCount
    steps: tuple[StepCount, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a plan on a day. ``step_names`` has the names of the steps that a deadline of the plan
    has; the others are named after their kind."""

    version: PlanVersion
    rows: Sequence[ProgressRow]
    step_names: Mapping[str, str]


_Place = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Tier, kind of units and bloc → the conferences, how far their steps are, and the difficulties."""

    conferences: Mapping[_Place, ConferenceCount]
    steps: Mapping[_Place, Sequence[StepCount]]
    difficulties: Mapping[_Place, DifficultyCount]


async def read_progress(work: Work, wanted: ProgressFilter) -> Board:
    """The board of a plan, of what the reader sees.

    Raises ``NotFound`` for a plan out of reach, ``Invalid`` for a tier or a bloc that it does not have.
    """
    version = await plans.get_current_version(work, wanted.plan)
    plan = plans.read_version(version)
    wanted = _add_blocs(plan, wanted)
    counts = await _count_conferences(work, wanted)
    tiers = _choose_tiers(plan, wanted, counts)
    expected = await _count_units(work, wanted, plan, tiers)
    rows: list[ProgressRow] = []
    for tier in tiers:
        name_plan_parts(work, plan, tier)
        rows += _build_rows(plan, tier, expected[tier.id], counts)
    return Board(version, rows, {each.id: each.name for each in plan.deadlines})


def _add_blocs(plan: Plan, wanted: ProgressFilter) -> ProgressFilter:
    """The blocs of the plan, by which a board counts."""
    blocs = plan.list_blocs()
    known: list[Plain] = [each.id for each in blocs]
    if wanted.bloc is not None and wanted.bloc not in known:
        params: dict[str, Plain] = {"blocs": known}
        raise Invalid("bloc_not_of_plan", params, errors=[Finding("bloc_not_of_plan", params, "/bloc")])
    return replace(wanted, blocs=blocs)


def _choose_tiers(plan: Plan, wanted: ProgressFilter, counts: _Counts) -> Sequence[Tier]:
    """The tiers of the version in force, and those of earlier ones of which there are conferences."""
    known = {tier.id for tier in plan.tiers}
    earlier = {name for name, _, _ in counts.conferences if name not in known}
    tiers = [tier for tier in plan.tiers if wanted.tier in {None, tier.id}]
    tiers += [Tier(id=name, name=name, congresses=()) for name in sorted(earlier)]
    if not tiers:
        params: dict[str, Plain] = {"tiers": [each.id for each in plan.tiers]}
        raise Invalid("tier_unknown", params, errors=[Finding("tier_unknown", params, "/tier")])
    return tiers


async def _count_conferences(work: Work, wanted: ProgressFilter) -> _Counts:
    counted, stepped = await progress.list_progress_counts(work.session, work.actor, wanted)
    steps: dict[_Place, list[StepCount]] = defaultdict(list)
    for step in stepped:
        steps[step.tier, step.kind, step.bloc].append(step)
    raised = await progress.count_difficulties(work.session, work.actor, wanted)
    return _Counts(
        {(row.tier, row.kind, row.bloc): row for row in counted},
        steps,
        {(row.tier, row.kind, row.bloc): row for row in raised},
    )


def _build_rows(
    plan: Plan, tier: Tier, expected: Mapping[tuple[str, str | None], int], counts: _Counts
) -> Iterator[ProgressRow]:
    """The lines of a tier, one for each kind and bloc that have units or conferences."""
    names = {each.id: each.name for each in plan.list_blocs()}
    opened = {(kind, bloc) for name, kind, bloc in counts.conferences if name == tier.id}
    for kind, bloc in sorted({*expected, *opened}, key=lambda place: (place[0], place[1] or "")):
        place = tier.id, kind, bloc
        count = counts.conferences.get(place)
        steps = counts.steps.get(place, ())
        yield ProgressRow(
            tier=tier.id,
            tier_name=tier.name,
            kind=kind,
            bloc=bloc,
            bloc_name=None if bloc is None else names.get(bloc),
            units=expected.get((kind, bloc), 0),
            conferences=count.conferences if count else 0,
            met=sum(step.done + step.done_late for step in steps if step.step_kind is StepKind.MEETING),
            difficulties=counts.difficulties.get(place, DifficultyCount(*place)),
            steps=tuple(_order_steps(plan, steps)),
        )


async def _count_units(
    work: Work, wanted: ProgressFilter, plan: Plan, tiers: Sequence[Tier]
) -> Mapping[str, Mapping[tuple[str, str | None], int]]:
    code = plan.authority.unit
    council = (await units.map_units_by_code(work.session, [code])).get(code)
    return await progress.count_units(work.session, work.actor, wanted, council=council, tiers=tiers)


def _order_steps(plan: Plan, steps: Sequence[StepCount]) -> list[StepCount]:
    """In the order in which a conference goes through them."""
    deadlines = [each.id for each in plan.deadlines]
    kinds = list(StepKind)

    def rank(step: StepCount) -> tuple[int, int]:
        named = deadlines.index(step.step) if step.step in deadlines else len(deadlines)
        return kinds.index(step.step_kind), named

    return sorted(steps, key=rank)


async def page_conferences(
    work: Work,
    wanted: ProgressFilter,
    *,
    step: str | None,
    status: StepStatus | None,
    after: tuple[UUID, str] | None,
    limit: int,
) -> Sequence[tuple[Conference, ConferenceStep]]:
    """The conferences behind a number of the board; raises ``Invalid`` where the board does."""
    plan = plans.read_version(await plans.get_current_version(work, wanted.plan))
    wanted = _add_blocs(plan, wanted)
    if wanted.tier is not None and wanted.tier not in {tier.id for tier in plan.tiers}:
        _choose_tiers(plan, wanted, await _count_conferences(work, wanted))
    return await progress.page_step_conferences(
        work.session, work.actor, wanted, step=step, status=status, after=after, limit=limit
    )


def build_progress_table(board: Board, translator: Translator) -> Table:
    """The board as a table with one line for each step of each tier, kind and bloc."""
    index = LANGUAGES.index(translator.language)
    title, *header = [labels[index] for labels in load_headings("board").values()]
    rows = [line for row in board.rows for line in _build_lines(row, board, translator)]
    return Table(title, header, rows)


def _build_lines(row: ProgressRow, board: Board, translator: Translator) -> list[Sequence[Cell]]:
    kind = str(translator.translate_value("kind", row.kind))
    head: list[Cell] = [row.tier_name, kind, row.bloc_name, row.units, row.conferences, row.met]
    raised = (row.difficulties.open, row.difficulties.answered, row.difficulties.closed)
    if not row.steps:
        return [[*head, None, None, None, None, None, None, *raised]]
    return [
        [
            *head,
            _name_step(step, board, translator),
            step.done,
            step.done_late,
            step.due,
            step.late,
            step.undated,
            *raised,
        ]
        for step in row.steps
    ]


def _name_step(step: StepCount, board: Board, translator: Translator) -> str:
    named = board.step_names.get(step.step)
    return named or load_headings("steps")[step.step_kind][LANGUAGES.index(translator.language)]
