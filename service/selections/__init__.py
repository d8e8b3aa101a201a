"""Selections (lists of delegates): preparation, computation, lots, edits, decisions, adoption, mending."""

from service.selections.adoption import adopt_selection
from service.selections.cases import (
    expect_own_council,
    load_selection,
    lock_selection,
    lock_selection_versions,
)
from service.selections.computation import SelectionRunKind
from service.selections.decisions import propose_selection, release_reasons
from service.selections.descriptions import (
    SeatedPerson,
    SelectionDescription,
    describe_selection,
    list_delegates,
    list_outcomes,
    page_selections,
)
from service.selections.edits import edit_selection
from service.selections.explanations import (
    ListQuestion,
    answer_question,
    count_pool,
    load_proven_list,
    preview_edit,
)
from service.selections.lots import announce_seed, draw_lot
from service.selections.preparation import prepare_selection
from service.selections.replacements import ReplacementRequest, mend_selection
from service.selections.versions import KIND

__all__ = [
    "KIND",
    "ListQuestion",
    "ReplacementRequest",
    "SeatedPerson",
    "SelectionDescription",
    "SelectionRunKind",
    "adopt_selection",
    "announce_seed",
    "answer_question",
    "count_pool",
    "describe_selection",
    "draw_lot",
    "edit_selection",
    "expect_own_council",
    "list_delegates",
    "list_outcomes",
    "load_proven_list",
    "load_selection",
    "lock_selection",
    "lock_selection_versions",
    "mend_selection",
    "page_selections",
    "prepare_selection",
    "preview_edit",
    "propose_selection",
    "release_reasons",
]
