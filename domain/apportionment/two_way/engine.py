"""The entry point of a two-way apportionment: check, find out whether seats fit, solve, find the ties."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from domain.apportionment.result import Status
from domain.apportionment.two_way.exact import Cell, Factors, prove_seats
from domain.apportionment.two_way.flow import Flow, RowExcess, find_blocks, place_seats
from domain.apportionment.two_way.problem import TwoWayProblem
from domain.apportionment.two_way.ties import CellTie, find_ties, settle_ties
from domain.findings import Finding, Invalid

CellName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why no seats fit: these ``lines`` have more seats than all the lines ``across`` in which they have
    weight. ``side`` says whether the lines are rows or columns."""

    side: Literal["rows", "columns"]
    lines: tuple[str, ...]
    seats: int
    across: tuple[str, ...]
    across_seats: int


@dataclass(frozen=True, slots=True)
class TwoWayApportionment:
    """The result. ``certain`` are the seats that do not depend on a lot; the quotient of a cell is its weight
    divided by the divisors of its row and its column."""

    status: Status
    problem: TwoWayProblem
    seats: list[list[int]] = field(default_factory=list)
    certain: list[list[int]] = field(default_factory=list)
    ties: list[CellTie] = field(default_factory=list)
    lots: tuple[CellName, ...] = ()
    row_divisors: tuple[Fraction, ...] = ()
    column_divisors: tuple[Fraction, ...] = ()
    impossible: Impossible | None = None

    def name_cell(self, cell: Cell) -> CellName:
        """The ids of the row and the column of a cell."""
        return self.problem.rows[cell[0]].id, self.problem.columns[cell[1]].id


def apportion_two_way(problem: TwoWayProblem, lots: Sequence[CellName] = ()) -> TwoWayApportionment:
    """Share out the seats of rows and columns over the cells by the biproportional divisor method.

    The answer does not depend on the order of rows and columns. Where cells tie, ``lots`` is the drawn order
    of all tied cells, each as the ids of its row and column. If no seats fit, the status is ``infeasible``.

    :raises Invalid: for inputs or lots that are not valid, with pointers into the request.
    """
    problem.expect_valid()
    flow = _place(problem)
    if isinstance(flow, Impossible):
        _read_lots(problem, lots, [])
        return TwoWayApportionment("infeasible", problem, impossible=flow)
    factors = _solve(problem, flow)
    certain, ties = find_ties(factors)
    order = _read_lots(problem, lots, [cell for tie in ties for cell in tie.cells])
    return TwoWayApportionment(
        "lots_required" if ties and not lots else "decided",
        problem,
        settle_ties(factors.seats, certain, order) if order else certain,
        certain,
        ties,
        tuple(lots),
        tuple(1 / one for one in factors.up),
        tuple(1 / one for one in factors.across),
    )


def _solve(problem: TwoWayProblem, flow: Flow) -> Factors:
    from domain.apportionment.two_way.scaling import search_scaling

    return prove_seats(search_scaling(problem, find_blocks(flow)), problem)


def _place(problem: TwoWayProblem) -> Flow | Impossible:
    """Any seats that fit, or the shorter of the reasons by rows and by columns."""
    rows, columns = [row.seats for row in problem.rows], [column.seats for column in problem.columns]
    found = place_seats(rows, columns, list(map(_mask, problem.weights)))
    if isinstance(found, Flow):
        return found
    turned = place_seats(columns, rows, list(map(_mask, zip(*problem.weights, strict=True))))
    reasons = [_name_excess(problem, found, turned=False)]
    if isinstance(turned, RowExcess):
        reasons.append(_name_excess(problem, turned, turned=True))
    return min(reasons, key=lambda reason: len(reason.lines) + len(reason.across))


def _mask(cells: Sequence[int]) -> int:
    return sum(1 << j for j, weight in enumerate(cells) if weight)


def _name_excess(problem: TwoWayProblem, excess: RowExcess, *, turned: bool) -> Impossible:
    own, other = (problem.columns, problem.rows) if turned else (problem.rows, problem.columns)
    lines, across = [own[i] for i in excess.lines], [other[j] for j in excess.across]
    return Impossible(
        "columns" if turned else "rows",
        tuple(line.id for line in lines),
        sum(line.seats for line in lines),
        tuple(line.id for line in across),
        sum(line.seats for line in across),
    )


def _read_lots(problem: TwoWayProblem, lots: Sequence[CellName], tied: Sequence[Cell]) -> list[Cell]:
    """The drawn order as cells; empty without lots."""
    cells = {(problem.rows[i].id, problem.columns[j].id): (i, j) for i, j in tied}
    if not lots:
        return []
    errors, order = [], []
    for index, name in enumerate(lots):
        cell = cells.pop(name, None)
        if cell is None:
            errors.append(
                Finding("two_way_lot_not_tied", {"row": name[0], "column": name[1]}, f"/lots/{index}")
            )
        else:
            order.append(cell)
    errors += [
        Finding("two_way_lot_missing", {"row": row, "column": column}, "/lots") for row, column in cells
    ]
    if errors:
        raise Invalid("lots_invalid", errors=errors[:100])
    return order
