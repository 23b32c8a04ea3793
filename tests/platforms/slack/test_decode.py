"""Payloads read without a network."""

from __future__ import annotations

import time

import pytest

from bot.messages.call import Call
from bot.platforms.slack import decode
from bot.platforms.slack.decode import Route
from bot.runtime.catalogue import registry
from tests.examples import sample
from tests.platforms.slack.world import World


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("<@U0BOT> help", Call("help")),
        ("<@U0BOT|trailmate>: help", Call("help")),
        ("", Call("help")),
        (
            "checkin 45 read <https://x.org/a?b=1&amp;c=2|x.org>",
            Call("checkin", {"minutes": "45", "note": "read https://x.org/a?b=1&c=2"}),
        ),
        ("shout a &lt; b &amp;amp; c", Call("shout", {"text": "a < b &amp; c"})),
        ("shout thanks <@U2BOB|bob> in <#C1|study>, <@U3>", Call("shout", {"text": "thanks @bob in #study, @U3"})),
        ("shout write to <mailto:a@b.org|a@b.org>", Call("shout", {"text": "write to a@b.org"})),
    ],
)
def test_text_is_read_through_slacks_own_escapes(text: str, call: Call) -> None:
    assert decode.read_text(World().registry, text, "U0BOT", "mention") == call


@pytest.mark.parametrize(
    "piece", sample([" ", " ,", "a ", "a='b ", 'a="b ', "1 ", "<@U0BO ", "log 45 ", "thanks ", "?", "vs ", "-"], 4)
)
def test_a_message_as_long_as_slack_takes_is_read_in_a_moment(piece: str) -> None:
    text = "x" + piece * (40_000 // len(piece)) + "y"
    began = time.process_time()
    for said in (text, f"log 45{text}", f"checkin 45 {text}"):
        decode.read_text(registry(), said, "U0BOT", "mention")
    assert time.process_time() - began < 3


def test_a_click_on_the_head_of_a_thread_stands_in_the_channel() -> None:
    body = {
        "user": {"id": "U1"}, "channel": {"id": "C1"}, "response_url": "u", "container": {"message_ts": "1.1"},
        "message": {"ts": "1.1", "thread_ts": "1.1"}, "actions": [{"action_id": "b0~tag", "value": "1:help"}],
    }  # a table of data # fmt: skip
    assert decode.click_route(body) == Route("click", "C1", "U1", "C1", None, "1.1", "u", "1.1", True)
    assert decode.clicked_call(body) == Call("help")


def test_direct_conversations_are_named_after_the_person() -> None:
    event = {"channel": "D1", "user": "U1", "ts": "1.1", "channel_type": "im"}
    route = decode.message_route(event)
    assert route.is_direct and route.place("T1").room == "@U1" and route.reply_in is None
    assert decode.slash_route({"channel_id": "D1", "user_id": "U1"}).room == "@U1"


def test_metadata_survives_and_sheds_the_url_before_it_is_too_long() -> None:
    route = Route("click", "C1", "U1", "C1", "1.1", "1.1", "https://h/" + "x" * 200, "2.2")
    call = Call("checkin", {"unit": "7"}, 3)
    assert decode.read_metadata(decode.pack_metadata(call, route)) == (call, route)
    heavy = Call("checkin", {"text": "x" * 2700})
    assert decode.read_metadata(decode.pack_metadata(heavy, route))[1].url == ""
    with pytest.raises(ValueError, match="more than a view holds"):
        decode.pack_metadata(Call("checkin", {"text": "x" * 3000}), route)
    for junk in ("", "[]", "{}", '{"call": "1:x", "route": {"no": 1}}', '{"call": "?", "route": {}}'):
        with pytest.raises(ValueError):
            decode.read_metadata(junk)


def test_people_who_are_named_as_moderators_stay_as_slack_spells_them() -> None:
    from bot.runtime.catalogue import registry

    text = decode.read_text(registry(), "cohort edit moderators=<@U0AB12CD|eve>", "U0BOT", "slash")
    assert text.args == {"moderators": "<@U0AB12CD|eve>"}


def test_a_user_group_is_spelled_as_a_role() -> None:
    line = "cohort edit notify=<!subteam^S0AB12CD|@learners> moderators=<!subteam^S0EF>"
    text = decode.read_text(registry(), line, "U0BOT", "slash")
    assert text.args == {"notify": "<@&S0AB12CD|@learners>", "moderators": "<@&S0EF>"}
