"""The reference lists as tables of docs/plan-format.md, from the lists that the service answers."""

from collections.abc import Iterator

from service.reference import LISTS, ReferenceEntry, list_entries

START, END = "<!-- reference lists: make lists -->", "<!-- end of the reference lists -->"

_FIRST_WORDS = {
    "attributes": "What targets may count. The values are those of the list named; without one, they are "
    "texts, days, or codes of the plan's own.",
    "ethnic_groups": "By decision 121-TCTK/PPCĐ of 1979.",
    "religions": "The religions that the State recognises; the codes are ours.",
    "titles": "By the Law 06/2022/QH15, with some names from before 2024. They are written by their name.",
    "awards": "By the Law 06/2022/QH15. They are written by their name, or the beginning that several share.",
    "unit_kinds": "A plan may define others (`kinds`).",
    "measures": "Figures of units, each as of a day. A plan may define others (`measures`). `equal` is for "
    "apportionment only.",
}


def replace_tables(page: str) -> str:
    """The page with the lists as they are now between its two marks; ``ValueError`` without the marks."""
    before, mark, rest = page.partition(START)
    if not mark or END not in rest:
        raise ValueError(f"the page has no marks {START} and {END}")
    after = rest.partition(END)[2]
    return f"{before}{START}\n{''.join(_format_lists())}\n{END}{after}"


def _format_lists() -> Iterator[str]:
    for name in LISTS:
        yield f"\n### List `{name}`\n\n"
        if name in _FIRST_WORDS:
            yield f"{_FIRST_WORDS[name]}\n\n"
        entries = list_entries(name)
        with_values = any(entry.values for entry in entries)
        yield "| code | Vietnamese | English |" + (" values |\n" if with_values else "\n")
        yield "| --- | --- | --- |" + (" --- |\n" if with_values else "\n")
        yield from (_format_entry(entry, with_values=with_values) for entry in entries)


def _format_entry(entry: ReferenceEntry, *, with_values: bool) -> str:
    line = f"| `{entry.code}` | {entry.vi} | {entry.en} |"
    if not with_values:
        return f"{line}\n"
    return f"{line} {f'`{entry.values}`' if entry.values else ''} |\n"
