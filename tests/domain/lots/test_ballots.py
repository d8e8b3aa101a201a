"""Nobody can grind a lot: whatever a unit does after the announcement, no number and no rank moves."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.lots import (
    Ballot,
    DrawnLot,
    SentNomination,
    SettlementMethod,
    TieSettlement,
    build_ballots,
    compute_draw_order,
    digest_list_tie,
    list_lots,
    map_numbers,
)

AT = datetime(2020, 6, 1, 7, tzinfo=UTC)
SUBJECT = digest_list_tie("chain", "u1")


def sent(**minutes: int | None) -> list[SentNomination]:
    """Nominations by the minute in which each was sent."""
    return [
        SentNomination(one, None if n is None else AT + timedelta(minutes=n)) for one, n in minutes.items()
    ]


def number(ballots: list[Ballot], minute: int, **minutes: int | None) -> list[Ballot]:
    return [*ballots, *build_ballots(ballots, sent(**minutes), AT + timedelta(minutes=minute))]


def draw(seed: str, most: int) -> DrawnLot:
    settlement = TieSettlement(SettlementMethod.PUBLISHED_SEED, (), "M", "T", date(2020, 6, 5), seed)
    return DrawnLot(settlement, "c", compute_draw_order(seed, SUBJECT, most))


def test_the_pool_is_numbered_once_and_whoever_comes_later_gets_the_next_numbers() -> None:
    first = number([], 10, a=3, b=1, c=2)
    assert map_numbers(first) == {"b": 1, "c": 2, "a": 3}
    assert number(first, 11, a=3, b=1, c=2) == first
    later = number(first, 20, a=3, c=2, e=15, d=14)
    assert map_numbers(later) == {"b": 1, "c": 2, "a": 3, "d": 4, "e": 5}
    assert later[:3] == first
    assert list_lots(draw("1", 3), later)[3:] == ["d", "e"]


def test_whoever_is_sent_again_leaves_the_number_and_stands_behind_all() -> None:
    first = number([], 10, a=3, b=1)
    again = number(first, 20, a=12, b=1)
    assert map_numbers(again) == {"b": 1, "a": 3}
    assert sorted(map(str, list_lots(draw("1", 2), again)[:2])) == ["None", "b"]
    assert list_lots(draw("1", 2), again)[2:] == ["a"]


def test_the_lot_of_a_number_is_the_documented_hash() -> None:
    lots = {n: sha256(f"daibieu-lot-1\n123456\n{SUBJECT}\n{n}".encode()).hexdigest() for n in range(1, 30)}
    assert compute_draw_order("123456", SUBJECT, 29) == tuple(sorted(lots, key=lambda n: lots[n]))


def test_the_order_of_numbers_favours_nobody() -> None:
    firsts = [compute_draw_order(f"{seed:06}", SUBJECT, 3)[0] for seed in range(900)]
    assert all(250 < firsts.count(n) < 350 for n in (1, 2, 3))


def map_lots(lot: DrawnLot, ballots: list[Ballot]) -> dict[str, int]:
    return {one: n for n, one in enumerate(list_lots(lot, ballots), 1) if one is not None}


class UnitAfterTheAnnouncement(RuleBasedStateMachine):
    """A unit that knows the seed and does what it may: no ballot moves, and nobody of it comes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.minute = 10
        self.state = {f"n{n:02}": "submitted" for n in range(8)}
        self.sent = {one: AT + timedelta(minutes=n) for n, one in enumerate(self.state)}
        self.ballots = self.number([])
        self.most = len(self.ballots)
        self.lot = draw("271828", self.most)
        self.first = map_lots(self.lot, self.ballots)
        self.touched: set[str] = set()

    def number(self, known: list[Ballot]) -> list[Ballot]:
        standing = [SentNomination(one, self.sent[one]) for one in self.list_standing()]
        return [*known, *build_ballots(known, standing, AT + timedelta(minutes=self.minute))]

    def list_standing(self) -> list[str]:
        return [one for one, state in self.state.items() if state in ("submitted", "accepted")]

    def send(self, one: str) -> None:
        self.minute += 1
        self.state[one], self.sent[one] = "submitted", AT + timedelta(minutes=self.minute)
        self.touched.add(one)

    def pick(self, data: st.DataObject, *states: str) -> str:
        return data.draw(st.sampled_from([one for one, state in self.state.items() if state in states]))

    def has(self, *states: str) -> bool:
        return any(state in states for state in self.state.values())

    @rule(prefix=st.sampled_from("azm"))
    def name_somebody(self, prefix: str) -> None:
        """Also the same person under another spelling: it is another nomination, with any id."""
        self.send(f"{prefix}{len(self.state):03}")

    @precondition(lambda self: self.has("submitted", "accepted", "returned"))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self.state[self.pick(data, "submitted", "accepted", "returned")] = "withdrawn"

    @precondition(lambda self: self.has("submitted", "accepted"))
    @rule(data=st.data())
    def return_for_correction(self, data: st.DataObject) -> None:
        self.state[self.pick(data, "submitted", "accepted")] = "returned"

    @precondition(lambda self: self.has("returned"))
    @rule(data=st.data())
    def rename_and_send_again(self, data: st.DataObject) -> None:
        self.send(self.pick(data, "returned"))

    @precondition(lambda self: self.has("submitted", "accepted"))
    @rule(data=st.data())
    def replace_the_representative(self, data: st.DataObject) -> None:
        """It counts as sent again at that time, as the service records it."""
        one = self.pick(data, "submitted", "accepted")
        state = self.state[one]
        self.send(one)
        self.state[one] = state

    @precondition(lambda self: self.has("submitted"))
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        self.state[self.pick(data, "submitted")] = "accepted"

    @rule()
    def erase_somebody(self) -> None:
        """The nomination stays, without its person: nothing that is numbered or drawn changes."""

    @rule()
    def compute_the_list_again(self) -> None:
        known, self.minute = self.ballots, self.minute + 1
        self.ballots = self.number(known)
        assert self.ballots[: len(known)] == known, "numbers stay"

    @invariant()
    def no_rank_moves(self) -> None:
        """Those whom nobody touched keep their lots exactly; all others are behind, by when they came."""
        ballots = self.number(self.ballots)
        now = map_lots(self.lot, ballots)
        for one, lot in self.first.items():
            if one not in self.touched:
                assert now[one] == lot
        for one in self.touched & {*self.list_standing()}:
            assert now[one] > self.most
        later = sorted(self.touched & {*self.list_standing()}, key=lambda one: self.sent[one])
        numbered = [one for one in later if one in map_numbers(self.ballots)]
        assert sorted(numbered, key=now.__getitem__) == sorted(numbered, key=map_numbers(ballots).__getitem__)

    @invariant()
    def nobody_gains(self) -> None:
        """Nobody ever has a smaller lot than the one drawn for the number that they left."""
        now = map_lots(self.lot, self.number(self.ballots))
        assert all(now[one] >= lot for one, lot in self.first.items() if one in now)


TestUnitAfterTheAnnouncement = UnitAfterTheAnnouncement.TestCase
