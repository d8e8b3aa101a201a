"""Adopting an allocation: its decision is recorded, its seats become the units' quotas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db import allocations, quotas
from db.allocations import Allocation, Decision
from db.conferences import Conference
from db.quotas import Quota
from db.session import AsyncSession
from domain.conferences import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, Plain
from service import conferences
from service.allocations.decisions import expect_other_approver
from service.audit import record_event
from service.clock import today
from service.quotas import Misfit, build_misfit, compute_nominee_limit, expect_no_other_source, resize_quota
from service.work import Work


@dataclass(frozen=True, slots=True)
class AdoptionDocument:
    """The document that adopts: "Quyết định số 123/QĐ-UBND ngày 5/6/2020" of an organ."""

    kind: str
    organ: str
    series: str
    number: str
    decided_on: date


async def adopt_allocation(
    work: Work, allocation: Allocation, document: AdoptionDocument
) -> Sequence[Misfit]:
    """Adopt an approved allocation; the one it amends is superseded. The conference must be locked.

    Answers with the lists that no longer fit.
    """
    if allocation.state != "approved":
        raise Conflict("allocation_state", {"state": allocation.state, "needed": "approved"})
    await expect_other_approver(work, allocation)
    conference = await conferences.get_conference(work, allocation.conference)
    if document.decided_on > today():
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/decided_on")])
    for other in await allocations.list_allocations(work.session, conference.id):
        if other.state == "adopted":
            if other.id != allocation.amends:
                raise Conflict("adopted_allocation_is_amended", {"allocation": str(other.id)})
            other.state, other.version = "superseded", other.version + 1
            work.session.add(other)
    await work.session.flush()
    decision = Decision(
        subject_kind="allocation",
        subject=allocation.id,
        organ=document.organ,
        kind=document.kind,
        series=document.series,
        year=document.decided_on.year,
        number=document.number,
        decided_on=document.decided_on,
        approved_by=allocation.approved_by or work.actor.id,
    )
    work.session.add(decision)
    await work.session.flush()
    allocation.state, allocation.decision, allocation.version = "adopted", decision.id, allocation.version + 1
    work.session.add(allocation)
    terms = await conferences.load_terms(work.session, conference)
    misfits = await _store_quotas(work.session, conference, allocation, terms)
    plan = await conferences.get_audit_chain(work.session, conference)
    changes: dict[str, Plain] = {
        "decision": f"{document.number}/{document.series}",
        "organ": document.organ,
        "decided_on": document.decided_on.isoformat(),
        "misfits": [{"unit": str(each.unit), "group": each.group} for each in misfits],
    }
    await record_event(work, "allocation_adopted", "allocation", allocation.id, changes, plan=plan)
    return misfits


async def _store_quotas(
    session: AsyncSession, conference: Conference, allocation: Allocation, terms: ConferenceTerms
) -> list[Misfit]:
    held = {(row.unit, row.group): row for row in await quotas.list_quotas(session, conference.id, lock=True)}
    rows = await allocations.list_allocation_seats(session, allocation.id)
    expect_no_other_source(held.values(), {(row.unit, row.group): row.code for row in rows})
    groups = {group.id: group for group in terms.seat_groups}
    wanted = {(row.unit, row.group): row.seats for row in rows}
    for place in sorted({*held, *wanted}, key=str):
        seats, quota = wanted.get(place, 0), held.get(place)
        if quota is None:
            quota = Quota(
                conference=conference.id,
                unit=place[0],
                group=place[1],
                source="allocation",
                allocation=allocation.id,
                seats=seats,
                nominee_limit=compute_nominee_limit(groups[place[1]], seats),
            )
            session.add(quota)
            held[place] = quota
        elif quota.source == "allocation" or place in wanted:  # a received one of nothing is taken over
            quota.source, quota.document, quota.allocation = "allocation", None, allocation.id
            await resize_quota(session, quota, seats, compute_nominee_limit(groups[place[1]], seats))
    await session.flush()
    return [build_misfit(quota) for quota in held.values() if quota.excess_taken or quota.excess_nominated]
