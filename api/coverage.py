"""docs/coverage.md: what becomes of each sentence of the four plans, from the tables in docs/coverage."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from service.formats.plans import read_document

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "docs" / "coverage"
PLANS = ("soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020", "hai_phong_2020")


class Outcome(StrEnum):
    """What becomes of a sentence, from the most to the least."""

    ENFORCED = "enforced"
    """What is against it is refused, or what follows from it is decided or computed."""
    RECORDED = "recorded"
    """What is done about it is recorded; where that is not as the plan has it, a finding tells."""
    TOLD = "told"
    """It is shown to those whom it concerns, or a finding speaks of it."""
    NOT_YET = "not yet"
    """Nothing acts upon it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One row: a sentence of a plan, by its clause, and what becomes of it.

    ``label`` is the clause's number as printed, ``words`` are those of the sentence. ``rule`` is how the row
    of docs/rules.md begins. ``call`` is a method and a path, ``test`` a test that shows it. ``note`` says
    what is missing, or what else has to be known.
    """

    plan: str
    clause: str
    label: str
    words: str
    outcome: Outcome
    call: str
    test: str
    rule: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """The table of one plan. ``headings`` are the clauses that only name what stands below them."""

    plan: str
    title: str
    clauses: Mapping[str, Mapping[str, str]]
    headings: Sequence[str]
    sentences: Sequence[Sentence]


def read_tables() -> list[CoverageTable]:
    """The tables of all plans; raises ``KeyError`` or ``TypeError`` for one that is not in its form."""
    return [_read_table(name) for name in PLANS]


def _read_table(name: str) -> CoverageTable:
    plan = read_document((ROOT / "examples" / "plans" / f"{name}.yaml").read_bytes(), "yaml")
    table = read_document((TABLES / f"{name}.yaml").read_bytes(), "yaml")
    clauses = {clause["id"]: clause for clause in plan["clauses"]}
    sentences = [each for row in table["sentences"] for each in _read_row(name, clauses, row)]
    order = {clause: n for n, clause in enumerate(clauses)}
    sentences.sort(key=lambda each: order[each.clause])
    return CoverageTable(name, plan["title"], clauses, table["headings"], sentences)


def _read_row(
    name: str, clauses: Mapping[str, Mapping[str, str]], row: Mapping[str, Any]
) -> Iterator[Sentence]:
    """One sentence for each of the row's clauses, in the words of the plan unless it picks some of them."""
    rest = {key: value for key, value in row.items() if key not in {"clauses", "words", "outcome"}}
    for clause in row["clauses"]:
        yield Sentence(
            plan=name,
            clause=clause,
            label=clauses[clause]["label"],
            words=row.get("words", clauses[clause]["quote"]),
            outcome=Outcome(row["outcome"]),
            **rest,
        )


_INTRODUCTION = """# What becomes of each sentence of the four plans

Sentence by sentence, in the order of the [plans](../examples/plans): by its own number, in its own words.
`make coverage` writes this page from the tables in [coverage](coverage); `make drift` and a test fail when it
is not what they say.

- **enforced**: what is against the sentence is refused, or what follows from it is decided or computed by the
  service. The test of such a row fails when its rule alone is switched off: `make oracles` does that to every
  rule that is named here.
- **recorded**: what is done about it is recorded, and a finding tells where that is not as the plan has it.
- **told**: it is shown to those whom it concerns, or a finding speaks of it; nothing is asked of anybody.
- **not yet**: nothing acts upon it; the row says what is missing.

The rule is the one that begins so in [rules.md](rules.md). Headings, which only name what stands below
them, are left out. Numbers that a plan does not state come from decisions that the examples make up, and are
nowhere counted as the plan's own.
"""


def format_coverage(tables: Sequence[CoverageTable]) -> str:
    """The page."""
    return (
        "\n".join(
            [
                _INTRODUCTION,
                *_format_counts(tables),
                *(line for each in tables for line in _format_table(each)),
            ]
        )
        + "\n"
    )


def _format_counts(tables: Sequence[CoverageTable]) -> Iterator[str]:
    yield f"| Plan | {' | '.join(Outcome)} | in all |"
    yield "|---" * (len(Outcome) + 2) + "|"
    whole: Counter[Outcome] = Counter()
    for table in tables:
        counts = Counter(each.outcome for each in table.sentences)
        whole += counts
        yield _format_count(f"[{table.plan}](#{table.plan})", counts)
    yield _format_count("all", whole)


def _format_count(name: str, counts: Counter[Outcome]) -> str:
    return _format_row([name, *(str(counts[each]) for each in Outcome), str(counts.total())])


def _format_table(table: CoverageTable) -> Iterator[str]:
    yield f"\n## {table.plan}\n\n{table.title}.\n"
    yield _format_row(["Clause", "Sentence", "Outcome", "Rule", "Call", "Test"])
    yield "|---" * 6 + "|"
    for each in table.sentences:
        outcome = each.outcome if each.note is None else f"{each.outcome}; {each.note}"
        path, _, test = each.test.partition("::")
        shown = f"[`{test}`](../{path})"
        yield _format_row([each.label, each.words, outcome, each.rule or "", f"`{each.call}`", shown])


def _format_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
