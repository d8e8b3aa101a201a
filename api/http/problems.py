"""Problems: all answers that are no success have one form (RFC 9457, ``application/problem+json``).

Every exception, of the rules (:class:`domain.findings.Refused`), the framework or the database, becomes a
:class:`Problem` here. Its code and parameters are stable; its sentences are in the reader's language. Values
from the request are never repeated.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any, TypeVar

from asyncpg import PostgresError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.http.faults import Fault, read_faults
from api.http.languages import build_translator
from api.http.processes import PoolFull, ProcessPool, WorkStopped
from api.http.types import Answer, Params
from db.session import DatabaseUnreachable
from domain.findings import Conflict, Forbidden, Invalid, NotFound, Plain, Refused, Stale, TooMany
from service.formats.fault_limits import MOST_FAULTS, FaultBudget
from service.texts import Translator, load_catalogue

T = TypeVar("T")

MEDIA_TYPE = "application/problem+json"

STATUS_BY_REFUSAL: Mapping[type[Refused], int] = {
    Invalid: 422,
    Conflict: 409,
    NotFound: 404,
    TooMany: 429,
    Forbidden: 403,
    Stale: 412,
}

_CODE_BY_STATUS = {
    400: "bad_request",
    401: "unauthenticated",
    404: "not_found",
    429: "too_many_requests",
    503: "try_again",
}
_RETRY_HEADER = {"Retry-After": "1"}
_RETRY_LATER_HEADER = {"Retry-After": "5"}
_UPDATE_RACE = "new multixact has more than one updating member"
"""PostgreSQL 18 says so with XX000 to whoever changes a row that others hold in share mode, in the instant in
which somebody else's change of the row is refused. The row is whole, and nothing was written."""


