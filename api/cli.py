"""The commands: where everything is put together (``daibieu --help``)."""

import asyncio
import json
import logging
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from api import cli_access, cli_privacy
from api.health import TIMEOUT_SECONDS
from api.local_keys import LocalKeys, provide_local_keys
from db import migration
from db.embedded import EmbeddedServer, EmbeddedServerError
from db.session import Database, DatabaseUnreachable
from domain.access import Actor
from service import audit
from service.audit import ChainVerification
from service.settings import SettingError, Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
audit_app = typer.Typer(no_args_is_help=True, help="The audit trail.")
app.add_typer(audit_app, name="audit")
app.add_typer(cli_access.app, name="access")
app.add_typer(cli_privacy.person_app, name="person")
app.add_typer(cli_privacy.retention_app, name="retention")
app.add_typer(cli_privacy.keys_app, name="keys")


@app.command()
def serve() -> None:
    """Serve the API. In local mode: embedded database, migrations, and on the first start the example."""
    settings = Settings.read()
    _expect_free_port(settings)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # who redirects it to a file reads along as well
    with provide_database_url(settings) as url:
        if settings.mode == "local":
            migration.upgrade_database(url)
        with suppress(KeyboardInterrupt):  # raised again by the server, once it has let everybody finish
            asyncio.run(_serve_api(settings, url))


@app.command()
def worker() -> None:
    """Work off runs beside the service, until stopped."""
    settings = Settings.read()
    with provide_database_url(settings) as url:
        asyncio.run(_run_worker(settings, url))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with provide_database_url(Settings.read()) as url:
        migration.upgrade_database(url)
    typer.echo(f"the schema stands at {migration.get_head_revision()}")


@app.command()
def openapi() -> None:
    """Write the OpenAPI document to standard output."""
    from api.openapi import format_document

    sys.stdout.write(format_document(_build_app_for_document()))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A certificate, as JSON.")],
) -> None:
    """Check a certificate without a server; exit status 1 where it does not prove its seats."""
    from domain.verification import verify_proof as proven
    from service.texts import translate_code

    try:
        found = proven(json.loads(file.read_bytes()))
    except (ValueError, RecursionError):
        typer.echo(f"{file.name}: this is no JSON", err=True)
        raise typer.Exit(2) from None
    for finding in found:
        typer.echo(f"{finding.pointer or '/'}: {translate_code(finding.code, finding.params, 'en')}")
    if found:
        raise typer.Exit(1)
    typer.echo(f"{file.name}: proven")


@audit_app.command("verify")
def verify_audit(
    chain: Annotated[
        str | None, typer.Argument(help="A plan's id, `house` or `refusals`; default: every chain.")
    ] = None,
    noted: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Heads noted earlier: what this command printed then."
        ),
    ] = None,
) -> None:
    """Compute every hash again, and print each chain's head to be noted elsewhere.

    Exit status 1 where a link does not hold, or where a noted head is no longer in its chain: whoever owns
    the database could write a whole chain anew, but not what was noted outside.
    """
    heads = _read_noted_heads(noted)
    with provide_database_url(Settings.read()) as url:
        found, gone = asyncio.run(_verify_chains(url, chain, heads))
    for each in found:
        if each.broken_at is None:
            typer.echo(f"{each.chain} {each.events} {each.head}")
        else:
            told = f"{each.chain}: broken at event {each.broken_at}; {each.events} events before it hold"
            typer.echo(told, err=True)
    for name, n in gone:
        typer.echo(f"{name}: event {n} is not the one that was noted", err=True)
    if gone or any(each.broken_at is not None for each in found):
        raise typer.Exit(1)


@audit_app.command("export")
def export_audit(
    chain: Annotated[str, typer.Argument(help="A plan's id, `house` or `refusals`.")] = "house",
) -> None:
    """Write a chain to standard output as JSON Lines."""
    with provide_database_url(Settings.read()) as url:
        asyncio.run(_export_chain(url, chain))


def _read_noted_heads(noted: Path | None) -> list[tuple[str, int, str]]:
    """(chain, number, hash) of each line."""
    heads = []
    for line in noted.read_text().splitlines() if noted else []:
        chain, _, rest = line.partition(" ")
        n, _, head = rest.partition(" ")
        if not (chain and n.isdecimal() and len(head) == 64):
            raise SettingError(f"{noted}: each line is a chain, a number and a hash, as printed")
        heads.append((chain, int(n), head))
    return heads


def main() -> None:
    """The entry point: what an operator can mend is said in one line."""
    try:
        app()
    except (SettingError, EmbeddedServerError) as error:
        typer.echo(f"daibieu: {error}", err=True)
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - a traceback would show messages, with passwords or rows in them
        typer.echo(f"daibieu: {_describe_failure(error)}", err=True)
        raise SystemExit(1) from None


def _describe_failure(error: Exception) -> str:
    """What may be said of a failure: its kinds, where it arose, and what most often is the matter."""
    from api.request_log import describe_error

    told = describe_error(error)
    state = told["sqlstate"] or ""
    hint = next((hint for start, hint in _FAILURE_HINTS.items() if state.startswith(start)), "")
    if not state and isinstance(error, OSError | DatabaseUnreachable):
        hint = "the database cannot be reached: "
    return f"{hint}{told['error']} {state} at {told['frames'][-1] if told['frames'] else '?'}"


