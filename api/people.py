"""People as requests state them and answers show them; what is sensitive goes in and does not come out."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from api.types import Answer, Body, Code, Date, Flag, Name, Year
from db.people import Person
from service.people import PersonEntry

_YES_NO: dict[str | bool, str] = {True: "yes", False: "no"}
_TRAIT_NAMES = (
    "gender",
    "position",
    "direct_worker",
    "new_exemplar",
    "sector",
    "field",
    "ethnicity",
    "religion",
    "party_member",
)
"""The attributes that somebody may state."""

_SEPARATE_FIELDS = ("birth", "title", "award", "guardian", "guardian_consent", "name")
"""What is stated elsewhere than among them."""


class GuardianBody(Body):
    """Who answers for a child (parent or guardian), and the document in which they and the child agree."""

    name: Name
    consent: Annotated[Name, Field(description="The document's number and date.")]


class TraitsBody(Body):
    """What is stated of somebody. A year of birth alone is enough; what is left out is not stated."""

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
    other: Annotated[
        dict[Code, Code | None],
        Field(
            default_factory=dict,
            max_length=20,
            description='Attributes that targets of the plan define: `{"cuu_chien_binh": "yes"}`; sealed.',
        ),
    ]

    @field_validator("other")
    @classmethod
    def _expect_other_names(cls, value: dict[str, str | None]) -> dict[str, str | None]:
        """What has a field of its own is said there."""
        if {name.removesuffix(":holder") for name in value} & {*_TRAIT_NAMES, *_SEPARATE_FIELDS}:
            raise PydanticCustomError("attribute_has_field", "it has a field of its own")
        return value

    def collect_attributes(self) -> dict[str, str]:
        """What is stated, attribute by attribute, as it is kept."""
        given = self.model_dump(exclude_unset=True, include=set(_TRAIT_NAMES))
        given |= self.other
        return {name: _YES_NO.get(value, value) for name, value in given.items() if value is not None}

    def build_traits(self) -> PersonEntry:
        """The same of somebody without a name."""
        return PersonEntry("", self.birth_year, self.born_on, self.collect_attributes())


class PersonBody(TraitsBody):
    """Somebody who is named. A year of birth alone is enough; what is left out is not stated.

    Where a person who is known already is changed, what is left out stays, and `null` erases it.
    Ethnicity, religion and Party membership are sealed and never shown again in lists.
    """

    name: Name
    guardian: Annotated[
        GuardianBody | None, Field(description="Needed for who may be under 16 today; sealed.")
    ] = None

    def build_person(self) -> PersonEntry:
        """The same for the use cases."""
        attributes = self.collect_attributes()
        erased = frozenset(name for name in self.model_fields_set if getattr(self, name) is None)
        erased |= {name for name, value in self.other.items() if value is None}
        if self.guardian is not None:
            attributes |= {"guardian": self.guardian.name, "guardian_consent": self.guardian.consent}
        elif "guardian" in erased:
            erased |= {"guardian_consent"}
        return PersonEntry(self.name, self.birth_year, self.born_on, attributes, erased)


class PersonAnswer(Answer):
    """A person in a list: nothing that is sensitive."""

    id: UUID
    name: str
    birth_year: int | None


class StatedAnswer(Answer):
    """What is stated of a person. Of what is sealed only the names are told, to who may read the values."""

    born_on: date | None
    attributes: dict[str, str]
    sealed: list[str] | None = Field(
        description="Of `ethnicity`, `guardian`, `guardian_consent`, `party_member`, `religion` those "
        "that are stated; null for who may not read them."
    )


def build_person_answer(person: Person) -> PersonAnswer:
    """A person as lists show them."""
    return PersonAnswer(id=person.id, name=person.name, birth_year=person.birth_year)
