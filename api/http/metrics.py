"""Metrics of the service for Prometheus, on a separate port so that callers cannot read them."""

from collections.abc import Iterator, Mapping
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector


class Metrics:
    """The counters of requests; each application has its own registry.

    ``unreadable`` counts the sealed boxes that did not open, by their kind.
    """

    def __init__(self, unreadable: Mapping[str, int] | None = None) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_BoxCollector({} if unreadable is None else unreadable))
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


class WorkerMetrics:
    """The counters of a worker; ``unreadable`` as for the service."""

    def __init__(self, unreadable: Mapping[str, int]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_BoxCollector(unreadable))
        ProcessCollector(registry=self.registry)
        self._ended = Counter(
            "daibieu_runs", "Runs by what became of them here.", ["kind", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "daibieu_run_seconds",
            "Time from the lease of a run to its end.",
            ["kind"],
            buckets=(0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600),
            registry=self.registry,
        )
        self._computing = Gauge("daibieu_runs_in_progress", "Runs being computed.", registry=self.registry)
        self._waiting = Gauge(
            "daibieu_runs_waiting", "Runs that no worker has taken.", registry=self.registry
        )
        self._reminders = Counter(
            "daibieu_reminders", "Tries to send a reminder.", ["outcome"], registry=self.registry
        )
        self._failing = Gauge(
            "daibieu_reminders_failing",
            "Reminders that were tried and could not be sent yet.",
            registry=self.registry,
        )

    def record_begin(self) -> None:
        """Count a run that begins."""
        self._computing.inc()

    def record_stop(self) -> None:
        """Count a run that is computed no more."""
        self._computing.dec()

    def record_end(self, kind: str, outcome: str, seconds: float) -> None:
        """Count what became of a run."""
        self._ended.labels(kind, outcome).inc()
        self._seconds.labels(kind).observe(seconds)

    def record_waiting(self, runs: int) -> None:
        """Store how many runs no worker has taken."""
        self._waiting.set(runs)

    def record_reminder(self, outcome: str) -> None:
        """Count a try to send a reminder: ``sent`` or ``failed``."""
        self._reminders.labels(outcome).inc()

    def record_failing(self, reminders: int) -> None:
        """Store how many reminders could not be sent yet."""
        self._failing.set(reminders)


class _BoxCollector(Collector):
    """The sealed boxes that did not open, as the vault counts them."""

    def __init__(self, unreadable: Mapping[str, int]):
        self._unreadable = unreadable

    def collect(self) -> Iterator[CounterMetricFamily]:
        words = "Sealed boxes that did not open: damaged, or sealed under another master key."
        family = CounterMetricFamily("daibieu_sealed_boxes_unreadable", words, labels=["kind"])
        for kind, number in [*self._unreadable.items()]:
            family.add_metric([kind], number)
        yield family


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
