"""A caller of the service: fresh idempotency keys, ETags carried along, answers checked for their status."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx

EXAMPLES = Path(__file__).parent.parent / "examples"
YAML = {"Content-Type": "application/yaml"}
CSV = {"Content-Type": "text/csv"}

_keys = count()


class Client:
    """The service as its callers see it."""

    def __init__(self, http: httpx.AsyncClient):
        self.http = http

    async def get(self, path: str, status: int = 200, **options: Any) -> httpx.Response:
        """Read; fails unless the status is the one expected."""
        return _expect_status(await self.http.get(path, **options), status)

    async def post(
        self,
        path: str,
        body: Any = None,
        status: int = 201,
        *,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """Create, run or send, under a fresh key unless one is given."""
        headers = {"Idempotency-Key": f"test-{next(_keys)}", **(headers or {})}
        content = {"content": body} if isinstance(body, bytes) else {"json": {} if body is None else body}
        return _expect_status(await self.http.post(path, headers=headers, **content, **options), status)

    async def put(self, path: str, body: Any, etag: str, status: int = 200) -> httpx.Response:
        """Replace what was read under ``etag``."""
        return _expect_status(await self.http.put(path, json=body, headers={"If-Match": etag}), status)

    async def act(self, path: str, etag: str, body: Any = None, status: int = 201) -> httpx.Response:
        """Do something to what was read under ``etag``."""
        return await self.post(path, body, status, headers={"If-Match": etag})

    async def plan(self, name: str) -> dict[str, Any]:
        """Load one of the example plans and publish it."""
        content = (EXAMPLES / "plans" / f"{name}.yaml").read_bytes()
        drafted = await self.post("/v1/plans", content, headers=YAML)
        path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
        published: dict[str, Any] = (await self.act(path, drafted.headers["ETag"])).json()
        return published

    async def units(self, folder: str) -> dict[str, str]:
        """Load an example's units and figures; code → id of those that exist on 1 June 2020 or 2025."""
        for kind in ("units", "figures"):
            content = (EXAMPLES / folder / f"{kind}.csv").read_bytes()
            await self.upload(content, kind)
        found: dict[str, str] = {}
        for day in ("2020-06-01", "2025-03-01"):
            found |= {unit["code"]: unit["id"] for unit in await self.list_all(f"/v1/units?on={day}")}
        return found

    async def upload(self, content: bytes, kind: str) -> dict[str, Any]:
        """Have a file checked, and confirm it."""
        checked = await self.post(f"/v1/unit_imports?kind={kind}", content, headers=CSV)
        assert checked.json()["errors"] == 0, checked.json()["findings"][:5]
        path = f"/v1/unit_imports/{checked.json()['id']}/confirmation"
        confirmed: dict[str, Any] = (await self.act(path, checked.headers["ETag"])).json()
        return confirmed

    async def list_all(self, path: str) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            params = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = (await self.get(str(httpx.URL(path).copy_merge_params(params)))).json()
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items


def _expect_status(response: httpx.Response, status: int) -> httpx.Response:
    assert response.status_code == status, f"{response.status_code}: {response.text[:2000]}"
    if "json" in response.headers.get("content-type", "") and response.content:
        shown = list(_list_shown_ids(response.json()))
        assert not shown, f"sentences show ids: {shown[:5]}"
        errors = list(list_told_errors(response.json())) if response.is_success else []
        assert not errors, f"a success tells errors: {errors[:5]}"
    return response


def list_told_errors(content: Any) -> Iterator[str]:
    """The codes of findings of the severity error in an answer.

    An answer about something that is itself refused tells what is wrong with it: a file that cannot be
    confirmed, a run that failed, a certificate that proves nothing.
    """
    if isinstance(content, list):
        for each in content:
            yield from list_told_errors(each)
    elif isinstance(content, dict):
        if content.get("state") in ("faulty", "failed") or content.get("proven") is False:
            return
        if content.get("severity") == "error":
            yield content["code"]
        for each in content.values():
            yield from list_told_errors(each)


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMED_PARAMS = ("unit", "group", "target", "tier", "congress", "stage", "bloc", "nominee", "nomination")
_OWN_WORDS = re.compile("plan_|split_|target_twice|named_unit_absent|pilot_not_earlier")
"""Codes about a text that the caller wrote: there, an id is the caller's own word."""


def _list_shown_ids(content: Any) -> Iterator[tuple[str, str]]:
    """(code, sentence) of each sentence of an answer that shows an id in the place of a name."""
    if isinstance(content, list):
        for each in content:
            yield from _list_shown_ids(each)
    elif isinstance(content, dict):
        for each in content.values():
            yield from _list_shown_ids(each)
        if isinstance(content.get("detail"), str) and _shows_id(content):
            yield content["code"], content["detail"]


def _shows_id(finding: dict[str, Any]) -> bool:
    """Whether a sentence shows the id of a person, or in quotation marks that of a unit or part of a plan."""
    quoted = [f"“{finding['params'][name]}”" for name in _NAMED_PARAMS if name in finding.get("params", {})]
    shown = any(one in finding["detail"] for one in quoted) and not _OWN_WORDS.match(finding["code"])
    return shown or _UUID.search(finding["detail"]) is not None
