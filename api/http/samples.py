"""Samples of request bodies, for readers of the OpenAPI document to copy and change."""

from pydantic import ConfigDict, JsonValue

SAMPLE_ID = "01980000-0000-7000-8000-000000000001"
"""The id in samples."""


def build_sample(**fields: JsonValue) -> ConfigDict:
    """The model configuration of a body with these fields as its sample."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


SAMPLE_PLAN: dict[str, JsonValue] = {
    "format": 1,
    "id": "vi-du-2020",
    "title": "Tổ chức Hội nghị điển hình tiên tiến các cấp",
    "authority": {"name": "Ủy ban nhân dân tỉnh", "unit": "tinh-vi-du"},
    "congresses": [
        {"id": "vi-du-v", "name": "Đại hội thi đua yêu nước tỉnh lần thứ V", "unit": "tinh-vi-du"}
    ],
    "instruments": [
        {"id": "ke-hoach-nay", "name": "Kế hoạch này", "congresses": ["vi-du-v"], "standing": "this"}
    ],
    "clauses": [{"id": "ii.2", "label": "II.2", "quote": "tối đa là 500 đại biểu"}],
    "tiers": [
        {
            "id": "province",
            "name": "Cấp tỉnh",
            "congresses": ["vi-du-v"],
            "instrument": "ke-hoach-nay",
            "kinds": ["province"],
            "congress": True,
            "attendance": {"form": "delegate", "clause": "ii.2"},
            "cap": {"number": 500, "forms": ["delegate"], "clause": "ii.2"},
            "clause": "ii.2",
        }
    ],
}
"""A plan with one tier; ``examples/plans`` has complete plans."""

SAMPLE_PLAN_YAML = """\
format: 1
id: vi-du-2020
title: "Tổ chức Hội nghị điển hình tiên tiến các cấp"
authority: {name: "Ủy ban nhân dân tỉnh", unit: tinh-vi-du}
congresses:
  - {id: vi-du-v, name: "Đại hội thi đua yêu nước tỉnh lần thứ V", unit: tinh-vi-du}
instruments:
  - {id: ke-hoach-nay, name: "Kế hoạch này", congresses: [vi-du-v], standing: this}
clauses:
  - {id: ii.2, label: "II.2", quote: "tối đa là 500 đại biểu"}
tiers:
  - id: province
    name: "Cấp tỉnh"
    congresses: [vi-du-v]
    instrument: ke-hoach-nay
    kinds: [province]
    congress: true
    attendance: {form: delegate, clause: ii.2}
    cap: {number: 500, forms: [delegate], clause: ii.2}
    clause: ii.2
"""

SAMPLE_REASON = "Điều chỉnh thời gian tổ chức"
SAMPLE_AMENDMENT: dict[str, JsonValue] = {"reason": SAMPLE_REASON, **SAMPLE_PLAN}
SAMPLE_AMENDMENT_YAML = f'reason: "{SAMPLE_REASON}"\n{SAMPLE_PLAN_YAML}'
"""The same plan, amended."""

SAMPLE_UNITS_CSV = """\
code,name,kind,valid_from,valid_to,made_up
tinh-vi-du,Tỉnh ví dụ,province,2019-04-01,,yes
so-vi-du,Sở ví dụ,department,2019-04-01,,yes
"""
