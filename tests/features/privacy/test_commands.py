"""What is kept about a person, told to that person; and private answers that waited for a click."""

from __future__ import annotations

from bot.messages.call import Call
from tests.harness import World, text

KEPT = Call("kept")


async def test_the_welcome_tells_a_newcomer_that_nothing_is_kept_yet(w: World) -> None:
    await w.start()
    [welcome] = await w.posts()
    reply = await w.press("zoe", "Data we store", of=welcome)
    assert (reply.title, reply.audience) == ("Your data", "private")
    assert "Stored: nothing about you yet." in text(reply)
    assert text(await w.press("zoe", "See stored data")) == "Stored data I don't store anything about you yet."


async def test_a_member_sees_what_is_kept_and_who_can_see_it(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 read")
    await w.say("ada", "checkin 30 again")
    await w.say("ada", "away friday")
    await w.say("mo", "excuse ada 1 was ill")
    overview = await w.call("ada", KEPT)
    assert "Stored: your account, groups joined (1)" in text(overview) and len(text(overview).split()) <= 90
    sections = await w.press("ada", "See stored data", of=overview)
    stored = text(sections)
    assert "Your account (number, name, time zone, quiet hours)" in stored
    assert "Groups joined: 1" in stored and "Check-ins: 2 (minutes, text, link and your local day)" in stored
    assert "Absences: 1 (" in stored and "Rulings by moderators: 1" in stored
    readers = text(await w.press("ada", "Who sees it", of=sections))
    assert "Only you see your check-in texts until you share one." in readers and "No AI model is used here." in readers
    await w.call("ben", KEPT)
    assert "Check-ins" not in text(await w.press("ben", "See stored data"))


async def test_a_private_answer_waits_behind_a_button_for_its_reader_alone(w: World) -> None:
    await w.begin("ada", "ben")
    event = w.invocation("ada", Call("progress"))
    answer = await w.call("ada", Call("progress"))
    line = await w.app.dispatcher.set_aside(event, answer)
    assert (text(line), line.audience) == ("Only you can see the answer.", "public")
    shown = await w.press("ada", "Show me", of=line)
    assert (shown.title, shown.audience) == ("Your progress", "private")
    refused = await w.press("ben", "Show me", of=line)
    assert text(refused).startswith("That answer is for somebody else, or it's over an hour old.")


async def test_an_answer_set_aside_is_gone_after_an_hour(w: World) -> None:
    await w.begin("ada")
    line = await w.app.dispatcher.set_aside(
        w.invocation("ada", Call("progress")), await w.call("ada", Call("progress"))
    )
    await w.after(hours=1, minutes=1)
    assert (await w.press("ada", "Show me", of=line)).tone == "error"
