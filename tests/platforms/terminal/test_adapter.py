from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TextIO

import pytest

from bot.messages.call import Call
from bot.messages.reply import Actions, Button, File, Reply, Table, Text, say
from bot.platforms.terminal.adapter import chat, slug
from tests.features.ask.test_commands import parrot
from tests.harness import World
from tests.platforms.local import Local, weekly_post


class Terminal(io.StringIO):
    """Lines from a keyboard."""

    def isatty(self) -> bool:
        return True


async def talk(
    text: str,
    *,
    local: Local | None = None,
    name: str = "Ada",
    moderates: bool = False,
    due: Mapping[int, tuple[str, str | None, Reply]] | None = None,
    source: TextIO | None = None,
    zones: Mapping[str, str] | None = None,
) -> str:
    """Return what is printed for lines.

    Args:
        due: what is posted (room, thread, reply) after the nth line.
        zones: the zones that people have chosen, by their account ids.
    """
    local = local or Local()
    out, count = io.StringIO(), 0

    async def find_zone(account_id: str) -> str | None:
        return (zones or {}).get(account_id)

    async def after_line() -> None:
        nonlocal count
        count += 1
        if due and count in due:
            room, thread, reply = due[count]
            await local.feed.add(f"due-{count}", room, thread, reply)

    await chat(
        local.registry,
        local.dispatcher,
        local.feed,
        name=name,
        moderates=moderates,
        lines=source or io.StringIO(text),
        out=out,
        zone="Europe/Berlin",
        after_line=after_line,
        find_zone=find_zone,
    )
    return out.getvalue()


async def test_a_line_is_answered_and_its_buttons_say_which_line_presses_them() -> None:
    said = await talk("checkin 45 read two papers\n")
    assert said == (
        "Checked in\n\nread two papers\n\nTime: 45 minutes\nUnit: Unit 7\nStreak: 5 units\n"
        "[Edit]  press: 1\n[Undo]  press: 2\n[Share]  press: 3\n"
    )


async def test_the_buttons_of_a_block_stand_directly_below_it() -> None:
    ways = tuple(Button(label, Call("undo")) for label in "AB")
    post = Reply((Text("Which?"), Actions(ways[:1]), Text("Read on")), ways[1:], title="Unit 7")
    said = await talk("help\n", due={1: ("general", None, post)})
    lines = ["Unit 7", "", "Which?", "[A]  press: 1", "Read on", "[B]  press: 2"]
    assert said.endswith("".join(f"#general | {line}\n" for line in lines))


async def test_a_button_is_pressed_by_its_number_with_or_without_the_word() -> None:
    local = Local()
    assert "taken back" in await talk("checkin 45 read\n2\n", local=local)
    assert "taken back" in await talk("checkin 45 read\npress 2\n", local=local)
    assert local.world.said.count("undone") == 2


async def test_a_number_is_good_until_the_next_reply() -> None:
    said = await talk("checkin 45 read\nundo\n2\n0\n")
    assert "There is no button 2 now." in said
    assert "There is no button 0 now." in said


async def test_a_button_with_an_address_prints_it() -> None:
    said = await talk("what is attention?\n1\n")
    assert "[Open the note]  https://example.org/notes\n[Remove]  press: 2\n" in said
    assert said.endswith("\nhttps://example.org/notes\n")


async def test_a_form_asks_for_what_the_line_did_not_give_and_an_empty_line_is_the_default() -> None:
    local = Local()
    said = await talk("checkin 45\nread two papers\n\n\n", local=local)
    assert local.world.said == ["Ada 45 read two papers"]
    assert "Your note is for you alone until you share it." in said
    assert "What you did\nWhere it can be seen [skip]\nUnit [skip]\nChecked in" in said
    assert "Time spent" not in said.split("Checked in")[0]


async def test_a_form_that_opens_filled_offers_its_values_as_defaults() -> None:
    said = await talk("settings\n\nyes\nalias\n")
    assert "Time zone [Europe/Berlin]\nRemind me by direct message (yes, no) [no]\n" in said
    assert "Zone Europe/Berlin, reminders True, board alias." in said


async def test_a_wrong_value_is_said_and_asked_again() -> None:
    local = Local()
    said = await talk("checkin\nsoon\n\n1h30\nread\n\n\n", local=local)
    assert "“soon” is not a length of time" in said
    assert "Time spent\nThis is needed. Example: 45m. " in said
    assert local.world.said == ["Ada 90 read"]


