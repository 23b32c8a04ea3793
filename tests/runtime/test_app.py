"""The composition root: what it wires, what /healthz says, and what private answers end with."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answers.index.chunks import SourceId
from bot.chat.platform import Gone
from bot.commands.context import Place
from bot.features.people.service import People
from bot.llm.base import ChatMessage, Prompt
from bot.messages.errors import TryLater
from bot.runtime import process
from bot.runtime.app import App
from bot.runtime.composition import build
from bot.runtime.health import Here
from bot.runtime.settings import load
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, text, world
from tests.kit import ROOM, Partner
from tests.shipped import take_courses

TOKENS: dict[str, Any] = {
    "DISCORD_TOKEN": "MTIz.a.b",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "OPENAI_API_KEY": "sk-1",
}


async def built(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> Any:
    monkeypatch.setattr("bot.llm.embedder_process.load_embedder", lambda: None)
    monkeypatch.setattr("bot.runtime.answer_engine.kept_of", take_courses)
    return build(load(_env_file=None, TRAILMATE_DATA_DIR=folder / "new" / "data", **given))


async def test_with_nothing_configured_there_is_the_page_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = await built(tmp_path, monkeypatch)
    assert list(app.platforms) == ["local"]
    assert app.notebook.chat_model is None
    assert (tmp_path / "new" / "data" / "trailmate.db").exists()
    await app.close()


async def test_with_tokens_there_are_both_open_chats_and_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await built(tmp_path, monkeypatch, **TOKENS)
    assert list(app.platforms) == ["local", "discord", "slack"]
    assert app.notebook.chat_model is not None
    await app.close()


async def test_a_server_with_openais_interface_needs_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = await built(tmp_path, monkeypatch, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert app.notebook.chat_model is not None
    await app.close()


CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}
SAID = json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE]}).encode()


async def test_the_end_closes_the_connection_to_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length
        await reader.readexactly(int(length[1]))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(SAID) + SAID)
        assert await reader.read() == b""
        gone.set()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        app = await built(tmp_path, monkeypatch, OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1")
        assert app.notebook.chat_model is not None
        assert (
            await app.notebook.chat_model.complete(Prompt("Be brief.", (ChatMessage("user", "So?"),)))
        ).text == "Yes."
        assert not gone.is_set()
        await app.close()
        await asyncio.wait_for(gone.wait(), 5)


async def test_a_model_that_does_not_let_go_holds_the_end_up_for_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang() -> None:
        await asyncio.sleep(600)

    app = await built(tmp_path, monkeypatch, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    monkeypatch.setattr(app.notebook.chat_model, "close", hang)
    monkeypatch.setattr("bot.runtime.answer_engine.CLOSE_S", 0.05)
    await asyncio.wait_for(app.close(), 30)


async def test_health_is_good_while_the_tick_ticks(w: World) -> None:
    assert (await w.app.health({}))["ok"] is False
    await w.tick()
    said = await w.app.health({"local": "ready"})
    assert said == {
        "ok": True,
        "ready": True,
        "database": "ok",
        "lock": "held",
        "scheduler": {
            "ok": True,
            "last_tick": "2026-03-02T08:00:00+00:00",
            "last_tick_s": 0.0,
            "clock_set_s": 0.0,
        },
        "platforms": {"local": "ready"},
        "last_event_s": {},
        "outbox_lag_s": 0.0,
        "processes": [],
        "index": "words only",
        "fixes": [],
    }
    w.clock.move_to(MONDAY + timedelta(minutes=3))
    assert (await w.app.health({}))["ok"] is False


async def test_health_counts_the_last_tick_by_a_clock_that_nobody_sets(w: World) -> None:
    now = [0.0]
    w.app.pulse.monotonic = lambda: now[0]
    await w.app.run_tick()
    w.clock.move_to(MONDAY + timedelta(days=1))  # as the demo does
    said = await w.app.health({})
    assert said["ok"] is True
    now[0] += 121
    w.clock.move_to(MONDAY)
    said = await w.app.health({})
    assert (said["ok"], said["scheduler"]["ok"], said["scheduler"]["last_tick_s"]) == (False, False, 121.0)


async def test_health_tells_the_mend_of_a_refusal(w: World) -> None:
    await w.app.run_tick()
    refusal = "Discord rejects DISCORD_TOKEN. Copy the token again."
    w.app.here = lambda: Here(refusals=(refusal,))
    said = await w.app.health({"discord": "refused"})
    assert said["fixes"] == [refusal]


async def test_health_names_a_refused_platform_and_one_that_restarts(w: World) -> None:
    await w.tick()
    assert (await w.app.health({"local": "ready", "discord": "refused"}))["ok"] is False
    now = [0.0]
    w.app.pulse.monotonic = lambda: now[0]
    for since_s in (0.0, 9.0):  # as long as a handover takes
        now[0] = since_s
        said = await w.app.health({"local": "ready", "slack": "restarting"})
        assert (said["ok"], said["fixes"]) == (True, [])
    now[0] = 10.0
    said = await w.app.health({"local": "ready", "slack": "restarting"})
    assert (said["ok"], said["fixes"][0][:34]) == (False, "No process is connected to slack. ")
    assert (await w.app.health({"local": "ready", "slack": "ready"}))["ok"] is True
    assert (await w.app.health({"local": "ready", "slack": "restarting"}))["ok"] is True, "it begins anew"


async def test_health_tells_how_long_the_oldest_post_waits(tmp_path: Path) -> None:
    partner = Partner()
    async with world(tmp_path, chat=partner) as w:
        await w.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", platform="slack", tenant="T", room=ROOM)
        w.clock.move_to(MONDAY + timedelta(seconds=90))
        assert (await w.app.health({}))["outbox_lag_s"] == 90.0
        partner.troubles[ROOM] = Gone("away")
        await w.tick()
        assert (await w.app.health({}))["outbox_lag_s"] == 0.0


async def test_health_is_bad_without_the_lock_and_says_what_to_do(w: World) -> None:
    await w.tick()
    w.app.holds = lambda: False
    said = await w.app.health({})
    assert (said["ok"], said["lock"]) == (False, "lost")
    assert "stop one of the two" in said["fixes"][0]


async def test_health_of_a_database_that_is_gone_still_answers(w: World) -> None:
    w.app.database.close()
    said = await w.app.health({})
    assert (said["ok"], said["database"]) == (False, "unreachable")


@pytest.mark.parametrize("job", [App.run_tick, lambda app: app.run_relay("local"), App.run_upkeep])
async def test_a_job_that_fails_is_logged_and_ends_nothing(
    w: World, job: Callable[[App], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    w.app.database.close()
    await job(w.app)
    [record] = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert "failed" in record.getMessage()


async def leave_notice(w: World, who: str, sentence: str) -> None:
    def write(work: Work) -> None:
        people = People(work)
        row = people.find_account("local", "local", who)
        assert row is not None
        people.notify(row.id, sentence, sentence, w.clock.now())

    await w.app.database.run(write)


async def test_a_notice_is_told_once_at_the_end_of_the_next_private_answer(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await leave_notice(w, "ada", "Something happened.")
    assert text(await w.say("ada", "progress")).endswith("Something happened.")
    assert "Something happened" not in text(await w.say("ada", "progress"))


async def test_a_notice_is_never_told_in_public_nor_to_another(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await leave_notice(w, "ada", "Something happened.")
    answer = await w.say("ada", "ask what is a list?")
    assert answer.audience == "public"
    assert "Something happened" not in text(answer)
    assert "Something happened" not in text(await w.say("ben", "progress"))
    assert "Something happened" in text(await w.say("ada", "settings alias=Owl"))


async def test_five_notices_at_most_stand_under_one_answer(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    for i in range(7):
        await leave_notice(w, "ada", f"Thing {i} happened.")
    assert text(await w.say("ada", "progress")).count("happened.") == 5
    assert text(await w.say("ada", "progress")).count("happened.") == 2


async def test_a_room_that_its_platform_says_is_mended_gets_what_waited_for_it(tmp_path: Path) -> None:
    partner = Partner()
    async with world(tmp_path, chat=partner) as w:
        partner.troubles[ROOM] = Gone("away")
        await w.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", platform="slack", tenant="T", room=ROOM)
        await w.tick()
        partner.troubles.clear()
        await w.tick()
        assert partner.posts() == []
        await w.app.report_usable(Place("slack", "T", ""))
        await w.tick()
        assert [p.title[:7] for p in partner.posts()] == ["Welcome"]


async def test_an_index_that_could_not_be_made_is_tried_again(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    index = w.app.notebook.index

    def embed(progress: object) -> int:
        assert index.is_reading
        tries.append(len(tries))
        if len(tries) < 3:
            raise TryLater("I'm busy at the moment, so I haven't changed anything. Please try again in a minute.")
        return 7

    monkeypatch.setattr(process, "INDEX_AGAIN_S", 0.01)
    monkeypatch.setattr(w.app.notebook, "embed", embed)
    await asyncio.wait_for(process.build_index(w.app), 5)
    assert len(tries) == 3 and not index.is_reading
    assert {frozenset([SourceId(track)]) for track in w.app.library} <= set(index._shelves)
