"""Whoever comes without a path, or with a wrong one, is shown the way."""

import re

import pytest

from tests.client import Client

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/", "/v1"])
@pytest.mark.parametrize(("language", "word"), [("vi", "Hội đồng"), ("en", "Emulation Council")])
async def test_the_start_says_what_this_is_and_where_its_document_is(
    client: Client, path: str, language: str, word: str
) -> None:
    answer = await client.http.get(path, headers={"Accept-Language": language})
    start = answer.json()
    assert (answer.status_code, start["name"], start["version"]) == (200, "daibieu", "0.1.0")
    assert word in start["about"]
    assert answer.headers["Content-Language"] == language
    links = [link["href"] for link in start["links"]]
    assert {"/openapi.json", "/v1", "/livez", "/readyz"} <= set(links)
    for link in links:
        assert (await client.http.get(link)).status_code in (200, 401), link


async def test_a_browser_gets_a_page_with_the_same_links_and_nothing_to_load(client: Client) -> None:
    page = await client.http.get("/", headers={"Accept": BROWSER, "Accept-Language": "vi"})
    plain = (await client.http.get("/", headers={"Accept-Language": "vi"})).json()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert re.findall(r'href="([^"]+)"', page.text) == [link["href"] for link in plain["links"]]
    assert not re.search(r"<(script|style|link|img|iframe)|src=|http", page.text)
    assert plain["about"] in page.text


async def test_other_formats_are_refused(client: Client) -> None:
    assert (await client.http.get("/", headers={"Accept": "image/png"})).status_code == 406


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/v1/units/nothing"])
async def test_an_unknown_path_is_told_where_the_document_is(
    client: Client, path: str, language: str
) -> None:
    problem = await client.http.get(path, headers={"Accept-Language": language})
    assert problem.status_code == 404
    assert "/openapi.json" in problem.json()["detail"]
