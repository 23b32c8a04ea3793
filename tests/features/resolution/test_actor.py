"""Which group a line means, who somebody is there, and that no tenant ever meets another."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.features.groups.tables import Group
from bot.features.resolution.actor import _refuse_unknown
from bot.messages.call import Call
from tests.examples import sample
from tests.harness import MONDAY, World, lived_once, text

pytestmark = pytest.mark.long

ONE: dict[str, Any] = {"platform": "discord", "tenant": "111111"}
TWO: dict[str, Any] = {"platform": "discord", "tenant": "222222"}
DIRECT: dict[str, Any] = {"platform": "discord", "tenant": None, "room": "@ada"}
ROOM, OTHER = "900001", "900002"


async def group(w: World, name: str, place: dict[str, Any], room: str = ROOM) -> None:
    line = f'cohort create name="{name}" timezone=UTC start=today channel={room} confirm=yes'
    reply = await w.say("mo", line, room=room, **place)
    assert reply.tone == "good", text(reply)
    await w.after(hours=2)


async def test_a_line_means_the_group_of_its_channel_and_of_its_threads(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    assert (await w.say("ada", "join", room=ROOM, **ONE)).title == "You're in Owls"
    assert (await w.say("ada", "join", room=OTHER, **ONE)).title == "You're in Larks"
    thread = await w.call("ada", Call("progress"), room=OTHER, thread="77", **ONE)
    assert thread.title == "Your progress"


async def test_elsewhere_it_means_the_only_one_there_is(w: World) -> None:
    await group(w, "Owls", ONE)
    assert (await w.say("ada", "join", room="900009", **ONE)).title == "You're in Owls"


async def test_elsewhere_it_means_the_only_one_i_am_in(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    await w.say("ada", "join", room=OTHER, **ONE)
    assert (await w.say("ada", "leaderboard", room="900009", **ONE)).title == "Leaderboard: Larks"


async def test_somebody_in_none_of_two_groups_is_offered_to_join(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for line in ("progress", "checkin 30 read it"):
        refused = await w.say("ada", line, room="900009", **ONE)
        assert text(refused) == "You're not in a group yet. Join one, then try again."
        assert [b.label for b in refused.buttons] == ["Join Owls", "Join Larks"]
    assert text(await w.say("ada", "join", room="900009", **ONE)) == "Which group do you mean?"


async def test_somebody_in_two_chooses_by_a_button_that_keeps_what_was_typed(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    reply = await w.say("ada", "checkin 45 read two papers", room="900009", **ONE)
    assert text(reply) == "Which group do you mean?"
    assert [b.label for b in reply.buttons] == ["Owls", "Larks"]
    done = await w.press("ada", "Larks", room="900009", **ONE)
    assert "Checked in: 45 min on Unit 1." in text(done)
    assert "Streak 1" in text(await w.say("ada", "progress", room=OTHER, **ONE))
    assert "Streak 0" in text(await w.say("ada", "progress", room=ROOM, **ONE))


async def test_a_line_too_long_for_a_button_is_kept_while_its_group_is_chosen(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    note = ("read " * 40).strip()
    reply = await w.say("ada", f"checkin 45 {note}", room="900009", **ONE)
    assert all(isinstance(b.target, Call) and len(b.target.pack()) <= 76 for b in reply.buttons)
    done = await w.press("ada", "Larks", room="900009", **ONE)
    assert "Checked in:" in text(done)
    edit = w.button("ada", "Edit", done).target
    assert isinstance(edit, Call)
    assert note in [field.value for field in (await w.form("ada", edit, room="900009", **ONE)).fields]
    assert "Streak 1" in text(await w.say("ada", "progress", room=OTHER, **ONE))


async def test_a_wrong_value_is_corrected_before_the_group_is_chosen(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    assert text(await w.say("ada", "checkin soon read", room="900009", **ONE)).startswith("Time spent: “soon”")


@pytest.mark.parametrize("line", ["roadmap", "topic"])
async def test_also_what_anyone_may_read_asks_somebody_in_two(w: World, line: str) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    reply = await w.say("ada", line, **DIRECT)
    assert "o you mean?" in text(reply)
    assert [b.label for b in reply.buttons] == ["Owls", "Larks"]
    assert (await w.press("ada", "Larks", **DIRECT)).tone == "plain"


async def test_a_group_can_be_named(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    assert (await w.say("ada", "join larks", room=ROOM, **ONE)).title == "You're in Larks"
    unknown = await w.say("ada", "join cohort=Doves", room=ROOM, **ONE)
    assert text(unknown) == "I can't find a group named “Doves” here. Groups here: Larks, Owls."


def test_groups_of_one_name_are_named_once() -> None:
    known: list[Any] = [Group(id=at, name=name) for at, name in enumerate(("Rag eight", "Rag eight", "Owls"))]
    asked: Any = None
    assert str(_refuse_unknown(asked, "Doves", known)).endswith("Groups here: Rag eight, Owls.")


async def test_a_name_that_is_nearly_right_is_corrected_by_one_that_its_writer_sees(
    w: World,
) -> None:
    for name, room in (("Owls", ROOM), ("Larks", OTHER), ("Lurks", "900003")):
        await group(w, name, ONE, room)
    w.eyes.hidden["ada"] = {"900003"}
    wrong = await w.say("ada", "join cohort=Larkz", room=ROOM, **ONE)
    assert text(wrong) == "I can't find a group named “Larkz” here. Did you mean Larks?"
    assert (await w.press("ada", "Larks", of=wrong, room=ROOM, **ONE)).title == "You're in Larks"


async def test_a_receipt_names_its_group_to_who_is_in_two_and_to_nobody_else(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "*Larks*", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    await w.say("ben", "join", room=ROOM, **ONE)
    assert text(await w.say("ada", "checkin 45 read", room=OTHER, **ONE)).count("In *Larks*.") == 1
    joined = text(await w.say("ada", "join", room=OTHER, **ONE))
    assert joined.count("*Larks*") == 1, "it is named already"
    assert "Owls" not in text(await w.say("ben", "checkin 45 read", room=ROOM, **ONE))
    await w.say("ada", "leave", room=OTHER, **ONE)
    assert "In Owls" not in text(await w.say("ada", "checkin 45 read", room=ROOM, **ONE))


async def test_what_a_moderator_of_two_is_shown_of_a_change_names_the_group_that_it_changes(w: World) -> None:
    there = DIRECT | {"room": "@mo"}
    for name, room in (("Owls", ROOM), ("Larks", OTHER)):
        await group(w, name, ONE, room)
    for line in ("preview", "cohort pause 2", "session plan at='sun 18:00'", "schedule skip 3"):
        asked = await w.say("mo", line, **there)
        shown = text(await w.press("mo", "Larks", of=asked, **there))
        assert "Larks" in shown and "Owls" not in shown, line


async def test_where_nothing_runs_the_next_step_is_named(w: World) -> None:
    assert text(await w.say("ada", "join", room=ROOM, **ONE)) == (
        "There's no group here yet. Managers of the server or workspace can start one with `setup`."
    )
    assert text(await w.say("ada", "join", **DIRECT)).startswith("You're not in a group yet.")


async def test_a_newcomer_joins_from_a_direct_message_whichever_group_they_see(w: World) -> None:
    for name, place, room in (("Owls", ONE, ROOM), ("Larks", TWO, OTHER), ("Doves", TWO, "900003")):
        await group(w, name, place, room)
    w.eyes.hidden["ada"] = {"900003"}
    hello = await w.say("ada", "hi", **DIRECT)
    assert "You can join: Larks in " in text(hello) and ", Owls in " in text(hello)
    join = ["Join Larks", "Join Owls"]
    assert [b.label for b in hello.buttons] == [*join, "Show help"]
    for line in ("checkin 30 read it", "progress"):
        refused = await w.say("ada", line, **DIRECT)
        assert text(refused) == "You're not in a group yet. Join one, then try again."
        assert [b.label for b in refused.buttons] == join
    assert [b.label for b in (await w.say("ada", "join", **DIRECT)).buttons] == ["Larks", "Owls"]
    assert text(await w.say("ada", "join doves", **DIRECT)) == (
        "I can't find a group named “doves” here. Groups here: Larks, Owls."
    )
    assert text(await w.call("ada", Call("join", {}, 3), **DIRECT)) == "That group has ended, or you can't see it."
    assert text(await w.call("ada", Call("report", {}, 1), **DIRECT)) == "That group has ended, or you can't see it."
    assert (await w.press("ada", "Join Owls", of=hello, **DIRECT)).title == "You're in Owls"
    assert "Checked in:" in text(await w.say("ada", "checkin 30 read it", **DIRECT))
    assert (await w.say("ada", "join larks", **DIRECT)).title == "You're in Larks"


async def test_a_direct_message_that_names_no_server_works_for_members(w: World) -> None:
    await group(w, "Owls", ONE)
    await w.say("ada", "join", room=ROOM, **ONE)
    assert "Checked in:" in text(await w.say("ada", "checkin 45 from my sofa", **DIRECT))
    assert "Streak 1" in text(await w.say("ada", "progress", **DIRECT))
    assert "Unit 1:" in text(await w.say("ada", "topic", **DIRECT))
    assert (await w.say("ada", "undo", **DIRECT)).title == "Undone"
    assert (await w.say("ada", "leave", **DIRECT)).title == "You've left Owls"


async def test_in_a_direct_message_nobody_moderates_by_the_servers_grant_but_a_creator_does(w: World) -> None:
    await group(w, "Owls", ONE)
    await w.say("mo", "join", room=ROOM, **ONE)
    there = DIRECT | {"room": "@mo"}
    assert (await w.say("mo", "report", **there)).title == "Report on Owls"
    await w.say("eve", "join", room=ROOM, moderator=True, **ONE)
    assert text(await w.say("eve", "report", **DIRECT)).startswith("Only moderators can do that.")


@lived_once
async def both(w: World) -> None:
    """Begin two groups in two servers, in channels of the same id."""
    await group(w, "Owls", ONE)
    await group(w, "Larks", TWO)
    await w.say("ada", "join", room=ROOM, **ONE)
    await w.say("ben", "join", room=ROOM, **TWO)


class TestTwoTenantsWithTheSameRoomAndThePersonInBoth:
    """The same channel id and the same account in two servers."""

    async def test_a_line_stays_in_its_own_server(self, w: World) -> None:
        await both(w)
        await w.say("ada", "join", room=ROOM, **TWO)
        await w.say("ada", "checkin 45 in the first", room=ROOM, **ONE)
        assert "Streak 1" in text(await w.say("ada", "progress", room=ROOM, **ONE))
        assert "Streak 0" in text(await w.say("ada", "progress", room=ROOM, **TWO))
        assert text(await w.say("ada", "undo", room=ROOM, **TWO)) == "You have no check-in to undo."

    @pytest.mark.parametrize(
        "line",
        sample(
            [
                "help",
                "roadmap",
                "topic",
                "leaderboard",
                "leaderboard season",
                "progress ben",
                "progress",
                "report",
                "cohort status",
                "preview",
                "doctor",
                "join larks",
                "settings",
                "ask who is in the Larks",
            ],
            3,
        ),
    )
    async def test_no_answer_names_what_is_in_the_other_server(self, w: World, line: str) -> None:
        await both(w)
        await w.say("ben", "checkin 45 zebras", room=ROOM, **TWO)
        said = text(await w.say("mo", line, room=ROOM, **ONE)).lower()
        secrets = {"larks", r"\bben\b", "zebras", "222222"} - set(line.lower().replace("ben", r"\bben\b").split())
        assert not [secret for secret in secrets if re.search(secret, said)]

    @pytest.mark.parametrize(
        ("name", "args"),
        sample(
            [
                ("join", {}),
                ("leave", {}),
                ("progress", {}),
                ("leaderboard", {}),
                ("checkin", {"minutes": "1", "note": "x"}),
                ("remind", {"on": "yes"}),
                ("topic", {}),
                ("roadmap", {}),
                ("help", {}),
                ("settings", {"shown": "no"}),
                ("retract", {"id": "1"}),
                ("share", {"id": "1", "note": "x"}),
                ("mute", {"unit": "1"}),
                ("ledger", {}),
                ("report", {}),
                ("cohort status", {}),
                ("preview", {}),
                ("cohort resume", {}),
                ("cohort edit", {"name": "Mine", "confirm": "yes"}),
                ("cohort pause", {"confirm": "yes"}),
                ("cohort end", {"confirm": "yes"}),
                ("postnow", {"unit": "2", "confirm": "yes"}),
                ("excuse", {"member": "ben", "unit": "1", "reason": "x"}),
                ("ask", {"question": "when is the deadline"}),
                ("void", {"member": "ben", "unit": "1", "reason": "x"}),
                ("remove", {"by": "1"}),
            ],
            4,
        ),
    )
    async def test_a_button_that_names_the_others_group_is_refused(
        self, w: World, name: str, args: dict[str, str]
    ) -> None:
        await both(w)
        reply = await w.press_call("mo", Call(name, args, group=2), room=ROOM, **ONE)
        assert text(reply) == "That group has ended, or you can't see it."
        assert (reply.tone, reply.audience) == ("error", "private")

    async def test_a_direct_message_of_one_member_reaches_no_group_of_the_other_server(self, w: World) -> None:
        await both(w)
        w.eyes.hidden["ada"] = {f"222222/{ROOM}"}
        for call in (Call("progress", group=2), Call("leaderboard", group=2), Call("join", group=2)):
            assert text(await w.call("ada", call, **DIRECT)) == "That group has ended, or you can't see it."
        assert (await w.say("ada", "leaderboard", **DIRECT)).title == "Leaderboard: Owls"

    async def test_the_same_id_on_another_platform_is_somebody_else(self, w: World) -> None:
        await both(w)
        slack: dict[str, Any] = {"platform": "slack", "tenant": "111111"}
        assert text(await w.say("ada", "progress", room=ROOM, **slack)).startswith("There's no group here yet.")
        assert "Stored: nothing about you yet." in text(await w.call("ada", Call("kept"), room=ROOM, **slack))


async def test_a_choice_counts_once_however_often_it_is_clicked(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    await w.to(MONDAY + timedelta(hours=2))
    asked = await w.say("ada", "checkin 20 read it", room="900009", **ONE)
    assert "Checked in:" in text(await w.press("ada", "Owls", of=asked, room="900009", **ONE))
    for again in ("Owls", "Larks"):
        said = text(await w.press("ada", again, of=asked, room="900009", **ONE))
        assert said == "That's already done. A second click changes nothing."


async def test_what_one_does_for_oneself_may_name_the_group(w: World) -> None:
    await group(w, "Owls", ONE)
    await group(w, "Larks", ONE, OTHER)
    for room in (ROOM, OTHER):
        await w.say("ada", "join", room=room, **ONE)
    await w.to(MONDAY + timedelta(hours=2))
    assert "Checked in:" in text(await w.say("ada", "checkin 20 read it cohort=Owls", room=OTHER, **ONE))
    assert "You have no check-in to undo." in text(await w.say("ada", "undo", room=OTHER, **ONE))
    assert (await w.say("ada", "undo cohort=Owls", room=OTHER, **ONE)).title == "Undone"
