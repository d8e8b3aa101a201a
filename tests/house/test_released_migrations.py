"""A migration that was released is never changed (docs/decisions/0014-a-released-migration-stays.md)."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from db.migration import NEVER_RELEASED

from .tree import ROOT

HERE = ROOT / "migrations"


def find_changed(folder: Path) -> list[str]:
    """The released files under ``folder`` that are missing or no longer what was released."""
    return [name for name, digest in read_released(folder).items() if digest_file(folder / name) != digest]


def find_unlisted(folder: Path) -> list[str]:
    """The scripts that a released step runs and that are not listed with it."""
    released = read_released(folder)
    steps = [folder / name for name in released if name.startswith("versions/")]
    said = "".join(step.read_text(encoding="utf-8") for step in steps if step.is_file())
    scripts = [path.relative_to(folder).as_posix() for path in sorted((folder / "sql").rglob("*.sql"))]
    run = [name for name in scripts if f'"{name.removeprefix("sql/").removesuffix(".sql")}"' in said]
    return [name for name in run if name not in released]


def read_released(folder: Path) -> dict[str, str]:
    """File → SHA-256, of all that was released."""
    files: dict[str, str] = tomllib.loads((folder / "released.toml").read_text(encoding="utf-8"))["files"]
    return files


def digest_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def test_released_migrations_are_as_they_were_released() -> None:
    assert find_changed(HERE) == []


def test_what_a_released_step_runs_is_listed_with_it() -> None:
    assert find_unlisted(HERE) == []


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder of migrations, one of which was released."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "sql" / "tables").mkdir(parents=True)
    (tmp_path / "versions" / "0101_tables.py").write_text('run_scripts("tables/units")\n')
    (tmp_path / "versions" / "0201_later.py").write_text('run_scripts("later")\n')
    (tmp_path / "sql" / "tables" / "units.sql").write_text("CREATE TABLE unit ();\n")
    (tmp_path / "sql" / "later.sql").write_text("CREATE TABLE later ();\n")
    names = ("versions/0101_tables.py", "sql/tables/units.sql")
    lines = [f'"{name}" = "{digest_file(tmp_path / name)}"' for name in names]
    (tmp_path / "released.toml").write_text("\n".join(["[files]", *lines, ""]))
    return tmp_path


def test_what_was_released_and_not_touched_passes(release: Path) -> None:
    (release / "sql" / "later.sql").write_text("CREATE TABLE latest ();\n")
    assert (find_changed(release), find_unlisted(release)) == ([], [])


@pytest.mark.parametrize("name", ["versions/0101_tables.py", "sql/tables/units.sql"])
def test_a_released_file_that_changes_by_one_space_is_noticed(release: Path, name: str) -> None:
    (release / name).write_text((release / name).read_text() + " ")
    assert find_changed(release) == [name]


@pytest.mark.parametrize("name", ["versions/0101_tables.py", "sql/tables/units.sql"])
def test_a_released_file_that_is_gone_is_noticed(release: Path, name: str) -> None:
    (release / name).unlink()
    assert find_changed(release) == [name]


def test_a_script_that_the_list_of_a_release_forgot_is_noticed(release: Path) -> None:
    listed = (release / "released.toml").read_text().splitlines()
    (release / "released.toml").write_text("\n".join(line for line in listed if "sql/" not in line))
    assert find_unlisted(release) == ["sql/tables/units.sql"]


def test_revisions_that_were_never_released_are_used_by_no_file() -> None:
    steps = [path.name for path in (HERE / "versions").glob("*.py")]
    assert steps
    assert [name for name in steps if name.partition("_")[0] in NEVER_RELEASED] == []
