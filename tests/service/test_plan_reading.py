"""Reading plans: the small YAML, exact JSON, and what is refused with line and column."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Invalid
from service.formats.plans import read_document
from service.formats.plans.reader import PlanMedia
from service.texts import load_catalogue
from tests.conftest import examples
from tests.domain.plans.examples import NAMES, body


def refused(data: bytes, media: PlanMedia) -> tuple[str, str, dict[str, Any]]:
    """Code, pointer and parameters of what bytes are refused for first."""
    with pytest.raises(Invalid, match="plan_unreadable") as caught:
        read_document(data, media)
    first = caught.value.errors[0]
    return first.code, first.pointer, dict(first.params)


# Reading YAML.


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("id: a\nid: b\n", "yaml_key_twice", 2, 1),
        ("a: {b: 1, b: 2}", "yaml_key_twice", 1, 11),
        ("a: &x 1\nb: *x\n", "yaml_alias", 1, 4),
        ("a: *x\n", "yaml_alias", 1, 4),
        ("&x a: 1\n", "yaml_alias", 1, 1),
        ("a: !!str 1\n", "yaml_tag", 1, 4),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml_tag", 1, 4),
        ("%TAG ! tag:example.org,2020:\n---\na: 1\n", "yaml_tag", 1, 1),
        ("a: 1\n<<: {b: 2}\n", "yaml_merge_key", 2, 1),
        ("? [a, b]\n: 1\n", "yaml_key", 1, 3),
        ("a: 1\n---\nb: 2\n", "yaml_documents", 2, 1),
        ("a: 1.5\n", "yaml_number", 1, 4),
        ("a: 1e999999999\n", "yaml_number", 1, 4),
        ("a: .nan\n", "yaml_number", 1, 4),
        ("a: -.inf\n", "yaml_number", 1, 4),
        (f"a: {10**40}\n", "yaml_number", 1, 4),
        ("a: [1\n", "yaml_syntax", 2, 1),
        ("a: 1\n\tb: 2\n", "yaml_syntax", 2, 1),
        ("[" * 100, "plan_too_deep", 1, 33),
    ],
)
def test_yaml_that_could_surprise_is_refused_where_it_stands(
    text: str, code: str, line: int, column: int
) -> None:
    found, _, params = refused(text.encode(), "yaml")
    assert (found, params["line"], params["column"]) == (code, line, column)


def test_plain_scalars_are_what_they_look_like() -> None:
    text = 'day: 2020-02-28\nyes: yes\nno: no\ncode: 05\ntime: 1:30\nhex: 0x1F\nquoted: "7"\n'
    text += "true: true\nnil: null\nn: 7\n"
    assert read_document(text.encode(), "yaml") == {
        "day": "2020-02-28",
        "yes": "yes",
        "no": "no",
        "code": "05",
        "time": "1:30",
        "hex": "0x1F",
        "quoted": "7",
        "true": True,
        "nil": None,
        "n": 7,
    }


@pytest.mark.parametrize("media", ["yaml", "json"])
@pytest.mark.parametrize(("data", "code"), [(b"", ""), (b"[]", "not_an_object"), (b'"a"', "not_an_object")])
def test_a_plan_is_a_mapping(media: PlanMedia, data: bytes, code: str) -> None:
    expected = code or ("json_syntax" if media == "json" else "not_an_object")
    assert refused(data, media)[0] == expected


def test_a_byte_order_mark_is_let_pass_and_other_encodings_are_not() -> None:
    assert read_document(b"\xef\xbb\xbfid: a\n", "yaml") == {"id": "a"}
    assert refused(b"id: a\nname: \xff\xfe\n", "yaml") == ("plan_not_utf8", "", {"line": 2})
    assert refused("id: Kế hoạch".encode("utf-16"), "yaml")[0] == "plan_not_utf8"
    assert refused(b'{"a": "\xe1"}', "json")[0] == "plan_not_utf8"


def test_a_character_that_yaml_does_not_know_is_found_on_its_line() -> None:
    assert refused(b'a: 1\nb: "\x00"\n', "yaml") == (
        "yaml_character",
        "",
        {"line": 2, "column": 5, "character": "U+0000"},
    )


@pytest.mark.parametrize(
    ("data", "column"), [("\xa0\x00", 2), ("đạt: \x01", 6), ("a: 1\nđ: \x07", 4), ("\x00", 1)]
)
def test_a_column_is_counted_in_characters(data: str, column: int) -> None:
    code, _, where = refused(data.encode(), "yaml")
    assert (code, where["column"]) == ("yaml_character", column)


@pytest.mark.parametrize("media", ["yaml", "json"])
def test_two_mebibytes_are_the_most(media: PlanMedia) -> None:
    most = 2 * 1024 * 1024
    assert refused(b"x" * (most + 1), media) == ("body_too_large", "", {"limit": most})


# Reading JSON.


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ('{"a": {"b": 1, "b": 2}}', "plan_key_twice", "/a/b"),
        ('{"a": [0, NaN]}', "plan_number_not_exact", "/a/1"),
        ('{"a": -Infinity}', "plan_number_not_exact", "/a"),
        ('{"a": 1.0}', "plan_number_not_exact", "/a"),
        ('{"a": 1e999999999}', "plan_number_not_exact", "/a"),
        ('{"a": ' + "9" * 5000 + "}", "plan_number_not_exact", "/a"),
        ('{"a": "\\ud800"}', "json_text", "/a"),
        ('{"a": "\\u0000"}', "json_text", "/a"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", "plan_too_deep", ""),
        ('{"\\ud800": 1, "\\ud800": 2}', "plan_key_twice", ""),
        ('{"a": 1', "json_syntax", ""),
    ],
)
def test_json_that_could_surprise_is_refused_with_its_pointer(text: str, code: str, pointer: str) -> None:
    assert refused(text.encode(), "json")[:2] == (code, pointer)


def test_of_many_faults_the_first_two_hundred_are_told() -> None:
    with pytest.raises(Invalid) as caught:
        read_document(b'{"a": [' + b"NaN," * 300 + b"1]}", "json")
    assert [each.pointer for each in caught.value.errors] == [f"/a/{n}" for n in range(200)]


def test_brackets_in_texts_are_not_depth() -> None:
    assert read_document(json.dumps({"a": "[" * 100, "b": '\\"['}).encode(), "json") == {
        "a": "[" * 100,
        "b": '\\"[',
    }


@pytest.mark.parametrize("name", NAMES)
def test_yaml_and_json_of_a_plan_read_alike(name: str) -> None:
    assert read_document(json.dumps(body(name)).encode(), "json") == body(name)


@examples(200)
@given(
    st.one_of(
        st.binary(max_size=200), st.text("abc:[]{}&*!-?|>'\"%@`#, \n\t<0.1", max_size=60).map(str.encode)
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    codes = []
    for media in get_args(PlanMedia):
        try:
            read_document(data, media)
        except Invalid as refusal:
            codes.append(refusal.errors[0].code)
    assert set(codes) <= set(load_catalogue())
