"""The OpenAPI document as a test reads it: shared parameters and responses stand where they are used."""

from copy import deepcopy
from typing import Any


def read_operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Path → method → operation."""
    paths: dict[str, dict[str, Any]] = deepcopy(document["paths"])
    for item in paths.values():
        for operation in item.values():
            if "parameters" in operation:
                operation["parameters"] = [_resolve(each, document) for each in operation["parameters"]]
            operation["responses"] = {
                status: _resolve(response, document) for status, response in operation["responses"].items()
            }
    return paths


def _resolve(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
