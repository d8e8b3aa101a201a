"""The first answer: what this service is, and where its document and its parts are."""

from collections.abc import Sequence
from html import escape

from fastapi import Request, Response

from api.http.languages import Reader
from api.http.negotiation import choose_media
from api.http.routes import Router
from api.http.tables import JSON
from api.http.types import Answer
from domain.access import Access
from service.texts import Language, translate_code

HTML = "text/html"
OFFERS = (JSON, HTML)
_HTML_RESPONSE = {200: {"content": {HTML: {"schema": {"type": "string"}}}}}

router = Router(tags=["start"])


class LinkAnswer(Answer):
    """An address of the service, and what is there."""

    href: str
    title: str


class StartAnswer(Answer):
    """The service: its name, version and purpose, where to go on, and where its manual is."""

    name: str
    version: str
    about: str
    manual: str
    links: list[LinkAnswer]


@router.get(
    "/",
    access=Access.PUBLIC,
    transaction=False,
    offers=OFFERS,
    responses=_HTML_RESPONSE,
    response_model=StartAnswer,
)
async def read_start(request: Request, language: Reader) -> Response:
    """Read what this service is and where its parts are, as JSON or as a small page."""
    return respond_with_start(request, language)


@router.get(
    "/v1",
    access=Access.PUBLIC,
    transaction=False,
    offers=OFFERS,
    responses=_HTML_RESPONSE,
    response_model=StartAnswer,
)
async def read_version_start(request: Request, language: Reader) -> Response:
    """Read the same as at `/`: this is the only version of the interface."""
    return respond_with_start(request, language)


def respond_with_start(request: Request, language: Language) -> Response:
    """Answer with the start, as a page for browsers."""
    start = StartAnswer(
        name="daibieu",
        version=request.app.version,
        about=translate_code("start_about", {}, language),
        manual=translate_code("start_manual", {}, language),
        links=_list_links(language),
    )
    media = choose_media(request, OFFERS) or JSON
    content = _build_page(start, language) if media == HTML else start.model_dump_json()
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    return Response(content, headers=headers, media_type=media)


def _list_links(language: Language) -> list[LinkAnswer]:
    """The addresses that a newcomer may want."""
    titles = {
        "/openapi.json": translate_code("start_document", {}, language),
        "/v1": translate_code("start_api", {}, language),
        "/v1/me": translate_code("start_caller", {}, language),
        "/v1/reference": translate_code("start_reference", {}, language),
        "/livez": translate_code("start_alive", {}, language),
        "/readyz": translate_code("start_ready", {}, language),
    }
    return [LinkAnswer(href=href, title=title) for href, title in titles.items()]


def _build_page(start: StartAnswer, language: Language) -> str:
    """A page without styles, scripts or images, which the security headers would forbid."""
    lines: Sequence[str] = [
        "<!doctype html>",
        f'<html lang="{language}">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(start.name)}</title>",
        f"<h1>{escape(start.name)} {escape(start.version)}</h1>",
        f"<p>{escape(start.about)}</p>",
        "<ul>",
        *(
            f'<li><a href="{escape(link.href)}">{escape(link.href)}</a>: {escape(link.title)}</li>'
            for link in start.links
        ),
        "</ul>",
        f"<p>{escape(start.manual)}</p>",
    ]
    return "\n".join(lines) + "\n"
