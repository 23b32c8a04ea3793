"""A conversation with the whole bot through the real socket and bolt: threads and direct messages go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.context import Invocation, Place
from bot.messages.call import Call
from bot.messages.reply import Button, say
from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.slack.render import render
from tests.features.ask.test_commands import Parrot, parrot
from tests.harness import MONDAY, World, world
from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import APP_TOKEN, BOT, BOT_TOKEN, StubSlack

DROPOUT, TESTING, TUPLE, AGAIN = "what is dropout?", "and at test time?", "what is a tuple?", "is it hashable?"


@dataclass
class Room:
    """A channel with ada, bob and the whole bot in it."""

    w: World
    slack: StubSlack
    bird: Parrot
    ada: Person
    bob: Person
    told: int = 0
    located: int = 0
    read: int = 0

    async def say(self, who: Person, text: str, thread: str | None = None, **more: Any) -> str:
        """Have somebody write in the channel, as Slack tells of it, and return the message's id."""
        ts = self.slack.ts()
        thread_of = {"thread_ts": thread} if thread else {}
        self.slack.messages["C1"].append({"ts": ts, "user": who.id, "text": text, **thread_of})
        kinds = ["message", "app_mention"] if f"<@{BOT}>" in text else ["message"]
        for kind in kinds:
            await who.say(text, kind=kind, ts=ts, **thread_of, **more)
        return ts

    async def heard(self, *, is_private: bool = False) -> list[str]:
        """Return the turns of the question that is asked now, when its answer stands and the bot knows where."""
        await self.slack.until(lambda: self.standing() > self.told and (is_private or self.located > self.read))
        self.told, self.read = self.standing(), self.located
        turns, self.bird.asked = self.bird.asked, []
        return turns

    async def silent(self) -> bool:
        """Whether nobody was answered in the next moment."""
        before = len(self.slack.calls)
        await asyncio.sleep(0.3)
        posted = [called for called, _ in self.slack.calls[before:] if called.startswith("chat.")]
        return not self.bird.asked and not posted

    def watch_locations(self) -> None:
        """Count the answers whose location the bot has stored: a reply below one may come before that."""
        desk = self.w.app.dispatcher
        store = desk.stands

        async def count(invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool) -> None:
            await store(invocation, turn, place, ref, is_last=is_last)
            self.located += is_last

        desk.stands = count

    def standing(self) -> int:
        sent = [*self.slack.sent("chat.postMessage"), *self.slack.sent("chat.update"), *self.slack.responses]
        return sum("constant time" in str(one.get("blocks")) for one in sent)

    def answers(self) -> list[dict[str, Any]]:
        return self.slack.sent("chat.postMessage")


@asynccontextmanager
async def talking(folder: Path, slack: StubSlack, now: datetime = MONDAY) -> AsyncIterator[Room]:
    """Connect the whole bot to a Slack that may have seen another before."""
    slack.connected.clear()
    async with world(folder, at=now) as w:
        bird = parrot(w)
        platform = SlackPlatform(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url)
        states: list[str] = []
        running = asyncio.create_task(platform.run(w.app.registry, w.app.dispatcher, states.append))
        await asyncio.wait_for(slack.connected.wait(), 5)
        await slack.until(lambda: "ready" in states)
        made = Room(w, slack, bird, Person(slack, "U1ADA", "ada"), Person(slack, "U2BOB", "bob"))
        made.told = made.standing()
        made.watch_locations()
        yield made
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def room(tmp_path: Path, slack: StubSlack) -> AsyncIterator[Room]:
    async with talking(tmp_path, slack) as made:
        yield made


async def asked(room: Room, who: Person, question: str = DROPOUT) -> str:
    """Have somebody ask in the channel, and return the thread of the answer."""
    thread = await room.say(who, f"<@{BOT}> {question}")
    assert await room.heard() == [question]
    assert room.answers()[-1]["thread_ts"] == thread
    return thread


