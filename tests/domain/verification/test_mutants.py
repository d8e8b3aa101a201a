"""Whatever is changed in a certificate, in any one place, it is refused."""

import re
from itertools import islice
from typing import Any

import pytest

from domain.verification import verify_proof
from tests.domain.verification.mutants import Path, encode, list_mutants, seal
from tests.domain.verification.samples import (
    build_wide_conference,
    list_allocations,
    list_conferences,
    list_splits,
    list_stages,
    list_two_way,
)

pytestmark = pytest.mark.slow  # each sample is changed in every leaf

SPLITS = {f"split: {name}": one for name, one in list_splits().items()}
TABLES = {f"two-way: {name}": one for name, one in list_two_way().items()}
SMALL: dict[str, dict[str, Any]] = {
    **{f"stage: {name}": one for name, one in list_stages().items()},
    **{f"allocation: {name}": one for name, one in list_allocations().items()},
    **SPLITS,
    **TABLES,
}
SAMPLES = {**SMALL, **{f"conference: {name}": one for name, one in list_conferences().items()}}
INPUTS = re.compile(
    r"/(stage|group|engine|snapshot|seats)"
    r"|/(rule|components)(/.*)?"
    r"|/units(/[0-9]+(/(id|weight|floor|cap|base|predecessors|bloc|figures(/[a-z]+)?))?)?"
    r"|/adjustments/[0-9]+(/(reason|author))?"
    r"|/tie/lots|/groups/[0-9]+/settled(/[0-9]+(/how)?)?"
    r"|/seed|/columns(/[^/]+)?|/columns/[0-9]+/(id|seats)"
    r"|/rows(/[0-9]+(/(unit|id|seats|headcount|(people|by_hand|weights)(/[^/]+)?))?)?"
)
"""Pointers to what a computation is told: with other inputs something else is proven, by another digest.

In a conference the group's certificate, the seats and the hands are not among them.
"""
MEANS = re.compile(r"/factors/[^/]+|/(rows|columns)/[0-9]+/divisor")
"""Pointers to numbers that only prove: others that fit prove the same seats."""


@pytest.mark.parametrize("name", SAMPLES)
def test_what_the_engine_makes_is_proven(name: str) -> None:
    assert verify_proof(SAMPLES[name]) == ()


@pytest.mark.parametrize("name", SMALL)
def test_no_mutant_is_proven(name: str) -> None:
    assert _list_accepted(SMALL[name]) == []


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - SMALL.keys()))
def test_no_mutant_of_a_conference_is_proven(name: str) -> None:
    assert _list_accepted(SAMPLES[name], every=5) == []


@pytest.mark.parametrize("name", SMALL)
def test_who_computes_the_digests_again_proves_only_other_inputs(name: str) -> None:
    assert _list_forged(SMALL[name], every=2) == []


@pytest.mark.oracles
@pytest.mark.parametrize("name", SAMPLES)
def test_no_mutant_of_any_certificate_is_proven(name: str) -> None:
    assert _list_accepted(SAMPLES[name]) == []
    assert _list_forged(SAMPLES[name]) == []


@pytest.mark.oracles
def test_no_mutant_of_a_wide_conference_is_proven() -> None:
    content = build_wide_conference(12)
    assert verify_proof(content) == ()
    assert _list_accepted(content) == []


def _list_accepted(content: dict[str, Any], every: int = 1) -> list[tuple[Path, str]]:
    """Where and how the mutants were made that are proven as they are."""
    mutants = islice(list_mutants(content), 0, None, every)
    return [(path, how) for path, how, mutant in mutants if not verify_proof(mutant)]


def _list_forged(content: dict[str, Any], every: int = 1) -> list[tuple[str, str]]:
    """The same with the digests computed again, where it is not the inputs that were changed."""
    found = []
    for path, how, mutant in islice(list_mutants(content), 0, None, every):
        sealed = seal(mutant)
        if encode(sealed) != encode(content) and not verify_proof(sealed):
            assert sealed["digest"] != content["digest"]
            pointer = "".join(f"/{step}" for step in path)
            if not INPUTS.fullmatch(pointer) and not MEANS.fullmatch(pointer):
                found.append((pointer, how))
    return found
