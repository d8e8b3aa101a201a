"""The parameters of a handler: its work, the reader's language, and the headers of the answer."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response

from api.http.etags import ExpectedETags, IfMatch, TaggedRow, compute_row_etag, set_etag
from api.http.languages import Reader, choose_language
from api.http.problems import Problem
from api.http.request_work import CurrentWork
from service.texts import Language, Translator
from service.work import Work

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation, in the transaction of the request."""

    request: Request
    response: Response
    work: Work
    language: Language

    @property
    def translator(self) -> Translator:
        """Writes the sentences of the answer, with the names that the work has met."""
        return Translator(self.language, self.work.names)

    def set_row_etag(self, row: TaggedRow) -> None:
        """Send the ETag of a row with the answer."""
        set_etag(self.response, compute_row_etag(row.id, row.version))

    def set_location(self, path: str) -> None:
        """Send the path of the created resource with the answer."""
        self.response.headers["Location"] = path


@dataclass(frozen=True, slots=True)
class ChangeCall(Call):
    """A call that changes a resource; ``expected``: the states of it that the caller has read."""

    expected: ExpectedETags

    def expect_etag(self, etag: str) -> None:
        """Raise ``Stale`` (412) unless this is the ETag of a state that the caller has read."""
        self.expected.expect_etag(etag)

    def expect_row(self, row: TaggedRow) -> None:
        """Raise ``Stale`` (412) unless the row is in a state that the caller has read."""
        self.expected.expect_row(row)


def build_call(request: Request, response: Response, work: Work) -> Call:
    """The call of a request whose handler begins its own transactions."""
    return Call(request, response, work, choose_language(request.headers.get("accept-language")))


async def finish_while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work; it is cancelled when the client leaves, since nobody reads the answer then."""
    await request.body()
    working, leaving = asyncio.create_task(work), asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Problem(400, "client_disconnected")
        return await working
    finally:
        leaving.cancel()
        working.cancel()


async def _provide_call(request: Request, response: Response, work: CurrentWork, language: Reader) -> Call:
    return Call(request, response, work, language)


async def _provide_change(
    request: Request, response: Response, work: CurrentWork, language: Reader, expected: IfMatch
) -> ChangeCall:
    return ChangeCall(request, response, work, language, expected)


CurrentCall = Annotated[Call, Depends(_provide_call)]
"""A handler's parameter: the call."""

CurrentChange = Annotated[ChangeCall, Depends(_provide_change)]
"""A parameter of a handler that changes a resource: the call with its ``If-Match`` header."""
