"""What the house asks of every file (docs/decisions/0001-floors.md)."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import importlinter.api  # noqa: F401 - configures the linter's parts
import pytest
from importlinter.application import use_cases

from .tree import ROOT, files, read

LONGEST = 400
LONGEST_ROUTE = 8
"""Lines of a route handler below its docstring."""
SHAPELESS = re.compile(r"(utils?|helpers?|managers?|base_.*|common|misc)(\.py)?")
TEXT = (
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".sql",
    ".lock",
    ".txt",
    ".csv",
    ".mako",
    ".sh",
    ".cfg",
    ".ini",
)
PLAIN = {"Makefile", "Dockerfile", ".dockerignore", ".editorconfig", ".gitignore", "run", "venv", "LICENSE"}
# Put together here, so that this file passes its own test.
HOMES = [rf"/{folder}/[a-z]" for folder in ("home", "Users")] + ["/" + "root/", r"[A-Z]:\\Users"]
REGISTRIES = [
    re.escape(".".join(host)) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
]
ORDINARY = {"app", "builds", "home", "mnt", "opt", "private", "root", "srv", "tmp", "usr", "var", "Users"}
"""Top folders that a text may name without meaning the one this tree stands in."""


def test_each_floor_imports_only_what_is_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert use_cases.lint_imports(config_filename="pyproject.toml", cache_dir=None)


def test_the_contracts_notice_a_breach_of_each(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    breaches = {
        "domain": "import random",
        "domain/one": "import domain.other",
        "domain/other": "import domain.one",
        "domain/verification": "import domain.apportionment",
        "db": "import api",
        "service": "import fastapi, sqlalchemy",
        "service/lists": "import domain.apportionment.solver, domain.composition.solver",
        "service/pool": "import domain.selection.search",
        "db/embedded": "import db.session",
        "db/session": "import db.embedded",
    }
    named = re.findall(r"(?:domain|db|service)(?:\.[a-z_]+)+", read("pyproject.toml"))
    packages = ["api", "service", "db", "domain", "migrations", *(name.replace(".", "/") for name in named)]
    for package in [*packages, *breaches]:
        (tmp_path / package).mkdir(exist_ok=True, parents=True)
        (tmp_path / package / "__init__.py").write_text(breaches.get(package, "") + "\n")
    (tmp_path / "service/settings/__init__.py").write_text("import sqlalchemy\n")
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    linted = subprocess.run([sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True)
    contracts = read("pyproject.toml").count("[[tool.importlinter.contracts]]")
    assert linted.returncode == 1
    assert f"Contracts: 0 kept, {contracts} broken." in linted.stdout, linted.stdout


def find_calls(tree: ast.AST, *names: str) -> list[int]:
    """The lines on which a method of one of these names is called."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_only_entry_points_open_transactions() -> None:
    entries = ("api/http/", "api/cli/", "api/worker.py", "api/health.py", "db/session.py")
    opened = {
        path.as_posix()
        for path in files(".py")
        if path.parts[0] in {"api", "service", "db", "domain"}
        if find_calls(ast.parse(read(path)), "transaction")
    }
    assert {"api/http/routes.py", "api/worker.py"} <= opened
    assert [path for path in sorted(opened) if not path.startswith(entries)] == []


def test_a_use_case_writes_rows_and_leaves_queries_to_db() -> None:
    queries = ("exec", "execute", "scalar", "scalars", "get_one", "refresh", "connection")
    found = [
        f"{path}:{line}"
        for path in files(".py")
        if path.parts[0] == "service"
        for line in find_calls(ast.parse(read(path)), *queries)
    ]
    assert found == []
    asked = [
        path.as_posix() for path in files(".py") if path.parts[0] == "service" if "session.get(" in read(path)
    ]
    assert asked == []


def test_a_file_ends_before_the_reader_tires() -> None:
    code = [path for path in files(".py", ".sql") if not path.as_posix().startswith("tests/")]
    assert {Path("domain/findings.py"), Path("migrations/sql/roles.sql")} <= set(code)
    assert [path for path in code if len(read(path).splitlines()) > LONGEST] == []


def count_body_lines(function: ast.AsyncFunctionDef) -> int:
    body = function.body[1 if ast.get_docstring(function) else 0 :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_route_loads_decides_and_answers_in_a_few_lines() -> None:
    handlers = {
        f"{path}:{each.name}": count_body_lines(each)
        for path in files(".py")
        if path.parts[0] == "api"
        for each in ast.walk(ast.parse(read(path)))
        if isinstance(each, ast.AsyncFunctionDef)
        and any(ast.unparse(decorator).startswith("router.") for decorator in each.decorator_list)
    }
    assert "api/units/routes.py:found_unit" in handlers
    assert {name: lines for name, lines in handlers.items() if lines > LONGEST_ROUTE} == {}


def test_every_module_is_called_after_what_it_holds() -> None:
    assert [path for path in files(".py") if any(SHAPELESS.fullmatch(part) for part in path.parts)] == []


def test_no_text_tells_of_a_machine() -> None:
    patterns = [*HOMES, *REGISTRIES]
    if len(ROOT.parts) > 2 and ROOT.parts[1] not in ORDINARY:
        patterns.append(re.escape(f"/{ROOT.parts[1]}/"))
    telling = re.compile("|".join(patterns))
    texts = [path for path in files() if path.suffix in TEXT or path.name in PLAIN]
    assert {Path("Makefile"), Path(".ci/run"), Path("README.md")} <= set(texts)
    assert {str(path): told[0] for path in texts if (told := telling.search(read(path)))} == {}
