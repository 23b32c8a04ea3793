"""Free text: private until it is plainly meant for others, and never lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands.parameter_types import parse_minutes
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.understanding.intents import hear, with_file
from tests.examples import sample
from tests.features.ask.test_commands import parrot
from tests.harness import World, text

pytestmark = pytest.mark.long


def labels(reply: Reply) -> list[str]:
    return [b.label for b in reply.all_buttons]


async def slash(w: World, line: str) -> Reply:
    """Have Ada type a line after a slash."""
    return await w.call("ada", hear(w.app.registry, line, "slash"))


@pytest.mark.parametrize("line", sample(["frobnicate", "remember everyone", "my head hurts", "attention"], 2))
async def test_what_is_neither_command_nor_question_is_told_to_its_writer_alone_with_the_ways_on(
    w: World, line: str
) -> None:
    await w.begin("ada")
    bird = parrot(w)
    for reply in (await slash(w, line), await w.say("ada", line)):
        assert reply.audience == "private" and not bird.asked
        assert text(reply).startswith(
            f"> {line} I didn't understand that, so I haven't posted anything. Type `help`, or choose:"
        )
        assert labels(reply) == ["Ask publicly", "Ask privately"]
    mine = await w.press("ada", "Ask privately")
    assert mine.audience == "private" and bird.asked == [line]
    assert (await w.press("ada", "Ask publicly", of=mine)).audience == "public"


async def test_who_tells_of_sickness_is_offered_to_be_away_and_nobody_reads_it(w: World) -> None:
    await w.begin("ada")
    reply = await slash(w, "sick this week, surgery on Tuesday")
    assert (reply.audience, labels(reply)) == ("private", ["Be away", "Ask privately"])


@pytest.mark.parametrize(
    ("line", "from_", "until"),
    sample(
        [
            ("sick this week", "2026-03-02", "2026-03-08"),
            ("sick this week, surgery on Tuesday", "2026-03-02", "2026-03-08"),
            ("I am ill until friday", "2026-03-02", "2026-03-06"),
            ("on holidays from wednesday until 2026-03-12", "2026-03-04", "2026-03-12"),
            ("sick today", "2026-03-02", "2026-03-02"),
            ("can't make it tomorrow", "2026-03-03", "2026-03-03"),
            ("on vacation in summer", "", ""),
        ],
        3,
    ),
)
async def test_the_form_of_who_will_be_away_opens_with_the_days_that_were_named(
    w: World, line: str, from_: str, until: str
) -> None:
    await w.begin("ada")
    assert labels(await w.say("ada", line))[0] == "Be away"
    form = await w.form("ada", w.button("ada", "Be away").target)
    assert {f.key: f.value for f in form.fields} == {"until": until, "from": from_, "reason": ""}


async def test_who_quits_is_offered_to_leave(w: World) -> None:
    await w.begin("ada")
    assert labels(await w.say("ada", "I quit"))[0] == "Leave the group"
    assert "You've left" in text(await w.press("ada", "Leave the group"))


@pytest.mark.parametrize("line", ["stop", "unsubscribe", "please stop messaging me", "no more reminders"])
async def test_who_says_stop_is_offered_the_end_of_reminders(w: World, line: str) -> None:
    await w.begin("ada")
    for room in ("general", "@ada"):
        reply = await w.say("ada", line, room=room)
        assert (reply.audience, labels(reply)[0]) == ("private", "Stop reminders")
    assert "Reminders are off" in text(await w.press("ada", "Stop reminders"))


async def filled_in(w: World) -> dict[str, str]:
    """Return what stands in the form of Ada's button, by field."""
    target = w.button("ada", "Check in").target
    assert isinstance(target, Call)
    return {field.key: field.value for field in (await w.form("ada", target)).fields}


