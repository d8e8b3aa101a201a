"""One human with several credentials tries to be two persons: everything that needs two, in every way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.app import create_app
from api.http.identity import build_identify
from db.columns import now
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Role
from service import identities
from service.identities import Grantee, GrantRequest
from service.settings import Settings
from service.vaults import Vault
from tests.access.keyring import bearer, issue_test_key, post_key
from tests.access.providers import AUDIENCE, Server, serve_provider
from tests.access.world import BELOW, A
from tests.conftest import connect_client
from tests.db import ground
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, decision, document
from tests.works import make_work

COUNCIL, APPROVER = Role.STANDING_COUNCIL, Role.APPROVER


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world, which these tests change."""
    async with copy_scene(postgres, scene) as database:
        yield database


@dataclass(frozen=True)
class Ground:
    """The service on a server with a provider of identities, and the district whose council is meant."""

    http: httpx.AsyncClient
    database: Database
    provider: Server
    unit: str
    ids: dict[str, str]

    async def key(self, role: Role, **more: Any) -> str:
        return await issue_test_key(self.database, role, self.unit, A, **more)

    async def token(self, role: Role, sub: str) -> str:
        """A token of somebody to whom the operator granted a role."""
        async with self.database.transaction(Actor.for_command_line()) as session:
            granting = GrantRequest(role, None, None, "Thử nghiệm")
            grantee = Grantee(sub, "Người thử nghiệm")
            await identities.grant_role(make_work(session), self.provider.issuer, grantee, granting)
        return self.provider.token(sub=sub)

    async def both_roles(self) -> str:
        """A token of one person with both roles."""
        sub = f"hai-vai-{uuid4()}"
        await self.token(COUNCIL, sub)
        return await self.token(APPROVER, sub)

    async def post(self, by: str, path: str, body: Json | None = None) -> httpx.Response:
        return await self.http.post(f"/v1/{path}", json=body or {}, headers=bearer(by))

    async def act(self, by: str, path: str, act: str, body: Json | None = None) -> httpx.Response:
        """An act on what is as it is now."""
        etag = (await self.http.get(f"/v1/{path}", headers=bearer(by))).headers["ETag"]
        headers = {**bearer(by), "If-Match": etag}
        return await self.http.post(f"/v1/{path}/{act}", json=body or {}, headers=headers)

    async def identity(self, credential: str) -> str:
        found: str = (await self.http.get("/v1/me", headers=bearer(credential))).json()["id"]
        return found

    async def link(self, one: str, other: str) -> httpx.Response:
        """Sign in with both: the one asks for a code, the other hands it in."""
        asked = await self.post(one, "me/link_codes")
        assert asked.status_code == 201, asked.text
        return await self.post(other, "me/links", {"code": asked.json()["code"]})

    async def link_by_authority(self, *credentials: str) -> httpx.Response:
        body = {"identities": [await self.identity(each) for each in credentials], "reason": "Cùng một người"}
        return await self.post(await issue_test_key(self.database, COUNCIL), "account_links", body)

    async def separate(self, by: str, credential: str) -> httpx.Response:
        body = {"identity": await self.identity(credential), "reason": "Nhầm"}
        return await self.post(by, "account_separations", body)


@pytest.fixture(scope="module")
async def place(database: Database, scene: Scene) -> AsyncIterator[Ground]:
    """The service, and the district's things."""
    with serve_provider() as provider:
        settings = Settings(
            "server", database_url="given", oidc_issuer=provider.issuer, oidc_audience=AUDIENCE
        )
        app = create_app(settings, database, Vault(bytes(range(32))), build_identify(settings))
        facts = scene.facts
        async with connect_client(app) as client:
            yield Ground(client.http, database, provider, facts["units"]["huyen"], facts["ids"]["own"])


# --- the ways to be two


async def two_keys_of_one_subject(place: Ground) -> tuple[str, str]:
    """From two issuers, each of which named the person alike."""
    subject = f"can-bo-{uuid4()}"
    return (
        await place.key(COUNCIL, subject=subject, issuer="daibieu:keys:a"),
        await place.key(APPROVER, subject=subject.upper(), issuer="daibieu:keys:b"),
    )


