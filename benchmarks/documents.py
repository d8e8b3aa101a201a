"""How long documents take: ``python -m benchmarks.documents``.

A delegate list of 500 made-up people in nine columns as PDF, DOCX and XLSX, a decision with an annex of 178
rows, and 10,000 people as DOCX, XLSX and CSV. Each is the median of five runs, in seconds of one processor,
beside its goal; of the long lists also how much memory the process grew, since rows are streamed. A PDF is
written once in each process, as in the service: typst keeps what it has compiled.
"""

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from time import process_time

from domain.documents.content import Document
from service.formats.documents.docx import write_docx
from service.formats.documents.pdf import write_pdf
from service.formats.documents.tables import write_csv, write_xlsx
from tests.service.documents.samples import build_decision, build_list

RUNS = 5
LIST, LONG_LIST, ANNEX = 500, 10_000, 178
MOST_GROWTH = 64
"""The most MiB that a process may grow while it writes a long list, the list itself included."""

Write = Callable[[Document], bytes]
Build = Callable[[int], Document]

GOALS: tuple[tuple[str, Write, Build, int, float], ...] = (
    ("list as PDF", write_pdf, build_list, LIST, 0.5),
    ("list as DOCX", write_docx, build_list, LIST, 0.1),
    ("list as XLSX", write_xlsx, build_list, LIST, 0.2),
    ("decision as PDF", write_pdf, build_decision, ANNEX, 0.3),
    ("long list as DOCX", write_docx, build_list, LONG_LIST, 2.0),
    ("long list as XLSX", write_xlsx, build_list, LONG_LIST, 4.0),
    ("long list as CSV", write_csv, build_list, LONG_LIST, 2.0),
)
"""What is written, how, of how many rows, and the goal in seconds."""


def measure(write: Write, build: Build, rows: int) -> tuple[float, int]:
    """(seconds of the processor, MiB that the process grew) for one file; its libraries are loaded before."""
    write(build(1))
    before = _read_peak()
    document = build(rows)
    start = process_time()
    write(document)
    return process_time() - start, _read_peak() - before


def _read_peak() -> int:
    """The most MiB that this process had at a time."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Print the table; status 1 if a goal is missed."""
    missed = False
    print(f"{'':22}{'rows':>8}{'seconds':>10}{'goal':>8}{'ratio':>8}{'MiB':>6}")
    for name, write, build, rows, goal in GOALS:
        found = []
        for _ in range(RUNS):
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                found.append(pool.submit(measure, write, build, rows).result())
        seconds, growth = median(one for one, _ in found), max(more for _, more in found)
        print(f"{name:22}{rows:8}{seconds:10.3f}{goal:8.1f}{seconds / goal:8.2f}{growth:6}")
        missed |= seconds > goal or (rows == LONG_LIST and growth > MOST_GROWTH)
    raise SystemExit(missed)


if __name__ == "__main__":
    main()
