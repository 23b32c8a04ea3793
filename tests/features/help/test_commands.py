"""Help: the next thing for this person first, then what they can do here, typed as this platform types it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages.call import Call
from tests.harness import MONDAY, World, text, world

FOR_MODERATORS = Call("help", {"command": "all moderators"})


async def test_where_nothing_runs_a_guest_is_told_whom_to_ask(w: World) -> None:
    reply = await w.say("ada", "help")
    told = "Help There's no group here yet. Press Start a group. If you can't start one, I'll tell you who can."
    assert text(reply).startswith(told) and reply.audience == "private"
    assert "Someone who manages the server or workspace" in text(await w.press("ada", "Start a group"))


async def test_where_nothing_runs_a_moderator_can_start(w: World) -> None:
    reply = await w.say("mo", "help")
    assert "Setting one up takes a minute. You'll see the first post before I send it." in text(reply)
    assert (await w.press("mo", "Start a group")).title.startswith("Set up a group, 1 of 6")


async def test_in_a_direct_message_a_stranger_is_told_where_to_join(w: World) -> None:
    reply = await w.say("ada", "help", platform="discord", tenant=None, room="@ada")
    assert "You aren't in a group yet. Join one in its channel, then write to me here." in text(reply)


async def test_a_newcomer_among_several_groups_is_told_their_names_and_how_to_join(wide: World) -> None:
    places = [{"platform": "slack", "tenant": "T1", "room": room} for room in ("C0123456", "C0654321")]
    for name, where in zip(("Owls", "Larks"), places, strict=True):
        await wide.start(name=name, **where)
    direct: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": "@ada"}
    for line in ("hi", "which groups are there?", "how do I check in?", "help progress"):
        said = await wide.say("ada", line, **direct)
        assert "Owls in" in text(said) and "Larks in" in text(said), text(said)
        assert [b.label for b in said.buttons][:2] == ["Join Owls", "Join Larks"]
    assert (await wide.press("ada", "Join Owls", **direct)).title == "You're in Owls"


async def test_an_empty_line_is_help(w: World) -> None:
    await w.begin("ada")
    assert (await w.say("ada", "")).title == "Help"


async def test_a_guest_of_a_group_is_offered_to_join(w: World) -> None:
    await w.begin()
    reply = await w.say("ada", "help")
    assert "Night owls studies here. Unit 1: Python data structures (1 of 7 in part 1) is due" in text(reply)
    about = await w.say("ada", "how do I check in?")
    assert [b.label for b in about.buttons] == ["Join"] and "picture" not in text(about)
    sent = "Send it in a direct message or mention me, and add checkin 45m."
    assert sent in text(await w.say("ada", "help checkin", platform="slack", tenant="T1"))
    hello = await w.say("ada", "hi", room="@ada")
    assert text(hello).startswith("Hello, Ada! Night owls studies in ")
    assert (await w.press("ada", "Join")).title == "You're in Night owls"


async def test_a_member_is_led_to_check_in_and_then_to_their_progress(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "help")
    assert "You haven't checked in yet this week." in text(reply)
    await w.press("ada", "Check in", {"minutes": "30", "note": "read"})
    reply = await w.say("ada", "help")
    assert "You haven't checked in yet this week." not in text(reply)
    assert (await w.press("ada", "My progress")).title == "Your progress"


async def test_everyone_sees_what_they_may_do_and_no_more(w: World) -> None:
    await w.begin("ada")
    first = [await w.say(who, "help") for who in ("ben", "ada", "mo")]
    guest, member, _ = map(text, first)
    assert "`ask`" in guest and "`checkin`" not in guest and "`join`" in guest
    assert "`checkin`" in member and "`join`" not in member and len(member.split()) <= 80
    assert [[b.label for b in reply.all_buttons] for reply in first] == [
        ["Join", "All commands"], ["Check in", "All commands", "Settings"], ["Join", "All commands"],
    ]  # fmt: skip
    assert "For moderators" not in [b.label for b in (await w.say("ada", "help all")).buttons]
    assert text(await w.call("ada", FOR_MODERATORS)) == text(await w.say("ada", "help all"))
    pages = await list_pages(w, "mo")
    assert list(pages) == ["Study", "Ask and practise", "Your group", "Your settings", "For moderators"]
    assert "`manage doctor`" in pages["For moderators"] and "`manage doctor`" not in pages["Study"]
    for hidden in ("`retract`", "`share`", "`kept`", "`begin`"):
        assert hidden not in "".join(pages.values())


async def list_pages(w: World, who: str) -> dict[str, str]:
    """Return the pages of all commands by their titles."""
    await w.say(who, "help")
    first = await w.press(who, "All commands")
    others = [await w.press(who, button.label, of=first) for button in first.buttons]
    assert all(page.replaces for page in others)
    return {page.title: text(page) for page in (first, *others)}


async def test_the_pages_of_all_commands_have_each_command_once(w: World) -> None:
    await w.begin("ada")
    listed = " ".join((await list_pages(w, "ada")).values())
    members = [c for c in w.app.registry.shown if c.role in ("anyone", "member") and not c.policy.founds]
    assert [c.name for c in members if listed.count(f"`{c.name}`") + listed.count(f"`{c.example}`") < 1] == []


async def test_who_moderates_one_group_is_not_listed_what_would_refuse_them(w: World, tmp_path: Path) -> None:
    await w.begin("ada")
    assert (await w.say("mo", "cohort edit moderators=ada confirm=yes")).tone == "good"
    listed = text(await w.call("ada", FOR_MODERATORS))
    assert "`manage edit`" in listed and "`manage report`" in listed
    for refused in ("`setup`", "`manage create`", "`manage course add`", "`manage course show`"):
        assert refused not in listed
    for line in ("outline show", "setup"):
        told = text(await w.say("ada", line, **({"room": "elsewhere"} if line == "setup" else {})))
        assert told.startswith("That's for people who manage the server or workspace. Moderators only"), told
    (tmp_path / "free").mkdir()
    async with world(tmp_path / "free", TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS="yes") as free:
        await free.begin("ada")
        await free.say("mo", "cohort edit moderators=ada confirm=yes")
        assert "`setup`" not in text(await free.call("ada", FOR_MODERATORS))
        free.eyes.owners["general"] = "ada"
        assert "`setup`" in text(await free.call("ada", FOR_MODERATORS))


async def test_commands_read_as_each_platform_types_them(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "help")
    assert "`/checkin`" in reply.plain(prefix="/")
    assert "`/study checkin`" in reply.plain(prefix="/study ")
    assert "`checkin`" in reply.plain()
    about = await w.say("ada", "help checkin")
    assert "Example: `/study checkin 45m read two papers`" in about.plain(prefix="/study ")


async def test_one_command_is_explained_with_an_example_of_each_value(w: World) -> None:
    reply = await w.say("ada", "help checkin")
    assert reply.title == "checkin"
    said = text(reply)
    assert "For members. Only you will see the reply." in said
    assert "note: What did you do? Example: read two papers" in said
    assert "minutes: Time spent. Example: 45m" in said and "link (optional): Link to your work." in said
    assert "For anyone. Everyone will see the reply." in text(await w.say("ada", "help ask"))
    assert "confirm" not in text(await w.say("ada", "help cohort create"))


@pytest.mark.parametrize("line", ["help /checkin", "help CHECKIN", "help  checkin"])
async def test_a_command_is_found_however_it_is_written(w: World, line: str) -> None:
    assert (await w.say("ada", line)).title == "checkin"


@pytest.mark.parametrize("line", ["help cohort", "cohort"])
async def test_a_group_of_commands_is_listed(w: World, line: str) -> None:
    said = text(await w.say("ada", line))
    assert "`manage create`" in said and "`manage end`" in said


async def test_a_slip_names_what_is_near(w: World) -> None:
    assert text(await w.say("ada", "help chekin")) == "There is no command “chekin”. Did you mean `checkin`?"


@pytest.mark.parametrize("named", ["retract", "share", "zzz"])
async def test_what_people_do_not_type_is_not_explained(w: World, named: str) -> None:
    assert f"There is no command “{named}”." in text(await w.say("ada", f"help {named}"))


async def test_a_hostile_name_of_a_command_is_words(w: World) -> None:
    said = text(await w.say("ada", "help **x** <@everyone>"))
    assert said == "There is no command “**x** <@everyone>”. `help all` lists every command."


async def test_in_the_grace_help_says_until_when(w: World) -> None:
    await w.begin("ada")
    await w.to(MONDAY + timedelta(days=6, hours=14))
    assert "accepts late check-ins until Mon 9 Mar 2026, 09:00 (UTC). You haven't checked in yet." in text(
        await w.say("ada", "help")
    )


async def test_commands_are_suggested_while_typing(w: World) -> None:
    assert await w.suggestions("ada", "help", "command", "check") == ["checkin"]


async def test_help_that_one_message_does_not_hold_goes_on_behind_a_button(w: World) -> None:
    await w.start()
    whole = text(await w.call("mo", FOR_MODERATORS))
    w.app.dispatcher.fits = {"local": lambda reply: len(reply.plain()) <= 1000}
    page = await w.call("mo", FOR_MODERATORS)
    assert [button.label for button in page.buttons][-1] == "More"
    pages = [page]
    while any(button.label == "More" for button in pages[-1].buttons):
        pages.append(await w.press("mo", "More"))
        assert pages[-1].replaces and pages[-1].audience == "private"
    told = " ".join(map(text, pages))
    assert len(pages) > 2 and set(whole.split()) <= set(told.split())
    assert text(await w.press("mo", "Back")) == text(pages[-2])


async def test_a_long_answer_that_cannot_be_given_again_is_kept_for_an_hour(w: World) -> None:
    await w.start()
    whole = text(await w.say("mo", "cohort edit name='Day owls'"))
    w.app.dispatcher.fits = {"local": lambda reply: len(reply.plain()) <= 120}
    page = await w.say("mo", "cohort edit name='Day owls'")
    more = w.button("mo", "More").target
    assert isinstance(more, Call) and more.name == "show" and "Confirm" in [b.label for b in page.buttons]
    told = [text(page)]
    while any(button.label == "More" for button in w.last["mo"].buttons):
        told.append(text(await w.press("mo", "More")))
    assert set(whole.split()) <= set(" ".join(told).split())
    assert "over an hour old" in text(await w.call("ada", more)), "it is for its reader alone"
    await w.after(hours=2)
    assert "over an hour old" in text(await w.call("mo", more))
