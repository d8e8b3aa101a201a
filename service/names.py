"""Names of units and parts of plans, which sentences show in the place of ids."""

import re
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

from db import nominations, people, plans, units
from domain.findings import Finding, Plain, Refused
from domain.plans import Plan, Tier
from service.work import Work

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_UNIT_PARAMS = ("unit", "units", "order")
"""The parameters of findings that are codes of units."""

_TARGET_PARAMS = ("target", "targets", "ids")
"""The parameters of findings that are ids of targets."""


def name_plan_parts(work: Work, plan: Plan, tier: Tier | None = None) -> None:
    """Let sentences name the congresses, tiers, seat groups, blocs and targets of a plan.

    Tiers may have groups, blocs and targets of the same ids: those of ``tier`` are meant.
    """
    work.names.update(_list_plan_names(plan))
    if tier is not None:
        work.names.update(list_tier_names(tier))


async def load_unit_names(work: Work, ids: Collection[UUID], day: date) -> Mapping[UUID, tuple[str, str]]:
    """unit → (code, name) on a day; sentences then name these units."""
    found = await units.map_names_by_unit(work.session, ids, day)
    for unit, (code, name) in found.items():
        work.names["unit", str(unit)] = work.names["unit", code] = name
    return found


async def name_units_in(work: Work, findings: Iterable[Finding], day: date) -> None:
    """Let sentences name the units, by their names on a day, of which findings have the codes."""
    await name_units(work, {code for each in findings for code in _list_unit_codes(each.params)}, day)


async def name_units(work: Work, codes: Collection[str], day: date) -> None:
    """Let sentences name the units of these codes or ids, by their names on a day."""
    unnamed = {code for code in codes if ("unit", code) not in work.names}
    ids = {UUID(code) for code in unnamed if _UUID.fullmatch(code)}
    if ids:
        await load_unit_names(work, ids, day)
    if local := unnamed - {str(one) for one in ids}:
        found = await units.map_names_by_code(work.session, local, day)
        work.names.update({("unit", code): name for code, name in found.items()})


async def name_nominees(work: Work, ids: Iterable[str]) -> None:
    """Let sentences name the people of these nominations, for a reader who may see the whole list."""
    persons = await nominations.map_persons_by_nomination(work.session, {UUID(one) for one in ids})
    known = await people.map_persons_by_id(work.session, set(persons.values()))
    for nomination, person in persons.items():
        work.names["nominee", str(nomination)] = known[person].name


@asynccontextmanager
async def naming_nominees(work: Work, ids: Collection[str]) -> AsyncIterator[None]:
    """Let the sentences of a refusal name these nominees, for a reader who may see the whole list."""
    try:
        yield
    except Refused:
        await name_nominees(work, ids)
        raise


async def name_nominees_in(work: Work, findings: Iterable[Finding]) -> None:
    """Let sentences name the people of whom findings speak, for a reader who may see the whole list."""
    ids = {one for finding in findings for one in _list_nominations(finding)}
    if ids:
        await name_nominees(work, ids)


def _list_nominations(finding: Finding) -> Iterator[str]:
    for name in ("nominee", "nomination", "one", "other"):
        if name in finding.params:
            yield str(finding.params[name])
    if finding.code in ("selection_clash_pair", "selection_clash_pin"):
        ids = finding.params["ids"]
        yield from map(str, ids if isinstance(ids, list | tuple) else [ids])


async def name_refusal(work: Work, refused: Refused) -> None:
    """Let the sentences of a refusal name the units, by their last names, and the congresses in it."""
    said = [refused.params, *(each.params for each in refused.errors)]
    codes = {code for params in said for code in _list_unit_codes(params)}
    if unnamed := {code for code in codes if ("unit", code) not in work.names}:
        found = await units.map_latest_names(work.session, unnamed)
        work.names.update({("unit", code): name for code, name in found.items()})
    congresses = {str(params["congress"]) for params in said if "congress" in params}
    if unnamed := {each for each in congresses if ("congress", each) not in work.names}:
        known = await plans.map_names_by_congress(work.session, sorted(unnamed))
        work.names.update({("congress", each): name for each, name in known.items()})


def _list_unit_codes(params: Mapping[str, Plain]) -> Iterator[str]:
    """The codes of units in parameters; those of a unit's part of a target, ``nu/xa-a``, too."""
    for name, content in params.items():
        for one in content if isinstance(content, list | tuple) else [content]:
            if name in _UNIT_PARAMS and isinstance(one, str):
                yield one
            elif name in _TARGET_PARAMS and "/" in str(one):
                yield str(one).partition("/")[2]


def _list_plan_names(plan: Plan) -> Iterator[tuple[tuple[str, str], str]]:
    for congress in plan.congresses:
        yield ("congress", congress.id), congress.name
    for kind in plan.kinds:
        yield ("kind", kind.id), kind.name
    for measure in plan.measures:
        yield ("measure", measure.id), measure.name
    for tier in plan.tiers:
        yield ("tier", tier.id), tier.name
        yield from list_tier_names(tier)


def list_tier_names(tier: Tier) -> Iterator[tuple[tuple[str, str], str]]:
    """The names of a tier's targets, seat groups and blocs, as sentences show them."""
    for target in tier.targets:
        yield ("target", target.id), target.name
    for group in tier.seat_groups:
        yield ("group", group.id), group.name
        for bloc in group.blocs:
            yield ("bloc", bloc.id), bloc.name
