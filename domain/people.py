"""Legal facts about people."""

from datetime import date

CHILD_AGE_LIMIT = 16
"""Years: a child is a person under sixteen (Law on Children 102/2016/QH13, Article 1). For a child the legal
representative exercises the rights over personal data (Law 91/2025/QH15, Article 24)."""


def may_be_child(born: date | int | None, on: date) -> bool:
    """Whether a person born on a day, or in a year, may be a child on the day ``on``; False if unknown."""
    if born is None:
        return False
    youngest = born if isinstance(born, date) else date(born, 12, 31)
    age = on.year - youngest.year - ((on.month, on.day) < (youngest.month, youngest.day))
    return age < CHILD_AGE_LIMIT
