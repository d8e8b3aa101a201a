"""What the validation library finds, in our own words: codes, parameters, and the way to the place."""

import re
from collections.abc import Sequence
from itertools import takewhile

from domain.findings import escape_pointer_step

CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "union_tag_not_found": "missing",
    "union_tag_invalid": "wrong_choice",
    "literal_error": "wrong_choice",
    "enum": "wrong_choice",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "greater_than": "not_above",
    "less_than": "not_below",
    "string_too_short": "text_too_short",
    "string_too_long": "text_too_long",
    "too_short": "too_few_items",
    "too_long": "too_many_items",
    "string_pattern_mismatch": "wrong_form",
    "int_type": "not_an_integer",
    "int_parsing": "not_an_integer",
    "int_parsing_size": "not_an_integer",
    "int_from_float": "not_an_integer",
    "bool_type": "not_a_boolean",
    "bool_parsing": "not_a_boolean",
    "string_type": "not_text",
    "list_type": "not_a_list",
    "tuple_type": "not_a_list",
    "set_type": "not_a_list",
    "frozen_set_type": "not_a_list",
    "dict_type": "not_an_object",
    "mapping_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "string_unicode": "not_text",
}
"""The library's codes that differ from ours; codes that are ours already stand as they are."""

PARAMS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "limit",
    "lt": "limit",
    "min_length": "minimum",
    "max_length": "maximum",
    "expected": "allowed",
    "expected_tags": "allowed",
}
"""The library's parameters, and what ours are called."""

LONGEST_STEP = 100
"""A longer step is a text that was sent, not a name, and is not said back."""

_QUOTED = re.compile(r"'([^']*)'")


def list_choices(expected: object) -> str:
    """The choices in the library's list of them."""
    return ", ".join(_QUOTED.findall(str(expected))) or str(expected)


def build_pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) along a path, up to the first step that is too long to be a name."""
    return "".join(
        f"/{escape_pointer_step(name)}"
        for name in takewhile(lambda name: len(str(name)) <= LONGEST_STEP, path)
    )