async def a_key_and_a_token_of_one_subject(place: Ground) -> tuple[str, str]:
    sub = f"can-bo-{uuid4()}"
    return await place.key(COUNCIL, subject=sub), await place.token(APPROVER, sub)


async def a_token_and_a_key_linked_by_signing_in_with_both(place: Ground) -> tuple[str, str]:
    pair = await place.token(COUNCIL, f"can-bo-{uuid4()}"), await place.key(APPROVER)
    assert (await place.link(*pair)).status_code == 201
    return pair


async def two_keys_linked_by_authority(place: Ground) -> tuple[str, str]:
    pair = await place.key(COUNCIL), await place.key(APPROVER)
    assert (await place.link_by_authority(*pair)).status_code == 201
    return pair


async def two_keys_linked_through_a_third(place: Ground) -> tuple[str, str]:
    one, between, other = await place.key(COUNCIL), await place.key(Role.AUDITOR), await place.key(APPROVER)
    assert (await place.link(one, between)).status_code == 201
    assert (await place.link(other, between)).status_code == 201
    return one, other


async def a_key_that_one_issued_to_oneself(place: Ground) -> tuple[str, str]:
    own = await place.both_roles()
    return await issued(place, own, "standing_council"), own


async def two_keys_that_one_issued(place: Ground) -> tuple[str, str]:
    own = await place.both_roles()
    return await issued(place, own, "standing_council"), await issued(place, own, "approver")


async def a_key_of_a_key_that_one_issued(place: Ground) -> tuple[str, str]:
    own = await place.both_roles()
    first = await issued(place, own, "standing_council")
    return await issued(place, first, "standing_council"), await issued(place, own, "approver")


async def one_token_with_both_roles(place: Ground) -> tuple[str, str]:
    own = await place.both_roles()
    return own, own


async def issued(place: Ground, by: str, role: str) -> str:
    made = await post_key(place.http, by, unit=place.unit, congress=A, role=role)
    assert made.status_code == 201, made.text
    found: str = made.json()["key"]
    return found


Way = Callable[[Ground], Awaitable[tuple[str, str]]]
WAYS: list[Way] = [
    two_keys_of_one_subject,
    a_key_and_a_token_of_one_subject,
    a_token_and_a_key_linked_by_signing_in_with_both,
    two_keys_linked_by_authority,
    two_keys_linked_through_a_third,
    a_key_that_one_issued_to_oneself,
    two_keys_that_one_issued,
    a_key_of_a_key_that_one_issued,
    one_token_with_both_roles,
]


@pytest.fixture(params=["sizings", "allocations", "selections"])
def subject(request: pytest.FixtureRequest, place: Ground) -> str:
    """The path of what needs two persons."""
    return f"{request.param}/{place.ids[request.param[:-1] + '_id']}"


