"""Answers that meet faults of Slack: read once where that can be looked up, else said to be there perhaps twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.messages.reply import say
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer
from bot.platforms.slack.channel_access import SlackChannelAccess
from bot.platforms.slack.client import ApiError, Pacer, SlackApi, receive
from bot.platforms.slack.decode import Route
from bot.platforms.slack.people import SlackPeople
from tests.platforms.slack.conftest import Desk
from tests.platforms.slack.stub import BOT_TOKEN, TEAM, StubSlack

PRIVATE, PUBLIC = say("yours").settled("private"), say("everybody's").settled("public")
TWICE = "may see this twice"
Trouble = Callable[[], web.Response]


def fault() -> web.Response:
    return web.Response(status=503, text="<html>", content_type="text/html")


def page() -> web.Response:
    return web.Response(text="<html>All is well</html>", content_type="text/html")


def half() -> web.Response:
    return web.Response(text='{"ok": tr', content_type="application/json")


def nothing() -> web.Response:
    return web.json_response({"ok": True})


def a_list() -> web.Response:
    return web.json_response(["ok"])


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.slack.client.FAULT_S", 0.01)


@pytest.fixture
async def api(slack: StubSlack) -> AsyncIterator[SlackApi]:
    async with aiohttp.ClientSession() as session:
        yield SlackApi(BOT_TOKEN, slack.api_url, session)


def _answer(slack: StubSlack, api: SlackApi, route: Route | None = None) -> SlackAnswer:
    route = route or Route("slash", "C1", "U1", "C1", url=slack.url())
    return SlackAnswer(api, ResponseUrls(api), Pacer(every_s=0.01), route, is_private=False)


@pytest.mark.parametrize("trouble", [fault, page, half])
async def test_a_private_answer_of_which_slack_says_nothing_is_given_again_and_says_so(
    slack: StubSlack, api: SlackApi, trouble: Trouble
) -> None:
    slack.hooks.append(trouble)
    await _answer(slack, api).finish(PRIVATE)
    assert [TWICE in told["text"] for told in slack.responses] == [False, True]
    assert not slack.calls


async def test_a_private_answer_that_is_given_another_way_says_so_too(slack: StubSlack, api: SlackApi) -> None:
    slack.hooks += [fault, fault]
    slack.fail("chat.postEphemeral", fault)
    await _answer(slack, api).finish(PRIVATE)
    assert [TWICE in told["text"] for told in slack.sent("chat.postEphemeral")] == [True, True]


async def test_what_a_response_url_refuses_goes_another_way_and_says_nothing_of_it(
    slack: StubSlack, api: SlackApi
) -> None:
    slack.hooks.append(lambda: web.json_response({"ok": False, "error": "expired_url"}))
    await _answer(slack, api).finish(PRIVATE)
    (told,) = slack.sent("chat.postEphemeral")
    assert TWICE not in told["text"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_an_answer_for_all_is_looked_for_before_it_is_given_again(
    slack: StubSlack, api: SlackApi, arrives: bool
) -> None:
    def unheard() -> web.Response:
        if arrives:
            slack.messages["C1"].append({**slack.responses[-1], "ts": slack.ts()})
        return fault()

    slack.hooks.append(unheard)
    await _answer(slack, api).finish(PUBLIC)
    assert len(slack.responses) == (1 if arrives else 2)
    assert all(json.dumps(told["metadata"]) == json.dumps(slack.responses[0]["metadata"]) for told in slack.responses)


async def test_an_answer_for_all_that_its_url_may_have_taken_is_looked_for_before_it_is_posted(
    slack: StubSlack, api: SlackApi
) -> None:
    def arrives_late() -> web.Response:
        slack.messages["C1"].append({**slack.responses[-1], "ts": slack.ts()})
        return fault()

    slack.hooks += [fault, arrives_late]
    await _answer(slack, api).finish(PUBLIC)
    assert not slack.sent("chat.postMessage")


async def test_a_word_on_an_answer_that_was_found_does_not_say_that_it_may_stand_twice(
    slack: StubSlack, api: SlackApi
) -> None:
    slack.fail("chat.postMessage", fault)
    await _answer(slack, api, Route("click", "C1", "U1", "C1", None, "17.5", slack.url(), "17.5", True)).finish(PUBLIC)
    (pointer,) = slack.responses
    assert "in the thread" in pointer["text"] and TWICE not in pointer["text"]


async def test_an_answer_in_the_place_of_its_message_is_given_again_without_a_word(
    slack: StubSlack, api: SlackApi
) -> None:
    slack.hooks.append(fault)
    await _answer(slack, api, Route("click", "C1", "U1", "C1", url=slack.url(), clicked="4.4")).finish(
        replace(PUBLIC, replaces=True)
    )
    assert [(told["replace_original"], TWICE in told["text"]) for told in slack.responses] == [(True, False)] * 2


async def test_a_first_word_that_is_not_taken_back_is_taken_back_once_more(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(slack, api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.hold()
    slack.fail("chat.delete", fault)
    await answer.finish(PRIVATE)
    assert len(slack.sent("chat.delete")) == 2


async def test_a_passing_state_that_is_not_taken_is_left_out(slack: StubSlack, api: SlackApi) -> None:
    answer = _answer(slack, api, Route("message", "C1", "U1", "C1", reply_in="1.1"))
    await answer.hold()
    slack.fail("chat.update", fault)
    await answer.show(say("a state"))
    assert len(slack.sent("chat.update")) == 1


@pytest.mark.parametrize("trouble", [nothing, a_list, half, page])
async def test_nonsense_is_a_fault_of_which_nobody_knows_what_was_done(
    slack: StubSlack, api: SlackApi, trouble: Trouble
) -> None:
    slack.fail("chat.postMessage", trouble)
    with pytest.raises(ApiError) as found:
        print((await receive(api.posts.chat_postMessage(channel="C1", text="x")))["ts"])
    assert found.value.is_unsure


async def test_who_and_what_slack_says_nothing_of_is_no_member_and_no_public_channel(
    slack: StubSlack, api: SlackApi
) -> None:
    people = SlackPeople(api, TEAM, "Acme")
    slack.fail("users.info", nothing)
    assert (await people.account("U1", "ada", TEAM, within_s=2)).is_unproven
    slack.fail("conversations.info", lambda: web.json_response({"ok": True, "channel": {}}))
    with pytest.raises(ApiError):
        await SlackChannelAccess(api, people)._fetch_channel("C1")


@pytest.mark.parametrize("trouble", [fault, half, page])
async def test_a_form_that_slack_may_have_opened_is_tried_again_and_then_there(desk: Desk, trouble: Trouble) -> None:
    desk.slack.fail("views.open", trouble)
    desk.slack.fail("views.open", "exchanged_trigger_id")
    await desk.ada.slash("checkin")
    await desk.slack.until(lambda: len(desk.slack.sent("views.open")) == 2)
    await desk.slack.until(lambda: not desk.platform._link or not desk.platform._link.service._tasks)
    assert not desk.slack.responses and not desk.slack.messages["C1"]


async def test_a_form_that_slack_does_not_open_in_time_is_offered_by_a_button(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.form.OPEN_S", 0.05)
    desk.slack.delay["views.open"] = 0.2
    await desk.ada.slash("checkin")
    await desk.slack.until(lambda: desk.slack.responses)
    assert "actions" in str(desk.slack.responses[0]["blocks"])