_FAILURE_HINTS = {
    "28": "the database refuses the role of DAIBIEU_DATABASE_URL or its password: ",
    "3D": "there is no database of that name: ",
    "42501": "the role may not do this; migrations need more than the service does: ",
    "42P01": "the schema is not there; daibieu migrate makes it: ",
}


@contextmanager
def provide_database_url(settings: Settings) -> Iterator[str]:
    """The server that is named, or PostgreSQL embedded in the data folder for as long as the block runs."""
    try:
        with _provide_server_url(settings) as url:
            yield url
    except migration.NeverReleased as error:
        raise SettingError(f"{error}; {_describe_fresh_start(settings)}") from None


def _describe_fresh_start(settings: Settings) -> str:
    """What to do about data that cannot be migrated."""
    if settings.database_url is not None:
        name = shlex.quote(make_url(settings.database_url).database or "")
        return (
            "drop the database, create it anew and migrate: "
            f"dropdb {name} && createdb {name} && python -m api.cli migrate"
        )
    data = shlex.quote(str(settings.data))
    return f"move the data folder away and start again: mv {data} {data}.old"


@contextmanager
def _provide_server_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    if settings.mode == "server":
        raise SettingError("DAIBIEU_DATABASE_URL must be set in server mode")
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"DAIBIEU_DATA: {settings.data} cannot be made a folder ({error.strerror})"
        ) from None
    with EmbeddedServer.start(settings.data / "postgres") as server:
        yield server.build_url()


def _expect_free_port(settings: Settings) -> None:
    """Say it at once when the port is taken, and not after a minute of setting up."""
    family = AF_INET6 if ":" in settings.host else AF_INET
    with socket(family, SOCK_STREAM) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise SettingError(
                f"{where} cannot be listened on ({error.strerror}); choose another with DAIBIEU_PORT"
            ) from None


async def _serve_api(settings: Settings, url: str) -> None:
    from api.metrics import MetricsServer
    from api.request_log import configure_logging

    local = settings.mode == "local"
    configure_logging(sys.stderr, level=logging.WARNING if local else logging.INFO)
    database = Database(url)
    await _expect_released(database)
    service = _build_app(settings, database)
    keys = await provide_local_keys(database, service.state.vault, settings.data) if local else None
    config = uvicorn.Config(
        service,
        settings.host,
        settings.port,
        log_config=None,
        access_log=False,  # paths and queries
        server_header=False,
        ws="none",  # it would log addresses and queries
        proxy_headers=False,  # believed of DAIBIEU_TRUSTED_PROXIES alone (api.app)
    )
    server = _SignallingServer(config)
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
    """Refuse a database that no migration leads on from; of one that says nothing ``/readyz`` tells."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS), database.transaction(read_only=True) as session:
            revision = await migration.find_current_revision(await session.connection())
    except (OSError, SQLAlchemyError, DatabaseUnreachable):
        return
    migration.expect_released(revision)


class _SignallingServer(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config):
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


async def _greet_when_ready(settings: Settings, ready: asyncio.Event, keys: LocalKeys) -> None:
    """Once it answers: load the example on the first start, and say how to go on."""
    from api.first_start import greet_operator

    await ready.wait()
    url = f"http://{settings.host}:{settings.port}"
    try:
        await greet_operator(url, keys)
    except Exception as error:  # noqa: BLE001 - the service serves all the same, and says that it does
        typer.echo(f"daibieu: the example could not be shown ({_describe_failure(error)})", err=True)
        typer.echo(f"daibieu: serving on {url}; stop it with Ctrl-C")


async def _run_worker(settings: Settings, url: str) -> None:
    import signal

    from api.worker import Worker
    from service.vaults import build_vault

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database(url)
    await _expect_released(database)
    await Worker(database, build_vault(settings)).process_queue(stop)
    await database.close()


async def _verify_chains(
    url: str, chain: str | None, heads: Sequence[tuple[str, int, str]]
) -> tuple[list[ChainVerification], list[tuple[str, int]]]:
    database = Database(url)
    try:
        async with database.transaction(Actor.for_service(), read_only=True) as session:
            names = await audit.list_chains(session) if chain is None else [chain]
            found = [await audit.verify_chain(session, name) for name in names]
            gone = [
                (name, n)
                for name, n, head in heads
                if n and await audit.find_event_hash(session, name, n) != head
            ]
            return found, gone
    finally:
        await database.close()


async def _export_chain(url: str, chain: str) -> None:
    from api.audit import AuditEventAnswer

    database = Database(url)
    try:
        async with database.transaction(Actor.for_service(), read_only=True) as session:
            async for event in audit.stream_events(session, chain):
                typer.echo(AuditEventAnswer.model_validate(event).model_dump_json())
    finally:
        await database.close()


def _build_app(settings: Settings, database: Database) -> FastAPI:
    from api.app import create_app
    from api.identity import build_identify
    from service.vaults import build_vault

    return create_app(settings, database, build_vault(settings), build_identify(settings))


def _build_app_for_document() -> FastAPI:
    from api.app import create_app
    from api.identity import build_identify
    from service.vaults import Vault

    settings = Settings()
    return create_app(
        settings, Database("postgresql+asyncpg://nowhere/none"), Vault(bytes(32)), build_identify(settings)
    )


if __name__ == "__main__":
    main()