@pytest.mark.parametrize(
    ("line", "minutes", "note"),
    sample(
        [
            ("log 45 read two papers, felt stupid before", "45", "read two papers, felt stupid before"),
            ("I did 45 minutes today, read two papers", "45 minutes", "read two papers"),
            ("studied for 1h30: sets", "1h30", "sets"),
            ("spent 2 hours on sets", "2 hours", "on sets"),
            ("chekin 45 felt stupid before", "45", "felt stupid before"),
            ("I studied for an hour and a half, sets", "an hour and a half", "sets"),
            ("did 1 hour and 30 minutes on sets", "1 hour and 30 minutes", "on sets"),
            ("I spent 2 hours on the vectors exercise", "2 hours", "on the vectors exercise"),
        ],
        3,
    ),
)
async def test_work_that_is_told_is_offered_as_a_check_in_whose_form_opens_filled(
    w: World, line: str, minutes: str, note: str
) -> None:
    await w.begin("ada")
    reply = await slash(w, line)
    assert f"Did you mean `checkin {minutes} {note}`?" in text(reply)
    assert labels(reply) == ["Check in", "Ask publicly", "Ask privately"]
    assert await filled_in(w) == {
        "minutes": str(parse_minutes(minutes)),
        "other": "",
        "note": note,
        "link": "",
        "unit": "",
    }
    assert (await w.press("ada", "Check in")).tone == "good"


@pytest.mark.parametrize(
    ("line", "minutes", "note"),
    sample(
        [
            ("done for this week", "", "done for this week"),
            ("read two papers today", "", "read two papers today"),
            ("I've finished the quiz", "", "finished the quiz"),
            ("2 hours with Ben on sets", "2 hours", "with Ben on sets"),
            ("45 min exercise", "45 min", "exercise"),
            ("an hour of reading", "an hour", "reading"),
        ],
        3,
    ),
)
async def test_work_that_is_told_in_passing_is_offered_as_a_check_in(
    w: World, line: str, minutes: str, note: str
) -> None:
    await w.begin("ada")
    for room in ("general", "@ada"):
        reply = await w.say("ada", line, room=room)
        assert (reply.audience, labels(reply)[0]) == ("private", "Check in")
        assert "Save this as a check-in?" in text(reply)
        chosen = str(parse_minutes(minutes)) if minutes else "30"
        assert await filled_in(w) == {"minutes": chosen, "other": "", "note": note, "link": "", "unit": ""}


@pytest.mark.parametrize(
    ("line", "title", "button"),
    [
        ("how do I check in?", "checkin", "Check in"),
        ("how can i leave the cohort?", "leave", "Leave"),
        ("hey, how to undo a check-in?", "undo", "Undo"),
        ("what can you do?", "Help", "Check in"),
    ],
)
async def test_a_question_about_what_the_bot_does_is_answered_by_its_help_to_the_asker_alone(
    w: World, line: str, title: str, button: str
) -> None:
    await w.begin("ada")
    bird = parrot(w)
    for reply in (await slash(w, line), await w.say("ada", line), await w.say("ada", line, room="@ada")):
        assert (reply.audience, reply.title, labels(reply)[0]) == ("private", title, button)
    assert not bird.asked


@pytest.mark.parametrize("line", ["how do I join two lists?", "how do I leave a loop?", "can I undo a commit?"])
async def test_a_question_that_only_sounds_like_a_command_is_one_for_the_notes(w: World, line: str) -> None:
    await w.begin("ada")
    bird = parrot(w)
    await w.say("ada", line)
    assert bird.asked == [line]


@pytest.mark.parametrize(
    "line", ["check in 45 read", "checked in 45 read", "/study checkin 45 read", "check-in 45 read"]
)
async def test_a_check_in_counts_however_it_is_spelt(w: World, line: str) -> None:
    await w.begin("ada")
    assert (await w.say("ada", line)).tone == "good"


