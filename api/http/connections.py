"""Connections of clients that send slowly: the head of a request has to arrive within some seconds.

The server's own limit is for idle connections after an answer only, and begins again with each byte.
"""

import asyncio
from typing import Any, Self

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""The time for the head of a request: from the beginning of the connection, or from the answer before."""


class ConnectionLimit(H11Protocol):
    """The server's protocol, which closes a connection without a complete head in time.

    What still arrives of a refused request's content is dropped, and counts as waiting for the next head.
    """

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None

    @classmethod
    def within(cls, seconds: float) -> type[Self]:
        """The same protocol with another time for the head."""
        return type(cls.__name__, (cls,), {"head_seconds": seconds})

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as there
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Read what has arrived; with a head in it, stop waiting."""
        before: Any = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next head."""
        self._await_head()
        super().on_response_complete()

    def _await_head(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(self.head_seconds, self._close_late)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _close_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
