"""The source as it is written: modules, what stands where in them, and what binds a name."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FLOORS = ("api", "service", "domain", "db")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scopes = tuple[Function, ...]


@dataclass(frozen=True)
class Module:
    """A module of ours as it is written."""

    name: str
    path: Path
    tree: ast.Module

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """Local name → what it stands for, dotted."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
            elif isinstance(node, ast.Import):
                found |= {each.asname or each.name: each.name for each in node.names}
        return found

    @cached_property
    def constants(self) -> Mapping[str, ast.expr]:
        """Names that the module gives a value once and for all; those of classes as ``Class.NAME``."""
        found = dict(_list_assignments(self.tree))
        for kind in self.tree.body:
            if isinstance(kind, ast.ClassDef):
                found |= {f"{kind.name}.{name}": value for name, value in _list_assignments(kind)}
        return found


def _list_assignments(block: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for node in block.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value


def modules_of(root: Path) -> Iterator[Module]:
    """Every module of the floors below a folder."""
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield Module(name, path, ast.parse(path.read_text(encoding="utf-8")))


def walk(tree: ast.AST, within: str = "", scopes: Scopes = ()) -> Iterator[tuple[str, Scopes, ast.AST]]:
    """Every node with the class and the functions it stands in; a function stands in itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within, (*scopes, node), node
            yield from walk(node, within, (*scopes, node))
        elif isinstance(node, ast.ClassDef):
            yield within, scopes, node
            yield from walk(node, node.name, scopes)
        else:
            yield within, scopes, node
            yield from walk(node, within, scopes)


@cache
def parameters(function: Function) -> tuple[str, ...]:
    """The names of its parameters, those given by place first."""
    spec = function.args
    named = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
    return tuple(each.arg for each in (*named, *filter(None, (spec.vararg, spec.kwarg))))


@cache
def bindings_of(function: Function) -> list[tuple[ast.expr, ast.expr, bool]]:
    """(target, value, whether the value is drawn from) for whatever binds names in a function."""
    found: list[tuple[ast.expr, ast.expr, bool]] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                found += [(target, value, False) for target in targets]
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                found.append((target, value, False))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                found.append((target, value, True))
    return found


@cache
def names_in(target: ast.expr) -> set[str]:
    """The names that stand in an expression."""
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
