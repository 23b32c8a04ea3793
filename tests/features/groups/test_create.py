"""A moderator starts a group: preview, confirm, welcome; and what is refused."""

from __future__ import annotations

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.platform import Finding
from bot.messages.call import Call
from tests.examples import sample
from tests.harness import MONDAY, World, text, world
from tests.kit import OTHER, ROOM, Partner

HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": OTHER}
ELSEWHERE: dict[str, Any] = {"platform": "slack", "tenant": "T2", "room": "C0777777"}


async def test_the_preview_names_every_default_and_the_first_post_and_posts_nothing(w: World) -> None:
    w.clock.move_to(MONDAY + timedelta(hours=3))
    reply = await w.say("mo", 'cohort create name="Night owls" timezone=Europe/Berlin')
    said = text(reply)
    assert reply.audience == "private"
    for part in (
        "New group: Night owls",
        "Time zone: Europe/Berlin First",
        "First post on: Mon 9 Mar 2026 (default)",
        "Post and deadline: Mon 09:00 – Sun 21:00 (Europe/Berlin) (default)",
        "Pace: one unit a week (default)",
        "First unit: Unit 1: Python data structures (1 of 7 in part 1) (default)",
        "Course: Mastering generative-AI engineering (default)",
        "data structures: starts Mon 9 Mar 2026, 09:00 (Europe/Berlin), due Sun 15 Mar 2026, 21:00 (Europe/Berlin)",
    ):
        assert part in said
    await w.tick()
    assert await w.posts() == []
    assert "There's no group here yet" in text(await w.say("ada", "join"))


async def test_confirm_posts_a_welcome_with_rules_and_buttons(w: World) -> None:
    w.clock.move_to(MONDAY + timedelta(hours=3))
    await w.say("mo", 'cohort create name="Night owls" timezone=Europe/Berlin')
    reply = await w.press("mo", "Confirm")
    assert (reply.tone, reply.replaces, reply.title) == ("good", True, "Night owls is set up")
    await w.tick()
    [welcome] = await w.posts()
    assert welcome.title == "Welcome to Night owls"
    assert [b.label for b in welcome.buttons] == ["Join", "Data we store"]
    assert len([line for line in welcome.plain().split("\n") if line.startswith("- ")]) == 5
    assert "I'll post the first unit Mon 9 Mar 2026, 09:00 (Europe/Berlin)" in text(welcome)
    w.last["ada"] = welcome
    assert (await w.press("ada", "Join")).title == "You're in Night owls"
    w.last["ada"] = welcome
    assert (await w.press("ada", "Data we store")).title == "Your data"


async def test_typed_confirm_does_it_at_once(w: World) -> None:
    reply = await w.say("mo", "cohort create name=Owls timezone=UTC confirm=yes")
    assert reply.title == "Owls is set up"


async def test_change_opens_the_form_as_it_was_filled(w: World) -> None:
    await w.say("mo", 'cohort create name="Night owls" timezone=Asia/Kolkata rhythm="tue 10:00 - mon 12:00"')
    target = w.button("mo", "Change").target
    assert isinstance(target, Call)
    form = await w.form("mo", target)
    assert {f.key: f.value for f in form.fields} == {
        "name": "Night owls",
        "timezone": "Asia/Kolkata",
        "start": "",
        "channel": "",
        "rhythm": "tue 10:00 - mon 12:00",
    }


async def test_confirming_twice_makes_one_group(w: World) -> None:
    await w.say("mo", "cohort create name=Owls timezone=UTC")
    confirm = w.button("mo", "Confirm").target
    assert isinstance(confirm, Call)
    await w.press_call("mo", confirm)
    again = await w.press_call("mo", confirm)
    assert "already meets there" in text(again)
    await w.tick()
    assert len(await w.posts()) == 1


async def test_a_preview_is_only_its_own_moderators(w: World) -> None:
    await w.say("mo", "cohort create name=Owls timezone=UTC")
    confirm = w.button("mo", "Confirm").target
    assert isinstance(confirm, Call)
    assert "over an hour old" in text(await w.press_call("eve", confirm, moderator=True))


async def test_a_zone_is_never_guessed_on_discord(tmp_path: Path) -> None:
    async with world(tmp_path, chat=Partner("discord", "/")) as w:
        there: dict[str, Any] = {"platform": "discord", "tenant": "77", "room": "123456"}
        reply = await w.say("mo", "cohort create name=Owls", **there)
        assert reply.tone == "error"
        assert "name the group's time zone" in text(reply)
        form = await w.form("mo", Call("cohort create", ask=True), **there)
        assert [f.key for f in form.fields if f.required] == ["name", "timezone"]


async def test_the_form_leaves_a_zone_open_that_the_profile_knows(wide: World) -> None:
    form = await wide.form("mo", Call("cohort create", ask=True), zone="Asia/Kolkata", **HERE)
    assert [f.key for f in form.fields if f.required] == ["name"]


