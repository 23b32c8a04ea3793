"""A moderator looks without joining: a member's progress and the board, but no command that would be their own."""

from __future__ import annotations

from pathlib import Path

from tests.harness import text, world


async def test_a_moderator_who_has_not_joined_sees_a_members_progress_and_the_board(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.start()
        await w.say("ada", "join")
        await w.after(hours=2)
        await w.say("ada", "checkin 45 read two papers")
        seen = await w.say("mo", "progress ada")
        assert seen.title == "Ada's progress" and "Streak 1" in text(seen)
        assert "Ada" in text(await w.say("mo", "leaderboard"))
        own = await w.say("mo", "progress")
        assert own.tone == "error" and "Join the group" in text(own)
        refused = await w.say("mo", "checkin 45 read two papers")
        assert refused.tone == "error" and "`join`" in text(refused)
        assert "`progress`" in text(await w.say("mo", "help"))


async def test_a_guest_sees_neither(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.start()
        await w.say("ada", "join")
        for line in ("progress ada", "leaderboard"):
            refused = await w.say("eve", line)
            assert refused.tone == "error" and "Ada" not in text(refused)
