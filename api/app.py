"""The application: all routes, and the layers around them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import health, start
from api.http import openapi, problems
from api.http.attempts import Attempts
from api.http.compression import Compression
from api.http.cursors import Sealer
from api.http.event_streams import EventStreams
from api.http.limits import BodyLimit
from api.http.metrics import Metrics
from api.http.processes import ProcessPool, preload_modules, start_forkserver
from api.http.refusals import RefusalBudget
from api.http.request_log import RequestLog
from api.http.response_headers import HeadRequests, SecurityHeaders
from api.http.retries import REPLAYED_HEADER, RunResponder
from api.http.routes import Identify, Router, derive_operation_id
from api.run_kinds import respond_with_subject
from db.session import Database
from service.settings import Settings
from service.vaults import Vault

VERSION = "0.1.0"

ROUTER_MODULES: tuple[str, ...] = (
    "api.plans",
    "api.units.routes",
    "api.units.imports",
    "api.calendars",
    "api.conferences",
    "api.sizings",
    "api.quotas",
    "api.allocations.routes",
    "api.lots",
    "api.allocations.explanations",
    "api.verifications",
    "api.nominations.routes",
    "api.compositions",
    "api.selections.routes",
    "api.selections.decisions",
    "api.selections.questions",
    "api.invitations",
    "api.releases",
    "api.people.routes",
    "api.apportionments",
    "api.two_way",
    "api.papers",
    "api.votes",
    "api.preparation",
    "api.check_ins",
    "api.difficulties",
    "api.progress",
    "api.runs",
    "api.reference",
    "api.access",
    "api.accounts",
    "api.audit",
    "api.events",
)
"""The modules whose ``router`` is served under ``/v1``."""

READING = 2
"""How many large bodies are read at a time; others wait, so that small requests have their turn."""

CALCULATING = 2
"""How many calculations are computed at a time in processes of their own."""

VERIFYING = 2
"""How many certificates are verified at a time: anybody may send one."""

_EXPOSED_HEADERS = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "X-Request-ID",
    REPLAYED_HEADER,
)
_ALLOWED_HEADERS = (
    "Accept",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
    "X-Request-ID",
    "traceparent",
)


class App(FastAPI):
    """FastAPI with the OpenAPI document of this service."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, built at the first call."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.build_document(self)
        return self.openapi_schema


def create_app(
    settings: Settings,
    database: Database,
    vault: Vault,
    identify: Identify,
    *,
    show_run: RunResponder | None = None,
    routers: Sequence[Router] | None = None,
) -> FastAPI:
    """Build the service over a database.

    ``identify`` identifies the caller. ``show_run`` answers a request that started a run with the subject of
    the run; ``routers`` are the routes. Both default to those of the service. Runs are computed elsewhere, by
    workers (``api.worker``).
    """
    metrics = Metrics(vault.unreadable)
    app = App(
        title="daibieu",
        version=VERSION,
        docs_url=None,  # the framework's pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=derive_operation_id,
        middleware=_build_middleware(settings, metrics),
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.vault = vault
    app.state.cursors = Sealer(vault.derive_key("cursors"))
    app.state.requests = vault.derive_key("requests")
    app.state.answers = Sealer(vault.derive_key("answers"))
    app.state.metrics = metrics
    app.state.show_run = show_run or respond_with_subject
    app.state.identify = identify
    preload_modules(ROUTER_MODULES)
    app.state.reading = asyncio.Semaphore(READING)
    app.state.body_checks = ProcessPool(READING, waiting=8, seconds=30)
    app.state.calculations = ProcessPool(CALCULATING, waiting=8, seconds=20)
    app.state.verifications = ProcessPool(VERIFYING, waiting=4, seconds=20)
    app.state.event_streams = EventStreams(database)
    app.state.stopping = asyncio.Event()
    app.state.refusals = RefusalBudget()
    app.state.attempts = Attempts(settings.failed_attempts, settings.failed_attempts / 60)
    problems.install_handlers(app)
    app.include_router(health.router)
    app.include_router(start.router)
    for router in _import_routers() if routers is None else routers:
        app.include_router(router, prefix="/v1")
    return app


def _build_middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """The layers from the outside in. Failures are answered inside the CORS layer, so pages can read them."""
    layers = [Middleware(SecurityHeaders)]
    if settings.trusted_proxies:
        layers.insert(0, Middleware(ProxyHeadersMiddleware, trusted_hosts=[*settings.trusted_proxies]))
    if settings.cors_origins:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=_ALLOWED_HEADERS,
                expose_headers=_EXPOSED_HEADERS,
            )
        )
    inner = [
        Middleware(HeadRequests),
        Middleware(Compression),
        Middleware(BodyLimit, grace=settings.body_seconds),
    ]
    return [*layers, Middleware(RequestLog, metrics=metrics), *inner]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
    """Prepare the processes of calculations; end them, and the connections, after the last answer."""
    preparing = asyncio.create_task(asyncio.to_thread(start_forkserver))
    yield {}
    await preparing
    app.state.body_checks.close()
    app.state.calculations.close()
    app.state.verifications.close()
    await app.state.database.close()


def _import_routers() -> list[Router]:
    return [import_module(name).router for name in ROUTER_MODULES]
