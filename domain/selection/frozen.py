"""A pool as frozen inputs, and read again: the same pool has the same text, whoever wrote it down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.composition.criteria import Age, AnyOf, Criterion, NoneOf, Record, Value
from domain.composition.targets import Scope, Target
from domain.findings import Plain
from domain.selection.model import Hold, Nominee, Pool, Quota
from domain.snapshots import exact, plain, told


def plain_pool(pool: Pool) -> dict[str, Plain]:
    """A pool as plain data, its parts in an order that does not depend on theirs."""
    return {
        "quotas": [told(quota) for quota in sorted(pool.quotas, key=lambda quota: quota.place)],
        "nominees": [_plain_nominee(nominee) for nominee in sorted(pool.nominees, key=lambda each: each.id)],
        "targets": [_plain_target(target) for target in sorted(pool.targets, key=lambda each: each.id)],
        "apart": sorted([min(pair), max(pair)] for pair in pool.apart),
        "size": pool.size,
        "weights": dict(sorted(pool.weights.items())),
        "elsewhere": sorted(pool.elsewhere),
        "both_chains": pool.both_chains,
    }


def read_pool(content: Mapping[str, Any]) -> Pool:
    """The inverse of :func:`plain_pool`."""
    return Pool(
        [Quota(**each) for each in content["quotas"]],
        [_read_nominee(each) for each in content["nominees"]],
        [_read_target(each) for each in content["targets"]],
        [(one, other) for one, other in content["apart"]],
        content["size"],
        content["weights"],
        frozenset(content["elsewhere"]),
        content["both_chains"],
    )


def _plain_nominee(nominee: Nominee) -> dict[str, Plain]:
    record = nominee.record
    return {
        "id": record.id,
        "unit": record.unit,
        "group": record.group,
        "bloc": record.bloc,
        "values": {name: _written(value) for name, value in record.values.items() if value is not None},
        "score": nominee.score,
        "hold": nominee.hold.value,
        "person": nominee.person,
        "collective": nominee.collective,
    }


def _read_nominee(content: Mapping[str, Any]) -> Nominee:
    values = {name: _read(value) for name, value in content["values"].items()}
    record = Record(content["id"], content["unit"], content["group"], values, content["bloc"])
    hold, person, collective = Hold(content["hold"]), content["person"], content["collective"]
    return Nominee(record, content["score"], None, hold, person, collective)


def _written(value: Value) -> Plain:
    """Text and years as they are, a day marked as one, several as a list."""
    return {"day": value.isoformat()} if isinstance(value, date) else plain(value)


def _read(value: Any) -> Value:
    if isinstance(value, list):
        return frozenset(value)
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def _plain_target(target: Target) -> dict[str, Plain]:
    return {**told(target), "criterion": {"kind": type(target.criterion).__name__, **told(target.criterion)}}


def _read_target(content: Mapping[str, Any]) -> Target:
    scope = Scope(content["scope"]["kind"], frozenset(content["scope"]["ids"]))
    shares = {name: content[name] for name in ("share", "most_share")}
    found = {name: None if value is None else exact(value) for name, value in shares.items()}
    criterion = _criterion(content["criterion"])
    return Target(**{**content, **found, "criterion": criterion, "scope": scope})


def _criterion(content: Mapping[str, Any]) -> Criterion:
    match content["kind"]:
        case "AnyOf":
            return AnyOf(content["attribute"], frozenset(content["values"]))
        case "NoneOf":
            return NoneOf(content["attribute"], frozenset(content["values"]))
        case "Age":
            day = date.fromisoformat(content["on"])
            return Age(content["attribute"], day, content["at_most"], content["at_least"])
    raise ValueError(f"no criterion is called {content['kind']}")
