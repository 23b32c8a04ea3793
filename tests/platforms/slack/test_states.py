"""States of a slow answer: edits of one message, and the whole answer in its place whatever failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.messages.reply import Quote, Reply, Text, say
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer
from bot.platforms.slack.client import Pacer, SlackApi
from bot.platforms.slack.decode import Route
from tests.platforms.slack.stub import BOT_TOKEN, StubSlack

THREAD = Route("message", "C1", "U1", "C1", reply_in="1.1")
WHOLE = say("One. Two. Three.", "From: a note").settled("public")


def state(*sentences: str) -> Reply:
    return Reply((Quote("**why?**"), Text(" ".join(sentences))))


@pytest.fixture
async def api(slack: StubSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackApi]:
    monkeypatch.setattr("bot.platforms.slack.answer.SHOW_S", 0.0)
    async with aiohttp.ClientSession() as session:
        yield SlackApi(BOT_TOKEN, slack.api_url, session)


def answer_to(api: SlackApi, route: Route = THREAD, *, is_private: bool = False) -> SlackAnswer:
    return SlackAnswer(api, ResponseUrls(api), Pacer(every_s=0.01), route, is_private=is_private)


async def play(answer: SlackAnswer, *states: Reply) -> None:
    """Show a first word, then states one after another."""
    await answer.show(say("_Searching our notes…_"))
    await answer.hold()
    for each in states:
        await answer.show(each)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "route",
    [THREAD, Route("message", "DU1", "U1", "@U1"), Route("message", "C1", "U1", "C1")],
    ids=["thread", "direct", "no thread"],
)
async def test_the_notes_answer_is_edited_in_and_then_the_whole_answer(
    slack: StubSlack, api: SlackApi, route: Route
) -> None:
    answer = answer_to(api, route)
    await play(answer, state("One."))
    await answer.finish(WHOLE)
    assert [method for method, _ in slack.calls] == ["chat.postMessage", "chat.update", "chat.update"]
    assert len({body["ts"] for body in slack.sent("chat.update")}) == 1
    assert "From: a note" in slack.sent("chat.update")[-1]["text"]


async def test_a_state_that_fails_costs_no_answer(slack: StubSlack, api: SlackApi) -> None:
    answer = answer_to(api)
    await play(answer)
    slack.fail("chat.update", "internal_error")
    await answer.show(state("One."))
    await answer.finish(WHOLE)
    assert "From: a note" in slack.sent("chat.update")[-1]["text"] and len(slack.messages["C1"]) == 1


async def test_an_answer_for_one_alone_shows_no_state_to_all(slack: StubSlack, api: SlackApi) -> None:
    await play(answer_to(api, is_private=True), state("One."))
    assert not slack.messages["C1"]


async def test_an_answer_that_becomes_private_takes_its_public_state_back(slack: StubSlack, api: SlackApi) -> None:
    answer = answer_to(api)
    await play(answer, state("One."))
    await answer.finish(say("That's not in our notes.").settled("private"))
    assert [method for method, _ in slack.calls][-2:] == ["chat.delete", "chat.postEphemeral"]


async def test_an_answer_that_is_broken_off_leaves_no_half(slack: StubSlack, api: SlackApi) -> None:
    answer = answer_to(api)
    await play(answer, state("One."))
    await answer.break_off()
    assert [method for method, _ in slack.calls][-2:] == ["chat.delete", "chat.postEphemeral"]
