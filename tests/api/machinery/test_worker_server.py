"""The health and the metrics of a worker."""

import time
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.worker import Worker
from api.worker_server import QUIET_SECONDS, WorkerServer
from db.session import Database
from service.vaults import Vault
from tests.local_service import find_free_port


@pytest.fixture
def worker(database: Database) -> Iterator[Worker]:
    worker = Worker(database, Vault(bytes(32)))
    yield worker
    worker.close()


@pytest.fixture
def address(worker: Worker) -> Iterator[str]:
    server = WorkerServer(worker, "127.0.0.1", find_free_port())
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def test_a_worker_is_well_while_it_looks_after_its_work(worker: Worker, address: str) -> None:
    assert httpx.get(f"{address}/livez").status_code == 200
    worker.beat = time.monotonic() - QUIET_SECONDS - 1
    assert httpx.get(f"{address}/livez").status_code == 503
    assert httpx.get(f"{address}/other").status_code == 404


def test_the_metrics_count_runs_by_what_became_of_them(worker: Worker, address: str) -> None:
    worker.metrics.record_waiting(3)
    worker.metrics.record_begin()
    worker.metrics.record_end("selection", "cancelled", 0.5)
    text = httpx.get(f"{address}/metrics").text
    samples = {
        (each.name, *sorted(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }
    assert samples["daibieu_runs_waiting",] == 3
    assert samples["daibieu_runs_in_progress",] == 1
    assert samples["daibieu_runs_total", "cancelled", "selection"] == 1
    assert samples["daibieu_run_seconds_sum", "selection"] == 0.5
