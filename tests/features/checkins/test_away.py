"""Being away: what is said in time holds the streak, and what a member is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages.call import Call
from tests.examples import sample
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

DUE = MONDAY + timedelta(days=6, hours=13)
GRACE_ENDS = DUE + timedelta(hours=12)


async def test_an_absence_names_its_days_and_how_to_end_it(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "away until=2026-03-10 from=2026-03-07 reason=exams")
    assert (reply.tone, reply.audience, reply.title) == ("good", "private", "Enjoy your break")
    assert "You're away from Sat 7 Mar 2026 to Tue 10 Mar 2026 (UTC)." in text(reply)
    assert "End it early with `away today`." in text(reply)


@pytest.mark.parametrize(
    ("line", "is_held"),
    [
        ("away until=2026-03-07", False),
        ("away until=2026-03-08", True),
        ("away until=2026-03-14 from=2026-03-09", False),
        ("away until=2026-03-15 from=2026-03-15", True),
    ],
)
async def test_an_absence_in_which_nothing_is_due_is_said_to_change_nothing(w: World, line: str, is_held: bool) -> None:
    await w.begin("ada")
    said = text(await w.say("ada", line))
    assert ("Your streak is safe." in said) == is_held
    assert ("No unit is due then." in said) != is_held


@pytest.mark.parametrize(
    ("line", "span"),
    sample(
        [
            ("away friday", "Mon 2 Mar 2026 to Fri 6 Mar 2026"),
            ("away in 2 weeks", "Mon 2 Mar 2026 to Mon 16 Mar 2026"),
            ("away next monday exams", "Mon 2 Mar 2026 to Mon 9 Mar 2026"),
            ("away until friday", "Mon 2 Mar 2026 to Fri 6 Mar 2026"),
            ("away until=until friday", "Mon 2 Mar 2026 to Fri 6 Mar 2026"),
            ("away from wednesday to tuesday", "Wed 4 Mar 2026 to Tue 10 Mar 2026"),
            ("away until=tomorrow from=tomorrow", "Tue 3 Mar 2026 to Tue 3 Mar 2026"),
            ("away until=2026-03-05 from=2026-03-08", "Thu 5 Mar 2026 to Sun 8 Mar 2026"),
        ],
        2,
    ),
)
async def test_days_are_read_as_people_say_them_and_swapped_ones_put_in_order(w: World, line: str, span: str) -> None:
    await w.begin("ada")
    assert f"You're away from {span}" in text(await w.say("ada", line))


async def test_a_unit_due_while_away_holds_the_streak_and_adds_nothing(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(GRACE_ENDS + timedelta(hours=1))
    await w.say("ada", "away until=2026-03-15")
    await w.to(GRACE_ENDS + timedelta(days=7, hours=1))
    said = text(await w.say("ada", "progress"))
    assert "Streak 1. Freezes: 1" in said
    assert "Units 1 to 3: ● ▷ …" in said and "▷ away" in said
    assert "Away on the day of the deadline." in text(await w.call("ada", Call("ledger")))


async def test_working_while_away_counts_like_any_work(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away until=2026-03-15")
    assert "+10 points" in text(await w.say("ada", "checkin 30 could not resist"))


async def test_it_can_be_said_until_the_grace_of_the_unit_ends(w: World) -> None:
    await w.begin("ada", "ben")
    await w.to(GRACE_ENDS - timedelta(minutes=1))
    assert "Sun 8 Mar 2026 to Sun 8 Mar 2026" in text(
        await w.say("ada", "away until=yesterday from=yesterday reason=ill")
    )
    await w.to(GRACE_ENDS)
    refused = await w.say("ben", "away until=2026-03-10 from=2026-03-08")
    assert text(refused) == (
        "First day away: choose a day before the unit's late period ends. The earliest day is Mon 9 Mar 2026."
    )
    assert "▷ away" in text(await w.say("ada", "progress"))
    assert "✕ missed" in text(await w.say("ben", "progress"))


async def test_a_correction_of_a_refused_absence_keeps_its_reason(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away until=2026-03-10 from=2026-03-01 reason=a wedding")
    form = await w.form("ada", w.button("ada", "Correct it").target)
    assert {f.key: f.value for f in form.fields} == {
        "until": "2026-03-10",
        "from": "2026-03-01",
        "reason": "a wedding",
    }
    assert "Thu 5 Mar 2026 to Tue 10 Mar 2026" in text(await w.press("ada", "Correct it", {"from": "2026-03-05"}))


async def test_four_weeks_at_once_at_most(w: World) -> None:
    await w.begin("ada")
    refused = await w.say("ada", "away until=2026-03-30")
    assert text(refused).startswith("Last day away: choose Sun 29 Mar 2026 or earlier. A break lasts four weeks")
    assert "Mon 2 Mar 2026 to Sun 29 Mar 2026" in text(await w.press("ada", "Correct it", {"until": "2026-03-29"}))


async def test_days_that_were_said_twice_are_shown_once(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away until=2026-03-06")
    await w.say("ada", "away until=2026-03-08")
    await w.say("ada", 'away until=2026-03-04 reason="a wedding"')
    said = text(await w.say("ada", "progress"))
    assert "- Away Mon 2 Mar 2026 to Wed 4 Mar 2026: a wedding - Away Mon 2 Mar 2026 to Sun 8 Mar 2026" in said
    assert said.count("Away Mon 2 Mar 2026 to") == 2


@pytest.mark.nightly
async def test_today_ends_it(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away in 2 weeks")
    await w.after(days=2)
    assert text(await w.say("ada", "away today")) == "Welcome back! Your streak and reminders are on again."
    assert "Away Mon 2 Mar 2026 to Tue 3 Mar 2026" in text(await w.say("ada", "progress"))
    await w.to(GRACE_ENDS)
    assert "✕ missed" in text(await w.say("ada", "progress"))


async def test_ending_what_never_began_says_how_to_be_away_for_a_day(w: World) -> None:
    await w.begin("ada")
    assert text(await w.say("ada", "away until=today")) == (
        "You're not away. To be away for today only, type `away until=today from=today`."
    )
    assert "Mon 2 Mar 2026 to Mon 2 Mar 2026" in text(await w.say("ada", "away until=today from=today"))


async def test_an_absence_still_to_come_is_called_off_by_today(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away until=2026-03-08 from=2026-03-07")
    await w.say("ada", "away today")
    assert "Away" not in text(await w.say("ada", "progress"))
    await w.to(GRACE_ENDS)
    assert "✕ missed" in text(await w.say("ada", "progress"))


async def test_a_word_that_is_no_day_is_named_with_an_example(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "away until=whenever")
    assert text(reply) == "Last day away: “whenever” is not a day. Example: in 1 week"


async def test_without_a_day_the_form_says_what_an_absence_does(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "away")
    form = await w.form("ada", w.button("ada", "Be away").target)
    assert form.note == "I'll pause your streak and reminders. Four weeks at most."
    assert [f.key for f in form.fields] == ["until", "from", "reason"]


async def test_the_reason_is_for_the_member_and_moderators_only(w: World) -> None:
    await w.begin("ada", "ben", "mo")
    await w.say("ada", "away until=friday reason=my operation")
    assert "my operation" in text(await w.say("ada", "progress"))
    assert "my operation" in text(await w.say("mo", "progress ada"))
    assert "operation" not in text(await w.say("ben", "progress ada"))


@pytest.mark.nightly
async def test_the_day_of_an_absence_belongs_to_the_members_zone(w: World) -> None:
    await w.start()
    await w.say("ada", "join", zone="Pacific/Kiritimati")
    await w.say("ben", "join", zone="Pacific/Pago_Pago")
    await w.after(hours=2)
    assert "Tue 3 Mar 2026 to Mon 9 Mar 2026 (Pacific/Kiritimati)" in text(
        await w.say("ada", "away until=2026-03-09 from=today", zone="Pacific/Kiritimati")
    )
    assert "Sun 1 Mar 2026 to Sat 7 Mar 2026 (Pacific/Pago_Pago)" in text(
        await w.say("ben", "away until=2026-03-07 from=today", zone="Pacific/Pago_Pago")
    )
    await w.to(GRACE_ENDS)
    # the deadline, Sunday 21:00 UTC, is Monday the 9th for Ada and Sunday the 8th, a day too late, for Ben
    assert "▷ away" in text(await w.say("ada", "progress", zone="Pacific/Kiritimati"))
    assert "✕ missed" in text(await w.say("ben", "progress", zone="Pacific/Pago_Pago"))
