"""No answer drops what its service returned: each field of the source has one of that name, or a reason."""

import ast
import dataclasses
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel
from sqlmodel import SQLModel

from api.app import ROUTER_MODULES
from api.http.types import Answer
from api.people.routes import ExportAnswer
from tests.house.tree import files, read

for module in ROUTER_MODULES:
    import_module(module)

SOURCES = {
    "AccountAnswer": "service.accounts:AccountDetails",
    "AllocationItem": "db.allocations:Allocation",
    "AuditEventAnswer": "db.audit:AuditEvent",
    "ChainAnswer": "service.audit:ChainVerification",
    "ConferenceItem": "db.conferences:Conference",
    "ConferenceTermsAnswer": "domain.conferences.terms:ConferenceTerms",
    "CostAnswer": "domain.selection.prices:ListCost",
    "CountAnswer": "domain.selection.target_counts:TargetCount",
    "DecisionAnswer": "db.allocations:Decision",
    "DifficultyAnswer": "db.difficulties:Difficulty",
    "DifficultyCountAnswer": "db.progress:DifficultyCount",
    "DifferenceAnswer": "domain.allocations.what_ifs:SeatDifference",
    "DueTermsAnswer": "domain.conferences.deadlines:DueTerms",
    "ErasureAnswer": "service.erasures:ErasureResult",
    "FilingAnswer": "db.conference_steps:ConferenceFiling",
    "GrantAnswer": "db.identities:RoleGrant",
    "HolderAnswer": "db.identities:Identity",
    "HonourAnswer": "domain.nominations:Honour",
    "ListNameAnswer": "db.votes:ListVoteName",
    "ListVoteItem": "db.votes:ListVote",
    "LotAnnouncementAnswer": "db.lots:LotAnnouncement",
    "MeetingAnswer": "domain.conferences.meetings:Meeting",
    "MisfitAnswer": "domain.quotas:Misfit",
    "MixTermsAnswer": "domain.conferences.terms:MixTerms",
    "PaperAnswer": "db.papers:ReceivedPaper",
    "PlanChange": "domain.plans.amendments:PlanDifference",
    "QuotaDocumentAnswer": "domain.quotas:QuotaDocument",
    "QuotaEntryAnswer": "domain.quotas:QuotaEntry",
    "ReleaseAnswer": "db.privacy:CompositionRelease",
    "RepairAnswer": "domain.apportionment.result:Repair",
    "RoleGrantAnswer": "db.identities:RoleGrant",
    "RuleAnswer": "domain.apportionment.rules:ApportionmentRule",
    "RunAnswer": "db.runs:Run",
    "ScheduleAnswer": "domain.conferences.preparation:Schedule",
    "SeatGroupAnswer": "db.conferences:SeatGroupRow",
    "SelectionItem": "db.selections:Selection",
    "SelectionLotAnnouncementAnswer": "db.lots:LotAnnouncement",
    "SettlementAnswer": "db.allocations:Settlement",
    "StageAnswer": "domain.allocations.stage_summaries:StageSummary",
    "StatedAnswer": "service.people:PersonDetails",
    "TargetCertificateAnswer": "domain.allocations.targets:TargetCertificate",
    "TargetStateAnswer": "domain.composition.check:TargetState",
    "TermsChangeAnswer": "domain.conferences.comparison:TermsDifference",
    "TieAnswer": "domain.apportionment.ties:Tie",
    "UnfilledAnswer": "domain.selection.summaries:UnfilledSeats",
    "UnitAnswer": "service.units:UnitDescription",
    "ValueCountAnswer": "domain.selection.target_counts:ValueCount",
    "VettingAnswer": "domain.conferences.preparation:Vetting",
    "WindowAnswer": "domain.calendar:Window",
}
"""Answer → what it is built from by ``model_validate``, directly or as plain data."""

_BELONGS = "the answer is a part of the one about this"
_WHOLE = "in the answer about this one alone, of which the item is a part"
_RULES = "the rules of that version are in the answer; the version is in the audit trail"
_INTERNAL = "of the queue, and nobody else's"
_OWN_GRANT = "as of the key, of which the answer is a part"

