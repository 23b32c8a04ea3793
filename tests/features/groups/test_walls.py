"""Nobody meets a wall: who is refused for want of a role is told who can help, and by which step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.commands import refusals
from bot.commands.command import Command
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.messages.reply import Reply
from bot.runtime.catalogue import registry
from tests.harness import World, text, world

SLACK: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": "C0123456"}
MINE: dict[str, Any] = SLACK | {"room": "C0654321"}
DIRECT: dict[str, Any] = {"platform": "discord", "tenant": None, "room": "@eve"}
STEPS = (
    "`join`",
    "manage edit moderators=@you",
    "run this in that channel",
    "say this in the channel",
    "try again in your group",
)
"""What somebody can do about a refusal, where no button does it."""


def calls() -> list[tuple[Command, Call]]:
    """Return a whole Call of every command that wants a role."""
    wanted = [one for one in registry() if one.role != "anyone"]
    return [(one, Call(one.name, {p.key: p.example for p in one.params if p.required})) for one in wanted]


async def refused(w: World, call: Call, where: dict[str, Any]) -> Reply:
    """Return what Eve is told about a Call; one that opens a form is refused before it."""
    if not w.app.dispatcher.plan(call).opens_form:
        return await w.call("eve", call, **where)
    with pytest.raises(UserError) as caught:
        await w.form("eve", call, **where)
    return refusals.refused(caught.value)


async def test_every_command_that_wants_a_role_tells_a_stranger_who_can_help_or_what_to_do(w: World) -> None:
    places: list[dict[str, Any]] = [{}, {"room": "@eve"}, SLACK, SLACK | {"room": "@eve"}, DIRECT]
    for is_begun in (False, True):
        if is_begun:
            await w.start()
            await w.start(**SLACK)
        for where in places:
            for command, call in calls():
                reply = await refused(w, call, where)
                said = (command.name, where, text(reply))
                is_led_in = is_begun and where in ({}, SLACK) and command.policy.refuses_itself
                assert (reply.tone, reply.audience) == ("plain" if is_led_in else "error", "private"), said
                assert reply.buttons or any(step in text(reply) for step in STEPS), said
                assert not (is_begun and "can start one with" in text(reply)), said
                if is_begun and where in ({}, SLACK) and command.role == "moderator" and not command.policy.founds:
                    assert text(reply).startswith("Only moderators can do that. Mo can do it for you"), said


async def test_who_may_not_start_a_group_is_told_up_to_three_who_can(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_MODERATORS="slack:mo, slack:nobody, discord:mo") as w:
        w.eyes.trusted["T1"] = (("ann", "Ann *of* Acme"), ("bob", "Bob"), ("cleo", "Cleo"))
        assert text(await w.say("eve", "setup", **SLACK)) == (
            "That's for people who manage the workspace. Moderators only manage their own group. Ann *of* "
            "Acme or Bob or Cleo can do it for you, and make you a moderator of a group with `manage edit "
            "moderators=@you`. The bot's operator can let people start groups in their own channels."
        )
        await w.say("mo", "hello", **SLACK)
        assert "Mo or Ann *of* Acme or Bob can do it for you" in text(await w.say("eve", "setup", **SLACK))
        w.eyes.trouble = RuntimeError("away")
        assert "Mo can do it for you" in text(await w.say("eve", "setup", **SLACK))


async def test_where_nothing_runs_the_button_leads_to_who_can_start_it(w: World) -> None:
    assert "There's no group here yet." in text(await w.say("eve", "join"))
    assert text(await w.press("eve", "Start a group")).startswith("That's for people who manage the server")
    await w.say("eve", "hi")
    assert text(await w.press("eve", "Start a group")).startswith("That's for people who manage the server")


async def test_who_made_the_channel_may_start_a_group_there_and_nowhere_else_if_the_settings_say_so(
    tmp_path: Path,
) -> None:
    line = 'cohort create name="Larks" timezone=UTC'
    async with world(tmp_path, TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS="yes") as w:
        w.eyes.owners["C0654321"] = "eve"
        refused = text(await w.say("eve", line, **SLACK))
        assert "In a channel of your own you can do it yourself. Someone who manages the workspace can" in refused
        elsewhere = await w.say("eve", f"{line} channel=C0123456", **MINE)
        assert "Channel: choose one that you created or manage" in text(elsewhere)
        for where in (SLACK | {"room": "@eve"}, DIRECT):
            assert (await w.say("eve", line, **where)).tone == "error"
        w.eyes.trouble = RuntimeError("away")
        assert "I couldn't check whether you're a moderator" in text(await w.say("eve", line, **MINE))
        w.eyes.trouble = None
        assert (await w.say("eve", "setup", **MINE)).tone == "plain"
        assert (await w.say("eve", f"{line} confirm=yes", **MINE)).tone == "good"
        assert (await w.say("eve", "report", **MINE)).title == "Report on Larks"
        moved = await w.say("eve", "cohort edit channel=C0123456", **MINE)
        assert "Channel: choose one that you created or manage" in text(moved)
        assert (await w.say("mo", "cohort edit channel=C0123456", **MINE)).tone == "plain"


async def test_who_made_the_channel_may_start_nothing_by_default(w: World) -> None:
    w.eyes.owners["C0654321"] = "eve"
    assert text(await w.say("eve", "cohort create name=Larks timezone=UTC", **MINE)).startswith(
        "That's for people who manage the workspace"
    )
