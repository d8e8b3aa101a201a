"""The image and the Compose file: safe by default, and made for the service as it is."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from service.settings import Settings

from .tree import ROOT, files, read

GIVEN = {
    "DAIBIEU_OWNER_PASSWORD": "owner-of-the-test",
    "DAIBIEU_SERVICE_PASSWORD": "service-of-the-test",
    "DAIBIEU_MASTER_KEY_FILE": "master.key",
}
"""What an operator must say; the test data of a deployment."""


def steps() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest), comments dropped and lines joined."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def final() -> list[tuple[str, str]]:
    """The steps of the last stage."""
    last = max(i for i, (step, _) in enumerate(steps()) if step == "FROM")
    return steps()[last:]


def image_environment() -> dict[str, str]:
    pairs = [pair.partition("=") for step, rest in final() if step == "ENV" for pair in rest.split()]
    return {name: value for name, _, value in pairs}


def interpolate(text: str, given: dict[str, str]) -> str:
    """Compose's own rules: ``${NAME:?message}``, ``${NAME:-default}``, ``$$``."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        if given.get(found["name"]):
            return given[found["name"]]
        if found["how"] == ":-":
            return found["rest"]
        raise KeyError(found["name"])

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?P<how>:[?-])(?P<rest>[^}]*)\}", value, text)


def compose(given: dict[str, str] | None = None) -> Any:
    """The Compose file as Compose would read it."""
    body = "".join(line for line in read("docker-compose.yml").splitlines(True) if line.lstrip()[:1] != "#")
    return yaml.safe_load(interpolate(body, GIVEN if given is None else given))


def test_the_image_is_pinned_and_built_in_stages() -> None:
    stages = [rest for step, rest in steps() if step == "FROM"]
    assert len(stages) == 3
    assert all(re.fullmatch(r"(python:3\.|node:)\d+-slim( AS [a-z]+)?", stage) for stage in stages)


def test_the_image_has_the_python_that_is_tried_first_here() -> None:
    tried = re.search(r"pick (python3\.\d+)", read(".ci/venv"))
    assert tried
    assert final()[0][1] == f"{tried[1].replace('python', 'python:')}-slim"


def test_the_image_installs_by_hash() -> None:
    installs = [rest for step, rest in steps() if step == "RUN" and "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes -r requirements.lock" in installs[0]


def test_the_image_runs_as_nobody_in_particular() -> None:
    order = [step for step, _ in final()]
    users = [rest for step, rest in final() if step == "USER"]
    assert users == ["10001:10001"]
    assert not {"RUN", "COPY", "ADD"} & set(order[order.index("USER") :])


def test_the_image_takes_the_floors_and_nothing_else() -> None:
    copied = [rest.split()[0] for step, rest in final() if step == "COPY" and "--from" not in rest]
    others = {"tests", ".ci", "attacks", "benchmarks", "examples", "docs"}
    floors = {path.parts[0] for path in files(".py")} - others
    assert set(copied) == floors
    let_in = read(".dockerignore").splitlines()
    assert let_in[1] == "*"
    assert {line for line in let_in if line[0] == "!"} == {f"!{name}/" for name in floors} | {
        "!requirements.lock",
        "!.ci/fonts/",
    }


def test_the_image_gets_its_font_by_hash() -> None:
    (install,) = [rest for step, rest in steps() if step == "RUN" and "npm" in rest]
    assert install.startswith("npm ci --ignore-scripts ")


def test_the_image_keeps_no_secret() -> None:
    told = [rest for step, rest in steps() if step in ("ENV", "ARG", "LABEL")]
    assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY|URL", " ".join(told))


def test_every_way_in_is_the_same_program() -> None:
    entry = json.loads(dict(final())["ENTRYPOINT"])
    assert entry == ["python", "-m", "api.cli"]
    assert "-m api.cli serve" in read("Makefile")
    assert 'daibieu = "api.cli.main:main"' in read("pyproject.toml")


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on a port of its own that answers ``/livez`` with ``status`` and all else with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/livez" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_tells_well_from_ill(status: int, healthy: bool) -> None:
    check = json.loads(dict(final())["HEALTHCHECK"].partition(" CMD ")[2])
    with answering(status) as port:
        # A proxy in the environment must not come between.
        environ = {"DAIBIEU_PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
        asked = subprocess.run([sys.executable, *check[1:]], env=environ, capture_output=True)
    assert (asked.returncode == 0) is healthy


def test_compose_follows_its_specification() -> None:
    schema = json.loads(read("tests/house/data/compose-spec.json"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(compose())] == []


def has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and not subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    )


@pytest.mark.skipif(not has_compose(), reason="docker compose is not here")
def test_compose_reads_it_too() -> None:
    command = ["docker", "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    read_by = subprocess.run(command, env={**os.environ, **GIVEN}, capture_output=True, text=True)
    assert read_by.returncode == 0, read_by.stderr


@pytest.mark.parametrize("missing", GIVEN)
def test_nothing_starts_without_its_secrets(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        compose({name: value for name, value in GIVEN.items() if name != missing})


def test_only_what_is_no_secret_has_a_default() -> None:
    asked = re.findall(r"\$\{(\w+)(:?[?-])?", read("docker-compose.yml"))
    assert {name for name, how in asked if how != ":?"} == {
        "DAIBIEU_PORT",
        "DAIBIEU_OIDC_ISSUER",
        "DAIBIEU_OIDC_AUDIENCE",
        "DAIBIEU_TRUSTED_PROXIES",
    }


@pytest.mark.parametrize("name", ["migrate", "service", "worker"])
def test_the_environment_is_what_the_settings_read(name: str) -> None:
    environ = image_environment() | compose()["services"][name]["environment"]
    ours = {word for word in environ if word.startswith("DAIBIEU_")}
    assert ours <= set(re.findall(r"DAIBIEU_\w+", read("service/settings.py")))
    settings = Settings.read(environ)
    assert (settings.mode, settings.host, settings.port) == ("server", "0.0.0.0", 8000)
    key = None if name == "migrate" else Path("/run/secrets/master_key")
    assert settings.master_key_file == key, (
        "migrations need no key, and what they do not need they do not get"
    )


def test_the_service_waits_for_its_migrations_and_makes_none() -> None:
    services = compose()["services"]
    assert services["service"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert services["migrate"]["command"] == ["migrate"]
    assert services["migrate"]["restart"] == "no"
    assert json.loads(dict(final())["CMD"]) == ["serve"]


def test_data_outlive_the_container() -> None:
    document = compose()
    assert document["services"]["postgres"]["image"].startswith("postgres:18")
    # From version 18 on the image keeps its data one folder higher than before.
    assert document["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert "postgres" in document["volumes"]


def test_only_the_service_is_reached_and_only_from_this_machine() -> None:
    document = compose()
    published = {name: service.get("ports", []) for name, service in document["services"].items()}
    assert published.pop("service") == ["127.0.0.1:8000:8000"]
    assert published == {"postgres": [], "migrate": [], "worker": []}
    assert document["services"]["postgres"]["networks"] == ["inside"]
    assert document["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", ["migrate", "service", "worker"])
def test_the_containers_may_do_little(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # the image's own