_LEFT_OUT: dict[str, dict[str, str]] = {
    "AllocationItem": {
        **dict.fromkeys(("approved_by", "decision", "findings", "proposed_by", "stages"), _WHOLE),
        "certificate": "it is answered by an operation of its own",
        "plan_version": _RULES,
    },
    "ConferenceItem": {
        "chosen": "the name in the answer follows from it",
        "chosen_form": "the form in the answer follows from it",
        **dict.fromkeys(("given", "listed"), "in the seat groups, of which they are the sums"),
        "excess": "given and listed beside the size say it",
        "maximum": "the cap is in the terms",
        "numbers": "in the sizing that was adopted",
        "facts": "what follows from them is in the terms",
        "plan_version": _RULES,
        **dict.fromkeys(("meeting", "schedule", "vetting"), _WHOLE),
        "planned": "it is answered with the filings",
        "postponed_reason": "free text, in the audit trail of the plan",
        "cancelled_on": "in the audit trail of the plan",
    },
    "DueTermsAnswer": {"counts_from": "the days say it"},
    "ConferenceTermsAnswer": {"findings": "they are in the answer about the conference, as sentences"},
    "DecisionAnswer": {
        "id": "a decision is read with what it decides",
        "recorded_at": "in the audit trail",
        **dict.fromkeys(("subject", "subject_kind"), _BELONGS),
    },
    "DifficultyAnswer": {"created_by": "in the audit trail"},
    "DifficultyCountAnswer": dict.fromkeys(("bloc", "kind", "tier"), _BELONGS),
    "FilingAnswer": {
        "conference": "they are read with their conference",
        "created_by": "in the audit trail",
    },
    "GrantAnswer": {
        "identity": "the holder is in the answer about the key",
        **dict.fromkeys(
            ("id", "key", "source", "granted_by", "created_at", "expires_at", "revoked_at"), _OWN_GRANT
        ),
    },
    "HolderAnswer": {
        "issuer": "names of providers and of other councils' keys are not told",
        "created_at": "of no use to anybody",
        "account": "who else somebody is, only the house and they themselves are told",
    },
    "ListNameAnswer": {"vote": _BELONGS, "person": "a vote on another than the nominee counts nowhere"},
    "ListVoteItem": {"congress": "the unit voted in the chain of its own conference"},
    "LotAnnouncementAnswer": {
        "id": "an announcement is read with its allocation",
        "ballots": "only for lists",
        **dict.fromkeys(("allocation", "conference", "selection"), _BELONGS),
    },
    "PaperAnswer": {"created_by": "in the audit trail"},
    "RoleGrantAnswer": {
        "identity": "it is in the holder",
        "key": "only grants without a key are answered so",
    },
    "RunAnswer": {
        **dict.fromkeys(("lease_until", "owner_token", "worker"), _INTERNAL),
        "actor": "who began it is in the audit trail",
        "request_id": "in the audit trail",
    },
    "SeatGroupAnswer": {
        "conference": _BELONGS,
        "excess": "given and listed beside the number say it",
        "position": "the groups are answered in this order",
    },
    "SelectionItem": {
        **dict.fromkeys(("decision", "reasons_released_at"), _WHOLE),
        **dict.fromkeys(
            ("approved_by", "edits", "findings", "leaving", "lot", "lots", "nodes", "proposed_by", "reason"),
            "in `work`, which not everybody may see",
        ),
        **dict.fromkeys(
            ("draw_numbers", "result", "run", "snapshot"), "in `work`, which not everybody may see"
        ),
        "first_verdicts": "told with each target that is not shown, to approvers",
        "plan_version": _RULES,
    },
    "SelectionLotAnnouncementAnswer": {
        "id": "an announcement is read with its selection",
        "stage": "a selection has no stages",
        "tied_digest": "it is a digest of people, whom anybody could guess at",
        **dict.fromkeys(("allocation", "conference", "selection"), _BELONGS),
    },
    "SettledTieAnswer": dict.fromkeys(("added", "tied"), "in the certificate"),
    "SettlementAnswer": {"id": "a settlement is read with its allocation", "allocation": _BELONGS},
    "StatedAnswer": {"findings": "they are in the answer about the nomination, as sentences"},
    "TargetStateAnswer": {
        "finding": "it is in the findings of the list, as a sentence",
        "surplus": "`over` is what is above it",
    },
    "TieAnswer": dict.fromkeys(
        ("claims", "levels", "stage"), "they follow from the seats; the digest covers them"
    ),
}
LEFT_OUT = {(answer, name): why for answer, names in _LEFT_OUT.items() for name, why in names.items()}
"""(answer, field of its source) → why the answer has no such field."""

