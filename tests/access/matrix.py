"""The matrix of authority: what each role gets from each operation on things in each relation, as observed.

Every operation of the document that names a thing, in its path or in its body, is asked of the service. What
would change something is sent so that the rules refuse it once authority has been granted: with an ``ETag``
that is stale, or a body that cannot be right.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

import httpx

from domain.access import SCOPES_BY_ROLE, Access, Role
from tests.access.world import ABOVE, NOWHERE, OWN, PLACES, RELATIONS, A, plan
from tests.documents import read_operations
from tests.journeys.steps import Json, document, nominee

Outcome = Literal["yes", "403", "404"]
Matrix = Mapping[str, Mapping[str, Mapping[Role, Outcome]]]
"""operation → relation → role → outcome."""

LETTERS = {
    Role.STANDING_COUNCIL: "C",
    Role.APPROVER: "A",
    Role.UNIT_OFFICER: "O",
    Role.AUDITOR: "R",
    Role.MACHINE_CLIENT: "M",
}
NOT_FOUND_CODES = {"unit_not_found", "unit_parent_unknown"}
"""What is said of something that a body names and that is not there."""

_keys = count()

FAR = "2100-01-01T00:00:00Z"
OPEN = {Access.PUBLIC, Access.SELF, Access.CALCULATE}


@dataclass(frozen=True)
class Operation:
    """An operation of the document, and how to ask for it about a thing."""

    id: str
    method: str
    path: str
    told: Json
    sample: Any = None

    @property
    def access(self) -> Access:
        return Access(self.told["x-access"])

    @property
    def parameters(self) -> set[str]:
        return {each["name"] for each in self.told.get("parameters", []) if each["in"] == "path"}

    @property
    def conditional(self) -> bool:
        return any(each["name"] == "If-Match" for each in self.told.get("parameters", []))


def sample(told: Json, document: Json) -> Any:
    """The body that the document shows."""
    schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("examples", [None])[0]


def operations(document: Json) -> Iterator[Operation]:
    """All that is not open to everybody: whoever may calculate reads his own runs alone."""
    for path, methods in read_operations(document).items():
        for method, told in methods.items():
            operation = Operation(told["operationId"], method.upper(), path, told, sample(told, document))
            if "x-access" not in told:
                continue
            if operation.access not in OPEN or (
                operation.access is Access.CALCULATE and operation.parameters
            ):
                yield operation


def fill_path(operation: Operation, ids: Mapping[str, str]) -> dict[str, str] | None:
    """The path's parameters, or ``None`` where the relation has no such thing."""
    values: dict[str, str] = {"n": "1", **ids}
    wanted = operation.parameters
    return {name: values[name] for name in wanted} if wanted <= values.keys() else None


def bodies(world: Json, relation: str) -> dict[str, Any]:
    """Bodies that the rules refuse, for what carries no ``If-Match``; by operation."""
    units = world["units"]
    place = PLACES.get(relation, NOWHERE)
    unit = world["ids"][relation]["unit_id"]
    granting = {
        "role": "unit_officer",
        "unit": unit,
        "congress": A,
        "source": "x",
        "subject": "s",
        "name": "N",
    }
    return {
        "draft_sizing": {"size": 20, "amends": world["ids"][NOWHERE]["unit_id"]},
        "allocate": {"amends": world["ids"][NOWHERE]["unit_id"], "reason": "x"},
        "receive_quota": {"unit": units["xa"], "group": "khong-co", "seats": 1, "document": document("1")},
        "list_guest": {
            "group": "khong-co",
            "basis": "x",
            "notice": "1",
            "purpose": "p",
            "person": {"name": "X"},
        },
        "record_exemplar": {
            "unit": unit,
            "name": "X",
            "year": 2100,
            "notice": "1",
            "purpose": "p",
            "collective": "X",
        },
        "nominate": nominee(units["huyen"], "khong-co"),
        "try_allocation": {},
        "try_plan_version": {},
        "select_list": {"size": 999_999},
        "try_list": {"unit": units["huyen" if relation == ABOVE else "xa"], "without": [unit]},
        "report_figures": {"as_of": "2030-01-01", "source": "x", "figures": {"khong_co": 1}},
        "raise_difficulty": {"text": "x", "paper": world["ids"][NOWHERE]["unit_id"]},
        "amend_plan": {**plan("x", place), "reason": "x"},
        # These name the thing in the body.
        "draft_plan": plan(f"x-{relation}", place),
        "open_conference": {
            "plan": world["ids"][NOWHERE]["unit_id"],
            "congress": A,
            "unit": unit,
            "tier": "khong-co",
        },
        "found_unit": {
            "code": f"moi-{relation}",
            "name": "Đơn vị mới",
            "kind": "commune",
            "valid_from": "2030-01-01",
            "valid_to": "2029-01-01",
            "parents": {A: place},
        },
        "record_list_vote": {
            "unit": unit,
            "upper_congress": A,
            "upper_tier": "x",
            "source_document": "x",
            "on": "2199-01-01",
        },
        "issue_service_key": {**granting, "purpose": "x", "expires_at": FAR},
        "grant_role": granting,
    }


IN_BODY = (
    *("draft_plan", "open_conference", "found_unit", "issue_service_key", "grant_role"),
    "record_list_vote",
)
"""Operations that name the thing in their body."""


