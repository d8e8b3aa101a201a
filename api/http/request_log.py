"""The request log: an id, a log line and metrics for each request.

No personal data is logged: no path, query, address, actor or message. A line has the operation, the status
and the duration, and for a failure the type of the error and its place in the code.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from api.http.metrics import Metrics
from api.http.problems import Problem, respond_with_problem

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_MAX_FRAMES = 20
_MAX_EVENT_LENGTH = 200

log = structlog.get_logger("daibieu.api")


class RequestLog:
    """The layer that logs each request. It answers unexpected errors with a problem that has only an id."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        served = _ServedRequest(scope, send, _read_request_id(headers))
        scope.setdefault("state", {})["request_id"] = served.request_id
        with structlog.contextvars.bound_contextvars(request_id=served.request_id, **_read_trace(headers)):
            self.metrics.record_start()
            try:
                await self.app(scope, receive, served.send)
            except Exception as error:  # noqa: BLE001 - the last place where it can be answered
                await served.answer_failure(receive, error)
            finally:
                self._record_request(served)

    def _record_request(self, served: "_ServedRequest") -> None:
        seconds = time.perf_counter() - served.began
        self.metrics.record_end(served.method, served.operation, served.status, seconds)
        log.info(
            "request",
            method=served.method,
            operation=served.operation,
            status=served.status,
            milliseconds=round(seconds * 1000, 1),
        )


class _ServedRequest:
    """A request that is being served."""

    def __init__(self, scope: Scope, send: Send, request_id: str):
        self.scope = scope
        self.request_id = request_id
        self.began = time.perf_counter()
        self.status = 0
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.request_id
        await self._send(message)

    async def answer_failure(self, receive: Receive, error: Exception) -> None:
        """Log a failure and answer it. If an answer has begun already, the server must cut it off."""
        log.error("failed", **describe_error(error))
        if self.status:
            raise ConnectionAbortedError("the answer broke off") from None
        response = respond_with_problem(Request(self.scope), Problem(500, "internal_error"))
        await response(self.scope, receive, self.send)

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS") else "other"

    @property
    def operation(self) -> str:
        route = self.scope.get("route")
        return getattr(route, "name", None) or "none"


def _read_request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else str(uuid7())


def _read_trace(headers: Headers) -> dict[str, str]:
    found = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return {"trace_id": found[1], "parent_id": found[2]} if found else {}


def describe_error(error: BaseException) -> dict[str, Any]:
    """What may be logged of an error: its types, from the outermost to the first cause, and its place.

    Messages are left out: those of databases and validators contain data of the request.
    """
    kinds = list(_list_causes(error))
    frames = traceback.extract_tb(kinds[-1].__traceback__ or error.__traceback__)[-_MAX_FRAMES:]
    return {
        "error": " < ".join(type(kind).__qualname__ for kind in kinds),
        "sqlstate": next((state for kind in kinds if (state := getattr(kind, "sqlstate", None))), None),
        "frames": _list_places(frames),
    }


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or getattr(cause, "orig", None)


def _list_places(frames: Sequence[traceback.FrameSummary]) -> list[str]:
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in frames]


def _drop_messages(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Reduce an event to what may be logged: types and places of errors, fixed texts of libraries.

    The values in a library's message may be anything, such as a row. Only those of the server's own messages
    are logged: the addresses it listens on, and process numbers.
    """
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.update(describe_error(error))
    event.pop("stack_info", None)
    record: logging.LogRecord = event["_record"]
    if not event["_from_structlog"]:
        words = event["event"] if record.name == "uvicorn.error" else record.msg
        event["event"] = str(words).partition("\n")[0][:_MAX_EVENT_LENGTH]
    return event


def configure_logging(stream: TextIO, *, level: int = logging.INFO) -> None:
    """Log one JSON object per line to ``stream``: events of this service, and warnings of libraries."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _drop_messages,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # their information messages contain addresses
    for name in ("daibieu", "uvicorn.error"):
        logging.getLogger(name).setLevel(level)