@pytest.fixture
async def proposing(place: Ground, subject: str) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Proposes with a credential; what is proposed or approved at the end is withdrawn."""

    async def propose(by: str) -> str:
        made = await place.act(by, subject, "proposal")
        assert made.status_code == 201, made.text
        return subject

    yield propose
    withdrawn = await place.act(await place.key(COUNCIL), subject, "withdrawal", {"reason": "Lại"})
    assert withdrawn.status_code in (201, 409), withdrawn.text


Propose = Callable[[str], Awaitable[str]]


def expect_refused(answer: httpx.Response) -> None:
    """The same words whatever the reason is."""
    told = {**answer.json(), "instance": ""}
    assert answer.status_code == 403, answer.text
    assert told == {
        "type": "urn:daibieu:problem:second_person_needed",
        "title": "Không có quyền thực hiện",
        "status": 403,
        "detail": "Người đã trình hoặc đã nhập không được tự phê duyệt; cần một người khác.",
        "instance": "",
        "code": "second_person_needed",
        "params": {},
        "errors": [],
        "more_errors": False,
    }


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_one_human_approves_and_adopts_nothing_that_they_proposed(
    place: Ground, proposing: Propose, way: Way
) -> None:
    proposer, approver = await way(place)
    subject = await proposing(proposer)
    expect_refused(await place.act(approver, subject, "approval"))
    third = await place.act(await place.key(APPROVER), subject, "approval")
    assert third.status_code == 201, third.text
    expect_refused(await place.act(approver, subject, "adoption", decision("77")))


async def test_two_humans_propose_and_approve(place: Ground, proposing: Propose) -> None:
    subject = await proposing(await place.key(COUNCIL))
    assert (await place.act(await place.token(APPROVER, f"x-{uuid4()}"), subject, "approval")).is_success


async def test_a_link_after_the_proposal_counts(place: Ground, proposing: Propose) -> None:
    proposer, approver = await place.key(COUNCIL), await place.key(APPROVER)
    subject = await proposing(proposer)
    await place.link(proposer, approver)
    expect_refused(await place.act(approver, subject, "approval"))


async def test_what_was_approved_before_the_link_is_not_adopted_on_that_signature(
    place: Ground, proposing: Propose
) -> None:
    proposer, approver = await place.key(COUNCIL), await place.key(APPROVER)
    subject = await proposing(proposer)
    assert (await place.act(approver, subject, "approval")).is_success
    await place.link(approver, proposer)
    expect_refused(await place.act(await place.key(APPROVER), subject, "adoption", decision("78")))


async def test_a_link_and_an_approval_at_once_come_one_after_the_other(
    place: Ground, proposing: Propose
) -> None:
    """Whichever is first: nothing is approved after the link, and nothing is adopted."""
    proposer, approver = await place.key(COUNCIL), await place.key(APPROVER)
    subject = await proposing(proposer)
    linked, approved = await asyncio.gather(
        place.link(proposer, approver), place.act(approver, subject, "approval")
    )
    assert linked.status_code == 201
    assert approved.status_code in (201, 403)
    if approved.status_code == 403:
        expect_refused(approved)
    else:
        expect_refused(await place.act(await place.key(APPROVER), subject, "adoption", decision("79")))


# --- codes


async def hand_in(place: Ground, by: str, code: str | None) -> tuple[int, str]:
    answer = await place.post(by, "me/links", {"code": code or ""})
    return answer.status_code, answer.json().get("code", "")


WRONG = (403, "link_code_wrong")


async def test_a_code_is_used_once_by_another_identity_and_typed_as_one_likes(place: Ground) -> None:
    one, other = await place.key(COUNCIL), await place.key(APPROVER)
    code = (await place.post(one, "me/link_codes")).json()["code"]
    assert await hand_in(place, one, code) == WRONG
    linked = await place.post(other, "me/links", {"code": code.replace("-", " ").lower()})
    assert linked.status_code == 201
    assert set(linked.json()["identities"]) == {await place.identity(one), await place.identity(other)}
    assert await hand_in(place, await place.key(APPROVER), code) == WRONG


async def test_a_newer_code_replaces_the_older_one(place: Ground) -> None:
    one, other = await place.key(COUNCIL), await place.key(APPROVER)
    older = (await place.post(one, "me/link_codes")).json()["code"]
    newer = (await place.post(one, "me/link_codes")).json()["code"]
    assert await hand_in(place, other, older) == WRONG
    assert (await hand_in(place, other, newer))[0] == 201


async def test_a_code_is_valid_for_ten_minutes(place: Ground, postgres: EmbeddedServer) -> None:
    one, other = await place.key(COUNCIL), await place.key(APPROVER)
    asked = (await place.post(one, "me/link_codes")).json()
    ends = timedelta(minutes=10) + now()
    assert abs((ends - datetime.fromisoformat(asked["expires_at"])).total_seconds()) < 30
    await as_owner(place, postgres, "UPDATE link_code SET expires_at = now() - interval '1 second'")
    assert await hand_in(place, other, asked["code"]) == WRONG


async def test_codes_are_guessed_five_times_and_no_more(place: Ground, postgres: EmbeddedServer) -> None:
    one, other = await place.key(COUNCIL), await place.key(APPROVER)
    code = (await place.post(one, "me/link_codes")).json()["code"]
    for _ in range(5):
        assert await hand_in(place, other, "2222-2222-2222") == WRONG
    answer = await place.post(other, "me/links", {"code": code})
    assert (answer.status_code, answer.json()["code"]) == (429, "link_attempts")
    assert answer.headers["Retry-After"] == "600"
    earlier = "UPDATE link_attempt SET since = now() - interval '11 minutes'"
    await as_owner(place, postgres, earlier)
    assert (await hand_in(place, other, code))[0] == 201


async def test_guesses_at_once_are_counted_each(place: Ground) -> None:
    other = await place.key(APPROVER)
    found = await asyncio.gather(*(hand_in(place, other, f"3333-3333-33{n:02}") for n in range(12)))
    assert sorted(status for status, _ in found) == [403] * 5 + [429] * 7


async def test_a_code_is_stored_nowhere(place: Ground, postgres: EmbeddedServer) -> None:
    asked = await place.post(await place.key(COUNCIL), "me/link_codes")
    code = asked.json()["code"]
    request = asked.request
    again = await place.http.send(
        httpx.Request("POST", request.url, headers=request.headers, content=request.content)
    )
    assert (again.status_code, again.json()["code"]) == (201, None)
    name = place.database.engine.url.database or ""
    async with ground.open_connection(postgres, name, None) as superuser:
        for table in ("link_code", "audit_event", "idempotency"):
            rows = await superuser.fetch(f'SELECT "{table}"::text FROM "{table}"')
            assert not any(code in row[0] or code.replace("-", "") in row[0] for row in rows), table


async def as_owner(place: Ground, postgres: EmbeddedServer, statement: str) -> None:
    async with ground.open_connection(postgres, place.database.engine.url.database or "", None) as superuser:
        await superuser.execute(statement)


async def test_whoever_has_no_identity_here_is_linked_with_nobody(place: Ground) -> None:
    stranger = place.provider.token(sub="nguoi-la")
    for path, body in (("me/link_codes", {}), ("me/links", {"code": "2222-2222-2222"})):
        answer = await place.post(stranger, path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity_without_role")


# --- authority over accounts


async def test_a_link_gives_no_right(place: Ground) -> None:
    """What each credential may do stays its own."""
    council, approver = await place.key(COUNCIL), await place.key(APPROVER)
    await place.link(council, approver)
    for credential, role in ((council, "standing_council"), (approver, "approver")):
        told = (await place.http.get("/v1/me", headers=bearer(credential))).json()
        assert [each["role"] for each in told["grants"]] == [role]


async def test_only_who_has_a_role_for_the_whole_service_links_and_separates_others(place: Ground) -> None:
    """A unit's council learns of other identities neither that they exist nor whose they are."""
    council, one, other = await place.key(COUNCIL), await place.key(COUNCIL), await place.key(APPROVER)
    pairs = [await place.identity(one), await place.identity(other)], [str(uuid4()), str(uuid4())]
    for pair in pairs:
        for path, body in (
            ("account_links", {"identities": pair, "reason": "x"}),
            ("account_separations", {"identity": pair[0], "reason": "x"}),
        ):
            answer = await place.post(council, path, body)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_wrong_link_is_mended_for_what_is_begun_afterwards(
    place: Ground, proposing: Propose, postgres: EmbeddedServer
) -> None:
    """What exists already goes on comparing what was true then, also when it is proposed anew."""
    proposer, approver = await two_keys_linked_by_authority(place)
    subject = await proposing(proposer)
    somebody = await issue_test_key(place.database, COUNCIL)
    assert (await place.separate(somebody, approver)).status_code == 201
    expect_refused(await place.act(approver, subject, "approval"))
    again = await place.separate(somebody, approver)
    assert (again.status_code, again.json()["code"]) == (409, "identity_not_linked")
    assert (await place.act(proposer, subject, "withdrawal", {"reason": "x"})).is_success
    await proposing(proposer)
    expect_refused(await place.act(approver, subject, "approval"))
    assert (await place.act(proposer, subject, "withdrawal", {"reason": "x"})).is_success
    # As if it had been made after the separation.
    table, _, id_ = subject.partition("s/")
    unfrozen = "SET session_replication_role = replica"
    await as_owner(place, postgres, f"{unfrozen}; UPDATE {table} SET created_at = now() WHERE id = '{id_}'")
    await proposing(proposer)
    assert (await place.act(approver, subject, "approval")).is_success


