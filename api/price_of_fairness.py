"""docs/price-of-fairness.md: what each method would give in the example plans, unit by unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from domain.allocations import UnitFigures, allocate_seats, derive_inputs
from domain.allocations.explanations import compare_stage
from domain.allocations.outcome import AllocationOutcome, AllocationStage
from domain.apportionment import METHOD_NAMES
from domain.apportionment.comparison import COMPARED_RULES, Comparison
from domain.apportionment.rules import ApportionmentRule
from domain.plans import Plan
from domain.units import compute_last_day
from service.formats.plans import read_document, read_plan
from service.formats.unit_files import parse_figures, parse_units, read_sheet

EXAMPLES = Path(__file__).parents[1] / "examples"
TIED = "*"


@dataclass(frozen=True, slots=True)
class ExampleConference:
    """The conference of an example plan whose seats its units share."""

    plan: str
    folder: str
    tier: str
    unit: str
    day: date


CONFERENCES = (
    ExampleConference("soc_trang_2020", "soc_trang", "province", "tinh-soc-trang", date(2020, 6, 1)),
    ExampleConference("kim_bang_2025", "kim_bang", "district", "huyen-kim-bang", date(2025, 3, 1)),
    ExampleConference(
        "khanh_hoa_cong_thuong_2020", "khanh_hoa", "sector", "so-cong-thuong-khanh-hoa", date(2020, 6, 1)
    ),
    ExampleConference("hai_phong_2020", "hai_phong", "city", "thanh-pho-hai-phong", date(2020, 6, 1)),
)

_INTRODUCTION = """# The price of fairness

What each method would give in the four example plans, with the units and figures of
[`examples`](../examples) (staff numbers there are made up, and marked as made up). `make fairness` writes
this page, and `make drift` and a test fail when it is not what the engine computes. [proof.md](proof.md) says
what is proven.

*Share* is the unit's exact share of the bloc's seats within its floor and cap, rounded to three decimals;
it belongs to no method. *Distance* is the seats of the plan's method less the share. Of the other methods
only the numbers that differ from those of the plan's method are shown. `*`: a lot has to decide between
equal claims, and the units that come first by code stand for those that win it.

Two rows end each bloc. *Moved*: how many seats the method would give to other units than the plan's
method does. *Farthest*: the greatest distance between a unit's seats and its share, in seats. At 1 and
more a unit does not have its share rounded down or up.
"""


def format_price_of_fairness() -> str:
    """The page."""
    return "\n".join([_INTRODUCTION, *(line for each in CONFERENCES for line in _format_conference(each))])


def allocate_example(example: ExampleConference) -> tuple[Plan, AllocationOutcome]:
    """The plan and the allocation of its conference, from the files of the example."""
    plan = read_plan(read_document((EXAMPLES / "plans" / f"{example.plan}.yaml").read_bytes(), "yaml"))
    tier = next(each for each in plan.tiers if each.id == example.tier)
    inputs, _ = derive_inputs(plan, tier, _read_units_below(example, plan, tier.congresses[0]))
    return plan, allocate_seats(inputs)


def _read_units_below(example: ExampleConference, plan: Plan, congress: str) -> list[UnitFigures]:
    """The units right below the conference's unit on its day, with their latest figures, by code."""
    folder = EXAMPLES / example.folder
    congresses = [each.id for each in plan.congresses]
    rows = parse_units(read_sheet((folder / "units.csv").read_bytes(), "csv"), congresses).rows
    figures: dict[str, dict[str, int]] = {}
    reports = parse_figures(read_sheet((folder / "figures.csv").read_bytes(), "csv")).rows
    for report in sorted(reports, key=lambda report: report.as_of):
        if report.as_of <= example.day:
            figures.setdefault(report.unit, {}).update(report.figures)
    return [
        UnitFigures(row.code, row.code, row.name, row.kind, figures.get(row.code, {}))
        for row in sorted(rows, key=lambda row: row.code)
        if row.parents.get(congress) == example.unit
        and row.valid_from <= example.day <= compute_last_day(row)
    ]


def _format_conference(example: ExampleConference) -> Iterator[str]:
    plan, outcome = allocate_example(example)
    yield f"\n## {plan.title}\n"
    yield f"`{example.plan}`, tier `{example.tier}`, units on {example.day}.\n"
    rules = (outcome.stages[0].answer.rule, *COMPARED_RULES)
    others = [rule for n, rule in enumerate(rules) if rule not in rules[:n]][1:]
    names = [_name_rule(rule) for rule in others]
    yield f"| unit | figure | share | {_name_rule(rules[0])} | distance | {' | '.join(names)} |"
    yield "|---" * (5 + len(others)) + "|"
    for stage in outcome.stages:
        yield from _format_stage(stage, others)


def _name_rule(rule: ApportionmentRule) -> str:
    name = METHOD_NAMES[rule.method].en
    return f"{name} (Droop)" if rule.quota == "droop" else name


def _format_stage(stage: AllocationStage, others: Sequence[ApportionmentRule]) -> Iterator[str]:
    """The units of a bloc by every method, and what the methods do to the bloc."""
    by_rule = {each.rule: each for each in compare_stage(stage, {}).methods}
    own = by_rule[stage.answer.rule]
    compared = [by_rule[rule] for rule in others]
    shares = [award.quota for award in stage.answer.awards]
    claims = stage.answer.claims
    yield f"| **{stage.name}**: {stage.answer.house} by {stage.measure}{_mark_tie(own)} |" + " |" * (
        4 + len(others)
    )
    for n, unit in enumerate(claims.ids):
        differing = [f"{each.seats[n]}" if each.seats[n] != own.seats[n] else "" for each in compared]
        cells = [stage.names[unit], f"{claims.weights[n]}", _format_decimals(shares[n]), f"{own.seats[n]}"]
        yield _format_row([*cells, _format_decimals(own.seats[n] - shares[n], sign=True), *differing])
    moved = [f"{_count_moved(each, own)}{_mark_tie(each)}" for each in compared]
    yield _format_row(["*moved*", "", "", "0", "", *moved])
    farthest = [_format_decimals(_find_farthest(each, shares)) for each in (own, *compared)]
    yield _format_row(["*farthest*", "", "", farthest[0], "", *farthest[1:]])


def _format_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _mark_tie(each: Comparison) -> str:
    return TIED if each.provisional else ""


def _count_moved(each: Comparison, own: Comparison) -> int:
    return sum(abs(k - seats) for k, seats in zip(each.seats, own.seats, strict=True)) // 2


def _find_farthest(each: Comparison, shares: Sequence[Fraction]) -> Fraction:
    return max(abs(seats - share) for seats, share in zip(each.seats, shares, strict=True))


def _format_decimals(number: Fraction, *, sign: bool = False) -> str:
    """Three decimals, halves to the even one; the figure itself is exact."""
    thousandths = round(abs(number) * 1000)
    mark = "−" if number < 0 and thousandths else "+" if sign and thousandths else ""
    return f"{mark}{thousandths // 1000}.{thousandths % 1000:03}"
