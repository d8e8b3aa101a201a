"""What happened at a conference, in requests and answers: presidium, agenda, commendations, peers."""

from typing import Annotated

from pydantic import Field

from api.http.types import Answer, Body, Count, Name
from domain.conferences.proceedings import (
    CommendationRecord,
    MemberCount,
    PresidiumRecord,
    Proceedings,
)

PlaceInPlan = Annotated[Count, Field(ge=1)]
"""A place in a list of the plan, from 1."""


class MemberCountBody(Body):
    """People of one kind in the presidium: the place of the kind in the plan's `members`, from 1."""

    number: PlaceInPlan
    people: Count


class PresidiumBody(Body):
    """How many people chaired; somebody may be of several kinds."""

    people: Count
    members: Annotated[list[MemberCountBody], Field(max_length=50)] = Field(default_factory=list)


class CommendationBody(Body):
    """Commendations by the plan's rule of that number, from 1, or by another organ."""

    number: PlaceInPlan | None = None
    organ: Name | None = None
    proposed: Count | None = None
    given: Count | None = None


class ProceedingsBody(Body):
    """What happened; leave out what is not known."""

    presidium: PresidiumBody | None = None
    agenda: Annotated[
        list[PlaceInPlan] | None, Field(description="The plan's items that were done.", max_length=100)
    ] = None
    commendations: Annotated[list[CommendationBody] | None, Field(max_length=50)] = None
    peers: Annotated[
        list[Name] | None, Field(description="Units invited to learn from a pilot.", max_length=500)
    ] = None

    def build_proceedings(self) -> Proceedings:
        """The proceedings in the types of the rules."""
        presidium = None
        if self.presidium is not None:
            members = tuple(MemberCount(**dict(each)) for each in self.presidium.members)
            presidium = PresidiumRecord(self.presidium.people, members)
        given = self.commendations
        return Proceedings(
            presidium=presidium,
            agenda=None if self.agenda is None else tuple(self.agenda),
            commendations=None if given is None else tuple(CommendationRecord(**dict(one)) for one in given),
            peers=None if self.peers is None else tuple(self.peers),
        )


class MemberCountAnswer(Answer):
    """People of one kind in the presidium."""

    number: int
    people: int


class PresidiumRecordAnswer(Answer):
    """How many people chaired, and of which kinds."""

    people: int
    members: list[MemberCountAnswer]


class CommendationAnswer(Answer):
    """Commendations, and by whose competence."""

    number: int | None
    organ: str | None
    proposed: int | None
    given: int | None


class ProceedingsAnswer(Answer):
    """What happened at a conference; null where it is not known."""

    presidium: PresidiumRecordAnswer | None
    agenda: list[int] | None
    commendations: list[CommendationAnswer] | None
    peers: list[str] | None
