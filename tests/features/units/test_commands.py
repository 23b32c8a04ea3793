"""What anyone reads about the way: the roadmap, and one unit whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum.track import Track
from bot.drawing.map_card import MapCard
from bot.features.units.wording import unit_blocks
from bot.messages.reply import Image, Reply
from tests.curriculum.test_outline_reader import COURSE, read
from tests.harness import MONDAY, World, text

WEEK = timedelta(weeks=1)


async def test_the_roadmap_lists_phases_and_units_also_where_no_group_runs(w: World) -> None:
    asks = await w.say("ada", "roadmap")
    titles = "Mastering generative-AI engineering, Agents in eight weeks or Statistics for everyday decisions?"
    assert titles in text(asks)
    reply = await w.press("ada", asks.buttons[0].label)
    said = reply.plain()
    assert reply.title == "Mastering generative-AI engineering" and reply.audience == "private"
    assert "Foundations\n" in said and "The AI engineering stack: 18 units" in said and "2025" not in said
    assert "1 Python data structures, 2 Classes" in said and "58 Versioning and release" not in said
    assert "(now)" not in said
    last = text(await w.press("ada", "The AI engineering stack", of=reply))
    assert "58 Versioning and release" in last and "Foundations: 14 units" in last


async def test_in_a_group_the_roadmap_says_where_it_is_and_what_i_have_done(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    reply = await w.say("ada", "roadmap")
    drawn = next(block for block in reply.blocks if isinstance(block, Image))
    assert drawn.text.splitlines()[0] == "1 Python and vectors: ●…····· (now: 2)"
    assert "The group is at unit 2. part 1" in drawn.alt and "1 of 7 units" in drawn.alt
    course = MapCard.read(drawn.data)
    assert (course.group_at, course.own_at, len(course.parts)) == (2, 1, 9)
    said = text(reply)
    assert "Unit 2: Classes, protocols and composition (2 of 7 in part 1) is due Sun 15 Mar 2026, 21:00 (UTC)." in said
    assert "1 Python and vectors: now ● 1 Python data structures 2 Classes, protocols and composition (now)" in said
    assert "2 Mathematics and systems: coming 3 " in said and "8 Eigenvalues" not in said
    assert said.endswith("● completed")
    whole = text(await w.say("ada", "roadmap all"))
    assert "58 units in 9 parts. Part 1, Python and vectors: units 1 to 7." in whole
    assert "● 1 Python data structures, 2 Classes, protocols and composition (now), 3 Iterators" in whole
    assert "Foundations (2 Mar to 14 Jun 2026)" in whole and "2025" not in whole
    assert "The AI engineering stack (18 Jan to 6 Jun 2027)" in whole and "58 Versioning" in whole
    second = await w.press("ada", "Core machine", of=reply)
    assert second.replaces and "● 1 Python" not in text(second)
    assert "58 Versioning" in text(await w.say("ada", "roadmap 4"))
    assert "Phase: I can't find “5”. Choose 1 Foundations, 2 " in text(await w.say("ada", "roadmap 5"))
    guest = text(await w.say("ben", "roadmap"))
    assert "2 Classes, protocols and composition (now)" in guest and "●" not in guest


async def test_the_running_unit_is_told_whole_with_its_deadline_and_ways_on(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "topic")
    said = text(reply)
    assert (reply.title, reply.audience) == ("Unit 1: Python data structures (1 of 7 in part 1)", "private")
    assert "Due Sun 8 Mar 2026, 21:00 (UTC)" in said
    for part in ("After this unit you can", "To discuss", "Exercise (about", "Done when:", "Only 30 minutes?"):
        assert part in said
    assert "Resources - The Python Tutorial: Data Structures (https://docs.python.org/" in said
    labels = [button.label for button in reply.buttons if button.label != "Get the starter"]
    assert labels == ["Check in", "Read the notes", "Take a quiz", "Ask"]
    assert "Unit 1." in text(await w.press("ada", "Check in", {"minutes": "30", "note": "read"}))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("3", "Unit 3: Iterators and generators (3 of 7 in part 1)"),
        ("unit 3", "Unit 3: Iterators and generators (3 of 7 in part 1)"),
        ("py-iterators", "Unit 3: Iterators and generators (3 of 7 in part 1)"),
        ("iterators and generators", "Unit 3: Iterators and generators (3 of 7 in part 1)"),
        ("backpropogation", "Unit 16: Backpropagation (2 of 6 in part 3)"),
    ],
)
async def test_a_unit_is_found_by_number_id_title_or_a_slip_of_it(w: World, said: str, title: str) -> None:
    await w.begin("ada")
    assert (await w.say("ada", f"topic {said}")).title == title


@pytest.mark.parametrize("line", ["show me this weeks unit", "Show me the unit!", "open this week's unit"])
async def test_the_current_unit_opens_if_somebody_asks_to_see_it(w: World, line: str) -> None:
    await w.begin("ada")
    assert text(await w.say("ada", line)) == text(await w.say("ada", "unit"))


async def test_a_unit_to_come_says_when_and_takes_no_check_in(w: World) -> None:
    await w.begin("ada")
    reply = await w.say("ada", "topic 2")
    assert "Opens Mon 9 Mar 2026, 09:00 (UTC), due Sun 15 Mar 2026, 21:00 (UTC)" in text(reply)
    labels = [button.label for button in reply.buttons if button.label != "Get the starter"]
    assert labels == ["Read the notes", "Take a quiz", "Ask"]


async def test_a_unit_that_is_over_says_so_and_can_be_caught_up_from_there(w: World) -> None:
    await w.begin("ada")
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    reply = await w.say("ada", "topic 1")
    assert "Was due Sun 8 Mar 2026, 21:00 (UTC)" in text(reply)
    assert text(await w.press("ada", "Check in", {"minutes": "30", "note": "after all"})).startswith("Caught up")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("99", "There is no unit 99. The course has units 1 to 58."),
        ("qqqq", "There is no unit “qqqq”. Name a unit by its number, 1 to 58, or by its title."),
        ("zebra", "Did you mean unit 3 (Iterators and generators)"),
    ],
)
async def test_a_unit_that_does_not_exist_is_answered_with_what_does(w: World, said: str, told: str) -> None:
    await w.begin("ada")
    reply = await w.say("ada", f"topic {said}")
    assert reply.tone == "error" and told in text(reply)


def test_a_course_shows_what_its_exercises_add_and_what_ends_a_phase(tmp_path: Path) -> None:
    outline, _ = read(tmp_path, COURSE)
    assert outline is not None
    way = outline.roadmap
    first, second = (Reply(unit_blocks(way, unit, "")).plain() for unit in way.units[:2])
    assert "Done when: All tests of lists pass.\nFor the capstone: A list of your documents." in first
    assert first.index("Tutorial") < first.index("Attention Is All You Need")
    assert "Developers, 2025 (essential, video, Chapters 2 and 3, 40 min)" in first
    assert first.endswith("Vaswani et al., 2017")
    assert "Checkpoint" not in first and "For the capstone" not in second
    assert "Phase checkpoint\nShow it.\nA peer will check:\n- It runs" in second


async def test_the_roadmap_of_a_course_tells_its_capstone_and_checkpoints(w: World, tmp_path: Path) -> None:
    outline, _ = read(tmp_path, COURSE)
    assert outline is not None
    library: Any = w.app.library
    library.clear()
    library["small"] = Track(outline.roadmap, {}, {})
    said = (await w.say("ada", "roadmap")).plain()
    assert (
        said.startswith("A small track\n\n3 units.\n\nAnswers\nFrom documents.")
        and said.count("- Checkpoint: Show it.") == 1
    )


async def test_hostile_unit_names_come_back_as_words(w: World) -> None:
    await w.begin("ada")
    said = text(await w.say("ada", "topic **[x](https://evil.example)** <@everyone>"))
    assert said.startswith("There is no unit “**[x](https://evil.example)** <@everyone>”.")


async def test_after_the_closing_the_topic_says_finished_and_how_long_one_can_catch_up(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    reply = await w.say("ada", "topic")
    assert reply.title == "Course finished"
    assert "The group has finished. You can catch up until" in text(reply)
    assert (await w.say("ada", "checkin 30 unit=1 at last")).tone == "good"


async def test_units_are_suggested_by_a_part_of_their_title(w: World) -> None:
    await w.begin("ada")
    assert await w.suggestions("ada", "topic", "unit", "backprop") == ["Unit 16: Backpropagation"]
    assert await w.suggestions("ada", "checkin", "unit") == ["Unit 1: Python data structures"]
