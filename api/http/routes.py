"""Routes: what each route declares, and what is done for all of them.

A request is one transaction. It is committed before the first byte of the answer is sent, so that a success
that the client receives is stored. The order: identify the caller (401), check the scope (403), the query
(400), the content (413, 415, 400, 422) and the key (400); then begin, look up the key, handle, store, commit.
"""

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any, TypeVar, get_args, get_origin

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from api.http.attempts import Attempts
from api.http.bodies import read_body
from api.http.etags import has_current_etag
from api.http.faults import Fault
from api.http.limits import BODY_LIMIT, JSON, JSONRequest, read_media_type, set_body_limit
from api.http.negotiation import choose_media
from api.http.problems import Problem
from api.http.refusals import record_refusal
from api.http.request_work import build_work, naming_refusals
from api.http.retries import KeyedRequest, read_keyed_request
from api.http.uploads import read_upload
from db.session import AsyncSession, Database
from domain.access import ANYONE, Access, Actor, build_forbidden
from domain.findings import Plain, Refused
from service.formats.fault_limits import MOST_FAULTS, limit_faults

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handle = Callable[[Request], Awaitable[Response]]
Identify = Callable[[Request], Awaitable[Actor] | Actor]
"""Identifies the caller; raises :class:`Problem` 401. The application has it as ``app.state.identify``."""

_TERMS_KEY = "x-terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a route declares about itself.

    ``access``: the scope that the actor needs. ``transaction``: false for long work, whose handler begins its
    own transactions. ``read_only``: whether the transaction only reads. ``keyed``: an ``Idempotency-Key`` is
    required. ``tagged``: the answer has an ETag, to be sent back as If-Match. ``unchanging``: the answer
    depends only on the tagged state and on no language, so that a known ETag is answered with 304.
    ``accepts``: the content types of a file, which the handler gets as
    :data:`api.http.uploads.CurrentUpload`. ``unread``: the JSON is handed to the handler as bytes, to be read
    beside the event loop. ``problems``: further statuses to document. ``offers``: the
    content types of the answer, the default first.
    """

    access: Access
    transaction: bool = True
    read_only: bool = False
    keyed: bool = False
    tagged: bool = False
    unchanging: bool = False
    accepts: tuple[str, ...] = ()
    unread: bool = False
    body_limit: int = BODY_LIMIT
    problems: tuple[int, ...] = ()
    offers: tuple[str, ...] = (JSON,)


class Route(APIRoute):
    """A route with its terms; created by a :class:`Router`."""

    terms: Terms
    body_kind: type | None

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        openapi_extra: Mapping[str, Any] | None = None,
        **options: Any,
    ):
        extra = dict(openapi_extra or {})
        terms = extra.pop(_TERMS_KEY, None)  # the framework passes a route no options but its own
        if not isinstance(terms, Terms):
            raise TypeError(f"{path} declares no access: create it with a method of api.http.routes.Router")
        self.terms = terms
        super().__init__(path, endpoint, openapi_extra=extra, **options)

    @property
    def media(self) -> tuple[str, ...]:
        """The accepted content types; none if the route takes no content."""
        return (JSON,) if self.body_field else ()

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The framework's handler with the checks and the transaction around it."""
        handle = super().get_route_handler()
        known = _map_query_parameters(self)
        self.body_kind = self._find_body_kind()

        async def serve(plain: Request) -> Response:
            request = JSONRequest(plain.scope, plain.receive)
            try:
                with limit_faults() as request.state.faults:
                    return await self._serve_request(request, handle, known)
            except (Problem, Refused) as refusal:
                await record_refusal(request, self.terms.access, self.name, refusal)
                raise

        return serve

    def _find_body_kind(self) -> type | None:
        """The type of the JSON that the route takes; a class, so that a process can check a body."""
        if self.body_field is None:
            return None
        (body,) = self.dependant.body_params
        kind = body.field_info.annotation
        if not isinstance(kind, type):
            raise TypeError(f"{self.path}: the body must be of a class")
        return kind

    async def _serve_request(
        self, request: JSONRequest, handle: Handle, known: Mapping[str, bool]
    ) -> Response:
        request.state.actor = await _authorize_actor(request, self.terms.access)
        _expect_parameters(request, known)
        if choose_media(request, self.terms.offers) is None:
            raise Problem(406, "not_acceptable", {"offered": ", ".join(self.terms.offers)})
        await _read_content(request, self)
        request.state.keyed = await read_keyed_request(request) if self.terms.keyed else None
        if self.terms.transaction:
            response = await _handle_in_transaction(request, handle, self.terms)
        else:
            response = await handle(request)
        return _apply_if_none_match(request, response, self.terms)


