"""The criteria of targets: a criterion answers yes, no, or "not stated" for one record.

Attributes overlap freely: one person may be a woman, a Khmer, a direct worker and twenty-nine years old.
"Not stated" is a separate answer. It is never treated as "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

AttributeValue = str | int | date | frozenset[str] | None
"""What a record states about one attribute; ``None``, or no entry at all, means not stated.

A ``frozenset`` contains all values of an attribute with several (titles, awards); the empty one states that
there are none. An ``int`` is a year instead of a date, since many lists give the year of birth only.
"""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One person on a list: unit and seat group, and the stated attributes.

    ``hidden`` are the attributes that the reader may not read: their values are never used.
    """

    id: str
    unit: str
    group: str = ""
    values: Mapping[str, AttributeValue] = field(default_factory=dict)
    bloc: str = ""
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Has any of ``values`` (a code, or one of several titles)."""

    attribute: str
    values: frozenset[str]

    def accepts(self, value: AttributeValue) -> bool | None:
        """Whether a person who states ``value`` counts."""
        if value is None:
            return None
        return bool(self.values & value) if isinstance(value, frozenset) else value in self.values

    def matches(self, record: PersonRecord) -> bool | None:
        """Whether ``record`` counts; ``None`` when it is not stated."""
        return self.accepts(record.values.get(self.attribute))


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Has a stated value that is none of ``values`` (an ethnic minority: any group but 01, the Kinh)."""

    attribute: str
    values: frozenset[str]

    def accepts(self, value: AttributeValue) -> bool | None:
        """Whether a person who states ``value`` counts."""
        if value is None:
            return None
        return not self.values & value if isinstance(value, frozenset) else value not in self.values

    def matches(self, record: PersonRecord) -> bool | None:
        """Whether ``record`` counts; ``None`` when it is not stated."""
        return self.accepts(record.values.get(self.attribute))


@dataclass(frozen=True, slots=True)
class Age:
    """Is at least ``at_least``, or at most ``at_most``, full years old on the date ``on``.

    A person becomes a year older on the birthday; a person born on 29 February does so on 1 March of a year
    without that day. Where only the year of birth is known, the answer may depend on the day: it is then "not
    stated". A birth after the date ``on`` cannot be right and is "not stated" as well.
    """

    attribute: str
    on: date
    at_most: int | None = None
    at_least: int | None = None

    def accepts(self, value: AttributeValue) -> bool | None:
        """Whether a person born on ``value`` (a date, or a year) counts."""
        if value is None:
            return None
        if isinstance(value, date):
            first = last = value
        elif isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
            first, last = date(value, 1, 1), date(value, 12, 31)
        else:
            raise TypeError("a birth is a date or a year")
        if first > self.on:
            return None
        oldest, youngest = _compute_age(first, self.on), _compute_age(min(last, self.on), self.on)
        answers = {self._includes(age) for age in (oldest, youngest)}
        # Between the two ends the age changes by one year at most, so the two answers are all there are.
        return answers.pop() if len(answers) == 1 else None

    def _includes(self, age: int) -> bool:
        old_enough = self.at_least is None or age >= self.at_least
        return old_enough and (self.at_most is None or age <= self.at_most)

    def matches(self, record: PersonRecord) -> bool | None:
        """Whether ``record`` counts; ``None`` when it is not stated."""
        return self.accepts(record.values.get(self.attribute))


TargetCriterion = AnyOf | NoneOf | Age


def _compute_age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
