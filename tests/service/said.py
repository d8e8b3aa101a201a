"""What the source says: every place where a code is raised, found or told, with the parameters it gives.

The source is read, not run. A function that hands on a parameter as a code says it in turn (``at`` of
``domain.units``), so only the few beginnings are named here.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FLOORS = ("api", "service", "domain", "db")

Names = frozenset[str]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scopes = tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Says:
    """How a callable takes a code: as which parameter, and which names fill the sentence.

    ``params`` is the parameter that holds more of them (a mapping, or ``**`` keywords), if there is one.
    """

    takes: tuple[str, ...]
    code: str = "code"
    params: str | None = "params"
    keywords: bool = False
    given: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """A code at a place; ``*`` in it stands for what only a running program knows.

    ``params`` are the names that surely fill its sentence, ``None`` where that cannot be read.
    """

    code: str
    params: Names | None
    place: str

    @property
    def known(self) -> bool:
        """Whether it could be traced to a text at all."""
        return self.code != "*"

    def matches(self, code: str) -> bool:
        """Whether ``code`` may be said here."""
        return re.fullmatch(re.escape(self.code).replace(r"\*", "[a-z0-9_]+"), code) is not None


_REFUSED = Says(("code", "params"))
BEGINNINGS: Mapping[str, Says] = {
    **{
        f"domain.findings.{kind}": _REFUSED
        for kind in ("Finding", "Refused", "Invalid", "Conflict", "NotFound", "Forbidden", "Stale")
    },
    "api.problems.Problem": Says(("status", "code", "params")),
    "api.faults.Fault": _REFUSED,
    "service.sentences.say": _REFUSED,
    "pydantic_core.PydanticCustomError": Says(("code", "message", "context"), params="context"),
}


@dataclass(frozen=True)
class Module:
    """A module of ours as it is written."""

    name: str
    path: Path
    tree: ast.Module

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """Local name → what it stands for, dotted."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
            elif isinstance(node, ast.Import):
                found |= {each.asname or each.name: each.name for each in node.names}
        return found

    @cached_property
    def constants(self) -> Mapping[str, ast.expr]:
        """Names that the module gives a value once and for all; those of classes as ``Class.NAME``."""
        found = dict(_assigned(self.tree))
        for kind in self.tree.body:
            if isinstance(kind, ast.ClassDef):
                found |= {f"{kind.name}.{name}": value for name, value in _assigned(kind)}
        return found


