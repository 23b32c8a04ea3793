"""What the scheduled posts say: the unit's post, its thread, the summary of the last unit, the count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.curriculum.content import Roadmap
from bot.drawing.header_card import HEADER, HeaderCard
from bot.drawing.week_card import WeekCard
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Group
from bot.features.schedule import wording
from bot.messages.reply import Image, Reply, Text
from tests.curriculum.test_outline_reader import COURSE, read
from tests.curriculum.test_track import loaded, track
from tests.examples import sample
from tests.harness import MONDAY, World, text
from tests.words.lengths import POST, count_reply_words

pytestmark = pytest.mark.long

WEEK = timedelta(weeks=1)


def parts(reply: Reply) -> list[str]:
    return [block.markdown for block in reply.blocks if isinstance(block, Text)]


async def last_post(w: World) -> str:
    return text((await w.posts())[-1])


async def recap(w: World) -> Reply:
    """Return what the newest unit's thread says of the unit before; an empty reply if nothing."""
    return next((reply for reply in (await w.threads())[-1][1] if "ompleted unit" in text(reply)), Reply())


async def test_the_weekly_post_has_title_why_objectives_exercise_deadline_and_count(w: World) -> None:
    await w.start("Europe/Berlin")
    for who in ("ada", "ben", "cy", "dev", "eve"):
        await w.say(who, "join")
    await w.after(hours=1)
    post = (await w.posts())[-1]
    unit = next(iter(w.app.library.values())).roadmap.units[0]
    assert post.title == "Unit 1: Python data structures"
    said = text(post)
    assert "0 of 5 checked in" in said
    assert "Due Sun 8 Mar 2026, 21:00 (Europe/Berlin) · 0 of 5 checked in" in said
    assert unit.summary.split("`")[0][:40] in said and unit.exercise.task[:40] in said
    assert all(o.split("`")[0][:30].strip() in said for o in unit.objectives)
    assert [b.label for b in post.all_buttons] == ["Check in", "Ask", "Details"]


