"""What an operator sets, all of it through the environment (docs/settings.md lists it)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from domain.composition.release import THRESHOLD

LOOPBACK = ("localhost", "127.0.0.1", "::1")

LEAST_THRESHOLD = 3
"""The least that any statistical office asks for (``domain.composition.release``)."""

Mode = Literal["local", "server"]


class SettingError(ValueError):
    """A setting that is missing or cannot be right; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``local`` mode is for one's own machine: embedded database, keys made on first use.

    In ``server`` mode nothing is made up: the database and the master key must be given.
    """

    mode: Mode = "local"
    database_url: str | None = None
    data: Path = Path(".daibieu")
    master_key_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_port: int | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    cors_origins: tuple[str, ...] = field(default=())
    release_threshold: int = THRESHOLD
    next_master_key_file: Path | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The settings of this process."""
        mode = environ.get("DAIBIEU_MODE", "local")
        if mode not in ("local", "server"):
            raise SettingError("DAIBIEU_MODE is neither 'local' nor 'server'")
        settings = cls(
            mode="local" if mode == "local" else "server",
            database_url=environ.get("DAIBIEU_DATABASE_URL") or None,
            data=Path(environ.get("DAIBIEU_DATA", ".daibieu")),
            master_key_file=_path(environ, "DAIBIEU_MASTER_KEY_FILE"),
            host=environ.get("DAIBIEU_HOST", "127.0.0.1"),
            port=_port(environ, "DAIBIEU_PORT") or 8000,
            metrics_port=_port(environ, "DAIBIEU_METRICS_PORT"),
            oidc_issuer=environ.get("DAIBIEU_OIDC_ISSUER") or None,
            oidc_audience=environ.get("DAIBIEU_OIDC_AUDIENCE") or None,
            cors_origins=tuple(environ.get("DAIBIEU_CORS_ORIGINS", "").split()),
            release_threshold=_threshold(environ),
            next_master_key_file=_path(environ, "DAIBIEU_NEXT_MASTER_KEY_FILE"),
        )
        if settings.mode == "server":
            settings.require("DAIBIEU_DATABASE_URL", settings.database_url)
        elif not settings.loopback:
            raise SettingError(
                "local mode is for this machine alone: DAIBIEU_HOST must be a loopback address"
            )
        settings.check_provider()
        return settings

    def check_provider(self) -> None:
        """Stop where a provider of identities is half named, or could be answered for by somebody else."""
        if self.oidc_issuer is None:
            return
        if not trusted(self.oidc_issuer):
            raise SettingError("DAIBIEU_OIDC_ISSUER must be an https address")
        if self.oidc_audience is None:
            raise SettingError("DAIBIEU_OIDC_AUDIENCE must be set beside DAIBIEU_OIDC_ISSUER")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    @staticmethod
    def require(name: str, value: object) -> None:
        """Stop when a setting that the mode needs was not given."""
        if value is None:
            raise SettingError(f"{name} must be set in server mode")


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name)
    return Path(text) if text else None


def _threshold(environ: Mapping[str, str]) -> int:
    text = environ.get("DAIBIEU_RELEASE_THRESHOLD") or str(THRESHOLD)
    if not text.isdecimal() or not LEAST_THRESHOLD <= int(text) <= 1000:
        raise SettingError(f"DAIBIEU_RELEASE_THRESHOLD is not a number from {LEAST_THRESHOLD} to 1000")
    return int(text)


def _port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name)
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} is not a port number")
    return int(text)


def trusted(url: str) -> bool:
    """Whether nobody in between can answer for an address: HTTPS, or this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
