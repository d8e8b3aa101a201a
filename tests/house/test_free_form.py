"""The document says which fields an answer has, but for five objects that are free by their nature."""

import json
from collections.abc import Iterator
from typing import Any

from tests.house.tree import read

FREE_OBJECTS = {
    "Certificate": "it has a format of its own, which verifiers know",
    "Changes": "what an audit event records depends on its act",
    "ExportedRow": "a row of any table, for the person whom it is about",
    "Params": "the parameters of a finding depend on its code",
    "PlanAnswer/properties/body": "a plan's text in the published format, as it was sent",
}
"""Place in the components → why its fields are not listed."""

DATA = {"const", "default", "enum", "example", "examples"}
"""Keywords below which there is no schema."""


def is_free(schema: dict[str, Any]) -> bool:
    """Whether a schema lets an object have any fields with any values."""
    kinds = schema.get("type")
    if "object" not in (kinds if isinstance(kinds, list) else [kinds]):
        return False
    more = schema.get("additionalProperties", "properties" not in schema)
    return more in (True, {}) and "patternProperties" not in schema


def list_free_objects(node: Any, place: str = "") -> Iterator[str]:
    """The places of all free objects in a part of the document; only values of schemas count."""
    if isinstance(node, list):
        for n, each in enumerate(node):
            yield from list_free_objects(each, f"{place}/{n}")
    elif isinstance(node, dict):
        if is_free(node):
            yield place
        for name, each in node.items():
            if name not in DATA:
                yield from list_free_objects(each, f"{place}/{name}")


def test_only_five_objects_are_free() -> None:
    document = json.loads(read("openapi.json"))
    found = {place.removeprefix("/components/schemas/") for place in list_free_objects(document)}
    assert found == FREE_OBJECTS.keys()


def test_a_free_object_is_found_wherever_it_is() -> None:
    free = {"type": "object"}
    open_row = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": True}
    typed = {"type": "object", "additionalProperties": {"type": "integer"}}
    document = {
        "paths": {"/v1/x": {"get": {"schema": {"anyOf": [free, {"type": "null"}]}, "example": free}}},
        "components": {"schemas": {"Row": open_row, "Counts": typed, "List": {"items": free}}},
    }
    assert [*list_free_objects(document)] == [
        "/paths//v1/x/get/schema/anyOf/0",
        "/components/schemas/Row",
        "/components/schemas/List/items",
    ]
