"""What was tested is what is installed, from any index (docs/decisions/0006-dependency-lock-files.md)."""

import json
import re
import tomllib
from itertools import groupby

import pytest

from .tree import read

LOCKS = ("requirements.lock", "requirements-dev.lock")
EVERY_LOCK = (*LOCKS, "requirements-node.lock")
REQUIREMENT = re.compile(
    r"(?P<pin>[a-z0-9-]+(\[[a-z,-]+\])?==\S+( ; .+?)?)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)


def pins(lock: str) -> dict[str, frozenset[str]]:
    """Requirement (name, version, marker) → its hashes; anything else in the file is an error."""
    found = {}
    for line in re.sub(r" \\\n +", " ", read(lock)).splitlines():
        requirement = REQUIREMENT.fullmatch(line)
        assert requirement, f"not a version pinned with its hashes: {line[:80]}"
        found[requirement["pin"]] = frozenset(requirement["hashes"].split())
    return found


def name(requirement: str) -> str:
    return re.split(r"[^a-z0-9-]", re.sub("[_.]", "-", requirement.lower()), maxsplit=1)[0]


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_every_requirement_has_a_version_and_hashes(lock: str) -> None:
    assert len(pins(lock)) > (20 if lock in LOCKS else 0)


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert not re.search(r"://|^ *-(-index|-extra-index|-find-links|i |f )|@ ", read(lock), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_package_is_pinned_twice_for_the_same_python(lock: str) -> None:
    for package, group in groupby(sorted(pins(lock)), key=name):
        requirements = list(group)
        assert len(requirements) == 1 or all(" ; " in one for one in requirements), package


def test_development_has_all_that_the_service_has() -> None:
    service, development = map(pins, LOCKS)
    assert service.items() <= development.items()


def test_the_locks_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    service, development = ({name(pin) for pin in pins(lock)} for lock in LOCKS)
    assert {name(wanted) for wanted in project["project"]["dependencies"]} <= service
    assert {name(wanted) for wanted in project["dependency-groups"]["dev"]} <= development


def test_the_font_is_pinned_by_its_hash_from_any_registry() -> None:
    lock = json.loads(read(".ci/fonts/package-lock.json"))
    asked = json.loads(read(".ci/fonts/package.json"))["dependencies"]
    for package_name, version in asked.items():
        package = lock["packages"][f"node_modules/{package_name}"]
        assert package["version"] == version
        assert package["integrity"].startswith("sha512-")
    assert "://" not in read(".ci/fonts/package-lock.json")
