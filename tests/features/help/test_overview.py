"""Where somebody stands in their groups, in one message."""

from __future__ import annotations

from typing import Any

from bot.messages.reply import Reply
from tests.harness import World, text


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.all_buttons]


async def test_a_member_sees_their_week_and_checks_in_from_it(w: World) -> None:
    await w.begin("ada", "ben")
    seen = await w.say("ada", "home")
    assert "Unit 1:" in text(seen) and "You haven't checked in yet this week. Streak 0" in text(seen)
    assert labels(seen) == ["Check in", "Ask", "My groups"]
    await w.press("ada", "Check in", {"minutes": "25", "note": "read"})
    after = await w.say("ada", "home", room="@ada")
    assert "You've checked in. See you in the next unit! 🔥 Streak 1." in text(after) and "Unit 1: ●" in text(after)
    assert labels(after) == ["My progress", "Ask", "My groups"]


async def test_a_moderator_reads_how_their_group_stands_and_a_member_does_not(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 25 read")
    seen = await w.say("mo", "home")
    assert "Night owls, for moderators - 1 of 2 have checked in - Not yet: Ben" in text(seen)
    assert (await w.press("mo", "Report")).title == "Report on Night owls"
    assert "moderators" not in text(await w.say("ben", "home"))


async def test_who_is_in_several_groups_has_a_line_and_a_button_for_each(w: World) -> None:
    await w.begin("ada", "ben")
    await w.start(name="Larks", room="lobby", extra="start=today")
    await w.say("ada", "join", room="lobby")
    await w.after(days=7)
    seen = await w.say("ada", "home")
    assert "Night owls" in text(seen) and "Larks" in text(seen)
    assert labels(seen)[:2] == ["Check in: Night owls", "Check in: Larks"]
    listed = await w.say("ben", "my groups")
    assert "You're in - Night owls in" in text(listed) and "You can join - Larks in" in text(listed)
    assert (await w.press("ben", "Join Larks")).tone == "good"


async def test_who_is_in_no_group_reads_what_they_can_do(w: World) -> None:
    assert "If you can't start one, I'll tell you who can." in text(await w.say("ada", "home"))
    assert labels(await w.say("mo", "home")) == ["Start a group", "Show help"]
    alone: dict[str, Any] = {"platform": "discord", "tenant": None, "room": "@eve"}
    assert "Join one in its channel" in text(await w.say("eve", "home", **alone))
    await w.start(name="Larks", platform="discord", tenant="7", room="71")
    for line, buttons in (("hi", ["Join Larks", "Show help"]), ("groups", ["Join Larks", "Show help"])):
        said = await w.say("eve", line, **alone)
        assert "Larks in " in text(said) and labels(said) == buttons
    w.eyes.hidden["eve"] = {"71"}
    assert "Larks" not in text(await w.say("eve", "hi", **alone))
    await w.begin("ben")
    w.eyes.hidden["chloe"] = {"general"}
    for line in ("home", "groups"):
        assert "Night owls" not in text(await w.say("chloe", line, room="@chloe"))
    assert labels(await w.say("ada", "home")) == ["Join Night owls", "Show help"]
    assert (await w.press("ada", "Join")).title == "You're in Night owls"


async def test_a_member_who_lost_the_room_keeps_their_own_line(w: World) -> None:
    await w.begin("ada", "ben")
    w.eyes.hidden["ada"] = {"general"}
    assert "You haven't checked in yet this week. Streak 0" in text(await w.say("ada", "home", room="@ada"))
