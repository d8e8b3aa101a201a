"""Parts of the OpenAPI document that many operations share, and examples of answers.

A generated client has a class for each schema, so their names are chosen for its readers.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXAMPLES_FILE = Path(__file__).with_name("answer_examples.json")
"""One real answer for each schema of an answer, shortened; ``make examples`` writes it."""

_GENERIC_NAME = re.compile(r"^Page_(\w+?)(?:Item|Answer)?_$")


def rename_pages(document: dict[str, Any]) -> None:
    """Name the pages of lists after what they list: ``UnitPage`` for ``Page_UnitItem_``."""
    schemas = document["components"]["schemas"]
    names = {name: f"{found[1]}Page" for name in schemas if (found := _GENERIC_NAME.match(name))}
    document["components"]["schemas"] = {
        names.get(name, name): {**schema, "title": names[name]} if name in names else schema
        for name, schema in schemas.items()
    }
    for node in _list_nodes(document):
        target = node.get("$ref")
        if isinstance(target, str) and (name := target.rpartition("/")[2]) in names:
            node["$ref"] = f"#/components/schemas/{names[name]}"


def simplify_schemas(document: dict[str, Any]) -> None:
    """Leave out what says nothing: titles that repeat a name, and null for an absent parameter."""
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                _simplify_parameter(parameter)
    for schema in document["components"]["schemas"].values():
        _drop_titles(schema)


def _simplify_parameter(parameter: dict[str, Any]) -> None:
    schema = parameter["schema"]
    options = [option for option in schema.pop("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        schema |= options[0]
    elif options:
        schema["anyOf"] = options
    for name in ("title", "description"):
        schema.pop(name, None)
    for bound, keyword in (("ge", "minimum"), ("le", "maximum")):  # of a number that is written as a text
        if bound in schema:
            schema[keyword] = schema.pop(bound)


def _drop_titles(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _drop_titles(each)
    elif isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for name, each in node.items():
            if name == "properties":  # a field may itself be called title
                for field in each.values():
                    _drop_titles(field)
            elif name not in {"examples", "example", "default", "const", "enum"}:
                _drop_titles(each)


def share_parameters(document: dict[str, Any]) -> None:
    """Let parameters that are the same in several operations refer to one in the components."""
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    texts = Counter(_write_plain(each) for one in operations for each in one.get("parameters", ()))
    shared: dict[str, Any] = {}
    for operation in operations:
        for place, parameter in enumerate(operation.get("parameters", ())):
            if texts[_write_plain(parameter)] > 1:
                name = _choose_name(parameter, shared)
                shared[name] = parameter
                operation["parameters"][place] = {"$ref": f"#/components/parameters/{name}"}
    document["components"]["parameters"] = shared


def _choose_name(parameter: dict[str, Any], shared: dict[str, Any]) -> str:
    """The parameter's own name; with a number where another of that name is meant."""
    own = name = str(parameter["name"])
    n = 1
    while name in shared and shared[name] != parameter:
        n += 1
        name = f"{own}-{n}"
    return name


def _write_plain(parameter: dict[str, Any]) -> str:
    return json.dumps(parameter, sort_keys=True)


def add_answer_examples(document: dict[str, Any]) -> None:
    """Give each successful answer in JSON an example, shared by all answers of the same schema."""
    known, used = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8")), {}
    for name, media in list_json_answers(document):
        if name in known:
            used[name] = {"value": known[name]}
            media["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}
    document["components"]["examples"] = used


def list_json_answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The content of each successful answer in JSON, with the name of its example."""
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                media = response.get("content", {}).get("application/json")
                if status.startswith("2") and media is not None:
                    yield _name_example(media.get("schema", {}), operation["operationId"]), media


def _name_example(schema: dict[str, Any], operation: str) -> str:
    """The name of the schema, or of the items of a list; else that of the operation."""
    items = schema.get("items", {})
    name = str(schema.get("$ref", items.get("$ref", operation))).rpartition("/")[2]
    return f"{name}List" if "$ref" in items else name


def _list_nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for each in node.values():
            yield from _list_nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from _list_nodes(each)
