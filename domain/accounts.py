"""Accounts: one person or one program, whose identities are linked by a one-time code or by the service.

Linking gives no right: it only says that two identities are one person where the rules want two.
"""

from collections.abc import Collection
from datetime import timedelta

from domain.findings import Conflict, Forbidden, TooMany

CODE_LIFE = timedelta(minutes=10)
"""How long a one-time code is valid."""
MOST_ATTEMPTS = 5
"""How many codes an identity may hand in within :data:`ATTEMPTS_SPAN`."""
ATTEMPTS_SPAN = timedelta(minutes=10)


def expect_attempt_left(attempts: int) -> None:
    """Raise ``TooMany`` for an identity that has handed in so many codes, this one included."""
    if attempts > MOST_ATTEMPTS:
        seconds = int(ATTEMPTS_SPAN.total_seconds())
        raise TooMany("link_attempts", {"most": MOST_ATTEMPTS}, seconds=seconds)


def expect_linked(identities: int) -> None:
    """Raise ``Conflict`` for the only identity of an account: there is nothing to separate it from."""
    if identities < 2:
        raise Conflict("identity_not_linked")


def expect_others_mend(actor: Collection[str], identity: Collection[str]) -> None:
    """Raise ``Forbidden`` for an actor who is the person concerned: nobody becomes two persons by oneself.

    Both are given by their marks, as for :func:`domain.decisions.expect_second_person`.
    """
    if not frozenset(actor).isdisjoint(identity):
        raise Forbidden("link_mended_by_others")
