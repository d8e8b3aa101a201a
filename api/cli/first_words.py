"""What `serve` says before it begins, so that nobody wonders what takes so long."""

import os
from collections.abc import Iterator

import typer

from service.settings import Settings


def announce_start(settings: Settings) -> None:
    """Say what the start will do, and at the first start how long it takes."""
    first = not settings.embedded_folder.exists()
    for line in _describe_first_start(settings) if first else _describe_start(settings):
        typer.echo(f"daibieu: {line}")


def _describe_first_start(settings: Settings) -> Iterator[str]:
    cores = os.cpu_count() or 1
    seconds = "ten seconds" if cores > 1 else "twenty seconds"
    yield f"first start: about {seconds} on this machine ({cores} processor cores); it installs nothing, and"
    yield f"  1. makes a PostgreSQL database in {settings.embedded_folder.absolute()}, without a port"
    yield "  2. makes its tables"
    yield f"  3. makes a master key and two keys for people, in {settings.data.absolute()}"
    yield f"  4. starts the API on {settings.host}:{settings.port}, and a worker"
    yield "  5. loads the example of Sóc Trăng through the API and allocates its seats"
    yield "only this machine can reach it; to start from nothing again, stop it and remove the folder"


def _describe_start(settings: Settings) -> Iterator[str]:
    yield f"starting with the data in {settings.data.absolute()}"
