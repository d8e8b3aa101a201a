"""The first start: the Sóc Trăng example is loaded over HTTP, like the data of any client.

Staff numbers and some seat numbers of the example are made up, and marked so; the units, the population and
the text of the plan are real (examples/soc_trang/README.md).
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from api.cli.local_keys import LocalKeys

DATA_FOLDER = Path(__file__).parents[2] / "examples"
CONGRESS_ID = "soc-trang-v"
TIMEOUT_SECONDS = 60.0
TABLE_WIDTH = 120
"""The width of the table; a narrower terminal wraps it."""

Json = dict[str, Any]


async def greet_operator(url: str, keys: LocalKeys, console: Console | None = None) -> None:
    """Load the example unless it is loaded already; print its allocation and the next steps."""
    console = console or Console(width=max(Console().width, TABLE_WIDTH))
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) as http:
        service = _ApiClient(http, keys)
        conferences = await service.get("/v1/conferences", congress=CONGRESS_ID)
        if conferences["items"]:
            conference = await service.get(f"/v1/conferences/{conferences['items'][0]['id']}")
        else:
            console.print("daibieu: loading the Sóc Trăng example (real units, made-up staff numbers)")
            conference = await _import_congress(service, console)
        versions = (await service.get(f"/v1/conferences/{conference['id']}/allocations"))["items"]
        if versions:
            allocation = await service.get(f"/v1/allocations/{versions[-1]['id']}")
            await _print_allocation(service, console, conference, allocation)
            _print_next_steps(console, url, keys, conference, allocation)
    for line in describe_keys(keys, shown=keys.made and sys.stdout.isatty()):
        console.print(f"daibieu: {line}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"daibieu: serving on {url}; stop it with Ctrl-C", highlight=False)


def describe_keys(keys: LocalKeys, *, shown: bool) -> Iterator[str]:
    """Say where the keys are; ``shown``, for a terminal only, repeats the two of the people once.

    Output into a file or another program never has them: logs are kept, copied and read by others.
    """
    if shown:
        yield f"the officer's key: {keys.officer}"
        yield f"the approver's key: {keys.approver}"
    for who in ("officer", "approver"):
        yield f"the {who}'s key is in {keys.build_path(who).absolute()}; only its owner can read it"
    if keys.made:
        yield (
            f"the master key is in {keys.master.absolute()}: keep a copy elsewhere, "
            "without it the sealed attributes of people are lost"
        )


class _ApiClient:
    """A client of the service with the officer's key unless another is given; it raises on a refusal."""

    def __init__(self, http: httpx.AsyncClient, keys: LocalKeys):
        self.http = http
        self.keys = keys

    async def get(self, path: str, **params: str) -> Any:
        headers = {"Authorization": f"Bearer {self.keys.officer}"}
        return (await self.http.get(path, params=params, headers=headers)).raise_for_status().json()

    async def post(
        self, path: str, *, etag: str | None = None, key: str | None = None, **content: Any
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {key or self.keys.officer}",
            "Idempotency-Key": str(uuid4()),
            **content.pop("headers", {}),
        }
        if etag is not None:
            headers["If-Match"] = etag
        return (await self.http.post(path, headers=headers, **content)).raise_for_status()


async def _import_congress(service: _ApiClient, console: Console) -> Json:
    plan = await service.post(
        "/v1/plans",
        content=(DATA_FOLDER / "plans" / "soc_trang_2020.yaml").read_bytes(),
        headers={"Content-Type": "application/yaml"},
    )
    plan_id = plan.json()["id"]
    console.print("daibieu:   the plan, published")
    await service.post(
        f"/v1/plans/{plan_id}/versions/1/publication", etag=plan.headers["ETag"], key=service.keys.approver
    )
    for kind in ("units", "figures"):
        checked = await service.post(
            f"/v1/unit_imports?kind={kind}",
            content=(DATA_FOLDER / "soc_trang" / f"{kind}.csv").read_bytes(),
            headers={"Content-Type": "text/csv"},
        )
        path = f"/v1/unit_imports/{checked.json()['id']}/confirmation"
        stored = await service.post(path, etag=checked.headers["ETag"])
        console.print(f"daibieu:   {stored.json()['stored']} {kind}")
    found = await service.get("/v1/units", on="2020-06-01", kind="province")
    body = {"plan": plan_id, "congress": CONGRESS_ID, "unit": found["items"][0]["id"], "tier": "province"}
    conference: Json = (await service.post("/v1/conferences", json=body)).json()
    console.print("daibieu:   the congress, opened")
    await service.post(f"/v1/conferences/{conference['id']}/allocations", json={})
    return conference


