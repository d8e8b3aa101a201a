"""The work of a verification, estimated before it begins."""

from collections import Counter
from collections.abc import Mapping, Sequence

from domain.findings import Invalid

MOST_STEPS = 600_000
"""The most steps of work: a little more than for 50,000 units with three components over two figures each."""
STEPS_OF_AWARD = 6
"""What one seat by the quota method costs: some sums and comparisons of exact numbers."""


def expect_affordable(certificate: object, most: int = MOST_STEPS) -> None:
    """Refuse a certificate whose verification would take more than so many steps.

    A step is about one product of two exact numbers, up to ten millionths of a second. Accepts any JSON.

    :raises Invalid: ``certificate_too_large`` with the estimate.
    """
    steps = estimate_steps(certificate)
    if steps > most:
        raise Invalid("certificate_too_large", {"steps": steps, "limit": most})


def estimate_steps(certificate: object) -> int:
    """The steps of work for the certificate of a conference, a group, a stage or a split; any JSON value."""
    content = _as_mapping(certificate)
    listed = [_as_mapping(group) for group in _as_sequence(content.get("groups"))]
    groups = [group.get("certificate") for group in listed]
    again = sum(map(_estimate_settlements, listed))
    listed_by = ("units", "adjustments", "seats", "drawn", "later")
    rows = sum(len(_as_sequence(content.get(name))) for name in listed_by)
    stages = _as_mapping(content.get("stages")).values()
    own = rows + len(_as_sequence(content.get("units"))) * _count_products(content)
    of_stages, of_groups = sum(map(_estimate_stage, stages)), sum(map(_estimate_group, groups))
    return own + of_stages + of_groups + again + _estimate_split(content) + _estimate_awards(content)


def _estimate_split(content: Mapping[str, object]) -> int:
    """The steps for a split of targets: the exchanges of each row, and its part of each tight set."""
    columns, tight = len(_as_mapping(content.get("columns"))), len(_as_sequence(content.get("tight")))
    return len(_as_sequence(content.get("rows"))) * columns * (columns + tight)


def _estimate_settlements(group: Mapping[str, object]) -> int:
    """The steps for the settled ties of a group: for each of them its stage may be verified once more.

    With the largest remainder a scale is searched: the sum of the shares is taken once for each bit of the
    number of units.
    """
    settled = Counter(str(_as_mapping(each).get("stage")) for each in _as_sequence(group.get("settled")))
    total = settled.total()
    for each in _as_mapping(_as_mapping(group.get("certificate")).get("stages")).values():
        units, rule = _estimate_stage(each), _as_mapping(_as_mapping(each).get("rule"))
        once = units * (units.bit_length() + 2 if rule.get("method") == "largest_remainder" else 1)
        total += once * settled[str(_as_mapping(each).get("stage"))]
    return total


def _estimate_group(certificate: object) -> int:
    """The steps for a group of a conference, which has no groups itself, in either format."""
    return estimate_steps({**_as_mapping(certificate), "groups": ()})


def _estimate_stage(stage: object) -> int:
    content = _as_mapping(stage)
    return len(_as_sequence(content.get("units"))) + _estimate_awards(content)


def _estimate_awards(content: Mapping[str, object]) -> int:
    """The steps for a stage by the quota method, which is carried out again, one seat after the other."""
    if _as_mapping(content.get("rule")).get("method") != "quota_method":
        return 0
    seats = content.get("seats")
    floors = (_as_mapping(unit).get("floor") for unit in _as_sequence(content.get("units")))
    given = (seats if type(seats) is int else 0) - sum(floor for floor in floors if type(floor) is int)
    return STEPS_OF_AWARD * max(given, 0)


def _count_products(content: Mapping[str, object]) -> int:
    """How many products a unit costs: for each different measure as many as it has figures."""
    measures: list[Mapping[str, object]] = []
    of_blocs = 0
    for each in _as_sequence(content.get("components")):
        component = _as_mapping(each)
        measure = _as_mapping(component.get("measure"))
        if measure not in measures:
            measures.append(measure)
        blocs = [_as_mapping(bloc).get("measure") for bloc in _as_sequence(component.get("blocs"))]
        of_blocs += max((len(_as_mapping(bloc)) for bloc in blocs), default=0)
    components = len(_as_sequence(content.get("components")))
    return components + of_blocs + sum(map(len, measures))


def _as_mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _as_sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
