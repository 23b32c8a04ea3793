"""The doctor: what is right and wrong, how to fix it, and what goes on once it is mended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.platform import Finding, Gone
from bot.platforms.slack import render as slack_render
from tests.harness import MONDAY, World, text
from tests.kit import OTHER, ROOM, Partner

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}


async def test_where_all_is_well_it_says_so_and_lists_the_next_posts(w: World) -> None:
    await w.start("Asia/Kolkata")
    reply = await w.say("mo", "doctor")
    said = text(reply)
    assert (reply.title, reply.tone, reply.audience) == ("Everything works", "good", "private")
    assert "✓ The schedule is running. The server time is 2026-03-02 08:00 UTC" in said
    assert "Night owls: #general" in said
    assert "- Next: Unit 1: Python data structures: starts Mon 9 Mar 2026, 09:00" in said
    assert "Unit 2:" not in said


async def test_a_schedule_that_never_ran_or_stands_still_is_named(w: World) -> None:
    said = text(await w.say("mo", "doctor"))
    assert "✗ The schedule has not run yet. Ask the bot's operator to start it with trailmate run." in said
    await w.start()
    w.clock.move_to(MONDAY + timedelta(minutes=30))
    reply = await w.say("mo", "doctor")
    assert "The schedule last ran 2026-03-02 08:00 UTC. Ask the bot's operator to check the log" in text(reply)
    assert (reply.title, reply.tone) == ("1 problem for the operator", "warn")


async def test_each_channel_is_looked_at_with_its_mend(wide: World, partner: Partner) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **{**HERE, "room": OTHER})
    partner.findings[OTHER] = (
        Finding(True, "I see it"),
        Finding(False, "I may not open threads.", "Allow it in #larks."),
    )
    partner.findings[""] = (Finding(False, "The scope im:write is missing.", "Install the app again."),)
    reply = await wide.say("mo", "doctor", **HERE)
    said = text(reply)
    assert "Owls: its channel - ✓ I can post here." in said
    assert "Larks: its channel - ✗ I may not open threads. Allow it in #larks. - ✓ I see it." in said
    assert said.index("Larks") < said.index("Owls"), "what is to be mended comes first"
    assert f"<#{OTHER}>" in str(slack_render.render(reply).blocks)
    assert "✗ The scope im:write is missing. Install the app again." in said
    assert (reply.title, reply.tone) == ("2 things to fix", "warn")


async def test_a_loss_that_nobody_has_to_mend_is_told_and_not_counted_as_well(wide: World, partner: Partner) -> None:
    await wide.start(name="Owls", **HERE)
    lost = Finding(True, "Attach Files is missing, so I describe pictures in words", "Allow it.", is_optional=True)
    partner.findings[ROOM] = (*(Finding(True, f"Well {n}") for n in range(4)), lost)
    reply = await wide.say("mo", "doctor", **HERE)
    assert "○ Attach Files is missing, so I describe pictures in words. Allow it." in text(reply)
    assert "✓ 4 checks passed." in text(reply) and reply.title == "Everything works"


async def test_a_room_that_is_still_broken_stays_held_back(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.troubles[ROOM] = Gone("I'm not in the channel. Invite me.")
    await wide.to(NINE + timedelta(hours=1))
    partner.findings[ROOM] = (Finding(False, "I'm not in the channel.", "Invite me."),)
    said = text(await wide.say("mo", "doctor", **HERE))
    assert "✗ Posts to a channel are on hold. I'm not in the channel. Invite me." in said
    partner.troubles.clear()
    await wide.tick()
    assert len(partner.posts()) == 1
    partner.findings.clear()
    asked = await wide.say("mo", "doctor", **HERE)
    assert "○ Posts to a channel were on hold. The channel looks fine now, so I'm sending them again." in text(asked)
    assert asked.title == "Sending posts again"
    await wide.tick()
    assert [p.title[:6] for p in partner.posts()] == ["Welcom", "Unit 1"]
    assert (await wide.say("mo", "doctor", **HERE)).title == "Everything works"


async def test_a_room_that_only_looks_well_is_never_all_well(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.troubles[ROOM] = Gone("I'm not in the channel.")
    await wide.to(NINE + timedelta(hours=1))
    for _ in range(2):
        reply = await wide.say("mo", "doctor", **HERE)
        assert "○ Posts to a channel were on hold" in text(reply)
        assert reply.tone == "warn"
        await wide.tick()


async def test_a_mended_room_that_nothing_waits_for_is_well(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.troubles[ROOM] = Gone("I'm not in the channel.")
    await wide.to(NINE + timedelta(hours=1))
    await wide.to(NINE + timedelta(days=7) - timedelta(minutes=1))
    partner.troubles.clear()
    said = text(await wide.say("mo", "doctor", **HERE))
    assert "on hold" not in said
    assert "A message for a channel wasn't sent (expired)" in said


async def test_a_post_that_could_not_be_sent_is_listed(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.troubles[ROOM] = Gone("gone for now")
    await wide.to(NINE + timedelta(days=2))
    partner.troubles.clear()
    said = text(await wide.say("mo", "doctor", **HERE))
    assert "✗ A message for a channel wasn't sent (expired)." in said
    await wide.after(days=8)
    assert "A message for a channel wasn't sent (expired) it could" not in text(await wide.say("mo", "doctor", **HERE))


async def test_a_unit_that_was_not_posted_is_posted_again_from_here(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    partner.troubles[ROOM] = Gone("gone for now")
    await wide.to(NINE + timedelta(days=2))
    partner.troubles.clear()
    await wide.say("mo", "doctor", **HERE)
    await wide.press("mo", "Post unit 1 again", **HERE)
    await wide.press("mo", "Post it", **HERE)
    await wide.tick()
    assert [p.title[:6] for p in partner.posts()][-1] == "Unit 1"
    assert (await wide.say("mo", "doctor", **HERE)).buttons == ()


@pytest.mark.nightly
async def test_the_units_of_two_groups_that_were_not_posted_have_buttons_that_name_their_groups(
    wide: World, partner: Partner
) -> None:
    for name, room in (("Owls", ROOM), ("Gulls", OTHER)):
        await wide.start(name=name, **{**HERE, "room": room})
        partner.troubles[room] = Gone("gone for now")
    await wide.to(NINE + timedelta(days=2))
    partner.troubles.clear()
    reply = await wide.say("mo", "doctor", **{**HERE, "room": "@mo"})
    assert [button.label for button in reply.buttons] == ["Post unit 1 again: Owls", "Post unit 1 again: Gulls"]


async def test_another_workspaces_troubles_are_its_own(wide: World, partner: Partner) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Strangers", platform="slack", tenant="T2", room=OTHER)
    partner.troubles[OTHER] = Gone("they threw me out")
    await wide.to(NINE + timedelta(days=2))
    said = text(await wide.say("mo", "doctor", **HERE))
    assert "threw me out" not in said
    assert "Strangers" not in said


async def test_a_platform_that_cannot_be_asked_is_said_so(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)

    async def broken(place: Any) -> Any:
        raise RuntimeError

    partner.inspect = broken  # type: ignore[method-assign]
    reply = await wide.say("mo", "doctor", **HERE)
    assert "✗ Slack could not be asked (RuntimeError). Try again in a minute." in text(reply)
    assert reply.title != "Everything works"


async def test_a_finished_group_has_no_next_posts_and_its_room_is_left_alone(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.say("mo", "cohort end confirm=yes", **HERE)
    await wide.tick()
    partner.looked_at.clear()
    said = text(await wide.say("mo", "doctor", **HERE))
    assert "Next:" not in said
    assert [p.room for p in partner.looked_at] == [""]


@pytest.mark.nightly
async def test_eighteen_groups_are_paged_and_what_is_to_be_mended_comes_first(wide: World, partner: Partner) -> None:
    rooms = [f"C00000{n:02}" for n in range(18)]
    for n, room in enumerate(rooms):
        await wide.start(name=f"Group {n:02}", **{**HERE, "room": room})
    broken = "I may not open threads; an override of the channel's own permissions may deny it"
    partner.findings[rooms[17]] = (Finding(False, broken, "Allow it."), *[Finding(True, f"Well {n}") for n in range(5)])
    first = await wide.say("mo", "doctor", **HERE)
    assert re.fullmatch(r"1 thing to fix \(1 of \d\)", first.title)
    assert "✗ I may not open threads" in text(first)
    assert "✓ 5 checks passed." in text(first)
    seen, reply = text(first), first
    while any(b.label == "Next" for b in reply.buttons):
        assert len(reply.plain()) < 3000
        reply = await wide.press("mo", "Next", **HERE)
        assert reply.replaces
        seen += text(reply)
    assert [b.label for b in reply.buttons] == ["Back"]
    assert all(seen.count(f"Group {n:02}: ") == 1 for n in range(18))
    assert (await wide.say("mo", "doctor page=99", **HERE)).title == reply.title


async def test_who_moderates_one_group_has_it_looked_at_from_any_channel_and_by_direct_message(
    wide: World, partner: Partner
) -> None:
    await wide.start(name="Owls", **HERE)
    await wide.start(name="Larks", **{**HERE, "room": OTHER})
    await wide.say("ada", "help", **HERE)
    for where in ({**HERE, "room": "C0777777"}, {**HERE, "room": "@ada"}):
        assert text(await wide.say("ada", "doctor", **where)).startswith("Only moderators can do that.")
    await wide.say("mo", "cohort edit moderators=<@ada> cohort=Owls confirm=yes", **HERE)
    for where in ({**HERE, "room": "C0777777"}, {**HERE, "room": "@ada"}):
        said = text(await wide.say("ada", "doctor", **where))
        assert "Owls: " in said and "Larks" not in said
