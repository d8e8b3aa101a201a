"""What an amendment changes: the difference between two bodies of a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeGuard

from domain.findings import Plain, step

KEYS = ("id", "unit", "clause")
"""Fields that tell the members of a list apart, the first that all of them have and that is unique."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``pointer`` leads into the new body, or into the old one for what was ``removed``; ``clause`` is that of
    the nearest object around it, where there is one. ``reordered`` gives the keys in the old and new order.
    """

    kind: Literal["added", "removed", "changed", "reordered"]
    pointer: str
    before: Plain
    after: Plain
    clause: str | None = None


def diff(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> tuple[Change, ...]:
    """Every difference between two canonical bodies, in the order of the new one.

    Members of lists are recognised by their id, so that a clause put in the middle is one addition.
    """
    return tuple(_object("", old, new, None))


def _clause(value: Plain, around: str | None) -> str | None:
    own = value.get("clause") if isinstance(value, Mapping) else None
    return own if isinstance(own, str) else around


def _object(
    pointer: str, old: Mapping[str, Plain], new: Mapping[str, Plain], around: str | None
) -> Iterator[Change]:
    clause = _clause(new, around)
    for name in new:
        where = f"{pointer}/{step(name)}"
        if name in old:
            yield from _value(where, old[name], new[name], clause)
        else:
            yield Change("added", where, None, new[name], _clause(new[name], clause))
    for name in old:
        if name not in new:
            where = f"{pointer}/{step(name)}"
            yield Change("removed", where, old[name], None, _clause(old[name], _clause(old, around)))


def _value(pointer: str, old: Plain, new: Plain, around: str | None) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _object(pointer, old, new, around)
    elif _is_list(old) and _is_list(new):
        yield from _list(pointer, old, new, around)
    elif old != new or type(old) is not type(new):
        yield Change("changed", pointer, old, new, around)


def _is_list(value: Plain) -> TypeGuard[Sequence[Plain]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _list(pointer: str, old: Sequence[Plain], new: Sequence[Plain], around: str | None) -> Iterator[Change]:
    name = _key(old, new)
    if name is None:
        if list(old) != list(new):
            yield Change("changed", pointer, old, new, around)
        return
    before, after = _by_key(old, name), _by_key(new, name)
    for n, (key, value) in enumerate(after.items()):
        if key in before:
            yield from _value(f"{pointer}/{n}", before[key], value, around)
        else:
            yield Change("added", f"{pointer}/{n}", None, value, _clause(value, around))
    for n, (key, value) in enumerate(before.items()):
        if key not in after:
            yield Change("removed", f"{pointer}/{n}", value, None, _clause(value, around))
    kept, now = [key for key in before if key in after], [key for key in after if key in before]
    if kept != now:
        yield Change("reordered", pointer, kept, now, around)


def _key(old: Sequence[Plain], new: Sequence[Plain]) -> str | None:
    return next((name for name in KEYS if _tells_apart(name, old) and _tells_apart(name, new)), None)


def _tells_apart(name: str, items: Sequence[Plain]) -> bool:
    keys = [item.get(name) for item in items if isinstance(item, Mapping)]
    return (
        len(keys) == len(items) and all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys)
    )


def _by_key(items: Sequence[Plain], name: str) -> dict[str, Mapping[str, Plain]]:
    return {str(item[name]): item for item in items if isinstance(item, Mapping)}
