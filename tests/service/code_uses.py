"""What the source says: every place where a code is raised, found or told, with the parameters it gives.

The source is read, not run. A function that hands on a parameter as a code says it in turn (``at`` of
``domain.units``), so only the few beginnings are named here.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.service.source_modules import (
    Function,
    Module,
    Scopes,
    bindings_of,
    modules_of,
    names_in,
    parameters,
    walk,
)

Names = frozenset[str]

NONE: Names = frozenset()
CODE_FIELDS = ("code", "type", "constraint_name")
"""What holds a code that was said elsewhere: of a finding or refusal, of a validation, of a constraint."""


@dataclass(frozen=True, slots=True)
class CodeSignature:
    """How a callable takes a code: as which parameter, and which names fill the sentence.

    ``params`` is the parameter that holds more of them (a mapping, or ``**`` keywords), if there is one.
    """

    takes: tuple[str, ...]
    code: str = "code"
    params: str | None = "params"
    keywords: bool = False
    fixed_params: Names = NONE


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A code at a place; ``*`` in it stands for what only a running program knows, ``*`` alone for anything.

    ``params`` are the names that surely fill its sentence, ``None`` where that cannot be read.
    """

    code: str
    params: Names | None
    place: str


_REFUSAL = CodeSignature(("code", "params"))
ROOT_SIGNATURES: Mapping[str, CodeSignature] = {
    **{
        f"domain.findings.{kind}": _REFUSAL
        for kind in ("Finding", "Refused", "Invalid", "Conflict", "NotFound", "Forbidden", "Stale")
    },
    "api.http.problems.Problem": CodeSignature(("status", "code", "params")),
    "api.http.faults.Fault": _REFUSAL,
    "service.texts.translate_code": _REFUSAL,
    "service.texts.Translator.translate": _REFUSAL,
    "pydantic_core.PydanticCustomError": CodeSignature(("code", "message", "context"), params="context"),
}


@dataclass
class Source:
    """The floors of the house, read once."""

    root: Path
    modules: dict[str, Module] = field(init=False)
    functions: dict[str, tuple[Module, Function]] = field(init=False)
    signatures: dict[str, CodeSignature] = field(init=False)

    def __post_init__(self) -> None:
        self.modules = {module.name: module for module in modules_of(self.root)}
        self.functions = {
            ".".join(filter(None, (module.name, within, scopes[-1].name))): (module, scopes[-1])
            for module in self.modules.values()
            for within, scopes, node in walk(module.tree)
            if scopes and node is scopes[-1] and len(scopes) == 1
        }
        self.sayers = {**dict(self._list_error_classes()), **ROOT_SIGNATURES}
        while self._learn_signatures():
            pass

    def list_uses(self) -> list[CodeUse]:
        """Every code that is said, wherever it is."""
        found = []
        for reader, call, says in self._list_code_calls():
            if (code := reader.argument(call, says, says.code)) is None:
                continue
            params = reader.params(call, says)
            place = f"{reader.module.path.relative_to(self.root)}:{call.lineno}"
            found += [CodeUse(each, params, place) for each in sorted(reader.codes(code))]
        return found

    def collect_constants(self, dotted: str, name: str) -> set[object]:
        """Every constant that is anywhere given to a callable for a parameter."""
        says = self.sayers[dotted]
        arguments = (
            reader.argument(call, says, name) for reader, call, callee in self._all_calls if callee == dotted
        )
        return {each.value for each in arguments if isinstance(each, ast.Constant)}

    def resolve(self, dotted: str) -> str:
        """The name under which something is defined, through the packages that pass it on."""
        module, _, name = dotted.rpartition(".")
        if module in self.modules and dotted not in self.functions and name in self.modules[module].imports:
            return self.resolve(self.modules[module].imports[name])
        return dotted

    def _list_error_classes(self) -> Iterator[tuple[str, CodeSignature]]:
        """Classes of our own whose instances bear a code: ``def __init__(self, code, ...)``."""
        for dotted, (_, function) in self.functions.items():
            kind, _, name = dotted.rpartition(".")
            takes = parameters(function)[1:]
            if name == "__init__" and "code" in takes:
                more = function.args.kwarg.arg if function.args.kwarg else None
                yield kind, CodeSignature(takes, params=more or "params", keywords=more is not None)

    def _list_code_calls(self) -> Iterator[tuple["Reader", ast.Call, CodeSignature]]:
        for reader, call, callee in self._all_calls:
            if (says := self.sayers.get(callee)) is not None:
                yield reader, call, says

    @cached_property
    def _all_calls(self) -> list[tuple["Reader", ast.Call, str]]:
        """Every call there is, with the dotted name of what is called."""
        calls = [
            (Reader(self, module, within, scopes), node)
            for module in self.modules.values()
            for within, scopes, node in walk(module.tree)
            if isinstance(node, ast.Call)
        ]
        return [(reader, call, reader.callee(call.func)) for reader, call in calls]

    def _learn_signatures(self) -> bool:
        """Find functions that pass a parameter on as a code; whether there were any new ones."""
        new = {}
        for reader, call, says in self._list_code_calls():
            code = reader.argument(call, says, says.code)
            if not isinstance(code, ast.Name):
                continue
            owner = reader.owner(code.id)
            if owner is not None and owner not in self.sayers:
                new[owner] = reader.derive_signature(call, says, code.id)
        self.sayers |= new
        return bool(new)


