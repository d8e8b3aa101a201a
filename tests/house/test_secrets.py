"""What must not be known stands in no representation, no message and no log."""

import ast
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from socket import socket

import asyncpg
import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from api.cli import main as cli
from api.cli.local_keys import LocalKeys
from api.http import limits
from api.http.attempts import MAX_REMEMBERED, Attempts
from api.http.cursors import Sealer
from api.http.retries import KeyedRequest
from db.session import Database
from domain.findings import MOST_FINDINGS
from domain.verification.allocation import MOST_COMPONENTS
from service import keys
from service.formats.unit_files.sheets import DEFAULT_LIMITS
from service.settings import SettingError, Settings
from service.vaults import Vault, build_vault
from tests.house.tree import ROOT, read

Command = Callable[..., tuple[int, str]]
PASSWORD = "mat-khau-qzxw"
MASTER = b"0123456789abcdef0123456789qzxwqz"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command of the service: its exit status, and all that it says."""

    def run(words: str, **environ: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["daibieu", *words.split()])
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run


def test_nothing_that_holds_a_secret_shows_it() -> None:
    key = keys.mint_key()
    presented = keys.read_key(key)
    assert presented
    shown = [
        Settings(database_url=f"postgresql+asyncpg://u:{PASSWORD}@h/d"),
        Database(f"postgresql+asyncpg://u:{PASSWORD}@h/d").engine,
        Vault(MASTER),
        Sealer(MASTER),
        LocalKeys(key, key, Path("x"), Path("x"), made=True),
        presented,
        KeyedRequest(None, "k", MASTER),  # type: ignore[arg-type]  # the request is not looked at
        Attempts(),
    ]
    for each in shown:
        for text in (repr(each), str(each)):
            assert PASSWORD not in text
            assert "qzxw" not in text
            assert key[20:] not in text
            assert presented.digest.hex()[:16] not in text.lower()
            assert repr(presented.digest)[2:12] not in text


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+asyncpg://user:{PASSWORD}@host:port/d",
        f"postgresql+asyncpg://user:pass/{PASSWORD}@127.0.0.1:1/d",
        f"postgres://user:{PASSWORD}@host/d",
        f"postgresql+psycopg://user:{PASSWORD}@host/d",
        f"postgresql+asyncpg:/user:{PASSWORD}@host/d",
        PASSWORD,
    ],
)
def test_an_address_that_is_none_is_refused_without_being_said(url: str, command: Command) -> None:
    status, said = command("migrate", DAIBIEU_MODE="server", DAIBIEU_DATABASE_URL=url)
    assert status in (1, 2)
    assert PASSWORD not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("words", ["migrate", "audit verify", "access key auditor x --name X --source X"])
def test_a_command_that_fails_says_what_is_the_matter_and_no_secret(words: str, command: Command) -> None:
    url = f"postgresql+asyncpg://user:{PASSWORD}@127.0.0.1:1/d"
    status, said = command(words, DAIBIEU_MODE="server", DAIBIEU_DATABASE_URL=url)
    assert status == 1
    assert "daibieu: the database cannot be reached" in said
    assert PASSWORD not in said
    assert "Traceback" not in said


def test_a_failing_statement_is_told_by_its_kind_alone(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a database's error the message, its detail and what was bound may hold a row."""

    def fail(*_: object) -> None:
        refused = asyncpg.UniqueViolationError(f"Key (name)=({PASSWORD})")
        raise IntegrityError("INSERT", {"name": PASSWORD}, refused) from refused

    monkeypatch.setattr("db.migration.upgrade_database", fail)
    url = f"postgresql+asyncpg://user:{PASSWORD}@127.0.0.1:1/d"
    status, said = command("migrate", DAIBIEU_MODE="server", DAIBIEU_DATABASE_URL=url)
    assert (status, PASSWORD in said) == (1, False)
    assert "IntegrityError < UniqueViolationError 23505 at" in said


def test_a_master_key_that_is_none_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(MASTER)
    with pytest.raises(SettingError) as refused:
        build_vault(Settings("server", master_key_file=tmp_path / "key"))
    assert "qzxw" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_service_that_starts_says_nothing_of_what_it_was_given(tmp_path: Path) -> None:
    """With a database that is out of reach, so that there is something to complain of as well."""
    (tmp_path / "key").write_bytes(b64encode(MASTER))
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DAIBIEU_")},
        "PYTHONPATH": str(ROOT),
        "DAIBIEU_MODE": "server",
        "DAIBIEU_PORT": str(port),
        "DAIBIEU_DATABASE_URL": f"postgresql+asyncpg://user:{PASSWORD}@127.0.0.1:1/d",
        "DAIBIEU_MASTER_KEY_FILE": str(tmp_path / "key"),
    }
    command = [sys.executable, "-m", "api.cli", "serve"]
    key = keys.mint_key()
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        said = server.stdout.readline()
        while "Uvicorn running" not in said:
            said += server.stdout.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            answer = client.get("/v1/units", headers={"Authorization": f"Bearer {key}"})
        server.terminate()
        said += server.stdout.read()
    assert answer.status_code == 503
    assert '"status": 503' in said
    for secret in (PASSWORD, "qzxw", b64encode(MASTER).decode()[:12], key[:20], "127.0.0.1:1/"):
        assert secret not in said + answer.text


@pytest.mark.parametrize("module", ["service/keys.py", "api/http/retries.py"])
def test_secrets_are_compared_in_constant_time(module: str) -> None:
    """Seen in the source, since clocks prove nothing: no digest stands beside ``==`` or ``in``."""
    secret = {"digest", "request_digest", "secret"}
    compared = [
        node
        for node in ast.walk(ast.parse(read(module)))
        if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.Is | ast.IsNot)
    ]
    names = {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for node in compared
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute | ast.Name)
    }
    assert names & secret == set()
    assert "compare_digest(" in read(module)


def test_the_page_on_security_has_the_limits_as_they_are() -> None:
    page, files = read("docs/security.md"), DEFAULT_LIMITS
    stated = (
        f"{limits.BODY_LIMIT >> 20} MiB, files and large calculations {limits.UPLOAD_LIMIT >> 20} MiB",
        f"{limits.MAX_DEPTH} levels, one value for each {limits.BYTES_PER_VALUE} bytes",
        f"integers of {limits.MAX_NUMBER_LENGTH} characters",
        f"{files.rows:,} rows, {files.columns} columns, a million cells of area, {files.cell:,} char",
        f"{files.inflated >> 20} MiB unpacked, styles {files.styles >> 20} MiB, {files.parts:,} parts",
        f"the first {MOST_FINDINGS:,} faults",
        f"{MOST_COMPONENTS} components",
        f"{Settings().failed_attempts} at once and {Settings().failed_attempts} a minute",
        f"({MAX_REMEMBERED:,} addresses and credentials",
    )
    assert [each for each in stated if each not in page] == []
    assert DEFAULT_LIMITS.area == 1_000_000
