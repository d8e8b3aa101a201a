"""Adopting an allocation: its decision is recorded, its seats become the units' quotas."""

from collections.abc import Sequence
from dataclasses import dataclass

from db import allocations, quotas
from db.allocations import Allocation, AllocationSeat, Decision
from db.quotas import Quota
from domain.findings import Plain
from domain.quotas import Misfit, QuotaSource, compute_nominee_limit, expect_no_other_source, find_misfit
from service.decisions import AdoptionDocument, begin_adoption, complete_adoption
from service.quotas import resize_quotas
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class AllocationAdoption:
    """The decision that adopted, the seats that are quotas now, and the lists that no longer fit."""

    decision: Decision
    seats: Sequence[AllocationSeat]
    misfits: Sequence[Misfit]


async def adopt_allocation(
    work: Work, case: Case, allocation: Allocation, versions: Sequence[Allocation], document: AdoptionDocument
) -> AllocationAdoption:
    """Adopt an approved allocation; the one it amends is superseded. ``versions`` are all, locked.

    Raises ``Conflict`` where units have seats from elsewhere; see also ``service.decisions.begin_adoption``.
    """
    await begin_adoption(work, case, allocation, versions, document)
    seats = await allocations.list_allocation_seats(work.session, allocation.id)
    misfits = await _store_quotas(work, case, allocation, seats)
    places: list[Plain] = [{"unit": str(each.unit), "group": each.group} for each in misfits]
    changes: dict[str, Plain] = {"misfits": places}
    if allocation.certificate is not None:
        changes["certificate"] = allocation.certificate.digest
    decision = await complete_adoption(work, case, allocation, document, changes)
    return AllocationAdoption(decision, seats, misfits)


async def _store_quotas(
    work: Work, case: Case, allocation: Allocation, seats: Sequence[AllocationSeat]
) -> list[Misfit]:
    conference = case.conference.id
    existing = {
        (row.unit, row.group): row for row in await quotas.list_quotas(work.session, conference, lock=True)
    }
    expect_no_other_source(existing.values(), {(row.unit, row.group): row.code for row in seats})
    groups = {group.id: group for group in case.terms.seat_groups}
    wanted = {(row.unit, row.group): row.seats for row in seats}
    sizes, created = [], []
    for place in sorted({*existing, *wanted}, key=str):
        number, quota = wanted.get(place, 0), existing.get(place)
        if quota is None:
            quota = Quota(
                conference=conference,
                unit=place[0],
                group=place[1],
                source=QuotaSource.ALLOCATION,
                allocation=allocation.id,
                seats=number,
                nominee_limit=compute_nominee_limit(groups[place[1]], number),
            )
            created.append(quota)
            existing[place] = quota
        elif quota.source is QuotaSource.ALLOCATION or place in wanted:  # also a received quota of 0 seats
            quota.source, quota.allocation = QuotaSource.ALLOCATION, allocation.id
            quota.document = quota.entered = None
            sizes.append((quota, number, compute_nominee_limit(groups[place[1]], number)))
    await resize_quotas(work, sizes)
    work.session.add_all(created)
    await work.session.flush()
    return [misfit for quota in existing.values() if (misfit := find_misfit(quota))]
