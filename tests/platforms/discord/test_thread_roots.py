"""A conversation with the whole bot through a real client: replies, threads and direct messages go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord

from bot.answers.compose.answers import DECLINED
from bot.answers.compose.values import Answer
from bot.chat.platform import unsaid
from bot.messages.call import Call
from bot.messages.reply import Button, say
from bot.platforms.discord import render
from bot.platforms.discord.answer import MessageAnswer
from bot.platforms.discord.listen import Messages
from tests.features.ask.test_commands import Parrot, parrot
from tests.harness import world
from tests.platforms.discord.world import Server, connected, said

DROPOUT, TESTING, TUPLE, AGAIN = "what is dropout?", "and at test time?", "what is a tuple?", "is it hashable?"


@asynccontextmanager
async def talking(folder: Path, now: Any = None) -> AsyncIterator[tuple[Server, Parrot]]:
    """Yield a server with the whole bot in it, and what it was asked."""
    async with world(folder, **({"at": now} if now else {})) as w:
        bird = parrot(w)
        desk: Any = SimpleNamespace(
            registry=w.app.registry,
            dispatcher=w.app.dispatcher,
            reports=list[str](),
            usable=[],
            clock=w.clock,
            arrived=unsaid,
        )
        async with connected(desk) as s:
            yield s, bird


def heard(bird: Parrot) -> list[str]:
    turns, bird.asked = bird.asked, []
    return turns


def last(s: Server, channel: Any = None) -> discord.Message:
    message = (channel or s.channel).last_message
    assert message is not None
    return message


async def thread_on(s: Server, message: Any) -> Any:
    """Have somebody open a thread on a message."""
    thread = await s.platform._api.open_thread(str(s.channel.id), str(message.id), "Talk")
    await s.env.settle()
    return next(t for t in s.channel.threads if str(t.id) == thread)


async def test_a_chain_of_replies_is_one_conversation_of_four_turns(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.send(s.channel, f"<@{s.me}> {DROPOUT}")
        for turns in ([DROPOUT], [DROPOUT, TESTING], [DROPOUT, TESTING, TUPLE], [DROPOUT, TESTING, TUPLE, AGAIN]):
            assert heard(bird) == turns
            if len(turns) < 4:
                await s.ada.send(s.channel, [TESTING, TUPLE, AGAIN][len(turns) - 1], reply_to=last(s))


async def test_a_reply_to_an_answer_that_is_still_being_worded_waits_for_it() -> None:
    drawn = render.message(say("It is.", buttons=(Button("Remove", Call("remove", {"turn": "abcd1234"})),)))

    async def fetched(channel: str, message: str) -> Any:
        assert (channel, message) == ("1", "7")
        return drawn

    api: Any = SimpleNamespace(message=fetched)
    reply: Any = SimpleNamespace(
        channel=SimpleNamespace(id=1), reference=SimpleNamespace(message_id=7, resolved=None), components=[]
    )
    messages, answer = Messages(api, api, api, api), MessageAnswer(api, reply)
    answer.shown = "7"
    messages._underway.add(answer)
    waiting = asyncio.create_task(messages._find_followed(reply, 2))
    await asyncio.sleep(0)
    assert not waiting.done()
    answer.is_over.set()
    assert (await waiting).turn == "abcd1234"
    messages._underway.clear()
    assert (await messages._find_followed(reply, 2)).turn == ""


async def test_what_asks_further_needs_no_mark_and_what_disputes_is_a_question(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.send(s.channel, f"<@{s.me}> {DROPOUT}")
        for line in ("and at test time", "no, it is only used at test time", "an example please"):
            await s.bo.send(s.channel, line, reply_to=last(s))
            assert heard(bird)[-1] == line


async def test_thanks_laughter_and_consent_to_an_answer_post_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.send(s.channel, f"<@{s.me}> {DROPOUT}")
        heard(bird)
        s.env.http_requests.clear()
        answer = last(s)
        for line in (
            "thanks, that helps me a lot",
            "hahaha 😂",
            "makes sense, thank you!",
            f"<@{s.me}> thanks!",
            "got it",
        ):
            await s.ada.send(s.channel, line, reply_to=answer)
        assert not heard(bird) and not [r for r in s.env.http_requests if r.method == "POST"]
        await s.ada.send_dm("thanks, that helps!")
        assert said(s.ada.user.dm_channel.last_message).startswith("You're welcome!") and not heard(bird)


async def test_a_new_mention_in_the_channel_begins_anew(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        for line in (DROPOUT, TUPLE):
            await s.ada.send(s.channel, f"<@{s.me}> {line}")
            assert heard(bird) == [line]


async def test_a_thread_on_an_answer_goes_on_with_it_by_mention_and_slash_for_everybody(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.slash(s.channel, "ask", question=DROPOUT)
        assert heard(bird) == [DROPOUT]
        thread = await thread_on(s, last(s))
        await s.bo.send(thread, f"<@{s.me}> {TESTING}")
        assert heard(bird) == [DROPOUT, TESTING]
        await s.ada.slash(thread, "ask", question=TUPLE)
        assert heard(bird) == [DROPOUT, TESTING, TUPLE]
        looks = [r for r in s.env.http_requests if r.method == "GET" and r.path.endswith(f"/messages/{thread.id}")]
        assert len(looks) == 1


async def test_a_slash_command_goes_on_in_a_thread_that_was_opened_on_an_answer(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.slash(s.channel, "ask", question=DROPOUT)
        thread = await thread_on(s, last(s))
        heard(bird)
        await s.bo.slash(thread, "ask", question=TESTING)
        assert heard(bird) == [DROPOUT, TESTING]
        assert f"To continue, mention me: <@{s.me}>." in said(last(s, thread))


async def test_in_a_thread_that_people_opened_the_conversation_is_the_threads(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        thread = await thread_on(s, await s.ada.send(s.channel, "let us talk about sets"))
        await s.ada.send(thread, f"<@{s.me}> {DROPOUT}")
        assert heard(bird) == [DROPOUT]
        await s.bo.send(thread, f"<@{s.me}> {TESTING}")
        assert heard(bird) == [DROPOUT, TESTING]
        first, second = (said(m) for m in thread.history() if str(m.author.id) == s.me)
        assert f"To continue, mention me: <@{s.me}>." in first and "mention me" not in second
        await s.bo.send(thread, TUPLE)
        assert not heard(bird)


async def test_a_direct_message_goes_on_over_a_restart(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.send_dm(DROPOUT)
        await s.ada.send_dm("and at test time")
        assert bird.asked == [DROPOUT, DROPOUT, "and at test time"]
        now = s.world.clock.now()  # type: ignore[attr-defined]
    async with world(tmp_path, at=now) as w:
        bird = parrot(w)
        ada = {"platform": "discord", "tenant": None}
        person = str(s.ada.id)
        await w.say(person, AGAIN, room=f"@{person}", **ada)
        assert bird.asked == [DROPOUT, "and at test time", AGAIN]


async def test_a_removed_answer_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        await s.ada.send(s.channel, f"<@{s.me}> {DROPOUT}")
        answer = last(s)
        await s.ada.click(answer, label="Remove")
        heard(bird)
        assert "removed" in said(last(s))
        await s.ada.send(s.channel, TESTING, reply_to=answer)
        assert heard(bird) == [TESTING]


async def test_a_thread_that_begins_with_a_non_answer_says_how_to_go_on(tmp_path: Path) -> None:
    async with talking(tmp_path) as (s, bird):
        bird.given = Answer(DECLINED, "foreign")
        thread = await thread_on(s, await s.ada.send(s.channel, "let us talk about sets"))
        await s.ada.send(thread, f"<@{s.me}> {DROPOUT}")
        assert f"To continue, mention me: <@{s.me}>." in said(last(s, thread))
