"""Records that are stored as plain JSON: what is written is read as the same value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.columns import PlainRecord, RecordType
from db.tables import build_metadata
from domain.allocations import DistributionTie, QuotaDistribution
from domain.allocations.certificates import AllocationCertificate, GroupCertificate
from domain.allocations.outcome import SettledTie
from domain.apportionment import ApportionmentRule, Method
from domain.apportionment.summaries import ApportionmentSummary
from domain.findings import Finding
from domain.lots import SettlementMethod, TieSettlement
from domain.runs import RunProblem
from tests.conftest import examples

TEXTS = st.text(max_size=8)
PARAMS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.none() | st.lists(TEXTS, max_size=2), max_size=3)
RULES = st.one_of(
    st.builds(ApportionmentRule, st.just(Method.STATIONARY), c=st.fractions(0, 1)),
    st.builds(
        ApportionmentRule, st.just(Method.MODIFIED_SAINTE_LAGUE), first_divisor=st.fractions("1/9", "29/10")
    ),
    st.builds(
        ApportionmentRule,
        st.just(Method.LARGEST_REMAINDER),
        quota=st.sampled_from(["hare", "droop"]),
        bounds=st.sampled_from(["refit", "whole_house"]),
    ),
    st.sampled_from([ApportionmentRule(Method.DHONDT), ApportionmentRule(Method.SAINTE_LAGUE)]),
)
"""Rules with the parameters that their method uses; others are not stored."""

st.register_type_strategy(ApportionmentRule, RULES)
st.register_type_strategy(Finding, st.builds(Finding, params=PARAMS))
st.register_type_strategy(TieSettlement, st.builds(TieSettlement, seed=st.none()))
st.register_type_strategy(
    QuotaDistribution,
    st.builds(
        QuotaDistribution, certificate=PARAMS, settled=st.lists(st.from_type(DistributionTie)).map(tuple)
    ),
)
st.register_type_strategy(
    ApportionmentSummary, st.builds(ApportionmentSummary, certificate=st.none() | PARAMS)
)
st.register_type_strategy(RunProblem, st.builds(RunProblem, params=PARAMS))
ORDERS = st.lists(TEXTS, max_size=3).map(tuple)
CLAIMS = st.lists(st.tuples(TEXTS, st.integers(1, 9)), max_size=3).map(tuple)
SETTLED = st.one_of(
    st.builds(
        SettledTie,
        TEXTS,
        TEXTS,
        st.sampled_from([how for how in SettlementMethod if how is not SettlementMethod.ONE_MORE]),
        order=ORDERS,
    ),
    st.builds(
        SettledTie, TEXTS, TEXTS, st.just(SettlementMethod.ONE_MORE), tied=CLAIMS, added=st.integers(0, 9)
    ),
)
"""Ties with what their way of settling has: an order, or what each tied unit got."""

st.register_type_strategy(
    GroupCertificate,
    st.builds(
        GroupCertificate,
        TEXTS,
        st.lists(SETTLED, max_size=2).map(lambda some: tuple(sorted(some, key=lambda tie: tie.stage))),
        PARAMS,
    ),
)
st.register_type_strategy(
    AllocationCertificate,
    st.builds(
        AllocationCertificate,
        groups=st.lists(st.from_type(GroupCertificate), max_size=2).map(
            lambda some: tuple(sorted(some, key=lambda part: part.group))
        ),
    ),
)


def list_records() -> list[type[PlainRecord]]:
    """The records of all columns."""
    columns = (column for table in build_metadata().tables.values() for column in table.columns)
    found = {column.type.record for column in columns if isinstance(column.type, RecordType)}
    return sorted(found, key=lambda record: record.__name__)


@pytest.mark.parametrize("record", list_records(), ids=lambda record: record.__name__)
@examples(20)
@given(data=st.data())
def test_a_record_is_read_as_it_was_written(record: type[PlainRecord], data: st.DataObject) -> None:
    value = data.draw(st.from_type(record))
    assert record.read(json.loads(json.dumps(value.plain()))) == value
