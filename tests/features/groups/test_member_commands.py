"""What members say to a group: join, leave, reminders, settings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages.call import Call
from tests.examples import sample
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long


async def test_joining_says_where_the_group_is_my_zone_and_that_nothing_reminds_me_yet(w: World) -> None:
    await w.begin()
    reply = await w.say("ada", "join")
    said = text(reply)
    assert (reply.tone, reply.audience, reply.title) == ("good", "private", "You're in Night owls")
    assert "Unit 1: Python data structures (1 of 7 in part 1) is due Sun 8 Mar 2026, 21:00 (UTC)." in said
    assert "Your time zone: UTC (same as the group)" in said
    assert "Reminders: off" in said
    assert [b.label for b in reply.buttons] == ["Check in", "Turn on reminders", "Change settings"]


async def test_the_welcome_has_the_button_that_joins(w: World) -> None:
    await w.start()
    [welcome] = await w.posts()
    assert [b.label for b in welcome.buttons] == ["Join", "Data we store"]
    assert (await w.press("ada", "Join", of=welcome)).title == "You're in Night owls"


async def test_joining_again_changes_nothing_and_says_so_kindly(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings shown=no alias=Night reader")
    reply = await w.say("ada", "join")
    assert (reply.tone, reply.title) == ("good", "You're already in Night owls")
    assert [f.value for f in (await w.form("ada", Call("settings", ask=True))).fields][-2:] == ["no", "Night reader"]


@pytest.mark.parametrize(
    ("platform", "zone", "told"),
    [
        ("slack", "Asia/Kolkata", "Asia/Kolkata (from your profile)"),
        ("discord", None, "Europe/Berlin (same as the group)"),
        ("local", "Asia/Kolkata", "Asia/Kolkata (from your browser)"),
    ],
)
async def test_where_my_zone_comes_from_is_told(w: World, platform: str, zone: str | None, told: str) -> None:
    place = {"platform": platform, "tenant": "55555"}
    await w.start("Europe/Berlin", extra="channel=general", **place)
    assert f"Your time zone: {told} Reminders" in text(await w.say("ada", "join", zone=zone, **place))


async def test_a_press_turns_reminders_on_and_another_off(w: World) -> None:
    await w.begin("ada")
    on = await w.press("ada", "Turn on reminders")
    assert "one day before the deadline and again three hours before" in text(on)
    assert "Reminders: on" in text(await w.say("ada", "join"))
    assert "Turn on reminders" not in [b.label for b in w.last["ada"].buttons]
    assert "You can turn them on again in your settings." in text(await w.press("ada", "Stop reminders", of=on))
    assert "Turn on reminders" in [b.label for b in (await w.say("ada", "join")).buttons]


async def test_leaving_keeps_the_record_and_coming_back_finds_it(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    reply = await w.say("ada", "leave")
    assert reply.title == "You've left Night owls" and "I keep your check-ins in case you come back" in text(reply)
    assert (await w.press("ada", "Join again")).title == "You're in Night owls"
    assert "Streak 1" in text(await w.say("ada", "progress"))


async def test_a_moderator_is_told_of_starting_hidden_once(w: World) -> None:
    await w.begin()
    told = "As a moderator you don't appear on the leaderboard. You can change this in your settings."
    assert told in text(await w.say("mo", "join"))
    assert told not in text(await w.say("mo", "join"))


@pytest.mark.parametrize(
    "line",
    sample(["leave", "checkin 45 read", "undo", "away friday", "progress", "leaderboard", "settings zone=UTC"], 3),
)
async def test_a_guest_is_told_how_to_become_a_member_with_a_button_that_does_it(w: World, line: str) -> None:
    await w.begin()
    reply = await w.say("ada", line)
    assert text(reply) == "That's for members of the group. To join, type `join`."
    assert (reply.tone, reply.audience) == ("error", "private")
    assert (await w.press("ada", "Join")).title == "You're in Night owls"


@pytest.mark.parametrize(
    "line",
    sample(
        [
            "report",
            "preview",
            "doctor",
            "cohort status",
            "cohort pause",
            "cohort end",
            "excuse ada 1 because",
            "void ada 1 because",
        ],
        3,
    ),
)
async def test_a_member_is_told_who_may_do_what_moderators_do(w: World, line: str) -> None:
    await w.begin("ada")
    assert text(await w.say("ada", line)) == (
        "Only moderators can do that. Mo can do it for you, or make you a moderator with `manage edit moderators=@you`."
    )


async def test_an_organiser_who_manages_nothing_is_told_who_can_start_the_group_and_make_them_its_moderator(
    w: World,
) -> None:
    assert text(await w.say("ada", 'cohort create name="Mine" UTC')) == (
        "That's for people who manage the server or workspace. Moderators only manage their own group. "
        "Someone who manages the server or workspace can do it for you, and make you a moderator of a group with "
        "`manage edit moderators=@you`. The bot's operator can let people start groups in their own channels."
    )


async def test_the_settings_open_filled_in(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "settings")
    assert [b.label for b in reply.buttons] == ["My settings"]
    form = await w.form("ada", Call("settings", ask=True))
    assert {f.key: f.value for f in form.fields} == {
        "timezone": "UTC",
        "reminders": "no",
        "quiet": "22:00 - 08:00",
        "visible": "yes",
        "alias": "",
    }


@pytest.mark.parametrize(
    ("line", "told"),
    sample(
        [
            ("zone=Europe/Berlin", "Time zone: Europe/Berlin"),
            ("zone=berlin", "Time zone: Europe/Berlin"),
            ("reminders=yes", "Reminders: on"),
            ("quiet=21:30 - 7", "Quiet hours: 21:30 - 07:00"),
            ("quiet=“11pm – 6:15”", "Quiet hours: 23:00 - 06:15"),
            ("quiet=9pm to 7am", "Quiet hours: 21:00 - 07:00"),
            ("quiet=from 9 p.m. until 7 a.m.", "Quiet hours: 21:00 - 07:00"),
            ("quiet='9pm - 7am'", "Quiet hours: 21:00 - 07:00"),
            ("quiet=8 - 8", "Quiet hours: none"),
            ("quiet=off", "Quiet hours: none"),
            ("quiet=never", "Quiet hours: none"),
            ("quiet=on", "Quiet hours: 22:00 - 08:00"),
            ("reminders=on", "Reminders: on"),
            ("reminders=off", "Reminders: off"),
            ("shown=never", "Your name on the leaderboard: hidden"),
            ("shown=no", "Your name on the leaderboard: hidden"),
            ("alias=Night reader", "Your name on the leaderboard: Night reader"),
            ("alias=-", "Your name on the leaderboard: Ada"),
        ],
        3,
    ),
)
async def test_each_setting_can_be_said_alone(w: World, line: str, told: str) -> None:
    await w.begin("ada")
    reply = await w.say("ada", f"settings {line}")
    assert (reply.tone, reply.title) == ("good", "Saved")
    assert told in text(reply)


async def test_what_is_left_out_stays_as_it_was(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings zone=Asia/Kolkata reminders=yes quiet=21:00-07:00 shown=no alias=Owl")
    said = text(await w.say("ada", "settings shown=yes"))
    assert said.endswith(
        "Time zone: Asia/Kolkata Reminders: on Quiet hours: 21:00 - 07:00 Your name on the leaderboard: Owl "
        "(was hidden) Show me the leaderboard: on Pictures: on"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("zone=Europe/Berln", "Time zone: Europe/Berln: did you mean Europe/Berlin? Example: Europe/Berlin"),
        ("zone=Atlantis", "Time zone: Atlantis is not a time zone I know. Example: Europe/Berlin"),
        ("reminders=perhaps", "Reminders by direct message: “perhaps” is neither yes nor no. Example: yes"),
        ("quiet=soon", "Quiet hours: type two times, or off. Example: 22:00 - 08:00"),
        ("quiet=25:00 - 8", "Quiet hours: “25:00” is not a time of day. Example: 22:00 - 08:00"),
    ],
)
async def test_a_wrong_setting_is_named_and_changes_nothing(w: World, line: str, told: str) -> None:
    await w.begin("ada")
    reply = await w.say("ada", f"settings alias=Owl {line}")
    assert text(reply) == told
    form = await w.form("ada", w.button("ada", "Correct it").target)
    assert {f.key: f.value for f in form.fields}["alias"] == "Owl"
    assert {f.key: f.value for f in (await w.form("ada", Call("settings", ask=True))).fields}["alias"] == ""


@pytest.mark.parametrize("taken", sample(["Ben", "ben", "Owl", "oWl"], 2))
async def test_nobody_takes_the_name_of_somebody_else_here(w: World, taken: str) -> None:
    await w.begin("ada", "ben", "chloe")
    await w.say("chloe", "settings alias=Owl")
    reply = await w.say("ada", f"settings alias={taken}")
    assert text(reply).startswith("Leaderboard name: someone here has that name")


async def test_an_alias_is_words_cleaned_and_cut_and_never_a_mention(w: World) -> None:
    await w.begin("ada", "ben")
    await w.call("ada", Call("settings", {"alias": "**Eve** <@everyone>\n\x02p|1|x\x03"}))
    assert "leaderboard: **Eve** <@everyone> p|1|x" in text(w.last["ada"])
    said = (await w.say("ben", "leaderboard")).to_json()
    assert "\x02" not in str(said) and "\n" not in str(said["blocks"][1])
    long = text(await w.say("ada", "settings alias=" + "x" * 41))
    assert long.endswith("41 characters, 40 fit. Example: Night reader")


async def test_new_quiet_hours_move_the_next_reminder(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings reminders=yes quiet=20:00-23:00")
    await w.to(MONDAY + timedelta(days=5, hours=12))
    [reminder] = await w.posts("@ada")
    assert "Unit 1: Python data structures in Night owls is due" in text(reminder)
    assert [b.label for b in reminder.buttons] == ["Check in", "Mute this week", "Stop reminders"]
    muted = await w.press("ada", "Mute this week", of=reminder)
    assert text(muted).startswith("No more reminders for unit 1.")
    await w.to(MONDAY + timedelta(days=6, hours=12))
    assert len(await w.posts("@ada")) == 1