async def test_nobody_separates_their_own_identities(place: Ground) -> None:
    """Nor those that got their key from them, since they have read it."""
    everywhere = await issue_test_key(place.database, COUNCIL)
    other = await place.key(APPROVER)
    await place.link(everywhere, other)
    given = (await post_key(place.http, everywhere, role="standing_council")).json()["key"]
    third = await place.key(Role.AUDITOR)
    await place.link(given, third)
    for credential in (everywhere, other, given):
        answer = await place.separate(everywhere, credential)
        assert (answer.status_code, answer.json()["code"]) == (403, "link_mended_by_others")


async def test_links_and_separations_are_recorded(place: Ground, postgres: EmbeddedServer) -> None:
    pair = await two_keys_linked_by_authority(place)
    await place.separate(await issue_test_key(place.database, APPROVER), pair[1])
    name = place.database.engine.url.database or ""
    async with ground.open_connection(postgres, name, None) as superuser:
        query = (
            "SELECT act, changes::text FROM audit_event WHERE chain = 'house' AND subject_kind = 'account'"
            " ORDER BY n DESC LIMIT 2"
        )
        separated, linked = [tuple(row) for row in await superuser.fetch(query)]
    assert (linked[0], separated[0]) == ("identities_linked", "identity_separated")
    for credential in pair:
        assert await place.identity(credential) in linked[1]
    assert "Cùng một người" in linked[1]
    assert "Nhầm" in separated[1]


