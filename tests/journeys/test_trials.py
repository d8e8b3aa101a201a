"""The trial of a plan's version says what opening its conferences gives, and what an amendment changes."""

import csv
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from domain.access import Actor, Grant, Role
from tests.client import EXAMPLES, YAML, Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import ARMED, CONGRESS
from tests.journeys.steps import Json, adopt_sizing, codes, draft_sizing, open_conference

TEXT = (EXAMPLES / "plans" / "soc_trang_2020.yaml").read_text("utf-8")
AMENDED = TEXT.replace("quarter: 2, clause: ii.2.b.thoi-gian", "quarter: 3, clause: ii.2.b.thoi-gian", 1)
AMENDED = AMENDED.replace("cap: {number: 300", "cap: {number: 250", 1)
DISTRICT, FINANCE, PILOT = "huyen-chau-thanh", "so-tai-chinh", "so-lao-dong-thuong-binh-va-xa-hoi"
FIELDS = ("form", "pilot", "name", "title", "cap", "mix", "window", "deadlines")


ELSEWHERE = "xa-phu-tam--huyen-chau-thanh"
IMPOSSIBLE = (
    '      - {id: qua-nhieu, name: "Ít nhất 300 nữ", attribute: gender, values: [female], count: 300, '
    f"hard: true, split: true, part: staff.women, by_hand: {{{ELSEWHERE}: 1}}, "
    "groups: [dien-hinh], decision: phan-bo-dai-hoi}\n"
)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The plan of Sóc Trăng in force, three upper conferences under it, one of them sized, and a draft."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        opened = {
            code: await open_conference(client, plan, CONGRESS, units[code], "upper")
            for code in (DISTRICT, FINANCE, PILOT)
        }
        await adopt_sizing(client, await draft_sizing(client, opened[FINANCE], size=280), "1")
        path = f"/v1/plans/{plan['id']}/versions"
        await client.post(path, f"reason: x\n{AMENDED}".encode(), headers=YAML)
        return {"plan": plan, "units": units, "opened": opened}

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


async def try_version(client: Client, plan: Json, n: int, status: int = 200, **body: Any) -> Json:
    answer: Json = (await client.post(f"/v1/plans/{plan['id']}/versions/{n}/trial", body, status)).json()
    return answer


def read_rows(folder: str) -> list[dict[str, str]]:
    with (EXAMPLES / folder / "units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_115_conferences_at_the_grassroots_62_above_and_the_congress(
    client: Client, told: Json
) -> None:
    tried = await try_version(client, told["plan"], 2)
    counts = {tier["tier"]: (tier["conferences"], tier["kinds"]) for tier in tried["tiers"]}
    assert counts["grassroots"] == (115, {"commune": 109, "enterprise": 6})
    kinds = Counter(row["kind"] for row in read_rows("soc_trang"))
    upper = {kind: n for kind, n in kinds.items() if kind not in {"commune", "enterprise", "province"}}
    assert counts["upper"] == (62, upper)
    assert counts["province"] == (1, {"province": 1})
    assert counts["national"] == (0, {})
    assert len(tried["conferences"]) == 178
    assert sum(sum(tier["forms"].values()) for tier in tried["tiers"]) == 178
    assert not [
        each for each in tried["conferences"] if "criterion_without_target" in codes(each["findings"])
    ]
    upper_findings = codes(next(tier for tier in tried["tiers"] if tier["tier"] == "upper")["findings"])
    assert upper_findings.count("criterion_without_target") == 10


async def test_a_trial_says_what_opening_the_conference_then_says(client: Client, told: Json) -> None:
    units = told["units"]
    commune = next(code for code in sorted(units) if code.startswith("xa-"))
    wanted = {commune: "grassroots", "huyen-my-tu": "upper", "tinh-soc-trang": "province"}
    tried = await try_version(client, told["plan"], 1, units=[units[code] for code in wanted])
    rows = {each["unit"]["code"]: each for each in tried["conferences"]}
    assert rows.keys() == wanted.keys()
    for code, tier in wanted.items():
        opened = await open_conference(client, told["plan"], CONGRESS, units[code], tier)
        terms, row = opened["terms"], rows[code]
        assert {name: row[name] for name in FIELDS} == {name: terms[name] for name in FIELDS}
        assert (row["as_of"], row["tier"], row["conference"]) == (opened["as_of"], tier, None)
        common = next(each for each in tried["tiers"] if each["tier"] == tier)["findings"]
        assert {*codes(row["findings"]), *codes(common)} >= {*codes(opened["findings"])}
        seats = {group["id"]: group["seats"] for group in row["seat_groups"]}
        assert seats == {group["group"]: group["seats"] for group in opened["seat_groups"]}


