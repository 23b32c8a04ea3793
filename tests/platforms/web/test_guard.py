from __future__ import annotations

import pytest

from bot.platforms.web.guard import host_name, is_loopback
from tests.platforms.web.conftest import Served, serving


def test_loopback_is_three_names_and_nothing_else() -> None:
    assert all(is_loopback(h) for h in ("127.0.0.1", "localhost", "::1", "[::1]", "LOCALHOST"))
    assert not any(is_loopback(h) for h in ("0.0.0.0", "::", "", "127.0.0.1.evil.example", "localhost.evil.example"))


def test_the_name_of_a_host_header_is_read_with_and_without_a_port() -> None:
    assert host_name("localhost:8080") == "localhost"
    assert host_name("[::1]:8080") == "::1"
    assert host_name("[::1]") == "::1"
    assert host_name("") == ""


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.8", ""])
async def test_a_name_that_somebody_elses_dns_points_here_is_refused(served: Served, host: str) -> None:
    for path in ("/", "/rooms", "/static/main.js", "/healthz"):
        response = await served.get(path, headers={"Host": host})
        assert response.status in (400, 403), path


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


async def test_another_site_may_not_read_fragments_but_may_link_to_the_page(served: Served) -> None:
    away = {"Sec-Fetch-Site": "cross-site"}
    assert (await served.get("/rooms", headers=away)).status == 403
    assert (await served.get("/", headers=away)).status == 200


async def test_every_answer_forbids_foreign_and_inline_script(served: Served) -> None:
    for path in ("/", "/static/main.js", "/nowhere", "/rooms", "/healthz"):
        response = await served.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_the_page_has_no_inline_script_style_or_handler(served: Served) -> None:
    html = await (await served.get("/")).text()
    assert "<script>" not in html
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick" not in html


async def test_a_server_that_others_can_reach_offers_its_health_and_no_page() -> None:
    async with serving(host="0.0.0.0") as served:
        url = served.url.replace("0.0.0.0", "127.0.0.1")
        async with served.http.get(url + "/healthz", headers={"Host": "bot.example"}) as response:
            assert (response.status, (await response.json())["ok"]) == (200, True)
        for path in ("/", "/rooms", "/static/main.js", "/events", "/say"):
            async with served.http.get(url + path) as response:
                assert response.status == 404
                assert "127.0.0.1 only" in await response.text()
