"""What certificates of format 2 are made of: exactly these members, one order, one way to write a number.

Whatever is changed in such a certificate is refused here, refused by the proof, or changes its digest.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise

from domain.findings import Finding, escape_pointer_step
from domain.verification.json_readers import (
    MOST_ID_LENGTH,
    MalformedError,
    expect_valid,
    read_count,
    read_id,
    read_mapping,
    read_rational,
    read_sequence,
    read_text,
)

GREATEST_COUNT = 10**18
"""The greatest number of seats, and the greatest bound."""
GREATEST_SAFE_INTEGER = 2**53 - 1
"""Greater weights and factors are written as strings."""
MOST_STAGE_LENGTH = 2 * MOST_ID_LENGTH + 1
DIGEST_PATTERN = re.compile(r"[0-9a-f]{64}", re.ASCII)


def expect_members(source: object, names: Collection[str], at: str) -> Mapping[str, object]:
    """An object with exactly the members ``names``."""
    content = read_mapping(source, at)
    for name in content:
        expect_valid(name, name in names, f"{at}/{escape_pointer_step(str(name)[:MOST_ID_LENGTH])}")
    for name in names:
        expect_valid(name, name in content, f"{at}/{name}")
    return content


def expect_ascending(keys: Sequence[object], at: str) -> None:
    """Keys of rows, each greater than the one before it: sorted, and none of them twice."""
    expect_valid(keys, all(one < other for one, other in pairwise(keys)), at)  # type: ignore[operator]


def expect_count(source: object, at: str) -> int:
    """A whole number of seats."""
    count = read_count(source, at)
    return expect_valid(count, count <= GREATEST_COUNT, at)


def expect_optional_count(source: object, at: str) -> None:
    """A whole number, or null."""
    if source is not None:
        expect_count(source, at)


def expect_exact_number(source: object, at: str) -> None:
    """A number in its one form: a whole number of safe size, else a string "p" or "p/q" in lowest terms."""
    number = read_rational(source, at)
    whole = number.denominator == 1 and number.numerator <= GREATEST_SAFE_INTEGER
    expect_valid(number, source == (number.numerator if whole else str(number)), at)


def expect_exact_text(source: object, at: str) -> Fraction:
    """A string "p" or "p/q" in lowest terms."""
    number = read_rational(read_text(source, at), at)
    return expect_valid(number, source == str(number), at)


def expect_exact_numbers(source: object, at: str) -> Mapping[str, object]:
    """Exact numbers by name."""
    numbers = read_mapping(source, at)
    for name, number in numbers.items():
        expect_exact_number(number, f"{at}/{escape_pointer_step(name[:MOST_ID_LENGTH])}")
    return numbers


def expect_ids(source: object, at: str) -> Sequence[str]:
    """A list of ids."""
    return [read_id(one, f"{at}/{n}") for n, one in enumerate(read_sequence(source, at))]


def expect_any_text(source: object, at: str, most: int | None = None) -> str:
    """A string, which may be empty."""
    if not isinstance(source, str) or (most is not None and len(source) > most):
        raise MalformedError(at)
    return source


def expect_digest(source: object, at: str) -> str:
    """SHA-256 in lower-case hexadecimal."""
    digest = read_text(source, at)
    return expect_valid(digest, DIGEST_PATTERN.fullmatch(digest) is not None, at)


def encode_canonical(value: object) -> bytes:
    """JSON with keys sorted, no spaces, and no escapes beyond those that JSON needs, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="surrogatepass")


def compute_content_digest(content: Mapping[str, object]) -> str:
    """SHA-256 over everything in a certificate but its own member ``digest``."""
    return sha256(encode_canonical({k: v for k, v in content.items() if k != "digest"})).hexdigest()


def check_content_digest(content: Mapping[str, object]) -> tuple[Finding, ...]:
    """The error of a certificate whose digest is not that of its content."""
    if content["digest"] != compute_content_digest(content):
        return (Finding("certificate_content_differs", {}, "/digest"),)
    return ()