# --- received quotas


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_one_human_does_not_confirm_the_quota_that_they_entered(
    place: Ground, scene: Scene, way: Way
) -> None:
    """Neither a new one nor another number of one that was confirmed."""
    one, other = await way(place)
    quota = f"quotas/{scene.facts['ids']['below']['quota_id']}"
    body = {"seats": 3, "document": document("5")}
    etag = (await place.http.get(f"/v1/{quota}", headers=bearer(one))).headers["ETag"]
    changed = await place.http.put(f"/v1/{quota}", json=body, headers={**bearer(one), "If-Match": etag})
    assert changed.status_code == 200, changed.text
    expect_refused(await place.act(other, quota, "confirmation"))
    confirmed = await place.act(await place.key(APPROVER), quota, "confirmation")
    assert (confirmed.status_code, confirmed.json()["seats"]) == (201, 3), confirmed.text


# --- what an issuer learns


async def test_an_issuer_learns_that_they_may_not_and_nothing_else(place: Ground) -> None:
    """The same of a role beyond their own, and of somebody who has one, or had one."""
    council, approver = await place.key(COUNCIL), await place.key(APPROVER)
    own = {"unit": place.unit, "congress": A}
    signer = await post_key(place.http, approver, **own, subject="nguoi-ky", role="approver")
    before = await post_key(place.http, approver, **own, subject="nguoi-cu", role="auditor")
    revoked = await place.act(approver, f"service_keys/{before.json()['id']}", "revocation", {"reason": "x"})
    assert (signer.status_code, revoked.status_code) == (201, 201)
    answers = [
        await post_key(place.http, council, **own, role="approver"),
        await post_key(place.http, council, **own, subject="nguoi-ky"),
        await post_key(place.http, council, **own, subject="nguoi-cu"),
    ]
    told = [{**each.json(), "instance": ""} for each in answers]
    assert [each.status_code for each in answers] == [403] * 3
    assert told[0]["code"] == "grant_beyond_own"
    assert told[0] == told[1] == told[2]
    assert told[0]["params"] == {}


async def test_who_filed_a_plan_does_not_approve_it(place: Ground, scene: Scene) -> None:
    """With whatever identity; a council that entered it from the unit's paper does."""
    below, subject = scene.facts["units"]["xa"], f"can-bo-{uuid4()}"
    path = f"conferences/{scene.facts['ids'][BELOW]['conference_id']}"
    officer = await issue_test_key(place.database, Role.UNIT_OFFICER, below, A, subject=subject)
    same, other = await place.key(COUNCIL, subject=subject), await place.key(COUNCIL)
    documents = [{"number": 1, "reference": "1/KH"}]
    filing = {"deadline": "ke-hoach", "on": "2026-01-31", "documents": documents}
    vetting = {"on": "2026-02-01", "document": "1/TB-HĐTĐKT"}
    assert (await place.act(same, path, "filings", filing)).status_code == 201
    assert (await place.act(same, path, "vetting", vetting)).status_code == 201
    assert (await place.act(officer, path, "filings", filing)).status_code == 201
    refused = await place.act(same, path, "vetting", vetting)
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_of_own_plan")
    assert (await place.act(other, path, "vetting", vetting)).status_code == 201
