"""People in requests and answers. Sensitive attributes may be sent, but lists never include them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from api.http.types import Answer, Body, Code, Date, Flag, Name, Year
from db.people import Person
from domain.vocabulary import Gender
from service.formats.forms import ETHNIC_GROUP
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
"""The attributes of a person that have a field of their own."""

_SEPARATE_FIELDS = ("birth", "title", "award", "guardian", "guardian_consent", "name")
"""Names of other data, which a plan's own attributes may not have either."""


class GuardianBody(Body):
    """A child's parent or guardian, and the document in which they and the child consent."""

    name: Name
    consent: Annotated[Name, Field(description="The document's number and date.")]


class TraitsBody(Body):
    """Attributes of a person. A year of birth is enough; an attribute that is left out has no value."""

    born_on: Date | None = None
    birth_year: Year | None = None
    gender: Gender | None = None
    position: Annotated[Name | None, Field(description="The position (chức vụ).")] = None
    direct_worker: Flag | None = None
    new_exemplar: Flag | None = None
    sector: Annotated[Code | None, Field(description="A code of the list `sectors`.")] = None
    field: Annotated[Code | None, Field(description="The field of work.")] = None
    ethnicity: Annotated[
        Code | None,
        Field(description="A code of the list `ethnic_groups`; sealed.", pattern=ETHNIC_GROUP),
    ] = None
    religion: Annotated[
        Code | None, Field(description="A code of the list `religions`, or the office's own; sealed.")
    ] = None
    party_member: Annotated[Flag | None, Field(description="Sealed.")] = None
    other: Annotated[
        dict[Code, Code | None],
        Field(
            default_factory=dict,
            max_length=20,
            description='Attributes that targets of the plan define, as `{"cuu_chien_binh": "yes"}`; sealed.',
        ),
    ]

    @field_validator("other")
    @classmethod
    def _expect_other_names(cls, value: dict[str, str | None]) -> dict[str, str | None]:
        """Refuse attributes that have a field of their own."""
        if {name.removesuffix(":holder") for name in value} & {*_TRAIT_NAMES, *_SEPARATE_FIELDS}:
            raise PydanticCustomError("attribute_has_field", "the attribute has a field of its own")
        return value

    def collect_attributes(self) -> dict[str, str]:
        """The given attributes with the values that are stored."""
        given = self.model_dump(mode="json", exclude_unset=True, include=set(_TRAIT_NAMES))
        given |= self.other
        return {name: _YES_NO.get(value, value) for name, value in given.items() if value is not None}

    def build_traits(self) -> PersonEntry:
        """The attributes for the use case, of a person without a name."""
        return PersonEntry("", self.birth_year, self.born_on, self.collect_attributes())


class PersonBody(TraitsBody):
    """A person with a name. A year of birth is enough; an attribute that is left out has no value.

    In a change of an existing person, an attribute that is left out stays as it is, and `null` erases it.
    Ethnicity, religion and Party membership are sealed: lists never include them.
    """

    name: Name
    guardian: Annotated[
        GuardianBody | None, Field(description="Required for a person who may be under 16 today; sealed.")
    ] = None

    def build_person(self) -> PersonEntry:
        """The person for the use cases."""
        attributes = self.collect_attributes()
        erased = frozenset(name for name in self.model_fields_set if getattr(self, name) is None)
        erased |= {name for name, value in self.other.items() if value is None}
        if self.guardian is not None:
            attributes |= {"guardian": self.guardian.name, "guardian_consent": self.guardian.consent}
        elif "guardian" in erased:
            erased |= {"guardian_consent"}
        return PersonEntry(self.name, self.birth_year, self.born_on, attributes, erased)


class PersonAnswer(Answer):
    """A person in a list, without sensitive attributes."""

    id: UUID
    name: str
    birth_year: int | None


class StatedAnswer(Answer):
    """Attributes of a person. For sealed ones only their names are listed, if the caller may read them."""

    born_on: date | None
    attributes: dict[str, str]
    sealed: list[str] | None = Field(
        description="Names of the sealed attributes that have a value (`ethnicity`, `guardian`, "
        "`guardian_consent`, `party_member`, `religion`); null if the caller may not read them."
    )


def build_person_answer(person: Person) -> PersonAnswer:
    """Build the answer for a person in a list."""
    return PersonAnswer(id=person.id, name=person.name, birth_year=person.birth_year)
