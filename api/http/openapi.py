"""The OpenAPI document: what the framework derives, and what routes declare in addition.

``make openapi`` writes the committed document.
"""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.http.document_parts import add_answer_examples, rename_pages, share_parameters, simplify_schemas
from api.http.limits import JSON
from api.http.problems import MEDIA_TYPE, ProblemBody
from api.http.routes import Route, read_docstring
from api.http.uploads import BYTES, FORM, PART
from domain.access import Access
from service.formats.plans import PlanAmendmentBody, PlanBody

DESCRIPTION = """\
Delegate seats for Vietnam's emulation congresses: allocated exactly, explained, and proven.

Problems are RFC 9457 objects with a stable `code`; `Accept-Language` (`vi`, `en`) chooses their language.
A change requires the `ETag` that was read, as `If-Match` (without it 428, with an old one 412). A `POST` that
creates, runs or sends something requires an `Idempotency-Key`. All changes are recorded in the audit trail.
"""

TAGS = {
    "plans": "Plans: drafted, published, amended and compared.",
    "units": "Units, their figures, and files of them.",
    "conferences": "Conferences: the terms of a plan for one unit, and what happens to them.",
    "sizings": "The numbers of one conference: its size, its seat groups and its targets.",
    "quotas": "The seats of each unit in a seat group, computed or received from above.",
    "allocations": "Seats of a conference over its units: computed, decided, proven and explained.",
    "nominations": "Units' lists of nominees, checked against their targets at every change.",
    "papers": "Papers of units: minutes, letters and reports, kept as they were received.",
    "documents": "Documents to be signed and sent: decisions, letters, lists and minutes, as files.",
    "invitations": "The organiser's own list: ex officio, from a roll, or by invitation.",
    "selections": "The list of delegates: computed, edited, adopted, explained and mended.",
    "apportionments": "The calculator: an exact apportionment of any figures.",
    "verifications": "The check of a certificate, by code that shares nothing with the engine.",
    "runs": "Long computations.",
    "people": "All data of one person.",
    "access": "The caller's own roles, service keys, and roles of other people.",
    "audit": "The audit trail.",
    "events": "What has happened in a plan, for boards and programs that follow it.",
    "reference": "Reference lists.",
    "health": "Whether the service works.",
    "start": "Where to begin: what the service is, and where its document stands.",
}
"""The groups of operations, in the order in which a reader needs them."""

LINE_LENGTH = 320

_SCHEMA_REF = "#/components/schemas/{model}"
_PROBLEM_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": _SCHEMA_REF.format(model="Problem")}}}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "An access token of the identity provider, or a service key.",
}
_BINARY_CONTENT = {"schema": {"type": "string", "format": "binary"}}
_FORM_CONTENT = {
    "schema": {
        "type": "object",
        "properties": {PART: {"type": "string", "format": "binary"}},
        "required": [PART],
        "additionalProperties": False,
    }
}
_TEXT_SCHEMA = {"schema": {"type": "string"}}
_RESPONSE_HEADERS = {
    "ETag": {"description": "The state that was read; send it as `If-Match` to change it.", **_TEXT_SCHEMA},
    "Idempotency-Replayed": {"description": "`true` if this answer was stored earlier.", **_TEXT_SCHEMA},
    "Link": {"description": 'The URL of the next page, `rel="next"`.', **_TEXT_SCHEMA},
    "Retry-After": {"description": "Seconds to wait before trying again.", **_TEXT_SCHEMA},
    "X-Request-ID": {"description": "The id of the request, as in the log.", **_TEXT_SCHEMA},
}
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A text chosen by the client: a new one for each action, the same for every retry of it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
    "example": "01980000-0000-7000-8000-000000000000",
}
_IF_NONE_MATCH_PARAMETER = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Known ETags; if one of them is still current, the answer is 304.",
    "schema": {"type": "string"},
}


