"""A change is made only to the state that was read."""

from uuid import uuid4

import httpx
import pytest

from api.http.etags import compute_digest_etag, compute_row_etag, has_current_etag
from db.session import Database
from tests.api.machinery.conftest import names
from tests.api.machinery.test_problems import check

Key = dict[str, str]


async def make(client: httpx.AsyncClient, key: Key) -> tuple[str, str]:
    """Address and ETag of a new thing."""
    answer = await client.post("/v1/things", json={"name": "Bánh xe"}, headers=key)
    return answer.headers["Location"], answer.headers["ETag"]


async def test_a_change_needs_what_was_read(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    place, _ = await make(client, key)
    check(await client.put(place, json={"name": "Trục"}), 428, "if_match_required")
    assert await names(database) == ["Bánh xe"]


async def test_a_change_to_what_was_read(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    place, etag = await make(client, key)
    answer = await client.put(place, json={"name": "Trục"}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.headers["ETag"] == (await client.get(place)).headers["ETag"] != etag
    assert await names(database) == ["Trục"]


async def test_a_change_to_what_is_no_more(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    place, etag = await make(client, key)
    await client.put(place, json={"name": "Trục"}, headers={"If-Match": etag})
    late = await client.put(place, json={"name": "Nan hoa"}, headers={"If-Match": etag})
    check(late, 412, "stale")
    assert await names(database) == ["Trục"]


async def test_one_of_several_states_will_do_but_no_weak_one(client: httpx.AsyncClient, key: Key) -> None:
    place, etag = await make(client, key)
    weak = await client.put(place, json={"name": "Trục"}, headers={"If-Match": f"W/{etag}"})
    check(weak, 412, "stale")
    several = {"If-Match": f'"other", W/"weak" ,{etag}'}
    assert (await client.put(place, json={"name": "Trục"}, headers=several)).status_code == 200


@pytest.mark.parametrize("bad", ["*", "", "unquoted", '"open', '"a" "b"', '"a",', "W/" * 2000])
async def test_what_is_no_list_of_etags(client: httpx.AsyncClient, key: Key, bad: str) -> None:
    place, _ = await make(client, key)
    answer = await client.put(place, json={"name": "Trục"}, headers={"If-Match": bad})
    check(answer, 400, "if_match_malformed")


async def test_what_is_known_is_not_sent_again(client: httpx.AsyncClient, key: Key) -> None:
    place, etag = await make(client, key)
    known = await client.get(place, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", etag)
    assert "Content-Type" not in known.headers
    assert (await client.get(place, headers={"If-None-Match": '"other"'})).json()["version"] == 1


def test_etags_tell_states_apart() -> None:
    row, other = uuid4(), uuid4()
    assert (
        len(
            {
                compute_row_etag(row, 1),
                compute_row_etag(row, 2),
                compute_row_etag(other, 1),
                compute_digest_etag("a"),
                compute_digest_etag("b"),
            }
        )
        == 5
    )
    assert compute_row_etag(row, 1) == compute_row_etag(row, 1)
    assert has_current_etag('"a"', "*")
    assert not has_current_etag('"a"', None)
    assert not has_current_etag(None, '"a"')