async def test_manners_are_answered_in_a_line_with_what_is_next_and_never_by_the_notes(w: World) -> None:
    assert text(await w.say("ada", "hello")).startswith("Hello, Ada! There's no group here yet.")
    await w.begin("ada")
    bird = parrot(w)
    for line, told in (
        ("hola", "Hello, Ada!"),
        ("test", "I'm here."),
        ("are you a bot?", "I'm Trailmate, a bot."),
        ("?", "Let me help."),
    ):
        for room in ("general", "@ada"):
            reply = await w.say("ada", line, room=room)
            assert reply.audience == "private" and text(reply).startswith(told)
            assert "is due Sun 8 Mar 2026, 21:00 (UTC). You haven't checked in yet this week." in text(reply)
            assert labels(reply) == ["Check in", "Show help"]
    assert labels(await w.say("ben", "hi")) == ["Join", "Show help"]
    await w.press("ada", "Check in", {"minutes": "45", "note": "read"})
    reply = await w.say("ada", "hi", room="@ada")
    assert "You've checked in. See you in the next unit!" in text(reply)
    assert labels(reply) == ["My progress", "Show help"]
    assert (await w.press("ada", "Show help")).title == "Help" and not bird.asked


@pytest.mark.parametrize(
    ("line", "told"), [("thanks!", "You're welcome!"), ("bye", "See you soon."), ("👍", "All right.")]
)
async def test_thanks_and_goodbyes_get_a_short_answer_without_the_due_date(w: World, line: str, told: str) -> None:
    await w.begin("ada")
    bird = parrot(w)
    for who, room in (("ada", "general"), ("ada", "@ada"), ("ben", "general")):
        reply = await w.say(who, line, room=room)
        assert (reply.audience, text(reply), labels(reply)) == ("private", told, []) and not bird.asked


