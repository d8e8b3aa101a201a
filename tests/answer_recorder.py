"""Recording answers for the OpenAPI document: ``make examples`` runs tests with this plugin.

Of each schema, the most telling answer that is short enough becomes the example, with one item of each list.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.document_parts import EXAMPLES_FILE, list_json_answers

LONGEST = 1_600
"""Characters of an example."""
_COMMITTED = Path(__file__).parents[1] / "openapi.json"

_candidates: dict[str, list[Any]] = {}


def _list_answers() -> Iterator[tuple[str, re.Pattern[str], str, str]]:
    """(method, pattern of the path, status, name of the example) of each successful answer."""
    document = json.loads(_COMMITTED.read_text(encoding="utf-8"))
    for path, item in document["paths"].items():
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
        for method, operation in item.items():
            for status in operation["responses"]:
                answer = {
                    "paths": {
                        path: {method: {**operation, "responses": {status: operation["responses"][status]}}}
                    }
                }
                for name, _ in list_json_answers(answer):
                    yield method.upper(), pattern, status, name


@pytest.fixture(scope="session", autouse=True)
def _record_answers() -> Iterator[None]:
    """Record every answer of the session, and write the examples at its end."""
    known = list(_list_answers())
    send = httpx.AsyncClient.send

    async def record(self: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = await send(self, request, **options)
        if answer.headers.get("Content-Type") == "application/json":
            for method, pattern, status, name in known:
                if (request.method, str(answer.status_code)) == (method, status) and pattern.fullmatch(
                    request.url.path
                ):
                    _candidates.setdefault(name, []).append(shorten_answer(answer.json()))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.AsyncClient, "send", record)
        yield
    write_examples()


def shorten_answer(value: Any) -> Any:
    """The same with one item of each list; of numbers two, since a range is a pair."""
    if isinstance(value, list):
        most = 2 if all(isinstance(each, int) for each in value) else 1
        return [shorten_answer(each) for each in value[:most]]
    if isinstance(value, dict):
        return {name: shorten_answer(each) for name, each in value.items()}
    return value


def rate_answer(value: Any) -> tuple[int, str]:
    """How much an answer tells: the number of its fields that are neither null nor empty."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return len(re.findall(r": (?!null|\[\]|\{\}|\"\")", text)), text


def write_examples() -> None:
    """Write the best answer of each schema; those that were not recorded stay."""
    wanted = {name for *_, name in _list_answers()}
    kept = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    known = {name: example for name, example in kept.items() if name in wanted}
    for name, answers in _candidates.items():
        short = [each for each in answers if len(json.dumps(each, ensure_ascii=False)) <= LONGEST]
        known[name] = max(short or [min(answers, key=lambda each: len(json.dumps(each)))], key=rate_answer)
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
    EXAMPLES_FILE.write_text(text + "\n", encoding="utf-8")
