"""Access over HTTP: the caller's own roles, service keys, and roles of people with an external identity."""

import json
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.routes import CurrentActor, Retry, Router
from api.http.samples import build_sample
from api.http.types import Answer, Body, Code, Label, Moment, Name, Text, Uuid
from db.columns import now
from db.identities import RoleGrant
from domain.access import Access, Grant, Role
from service import identities
from service.identities import GrantDetails, Grantee, GrantRequest, KeyDetails

router = Router(tags=["access"])

DEFAULT_KEY_LIFETIME = timedelta(days=90)
"""How long a key is valid when the request gives no end."""

ScopeName = Literal[
    "plans:read",
    "plans:write",
    "plans:publish",
    "units:read",
    "units:write",
    "conferences:read",
    "conferences:write",
    "allocations:read",
    "allocations:write",
    "allocations:approve",
    "nominations:read",
    "nominations:write",
    "nominations:decide",
    "selections:read",
    "selections:write",
    "selections:approve",
    "audit:read",
    "access:read",
    "access:write",
]


class GrantBody(Body):
    """A role in a unit and in all units below it."""

    role: Role
    unit: Annotated[Uuid | None, Field(description="The unit; left out: the whole service.")] = None
    congress: Annotated[Code | None, Field(description="The congress; left out: all of them.")] = None
    scopes: Annotated[
        list[ScopeName] | None,
        Field(max_length=50, description="Allow only these kinds of call; required for `machine_client`."),
    ] = None
    source: Annotated[Text, Field(description="The document that orders this role, or the reason for it.")]


class ServiceKeyBody(GrantBody):
    """A new service key for one person or program."""

    model_config = build_sample(
        subject="nguoi-thu-nghiem-1",
        name="Người thử nghiệm 1",
        role="auditor",
        source="Quyết định số 12/QĐ-HĐTĐKT (ví dụ)",
        purpose="Giám sát việc phân bổ đại biểu",
    )

    subject: Annotated[
        Label, Field(description="Your office's identifier of the person or program; one for each person.")
    ]
    name: Annotated[Name, Field(description="The name of the person or program.")]
    purpose: Name
    expires_at: Annotated[
        Moment | None, Field(description="At most 366 days from now; left out: in 90 days.")
    ] = None


class RoleGrantBody(GrantBody):
    """A new role for a person who signs in through the identity provider (OpenID Connect)."""

    model_config = build_sample(
        subject="f4b8c1d2-thu-nghiem",
        name="Người thử nghiệm 2",
        role="approver",
        source="Quyết định số 12/QĐ-HĐTĐKT (ví dụ)",
    )

    subject: Annotated[Label, Field(description="The `sub` claim of the person's token.")]
    name: Name
    expires_at: Moment | None = None


class RevocationBody(Body):
    """Why a key or a role is revoked."""

    model_config = build_sample(reason="Chuyển công tác")

    reason: Text


class GrantAnswer(Answer):
    """A role in a unit and in all units below it."""

    role: Role
    unit: UUID | None = Field(description="The unit; null: the whole service.")
    congress: str | None = Field(description="The congress; null: all of them.")
    scopes: list[Access] | None = Field(description="The kinds of call; null: all that the role allows.")


class MeAnswer(Answer):
    """The caller and their roles."""

    id: str
    name: str
    grants: list[GrantAnswer]


class HolderAnswer(Answer):
    """The person or program that has the key or role."""

    id: UUID
    subject: str
    name: str


class ServiceKeyAnswer(TaggedAnswer):
    """A service key without its secret text."""

    id: UUID
    holder: HolderAnswer
    grants: list[GrantAnswer]
    purpose: str
    issued_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None = Field(description="The day of its last use; no time of day is kept.")


class ServiceKeyIssued(ServiceKeyAnswer):
    """A new service key with its secret text."""

    key: str | None = Field(description="The secret text; only in this answer, and null when replayed.")


class RoleGrantAnswer(TaggedAnswer, GrantAnswer):
    """A role of a person who signs in through the identity provider."""

    id: UUID
    holder: HolderAnswer
    source: str
    granted_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@router.get("/me", access=Access.SELF, transaction=False)
async def read_me(actor: CurrentActor) -> MeAnswer:
    """Read the caller's own identity and roles."""
    return MeAnswer(id=actor.id, name=actor.name, grants=[_build_own_grant(each) for each in actor.grants])


@router.post(
    "/service_keys", access=Access.ACCESS_WRITE, status_code=201, tagged=True, response_model=ServiceKeyIssued
)
async def issue_service_key(body: ServiceKeyBody, call: CurrentCall, retry: Retry) -> Response:
    """Issue a service key. Its secret text is in this answer only: the service stores its digest, and a
    replay has null. Refused: a role beyond the caller's own (403), a key for more than 366 days (422)."""
    grantee, grants = Grantee(body.subject, body.name), [_build_grant(body)]
    expires_at = body.expires_at or now() + DEFAULT_KEY_LIFETIME
    made, text = await identities.issue_key(
        call.work, grantee, grants, purpose=body.purpose, expires_at=expires_at
    )
    await retry.store(call.work.session, _respond_with_key(made, None))
    return _respond_with_key(made, text)


