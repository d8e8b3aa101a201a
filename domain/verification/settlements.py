"""The check of how ties were settled: each tie of a group once, by the order or the seats that were recorded.

The certificates of the stages are proven before. A tie that was settled by an order is still in its stage,
with the order as its lots. Where each tied unit got its seat there is no tie any more: the stage with fewer
seats must have had it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.findings import Finding
from domain.verification.apportionment import compute_tie_digest, verify_stage
from domain.verification.conference_shape import ONE_MORE
from domain.verification.json_readers import MalformedError
from domain.verification.shapes import compute_content_digest

Stage = Mapping[str, Any]


def check_settlements(group: Mapping[str, Any], at: str) -> Iterator[Finding]:
    """The errors in ``settled`` of a group whose certificate is proven."""
    proof = group["certificate"]
    stages: dict[str, Stage] = {stage["stage"]: stage for stage in proof["stages"].values()}
    stated = _list_stated_blocs(proof)
    open_ties = {name for name, stage in stages.items() if "tie" in stage}
    for n, one in enumerate(group["settled"]):
        stage = stages.get(one["stage"])
        if one["how"] == ONE_MORE:
            right = stage is not None and one["stage"] in stated and _had_tie(stage, one)
        else:
            right = one["stage"] in open_ties and stage is not None and _is_settled_by(stage["tie"], one)
            open_ties.discard(one["stage"])
        if not right:
            params = {"stage": one["stage"]}
            yield Finding("certificate_settlement_differs", params, f"{at}/settled/{n}")
    for name in sorted(open_ties):
        yield Finding("certificate_settlement_differs", {"stage": name}, f"{at}/settled")


def _list_stated_blocs(proof: Mapping[str, Any]) -> set[str]:
    """The stages of blocs whose number of seats is stated: only these can get more."""
    blocs: Sequence[Mapping[str, Any]] = (
        proof["components"][-1].get("blocs", ()) if proof["components"] else ()
    )
    return {f"{proof['group']}/{bloc['id']}" for bloc in blocs if bloc["seats"] is not None}


def _is_settled_by(tie: Mapping[str, Any], one: Mapping[str, Any]) -> bool:
    return (tie["digest"], list(tie["lots"])) == (one["tied_digest"], list(one["order"]))


def _had_tie(stage: Stage, one: Mapping[str, Any]) -> bool:
    """Whether the stage with so many seats fewer had this tie.

    Where seats more can go to others than the tied (largest remainder, quota method), only the digest is
    checked.
    """
    seats, tied = stage["seats"] - one["added"], set(one["tied"])
    tie = {
        "ids": one["tied"],
        "places": len(tied) - one["added"],
        "digest": one["tied_digest"],
        "lots": [],
    }
    units = [{**unit, "seats": unit["seats"] - (unit["id"] in tied)} for unit in stage["units"]]
    before = {**stage, "seats": seats, "status": "lots_required", "units": units, "tie": tie}
    if "tie" in stage or seats < 0 or not tied <= {unit["id"] for unit in units}:
        return False
    if stage["rule"]["method"] in ("largest_remainder", "quota_method"):
        try:
            return compute_tie_digest(before) == str(one["tied_digest"])
        except MalformedError:
            return False
    before["digest"] = compute_content_digest(before)
    return not verify_stage(before, strict=True)
