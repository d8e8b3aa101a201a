"""A small world with a neighbour in every direction, seen from one district's place in one congress chain.

::

    chain a:  tinh ─┬─ huyen ─┬─ xa            chain b:  bo ─┬─ huyen
                    │         └─ xa-hai                      └─ huyen-ben
                    └─ huyen-ben ─┬─ xa-ben
                                  └─ xa-ben-hai

``huyen`` is the actor's own in chain a. Everything that can have an owner exists at each place.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request

from api.http.problems import Problem
from domain.access import SCOPES_BY_ROLE, Actor, Grant, Role
from tests.client import Client
from tests.journeys.small_congress import adopt_selection, select_without
from tests.journeys.steps import (
    Json,
    adopt_allocation,
    compute_allocation,
    document,
    draft_nomination,
    draft_sizing,
    open_conference,
    person,
    receive_quota,
    submit_nominee,
)

A, B = "vi-du-a", "vi-du-b"

OWN, BELOW, ABOVE, BESIDE, ELSEWHERE, NOWHERE = "own", "below", "above", "beside", "elsewhere", "nowhere"
RELATIONS = (OWN, BELOW, ABOVE, BESIDE, ELSEWHERE, NOWHERE)
"""Where a thing stands to the actor; ``elsewhere`` is in the other chain, ``nowhere`` does not exist."""

PLACES = {OWN: "huyen", BELOW: "xa", ABOVE: "tinh", BESIDE: "huyen-ben", ELSEWHERE: "bo"}
"""Whose things they are."""

UNITS = {
    "tinh": ("province", {}),
    "bo": ("central_agency", {}),
    "huyen": ("district", {A: "tinh", B: "bo"}),
    "huyen-ben": ("district", {A: "tinh", B: "bo"}),
    "xa": ("commune", {A: "huyen"}),
    "xa-hai": ("commune", {A: "huyen"}),
    "xa-ben": ("commune", {A: "huyen-ben"}),
    "xa-ben-hai": ("commune", {A: "huyen-ben"}),
}


def group(kinds: list[str]) -> list[Json]:
    """A group that units fill, and one for guests."""
    bloc = {"id": "chung", "name": "Chung", "kinds": kinds, "seats": 8, "measure": "staff", "floor": 1}
    return [
        {
            "id": "dien-hinh",
            "name": "Điển hình",
            "filled_by": "units",
            "counts_as": "exemplar",
            "seats": 8,
            "blocs": [bloc],
            "clause": "i",
        },
        {
            "id": "khach-moi",
            "name": "Khách mời",
            "filled_by": "invitation",
            "counts_as": "guest",
            "seats": 3,
            "clause": "i",
        },
    ]


def tier(name: str, congresses: list[str], kind: str, below: list[str]) -> Json:
    """A tier of delegate conferences."""
    return {
        "id": name,
        "name": f"Nhóm {name}",
        "congresses": congresses,
        "kinds": [kind],
        "attendance": {"form": "delegate", "clause": "i"},
        "cap": {"number": 20, "clause": "i"},
        "window": {"year": 2030, "quarter": 2, "clause": "i"},
        "seat_groups": group(below),
        "targets": TARGETS,
        "clause": "i",
    }


def target(name: str, attribute: str, **more: Any) -> Json:
    """A target that is split over units, by their seats since nobody reports the figure."""
    said = {
        "id": name,
        "name": f"Cơ cấu {name}",
        "attribute": attribute,
        "share": "1/5",
        "split": True,
        "clause": "i",
    }
    return {**said, "part": "staff.ethnic_minority", "groups": ["dien-hinh"], **more}


TARGETS = [
    target("dan-toc", "ethnicity", other_than=["01"]),
    target("dang-vien", "party_member", values=["yes"]),
    target("ton-giao", "religion", values=["phat-giao"]),
    target("nu", "gender", values=["female"]),
    target("tre", "birth", age_at_most=35, on="2030-06-30"),
]
"""Each attribute whose reading is somebody's business."""