async def _print_allocation(
    service: _ApiClient, console: Console, conference: Json, allocation: Json
) -> None:
    seats = await service.get(f"/v1/allocations/{allocation['id']}/seats")
    targets = list(dict.fromkeys(part["target"] for row in seats for part in row["targets"]))
    blocs = {stage["bloc"]: stage for stage in allocation["stages"]}
    names = {target["id"]: target["name"] for target in conference["terms"]["targets"]}
    table = Table(
        title=conference["name"], caption=_build_caption(allocation), box=SIMPLE_HEAD, highlight=False
    )
    table.add_column("Đơn vị (unit)", no_wrap=True, overflow="ellipsis", max_width=50)
    for name in ("Trọng số\n(weight)", "Định mức\n(quota)", "Đại biểu\n(seats)"):
        table.add_column(name, justify="right", no_wrap=True)
    for target in targets:
        table.add_column(target.replace("-", "\n"), justify="right", no_wrap=True, min_width=4)
    total = f"[bold]{sum(row['seats'] for row in seats)}[/]"
    table.add_row("[bold]Tổng số (total)[/]", "", "", total, *_sum_seats(seats, targets))
    for bloc in dict.fromkeys(row["bloc"] for row in seats):
        rows = [row for row in seats if row["bloc"] == bloc]
        table.add_section()
        stage = blocs[bloc]
        head = f"[bold]{stage['name']}[/]"
        table.add_row(
            head,
            stage["measure"],
            "",
            f"[bold]{sum(row['seats'] for row in rows)}[/]",
            *_sum_seats(rows, targets),
        )
        for row in rows:
            table.add_row(*_format_row(row, targets))
    console.print(table)
    for target in targets:
        console.print(f"  {target}: {names.get(target, '')}", style="dim", highlight=False)


def _format_row(row: Json, targets: Sequence[str]) -> list[str]:
    parts = {part["target"]: f"{part['seats']}{'°' if part['by_seats'] else ''}" for part in row["targets"]}
    weight = f"{row['weight']}{'*' if row['made_up'] else ''}"
    bound = {"floor": "↑", "cap": "↓"}.get(row["bound"] or "", " ")
    return [
        f"  {row['unit']['name']}",
        weight,
        _round_quota(row["quota"]),
        f"{row['seats']}{bound}",
        *(parts.get(target, "") for target in targets),
    ]


def _sum_seats(rows: Sequence[Json], targets: Sequence[str]) -> list[str]:
    found = dict.fromkeys(targets, 0)
    for row in rows:
        for part in row["targets"]:
            found[part["target"]] += part["seats"]
    return [str(found[target]) for target in targets]


def _round_quota(quota: str) -> str:
    """Round to three decimals for the table; the answer itself is exact."""
    numerator, _, denominator = quota.partition("/")
    if not denominator:
        whole, _, decimals = numerator.partition(".")
        return f"{whole}.{decimals[:3]:0<3}"
    thousandths = (2000 * int(numerator) + int(denominator)) // (2 * int(denominator))
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def _build_caption(allocation: Json) -> str:
    total = sum(group["seats"] for group in allocation["totals"])
    return (
        f"{total} đại biểu ({allocation['state']})   * số liệu giả định (made up)   "
        "° thiếu số liệu, chia theo số ghế (by seats)   ↑ sàn (at the floor)   ↓ trần (at the cap)"
    )


def _print_next_steps(
    console: Console, url: str, keys: LocalKeys, conference: Json, allocation: Json
) -> None:
    curl = f"curl -s -H \"Authorization: Bearer $(cat '{keys.build_path('officer')}')\""
    lines = {
        "Why each unit has its seats, in sentences": (
            f"{curl} -H 'Accept-Language: en' {url}/v1/allocations/{allocation['id']}/explanations"
        ),
        "The seats as a spreadsheet (CSV)": (
            f"{curl} -H 'Accept: text/csv' {url}/v1/allocations/{allocation['id']}/seats"
        ),
        "The terms that the plan sets for this congress, with their clauses": (
            f"{curl} -H 'Accept-Language: en' {url}/v1/conferences/{conference['id']}"
        ),
        "The proof of the allocation": f"{curl} {url}/v1/allocations/{allocation['id']}/certificate",
        "Apportion seats among units of your own; nothing is stored": (
            f"{curl} -X POST -H 'Content-Type: application/json' {url}/v1/apportionments -d \\\n"
            '    \'{"method": "sainte_lague", "seats": 10,'
            ' "units": [{"id": "a", "weight": "1234", "floor": 1}, {"id": "b", "weight": 617}]}\''
        ),
    }
    if allocation["state"] == "decided":
        lines |= {
            "Propose it (seats can then not be changed; If-Match is the ETag that was read)": (
                f"{curl} -X POST -H 'Content-Type: application/json' \\\n"
                '    -H "Idempotency-Key: $(date +%s%N)" \\\n'
                f'    -H "If-Match: $({curl} -I -X GET {url}/v1/allocations/{allocation["id"]}'
                " | tr -d '\\r' | sed -n 's/^etag: //ip')\" \\\n"
                f"    -d '{{}}' {url}/v1/allocations/{allocation['id']}/proposal"
            )
        }
    for what, line in lines.items():
        console.print(f"\n# {what}", style="dim", highlight=False)
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    console.print()
