"""Selections: prepared, computed, drawn for, edited, explained, decided upon, adopted, mended."""

from service.selections.adopting import adopt
from service.selections.computing import KIND, Selecting
from service.selections.deciding import approve, propose, release, withdraw
from service.selections.explaining import Explained, Question, Trial, counted, explain, loaded, tried
from service.selections.freezing import Edit, Wish
from service.selections.preparing import Leaving, edit, mend, prepare
from service.selections.reading import (
    Described,
    Seated,
    delegates,
    describe,
    expect_council,
    get,
    page,
    places,
    shown_in,
)
from service.selections.settling import Announced, Draw, announce, announcement, settle

__all__ = [
    "KIND",
    "Announced",
    "Described",
    "Draw",
    "Edit",
    "Explained",
    "Leaving",
    "Question",
    "Seated",
    "Selecting",
    "Trial",
    "Wish",
    "adopt",
    "announce",
    "announcement",
    "approve",
    "counted",
    "delegates",
    "describe",
    "edit",
    "expect_council",
    "explain",
    "get",
    "loaded",
    "mend",
    "page",
    "places",
    "prepare",
    "propose",
    "release",
    "settle",
    "shown_in",
    "tried",
    "withdraw",
]
