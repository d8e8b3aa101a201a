"""Places in a list of the plan, from 1, by which a statement names items of it."""

from collections.abc import Iterator, Sequence

from domain.findings import Finding


def check_places(
    numbers: Sequence[int | None], known: int, listed: str, field: str = ""
) -> Iterator[Finding]:
    """Places that a list of ``known`` items does not have, or that are given twice.

    ``listed`` is the pointer to their list, and ``field`` what follows the position in it. What names no
    place is passed over.
    """
    for position, number in enumerate(numbers):
        pointer = f"{listed}/{position}{field}"
        if number is None:
            continue
        if not 1 <= number <= known:
            yield Finding("place_not_in_plan", {"number": number, "known": known}, pointer)
        elif number in numbers[:position]:
            yield Finding("place_twice", {"number": number}, pointer)
