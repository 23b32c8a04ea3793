"""A moderator sets up a group: one message walks through the steps, and whatever comes in between does no harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.platform import Finding, Findings
from bot.commands.context import Place
from bot.features.groups.commands import group_create
from bot.features.setup.commands import COMMANDS, setup
from bot.features.setup.wording import OFFERED, list_roadmaps
from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.harness import MONDAY, World, text, world
from tests.kit import OTHER, ROOM, Partner

SLACK: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM, "zone": "Europe/Berlin"}
DISCORD: dict[str, Any] = {"platform": "discord", "tenant": "77", "room": "123456"}


async def steps(w: World, count: int, who: str = "mo", **account: Any) -> Reply:
    """Take so many steps as they are."""
    for _ in range(count):
        await w.press(who, "Next", **account)
    return w.last[who]


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


async def test_six_steps_lead_from_nothing_to_a_running_group_in_one_message(w: World) -> None:
    w.clock.move_to(MONDAY + timedelta(days=2))
    step = await w.say("mo", "setup", **SLACK)
    assert (step.title, step.audience, step.replaces) == ("Set up a group, 1 of 6: course", "private", True)
    assert "Mastering generative-AI engineering: 58 units in 9 parts, 3 to 5 hours a unit. From Python" in text(step)
    assert "Unit 2: Classes, protocols" in text(step) and "RAG in eight weeks: 8 units, 4 to 5 hours a unit" in text(
        step
    )
    assert "First post on: Mon 9 Mar 2026" in text(await steps(w, 1, **SLACK))
    assert "Time zone: Europe/Berlin" in text(await steps(w, 1, **SLACK))
    assert "Last unit due" in text(await steps(w, 1, **SLACK))
    assert "✓ I can post here." in text(await steps(w, 1, **SLACK))
    last = await steps(w, 1, **SLACK)
    assert "After a welcome, I'll post this on Mon 9 Mar 2026, 09:00 (Europe/Berlin):" in text(last)
    assert "Unit 1: Python data structures" in text(last) and "Due Sun 15 Mar 2026, 21:00" in text(last)
    done = await w.press("mo", "Start the group", **SLACK)
    assert (done.title, done.tone, done.replaces) == ("Study group is set up", "good", True)
    assert (await w.press("mo", "Join", **SLACK)).title == "You're in Study group"


async def test_every_step_can_be_changed_and_taken_back(w: World) -> None:
    await w.say("mo", "setup")
    assert "Transformers in eight weeks: 8 units" in text(await w.press("mo", "Transformers in eight"))
    assert "First units: - Unit 3: " in text(await w.press("mo", "Choose first unit", {"first_unit": "3"}))
    await steps(w, 1)
    named = await w.press("mo", "Change", {"name": "Night owls", "start": "2026-03-16"})
    assert "Name: Night owls First post on: Mon 16 Mar 2026" in text(named)
    await steps(w, 1)
    assert "Time zone: Asia/Kolkata" in text(await w.press("mo", "Choose", {"timezone": "Kolkata"}))
    await steps(w, 1)
    week = await w.press("mo", "Change", {"rhythm": "tue 10:00 - mon 12:00", "pace": "2 weeks"})
    assert "Tue 10:00 – Mon 12:00 (Asia/Kolkata) Pace: one unit every two weeks" in text(week)
    assert (await w.press("mo", "Back")).title.endswith("time zone")
    await steps(w, 3)
    await w.press("mo", "Start the group")
    await w.tick()
    [welcome] = await w.posts()
    assert welcome.title == "Welcome to Night owls"
    assert "Transformers in eight weeks together, one unit every two weeks." in text(welcome)


async def test_a_pasted_outline_is_seen_taken_and_walked_all_in_that_message(w: World) -> None:
    step = await w.say("mo", "setup", **SLACK)
    wrong = await w.press("mo", "Paste outline", {"text": "We read a book."}, **SLACK)
    assert "I found no units." in text(wrong)
    preview = await w.press("mo", "Correct it", {"text": "# Club\n- One (2 h)\n- Two"}, **SLACK)
    assert preview.replaces and labels(preview) == ["Use outline", "Change", "Back"]
    assert preview.title == "“Club”: 2 units, about 2 hours"
    assert "Club" not in text(await w.press("mo", "Back", of=preview, **SLACK))
    for _ in range(2):  # the second click finds it there
        taken = await w.press("mo", "Use outline", of=preview, **SLACK)
        assert taken.title == step.title and "Club: 2 units, 2 hours a unit. First units: - Unit 1: One" in text(taken)
    assert "After a welcome, I'll post this" in text(await steps(w, 5, **SLACK))
    done = await w.press("mo", "Start the group", **SLACK)
    assert done.title == "Study group is set up" and "open Write the course on the dashboard" in text(done)
    assert "1 One, 2 Two" in text(await w.say("mo", "roadmap", **SLACK))


async def test_the_welcome_of_a_group_without_notes_does_not_send_to_ask_them(w: World) -> None:
    await w.say("mo", "setup", zone="UTC")
    await w.press("mo", "Paste outline", {"text": "# Club\n- One\n- Two"}, zone="UTC")
    await w.press("mo", "Use outline", zone="UTC")
    await steps(w, 5, zone="UTC")
    await w.press("mo", "Start the group", zone="UTC")
    await w.tick()
    [welcome] = await w.posts()
    assert "answers questions from the notes" not in text(welcome) and "- `help` shows everything else." in text(
        welcome
    )


async def test_a_unit_beyond_what_a_list_holds_is_begun_at_by_its_number_or_its_title(w: World) -> None:
    await w.say("mo", "setup")
    ask = w.button("mo", "Choose first unit").target
    assert isinstance(ask, Call)
    (field,) = (await w.form("mo", ask)).fields
    assert len(field.options) == 58 and "words of its title" in field.label
    assert "First units: - Unit 40:" in text(await w.press("mo", "Choose first unit", {"first_unit": "40"}))
    typed = await w.press("mo", "Choose first unit", {"first_unit": "iterators and generators"})
    assert "First units: - Unit 3:" in text(typed)


async def test_the_last_step_names_the_unit_that_the_calendar_begins_with(w: World) -> None:
    await w.say("mo", "setup start=2026-12-14", zone="UTC")
    await steps(w, 3, zone="UTC")
    await w.press("mo", "Change", {"rhythm": "mon 09:00 - sun 21:00", "pace": "calendar"}, zone="UTC")
    last = text(await steps(w, 2, zone="UTC"))
    named = last.partition("First unit: ")[2].partition(" Course")[0]
    assert named.startswith("Unit ") and not named.startswith("Unit 1 ") and "default" not in named
    assert last.count(named.partition(" (")[0]) == 2


async def test_a_step_is_promised_as_an_edit_of_the_one_before(w: World) -> None:
    assert not any(w.app.dispatcher.plan(command.call()).is_slow for command in COMMANDS)
    assert w.app.dispatcher.plan(group_create.call()).is_slow


async def test_a_form_carries_its_plan_and_nothing_of_other_steps(w: World) -> None:
    await w.say("mo", "setup " + "Ω" * 60)
    ask = w.button("mo", "Choose first unit").target
    assert isinstance(ask, Call)
    assert (await w.form("mo", ask)).call.args == {"plan": ask.args["plan"]}


async def test_roadmaps_without_a_button_are_chosen_by_name(w: World) -> None:
    (track, *_) = w.app.library.values()
    told = list_roadmaps([track] * 7).split("\n")
    assert len(told) == OFFERED + 2 and "2 more: " in told[-2] and "**Your own**" in told[-1]
    assert "RAG in eight weeks: 8 units, 4 to 5 hours a unit" in text(
        await w.say("mo", 'setup roadmap="RAG in eight weeks"')
    )


async def test_cancel_sets_up_nothing(w: World) -> None:
    await w.say("mo", "setup")
    assert text(await w.press("mo", "Cancel")).startswith("Setup cancelled.")
    assert (await w.press("mo", "Start again")).title.startswith("Set up a group, 1 of 6")


async def test_a_step_survives_a_restart_and_an_old_or_second_click_changes_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        old = await w.say("mo", "setup Owls", zone="UTC")
        await w.press("mo", "RAG in eight", zone="UTC")
        last = await steps(w, 5, zone="UTC")
    async with world(tmp_path) as w:
        assert "Course: RAG in eight weeks" in text(await w.press("mo", "Check again", of=_again(last), zone="UTC"))
        assert "Name: Owls" in text(await w.press("mo", "Next", of=old, zone="UTC"))
        assert (await w.press("mo", "Start the group", of=last, zone="UTC")).title == "Owls is set up"
        second = await w.press("mo", "Start the group", of=last, zone="UTC")
        assert text(second) == "That's already done. A second click changes nothing."
        assert "over an hour old or for somebody else" in text(await w.press("eve", "Next", of=old, moderator=True))
        await w.tick()
        assert len(await w.posts()) == 1


def _again(step: Reply) -> Reply:
    """Return a step with the button that draws it anew, which it has where something is lacking."""
    call = next(b.target for b in step.buttons if isinstance(b.target, Call) and b.target.name == "setup create")
    again = Call("setup step", {"step": "post", "plan": call.args["plan"]})
    return Reply(buttons=(*step.buttons, type(step.buttons[0])("Check again", again)))


async def test_a_channel_in_which_i_cannot_work_names_each_mend_and_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, chat=Partner("discord", "/")) as w:
        found: Findings = (
            Finding(True, "#study: View Channel"),
            Finding(False, "Send Messages is missing", "Allow it."),
        )

        async def inspect(_place: Place) -> Findings:
            return found

        monkeypatch.setattr(w.app.platforms["discord"], "inspect", inspect)
        await w.say("mo", "setup", **DISCORD)
        zone = await steps(w, 2, **DISCORD)
        assert "use one time zone. Choose one" in text(zone) and labels(zone) == [
            "Choose time zone",
            "Use UTC",
            "Back",
            "Cancel",
        ]
        await w.press("mo", "Choose", {"timezone": "Berlin"}, **DISCORD)
        room = await steps(w, 2, **DISCORD)
        assert "- ✗ Send Messages is missing. Allow it. - ✓ #study: View Channel." in text(room)
        assert labels(room) == ["Check again", "Change channel", "Back", "Cancel"]
        found = found[:1]
        assert labels(await w.press("mo", "Check again", **DISCORD))[0] == "Next"


async def test_where_a_group_runs_joining_changing_and_another_channel_are_offered(w: World) -> None:
    await w.say("mo", "setup Owls", **SLACK)
    await steps(w, 5, **SLACK)
    await w.press("mo", "Start the group", **SLACK)
    there = await w.say("mo", "setup", **SLACK)
    assert there.title == "This channel already has a group" and "Owls meets in this channel. Next up:" in text(there)
    assert labels(there) == ["Join", "Change group", "Use another channel"]
    step = await w.press("mo", "Use another channel", {"channel": OTHER}, **SLACK)
    assert step.title.startswith("Set up a group, 1 of 6")
    assert "Name: Study group" in text(await steps(w, 5, **SLACK))
    assert (await w.press("mo", "Start the group", **SLACK)).tone == "good"


async def test_who_may_set_up_nothing_is_led_into_the_group_that_runs_and_else_to_who_can_help(w: World) -> None:
    refused = await w.say("ada", "setup", **SLACK)
    assert refused.tone == "error" and text(refused).startswith("That's for people who manage the")
    await w.say("mo", "setup Owls", **SLACK)
    await steps(w, 5, **SLACK)
    await w.press("mo", "Start the group", **SLACK)
    there = await w.say("ada", "setup", **SLACK)
    assert "Owls meets in this channel. Next up:" in text(there) and there.tone != "error"
    assert labels(there) == ["Join", "See help"]
    assert (await w.press("ada", "Join", **SLACK)).title == "You're in Owls"
    assert labels(await w.say("ada", "setup", **SLACK)) == ["See help"]
    assert (await w.say("ada", "setup", **{**SLACK, "room": OTHER})).tone == "error"


async def test_what_comes_in_the_way_meanwhile_is_said_with_the_step_that_mends_it(w: World) -> None:
    await w.say("mo", "setup Larks", **SLACK)
    last = await steps(w, 5, **SLACK)
    await w.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", **SLACK)
    late = await w.press("mo", "Start the group", of=last, **SLACK)
    assert "Owls already meets there" in text(late)
    assert labels(late) == ["Change details", "Fix it", "Cancel"]
    assert (await w.press("mo", "Fix it", **SLACK)).title.endswith("channel")
    taken = await w.press("mo", "Change channel", {"channel": OTHER}, **SLACK)
    assert labels(taken)[0] == "Next"
    named = await w.press("mo", "Start the group", of=await _renamed(w, "Owls"), **SLACK)
    assert "another group here has this name" in text(named)


async def _renamed(w: World, name: str) -> Reply:
    await steps(w, 1, **SLACK)
    founding = w.button("mo", "Start the group")
    renamed = await w.press("mo", "Change details", {"name": name}, **SLACK)
    assert "another group here has this name" in text(renamed) and "Fix it" in labels(renamed)
    assert isinstance(founding.target, Call)
    plan = next(
        b.target.args["plan"] for b in renamed.buttons if isinstance(b.target, Call) and "plan" in b.target.args
    )
    return Reply(buttons=(type(founding)("Start the group", Call("setup found", {"plan": plan})),))


@pytest.mark.nightly
async def test_the_next_round_begins_with_what_the_last_one_had_and_may_take_its_people_along(w: World) -> None:
    await w.begin("ada", extra='roadmap="RAG in eight weeks"')
    await w.after(days=70)
    step = await w.say("mo", "setup", zone="UTC")
    assert "RAG in eight weeks" not in text(step).split("Other courses")[0]
    last = await steps(w, 5, zone="UTC")
    assert "Name: Night owls 2" in text(last) and "The welcome will invite 1 person of Night owls." in text(last)
    await w.press("mo", "Same people", zone="UTC")
    await w.tick()
    assert "One member of Night owls is already in" in text((await w.posts())[-1])


async def test_a_wrong_word_in_a_step_is_said_in_its_form(w: World) -> None:
    await w.say("mo", "setup", zone="UTC")
    for label, values, said in (
        ("Choose first unit", {"first_unit": "nothing at all"}, "nothing at all"),
        ("Next", {}, ""),
        ("Change", {"start": "2020-01-01"}, "that day is over"),
    ):
        w.last["mo"] = before = w.last["mo"]
        reply = await w.press("mo", label, values, zone="UTC")
        assert said in text(reply) and (reply.tone == "error") is bool(said)
        w.last["mo"] = before if said else reply


async def test_in_direct_messages_the_channel_is_asked_for_and_a_message_of_no_server_is_led_to_one(w: World) -> None:
    alone = {**SLACK, "room": "@mo"}
    await w.say("mo", "setup", **alone)
    step = await steps(w, 4, **alone)
    assert "a group needs a channel" in text(step) and labels(step) == ["Choose channel", "Back", "Cancel"]
    assert labels(await w.press("mo", "Choose", {"channel": OTHER}, **alone))[0] == "Next"
    nowhere = await w.say("mo", "setup", platform="discord", tenant=None, room="@mo", moderator=True)
    assert "in that channel" in text(nowhere)


@pytest.mark.parametrize("line", ["set up", "let's start a study group", "How do I set up a group?"])
async def test_said_in_other_words_it_is_understood_or_offered(w: World, line: str) -> None:
    reply = await w.say("mo", line)
    assert reply.title.startswith("Set up a group, 1 of 6") or "Start a group" in labels(reply)


async def test_whoever_may_start_a_group_in_one_line_may_in_steps_and_nobody_else(w: World) -> None:
    assert {replace(command.policy, refuses_itself=False) for command in COMMANDS} == {group_create.policy}
    assert [command for command in COMMANDS if command.policy.refuses_itself] == [setup]
    assert (await w.say("ada", "setup")).tone == "error"


async def test_units_over_the_hours_of_a_group_are_named_and_split(w: World) -> None:
    outline = "# Club\n- One (2 h)\n- Two (7 h)\n  Goals: read; write; tell\n  Exercise: Sum up.\n- Three (4 h)"
    await w.say("mo", "setup", **SLACK)
    await w.press("mo", "Paste outline", {"text": outline}, **SLACK)
    await w.press("mo", "Use outline", **SLACK)
    await steps(w, 3, **SLACK)
    week = await w.press("mo", "Change week", {"hours": "3"}, **SLACK)
    assert "Hours a week: 3" in text(week)
    assert "More than 3 hours: Unit 2: Two (7 h) and Unit 3: Three (4 h)." in text(week)
    assert "You can split them or choose two weeks for a unit." in text(week)
    slow = await w.press("mo", "Change week", {"hours": "3", "pace": "2 weeks"}, of=week, **SLACK)
    assert "More than 6 hours: Unit 2: Two (7 h). You can split them." in text(slow)
    split = await w.press("mo", "Split long units", of=week, **SLACK)
    assert "New - Two, part 2 - Two, part 3 - Three, part 2" in text(split)
    await w.press("mo", "Confirm", of=split, **SLACK)
    outline = text(await w.say("mo", "manage course show", **SLACK))
    assert "### Two - Hours: 3 - Goal: read ### Two, part 2 - Hours: 2 - Goal: write ### Two, part 3" in outline
    assert "- Hours: 2 - Goal: tell - Exercise: Sum up. ### Three - Hours: 2" in outline
    enough = await w.press("mo", "Next", of=week, **SLACK)
    assert "More than" not in text(await w.press("mo", "Back", of=enough, **SLACK))
