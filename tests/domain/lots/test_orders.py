"""A seed gives an order of lots that anybody can compute again, and that favours nobody."""

from hashlib import sha256
from itertools import permutations

from domain.lots.orders import compute_lot_order


def test_a_seed_gives_every_unit_the_lot_of_the_documented_hash() -> None:
    ids = ["phòng-nội-vụ", "xã-1", "xã-2", "xã-3"]
    lots = {one: sha256(f"daibieu-lot-1\n20250815\nabc\n{one}".encode()).hexdigest() for one in ids}
    assert compute_lot_order("20250815", "abc", ids) == tuple(sorted(ids, key=lambda one: lots[one]))


def test_the_order_from_a_seed_does_not_depend_on_the_order_of_the_input() -> None:
    orders = {compute_lot_order("20250815", "abc", ids) for ids in permutations(["a", "b", "c", "d"])}
    assert len(orders) == 1
    assert sorted(*orders) == ["a", "b", "c", "d"]


def test_another_seed_or_another_tie_gives_another_order() -> None:
    ids = [f"xã-{n}" for n in range(10)]
    orders = [compute_lot_order(seed, digest, ids) for seed in ("123456", "123457") for digest in "de"]
    assert len(set(orders)) == len(orders)


def test_lots_favour_nobody() -> None:
    ids = ["a", "b", "c"]
    first = [compute_lot_order(str(seed), "d", ids)[0] for seed in range(900)]
    assert all(250 < first.count(one) < 350 for one in ids)
