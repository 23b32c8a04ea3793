"""A moderator brings an outline, and it is a roadmap of that server alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.commands.parsing import NeedsForm, plan
from bot.delivery.outbox import OutboxRow
from bot.features.custom_courses.service import MOST
from bot.features.groups.tables import Group
from bot.html import render as web
from bot.messages.attachment import raw
from bot.messages.call import Call
from bot.messages.errors import NotAllowed
from bot.messages.reply import File, Reply, Table
from bot.platforms.discord import limits as discord_limits
from bot.platforms.discord import render as discord
from bot.platforms.slack import limits as slack_limits
from bot.platforms.slack import render as slack
from bot.platforms.slack.decode import Route
from bot.platforms.slack.form import view_of
from bot.storage.unit_of_work import Work
from tests.harness import World, text, world

HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T2"}
CLUB = """\
# Our book club
We read one novel.

## Part one
- Chapters 1 to 3 (2 h)
  How it begins. [A map](https://example.org/map)
- Chapters 4 to 6

## Part two
- Chapters 7 to 9
- The end
"""


async def paste(w: World, outline: str = CLUB, **more: Any) -> Reply:
    """Have Mo send the form of an outline, and return the preview."""
    return await w.call("mo", Call("outline add", {"text": outline, **more.pop("values", {})}), **{**HERE, **more})


async def kept(w: World, outline: str = CLUB, **more: Any) -> Reply:
    await paste(w, outline, **more)
    return await w.press("mo", "Confirm", **HERE)


async def change(w: World, **values: str) -> Reply:
    """Have Mo change the only outline, and return the preview."""
    return await w.press_call("mo", Call("outline edit", {"outline": "own-1"}, ask=True), values, **HERE)


async def test_what_an_outline_becomes_is_seen_before_a_group_walks_it(w: World) -> None:
    preview = await paste(w)
    assert preview.title == "“Our book club”: 4 units in 2 phases, about 2 hours"
    assert "1 Chapters 1 to 3 (2 h, 1 link). Links: A map - 2 Chapters 4 to 6 Part two" in text(preview)
    assert (
        "You can add later: summaries, hours and links for 3 units, goals, exercises and questions for 4 units."
        in text(preview)
    )
    assert "Add one with" in text(await w.say("mo", "outline remove own-1", **HERE))
    changed = await w.press("mo", "Change", {"title": "Slow readers"}, of=preview, **HERE)
    assert changed.title.startswith("“Slow readers”")
    done = await w.press("mo", "Confirm", **HERE)
    assert done.title == "Course added: Slow readers" and "notes add" in text(done)
    assert text(await w.press("mo", "Start a group", **HERE)).startswith("Set up a group, 1 of 6: course Slow")
    await w.start(extra="roadmap=own-1", **HERE)
    await w.after(hours=2)
    posts = [text(one) for one in await w.app.database.run(_posted)]
    assert any("Unit 1: Chapters 1 to 3" in said and "How it begins." in said for said in posts)
    unknown = text(await w.say("ada", "ask who is the narrator", **HERE))
    assert "That's not in our notes." in unknown and "Moderators can add" in unknown


def _posted(work: Work) -> list[Reply]:
    return [Reply.from_json(row.reply) for row in work.session.scalars(select(OutboxRow))]


async def test_the_lines_of_a_preview_can_be_split_joined_and_made_a_heading(w: World) -> None:
    preview = await paste(
        w, "# SQL\n- Basics (2 h)\n- Joins\n  Goals: join; explain\n- Windows and sets\n- Tuning (3 h)"
    )
    opened = await w.form("mo", w.button("mo", "Change").target, **HERE)
    (typed,) = (field.value for field in opened.fields if field.key == "text")
    assert "Delete a ### line to join its unit to the one above." in typed
    assert "### Joins\n- Goal: join\n- Goal: explain\n\n### Windows and sets\n" in typed
    corrected = typed.replace("### Basics\n", "## Basics\n").replace("### Tuning\n", "")
    corrected = corrected.replace("### Windows and sets\n", "### Windows\n### Sets\n- Hours: 1\n")
    again = await w.press("mo", "Change", {"text": corrected}, of=preview, **HERE)
    assert again.title == "“SQL”: 3 units, about 4 hours"
    assert "Basics 1 Joins (2 goals) - 2 Windows - 3 Sets (4 h)" in text(again).replace("- 1", "1")
    assert "over an hour old" in text(await w.press("mo", "Confirm", of=preview, **HERE))
    assert (await w.press("mo", "Confirm", of=again, **HERE)).title == "Course added: SQL"
    assert "Delete a ###" not in text(await w.say("mo", "manage course show", **HERE))


async def test_an_outline_comes_as_a_file_and_its_faults_by_line_into_its_form(w: World) -> None:
    bare = await w.form("mo", Call("outline add", {}), **HERE)
    assert [(field.key, field.value) for field in bare.fields] == [("title", ""), ("text", ""), ("file", "")]
    table = raw("weeks.csv", b"title,hours\nSets,3\nMaps,2\n")
    nameless = await w.call("mo", Call("outline add", {"file": table}), **HERE)
    assert nameless.tone == "error" and "start the outline with a line such as # My course" in text(nameless)
    named = await w.call("mo", Call("outline add", {"file": table, "title": "Maths"}), **HERE)
    assert named.title == "“Maths”: 2 units, about 5 hours"
    await w.press("mo", "Confirm", **HERE)
    assert "a course “maths” already exists" in text(await paste(w, "# maths\n- One"))
    faults = await paste(w, f"# Club\n- One\n- {'x' * 80}\n")
    assert "I can't create a course from this yet: - line 3: The title “xxx" in text(faults)
    corrected = await w.press("mo", "Correct it", {"text": "# Club\n- One"}, **HERE)
    assert corrected.title == "“Club”: 1 unit"
    assert "Paste your outline, or attach it to `manage course add` as a Markdown, CSV or ZIP file" in text(
        await w.call("mo", Call("outline add", {"title": "X"}), **HERE)
    )


async def test_a_preview_shows_each_unit_as_it_was_understood(w: World) -> None:
    links = " ".join(f"[Page {n}](https://example.org/{n})" for n in range(3))
    outline = f"# SQL\n- Joins (2 h) https://example.org/joins\n- Windows\n  Exercise: rank *two* columns\n  {links}\n"
    preview = text(await paste(w, outline))
    assert "1 Joins (2 h, 1 link). Links: example.org/joins" in preview
    assert "2 Windows (3 links). Exercise: rank two columns. Links: Page 0, Page 1, 1 more" in preview
    step = await w.call("mo", Call("setup", {}), **HERE)
    assert "Set up a group" in step.title


async def test_each_heading_without_a_unit_is_named_in_the_preview(w: World) -> None:
    empty = "".join(f"## Empty {n}\n" for n in range(1, 26))
    preview = text(await paste(w, f"# Club\n## Part\n- One\n## Policies\n- No *laptops*\n{empty}## Last\n- Two\n"))
    named = preview.split("No unit made of ")[1].replace("\\", "")
    assert named.startswith("“Policies” (line 4), “No laptops” (line 5), “Empty 1” (line 6), ")
    assert "“Empty 24” (line 29) and “Empty 25” (line 30). To keep one" in named
    hostile = text(await paste(w, "# Club\n## @everyone <b> **x** [a](https://b.org)\n## Part\n- One\n" + empty * 2))
    assert "“Empty 4” (line 33) and 21 more. To keep one" in hostile and "](https" not in hostile


async def test_what_was_shortened_is_named_by_its_line(w: World) -> None:
    preview = await paste(w, f"# Club\n## Nothing here\n## Part\n- One\n  {'word ' * 60}\n")
    assert "Left out or shortened - line 5: I used the first 200 characters of this text." in text(preview)
    assert "No unit made of “Nothing here” (line 2). To keep one, correct the lines" in text(preview)
    long = await paste(w, "# Long\n" + "".join(f"- Unit {n}\n" for n in range(1, 101)))
    assert "and 70 more" in text(long).replace(" units", "") and "Unit 31" not in text(long)


async def test_a_changed_outline_keeps_what_a_group_has_opened_and_says_what_is_lost(w: World) -> None:
    await kept(w)
    await w.start(extra="roadmap=own-1", **HERE)
    await w.after(days=8)
    assert "Chapters 4 to 6 (now)" in text(await w.say("ada", "roadmap", **HERE))
    lost = await change(w, text=CLUB.replace("- Chapters 4 to 6\n", ""))
    assert "The outline must keep “Chapters 4 to 6”, because a group has opened it or starts there." in text(lost)
    new = (
        CLUB.replace("Chapters 4 to 6", "The middle")
        .replace("- Chapters 7", "- Letters\n- Epilogue\n- Chapters 7")
        .replace("- The end\n", "")
    )
    preview = await w.press("mo", "Correct it", {"text": new}, **HERE)
    assert "New - Letters - Epilogue " in text(preview)
    assert "Renamed - “Chapters 4 to 6” → “The middle” Removed - The end" in text(preview)
    assert (await w.press("mo", "Confirm", **HERE)).title == "Course updated: Our book club"
    woken = await w.app.database.run(lambda work: work.session.get_one(Group, 1).wake_at, writes=False)
    assert woken == w.clock.now()
    way = text(await w.say("ada", "roadmap phase=all", **HERE))
    assert "2 The middle (now)" in way and "4 Epilogue" in way and "The end" not in way
    assert "The units and their titles stay the same." in text(await change(w))
    # a title that was changed by itself stays until its heading changes
    assert (await change(w, title="Readers")).title.startswith("“Readers”")
    await w.press("mo", "Confirm", **HERE)
    assert (await change(w, text=new)).title.startswith("“Readers”")
    assert (await change(w, text=new.replace("Our book", "Your book"))).title.startswith("“Your book club”")


async def test_the_form_shows_the_outlines_by_their_titles(w: World) -> None:
    await kept(w)
    await kept(w, "# Other\n- One")
    form = await w.form("mo", Call("outline edit", {"outline": "own-2"}, ask=True), **HERE)
    field = form.fields[0]
    assert [(o.label, o.value) for o in field.options] == [("Our book club", "own-1"), ("Other", "own-2")]
    assert next(o.label for o in field.options if o.value == field.value) == "Other"
    command = w.app.registry.find("outline edit")
    route = Route("slash", "C1", "U1", "C1", url="https://hooks.slack.example/1")
    drawn = next(b for b in view_of(form, command, route)["blocks"] if b.get("block_id") == "course")["element"]
    assert (drawn["type"], drawn["initial_option"]["text"]["text"]) == ("external_select", "Other")


async def test_nobody_undoes_unseen_what_another_has_changed_meanwhile(w: World) -> None:
    await kept(w)
    opened = await w.form("hanna", edit := Call("outline edit", {"outline": "own-1"}, ask=True), moderator=True, **HERE)
    older = await w.press_call("hanna", edit, {"text": CLUB + "- By Hanna\n"}, moderator=True, **HERE)
    await change(w, text=CLUB + "- By Otto\n")
    await w.press("mo", "Confirm", **HERE)
    refused = await w.press("hanna", "Confirm", of=older, moderator=True, **HERE)
    assert refused.tone == "warn" and "This has changed since you opened it" in text(refused)
    assert "By Otto" in text(await w.say("mo", "outline show", **HERE))
    values = {f.key: f.value for f in opened.fields if f.value} | dict(opened.call.args)
    late = await w.call("hanna", Call("outline edit", values), moderator=True, **HERE)
    assert "This has changed since you opened it" in text(late)
    done = await w.press("hanna", "Confirm", of=refused, moderator=True, **HERE)
    assert done.tone == "good" and "By Hanna" in text(await w.say("mo", "outline show", **HERE))


async def test_a_preview_that_was_corrected_is_void(w: World) -> None:
    first = await paste(w)
    wrong = await w.press("mo", "Change", {"text": "# Nothing"}, **HERE)
    assert wrong.tone == "error"
    second = await w.press("mo", "Correct it", {"text": "# Our pub\n- One\n- Two\n"}, of=wrong, **HERE)
    assert "you've corrected it since" in text(await w.press("mo", "Confirm", of=first, **HERE))
    assert "Our pub" in str((await w.press("mo", "Confirm", of=second, **HERE)).title)
    assert "own-2" not in text(await w.say("mo", "outline show", **HERE))


async def test_only_what_no_group_walks_is_removed_and_its_record_stays(w: World) -> None:
    await kept(w)
    await kept(w, "# Other\n- One")
    await w.start(extra="roadmap=own-1", **HERE)
    assert "Night owls is still using this course." in text(await w.say("mo", "outline remove own-1", **HERE))
    asked = await w.say("mo", "outline remove Other", **HERE)
    assert "Remove “Other”?" in text(asked)
    await w.say("mo", 'outline edit Other text="# Other\n- One\n- Two" confirm=yes', **HERE)
    again = await w.press("mo", "Remove", of=asked, **HERE)
    assert "This has changed since you opened it" in text(again) and "It has 2 units" in text(again)
    assert "Removed “Other” from this server." in text(await w.press("mo", "Remove", **HERE))
    await w.say("mo", "cohort end confirm=yes", **HERE)
    await w.after(days=40)
    await w.say("mo", "outline remove own-1 confirm=yes", **HERE)
    assert "no courses of its own yet" in text(await w.say("mo", "outline show", **HERE))
    assert "Chapters 1 to 3" in text(await w.say("mo", "roadmap phase=1", **HERE))


async def test_a_setup_whose_outline_was_removed_goes_back_and_offers_the_servers_own_first(w: World) -> None:
    for n in range(7):
        await kept(w, f"# Club {n}\n- One")
    first = await w.say("mo", "setup", **HERE)
    assert [button.label for button in first.buttons[1:6]] == [f"Club {n}" for n in range(5)]
    assert "more: Club 5, Club 6, " in text(first).replace("`", "")
    chosen = await w.press("mo", "Club 3", **HERE)
    await w.say("mo", "outline remove own-4 confirm=yes", **HERE)
    lost = await w.press("mo", "Next", of=chosen, **HERE)
    assert lost.title.endswith("1 of 6: course") and "is gone. Please choose again." in text(lost)
    assert "Next" in [button.label for button in lost.buttons] and "Club 3" not in text(lost)


async def test_another_server_neither_reads_nor_changes_it(w: World) -> None:
    await kept(w)
    nothing = text(await w.say("mo", "outline show own-1", **THERE))
    assert "this workspace has no course “own-1” of its own." in nothing
    for line in ("outline show own-1", "outline edit own-1 text=x", "outline remove own-1 confirm=yes", "outline show"):
        said = text(await w.say("mo", line, **THERE))
        assert "book" not in said and "Chapters" not in said
        assert "no courses of its own yet" in said or "Add one with" in said
    assert await w.suggestions("mo", "outline edit", "outline", **THERE) == []
    assert await w.suggestions("mo", "outline edit", "outline", **HERE) == ["Our book club"]


async def test_an_outline_is_read_in_parts_and_changed_by_its_form(w: World) -> None:
    await kept(w, CLUB + "\n".join(f"- Chapter {n} of many" for n in range(10, 90)))
    first = await w.say("mo", "outline show", **HERE)
    assert first.title == "Our book club, page 1 of 2" and "# Our book club We read one novel." in text(first)
    assert "Chapter 89 of many" in text(await w.press("mo", "Next", **HERE))
    form = await w.form("mo", Call("outline edit", {}, ask=True), **HERE)
    assert {f.key: f.value[:9] for f in form.fields} == {
        "course": "own-1",
        "title": "Our book ",
        "text": "# Our boo",
        "file": "",
    }
    assert (await w.say("mo", "outline edit own-1", **HERE)).buttons[0].label == "Open form"
    await w.call(
        "mo", Call("outline add", {"file": raw("long.md", b"# Long\n" + b"- A unit of this long one\n" * 150)}), **HERE
    )
    await w.press("mo", "Confirm", **HERE)
    form = await w.form("mo", Call("outline edit", {"outline": "own-2"}, ask=True), **HERE)
    (full,) = (f.value for f in form.fields if f.key == "text")
    assert len(full) == 3907
    command = w.app.registry.find("outline edit")
    drawn = view_of(form, command, Route("slash", "C1", "U1", "C1", url="https://hooks.slack.example/1"))
    field = next(block for block in drawn["blocks"] if block.get("block_id") == "text")
    assert "initial_value" not in field["element"]
    assert field["hint"]["text"] == "The text is too long for this form (3000 characters). Send a file instead."


async def test_an_outline_that_fills_its_field_is_refused(w: World) -> None:
    for platform, most in (("slack", slack_limits.TYPED), ("discord", discord_limits.FIELD_VALUE)):
        cut = ("# Club\n" + "- A unit of this club\n" * 300)[:most]
        refused = text(await paste(w, cut, platform=platform))
        assert f"this form takes {most:,} characters" in refused and "as a file" in refused


@pytest.mark.nightly
async def test_who_may_start_groups_may_bring_one_and_a_server_has_a_bound(w: World) -> None:
    assert (await w.call("ada", Call("outline add", {"text": CLUB}), **HERE)).tone == "error"
    nowhere = await paste(w, tenant=None, room="@mo")
    assert "A course belongs to one server." in text(nowhere)
    for n in range(MOST):
        await kept(w, f"# Club {n}\n- One")
    full = text(await kept(w, "# One more\n- One"))
    assert f"This server has {MOST} courses of its own, and that's the limit." in full


HOSTILE = """\
# <@U1> *Club* @everyone \u202elive
## [Phase](javascript:alert(1)) <!channel>
### `Unit` <https://evil.example|safe> **bold**
@here read <#C1> and [click](https://example.org/a_(b)) ```x``` __y__
"""


async def test_hostile_words_of_an_outline_are_words(w: World) -> None:
    said = [await paste(w, HOSTILE), await w.press("mo", "Confirm", **HERE), await change(w, text=HOSTILE + "- more")]
    await w.start(extra="roadmap=own-1", **HERE)
    await w.after(hours=2)
    lines = ("roadmap", "topic", "outline show", "setup", "read", "help", "cohort status", "preview", "home", "report")
    said += [await w.say("mo", line, **HERE) for line in lines]
    said += await w.app.database.run(_posted)
    assert len(said) > 14
    for reply in said:
        body = slack.render(reply)
        parsed = [block for block in body.blocks if block["type"] not in ("rich_text", "header")]  # which are literal
        drawn = json.dumps([body.text, parsed], ensure_ascii=False)
        assert not [one for one in ("<@U1>", "<!channel>", "<#C1>", "|safe>", "\u202e") if one in drawn], drawn
        payload = re.sub("```.*?```", "", json.dumps(discord.message(reply), ensure_ascii=False))
        assert "@everyone" not in payload and not re.search(r"(?<!\\)\[Phase]", payload), payload
        assert 'href="javascript' not in str(web.card(reply)) and "Something went wrong" not in reply.plain()


async def test_who_owns_a_channel_alone_is_refused_before_the_form_of_anothers_outline(tmp_path: Path) -> None:
    async with world(tmp_path, TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS="yes") as w:
        await kept(w)
        w.eyes.owners["general"] = "ada"
        with pytest.raises(NotAllowed, match="Only its author or a moderator"):
            await w.form("ada", Call("outline edit", {"outline": "own-1"}, ask=True), **HERE)


@pytest.mark.nightly
async def test_the_round_after_a_season_of_an_own_course_begins_with_that_course(w: World) -> None:
    await kept(w, "# First\n- One\n- Two\n- Three\n")
    await kept(w, "# Second\n- Four\n- Five\n- Six\n")
    await w.start(extra="roadmap=own-1", **HERE)
    await w.after(weeks=6)
    step = text(await w.press_call("mo", Call("setup", {"channel": "general"}), **HERE))
    assert step.startswith("Set up a group, 1 of 6: course First"), step


TABLE = """# Español A2

| Semana | Tema | Horas | Ejercicio | Profesor | Pregunta |
| --- | --- | --- | --- | --- | --- |
| 1 | Saludos | 2 | Graba un saludo (20 min) | Ana | ¿Cómo se dice “hello”? hola; adiós<br>¿Y “bye”? adiós |
| 2 | El pasado | 3 | | Ana | |
"""


async def test_a_pasted_table_is_shown_as_it_was_understood_and_brings_its_questions(w: World) -> None:
    preview = await paste(w, TABLE)
    assert "Columns: Tema → title, Horas → hours, Ejercicio → exercise, Pregunta → question." in text(preview)
    assert "Left out: Semana, Profesor." in text(preview)
    (table,) = (block for block in preview.blocks if isinstance(block, Table))
    assert table.head == ("#", "Unit", "Hours", "Exercise", "Questions")
    assert table.rows == (("1", "Saludos", "2", "20 min", "1"), ("2", "El pasado", "3", "", ""))
    assert "line 5: I left out a question. Wrong answers: write at least one wrong answer" in text(preview)
    added = await w.press("mo", "Confirm", **HERE)
    assert "It has 1 quiz question, but no notes yet." in text(added)
    await w.start(extra="course=own-1", **HERE)
    await w.after(hours=2)
    assert "¿Cómo se dice “hello”? hola (not adiós) By Mo." in text(await w.say("mo", "questions list 1", **HERE))
    assert "Graba un saludo (20 min)" in text(await w.say("mo", "unit 1", **HERE))
    more = TABLE.replace("¿Y “bye”? adiós", "¿Y “bye”? adiós; hola")
    await change(w, text=more)
    await w.press("mo", "Confirm", **HERE)
    listed = await w.say("mo", "questions list 1", **HERE)
    assert listed.title == "Unit 1: Saludos: 2 questions"


async def test_a_unit_gets_goals_and_an_exercise_in_one_form(w: World) -> None:
    await kept(w, TABLE)
    await w.start(extra="course=own-1", **HERE)
    await w.after(hours=2)
    form = await w.form("mo", Call("manage course unit", {"unit": "1"}, ask=True), **HERE)
    assert [(field.key, field.value) for field in form.fields] == [
        ("goals", ""),
        ("exercise", "Graba un saludo"),
        ("minutes", "20"),
        ("done", ""),
    ]
    assert (form.title, form.call.args["unit"]) == ("Unit 1: Saludos", "1")
    values = {"goals": "Say hello\nSay goodbye", "done": "Ana understands it"}
    done = await w.press_call("mo", Call("manage course unit", {"unit": "1"}, ask=True), values, **HERE)
    assert done.title == "Updated Unit 1: Saludos" and done.tone == "good"
    shown = text(await w.press("mo", "Show unit", **HERE))
    assert "After this unit you can - Say hello - Say goodbye" in shown
    assert "Graba un saludo (20 min) Done when: Ana understands it" in shown
    await w.say("mo", 'manage course unit 2 exercise="Write ten sentences."', **HERE)
    unit = text(await w.say("mo", "unit 2", **HERE))
    assert "Write ten sentences." in unit
    assert "Say goodbye" in text(await w.say("mo", "unit 1", **HERE))
    assert (await w.say("mo", "questions list 1", **HERE)).title == "Unit 1: Saludos: 1 question"
    outline = text(await w.say("mo", "manage course show", **HERE))
    assert "### Saludos - Hours: 2" in outline and "- Exercise: Graba un saludo - Minutes: 20" in outline


async def test_the_form_of_a_unit_names_it_and_changes_no_other(w: World) -> None:
    await kept(w, TABLE)
    await w.start(extra="course=own-1", **HERE)
    await w.after(hours=2)
    choice = await w.say("mo", "manage course unit", **HERE)
    assert [button.label for button in choice.buttons] == ["Edit Unit 1: Saludos", "Edit Unit 2: El pasado"]
    done = await w.press("mo", "Edit Unit 2: El pasado", {"exercise": "Write ten sentences."}, **HERE)
    assert done.title == "Updated Unit 2: El pasado"
    assert "Graba un saludo" in text(await w.say("mo", "unit 1", **HERE))
    command = w.app.registry.find("manage course unit")
    assert command is not None
    assert isinstance(plan(command, Call("manage course unit", {"unit": "2"}), w.clock.now().date()), NeedsForm)
    emptied = await w.press("mo", "Edit Unit 2: El pasado", {"exercise": ""}, of=choice, **HERE)
    assert "It has no goals." in text(emptied) and "Exercise" not in text(emptied)


async def test_a_goal_stays_one_goal_and_the_receipt_ends_each_sentence_once(w: World) -> None:
    await kept(w, TABLE)
    await w.start(extra="course=own-1", **HERE)
    await w.after(hours=2)
    unit = Call("manage course unit", {"unit": "1", "goals": "Order a meal; pay"})
    assert "It has 1 goal." in text(await w.call("mo", unit, **HERE))
    await change(w, title="Español A2, morning")
    await w.press("mo", "Confirm", **HERE)
    assert "After this unit you can - Order a meal; pay" in text(await w.say("mo", "unit 1", **HERE))
    values = {"unit": "1", "exercise": "Can you greet?", "minutes": "5", "done": "Ana greets back..."}
    done = text(await w.call("mo", Call("manage course unit", values), **HERE))
    assert "Exercise: Can you greet? It takes 5 minutes. Done when: Ana greets back." in done


async def test_a_shipped_course_keeps_its_exercises(w: World) -> None:
    await w.begin("ada")
    assert "is installed by the bot's operator" in text(await w.say("mo", "manage course unit 1 exercise=Sing"))


async def test_a_copy_for_the_next_round_has_units_and_questions_of_its_own(w: World) -> None:
    await kept(w, TABLE)
    shown = await w.say("mo", "manage course show", **HERE)
    assert "2 units, about 5 hours and 1 question. ID: own-1." in text(shown)
    copied = await w.press("mo", "Copy course", **HERE)
    assert copied.title == "Course copied: Español A2, round 2" and "5 hours and 1 question" in text(copied)
    again = await w.say("mo", "manage course copy own-2", **HERE)
    assert again.title == "Course copied: Español A2, round 3"
    assert "already exists" in text(await w.say("mo", 'manage course copy own-1 title="Español A2"', **HERE))
    await w.start(extra="course=own-2", **HERE)
    await w.after(hours=2)
    await w.say("mo", "questions list 1", **HERE)
    await w.press("mo", "Open question 1", **HERE)
    await w.press("mo", "Retire question", **HERE)
    assert "1 question" not in text(await w.say("mo", "manage course show own-2", **HERE))
    assert "1 question" in text(await w.say("mo", "manage course show own-1", **HERE))
    await w.start(extra="course=own-2", name="Larks", room="larks", **HERE)
    assert "Español A2, round 2" in text(await w.say("mo", "course", room="larks", **HERE))


async def test_a_course_moves_to_another_server_as_a_file_with_its_questions_and_notes(w: World) -> None:
    await kept(w, TABLE)
    await w.start(extra="course=own-1", **HERE)
    await w.say("mo", 'manage notes add title="Greetings" text="## Hello\n\nSay hola." unit=1', **HERE)
    shown = await w.say("mo", "manage course export", **HERE)
    assert "The file has 2 units, 1 question and 1 note. To import it, attach it to `manage course add`" in text(shown)
    (markdown,) = (block for block in shown.blocks if isinstance(block, File))
    assert markdown.name == "espanol-a2.md" and "- Right: hola" in markdown.text and "## Hello" in markdown.text
    folder = await w.press("mo", "As a folder", of=shown, **HERE)
    (archive,) = (block for block in folder.blocks if isinstance(block, File))
    for name, data in ((markdown.name, markdown.data), (archive.name, archive.data)):
        preview = await w.call("mo", Call("outline add", {"file": raw(name, data), "title": name}), **THERE)
        assert "2 units, about 5 hours" in preview.title
        added = await w.press("mo", "Confirm", of=preview, **THERE)
        assert "It has 1 quiz question and 1 note. A group that you set up gets the notes." in text(added)
    again = await w.say("mo", "manage course export course=own-2", **THERE)
    (same,) = (block for block in again.blocks if isinstance(block, File))
    assert same.text == markdown.text.replace("\n# Español A2", "\n# espanol-a2.md")


async def test_a_group_that_is_set_up_gets_the_notes_of_its_course(w: World) -> None:
    course = "# Club\n### One\n<!-- Note 1: Start -->\nRead it.\n<!-- End of note 1 -->\n"
    course = f"<!-- Written by Trailmate. Keep this line. -->\n{course}"
    await w.call("mo", Call("outline add", {"file": raw("club.md", course.encode())}), **HERE)
    await w.press("mo", "Confirm", **HERE)
    step = await w.press("mo", "Start a group", **HERE)
    for label in ("Next", "Next", "Use UTC", "Next", "Next", "Next", "Start the group"):
        step = await w.press("mo", label, of=step, **HERE)
    assert "Start" in text(await w.say("mo", "notes list", **HERE))
    assert "Read it." in text(await w.say("mo", "notes show Start", **HERE))


async def test_questions_come_back_from_csv_and_from_anki(w: World) -> None:
    await kept(w, TABLE)
    course = await w.say("mo", "manage course export form=csv", **HERE)
    (csv,) = (block for block in course.blocks if isinstance(block, File))
    assert csv.text.splitlines()[0] == "Unit,Question,Right answer,Choices,Reason,Source"
    table = f'{csv.text}El pasado,How many?,-1,"-1\n1, or so",It is below zero.,\nNowhere,What?,a,"a\nb",,\n'
    cards = (
        "#separator:tab\n#html:true\n#tags column:3\n"
        'Which is late?<br><br>A. hoy<br>B. ayer\t"B. ayer\n\nIt&#x27;s past.\n\nSource: Unit 2"\tspanish el-pasado\n'
    )
    for file, count in ((table, 1), (cards, 1)):
        edit = Call("outline edit", {"course": "own-1", "file": raw("questions.csv", file.encode())})
        preview = await w.call("mo", edit, **HERE)
        assert f"{count} new question" in preview.title and "Unit 2: El pasado: 1 question" in text(preview)
        await w.press("mo", "Confirm", of=preview, **HERE)
    assert "name the unit by its title or number" in text(
        await w.call(
            "mo",
            Call(
                "outline edit",
                {"course": "own-1", "file": raw("q.csv", table.replace("How many", "How much").encode())},
            ),
            **HERE,
        )
    )
    exported = await w.say("mo", "manage course export", **HERE)
    (markdown,) = (block for block in exported.blocks if isinstance(block, File))
    assert "- Question: How many?\n- Right: -1\n- Wrong: 1, or so\n- Why: It is below zero.\n" in markdown.text
    assert "- Question: Which is late?\n- Right: ayer\n- Wrong: hoy\n- Why: It's past.\n" in markdown.text
