"""Somebody with a credential, or with something like one, who wants what is not theirs."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import jwt

from attacks.outcomes import Findings
from attacks.target import ATTEMPTS, Target, find_database
from db.audit import REFUSAL_CHAIN
from db.session import Database
from domain.access import GRANTABLE_ROLES, SCOPES_BY_ROLE, Access, Role
from domain.nominations import MOST_DRAFTS_OF_UNIT
from service import keys
from tests.access.matrix import (
    cases,
    describe_answer,
    has_scope,
    operations,
    read_outcome,
    send_request,
)
from tests.access.providers import STRANGER
from tests.access.world import BESIDE, ELSEWHERE, NOWHERE, OWN, A
from tests.access.wrong_tokens import WRONG_TOKENS, forge_token, time_claims
from tests.documents import read_operations
from tests.journeys.steps import nominee, person
from tests.journeys.test_unit_drafts import enter_many

Answers = dict[str, dict[str, dict[Role, httpx.Response]]]
"""What each operation answers about things in each relation, by role."""

_OF_ANOTHER_KIND = {"id_token", "no_access_token", "token_of_another_kind", "token_valid_too_long"}
_numbers = count(1)


def ask_for_foreign_things(target: Target, findings: Findings) -> None:
    """Every operation on every foreign id, by every role: as if it were the id of nothing."""
    answers = asyncio.run(_ask_everything(target, (BESIDE, ELSEWHERE, NOWHERE), has_scope))
    for row, relations in answers.items():
        for relation in (BESIDE, ELSEWHERE):
            if row.endswith("(published)") or relation not in relations:
                continue
            for role, answer in relations[relation].items():
                nothing = relations[NOWHERE][role]
                same = read_outcome(answer) == read_outcome(nothing) != "yes"
                if "(body" not in row:  # there the two requests differ in more than the id
                    same = same and describe_answer(answer) == describe_answer(nothing)
                findings.expect(same, f"{row}, {relation}, {role}: {answer.status_code} {answer.text[:150]}")


def ask_without_scope(target: Target, findings: Findings) -> None:
    """Every operation by every role that has not its scope, on things of their own."""
    answers = asyncio.run(_ask_everything(target, (OWN,), lambda role, access: not has_scope(role, access)))
    for row, relations in answers.items():
        for role, answer in relations[OWN].items():
            findings.expect(answer.status_code == 403, f"{row}, {role}: {answer.status_code}")


async def _ask_everything(
    target: Target, relations: tuple[str, ...], is_asked: Callable[[Role, Access], bool]
) -> Answers:
    """Each operation on things in these relations, by the roles that are to ask."""
    found: Answers = {}
    async with target.connect_many(None) as http:
        for operation in operations(target.document):
            for row, relation, parameters, body in cases(operation, target.world):
                if relation in relations:
                    found.setdefault(row, {})[relation] = {
                        role: await send_request(http, operation, parameters, body, target.keys[role.value])
                        for role in Role
                        if is_asked(role, operation.access)
                    }
    return found


def grant_beyond_own(target: Target, findings: Findings) -> None:
    """Every role gives itself and others every role at every place, with every scope."""
    units = target.world["units"]
    places = [("huyen", A), ("xa", A), ("tinh", A), ("huyen-ben", A), ("huyen", "vi-du-b"), (None, None)]
    for by in Role:
        with target.connect(target.keys[by.value]) as http:
            for role in Role:
                for place, congress in places:
                    body = _build_grant(role, units.get(place), congress)
                    answer = http.post(
                        "/v1/service_keys", json=body, headers={"Idempotency-Key": str(uuid4())}
                    )
                    within = (place, congress) in places[:2] and Access.ACCESS_WRITE in SCOPES_BY_ROLE[by]
                    allowed = within and role in GRANTABLE_ROLES.get(by, frozenset())
                    given = answer.status_code == 201
                    findings.expect(
                        not given or allowed, f"{by} made a key for {role} at {place}, {congress}"
                    )
    _widen_scopes(target, findings)


def _build_grant(role: Role, unit: str | None, congress: str | None) -> dict[str, Any]:
    who = {"subject": f"nguoi-{next(_numbers)}", "name": "Người thử nghiệm", "purpose": "Thử nghiệm"}
    scopes = {"scopes": ["units:read"]} if role is Role.MACHINE_CLIENT else {}
    return {**who, "role": role.value, "unit": unit, "congress": congress, "source": "x", **scopes}


def _widen_scopes(target: Target, findings: Findings) -> None:
    """Scopes that the role of a key has not, and fields that nobody may set."""
    units = target.world["units"]
    more: tuple[dict[str, Any], ...] = (
        {"scopes": ["access:write"]},
        {"scopes": ["personal:erase"]},
        {"id": str(uuid4())},
        {"digest": "x"},
        {"local": True},
        {"holder": str(uuid4())},
    )
    with target.connect(target.keys[Role.STANDING_COUNCIL.value]) as http:
        for fields in more:
            body = {**_build_grant(Role.MACHINE_CLIENT, units["huyen"], A), **fields}
            answer = http.post("/v1/service_keys", json=body, headers={"Idempotency-Key": str(uuid4())})
            findings.expect(answer.status_code in (403, 422), f"{fields}: {answer.status_code}")


def show_wrong_credentials(target: Target, findings: Findings) -> None:
    """No credential for every operation; tokens that are expired, or signed for or by somebody else."""
    with target.connect(None) as http:
        for path, item in read_operations(target.document).items():
            for method, told in item.items():
                if told.get("x-access") != Access.PUBLIC:
                    answer = http.request(method, path)
                    findings.expect(answer.status_code == 401, f"{method} {path}: {answer.status_code}")
    _show_tokens(target, findings, {why for _, why in WRONG_TOKENS} - _OF_ANOTHER_KIND)
    said = jwt.decode(target.provider.token(), options={"verify_signature": False})
    for forged in (
        forge_token({"alg": "none", "kid": "rsa"}, said),
        target.provider.token("rsa", key=STRANGER),
        keys.mint_key(),
        target.keys["local_officer"][:-1] + "x",
    ):
        _expect_refused(target, findings, forged, "a forged one")


def show_tokens_of_another_kind(target: Target, findings: Findings) -> None:
    """ID tokens, refresh tokens, and those that are valid for ever."""
    _show_tokens(target, findings, _OF_ANOTHER_KIND)


def _show_tokens(target: Target, findings: Findings, reasons: set[str]) -> None:
    with target.connect(target.provider.token()) as http:
        findings.expect(http.get("/v1/me").status_code == 200, "a right token is refused")
    for said, why in WRONG_TOKENS:
        if why in reasons:
            _expect_refused(target, findings, target.provider.token(**time_claims(said)), why)


def _expect_refused(target: Target, findings: Findings, credential: str, why: str) -> None:
    with target.connect(credential) as http:
        answer = http.get("/v1/me")
    findings.expect(answer.status_code == 401, f"{why}: {answer.status_code} {answer.text[:100]}")


def guess_keys(target: Target, findings: Findings) -> None:
    """Hundreds of keys that nobody has, from the address of people who work."""
    with target.connect(target.keys["local_officer"]) as http:
        working = http.get("/v1/me").status_code
        statuses: Counter[int] = Counter()
        for _ in range(300):
            answer = http.get("/v1/me", headers={"Authorization": f"Bearer {keys.mint_key()}"})
            statuses[answer.status_code] += 1
        findings.tried += 300
        findings.expect(statuses.keys() == {401, 429}, f"answered {dict(statuses)}")
        findings.expect(statuses[401] <= 2 * ATTEMPTS, f"{statuses[401]} were looked at")
        findings.expect(http.get("/v1/me").status_code == working == 200, "whoever works is locked out")
    findings.figures.append(f"{statuses[401]} looked at")


def flood_the_trail(target: Target, findings: Findings) -> None:
    """Anonymous refusals by the thousand, while somebody else tries foreign ids: each of these is kept."""
    foreign = [str(uuid4()) for _ in range(20)]

    async def flood(credential: str | None, number: int) -> None:
        async with target.connect_many(credential) as http:
            for _ in range(number):
                await http.get("/v1/units")

    async def probe() -> None:
        async with target.connect_many(target.keys[Role.AUDITOR.value]) as http:
            for each in foreign:
                await http.get(f"/v1/conferences/{each}")

    async def run() -> None:
        floods = [flood(who, 400) for who in (None, None, keys.mint_key(), keys.mint_key())]
        await asyncio.gather(*floods, probe())

    asyncio.run(run())
    kept = {each["changes"].get("path", {}).get("conference_id") for each in _list_refusals(target)}
    for each in foreign:
        findings.expect(each in kept, f"the refusal for {each} was not kept")
    findings.tried += 1_600


def _list_refusals(target: Target) -> Iterator[dict[str, Any]]:
    with target.connect(target.keys["local_approver"]) as http:
        cursor: dict[str, str] = {}
        while True:
            page = http.get(
                "/v1/audit_events", params={"chain": REFUSAL_CHAIN, "limit": "200", **cursor}
            ).json()
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


SEALED = ("dan-toc", "dang-vien", "ton-giao")
"""Targets of the world that rest on what is sealed."""


def subtract_versions(target: Target, findings: Findings) -> None:
    """Every version of every list, as whoever may not read what is sealed reads it: no number of it."""
    ids = target.world["ids"]
    lists = {
        each[name]
        for each in ids.values()
        for name in ("selection_id", "adopted_selection_id")
        if name in each
    }
    lists -= {ids[NOWHERE].get("selection_id"), ids[NOWHERE].get("adopted_selection_id")}
    for who in (Role.AUDITOR.value, Role.APPROVER.value, "local_approver"):
        with target.connect(target.keys[who]) as http:
            for each in sorted(lists):
                answer = http.get(f"/v1/selections/{each}")
                if answer.status_code == 200:
                    _expect_no_numbers(answer.json(), findings, f"{each} to {who}")
    findings.expect(findings.tried >= 15, "hardly a list was read")


def _expect_no_numbers(selection: dict[str, Any], findings: Findings, where: str) -> None:
    work = selection["work"] or {}
    for state in work.get("targets", ()):
        if state["target"].startswith(SEALED):
            told = [state[name] for name in ("yes", "no", "unknown")]
            findings.expect(told == [None] * 3, f"{where}: {state['target']} {told}")
    for name in ("cost", "clash"):
        findings.expect(not work.get(name), f"{where}: {name}")
    findings.expect(not work.get("prices"), f"{where}: prices")


def race_for_seats(target: Target, findings: Findings) -> None:
    """Forty requests at once for the last seats of a list, for the seats of a quota, and under one key."""
    asyncio.run(_race(target, findings))


async def _race(target: Target, findings: Findings) -> None:
    own, units = target.world["ids"]["own"], target.world["units"]
    conference = f"/v1/conferences/{own['conference_id']}"
    async with target.connect_many(target.keys[Role.STANDING_COUNCIL.value]) as http:
        guest = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p"}
        listed = await _send_at_once(
            http, f"{conference}/invitations", [{**guest, "person": person()} for _ in range(40)]
        )
        findings.tried += 40
        findings.expect(listed == {201: 2, 409: 38}, f"3 seats for guests, one taken: {dict(listed)}")
        body: dict[str, Any] = {"code": f"dua-{next(_numbers)}", "name": "Đơn vị", "kind": "commune"}
        body |= {"valid_from": "2030-01-01", "parents": {A: "huyen"}}
        same = await _send_at_once(http, "/v1/units", [body] * 20, key="one-and-the-same")
        made = [each for each in await _list_codes(http) if each == body["code"]]
        findings.tried += 20
        findings.expect(len(made) == 1 and same[201] >= 1, f"one request 20 times: {dict(same)}, {made}")
        before = await _read_quota(http, conference, units["xa"])
        await _nominate_at_once(http, conference, units["xa"])
        after = await _read_quota(http, conference, units["xa"])
        findings.tried += 12
        findings.expect(after["nominated"] == after["nominee_limit"], f"12 sent at once: {after}")
        findings.expect(before["taken"] < after["taken"] <= after["seats"], f"accepted at once: {after}")


def draft_at_once(target: Target, findings: Findings) -> None:
    """Thirty drafts at once for a unit that may enter three more today."""
    own, unit = target.world["ids"]["own"], target.world["units"]["xa"]
    path = f"/v1/conferences/{own['conference_id']}/nominations"

    async def draft() -> Counter[int]:
        database = Database(find_database(target.served))
        await enter_many(database, own["conference_id"], unit, MOST_DRAFTS_OF_UNIT - 3)
        await database.close()
        async with target.connect_many(target.keys[Role.STANDING_COUNCIL.value]) as http:
            drafts = [nominee(unit, person=person(), source_document="x") for _ in range(30)]
            return await _send_at_once(http, path, drafts)

    answers = asyncio.run(draft())
    findings.tried += 29
    findings.expect(answers == {201: 3, 429: 27}, f"answered {dict(answers)}")


async def _read_quota(http: httpx.AsyncClient, conference: str, unit: str) -> dict[str, Any]:
    rows = (await http.get(f"{conference}/quotas")).json()
    return next(each for each in rows if each["unit"]["id"] == unit)


async def _nominate_at_once(http: httpx.AsyncClient, conference: str, unit: str) -> None:
    """A dozen nominees: each sent, and each that could be sent accepted, all at the same time."""
    drafts = [
        await http.post(
            f"{conference}/nominations",
            json=nominee(unit, person=person(), source_document="Công văn số 1 (ví dụ)"),
            headers={"Idempotency-Key": str(uuid4())},
        )
        for _ in range(12)
    ]
    await _act_at_once(http, drafts, "submission")
    await _act_at_once(http, drafts, "acceptance")


async def _list_codes(http: httpx.AsyncClient) -> list[str]:
    page = (await http.get("/v1/units", params={"on": "2030-06-01", "limit": "200"})).json()
    return [each["code"] for each in page["items"]]


async def _send_at_once(
    http: httpx.AsyncClient, path: str, bodies: Sequence[Mapping[str, Any]], key: str | None = None
) -> Counter[int]:
    answers = await asyncio.gather(
        *(http.post(path, json=each, headers={"Idempotency-Key": key or str(uuid4())}) for each in bodies)
    )
    return Counter(each.status_code for each in answers)


async def _act_at_once(http: httpx.AsyncClient, made: list[httpx.Response], act: str) -> None:
    """One act on each nomination, as it is now."""

    async def send(path: str) -> None:
        read = await http.get(path)
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": read.headers["ETag"]}
        await http.post(f"{path}/{act}", json={}, headers=headers)

    await asyncio.gather(*(send(f"/v1/nominations/{each.json()['id']}") for each in made))
