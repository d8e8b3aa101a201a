"""The numbers of one conference, in the format of plans: seat groups with their blocs, and targets."""

import json
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field

from domain.conferences import sizing
from domain.plans import seats as rules
from domain.snapshots import encode_canonical
from service.formats.plans.seats import (
    PlanBloc,
    PlanComponent,
    PlanNomineeLimit,
    PlanSharing,
    PlanTarget,
)
from service.formats.plans.types import Count, Id, Number, PlanPart, Text


class PlanGroupNumber(PlanPart):
    """The number of one seat group; the rest only where the plan leaves it open."""

    domain = sizing.GroupNumber

    id: Id
    seats: Count
    name: Text | None = None
    filled_by: rules.FilledBy | None = None
    counts_as: rules.CountsAs | None = None
    stands_for: Annotated[tuple[rules.NomineeKind, ...], Field(min_length=1)] | None = None
    nominee_limit: PlanNomineeLimit | None = None
    components: tuple[PlanComponent, ...] = ()
    sharing: PlanSharing | None = None
    blocs: tuple[PlanBloc, ...] = ()


class PlanConferenceNumbers(PlanPart):
    """All numbers of one conference, as they are decided and stored."""

    domain = sizing.ConferenceNumbers

    size: Number | None = None
    seat_groups: Annotated[tuple[PlanGroupNumber, ...], Field(max_length=200)] = ()
    targets: Annotated[tuple[PlanTarget, ...], Field(max_length=200)] = ()
    rule: Text | None = None
    settled_by: Text | None = None

    def plain(self) -> dict[str, Any]:
        """The numbers as they are stored."""
        return self.model_dump(mode="json", exclude_none=True)


def read_conference_numbers(content: dict[str, Any]) -> sizing.ConferenceNumbers:
    """Stored numbers as the rules take them."""
    return _read_numbers(encode_canonical(content))


@lru_cache(maxsize=256)
def _read_numbers(content: bytes) -> sizing.ConferenceNumbers:
    numbers: sizing.ConferenceNumbers = PlanConferenceNumbers.model_validate(json.loads(content)).to_domain()
    return numbers
