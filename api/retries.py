"""Retries: a request that is sent again under its ``Idempotency-Key`` does nothing twice.

The key is locked, looked up, and stored with its answer in the transaction of the work itself. A rival under
the same key is refused while the first runs, and gets the stored answer afterwards; an error stores nothing.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request, Response

from api.cursors import Sealer
from api.problems import Problem
from db import idempotency
from db.session import AsyncSession
from service.vaults import Vault
from service.work import Work

RunResponder = Callable[[Request, Work, UUID], Awaitable[Response]]
"""Shows a run as it is now; the application holds it as ``app.state.show_run``."""

REPLAYED_HEADER = "Idempotency-Replayed"

_KEY_FORM = re.compile(r"[\x21-\x7e]{1,255}")
_STORED_HEADERS = {"content-type", "content-language", "content-disposition", "etag", "link", "location"}


@dataclass(slots=True)
class KeyedRequest:
    """One request under its key.

    A route whose transaction is the request's own need not touch this. A route that opens transactions itself
    calls :meth:`KeyedRequest.begin` first in the one that does the work, answers with what it returns unless
    that is ``None``, and calls :meth:`KeyedRequest.store` last.
    """

    request: Request
    key: str
    digest: bytes = field(repr=False)
    stored: bool = field(default=False, init=False)

    async def begin(self, work: Work) -> Response | None:
        """Hold the key until the transaction ends; the answer, when the request was carried out before.

        Raises :class:`Problem` 409 while another request holds the key, 422 when it was used for another.
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
        """Store the answer, or the run that a retry shall be shown as it is then; once."""
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
        """Whose key it is: two actors may use the same."""
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
        """What the caller may read: an answer is shown again only to who may read as much as then."""
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
    """The request under its key; raises :class:`Problem` 400 without a key, or with one that is none.

    Its digest is keyed: it outlives the request, and who reads it shall not find out by trying what was sent.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        raise Problem(400, "idempotency_key_required")
    if not _KEY_FORM.fullmatch(key):
        raise Problem(400, "idempotency_key_malformed")
    target = f"{request.method} {request.url.path}?{request.url.query}\n"
    secret: bytes = request.app.state.vault.derive_key("requests")
    return KeyedRequest(request, key, hmac.digest(secret, target.encode() + await request.body(), "sha256"))


def _pack_response(response: Response, authority: str) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name in _STORED_HEADERS}
    head = json.dumps({"status": response.status_code, "headers": headers, "authority": authority})
    return head.encode() + b"\n" + bytes(response.body)


def _unpack_response(packed: bytes, authority: str) -> Response | None:
    """The answer again; ``None`` for a caller whose grants are no longer those it was made for."""
    head, _, body = packed.partition(b"\n")
    said = json.loads(head)
    if said["authority"] != authority:
        return None
    return Response(body, said["status"], said["headers"])