async def test_each_bloc_holds_the_units_of_its_kinds(client: Client, told: Json) -> None:
    tried = await try_version(client, told["plan"], 1, units=[told["units"]["tinh-soc-trang"]])
    (congress,) = tried["conferences"]
    (shared,) = (group for group in congress["seat_groups"] if group["blocs"])
    held = {bloc["id"]: {unit["code"] for unit in bloc["units"]} for bloc in shared["blocs"]}
    below = {
        row["code"]: row["kind"]
        for row in read_rows("soc_trang")
        if row[f"parent:{CONGRESS}"] == "tinh-soc-trang"
    }
    kinds = {
        "so-ban-nganh": {"department", "public_unit"},
        "dang-doan-the": {"party_body", "front", "union"},
        "trung-uong": {"central_agency"},
        "huyen-thi": {"district"},
        "doanh-nghiep": {"enterprise"},
    }
    for bloc, wanted in kinds.items():
        assert held[bloc] == {code for code, kind in below.items() if kind in wanted} - ARMED
    assert held["vu-trang"] == ARMED
    assert sum(bloc["seats"] for bloc in shared["blocs"]) == shared["seats"] == 280


async def test_an_amendment_names_the_open_conferences_that_it_changes(client: Client, told: Json) -> None:
    tried = await try_version(client, told["plan"], 2)
    changed = {each["unit"]["code"]: each for each in tried["changes"]}
    assert changed.keys() == {DISTRICT, FINANCE, PILOT}
    parts = {code: {each["part"] for each in change["differences"]} for code, change in changed.items()}
    assert parts[FINANCE] == {"window", "cap"}, "the decided size stays, whatever the cap"
    assert parts[PILOT] == parts[DISTRICT] - {"window"} == {"cap", "mix"}, (
        "both are pilots" if DISTRICT else ""
    )
    (over,) = [each for each in changed[FINANCE]["findings"] if each["code"] == "size_over_cap"]
    assert (over["severity"], over["params"]) == ("warning", {"size": 280, "cap": 250})
    assert {each["plan_version"] for each in changed.values()} == {1}
    rows = {each["unit"]["code"]: each["conference"] for each in tried["conferences"] if each["conference"]}
    assert rows == {code: opened["id"] for code, opened in told["opened"].items()}
    again = await try_version(client, told["plan"], 1)
    assert again["changes"] == []


async def test_figures_that_nobody_reported_are_named_with_what_needs_them(
    client: Client, told: Json
) -> None:
    code = "cong-ty-khong-ro"
    body = {"code": code, "name": "Công ty thử nghiệm", "kind": "enterprise", "valid_from": "2019-01-01"}
    await client.post("/v1/units", {**body, "parents": {CONGRESS: "tinh-soc-trang"}})
    tried = await try_version(client, told["plan"], 1)
    missing = {(each["measure"], each["needed_for"]): each["units"] for each in tried["missing_figures"]}
    assert [unit["code"] for unit in missing["staff", "seats"]] == [code]
    form = {unit["code"] for unit in missing["staff", "form"]}
    undecided = {each["unit"]["code"] for each in tried["conferences"] if each["form"] == "undecided"}
    assert form == undecided > {code}, "of some communes there is no figure of staff"
    assert code in {unit["code"] for unit in missing["staff.women", "targets"]}
    grassroots = next(tier for tier in tried["tiers"] if tier["tier"] == "grassroots")
    assert (grassroots["kinds"]["enterprise"], grassroots["forms"]["undecided"]) == (7, len(form))


async def test_targets_that_nobody_can_meet_are_named(client: Client, told: Json) -> None:
    head, found, rest = TEXT.partition("    targets:\n")
    path = f"/v1/plans/{told['plan']['id']}/versions/2"
    etag = (await client.get(path)).headers["ETag"]
    text = f"{head}{found}{IMPOSSIBLE}{rest}".encode()
    answer = await client.http.put(path, content=text, headers={**YAML, "If-Match": etag})
    assert answer.status_code == 200, answer.text
    tried = await try_version(client, told["plan"], 2, units=[told["units"]["tinh-soc-trang"]])
    province = next(tier for tier in tried["tiers"] if tier["tier"] == "province")
    over = next(each for each in province["findings"] if each["code"] == "target_over_size")
    assert over["params"] == {"target": "qua-nhieu", "least": 300, "size": 280}
    absent = next(
        each for each in tried["conferences"][0]["findings"] if each["code"] == "target_unit_absent"
    )
    assert absent["params"]["unit"] == ELSEWHERE
    severities = {each["severity"] for tier in tried["tiers"] for each in tier["findings"]}
    assert severities <= {"warning", "info"}


