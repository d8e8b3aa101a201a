"""The fair share table: each unit's part of each target if seats could be divided.

It is the entropy projection of seats × the unit's own shares onto the row totals (the unit's seats) and the
column totals (the targets), with no cell above the number of people of that kind: every cell is people × row
factor × column factor, or its cap where that is more. For given column factors the rows are divided exactly,
so only the column factors are searched (:mod:`domain.composition.solver.factor_search`). Where targets need
all that units can give, some cells can have one value only and their factors run away: they are pinned first,
in integers (:mod:`domain.composition.solver.reach`).

No table is answered without its certificate (:mod:`domain.composition.solver.share_certificate`): every cell
is within a billionth of a seat of the true one. Where floats are too coarse for that, decimals go on. The
certified table is published in millionths with exact margins (:mod:`domain.composition.solver.publication`).

Source: Csiszár, "I-divergence geometry of probability distributions and minimization problems",
Annals of Probability 3 (1975); for the bounds, Censor and Lent, J. Optim. Theory Appl. 34 (1981).
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from domain.composition.solver.array_rows import ArrayRows
from domain.composition.solver.decimal_rows import DecimalRows
from domain.composition.solver.factor_search import FactorSearch, Logs
from domain.composition.solver.millionths import BILLION, BILLIONTHS, MILLION
from domain.composition.solver.publication import Publication
from domain.composition.solver.reach import ColumnShortage, find_reach
from domain.composition.solver.share_certificate import (
    CERTIFIED_BOUND,
    ShareProof,
    certify_decimals,
    certify_floats,
)
from domain.composition.solver.share_problem import Integers, ShareProblem, build_share_problem
from domain.composition.solver.split_table import SplitTable
from domain.composition.solver.ties import TieKeys

FIRST_EVALUATIONS = 10
"""Most tables need four to seven evaluations; after so many it is tested which targets can be reached."""
LAST_EVALUATIONS = 600
DECIMAL_EVALUATIONS = 5_000
"""Three of 6,000 tables whose figures lie very far apart need more than 200."""


class UncertifiedSharesError(Exception):
    """No table was found that is near enough to the true one; none may be shown."""


@dataclass(frozen=True, slots=True)
class FairShares:
    """The published table in millionths, row by row, and what proves it.

    ``bound``: how far each cell can be from the true one before it was rounded, in seats. ``factors``: the
    column factors. ``tight``: the sets of columns that need all that units can give them, which decides some
    cells. ``fixed_by_seats``: whether units without figures are divided in proportion to the targets;
    ``short``: if not, the columns that the other units could then not fill.
    """

    millionths: list[list[int]]
    bound: float
    factors: tuple[str, ...]
    tight: tuple[tuple[int, ...], ...]
    fixed_by_seats: bool
    short: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Projection:
    problem: ShareProblem
    proof: ShareProof
    tight: tuple[tuple[int, ...], ...] = ()


def compute_fair_shares(table: SplitTable, keys: TieKeys) -> FairShares | ColumnShortage:
    """The published table, or the columns that make it impossible.

    The seats of a unit without figures are divided in proportion to the targets, if the other units can then
    still meet the margins; else such units take part in the projection with the targets as their prior.
    Raises :class:`UncertifiedSharesError` rather than answering a table that may be wrong.
    """
    short: tuple[int, ...] = ()
    if any(table.by_seats):
        problem = build_share_problem(table, fix_by_seats=True)
        if problem.by_seats.any():
            found = project_problem(problem)
            if isinstance(found, _Projection):
                return _publish_shares(table, found, keys, short)
            short = found.values
    found = project_problem(build_share_problem(table, fix_by_seats=False))
    return found if isinstance(found, ColumnShortage) else _publish_shares(table, found, keys, short)


def project_problem(problem: ShareProblem) -> _Projection | ColumnShortage:
    """The certified projection, or the columns that cannot be reached."""
    rows = ArrayRows(problem)
    search = FactorSearch(rows, [Decimal(0)] * len(problem.goals), _choose_tolerance(problem))
    search.run(FIRST_EVALUATIONS)
    proof = _certify_search(problem, rows, search)
    if _is_within_reach(problem, proof):
        return _Projection(problem, proof)
    reach = find_reach(problem)
    if isinstance(reach, ColumnShortage):
        return reach
    if reach.forced.any():
        problem = problem.pin_cells(reach.forced, reach.seats)
        rows = ArrayRows(problem)
        search = FactorSearch(rows, [Decimal(0)] * len(problem.goals), _choose_tolerance(problem))
    if not proof.is_certified or reach.forced.any():
        search.run(LAST_EVALUATIONS)
        proof = _certify_search(problem, rows, search)
    if not proof.is_certified:
        proof = _continue_in_decimals(problem, search.logs)
    return _Projection(problem, proof, reach.tight if reach.forced.any() else ())


def _choose_tolerance(problem: ShareProblem) -> float:
    """The sum of excesses at which to stop: floats do not get much nearer."""
    return 1e-11 + 8e-16 * float(problem.seats.sum())


def _certify_search(problem: ShareProblem, rows: ArrayRows, search: FactorSearch) -> ShareProof:
    if rows.logs != search.logs:
        rows.place(search.logs)
    return certify_floats(problem, rows.factors, rows.list_levels())


def _is_within_reach(problem: ShareProblem, proof: ShareProof) -> bool:
    """Whether the certified table shows that the goals can be reached: a shortage is a multiple of one over
    the denominator of the goals."""
    return proof.is_certified and 4 * CERTIFIED_BOUND * max(goal.denominator for goal in problem.goals) < 1


def _continue_in_decimals(problem: ShareProblem, logs: Logs) -> ShareProof:
    rows = DecimalRows(problem)
    search = FactorSearch(rows, logs, CERTIFIED_BOUND / 1_000)
    search.run(DECIMAL_EVALUATIONS)
    rows.place(search.logs)
    proof = certify_decimals(problem, rows)
    if not proof.is_certified:
        raise UncertifiedSharesError
    return proof


def _publish_shares(
    table: SplitTable, found: _Projection, keys: TieKeys, short: tuple[int, ...]
) -> FairShares:
    """The projection in millionths, with exact margins; raises where these would change it too much."""
    problem, settled = found.problem, found.problem.pinned
    published = Publication(
        found.proof.billionths + _list_billionths_by_seats(table, problem),
        np.array(table.seats, dtype=np.int64) - settled.sum(axis=1),
        problem.ceilings,
        np.array(keys, dtype=np.int64).reshape(settled.shape),
    )
    wanted = [want - have for want, have in zip(table.columns, settled.sum(axis=0).tolist(), strict=True)]
    balanced = published.balance_columns(wanted)
    # At most half a millionth by rounding, and one for each value by exact margins; in practice 1.5 in all.
    most = (len(wanted) + 1) * BILLIONTHS
    if not balanced or published.compute_widest_change() > most:
        raise UncertifiedSharesError
    rows: list[list[int]] = (published.table + settled * MILLION).tolist()
    for i, cells in table.pinned.items():
        for v, places in cells.items():
            rows[i][v] += places * MILLION
    return FairShares(
        rows, found.proof.bound, found.proof.factors, found.tight, bool(problem.by_seats.any()), short
    )


def _list_billionths_by_seats(table: SplitTable, problem: ShareProblem) -> Integers:
    """The seats of units without figures in proportion to the targets; halves are rounded up."""
    billionths = np.zeros_like(problem.caps)
    total = sum(table.columns)
    for seats in {table.seats[i] for i in np.flatnonzero(problem.by_seats).tolist()} - {0}:
        share = [(2 * BILLION * seats * wanted + total) // (2 * total) for wanted in table.columns]
        billionths[problem.by_seats & (np.array(table.seats) == seats)] = share
    return billionths
