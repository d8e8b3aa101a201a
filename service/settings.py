"""Settings by the operator, all through environment variables (listed in docs/settings.md)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from domain.composition.release import RELEASE_THRESHOLD

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")

LEAST_THRESHOLD = 3
"""The smallest threshold of any statistical office (``domain.composition.release``)."""

TOKEN_MINUTES = 24 * 60
"""For how many minutes from now a token may be valid, unless the operator says otherwise."""

Mode = Literal["local", "server"]

LIMITS: Mapping[str, int] = {
    "DAIBIEU_DATABASE_CONNECTIONS": 20,
    "DAIBIEU_LOCK_SECONDS": 10,
    "DAIBIEU_STATEMENT_SECONDS": 120,
    "DAIBIEU_IDLE_SECONDS": 60,
    "DAIBIEU_HEAD_SECONDS": 20,
    "DAIBIEU_BODY_SECONDS": 20,
    "DAIBIEU_STOP_SECONDS": 20,
}
"""The usual limits, each at least 1 (docs/settings.md)."""


class SettingError(ValueError):
    """A setting that is missing or invalid; the message names it and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``local`` mode is for one's own machine: embedded database, keys created at first use.

    In ``server`` mode nothing is created: the database and the master key must be given.
    """

    mode: Mode = "local"
    database_url: str | None = field(default=None, repr=False)  # with a password
    data: Path = Path(".daibieu")
    master_key_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_port: int | None = None
    worker_port: int | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    token_minutes: int = TOKEN_MINUTES
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    failed_attempts: int = 30
    release_threshold: int = RELEASE_THRESHOLD
    next_master_key_file: Path | None = None
    postgres_user: str | None = None
    database_connections: int = LIMITS["DAIBIEU_DATABASE_CONNECTIONS"]
    lock_seconds: int = LIMITS["DAIBIEU_LOCK_SECONDS"]
    statement_seconds: int = LIMITS["DAIBIEU_STATEMENT_SECONDS"]
    idle_seconds: int = LIMITS["DAIBIEU_IDLE_SECONDS"]
    head_seconds: int = LIMITS["DAIBIEU_HEAD_SECONDS"]
    body_seconds: int = LIMITS["DAIBIEU_BODY_SECONDS"]
    stop_seconds: int = LIMITS["DAIBIEU_STOP_SECONDS"]

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The settings of this process."""
        mode = environ.get("DAIBIEU_MODE", "local")
        if mode not in ("local", "server"):
            raise SettingError("DAIBIEU_MODE is neither 'local' nor 'server'")
        settings = cls(
            mode="local" if mode == "local" else "server",
            database_url=_read_database_url(environ.get("DAIBIEU_DATABASE_URL") or None),
            data=Path(environ.get("DAIBIEU_DATA", ".daibieu")),
            master_key_file=_read_path(environ, "DAIBIEU_MASTER_KEY_FILE"),
            host=environ.get("DAIBIEU_HOST", "127.0.0.1"),
            port=_read_port(environ, "DAIBIEU_PORT") or 8000,
            metrics_port=_read_port(environ, "DAIBIEU_METRICS_PORT"),
            worker_port=_read_port(environ, "DAIBIEU_WORKER_PORT"),
            oidc_issuer=environ.get("DAIBIEU_OIDC_ISSUER") or None,
            oidc_audience=environ.get("DAIBIEU_OIDC_AUDIENCE") or None,
            token_minutes=_read_number(environ, "DAIBIEU_TOKEN_MINUTES", TOKEN_MINUTES),
            cors_origins=tuple(map(_read_origin, _read_words(environ, "DAIBIEU_CORS_ORIGINS"))),
            trusted_proxies=tuple(map(_read_network, _read_words(environ, "DAIBIEU_TRUSTED_PROXIES"))),
            failed_attempts=_read_number(environ, "DAIBIEU_FAILED_ATTEMPTS", 30),
            release_threshold=_read_threshold(environ),
            next_master_key_file=_read_path(environ, "DAIBIEU_NEXT_MASTER_KEY_FILE"),
            postgres_user=environ.get("DAIBIEU_POSTGRES_USER") or None,
            **_read_limits(environ),
        )
        if settings.mode == "server":
            settings.expect_setting("DAIBIEU_DATABASE_URL", settings.database_url)
        elif not settings.is_loopback:
            raise SettingError(
                "local mode is for this machine alone: DAIBIEU_HOST must be a loopback address"
            )
        settings.expect_valid_provider()
        return settings

    def expect_valid_provider(self) -> None:
        """Raise for an identity provider with only some of its settings, or without a secure address."""
        if self.oidc_issuer is None:
            return
        if not is_secure_url(self.oidc_issuer) or (
            self.mode == "server" and urlsplit(self.oidc_issuer).scheme != "https"
        ):
            raise SettingError("DAIBIEU_OIDC_ISSUER must be an https address")
        if self.token_minutes == 0:
            raise SettingError("DAIBIEU_TOKEN_MINUTES must be at least 1")
        if self.oidc_audience is None:
            raise SettingError("DAIBIEU_OIDC_AUDIENCE must be set beside DAIBIEU_OIDC_ISSUER")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    @property
    def embedded_folder(self) -> Path:
        """The folder of the embedded database."""
        return self.data / "postgres"

    def make_data_folder(self) -> None:
        """Make the data folder unless it is there."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingError(
                f"DAIBIEU_DATA: {self.data} cannot be created as a folder ({error.strerror})"
            ) from None

    @staticmethod
    def expect_setting(name: str, value: object) -> None:
        """Raise where a setting that the mode needs is missing."""
        if value is None:
            raise SettingError(f"{name} must be set in server mode")


def _read_path(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name)
    return Path(text) if text else None


def _read_threshold(environ: Mapping[str, str]) -> int:
    text = environ.get("DAIBIEU_RELEASE_THRESHOLD") or str(RELEASE_THRESHOLD)
    if not text.isdecimal() or not LEAST_THRESHOLD <= int(text) <= 1000:
        raise SettingError(f"DAIBIEU_RELEASE_THRESHOLD is not a number from {LEAST_THRESHOLD} to 1000")
    return int(text)


def _read_port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name)
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} is not a port number")
    return int(text)


def _read_database_url(url: str | None) -> str | None:
    """The address of a database. The message for an invalid one does not repeat it, for its password."""
    try:
        fits = url is None or make_url(url).drivername == "postgresql+asyncpg"
    except (ArgumentError, ValueError):
        fits = False
    if not fits:
        raise SettingError(
            "DAIBIEU_DATABASE_URL must read postgresql+asyncpg://user:password@host/database, "
            "with @ : / # in the password written as %40 %3A %2F %23"
        )
    return url


def _read_words(environ: Mapping[str, str], name: str) -> list[str]:
    return (environ.get(name) or "").split()


_ORIGIN_PATTERN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def _read_origin(text: str) -> str:
    """An origin as browsers send it: scheme and host only; ``*`` would allow every page."""
    if not _ORIGIN_PATTERN.fullmatch(text) or not is_secure_url(text):
        raise SettingError(
            "DAIBIEU_CORS_ORIGINS takes origins such as https://web.example: https (http on this machine), "
            "the host in lower case, a port where it is not the usual one, no path and no *"
        )
    return text


def _read_network(text: str) -> str:
    """One address or a network, but not all addresses."""
    try:
        network = ip_network(text)
    except ValueError:
        network = None
    if network is None or network.prefixlen == 0:
        raise SettingError(
            "DAIBIEU_TRUSTED_PROXIES takes addresses and networks such as 10.0.0.2 or 10.0.0.0/28"
        )
    return text


def _read_limits(environ: Mapping[str, str]) -> dict[str, int]:
    """The limits by the names of their fields."""
    found = {name: _read_number(environ, name, usual) for name, usual in LIMITS.items()}
    for name, limit in found.items():
        if limit == 0:
            raise SettingError(f"{name} must be at least 1")
    return {name.removeprefix("DAIBIEU_").lower(): limit for name, limit in found.items()}


def _read_number(environ: Mapping[str, str], name: str, usual: int) -> int:
    text = environ.get(name) or str(usual)
    if not text.isdecimal() or len(text) > 6:
        raise SettingError(f"{name} is not a whole number")
    return int(text)


def is_secure_url(url: str) -> bool:
    """Whether nobody can answer in place of an address: HTTPS, or this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)