async def test_cancel_or_the_end_of_input_stops_a_form_and_nothing_happens() -> None:
    for lines in ("checkin 45\ncancel\nhelp\n", "checkin 45\nCANCEL\nhelp\n", "checkin 45\n"):
        local = Local()
        said = await talk(lines, local=local)
        assert "Cancelled. Nothing was changed." in said
        assert local.world.said == []
        assert ("What I can do" in said) == ("help" in lines)


async def test_what_a_service_refuses_can_be_corrected_by_its_button() -> None:
    local = Local()
    said = await talk("checkin 800 read\n1\n45\n\n\n\n", local=local)
    assert "[Correct it]  press: 1" in said
    assert "Time spent [800]\nWhat you did [read]\n" in said
    assert local.world.said == ["Ada 45 read"]


async def test_a_public_question_and_its_answer_are_messages_that_others_see() -> None:
    local = Local()
    said = await talk("what is attention?\n", local=local)
    assert said.count("chain rule") == 1  # printed as the answer, not again as news
    question, answer = await local.feed.list_messages("general")
    assert (question.author, answer.author) == ("Ada", "")
    other = await talk("help\n", local=local, name="Ben")
    assert "chain rule" not in other  # it was there before


async def test_a_pressed_button_that_replaces_changes_the_message_it_stands_on() -> None:
    local = Local()
    await talk("what is attention?\n2\n", local=local)
    assert (await local.feed.list_messages("general"))[-1].reply.plain() == "This answer was taken away."


async def test_new_posts_and_direct_messages_are_printed_after_the_line_with_their_buttons() -> None:
    due = {
        1: ("general", None, weekly_post()),
        2: ("@ada", None, say("One day left")),
        3: ("@ben", None, say("Not you")),
    }
    local = Local()
    said = await talk("help\nundo\nundo\n", local=local, due=due)
    assert "#general | Unit 7 of 50: Backpropagation\n#general | \n#general | Training a network" in said
    assert "Deadline: Sun 29 Nov 2026, 22:00 (Europe/Berlin)" in said
    assert "#general | [Check in]  press: 1\n" in said
    assert "direct message | One day left\n" in said
    assert "Not you" not in said
    assert said.count("Backpropagation\n") == 1


async def test_a_post_can_be_answered_by_the_number_of_its_button() -> None:
    local = Local()
    said = await talk("help\n1\n45\nread\n\n\n", local=local, due={1: ("general", None, weekly_post())})
    assert "Unit [7]" in said
    assert local.world.said == ["Ada 45 read"]


async def test_replies_in_a_thread_name_it() -> None:
    local = Local()
    ref = await local.feed.add("unit", "general", None, say("Unit 7"))
    await local.feed.open_thread(ref, "Backpropagation")
    said = await talk("help\n", local=local, due={1: ("general", ref, say("What surprised you?"))})
    assert "#general, Backpropagation | What surprised you?\n" in said
    assert "#general | Unit 7" not in said


async def test_the_flag_makes_a_moderator() -> None:
    lines = "cohort create Owls timezone=Europe/Berlin\n"
    assert "Only moderators" in await talk(lines)
    assert "Owls is ready, in Europe/Berlin." in await talk(lines, moderates=True)


async def test_quit_ends_and_empty_lines_are_nothing() -> None:
    assert await talk("\n   \nquit\nhelp\n") == ""


async def test_a_byte_that_is_no_text_is_one_strange_character_and_ends_nothing() -> None:
    keyboard = io.TextIOWrapper(io.BytesIO(b"checkin 45 read \xff papers\ncheckin 30 more\n"), "utf-8")
    local = Local()
    said = await talk("", local=local, source=keyboard)
    assert "read \ufffd papers" in said
    assert len(local.world.said) == 2


async def test_a_terminal_that_shows_ascii_alone_gets_what_it_can_show() -> None:
    local = Local()
    screen = io.TextIOWrapper(io.BytesIO(), "ascii")
    await chat(
        local.registry,
        local.dispatcher,
        local.feed,
        name="Ada",
        moderates=False,
        lines=io.StringIO("checkin 45 学\n"),
        out=screen,
        zone=None,
        after_line=_nothing,
    )
    screen.seek(0)
    assert "Checked in" in screen.read()


async def _nothing() -> None:
    return None


async def test_a_message_that_cannot_be_drawn_says_so_and_the_others_are_printed() -> None:
    broken = say("never seen", title="2")
    object.__setattr__(broken, "blocks", (object(),))
    said = await talk("help\nhelp\n", due={1: ("general", None, broken), 2: ("general", None, say("The second post"))})
    assert "This message cannot be shown." in said
    assert "The second post" in said