def plan(name: str, council: str) -> Json:
    """A plan of a council for both chains."""
    return {
        "format": 1,
        "id": name,
        "title": f"Kế hoạch thử nghiệm của {council}",
        "authority": {"name": "Hội đồng thử nghiệm", "unit": council},
        "congresses": [
            {"id": A, "name": "Đại hội thử nghiệm A", "unit": "tinh"},
            {"id": B, "name": "Đại hội thử nghiệm B", "unit": "bo"},
        ],
        "clauses": [{"id": "i", "label": "I", "quote": "Kế hoạch thử nghiệm"}],
        "tiers": [
            tier("tinh", [A], "province", ["district"]),
            tier("bo", [B], "central_agency", ["district"]),
            tier("huyen", [A, B], "district", ["commune"]),
            tier("xa", [A], "commune", ["village"]),
        ],
        "deadlines": [
            {
                "id": "ke-hoach",
                "name": "Gửi kế hoạch",
                "what": "plan",
                "due": {"date": "2030-01-31"},
                "documents": ["Kế hoạch"],
                "recipient": council,
                "clause": "i",
            }
        ],
    }


@dataclass
class Maker:
    """Fills the world over HTTP, as somebody who may do everything."""

    client: Client
    units: dict[str, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in RELATIONS})

    async def make(self) -> Json:
        """Everything; ids by relation and by the name of their path parameter."""
        self.general = await self.publish_plan("chung", "tinh")
        await self.add_units()
        conferences = await self.conferences()
        await self.seats(conferences)
        await self.names(conferences)
        await self.lists(conferences)
        for relation, place in PLACES.items():
            await self.add_owned_things(relation, place)
        self.ids[NOWHERE] = {name: str(uuid4()) for relation in self.ids.values() for name in relation}
        return {"ids": self.ids, "units": self.units, "general": self.general["id"]}

    async def publish_plan(self, name: str, council: str) -> Json:
        drafted = await self.client.post("/v1/plans", plan(name, council))
        path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
        answer: Json = (await self.client.act(path, drafted.headers["ETag"])).json()
        return answer

    async def add_units(self) -> None:
        for n, (code, (kind, parents)) in enumerate(UNITS.items(), 1):
            body = {"code": code, "name": f"Đơn vị {code}", "kind": kind, "valid_from": "2020-01-01"}
            unit = (await self.client.post("/v1/units", {**body, "parents": parents})).json()
            self.units[code] = unit["id"]
            figures = {"as_of": "2030-01-01", "source": "Thử nghiệm", "figures": {"staff": 100 + 7 * n}}
            await self.client.post(f"/v1/units/{unit['id']}/figures", figures)

    async def conferences(self) -> dict[str, Json]:
        found = {}
        for relation, place in PLACES.items():
            chain, kind = (B, "bo") if relation == ELSEWHERE else (A, place.partition("-")[0])
            found[relation] = await open_conference(self.client, self.general, chain, self.units[place], kind)
            sizing = await draft_sizing(self.client, found[relation], size=20)
            self.ids[relation] |= {
                "conference_id": found[relation]["id"],
                "unit_id": self.units[place],
                "sizing_id": sizing.json()["id"],
            }
        return found

    async def seats(self, conferences: dict[str, Json]) -> None:
        """Adopted above and in the other chain, in work at the districts."""
        for relation in (ABOVE, ELSEWHERE, OWN, BESIDE):
            made = await compute_allocation(self.client, conferences[relation])
            if relation in (ABOVE, ELSEWHERE):
                await adopt_allocation(self.client, made, f"1-{relation}")
            answer = made.json()
            self.ids[relation] |= {"allocation_id": answer["id"], "run_id": answer["run"]}
        for relation, code in ((BELOW, "xa"), (BESIDE, "xa-ben")):
            given = {"unit": self.units[code], "group": "dien-hinh", "seats": 2, "document": document("1")}
            where = conferences[OWN if relation == BELOW else BESIDE]
            quota = await receive_quota(self.client, where, given)
            self.ids[relation]["quota_id"] = quota.json()["id"]
        for relation, at in ((OWN, ABOVE), (ELSEWHERE, ELSEWHERE)):
            rows = (await self.client.get(f"/v1/conferences/{conferences[at]['id']}/quotas")).json()
            self.ids[relation]["quota_id"] = next(row["id"] for row in rows if row["unit"]["code"] == "huyen")

    async def names(self, conferences: dict[str, Json]) -> None:
        """Drafts, what was sent, and guests."""
        nominees = {
            OWN: (ABOVE, "huyen"),
            BELOW: (OWN, "xa"),
            BESIDE: (BESIDE, "xa-ben"),
            ELSEWHERE: (ELSEWHERE, "huyen"),
        }
        for relation, (at, unit) in nominees.items():
            draft = await draft_nomination(self.client, conferences[at], self.units[unit])
            sent = await submit_nominee(self.client, conferences[at], self.units[unit])
            self.ids[relation] |= {
                "nomination_id": sent.json()["id"],
                "draft_id": draft.json()["id"],
                "person_id": sent.json()["person"]["id"],
            }
        for relation, conference in conferences.items():
            body = {"group": "khach-moi", "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
            made = await self.client.post(f"/v1/conferences/{conference['id']}/invitations", body)
            self.ids[relation]["invitation_id"] = made.json()["id"]
            honoured = {"unit": conference["unit"], "name": "Giấy khen", "kind": "award", "year": 2026}
            body = {**honoured, "notice": "1", "purpose": "p", "person": person()}
            made = await self.client.post(f"/v1/conferences/{conference['id']}/exemplars", body)
            self.ids[relation]["exemplar_id"] = made.json()["id"]

    async def lists(self, conferences: dict[str, Json]) -> None:
        """A list in work wherever somebody was named; above and in the other chain one adopted before it, of
        a neighbour's nominee."""
        for relation in (OWN, BESIDE, ABOVE, ELSEWHERE):
            conference = conferences[relation]
            if relation in (ABOVE, ELSEWHERE):
                stated = person(ethnicity="01", party_member=True)
                await submit_nominee(self.client, conference, self.units["huyen-ben"], person=stated)
                own = self.ids[OWN if relation == ABOVE else ELSEWHERE]["nomination_id"]
                first = await select_without(self.client, conference, own)
                await adopt_selection(self.client, first, f"2-{relation}")
                self.ids[relation]["adopted_selection_id"] = first.json()["id"]
            self.ids[relation]["selection_id"] = (await select_without(self.client, conference)).json()["id"]

    async def add_owned_things(self, relation: str, place: str) -> None:
        """A plan in work, a key and a role of each place."""
        drafted = await self.client.post("/v1/plans", plan(f"nhap-{relation}", place))
        published = await self.publish_plan(f"ban-hanh-{relation}", place)
        chain = B if relation == ELSEWHERE else A
        whom = {
            "subject": f"nguoi-{place}",
            "name": f"Người thử nghiệm của {place}",
            "role": "unit_officer",
            "unit": self.units[place],
            "congress": chain,
            "source": "Thử nghiệm",
        }
        key = await self.client.post("/v1/service_keys", {**whom, "purpose": "Thử nghiệm"})
        grant = await self.client.post("/v1/role_grants", whom)
        asked = f"/v1/units/{self.units[place]}/papers?congress={chain}&kind=minutes"
        sent = {"Content-Type": "application/pdf"}
        paper = await self.client.post(asked, b"%PDF-1.7 Thu nghiem", headers=sent)
        letter = {"unit": self.units[place], "upper_congress": chain, "upper_tier": "x", "on": "2026-01-05"}
        body = {**letter, "source_document": "Công văn số 1 (ví dụ)"}
        passed = await self.client.post("/v1/list_votes", body)
        where = f"/v1/conferences/{self.ids[relation]['conference_id']}/difficulties"
        raised = await self.client.post(where, {"text": "Chưa có hội trường", "paper": paper.json()["id"]})
        self.ids[relation] |= {
            "difficulty_id": raised.json()["id"],
            "list_vote_id": passed.json()["id"],
            "paper_id": paper.json()["id"],
            "plan_id": drafted.json()["id"],
            "published_id": published["id"],
            "key_id": key.json()["id"],
            "grant_id": grant.json()["id"],
        }


def actor(role: Role, units: dict[str, str], place: str = "huyen", congress: str | None = A) -> Actor:
    """Somebody with one role in one place."""
    scopes = SCOPES_BY_ROLE[role] if role is Role.MACHINE_CLIENT else None
    return Actor(
        role.value, f"Người thử nghiệm ({role})", (Grant(role, UUID(units[place]), congress, scopes),)
    )


def identify(units: dict[str, str]) -> Any:
    """Whoever the bearer says: a role, or a role and a place (``unit_officer@xa``)."""

    def known(request: Request) -> Actor:
        text = request.headers.get("authorization", "").removeprefix("Bearer ")
        role, _, place = text.partition("@")
        if role not in set(Role):
            raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
        chain = B if place == "bo" else A
        return actor(Role(role), units, place or "huyen", chain)

    return known
