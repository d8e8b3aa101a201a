"""Serving the API, and computing runs over a database that is there already."""

import asyncio
import gc
import logging
import signal
import sys
from typing import Any

import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from api.app import create_app
from api.cli.failures import describe_failure
from api.cli.first_start import greet_operator
from api.cli.local_keys import LocalKeys, provide_local_keys
from api.health import TIMEOUT_SECONDS
from api.http.connections import ConnectionLimit
from api.http.event_streams import EventStreams
from api.http.identity import build_identify
from api.http.metrics import MetricsServer
from api.http.processes import preload_modules, start_forkserver
from api.http.request_log import configure_logging
from api.worker import COMPUTING_MODULES, Worker
from api.worker_server import WorkerServer
from db import migration
from db.session import Database, DatabaseLimits, DatabaseUnreachable
from domain.access import Actor
from service.key_rotation import expect_own_keys
from service.settings import SettingError, Settings
from service.vaults import Vault, build_vault, discard_new_key, find_master_key_file


async def serve_api(settings: Settings, url: str) -> None:
    """Serve until a signal. Runs are left to workers."""
    configure_logging(sys.stderr, level=_choose_level(settings))
    database = Database(url, _build_limits(settings))
    await _expect_released(database)
    vault = await _open_vault(settings, database)
    service = create_app(settings, database, vault, build_identify(settings))
    keys = await provide_local_keys(settings, database, vault) if settings.mode == "local" else None
    config = uvicorn.Config(
        service,
        settings.host,
        settings.port,
        http=ConnectionLimit.within(settings.head_seconds),
        timeout_graceful_shutdown=settings.stop_seconds,
        log_config=None,
        access_log=False,  # it would log paths and queries
        server_header=False,
        ws="none",  # it would log addresses and queries
        proxy_headers=False,  # api.app accepts them from DAIBIEU_TRUSTED_PROXIES only
    )
    server = ServiceServer(config, service.state.event_streams, service.state.stopping)
    gc.freeze()  # the garbage collector then need not go through the program whenever a request is large
    metrics = None
    if settings.metrics_port is not None:
        metrics = MetricsServer(service.state.metrics, settings.host, settings.metrics_port)
    greeting = asyncio.create_task(_greet_when_ready(settings, server.ready, keys)) if keys else None
    await server.serve()
    if greeting is not None:
        greeting.cancel()
    if metrics is not None:
        metrics.close()


async def _expect_released(database: Database) -> None:
    """Refuse a database that cannot be migrated. ``/readyz`` reports one that does not answer."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS), database.transaction(read_only=True) as session:
            revision = await migration.find_current_revision(await session.connection())
    except (OSError, SQLAlchemyError, DatabaseUnreachable):
        return
    migration.expect_released(revision)


async def _open_vault(settings: Settings, database: Database) -> Vault:
    """The vault, whose master key must be the one that has sealed the database.

    A key that is made for this start, over a database that another one has sealed, does not stay.
    """
    new = settings.mode == "local" and not find_master_key_file(settings).exists()
    vault = build_vault(settings)
    try:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            database.transaction(Actor.for_service(), read_only=True) as session,
        ):
            await expect_own_keys(session, vault)
    except (OSError, SQLAlchemyError, DatabaseUnreachable):
        return vault
    except SettingError:
        if new:
            discard_new_key(settings, vault)
        raise
    return vault


class ServiceServer(uvicorn.Server):
    """A server that sets an event when it is ready, and one when it stops: nobody waits for a run any more,
    and its streams end before it waits for answers."""

    def __init__(self, config: uvicorn.Config, streams: EventStreams, stopping: asyncio.Event):
        super().__init__(config)
        self.ready = asyncio.Event()
        self._streams = streams
        self._stopping = stopping

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        self._stopping.set()
        self._streams.close()
        await super().shutdown(sockets)


async def _greet_when_ready(settings: Settings, ready: asyncio.Event, keys: LocalKeys) -> None:
    """Load the example on the first start, and print the next steps, when the server is ready."""
    await ready.wait()
    url = f"http://{settings.host}:{settings.port}"
    try:
        await greet_operator(url, keys)
    except Exception as error:  # noqa: BLE001 - the service works without the example
        typer.echo(
            f"daibieu: the example could not be loaded or printed ({describe_failure(error)})", err=True
        )
        typer.echo(f"daibieu: serving on {url}; stop it with Ctrl-C")


async def run_worker(settings: Settings, url: str) -> None:
    """Compute waiting runs until a signal."""
    configure_logging(sys.stderr, level=_choose_level(settings))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database(url, _build_limits(settings))
    await _expect_released(database)
    worker = Worker(database, await _open_vault(settings, database))
    preload_modules(COMPUTING_MODULES)
    preparing = asyncio.create_task(asyncio.to_thread(start_forkserver))
    server = None
    if settings.worker_port is not None:
        server = WorkerServer(worker, settings.host, settings.worker_port)
    await worker.process_queue(stop)
    await preparing
    worker.close()
    if server is not None:
        server.close()
    await database.close()


def _build_limits(settings: Settings) -> DatabaseLimits:
    return DatabaseLimits(
        settings.database_connections,
        lock_seconds=settings.lock_seconds,
        statement_seconds=settings.statement_seconds,
        idle_seconds=settings.idle_seconds,
    )


def _choose_level(settings: Settings) -> int:
    """The level of the log: on one's own machine only what is wrong."""
    return logging.WARNING if settings.mode == "local" else logging.INFO
