"""The language of an answer: Vietnamese unless the caller prefers English (RFC 9110, 12.5.4)."""

import re
from fractions import Fraction
from typing import Annotated

from fastapi import Depends, Request

from service.texts import LANGUAGES, Language, Translator

_LANGUAGE_RANGE = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
_MAX_HEADER_LENGTH = 500


def choose_language(header: str | None) -> Language:
    """The supported language that an ``Accept-Language`` header prefers; Vietnamese by default."""
    weights = dict.fromkeys(LANGUAGES, Fraction(0))
    for part in (header or "")[:_MAX_HEADER_LENGTH].split(","):
        found = _LANGUAGE_RANGE.fullmatch(part.strip())
        if found:
            _weigh_languages(weights, found[1].lower(), Fraction(found[2] or 1))
    return max(LANGUAGES, key=lambda language: (weights[language], language == LANGUAGES[0]))


def _weigh_languages(weights: dict[Language, Fraction], tag: str, weight: Fraction) -> None:
    for language in LANGUAGES:
        if tag in (language, "*"):
            weights[language] = max(weights[language], weight)


async def read_language(request: Request) -> Language:
    """The language in which to answer this request."""
    return choose_language(request.headers.get("accept-language"))


Reader = Annotated[Language, Depends(read_language)]
"""A handler's parameter: the language of the reader of the answer."""


def get_known_names(request: Request) -> dict[tuple[str, str], str]:
    """The names of units and parts of plans that the work of a request has met: (noun, id) → name.

    All transactions of the request share them, and so does the answer to a refusal.
    """
    if not hasattr(request.state, "names"):
        request.state.names = {}
    names: dict[tuple[str, str], str] = request.state.names
    return names


def build_translator(request: Request) -> Translator:
    """Build the translator for the answer to a request, with the names that its work has met."""
    return Translator(choose_language(request.headers.get("accept-language")), get_known_names(request))


Writer = Annotated[Translator, Depends(build_translator)]
"""A handler's parameter: the translator of the answer."""
