"""People as requests state them and answers show them; what is sensitive goes in and does not come out."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.types import Answer, Body, Code, Count, Date, Flag, Name, Year
from db.people import Person
from service.people import Stated

_YES = {True: "yes", False: "no"}


class PersonBody(Body):
    """Somebody who is named. A year of birth alone is enough; what is left out is not stated.

    Ethnicity, religion and Party membership are sealed and never shown again in lists.
    """

    name: Name
    born_on: Date | None = None
    birth_year: Year | None = None
    gender: Annotated[Code | None, Field(description="`female` or `male`.", pattern="^(female|male)$")] = None
    position: Annotated[Name | None, Field(description="Chức vụ.")] = None
    direct_worker: Flag | None = None
    new_exemplar: Flag | None = None
    sector: Annotated[Code | None, Field(description="Economic sector.")] = None
    field: Annotated[Code | None, Field(description="Field of work.")] = None
    ethnicity: Annotated[
        Code | None, Field(description="Code 01 to 54; sealed.", pattern="^(0[1-9]|[1-4][0-9]|5[0-4])$")
    ] = None
    religion: Annotated[Code | None, Field(description="Sealed.")] = None
    party_member: Annotated[Flag | None, Field(description="Sealed.")] = None

    def stated(self) -> Stated:
        """The same for the use cases."""
        texts = ("gender", "position", "sector", "field", "ethnicity", "religion")
        flags = ("direct_worker", "new_exemplar", "party_member")
        attributes = {name: value for name in texts if (value := getattr(self, name)) is not None}
        attributes |= {name: _YES[value] for name in flags if (value := getattr(self, name)) is not None}
        return Stated(self.name, self.birth_year, self.born_on, attributes)


class PersonAnswer(Answer):
    """A person in a list: nothing that is sensitive."""

    id: UUID
    name: str
    birth_year: int | None


class PlacesAnswer(Answer):
    """How full a list is."""

    listed: Count
    seats: Count


def person_shown(person: Person) -> PersonAnswer:
    """A person as lists show them."""
    return PersonAnswer(id=person.id, name=person.name, birth_year=person.birth_year)
