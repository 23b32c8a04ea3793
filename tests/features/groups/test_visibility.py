"""A group in a room that a person cannot see does not exist for them; what they did themselves stays theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.examples import sample
from tests.harness import MONDAY, World, text, world

pytestmark = pytest.mark.long

OPEN, SECRET, ELSEWHERE = "C0000001", "C0000002", "C0000009"
SLACK: dict[str, Any] = {"platform": "slack", "tenant": "T1", "zone": "UTC"}
DISCORD: dict[str, Any] = {"platform": "discord", "tenant": "111111"}
DIRECT: dict[str, Any] = {"platform": "discord", "tenant": None}
NAME = "Project Redwood layoffs"


async def group(w: World, name: str, room: str, place: dict[str, Any] = SLACK) -> Reply:
    reply = await w.say(
        "mo", f'cohort create name="{name}" timezone=UTC start=today channel={room} confirm=yes', room=room, **place
    )
    assert reply.tone == "good", text(reply)
    await w.after(hours=2)
    return reply


@pytest.fixture
async def two(w: World) -> World:
    """A public group and a secret one, of which Ada is and Eve is not; Eve moderates the public one."""
    await group(w, "Owls", OPEN)
    await group(w, NAME, SECRET)
    await w.say("ada", "join", room=SECRET, **SLACK)
    w.eyes.hidden["eve"] = {SECRET}
    await w.say("mo", "cohort edit moderators=<@eve> confirm=yes", room=OPEN, **SLACK)
    assert "You now moderate a group" in text(await w.say("eve", "hello", room=ELSEWHERE, **SLACK))
    return w


def everything(reply: Reply) -> str:
    return " ".join([reply.title, text(reply), *(b.label for b in reply.buttons)])


async def test_an_outsider_is_told_no_name_and_let_in_nowhere(two: World) -> None:
    unknown = await two.say("eve", "join cohort=zzz", room=ELSEWHERE, **SLACK)
    assert text(unknown) == "I can't find a group named “zzz” here. Groups here: Owls."
    named = await two.say("eve", f'join cohort="{NAME}"', room=ELSEWHERE, **SLACK)
    assert text(named) == f"I can't find a group named “{NAME}” here. Groups here: Owls."
    assert (await two.say("eve", "join", room=ELSEWHERE, **SLACK)).title == "You're in Owls"


@pytest.mark.parametrize(
    "line",
    sample(
        [
            "help",
            "join redwood",
            "join 2",
            "roadmap",
            "topic",
            "leaderboard",
            "progress ada",
            "report",
            "doctor",
            f'report cohort="{NAME}"',
            f'cohort status cohort="{NAME}"',
            f'preview cohort="{NAME}"',
            "settings",
            "ask who?",
        ],
        3,
    ),
)
async def test_nothing_that_an_outsider_says_names_it(two: World, line: str) -> None:
    for room in (ELSEWHERE, OPEN):
        reply = await two.say("eve", line, room=room, **SLACK)
        if NAME not in line:
            assert "Redwood" not in everything(reply)
        assert "Report on Project" not in everything(reply) and "'s progress" not in everything(reply)


@pytest.mark.parametrize(
    "name", sample(["join", "leaderboard", "report", "cohort status", "preview", "progress", "topic"], 3)
)
async def test_a_button_with_the_number_of_a_group_that_is_not_theirs_is_of_no_use(two: World, name: str) -> None:
    reply = await two.call("eve", Call(name, {}, 2), room=ELSEWHERE, **SLACK)
    assert text(reply) == "That group has ended, or you can't see it."


async def test_suggestions_leave_it_out(two: World) -> None:
    assert await two.suggestions("eve", "join", "cohort", room=ELSEWHERE, **SLACK) == ["Owls"]
    assert await two.suggestions("ada", "join", "cohort", room=ELSEWHERE, **SLACK) == ["Owls", NAME]


async def test_doctor_speaks_of_the_groups_that_its_caller_sees_and_moderates(two: World) -> None:
    assert "Redwood" not in everything(await two.say("eve", "doctor", room=OPEN, **SLACK))
    both = everything(await two.say("mo", "doctor", room=OPEN, **SLACK))
    assert "Owls" in both and NAME in both
    await two.say("mo", "cohort edit moderators=<@fay> confirm=yes", room=OPEN, **SLACK)
    assert NAME not in everything(await two.say("fay", "doctor", room=OPEN, **SLACK))


async def test_a_taken_name_tells_nothing_and_a_room_that_is_not_theirs_takes_no_group(two: World) -> None:
    line = f'cohort create name="{NAME}" timezone=UTC confirm=yes channel='
    same = await two.say("eve", line + ELSEWHERE, room=ELSEWHERE, moderator=True, **SLACK)
    assert same.tone == "good"
    there = await two.say("eve", line.replace(NAME, "Spies") + SECRET, room=ELSEWHERE, moderator=True, **SLACK)
    assert "Channel: choose one that you can see" in text(there) and "already meets there" not in text(there)
    moved = await two.say("eve", f"cohort edit channel={SECRET} confirm=yes", room=OPEN, **SLACK)
    assert "Channel: choose one that you can see" in text(moved)


async def test_whoever_sees_two_groups_of_one_name_chooses_by_a_button(two: World) -> None:
    await two.say(
        "eve",
        f'cohort create name="{NAME}" timezone=UTC channel={ELSEWHERE} confirm=yes',
        room=ELSEWHERE,
        moderator=True,
        **SLACK,
    )
    reply = await two.say("ada", f'join cohort="{NAME}"', room=OPEN, **SLACK)
    assert text(reply) == "Which group do you mean?" and len(reply.buttons) == 2


async def test_somebody_who_lost_the_room_keeps_what_is_theirs_alone(two: World) -> None:
    await two.say("ben", "join", room=SECRET, **SLACK)
    two.eyes.hidden["ada"] = {SECRET}
    there = SLACK | {"room": "@ada"}
    assert "Checked in:" in text(await two.say("ada", "checkin 30 at home", **there))
    assert (await two.say("ada", "progress", **there)).title == "Your progress"
    for line in ("leaderboard", "progress ben", f'join cohort="{NAME}"'):
        reply = await two.say("ada", line, **there)
        assert "You can no longer see the channel of" in text(reply)
        assert "Ben" not in everything(reply)
    assert await two.suggestions("ada", "progress", "member", **there) == []
    assert (await two.say("ada", "leave", **there)).title == f"You've left {NAME}"
    back = await two.press("ada", "Join again", **there)
    assert text(back) == "That group has ended, or you can't see it."


async def test_a_member_at_work_costs_the_platform_no_question(two: World) -> None:
    await two.say("ben", "join", room=OPEN, **SLACK)
    await two.say("ben", "leave", room=OPEN, **SLACK)
    await two.say("ben", "join", room=OPEN, **SLACK)
    two.eyes.asked.clear()
    for line in ("checkin 30 read", "progress", "leaderboard", "topic", "help", "ask what is a tensor?", "undo"):
        await two.say("ben", line, room=OPEN, **SLACK)
    for line in ("checkin 30 read", "progress", "topic", "help", "undo"):
        await two.say("ada", line, room="@ada", **SLACK)
    assert two.eyes.asked == []


async def test_where_the_platform_does_not_answer_that_is_said_and_no_name_is(two: World) -> None:
    two.eyes.trouble = RuntimeError("away")
    for who, line in (("eve", f'join cohort="{NAME}"'), ("eve", "join cohort=zzz"), ("ada", "leaderboard")):
        assert text(await two.say(who, line, room=ELSEWHERE, **SLACK)) == (
            "I can't check right now which groups you may see, so I show none. Please try again in a minute."
        )
    assert await two.suggestions("eve", "join", "cohort", room=ELSEWHERE, **SLACK) == []
    assert (await two.say("ada", "leaderboard", room=SECRET, **SLACK)).title == f"Leaderboard: {NAME}"


async def test_a_group_whose_room_is_gone_is_there_for_its_own_people_to_move(two: World) -> None:
    two.eyes.gone.add(SECRET)
    assert "Redwood" not in everything(await two.say("fay", "join zzz", room=OPEN, moderator=True, **SLACK))
    moved = await two.say("mo", f'cohort edit cohort="{NAME}" channel={ELSEWHERE} confirm=yes', room=OPEN, **SLACK)
    assert moved.tone == "good", text(moved)


async def test_a_form_remembers_its_room_and_proves_nothing_by_it(two: World) -> None:
    event = two.invocation("eve", Call("join"), room=SECRET, **SLACK)
    from dataclasses import replace

    async def show(reply: Reply) -> None: ...

    reply = await two.app.dispatcher.answer(replace(event, is_there=False), show)
    assert reply is not None and reply.title == "You're in Owls"


async def test_a_role_moderates_in_direct_messages_too(w: World) -> None:
    await group(w, "Owls", "900001", DISCORD)
    await w.say("mo", "cohort edit moderators=<@&77> confirm=yes", room="900001", **DISCORD)
    there = DIRECT | {"room": "@lea"}
    assert text(await w.say("lea", "report", **there)).startswith("You're not in a group yet.")
    w.eyes.grants[("111111", "lea")] = frozenset({"role:77"})
    assert (await w.say("lea", "report", **there)).title == "Report on Owls"
    assert (await w.call("lea", Call("cohort status", {}, 1), **there)).title == "Owls"
    w.eyes.hidden["lea"] = {"900001"}
    assert text(await w.say("lea", "report", **there)).startswith("You're not in a group yet.")


async def test_a_look_that_takes_too_long_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    async with world(tmp_path, at=MONDAY) as w:
        await group(w, NAME, SECRET)

        async def never(account: Any, rooms: Any) -> Any:
            await asyncio.sleep(30)

        monkeypatch.setattr(w.eyes, "sees", never)
        began = asyncio.get_running_loop().time()
        reply = await w.say("eve", "join", room=ELSEWHERE, **SLACK)
        assert "I can't check right now" in text(reply) and asyncio.get_running_loop().time() - began < 2