def _assigned(block: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for node in block.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value


@dataclass
class Source:
    """The floors of the house, read once."""

    root: Path
    modules: dict[str, Module] = field(init=False)
    functions: dict[str, tuple[Module, Function]] = field(init=False)
    sayers: dict[str, Says] = field(init=False)

    def __post_init__(self) -> None:
        self.modules = {module.name: module for module in self._read()}
        self.functions = {
            ".".join(filter(None, (module.name, within, scopes[-1].name))): (module, scopes[-1])
            for module in self.modules.values()
            for within, scopes, node in _walk(module.tree)
            if scopes and node is scopes[-1] and len(scopes) == 1
        }
        self.sayers = dict(BEGINNINGS)
        while self._learn():
            pass

    def said(self) -> list[Said]:
        """Every code that is said, wherever it is."""
        found = []
        for reader, call, says in self._calls():
            if (code := reader.argument(call, says, says.code)) is None:
                continue
            params = reader.params(call, says)
            place = f"{reader.module.path.relative_to(self.root)}:{call.lineno}"
            found += [Said(each, params, place) for each in sorted(reader.codes(code))]
        return found

    def resolve(self, dotted: str) -> str:
        """The name under which something is defined, through the packages that pass it on."""
        module, _, name = dotted.rpartition(".")
        if module in self.modules and dotted not in self.functions and name in self.modules[module].imports:
            return self.resolve(self.modules[module].imports[name])
        return dotted

    def _read(self) -> Iterator[Module]:
        for floor in FLOORS:
            for path in sorted((self.root / floor).rglob("*.py")):
                parts = path.relative_to(self.root).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                yield Module(name, path, ast.parse(path.read_text(encoding="utf-8")))

    def _calls(self) -> Iterator[tuple["Reader", ast.Call, Says]]:
        for module in self.modules.values():
            for within, scopes, node in _walk(module.tree):
                if isinstance(node, ast.Call):
                    reader = Reader(self, module, within, scopes)
                    if (says := self.sayers.get(reader.callee(node.func))) is not None:
                        yield reader, node, says

    def _learn(self) -> bool:
        """Find functions that pass a parameter on as a code; whether there were any new ones."""
        new = {}
        for reader, call, says in self._calls():
            code = reader.argument(call, says, says.code)
            owner = reader.owner(code.id) if isinstance(code, ast.Name) else None
            if owner is not None and owner not in self.sayers:
                new[owner] = reader.handed_on(call, says, owner)
        self.sayers |= new
        return bool(new)


@dataclass(frozen=True)
class Reader:
    """Reads expressions where they stand: in a module, maybe within a class, within functions."""

    source: Source
    module: Module
    within: str
    scopes: Scopes

    def callee(self, func: ast.expr) -> str:
        """The dotted name of what is called; empty when that is known only at run time."""
        if isinstance(func, ast.Name):
            local = f"{self.module.name}.{func.id}"
            return self.source.resolve(self.module.imports.get(func.id, local))
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            base = func.value.id
            if base in ("self", "cls"):
                return f"{self.module.name}.{self.within}.{func.attr}"
            known = self.module.imports.get(base)
            if known is None:
                known = self._kind(base)
            return self.source.resolve(f"{known}.{func.attr}") if known else ""
        return ""

    def argument(self, call: ast.Call, says: Says, name: str) -> ast.expr | None:
        """What a call gives for a parameter."""
        if any(isinstance(each, ast.Starred) for each in call.args):
            return None
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value
        place = says.takes.index(name) if name in says.takes else len(call.args)
        return call.args[place] if place < len(call.args) else None

    def owner(self, name: str) -> str | None:
        """The function around this place that has a parameter of this name, dotted."""
        for function in reversed(self.scopes):
            if name in _parameters(function):
                outer = self.scopes[0]
                return ".".join(filter(None, (self.module.name, self.within, outer.name)))
            if any(name in _names(target) for target, _, _ in _bindings(function)):
                return None
        return None

    def handed_on(self, call: ast.Call, says: Says, owner: str) -> Says:
        """How the function around says what this call says."""
        code = self.argument(call, says, says.code)
        outer = self.scopes[0]
        takes = tuple(name for name in _parameters(outer) if not (self.within and name in ("self", "cls")))
        given, more = self._given(call, says)
        keywords = outer.args.kwarg is not None and more == outer.args.kwarg.arg
        assert isinstance(code, ast.Name), owner
        return Says(takes, code.id, more, keywords, given or frozenset())

    def params(self, call: ast.Call, says: Says) -> Names | None:
        """The names that surely fill the sentence of what this call says."""
        given, more = self._given(call, says)
        return None if more else given

    def codes(self, expr: ast.expr, seen: Names = frozenset()) -> set[str]:
        """Every text this may be; ``*`` for what cannot be read, nothing for what others have said before."""
        match expr:
            case ast.Constant(value=str() as text):
                return {text}
            case ast.Constant():
                return set()
            case ast.IfExp(body=one, orelse=other):
                return self.codes(one, seen) | self.codes(other, seen)
            case ast.BoolOp(values=values):
                return {code for value in values for code in self.codes(value, seen)}
            case ast.JoinedStr(values=values):
                texts = {""}
                for value in values:
                    part = value.value if isinstance(value, ast.FormattedValue) else value
                    texts = {text + more for text in texts for more in self.codes(part, seen) or {"*"}}
                return texts
            case ast.Attribute(attr="code" | "type") | ast.Subscript(slice=ast.Constant(value="code" | "type")):
                return set()
            case ast.Subscript(value=ast.Name(id=name)):
                return self._values(name)
            case ast.Attribute(value=ast.Name(id=kind), attr=member):
                return self._member(f"{kind}.{member}", seen)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, *default]):
                return self._values(name) | {code for each in default for code in self.codes(each, seen)}
            case ast.Call(func=func):
                return self._returned(self.callee(func), seen)
            case ast.Name(id=name):
                return self._named(name, seen)
        return {"*"}

    def _named(self, name: str, seen: Names) -> set[str]:
        if self.owner(name) is not None:
            return set() if self.owner(name) in self.source.sayers else {"*"}
        if name in seen:
            return set()
        found: set[str] = set()
        for function in reversed(self.scopes):
            for target, value, drawn in _bindings(function):
                if name in _names(target):
                    found |= self._bound(name, target, value, drawn, seen | {name})
            if found:
                return found
        constant = self.module.constants.get(name)
        return self.codes(constant, seen | {name}) if constant is not None else {"*"}

    def _bound(
        self, name: str, target: ast.expr, value: ast.expr, drawn: bool, seen: Names
    ) -> set[str]:
        """What a name is bound to by ``target = value``, or ``for target in value``."""
        place = None
        if isinstance(target, ast.Tuple):
            place = next(n for n, each in enumerate(target.elts) if name in _names(each))
        sources = self._elements(value) if drawn else [(self, value)]
        return {code for reader, each in sources for code in reader.picked(each, place, seen)}

    def picked(self, value: ast.expr, place: int | None, seen: Names) -> set[str]:
        """The codes of a value, or of its member at a place."""
        if place is None:
            return self.codes(value, seen)
        match value:
            case ast.Tuple(elts=elts) if place < len(elts):
                return self.codes(elts[place], seen)
            case ast.IfExp(body=one, orelse=other):
                return self.picked(one, place, seen) | self.picked(other, place, seen)
        return {"*"}

    def _elements(self, value: ast.expr) -> list[tuple["Reader", ast.expr]]:
        """What a loop over a value meets: members of a literal, or what a function of ours yields."""
        if isinstance(value, ast.Tuple | ast.List | ast.Set):
            return [(self, each) for each in value.elts]
        if isinstance(value, ast.Name) and value.id in self.module.constants:
            return self._elements(self.module.constants[value.id])
        if isinstance(value, ast.Call) and (found := self.source.functions.get(self.callee(value.func))):
            reader = self._into(value)
            return [
                (reader, node.value)
                for node in ast.walk(found[1])
                if isinstance(node, ast.Yield) and node.value is not None
            ]
        return [(self, value)]

    def _into(self, call: ast.Call) -> "Reader":
        dotted = self.callee(call.func)
        module, function = self.source.functions[dotted]
        within = dotted.removeprefix(f"{module.name}.").rpartition(".")[0]
        return Reader(self.source, module, within, (function,))

    def _returned(self, dotted: str, seen: Names) -> set[str]:
        if dotted in seen or dotted not in self.source.functions:
            return {"*"}
        module, function = self.source.functions[dotted]
        within = dotted.removeprefix(f"{module.name}.").rpartition(".")[0]
        reader = Reader(self.source, module, within, (function,))
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
        return {code for value in returned for code in reader.codes(value, seen | {dotted})}

    def _values(self, name: str) -> set[str]:
        """The values of a table that the module holds."""
        table = self.module.constants.get(name)
        if not isinstance(table, ast.Dict):
            return {"*"}
        return {code for value in table.values for code in self.codes(value)}

    def _member(self, name: str, seen: Names) -> set[str]:
        """The text of a member of an enumeration, of this module or another."""
        kind = name.partition(".")[0]
        home, _, defined = self.source.resolve(self.module.imports.get(kind, "")).rpartition(".")
        module = self.source.modules.get(home, self.module)
        constant = module.constants.get(name if module is self.module else f"{defined}.{name.split('.')[1]}")
        return {"*"} if constant is None else Reader(self.source, module, "", ()).codes(constant, seen)

    def _kind(self, name: str) -> str | None:
        """The class of a parameter or of an own class, dotted."""
        for function in self.scopes:
            for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
                if each.arg == name and isinstance(each.annotation, ast.Name):
                    kind = each.annotation.id
                    return self.source.resolve(self.module.imports.get(kind, f"{self.module.name}.{kind}"))
        for function in reversed(self.scopes):
            for target, value, drawn in _bindings(function):
                if name in _names(target) and isinstance(value, ast.Call) and not drawn:
                    return self.callee(value.func) or None
        return f"{self.module.name}.{name}"

    def _given(self, call: ast.Call, says: Says) -> tuple[Names | None, str | None]:
        """(names that are surely given, the parameter of the function around that may hold more)."""
        if says.keywords:
            named = {each.arg for each in call.keywords if each.arg and each.arg not in says.takes}
            parts = [each.value for each in call.keywords if each.arg is None]
        else:
            named = set()
            mapping = self.argument(call, says, says.params) if says.params else None
            parts = [mapping] if mapping is not None else []
        given, more = frozenset(named) | says.given, None
        for part in parts:
            if isinstance(part, ast.Name) and (owner := self.owner(part.id)) is not None:
                more = part.id
                del owner
                continue
            names, within = self._keys(part, call.lineno)
            given, more = given | names, more or within
        return given, more

    def _keys(self, expr: ast.expr, line: int) -> tuple[Names, str | None]:
        """(the keys a mapping surely has, the parameter that may hold more, ``*`` when that is unknown)."""
        match expr:
            case ast.Constant(value=None):
                return frozenset(), None
            case ast.Dict(keys=keys, values=values):
                own = frozenset(
                    key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )
                parts = [
                    self._keys(value, line) for key, value in zip(keys, values, strict=True) if key is None
                ]
                closed = len(own) + len(parts) == len(keys)
                more = next((part for _, part in parts if part), None if closed else "*")
                return own.union(*(names for names, _ in parts)), more
            case ast.BoolOp(op=ast.Or(), values=[one, *_]) if isinstance(one, ast.Name):
                return self._keys(one, line)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                (one, more), (other, rest) = self._keys(left, line), self._keys(right, line)
                return one | other, more or rest
            case ast.Call(func=func) if (dotted := self.callee(func)) in self.source.functions:
                reader = self._into(expr)
                returned = [
                    reader._keys(node.value, node.lineno)
                    for node in ast.walk(self.source.functions[dotted][1])
                    if isinstance(node, ast.Return) and node.value is not None
                ]
                names = frozenset.intersection(*(each for each, _ in returned)) if returned else frozenset()
                return names, next((more for _, more in returned if more), None if returned else "*")
            case ast.Name(id=name):
                if self.owner(name) is not None:
                    return frozenset(), name
                return self._keys_of(name, line)
        return frozenset(), "*"

    def _keys_of(self, name: str, line: int) -> tuple[Names, str | None]:
        """The keys of the mapping that a name was last bound to before a line."""
        for function in reversed(self.scopes):
            bound = [
                value
                for target, value, drawn in _bindings(function)
                if name in _names(target) and isinstance(target, ast.Name) and not drawn
                and value.lineno <= line
            ]
            if bound:
                return self._keys(max(bound, key=lambda value: value.lineno), line)
        return frozenset(), "*"


def _walk(tree: ast.AST, within: str = "", scopes: Scopes = ()) -> Iterator[tuple[str, Scopes, ast.AST]]:
    """Every node with the class and the functions it stands in; a function stands in itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within, (*scopes, node), node
            yield from _walk(node, within, (*scopes, node))
        elif isinstance(node, ast.ClassDef):
            yield within, scopes, node
            yield from _walk(node, node.name, scopes)
        else:
            yield within, scopes, node
            yield from _walk(node, within, scopes)


def _parameters(function: Function) -> tuple[str, ...]:
    """The names of its parameters, those given by place first."""
    spec = function.args
    named = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
    return tuple(each.arg for each in (*named, *filter(None, (spec.vararg, spec.kwarg))))


def _bindings(function: Function) -> Iterator[tuple[ast.expr, ast.expr, bool]]:
    """(target, value, whether the value is drawn from) for whatever binds names in a function."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value, False) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value, False
            case ast.NamedExpr(target=target, value=value):
                yield target, value, False
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield target, value, True


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
