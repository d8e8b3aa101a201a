"""Names of units and parts of plans, which sentences show in the place of ids."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from db import units
from domain.findings import Finding, Plain
from domain.plans import Plan
from service.work import Case, Work

UNIT_PARAMS = frozenset({"unit", "units"})
"""The parameters of findings that are ids of units."""


def name_plan_parts(plan: Plan) -> Iterator[tuple[tuple[str, str], str]]:
    """(noun, id) → name of each congress, tier, seat group, bloc and target of a plan."""
    for congress in plan.congresses:
        yield ("congress", congress.id), congress.name
    for tier in plan.tiers:
        yield ("tier", tier.id), tier.name
        for target in tier.targets:
            yield ("target", target.id), target.name
        for group in tier.seat_groups:
            yield ("group", group.id), group.name
            for bloc in group.blocs:
                yield ("bloc", bloc.id), bloc.name


async def load_unit_names(work: Work, case: Case, findings: Iterable[Finding]) -> None:
    """Load the names of the units that findings speak of, on the day of a conference."""
    ids = {one for finding in findings for one in _list_unit_ids(finding)}
    if ids:
        found = await units.map_names_by_unit(work.session, ids, case.conference.as_of)
        work.names.update({("unit", str(unit)): name for unit, (_, name) in found.items()})


def _list_unit_ids(finding: Finding) -> Iterator[UUID]:
    for param in UNIT_PARAMS & finding.params.keys():
        content = finding.params[param]
        for one in content if isinstance(content, list | tuple) else [content]:
            yield from _read_id(one)


def _read_id(content: Plain) -> Iterator[UUID]:
    try:
        yield UUID(str(content))
    except ValueError:
        return