TAGS = ("version",)
"""Fields that are answered as the `ETag`."""


def find_answers() -> dict[str, type[Answer]]:
    found, waiting = {}, [Answer]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found[kind.__name__] = kind
            waiting.append(kind)
    return found


def find_source(name: str) -> type:
    module, _, noun = SOURCES[name].partition(":")
    found: type = getattr(import_module(module), noun)
    return found


def read_fields(kind: type) -> dict[str, Any]:
    """The fields of a row, a model or a dataclass, with their types."""
    hints = get_type_hints(kind)
    if dataclasses.is_dataclass(kind):
        return {each.name: hints[each.name] for each in dataclasses.fields(kind)}
    assert issubclass(kind, BaseModel)
    return {name: hints[name] for name in kind.model_fields}


def is_record(kind: object) -> bool:
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or issubclass(kind, SQLModel))


def list_kinds(hint: Any) -> Iterator[type]:
    """The classes that a type is made of."""
    if isinstance(hint, type) and get_origin(hint) is None:
        yield hint
    for each in get_args(hint):
        yield from list_kinds(each)


def walk(answer: type[Answer], source: type) -> Iterator[tuple[str, str]]:
    """Each (answer, field) that is left out, also within the fields that are answers themselves."""
    given, taken = read_fields(source), read_fields(answer)
    yield from ((answer.__name__, name) for name in given if name not in taken and name not in TAGS)
    for name in given.keys() & taken.keys():
        parts = {each for each in list_kinds(taken[name]) if issubclass(each, Answer)}
        records = {each for each in list_kinds(given[name]) if is_record(each)}
        if len(parts) == len(records) == 1:
            yield from walk(parts.pop(), records.pop())


@pytest.mark.parametrize("name", SOURCES)
def test_an_answer_has_all_that_its_service_returned(name: str) -> None:
    left_out = {*walk(find_answers()[name], find_source(name))}
    assert left_out == {pair for pair in LEFT_OUT if pair in left_out}, "a field is dropped"


def test_what_is_left_out_is_known_and_is_there() -> None:
    """No reason outlives its field."""
    answers = find_answers()
    dropped = {pair for name in SOURCES for pair in walk(answers[name], find_source(name))}
    assert {*LEFT_OUT} == dropped
    assert all(LEFT_OUT.values())


def test_every_answer_that_is_built_from_a_record_is_compared() -> None:
    """Who builds another answer by ``model_validate`` names its source here."""
    built = {
        node.func.value.id
        for path in files(".py")
        if path.parts[0] == "api" and path.parts[1] != "http"
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "model_validate"
        and isinstance(node.func.value, ast.Name)
    }
    assert built == SOURCES.keys()


def test_an_export_has_all_that_was_gathered() -> None:
    """It is gathered as a dictionary, by one function."""
    tree = ast.parse(read(Path("service/exports.py")))
    (gathered,) = (
        {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
        for function in tree.body
        if isinstance(function, ast.AsyncFunctionDef) and function.name == "export_person"
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict)
    )
    assert gathered == ExportAnswer.model_fields.keys()


def test_a_dropped_field_would_be_found() -> None:
    @dataclasses.dataclass
    class Returned:
        id: int
        delegacies: list[str]

    class Answered(Answer):
        id: int

    assert [*walk(Answered, Returned)] == [("Answered", "delegacies")]
