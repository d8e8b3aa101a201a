"""Sending what is wrong, and reading the problem that comes back."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from tests.client import EXAMPLES, Client
from tests.journeys.steps import Json

CONGRESS = "khanh-hoa-v"
NOBODY = "01980000-0000-7000-8000-000000000000"
MARK = "hoàn-toàn-không-được-nhắc-lại"
PLAN = (EXAMPLES / "plans" / "khanh_hoa_cong_thuong_2020.yaml").read_text()


async def contents(database: Database) -> dict[str, str]:
    """A digest of each table, refusals apart: they are written down."""
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        await connection.execute(text("SET LOCAL ROLE NONE"))  # also what the application may not read
        tables = (await connection.execute(text(names))).scalars().all()
        parts = [
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
            + (" WHERE chain <> 'refusals'" if name in ("audit_event", "audit_head") else "")
            for name in tables
            if name != "alembic_version"
        ]
        rows = await connection.execute(text(" UNION ALL ".join(parts)))
        return {row[0]: row[1] for row in rows}


def problem(answer: httpx.Response, status: int, code: str, *pointers: str) -> Json:
    """The problem that was answered; it has the shape of RFC 9457 and repeats nothing that was sent."""
    assert answer.status_code == status, answer.text[:1000]
    assert answer.headers["content-type"] == "application/problem+json"
    body: Json = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == f"urn:daibieu:problem:{code}"
    assert body["title"]
    assert body["detail"] not in {"", code}
    assert all(error["detail"] not in {"", error["code"]} for error in body["errors"]), body["errors"]
    assert MARK not in answer.text
    if pointers:
        assert [error.get("pointer", error.get("parameter")) for error in body["errors"]] == [*pointers]
    return body


async def send(
    client: Client, path: str, content: Any, headers: dict[str, str] | None = None
) -> httpx.Response:
    """A POST under a fresh key: of bytes as they are, of anything else as JSON."""
    headers = {"Idempotency-Key": str(uuid4()), **(headers or {})}
    if isinstance(content, bytes | AsyncIterator):
        headers = {"Content-Type": "application/json", **headers}
        return await client.http.post(path, content=content, headers=headers)
    return await client.http.post(path, json=content, headers=headers)


def calculation(**changed: Any) -> Json:
    """A calculation that would be carried out, but for what is changed."""
    units = [{"id": "a", "weight": "1234"}, {"id": "b", "weight": 617}]
    return {"method": "sainte_lague", "seats": 10, "units": units, **changed}


async def calculate(client: Client, **changed: Any) -> httpx.Response:
    """The calculator's answer."""
    return await client.http.post("/v1/apportionments", json=calculation(**changed))


def units(*changed: Json) -> list[Json]:
    """Claims of units a, b, c …"""
    return [{"id": "abcdef"[n], "weight": 100, **each} for n, each in enumerate(changed)]


def unit(**changed: Any) -> Json:
    """A unit that would be founded, but for what is changed."""
    return {
        "code": "so-thu-nghiem",
        "name": "Sở thử nghiệm",
        "kind": "department",
        "valid_from": "2020-01-01",
        "made_up": True,
        **changed,
    }
