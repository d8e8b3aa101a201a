"""Selections: prepared, computed, drawn for, edited, explained, decided upon, adopted, mended."""

from service.selections.adoption import adopt_selection
from service.selections.computation import KIND, SelectionRunKind
from service.selections.decisions import (
    approve_selection,
    propose_selection,
    release_reasons,
    withdraw_selection,
)
from service.selections.descriptions import (
    SeatedPerson,
    SelectionDescription,
    describe_selection,
    expect_council,
    get_selection,
    list_delegates,
    list_outcomes,
    list_visible_states,
    page_selections,
)
from service.selections.explanations import (
    EditPreview,
    ListExplanation,
    ListQuestion,
    answer_question,
    count_pool,
    load_proven_list,
    preview_edit,
)
from service.selections.lots import announce_seed, draw_lot, find_announcement
from service.selections.preparation import (
    ReplacementRequest,
    edit_selection,
    mend_selection,
    prepare_selection,
)
from service.selections.wishes import ListEdit, SelectionWish

__all__ = [
    "KIND",
    "EditPreview",
    "ListEdit",
    "ListExplanation",
    "ListQuestion",
    "ReplacementRequest",
    "SeatedPerson",
    "SelectionDescription",
    "SelectionRunKind",
    "SelectionWish",
    "adopt_selection",
    "announce_seed",
    "answer_question",
    "approve_selection",
    "count_pool",
    "describe_selection",
    "draw_lot",
    "edit_selection",
    "expect_council",
    "find_announcement",
    "get_selection",
    "list_delegates",
    "list_outcomes",
    "list_visible_states",
    "load_proven_list",
    "mend_selection",
    "page_selections",
    "prepare_selection",
    "preview_edit",
    "propose_selection",
    "release_reasons",
    "withdraw_selection",
]
