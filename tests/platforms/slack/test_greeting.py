"""The hello to whoever has invited the bot to a channel."""

from __future__ import annotations

from bot.commands.context import Place
from tests.platforms.slack.conftest import Desk


async def test_whoever_invites_the_bot_is_greeted_alone_and_once(desk: Desk) -> None:
    invited = {"user": "U0BOT", "channel": "C2", "inviter": "U1ADA"}
    await desk.ada.happens("member_joined_channel", **invited)
    (hello,) = await desk.slack.until(lambda: desk.slack.sent("chat.postEphemeral"))
    assert (hello["channel"], hello["user"], hello["text"]) == ("C2", "U1ADA", "Hello")
    await desk.ada.happens("member_joined_channel", user="U0BOT", channel="C3")  # by itself
    await desk.ada.happens("member_joined_channel", user="U1ADA", channel="C3", inviter="U2BOB")
    await desk.ada.happens("member_joined_channel", **invited)
    await desk.slack.until(lambda: len(desk.let_in) == 2)
    assert desk.let_in == [(Place("slack", "T1", "C2"), Place("slack", "T1", "C2"))] * 2
    assert len(desk.slack.sent("chat.postEphemeral")) == 1


async def test_a_hello_that_slack_does_not_take_was_not_said(desk: Desk) -> None:
    desk.slack.fail("chat.postEphemeral", "user_not_in_channel")
    await desk.ada.happens("member_joined_channel", user="U0BOT", channel="C2", inviter="U1ADA")
    await desk.slack.until(lambda: desk.told)
    assert desk.told == [(Place("slack", "T1", "C2"), False)]
    await desk.ada.happens("member_joined_channel", user="U0BOT", channel="C2", inviter="U1ADA")
    await desk.slack.until(lambda: len(desk.told) == 2)
    assert desk.told[-1] == (Place("slack", "T1", "C2"), True)
