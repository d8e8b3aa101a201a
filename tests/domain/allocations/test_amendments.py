"""What may amend an adopted allocation."""

from uuid import uuid4

import pytest

from domain.allocations import expect_adopted_amended
from domain.findings import Conflict, Invalid

ADOPTED, OTHER = uuid4(), uuid4()


def test_what_is_adopted_is_amended_by_name() -> None:
    expect_adopted_amended(ADOPTED, ADOPTED)
    with pytest.raises(Conflict) as refused:
        expect_adopted_amended(ADOPTED, None)
    assert (refused.value.code, refused.value.params) == (
        "adopted_allocation_is_amended",
        {"allocation": str(ADOPTED)},
    )


def test_before_anything_is_adopted_nothing_is_amended() -> None:
    expect_adopted_amended(None, None)
    with pytest.raises(Invalid, match="amends_not_adopted"):
        expect_adopted_amended(None, OTHER)


def test_nothing_but_what_is_adopted_is_amended() -> None:
    with pytest.raises(Invalid, match="amends_not_adopted"):
        expect_adopted_amended(ADOPTED, OTHER)
