"""Docstrings and documents name only what exists."""

import ast
import builtins
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from .tree import files, read

PACKAGES = ("domain/", "db/", "service/", "api/")

ROLE = re.compile(r":(?:func|class|mod|meth|data|attr|exc):`~?([^`]+)`")
LITERAL = re.compile(r"(?<![:`])``([^`]+)``(?!`)|(?<![:`])`([^`]+)`(?!`)")
CAMEL = re.compile(r"_?[A-Z][a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*(?:\.\w+)?")
CONSTANT = re.compile(r"_?[A-Z0-9]+(?:_[A-Z0-9]+)+")
SNAKE = re.compile(r"_?[a-z0-9]+(?:_[a-z0-9]+)+")
DOTTED = re.compile(r"(?:domain|db|service|api|tests|benchmarks)(?:\.\w+)+")
PYTHON_FILE = re.compile(r"[\w/]+\.py")
NAMES_IN_FILE = re.compile(r"((?:`\w+`(?:, | and ))*`\w+`) in `([\w/]+\.py)`")
PACKAGE_TABLE = re.compile(r"\| module of `([\w.]+)` \|")
BLOCK = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
DATA = (".sql", ".toml", ".yaml", ".yml", ".json")
DEFINITION = re.compile(r"^(?:async )?(?:def|class) (\w+)", re.MULTILINE)
WORDS = re.compile(r"[^\W\d]\w*")

FOREIGN = {
    *("log_statement", "pg_dump"),  # PostgreSQL
}
"""Names that documents mention and that no code of ours uses."""


@dataclass(frozen=True)
class Names:
    """What exists: modules with the names in each, members of classes, and every word that code uses."""

    modules: Mapping[str, set[str]]
    members: Mapping[str, set[str]]
    words: set[str]
    paths: set[str] = field(default_factory=set)

    def has_dotted(self, name: str) -> bool:
        """Whether ``name`` is a module, or what a module defines, or a member of a class there."""
        if name in self.modules:
            return True
        owner, _, last = name.rpartition(".")
        if owner in self.modules:
            return last in self.modules[owner]
        module, _, class_name = owner.rpartition(".")
        return class_name in self.modules.get(module, ()) and last in self.members.get(class_name, ())

    def has_member(self, name: str) -> bool:
        """Whether a class with that member, or a name without a dot, exists in any module."""
        owner, _, member = name.partition(".")
        if member:
            return member in self.members.get(owner, ())
        return any(owner in names for names in self.modules.values())


def list_targets(node: ast.AST) -> Iterator[str]:
    """The names that one statement gives to its scope."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((each.asname or each.name).partition(".")[0] for each in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
    elif isinstance(node, ast.If | ast.Try):
        for each in ast.iter_child_nodes(node):
            yield from list_targets(each)


def collect_members(node: ast.ClassDef) -> set[str]:
    """Fields and methods of a class, and what its methods give to ``self``."""
    on_self = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return {name for each in node.body for name in list_targets(each)} | on_self


def list_code_words(module: ast.Module) -> Iterator[str]:
    """Every name in a module's code, and every word of its strings but docstrings."""
    docstrings = {id(node) for node in list_docstrings(module)}
    for node in ast.walk(module):
        for name in ("id", "attr", "arg", "name", "module"):
            if isinstance(value := getattr(node, name, None), str):
                yield from value.split(".")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from WORDS.findall(node.value)


def list_docstrings(module: ast.Module) -> Iterator[ast.Constant]:
    """Strings that stand alone: of modules, classes, functions and constants."""
    for node in ast.walk(module):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value


def collect_names(sources: Mapping[str, ast.Module], other: Iterable[str] = ()) -> Names:
    """What exists in ``sources`` (modules by path); words of the texts ``other`` are known too."""
    modules: dict[str, set[str]] = {}
    members: defaultdict[str, set[str]] = defaultdict(set)
    words: set[str] = set()
    for path, module in sources.items():
        name = _derive_module(path)
        modules[name] = {each for node in module.body for each in list_targets(node)}
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                members[node.name] |= collect_members(node)
        words |= set(list_code_words(module))
    for text in other:
        words |= set(WORDS.findall(text))
    folders = {name.rpartition(".")[0] for name in modules}
    return Names({**{each: set() for each in folders if each}, **modules}, members, words, set(sources))


def is_known_role(target: str, module: str, names: Names) -> bool:
    """Whether the target of a role in ``module`` exists: by its full path, or by its name in that module."""
    target = target.removesuffix("()")
    if names.has_dotted(target) or names.has_dotted(f"{module}.{target}"):
        return True
    owner, _, member = target.partition(".")
    scope = names.modules[module]
    if member:
        return owner in scope and member in names.members.get(owner, ())
    return False


def is_known_literal(text: str, names: Names) -> bool:
    """Whether a text in backticks exists if it has the form of a name in code; other text is accepted."""
    text = text.removesuffix("()")
    if text in FOREIGN or hasattr(builtins, text):
        return True
    if DOTTED.fullmatch(text):
        return names.has_dotted(text)
    if PYTHON_FILE.fullmatch(text):
        return any(f"/{path}".endswith(f"/{text}") for path in names.paths)
    if CAMEL.fullmatch(text):
        return names.has_member(text) or text in names.words
    if SNAKE.fullmatch(text) or CONSTANT.fullmatch(text):
        return text in names.words
    return True


def list_unknown_in_docstrings(sources: Mapping[str, ast.Module], names: Names) -> list[str]:
    """References in docstrings to what does not exist."""
    unknown = []
    for path, tree in sources.items():
        module = _derive_module(path)
        for node in list_docstrings(tree):
            text = str(node.value)
            wrong = [each for each in ROLE.findall(text) if not is_known_role(each, module, names)]
            wrong += [each for each in list_literals(text) if not is_known_literal(each, names)]
            unknown += [f"{path}:{node.lineno}: {each}" for each in wrong]
    return unknown