async def test_elsewhere_the_zone_of_the_profile_is_a_named_default(wide: World) -> None:
    reply = await wide.say("mo", "cohort create name=Owls", zone="Asia/Kolkata", **HERE)
    assert "Time zone: Asia/Kolkata (default)" in text(reply)


@pytest.mark.parametrize(
    ("line", "reason"),
    sample(
        [
            ("name=Owls timezone=Europe/Berln", "did you mean Europe/Berlin?"),
            ("name=Owls timezone=UTC start=2026-02-01", "that day is over"),
            ("name=Owls timezone=UTC start=2028-01-01", "over a year away"),
            ('name=Owls timezone=UTC rhythm="whenever"', "I can't read"),
            ('name=Owls timezone=UTC rhythm="mon 09:00 - mon 12:00"', "less than a day"),
            ("name=Owls timezone=UTC channel=nowhere!", "don't know which channel"),
            ("name=Owls timezone=UTC course=cooking", "There is no course “cooking”."),
            ("name=Owls timezone=UTC first_unit=99", "99"),
            ("name=Owls timezone=UTC pace=never", "choose 1 week, 2 weeks or calendar"),
        ],
        3,
    ),
)
async def test_a_wrong_wish_is_refused_with_its_reason_and_kept(w: World, line: str, reason: str) -> None:
    reply = await w.say("mo", f"cohort create {line}")
    assert reply.tone == "error"
    assert reason in text(reply)
    target = w.button("mo", "Correct it").target
    assert isinstance(target, Call)
    opened = {f.key: f.value for f in (await w.form("mo", target)).fields}
    typed = dict(word.split("=", 1) for word in shlex.split(line))
    assert opened.items() >= typed.items()


async def test_a_wrong_value_that_the_form_does_not_ask_for_is_asked_for_to_be_corrected(w: World) -> None:
    await w.say(
        "mo", "cohort create name=Owls timezone=UTC roadmap=astronomy pace=never rhythm='mon 09:00 - fri 18:00'"
    )
    first = w.button("mo", "Correct it").target
    assert isinstance(first, Call)
    form = await w.form("mo", first)
    assert [f.key for f in form.fields] == ["name", "pace", "timezone", "start", "channel"]
    assert "There is no course “astronomy”." in text(await w.press("mo", "Correct it", {"pace": "2 weeks"}))
    preview = text(await w.press("mo", "Correct it", {"roadmap": "genai-2026"}))
    assert "starts Mon 2 Mar 2026, 09:00 (UTC), due Fri 20 Mar 2026, 18:00 (UTC)" in preview


async def test_today_in_a_form_is_that_of_the_zone_beside_it(w: World) -> None:
    late = w.clock.now().replace(hour=23, minute=30)
    await w.to(late)
    await w.say("mo", "cohort create name=Owls timezone=Europe/Berlin start=today pace=never")
    target = w.button("mo", "Correct it").target
    assert isinstance(target, Call)
    opened = {f.key: f.value for f in (await w.form("mo", target)).fields}
    assert opened["start"] == str((late + timedelta(days=1)).date())


async def test_a_channel_without_permission_is_refused_with_its_mend(wide: World, partner: Partner) -> None:
    partner.findings[ROOM] = (
        Finding(True, "I see the channel"),
        Finding(False, "I may not post there", "Invite me with /invite."),
    )
    for line in ("cohort create name=Owls timezone=UTC", "cohort create name=Owls timezone=UTC confirm=yes"):
        reply = await wide.say("mo", line, **HERE)
        assert reply.tone == "error"
        assert "I may not post there. Invite me with /invite." in text(reply)
    assert [p.room for p in partner.looked_at] == [ROOM, ROOM]
    partner.findings.clear()
    assert (await wide.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", **HERE)).tone == "good"


async def test_a_named_channel_is_the_one_that_is_looked_at_and_posted_in(wide: World, partner: Partner) -> None:
    partner.findings[OTHER] = (Finding(False, "I am not in it", "Invite me."),)
    line = f"cohort create name=Owls timezone=UTC channel=<#{OTHER}|study> confirm=yes"
    assert "I am not in it. Invite me." in text(await wide.say("mo", line, **HERE))
    partner.findings.clear()
    await wide.say("mo", line, **HERE)
    await wide.tick()
    assert [p.title for p in partner.posts(OTHER)] == ["Welcome to Owls"]
    assert partner.posts(ROOM) == []


async def test_one_channel_belongs_to_one_group(wide: World) -> None:
    await wide.start(**HERE)
    reply = await wide.say("mo", "cohort create name=Larks timezone=UTC confirm=yes", **HERE)
    assert "Night owls already meets there" in text(reply)
    reply = await wide.say("mo", "cohort create name=larks timezone=UTC confirm=yes", **THERE)
    assert reply.tone == "good"


async def test_a_name_is_taken_once_in_a_workspace_and_free_in_the_next(wide: World) -> None:
    await wide.start(**HERE)
    assert "another group here has this name" in text(
        await wide.say("mo", 'cohort create name="night OWLS" timezone=UTC', **THERE)
    )
    await wide.start(**ELSEWHERE)


async def test_several_groups_run_side_by_side_and_no_workspace_sees_another(wide: World, partner: Partner) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **THERE)
    await wide.start(name="Strangers", **ELSEWHERE)
    await wide.say("ada", "join", **HERE)
    await wide.say("ben", "join", **THERE)
    await wide.say("eve", "join", **ELSEWHERE)
    await wide.after(hours=1)
    assert [len(partner.posts(r)) for r in (ROOM, OTHER, "C0777777")] == [2, 2, 2]
    assert "Not yet: Ada" in text(await wide.say("mo", "report", **HERE))
    everywhere = text(await wide.say("mo", "doctor", **HERE))
    assert "Owls" in everywhere
    assert "Larks" in everywhere
    assert "Strangers" not in everywhere
    reply = await wide.say("mo", "report cohort=Strangers", **HERE)
    assert "I can't find a group named" in text(reply)
    for call in (Call("report", {}, 3), Call("cohort status", {}, 3), Call("leaderboard", {}, 3)):
        assert "you can't see it" in text(await wide.call("mo", call, **HERE))


