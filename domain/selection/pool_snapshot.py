"""A pool as a snapshot of frozen inputs, and its inverse: equal pools always have the same text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.composition.criteria import Age, AnyOf, AttributeValue, NoneOf, PersonRecord, TargetCriterion
from domain.composition.targets import CompositionTarget, Scope
from domain.findings import Plain
from domain.selection.pool import Nominee, NomineeStatus, Pool, PoolQuota
from domain.snapshots import plain_record, plain_value, read_fraction


def plain_pool(pool: Pool) -> dict[str, Plain]:
    """A pool as plain data, its parts sorted, so that their order in the pool has no effect."""
    return {
        "quotas": [plain_record(quota) for quota in sorted(pool.quotas, key=lambda quota: quota.place)],
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
        [PoolQuota(**each) for each in content["quotas"]],
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
        "values": {name: _plain_value(value) for name, value in record.values.items() if value is not None},
        "score": nominee.score,
        "hold": nominee.hold.value,
        "person": nominee.person,
        "collective": nominee.collective,
    }


def _read_nominee(content: Mapping[str, Any]) -> Nominee:
    values = {name: _read_value(value) for name, value in content["values"].items()}
    record = PersonRecord(content["id"], content["unit"], content["group"], values, content["bloc"])
    hold, person, collective = NomineeStatus(content["hold"]), content["person"], content["collective"]
    return Nominee(record, content["score"], None, hold, person, collective)


def _plain_value(value: AttributeValue) -> Plain:
    """Text and years unchanged, a date as ``{"day": …}``, several values as a list."""
    return {"day": value.isoformat()} if isinstance(value, date) else plain_value(value)


def _read_value(value: Any) -> AttributeValue:
    if isinstance(value, list):
        return frozenset(value)
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def _plain_target(target: CompositionTarget) -> dict[str, Plain]:
    return {
        **plain_record(target),
        "criterion": {"kind": type(target.criterion).__name__, **plain_record(target.criterion)},
    }


def _read_target(content: Mapping[str, Any]) -> CompositionTarget:
    scope = Scope(content["scope"]["kind"], frozenset(content["scope"]["ids"]))
    shares = {name: content[name] for name in ("share", "most_share")}
    found = {name: None if value is None else read_fraction(value) for name, value in shares.items()}
    criterion = _read_criterion(content["criterion"])
    return CompositionTarget(**{**content, **found, "criterion": criterion, "scope": scope})


def _read_criterion(content: Mapping[str, Any]) -> TargetCriterion:
    match content["kind"]:
        case "AnyOf":
            return AnyOf(content["attribute"], frozenset(content["values"]))
        case "NoneOf":
            return NoneOf(content["attribute"], frozenset(content["values"]))
        case "Age":
            day = date.fromisoformat(content["on"])
            return Age(content["attribute"], day, content["at_most"], content["at_least"])
    raise ValueError(f"unknown criterion kind: {content['kind']}")