async def _authorize_actor(request: Request, access: Access) -> Actor:
    if access is Access.PUBLIC:
        return ANYONE
    request.state.actor = actor = await _identify_within_attempts(request)
    if not actor.has_scope(access):
        raise build_forbidden(access)
    return actor.narrow_to_access(access)


async def _identify_within_attempts(request: Request) -> Actor:
    """Identify the caller. After too many invalid credentials an address must wait (429)."""
    attempts: Attempts = request.app.state.attempts
    attempts.expect_attempt_left(request)
    try:
        actor = await identify_caller(request)
    except Problem as refusal:
        if refusal.status_code == HTTPStatus.UNAUTHORIZED:
            attempts.record_failure(request)
        raise
    attempts.record_success(request)
    return actor


async def identify_caller(request: Request) -> Actor:
    """The caller with the roles that the credential has now; raises :class:`Problem` 401."""
    identify: Identify = request.app.state.identify
    found = identify(request)
    return await found if inspect.isawaitable(found) else found


def _map_query_parameters(route: APIRoute) -> Mapping[str, bool]:
    """The query parameters of a route, and whether each may be repeated."""
    fields = get_flat_params(route.dependant)
    return {
        field.alias: _is_repeatable(field.field_info.annotation)
        for field in fields
        if getattr(field.field_info, "in_", None) == ParamTypes.query
    }


def _is_repeatable(annotation: Any) -> bool:
    return get_origin(annotation) in (list, set, tuple) or any(
        _is_repeatable(part) for part in get_args(annotation)
    )


def _expect_parameters(request: Request, known: Mapping[str, bool]) -> None:
    if any("\0" in str(value) for value in request.path_params.values()):
        raise Problem(404, "not_found")
    if wrong := [*islice(_list_parameter_faults(request, known), MOST_FAULTS + 1)]:
        raise Problem(400, "invalid_parameters", errors=wrong)


def _list_parameter_faults(request: Request, known: Mapping[str, bool]) -> Iterator[Fault]:
    items = request.query_params.multi_items()
    names = Counter(name for name, _ in items)
    for name in names:
        if name not in known:
            near = get_close_matches(name[:100], known)
            yield _build_parameter_fault("unknown_parameter", name, {"near": near} if near else {})
    for name, many in known.items():
        if not many and names[name] > 1:
            yield _build_parameter_fault("repeated_parameter", name)
    for name, value in items:
        if "\0" in value:
            yield _build_parameter_fault("text_control", name)


def _build_parameter_fault(code: str, name: str, params: Mapping[str, Plain] | None = None) -> Fault:
    return Fault(code, params or {}, parameter=name[:100], place="query")


async def _read_content(request: JSONRequest, route: Route) -> None:
    """Read the content before the transaction begins, so that a slow client occupies no connection."""
    if request.method == "GET":
        return
    set_body_limit(request, route.terms.body_limit, anonymous=route.terms.access is Access.PUBLIC)
    try:
        content = await request.body()
    except ClientDisconnect:
        raise Problem(400, "client_disconnected") from None
    if route.terms.accepts:
        request.state.upload = await read_upload(request, route.terms.accepts)
        return
    _expect_media(request, content, route.media)
    if route.terms.unread:
        request.set_json(content)
    elif content and route.body_kind is not None:
        await read_body(request, route.body_kind)


def _expect_media(request: Request, content: bytes, media: Collection[str]) -> None:
    if not media and content.strip() not in (b"", b"{}"):
        raise Problem(400, "body_not_expected")
    if media and content and read_media_type(request) not in media:
        raise Problem(415, "unsupported_media_type", {"supported": ", ".join(media)})


async def _handle_in_transaction(request: Request, handle: Handle, terms: Terms) -> Response:
    """Handle a request in its own transaction; an error answer rolls it back."""
    try:
        async with AsyncExitStack() as stack:
            session = await _begin_transaction(request, stack, terms)
            known = await _handle_with_retry(request, session, handle)
    except _Rollback as error:
        return error.response
    return known


