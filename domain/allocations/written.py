"""The frame as plain data and back: what a snapshot holds, exact and canonical."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from domain.allocations.frame import Frame, Group, Member
from domain.apportionment import Method, Rule
from domain.apportionment.components import Base, Bloc, Fixed, Giving, Participant, Proportional, Step
from domain.findings import Plain
from domain.snapshots import exact, told, written


def plain_frame(frame: Frame) -> dict[str, Plain]:
    """As JSON."""
    return {
        "ties": frame.ties,
        "lot": frame.lot,
        "room": frame.room,
        "groups": [_plain_group(group) for group in frame.groups],
    }


def read_frame(content: Mapping[str, Any]) -> Frame:
    """The inverse of :func:`plain_frame`."""
    groups = tuple(_group(group) for group in content["groups"])
    return Frame(groups, content["ties"], content["lot"], content["room"])


def plain_given(component: Giving) -> dict[str, Plain]:
    """A component that gives seats outright, with its kind."""
    return {"kind": type(component).__name__.lower(), **told(component)}


def _plain_group(group: Group) -> dict[str, Plain]:
    return {
        "id": group.id,
        "seats": group.seats,
        "clause": group.clause,
        "names": dict(group.names),
        "given": [plain_given(component) for component in group.given],
        "rule": {
            "measure": _plain_measure(group.rule.measure),
            "rule": group.rule.rule.plain(),
            "blocs": [
                {
                    "id": bloc.id,
                    "measure": _plain_measure(bloc.measure),
                    "rule": (bloc.rule or group.rule.rule).plain(),
                    "seats": bloc.seats,
                }
                for bloc in group.rule.blocs
            ],
        },
        "units": [
            {**told(one), **told(member)}
            for one, member in zip(group.participants, group.members, strict=True)
        ],
    }


def _plain_measure(measure: Mapping[str, int | Fraction]) -> dict[str, Plain]:
    return {name: written(factor) for name, factor in measure.items()}


def _group(content: Mapping[str, Any]) -> Group:
    rule = content["rule"]
    return Group(
        content["id"],
        content["seats"],
        tuple(_participant(unit) for unit in content["units"]),
        tuple(_member(unit) for unit in content["units"]),
        tuple(_given(component) for component in content["given"]),
        Proportional(
            _measure(rule["measure"]),
            read_rule(rule["rule"]),
            tuple(
                Bloc(bloc["id"], _measure(bloc["measure"]), read_rule(bloc["rule"]), bloc["seats"])
                for bloc in rule["blocs"]
            ),
        ),
        content["names"],
        content["clause"],
    )


def _participant(unit: Mapping[str, Any]) -> Participant:
    return Participant(
        unit["id"], unit["figures"], unit["floor"], unit["cap"], unit["predecessors"], unit["bloc"]
    )


def _member(unit: Mapping[str, Any]) -> Member:
    second = None if unit["second"] is None else exact(unit["second"])
    return Member(unit["unit"], unit["code"], unit["name"], unit["made_up"], second)


def _given(content: Mapping[str, Any]) -> Giving:
    match content["kind"]:
        case "fixed":
            return Fixed(content["seats"], content["reason"])
        case "base":
            merged = {int(count): seats for count, seats in content["merged"].items()}
            return Base(content["each"], merged, content["times_predecessors"])
        case _:
            return Step(
                _measure(content["measure"]),
                exact(content["every"]),
                content["each"],
                content["rounding"],
                content["most"],
            )


def _measure(content: Mapping[str, str]) -> dict[str, Fraction]:
    return {name: exact(factor) for name, factor in content.items()}


def read_rule(content: Mapping[str, Any]) -> Rule:
    """The inverse of :meth:`Rule.plain`."""
    parameters: dict[str, Any] = {
        name: exact(content[name]) for name in ("c", "first_divisor") if name in content
    }
    parameters |= {name: content[name] for name in ("quota", "bounds") if name in content}
    return Rule(Method(content["method"]), **parameters)
