"""A key or a model's name that the service refuses: known to the bot, to the command line, and of no other setting."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path

import httpx2
import pytest
from aiohttp import web

from bot.chat.platform import Finding
from bot.cli.doctor import _check_answers
from bot.llm.base import ChatMessage, ChatUnavailable, Completion, Prompt, Usage
from bot.llm.metered import count_most, counted
from bot.llm.openai import OpenAIChat
from bot.llm.service_status import PATIENCE, TROUBLES, ServiceStatus, met
from bot.runtime import settings as settings_of
from tests.harness import World, text

PROMPT = Prompt("Be brief.", (ChatMessage("user", "hi"),))
ANSWER = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]}


def refusal(status: int, code: str | None = None) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": "sk-secret", "code": code}})


def broken(cause: Exception) -> httpx2.ConnectError:
    error = httpx2.ConnectError("sk-secret")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("met", "named"),
    [
        (refusal(401), "refuses the key"),
        (refusal(403), "refuses the key"),
        (refusal(403, "unsupported_country_region_territory"), "doesn't serve this machine's country"),
        (refusal(403, "model_not_found"), "no such model"),
        (refusal(404), "no such model"),
        (refusal(429, "insufficient_quota"), "no money or quota left"),
        (refusal(402), "no money or quota left"),
        (refusal(429, "rate_limit_exceeded"), "rate-limited the bot"),
        (refusal(400, "unsupported_parameter"), "rejects the request"),
        (
            httpx2.Response(307, headers={"location": "http://u:pw@other.example:81/v1?q=1"}),
            "a redirect (status 307 to http://other.example:81), so",
        ),
        (httpx2.Response(302, headers={"location": "//[bad"}), "a redirect (status 302), so"),
        (refusal(500), "has failed several times"),
        (httpx2.Response(502, html="<h1>Bad gateway</h1>"), "has failed several times"),
        (httpx2.Response(200, html="<h1>Welcome</h1>"), "web page answers"),
        (httpx2.Response(404, html="<h1>Not found</h1>"), "web page answers"),
        (httpx2.Response(200, text="OK"), "doesn't answer like a chat model's service"),
        (httpx2.Response(200, json={"status": "up"}), "doesn't answer like a chat model's service"),
        (httpx2.Response(200, json=["up"]), "doesn't answer like a chat model's service"),
        (httpx2.ReadTimeout("sk-secret"), "timed out several times"),
        (broken(ConnectionRefusedError()), "I can't connect to"),
        (broken(socket.gaierror(socket.EAI_NONAME, "no such name")), "name of the chat model's service"),
        (broken(ssl.SSLCertVerificationError("expired")), "certificate"),
        (broken(ssl.SSLError("wrong version number")), "doesn't use TLS"),
    ],
    ids=lambda met: getattr(met, "status_code", None) or str(met)[:20],
)
async def test_what_a_service_does_is_told_until_it_answers(
    tmp_path: Path, met: httpx2.Response | Exception, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    replies: list[httpx2.Response | Exception] = [met]

    def serve(_: httpx2.Request) -> httpx2.Response:
        if isinstance(one := replies[0], Exception):
            raise one
        return httpx2.Response(one.status_code, headers=one.headers, content=one.content)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(serve))
    file = tmp_path / ServiceStatus.NAME
    standing = ServiceStatus(file, "sk-secret", "m")
    chat = OpenAIChat("sk-secret", "m", http_client=client, standing=standing)
    with pytest.raises(ChatUnavailable):
        await chat.complete(PROMPT)
    assert named in " ".join(standing.fixes)
    assert (
        ServiceStatus(file, "sk-secret", "m").fixes == standing.fixes and not ServiceStatus(file, "sk-other", "m").fixes
    )
    assert "sk-secret" not in file.read_text()
    replies[0] = httpx2.Response(200, content=json.dumps(ANSWER).encode())
    await chat.complete(PROMPT)
    assert standing.fixes == ServiceStatus(file, "sk-secret", "m").fixes == ()
    await chat.close()


@pytest.mark.parametrize("met", sorted(TROUBLES))
def test_what_passes_is_told_once_it_stays(met: str) -> None:
    standing = ServiceStatus()
    standing.note(None)
    told = []
    for _ in range(PATIENCE):
        standing.note(met)
        told.append(bool(standing.problem))
    assert told == ([False] * (PATIENCE - 1) + [True] if TROUBLES[met].passes else [True] * PATIENCE)


def test_a_failure_of_ours_says_nothing_of_the_service() -> None:
    standing = ServiceStatus()
    standing.note(met(ValueError("an answer without end")))
    assert standing.problem is None


async def test_the_command_line_asks_the_model_once_and_says_what_is_wrong(tmp_path: Path) -> None:
    keys: list[str] = []

    async def complete(request: web.Request) -> web.Response:
        keys.append(request.headers["Authorization"])
        if keys[-1] != "Bearer sk-good":
            return web.json_response({"error": {"message": "no"}}, status=401)
        return web.json_response(ANSWER)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"

    async def check(key: str, base_url: str = address) -> Finding:
        values = {"TRAILMATE_DATA_DIR": tmp_path, "OPENAI_API_KEY": key, "OPENAI_BASE_URL": base_url}
        return await asyncio.to_thread(_check_answers, settings_of.load(_env_file=None, **values))

    refused = await check("sk-1")
    assert not refused.ok and "refuses the key" in refused.what and "OPENAI_API_KEY" in refused.fix
    assert (await check("sk-good")).ok
    assert len(keys) == 2
    await runner.cleanup()
    away = await check("sk-good")
    assert not away.ok and "can't connect" in away.what
    assert "sk-" not in f"{refused}{away}"


async def test_doctor_and_healthz_tell_it(w: World) -> None:
    await w.start()
    standing = w.app.notebook.standing
    standing.note("key")
    reply = await w.say("mo", "doctor")
    assert "the key, so I answer only from the notes. Ask the bot's operator to fix this" in text(reply).replace(
        "\\", ""
    )
    assert any("refuses the key" in one for one in (await w.app.health({}))["fixes"])
    standing.note(None)
    assert "refuses" not in text(await w.say("mo", "doctor"))


@pytest.mark.parametrize("usage", [Usage(10**9, 10**9), Usage(-5, -(10**9))])
def test_a_count_that_no_request_can_have_is_none(usage: Usage) -> None:
    assert counted(PROMPT, Completion("yes", usage)) == counted(PROMPT, Completion("yes"))
    assert counted(PROMPT, Completion("yes", Usage(900, 100))) == Usage(900, 100)
    said = counted(PROMPT, Completion("x" * 90_000))
    assert said.prompt + said.completion <= count_most(PROMPT)
