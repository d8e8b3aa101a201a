"""The annex of a decision with all groups of the conference."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from db.conferences import SeatGroupRow
from domain.documents.content import RowKind
from service.documents.allocation_decisions import _build_groups_table
from service.documents.forms import DocumentForm, Wordings


def build_group(name: str, **number: Any) -> SeatGroupRow:
    return SeatGroupRow(
        conference=UUID(int=1), group=name, position=1, name=name, filled_by="invitation", **number
    )


def test_a_limit_is_told_as_one_and_not_summed() -> None:
    groups = [build_group("khach", maximum=20), build_group("bao-chi", seats=3), build_group("khac")]
    described: Any = SimpleNamespace(seats=[SimpleNamespace(group="dien-hinh", seats=8)])
    form = DocumentForm(Wordings.load())
    table = _build_groups_table([*groups, build_group("dien-hinh")], described, form)
    assert [row.cells[-1] for row in table.rows] == ["tối đa 20", 3, None, 8, 11]
    assert table.rows[-1].kind is RowKind.TOTAL
