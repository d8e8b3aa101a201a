"""Requests that Schemathesis makes up from the document, and what every answer to them has to be."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.journeys.steps import Json

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
"""Nothing fails, and nothing is answered that the document does not name."""

ENDING = ("/cancellation", "/closure", "/withdrawal", "/return", "/revocation")
"""Acts after which little can be done: they come last."""

PATIENCE = 60.0
"""Seconds to wait for an answer: machines are busy while tests run."""
BASE = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))

Prepare = Callable[[Any], None]
"""What changes a request before it is sent."""

_keys = count(1)


def read_schema(document: Json) -> Any:
    """The document as Schemathesis reads it, without its own ideas of who calls."""
    components = {name: part for name, part in document["components"].items() if name != "securitySchemes"}
    return schemathesis.openapi.from_dict({**document, "components": components, "security": []})


def list_generated(document: Json) -> list[Any]:
    """Every operation, those that end something last; one that cannot be read is a fault of the document."""
    found = []
    for result in read_schema(document).get_all_operations():
        assert isinstance(result, Ok), result
        found.append(result.ok())
    return sorted(found, key=lambda each: each.path.endswith(ENDING))


def send_generated(
    operation: Any,
    address: str,
    *,
    examples: int,
    prepare: Prepare | None = None,
    headers: dict[str, str] | None = None,
) -> set[int]:
    """One operation: what fits its schema, two of three as ``prepare`` changes it, and what does not fit.

    The statuses of the answers.
    """
    statuses = set()

    def send(case: Any, real: bool) -> None:
        if prepare and real and case.meta.generation.mode is GenerationMode.POSITIVE:
            prepare(case)
        told = list_checks(case)
        answer = case.call_and_validate(base_url=address, headers=headers, checks=told, timeout=PATIENCE)
        statuses.add(answer.status_code)

    wanted = settings(BASE, max_examples=examples, derandomize=True)
    for mode in GenerationMode:
        cases = operation.as_strategy(generation_mode=mode)
        with suppress(Unsatisfiable):  # where nothing is declared, nothing can be wrong
            wanted(given(case=cases, real=st.sampled_from([True, True, False]))(send))()
    return statuses


def list_checks(case: Any) -> list[Any]:
    """What is asked of the answer to a request: also that it refuses, where a part was made wrong.

    Now and then no part could be, and Schemathesis calls such a request a wrong one nevertheless.
    """
    parts = case.meta.components.values() if case.meta else ()
    is_wrong = any(part.mode is GenerationMode.NEGATIVE for part in parts)
    return [*CHECKS, checks.negative_data_rejection] if is_wrong else CHECKS


def aim(case: Any, http: httpx.Client, known: Json) -> None:
    """Let a request speak of what exists, in the state in which it is now."""
    case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
    if "If-Match" in case.headers:
        case.headers["If-Match"] = http.get(find_owner(case.path, known)).headers.get("ETag", '"none"')
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"aimed-{next(_keys)}"
    if isinstance(case.body, dict):
        real = {"unit": known["unit_id"], "plan": known["plan_id"], "group": "dien-hinh"}
        case.body |= {name: value for name, value in real.items() if name in case.body}


def find_owner(path: str, known: Json) -> str:
    """The thing that an operation changes: its path up to the last parameter."""
    return fill_path(path[: path.rindex("}") + 1], known)


def fill_path(path: str, known: Json) -> str:
    """A path with ids of things that exist."""
    return re.sub(r"\{(\w+)\}", lambda found: str(known[found[1]]), path)


# --- from answer to request

THINGS = {
    "Allocation": {"allocation_id": "id", "run_id": "run"},
    "Conference": {"conference_id": "id"},
    "Import": {"import_id": "id"},
    "Invitation": {"invitation_id": "id", "person_id": "person/id"},
    "Nomination": {"nomination_id": "id", "person_id": "person/id"},
    "Plan": {"plan_id": "id", "n": "n"},
    "PlanVersion": {"n": "n"},
    "Quota": {"quota_id": "id"},
    "RoleGrant": {"grant_id": "id"},
    "Selection": {"selection_id": "id"},
    "ServiceKey": {"key_id": "id"},
    "Unit": {"unit_id": "id"},
}
"""The ids that an answer tells: the kind of thing → parameter of a path → where the answer has it."""

_ANSWER = re.compile(rf"({'|'.join(THINGS)})(Answer|Issued|Item|Read)")


def link_operations(document: Json) -> Json:
    """The document with links: from each answer that tells an id to all that can be asked with it."""
    linked: Json = {**document, "paths": {}}
    targets = [(path, each) for path, item in document["paths"].items() for each in item.values()]
    for path, item in document["paths"].items():
        linked["paths"][path] = {
            method: _link_answers(each, path, targets, document) for method, each in item.items()
        }
    return linked


def _link_answers(told: Json, path: str, targets: list[tuple[str, Json]], document: Json) -> Json:
    answers = dict(told["responses"])
    for status, answer in answers.items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2") and schema and (found := _find_things(schema, document)):
            thing, place = found
            offered = {name: f"$response.body#{place}/{where}" for name, where in THINGS[thing].items()}
            own = {name: f"$request.path.{name}" for name in _list_parameters(path)}
            answers[status] = {**answer, "links": dict(_build_links(offered, own, place, targets))}
    return {**told, "responses": answers}


def _find_things(schema: Json, document: Json) -> tuple[str, str] | None:
    """What kind of thing an answer is of, and where it stands in it: alone, in a list, or on a page."""
    place = ""
    if schema.get("type") == "array":
        schema, place = schema["items"], "/0"
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.endswith("Page"):
        rows = document["components"]["schemas"][name]["properties"]["items"]["items"]
        name, place = rows["$ref"].rpartition("/")[2], "/items/0"
    found = _ANSWER.fullmatch(name)
    return (found[1], place) if found else None


def _build_links(
    offered: dict[str, str], own: dict[str, str], place: str, targets: list[tuple[str, Json]]
) -> Iterator[tuple[str, Json]]:
    for path, told in targets:
        wanted = _list_parameters(path)
        if wanted & offered.keys() and wanted <= offered.keys() | own.keys():
            values = own | offered
            parameters = {f"path.{name}": values[name] for name in wanted}
            if not place and any("If-Match" in each.get("$ref", "") for each in told.get("parameters", ())):
                parameters["header.If-Match"] = "$response.header.ETag"
            yield told["operationId"], {"operationId": told["operationId"], "parameters": parameters}


def _list_parameters(path: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", path))


def follow_links(
    document: Json,
    address: str,
    *,
    operations: list[str],
    headers: dict[str, str],
    note: Callable[[str, int], None],
    scenarios: int,
    steps: int,
) -> None:
    """Walk among these operations from answer to answer as one caller; ``note`` learns what was answered.

    A walk begins where no id is needed: with a list, or with what is made.
    """
    machine = read_schema(link_operations(document)).include(operation_id=operations).as_state_machine()

    class Walk(machine):  # type: ignore[misc, valid-type]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            if "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = f"walked-{next(_keys)}"
            return {"base_url": address, "headers": headers, "timeout": PATIENCE}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            note(case.operation.definition.raw["operationId"], response.status_code)
            case.validate_response(response, checks=list_checks(case))

    for name in machine.root_rules:
        if "_id_" in f"{name}_":
            setattr(Walk, name, None)  # no rule any more
    Walk.run(
        settings=settings(BASE, max_examples=scenarios, stateful_step_count=steps, phases=[Phase.generate])
    )