@router.get("/service_keys", access=Access.ACCESS_READ)
async def list_service_keys(call: CurrentCall, paging: Paging) -> Page[ServiceKeyAnswer]:
    """List the service keys in the caller's units, oldest first."""
    found = await identities.page_keys(call.work, after=paging.after_id, limit=paging.row_limit)
    return paging.build_page(found, lambda each: [str(each.key.id)], _build_key_answer)


@router.get("/service_keys/{key_id}", access=Access.ACCESS_READ, tagged=True)
async def read_service_key(key_id: Uuid, call: CurrentCall) -> ServiceKeyAnswer:
    """Read a service key: its holder, roles and last day of validity. Its secret text is not included."""
    found = await identities.get_key(call.work, key_id)
    call.set_row_etag(found.key)
    return _build_key_answer(found)


@router.post("/service_keys/{key_id}/revocation", access=Access.ACCESS_WRITE, status_code=201, tagged=True)
async def revoke_service_key(key_id: Uuid, body: RevocationBody, call: CurrentChange) -> ServiceKeyAnswer:
    """Revoke a service key for good. The key is then refused (401), and so is a second revocation (409)."""
    found = await identities.get_key(call.work, key_id, lock=True)
    call.expect_row(found.key)
    found = await identities.revoke_key(call.work, found, body.reason)
    call.set_row_etag(found.key)
    return _build_key_answer(found)


@router.post("/role_grants", access=Access.ACCESS_WRITE, status_code=201, tagged=True)
async def grant_role(body: RoleGrantBody, call: CurrentCall) -> RoleGrantAnswer:
    """Grant a role to a person who signs in through the identity provider. Refused: a role beyond the
    caller's own (403), or where no identity provider is configured (409)."""
    issuer: str | None = call.request.app.state.settings.oidc_issuer
    granting = _build_grant(body, body.expires_at)
    made = await identities.grant_role(call.work, issuer, Grantee(body.subject, body.name), granting)
    call.set_location(f"/v1/role_grants/{made.grant.id}")
    return _build_tagged_grant(call, made)


@router.get("/role_grants", access=Access.ACCESS_READ)
async def list_role_grants(call: CurrentCall, paging: Paging) -> Page[RoleGrantAnswer]:
    """List the granted roles in the caller's units, oldest first."""
    found = await identities.page_grants(call.work, after=paging.after_id, limit=paging.row_limit)
    return paging.build_page(found, lambda each: [str(each.grant.id)], _build_grant_answer)


@router.get("/role_grants/{grant_id}", access=Access.ACCESS_READ, tagged=True)
async def read_role_grant(grant_id: Uuid, call: CurrentCall) -> RoleGrantAnswer:
    """Read a granted role: its holder, unit, source document and end."""
    return _build_tagged_grant(call, await identities.get_grant(call.work, grant_id))


@router.post("/role_grants/{grant_id}/revocation", access=Access.ACCESS_WRITE, status_code=201, tagged=True)
async def revoke_role_grant(grant_id: Uuid, body: RevocationBody, call: CurrentChange) -> RoleGrantAnswer:
    """Revoke a granted role for good. A second revocation is refused (409)."""
    found = await identities.get_grant(call.work, grant_id, lock=True)
    call.expect_row(found.grant)
    return _build_tagged_grant(call, await identities.revoke_grant(call.work, found, body.reason))


def _build_own_grant(grant: Grant) -> GrantAnswer:
    scopes = None if grant.scopes is None else sorted(grant.scopes)
    return GrantAnswer(role=grant.role, unit=grant.unit, congress=grant.congress, scopes=scopes)


def _build_grant(body: GrantBody, expires_at: datetime | None = None) -> GrantRequest:
    scopes = None if body.scopes is None else frozenset(map(Access, body.scopes))
    return GrantRequest(body.role, body.unit, body.congress, body.source, scopes, expires_at)


def _respond_with_key(made: KeyDetails, text: str | None) -> Response:
    content = {**json.loads(_build_key_answer(made).model_dump_json()), "key": text}
    headers = {
        "ETag": compute_row_etag(made.key.id, made.key.version),
        "Location": f"/v1/service_keys/{made.key.id}",
    }
    return Response(json.dumps(content, ensure_ascii=False).encode(), 201, headers, "application/json")


def _build_key_answer(found: KeyDetails) -> ServiceKeyAnswer:
    key = found.key
    return ServiceKeyAnswer(
        id=key.id,
        etag=compute_row_etag(key.id, key.version),
        holder=HolderAnswer.model_validate(found.identity),
        grants=[GrantAnswer.model_validate(each) for each in found.grants],
        purpose=key.purpose,
        issued_by=key.issued_by,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_on=key.last_used_on,
    )


def _build_tagged_grant(call: Call, found: GrantDetails) -> RoleGrantAnswer:
    call.set_row_etag(found.grant)
    return _build_grant_answer(found)


def _build_grant_answer(found: GrantDetails) -> RoleGrantAnswer:
    row: RoleGrant = found.grant
    etag = compute_row_etag(row.id, row.version)
    holder = HolderAnswer.model_validate(found.identity)
    return RoleGrantAnswer.model_validate({**row.model_dump(), "holder": holder, "etag": etag})