async def test_where_several_run_a_word_outside_their_rooms_offers_a_choice(wide: World) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **THERE)
    lobby = {**HERE, "room": "C0999999"}
    reply = await wide.say("mo", "report", **lobby)
    assert [b.label for b in reply.buttons] == ["Owls", "Larks"]
    assert (await wide.press("mo", "Larks", **lobby)).title == "Report on Larks"
    assert (await wide.say("mo", "report cohort=owls", **lobby)).title == "Report on Owls"


@pytest.mark.parametrize("who", ["ada", "guest"])
async def test_only_moderators_may_start_one(w: World, who: str) -> None:
    reply = await w.say(who, "cohort create name=Mine timezone=UTC")
    assert reply.tone == "error"
    assert "That's for people who manage the" in text(reply)


async def test_whom_the_settings_list_moderates_everywhere(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_MODERATORS="local:ada, slack:U1") as w:
        assert (await w.say("ada", "cohort create name=Owls timezone=UTC confirm=yes")).tone == "good"
        assert (await w.say("ben", "cohort status")).tone == "error"
        assert (await w.say("ada", "report")).title == "Report on Owls"


async def test_the_creator_goes_on_moderating_without_the_platforms_grant(w: World) -> None:
    await w.say("carl", "cohort create name=Owls timezone=UTC confirm=yes", moderator=True)
    assert (await w.say("carl", "report")).title == "Report on Owls"
    assert (await w.say("ada", "report")).tone == "error"


async def test_moderators_start_hidden_from_the_board(w: World) -> None:
    await w.start()
    assert "you don't appear on the leaderboard" in text(await w.say("mo", "join"))
    await w.say("ada", "join")
    await w.after(hours=2)
    for who in ("mo", "ada"):
        await w.say(who, "checkin 30 read it")
    board = text(await w.say("ada", "leaderboard season"))
    assert "Ada" in board
    assert "Mo" not in board.replace("Mon", "")


async def test_a_hostile_name_stays_text(w: World) -> None:
    await w.start(name="@everyone **x** [y](https://evil.example) \x02p|1|x\x03")
    [welcome] = await w.posts()
    assert "\x02p" not in welcome.title
    assert "\\*\\*x\\*\\*" in welcome.title
    assert "\\[y\\]" in welcome.title


async def test_the_welcome_comes_before_a_first_post_that_is_due_at_once(w: World) -> None:
    w.clock.move_to(MONDAY + timedelta(hours=3))
    await w.start(extra="start=today")
    assert [p.title[:7] for p in await w.posts()] == ["Welcome", "Unit 1:"]


async def test_a_room_is_made_ready_before_it_is_looked_at(wide: World, partner: Partner) -> None:
    here: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
    await wide.say("mo", "cohort create name=Owls timezone=Europe/Berlin", **here)
    assert [p.room for p in partner.prepared] == [ROOM]
    await wide.say("mo", "doctor", **here)
    assert len(partner.prepared) == 1


async def test_usual_weeks_and_the_roadmaps_are_suggested(w: World) -> None:
    weeks = await w.suggestions("mo", "cohort create", "rhythm", "wed")
    assert weeks and all("wed" in week for week in weeks)
    assert await w.suggestions("mo", "cohort create", "roadmap", "generative") == [
        "Mastering generative-AI engineering"
    ]
    title = "Mastering generative-AI engineering"
    said = await w.say("mo", f'cohort create name=Owls timezone=UTC rhythm="{weeks[0]}" roadmap="{title}" confirm=yes')
    assert said.tone == "good", said.plain()


async def test_a_welcome_before_the_first_unit_does_not_say_that_the_unit_is_out(w: World) -> None:
    w.clock.move_to(MONDAY + timedelta(hours=3))
    await w.start(extra="start=today")
    welcome = (await w.posts())[0]
    assert "I'll post the first unit below in a moment." in text(welcome) and "is out" not in text(welcome)
