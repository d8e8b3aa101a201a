"""Metrics of the service for Prometheus, on a separate port so that callers cannot read them."""

from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.process_collector import ProcessCollector


class Metrics:
    """The counters of requests; each application has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "daibieu_http_requests",
            "Requests answered.",
            ["method", "operation", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "daibieu_http_request_seconds",
            "Time from a request to the end of its answer.",
            ["operation"],
            registry=self.registry,
        )
        self._open = Gauge(
            "daibieu_http_requests_in_progress", "Requests being served.", registry=self.registry
        )

    def record_start(self) -> None:
        """Count a request that begins."""
        self._open.inc()

    def record_end(self, method: str, operation: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._open.dec()
        self._requests.labels(method, operation, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)


class MetricsServer:
    """Serves ``/metrics`` from a thread until it is closed."""

    def __init__(self, metrics: Metrics, host: str, port: int):
        self._server: WSGIServer
        self._thread: Thread
        self._server, self._thread = start_http_server(port, host, metrics.registry)
        self.port: int = self._server.server_port

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