def build_document(app: FastAPI) -> dict[str, Any]:
    """Build the document of an application; raises ``TypeError`` for a route that is no :class:`Route`."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    components = made.setdefault("components", {})
    components["responses"] = {}
    for operation, route, method in _list_operations(app, made):
        _complete_operation(operation, route, method)
        _refer_to_problems(operation, components["responses"])
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = {
        **ProblemBody.model_json_schema(mode="serialization", ref_template=_SCHEMA_REF),
        "title": "Problem",
    }
    schemas |= {**problem.pop("$defs"), "Problem": problem}
    for kind in (PlanBody, PlanAmendmentBody):
        plan = kind.model_json_schema(ref_template=_SCHEMA_REF)
        schemas |= {**plan.pop("$defs"), kind.__name__: plan}
    components["headers"] = _RESPONSE_HEADERS
    components["securitySchemes"] = {"bearer": _BEARER}
    made["security"] = [{"bearer": []}]
    made["servers"] = [{"url": "/", "description": "The service that serves this document."}]
    made["tags"] = _list_tags(made)
    rename_pages(made)
    simplify_schemas(made)
    add_answer_examples(made)
    share_parameters(made)
    return made


def _list_tags(made: dict[str, Any]) -> list[dict[str, str]]:
    operations = [operation for item in made["paths"].values() for operation in item.values()]
    used = {tag for operation in operations for tag in operation.get("tags", ())}
    return [{"name": name, "description": TAGS[name]} for name in TAGS if name in used]


def _list_operations(app: FastAPI, made: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Route, str]]:
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or ()):
            operation = made["paths"].get(context.path_format, {}).get(method.lower())
            if operation is None:
                continue
            if not isinstance(context.original_route, Route):
                raise TypeError(f"{method} {context.path_format} declares no access")
            yield operation, context.original_route, method


def _complete_operation(operation: dict[str, Any], route: Route, method: str) -> None:
    operation["x-access"] = route.terms.access.value
    if route.terms.access is Access.PUBLIC:
        operation["security"] = []
    summary, description = read_docstring(route.endpoint)
    operation |= {"summary": summary, "description": description}
    if not description:
        del operation["description"]
    parameters = operation.setdefault("parameters", [])
    if route.terms.keyed:
        parameters.append(_KEY_PARAMETER)
    if route.terms.unchanging:
        parameters.append(_IF_NONE_MATCH_PARAMETER)
    named = {parameter["name"] for parameter in parameters}
    for parameter in parameters:
        if parameter["name"] == "If-Match":
            parameter |= {"required": True, "schema": {"type": "string"}}
    if route.terms.accepts:
        content: dict[str, Any] = dict.fromkeys(route.terms.accepts, _BINARY_CONTENT)
        content |= {BYTES: _BINARY_CONTENT, FORM: _FORM_CONTENT}
        body = operation.setdefault("requestBody", {"required": True, "content": {}})
        body["content"] = {**content, **body["content"]}
    _complete_responses(operation, route, method, named)


def _complete_responses(operation: dict[str, Any], route: Route, method: str, named: set[str]) -> None:
    responses = operation["responses"]
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    for response in responses.values():
        if JSON not in route.terms.offers:
            response.get("content", {}).pop(JSON, None)
        response["headers"] = {name: _reference_header(name) for name in _list_success_headers(route, named)}
    if route.terms.unchanging:
        responses["304"] = {"description": "Not Modified", "headers": {"ETag": _reference_header("ETag")}}
    for status in sorted(_list_problem_statuses(operation, route, method, named)):
        responses.setdefault(str(status), _build_problem_response(status))
    operation["responses"] = dict(sorted(responses.items()))
    if not operation["parameters"]:
        del operation["parameters"]


def _list_success_headers(route: Route, named: set[str]) -> list[str]:
    headers = {
        "ETag": route.terms.tagged,
        "Idempotency-Replayed": route.terms.keyed,
        "Link": "cursor" in named,
        "X-Request-ID": True,
    }
    return [name for name, sent in headers.items() if sent]


def _reference_header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _build_problem_response(status: int) -> dict[str, Any]:
    waits = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    names = ["X-Request-ID", *(["Retry-After"] if waits else [])]
    return {
        "description": HTTPStatus(status).phrase,
        "headers": {name: _reference_header(name) for name in names},
        "content": _PROBLEM_CONTENT,
    }


def _refer_to_problems(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Let every problem refer to the one response of its status in ``shared``."""
    for status, response in operation["responses"].items():
        if MEDIA_TYPE in response.get("content", ()):
            name = HTTPStatus(int(status)).phrase.replace(" ", "").replace("-", "")
            shared[name] = response
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _list_problem_statuses(operation: dict[str, Any], route: Route, method: str, named: set[str]) -> set[int]:
    """The statuses of the problems with which an operation may answer."""
    terms, changes = route.terms, method != "GET"
    stored = terms.access not in (Access.PUBLIC, Access.CALCULATE)
    identified = terms.access is not Access.PUBLIC
    body = "requestBody" in operation
    when = {
        400: True,
        401: identified,
        403: identified,
        404: stored or "{" in route.path,
        406: True,
        408: changes,
        409: terms.keyed or (changes and stored),
        412: "If-Match" in named,
        413: changes,
        415: body,
        422: changes and (body or stored),
        428: "If-Match" in named,
        429: identified,
        500: True,
        503: terms.transaction or stored or body,
    }
    return {status for status, may in when.items() if may} | set(terms.problems)


def format_document(app: FastAPI) -> str:
    """Format the document for the committed file: sorted, so that a diff shows only real changes."""
    return format_json(app.openapi()) + "\n"


def format_json(value: Any, margin: str = "") -> str:
    """JSON with sorted keys; what fits into a line stands in one."""
    line = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(margin) + len(line) <= LINE_LENGTH or not isinstance(value, dict | list) or not value:
        return line
    inner = margin + " "
    if isinstance(value, list):
        parts = [inner + format_json(each, inner) for each in value]
        return "[\n" + ",\n".join(parts) + f"\n{margin}]"
    parts = [f"{inner}{json.dumps(name)}: {format_json(value[name], inner)}" for name in sorted(value)]
    return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
