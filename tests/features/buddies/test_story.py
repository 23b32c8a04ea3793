"""Buddies over the weeks: who is paired with whom, what each is written of it and when, and what they say."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.features import command_links
from bot.features.people.tables import AccountRow
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.platforms.discord import render as discord
from bot.platforms.slack import render as slack
from tests.features.quiz.player import answer, posed
from tests.features.test_hostile_words import EVIL
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
SUNDAY = NINE + timedelta(days=6)
WEEK = timedelta(weeks=1)
MINUTE = timedelta(minutes=1)
NAMES = re.compile(r"\b(?:Ada|Ben|Cleo|Dan|Eve)\b")


async def join(w: World, *people: str) -> None:
    """Have people join and want a buddy."""
    for who in people:
        await w.say(who, "join")
        assert (await w.say(who, "buddies on")).tone == "good"


def kind(reply: Reply) -> str:
    """Return what a private message is for."""
    said = text(reply)
    match reply.title:
        case "Your buddy" | "Your two buddies":
            return "has"
        case "Buddies paused":
            return "rests"
        case "":
            return (
                "nudge"
                if "ready to review. It takes" in said
                else "met?"
                if said.startswith("Did you meet")
                else "alone"
            )
        case _:
            return "reminder" + (", met?" if "Did you meet" in said else "")


async def told(w: World, who: str) -> list[str]:
    """Return what a member was written: when in UTC, what for, and who is named in it."""
    return [
        f"{message.at:%a %d %H:%M} {kind(message.reply)} {', '.join(NAMES.findall(text(message.reply)))}".strip()
        for message in await w.messages(f"@{who}")
    ]


async def last(w: World, who: str) -> Reply:
    return (await w.posts(f"@{who}"))[-1]


@pytest.mark.nightly
async def test_four_weeks_of_five_people_of_whom_one_is_silent_and_one_away(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben", "cleo", "dan", "eve")
    await w.to(NINE + MINUTE)
    assert "your buddy is Ben. To start Where in code you have" in text(await last(w, "ada"))
    await w.say("ben", "away from=2026-03-09 until=2026-03-15")
    await w.to(SUNDAY + MINUTE)
    await w.press("ada", "We met", of=await last(w, "ada"))
    await w.press("cleo", "We didn't meet", of=await last(w, "cleo"))
    await w.to(SUNDAY + WEEK + MINUTE)
    await w.press("cleo", "We didn't meet", of=await last(w, "cleo"))
    await w.press("eve", "We met", of=await last(w, "eve"))
    await w.to(NINE + 2 * WEEK + MINUTE)
    assert "Weeks can get busy, and that's fine." in text(await last(w, "dan"))
    shown = text(await w.say("dan", "buddies"))
    assert "I've paused your buddies" in shown and "Met:" not in shown
    await w.to(SUNDAY + 2 * WEEK + MINUTE)
    assert "You've met a buddy three times." in text(await w.press("ada", "We met", of=await last(w, "ada")))
    await w.to(NINE + 3 * WEEK + MINUTE)
    await w.press("dan", "Pair me again", of=await last(w, "dan"))
    await w.to(NINE + 4 * WEEK + MINUTE)
    assert (await told(w, "ada"))[:7] == [
        "Mon 02 09:00 has Ben",
        "Sun 08 09:00 met? Ben",
        "Mon 09 09:00 has Eve",
        "Sun 15 09:00 met? Eve",
        "Mon 16 09:00 has Cleo",
        "Sun 22 09:00 met? Cleo",
        "Mon 23 09:00 has Eve",
    ]
    assert (await told(w, "ben"))[:5] == [
        "Mon 02 09:00 has Ada",
        "Sun 08 09:00 met? Ada",
        "Mon 16 09:00 has Eve",
        "Sun 22 09:00 met? Eve",
        "Mon 23 09:00 has Cleo",
    ]
    assert await told(w, "dan") == [
        "Mon 02 09:00 has Cleo, Eve",
        "Sun 08 09:00 met? Cleo, Eve",
        "Mon 09 09:00 has Cleo",
        "Sun 15 09:00 met? Cleo",
        "Mon 16 09:00 rests",
        "Mon 30 09:00 has Ada, Cleo",
    ]


async def test_of_three_each_has_met_who_says_so(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben", "cleo")
    await w.to(SUNDAY + MINUTE)
    await w.press("ada", "We met", of=await last(w, "ada"))
    await w.press("ben", "We didn't meet", of=await last(w, "ben"))
    assert "3 members, 1 met their buddy" in text(await w.say("mo", "report"))
    assert ["Meetings: 1" in text(await w.say(who, "buddies")) for who in ("ada", "ben", "cleo")] == [
        True,
        False,
        False,
    ]


async def test_whoever_loses_their_buddy_has_another_within_a_day_while_the_unit_is_not_half_over(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben", "cleo", "dan")
    await w.to(NINE + timedelta(hours=3))
    await w.say("dan", "away from=2026-03-03 until=2026-03-08")
    await w.to(NINE + timedelta(days=2))
    assert "Your buddies have changed." in text(await last(w, "ben"))
    await w.say("cleo", "buddies off")
    await w.to(SUNDAY + MINUTE)
    assert await told(w, "ada") == ["Mon 02 09:00 has Dan", "Tue 03 08:00 has Ben, Cleo", "Sun 08 09:00 met? Ben"]
    assert await told(w, "ben") == ["Mon 02 09:00 has Cleo", "Tue 03 08:00 has Ada, Cleo", "Sun 08 09:00 met? Ada"]
    assert await told(w, "cleo") == ["Mon 02 09:00 has Ben", "Tue 03 08:00 has Ada, Ben"]
    assert await told(w, "dan") == ["Mon 02 09:00 has Ada"]


@pytest.mark.nightly
async def test_two_who_lose_their_buddies_have_each_other(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben", "cleo", "dan")
    await w.to(NINE + timedelta(hours=3))
    for who in ("cleo", "dan"):
        await w.say(who, "leave")
    await w.to(NINE + timedelta(days=2))
    assert await told(w, "ada") == ["Mon 02 09:00 has Dan", "Tue 03 08:00 has Ben"]
    assert await told(w, "ben") == ["Mon 02 09:00 has Cleo", "Tue 03 08:00 has Ada"]


@pytest.mark.nightly
async def test_whoever_loses_their_buddy_is_told_within_a_day_where_nobody_else_is_there(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben", "cleo", "dan")
    await w.to(NINE + timedelta(days=4))
    await w.say("dan", "leave")
    await w.say("cleo", "buddies off")
    await w.to(NINE + WEEK + MINUTE)
    assert await told(w, "ada") == ["Mon 02 09:00 has Dan", "Fri 06 09:00 alone", "Mon 09 09:00 has Ben"]
    assert await told(w, "ben") == ["Mon 02 09:00 has Cleo", "Fri 06 09:00 alone", "Mon 09 09:00 has Ada"]
    assert len(await told(w, "dan")) == len(await told(w, "cleo")) == 1
    alone = next(post for post in await w.posts("@ada") if "has left or is away" in text(post))
    assert "Dan" not in text(alone)
    forgotten = delete(AccountRow).where(AccountRow.name == "Ben")
    await w.app.database.run(lambda work: work.session.execute(forgotten))
    await w.to(SUNDAY + WEEK + MINUTE)
    assert (await told(w, "ada"))[3:] == ["Tue 10 08:00 alone"]
    assert "For unit 2" not in text(await w.say("ada", "buddies"))


async def test_it_is_the_one_message_of_a_day_within_a_reminder_where_one_comes_and_never_in_quiet_hours(
    w: World,
) -> None:
    await w.start()
    await join(w, "ada", "ben")
    await w.say("ada", "settings reminders=yes")
    await w.say("ben", "settings zone=America/Los_Angeles")
    await w.to(NINE + timedelta(days=4))
    await w.say("ben", "review nudge=daily hour=8am")
    await w.say("ben", "quiz count=1")
    await answer(w, "ben", (await posed(w))[0], right=False)
    await w.to(NINE + WEEK - MINUTE)
    assert await told(w, "ben") == ["Mon 02 16:00 has Ada", "Sat 07 16:00 nudge", "Sun 08 15:00 met? Ada"], "at eight"
    assert "Also: 1 question is ready to review." in text(await last(w, "ben"))
    assert "Ada (8 hours ahead of you)" in text((await w.posts("@ben"))[0])
    assert await told(w, "ada") == ["Mon 02 09:00 has Ben", "Sat 07 21:00 reminder", "Sun 08 18:00 reminder, met? Ben"]
    assert [button.label for button in (await last(w, "ada")).all_buttons][:2] == ["We met", "We didn't meet"]
    await w.press("ada", "We met", of=await last(w, "ada"))
    assert "Meetings: 1" in text(await w.say("ben", "buddies")), "one of two is enough to say so"


async def test_whatever_a_buddy_is_called_stays_words(w: World) -> None:
    await w.start()
    for who in (EVIL, "ben"):
        await w.call(who, Call("join"))
        await w.call(who, Call("buddies", {"wanted": "on"}))
    await w.to(SUNDAY + MINUTE)
    messages = await w.posts("@ben")
    assert len(messages) == 2
    for message in messages:
        drawn = slack.render(message, pings=True)
        sent = json.dumps([b for b in drawn.blocks if b["type"] != "header"], ensure_ascii=False)
        assert "<!channel>" not in sent and "<@U2>" not in sent and "<https://evil" not in sent
        told = json.dumps(discord.message(message), ensure_ascii=False)
        assert "@everyone" not in told and '"users": []' in told


async def test_what_was_queued_is_dropped_when_its_pair_is_none_any_more(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben")
    w.clock.move_to(NINE)
    for _ in range(2):  # paired, and queued
        await w.app.tick.step(w.app.database, NINE)
    await w.say("ben", "buddies off")
    await w.tick()
    assert await told(w, "ada") == await told(w, "ben") == []


async def test_what_was_due_while_the_bot_was_down_comes_once(w: World) -> None:
    await w.start()
    await join(w, "ada", "ben")
    await w.outage(hours=5)
    await w.tick()
    await w.tick()
    assert await told(w, "ada") == ["Mon 02 13:00 has Ben"]
    await w.to(NINE + timedelta(days=3))
    await w.outage(days=3, hours=5)
    for _ in range(3):
        await w.tick()
    assert (await told(w, "ada"))[1:] == ["Sun 08 14:00 met? Ben"]


async def test_a_member_says_what_they_want_and_sees_how_it_stands(w: World) -> None:
    await w.begin("ada", "ben")
    assert "You're not" not in text(await w.say("ada", "buddies"))
    assert "You're first so far." in text(await w.press("ada", "Pair me"))
    assert "So far: two members." in text(await w.say("ben", "buddies on"))
    await w.to(NINE + timedelta(days=2))
    assert await told(w, "ada") == [], "pairs are made as a unit opens"
    assert "I'll make the next pairs on Mon 9 Mar 2026, 09:00 (UTC), when unit 2 opens." in text(
        await w.say("ada", "buddies")
    )
    await w.to(NINE + WEEK + MINUTE)
    assert "Buddy for unit 2: Ben Units with a buddy: 1 I'll make" in text(await w.say("ada", "buddies"))
    assert "Weeks can get busy" in text(await w.press("ada", "We didn't meet"))
    assert "You had no buddy for unit 1." in text(await w.call("ada", command_links.MET.call(unit="1", met=True)))
    assert "Buddies - Unit 2: 2 members, none met their buddy" in text(await w.say("mo", "report"))
    await w.call("ben", command_links.MET.call(unit="2", met=True))
    report = text(await w.say("mo", "report"))
    assert "Buddies - Unit 2: 2 members, 2 met their buddy" in report
    assert "Buddies are off. I'll let your current buddy know." in text(await w.say("ben", "buddies off"))
    assert "For unit 2" not in text(await w.say("ada", "buddies"))


async def test_once_the_season_is_over_nobody_is_offered_a_buddy_nor_called_back(w: World) -> None:
    await w.begin("ada", "ben", "cy", extra="first_unit=58")
    for who in ("ada", "ben"):
        await w.say(who, "buddies on")
    await w.to(MONDAY + timedelta(days=7, hours=2))
    for line in ("buddies", "buddies on", "buddies off"):
        for who in ("ada", "cy"):
            over = await w.say(who, line)
            assert text(over).startswith("Buddies The season is over, so I've stopped making pairs."), line
            assert not over.buttons
            assert "none" not in text(over), "who said nothing of it may well have met theirs"
    report = await w.say("mo", "report")
    assert "Checking in less" not in text(report) and "in a row" not in text(report)
    assert [button.label for button in report.buttons] == ["Digest"]


async def test_buddies_wanted_as_a_unit_opens_are_paired_when_they_are_told(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.to(NINE)
    for who in ("ada", "ben"):
        assert "I'll make the next pairs on Mon 9 Mar 2026, 09:00" in text(await w.say(who, "buddies on"))
    await w.say("ada", "checkin 30 read")
    await w.after(hours=1)
    assert await w.posts("@ada") == []
    await w.to(NINE + WEEK + MINUTE)
    assert "Ben" in text((await w.posts("@ada"))[-1])
