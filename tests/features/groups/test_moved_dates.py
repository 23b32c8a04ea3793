"""What an edit says about dates: the new ones, and the old ones only where they differ."""

from __future__ import annotations

from tests.harness import World, text


async def test_a_new_deadline_is_told_with_the_old_one_and_the_unmoved_post_without(w: World) -> None:
    await w.start()
    said = text(await w.say("mo", 'cohort edit rhythm="mon 09:00 - sat 20:00"'))
    assert (
        "starts Mon 2 Mar 2026, 09:00 (UTC), due Sat 7 Mar 2026, 20:00 (UTC) (was Sun 8 Mar 2026, 21:00 (UTC))" in said
    )


async def test_before_the_first_unit_nobody_is_offered_to_check_in(w: World) -> None:
    await w.start()
    reply = await w.say("ada", "join")
    assert "Check in" not in [b.label for b in reply.buttons]
    await w.after(hours=2)
    reply = await w.say("ben", "join")
    assert reply.buttons[0].label == "Check in"


async def test_dates_that_move_are_announced_once_and_the_welcome_says_the_new_ones(w: World) -> None:
    await w.start()
    preview = text(
        await w.say("mo", 'cohort edit rhythm="wed 18:00 - tue 18:00" timezone=Europe/Berlin reason="a new job"')
    )
    assert "Time zone: Europe/Berlin (was UTC)" in preview
    assert "Wed 18:00 – Tue 18:00 (Europe/Berlin) (was Mon 09:00 – Sun 21:00 (UTC))" in preview
    assert "I'll post the new dates in the channel" in text(await w.press("mo", "Confirm"))
    await w.tick()
    assert [p.title for p in await w.posts()] == ["Welcome to Night owls", "New dates for Night owls"]
    [welcome, told] = await w.posts()
    assert told.title == "New dates for Night owls"
    assert told.plain().count("\n- Unit ") == 2
    assert "and 56 more units." in text(told) and "Reason: a new job" in text(told)
    assert "I'll post the first unit Mon 2 Mar 2026, 18:00 (Europe/Berlin)." in text(welcome)
    await w.say("mo", "cohort edit reminders=off confirm=yes")
    await w.tick()
    assert len(await w.posts()) == 2


async def test_one_date_that_moves_is_one_date(w: World) -> None:
    await w.start(extra="first_unit=58")
    edit = 'cohort edit rhythm="mon 10:00 - sun 20:00" confirm=yes'
    assert "1 date moved. I'll post the new dates in the channel." in text(await w.say("mo", edit))


async def test_a_later_start_is_announced_once_and_the_welcome_follows(w: World) -> None:
    await w.start(extra="first_unit=57")
    assert "2 dates moved" in text(await w.say("mo", "cohort edit start=2026-03-16 confirm=yes"))
    await w.after(hours=1)
    [welcome, told] = await w.posts()
    assert told.title == "New dates for Night owls"
    assert "starts Mon 16 Mar 2026, 09:00 (UTC) (was Mon 2 Mar 2026, 09:00 (UTC))" in text(told)
    assert "I'll post the first unit Mon 16 Mar 2026, 09:00 (UTC)." in text(welcome)


async def test_a_preview_counts_the_dates_that_it_does_not_show(w: World) -> None:
    await w.start(extra="first_unit=54")
    assert "and 1 more unit." in text(await w.say("mo", 'cohort edit rhythm="mon 10:00 - sun 20:00"'))
