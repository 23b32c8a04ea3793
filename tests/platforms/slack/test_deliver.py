"""Posts from the outbox: sent once, found again, and refused with a reason."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.chat.platform import DeliveryUnknown, Gone, Later, PersonGone, Post, ThreadGone, TokenRejected
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, say
from bot.platforms.slack.client import Pacer, SlackApi
from bot.platforms.slack.deliver import Delivery
from tests.platforms.slack.stub import BOT_TOKEN, StubSlack

TAG = "abcdefghijklmnopqrst"
REPLY = say(f"Good morning {markup.ping('U1ADA', 'ada')} <!here>", buttons=(Button("Check in", Call("checkin")),))
POST = Post("k1", TAG, "post", Place("slack", "T1", "C1"), REPLY)


@pytest.fixture
async def delivery(slack: StubSlack) -> AsyncIterator[Delivery]:
    async with aiohttp.ClientSession() as session:
        api = SlackApi(BOT_TOKEN, slack.api_url, session)
        yield Delivery(api, Pacer(every_s=0.01), {}, OrderedDict())


def _status(status: int, headers: dict[str, str] | None = None) -> Any:
    return lambda: web.Response(status=status, text="<html>", content_type="text/html", headers=headers)


def _dropped() -> web.Response:
    raise ConnectionResetError


async def test_a_post_carries_its_tag_and_the_only_live_mention(slack: StubSlack, delivery: Delivery) -> None:
    sent = await delivery.deliver(replace(POST, thread_title="Unit 1"), again=False)
    (message,) = slack.messages["C1"]
    assert (sent.ref, sent.thread) == (message["ts"], message["ts"])
    assert message["metadata"] == {"event_type": "trailmate_post", "event_payload": {"tag": TAG}}
    assert message["blocks"][0]["text"]["text"] == "Good morning <@U1ADA> &lt;!here&gt;"
    assert message["blocks"][1]["elements"][0]["action_id"] == f"b0~{TAG}"
    assert message["unfurl_links"] is False and "<@" not in message["text"]


async def test_a_post_that_may_stand_already_is_looked_up_first(slack: StubSlack, delivery: Delivery) -> None:
    first = await delivery.deliver(POST, again=False)
    for n in range(20):
        slack.messages["C1"].append({"ts": f"1790000001.{n:06d}", "text": "chatter"})
    found = await delivery.deliver(POST, again=True)
    assert (found.ref, found.was_there, first.was_there) == (first.ref, True, False)
    assert len(slack.sent("chat.postMessage")) == 1
    look = slack.sent("conversations.history")[0]
    assert (look["limit"], look["include_all_metadata"]) == ("15", "1")


async def test_a_post_that_does_not_stand_is_sent_after_the_look(slack: StubSlack, delivery: Delivery) -> None:
    await delivery.deliver(POST, again=True)
    assert len(slack.messages["C1"]) == 1


async def test_a_post_in_a_thread_is_looked_up_in_it(slack: StubSlack, delivery: Delivery) -> None:
    post = replace(POST, place=Place("slack", "T1", "C1", "9.9"))
    first = await delivery.deliver(post, again=False)
    assert slack.messages["C1"][0]["thread_ts"] == "9.9"
    assert (await delivery.deliver(post, again=True)).ref == first.ref
    assert slack.sent("conversations.replies")


@pytest.mark.parametrize("error", ["thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"])
async def test_a_thread_that_takes_nothing_is_not_the_channels_fault(
    slack: StubSlack, delivery: Delivery, error: str
) -> None:
    slack.fail("chat.postMessage", error)
    with pytest.raises(ThreadGone, match="thread"):
        await delivery.deliver(replace(POST, place=Place("slack", "T1", "C1", "9.9")), again=False)
    assert slack.messages["C1"] == []


async def test_only_the_thread_is_left_to_open(slack: StubSlack, delivery: Delivery) -> None:
    sent = await delivery.deliver(replace(POST, thread_title="Unit 1", sent_ref="5.5"), again=False)
    assert (sent.ref, sent.thread) == ("5.5", "5.5") and not slack.calls


async def test_a_direct_message_opens_its_conversation_once(slack: StubSlack, delivery: Delivery) -> None:
    post = replace(POST, place=Place("slack", "T1", "@U1ADA"))
    await delivery.deliver(post, again=False)
    await delivery.deliver(replace(post, tag="other"), again=False)
    assert len(slack.sent("conversations.open")) == 1
    assert len(slack.messages["DU1ADA"]) == 2


async def test_a_public_channel_is_joined_when_it_is_posted_to(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("chat.postMessage", "not_in_channel")
    await delivery.deliver(POST, again=False)
    assert slack.sent("conversations.join")[0]["channel"] == "C1" and len(slack.messages["C1"]) == 1


async def test_a_channel_that_cannot_be_joined_is_gone_until_i_am_invited(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("chat.postMessage", "not_in_channel")
    slack.fail("conversations.join", "method_not_supported_for_channel_type")
    with pytest.raises(Gone, match="/invite"):
        await delivery.deliver(POST, again=False)


@pytest.mark.parametrize(
    "error", ["channel_not_found", "is_archived", "token_revoked", "missing_scope", "restricted_action"]
)
async def test_what_a_person_must_mend_is_gone_with_the_mend(slack: StubSlack, delivery: Delivery, error: str) -> None:
    slack.fail("chat.postMessage", error)
    with pytest.raises(Gone) as gone:
        await delivery.deliver(POST, again=False)
    assert gone.value.reason.endswith(".")


async def test_a_direct_message_and_an_edit_wait_for_a_token(slack: StubSlack, delivery: Delivery) -> None:
    direct = replace(POST, place=Place("slack", "T1", "@U9"))
    edit = replace(POST, action="edit", ref="1.1")
    for post, method in ((direct, "conversations.open"), (edit, "chat.update")):
        slack.fail(method, "token_revoked")
        with pytest.raises(TokenRejected):
            await delivery.deliver(post, again=False)


@pytest.mark.parametrize("error", ["user_not_found", "cannot_dm_bot", "user_disabled"])
async def test_a_person_who_cannot_be_written_to_is_gone(slack: StubSlack, delivery: Delivery, error: str) -> None:
    slack.fail("conversations.open", error)
    with pytest.raises(Gone):
        await delivery.deliver(replace(POST, place=Place("slack", "T1", "@U9")), again=False)


@pytest.mark.parametrize("error", ["user_not_found", "user_disabled"])
async def test_a_person_who_is_not_in_the_workspace_has_left(slack: StubSlack, delivery: Delivery, error: str) -> None:
    slack.fail("conversations.open", error)
    with pytest.raises(PersonGone):
        await delivery.deliver(replace(POST, place=Place("slack", "T1", "@U9")), again=False)


async def test_a_limit_asks_to_wait_as_long_as_slack_says(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("chat.postMessage", _status(429, {"Retry-After": "17"}))
    with pytest.raises(Later) as later:
        await delivery.deliver(POST, again=False)
    assert later.value.after_s == 17


@pytest.mark.parametrize("failure", [_status(500), _status(503), _dropped, "internal_error"])
async def test_what_may_have_arrived_is_unsure_and_never_sent_twice_by_itself(
    slack: StubSlack, delivery: Delivery, failure: Any
) -> None:
    slack.fail("chat.postMessage", failure)
    with pytest.raises(DeliveryUnknown):
        await delivery.deliver(POST, again=False)
    assert len(slack.sent("chat.postMessage")) == 1


async def test_a_slack_that_cannot_be_reached_was_sent_nothing(slack: StubSlack, delivery: Delivery) -> None:
    await slack.stop()
    with pytest.raises(Later):
        await delivery.deliver(POST, again=False)


async def test_a_look_up_that_is_limited_asks_to_wait(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("conversations.history", _status(429, {"Retry-After": "60"}))
    with pytest.raises(Later):
        await delivery.deliver(POST, again=True)


async def test_a_message_of_ours_that_slack_refuses_is_a_fault(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("chat.postMessage", "invalid_blocks")
    with pytest.raises(RuntimeError, match="invalid_blocks"):
        await delivery.deliver(POST, again=False)


async def test_edits_and_deletions_go_to_their_message(slack: StubSlack, delivery: Delivery) -> None:
    await delivery.deliver(replace(POST, action="edit", ref="5.5"), again=False)
    await delivery.deliver(replace(POST, action="delete", ref="5.5"), again=True)
    assert slack.sent("chat.update")[0]["ts"] == "5.5"
    assert slack.sent("chat.delete")[0]["ts"] == "5.5"
    assert not slack.sent("conversations.history")


async def test_a_message_that_somebody_took_away_needs_no_edit(slack: StubSlack, delivery: Delivery) -> None:
    slack.fail("chat.update", "message_not_found")
    slack.fail("chat.delete", "message_not_found")
    assert (await delivery.deliver(replace(POST, action="edit", ref="5.5"), again=False)).ref == "5.5"
    assert (await delivery.deliver(replace(POST, action="delete", ref="5.5"), again=False)).ref == "5.5"
