"""Who is told of a message that could not be sent, and in which words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.platform import Declined, Gone, PersonGone, ThreadGone
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.schedule import wording
from bot.features.schedule.delivery_failures import tell_moderators
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, text
from tests.kit import ROOM, Partner

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}


GONE = ThreadGone("The thread is gone.")


async def share(w: World, who: str) -> str:
    """Have a member check in and share the note; return what they read."""
    await w.say(who, "checkin 45 read about heaps", **HERE)
    return text(await w.press(who, "Share", {"note": "read about heaps"}, **HERE))


async def test_every_moderator_is_told_and_those_after_the_first_in_one_readable_line(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("mo", "cohort edit moderators=ada confirm=yes")

    def tell(work: Work) -> None:
        group = work.session.get_one(Group, 1)
        reply = wording.render_trouble(group, "The channel is archived.")
        tell_moderators(Groups(work, w.app.library), group, reply, "trouble:1", w.clock.now())

    await w.app.database.run(tell)
    await w.tick()
    assert [post.title for post in await w.posts("@mo")] == ["A post is stuck"]
    said = text(await w.say("ada", "progress"))
    told = "A post is stuck: I can't post in the channel of Night owls. The channel is archived."
    assert said.endswith(f"{told} I'll resume as soon as it's fixed.")


async def test_a_deleted_thread_costs_the_group_no_later_post_and_its_messages_stand_in_the_channel(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    await wide.to(NINE)
    partner.thread_trouble = GONE
    await wide.to(NINE + timedelta(weeks=2))
    said = [text(p) for p in partner.posts()]
    assert [line[:6] for line in said if line.startswith("Unit")] == ["Unit 1", "Unit 2", "Unit 3"]
    post = next(p for p in partner.sent if p.key.endswith(":post"))
    reminder = next(p for p in partner.sent if p.key.endswith("thread:1d"))
    assert reminder.reply_to == f"m{partner.sent.index(post) + 1}"
    assert text(reminder.reply).startswith("For the thread “Unit 1: Python data structures”: One day left")
    told = [text(p) for p in partner.posts("@mo") if not p.title.startswith("Weekly digest")]
    assert all("No moderator has changed anything" in line for line in told), told
    assert (await wide.say("mo", "doctor", **HERE)).title == "Everything works"


async def test_a_note_shared_into_a_thread_that_is_gone_parks_nothing_and_its_author_hears_where_it_is(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    await wide.to(NINE)
    partner.thread_trouble = GONE
    await wide.say("ada", "pledge read about queues", **HERE)
    await wide.press("ada", "Share", **HERE)
    assert await share(wide, "ada") == "Done! I'll post it in the unit's thread."
    await wide.to(NINE + timedelta(weeks=1))
    assert [p.title[:6] for p in partner.posts() if p.title.startswith("Unit")] == ["Unit 1", "Unit 2"]
    assert any("read about heaps" in text(p) for p in partner.posts())
    told = "I posted your shared note in the channel, because the unit's thread is closed."
    said = text(await wide.say("ada", "progress", **HERE))
    assert told in said and told.replace("note", "pledge") in said
    assert told not in text(await wide.say("ada", "progress", **HERE))


async def test_a_note_that_cannot_be_posted_ends_and_its_author_hears_that_it_is_kept(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    await wide.to(NINE)
    partner.troubles[ROOM] = Gone("I'm not in the channel.")
    await share(wide, "ada")
    await wide.to(NINE + timedelta(days=4))
    said = text(await wide.say("ada", "progress", **HERE))
    assert "I couldn't post your shared note. I'm not in the channel. I couldn't send it in time." in said
    assert "It's still saved with your check-in." in said
    assert [p.title for p in partner.posts("@mo")] == ["A post is stuck"]


async def test_a_declined_post_is_told_with_the_step_that_posts_it_again(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.faults[":post"] = Declined("AutoMod blocks my message. Exempt my role.")
    await wide.to(NINE)
    (told,) = partner.posts("@mo")
    assert "“Unit 1: Python data structures”. AutoMod blocks my message. Exempt my role." in text(told)
    partner.faults.clear()
    await wide.press("mo", "Post again", of=told, **HERE)
    await wide.press("mo", "Post now", **HERE)
    await wide.press("mo", "Post it", **HERE)
    await wide.tick()
    assert [p.title[:6] for p in partner.posts()] == ["Welcom", "Unit 1"]


async def test_somebody_whom_no_message_finds_any_more_leaves_the_counts_and_comes_back_by_joining(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    for who in ("ada", "ben"):
        await wide.say(who, "join", **HERE)
    await wide.say("ben", "settings reminders=yes", **HERE)
    partner.troubles["@ben"] = PersonGone("The account is deactivated.")
    await wide.to(NINE + timedelta(days=6))
    said = text(await wide.say("mo", "report", **HERE))
    assert "Checked in: 0 of 1" in said
    assert "Ben is no longer here, so I took them out of Night owls." in said
    partner.troubles.clear()
    assert "You're in Night owls" in text(await wide.say("ben", "join", **HERE))
    assert "Checked in: 0 of 2" in text(await wide.say("mo", "report", **HERE))
