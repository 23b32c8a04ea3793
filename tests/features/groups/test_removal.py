"""A member is taken out by a moderator; nothing that they did is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.harness import World, text, world
from tests.kit import ROOM, Partner


async def test_a_member_is_removed_after_a_confirmation_is_told_and_may_come_back(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ben", "checkin 30 read")
    asked = await w.say("mo", "cohort remove ben")
    assert asked.title == "Remove Ben from Night owls?"
    assert "Ben" in text(await w.say("mo", "report"))
    await w.say("mo", "cohort remove ben")
    assert "Their record stays" in text(await w.press("mo", "Remove"))
    assert "Ben" not in text(await w.say("mo", "report"))
    assert "A moderator removed you from Night owls" in text(await w.say("ben", "help"))
    await w.say("ben", "join")
    assert "Streak 1" in text(await w.say("ben", "progress"))


async def test_only_moderators_remove_and_only_members_are_removed(w: World) -> None:
    await w.begin("ada", "ben")
    assert "Only moderators can do that" in text(await w.say("ada", "cohort remove ben"))
    assert await w.suggestions("ada", "cohort remove", "member") == []
    assert await w.suggestions("mo", "cohort remove", "member", "b") == ["Ben"]
    assert "is not a member" in text(await w.say("mo", "cohort remove eve"))


async def test_who_has_left_the_workspace_is_named_and_removed_by_two_clicks(tmp_path: Path) -> None:
    partner = Partner(absent={"ben"})
    there: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
    async with world(tmp_path, chat=partner) as w:
        await w.start(**there)
        for who in ("ada", "ben"):
            await w.say(who, "join", **there)
        await w.say("mo", "report", **there)
        looked = await w.press("mo", "Who has left", **there)
        assert "No longer here: Ben." in text(looked) and "Ada" not in text(looked)
        await w.press("mo", "Remove Ben", **there)
        assert "Their record stays" in text(await w.press("mo", "Remove", **there))
        assert "Ben" not in text(await w.say("mo", "report", **there))


async def test_who_was_removed_reads_of_it_once_also_where_the_answer_is_a_refusal(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "cohort remove ben confirm=yes")
    refused = text(await w.say("ben", "progress"))
    assert "That's for members" in refused
    assert "A moderator removed you from Night owls" in refused
    assert "took you out" not in text(await w.say("ben", "progress"))


async def test_joining_again_brings_reminders_back_too(w: World) -> None:
    await w.begin("ben")
    await w.say("ben", "settings reminders=yes")
    await w.say("mo", "cohort remove ben confirm=yes")
    await w.after(days=6)
    assert await w.posts("@ben") == []
    assert "Reminders: on" in text(await w.say("ben", "join"))
