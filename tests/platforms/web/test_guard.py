from __future__ import annotations

import pytest

from tests.platforms.web.conftest import Served


@pytest.mark.parametrize("path", ["/say", "/call", "/demo"])
async def test_another_sites_post_is_refused_whatever_it_brings(served: Served, path: str) -> None:
    body = {"as": "ada", "key": "12345678", "text": "undo", "packed": "1:undo"}
    for headers in (
        {},
        {"X-Trailmate-Token": "guessed"},
        {"X-Trailmate-Token": served.token, "Origin": "https://evil.example"},
        {"X-Trailmate-Token": served.token, "Origin": "null"},
        {"X-Trailmate-Token": served.token, "Sec-Fetch-Site": "cross-site"},
    ):
        async with served.http.post(served.url + path, json=body, headers=headers) as response:
            assert response.status == 403, headers
    assert served.local.world.said == []


async def test_a_page_brings_the_tokens_of_all_processes_that_it_knows(served: Served) -> None:
    body = {"as": "ada", "key": "12345678", "text": "hello"}
    for given, status in ((f"others {served.token}", 200), ("others", 403), ("x " * 8 + served.token, 403)):
        headers = {"X-Trailmate-Token": given}
        async with served.http.post(served.url + "/say", json=body, headers=headers) as response:
            assert response.status == status, given
            assert response.headers.get("X-Trailmate-Token") == (None if status == 200 else served.token)


async def test_another_site_may_not_read_fragments_but_may_link_to_the_page(served: Served) -> None:
    away = {"Sec-Fetch-Site": "cross-site"}
    assert (await served.get("/rooms", headers=away)).status == 403
    assert (await served.get("/", headers=away)).status == 200


async def test_the_page_has_no_inline_script_style_or_handler(served: Served) -> None:
    html = await (await served.get("/")).text()
    assert "<script>" not in html
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick" not in html
