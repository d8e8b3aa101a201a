"""The commands of the service (``daibieu --help``)."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import access, privacy, targets
from api.cli.commands import provide_database_url
from api.cli.failures import describe_failure
from api.cli.supervisor import ChildName, ServiceFailed, supervise_service
from db import migration
from db.embedded import EmbeddedServerError
from db.session import Database
from domain.access import Actor
from service import audit
from service.audit import ChainVerification
from service.settings import SettingError, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
audit_app = typer.Typer(no_args_is_help=True, help="The audit trail.")
app.add_typer(audit_app, name="audit")
app.add_typer(access.app, name="access")
app.add_typer(targets.app, name="targets")
app.add_typer(privacy.person_app, name="person")
app.add_typer(privacy.retention_app, name="retention")
app.add_typer(privacy.keys_app, name="keys")


@app.command()
def serve() -> None:
    """Serve the API. In local mode with an embedded database, and an example loaded at the first start."""
    settings = Settings.read()
    _expect_free_port(settings)
    _buffer_lines()
    if settings.mode == "local" and settings.database_url is None:
        supervise_service(settings)
        return
    from api.cli.serving import serve_api

    with provide_database_url(settings) as url:
        if settings.mode == "local":
            migration.upgrade_database(url)
        with suppress(KeyboardInterrupt):  # raised again by the server after the last answer
            asyncio.run(serve_api(settings, url))


@app.command()
def worker() -> None:
    """Compute runs, which the service never does itself, until stopped. Any number may work side by side."""
    from api.cli.serving import run_worker

    settings = Settings.read()
    with provide_database_url(settings) as url:
        asyncio.run(run_worker(settings, url))


@app.command(hidden=True)
def child(name: ChildName) -> None:
    """Work as a child of ``serve``, which sends the URL of the database when it is ready."""
    from api.cli.serving import run_worker, serve_api

    settings = Settings.read()
    _buffer_lines()
    url = sys.stdin.readline().strip()
    if not url:
        raise SettingError("this command is for `serve` alone")
    if name is ChildName.API:
        asyncio.run(serve_api(settings, url))
    else:
        asyncio.run(run_worker(settings, url))


def _buffer_lines() -> None:
    """Let output to a file appear at once."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)


@app.command()
def migrate() -> None:
    """Migrate the database to the newest schema."""
    with provide_database_url(Settings.read()) as url:
        migration.upgrade_database(url)
    typer.echo(f"the database has schema version {migration.get_head_revision()}")


@app.command()
def openapi() -> None:
    """Write the OpenAPI document to standard output."""
    from api.http.openapi import format_document

    sys.stdout.write(format_document(_build_app_for_document()))


@app.command()
def states() -> None:
    """Write docs/states.md, what may be done in each state and by whom, to standard output."""
    from api.states import format_states

    sys.stdout.write(format_states(_build_app_for_document().openapi()))


@app.command()
def fairness() -> None:
    """Write docs/price-of-fairness.md, what each method gives in the example plans, to standard output."""
    from api.price_of_fairness import format_price_of_fairness

    sys.stdout.write(format_price_of_fairness())


@app.command()
def coverage() -> None:
    """Write docs/coverage.md, what becomes of each sentence of the four plans, to standard output."""
    from api.coverage import format_coverage, read_tables

    sys.stdout.write(format_coverage(read_tables()))


@app.command()
def plan_format(
    page: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="docs/plan-format.md.")],
) -> None:
    """Write docs/plan-format.md with the reference lists as they are now to standard output."""
    from service.reference.tables import replace_tables

    sys.stdout.write(replace_tables(page.read_text(encoding="utf-8")))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A certificate, as JSON.")],
) -> None:
    """Verify a certificate without a server. The exit status is 1 if it does not prove its seats.

    The digest that is printed is to be compared with the one that was published with the decision.
    """
    from domain.verification import read_certificate, verify_proof
    from service.texts import translate_code

    try:
        certificate = read_certificate(file.read_bytes())
        found = verify_proof(certificate)
    except (ValueError, RecursionError):
        typer.echo(f"{file.name}: not valid JSON", err=True)
        raise typer.Exit(2) from None
    for finding in found:
        typer.echo(f"{finding.pointer or '/'}: {translate_code(finding.code, finding.params, 'en')}")
    if found:
        raise typer.Exit(1)
    digest = certificate.get("digest") if isinstance(certificate, dict) else None
    typer.echo(f"{file.name}: proven, digest {digest}" if digest else f"{file.name}: proven")


@audit_app.command("verify")
def verify_audit(
    chain: Annotated[
        str | None, typer.Argument(help="A plan's id, `house` or `refusals`; default: every chain.")
    ] = None,
    noted: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A file with the earlier output of this command."),
    ] = None,
) -> None:
    """Verify audit chains, and print the last hash of each. Keep the output outside the service.

    The exit status is 1 if an event is not valid or dated before the one before it, or a noted hash is no
    longer in its chain: the owner of the database could rewrite a whole chain, but not hashes that were noted
    elsewhere.
    """
    heads = _read_noted_heads(noted)
    with provide_database_url(Settings.read()) as url:
        found, gone = asyncio.run(_verify_chains(url, chain, heads))
    for each in found:
        if each.broken_at is None:
            typer.echo(f"{each.chain} {each.events} {each.head}")
        else:
            message = (
                f"{each.chain}: broken at event {each.broken_at}; {each.events} events before it are valid"
            )
            typer.echo(message, err=True)
    for name, n in gone:
        typer.echo(f"{name}: event {n} differs from the noted one", err=True)
    if gone or any(each.broken_at is not None for each in found):
        raise typer.Exit(1)


@audit_app.command("export")
def export_audit(
    chain: Annotated[str, typer.Argument(help="A plan's id, `house` or `refusals`.")] = "house",
) -> None:
    """Export an audit chain to standard output, as JSON Lines."""
    with provide_database_url(Settings.read()) as url:
        asyncio.run(_export_chain(url, chain))


def _read_noted_heads(noted: Path | None) -> list[tuple[str, int, str]]:
    """Read the chain, number and hash of each line."""
    heads = []
    for line in noted.read_text().splitlines() if noted else []:
        chain, _, rest = line.partition(" ")
        n, _, head = rest.partition(" ")
        if not (chain and n.isdecimal() and len(head) == 64):
            raise SettingError(f"{noted}: each line is a chain, a number and a hash, as printed")
        heads.append((chain, int(n), head))
    return heads


def main() -> None:
    """The entry point: an error that an operator can correct is described in one line."""
    try:
        app()
    except (SettingError, EmbeddedServerError, ServiceFailed) as error:
        typer.echo(f"daibieu: {error}", err=True)
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - a traceback would print messages with passwords or rows
        typer.echo(f"daibieu: {describe_failure(error)}", err=True)
        raise SystemExit(1) from None


def _expect_free_port(settings: Settings) -> None:
    """Refuse a port in use at once, and not after the database has started."""
    family = AF_INET6 if ":" in settings.host else AF_INET
    with socket(family, SOCK_STREAM) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise SettingError(
                f"{where} cannot be used ({error.strerror}); choose another port with DAIBIEU_PORT"
            ) from None


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


def _build_app_for_document() -> "FastAPI":
    from api.app import create_app
    from api.http.identity import build_identify
    from service.vaults import Vault

    settings = Settings()
    return create_app(
        settings, Database("postgresql+asyncpg://nowhere/none"), Vault(bytes(32)), build_identify(settings)
    )