@dataclass(frozen=True)
class Reader:
    """Reads expressions where they stand: in a module, maybe within a class, within functions.

    ``bound`` is what the parameters of the function were given, when it is read for one call of it.
    """

    source: Source
    module: Module
    within: str
    scopes: Scopes
    bound: Mapping[str, tuple["Reader", ast.expr]] = field(default_factory=dict)

    def callee(self, func: ast.expr) -> str:
        """The dotted name of what is called; empty when that is known only at run time."""
        if isinstance(func, ast.Name):
            return self._dotted(func.id)
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            base = func.value.id
            if base in ("self", "cls"):
                return f"{self.module.name}.{self.within}.{func.attr}"
            return self.source.resolve(f"{self._kind(base) or self._dotted(base)}.{func.attr}")
        return ""

    def argument(self, call: ast.Call, says: CodeSignature, name: str) -> ast.expr | None:
        """What a call gives for a parameter; nothing can be told of ``*args``."""
        if any(isinstance(each, ast.Starred) for each in call.args):
            return None
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value
        place = says.takes.index(name) if name in says.takes else len(call.args)
        return call.args[place] if place < len(call.args) else None

    def owner(self, name: str) -> str | None:
        """The outermost function around this place, if the name is a parameter here; dotted."""
        for function in reversed(self.scopes):
            if name in parameters(function):
                return ".".join(filter(None, (self.module.name, self.within, self.scopes[0].name)))
            if any(name in names_in(target) for target, _, _ in bindings_of(function)):
                return None
        return None

    def derive_signature(self, call: ast.Call, says: CodeSignature, code: str) -> CodeSignature:
        """How the function around says what this call says, with its parameter ``code``."""
        outer = self.scopes[0]
        takes = tuple(name for name in parameters(outer) if not (self.within and name in ("self", "cls")))
        given, more = self._list_fixed_params(call, says)
        keywords = outer.args.kwarg is not None and more == outer.args.kwarg.arg
        return CodeSignature(takes, code, more, keywords, given)

    def params(self, call: ast.Call, says: CodeSignature) -> Names | None:
        """The names that surely fill the sentence of what this call says."""
        given, more = self._list_fixed_params(call, says)
        return None if more else given

    def codes(self, expr: ast.expr, seen: Names = NONE) -> set[str]:
        """Every text this may be; ``*`` for what cannot be read, nothing for what somebody said before."""
        match expr:
            case ast.Constant(value=value):
                return {value} if isinstance(value, str) else set()
            case ast.IfExp(body=one, orelse=other):
                return self.codes(one, seen) | self.codes(other, seen)
            case ast.BoolOp(values=values):
                return {code for value in values for code in self.codes(value, seen)}
            case ast.JoinedStr(values=values):
                return self._read_joined_text(values, seen)
            case ast.Name(id=name):
                return self._read_name(name, seen)
            case ast.Call():
                return self._read_call(expr, seen)
        return self._read_lookup(expr, seen)

    def pick_codes(self, value: ast.expr, place: int | None, seen: Names) -> set[str]:
        """The codes of a value, or of its member at a place."""
        match value:
            case _ if place is None:
                return self.codes(value, seen)
            case ast.Tuple(elts=elts) if place < len(elts):
                return self.codes(elts[place], seen)
            case ast.IfExp(body=one, orelse=other):
                return self.pick_codes(one, place, seen) | self.pick_codes(other, place, seen)
        return {"*"}

    def keys(self, expr: ast.expr) -> tuple[Names, str | None]:
        """(the keys a mapping surely has, the parameter that may hold more; ``*`` when that is unknown)."""
        match expr:
            case ast.Constant(value=None):
                return NONE, None
            case ast.Dict():
                return self._keys_of_display(expr)
            case ast.BoolOp(op=ast.Or(), values=[one, *_]):
                return self.keys(one)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                (names, more), (others, rest) = self.keys(left), self.keys(right)
                return names | others, more or rest
            case ast.Call() if returned := self._list_returns(expr):
                kept = [reader.keys(value) for reader, value in returned]
                names = frozenset.intersection(*(names for names, _ in kept))
                return names, next((more for _, more in kept if more), None)
            case ast.Name(id=name) if self.owner(name) is not None:
                return NONE, name
            case ast.Name():
                return self._keys_of_name(expr)
        return NONE, "*"

    def _read_joined_text(self, values: list[ast.expr], seen: Names) -> set[str]:
        texts = {""}
        for value in values:
            part = value.value if isinstance(value, ast.FormattedValue) else value
            texts = {text + more for text in texts for more in self.codes(part, seen) or {"*"}}
        return texts

    def _read_lookup(self, expr: ast.expr, seen: Names) -> set[str]:
        match expr:
            case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=name)) if (
                name in CODE_FIELDS
            ):
                return set()
            case ast.Subscript(value=ast.Name() | ast.Dict() as table):
                return self._values(table, seen)
            case ast.Attribute(value=ast.Name(id=kind), attr=member):
                return self._member(kind, member, seen)
        return {"*"}

    def _read_call(self, call: ast.Call, seen: Names) -> set[str]:
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name() | ast.Dict() as table, attr="get"), args=[_, *rest]
            ):
                return self._values(table, seen).union(*(self.codes(each, seen) for each in rest))
        dotted = self.callee(call.func)
        if dotted in seen or not (returned := self._list_returns(call)):
            return {"*"}
        return {code for reader, value in returned for code in reader.codes(value, seen | {dotted})}

    def _read_name(self, name: str, seen: Names) -> set[str]:
        if name in self.bound:
            reader, expr = self.bound[name]
            return reader.codes(expr, seen)
        if (owner := self.owner(name)) is not None:
            return set() if owner in self.source.sayers else {"*"}
        if name in seen:
            return set()
        for function in reversed(self.scopes):
            bindings = [each for each in bindings_of(function) if name in names_in(each[0])]
            if bindings:
                return {code for each in bindings for code in self._read_binding(name, *each, seen | {name})}
        constant = self.module.constants.get(name)
        return {"*"} if constant is None else self.codes(constant, seen | {name})

    def _read_binding(
        self, name: str, target: ast.expr, value: ast.expr, drawn: bool, seen: Names
    ) -> set[str]:
        """What a name becomes by ``target = value``, or by ``for target in value``."""
        place = None
        if isinstance(target, ast.Tuple):
            place = next(n for n, each in enumerate(target.elts) if name in names_in(each))
        sources = self._members(value) if drawn else [(self, value)]
        return {code for reader, each in sources for code in reader.pick_codes(each, place, seen)} or {"*"}

    def _members(self, value: ast.expr) -> list[tuple["Reader", ast.expr]]:
        """What a loop over a value meets: members of a literal, or what a function of ours yields."""
        match value:
            case ast.Tuple(elts=elts) | ast.List(elts=elts) | ast.Set(elts=elts):
                return [(self, each) for each in elts]
            case ast.Name(id=name) if name in self.module.constants:
                return self._members(self.module.constants[name])
            case ast.Call():
                return self._list_returns(value, ast.Yield)
        return []

    def _list_returns(
        self, call: ast.Call, kind: type[ast.Return] | type[ast.Yield] = ast.Return
    ) -> list[tuple["Reader", ast.expr]]:
        """What a function of ours returns (or yields) for a call, each to be read where it stands."""
        dotted = self.callee(call.func)
        if dotted not in self.source.functions:
            return []
        module, function = self.source.functions[dotted]
        within = dotted.removeprefix(f"{module.name}.").rpartition(".")[0]
        given = {
            name: (self, value)
            for name, value in [
                *zip(parameters(function), call.args, strict=False),
                *((each.arg, each.value) for each in call.keywords if each.arg),
            ]
        }
        reader = Reader(self.source, module, within, (function,), given)
        nodes = [node for node in ast.walk(function) if isinstance(node, kind)]
        return [(reader, node.value) for node in nodes if node.value is not None]

    def _values(self, table: ast.expr, seen: Names) -> set[str]:
        """The values of a table that is written here, or that this module or another holds."""
        reader: Reader = self
        written: ast.expr | None = table
        if isinstance(table, ast.Name):
            home, _, name = self._dotted(table.id).rpartition(".")
            module = self.source.modules.get(home, self.module)
            reader, written = Reader(self.source, module, "", ()), module.constants.get(name)
        if not isinstance(written, ast.Dict):
            return {"*"}
        return {code for value in written.values for code in reader.codes(value, seen)}

    def _member(self, kind: str, member: str, seen: Names) -> set[str]:
        """The text of a member of an enumeration, of this module or another."""
        home, _, name = self._dotted(kind).rpartition(".")
        module = self.source.modules.get(home)
        constant = module.constants.get(f"{name}.{member}") if module else None
        if module is None or constant is None:
            return {"*"}
        return Reader(self.source, module, "", ()).codes(constant, seen)

    def _dotted(self, name: str) -> str:
        return self.source.resolve(self.module.imports.get(name, f"{self.module.name}.{name}"))

    def _kind(self, name: str) -> str | None:
        """The class of what a name holds: a parameter of that type, or something just made."""
        for function in reversed(self.scopes):
            for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
                if each.arg == name and isinstance(each.annotation, ast.Name):
                    return self._dotted(each.annotation.id)
            for target, value, drawn in bindings_of(function):
                if name in names_in(target) and not drawn and (made := self._find_made_class(value)):
                    return made
        return None

    def _find_made_class(self, value: ast.expr) -> str | None:
        """The class of what ``Class(...)`` or ``module.Class(...)`` makes."""
        match value:
            case ast.Call(func=ast.Name(id=name)):
                return self._dotted(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=kind)) if (
                name in self.module.imports
            ):
                return self.source.resolve(f"{self.module.imports[name]}.{kind}")
        return None

    def _list_fixed_params(self, call: ast.Call, says: CodeSignature) -> tuple[Names, str | None]:
        """(names that are surely given, the parameter of the function around that may hold more)."""
        given = says.fixed_params
        if says.keywords:
            given |= {each.arg for each in call.keywords if each.arg and each.arg not in says.takes}
            parts = [each.value for each in call.keywords if each.arg is None]
        else:
            mapping = self.argument(call, says, says.params) if says.params else None
            parts = [] if mapping is None else [mapping]
        kept = [self.keys(part) for part in parts]
        return given.union(*(names for names, _ in kept)), next((more for _, more in kept if more), None)

    def _keys_of_display(self, display: ast.Dict) -> tuple[Names, str | None]:
        items = list(zip(display.keys, display.values, strict=True))
        own = {key.value for key, _ in items if isinstance(key, ast.Constant) and isinstance(key.value, str)}
        parts = [self.keys(value) for key, value in items if key is None]
        unread = len(own) + len(parts) < len(items)
        more = "*" if unread else next((more for _, more in parts if more), None)
        return frozenset(own).union(*(names for names, _ in parts)), more

    def _keys_of_name(self, name: ast.Name) -> tuple[Names, str | None]:
        """The keys of the mapping that a name was last bound to, if nobody has added to it since."""
        for function in reversed(self.scopes):
            bindings = [
                (value.lineno, target, value)
                for target, value, drawn in bindings_of(function)
                if name.id in names_in(target) and not drawn and value.lineno <= name.lineno
            ]
            plain = [(line, value) for line, target, value in bindings if isinstance(target, ast.Name)]
            if plain:
                last, value = max(plain, key=lambda each: each[0])
                added = any(line > last for line, target, _ in bindings if isinstance(target, ast.Subscript))
                return (NONE, "*") if added else self.keys(value)
        return NONE, "*"
