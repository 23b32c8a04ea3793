"""What a group's posts show of all together: the board at the end, a goal, or neither; and who hides the board."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.features.schedule.group_summary import Goal
from bot.features.schedule.wording import explain_goal
from bot.messages.reply import Image, Table, say
from tests.harness import MONDAY, World, text

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("kept", "of", "told"),
    [
        (0, 50, "▱▱▱▱▱▱▱▱▱▱ 0 of 50 completed in this part (50 is 75 % of 11 units × 6 members)"),
        (38, 50, "▰▰▰▰▰▰▰▱▱▱ 38 of 50 completed in this part (50 is 75 % of 11 units × 6 members)"),
        (49, 50, "▰▰▰▰▰▰▰▰▰▱ 49 of 50 completed in this part (50 is 75 % of 11 units × 6 members)"),
        (53, 50, "▰▰▰▰▰▰▰▰▰▰ 50 of 50 completed in this part · goal reached 🎉 (50 is 75 % of 11 units × 6 members)"),
    ],
)
def test_a_goal_is_a_bar_and_numbers_and_full_only_when_it_is_reached(kept: int, of: int, told: str) -> None:
    assert say(explain_goal(Goal(kept, of, 66, 11, 6))).plain() == told


def test_a_goal_to_which_not_every_unit_counts_for_everybody_says_so() -> None:
    told = "(27 is 75 % of 35 check-ins)"
    assert say(explain_goal(Goal(3, 27, 35, 7, 6))).plain() == f"▰▱▱▱▱▱▱▱▱▱ 3 of 27 completed in this part {told}"


async def test_whoever_comes_in_late_adds_no_unit_to_the_goal_that_they_cannot_keep(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve")
    await w.say("mo", "cohort edit channel_shows=goal confirm=yes")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    await w.say("fay", "join")
    await w.after(minutes=2)
    assert "of 31 completed in this part" in text((await w.posts())[-1])


async def test_a_group_that_chose_a_goal_sees_it_grow_in_its_post_and_no_board_at_its_end(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve")
    assert "Posts show: who checked in, and the group's goal" in text(
        await w.say("mo", "cohort edit channel_shows=goal")
    )
    await w.press("mo", "Confirm")
    assert "Posts show: who checked in, and the group's goal" in text(await w.say("mo", "cohort status"))
    await w.say("ada", "checkin 30 read")
    await w.after(minutes=2)
    goal = "1 of 5 checked in ●○○○○ A ▱▱▱▱▱▱▱▱▱▱ 1 of 27 completed in this part Do "
    assert goal in text((await w.posts())[-1])
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    await w.say("ada", "checkin 30 read")
    await w.after(minutes=2)
    assert "▱▱▱▱▱▱▱▱▱▱ 2 of 27 completed in this part" in text((await w.posts())[-1])
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    last = (await w.posts())[-1]
    assert "▰▰▱▱▱▱▱▱▱▱ 2 of 8 completed in this part" in text(last) and "Longest streaks" not in text(last)
    assert not any(isinstance(block, Table) for block in last.blocks)
    assert "Leaderboard" not in [button.label for button in last.buttons]


async def test_a_group_that_chose_neither_sees_neither(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", "cohort edit channel_shows=nothing confirm=yes")
    assert "Posts show: no counts, no names" in text(await w.say("mo", "cohort status")), "as it is typed"
    await w.say("ada", "checkin 30 read")
    assert "with the final leaderboard" not in text(await w.say("mo", "cohort end"))
    await w.press("mo", "End group")
    await w.tick()
    first, last = (await w.posts())[-2:]
    assert "completed in this part" not in text(first) + text(last)
    assert not any(isinstance(block, Table) for block in last.blocks)


async def test_no_text_of_a_group_that_shows_neither_speaks_of_a_board_or_a_goal(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve")
    await w.say("mo", "cohort edit channel_shows=nothing confirm=yes")
    read = [text(await w.say("mo", "join"))]
    for week in range(1, 5):
        read += [text(await w.say(who, "checkin 30 read")) for who in ("ben", "cy", "dev", "eve", "ada")]
        read += [text(await w.press("ada", "Share")), text(await w.say("ada", f"thanks member=ben for=help{week}"))]
        await w.to(MONDAY + week * WEEK + timedelta(hours=2))
    read += [text(await w.say("ada", line)) for line in ("progress", "certificate", "home", "buddies")]
    read.append(text(await w.say("mo", "digest")))
    read += [text(await w.say("mo", "cohort remove eve")), text(await w.say("eve", "leave"))]
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    posts = [text(post) for post in await w.posts()]
    recap = text((await w.threads())[-1][1][-1])
    assert "Thanks to Ben" in recap and "Thanks to" not in posts[-1], "told once"
    assert "I've completed four units!" in " ".join(text(one) for _, all in await w.threads() for one in all)
    spoken = [one for one in (*read, *posts) if re.search(r"leaderboard|(?:the|final) board|\bgoal\b|this part", one)]
    assert spoken == []


async def test_whoever_hides_the_board_is_shown_none_until_they_want_it_back(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "leaderboard")
    assert "Show me the leaderboard: off" in text(await w.press("ada", "Hide leaderboard"))
    hidden = await w.say("ada", "leaderboard")
    assert "You've hidden the leaderboard." in text(hidden) and "Ben" not in text(hidden)
    for line in ("progress", "home", "checkin 30 read"):
        reply = await w.say("ada", line)
        assert not any(isinstance(block, Table) for block in reply.blocks)
        assert "rank" not in text(reply).lower() and "Leaderboard" not in [button.label for button in reply.buttons]
    assert any(isinstance(block, Image) for block in (await w.say("ben", "leaderboard")).blocks)
    await w.press("ada", "Show leaderboard", of=hidden)
    assert "Ben" in text(await w.say("ada", "leaderboard"))
