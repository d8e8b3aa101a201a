"""The wording of documents: ours, and the lines that an operator sets."""

import re
import tomllib
from pathlib import Path

import pytest

from domain.conferences.meetings import HalfDay
from domain.documents.content import DocumentKind
from domain.people import SEALED_ATTRIBUTES
from service.documents import forms
from service.documents.forms import Wordings
from service.settings import SettingError
from tests.house.tree import files, read


def test_an_operator_sets_a_line_and_the_others_are_ours(tmp_path: Path) -> None:
    (tmp_path / "wordings.toml").write_text('[minutes]\nchair = "CHỦ TỌA"\n')
    ours, own = Wordings.load(), Wordings.load(tmp_path)
    assert own.write(DocumentKind.MINUTES, "chair") == "CHỦ TỌA"
    assert own.write(DocumentKind.MINUTES, "secretary") == ours.write(DocumentKind.MINUTES, "secretary")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[minutes]\nchairman = "x"\n', "no document has the line minutes.chairman"),
        ('[minutes]\nchair = "{name}"\n', "minutes.chair cannot name name"),
        ('[minutes]\nchair = "{"\n', "not a wording"),
        ('minutes = "x"\n', "no kind of document is minutes"),
        ("[minutes]\nchair = 5\n", "minutes.chair is not a text"),
        ('[minutes]\nchair = ["x"]\n', "minutes.chair is not a text"),
        ("[minutes.chair]\n", "minutes.chair is not a text"),
        ('[minutes]\nchair = "{members.x}"\n', "minutes.chair cannot name members.x"),
        ('[minutes]\npresidium_of = "{members:d}"\n', "not a wording"),
        ('[minutes]\nchair = "{}"\n', "not a wording"),
        ("[minutes", "cannot be read"),
    ],
)
def test_a_line_that_cannot_be_is_told_at_the_start(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wordings.toml").write_text(text)
    with pytest.raises(SettingError, match=told):
        Wordings.load(tmp_path)


def test_every_kind_has_its_wording_and_every_line_is_printed() -> None:
    words = tomllib.loads(Path(forms.__file__).with_name("wordings.toml").read_text("utf-8"))
    assert words.keys() == {"every", *DocumentKind}
    sources = "".join(read(path) for path in files(".py") if path.parts[:2] == ("service", "documents"))
    written = set(re.findall(r'"([a-z_0-9]+)"', sources)) | {*HalfDay} | {*SEALED_ATTRIBUTES}
    unused = {
        line for lines in words.values() for line in lines if line not in written and "filled_by_" not in line
    }
    assert unused == set()
