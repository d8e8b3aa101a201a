"""What a request has to name: the state it has read, its key, a path that is there."""

from tests.api.bad_input.sending import (
    problem,
    send,
)
from tests.client import Client
from tests.journeys.steps import Json, nominee, person


async def test_changes_name_what_was_read(client: Client, told: Json) -> None:
    path = f"/v1/nominations/{told['nomination']['id']}"
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p", "person": person()}
    problem(await client.http.put(path, json=body), 428, "if_match_required")
    for stale in ('"bm90IHRoaXM="', f"W/{told['etag']}"):
        problem(await client.http.put(path, json=body, headers={"If-Match": stale}), 412, "stale")
    for malformed in ("*", "bare", '"open'):
        answer = await client.http.put(path, json=body, headers={"If-Match": malformed})
        problem(answer, 400, "if_match_malformed")
    problem(await send(client, f"{path}/submission", {}), 428, "if_match_required")
    problem(await send(client, f"{path}/submission", {}, {"If-Match": '"bm8="'}), 412, "stale")


async def test_what_creates_names_its_key(client: Client, told: Json) -> None:
    path = f"{told['path']}/nominations"
    draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"])
    problem(await client.http.post(path, json=draft), 400, "idempotency_key_required")
    answer = await client.http.post(path, json=draft, headers={"Idempotency-Key": "two words"})
    problem(answer, 400, "idempotency_key_malformed")


async def test_methods_and_paths_that_are_not_there(client: Client, told: Json) -> None:
    answer = await client.http.delete(f"/v1/nominations/{told['nomination']['id']}")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, PUT"
    problem(await client.http.get("/v1/nothing"), 404, "not_found")
    problem(await client.http.get("/v1/plans/"), 404, "not_found")
