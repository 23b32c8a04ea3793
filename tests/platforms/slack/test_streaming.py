"""Answers that grow: as streamed text in threads, else as edits, and whole at the end whatever failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.messages.reply import Quote, Reply, Text, say
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer, draw_streamed
from bot.platforms.slack.client import Pacer, SlackApi
from bot.platforms.slack.decode import Route
from tests.platforms.slack.stub import BOT_TOKEN, TEAM, StubSlack

THREAD = Route("message", "C1", "U1", "C1", reply_in="1.1")
WHOLE = say("One. Two. Three.", "From: a note").settled("public")


def grown(*sentences: str) -> Reply:
    return Reply((Quote("**why?**"), Text(" ".join(sentences))), grows=True)


@pytest.fixture
async def api(slack: StubSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackApi]:
    monkeypatch.setattr("bot.platforms.slack.answer.SHOW_S", 0.0)
    async with aiohttp.ClientSession() as session:
        yield SlackApi(BOT_TOKEN, slack.api_url, session)


def answer_to(api: SlackApi, route: Route = THREAD, *, is_private: bool = False) -> SlackAnswer:
    return SlackAnswer(api, ResponseUrls(api), Pacer(every_s=0.01), route, is_private=is_private, team=TEAM)


async def play(answer: SlackAnswer, *states: Reply) -> None:
    """Show a first word, then states one after another."""
    await answer.show(say("_Searching our notes…_"))
    await answer.hold()
    for state in states:
        await answer.show(state)
        await asyncio.sleep(0.05)


def asked(slack: StubSlack) -> list[str]:
    return [method for method, _ in slack.calls]


async def test_in_a_thread_the_text_is_streamed_and_the_whole_answer_takes_its_place(
    slack: StubSlack, api: SlackApi
) -> None:
    answer = answer_to(api)
    await play(answer, grown("One."), grown("One.", "Two."), grown("One.", "Two.", "Three."))
    begun = slack.sent("chat.startStream")[0]
    assert (begun["thread_ts"], begun["recipient_user_id"], begun["recipient_team_id"]) == ("1.1", "U1", TEAM)
    assert begun["markdown_text"] == "> why?\n\nOne."
    assert [one["markdown_text"] for one in slack.sent("chat.appendStream")] == [" Two.", " Three."]
    await answer.finish(WHOLE)
    assert asked(slack)[-2:] == ["chat.stopStream", "chat.update"]
    last, streamed = slack.sent("chat.update")[-1], slack.messages["C1"][-1]
    assert (last["ts"], streamed["streams"]) == (streamed["ts"], False)
    assert "From: a note" in last["text"]


async def test_the_first_word_gives_way_to_the_stream(slack: StubSlack, api: SlackApi) -> None:
    await play(answer_to(api), grown("One."))
    assert asked(slack) == ["chat.postMessage", "chat.startStream", "chat.delete"]
    assert slack.sent("chat.delete")[0]["ts"] == slack.messages["C1"][0]["ts"]


async def test_an_answer_whose_words_come_before_any_first_word_is_streamed_at_once(
    slack: StubSlack, api: SlackApi
) -> None:
    answer = answer_to(api)
    await answer.show(grown("One."))
    await answer.hold()
    await answer.show(grown("One.", "Two."))
    assert asked(slack) == ["chat.startStream", "chat.appendStream"]


async def test_a_stream_that_is_refused_falls_back_to_edits(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.startStream", "team_not_found")
    answer = answer_to(api)
    await play(answer, grown("One."), grown("One.", "Two."))
    await answer.finish(WHOLE)
    assert len(slack.sent("chat.startStream")) == 1
    assert [one["text"].split("\n")[-1] for one in slack.sent("chat.update")] == ["One.", "One. Two.", "From: a note"]
    assert len(slack.messages["C1"]) == 1 and not slack.sent("chat.delete")


async def test_a_stream_that_has_ended_goes_on_by_edits_in_the_same_message(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.appendStream", "message_not_in_streaming_state")
    answer = answer_to(api)
    await play(answer, grown("One."), grown("One.", "Two."), grown("One.", "Two.", "Three."))
    await answer.finish(WHOLE)
    streamed = slack.messages["C1"][-1]["ts"]
    assert {one["ts"] for one in slack.sent("chat.update")} == {streamed}
    assert asked(slack)[-4:] == ["chat.stopStream", "chat.update", "chat.update", "chat.update"]


async def test_what_slack_asks_to_wait_with_comes_with_the_next_sentence(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.appendStream", limited)
    answer = answer_to(api)
    await play(answer, grown("One."), grown("One.", "Two."), grown("One.", "Two.", "Three."))
    assert slack.messages["C1"][-1]["text"] == "> why?\n\nOne. Two. Three."
    assert not slack.sent("chat.update")


async def test_a_stream_that_does_not_begin_in_time_is_an_edit(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.startStream", limited)
    await play(answer_to(api), grown("One."))
    assert asked(slack) == ["chat.postMessage", "chat.startStream", "chat.update"]


async def test_a_stream_that_does_not_end_at_once_is_ended_again(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.stopStream", limited)
    answer = answer_to(api)
    await play(answer, grown("One."))
    await answer.finish(WHOLE)
    assert asked(slack)[-3:] == ["chat.stopStream", "chat.stopStream", "chat.update"]
    assert not slack.messages["C1"][-1]["streams"]


async def test_a_stream_that_cannot_be_ended_or_edited_gives_way_to_the_whole_answer(
    slack: StubSlack, api: SlackApi
) -> None:
    slack.fail("chat.stopStream", "message_not_in_streaming_state")
    slack.fail("chat.update", "streaming_state_conflict")
    answer = answer_to(api)
    await play(answer, grown("One."))
    await answer.finish(WHOLE)
    assert asked(slack)[-4:] == ["chat.stopStream", "chat.update", "chat.delete", "chat.postMessage"]
    assert "From: a note" in slack.messages["C1"][-1]["text"]


async def test_another_answer_than_the_one_that_grew_stands_whole_in_its_place(slack: StubSlack, api: SlackApi) -> None:
    answer = answer_to(api)
    await play(answer, grown("One."))
    await answer.finish(say("The notes alone.").settled("public"))
    assert slack.sent("chat.update")[-1]["text"] == "The notes alone."
    assert "One." not in slack.sent("chat.update")[-1]["text"]


async def test_a_state_that_does_not_go_on_with_the_one_before_is_edited_in(slack: StubSlack, api: SlackApi) -> None:
    await play(answer_to(api), grown("One."), grown("Another."))
    assert asked(slack)[-2:] == ["chat.stopStream", "chat.update"]


@pytest.mark.parametrize(
    "route", [Route("message", "DU1", "U1", "@U1"), Route("message", "C1", "U1", "C1")], ids=["direct", "no thread"]
)
async def test_where_there_is_no_thread_the_answer_grows_by_edits(
    slack: StubSlack, api: SlackApi, route: Route
) -> None:
    answer = answer_to(api, route)
    await play(answer, grown("One."), grown("One.", "Two."))
    await answer.finish(WHOLE)
    assert not slack.sent("chat.startStream")
    assert len(slack.sent("chat.update")) == 3


async def test_a_thread_of_a_direct_conversation_streams_too(slack: StubSlack, api: SlackApi) -> None:
    await play(answer_to(api, Route("message", "DU1", "U1", "@U1", "1.1", "1.1")), grown("One."))
    assert slack.messages["DU1"][-1]["streams"]


async def test_an_answer_for_one_alone_is_not_streamed_to_all(slack: StubSlack, api: SlackApi) -> None:
    await play(answer_to(api, is_private=True), grown("One."))
    assert not slack.messages["C1"]


async def test_an_answer_that_is_broken_off_leaves_no_half(slack: StubSlack, api: SlackApi) -> None:
    answer = answer_to(api)
    await play(answer, grown("One."))
    await answer.break_off()
    assert asked(slack)[-3:] == ["chat.stopStream", "chat.delete", "chat.postEphemeral"]


def test_nothing_is_live_in_what_is_streamed() -> None:
    hostile = replace(grown("a <@U1> <!channel> @here *b* [x](https://e.org) `c` & _d_"))
    said = draw_streamed(hostile)
    assert "<@" not in said and "<!" not in said and "@here" not in said and "](" not in said
    assert said.startswith("> why?\n\na &lt;@U1&gt;")


def limited() -> Any:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
