"""Retries: a request that is sent again with its ``Idempotency-Key`` is not carried out twice.

The key is locked, looked up, and stored with its answer in the transaction of the work itself. A second
request with the key is refused while the first runs, and later gets its stored answer. Errors are not stored.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request, Response

from api.http.cursors import Sealer
from api.http.problems import Problem
from db import idempotency
from db.session import AsyncSession
from service.vaults import Vault
from service.work import Work

RunResponder = Callable[[Request, Work, UUID], Awaitable[Response]]
"""Answers with the present state of a run; the application has it as ``app.state.show_run``."""

REPLAYED_HEADER = "Idempotency-Replayed"

_KEY_FORM = re.compile(r"[\x21-\x7e]{1,255}")
_STORED_HEADERS = {"content-type", "content-language", "content-disposition", "etag", "link", "location"}


@dataclass(slots=True)
class KeyedRequest:
    """A request with its key.

    Only a handler that begins its own transactions uses this. In the transaction that does the work, it calls
    :meth:`KeyedRequest.begin` first, answers with the result unless that is ``None``, and calls
    :meth:`KeyedRequest.store` last.
    """

    request: Request
    key: str
    digest: bytes = field(repr=False)
    stored: bool = field(default=False, init=False)

    async def begin(self, work: Work) -> Response | None:
        """Lock the key until the transaction ends; return the stored answer if there is one.

        Raises :class:`Problem` 409 while another request has the lock, 422 if the key was used for another.
        """
        locked, row = await idempotency.lock_answer(work.session, self.actor, self.key)
        if not locked:
            raise Problem(409, "idempotency_key_in_use", headers={"Retry-After": "1"})
        if row is None:
            return None
        if row.master not in (None, self._vault.name):
            raise Problem(409, "idempotency_answer_unreadable")
        if not hmac.compare_digest(row.request_digest, self.digest):
            raise Problem(422, "idempotency_key_reused")
        response = await self._replay_answer(work, row)
        response.headers[REPLAYED_HEADER] = "true"
        return response

    async def store(
        self, session: AsyncSession, response: Response | None = None, *, run: UUID | None = None
    ) -> None:
        """Store the answer, or the run with whose state a retry is answered. A second call does nothing."""
        if self.stored:
            return
        answer = None
        if response is not None:
            answer = self._sealer.seal(_pack_response(response, self._authority), self._binding)
        name = self._vault.name
        await idempotency.store_answer(
            session, self.actor, self.key, self.digest, master=name, answer=answer, run=run
        )
        self.stored = True

    @property
    def actor(self) -> str:
        """The id of the actor; two actors may use the same key."""
        actor: str = self.request.state.actor.id
        return actor

    async def _replay_answer(self, work: Work, row: idempotency.StoredAnswer) -> Response:
        if row.run is not None:
            show: RunResponder = self.request.app.state.show_run
            return await show(self.request, work, row.run)
        packed = self._sealer.open(row.answer or b"", self._binding)
        response = None if packed is None else _unpack_response(packed, self._authority)
        if response is None:
            raise Problem(409, "idempotency_answer_unreadable")
        return response

    @property
    def _vault(self) -> Vault:
        vault: Vault = self.request.app.state.vault
        return vault

    @property
    def _authority(self) -> str:
        """A digest of the caller's grants: a stored answer is only for a caller with the same grants."""
        grants = [
            [each.role, str(each.unit), each.congress, sorted(each.scopes) if each.scopes else None]
            for each in self.request.state.actor.grants
        ]
        return hashlib.sha256(json.dumps(grants).encode()).hexdigest()

    @property
    def _sealer(self) -> Sealer:
        sealer: Sealer = self.request.app.state.answers
        return sealer

    @property
    def _binding(self) -> bytes:
        return f"{self.actor}\0{self.key}".encode()


async def read_keyed_request(request: Request) -> KeyedRequest:
    """Read the key of a request; raises :class:`Problem` 400 if it is missing or malformed.

    The digest of the request is keyed, so that a reader of the stored digest cannot guess the content.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        raise Problem(400, "idempotency_key_required")
    if not _KEY_FORM.fullmatch(key):
        raise Problem(400, "idempotency_key_malformed")
    upload = getattr(request.state, "upload", None)  # a form has another boundary each time it is sent
    content = await request.body() if upload is None else upload.content
    target = f"{request.method} {request.url.path}?{request.url.query}\n"
    secret: bytes = request.app.state.vault.derive_key("requests")
    return KeyedRequest(request, key, hmac.digest(secret, target.encode() + content, "sha256"))


def _pack_response(response: Response, authority: str) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name in _STORED_HEADERS}
    head = json.dumps({"status": response.status_code, "headers": headers, "authority": authority})
    return head.encode() + b"\n" + bytes(response.body)


def _unpack_response(packed: bytes, authority: str) -> Response | None:
    """Rebuild a stored answer; ``None`` if the caller's grants have changed since."""
    head, _, body = packed.partition(b"\n")
    stored = json.loads(head)
    if stored["authority"] != authority:
        return None
    return Response(body, stored["status"], stored["headers"])
