"""Every code of a refusal or finding has a sentence in both languages, and every sentence has a code."""

import re
import tomllib
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import Formatter
from textwrap import dedent
from typing import get_args

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from api.http.problems import STATUS_BY_REFUSAL
from db.tables import build_metadata
from domain.composition.overlapping_targets import DeviationKind
from domain.runs import RunStep
from domain.selection.clashes import DemandKind
from domain.selection.explanation import LeftOutReason
from domain.selection.prices import WhyNotGround
from domain.tasks import TaskKind
from domain.units import UNIT_KINDS
from service.formats.unit_files.template import _find_meaning_code, _list_columns
from service.texts import (
    LANGUAGES,
    PLURAL_SEPARATOR,
    load_catalogue,
    load_headings,
    load_words,
    translate_code,
)
from tests.service.code_uses import CodeUse, Source

ROOT = Path(__file__).parents[2]

FRAMEWORK = {400, 401, 403, 404, 405, 413, 415, 429, 500, 503}
"""Statuses that the framework may refuse with by itself."""


@cache
def source() -> Source:
    """The floors as they are written."""
    return Source(ROOT)


def composed() -> dict[str, set[str]]:
    """Codes that the source puts together, by their pattern."""
    columns = [*_list_columns("units", ["x"], ["x"], []), *_list_columns("figures", [], [], ["staff"])]
    statuses = source().collect_constants("api.http.problems.Problem", "status") | {
        *STATUS_BY_REFUSAL.values(),
        *FRAMEWORK,
    }
    return {
        "title_*": {f"title_{status}" for status in statuses},
        "stacking_*": {f"stacking_{what}" for what in DeviationKind},
        "unit_at_*": {"unit_at_floor", "unit_at_cap"},
        "column_means_*": {_find_meaning_code(name) for name in columns},
        "run_step_*": {f"run_step_{step}" for step in RunStep},
        "selection_clash_*": {f"selection_clash_{kind}" for kind in get_args(DemandKind)},
        "selection_left_out_*": {f"selection_left_out_{reason}" for reason in LeftOutReason},
        "task_*": {f"task_{kind}" for kind in TaskKind},
        "selection_why_not_*": {f"selection_why_not_{ground}" for ground in get_args(WhyNotGround)},
    }


def constraints() -> list[CodeUse]:
    """What the database refuses by name: every rule of its own, and every key or reference named by hand."""
    found = {
        str(rule.name)
        for table in build_metadata().sorted_tables
        for rule in table.constraints
        if isinstance(rule, CheckConstraint | UniqueConstraint)
        or (isinstance(rule, ForeignKeyConstraint) and not str(rule.name).endswith("_fkey"))
    }
    found |= {
        str(index.name) for table in build_metadata().sorted_tables for index in table.indexes if index.unique
    }
    for path in sorted((ROOT / "migrations" / "sql").rglob("*.sql")):
        script = path.read_text(encoding="utf-8")
        found |= {*re.findall(r"CONSTRAINT (\w+) EXCLUDE", script), *re.findall(r"refuse\('(\w+)'\)", script)}
        appended = re.findall(r"ON (\w+)\s+FOR EACH STATEMENT EXECUTE FUNCTION append_only", script)
        found |= {f"{table}_is_append_only" for table in appended}
    return [CodeUse(name, frozenset(), "the database") for name in sorted(found)]


@cache
def said() -> list[CodeUse]:
    """Every code that can be said, with the names that surely come with it."""
    patterns = composed()
    return [
        replace(each, code=code)
        for each in (*source().list_uses(), *constraints())
        for code in patterns.get(each.code, {each.code})
    ]


