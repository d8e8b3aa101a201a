"""Mutants of a certificate: each differs from it in one place."""

import copy
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

Path = tuple[str | int, ...]
STRAY: tuple[Any, ...] = (None, 0, "x", [], {})


def encode(value: object) -> str:
    """The document as text: equal for equal documents, and never for a number and a boolean."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def list_mutants(content: Any) -> Iterator[tuple[Path, str, Any]]:
    """Where, how, and the mutant, for every place of a document and every change of it."""
    own = encode(content)
    for path in _list_paths(content):
        value = _find(content, path)
        for how, other in (*_list_changes(value), *_list_moves(value)):
            mutant = _put(content, path, other)
            if encode(mutant) != own:
                yield (*path, *_list_changed(value, other)), how, mutant


def seal(content: Any) -> Any:
    """The document with every digest computed again, the innermost first, as a forger would."""
    if isinstance(content, list):
        return [seal(one) for one in content]
    if not isinstance(content, dict):
        return content
    sealed = {name: seal(one) for name, one in content.items()}
    if "digest" in sealed and "format" in sealed:
        rest = {name: one for name, one in sealed.items() if name != "digest"}
        text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sealed["digest"] = sha256(text.encode()).hexdigest()
    return sealed


def _list_paths(content: Any, at: Path = ()) -> Iterator[Path]:
    yield at
    if isinstance(content, dict | list):
        for key in content if isinstance(content, dict) else range(len(content)):
            yield from _list_paths(content[key], (*at, key))


def _find(content: Any, path: Path) -> Any:
    for step in path:
        content = content[step]
    return content


def _put(content: Any, path: Path, value: Any) -> Any:
    """The document with another value at ``path``; the rest is shared with it."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    other = copy.copy(content)
    other[step] = _put(content[step], rest, value)
    return other


def _list_changed(value: Any, other: Any) -> list[str]:
    """The one member in which two objects with the same members differ, if there is just one."""
    if not isinstance(value, dict) or not isinstance(other, dict) or value.keys() != other.keys():
        return []
    changed = [name for name in value if encode(value[name]) != encode(other[name])]
    return changed if len(changed) == 1 else []


def _list_changes(value: Any) -> Iterator[tuple[str, Any]]:
    """What can be done to a value: retype it, extend it, change it by one."""
    for one in (*STRAY, True, False, str(value), [value]):
        yield "retype", one
    if isinstance(value, bool) or value is None:
        yield from (("retype", 1), ("retype", ""))
    elif isinstance(value, int):
        yield from (("by one", value + 1), ("by one", value - 1), ("retype", float(value)))
    elif isinstance(value, str):
        yield from (("extend", value + "x"), ("extend", f"{value} "), ("drop", value[:-1]))
        yield from (("swap", value[::-1]), ("swap", value.upper()))
        yield from (("retype", f"{value}/1"), ("retype", f"0{value}"))
        if value.isdecimal():
            yield "retype", int(value)
    elif isinstance(value, list):
        for one in STRAY:
            yield from (("extend", [*value, one]), ("extend", [one, *value]))
        yield "reorder", value[::-1]
    elif isinstance(value, dict):
        for one in STRAY:
            yield "extend", {**value, "spare": one}


def _list_moves(value: Any) -> Iterator[tuple[str, Any]]:
    """What can be done to the members of a list or an object: drop, duplicate, swap, rename."""
    if isinstance(value, list):
        for n in range(len(value)):
            yield "drop", value[:n] + value[n + 1 :]
            yield "duplicate", value[: n + 1] + value[n:]
            yield "swap", value[:n] + value[n : n + 2][::-1] + value[n + 2 :]
    elif isinstance(value, dict):
        names = list(value)
        for name, after in zip(names, names[1:] + names[:1], strict=True):
            rest = {key: one for key, one in value.items() if key != name}
            yield "drop", rest
            yield "rename", {**rest, f"{name}x": value[name]}
            yield "swap", {**value, name: value[after], after: value[name]}
            yield "duplicate", {**value, after: value[name]}
