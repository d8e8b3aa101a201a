"""What the page says the code answers, it answers."""

from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "selection.md"


def test_the_example_is_what_the_code_answers(capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    code, told = (text.split(fence, 1)[1].split("```", 1)[0] for fence in ("```python\n", "```text\n"))
    exec(code, {})
    assert capsys.readouterr().out.splitlines() == told.splitlines()