async def test_a_thread_of_four_turns_needs_one_mention(room: Room) -> None:
    thread = await asked(room, room.ada)
    turns = [DROPOUT]
    for line in ("and at test time", TUPLE, AGAIN):
        turns.append(line)
        await room.say(room.ada, line, thread)
        assert await room.heard() == turns
        assert room.answers()[-1]["thread_ts"] == thread


async def test_what_is_asked_in_the_thread_before_the_answer_stands_is_answered_after_it(room: Room) -> None:
    first = await room.say(room.ada, f"<@{BOT}> {DROPOUT}")
    await room.say(room.ada, TESTING, first)
    await room.say(room.bob, f"<@{BOT}> {TUPLE}", first)
    await room.slack.until(lambda: room.standing() == room.told + 3)
    assert room.bird.asked == [DROPOUT, *(DROPOUT, TESTING), *(DROPOUT, TESTING, TUPLE)] or room.bird.asked == [
        DROPOUT,
        *(DROPOUT, TUPLE),
        *(DROPOUT, TUPLE, TESTING),
    ]
    assert {answer["thread_ts"] for answer in room.answers()} == {first}


async def test_what_disputes_an_answer_in_its_thread_is_a_question_with_a_mention_or_without(room: Room) -> None:
    thread = await asked(room, room.ada)
    turns = [DROPOUT]
    for line, mention in (
        ("no, you are wrong. Dropout keeps all units.", f"<@{BOT}> "),
        ("are you sure? Dropout keeps all the units of the net", ""),
        ("I insist that it keeps all of them", ""),
    ):
        turns.append(line)
        await room.say(room.ada, mention + line, thread)
        assert await room.heard() == turns[-len(turns) :]
    mine = await room.say(room.bob, "let us talk about sets")
    await room.say(room.bob, f"<@{BOT}> no, you are wrong. Dropout keeps all units.", mine)
    await room.slack.until(lambda: "so I haven't posted anything" in str(room.slack.calls[-3:]))
    assert not room.bird.asked


async def test_somebody_else_in_the_thread_goes_on_with_it(room: Room) -> None:
    thread = await asked(room, room.ada)
    await room.say(room.bob, TESTING, thread)
    assert await room.heard() == [DROPOUT, TESTING]


async def test_what_people_say_to_each_other_in_the_thread_is_left_to_them(room: Room) -> None:
    thread = await asked(room, room.ada)
    for who, line in (
        (room.bob, "I think that is wrong"),
        (room.ada, "why?"),
        (room.bob, "<@U1ADA> what do you mean?"),
        (room.ada, "which page is it on?"),
        (room.bob, "thanks!"),
    ):
        await room.say(who, line, thread)
    assert await room.silent()
    await room.say(room.ada, f"<@{BOT}> {TESTING}", thread)
    assert await room.heard() == [DROPOUT, TESTING]
    await room.say(room.bob, AGAIN, thread)
    assert await room.heard() == [DROPOUT, TESTING, AGAIN]


async def test_thanks_and_laughter_are_a_private_word_at_most(room: Room) -> None:
    thread = await asked(room, room.ada)
    before = len(room.answers())
    for line in ("thanks, that helps me a lot", "hahaha 😂", "makes sense now"):
        await room.say(room.ada, line, thread)
    assert await room.silent()
    await room.say(room.ada, f"<@{BOT}> thanks, that helps me a lot", thread)
    await room.slack.until(lambda: "You're welcome!" in str(room.slack.sent("chat.postEphemeral")[-1:]))
    assert len(room.answers()) == before and not room.bird.asked


async def test_outside_of_the_thread_nothing_is_for_the_bot(room: Room) -> None:
    await asked(room, room.ada)
    await room.say(room.ada, TESTING)
    assert await room.silent()