async def send_request(
    http: httpx.AsyncClient,
    operation: Operation,
    parameters: Mapping[str, str],
    body: Any,
    credential: str,
    query: Mapping[str, str] | None = None,
) -> httpx.Response:
    """One request by somebody: a role where that is who they are, else a key."""
    headers = {"Authorization": f"Bearer {credential}", "Idempotency-Key": f"asked-{next(_keys)}"}
    if operation.conditional:
        headers["If-Match"] = '"stale"'
    given = operation.sample if body is None else body
    content = {} if operation.method == "GET" or given is None else {"json": given}
    return await http.request(
        operation.method,
        operation.path.format(**parameters),
        headers=headers,
        params=QUERIES.get(operation.id, {}) | dict(query or {}),
        **content,
    )


VARYING = ("content-length", "date", "x-request-id")
"""Headers that say nothing of what was asked for."""


def describe_answer(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """Status, content and headers, without the number of the request."""
    is_json = "json" in answer.headers["Content-Type"]
    content = answer.json() if is_json else {"text": answer.text}
    content.pop("instance", None)
    headers = {k: v for k, v in answer.headers.items() if k not in VARYING}
    return answer.status_code, json.dumps(content, sort_keys=True), headers


QUERIES = {
    "compare_plan_versions": {"against": "1"},
    "receive_paper": {"congress": A},
    "list_award_order": {"stage": "dien-hinh/chung"},
}


def read_outcome(response: httpx.Response) -> Outcome:
    """Whether authority was granted; a refusal by a rule comes after it."""
    if response.status_code in (403, 404):
        told = response.json()
        if told["code"] in ("certificate_not_found", "plan_version_not_found", "release_not_found"):
            return "yes"
        return "403" if response.status_code == 403 else "404"
    assert response.status_code in (200, 201, 202, 409, 412, 422), response.text
    if response.status_code == 422:
        codes = {response.json()["code"], *(each["code"] for each in response.json()["errors"])}
        assert "invalid_body" not in codes, f"the rules were never asked: {response.text}"
        if codes & NOT_FOUND_CODES:
            return "404"
    return "yes"


async def observe_matrix(http: httpx.AsyncClient, spec: Json, world: Json) -> Matrix:
    """Every operation on things in every relation, by every role."""
    matrix: dict[str, dict[str, dict[Role, Outcome]]] = {}
    for operation in operations(spec):
        for row, relation, parameters, body in cases(operation, world):
            cell = matrix.setdefault(row, {}).setdefault(relation, {})
            for role in Role:
                cell[role] = read_outcome(await send_request(http, operation, parameters, body, role))
    return matrix


def cases(operation: Operation, world: Json) -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """(row, relation, parameters of the path, body) of each way to ask for an operation about a thing."""
    for relation in RELATIONS:
        ids = world["ids"][relation]
        body = bodies(world, relation).get(operation.id)
        if operation.id in IN_BODY:
            yield f"{operation.id} (body)", relation, {}, body
        elif operation.parameters and (parameters := fill_path(operation, ids)) is not None:
            yield operation.id, relation, parameters, body
            if "plan_id" in parameters:
                yield (
                    f"{operation.id} (published)",
                    relation,
                    {**parameters, "plan_id": ids["published_id"]},
                    body,
                )
            if "selection_id" in parameters and "adopted_selection_id" in ids:
                adopted = {**parameters, "selection_id": ids["adopted_selection_id"]}
                yield f"{operation.id} (adopted)", relation, adopted, body
            if "nomination_id" in parameters:
                draft = {**parameters, "nomination_id": ids["draft_id"]}
                yield f"{operation.id} (draft)", relation, draft, body
        if operation.id == "nominate":
            above = {"conference_id": world["ids"][ABOVE]["conference_id"]}
            paper = nominee(ids["unit_id"], "khong-co", source_document="Công văn số 1 (ví dụ)")
            yield "nominate (body, on paper)", relation, above, paper
            yield "nominate (body)", relation, above, nominee(ids["unit_id"], "khong-co")


def table(spec: Json, matrix: Matrix) -> str:
    """The matrix as it stands in docs/access.md."""
    access = {operation.id: operation.access for operation in operations(spec)}
    lines = [f"| operation | scope | {' | '.join(RELATIONS)} |", f"|---|---|{'---|' * len(RELATIONS)}"]
    for row in sorted(matrix, key=lambda row: (access[row.split()[0]], row)):
        name, _, way = row.partition(" ")
        cells = " | ".join(_cell(matrix[row].get(relation), access[name]) for relation in RELATIONS)
        lines.append(f"| `{name}`{way and f' {way}'} | `{access[name]}` | {cells} |")
    return "\n".join(lines) + "\n"


def has_scope(role: Role, access: Access) -> bool:
    """Whether a role may ask for what has this access; everybody with a token may calculate."""
    return access is Access.CALCULATE or access in SCOPES_BY_ROLE[role]


def _cell(outcomes: Mapping[Role, Outcome] | None, access: Access) -> str:
    if outcomes is None:
        return "·"
    allowed = "".join(LETTERS[role] for role in Role if outcomes[role] == "yes")
    refused = "".join(LETTERS[role] for role in Role if outcomes[role] == "403" and has_scope(role, access))
    return " ".join(filter(None, [allowed, refused.lower()])) or "–"


__all__ = [
    "OWN",
    "Matrix",
    "Operation",
    "cases",
    "describe_answer",
    "has_scope",
    "observe_matrix",
    "operations",
    "read_outcome",
    "send_request",
    "table",
]
