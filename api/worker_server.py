"""The health and the metrics of a worker, over HTTP on a port of their own."""

import time
from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client.exposition import make_wsgi_app

from api.worker import Worker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

QUIET_SECONDS = 30.0
"""A worker that has not looked after its work for so long is stuck."""


class WorkerServer:
    """Serves ``/livez`` and ``/metrics`` of a worker from a thread, until it is closed.

    ``/livez`` is 200 while the worker looks after its work, also while the database is away, and then 503.
    """

    def __init__(self, worker: Worker, host: str, port: int):
        self._worker = worker
        self._metrics = make_wsgi_app(worker.metrics.registry)
        self._server = make_server(host, port, self._answer, WSGIServer, _SilentHandler)
        self.port: int = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            metrics: Iterable[bytes] = self._metrics(environ, start)
            return metrics
        is_quiet = time.monotonic() - self._worker.beat > QUIET_SECONDS
        status = "404 Not Found"
        if environ["PATH_INFO"] == "/livez":
            status = "503 Service Unavailable" if is_quiet else "200 OK"
        start(status, [("Content-Type", "text/plain")])
        return [status.encode() + b"\n"]


class _SilentHandler(WSGIRequestHandler):
    """Logs no address."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        """Log nothing."""