async def test_below_a_post_and_in_peoples_own_threads_a_mention_is_needed(room: Room) -> None:
    post = render(say("Unit 4", buttons=(Button("Check in", Call("checkin", ask=True)),)), tag="x" * 20)
    room.slack.messages["C1"].append({"ts": "9.1", "user": BOT, "text": post.text, "blocks": post.blocks})
    mine = await room.say(room.ada, "let us talk about sets")
    for thread, by in (("9.1", BOT), (mine, room.ada.id)):
        for line in (DROPOUT, "how do I read this?"):
            await room.say(room.bob, line, thread, parent_user_id=by)
        assert await room.silent()
        # an answer there does not make the thread the bot's
        await room.say(room.bob, f"<@{BOT}> {DROPOUT}", thread)
        assert await room.heard() == [DROPOUT]
        await room.say(room.ada, TESTING, thread)
        assert await room.silent()
        await room.say(room.ada, f"<@{BOT}> {TESTING}", thread)
        assert await room.heard() == [DROPOUT, TESTING]


async def test_a_thread_on_the_answer_to_a_slash_command_is_the_bots(room: Room) -> None:
    await room.ada.slash(f"ask {DROPOUT}")
    assert await room.heard() == [DROPOUT]
    (answer,) = (message for message in room.slack.messages["C1"] if "constant time" in str(message))
    for turns in ([DROPOUT, TESTING], [DROPOUT, TESTING, TUPLE]):
        await room.say(room.bob, turns[-1], answer["ts"], parent_user_id=BOT)
        assert await room.heard() == turns
    assert not room.slack.sent("conversations.replies")


async def test_a_slash_command_in_the_channel_begins_anew(room: Room) -> None:
    for line in (DROPOUT, TUPLE):
        await room.ada.slash(f"ask {line}")
        assert await room.heard() == [line]


async def test_an_answer_below_a_post_is_gone_on_with_by_mention_in_its_thread(room: Room) -> None:
    draft = await room.ada.click(Call("ask", {"question": DROPOUT}).pack(), ts="9.1", action="b0~" + "x" * 20)
    assert draft is None and await room.heard() == [DROPOUT]
    await room.say(room.bob, f"<@{BOT}> {TESTING}", "9.1")
    assert await room.heard() == [DROPOUT, TESTING]


async def test_after_an_hour_the_thread_is_one_like_any_other(room: Room) -> None:
    thread = await asked(room, room.ada)
    await room.w.after(minutes=61)
    await room.say(room.ada, TESTING, thread)
    assert await room.silent()
    await room.say(room.ada, f"<@{BOT}> {TESTING}", thread)
    assert await room.heard() == [TESTING]


async def test_a_restart_in_between_is_not_noticed(tmp_path: Path, slack: StubSlack) -> None:
    async with talking(tmp_path, slack) as before:
        thread, now = await asked(before, before.ada), before.w.clock.now()
    async with talking(tmp_path, slack, now) as after:
        await after.say(after.bob, TESTING, thread)
        assert await after.heard() == [DROPOUT, TESTING]


async def test_a_direct_message_goes_on(room: Room) -> None:
    turns: list[str] = []
    for line in (DROPOUT, "and at test time", "no, it is only used at test time"):
        turns.append(line)
        await room.ada.say(line, channel="D77", kind="message")
        assert await room.heard() == turns


async def test_a_question_for_oneself_is_no_part_of_a_thread(room: Room) -> None:
    await room.ada.slash("am I too slow for sets?")
    assert await room.heard(is_private=True) == ["am I too slow for sets?"]
    assert room.slack.responses[-1]["response_type"] == "ephemeral"
    await asked(room, room.ada)


async def test_in_a_thread_on_another_message_of_the_bot_only_a_mention_asks(room: Room) -> None:
    await room.say(room.bob, TESTING, "9.2", parent_user_id=BOT)
    assert await room.silent()
    await room.say(room.bob, f"<@{BOT}> {TUPLE}", "9.2", parent_user_id=BOT)
    assert await room.heard() == [TUPLE]


async def test_no_line_of_a_channel_is_logged(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    thread = await asked(room, room.ada)
    await room.say(room.bob, "the zebrafinch is ill", thread)
    await room.say(room.bob, "what is a zebrafinch?", thread)
    assert await room.heard()
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("bot") and "bolt" not in r.name]
    assert "zebrafinch" not in "".join(ours)
