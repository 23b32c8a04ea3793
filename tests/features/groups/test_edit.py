"""A moderator changes a group: only what has not opened moves, and the dates are shown first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.platform import Finding, Gone
from bot.delivery.outbox import OutboxRow
from bot.messages.call import Call
from bot.platforms.slack import render as slack_render
from tests.examples import sample
from tests.harness import MONDAY, World, text
from tests.kit import OTHER, ROOM, Partner

pytestmark = pytest.mark.long

HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
NINE = MONDAY + timedelta(hours=1)


async def test_a_new_hour_moves_what_is_to_come_and_not_what_is_out(w: World) -> None:
    await w.start()
    await w.to(NINE)
    reply = await w.say("mo", 'cohort edit rhythm="tue 18:00 - mon 12:00"')
    said = text(reply)
    assert "Unit 2: Classes, protocols and composition: starts Tue 10 Mar 2026, 18:00 (UTC)" in said
    assert "(was Mon 9 Mar 2026, 09:00 (UTC))" in said
    assert "Unit 1:" not in said.split("New dates")[1]
    assert "and 53 more units" in said
    assert "Wed" not in said
    status = text(await w.say("mo", "cohort status"))
    assert "Mon 09:00 – Sun 21:00" in status
    reply = await w.say("mo", 'cohort edit rhythm="tue 18:00 - mon 12:00" confirm=yes')
    assert "57 dates moved" in text(reply)
    await w.after(weeks=1, hours=9)
    assert "Due Sun 8 Mar 2026, 21:00" in text((await w.posts())[1])
    assert [p.title[:9] for p in await w.posts()] == ["Welcome t", "Unit 1: P", "New dates"]
    await w.after(days=1)
    assert "Due Mon 16 Mar 2026, 12:00" in text((await w.posts())[-1])
    assert (await w.messages())[-1].at == MONDAY + timedelta(days=8, hours=10)


@pytest.mark.nightly
async def test_a_new_zone_keeps_the_running_deadline(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE)
    await w.say("mo", "cohort edit timezone=America/New_York")
    await w.press("mo", "Confirm")
    assert "due Sun 8 Mar 2026, 17:00 (America/New_York)" in text(await w.say("ada", "progress"))
    await w.after(weeks=1, hours=3, minutes=59)
    assert len(await w.posts()) == 3
    await w.after(minutes=1)  # 9:00 in New York is 13:00 UTC after its gap
    assert len(await w.posts()) == 4
    assert "Due Sun 15 Mar 2026, 21:00 (America/New_York)" in text((await w.posts())[3])


async def test_nobody_undoes_unseen_what_another_has_changed_meanwhile(w: World) -> None:
    await w.start()
    older = await w.say("hanna", 'cohort edit name="Early birds"', moderator=True)
    await w.say("mo", 'cohort edit name="Larks" confirm=yes')
    refused = await w.press("hanna", "Confirm", of=older, moderator=True)
    assert "This has changed since you opened it" in text(refused)
    assert "then press the button again." in text(refused)
    assert "Larks" in text(await w.say("mo", "cohort status"))
    assert (await w.press("hanna", "Confirm", moderator=True)).tone == "good"


async def test_a_new_pace_counts_from_the_next_unit(w: World) -> None:
    await w.start()
    await w.to(NINE)
    said = text(await w.say("mo", 'cohort edit pace="2 weeks"'))
    assert "and composition: starts Mon 9 Mar 2026, 09:00 (UTC), due Sun 22 Mar" in said
    await w.press("mo", "Confirm")
    await w.after(weeks=3)
    assert [p.title[:6] for p in await w.posts()] == ["Welcom", "Unit 1", "New da", "Unit 2", "Unit 3"]


async def test_the_form_opens_with_the_settings_and_an_unchanged_form_changes_nothing(w: World) -> None:
    await w.start("Asia/Kolkata", extra="start=today")
    await w.to(NINE)
    form = await w.form("mo", Call("cohort edit", {}, 1, ask=True))
    assert {f.key: f.value for f in form.fields} == {
        "name": "Night owls",
        "timezone": "Asia/Kolkata",
        "start": "2026-03-02",
        "channel": "general",
        "rhythm": "mon 09:00 - sun 21:00",
    }
    reply = await w.press_call("mo", Call("cohort edit", {}, 1, ask=True))
    assert "No dates change" in text(reply)
    assert "No dates moved" in text(await w.press("mo", "Confirm"))


@pytest.mark.parametrize(
    ("line", "reason"),
    sample(
        [
            ("start=2026-03-20", "the start can't change"),
            ("first_unit=3", "the first unit can't change"),
            ("roadmap=cooking", "the course and the first unit can't change"),
            ("timezone=Mars/Base", "is not a time zone I know"),
            ('rhythm="mon 09:00 - mon 11:00"', "less than a day"),
        ],
        2,
    ),
)
async def test_what_cannot_change_any_more_is_refused(w: World, line: str, reason: str) -> None:
    await w.start()
    await w.to(NINE)
    reply = await w.say("mo", f"cohort edit {line}")
    assert reply.tone == "error"
    assert reason in text(reply)


async def test_before_the_first_post_start_and_first_unit_may_move(w: World) -> None:
    await w.start()
    said = text(await w.say("mo", "cohort edit start=2026-03-11 first_unit=3"))
    assert "Unit 3:" in said
    assert "starts Wed 11 Mar 2026, 09:00" in said
    await w.press("mo", "Confirm")
    await w.after(days=9, hours=2)
    assert [p.title[:6] for p in await w.posts()] == ["Welcom", "New da", "Unit 3"]


async def test_a_start_moved_to_today_after_the_hour_posts_at_once_with_five_days(w: World) -> None:
    await w.start(extra="start=2026-03-20")
    w.clock.move_to(MONDAY + timedelta(days=1, hours=15))  # Tuesday, 23:00
    said = text(await w.say("mo", "cohort edit start=today confirm=yes"))
    assert "moved" in said
    await w.tick()
    [post] = [p for p in await w.posts() if p.title.startswith("Unit")]
    assert "Late" not in text(post)
    assert "Due Sun 8 Mar 2026, 21:00" not in text(post)
    assert "Due Sun 15 Mar 2026, 21:00" in text(post)


async def test_a_rhythm_that_puts_the_next_post_into_the_past_alarms_nobody(w: World) -> None:
    await w.start(extra='rhythm="thu 09:00 - sun 21:00" start=2026-03-05')
    await w.to(MONDAY + timedelta(days=8, hours=10))
    await w.say("mo", 'cohort edit rhythm="mon 09:00 - sun 21:00" confirm=yes')
    await w.after(days=1)
    assert await w.posts("@mo") == []
    assert "Mon 16 Mar 2026, 09:00" in text(await w.say("mo", "cohort status"))


async def test_a_new_room_is_checked_first_and_takes_the_next_post(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.to(NINE)
    partner.looked_at.clear()
    await wide.say("mo", "cohort edit name=Larks confirm=yes", **HERE)
    assert partner.looked_at == []
    partner.findings[OTHER] = (Finding(False, "I may not open threads", "Allow it."),)
    reply = await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    assert "I may not open threads. Allow it." in text(reply)
    partner.findings.clear()
    preview = await wide.say("mo", f"cohort edit channel={OTHER}", **HERE)
    assert OTHER in str(preview.blocks[-1])
    await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    await wide.after(weeks=1)
    assert [p.title[:6] for p in partner.posts(OTHER)] == ["Unit 2"]
    assert (await wide.say("mo", "report", **{**HERE, "room": OTHER})).title == "Report on Larks"


@pytest.mark.nightly
async def test_what_waits_for_a_deleted_channel_goes_out_in_the_new_one(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    for who in ("ada", "ben", "chloe", "dan", "eve"):  # of fewer no post says how many have checked in
        await wide.say(who, "join", **HERE)
    partner.troubles[ROOM] = Gone("The channel is gone.")
    await wide.to(NINE + timedelta(hours=3))
    reply = await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    assert "I'll send waiting posts (2) to the new channel." in text(reply)
    await wide.tick()
    assert [p.title[:6] for p in partner.posts(OTHER)] == ["Unit 1"]
    post = next(p for p in partner.sent if p.key.endswith(":post"))
    start = next(p for p in partner.sent if p.key.endswith(":start"))
    assert (start.place.room, start.place.thread) == (OTHER, f"t-m{partner.sent.index(post) + 1}")
    there = {**HERE, "room": OTHER}
    assert (await wide.say("mo", "doctor", **there)).title == "Everything works"
    assert (await wide.say("mo", "preview", **there)).title.startswith("Unit 2")
    await wide.say("ada", "checkin 30 heaps", **there)
    await wide.after(minutes=5)
    assert [(p.place.room, p.ref) for p in partner.sent if p.action == "edit"] == [
        (OTHER, f"m{partner.sent.index(post) + 1}")
    ]


@pytest.mark.nightly
async def test_what_belongs_to_a_unit_of_a_deleted_channel_follows_the_group(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.to(NINE)
    partner.troubles[ROOM] = Gone("The channel is gone.")
    await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    await wide.to(NINE + timedelta(days=6))
    (reminder,) = partner.posts(OTHER)
    assert text(reminder).startswith("For the thread “Unit 1: Python data structures”: One day left")
    there = {**HERE, "room": OTHER}
    assert (await wide.say("mo", "doctor", **there)).title == "Everything works"
    assert partner.posts("@mo") == []


@pytest.mark.nightly
async def test_the_running_unit_can_be_posted_again_in_the_new_channel(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    for who in ("ada", "ben", "chloe", "dan", "eve"):  # of fewer no post says how many have checked in
        await wide.say(who, "join", **HERE)
    await wide.to(NINE)
    await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    there = {**HERE, "room": OTHER}
    shown = await wide.say("mo", "preview", **there)
    assert "This post is in the group's old channel. Here it would look like this:" in text(shown)
    await wide.press("mo", "Post now", **there)
    await wide.press("mo", "Post it", **there)
    await wide.say("ada", "checkin 30 heaps", **there)
    await wide.after(days=6)
    posted = [p for p in partner.sent if p.place.room == OTHER]
    assert [p.key.partition(":")[2].partition(":")[2] for p in posted] == ["post", "start", "post:edit", "thread:1d"]
    assert {p.place.thread for p in posted} == {None, f"t-m{partner.sent.index(posted[0]) + 1}"}
    assert (await wide.say("mo", "preview", **there)).title.startswith("Unit 2")


async def test_a_room_of_another_group_cannot_be_taken(wide: World) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **{**HERE, "room": OTHER})
    reply = await wide.say("mo", f"cohort edit channel={OTHER}", **HERE)
    assert "Larks already meets there" in text(reply)
    assert "another group here has this name" in text(await wide.say("mo", "cohort edit name=larks", **HERE))


async def test_a_moderator_is_named_by_name_or_mention_or_role(wide: World) -> None:
    await wide.start(**DISCORD)
    await wide.say("ada", "join", **DISCORD)
    assert (await wide.say("ada", "report", **DISCORD)).tone == "error"
    reply = await wide.say("mo", 'cohort edit moderators="ada <@777> <@&4242>" confirm=yes', **DISCORD)
    assert "New moderators: a role, someone, Ada" in text(reply)
    told = await wide.say("ada", "report", **DISCORD)
    assert (
        told.title == "Report on Night owls"
        and "You now moderate a group. To see which one, type `groups`." in text(told)
    )
    assert "You moderate" not in text(await wide.say("ada", "report", **DISCORD))
    assert (await wide.say("ben", "report", grants=frozenset({"role:4242"}), **DISCORD)).tone != "error"
    assert (await wide.say("carl", "report", grants=frozenset({"role:4243"}), **DISCORD)).tone == "error"
    assert "Ada" in text(await wide.say("mo", "cohort status", **DISCORD))


async def test_a_group_is_handed_to_another_moderator(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    refusal = text(await w.say("mo", "manage edit remove_moderators=Mo"))
    assert "A group needs a moderator. Name the next one too" in refusal
    assert "doesn't moderate this group" in text(await w.say("mo", "manage edit remove_moderators=ben"))
    preview = text(await w.say("mo", "manage edit moderators=ada remove_moderators=Mo"))
    assert "Moderators to add: ada" in preview and "Moderators to remove: Mo" in preview
    reply = text(await w.press("mo", "Confirm"))
    assert "New moderators: Ada." in reply and "No longer moderators: Mo." in reply
    assert "Mo" not in text(await w.say("ada", "manage status")).split()
    assert (await w.say("ada", "manage report")).tone != "error"
    await w.say("ada", "manage edit moderators=ben confirm=yes")
    await w.say("ada", "manage edit remove_moderators=ben confirm=yes")
    assert "You no longer moderate Night owls." in text(await w.say("ben", "progress"))
    assert (await w.say("ben", "manage report")).tone == "error"


@pytest.mark.parametrize("confirm", ["", " confirm=yes"])
async def test_whom_nobody_knows_is_not_made_a_moderator_nor_offered_as_one(w: World, confirm: str) -> None:
    await w.start()
    reply = await w.say("mo", f"cohort edit moderators=zoe{confirm}")
    assert "is not a member" in text(reply)
    assert "Confirm" not in [button.label for button in reply.buttons]


async def test_a_moderator_of_one_group_has_no_word_in_another(wide: World) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **{**HERE, "room": OTHER})
    await wide.say("ada", "join", **HERE)
    await wide.say("mo", "cohort edit moderators=ada confirm=yes", **HERE)
    assert (await wide.say("ada", "report", **HERE)).title == "Report on Owls"
    assert (await wide.say("ada", "report", **{**HERE, "room": OTHER})).tone == "error"
    assert (await wide.call("ada", Call("cohort end", {"confirm": "yes"}, 2), **HERE)).tone == "error"


@pytest.mark.parametrize(
    ("typed", "now"), sample([("no", "off"), ("off", "off"), ("never", "off"), ("yes", "on"), ("on", "on")], 3)
)
async def test_reminders_of_a_group_take_yes_and_no_like_every_other_setting(w: World, typed: str, now: str) -> None:
    await w.start()
    assert f"Reminders: {now}" in text(await w.say("mo", f"cohort edit reminders={typed}"))
    await w.say("mo", f"cohort edit reminders={typed} confirm=yes")
    assert f"Reminders: {now}" in text(await w.say("mo", "cohort status"))


async def test_a_receipt_says_what_is_another_and_what_it_was(w: World) -> None:
    await w.start()
    line = "cohort edit name='Day *owls*' timezone=Asia/Tokyo warmups=no channel_shows=goal"
    assert "Warm-ups in threads: off (was on)" in text(await w.say("mo", line))
    changed = text(await w.press("mo", "Confirm"))
    for said in (
        "Name: Day *owls* (was Night owls)",
        "Time zone: Asia/Tokyo (was UTC)",
        "Warm-ups in threads: off (was on)",
        "Posts show: who checked in, and the group's goal (was who checked in, and the leaderboard at the end)",
    ):
        assert said in changed
    assert "Pace" not in changed and "Reminders" not in changed
    assert (await w.say("mo", f"{line} confirm=yes")).title == "Nothing changed"


async def test_a_rhythm_takes_the_hours_that_quiet_hours_take(w: World) -> None:
    await w.start()
    for typed in ("'tue 6pm - mon 12pm'", "tue 6 p.m. to mon 12 p.m.", "“tue 18:00 – mon 12:00”"):
        assert "Tue 18:00 – Mon 12:00" in text(await w.say("mo", f"cohort edit rhythm={typed}"))
    await w.say("ada", "join")
    assert "Quiet hours: 18:00 - 12:00" in text(await w.say("ada", "settings quiet='6pm to 12 p.m.'"))


@pytest.mark.nightly
async def test_whoever_moderates_two_groups_says_from_afar_which_one_is_meant(wide: World) -> None:
    there, alone = {**HERE, "room": OTHER}, {**HERE, "room": "@mo"}
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **there)
    await wide.say("ada", "join", **there)
    await wide.to(NINE + timedelta(hours=1))
    assert "Which group do you mean?" in text(await wide.say("mo", "excuse ada 1 ill", **alone))
    assert "I've excused Ada from Unit 1" in text(await wide.say("mo", "excuse ada 1 ill cohort=Larks", **alone))


async def test_an_edit_is_for_moderators(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    for line in ("cohort edit name=Mine confirm=yes", "cohort status", "cohort pause", "cohort end confirm=yes"):
        assert "Only moderators can do that" in text(await w.say("ada", line))


DISCORD: dict[str, Any] = {"platform": "discord", "tenant": "900", "room": "12345"}


async def test_a_role_is_notified_by_a_units_post_alone_once_a_moderator_wants_it(wide: World) -> None:
    await wide.start("Europe/Berlin", **DISCORD)
    assert "Role to notify: none" in text(await wide.say("mo", "cohort status", **DISCORD))
    preview = text(await wide.say("mo", "cohort edit notify=<@&777>", **DISCORD))
    assert "Role to notify: the chosen role" in preview
    await wide.press("mo", "Confirm", **DISCORD)
    assert "Role to notify: the chosen role" in text(await wide.say("mo", "cohort status", **DISCORD))
    await wide.to(NINE + timedelta(weeks=1))
    rows = await wide.app.database.run(lambda work: list(work.session.scalars(select(OutboxRow))), writes=False)
    pinging = [row.key.split(":", 1)[1] for row in rows if "role:777" in str(row.reply)]
    assert [key for key in pinging if key.endswith(":post")] == pinging != []
    await wide.say("mo", "cohort edit notify=off confirm=yes", **DISCORD)
    assert "Role to notify: none" in text(await wide.say("mo", "cohort status", **DISCORD))


async def test_everyone_cannot_be_notified_from_a_direct_message_either(wide: World) -> None:
    await wide.start("Europe/Berlin", **DISCORD)
    alone = DISCORD | {"tenant": None, "room": "@mo"}
    for typed in (f"<@&{DISCORD['tenant']}>", f"<@&0{DISCORD['tenant']}>"):
        reply = await wide.say("mo", f"cohort edit notify={typed} cohort=Night confirm=yes", **alone)
        assert "pick one role or user group" in text(reply), text(reply)
    assert "Role to notify: none" in text(await wide.say("mo", "cohort status", **DISCORD))


async def test_a_role_has_one_number_however_it_is_typed(wide: World) -> None:
    await wide.start("Europe/Berlin", **DISCORD)
    await wide.say("mo", "cohort edit notify=<@&000777> confirm=yes", **DISCORD)
    await wide.to(NINE + timedelta(weeks=1))
    rows = await wide.app.database.run(lambda work: list(work.session.scalars(select(OutboxRow))), writes=False)
    assert any("role:777|" in str(row.reply) for row in rows)


async def test_a_role_that_a_post_could_not_notify_is_refused_and_found_by_the_doctor(wide: World) -> None:
    await wide.start("Europe/Berlin", **DISCORD)
    closed = (Finding(False, "I may not mention @learners.", "Switch that on."),)
    wide.eyes.roles["777"] = closed
    for confirm in ("no", "yes"):
        reply = await wide.say("mo", f"cohort edit notify=<@&777> confirm={confirm}", **DISCORD)
        assert "Role to notify about each unit, or off: I may not mention @learners. Switch that on." in text(reply)
    assert "Role to notify: none" in text(await wide.say("mo", "cohort status", **DISCORD))
    wide.eyes.roles.clear()
    await wide.say("mo", "cohort edit notify=<@&777> confirm=yes", **DISCORD)
    assert (await wide.say("mo", "doctor", **DISCORD)).title == "Everything works"
    wide.eyes.roles["777"] = closed
    reply = await wide.say("mo", "doctor", **DISCORD)
    assert (reply.title, "✗ I may not mention @learners. Switch that on." in text(reply)) == ("1 thing to fix", True)


@pytest.mark.parametrize(
    "typed",
    sample(["@everyone", "<@&900>", "<@&0900>", "<@&0>", "<@&99999999999999999999>", "<!here>", "learners", "<@5>"], 3),
)
async def test_nobody_and_no_crowd_can_be_notified_by_accident(wide: World, typed: str) -> None:
    await wide.start("Europe/Berlin", **DISCORD)
    reply = await wide.say("mo", f"cohort edit notify={typed}", **DISCORD)
    assert "pick one role or user group" in text(reply)
    assert "Role to notify: none" in text(await wide.say("mo", "cohort status", **DISCORD))


async def test_a_user_group_makes_nobody_a_moderator_and_a_role_does(wide: World) -> None:
    await wide.start(**HERE)
    for line in ("moderators=<@&S0123ABC|@leads>", "moderators=<@&S0123ABC> confirm=yes"):
        reply = await wide.say("mo", f"cohort edit {line}", **HERE)
        assert reply.tone == "error" and "I can't see who is in a user group" in text(reply)
    await wide.start("Europe/Berlin", **DISCORD)
    assert (await wide.say("mo", "cohort edit moderators=<@&77> confirm=yes", **DISCORD)).tone == "good"


@pytest.mark.nightly
async def test_a_user_group_is_what_a_role_is_on_slack(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.say("mo", "cohort edit notify=<@&S0123ABC|@learners> confirm=yes", **HERE)
    await wide.to(NINE + timedelta(weeks=1))
    post = partner.posts()[-1]
    assert "<!subteam^S0123ABC>" in str(slack_render.render(post, pings=True).blocks)
    assert "subteam" not in str(slack_render.render(post).blocks)