async def test_a_greeting_is_answered_after_the_season_too(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", "cohort end confirm=yes")
    await w.after(days=40)
    assert text(await w.say("ada", "hello", room="@ada")).startswith("Hello, Ada! The group ended on")


async def test_a_stray_sentence_in_a_direct_message_gets_a_way_on(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    for line in ("my soup was bad", "see you at the pub", "the weather is nice and I had a long walk"):
        reply = await w.say("ada", line, room="@ada")
        assert text(reply).startswith(f"> {line} I didn't understand that. Unit 1:")
        assert labels(reply) == ["Check in", "Ask the notes", "Show help"] and not bird.asked
    await w.press("ada", "Ask the notes")
    assert bird.asked == ["the weather is nice and I had a long walk"]


@pytest.mark.parametrize(("line", "button"), [("my streak", "Check in"), ("this week", "Show unit")])
async def test_what_belongs_to_a_command_is_offered_with_its_button(w: World, line: str, button: str) -> None:
    await w.begin("ada")
    assert labels(await w.say("ada", line))[0] == button
    assert (await w.press("ada", button)).audience == "private"


async def test_a_question_by_slash_is_answered_to_the_asker_with_a_button_that_asks_it_publicly(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    reply = await slash(w, "why is a set faster than a list?")
    assert (reply.audience, labels(reply)) == ("private", ["Ask publicly"])
    assert text(reply).startswith("> why is a set faster than a list? A set finds")
    shown = await w.press("ada", "Ask publicly")
    assert shown.audience == "public" and "Asked by Ada" in text(shown)


async def test_a_question_put_to_the_bot_is_answered_to_all_and_one_in_private_is_not(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    assert (await w.say("ada", "why is a set faster than a list?")).audience == "public"
    assert (await w.say("ada", "why is a set faster than a list?", room="@ada")).audience == "private"
    assert (await w.say("ada", "set speed", room="@ada")).audience == "private"


async def test_a_long_text_is_kept_for_its_buttons(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    line = "log 45 " + "worked and worked " * 20
    reply = await slash(w, line)
    assert all(len(b.target.pack()) <= 76 for b in reply.buttons if isinstance(b.target, Call))
    assert (await filled_in(w))["note"] == line.removeprefix("log 45 ").strip()


async def test_the_file_that_came_with_work_that_is_told_stands_in_the_form(w: World) -> None:
    await w.begin("ada")
    told = Call("heard", {"text": "I did 25 minutes of sets", "link": "https://files.example/board.png"})
    await w.call("ada", told)
    form = await filled_in(w)
    assert (form["minutes"], form["note"], form["link"]) == ("25", "sets", "https://files.example/board.png")


async def test_a_word_aside_about_talk_asks_the_notes_where_it_was_said(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    aside = await w.call("ada", Call("heard", {"text": "what is a tensor?", "aloud": "yes"}))
    assert (text(aside), labels(aside)) == ("Should I look that up in the notes?", ["Ask the notes"])
    assert (await w.press("ada", "Ask the notes")).audience == "public"


async def test_hostile_words_stay_words(w: World) -> None:
    await w.begin("ada")
    reply = await slash(w, "frob <@1> **x** [a](https://evil.example) @everyone \x02p|1|b\x03")
    assert "\x02p" not in str(reply.to_json()) and "**x** [a](https://evil.example) @everyone" in text(reply)


@pytest.mark.parametrize("line", ["", "here is my work"])
async def test_a_file_of_somebody_in_two_groups_goes_with_a_check_in_of_the_one_they_choose(
    wide: World, line: str
) -> None:
    for name, room in (("Owls", "C0123456"), ("Larks", "C0654321")):
        where: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": room}
        await wide.start(name=name, extra="start=today", **where)
        await wide.say("ada", "join", **where)
    await wide.after(hours=2)
    direct: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": "@ada"}
    registry, link = wide.app.registry, "https://files.example/board.png"
    said = await wide.call("ada", with_file(registry, hear(registry, line, "direct"), link, "board.png"), **direct)
    assert "Add this file to a check-in? Choose a group:" in text(said)
    assert labels(said) == ["Check in: Owls", "Check in: Larks"]
    logged = await wide.press("ada", "Check in: Larks", {"minutes": "25"}, **direct)
    assert "Checked in:" in text(logged), text(logged)
    form = await wide.form("ada", wide.button("ada", "Edit").target, **direct)
    stored = [field.value for field in form.fields]
    assert link in stored and (line or "board.png") in stored


async def test_a_greeting_of_somebody_with_several_groups_leads_to_where_they_stand(wide: World) -> None:
    for name, room in (("Owls", "C0123456"), ("Larks", "C0654321")):
        where: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": room}
        await wide.start(name=name, **where)
        await wide.say("ada", "join", **where)
    direct: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": "@ada"}
    reply = await wide.say("ada", "hello", **direct)
    assert text(reply) == "Hello, Ada! You're in several groups here. Choose one:"
    assert labels(reply) == ["Where I stand", "Owls", "Larks", "Show help"]
    assert (await wide.press("ada", "Where I stand", **direct)).title == "Where you stand"


async def test_who_asks_how_to_start_a_group_and_may_not_is_a_press_from_who_can(w: World) -> None:
    assert (await w.say("ada", "how do I start a group?", room="@ada")).title == "setup"
    assert text(await w.press("ada", "Start a group")).startswith("That's for people who manage the")


@pytest.mark.parametrize("line", ["hola, qué tal?", "moin", "hilfe", "was kannst du?", "¿qué puedes hacer?"])
async def test_help_in_another_language_is_offered_in_plain_english_and_never_a_guess(w: World, line: str) -> None:
    await w.begin("ada")
    reply = await w.say("ada", line, room="@ada")
    assert text(reply).startswith(("Hello, Ada!", "I only understand English, but I'm glad to help."))
    assert labels(reply) == ["Check in", "Show help"]
    assert labels(await slash(w, line)) == ["Check in", "Show help"]


@pytest.mark.parametrize("line", ["", "here is my exercise"])
async def test_a_file_that_comes_without_a_command_goes_with_a_check_in(w: World, line: str) -> None:
    await w.begin("ada")
    link, registry = "https://example.org/1", w.app.registry
    call = with_file(registry, hear(registry, line, "direct"), link, "board.png")
    said = await w.call("ada", call, room="@ada")
    assert text(said).startswith(f"> {line or 'board.png'} Add this file to a check-in?")
    form = await w.form("ada", w.button("ada", "Check in with file").target, room="@ada")
    assert {f.key: f.value for f in form.fields}.items() >= {"link": link, "note": line or "board.png"}.items()
    assert "Add this file" not in text(await w.call("zoe", call, room="@zoe"))
