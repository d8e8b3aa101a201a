"""The check of the lots of a list: the order of the ballots follows from the seed, and nobody is before it.

Which ballots still stand, and whose they are, is not in the certificate; whoever erases a person changes
nothing in it.
"""

import re
from datetime import date
from hashlib import sha256

from domain.findings import Finding
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_count,
    read_id,
    read_sequence,
    read_text,
)
from domain.verification.shapes import (
    check_content_digest,
    encode_canonical,
    expect_ascending,
    expect_digest,
    expect_members,
)

FORMAT = "daibieu-lots-1"
MOST_BALLOTS = 1_000_000
SEED_PATTERN = re.compile(r"[0-9]{3,40}", re.ASCII)
MEMBERS = ("format", "congress", "unit", "seed", "drawn_on", "ballots", "drawn", "later", "digest")


def verify_lots(certificate: object) -> tuple[Finding, ...]:
    """The errors in the certificate of the lots of a list; empty when it is proven."""
    try:
        content = expect_members(certificate, MEMBERS, "")
        read_choice(content["format"], (FORMAT,), "/format")
        subject = {name: read_id(content[name], f"/{name}") for name in ("congress", "unit")}
        seed = read_text(content["seed"], "/seed")
        expect_valid(seed, SEED_PATTERN.fullmatch(seed) is not None, "/seed")
        _expect_day(read_text(content["drawn_on"], "/drawn_on"))
        most = read_count(content["ballots"], "/ballots")
        expect_valid(most, 0 < most <= MOST_BALLOTS, "/ballots")
        drawn = _read_numbers(content["drawn"], "/drawn")
        expect_valid(drawn, all(0 < number <= most for number in drawn), "/drawn")
        later = _read_numbers(content["later"], "/later")
        expect_valid(later, all(number > most for number in later), "/later")
        expect_ascending(later, "/later")
        expect_digest(content["digest"], "/digest")
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)
    lots = [_draw(seed, sha256(encode_canonical(subject)).hexdigest(), number) for number in drawn]
    for place in range(1, len(lots)):
        if lots[place - 1] >= lots[place]:
            return (Finding("certificate_lots_wrong", {}, f"/drawn/{place}"),)
    return check_content_digest(content)


def _draw(seed: str, subject: str, number: int) -> str:
    """The lot of a ballot, by the rule ``daibieu-lot-1``."""
    return sha256(f"daibieu-lot-1\n{seed}\n{subject}\n{number}".encode()).hexdigest()


def _read_numbers(source: object, at: str) -> list[int]:
    return [read_count(one, f"{at}/{n}") for n, one in enumerate(read_sequence(source, at))]


def _expect_day(text: str) -> None:
    try:
        expect_valid(text, date.fromisoformat(text).isoformat() == text, "/drawn_on")
    except ValueError:
        raise MalformedError("/drawn_on") from None
