"""What a contributor reads is there, and says what is so."""

import re

from .tree import ROOT, read

DECISIONS = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [name[:4] for name in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]


def test_every_decision_is_listed_under_its_title() -> None:
    listed = re.findall(
        r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", read("docs/decisions/README.md"), re.MULTILINE
    )
    written = [(name[:4], name, read(f"docs/decisions/{name}").splitlines()[0]) for name in DECISIONS]
    assert [(number, name, f"# {number}: {title}") for number, name, title in listed] == written


def test_a_decision_is_dated_gives_its_reason_and_its_cost_on_half_a_page() -> None:
    for name in DECISIONS:
        text = read(f"docs/decisions/{name}")
        assert re.match(r"# .+\n\n(Accepted|Replaced by \[\d{4}\].*), [A-Z][a-z]+ 20\d\d\.\n", text), name
        assert all(f"**{part}.**" in text for part in ("Why", "Decision", "Cost")), name
        assert len(text.split()) <= 400, name


def test_changes_not_yet_released_have_their_place() -> None:
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_links_between_our_pages_lead_somewhere() -> None:
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs" / "decisions").glob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_map_of_nouns_and_layers_names_what_is_there() -> None:
    named = 0
    for row in read("CONTRIBUTING.md").split("| Noun |")[1].split("\n\n")[0].splitlines()[2:]:
        for layer, cell in zip(
            ("api", "service", "db", "domain"), row.strip("|").split("|")[1:], strict=True
        ):
            for path in re.findall(r"`([^`]+)`", cell):
                named += 1
                assert (ROOT / layer / path).exists(), f"{layer}/{path}"
    assert named > 60


def test_every_setting_is_documented_and_no_other() -> None:
    names = set(re.findall(r"DAIBIEU_[A-Z_]+", read("service/settings.py")))
    assert set(re.findall(r"DAIBIEU_[A-Z_]+", read("docs/settings.md"))) == names
