"""The changes by an amendment: the differences between two bodies of a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeGuard

from domain.findings import Plain, escape_pointer_step

IDENTITY_FIELDS = ("id", "unit", "clause")
"""Fields that identify the items of a list: the first one that all items have and that is unique is used."""

DifferenceKind = Literal["added", "removed", "changed", "reordered"]


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One difference.

    ``pointer`` points into the new body; for ``removed`` its last step is of the old one. ``clause`` is that
    of the nearest object around it that has one. For ``reordered``, ``before`` and ``after`` are the keys in
    their order.
    """

    kind: DifferenceKind
    pointer: str
    before: Plain
    after: Plain
    clause: str | None = None


def diff_plans(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> tuple[PlanDifference, ...]:
    """Every difference between two canonical bodies, in the order of the new one.

    Items of lists are matched by their id, so a clause inserted in the middle is one addition.
    """
    return tuple(_diff_objects("", old, new, None))


def _find_clause(value: Plain, around: str | None) -> str | None:
    own = value.get("clause") if isinstance(value, Mapping) else None
    return own if isinstance(own, str) else around


def _diff_objects(
    pointer: str, old: Mapping[str, Plain], new: Mapping[str, Plain], around: str | None
) -> Iterator[PlanDifference]:
    clause = _find_clause(new, around)
    for name in new:
        where = f"{pointer}/{escape_pointer_step(name)}"
        if name in old:
            yield from _diff_values(where, old[name], new[name], clause)
        else:
            yield PlanDifference("added", where, None, new[name], _find_clause(new[name], clause))
    for name in old:
        if name not in new:
            where = f"{pointer}/{escape_pointer_step(name)}"
            yield PlanDifference(
                "removed", where, old[name], None, _find_clause(old[name], _find_clause(old, around))
            )


def _diff_values(pointer: str, old: Plain, new: Plain, around: str | None) -> Iterator[PlanDifference]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _diff_objects(pointer, old, new, around)
    elif _is_list(old) and _is_list(new):
        yield from _diff_lists(pointer, old, new, around)
    elif old != new or type(old) is not type(new):
        yield PlanDifference("changed", pointer, old, new, around)


def _is_list(value: Plain) -> TypeGuard[Sequence[Plain]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _diff_lists(
    pointer: str, old: Sequence[Plain], new: Sequence[Plain], around: str | None
) -> Iterator[PlanDifference]:
    name = _find_key_field(old, new)
    if name is None:
        if list(old) != list(new):
            yield PlanDifference("changed", pointer, old, new, around)
        return
    before, after = _map_items_by_key(old, name), _map_items_by_key(new, name)
    for n, (key, value) in enumerate(after.items()):
        if key in before:
            yield from _diff_values(f"{pointer}/{n}", before[key], value, around)
        else:
            yield PlanDifference("added", f"{pointer}/{n}", None, value, _find_clause(value, around))
    for n, (key, value) in enumerate(before.items()):
        if key not in after:
            yield PlanDifference("removed", f"{pointer}/{n}", value, None, _find_clause(value, around))
    old_order, new_order = [key for key in before if key in after], [key for key in after if key in before]
    if old_order != new_order:
        yield PlanDifference("reordered", pointer, old_order, new_order, around)


def _find_key_field(old: Sequence[Plain], new: Sequence[Plain]) -> str | None:
    return next(
        (name for name in IDENTITY_FIELDS if _is_unique_key(name, old) and _is_unique_key(name, new)), None
    )


def _is_unique_key(name: str, items: Sequence[Plain]) -> bool:
    keys = [item.get(name) for item in items if isinstance(item, Mapping)]
    return (
        len(keys) == len(items) and all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys)
    )


def _map_items_by_key(items: Sequence[Plain], name: str) -> dict[str, Mapping[str, Plain]]:
    return {str(item[name]): item for item in items if isinstance(item, Mapping)}