async def _begin_transaction(request: Request, stack: AsyncExitStack, terms: Terms) -> AsyncSession:
    database: Database = request.app.state.database
    transaction = database.transaction(request.state.actor, read_only=terms.read_only)
    return await stack.enter_async_context(transaction)


async def _handle_with_retry(request: Request, session: AsyncSession, handle: Handle) -> Response:
    request.state.session = session
    retry: KeyedRequest | None = request.state.keyed
    work = build_work(request, session)
    if retry and (known := await retry.begin(work)):
        return known
    async with naming_refusals(work):
        response = await handle(request)
    if response.status_code >= 400:
        raise _Rollback(response)
    if retry:
        await retry.store(session, response)
    return response


class _Rollback(Exception):  # noqa: N818 - it carries an answer past the commit
    def __init__(self, response: Response):
        super().__init__()
        self.response = response


def _apply_if_none_match(request: Request, response: Response, terms: Terms) -> Response:
    if not terms.tagged or response.status_code == HTTPStatus.ACCEPTED or response.status_code >= 300:
        return response
    etag = response.headers.get("etag")
    if etag is None:
        raise RuntimeError(f"{request.url.path} must answer with an ETag, but the handler set none")
    if terms.unchanging and has_current_etag(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers={"ETag": etag})
    return response


class Router(APIRouter):
    """The routes of one module. Each declares its ``access`` and those :class:`Terms` that differ from usual.

    ``GET`` reads only; ``POST`` is keyed unless ``keyed=False``, if it creates, runs and sends nothing.
    The operation has the name of its function. Its summary is the first sentence of the function's docstring.
    """

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None):
        super().__init__(
            prefix=prefix,
            tags=[*(tags or [])],
            route_class=Route,
            redirect_slashes=False,
            generate_unique_id_function=derive_operation_id,
        )

    def get(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that reads."""
        return self._declare_route("GET", path, access, {"read_only": True, **options})

    def post(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that creates, runs or sends something."""
        return self._declare_route("POST", path, access, {"keyed": True, **options})

    def start_run(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that starts a run by ``api.runs.Starter``: 201, or 202 while it computes."""
        fixed = {"transaction": False, "tagged": True, "status_code": 201, "responses": _RUN_RESPONSES}
        return self.post(path, access=access, **fixed, **options)

    def put(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that replaces."""
        return self._declare_route("PUT", path, access, options)

    def patch(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that changes a part."""
        return self._declare_route("PATCH", path, access, options)

    def delete(
        self, path: str, *, access: Access | None = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """A route that deletes."""
        return self._declare_route("DELETE", path, access, options)

    def _declare_route(
        self, method: str, path: str, access: Access | None, options: Mapping[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        if not isinstance(access, Access):
            raise TypeError(f"{method} {self.prefix}{path} declares no access")
        given = {name: value for name, value in options.items() if name in _TERM_NAMES}
        rest = {name: value for name, value in options.items() if name not in _TERM_NAMES}
        extra = {**rest.pop("openapi_extra", {}), _TERMS_KEY: Terms(access, **given)}

        def register(endpoint: Endpoint) -> Endpoint:
            described = {"summary": read_docstring(endpoint)[0], **rest}
            self.add_api_route(path, endpoint, methods=[method], openapi_extra=extra, **described)
            return endpoint

        return register


_RUN_RESPONSES = {202: {"description": "The run still computes; `Location` is its URL."}}

_TERM_NAMES = frozenset(Terms.__dataclass_fields__) - {"access"}


def derive_operation_id(route: APIRoute) -> str:
    """Name the operation after its function."""
    return route.name


def read_docstring(endpoint: Callable[..., Any]) -> tuple[str, str]:
    """The first sentence of a handler's docstring, and the rest."""
    text = " ".join((inspect.getdoc(endpoint) or "").split())
    summary, _, rest = text.partition(". ")
    return summary.rstrip("."), rest


async def _provide_session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _provide_actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _provide_retry(request: Request) -> KeyedRequest:
    retry: KeyedRequest = request.state.keyed
    return retry


Session = Annotated[AsyncSession, Depends(_provide_session)]
"""A handler's parameter: the session of the request's transaction."""

CurrentActor = Annotated[Actor, Depends(_provide_actor)]
"""A handler's parameter: the actor who sent the request."""

Retry = Annotated[KeyedRequest, Depends(_provide_retry)]
"""A parameter of a handler that begins its own transactions: the request with its key."""
