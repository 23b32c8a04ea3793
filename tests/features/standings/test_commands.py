"""What members read about themselves and each other: progress, the record behind it, the board."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages.call import Call
from bot.messages.reply import Image, Reply
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

WEEK = timedelta(weeks=1)


def board(reply: Reply) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a board: rank, name, points."""
    return next(b.table for b in reply.blocks if isinstance(b, Image) and b.table is not None).rows


async def test_before_the_first_unit_progress_says_what_is_there(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    said = text(await w.say("ada", "progress"))
    assert "No unit is open yet. Next: Unit 1 opens Mon 2 Mar" in said


async def test_progress_shows_streak_points_strip_and_the_ledger_that_explains_them(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read link=https://files.example/board.png")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    assert "board.png" not in text(await w.say("mo", "progress ada")), "what is shown is the member's to share"
    said = text(await w.say("ada", "progress"))
    assert text(await w.say("ada", "what's my streak?")) == said
    assert said.startswith("Your progress 🔥 Streak 1. Freezes: 1 (next after 3 more units). 10 points this season.")
    assert "Next: Unit 2 is due Sun 15 Mar 2026, 21:00" in said
    assert "Units 1 to 2: ● … ● completed, … open" in said
    assert "- Unit" not in said, "the ledger has a page of its own"
    page = text(await w.press("ada", "All units"))
    assert "- Unit 2 (due Sun 15 Mar 2026, 21:00 (UTC)): Open, not checked in yet. streak 1 · 1 freeze" in page
    assert "- Unit 1 (due Sun 8 Mar 2026, 21:00 (UTC)): Checked in on time. +10 points · streak 1 · 1 freeze" in page
    assert page.count("https://files.example/board.png") == 1


async def test_a_freeze_covers_a_missed_unit_and_the_next_private_reply_says_so_once(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + 2 * WEEK + timedelta(hours=2))
    told = "A freeze saved your streak on unit 2. Your streak: 1. Freezes left: 0."
    assert told in text(await w.say("ada", "leaderboard"))
    said = text(await w.say("ada", "progress"))
    assert told not in said
    assert "Units 1 to 3: ● ❄ …" in said and "Freezes: 0" in said
    assert "Not checked in. A freeze saved the streak. streak 1 · 0 freezes" in text(
        await w.call("ada", Call("ledger"))
    )


async def test_what_is_told_of_one_group_in_an_answer_of_another_names_the_group(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "cohort create name=Lighthouse timezone=UTC confirm=yes", room="lamp2")
    await w.say("ada", "join", room="lamp2")
    await w.say("ada", "checkin 30 read", room="general")
    await w.to(MONDAY + 2 * WEEK + timedelta(hours=2))
    await w.say("ben", "thanks member=ada for=sets")
    said = text(await w.say("ada", "progress", room="lamp2"))
    assert "In Night owls: A freeze saved your streak on unit 2." in said
    assert "In Night owls: Ben thanks you" in said


@pytest.mark.nightly
async def test_a_freeze_is_no_news_any_more_once_another_unit_has_closed(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + 3 * WEEK + timedelta(hours=2))
    assert "A freeze saved" not in text(await w.say("ada", "leaderboard")), "the streak has ended with unit 3"


async def test_what_is_to_be_told_waits_for_a_private_reply(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + 2 * WEEK + timedelta(hours=2))
    assert "A freeze saved" not in text(await w.say("ada", "ask when is the deadline?"))
    assert "A freeze saved" not in text(await w.say("ada", "checkin 0 x"))
    assert "A freeze saved" in text(await w.say("ada", "checkin 30 back"))


@pytest.mark.nightly
async def test_a_second_miss_ends_the_streak_and_four_kept_units_earn_a_freeze(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + 3 * WEEK + timedelta(hours=2))
    said = text(await w.say("ada", "progress"))
    assert "Streak 0 (best 1)" in said and "The streak of 1 ended." in text(await w.call("ada", Call("ledger")))
    await w.check_in_each_week("ada", 4)
    said = text(await w.say("ada", "progress"))
    assert "Streak 4. Freezes: 1" in said and "Earned a freeze." in text(await w.call("ada", Call("ledger")))


@pytest.mark.nightly
async def test_a_long_record_has_pages(w: World) -> None:
    await w.begin("ada", extra="breaks=no")
    await w.check_in_each_week("ada", 12)
    await w.say("ada", "progress")
    page = await w.press("ada", "All units")
    assert page.title == "All units, page 1 of 2" and page.replaces
    assert page.plain().count("- Unit ") == 10 and [b.label for b in page.buttons] == ["Show earlier"]
    page = await w.press("ada", "Show earlier")
    assert page.plain().count("- Unit ") == 2 and "- Unit 1 " in page.plain()
    assert [b.label for b in page.buttons] == ["Later"]
    assert (await w.press("ada", "Later")).title == "All units, page 1 of 2"


async def test_a_page_that_does_not_exist_is_the_nearest_one(w: World) -> None:
    await w.begin("ada")
    assert (await w.call("ada", Call("ledger", {"page": "99"}))).title == "All units"
    assert (await w.call("ada", Call("ledger", {"page": "-1"}))).title == "All units"


async def test_anyone_shown_under_their_own_name_can_be_looked_at(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 my secret note")
    reply = await w.say("ben", "progress ada")
    assert reply.title == "Ada's progress" and "Streak 1" in text(reply)
    assert "secret" not in text(reply) and reply.buttons == ()
    assert (await w.say("ada", "progress @Ada")).title == "Your progress"


async def test_who_hides_or_takes_an_alias_keeps_their_progress_from_members_but_not_from_moderators(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "mo")
    await w.say("ada", "settings shown=no")
    await w.say("ben", "settings alias=Night reader")
    for named in ("ada", "ben", '"Night reader"', "mo"):
        assert text(await w.say("chloe", f"progress {named}")) == "That member's progress is private."
    assert (await w.say("mo", "progress ada")).title == "Ada's progress"
    assert (await w.say("mo", "progress ben")).title == "Ben's progress"


async def test_somebody_who_is_no_member_is_not_found(w: World) -> None:
    await w.begin("ada")
    assert text(await w.say("ada", "progress zoe")) == "“zoe” is not a member of Night owls."


async def test_suggestions_never_name_who_hides(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "mo")
    await w.say("ada", "settings shown=no")
    await w.say("ben", "settings alias=Night reader")
    assert await w.suggestions("chloe", "progress", "member") == ["Chloe"]
    assert await w.suggestions("mo", "progress", "member") == ["Ada", "Ben", "Chloe", "Mo"]


async def test_the_board_ranks_by_points_and_ties_share_a_rank(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "dev")
    for who in ("ben", "chloe"):
        await w.say(who, "checkin 30 read")
    await w.after(days=1)
    await w.say("chloe", "checkin 30 more")
    await w.say("dev", "checkin 30 read")
    reply = await w.say("dev", "leaderboard")
    assert (reply.title, reply.audience) == ("Leaderboard: Night owls", "private")
    assert board(reply) == (
        ("1", "Chloe", "11"),
        ("2", "Ben (shared rank)", "10"),
        ("2", "Dev (you, shared rank)", "10"),
        ("4", "Ada", "0"),
    )


@pytest.mark.nightly
async def test_the_board_shows_the_first_five_then_me_with_two_neighbours_each_side(w: World) -> None:
    names = [f"member{n:02}" for n in range(12)]
    await w.begin(*names)
    for day in range(4):
        for place, who in enumerate(names):
            if place <= 8 and place % 4 <= 3 - day:
                await w.say(who, "checkin 10 read")
        await w.after(days=1)
    rows = board(await w.say("member11", "leaderboard"))
    assert [r[1] for r in rows[5:]] == ["", "Member09", "Member10", "Member11 (you)"]
    assert rows[5][0] == "…" and rows[-1][0] == "10"
    assert [r[1] for r in board(await w.say("member00", "leaderboard"))][-1] != "…"


async def test_phase_week_and_season_are_one_press_apart(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    reply = await w.say("ada", "leaderboard")
    assert "Phase: Foundations" in text(reply) and board(reply) == (("1", "Ada (you)", "10"),)
    week = await w.press("ada", "Show week")
    assert "Unit 2:" in text(week) and board(week) == (("1", "Ada (you)", "0"),)
    season = await w.press("ada", "Show season")
    assert "Whole season" in text(season) and board(season) == (("1", "Ada (you)", "10"),)
    assert board(await w.say("ada", "leaderboard week")) == (("1", "Ada (you)", "0"),)


async def test_a_period_that_does_not_exist_names_those_that_do(w: World) -> None:
    await w.begin("ada")
    assert text(await w.say("ada", "leaderboard period=year")).startswith(
        "Period: choose phase, week or season, not “year”. Example: phase"
    )


async def test_moderators_start_hidden_see_their_own_row_and_move_nobody(w: World) -> None:
    await w.begin("ada", "mo")
    await w.say("mo", "checkin 30 read")
    mine = await w.say("mo", "leaderboard")
    assert board(mine) == (("1", "Mo (you)", "10"), ("1", "Ada", "0"))
    assert "Only you see your row." in text(mine)
    assert board(await w.say("ada", "leaderboard")) == (("1", "Ada (you)", "0"),)
    await w.say("mo", "settings shown=yes")
    assert board(await w.say("ada", "leaderboard")) == (("1", "Mo", "10"), ("2", "Ada (you)", "0"))


async def test_an_alias_stands_on_the_board_in_place_of_the_name(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "settings alias=Night reader")
    reply = await w.say("ben", "leaderboard")
    assert [row[1] for row in board(reply)] == ["Ben (you)", "Night reader"]
    assert "Ada" not in reply.plain()


async def test_who_left_is_off_the_board_and_comes_back_with_every_point(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 read")
    await w.say("ada", "leave")
    assert [row[1] for row in board(await w.say("ben", "leaderboard"))] == ["Ben (you)"]
    await w.press("ada", "Join again")
    assert board(await w.say("ben", "leaderboard"))[0] == ("1", "Ada", "10")


async def test_resting_and_fading_are_seen_by_moderators_and_any_check_in_wakes(w: World) -> None:
    await w.begin("ada", "ben")
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 one")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 two")
    await w.to(MONDAY + 4 * WEEK + timedelta(hours=2))
    said = text(await w.say("mo", "report"))
    assert "Ada: Missed units 3 and 4 after completing 2 of the 2 units before." in said
    await w.to(MONDAY + 6 * WEEK + timedelta(hours=2))
    said = text(await w.say("mo", "report"))
    assert "Checked in: 0 of 0" in said and "any check-in brings them back) Ada, Ben" in said
    await w.say("ada", "checkin 10 unit=3 back")
    said = text(await w.say("mo", "report"))
    assert "Checked in: 0 of 1" in said and "brings them back) Ben" in said


async def test_progress_of_somebody_who_is_no_member_offers_to_join(w: World) -> None:
    await w.start()
    reply = await w.say("mo", "progress")
    assert "You're not a member yet." in text(reply) and [b.label for b in reply.buttons] == ["Join"]
    assert (await w.press("mo", "Join")).title == "You're in Night owls"
