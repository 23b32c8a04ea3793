"""A live hour in dialogue: planned, answered, hosted in turn, moved, cancelled, remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.outbox import OutboxRow
from bot.messages.call import Call
from bot.messages.reply import EventBlock, Reply
from tests.harness import World, text, world


async def sent(w: World, who: str) -> list[str]:
    """Return what was sent to somebody of live hours by direct message, oldest first."""

    def read(work: Any) -> list[str]:
        chosen = select(OutboxRow).where(OutboxRow.key.contains(":hour:"), OutboxRow.state == "sent")
        rows = [row for row in work.session.scalars(chosen.order_by(OutboxRow.due_at)) if row.place.reader == who]
        return [text(Reply.from_json(row.reply)) for row in rows]

    return await w.app.database.run(read, writes=False)


async def post(w: World) -> Reply:
    """Return the post of the live hour that was planned last as it will read: an edit waits for real seconds."""

    def read(work: Any) -> Reply:
        chosen = select(OutboxRow).where(OutboxRow.key.contains(":hour:"), OutboxRow.action != "delete")
        rows = [r for r in work.session.scalars(chosen.order_by(OutboxRow.id)) if r.key.split(":")[3] == "post"]
        return Reply.from_json(max(rows, key=lambda row: (int(row.key.split(":")[2]), row.id)).reply)

    return await w.app.database.run(read, writes=False)


async def plan(w: World, at: str = "sat 18:00", more: str = "") -> None:
    await w.say("mo", f"session plan at='{at}' {more}")
    done = await w.press("mo", "Post it")
    assert done.tone == "good", done.plain()
    await w.tick()


async def test_the_hours_that_suit_most_are_proposed_and_the_chosen_one_is_posted_once(w: World) -> None:
    await w.begin("ada", "ben", zone="Europe/Berlin")
    await w.say("ben", "settings zone=America/Los_Angeles")
    proposed = await w.say("mo", "session plan")
    assert proposed.title == "When can Night owls meet?" and len(proposed.buttons) == 3
    assert "good for everyone" in text(proposed)
    shown = await w.press("mo", proposed.buttons[0].label)
    assert "(Europe/Berlin), 60 minutes" in text(shown)
    assert "Host: none yet" in text(shown)
    assert not [post for post in await w.posts() if "Live session" in post.title]
    await w.press("mo", "Post it")
    await w.press("mo", "Post it", of=shown)
    await w.tick()
    (posted,) = [post for post in await w.posts() if "Live session" in post.title]
    assert [b.label for b in posted.buttons] == ["I'll come", "Maybe", "Can't come", "I can host", "Add to calendar"]
    assert str(posted.buttons[-1].target).startswith("https://calendar.google.com/calendar/render?action=TEMPLATE")


async def test_who_comes_is_counted_and_reminded_once_and_nobody_else_is(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    await plan(w, more="topic='*attention* @everyone'")
    first = await post(w)
    assert "Coming: nobody yet" in text(first) and "60 minutes" in text(first)
    assert "an hour before" in text(await w.press("ada", "I'll come", of=first))
    await w.press("ada", "I'll come", of=first)
    await w.press("ben", "I'll come", of=first)
    await w.press("ben", "Can't come")
    await w.press("chloe", "Maybe", of=first)
    assert "Coming: 1, maybe: 1" in text(await post(w))
    assert "Ada" not in text(await post(w))
    assert "join" in text(await w.press("guest", "I'll come", of=first)).lower()
    await w.to(datetime.fromisoformat("2026-03-07T16:59:00+00:00"))
    assert await sent(w, "ada") == []
    await w.after(minutes=1)
    await w.after(hours=1)
    (reminder,) = await sent(w, "ada")
    assert "You said you'd come." in reminder and "@everyone" in reminder
    assert await sent(w, "ben") == [] == await sent(w, "chloe")
    await w.after(hours=1, minutes=1)
    thread = next(replies for title, replies in await w.threads() if "attention" in title)
    assert "Were you there?" in text(thread[-1])
    asked = w.button("ada", "Check in", of=thread[-1])
    assert (await w.press_call("ada", asked.target, {"minutes": "60", "note": "the live hour"})).tone == "good"  # type: ignore[arg-type]


async def test_whoever_hosted_least_hosts_next_and_may_step_back(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for who in ("ada", "ben"):
        assert "when it's your turn" in text(await w.say(who, "session host"))
    await plan(w)
    assert "Host: Ada" in text(await post(w))
    await plan(w, "sun 18:00")
    assert "Host: Ben" in text(await post(w))
    assert any("You're hosting" in line for line in await sent(w, "ben"))
    await w.press("ben", "Can't come", of=await post(w))
    assert "Host: Ada" in text(await post(w))
    await w.say("ada", "session host on=no")
    assert "No host yet" in text(await post(w))
    assert "You're hosting" in text(await w.press("chloe", "I can host", of=await post(w)))
    assert "Host: Chloe" in text(await post(w))
    assert "hosted by Chloe" in text(await w.say("ada", "when is the next live hour?"))
    await w.say("chloe", "leave")
    assert "hosted by Chloe" not in text(await w.say("ada", "session next"))
    assert "You're hosting" in text(await w.say("ada", "session host")), "who has left hosts nothing"


async def test_whose_turn_it_is_to_host_comes_without_saying_so(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "session host")
    await plan(w)
    assert "Host: Ada" in text(await post(w)) and "Coming: 1" in text(await post(w))
    for who, label, coming in (("ben", "I'll come", 2), ("ada", "I'll come", 2), ("ada", "Can't come", 1)):
        await w.press(who, label, of=await post(w))
        assert f"Coming: {coming}" in text(await post(w)), (who, label)


async def test_a_button_below_an_hour_hosts_that_hour_and_the_command_asks_which(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for at in ("fri 18:00", "sat 18:00", "sun 18:00"):
        await plan(w, at)
    said = text(await w.press("ada", "I can host", of=await post(w)))
    assert said.count("You're hosting") == 1 and "Sun 8 Mar" in said and "I've counted you as coming" in said
    assert "Coming: 1" in text(await post(w)) and "Host: Ada" in text(await post(w))
    again = text(await w.press("ada", "I can host", of=await post(w)))
    assert "You're already hosting" in again
    assert "Ada is hosting" in text(await w.press("ben", "I can host", of=await post(w)))
    perhaps = text(await w.press("ada", "Maybe", of=await post(w)))
    assert "You're the host, so I've counted you as coming." in perhaps and "Coming: 1" in text(await post(w))
    labels = [button.label for button in (await w.say("ben", "session next")).buttons]
    assert labels[:1] == ["I'll come: Fri 6 Mar, 18:00"] and labels[-1] == "I'll come: Sun 8 Mar, 18:00"
    asked = await w.say("chloe", "session host")
    assert [button.label for button in asked.buttons][:2] == [
        "I can host: Fri 6 Mar, 18:00",
        "I can host: Sat 7 Mar, 18:00",
    ]
    assert "You're hosting" in text(await w.press("chloe", "I can host: Sat 7 Mar, 18:00", of=asked))
    left = text(await w.say("ada", "session host on=off"))
    assert "Sun 8 Mar" in left and "Ben hosts it now." in left


@pytest.mark.nightly
async def test_a_preview_names_the_host_that_it_sets_and_the_hours_of_that_day(w: World) -> None:
    await w.begin("ada", "ben", zone="America/New_York")
    for who in ("ada", "ben"):
        await w.say(who, "session host")
    first = await w.say("mo", "session plan at='sat 18:00'")
    second = await w.say("mo", "session plan at='sat 21:00'")  # Sunday in UTC
    assert all("Host: Ada" in text(one) and "on that day" not in text(one) for one in (first, second))
    await w.press("mo", "Post it", of=first)
    again = await w.press("mo", "Post it", of=second)
    assert "This has changed since you opened it" in text(again) and "Host: Ben" in text(again)
    assert "The group already meets on that day: Sat 7 Mar 2026, 18:00 (America/New_York)." in text(again)
    assert (await w.press("mo", "Post it", of=again)).tone == "good"
    assert "Host: Ben" in text(await post(w))
    assert "on that day" not in text(await w.say("mo", "session plan at='sun 18:00'"))
    for at in ("'sat 16:00'", "16:00", "4pm"):
        assert "Sat 7 Mar 2026, 16:00" in text(await w.say("mo", f"session move at={at}")), "a time alone keeps the day"
    moved = text(await w.say("mo", "session move at='sat 16:00'"))
    assert "already meets on that day: Sat 7 Mar 2026, 21:00 (America/New_York)." in moved


@pytest.mark.nightly
async def test_who_was_told_that_they_host_keeps_it_when_others_agree_to(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for at in ("fri 18:00", "sat 18:00", "sun 18:00"):
        await plan(w, at)
    for hour in (1, 2, 3):
        await w.say("ada", f"session host id={hour}")
    for who in ("ben", "chloe"):
        assert "when it's your turn" in text(await w.say(who, "session host"))
    await w.tick()
    assert text(await w.say("ada", "session next")).count("hosted by Ada") == 3
    assert await sent(w, "ben") == [] == await sent(w, "chloe")


async def test_who_is_away_on_the_day_does_not_host(w: World) -> None:
    await w.begin("ada", "ben")
    for who in ("ada", "ben"):
        await w.say(who, "session host")
    await w.say("ada", "away sunday")
    await plan(w)
    assert "Host: Ben" in text(await post(w))


@pytest.mark.nightly
async def test_an_hour_whose_host_leaves_or_is_away_goes_on_to_the_next_and_ends_with_the_group(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for who in ("ada", "ben"):
        await w.say(who, "session host")
    await plan(w)
    assert "Host: Ada" in text(await post(w))
    await w.say("ada", "leave")
    await w.tick()
    assert "Host: Ben" in text(await post(w))
    await w.tick()
    assert "You're hosting the live session" in (await sent(w, "ben"))[-1]
    await w.say("ben", "away saturday")
    await w.tick()
    assert "No host yet" in text(await post(w))
    await w.say("chloe", "session host")
    assert "cancel planned live sessions" in text(await w.say("mo", "cohort end"))
    await w.press("mo", "End group")
    await w.tick()
    await w.tick()
    assert "Cancelled" in text(await post(w))
    assert "is cancelled. Reason: the group has ended" in (await sent(w, "chloe"))[-1]


@pytest.mark.nightly
async def test_a_season_that_ends_by_itself_takes_the_hours_after_it_along_and_says_so(w: World) -> None:
    await w.begin("ada", extra="first_unit=58")
    await plan(w, "2026-03-14 18:00")
    await w.press("ada", "I'll come", of=await post(w))
    await w.to(datetime.fromisoformat("2026-03-09T10:00:00+00:00"))
    assert "Reason: the season is over" in text(await post(w))
    (closing, told) = (await w.posts())[-2:]
    assert "has finished" in closing.title
    assert text(told) == "The live session on Sat 14 Mar 2026, 18:00 (UTC) is cancelled because the season is over."
    assert "is cancelled. Reason: the season is over" in (await sent(w, "ada"))[-1]
    await w.after(days=7)
    assert len(await sent(w, "ada")) == 1


async def test_a_host_who_is_forgotten_leaves_the_post_too(w: World) -> None:
    await w.begin("ada", "ben")
    for who in ("ada", "ben"):
        await w.say(who, "session host")
    await plan(w)
    assert "Host: Ada" in text(await post(w))

    assert (await w.say("ada", "privacy forget confirm=yes")).tone == "good"
    await w.tick()
    assert "Host: Ben" in text(await post(w))


@pytest.mark.nightly
async def test_of_two_moderators_the_second_sees_what_the_first_has_changed(w: World) -> None:
    await w.begin("ada")
    await plan(w)
    await plan(w, "sun 18:00")
    moving = await w.say("mo", "session move at='mon 18:00'")
    cancelling = await w.say("mo", "session cancel")
    await w.say("mo", "session move at='sat 20:00' confirm=yes")
    for label, preview in (("Move session", moving), ("Cancel session", cancelling)):
        again = text(await w.press("mo", label, of=preview))
        assert "This has changed since you opened it" in again and "7 Mar 2026, 20:00" in again
    moving = await w.say("mo", "session move at='mon 18:00'")
    await w.say("mo", "session cancel confirm=yes")
    assert "That live session is over or cancelled" in text(await w.press("mo", "Move session", of=moving))
    assert "Sun 8 Mar 2026, 18:00" in text(await w.say("ada", "session next")), "the next one is no stand-in"


async def test_a_moved_hour_reminds_at_its_new_time_and_tells_who_wanted_to_come(w: World) -> None:
    await w.begin("ada", "ben")
    await plan(w)
    await w.press("ada", "I'll come", of=await post(w))
    shown = await w.say("mo", "session move at='sun 10:00'")
    assert "I'll message one member: the host" in text(shown)
    assert await sent(w, "ada") == []
    assert "I'll message one member." in text(await w.press("mo", "Move session"))
    await w.tick()
    (news,) = await sent(w, "ada")
    assert "has moved from Sat 7 Mar 2026, 18:00 (UTC) to Sun 8 Mar 2026, 10:00 (UTC)" in news
    assert await sent(w, "ben") == []
    assert "Sun 8 Mar 2026, 10:00" in text(await post(w))
    await w.to(datetime.fromisoformat("2026-03-07T19:30:00+00:00"))
    assert len(await sent(w, "ada")) == 1, "nothing is said at the old time"
    await w.to(datetime.fromisoformat("2026-03-08T12:00:00+00:00"))
    assert "You said you'd come" in (await sent(w, "ada"))[1]
    (thread,) = [replies for title, replies in await w.threads() if "live session" in title]
    assert len([one for one in thread if "Were you there?" in text(one)]) == 1


async def test_a_host_hears_of_every_change_and_is_reminded_without_saying_that_she_comes(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "session host")
    await w.to(datetime.fromisoformat("2026-03-02T23:00:00+00:00"))  # her quiet hours
    await plan(w)
    assert "I'll message one member: the host" in text(await w.say("mo", "session move at='sun 10:00'"))
    assert "I'll message one member." in text(await w.press("mo", "Move session"))
    await w.to(datetime.fromisoformat("2026-03-03T12:00:00+00:00"))
    (news,) = await sent(w, "ada")
    assert "has moved from" in news and news.endswith("You're hosting this session.")
    ways = (await w.posts("@ada"))[-1].buttons
    assert [way.label for way in ways] == ["Can't come", "Stop host requests"]
    await w.press("ada", "Can't come", of=await post(w))
    await w.press("ada", "I'll come", of=await post(w))
    await w.say("ada", "session host on=no")
    await w.say("ben", "session host")
    await w.say("ada", "session host")
    await w.say("ben", "session host on=no")
    await w.tick()
    assert "You're hosting the live session" in (await sent(w, "ada"))[-1], "her turn has come back"
    await w.to(datetime.fromisoformat("2026-03-08T09:10:00+00:00"))
    reminders = [line for line in await sent(w, "ada") if "meets" in line]
    assert ["You're hosting this session." in line for line in reminders] == [True]
    await w.say("mo", "session cancel reason=ill confirm=yes")
    await w.tick()
    assert "is cancelled. Reason: ill" in (await sent(w, "ada"))[-1]
    assert not [line for line in await sent(w, "ben") if "meets" in line or "You're hosting" in line]


async def test_a_cancelled_hour_tells_who_wanted_to_come_and_reminds_nobody(w: World) -> None:
    await w.begin("ada", "ben")
    await plan(w)
    await w.press("ada", "Maybe", of=await post(w))
    await w.say("mo", "session cancel reason='a *cold*'")
    assert "and message one member." in text(await w.press("mo", "Cancel session"))
    await w.tick()
    assert ["is cancelled. Reason: a *cold*" in line for line in await sent(w, "ada")] == [True]
    gone = await post(w)
    assert "Cancelled: it would have been" in text(gone) and not gone.buttons
    assert "Reason: a *cold*" in text(gone)
    await w.after(days=7)
    assert len(await sent(w, "ada")) == 1
    assert not [reply for _, replies in await w.threads() for reply in replies if "Were you there?" in text(reply)]
    assert "No live sessions are planned" in text(await w.say("mo", "session move at='sat 18:00'"))
    assert "No live sessions are planned" in text(await w.say("ada", "session next"))


async def test_a_restart_keeps_what_is_to_be_said_and_says_it_late_rather_than_never(w: World, tmp_path: Any) -> None:
    await w.begin("ada")
    await plan(w)
    await w.press("ada", "I'll come", of=await post(w))
    await w.app.close()
    async with world(tmp_path, at=datetime.fromisoformat("2026-03-07T17:40:00+00:00")) as again:
        await again.tick()
        await again.tick()
        (reminder,) = await sent(again, "ada")
        assert "You said you'd come" in reminder
        await again.after(hours=3)
        assert len(await sent(again, "ada")) == 1


async def test_where_the_platform_lists_events_the_hour_is_one_moved_and_removed_with_it(w: World) -> None:
    there: dict[str, Any] = {"platform": "discord", "tenant": "server1"}
    await w.start(**there)
    for line in ("session plan at='sat 18:00'", "session move at='sun 18:00'", "session cancel"):
        await w.say("mo", f"{line} confirm=yes", **there)

    def read(work: Any) -> list[tuple[str, Reply]]:
        chosen = select(OutboxRow).where(OutboxRow.key.contains(":event")).order_by(OutboxRow.id)
        return [(row.action, Reply.from_json(row.reply)) for row in work.session.scalars(chosen)]

    (post_action, made), (edit_action, gone) = await w.app.database.run(read, writes=False)
    assert (post_action, edit_action) == ("post", "edit")
    (planned,), (off,) = made.blocks, gone.blocks
    assert isinstance(planned, EventBlock) and isinstance(off, EventBlock)
    assert planned.starts_at.day == 7 and not planned.is_off
    assert off.starts_at.day == 8 and off.is_off


async def test_what_cannot_be_planned_is_refused_with_a_way_on(w: World) -> None:
    await w.begin("ada")
    for line, said in (
        ("session plan at=sat", "I can't read"),
        ("session plan at='yesterday 18:00'", "has already passed"),
        ("session plan at='2026-12-24 18:00'", "more than twelve weeks ahead"),
        ("session plan at='9999-12-31 23:59'", "that is more than twelve weeks ahead"),
        ("session plan at='sat 18:00' minutes=5", "at least|is not between"),
        ("session answer", ""),
    ):
        reply = await w.say("mo", line)
        assert reply.tone == "error" or said == "", reply.plain()
        assert any(part in text(reply) for part in said.split("|"))
    await plan(w)
    for late_or_early in ("at='sat 18:30'", "at='sat 17:00' minutes=90"):
        assert "already a live session at that time" in text(await w.say("mo", f"session plan {late_or_early}"))
    refused = await w.say("ada", "session plan")
    assert refused.tone == "error" and "moderator" in text(refused).lower()


async def test_what_is_kept_of_live_hours_is_told_and_goes_with_its_member(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "session host")
    await plan(w)
    await w.press("ada", "I'll come", of=await post(w))
    kept = text(await w.call("ada", Call("kept")))
    assert "answers to live sessions (1)" in kept and "live sessions you host (1)" in kept


async def test_a_moderator_without_a_session_reads_how_to_plan_one(w: World) -> None:
    await w.begin("ada")
    assert "Plan one with `manage session plan`." in text(await w.say("mo", "manage session cancel"))