async def test_units_that_no_tier_is_for_are_named_and_unknown_ones_refused(
    client: Client, told: Json
) -> None:
    unit = told["units"][DISTRICT]
    late = await try_version(client, told["plan"], 1, units=[unit], on="2030-01-01")
    assert (late["conferences"], codes(late["findings"])) == ([], ["unit_without_conference"])
    assert "Huyện Châu Thành" in late["findings"][0]["detail"]
    refused = await try_version(client, told["plan"], 1, 422, units=[unit, told["plan"]["id"]])
    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("unit_not_found", "/units/1")]
    assert (await try_version(client, told["plan"], 9, 404))["code"] == "plan_version_not_found"


async def test_a_trial_reaches_as_far_as_its_caller(client: Client, told: Json, app: FastAPI) -> None:
    units = told["units"]
    grant = Grant(Role.STANDING_COUNCIL, UUID(units[DISTRICT]))
    app.state.identify = lambda request: Actor("council", "council", (grant,))
    tried = await try_version(client, told["plan"], 1)
    inside = {each["unit"]["code"]: each["tier"] for each in tried["conferences"]}
    below = {code for code in units if code.endswith(f"--{DISTRICT}")}
    assert len(below) == 8
    assert inside == {**dict.fromkeys(below, "grassroots"), DISTRICT: "upper"}
    refused = await try_version(client, told["plan"], 1, 422, units=[units[DISTRICT], units[FINANCE]])
    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("unit_not_found", "/units/1")]
    assert (await try_version(client, told["plan"], 2, 404))["code"] == "plan_version_not_found", "a draft"


SEEDS = {
    "kim_bang_2025": "kim_bang",
    "khanh_hoa_cong_thuong_2020": "khanh_hoa",
    "hai_phong_2020": "hai_phong",
    "soc_trang_2020": "soc_trang",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
async def test_a_trial_counts_what_opening_each_conference_gives(client: Client, name: str) -> None:
    """Every unit of the council's tree is opened at every tier and in every chain, by trying; what is opened
    is what the trial said, in its form, its name, its cap and its days."""
    if name != "soc_trang_2020":
        plan, units = await client.plan(name), await client.units(SEEDS[name])
    else:
        plan = (await client.get("/v1/plans")).json()["items"][0]
        units = {each["code"]: each["id"] for each in await client.list_all("/v1/units?on=2020-03-01")}
    tried = await try_version(client, plan, 1)
    expected = {(each["unit"]["id"], each["congress"], each["tier"]): each for each in tried["conferences"]}
    body = (await client.get(f"/v1/plans/{plan['id']}/versions/1")).json()["body"]
    opened = {}
    for code, kind in list_units_of_council(SEEDS[name], body["authority"]["unit"]):
        for tier in body["tiers"]:
            for congress in tier["congresses"]:
                asked = {"plan": plan["id"], "congress": congress, "unit": units[code], "tier": tier["id"]}
                known = expected.get((units[code], congress, tier["id"]), {})
                if known.get("conference") is None and (kind in tier["kinds"] or code in tier["units"]):
                    answer = await client.http.post(
                        "/v1/conferences",
                        json=asked,
                        headers={"Idempotency-Key": f"{congress}{code}{tier['id']}"},
                    )
                    if answer.status_code == 201:
                        opened[units[code], congress, tier["id"]] = answer.json()
    new = {place: row for place, row in expected.items() if row["conference"] is None}
    assert opened.keys() == new.keys()
    for place, conference in opened.items():
        for field in FIELDS:
            assert new[place][field] == conference["terms"][field], (place, field)


def list_units_of_council(folder: str, council: str) -> list[tuple[str, str]]:
    """(code, kind) of the council's unit and of all below it, in any chain, from the example's file."""
    rows, inside, found = read_rows(folder), {council}, [council]
    while found:
        above = found.pop()
        new = [
            row["code"]
            for row in rows
            if above in {row[name] for name in row if name.startswith("parent:")}
            and row["code"] not in inside
        ]
        inside |= {*new}
        found += new
    return [(row["code"], row["kind"]) for row in rows if row["code"] in inside]