class Problem(HTTPException):
    """A refusal of a request: a status, a stable code, its parameters, and the first faults.

    ``more_errors``: whether there may be further ones, which are not told or were not looked for.
    """

    def __init__(
        self,
        status: int,
        code: str,
        params: Mapping[str, Plain] | None = None,
        *,
        errors: Sequence[Fault] = (),
        more_errors: bool = False,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(status, code, headers)
        self.code = code
        self.params: Mapping[str, Plain] = params or {}
        self.errors = tuple(errors[:MOST_FAULTS])
        self.more_errors = more_errors or len(errors) > MOST_FAULTS


class ProblemError(Answer):
    """One fault and its place."""

    code: str
    params: Params
    detail: str
    pointer: str | None = Field(default=None, description="JSON pointer (RFC 6901) into the request body.")
    parameter: str | None = Field(default=None, description="The query parameter or header with the fault.")
    clause: str | None = Field(default=None, description="The clause of the plan behind this fault.")


class ProblemBody(Answer):
    """A problem (RFC 9457). `code` and `params` are stable; `Accept-Language` chooses the language."""

    type: str = Field(description="`urn:daibieu:problem:` and the code.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="`urn:daibieu:request:` and the request id.")
    code: str
    params: Params
    errors: list[ProblemError] = Field(description=f"The faults, {MOST_FAULTS} at most.")
    more_errors: bool = Field(
        description="Whether there may be more faults; they were not looked for after the last one told."
    )


def respond_with_problem(request: Request, problem: Problem) -> Response:
    """Build the answer for a problem, in the reader's language."""
    translator = build_translator(request)
    content = json.dumps(
        _build_problem_body(request, problem, translator), ensure_ascii=False, allow_nan=False, default=str
    )
    headers = {"Content-Language": translator.language, "Vary": "Accept-Language", **(problem.headers or {})}
    return Response(content.encode(), problem.status_code, headers, MEDIA_TYPE)


def _build_problem_body(request: Request, problem: Problem, translator: Translator) -> dict[str, Any]:
    return {
        "type": f"urn:daibieu:problem:{problem.code}",
        "title": _translate_title(problem.status_code, translator),
        "status": problem.status_code,
        "detail": _translate_detail(problem, translator),
        "instance": f"urn:daibieu:request:{getattr(request.state, 'request_id', '')}",
        "code": problem.code,
        "params": problem.params,
        "errors": [fault.translate(translator) for fault in problem.errors],
        "more_errors": problem.more_errors,
    }


def _translate_title(status: int, translator: Translator) -> str:
    code = f"title_{status}"
    return translator.translate(code, {}) if code in load_catalogue() else HTTPStatus(status).phrase


def _translate_detail(problem: Problem, translator: Translator) -> str:
    if problem.code in load_catalogue():
        return translator.translate(problem.code, problem.params)
    return _translate_title(problem.status_code, translator)


def build_refusal_problem(refused: Refused) -> Problem:
    """Build the problem for a refusal by the rules, with the status of its class."""
    status = next(
        (STATUS_BY_REFUSAL[kind] for kind in type(refused).__mro__ if kind in STATUS_BY_REFUSAL), 409
    )
    errors = [Fault.from_finding(finding) for finding in refused.errors]
    headers = {"Retry-After": str(refused.seconds)} if isinstance(refused, TooMany) else None
    return Problem(status, refused.code, refused.params, errors=errors, headers=headers)


def build_validation_problem(
    error: RequestValidationError, kind: type | None = None, *, more_errors: bool = False
) -> Problem:
    """The problem for a schema error: 404 in the path, 400 in the query or a header, 422 in the body.

    ``kind``: what the body should be. ``more_errors``: whether the validation stopped before its end.
    """
    found = read_faults(error.errors(), error.body, kind)
    places = {fault.place for fault in found}
    if "path" in places:
        return Problem(404, "not_found")
    if places - {"body"}:
        wrong = [fault for fault in found if fault.place != "body"]
        return Problem(400, "invalid_parameters", errors=wrong)
    return Problem(422, "invalid_body", errors=found, more_errors=more_errors)


def build_http_problem(request: Request, error: HTTPException) -> Problem:
    """Build the problem for an error of the framework, without the framework's message."""
    if isinstance(error, Problem):
        return error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_list_methods(request))
        return Problem(405, "method_not_allowed", {"allowed": allowed}, headers={"Allow": allowed})
    code = _CODE_BY_STATUS.get(
        error.status_code, "internal_error" if error.status_code >= 500 else "bad_request"
    )
    return Problem(error.status_code, code, headers=error.headers)


def find_database_problem(error: Exception) -> Problem | None:
    """The problem for a database error; a violated constraint is 409, its name the code. ``None``: a bug."""
    if isinstance(error, DatabaseUnreachable):
        return build_unavailable_problem()
    if isinstance(error, PoolTimeout):
        return Problem(503, "try_again", headers=_RETRY_HEADER)
    refused = _find_postgres_error(error)
    state = (refused.sqlstate or "") if refused else ""
    if refused and state.startswith("23") and refused.constraint_name:
        return _build_constraint_problem(refused.constraint_name)
    if state in {"25P03", "40001", "40P01", "55P03", "57014"} or _UPDATE_RACE in str(refused):
        return Problem(503, "try_again", headers=_RETRY_HEADER)
    if state[:2] in {"08", "53", "57"} or getattr(error, "connection_invalidated", False):
        return build_unavailable_problem()
    return None


def _build_constraint_problem(name: str) -> Problem:
    if name in load_catalogue():
        return Problem(409, name)
    fault = Fault("database_constraint", {"constraint": name})
    return Problem(409, name, {"constraint": name}, errors=[fault])


async def run_in_pool(pool: ProcessPool, work: Callable[..., T], *given: object) -> T:
    """Do work in a process; raises :class:`Problem` 503 if too much waits already, or it takes too long."""
    try:
        return await pool.run(work, *given)
    except PoolFull:
        raise Problem(503, "too_busy", headers=_RETRY_LATER_HEADER) from None
    except WorkStopped:
        seconds = ceil(pool.seconds)
        raise Problem(503, "check_stopped", {"seconds": seconds}, headers=_RETRY_LATER_HEADER) from None


def build_unavailable_problem() -> Problem:
    """Build the problem for a database that cannot be reached."""
    return Problem(503, "database_unavailable", headers=_RETRY_LATER_HEADER)


def _find_postgres_error(error: Exception) -> Any:
    if isinstance(error, DBAPIError):
        error = error.orig.__cause__ if error.orig and error.orig.__cause__ else error  # type: ignore[assignment]  # drivers raise Exceptions
    return error if isinstance(error, PostgresError) else None


def _list_methods(request: Request) -> list[str]:
    """The methods that any route has at this path."""
    path = request.scope["path"]
    found = {
        method
        for context in iter_route_contexts(request.app.router.routes)
        if context.path_regex.match(path)
        for method in context.methods or ()
    }
    return sorted(found | {"HEAD"} if "GET" in found else found)


def install_handlers(app: FastAPI) -> None:
    """Make the application answer every exception with its problem."""
    app.add_exception_handler(Refused, _respond_to_refusal)
    app.add_exception_handler(RequestValidationError, _respond_to_validation)
    app.add_exception_handler(HTTPException, _respond_to_http)
    for kind in (DBAPIError, PostgresError, PoolTimeout, DatabaseUnreachable):
        app.add_exception_handler(kind, _respond_to_database)


async def _respond_to_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - how handlers are registered
    return respond_with_problem(request, build_refusal_problem(error))


async def _respond_to_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - how handlers are registered
    budget: FaultBudget | None = getattr(request.state, "faults", None)
    stopped = budget is not None and budget.stopped
    kind = getattr(request.scope.get("route"), "body_kind", None)
    return respond_with_problem(request, build_validation_problem(error, kind, more_errors=stopped))


async def _respond_to_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - how handlers are registered
    return respond_with_problem(request, build_http_problem(request, error))


async def _respond_to_database(request: Request, error: Exception) -> Response:
    problem = find_database_problem(error)
    if problem is None:
        raise error
    return respond_with_problem(request, problem)
