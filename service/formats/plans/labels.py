"""Words of a plan that are written as people say them: the names of the reference lists, in place of codes.

"nữ" is read as ``female``, "Xã, phường" as ``commune``, and a tier may be named as it is printed. A word that
names nothing stays as it is; the check of the plan then refuses it, and names the words that are near.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.findings import Finding
from service.reference import ReferenceEntry, list_entries
from service.reference.labels import Glossary, build_glossary, load_glossary, load_value_glossary

_REFERENCES = {
    "clause": "clauses",
    "congress": "congresses",
    "decision": "decisions",
    "instrument": "instruments",
    "tier": "tiers",
}
"""Kind of a reference → the list of the plan to which it leads."""

_REFERENCES_IN_TIER = {"seat_group": "seat_groups", "criterion": "composition"}
"""Kind of a reference → the list of a tier to which it leads."""

_HONOURS = {"titles": "title", "awards": "award"}


@dataclass(frozen=True, slots=True)
class PlanGlossaries:
    """The words that a plan may use: those of the reference lists and those that it defines itself."""

    kinds: Glossary
    measures: Glossary
    tiers: Glossary

    def get_glossary(self, finding: Finding) -> Glossary:
        """The words of which one was meant where a finding names an unknown one."""
        match finding.code:
            case "plan_kind_unknown":
                return self.kinds
            case "plan_measure_unknown":
                return self.measures
            case "plan_value_unknown" | "plan_honour_unknown":
                return load_value_glossary(str(finding.params["attribute"]))
        return Glossary()


def read_labels(body: Any) -> Any:
    """The body with codes in the place of names; whatever has another form is left as it is."""
    if not isinstance(body, dict):
        return body
    glossaries = build_plan_glossaries(body)
    return {name: _read_part(value, name, glossaries) for name, value in body.items()}


def build_plan_glossaries(body: Mapping[str, Any]) -> PlanGlossaries:
    """The words that a plan may use."""
    return PlanGlossaries(
        build_glossary([*list_entries("unit_kinds"), *_list_own(body, "kinds")]),
        build_glossary([*list_entries("measures"), *_list_own(body, "measures")], parts=False),
        build_glossary(_list_own(body, "tiers"), parts=False),
    )


def name_near_words(body: Mapping[str, Any], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings about unknown words, each with the words that are near."""
    glossaries = build_plan_glossaries(body)
    return tuple(_name_near(body, finding, glossaries) for finding in findings)


def _name_near(body: Mapping[str, Any], finding: Finding, glossaries: PlanGlossaries) -> Finding:
    params = finding.params
    if finding.code == "plan_reference_unknown":
        near = build_glossary(_list_referred(body, str(params["kind"]))).list_near(str(params["id"]))
    else:
        word = str(params.get("kind") or params.get("measure") or params.get("value") or params.get("name"))
        near = glossaries.get_glossary(finding).list_near(word)
    return replace(finding, params={**params, "near": near}) if near else finding


def _list_referred(body: Mapping[str, Any], kind: str) -> list[ReferenceEntry]:
    """What a reference of that kind may lead to."""
    if kind in _REFERENCES:
        return _list_own(body, _REFERENCES[kind])
    name = _REFERENCES_IN_TIER.get(kind, "")
    return [entry for tier in body["tiers"] for entry in _list_own(tier, name)]


def _list_own(body: Mapping[str, Any], name: str) -> list[ReferenceEntry]:
    """What a plan defines in a list of its own, as far as it can be read."""
    parts = body.get(name)
    entries = []
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and isinstance(part.get("id"), str):
            label = str(part.get("name") or part["id"])
            entries.append(ReferenceEntry(part["id"], label, label))
    return entries


def _read_part(value: Any, name: str, glossaries: PlanGlossaries) -> Any:
    """A part of the body, in which the words at the known names are read."""
    if isinstance(value, dict):
        if name == "weights":
            return {_read_word(each, glossaries.measures): factor for each, factor in value.items()}
        if name == "titles":
            return {_read_honour(each): points for each, points in value.items()}
        return _read_object(value, glossaries)
    if isinstance(value, list):
        return [_read_part(each, name, glossaries) for each in value]
    reader = _choose_reader(name, glossaries)
    return reader(value) if reader is not None and isinstance(value, str) else value


def _read_object(part: dict[str, Any], glossaries: PlanGlossaries) -> dict[str, Any]:
    read = {name: _read_part(value, name, glossaries) for name, value in part.items()}
    if isinstance(part.get("attribute"), str):
        _read_target(read, glossaries)
    if "congresses" in part and isinstance(part.get("superiors"), list):  # a tier
        read["superiors"] = [_read_word(each, glossaries.tiers) for each in part["superiors"]]
    return read


def _read_target(target: dict[str, Any], glossaries: PlanGlossaries) -> None:
    """Read the words of a target, which depend on its attribute."""
    target["attribute"] = _read_word(target["attribute"], load_glossary("attributes"))
    values = load_value_glossary(target["attribute"])
    for name in ("values", "other_than"):
        if isinstance(target.get(name), list):
            target[name] = [_read_word(each, values) for each in target[name]]
    if "part" in target:
        target["part"] = _read_word(target["part"], glossaries.measures)


def _choose_reader(name: str, glossaries: PlanGlossaries) -> Callable[[str], str] | None:
    glossary = {
        "kinds": glossaries.kinds,
        "measure": glossaries.measures,
        "tier": glossaries.tiers,
        "tiers": glossaries.tiers,
    }.get(name)
    if glossary is not None:
        return lambda word: _read_word(word, glossary)
    if name in _HONOURS:
        honours = load_value_glossary(_HONOURS[name])
        return lambda word: _read_word(word, honours)
    return None


def _read_word(word: Any, glossary: Glossary) -> Any:
    return (glossary.find_code(word) or word) if isinstance(word, str) else word


def _read_honour(name: Any) -> Any:
    """A title or an award as the law writes it."""
    return _read_word(_read_word(name, load_value_glossary("title")), load_value_glossary("award"))
