"""One sentence on what somebody will do, and when: kept, changed, shared, and quoted at its hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.call import Call
from bot.messages.errors import NotAllowed, NotFound
from tests.harness import MONDAY, World, text

DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)


async def got(w: World, who: str = "ada") -> list[str]:
    return [f"{m.at:%a %H:%M} {m.reply.title}" for m in await w.messages(f"@{who}")]


async def test_a_pledge_is_shown_back_with_its_time_and_comes_back_then_in_its_own_words(w: World) -> None:
    await w.begin("ada")
    asked = await w.say("ada", "pledge")
    assert text(asked).endswith("What will you do, and when? One sentence is enough. Only you see it.")
    made = await w.press("ada", "Make a plan", {"text": "Read *two* papers @everyone, Wed 7pm"})
    assert "> Read *two* papers @everyone, Wed 7pm" in made.plain()
    assert "I'll message you Wed 4 Mar 2026, 19:00 (UTC). Only you see this" in text(made)
    assert text(await w.say("ada", "pledge")) == text(made)
    change = w.button("ada", "Change time").target
    assert isinstance(change, Call)
    form = await w.form("ada", change)
    assert {field.key: field.value for field in form.fields if field.value} == {"day": "Wed", "at": "19:00"}
    await w.to(DEADLINE - timedelta(minutes=1))
    assert await got(w) == ["Wed 19:00 Your plan"]
    [reminder] = await w.posts("@ada")
    assert "in Night owls you wrote: > Read *two* papers @everyone, Wed 7pm" in text(reminder)
    assert [b.label for b in reminder.buttons] == ["Check in", "Remind me later", "Mute this week"]
    await w.press("ada", "Check in", {"minutes": "45", "note": "read them"}, of=reminder)
    assert w.last["ada"].tone == "good"
    assert "You've already checked in for unit 1. You can make a plan when unit 2 opens." in text(
        await w.say("ada", "pledge more, tonight")
    )
    await w.say("ben", "join")
    await w.say("ben", "checkin 30 read")
    again = await w.say("ben", "pledge")
    assert "You've already checked in for unit 1." in text(again) and not again.buttons


async def test_a_pledge_takes_the_place_of_the_usual_reminders(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for who in ("ada", "ben", "chloe"):
        await w.say(who, "settings reminders=yes")
    assert "19:00" in text(await w.say("ada", "pledge read on, Wed 7pm"))
    assert "so I'll remind you one day before the deadline" in text(await w.say("ben", "pledge read on"))
    await w.to(DEADLINE)
    assert await got(w, "ada") == ["Wed 19:00 Your plan"]
    assert await got(w, "ben") == ["Sat 21:00 Your plan"]
    assert await got(w, "chloe") == ["Sat 21:00 Still open for you", "Sun 18:00 Last reminder for this unit"]


async def test_who_wants_no_reminders_gets_only_the_one_whose_time_they_named(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "dev")
    assert "I couldn't find a time in it, so I won't remind you." in text(await w.say("ada", "pledge read on"))
    assert "That's after the deadline, so I won't remind you." in text(await w.say("ben", "pledge read on, Mon 9am"))
    await w.say("chloe", "pledge read on, Wed 7pm")
    assert "Reminder: off." in text(await w.press("chloe", "Change time", {"day": "never"}))
    await w.say("dev", "pledge read on, Wed 7pm")
    await w.say("dev", "settings reminders=yes")
    await w.say("dev", "settings reminders=no")
    assert "Reminder: off." in text(await w.say("dev", "pledge"))
    await w.press("ada", "Set time", {}, of=await w.say("ada", "pledge read on"))
    assert "Choose a day or a time, for example Wed and 19:00." in text(w.last["ada"])
    await w.press("ada", "Set time", {"day": "Mon", "at": "7:00"}, of=await w.say("ada", "pledge read on"))
    assert "the unit is due Sun 8 Mar 2026, 21:00 (UTC)" in text(w.last["ada"])
    await w.press("ada", "Set time", {"day": "Thu", "at": "18:00"}, of=await w.say("ada", "pledge read on"))
    assert "Thu 5 Mar 2026, 18:00" in text(w.last["ada"])
    await w.to(DEADLINE)
    assert [await got(w, who) for who in ("ada", "ben", "chloe", "dev")] == [["Thu 18:00 Your plan"], [], [], []]


async def test_later_today_is_some_hours_later_or_the_morning_and_not_this_week_is_the_end_of_it(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "pledge read on, Tue 5pm")
    await w.to(MONDAY + timedelta(days=1, hours=9))
    [reminder] = await w.posts("@ada")
    assert "I'll remind you Tue 3 Mar 2026, 20:00" in text(await w.press("ada", "Remind me later", of=reminder))
    await w.to(MONDAY + timedelta(days=1, hours=13, minutes=30))
    later = (await w.posts("@ada"))[-1]
    assert "I'll remind you Wed 4 Mar 2026, 08:00" in text(await w.press("ada", "Remind me later", of=later))
    await w.to(MONDAY + timedelta(days=2, hours=1))
    await w.press("ada", "Mute this week", of=(await w.posts("@ada"))[-1])
    await w.to(DEADLINE - timedelta(minutes=1))
    assert await got(w) == ["Tue 17:00 Your plan", "Tue 20:00 Your plan", "Wed 08:00 Your plan"]
    assert "Reminder: off." in text(await w.say("ada", "pledge"))


async def test_a_reminder_that_waits_is_dropped_with_its_pledge(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "pledge read on, Tue 5pm")
    await w.say("ben", "pledge read on, Tue 5pm")
    w.clock.move_to(MONDAY + timedelta(days=1, hours=9))
    await w.app.tick.step(w.app.database, w.clock.now())
    await w.press("ada", "Delete plan", of=await w.say("ada", "pledge"))
    await w.say("ben", "pledge something else, Wed 5pm")
    await w.tick()
    assert await got(w) == await got(w, "ben") == []


async def test_a_plan_is_written_with_a_day_and_a_time_in_place_of_words(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "pledge")
    made = await w.press("ada", "Make a plan", {"text": "two pages", "day": "Thu", "at": "7pm"})
    assert "> two pages" in made.plain() and "I'll message you Thu 5 Mar 2026, 19:00 (UTC)" in text(made)
    only_day = await w.press("ada", "Edit plan", {"text": "two pages", "day": "Fri"})
    assert "Fri 6 Mar 2026, 19:00" in text(only_day)
    form = await w.form("ada", w.button("ada", "Edit plan").target)
    assert {field.key: field.value for field in form.fields} == {"text": "two pages", "day": "Fri", "at": "19:00"}
    late = await w.press("ada", "Edit plan", {"text": "three pages", "day": "Mon", "at": "07:00"})
    assert "the unit is due Sun 8 Mar 2026, 21:00 (UTC)" in text(late)
    assert "> two pages" in (await w.say("ada", "pledge")).plain(), "nothing of a refused form is stored"
    assert "Reminder: off." in text(await w.press("ada", "Edit plan", {"text": "two pages", "day": "never"}))


async def test_last_weeks_sentence_takes_one_tap(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "pledge two pages, Saturday morning")
    await w.after(weeks=1)
    assert "Last time you wrote: > two pages, Saturday morning" in text(await w.say("ada", "pledge"))
    form = await w.form("ada", w.button("ada", "Make a plan").target)
    assert form.fields[0].value == "two pages, Saturday morning"
    assert "Sat 14 Mar 2026, 09:00" in text(await w.press("ada", "Use it again"))


async def test_a_pledge_is_shared_by_its_member_alone_and_leaves_the_thread_with_it(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "pledge read at *home*, Wed 7pm")
    await w.tick()
    [(_, thread)] = await w.threads()
    assert "home" not in " ".join(map(text, thread))
    made = w.last["ada"]
    await w.press("ada", "Share plan", {"text": "read, Wed 7pm"})
    await w.tick()
    [(_, thread)] = await w.threads()
    assert text(thread[-1]) == "Ada has a plan: > read, Wed 7pm"
    await w.press("ada", "Delete plan", of=await w.say("ada", "pledge"))
    await w.tick()
    [(_, thread)] = await w.threads()
    assert "has a plan:" not in " ".join(map(text, thread))
    with pytest.raises(NotFound, match="You have no plan for unit 1"):
        await w.press("ada", "Share plan", of=made)


async def test_a_second_sentence_takes_the_place_of_the_first_also_in_its_own_answer(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "pledge first sentence Wed 7pm")
    second = await w.say("ada", "pledge second sentence Thu 8pm")
    assert "> second sentence Thu 8pm" in second.plain() and "Thu 5 Mar 2026, 20:00" in text(second)
    changed = await w.press("ada", "Edit plan", {"text": "third one Fri 6pm"})
    assert "> third one Fri 6pm" in changed.plain()


async def test_what_was_taken_back_can_be_shared_again_until_the_unit_is_over(w: World) -> None:
    await w.begin("ada")
    for sentence in ("read", "read again", "read once more"):
        made = await w.say("ada", f"pledge {sentence}")
        await w.press("ada", "Share plan", {"text": sentence}, of=made)
        if sentence != "read again":  # that one is taken back before it was sent
            await w.tick()
            [(_, thread)] = await w.threads()
            assert [text(one) for one in thread if "has a plan:" in text(one)] == [f"Ada has a plan: > {sentence}"]
        if sentence != "read once more":
            await w.press("ada", "Delete plan", of=await w.say("ada", "pledge"))
    await w.to(DEADLINE + timedelta(hours=1))
    with pytest.raises(NotAllowed, match="Unit 1 has closed, so I can't post in its thread"):
        await w.press("ada", "Share plan", of=made)
    late = Call("share pledge", {"text": "late", "unit": "1"}, 1)
    assert "Unit 1 has closed" in text(await w.call("ada", late))


async def test_without_an_open_unit_there_is_nothing_to_pledge(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    assert "You can make a plan when a unit is open. The next one opens Mon 2 Mar 2026, 09:00" in text(
        await w.say("ada", "pledge read on")
    )
    await w.to(DEADLINE + timedelta(hours=1))
    assert "The next one opens Mon 9 Mar" in text(await w.say("ada", "pledge read on"))
    assert "The deadline of unit 1 has passed" in text(await w.say("ada", 'pledge unit=1 text="read on"'))
    assert "201 characters, 200 fit" in text(await w.say("ada", "pledge " + "x" * 201))


async def test_an_hour_that_there_is_not_is_named_when_a_pledge_is_made_and_when_its_time_is_changed(w: World) -> None:
    await w.begin("ada")
    made = text(await w.say("ada", "pledge two papers, wed 25:00"))
    assert "I can't read “25:00” as an hour." in made and "Wed 4 Mar 2026, 10:00" in made
    assert "as an hour" not in text(await w.say("ada", "pledge"))
    changed = await w.press("ada", "Change time", {"day": "Thu", "at": "18:75"})
    assert "18:75" in text(changed) and "Example" in text(changed)
    assert "as an hour" not in text(await w.say("ada", "pledge two papers, wed 23:00"))
    dated = await w.say("ada", "pledge two papers on 3/4 at noon")
    assert "I can't read “3/4” as a day." in text(dated) and "so I won't remind you" in text(dated)
    for day in ("12/4", "feb 30"):
        assert f"I can't read “{day}” as a day." in text(await w.say("ada", f"pledge two papers {day} at noon"))
    assert "12:00" in text(await w.say("ada", "pledge 3/4 of two papers at noon")), "a part of something"
