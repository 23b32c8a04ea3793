"""A key or a model's name that the service refuses: known to the bot, to the command line, and of no other setting."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from bot import settings as settings_of
from bot.llm.base import ChatUnavailable, Completion, Message, Prompt, Usage
from bot.llm.charged import counted, most
from bot.llm.openai import OpenAIChat
from bot.llm.standing import Standing
from bot.verbs.doctor import _answers
from tests.harness import World, text

PROMPT = Prompt("Be brief.", (Message("user", "hi"),))
ANSWER = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(("status", "named"), [(401, "the key"), (403, "the key"), (404, "no such model"), (500, "")])
async def test_what_a_service_refuses_is_told_until_it_answers(tmp_path: Path, status: int, named: str) -> None:
    replies = [httpx2.Response(status, json={"error": {"message": "sk-secret"}})]
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: replies[0]))
    file = tmp_path / Standing.NAME
    standing = Standing(file, "sk-secret", "m")
    chat = OpenAIChat("sk-secret", "m", http_client=client, standing=standing)
    with pytest.raises(ChatUnavailable):
        await chat.complete(PROMPT)
    assert named in " ".join(standing.mends) and bool(standing.mends) is bool(named)
    assert Standing(file, "sk-secret", "m").mends == standing.mends and not Standing(file, "sk-other", "m").mends
    assert not file.exists() or "sk-secret" not in file.read_text()
    replies[0] = httpx2.Response(200, content=json.dumps(ANSWER).encode())
    await chat.complete(PROMPT)
    assert standing.mends == Standing(file, "sk-secret", "m").mends == ()
    await chat.close()


def test_the_command_line_tells_it_without_asking(tmp_path: Path) -> None:
    given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path, OPENAI_API_KEY="sk-1")
    assert _answers(given).ok
    Standing(tmp_path / Standing.NAME, "sk-1", given.chat_model, given.openai_base_url).note(401)
    found = _answers(given)
    assert not found.ok and "refuses the key" in found.what and "OPENAI_API_KEY" in found.mend
    (tmp_path / Standing.NAME).write_text("no JSON")
    assert _answers(given).ok


async def test_doctor_and_healthz_tell_it(w: World) -> None:
    await w.start()
    standing = w.app.notebook.standing
    standing.note(401)
    reply = await w.say("mo", "doctor")
    assert "the key, so the notes answer alone. Whoever runs me has to mend it" in text(reply).replace("\\", "")
    assert any("refuses the key" in one for one in (await w.app.health({}))["mend"])
    standing.note(None)
    assert "refuses" not in text(await w.say("mo", "doctor"))


@pytest.mark.parametrize("usage", [Usage(10**9, 10**9), Usage(-5, -(10**9))])
def test_a_count_that_no_request_can_have_is_none(usage: Usage) -> None:
    assert counted(PROMPT, Completion("yes", usage)) == counted(PROMPT, Completion("yes"))
    assert counted(PROMPT, Completion("yes", Usage(900, 100))) == Usage(900, 100)
    said = counted(PROMPT, Completion("x" * 90_000))
    assert said.prompt + said.completion <= most(PROMPT)