def names(code: str) -> list[set[str]]:
    """The names in a sentence, language by language."""
    return [
        {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        for text in load_catalogue()[code]
    ]


def test_every_code_that_is_said_is_read_from_the_source() -> None:
    unread = [each for each in source().list_uses() if "*" in each.code and each.code not in composed()]
    assert unread == [], "write the code out, or list what is composed"
    assert set(composed()) <= {each.code for each in source().list_uses()}


def test_every_code_has_its_sentence() -> None:
    missing: dict[str, set[str]] = {}
    for each in said():
        if each.code not in load_catalogue():
            missing.setdefault(each.code, set()).add(each.place)
    assert missing == {}


def test_no_sentence_is_left_without_a_code() -> None:
    assert set(load_catalogue()) - {each.code for each in said()} == set()


def test_a_sentence_names_only_what_its_code_brings_with_it() -> None:
    unfilled = {
        (each.place.partition(":")[0], each.code): (lacking, each.place)
        for each in said()
        if each.params is not None and each.code in load_catalogue()
        if (lacking := set.union(*names(each.code)) - each.params)
    }
    assert unfilled == {}


def test_names_stand_plain_and_alike_in_both_languages() -> None:
    for code, pair in load_catalogue().items():
        assert names(code)[0] == names(code)[1], code
        for language, text in zip(LANGUAGES, pair, strict=True):
            for _, name, forms, conversion in Formatter().parse(text):
                assert name is None or (name.isidentifier() and conversion is None), code
                assert not forms or (language == "en" and is_plural_pair(forms)), code


def is_plural_pair(forms: str) -> bool:
    """Whether that is a singular and a plural form, different from each other."""
    singular, separator, plural = forms.partition(PLURAL_SEPARATOR)
    return bool(separator) and len({"", singular, plural}) == 3 and PLURAL_SEPARATOR not in plural


VERBS = frozenset({"allows", "applies", "belongs", "does", "has", "is", "needs", "requires", "was"})
"""What may follow a name (of a unit, a target …) that is filled with 1; a noun in the plural may not."""


def test_an_english_noun_agrees_with_its_number() -> None:
    plural = re.compile(r"\b1 (?:more |fewer )?([a-z]+s|people|are|have)\b")
    wrong = {
        code: english
        for code in load_catalogue()
        if (english := translate_code(code, dict.fromkeys(set.union(*names(code)), 1), "en"))
        if set(plural.findall(english)) - VERBS
    }
    assert wrong == {}, "write {name:singular|plural}"


def test_a_word_for_a_value_belongs_to_a_parameter_of_a_sentence() -> None:
    params = set().union(*(names(code)[0] for code in load_catalogue()))
    columns = {column for table in ("seats", "places") for column in load_headings(table)}
    assert {name for name, _ in load_words()} <= params | columns


def test_an_unknown_kind_of_unit_is_answered_with_every_kind_and_its_word() -> None:
    for language, text in enumerate(load_catalogue()["unit_kind_unknown"]):
        kinds = "; ".join(f"{load_words()['kind', kind][language]} ({kind})" for kind in UNIT_KINDS)
        assert text.endswith(f": {kinds}.")


def test_every_text_has_each_language_once_and_nothing_else() -> None:
    found = list((ROOT / "service" / "texts").glob("*.toml"))
    assert len(found) > 10
    for path in found:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        parts = list(tables.values()) if path.name in ("words.toml", "headings.toml") else [tables]
        assert {tuple(texts) for part in parts for texts in part.values()} == {LANGUAGES}, path.name


def test_a_code_with_two_sentences_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("plans", "units"):
        (tmp_path / f"{name}.toml").write_text('[lost]\nvi = "Mất."\nen = "Lost."\n', encoding="utf-8")
    monkeypatch.setattr("service.texts._FOLDER", tmp_path)
    with pytest.raises(RuntimeError, match="two sentences for lost"):
        load_catalogue.__wrapped__()


def test_every_sentence_can_be_said_in_both_languages() -> None:
    for code, (vietnamese, english) in load_catalogue().items():
        assert vietnamese != english, code
        for language in LANGUAGES:
            for number in (1, 7):
                sentence = translate_code(code, dict.fromkeys(set.union(*names(code)), number), language)
                assert sentence, code
                assert sentence == sentence.strip() == unicodedata.normalize("NFC", sentence), code
                assert not {"{", "}", PLURAL_SEPARATOR} & set(sentence), code


WRITTEN = {
    "domain/findings.py": """
        class Finding: ...
        class Invalid(Exception): ...
        """,
    "domain/rules.py": """
        from enum import StrEnum
        from domain.findings import Finding, Invalid

        class Way(StrEnum):
            LONG = "long"
            SHORT = "short"

        CODES = {"a": "of_a_table", "b": "of_the_same_table"}

        def at(row, code, /, **params):
            return Finding(code, {"row": row, **params})

        def way(n):
            return Way.LONG if n else Way.SHORT

        def read(kind):
            return CODES.get(kind, "of_no_table")

        def pairs():
            yield "yielded", 1

        def judge(n, kind, other):
            found = [Finding("plain", {"n": n}), at(1, "through_another", limit=n)]
            code, weight = ("one_of_two", 1) if n else ("two_of_two", 2)
            found += [Finding(code), Finding(f"way_{way(n)}"), Finding(read(kind))]
            found += [Finding(each) for each, _ in pairs()]
            found += [Finding({1: "of_a_display"}[n]), Finding(f"open_{n}"), Finding(other.code)]
            params = {"first": 1}
            found.append(Finding("named", {**params, "second": 2}))
            params = {"third": 3}
            params[kind] = n
            found.append(Finding("added_to", params))
            raise Invalid("refused", errors=found)
        """,
    "service/cells.py": """
        from domain import rules

        class Cells:
            def say(self, column, code, **params):
                rules.at(1, code, column=column, **params)

            def read(self):
                self.say("x", "twice_removed", most=1)
                print("not_a_code")

        def after(cells: Cells):
            cells.say("y", "of_a_parameter")
        """,
    "api/app.py": """
        class TooMuch(Exception):
            def __init__(self, code, **params):
                self.code = code

        def serve(size, odd):
            raise TooMuch("borne_by_an_exception", size=size)

        def lose(odd):
            from domain.findings import Finding
            return Finding(odd())
        """,
}


def test_the_reading_of_the_source(tmp_path: Path) -> None:
    for name, text in WRITTEN.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(dedent(text))
    assert {each.code: each.params for each in Source(tmp_path).list_uses()} == {
        "plain": {"n"},
        "through_another": {"row", "limit"},
        "one_of_two": set(),
        "two_of_two": set(),
        "way_long": set(),
        "way_short": set(),
        "of_a_table": set(),
        "of_the_same_table": set(),
        "of_no_table": set(),
        "yielded": set(),
        "of_a_display": set(),
        "open_*": set(),
        "named": {"first", "second"},
        "added_to": None,
        "refused": set(),
        "twice_removed": {"row", "column", "most"},
        "of_a_parameter": {"row", "column"},
        "borne_by_an_exception": {"size"},
        "*": set(),
    }
