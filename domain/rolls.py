"""The organiser's lists: who has a seat by office, and what is said of people on a roll."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.names import clean_text
from domain.plans import SeatGroup


def choose_offices(
    groups: Iterable[SeatGroup], group: SeatGroup, basis: str, others: Sequence[str]
) -> tuple[str, ...]:
    """The offices by which somebody is on the list of a seat group, as the plan writes them.

    ``basis`` is an office of the group, if it names any; the ``others`` are of any group of the conference.
    Raises :class:`Invalid` for an office that the plan does not name; the nearest ones are told.
    """
    own = {_fold(office.name): office.name for office in group.offices}
    every = own | {_fold(office.name): office.name for each in groups for office in each.offices}
    asked = [("/basis", basis, own)] if own else []
    asked += [(f"/other_offices/{n}", name, every) for n, name in enumerate(others)]
    errors = [
        Finding("office_unknown", {"office": name, "near": _list_near(name, known)}, pointer)
        for pointer, name, known in asked
        if _fold(name) not in known
    ]
    if errors:
        raise Invalid("office_unknown", errors[0].params, errors=errors)
    return tuple(dict.fromkeys(known[_fold(name)] for _, name, known in asked))


def expect_free_offices(
    groups: Iterable[SeatGroup], offices: Sequence[str], holders: Mapping[str, int]
) -> None:
    """Raise :class:`Conflict` for an office with more ``holders`` than the plan says: office → people listed,
    the new one included."""
    limits = {office.name: office for group in groups for office in group.offices}
    for name in offices:
        limit = limits[name].holders
        if limit is not None and holders.get(name, 0) > limit:
            params: dict[str, Plain] = {"office": name, "holders": limit}
            found = Finding("office_taken", params, "/basis", limits[name].clause)
            raise Conflict("office_taken", params, errors=[found])


def check_offices(offices: Sequence[str]) -> list[Finding]:
    """That somebody holds several offices: it is one delegate all the same."""
    if len(offices) < 2:
        return []
    return [Finding("holds_several_offices", {"offices": list(offices)}, severity=Severity.INFO)]


def expect_collective_allowed(group: SeatGroup) -> None:
    """Raise :class:`Invalid` for a collective in a seat group of persons."""
    if "collective" not in group.stands_for:
        errors = [Finding("group_has_no_collectives", {"group": group.id}, "/collective")]
        raise Invalid("group_has_no_collectives", {"group": group.id}, errors=errors)


def _fold(name: str) -> str:
    return clean_text(name).casefold()


def _list_near(name: str, known: Mapping[str, str]) -> list[str]:
    """The nearest names, or all where none is near."""
    near = get_close_matches(_fold(name), known, n=3)
    return [known[each] for each in near or known]
