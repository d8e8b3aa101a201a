"""Ask an advisory database about every package of a lock: ``python .ci/audit.py LOCK``.

A known vulnerability fails, unless ``.ci/advisories.toml`` lists it with a reason and a day that has not
passed. What could not be looked up is said aloud and fails nothing: that is no answer about the lock.
Behind a mirror a source may answer and know nothing at all, and would call every lock clean. So each source
is asked first about a package that everybody knows to be vulnerable; one that knows nothing is asked no more.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from pathlib import Path

MAX_THREADS = 8
LOCK_TIMEOUT = 25.0
"""Seconds for the whole lock; what has not been answered by then was not looked up."""

Package = tuple[str, str]
"""Name and version."""
KNOWN_BAD: Package = ("pyyaml", "5.3")
"""Vulnerable since 2020 (CVE-2020-1747, CVE-2020-14343), which every source knows that knows anything."""

Ask = Callable[[Package], "Sequence[Advisory] | None"]
"""What a source knows against a package; ``None`` where it does not know the package."""


class SourceUnavailableError(Exception):
    """The source cannot be reached, or its answer cannot be read."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """What is known against a version: by its ids, and where it is mended."""

    ids: tuple[str, ...]
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoredAdvisory:
    """An advisory that is let pass until a day, for a reason."""

    id: str
    package: str
    reason: str
    until: date


def list_packages(lock: str) -> list[Package]:
    """Every package that a lock pins; the same in several versions where they depend on the platform."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", lock, re.MULTILINE)
    return sorted({(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in pins})


def read_ignored(text: str) -> list[IgnoredAdvisory]:
    """The list of what is let pass; raises ``TypeError`` for an entry that says too little."""
    found = [IgnoredAdvisory(**each) for each in tomllib.loads(text).get("ignored", [])]
    for each in found:
        if not isinstance(each.until, date) or len(each.reason) < 20:
            raise TypeError(f"{each.id}: say why in a sentence, and until which day")
    return found


def audit_lock(
    lock: str, sources: Mapping[str, Ask], passes: Sequence[IgnoredAdvisory], today: date
) -> tuple[int, list[str]]:
    """(exit status, what there is to say)"""
    wanted, said = list_packages(lock), []
    for name, ask in sources.items():
        try:
            known = ask(KNOWN_BAD)
        except SourceUnavailableError:
            said.append(f"{name} cannot be reached")
            continue
        if not known:
            said.append(f"{name} answers, and knows no advisories")
            continue
        found, unanswered = _ask_all(ask, wanted)
        status, lines = _judge_advisories(found, passes, today)
        if unanswered:
            lines.append(
                _format_warning(f"{len(unanswered)} of {len(wanted)} packages: {_format_names(unanswered)}")
            )
        lines.append(
            f"audit: {name} was asked about {len(wanted) - len(unanswered)} of {len(wanted)} packages"
        )
        return status, lines
    return 0, [_format_warning(f"any of {len(wanted)} packages: {'; '.join(said)}")]


def _format_warning(what: str) -> str:
    return f"audit: WARNING: NOT VERIFIED: {what}"


def _format_names(unanswered: Sequence[Package]) -> str:
    return ", ".join(name for name, _ in unanswered[:5]) + (", …" if len(unanswered) > 5 else "")


def _ask_all(ask: Ask, wanted: Sequence[Package]) -> tuple[dict[Package, Sequence[Advisory]], list[Package]]:
    """What is known against each package, and the packages about which nobody answered."""
    pool = ThreadPoolExecutor(MAX_THREADS)
    tasks = {package: pool.submit(ask, package) for package in wanted}
    wait(tasks.values(), LOCK_TIMEOUT)
    pool.shutdown(wait=False, cancel_futures=True)
    answers = {package: _read_answer(task) for package, task in tasks.items()}
    found = {package: answer for package, answer in answers.items() if answer}
    return found, [package for package, answer in answers.items() if answer is None]


def _read_answer(task: "Future[Sequence[Advisory] | None]") -> Sequence[Advisory] | None:
    try:
        return task.result() if task.done() and not task.cancelled() else None
    except SourceUnavailableError:
        return None


def _judge_advisories(
    found: Mapping[Package, Sequence[Advisory]], passes: Sequence[IgnoredAdvisory], today: date
) -> tuple[int, list[str]]:
    status, lines = 0, []
    for (name, version), advisories in found.items():
        for each in advisories:
            let = next((one for one in passes if one.package == name and one.id in each.ids), None)
            mended = ", ".join(each.mended) or "no version"
            line = f"audit: {name} {version}: {', '.join(each.ids)}; mended in {mended}"
            if let is not None and today <= let.until:
                lines.append(f"{line}; let pass until {let.until}: {let.reason}")
                continue
            status = 1
            lines.append(f"{line}; it was let pass until {let.until}" if let else line)
    met = {(name, one) for (name, _), known in found.items() for each in known for one in each.ids}
    lines += [
        f"audit: .ci/advisories.toml lists {one.id}, which nobody reports any more"
        for one in passes
        if (one.package, one.id) not in met
    ]
    return status, lines


def list_sources() -> Iterator[tuple[str, Ask]]:
    """The index's own advisories, then OSV; read by pip-audit's parts, which the lock pins."""
    from pip_audit._service.osv import OsvService
    from pip_audit._service.pypi import PyPIService

    yield "the package index", _build_source(PyPIService)
    yield "OSV", _build_source(OsvService)


def _build_source(service: Callable[..., object]) -> Ask:
    from packaging.version import Version
    from pip_audit._service.interface import ResolvedDependency

    def ask(package: Package) -> Sequence[Advisory] | None:
        try:
            asked = service(timeout=10)
            answered, known = asked.query(ResolvedDependency(package[0], Version(package[1])))
        except Exception as error:  # whatever a network can do wrong
            raise SourceUnavailableError from error
        if answered.is_skipped():
            return None
        return [Advisory((one.id, *sorted(one.aliases)), tuple(map(str, one.fix_versions))) for one in known]

    return ask


def main(words: Iterable[str]) -> int:
    """Audit the locks that are named."""
    passes = read_ignored(Path(__file__).with_name("advisories.toml").read_text(encoding="utf-8"))
    worst = 0
    for lock in words:
        status, lines = audit_lock(
            Path(lock).read_text(encoding="utf-8"),
            dict(list_sources()),
            passes,
            date.today(),  # noqa: DTZ011 - a day will do
        )
        worst = max(worst, status)
        sys.stdout.write(
            "\n".join([*lines, f"audit: {lock}: {'FAILED' if status else 'nothing that fails'}"]) + "\n"
        )
    sys.stdout.flush()
    return worst


if __name__ == "__main__":
    import os

    os._exit(main(sys.argv[1:]))  # without waiting for requests that nobody waits for any more
