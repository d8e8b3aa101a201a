"""The seats of a list, and what its targets ask of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import quotas
from db.conferences import list_seat_groups
from db.list_checks import UnitPlaces
from db.quotas import Quota
from db.session import AsyncSession
from domain.composition.check import OpenSeats
from domain.composition.plan_targets import build_criterion, build_scope, build_target
from domain.composition.targets import CompositionTarget
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity
from domain.plans import Target, Tier
from domain.quotas import is_in_force
from domain.selection.shared_seats import count_own_seats

RecordPlace = tuple[str, str]
"""Unit and seat group, as records name them."""


@dataclass(frozen=True, slots=True)
class ListSeats:
    """The seats of a list by unit and group; ``listed`` is how many people are there already."""

    places: Sequence[OpenSeats]
    listed: Mapping[RecordPlace, int]

    @property
    def total(self) -> int:
        """All seats."""
        return sum(place.places for place in self.places)

    def list_open(self) -> list[OpenSeats]:
        """The seats that nobody is named for yet."""
        return [
            OpenSeats(
                max(0, place.places - self.listed.get((place.unit, place.group), 0)),
                place.unit,
                place.group,
                place.bloc,
            )
            for place in self.places
        ]

    def count_in_scope(self, targets: Sequence[CompositionTarget]) -> dict[str, int]:
        """Target → the seats in its scope, of which its shares are."""
        return {
            target.id: sum(place.places for place in self.places if target.scope.contains(place))
            for target in targets
        }


def build_unit_seats(unit: UUID, own: Sequence[Quota], listed: Counter[str]) -> ListSeats:
    """The seats that a unit fills itself; those that it gave to units below are theirs."""
    places = [OpenSeats(count_own_seats(quota), str(unit), quota.group) for quota in own]
    return ListSeats(places, {(str(unit), group): number for group, number in listed.items()})


async def load_conference_seats(
    session: AsyncSession,
    conference: UUID,
    listed: Counter[RecordPlace],
    blocs: Mapping[RecordPlace, str],
) -> ListSeats:
    """The seats of a conference, by unit where units have seats already."""
    found = await quotas.list_quotas(session, conference)
    own = [quota for quota in found if is_in_force(quota.source, quota.document)]
    places = [
        OpenSeats(count_own_seats(quota), *place, blocs.get(place, ""))
        for quota in own
        for place in [(str(quota.unit), quota.group)]
    ]
    shared = {quota.group for quota in own}
    for row in await list_seat_groups(session, conference):
        if row.group not in shared:
            size = row.seats if row.seats is not None else row.maximum or 0
            places.append(OpenSeats(size, "", row.group))
    counted: Counter[RecordPlace] = Counter()
    for (unit, group), number in listed.items():
        counted[unit if group in shared else "", group] += number
    return ListSeats(places, counted)


def build_unit_targets(terms: ConferenceTerms, places: UnitPlaces, unit: UUID) -> list[CompositionTarget]:
    """The targets of a unit's list: its parts of those that are split, and those for this unit alone."""
    found = []
    for target in terms.targets:
        if target.id in places.targets:
            part = places.targets[target.id]
            found.append(
                CompositionTarget(
                    target.id,
                    build_criterion(target),
                    at_least=part if target.bound == "at_least" else None,
                    at_most=part if target.bound == "at_most" else None,
                    hard=target.hard,
                    priority=target.priority,
                    scope=build_scope(target),
                    clause=target.clause,
                )
            )
        elif _is_for_unit(target, places):
            found.append(build_target(target, dict.fromkeys(target.units, unit)))
    return found


def _is_for_unit(target: Target, places: UnitPlaces) -> bool:
    """Whether a target stands in this unit's list alone; one of the nominees, only until some are chosen."""
    binds = target.share_of == "seats" or not places.has_list
    return binds and places.code is not None and target.units == (places.code,)


def check_unlisted_guests(
    seats: ListSeats, targets: Sequence[CompositionTarget], tier: Tier
) -> list[Finding]:
    """Findings for groups whose guests are not all listed, and which some target counts.

    Their free seats count here; the pool of a selection has only the people who are listed.
    """
    guests = {group.id: group for group in tier.seat_groups if group.filled_by != "units"}
    found = []
    for place in seats.places:
        listed = seats.listed.get((place.unit, place.group), 0)
        counted = any(target.scope.contains(place) for target in targets)
        if counted and place.group in guests and listed < place.places:
            params: dict[str, Plain] = {"group": place.group, "seats": place.places, "listed": listed}
            clause = guests[place.group].clause
            found.append(Finding("guests_not_listed", params, clause=clause, severity=Severity.INFO))
    return found
