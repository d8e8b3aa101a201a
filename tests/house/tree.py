"""The files of this tree that are ours, with or without git."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {"__pycache__", "node_modules", "dist", "build"}
"""Folders whose content is made from the rest."""


def files(*suffixes: str) -> Iterator[Path]:
    """Paths relative to the root, sorted; hidden folders are not ours, but for ``.ci``."""
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(name for name in below if name not in MADE and (name == ".ci" or name[0] != "."))
        for name in sorted(names):
            if not suffixes or name.endswith(suffixes):
                yield (Path(folder) / name).relative_to(ROOT)


def read(path: str | Path) -> str:
    """The text of a file, by its path from the root."""
    return (ROOT / path).read_text(encoding="utf-8")
