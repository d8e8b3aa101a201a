"""Keys for tests: as the operator issues them, and as their holders show them and issue others."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx

from db.columns import now
from db.session import Database
from domain.access import SCOPES_BY_ROLE, Actor, Role
from service import identities
from service.identities import Grantee, GrantRequest
from tests.works import make_work

_numbers = count(1)


async def issue_test_key(
    database: Database, role: Role, unit: str | None = None, congress: str | None = None, **more: Any
) -> str:
    """A key as the operator issues it."""
    async with database.transaction(Actor.for_command_line()) as session:
        scopes = SCOPES_BY_ROLE[role] if role is Role.MACHINE_CLIENT else None
        granting = GrantRequest(role, None if unit is None else UUID(unit), congress, "Thử nghiệm", scopes)
        _, told = await identities.issue_key(
            make_work(session),
            Grantee(more.pop("subject", f"nguoi-{next(_numbers)}"), "Người thử nghiệm"),
            [granting],
            purpose="Thử nghiệm",
            expires_at=more.pop("expires_at", now() + timedelta(days=1)),
            **more,
        )
        return told


def bearer(told: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {told}", "Idempotency-Key": str(uuid4())}


async def post_key(http: httpx.AsyncClient, by: str, **body: Any) -> httpx.Response:
    """Somebody gives somebody a key."""
    usual = {
        "subject": f"nguoi-{next(_numbers)}",
        "name": "Người thử nghiệm",
        "role": "unit_officer",
        "source": "Thử nghiệm",
        "purpose": "Thử nghiệm",
    }
    return await http.post("/v1/service_keys", json={**usual, **body}, headers=bearer(by))