async def test_a_prompt_is_shown_to_a_keyboard_only() -> None:
    assert (await talk("", source=Terminal("help\n"))).startswith("ada> What I can do")
    assert ">" not in await talk("help\n")


async def test_lines_may_come_from_any_iterator() -> None:
    async def lines() -> AsyncIterator[str]:
        yield "help\n"
        yield "quit"

    local, out = Local(), io.StringIO()

    async def after_line() -> None:
        return None

    await chat(
        local.registry,
        local.dispatcher,
        local.feed,
        name="Ada",
        moderates=False,
        lines=lines(),
        out=out,
        zone=None,
        after_line=after_line,
    )
    assert out.getvalue() == "What I can do\n\nTry `checkin 45 read two papers`.\n"


async def test_control_characters_of_others_never_reach_the_terminal() -> None:
    evil = "\x1b[2J\x1b]0;owned\x07"
    table = Reply((Table(("Name",), ((evil,),)),), title=evil)
    said = await talk("help\n", due={1: ("general", None, table)})
    assert "\x1b" not in said
    assert "\x07" not in said


@pytest.mark.parametrize(
    ("name", "account"), [("Ada", "ada"), ("Ada Lovelace", "ada-lovelace"), ("José!", "jose"), ("陳", "guest")]
)
def test_an_account_is_named_by_a_slug(name: str, account: str) -> None:
    assert slug(name) == account


async def test_a_plain_line_goes_on_with_the_answer_and_one_that_names_a_command_begins_anew(w: World) -> None:
    await w.begin("ada")
    bird, heard = parrot(w), list[list[str]]()

    async def after_line() -> None:
        heard.append(bird.asked)
        bird.asked = []

    lines = ["what is dropout?", "and at test time", "no, 0.5", "help", "is it random?"]
    text = io.StringIO("\n".join([*lines, "ask what is a tuple?", "is it hashable?"]))
    await chat(
        w.app.registry,
        w.app.dispatcher,
        w.app.feed,
        name="Ada",
        moderates=False,
        lines=text,
        out=io.StringIO(),
        zone="UTC",
        after_line=after_line,
    )
    assert heard == [
        lines[:1],
        lines[:2],
        lines[:3],
        [],
        [*lines[:3], lines[4]],
        ["what is a tuple?"],
        ["what is a tuple?", "is it hashable?"],
    ]


async def test_a_file_is_saved_and_told_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    local = Local()
    said = await talk("help\n", local=local, due={1: ("general", None, Reply((File("a/b.csv", "text/csv", "é,1"),)))})
    match = re.search(r"Saved as (\S+)", said)
    assert match is not None and match[1].endswith("/a-b.csv")
    assert Path(match[1]).read_text(encoding="utf-8") == "é,1"


@pytest.mark.parametrize("line", ["help", "leaderboard", "/help", "checkin 20 did some", "undo"])
async def test_a_known_command_leaves_an_open_form_and_is_answered(line: str) -> None:
    local = Local()
    said = await talk(f"checkin 45\n{line}\n", local=local)
    alone = await talk(f"{line}\n")
    assert "Cancelled. Nothing was changed." in said
    assert said.endswith(alone)


async def test_prose_that_begins_like_a_command_stays_in_the_form() -> None:
    local = Local()
    await talk("checkin 45\nhelp with the slides and leaderboard drawings\n\n\n", local=local)
    assert local.world.said == ["Ada 45 help with the slides and leaderboard drawings"]


async def test_an_error_in_a_form_says_how_to_stop_it() -> None:
    said = await talk("checkin\nsoon\n\ncancel\n")
    assert said.count("Type `cancel` to stop.") == 3


async def test_the_label_of_a_button_presses_it() -> None:
    said = await talk("what is attention?\nopen the note\n")
    assert said.endswith("\nhttps://example.org/notes\n")


async def test_times_are_printed_in_the_zone_that_a_member_has_chosen() -> None:
    for name, deadline in (
        ("Ada", "Mon 30 Nov 2026, 06:00 (Asia/Tokyo)"),
        ("Ben", "Sun 29 Nov 2026, 22:00 (Europe/Berlin)"),
    ):
        said = await talk("help\n", name=name, due={1: ("general", None, weekly_post())}, zones={"ada": "Asia/Tokyo"})
        assert f"Deadline: {deadline}" in said
