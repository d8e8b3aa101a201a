"""A plugin of pytest: runs tests with rules switched off, and notes whether they fail for it.

``--switched-off FILE`` names a file with ``[[test, rule], …]``. Each of these tests is run once for each of
its rules; the rule is switched off during the call alone, so that fixtures are what they always are. Whether
they failed is written to the same file: ``[[test, rule, [outcome, …]], …]``, an outcome for each item of the
test. Only a failure in the test itself is one (``failed``); an error in the code is not (``broke``).
"""

import asyncio
import json
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from api.http.processes import ProcessPool
from db.session import Database
from tests.house.switches import SWITCHES, Function, Replacement
from tests.house.tree import ROOT

OURS = ("api", "service", "db", "domain", "tests")
RULE = pytest.StashKey[tuple[str, str]]()
"""The test and the rule of an item."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of this plugin."""
    parser.addoption("--switched-off", type=Path, metavar="FILE", required=True)


def pytest_configure(config: pytest.Config) -> None:
    """Read what is to be run."""
    config.pluginmanager.register(Switching(config.getoption("switched_off")), "daibieu-switching")


class Switching:
    """Runs each test once for each rule, and collects what came of it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        pairs: list[tuple[str, str]] = [(test, rule) for test, rule in json.loads(file.read_text("utf-8"))]
        self._outcomes: dict[tuple[str, str], list[str]] = {pair: [] for pair in pairs}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put in the place of each item one for each rule."""
        items[:] = [copy for item in items for copy in self._copy_item(item)]

    def _copy_item(self, item: pytest.Item) -> Iterator[pytest.Item]:
        for test, rule in self._outcomes:
            if item.nodeid == test or item.nodeid.startswith(f"{test}["):
                copy = copy_function(item)
                copy.stash[RULE] = (test, rule)
                yield copy

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Switch the rule off while the test is called."""
        _, rule = item.stash[RULE]
        with switch_off(rule, item):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what came of a call, or that a fixture failed."""
        if call.when == "call" or call.excinfo is not None:
            self._outcomes[item.stash[RULE]].append(judge_call(call))
        return (yield)

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        found = [[test, rule, outcomes] for (test, rule), outcomes in self._outcomes.items()]
        self._file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def copy_function(item: pytest.Item) -> pytest.Item:
    """The same test with the same parameters once more."""
    assert isinstance(item, pytest.Function)
    copy: pytest.Item = type(item).from_parent(
        item.parent,
        name=item.name,
        callspec=getattr(item, "callspec", None),
        callobj=item.obj,
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
    )
    copy.own_markers = list(item.own_markers)
    return copy


def judge_call(call: pytest.CallInfo[None]) -> str:
    """Whether a call passed, failed in the test, or broke elsewhere."""
    if call.excinfo is None:
        return "passed"
    if call.when != "call":
        return f"{call.when} broke: {call.excinfo.value!r}"
    place, error = Path(call.excinfo.traceback[-1].path), call.excinfo.value
    in_test = place.is_relative_to(ROOT / "tests") or isinstance(error, pytest.fail.Exception)
    is_fault = "500:" in str(error)[:4]
    return "failed" if in_test and not is_fault else f"broke: {error!r} in {place}"


@contextmanager
def switch_off(rule: str, item: pytest.Item) -> Iterator[None]:
    """Switch a rule off for one test."""
    switch = SWITCHES[rule]
    if switch.statements:
        assert isinstance(item, pytest.Function)
        database = item._request.getfixturevalue("database")
        change_database(database, *switch.statements)
    pool = (
        [Replacement("api.http.processes.ProcessPool.run", lambda _: compute_here)] if switch.inline else []
    )
    undo = [replace_everywhere(each) for each in (*switch.replacements, *pool)]
    forget_terms()
    try:
        yield
    finally:
        for each in undo:
            put_back(*each)
        forget_terms()


async def compute_here(_: ProcessPool, work: Function, *given: object, listen: Any = None) -> Any:
    """Compute in a thread of this process, where rules are switched off."""
    return await asyncio.to_thread(work, *given, *([listen] if listen else []))


def change_database(database: Database, *statements: str) -> None:
    """Change the schema of a database, beside the loop of the tests."""

    async def change() -> None:
        engine = create_async_engine(database.url)
        async with engine.begin() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, change()).result()


def replace_everywhere(replacement: Replacement) -> tuple[str, Any, Any]:
    """Put the stand-in wherever the definition was imported; the answer is what undoes it."""
    *path, last = replacement.name.split(".")
    owner = find_owner(path)
    original = getattr(owner, last)
    stand_in = replacement.build(original)
    if isinstance(owner, type):
        setattr(owner, last, stand_in)
    else:
        exchange(original, stand_in)
    return replacement.name, original, stand_in


def put_back(name: str, original: Any, stand_in: Any) -> None:
    """Undo a replacement, also where a module imported the stand-in since."""
    *path, last = name.split(".")
    owner = find_owner(path)
    if isinstance(owner, type):
        setattr(owner, last, original)
    else:
        exchange(stand_in, original)


def find_owner(path: list[str]) -> Any:
    """The module, or the class in one, that a definition stands in."""
    whole = ".".join(path)
    return sys.modules[whole] if whole in sys.modules else getattr(find_owner(path[:-1]), path[-1])


def exchange(old: Any, new: Any) -> None:
    """Put one object in the place of another in all our modules."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS:
            for key in [key for key, value in vars(module).items() if value is old]:
                setattr(module, key, new)


def forget_terms() -> None:
    """Terms of conferences are remembered, whatever rule they were derived by."""
    from service.conferences import case

    case._derive_terms.cache_clear()
