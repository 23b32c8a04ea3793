"""Events through the real socket, bolt and dispatcher, to what Slack is sent back."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.commands.context import Place
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.platforms.slack.answer import FOLLOWS
from tests.platforms.slack.conftest import Desk


def said(message: dict[str, Any]) -> str:
    """Return all that a message shows."""
    return json.dumps(message.get("blocks", []), ensure_ascii=False)


async def test_a_slash_command_is_answered_privately_by_its_response_url(desk: Desk) -> None:
    assert await desk.ada.slash("") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["response_type"] == "ephemeral"
    assert "`/study checkin 45`, ada in Asia/Tokyo." in said(answer)
    assert answer["text"] == "Type `/study checkin 45`, ada in Asia/Tokyo."
    assert not desk.slack.sent("chat.postMessage")


async def test_a_public_answer_is_for_the_channel(desk: Desk) -> None:
    await desk.ada.slash("shout good morning")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["response_type"] == "in_channel"
    assert answer["unfurl_links"] is False
    assert "ada shouts good morning" in said(answer)


async def test_an_error_of_a_public_command_is_private(desk: Desk) -> None:
    await desk.ada.slash("shout boom")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["response_type"] == "ephemeral"
    assert "no such thing" in said(answer)


async def test_a_slash_command_in_a_direct_conversation_is_private_and_placed_there(desk: Desk) -> None:
    await desk.ada.slash("help", channel="D77")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert answer["channel"] == "D77" and not desk.slack.responses, "it stays where only the two of them read"
    assert desk.world.invocations[0].place.room == "@U1ADA"


@pytest.mark.parametrize("line", ["help", "shout hello"])
async def test_what_is_typed_between_two_people_is_answered_to_its_writer_alone(desk: Desk, line: str) -> None:
    desk.slack.fail("chat.postMessage", "channel_not_found")
    await desk.ada.slash(line, channel="D5")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["response_type"] == "ephemeral"


async def test_hostile_words_are_dead_in_every_part_of_a_message(desk: Desk) -> None:
    await desk.ada.slash("shout &lt;!channel&gt; <!here> <@U2BOB|bob> <#C1|x> *loud* @everyone")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    for part in (answer["text"], said(answer)):
        assert "<!" not in part and "<@" not in part and "<#" not in part
    assert answer["blocks"][0]["text"]["verbatim"] is True


async def test_a_mention_is_answered_in_its_thread(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> shout hello &amp; goodbye")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    invocation = desk.world.invocations[0]
    assert invocation.key == f"slack:T1:C1:{answer['thread_ts']}"
    assert invocation.at is not None and invocation.at.timestamp() == float(answer["thread_ts"])
    assert invocation.place.thread is None
    assert "hello &amp; goodbye" in said(answer)


async def test_a_private_answer_to_a_mention_is_seen_by_its_author_alone(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> help", thread_ts="1.5")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert (answer["user"], answer["thread_ts"], answer["channel"]) == ("U1ADA", "1.5", "C1")
    assert desk.world.invocations[0].place.thread == "1.5"


async def test_a_private_answer_to_a_mention_in_the_channel_stands_in_the_channel(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> checkin 45 read")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert (answer["user"], answer.get("thread_ts"), answer["channel"]) == ("U1ADA", None, "C1")
    assert not desk.slack.sent("chat.postMessage")


async def test_what_is_neither_command_nor_question_is_never_published(desk: Desk) -> None:
    for line in ("sick this week, surgery on Tuesday", "thanks!", "remind everyone", "frobnicate"):
        await desk.ada.slash(line)
        await desk.ada.say(f"<@U0BOT> {line}")
        await desk.ada.say(f"<@U0BOT> {line}", thread_ts="1.5")
    whispered = await desk.slack.until(
        lambda: len(found := desk.slack.responses + desk.slack.sent("chat.postEphemeral")) == 12 and found
    )
    assert all("Heard: " in said(one) for one in whispered)
    assert {response["response_type"] for response in desk.slack.responses} == {"ephemeral"}
    assert not desk.slack.sent("chat.postMessage")


async def test_a_question_by_slash_is_for_the_asker_and_one_by_mention_for_the_thread(desk: Desk) -> None:
    desk.world.gate.open.set()
    await desk.ada.slash("what is attention?")
    await desk.slack.until(lambda: any("For you alone" in said(response) for response in desk.slack.responses))
    assert {response["response_type"] for response in desk.slack.responses} == {"ephemeral"}
    await desk.ada.say("<@U0BOT> what is attention?")
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))


async def test_a_command_in_a_thread_is_understood_with_its_slash(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> /study checkin 20 did some", thread_ts="1.5")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert "Logged 20 minutes: did some" in said(answer)


async def test_a_mention_and_its_message_are_one_event(desk: Desk) -> None:
    for kind in ("app_mention", "message", "app_mention"):
        await desk.ada.say("<@U0BOT> shout once", kind=kind, ts="5.5")
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    await asyncio.sleep(0.1)
    assert len(desk.slack.sent("chat.postMessage")) == 1


async def test_a_direct_message_is_answered_there_with_a_button_for_its_form(desk: Desk) -> None:
    await desk.ada.say("checkin", channel="D9", kind="message")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert answer["channel"] == "D9" and answer.get("thread_ts") is None
    assert answer["blocks"][-1]["elements"][0]["value"] == "1:checkin!"


async def test_a_direct_message_with_a_file_is_heard_and_its_file_is_the_link(desk: Desk) -> None:
    files = [{"id": "F1", "permalink": "https://acme.slack.com/files/U1ADA/F1/notes.pdf"}, {"id": "F2"}]
    more: dict[str, Any] = {"channel": "D9", "kind": "message", "subtype": "file_share", "files": files}
    await desk.ada.say("present 25 read two papers", **more)
    await desk.ada.say("present 25 mine link=https://x.org", **more)
    await desk.ada.say("<@U0BOT> present 25", files=[{**files[0], "name": "notes.pdf"}])
    await desk.slack.until(lambda: len(desk.world.invocations) == 3)
    assert {invocation.call.args["note"]: invocation.call.args["link"] for invocation in desk.world.invocations} == {
        "read two papers": files[0]["permalink"] + "#direct-message",
        "mine": "https://x.org",
        "notes.pdf": files[0]["permalink"],
    }


async def test_a_mention_that_is_put_in_soon_after_or_sent_on_to_the_channel_is_heard_once(desk: Desk) -> None:
    ts = "1790000100.000001"
    await desk.ada.say("<@U0BOT> shout soon", ts=ts, edited={"user": "U1ADA", "ts": "1790000130.000000"})
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    await desk.ada.say("<@U0BOT> shout soon!", ts=ts, edited={"user": "U1ADA", "ts": "1790000140.000000"})
    await desk.ada.say("<@U0BOT> shout late", ts="1790000101.000001", edited={"ts": "1790000190.000000"})
    await desk.ada.say("<@U0BOT> shout both", thread_ts="1.5", subtype="thread_broadcast")
    await desk.slack.until(lambda: len(desk.slack.sent("chat.postMessage")) == 2)
    await asyncio.sleep(0.1)
    assert ["soon" in said(m) or "both" in said(m) for m in desk.slack.sent("chat.postMessage")] == [True, True]


async def test_an_edit_that_names_the_bot_is_heard_once(desk: Desk) -> None:
    said_at, text = "1790000100.000001", "<@U0BOT> shout soon"
    now = {"user": "U1ADA", "text": text, "ts": said_at, "edited": {"user": "U1ADA", "ts": "1790000130.000000"}}
    changed = {"subtype": "message_changed", "hidden": True, "channel": "C1", "channel_type": "channel", "ts": "1.9"}
    for before, after in (("shout soon", now), (text, {**now, "text": f"{text}er"}), ("hm", {**now, "text": "shout"})):
        await desk.ada.happens("message", **changed, message=after, previous_message={**now, "text": before})
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    await desk.ada.say(text, ts=said_at, edited=now["edited"])
    await asyncio.sleep(0.1)
    assert "ada shouts soon" in said(answer) and answer["thread_ts"] == said_at
    assert len(desk.slack.sent("chat.postMessage")) == 1


async def test_what_bots_edits_and_channels_say_is_left_alone(desk: Desk) -> None:
    await desk.ada.say("help", channel="D9", kind="message", bot_id="B2")
    await desk.ada.say("help", channel="D9", kind="message", subtype="message_changed")
    await desk.ada.say("<@U0BOT> help", edited={"user": "U1ADA", "ts": "1.1"})
    await desk.ada.say("help", channel="C1", kind="message")
    await asyncio.sleep(0.1)
    assert not desk.world.invocations


async def test_a_form_opens_and_its_submission_is_answered_where_it_began(desk: Desk) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    view = opened["view"]
    assert [b["block_id"] for b in view["blocks"]] == ["minutes", "note"]
    assert not desk.slack.responses
    assert await desk.ada.submit(view, minutes="1h", note="read <b>") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["response_type"] == "ephemeral"
    assert "Logged 60 minutes: read &lt;b&gt;" in said(answer)


async def test_a_wrong_value_comes_back_on_its_field(desk: Desk) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    refused = await desk.ada.submit(opened["view"], minutes="soon", note="read")
    assert refused["response_action"] == "errors"
    assert refused["errors"] == {"minutes": "“soon” is not a length of time. Example: 45m"}
    too_long = await desk.ada.submit(opened["view"], minutes="800", note="read")
    assert too_long["errors"] == {"minutes": "a day has 720 minutes here."}
    assert not desk.slack.responses


async def test_a_refusal_keeps_the_form_open_with_what_was_typed(desk: Desk) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    refused = await desk.ada.submit(opened["view"], minutes="13", note="read")
    assert refused["errors"] == {"minutes": "Not on this minute."}


async def test_a_form_that_fails_after_it_was_closed_is_offered_again_as_it_was_typed(desk: Desk) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    desk.world.delay_s = 1.8
    assert await desk.ada.submit(opened["view"], minutes="13", note="read two papers") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    button = answer["blocks"][-1]["elements"][0]
    assert "Not on this minute." in said(answer) and button["text"]["text"] == "Try again"
    desk.world.delay_s = 0.0
    await desk.ada.click(button["value"])
    again = (await desk.slack.until(lambda: desk.slack.sent("views.open")[1:]))[0]["view"]
    assert [b["element"].get("initial_value") for b in again["blocks"]] == ["13", "read two papers"]


async def test_typed_values_that_fail_are_offered_again_in_the_form(desk: Desk) -> None:
    await desk.ada.slash("checkin minutes=soon note=read two papers")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    button = answer["blocks"][-1]["elements"][0]
    assert button["text"]["text"] == "Correct it"
    await desk.ada.click(button["value"])
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    filled = {b["block_id"]: b["element"].get("initial_value") for b in opened["view"]["blocks"]}
    assert filled == {"minutes": "soon", "note": "read two papers"}


async def test_a_form_that_no_longer_opens_is_offered_by_a_button(desk: Desk) -> None:
    desk.slack.fail("views.open", "expired_trigger_id")
    await desk.ada.slash("checkin")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["blocks"][-1]["elements"][0]["value"] == "1:checkin!"


async def test_a_click_edits_its_message_where_the_reply_says_so(desk: Desk) -> None:
    await desk.ada.click("1:undo", ts="4.4", is_ephemeral=True)
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["replace_original"] is True
    assert "Taken back." in said(answer)


async def test_a_step_takes_the_place_of_the_one_before_also_by_its_form(desk: Desk) -> None:
    await desk.ada.click("1:step!", ts="4.4", is_ephemeral=True)
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    assert await desk.ada.submit(opened["view"], n="5") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["replace_original"] is True and "Step 5" in said(answer)


@pytest.mark.parametrize("action", ["b0~abcdefghijklmnopqrst", "b0"], ids=["a post", "an answer for all"])
async def test_a_private_answer_never_replaces_what_a_room_reads(desk: Desk, action: str) -> None:
    await desk.ada.click("1:undo", action=action)
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["replace_original"] is False and answer["response_type"] == "ephemeral"


async def test_a_click_in_a_thread_is_answered_in_it(desk: Desk) -> None:
    await desk.ada.click("1:help", ts="4.4", thread="3.3")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert answer["thread_ts"] == "3.3" and answer["response_type"] == "ephemeral"
    assert [invocation.place.thread for invocation in desk.world.invocations] == ["3.3"]


async def test_an_unreadable_button_gets_one_private_sentence(desk: Desk) -> None:
    await desk.ada.click("9:what?is=this")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert "from an older version" in said(answer) and answer["response_type"] == "ephemeral"


async def test_a_button_that_opens_a_page_is_only_acknowledged(desk: Desk) -> None:
    await desk.ada.click(None)
    await asyncio.sleep(0.1)
    assert not desk.slack.responses and not desk.world.invocations


async def test_an_event_that_slack_repeats_is_answered_once(desk: Desk) -> None:
    for _ in range(3):
        await desk.ada.slash("shout once", trigger="77.7")
    await desk.slack.until(lambda: desk.slack.responses)
    await asyncio.sleep(0.1)
    assert len(desk.slack.responses) == 1


async def test_acknowledgement_does_not_wait_for_a_long_answer(desk: Desk) -> None:
    began = asyncio.get_running_loop().time()
    await desk.ada.slash("ask what is attention")
    await desk.ada.say("<@U0BOT> ask what is a query")
    assert asyncio.get_running_loop().time() - began < 1
    (first,) = await desk.slack.until(lambda: desk.slack.responses)
    assert (first["text"], first["response_type"]) == (FOLLOWS.plain(), "ephemeral")
    desk.world.gate.open.set()
    gone, answer = await desk.slack.until(lambda: len(desk.slack.responses) > 2 and desk.slack.responses[1:])
    assert gone == {"delete_original": True}
    assert answer["response_type"] == "in_channel" and "what is attention" in said(answer)


async def test_a_long_answer_to_a_mention_shows_its_states_and_then_itself(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> ask what is a key")
    (first,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert first["text"] == "Reading…"
    desk.world.gate.open.set()
    (update,) = await desk.slack.until(lambda: desk.slack.sent("chat.update"))
    assert update["ts"] == desk.slack.messages["C1"][0]["ts"] and "what is a key" in said(update)


async def test_a_long_answer_that_fails_leaves_no_public_trace(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> ask boom")
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    desk.world.gate.open.set()
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert "Ask again later." in said(answer)
    assert desk.slack.sent("chat.delete")[0]["ts"] == desk.slack.messages["C1"][0]["ts"]


async def test_whoever_waits_for_an_answer_is_told_when_the_bot_stops(desk: Desk) -> None:
    await desk.ada.say("<@U0BOT> ask what is a key")
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    desk.running.cancel()
    (told,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert "Please ask again" in said(told)
    assert len(desk.slack.sent("chat.delete")) == 1


async def test_a_slow_form_is_acknowledged_under_a_second(desk: Desk) -> None:
    call = Call("ask", {}, ask=True)
    await desk.ada.click(call.pack())
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    began = asyncio.get_running_loop().time()
    assert await desk.ada.submit(opened["view"], question="why") is None
    assert asyncio.get_running_loop().time() - began < 1
    desk.world.gate.open.set()
    await desk.slack.until(lambda: any("why" in said(r) for r in desk.slack.responses + desk.slack.sent("chat.update")))


async def test_suggestions_come_from_zones_and_from_commands(desk: Desk) -> None:
    await desk.ada.slash("settings")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    zones = await desk.ada.suggest(opened["view"], "zone", "berl")
    assert zones["options"][0]["value"] == "Europe/Berlin"
    units = await desk.ada.suggest(opened["view"], "unit", "7")
    assert units["options"] == [
        {"text": {"type": "plain_text", "text": "Unit 7 for ada", "emoji": False}, "value": "7"}
    ]
    assert (await desk.ada.suggest(opened["view"] | {"private_metadata": "junk"}, "unit", "7"))["options"] == []
    assert await desk.ada.submit(opened["view"], zone="Europe/Berlin", loud="yes") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert "Zone Europe/Berlin, unit None, loud True." in said(answer)


async def test_a_form_that_the_bot_did_not_open_suggests_nothing_and_is_no_fault(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.ada.slash("settings")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    with caplog.at_level(logging.INFO, "bot"):
        answer = await desk.ada.suggest(opened["view"] | {"private_metadata": "junk"}, "unit", "7")
    assert answer["options"] == []
    assert "asked for suggestions" in caplog.text
    assert "Traceback" not in caplog.text and not [r for r in caplog.records if r.exc_info]


async def test_moderators_are_known_by_their_profile(desk: Desk) -> None:
    await desk.ada.slash("rule")
    await desk.slack.until(lambda: desk.slack.responses)
    await desk.bob.slash("rule")
    await desk.slack.until(lambda: desk.slack.responses[1:])
    assert "moderators" in said(desk.slack.responses[0])
    assert "Done, moderator." in said(desk.slack.responses[1])


async def test_a_fault_is_told_under_a_reference_and_the_next_event_is_answered(desk: Desk) -> None:
    await desk.ada.slash("crash")
    await desk.slack.until(lambda: desk.slack.responses)
    assert "Fault" in said(desk.slack.responses[0])
    await desk.ada.slash("help")
    await desk.slack.until(lambda: desk.slack.responses[1:])


async def test_a_form_acts_for_whoever_sends_it_and_answers_to_them_alone(desk: Desk) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    assert await desk.bob.submit(opened["view"], minutes="1h", note="read") is None
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert answer["channel"] == "U2BOB" and "Logged 60 minutes" in said(answer)
    assert (desk.world.invocations[-1].account.id, desk.world.invocations[-1].place.room) == ("U2BOB", "@U2BOB")
    assert not desk.slack.responses


@pytest.mark.parametrize(
    "forge",
    [
        lambda data: data.replace("U1ADA", "U2BOB"),
        lambda data: data.replace('"C1"', '"C9SECRET"'),
        lambda data: data[22:],
        lambda data: "[" * 2900,
        lambda data: '{"v":1,"call":7,"route":[]}',
        lambda data: "ünread\ud800able",
    ],
    ids=["person", "room", "no seal", "deep", "types", "noise"],
)
async def test_what_a_form_carries_is_believed_only_as_it_was_written(desk: Desk, forge: Any) -> None:
    await desk.ada.slash("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    view = {**opened["view"], "private_metadata": forge(opened["view"]["private_metadata"])}
    refused = await desk.ada.submit(view, minutes="1h", note="read")
    assert refused["errors"]["minutes"].startswith("This form has expired."), "it stays open with what was typed"
    assert not desk.slack.responses and not [
        invocation for invocation in desk.world.invocations if invocation.call.args
    ]


async def test_a_form_from_another_version_is_answered_directly(desk: Desk) -> None:
    view = {"type": "modal", "private_metadata": "{}", "blocks": [], "callback_id": "form"}
    assert await desk.ada.submit(view) is None
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert answer["channel"] == "U1ADA" and "This form has expired." in said(answer)


async def test_nothing_that_people_write_reaches_the_log(desk: Desk, caplog: Any) -> None:
    await desk.ada.slash("shout verysecret boom")
    await desk.slack.until(lambda: desk.slack.responses)
    await desk.ada.say("<@U0BOT> crash verysecret")
    await desk.ada.click("9:verysecret")
    await desk.slack.until(lambda: desk.slack.responses[1:])
    assert "verysecret" not in caplog.text


@pytest.mark.parametrize(("trouble", "told"), [(TryLater("Not now."), "Not now."), (RuntimeError("broken"), "Fault")])
async def test_a_form_that_cannot_be_made_says_why(desk: Desk, monkeypatch: Any, trouble: Exception, told: str) -> None:
    async def form(invocation: Any) -> None:
        raise trouble

    monkeypatch.setattr(desk.world.dispatcher, "form", form)
    await desk.ada.slash("checkin")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert told in said(answer) and answer["response_type"] == "ephemeral"


async def test_a_channel_that_has_the_bot_again_or_is_in_use_again_is_passed_on_as_mended(desk: Desk) -> None:
    assert desk.usable == [Place("slack", "T1", "")]  # at the start
    await desk.ada.happens("member_joined_channel", user="U1ADA", channel="C1")
    await desk.ada.happens("member_joined_channel", user="U0BOT", channel="C2")
    await desk.ada.happens("channel_unarchive", user="U1ADA", channel="C3")
    await desk.ada.happens("group_unarchive", user="U1ADA", channel="G4")
    await desk.slack.until(lambda: len(desk.usable) == 4)
    assert [place.room for place in desk.usable[1:]] == ["C2", "C3", "G4"]
