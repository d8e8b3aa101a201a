"""Names are verb and noun in the plans' own words, and docs/glossary.md has those words."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .tree import files, read

Sources = Mapping[str, ast.Module]
"""Modules by their path from the root."""

NOT_IN_NAMES = {
    *("held", "holds", "hold", "told", "tells", "tell", "telling", "said", "says", "say", "saying"),
    *("shown", "shows", "show", "showing", "stands", "stand", "standing"),
    *("spoken", "meant", "borne", "bears"),
    *("whoever", "anew", "alike", "alive", "apart", "aside", "house", "frame", "climb", "board"),
}
"""Words that no name has in it: each has meant several things here."""
NOT_ALONE = {
    *("once", "settle", "given", "seen", "done", "made", "opening", "known", "started", "core", "home"),
    *("safety", "example"),
}
"""Words that name nothing by themselves, like every past participle (``settled``, ``opened``)."""
PARTICIPLE = re.compile(r"[a-z]+[^e]ed")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class GlossaryLine:
    """One line of the glossary: the names in code, and the modules that have them."""

    terms: tuple[str, ...]
    modules: tuple[str, ...]


def parse_sources(*folders: str) -> Sources:
    """The modules of some top folders."""
    return {
        path.as_posix(): ast.parse(read(path)) for path in files(".py") if path.as_posix().startswith(folders)
    }


def list_repeated_classes(sources: Sources) -> dict[str, list[str]]:
    """Public classes that several modules define, with these modules."""
    places = defaultdict(list)
    for path, module in sources.items():
        for node in module.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def is_clear_name(name: str) -> bool:
    """Whether a function may be called so."""
    words = name.strip("_").split("_")
    if len(words) == 1 and (words[0] in NOT_ALONE or PARTICIPLE.fullmatch(words[0])):
        return False
    return NOT_IN_NAMES.isdisjoint(words)


def list_bad_functions(sources: Sources) -> list[str]:
    """Functions and methods, nested ones too, whose name is not clear."""
    return [
        f"{path}: {node.name}"
        for path, module in sources.items()
        for node in ast.walk(module)
        if isinstance(node, FunctionNode) and not is_clear_name(node.name)
    ]


def list_glossary_lines(page: str) -> Iterator[GlossaryLine]:
    """The lines of all tables of a page; a cell has its names in backticks."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not line.startswith("|--") and cells[2:] != ["In code", "Where"]:
            assert len(cells) == 4, line
            terms, modules = (tuple(re.findall(r"`([^`]+)`", cell)) for cell in cells[2:])
            assert terms, line
            assert modules, line
            yield GlossaryLine(terms, modules)


def collect_names(statements: Iterable[ast.stmt]) -> set[str]:
    """What a body defines: classes, functions, constants and fields."""
    names = set()
    for node in statements:
        if isinstance(node, ast.ClassDef | FunctionNode):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def has_term(module: ast.Module, term: str) -> bool:
    """Whether a module defines a name, or a class of it the field or method after the dot."""
    name, _, member = term.partition(".")
    if not member:
        return name in collect_names(module.body)
    classes = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name == name]
    return any(member in collect_names(node.body) for node in classes)


def list_missing_terms(page: str, sources: Sources) -> list[str]:
    """Names that are in none of the modules beside them, and modules that have none of the names."""
    missing = []
    for line in list_glossary_lines(page):
        found = {
            (term, path)
            for term in line.terms
            for path in line.modules
            if path in sources and has_term(sources[path], term)
        }
        missing += [term for term in line.terms if term not in {term for term, _ in found}]
        missing += [path for path in line.modules if path not in {path for _, path in found}]
    return missing


def list_domain_nouns(sources: Sources) -> set[str]:
    """The parts of a plan, and the tables of the database."""
    return {
        node.name
        for path, module in sources.items()
        for node in module.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if path.startswith("domain/plans/") or any(each.arg == "table" for each in node.keywords)
    }


def test_no_class_name_is_used_twice() -> None:
    sources = parse_sources("domain/", "service/")
    assert {"domain/plans/plan.py", "service/quotas.py"} <= set(sources)
    assert list_repeated_classes(sources) == {}


def test_a_class_name_used_twice_is_noticed() -> None:
    sources = {
        "a.py": ast.parse("class Tie: ...\nclass _Row: ...\nclass Lot: ..."),
        "b.py": ast.parse("class Tie: ...\nclass _Row: ..."),
    }
    assert list_repeated_classes(sources) == {"Tie": ["a.py", "b.py"]}


def test_every_function_says_what_it_does() -> None:
    sources = parse_sources("domain/", "service/", "db/", "api/")
    assert {"domain/findings.py", "service/runs.py", "db/runs.py", "api/app.py"} <= set(sources)
    assert list_bad_functions(sources) == []


def test_an_unclear_name_is_noticed() -> None:
    code = """
        def lock_conference(): ...
        def _told(): ...
        async def list_held_seats(): ...
        def draw_seed(): ...
        class Tie:
            def settled(self): ...
            def settle_tie(self):
                def once(): ...
        def list_made_up_units(): ...
        def feed(): ...
    """
    module = ast.parse("if True:" + code)
    assert sorted(list_bad_functions({"a.py": module})) == [
        "a.py: _told",
        "a.py: list_held_seats",
        "a.py: once",
        "a.py: settled",
    ]


def test_every_term_of_the_glossary_is_in_the_code() -> None:
    page, sources = read("docs/glossary.md"), parse_sources("domain/", "service/", "db/", "api/")
    assert list_missing_terms(page, sources) == []
    assert len(list(list_glossary_lines(page))) > 150


def test_a_term_that_is_not_in_the_code_is_noticed() -> None:
    page = """
| Tiếng Việt | English | In code | Where |
|---|---|---|---|
| bốc thăm | lot | `Lot`, `Lot.order`, `Lot.draw`, `MOST` | `a.py` |
| phân bổ | split | `Lot.seed`, `split` | `a.py`, `b.py` |
| khối | bloc | `Bloc` | `c.py` |
""".strip()
    code = "class Lot:\n    order: int\n    def draw(self): ...\nMOST = 1\ndef other():\n    split = 1"
    sources = {"a.py": ast.parse(code), "b.py": ast.parse("def split(): ...")}
    assert list_missing_terms(page, sources) == ["Lot.seed", "a.py", "Bloc", "c.py"]


def test_every_part_of_a_plan_and_every_table_is_in_the_glossary() -> None:
    nouns = list_domain_nouns(parse_sources("domain/plans/", "db/"))
    assert {"Clause", "SeatGroup", "Conference", "Quota"} <= nouns
    terms = {term for line in list_glossary_lines(read("docs/glossary.md")) for term in line.terms}
    assert nouns - terms == set()


def test_only_tables_and_parts_of_a_plan_need_a_line() -> None:
    sources = {
        "db/quotas.py": ast.parse("class Quota(SQLModel, table=True): ...\nclass QuotaError(Exception): ..."),
        "domain/plans/plan.py": ast.parse("class Clause: ...\nclass _HasId: ..."),
    }
    assert list_domain_nouns(sources) == {"Quota", "Clause"}


def test_the_first_pages_link_to_the_glossary() -> None:
    for page in ("README.md", "README.vi.md", "CONTRIBUTING.md"):
        assert "](docs/glossary.md)" in read(page), page
