"""The inputs of an allocation as plain data, exact and canonical, and back."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from domain.allocations.inputs import AllocationInputs, GroupInputs, GroupMember
from domain.apportionment import ApportionmentRule, Method
from domain.apportionment.components import (
    AllocationBloc,
    BaseSeats,
    FixedSeats,
    OutrightComponent,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.findings import Plain
from domain.snapshots import plain_fraction, plain_record, read_fraction

_KINDS: Mapping[type[OutrightComponent], str] = {FixedSeats: "fixed", BaseSeats: "base", StepSeats: "step"}
"""The name of each component in stored inputs; these names never change."""


def plain_inputs(inputs: AllocationInputs) -> dict[str, Plain]:
    """The inputs as plain JSON data."""
    return {
        "ties": inputs.ties,
        "lot": inputs.lot,
        "room": inputs.room,
        "groups": [_plain_group(group) for group in inputs.groups],
    }


def read_inputs(content: Mapping[str, Any]) -> AllocationInputs:
    """The inverse of :func:`plain_inputs`."""
    groups = tuple(_read_group(group) for group in content["groups"])
    return AllocationInputs(groups, content["ties"], content["lot"], content["room"])


def plain_component(component: OutrightComponent) -> dict[str, Plain]:
    """A component that gives seats outright, with its kind."""
    return {"kind": _KINDS[type(component)], **plain_record(component)}


def _plain_group(group: GroupInputs) -> dict[str, Plain]:
    return {
        "id": group.id,
        "seats": group.seats,
        "maximum": group.maximum,
        "clause": group.clause,
        "names": dict(group.names),
        "given": [plain_component(component) for component in group.components],
        "rule": {
            "measure": _plain_measure(group.rule.measure),
            "rule": group.rule.rule.plain_rule(),
            "blocs": [
                {
                    "id": bloc.id,
                    "measure": _plain_measure(bloc.measure),
                    "rule": (bloc.rule or group.rule.rule).plain_rule(),
                    "seats": bloc.seats,
                }
                for bloc in group.rule.blocs
            ],
        },
        "units": [
            {**plain_record(one), **plain_record(member)}
            for one, member in zip(group.participants, group.members, strict=True)
        ],
    }


def _plain_measure(measure: Mapping[str, int | Fraction]) -> dict[str, Plain]:
    return {name: plain_fraction(factor) for name, factor in measure.items()}


def _read_group(content: Mapping[str, Any]) -> GroupInputs:
    rule = content["rule"]
    return GroupInputs(
        content["id"],
        content["seats"],
        tuple(_read_participant(unit) for unit in content["units"]),
        tuple(_read_member(unit) for unit in content["units"]),
        tuple(read_component(component) for component in content["given"]),
        ProportionalSeats(
            _read_measure(rule["measure"]),
            read_rule(rule["rule"]),
            tuple(
                AllocationBloc(
                    bloc["id"], _read_measure(bloc["measure"]), read_rule(bloc["rule"]), bloc["seats"]
                )
                for bloc in rule["blocs"]
            ),
        ),
        content["names"],
        content["clause"],
        content["maximum"],
    )


def _read_participant(unit: Mapping[str, Any]) -> Participant:
    return Participant(
        unit["id"], unit["figures"], unit["floor"], unit["cap"], unit["predecessors"], unit["bloc"]
    )


def _read_member(unit: Mapping[str, Any]) -> GroupMember:
    second = None if unit["second"] is None else read_fraction(unit["second"])
    return GroupMember(unit["unit"], unit["code"], unit["name"], unit["made_up"], second)


def read_component(content: Mapping[str, Any]) -> OutrightComponent:
    """The inverse of :func:`plain_component`."""
    match content["kind"]:
        case "fixed":
            return FixedSeats(content["seats"], content["reason"])
        case "base":
            merged = {int(count): seats for count, seats in content["merged"].items()}
            return BaseSeats(content["each"], merged, content["times_predecessors"])
        case _:
            return StepSeats(
                _read_measure(content["measure"]),
                read_fraction(content["every"]),
                content["each"],
                content["rounding"],
                content["most"],
                read_fraction(content["above"]),
                None if content["to"] is None else read_fraction(content["to"]),
            )


def _read_measure(content: Mapping[str, str]) -> dict[str, Fraction]:
    return {name: read_fraction(factor) for name, factor in content.items()}


def read_rule(content: Mapping[str, Any]) -> ApportionmentRule:
    """The inverse of :meth:`ApportionmentRule.plain_rule`."""
    parameters: dict[str, Any] = {
        name: read_fraction(content[name]) for name in ("c", "first_divisor") if name in content
    }
    parameters |= {name: content[name] for name in ("quota", "bounds") if name in content}
    return ApportionmentRule(Method(content["method"]), **parameters)