def list_literals(text: str) -> Iterator[str]:
    """What stands in backticks, without a role before it."""
    for double, single in LITERAL.findall(ROLE.sub("", text)):
        yield double or single


def list_unknown_in_page(page: str, names: Names) -> list[str]:
    """Names in backticks of a document that do not exist; blocks of code are left out."""
    text = BLOCK.sub("", page)
    unknown = [each for each in list_literals(text) if not is_known_literal(each, names)]
    for listed, path in NAMES_IN_FILE.findall(text):
        defined = names.modules.get(_derive_module(path), set())
        unknown += [f"{each} in {path}" for each in list_literals(listed) if each not in defined]
    return unknown + list(_list_unknown_in_table(text, names))


def _list_unknown_in_table(text: str, names: Names) -> Iterator[str]:
    """In tables about a package: modules of the first column, and names beside them, that do not exist."""
    package = ""
    for line in text.splitlines():
        if header := PACKAGE_TABLE.match(line):
            package = header[1]
        elif not line.startswith("|"):
            package = ""
        elif package and "`" in line:
            module, content = (list(list_literals(cell)) for cell in line.strip("|").split("|", 1))
            defined = names.modules.get(f"{package}.{module[0]}")
            if defined is None:
                yield f"{package}.{module[0]}"
            else:
                yield from (f"{package}.{module[0]}.{each}" for each in content if each not in defined)


def _derive_module(path: str) -> str:
    """The module of a Python file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def collect_known_names() -> Names:
    """All names that exist here; a document may name what only a test, a setting or SQL defines."""
    other = [read(path) for path in files(*DATA) if path.as_posix() != "openapi.json"]
    names = collect_names({**parse_sources(*PACKAGES), **parse_sources("benchmarks/", "migrations/")}, other)
    found = {path.as_posix(): set(DEFINITION.findall(read(path))) for path in files(".py")}
    modules = {_derive_module(path): defined for path, defined in found.items()}
    words = names.words.union(*modules.values())
    return Names({**modules, **names.modules}, names.members, words, set(found))


@cache
def parse_sources(*folders: str) -> dict[str, ast.Module]:
    """The modules of some top folders."""
    return {
        path.as_posix(): ast.parse(read(path)) for path in files(".py") if path.as_posix().startswith(folders)
    }


def test_docstrings_name_only_what_exists() -> None:
    sources = parse_sources(*PACKAGES)
    assert {"domain/findings.py", "service/runs.py", "db/runs.py", "api/app.py"} <= set(sources)
    assert list_unknown_in_docstrings(sources, collect_known_names()) == []


def test_documents_name_only_what_exists() -> None:
    names = collect_known_names()
    pages = [path for path in files(".md") if path.name != "CHANGELOG.md"]  # it names what was renamed
    assert len(pages) > 20
    assert {f"{page}: {each}" for page in pages for each in list_unknown_in_page(read(page), names)} == set()


CODE = {
    "domain/lots/orders.py": """
        from domain.findings import Invalid
        MAX_LOTS = 9
        class LotOrder:
            seed: str
            def draw(self):
                self.drawn_on = 1
        def draw_lot(by_hand): ...
    """,
    "domain/findings.py": "class Invalid(Exception): ...",
}


def _parse_code(code: Mapping[str, str]) -> dict[str, ast.Module]:
    return {path: ast.parse(textwrap.dedent(text)) for path, text in code.items()}


def test_a_docstring_that_names_nothing_is_noticed() -> None:
    right = """
        :func:`draw_lot`, :class:`Invalid`, :meth:`LotOrder.draw`, :mod:`domain.lots`, :data:`MAX_LOTS`,
        :func:`domain.lots.orders.draw_lot`, ``LotOrder``, ``LotOrder.drawn_on``, ``by_hand``, ``MAX_LOTS``,
        ``domain.findings.Invalid``, ``orders.py``, ``domain/findings.py``, ``a + b``, ``seed``
    """
    wrong = """
        :func:`draw`, :class:`Refuted`, :meth:`draw`, :mod:`domain.lot`, :func:`domain.lots.draw_lot`,
        ``Refuted``, ``LotOrder.order``, ``by_seed``, ``MIN_LOTS``, ``domain.findings.Refused``, ``order.py``
    """
    sources = _parse_code(CODE)
    names = collect_names(sources)
    for text, expected in (right, []), (wrong, re.findall(r"`([^`,]+)`", wrong)):
        module = ast.parse(f"def draw_all():\n    '''{text}'''")
        module.body += sources["domain/lots/orders.py"].body
        found = list_unknown_in_docstrings({"domain/lots/orders.py": module}, names)
        assert [each.rpartition(" ")[2] for each in found] == expected


def test_a_document_that_names_nothing_is_noticed() -> None:
    page = """
| module of `domain.lots` | its content |
|---|---|
| `orders` | `draw_lot`, `LotOrder`; `draw` |
| `solve` | `draw_lot` |

| `how` | what is sent |
|---|---|
| `seed` | the `seed` |

`draw_lot` and `LotOrder` in `domain/lots/orders.py`, `draw_lot` in `domain/findings.py`, `draw_all`.

```python
draw_both(`draw_none`)
```
"""
    assert list_unknown_in_page(page, collect_names(_parse_code(CODE))) == [
        "draw_all",
        "draw_lot in domain/findings.py",
        "domain.lots.orders.draw",
        "domain.lots.solve",
    ]