async def test_the_thread_carries_the_main_figure_of_its_units_notes_and_the_post_only_its_header(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve", extra="first_unit=tf-attention")
    post = (await w.posts())[-1]
    [(_, (start, *_))] = await w.threads()
    figure = start.blocks[-1]
    assert isinstance(figure, Image) and figure.data["figure"] == "attention-trophy"
    await w.say("ada", "checkin 30 read")
    await w.after(hours=1)
    edited = (await w.posts())[-1]
    assert [block for block in edited.blocks if isinstance(block, Image)] == [post.blocks[0]]
    assert "1 of 5 checked in ●○○○○ A" in text(edited)


async def test_the_weekly_post_begins_with_a_picture_unless_its_group_wants_none(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve", extra="first_unit=tf-attention")
    post = (await w.posts())[-1]
    head = post.blocks[0]
    assert isinstance(head, Image)
    card = HeaderCard.read(head.data)
    assert card.title in post.title and card.place == "Unit 1 of 7 in part 5" and card.number == 1
    assert head.alt.startswith("Generative architectures: unit 1 of 7 in part 5")
    assert "Pictures: off" in text(await w.say("mo", "cohort edit pictures=no"))
    await w.say("mo", "cohort edit pictures=no confirm=yes")
    await w.say("ada", "checkin 30 read")
    await w.after(hours=1)
    edited = (await w.posts())[-1]
    assert not any(isinstance(b, Image) for b in edited.blocks)
    assert not any(isinstance(b, Image) for b in (await w.say("ada", "progress")).blocks)


def test_a_unit_without_a_figure_is_posted_as_it_was(tmp_path: Path) -> None:
    roadmap = loaded(track(tmp_path / "small")).roadmap
    group = Group(id=1, name="Owls", zone="UTC", rhythm="mon 09:00 - sun 21:00", pace="1 week")
    opened = Opened(Slot("lists", 1, MONDAY, MONDAY + WEEK, MONDAY + WEEK))
    timeline = Timeline(group, roadmap, (opened,), ())
    (head,) = [b for b in wording.render_weekly(timeline, opened).blocks if isinstance(b, Image)]
    assert head.drawing == HEADER


GOAL = "▰▰▰▰▰▰▰▰▰▰ 336 of 336 completed in this part · goal reached 🎉"


DOTS = wording.format_dots(23, 60, ["Ada Lovelace"] * 23)


def test_the_dots_fill_and_name_nobody_who_is_hidden() -> None:
    assert wording.format_dots(0, 5, []) == "○○○○○"
    assert wording.format_dots(2, 5, ["Ada Lovelace", "ben"]) == "●●○○○ AL · B"
    assert wording.format_dots(1, 60, []) == "●○○○○○○○○○○○"
    assert DOTS == "●●●●○○○○○○○○ " + "AL · " * 5 + "+18"
    assert wording.format_dots(3, 5, ["Ada Lovelace"]) == "●●●○○ AL · +2", "two are hidden"
    assert wording.format_dots(1, 1, ["Ada"]) == "", "a row of one dot says nothing"


async def test_every_units_post_fits_one_phone_screen(w: World) -> None:
    roadmap = next(iter(w.app.library.values())).roadmap
    group = Group(id=1, name="Night owls", zone="Europe/Berlin", rhythm="mon 09:00 - sun 21:00", pace="1 week")
    timeline = Timeline(group, roadmap, (), ())
    for unit in roadmap.units:
        slot = Slot(unit.id, unit.number, MONDAY, MONDAY + WEEK, MONDAY + WEEK)
        said = wording.render_weekly(timeline, Opened(slot), "23 of 60 checked in").plain()
        assert len(said) <= 1000 and len(said.split()) <= 120, (unit.id, len(said), len(said.split()))
        whole = wording.render_weekly(timeline, Opened(slot), "23 of 60 checked in, 9 with a plan", GOAL, dots=DOTS)
        assert count_reply_words(whole, POST) <= 120 and len(whole.all_buttons) == 3, unit.id


def test_what_a_unit_adds_and_a_whole_long_exercise_stand_in_the_thread(tmp_path: Path) -> None:
    outline, _ = read(tmp_path, COURSE)
    assert outline is not None
    group = Group(id=1, name="Owls", zone="UTC", rhythm="mon 09:00 - sun 21:00", pace="1 week")
    adds, whole = "For the capstone: A list of your documents.", "Full exercise"

    def told(roadmap: Roadmap, said: str) -> list[bool]:
        timeline = Timeline(group, roadmap, (), ())
        slot = Slot("lists", 1, MONDAY, MONDAY + WEEK, MONDAY + WEEK)
        replies = wording.render_weekly(timeline, Opened(slot)), wording.render_thread_start(timeline, slot)
        return [said in reply.plain() for reply in replies]

    assert told(outline.roadmap, adds) == [False, True] and told(outline.roadmap, whole) == [False, False]
    full, _ = read(tmp_path, COURSE.replace("Why lists matter.", "x" * 220).replace("Build lists.", "Build it. " * 60))
    assert full is not None
    assert told(full.roadmap, adds) == [False, True] and told(full.roadmap, whole) == [False, True]
    last = Slot("sets", 2, MONDAY, MONDAY + WEEK, MONDAY + WEEK)
    assert "Phase checkpoint" in wording.render_thread_start(Timeline(group, full.roadmap, (), ()), last).plain()


async def test_the_post_opens_a_thread_that_begins_with_prompt_and_resources(w: World) -> None:
    await w.start()
    await w.after(hours=1)
    [(title, messages)] = await w.threads()
    assert title == "Unit 1: Python data structures"
    [first] = messages
    assert text(first).startswith("To discuss")
    assert "Resources" in text(first)
    unit = next(iter(w.app.library.values())).roadmap.units[0]
    assert all(r.title.split("`")[0] in text(first) for r in unit.resources)


async def test_the_first_post_sums_up_nothing(w: World) -> None:
    await w.start()
    await w.after(hours=1)
    assert "Completed" not in await last_post(w) and len((await w.threads())[0][1]) == 1


async def test_the_summary_names_shown_keepers_by_their_alias_and_never_who_missed(w: World) -> None:
    await w.start()
    for who in ("ada", "ben", "chloe", "dev", "eve"):
        await w.say(who, "join")
    await w.after(hours=2)
    await w.say("ben", "settings alias=Owl")
    await w.say("chloe", "settings shown=no")
    for who in ("ada", "ben", "chloe"):
        await w.say(who, "checkin 30 read it")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    assert parts(await recap(w))[0] == "**Completed unit 1**: Ada and Owl. 🎉"
    everything = " ".join(text(p) for p in [*await w.posts(), await recap(w)])
    assert not any(name in everything for name in ("Ben", "Chloe", "Dev", "Eve"))
    week = next(b for b in (await recap(w)).blocks if isinstance(b, Image) and b.drawing == "week")
    card = WeekCard.read(week.data)
    assert (card.title, card.since.isoformat(), card.days) == ("Unit 1, together", "2026-03-02", (2, 0, 0, 0, 0, 0, 0))
    assert week.text == "_Check-ins by day: Mon 2 Mar 2._" and week.alt.startswith("Check-ins in unit 1 by day: Mon")


async def test_a_group_of_three_reads_how_many_checked_in_and_who_completed_a_unit(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read it")
    await w.after(minutes=2)
    assert "2 of 3 checked in" in await last_post(w)
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    said = text(await recap(w))
    assert "Completed unit 1: Ada and Ben." in said and "Check-ins by day: Mon 2 Mar 2." in said and "Cy" not in said


async def test_counts_and_names_leave_out_hidden_members_as_soon_as_they_hide(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev")
    w.app.tick = replace(w.app.tick, count_every_s=0)
    for who in ("ada", "ben", "cy"):
        await w.say(who, "checkin 30 read it")
    await w.say("cy", "settings shown=no")
    await w.after(minutes=2)
    assert "2 of 3 checked in" in await last_post(w)
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    assert "Completed unit 1: Ada and Ben." in text(await recap(w))
    await w.say("ben", "settings shown=no")
    await w.after(minutes=2)
    said = text(await recap(w))
    assert "Completed unit 1: Ada." in said and "by day: Mon 2 Mar 1." in said
    assert "0 of 2 checked in" in await last_post(w)
    await w.say("ada", "settings shown=no")
    await w.after(minutes=2)
    assert [text(reply) for reply in (await w.threads())[-1][1]][-1] == "Unit 1 is over."


@pytest.mark.nightly
async def test_a_group_that_shows_nothing_reads_neither_counts_nor_names(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    await w.say("mo", "cohort edit channel_shows=nothing confirm=yes")
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read it")
    await w.say("cy", "pledge what=reading")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    everything = " ".join(text(p) for p in [*await w.posts(), *[m for _, ms in await w.threads() for m in ms]])
    assert not any(said in everything for said in ("ompleted unit", "checked in", "by day", "pledged", "Ada", "Ben"))
    assert "I can't show a count here" in text(await w.say("ada", "ask how many have checked in?"))


async def test_who_was_away_is_not_counted_among_those_of_whom_a_unit_was_asked(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    await w.say("cy", "away until=2026-03-09")
    await w.say("ada", "checkin 30 read it")
    await w.after(minutes=2)
    assert "1 of 2 checked in" in await last_post(w)


@pytest.mark.nightly
async def test_a_unit_that_only_hidden_members_kept_names_and_counts_nobody(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    await w.say("ada", "settings shown=no")
    await w.say("ada", "checkin 30 read it")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    assert not (await recap(w)).blocks
    assert not any("by day" in text(reply) for reply in (await w.threads())[-1][1])


async def test_a_unit_that_nobody_kept_is_passed_over_in_silence(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    assert not (await recap(w)).blocks
    assert "Ada" not in await last_post(w)


@pytest.mark.nightly
async def test_a_late_keeper_is_named_because_the_summary_is_made_when_the_grace_ends(w: World) -> None:
    await w.start()
    for who in ("ada", "ben", "cy", "dev", "eve"):
        await w.say(who, "join")
    await w.to(datetime(2026, 3, 9, 8, 59, tzinfo=MONDAY.tzinfo))
    await w.say("ada", "checkin 30 just in time")
    await w.after(minutes=1)
    assert "Completed unit 1: Ada." in text(await recap(w))


async def test_hostile_names_stand_escaped_and_bounded_in_the_summary(w: World) -> None:
    await w.begin("ada", "ben", "cy", "dev", "eve")
    await w.say("ada", "settings alias=[win](https://evil.example)")
    await w.say("ada", "checkin 30 read it")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    post = await recap(w)
    assert "](https://evil" not in parts(post)[0].replace("\\]", "")
    assert "[win](https://evil.example)" in text(post)


@pytest.mark.nightly
async def test_a_hundred_keepers_keep_the_post_short(w: World) -> None:
    await w.start()
    for i in range(30):
        await w.say(f"person{i:02}", "join")
    await w.after(hours=2)
    for i in range(30):
        await w.say(f"person{i:02}", "checkin 30 read it")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    summary = parts(await recap(w))[0]
    assert len(summary) < 220
    assert summary.endswith("more. 🎉")


async def test_the_thread_reminder_comes_a_day_before_and_pings_nobody(w: World) -> None:
    await w.start("Asia/Kolkata", extra="start=today")
    await w.say("ada", "join")
    await w.to(datetime(2026, 3, 7, 15, 29, tzinfo=MONDAY.tzinfo))
    [(_, thread)] = await w.threads()
    assert len(thread) == 1
    await w.after(minutes=1)
    [(_, thread)] = await w.threads()
    reminder = thread[-1]
    assert text(reminder).startswith("One day left: this unit is due Sun 8 Mar 2026, 21:00 (Asia/Kolkata).")
    assert not any("\x02p|" in part or "\x02n|" in part for part in parts(reminder))
    await w.after(hours=30)
    [(_, thread)] = await w.threads()
    assert len(thread) == 2


async def test_a_thread_reminder_that_comes_late_counts_no_day(w: World) -> None:
    await w.start(extra="start=today")
    await w.to(datetime(2026, 3, 7, 20, 59, tzinfo=MONDAY.tzinfo))
    await w.outage(hours=9)
    [(_, thread)] = await w.threads()
    assert "This unit is due Sun 8 Mar 2026, 21:00" in text(thread[-1]) and "One day left" not in text(thread[-1])


async def test_reminders_that_are_off_for_the_group_are_sent_to_nobody(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.say("mo", "cohort edit reminders=off confirm=yes")
    await w.to(MONDAY + timedelta(days=7))
    assert len((await w.threads())[0][1]) == 1
    assert await w.posts("@ada") == []


async def test_no_scheduled_post_carries_a_live_mention(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
        await w.say(who, "settings reminders=yes")
    await w.after(hours=2)
    await w.say("ada", "checkin 30 <@123> @everyone")
    await w.to(MONDAY + 2 * WEEK)
    rooms = [*await w.posts(), *[m for _, ms in await w.threads() for m in ms], *await w.posts("@ben")]
    assert len(rooms) > 6
    assert not any("\x02p|" in part or "@everyone" in part for post in rooms for part in parts(post))


@pytest.mark.parametrize("hidden", sample([True, False], 2))
async def test_the_closing_post_has_units_streaks_board_and_thanks(w: World, hidden: bool) -> None:
    await w.start(extra="first_unit=57")
    for who in ("ada", "ben", "cy"):
        await w.say(who, "join")
    if hidden:
        await w.say("ben", "settings shown=no")
    await w.after(hours=2)
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read it")
    await w.after(weeks=1)
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read it")
    await w.after(weeks=1)
    said, board = await last_post(w), (await w.posts())[-1].blocks[-2]
    assert isinstance(board, Image) and board.drawing == "board" and ("Ben" in board.data["rows"]) is not hidden
    assert "Night owls has finished" in said
    assert "2 units" in said
    assert "Ada: 2 in a row" in said
    assert "Thank you" in said
    assert "1 Ada (shared rank) 20" in said or hidden
    assert ("Ben" in said) is not hidden


async def test_a_units_post_has_the_colour_of_its_phase(w: World) -> None:
    roadmap = next(iter(w.app.library.values())).roadmap
    group = Group(id=1, name="Night owls", zone="Europe/Berlin", rhythm="mon 09:00 - sun 21:00", pace="1 week")
    slots = [Slot(u.id, u.number, MONDAY, MONDAY + WEEK, MONDAY + WEEK) for u in roadmap.units]
    accents = [wording.render_weekly(Timeline(group, roadmap, (), ()), Opened(s)).accent for s in slots]
    assert accents == sorted(accents, key=lambda accent: accent or 0)
    assert set(accents) == set(range(len(roadmap.phases)))


async def test_the_end_of_a_leg_counts_only_members_who_show_themselves(w: World) -> None:
    await w.begin("ada", "ben", "cy", extra="first_unit=6")
    await w.say("cy", "settings shown=no")
    for week in range(1, 3):
        for who in ("ada", "ben", "cy"):
            await w.say(who, "checkin 30 read")
        await w.to(MONDAY + week * WEEK + timedelta(hours=2))
    ended = next(post for post in await w.posts() if "is complete" in post.title)
    assert "2 of us completed most of it." in text(ended) and "of 2 members" in text(ended)


@pytest.mark.nightly
async def test_a_group_of_two_on_one_leg_reads_which_it_was_and_the_next_and_its_leaderboard(w: World) -> None:
    await w.start(extra="leg=1")
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.after(hours=2)
    await w.say("ada", "checkin 30 read")
    await w.after(weeks=1, hours=1)
    await w.say("ada", "checkin 30 read")
    await w.after(weeks=9)
    (closing,) = (post for post in await w.posts() if post.title == "Night owls has finished")
    assert "(part 1: " in text(closing) and "Next up: part 2: " in text(closing)
    assert "Longest streaks" in text(closing)
    assert any(isinstance(block, Image) and block.drawing == "board" for block in closing.blocks)
