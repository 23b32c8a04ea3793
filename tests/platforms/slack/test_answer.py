"""Ways back that are closed, and the ways around them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.messages.call import Call
from bot.messages.reply import Button, Quote, Reply, Text, say
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer
from bot.platforms.slack.client import ApiError, Pacer, SlackApi
from bot.platforms.slack.decode import Route
from tests.kit import ANSWER, LOOKING, Told
from tests.platforms.slack.stub import BOT_TOKEN, StubSlack

PRIVATE, PUBLIC = say("yours").settled("private"), say("everybody's").settled("public")


@pytest.fixture
async def api(slack: StubSlack) -> AsyncIterator[SlackApi]:
    async with aiohttp.ClientSession() as session:
        yield SlackApi(BOT_TOKEN, slack.api_url, session)


def _answer(api: SlackApi, route: Route, *, is_private: bool = False) -> SlackAnswer:
    return SlackAnswer(api, ResponseUrls(api), Pacer(every_s=0.01), route, is_private=is_private)


def _limited() -> web.Response:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})


def _slash(slack: StubSlack) -> Route:
    return Route("slash", "C1", "U1", "C1", url=slack.url())


async def test_a_used_response_url_gives_way_to_messages(slack: StubSlack, api: SlackApi) -> None:
    slack.url_status = 404
    await _answer(api, _slash(slack)).finish(PRIVATE)
    await _answer(api, _slash(slack)).finish(PUBLIC)
    assert slack.sent("chat.postEphemeral")[0]["user"] == "U1"
    assert slack.sent("chat.postMessage")[0]["channel"] == "C1"


async def test_four_of_five_uses_of_a_response_url_are_taken(slack: StubSlack, api: SlackApi) -> None:
    urls = ResponseUrls(api)
    for _ in range(4):
        await urls.post(slack.url(), {"text": "x"})
    for _ in range(2):
        with pytest.raises(ApiError):
            await urls.post(slack.url(), {"text": "x"})
    assert len(slack.responses) == 4


async def test_an_old_response_url_is_left_alone(slack: StubSlack, api: SlackApi, monkeypatch: Any) -> None:
    urls = ResponseUrls(api)
    urls.note(slack.url())
    monkeypatch.setattr("bot.platforms.slack.answer.URL_YOUNG_S", -1.0)
    with pytest.raises(ApiError):
        await urls.post(slack.url(), {"text": "x"})


@pytest.mark.parametrize("reply", [PRIVATE, PUBLIC])
async def test_where_nothing_is_taken_the_answer_comes_directly_and_says_why(
    slack: StubSlack, api: SlackApi, reply: Any
) -> None:
    slack.url_status = 404
    slack.fail("chat.postEphemeral", "not_in_channel")
    slack.fail("chat.postMessage", "not_in_channel", times=1 if reply is PUBLIC else 0)
    await _answer(api, _slash(slack)).finish(reply)
    last = slack.sent("chat.postMessage")[-1]
    assert last["channel"] == "DU1"
    assert "I'm not in the channel." in last["text"] and reply.plain() in last["text"]


async def test_an_answer_that_reaches_nobody_raises_nothing(slack: StubSlack, api: SlackApi) -> None:
    slack.url_status = 404
    slack.fail("chat.postEphemeral", "channel_not_found")
    slack.fail("conversations.open", "user_not_found")
    await _answer(api, _slash(slack)).finish(PRIVATE)


async def test_a_click_that_cannot_be_answered_by_url_updates_its_message(slack: StubSlack, api: SlackApi) -> None:
    slack.url_status = 500
    route = Route("click", "C1", "U1", "C1", url=slack.url(), clicked="4.4")
    await _answer(api, route).finish(replace(PUBLIC, replaces=True))
    assert slack.sent("chat.update")[0]["ts"] == "4.4"


async def test_an_answer_waits_where_slack_asks_to(slack: StubSlack, api: SlackApi) -> None:
    slack.fail("chat.postMessage", _limited)
    await _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1")).finish(PUBLIC)
    assert len(slack.sent("chat.postMessage")) == 2 and len(slack.messages["C1"]) == 1


@pytest.mark.parametrize(("origin", "begins"), [("message", "An answer"), ("slash", "&gt; What is it?")])
async def test_an_answer_below_its_question_does_not_quote_it_again(
    slack: StubSlack, api: SlackApi, origin: Any, begins: str
) -> None:
    answer = _answer(api, Route(origin, "C1", "U1", "C1", reply_in="1.1"))
    rating = Button("Rate", Call("rate", {"turn": "t1"}))
    await answer.finish(Reply((Quote("**What is it?**"), Text("An answer")), (rating,), audience="public"))
    assert slack.sent("chat.postMessage")[-1]["text"].startswith(begins)


async def test_states_are_shown_at_most_once_a_second(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.hold()
    for n in range(5):
        await answer.show(say(f"state {n}"))
    await answer.finish(PUBLIC)
    assert [m["text"] for m in slack.sent("chat.update")] == ["state 0", "everybody's"]
    assert len(slack.messages["C1"]) == 1


async def test_an_answer_that_comes_at_once_is_posted_whole_and_never_edited(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.show(say("a state"))
    await answer.finish(PUBLIC)
    assert [m["text"] for m in slack.sent("chat.postMessage")] == ["everybody's"]
    assert not slack.sent("chat.update")


async def test_an_answer_that_takes_a_while_shows_the_state_that_it_is_in(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.show(say("a state"))
    await answer.hold()
    assert [m["text"] for m in slack.sent("chat.postMessage")] == ["a state"]


async def test_an_answer_that_is_broken_off_takes_its_first_word_back_and_says_so(
    slack: StubSlack, api: SlackApi
) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.hold()
    await answer.break_off()
    assert len(slack.sent("chat.delete")) == 1
    (told,) = slack.sent("chat.postEphemeral")
    assert told["user"] == "U1" and "Please ask again" in told["text"]


async def test_what_was_shown_of_a_repeated_event_is_taken_back(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.hold()
    await answer.finish(None)
    assert len(slack.sent("chat.delete")) == 1


async def test_a_private_answer_in_a_direct_conversation_stands_where_the_first_word_stood(
    slack: StubSlack, api: SlackApi
) -> None:
    answer = _answer(api, Route("message", "DU1", "U1", "@U1"), is_private=True)
    await answer.hold()
    await answer.finish(PRIVATE)
    assert slack.sent("chat.update")[0]["text"] == "yours"
    assert not slack.sent("chat.delete")


async def test_an_update_that_fails_becomes_a_new_message(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("click", "C1", "U1", "C1", url=slack.url(), clicked="4.4"))
    await answer.hold()
    slack.fail("chat.update", "message_not_found")
    await answer.finish(PUBLIC)
    assert slack.responses[0]["response_type"] == "in_channel"


async def test_nothing_is_shown_of_a_private_answer_in_a_channel(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(api, Route("message", "C1", "U1", "C1", reply_in="1.1"), is_private=True)
    await answer.hold()
    await answer.show(say("secret"))
    assert not slack.calls


async def test_messages_in_one_channel_keep_their_distance() -> None:
    pacer, loop = Pacer(every_s=0.1, patience_s=0.15), asyncio.get_running_loop()
    began = loop.time()
    await pacer.turn("C1")
    await pacer.turn("C2")
    assert loop.time() - began < 0.05
    await pacer.turn("C1")
    assert loop.time() - began >= 0.09


@pytest.mark.parametrize("takes_a_while", [False, True])
async def test_what_is_asked_on_a_post_is_answered_below_it_and_the_asker_is_told_in_the_channel(
    slack: StubSlack, api: SlackApi, takes_a_while: bool
) -> None:
    route = Route("click", "C1", "U1", "C1", None, "17.5", slack.url(), "17.5", True)
    answer = _answer(api, route)
    if takes_a_while:
        await answer.hold()
    await answer.finish(PUBLIC)
    assert {m["thread_ts"] for m in slack.sent("chat.postMessage")} == {"17.5"}
    (pointer,) = slack.responses
    assert (pointer["response_type"], pointer.get("thread_ts")) == ("ephemeral", None)
    assert "in the thread" in pointer["text"]


def _hiccup() -> web.Response:
    return web.Response(status=503, text="<html>", content_type="text/html")


MENTION = Route("message", "C1", "U1", "C1", reply_in="5.5")


async def test_a_public_answer_that_meets_a_fault_is_given_once_more(
    slack: StubSlack, api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.client.FAULT_S", 0.01)
    slack.fail("chat.postMessage", _hiccup)
    await _answer(api, MENTION).finish(PUBLIC)
    (message,) = slack.messages["C1"]
    assert message["thread_ts"] == "5.5"
    assert not slack.sent("conversations.open")


async def test_a_public_answer_that_arrived_behind_a_fault_is_found_and_not_repeated(
    slack: StubSlack, api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.client.FAULT_S", 0.01)

    def arrives_unheard() -> web.Response:
        method, body = slack.calls[-1]
        assert method == "chat.postMessage"
        metadata = json.loads(body["metadata"]) if isinstance(body["metadata"], str) else body["metadata"]
        slack.messages["C1"].append({**body, "metadata": metadata, "ts": slack.ts()})
        return _hiccup()

    slack.fail("chat.postMessage", arrives_unheard)
    await _answer(api, MENTION).finish(PUBLIC)
    assert (len(slack.messages["C1"]), len(slack.sent("chat.postMessage"))) == (1, 1)


async def test_where_nothing_can_be_looked_up_an_answer_is_rather_given_twice_than_lost(
    slack: StubSlack, api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.client.FAULT_S", 0.01)
    slack.fail("chat.postMessage", _hiccup)
    slack.fail("conversations.replies", "missing_scope")
    await _answer(api, MENTION).finish(PUBLIC)
    assert len(slack.messages["C1"]) == 1


async def test_it_is_told_where_an_answer_stands(slack: StubSlack, api: SlackApi) -> None:
    for route, is_first in ((Route("message", "C1", "U1", "C1", reply_in="1.1"), True), (_slash(slack), False)):
        told, answer = Told("slack"), _answer(api, route)
        answer.location = told.whereabouts
        await answer.show(LOOKING)
        await answer.hold()
        await answer.finish(ANSWER)
        ref = slack.messages["C1"][-1]["ts"]
        assert told.all == ([("t1", None, ref, False)] if is_first else []) + [("t1", None, ref, True)]
