"""Accounts over HTTP: the identities of one person, linked by that person or for the whole service."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.http.calls import CurrentCall
from api.http.request_work import Transactions
from api.http.routes import Retry, Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Label, Text, Uuid
from domain.access import Access
from service import accounts

router = Router(tags=["access"])


class LinkCodeBody(Body):
    """The code that the other credential asked for."""

    model_config = build_sample(code="7K2M-QX4D-9TRB")

    code: Label


class AccountLinkBody(Body):
    """Two identities of one person."""

    model_config = build_sample(identities=[SAMPLE_ID, SAMPLE_ID], reason="Cùng một người (ví dụ)")

    identities: Annotated[list[Uuid], Field(min_length=2, max_length=2)]
    reason: Text


class SeparationBody(Body):
    """An identity that was linked by mistake."""

    model_config = build_sample(identity=SAMPLE_ID, reason="Liên kết nhầm (ví dụ)")

    identity: Uuid
    reason: Text


class LinkCodeAnswer(Answer):
    """A one-time code."""

    code: str | None = Field(description="Only in this answer, and null when replayed.")
    expires_at: datetime


class AccountAnswer(Answer):
    """One person or one program, with all identities."""

    id: UUID
    identities: list[UUID]


@router.post("/me/link_codes", access=Access.SELF, status_code=201, response_model=LinkCodeAnswer)
async def request_link_code(call: CurrentCall, retry: Retry) -> Response:
    """Ask for a one-time code, to link this identity with another one of yours. It is valid for ten minutes
    and replaces an earlier one. Sign in with the other credential to hand it in."""
    code, expires_at = await accounts.request_link_code(call.work)
    await retry.store(call.work.session, _respond_with_code(None, expires_at))
    return _respond_with_code(code, expires_at)


@router.post(
    "/me/links", access=Access.SELF, status_code=201, transaction=False, response_model=AccountAnswer
)
async def hand_in_link_code(body: LinkCodeBody, transactions: Transactions, retry: Retry) -> Response:
    """Hand in a one-time code: your two identities are one person from now on, wherever two are needed.
    Refused: a code that is wrong, used or expired (403), more than five in ten minutes (429)."""
    async with transactions.begin_work() as work:
        await accounts.count_link_attempt(work)
    async with transactions.begin_work() as work:
        if (known := await retry.begin(work)) is None:
            known = _respond_with_account(await accounts.hand_in_link_code(work, body.code))
            await retry.store(work.session, known)
    return known


@router.post("/account_links", access=Access.ACCESS_WRITE, status_code=201)
async def link_identities(body: AccountLinkBody, call: CurrentCall) -> AccountAnswer:
    """Link two identities of one person. Only with a role for the whole service (403)."""
    one, other = body.identities
    return AccountAnswer.model_validate(await accounts.link_identities(call.work, one, other, body.reason))


@router.post("/account_separations", access=Access.ACCESS_WRITE, status_code=201)
async def separate_identity(body: SeparationBody, call: CurrentCall) -> AccountAnswer:
    """Separate an identity that was linked by mistake. What exists already still counts both as one person.
    Only with a role for the whole service, and never for yourself (403)."""
    return AccountAnswer.model_validate(
        await accounts.separate_identity(call.work, body.identity, body.reason)
    )


def _respond_with_code(code: str | None, expires_at: datetime) -> Response:
    content = {"code": code, "expires_at": expires_at.isoformat()}
    return Response(json.dumps(content), 201, media_type="application/json")


def _respond_with_account(account: accounts.AccountDetails) -> Response:
    content = AccountAnswer.model_validate(account).model_dump_json()
    return Response(content, 201, media_type="application/json")
