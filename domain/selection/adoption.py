"""Adopting a list: whether it still fits what it was computed from, and who gets and who gives up a seat."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.findings import Finding
from domain.nominations import NominationState, derive_next_state

Place = tuple[UUID, str]
"""Unit and seat group."""


@dataclass(frozen=True, slots=True)
class ListedNomination:
    """A nomination that is on the list or was accepted, as it is when the list is adopted."""

    id: UUID
    person: UUID
    place: Place
    state: NominationState
    submitted_at: datetime | None
    erased: bool = False

    @property
    def is_submitted(self) -> bool:
        """Whether it is with the conference: submitted or accepted, and neither returned nor withdrawn."""
        return self.state in (NominationState.SUBMITTED, NominationState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SeatedDelegate:
    """A delegate before the adoption, with the nomination that the seat came from."""

    id: UUID
    nomination: UUID
    place: Place


@dataclass(frozen=True, slots=True)
class ListToAdopt:
    """A list that is to be adopted, and all that its seats depend on.

    ``chosen`` are the nominations on it, ``nominations`` those of them that there are and every accepted one;
    ``leaving`` are nominations of delegates who cannot come, ``reopened`` the places in which the council
    let seats be given anew, ``unpassed`` nominations that the plan does not take: their list is not passed.
    """

    chosen: frozenset[UUID]
    leaving: frozenset[UUID]
    reopened: frozenset[Place]
    frozen_at: datetime
    nominations: Mapping[UUID, ListedNomination]
    delegates: Sequence[SeatedDelegate]
    unpassed: frozenset[UUID] = frozenset()

    @property
    def submitted_nominations(self) -> list[ListedNomination]:
        """Whoever of the list is still nominated for the conference, by id."""
        found = (self.nominations.get(one) for one in sorted(self.chosen))
        return [each for each in found if each is not None and each.is_submitted]


@dataclass(frozen=True, slots=True)
class SeatChanges:
    """What the adoption of a list changes.

    ``ended`` is delegate → why; ``given_up`` and ``taken`` are nomination → its next state; ``replaced`` is
    nomination of a new delegate → the delegate in whose stead, if any.
    """

    ended: Mapping[UUID, Literal["replaced", "reselected"]]
    given_up: Mapping[UUID, NominationState]
    taken: Mapping[UUID, NominationState]
    replaced: Mapping[UUID, UUID | None]


def check_list_to_adopt(
    adopted: ListToAdopt,
    free: Mapping[Place, int],
    elsewhere: Collection[UUID],
    by_office: Collection[UUID] = (),
) -> list[Finding]:
    """What has changed since the list was computed, so that it cannot be adopted.

    ``free`` is place → the seats that its unit can fill, in the order of the findings; ``elsewhere`` are
    people who go to another congress, ``by_office`` those who have a seat by office.
    """
    submitted = adopted.submitted_nominations
    eligible = [each for each in submitted if not each.erased]
    gone = sorted(adopted.chosen - {each.id for each in eligible})
    changed = [each.id for each in eligible if each.submitted_at and each.submitted_at > adopted.frozen_at]
    filled = Counter(each.place for each in eligible)
    return [
        *(Finding("selection_nominee_gone", {"nomination": str(one)}) for one in gone),
        *(Finding("selection_nominee_changed", {"nomination": str(one)}) for one in changed),
        *(
            Finding("selection_list_gone", {"nomination": str(one)})
            for one in sorted(adopted.chosen & adopted.unpassed)
        ),
        *(
            Finding("selection_seated_elsewhere", {"nominee": str(each.id)})
            for each in submitted
            if each.person in elsewhere
        ),
        *(
            Finding("person_seated_by_office", {"nominee": str(each.id)})
            for each in submitted
            if each.person in by_office
        ),
        *(Finding("selection_accepted_since", {"nomination": str(one)}) for one in _list_losing(adopted)),
        *(
            Finding("selection_seats_changed", {"unit": str(place[0]), "seats": seats})
            for place, seats in free.items()
            if filled[place] > seats
        ),
    ]


def _list_losing(adopted: ListToAdopt) -> list[UUID]:
    """Whoever has a seat that this list does not know of: nobody loses one in silence.

    A list takes seats from delegates it replaces, in places that the council reopened for it, and from those
    whom the plan does not take.
    """
    expected = adopted.chosen | adopted.unpassed | {each.nomination for each in adopted.delegates}
    return [
        one
        for one, each in sorted(adopted.nominations.items())
        if each.state == NominationState.ACCEPTED
        and one not in expected
        and not each.erased
        and each.place not in adopted.reopened
    ]


def derive_seat_changes(adopted: ListToAdopt) -> SeatChanges:
    """Who gives up a seat and who takes one, for a list that :func:`check_list_to_adopt` finds right."""
    ended = [each for each in adopted.delegates if each.nomination not in adopted.chosen]
    seated = {each.nomination for each in adopted.delegates} & adopted.chosen
    newcomers = [adopted.nominations[one] for one in sorted(adopted.chosen - seated)]
    return SeatChanges(
        {each.id: "replaced" if each.nomination in adopted.leaving else "reselected" for each in ended},
        {
            one: derive_next_state("withdraw" if one in adopted.leaving else "unseat", each.state)
            for one, each in adopted.nominations.items()
            if each.state == NominationState.ACCEPTED and one not in adopted.chosen
        },
        {
            one: derive_next_state("seat", adopted.nominations[one].state)
            for one in sorted(adopted.chosen)
            if adopted.nominations[one].state != NominationState.ACCEPTED
        },
        _match_predecessors(newcomers, ended),
    )


def _match_predecessors(
    newcomers: Iterable[ListedNomination], ended: Iterable[SeatedDelegate]
) -> dict[UUID, UUID | None]:
    """Each newcomer goes in the stead of somebody of the same place who no longer goes, as long as there is
    one."""
    freed: dict[Place, list[UUID]] = defaultdict(list)
    for each in ended:
        freed[each.place].append(each.id)
    return {each.id: freed[each.place].pop(0) if freed[each.place] else None for each in newcomers}
