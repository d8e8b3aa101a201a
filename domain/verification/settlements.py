"""The check of how ties were settled: each tie of a group once, by the order or the seats that were recorded.

The certificates of the stages are proven before. A tie that was settled by an order is still in its stage,
with the order as its lots. Where each tied unit got its seat there is no such tie any more: the stage with
fewer seats must have had it, and, by methods where one seat more brings another tie, the stage with fewer yet
the one before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.findings import Finding
from domain.verification.apportionment import rebuild_quota_stage, verify_stage
from domain.verification.conference_shape import ONE_MORE
from domain.verification.json_readers import MalformedError
from domain.verification.remainders import rebuild_stage
from domain.verification.shapes import compute_content_digest

Stage = Mapping[str, Any]


def check_settlements(group: Mapping[str, Any], at: str) -> Iterator[Finding]:
    """The errors in ``settled`` of a group whose certificate is proven."""
    proof = group["certificate"]
    stages: dict[str, Stage] = {stage["stage"]: stage for stage in proof["stages"].values()}
    stated = _list_stated_blocs(proof)
    open_ties = {name for name, stage in stages.items() if "tie" in stage}
    seats = {name: stage["seats"] for name, stage in stages.items()}
    for n, one in reversed(list(enumerate(group["settled"]))):  # the last one has the seats of the stage
        name = one["stage"]
        stage = stages.get(name)
        if one["how"] == ONE_MORE:
            right = stage is not None and name in stated and _had_tie(stage, one, seats[name] - one["added"])
            seats[name] = seats.get(name, 0) - one["added"]
        else:
            right = name in open_ties and stage is not None and _is_settled_by(stage["tie"], one)
            open_ties.discard(name)
        if not right:
            yield Finding("certificate_settlement_differs", {"stage": name}, f"{at}/settled/{n}")
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


def _had_tie(stage: Stage, one: Mapping[str, Any], seats: int) -> bool:
    """Whether the stage with only so many ``seats`` had this tie."""
    claims = dict(one["tied"])
    if seats < 0 or not claims.keys() <= {unit["id"] for unit in stage["units"]}:
        return False
    tie = {
        "ids": list(claims),
        "places": len(claims) - one["added"],
        "digest": one["tied_digest"],
        "lots": [],
    }
    try:
        before = {**_find_stage_before(stage, seats, claims), "status": "lots_required", "tie": tie}
    except MalformedError:
        return False
    if any(claims.get(unit["id"], unit["seats"] + 1) != unit["seats"] + 1 for unit in before["units"]):
        return False
    before["digest"] = compute_content_digest(before)
    return not verify_stage(before, strict=True)


def _find_stage_before(stage: Stage, seats: int, claims: Mapping[str, int]) -> dict[str, Any]:
    """The stage before each tied unit got its seat: the others had the seats that they have.

    Where one seat more can go to others than the tied units, the seats are computed again: by the largest
    remainder, and by the quota method.
    """
    if stage["rule"]["method"] == "largest_remainder":
        return rebuild_stage(stage, seats, claims)
    if stage["rule"]["method"] == "quota_method":
        return rebuild_quota_stage(stage, seats)
    if "tie" in stage:
        raise MalformedError("/tie")
    units = [{**unit, "seats": unit["seats"] - (unit["id"] in claims)} for unit in stage["units"]]
    return {**stage, "seats": seats, "units": units}
