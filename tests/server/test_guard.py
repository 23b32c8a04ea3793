"""Who may ask, and what every answer carries."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.server.guard import host_name, is_loopback
from tests.server.conftest import OPEN, OWN, SECRET, serving

Served = tuple[str, aiohttp.ClientSession]


def test_loopback_is_three_names_and_nothing_else() -> None:
    assert all(is_loopback(h) for h in ("127.0.0.1", "localhost", "::1", "[::1]", "LOCALHOST"))
    assert not any(is_loopback(h) for h in ("0.0.0.0", "::", "", "127.0.0.1.evil.example", "localhost.evil.example"))


def test_the_name_of_a_host_header_is_read_with_and_without_a_port() -> None:
    assert host_name("localhost:8080") == "localhost"
    assert host_name("[::1]:8080") == "::1"
    assert host_name("[::1]") == "::1"
    for none in (
        "",
        "127.0.0.1:80.evil.example",
        "127.0.0.1:80, evil",
        "127.0.0.1, evil",
        "[::1].evil",
        "[::1]evil:80",
    ):
        assert host_name(none) == "", none


async def test_a_wrong_name_is_told_the_right_ones() -> None:
    async with (
        serving((OPEN,), public="bot.example") as (url, http),
        http.get(f"{url}/healthz", headers={"Host": "evil.example"}) as response,
    ):
        said = await response.text()
    assert (response.status, said) == (403, "This server answers to the names bot.example, 127.0.0.1, localhost only.")


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01 secret", b"GET /" + b"secret" * 3000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nsecret\r\n\r\n"],
)
async def test_what_is_no_request_is_a_sentence_and_a_line(
    served: Served, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served[0].rsplit(":", 1)[1]))
    writer.write(sent)
    head, _, said = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert said == b"That is no request that can be read." and b"default-src 'none'" in head
    assert b"Server: Trailmate\r\n" in head
    (line,) = [record for record in caplog.records if record.name == "bot.server.http"]
    assert line.levelname == "INFO" and "secret" not in caplog.text and "Traceback" not in caplog.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.8", ""])
async def test_a_name_that_somebody_elses_dns_points_here_is_refused(served: Served, host: str) -> None:
    url, http = served
    for path in ("/", "/nowhere", "/healthz"):
        async with http.get(url + path, headers={"Host": host}) as response:
            assert response.status in (400, 403), path


async def test_every_answer_forbids_foreign_and_inline_script(served: Served) -> None:
    url, http = served
    for path in ("/", "/nowhere", "/crash", "/healthz"):
        async with http.get(url + path) as response:
            assert response.headers["Server"] == "Trailmate"
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "Access-Control-Allow-Origin" not in response.headers


async def test_what_an_answer_raises_is_a_sentence(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    url, http = served
    said = {}
    for path in ("/refuse", "/later", "/crash"):
        async with http.get(url + path) as response:
            said[path] = (response.status, await response.text())
    assert said["/refuse"] == (400, "Say more.")
    assert said["/later"] == (503, "The database is away.")
    assert said["/crash"][0] == 500 and "Nothing was changed" in said["/crash"][1]
    async with http.post(url + "/crash") as response:
        assert "can't tell whether I saved that" in await response.text()
    assert "RuntimeError" in caplog.text and "answering GET on the page" in caplog.text
    assert SECRET not in caplog.text + said["/crash"][1]


async def test_a_server_that_others_can_reach_offers_what_is_public_and_nothing_else() -> None:
    async with serving((OWN, OPEN), host="0.0.0.0") as (url, http):
        async with http.get(url + "/healthz", headers={"Host": "bot.example"}) as response:
            assert (response.status, await response.text()) == (200, "Hello")
        for path in ("/", "/refuse", "/nowhere"):
            async with http.get(url + path) as response:
                said = await response.text()
                assert (response.status, said) == (
                    404,
                    "The page answers on 127.0.0.1 only; this server offers /healthz.",
                )
