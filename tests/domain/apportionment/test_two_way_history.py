"""Two-way elections as they were decided, with the official figures; and a weight of people and area."""

from fractions import Fraction
from typing import Any

import pytest

from domain.apportionment import Claim, apportion_seats
from domain.apportionment.certificate import seal
from domain.apportionment.two_way import Line, TwoWayProblem, apportion_two_way, build_two_way_certificate
from domain.verification import verify_proof
from tests.domain.apportionment.naive import data

ZURICH, URI, NORWAY = data("zurich_2023.json"), data("uri_2020.json"), data("norway_2020.json")


def _list_districts(election: dict[str, Any]) -> list[tuple[str, int, list[int], list[int]]]:
    """Name, seats, votes and the decided seats of each district."""
    return [(name, row[0], row[-2], row[-1]) for name, row in election["districts"].items()]


@pytest.mark.parametrize("election", [ZURICH, URI], ids=["zurich", "uri"])
def test_the_parties_have_the_seats_that_were_decided(election: dict[str, Any]) -> None:
    voters = [
        sum((Fraction(votes[j], seats) for _, seats, votes, _ in _list_districts(election)), Fraction(0))
        for j in range(len(election["parties"]))
    ]
    claims = [Claim(party, count) for party, count in zip(election["parties"], voters, strict=True)]
    assert list(apportion_seats(election["seats"], claims).by_id.values()) == election["party_seats"]


@pytest.mark.parametrize("election", [ZURICH, URI], ids=["zurich", "uri"])
def test_every_district_and_party_has_the_seats_that_were_decided(election: dict[str, Any]) -> None:
    districts = _list_districts(election)
    problem = TwoWayProblem(
        tuple(Line(name, seats) for name, seats, _, _ in districts),
        tuple(map(Line, election["parties"], election["party_seats"])),
        tuple(tuple(votes) for _, _, votes, _ in districts),
    )
    result = apportion_two_way(problem)
    assert result.status == "decided"
    assert result.seats == [decided for _, _, _, decided in districts]
    assert verify_proof(build_two_way_certificate(result)) == ()


def test_the_published_divisors_of_zurich_prove_the_same_seats() -> None:
    districts = ZURICH["districts"].items()
    told: dict[str, Any] = {
        "format": "daibieu-two-way-1",
        "method": "sainte_lague",
        "status": "decided",
        "columns": [
            {"id": party, "seats": seats, "divisor": _plain_divisor(divisor)}
            for party, seats, divisor in zip(
                ZURICH["parties"], ZURICH["party_seats"], ZURICH["party_divisors"], strict=True
            )
        ],
        "rows": [
            {
                "id": name,
                "seats": seats,
                "divisor": _plain_divisor(divisor),
                "weights": votes,
                "cells": decided,
            }
            for name, (seats, divisor, votes, decided) in districts
        ],
    }
    assert verify_proof(seal(told)) == ()


def _plain_divisor(published: str) -> int | str:
    divisor = Fraction(published)
    return divisor.numerator if divisor.denominator == 1 else str(divisor)


def test_norway_weighs_people_and_area() -> None:
    districts = NORWAY["districts"].items()
    claims = [Claim(name, people + Fraction(9, 5) * area) for name, (people, area, _) in districts]
    decided = {name: seats for name, (_, _, seats) in districts}
    assert apportion_seats(NORWAY["seats"], claims).by_id == decided
