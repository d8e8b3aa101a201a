"""Which fields an object may have, at a place in the input: for naming those that are near a wrong one."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import TypeAdapter

_LONGEST_NAME = 100
"""A longer name is not compared: it is a text and no field."""


def list_near_fields(kind: type, path: Sequence[str | int]) -> list[str]:
    """The fields near the last step of ``path``, which leads from an input of this kind to an unknown one."""
    *above, name = path
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return []
    schema = _build_schema(kind)
    places = [schema]
    for step in above:  # a step that leads nowhere names a member of a union
        places = [each for place in places for each in _follow_step(schema, place, step)] or places
    known = {field for place in places for each in _list_objects(schema, place) for field in each}
    return get_close_matches(name, sorted(known))


@cache
def _build_schema(kind: type) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema()


def _list_variants(schema: dict[str, Any], place: Any) -> Iterator[dict[str, Any]]:
    """The place itself, or each of those that it may be."""
    if not isinstance(place, dict):
        return
    if "$ref" in place:
        yield from _list_variants(schema, schema["$defs"][place["$ref"].rpartition("/")[2]])
    for variant in (*place.get("anyOf", ()), *place.get("oneOf", ())):
        yield from _list_variants(schema, variant)
    yield place


def _list_objects(schema: dict[str, Any], place: Any) -> Iterator[dict[str, Any]]:
    return (each["properties"] for each in _list_variants(schema, place) if "properties" in each)


def _follow_step(schema: dict[str, Any], place: Any, step: str | int) -> Iterator[Any]:
    for variant in _list_variants(schema, place):
        if isinstance(step, int):
            yield from (variant[name] for name in ("items",) if name in variant)
        elif step in variant.get("properties", {}):
            yield variant["properties"][step]
        elif isinstance(variant.get("additionalProperties"), dict):
            yield variant["additionalProperties"]
