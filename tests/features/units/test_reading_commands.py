"""Reading the notes: a unit's list, one section at a time, and what it is called."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum import reading_pages
from bot.curriculum.reading_pages import PagePlace
from bot.curriculum.track import Track
from bot.messages.reply import Button, Image, Listing, Quote, Reply, Table, Text
from tests.curriculum.test_track import loaded, track
from tests.harness import MONDAY, World, text

ATTENTION = "Attention and self-attention: queries, keys, values and the cost"


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


@pytest.fixture
async def w(w: World) -> World:
    """The world with a group that learns from the first roadmap."""
    await w.begin("ada")
    return w


async def test_a_unit_lists_its_notes_with_their_headings_and_opens_them(w: World) -> None:
    listed = await w.say("ada", "read")
    assert (listed.title, listed.audience) == ("Unit 1: Python data structures", "private")
    assert "- When a set beats a list" in listed.plain()
    first = await w.press("ada", "Python data structures: lists, tuples, dicts, sets")
    assert first.title == "Python data structures: lists, tuples, dicts, sets"
    assert first.blocks[0] == Text("**Four containers, four promises** (1 of 14)")
    assert labels(first) == ["Next", "Contents"] and first.replaces


async def test_next_and_previous_turn_the_pages_of_all_the_notes_of_a_unit(w: World) -> None:
    await w.say("ada", "read math-transformations.1")
    assert "Previous" in labels(w.last["ada"])
    before = await w.press("ada", "Previous")
    assert before.title.startswith("Vectors") and "Check yourself" in before.plain()
    again = await w.press("ada", "Next")
    assert again.title.startswith("Matrices") and "(1 of" in again.plain()
    assert (await w.press("ada", "Contents")).title.startswith("Unit 7:")


async def test_a_section_shows_its_gist_first_its_figure_and_its_code(w: World) -> None:
    shown = await w.say("ada", "read tf-attention.1")
    assert isinstance(shown.blocks[1], Quote) and shown.blocks[1].markdown.startswith("Attention lets")
    (figure,) = (block for block in shown.blocks if isinstance(block, Image))
    assert dict(figure.data) == {"track": "genai-2026", "figure": "attention-trophy"}
    assert await w.app.gallery.find(figure) is not None
    assert "Figure: The query of" in shown.plain()
    worked = await w.say("ada", "read attention weights worked by hand")
    (code,) = (block for block in worked.blocks if isinstance(block, Listing))
    assert code.code.startswith("import numpy as np\n\nq = ")


async def test_tables_of_notes_are_tables(w: World) -> None:
    shown = await w.say("ada", "read self-attention vs cross-attention")
    (table,) = (block for block in shown.blocks if isinstance(block, Table))
    assert table.head == ("", "Self-attention", "Cross-attention")


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("why scores are divided by sqrt(d)", "Why scores are divided by sqrt(d)"),
        ("note=tf-attention.6", "The quadratic cost of attention"),
        ("tf-attention", "What attention does"),
        ("original paper", "The original paper: Attention Is All You Need"),
        ("commen atention mistakes", "Common attention mistakes"),
    ],
)
async def test_a_section_is_found_by_its_heading_a_part_of_it_a_slip_or_an_id(
    w: World, said: str, heading: str
) -> None:
    assert heading in (await w.say("ada", f"read {said}")).plain()


async def test_words_that_fit_several_places_are_answered_with_these(w: World) -> None:
    which = await w.say("ada", "read attention")
    assert which.plain().startswith("Which one do you mean by “attention”?")
    assert labels(which)[0] == ATTENTION
    assert (await w.press("ada", labels(which)[0])).title == ATTENTION


async def test_the_running_units_notes_come_first(w: World) -> None:
    await w.to(MONDAY + timedelta(weeks=1, hours=2))
    assert "Unit 2:" in (await w.say("ada", "read")).title
    assert (await w.say("ada", "read in one minute")).title.startswith("Python objects: classes")


async def test_what_no_note_is_called_says_what_to_do(w: World) -> None:
    refused = await w.say("ada", "read note=qqqqq*q")
    assert "I can't find a note or heading “qqqqq*q”." in text(refused) and refused.tone == "error"
    assert (await w.press("ada", "Read unit notes")).title.startswith("Unit 1:")


async def test_a_unit_is_named_by_number_or_title(w: World) -> None:
    for line in ("read unit=7", "read note=7", "read unit=vectors"):
        assert (await w.say("ada", line)).title == "Unit 7: Vectors, matrices and what they move"


async def test_the_topic_leads_to_its_notes_with_and_without_a_group(w: World) -> None:
    away: dict[str, Any] = {"tenant": "elsewhere"}
    await w.say("ada", "topic 28 roadmap=genai-2026", **away)
    assert ATTENTION in (await w.press("ada", "Read the notes", **away)).plain()
    await w.say("ada", "topic 2")
    assert (await w.press("ada", "Read the notes")).title.startswith("Unit 2:")


async def test_notes_and_headings_are_suggested_as_one_types(w: World) -> None:
    found = await w.suggestions("ada", "read", "note")
    assert found[0] == "Python data structures: lists, tuples, dicts, sets" and len(found) == 25
    assert f"The quadratic cost of attention ({ATTENTION})"[:60] in [
        suggestion[:60] for suggestion in await w.suggestions("ada", "read", "note", "quadr")
    ]


async def test_work_that_was_done_is_no_wish_to_read(w: World) -> None:
    told = await w.say("ada", "read two papers today", room="@ada")
    assert labels(told)[:2] == ["Check in", "Read the notes"]


def test_a_long_section_is_cut_between_its_blocks_and_the_gist_stands_on_its_first_page(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    note = folder / "notes" / "lists.md"
    paragraphs = "\n\n".join(f"{letter * 1200}." for letter in "abcd")
    note.write_text(f"{note.read_text('utf-8')}\n## Long\n\n> Short.\n\n{paragraphs}\n", encoding="utf-8")
    small: Track = loaded(folder)
    pages = reading_pages.pages(small, small.notes["lists"])
    assert [page.spot.id for page in pages] == ["lists.1", "lists.2", "lists.2.2"]
    assert [type(block) for page in pages[1:] for block in page.blocks] == [Quote, Text, Text, Text, Text]
    assert reading_pages.place(pages, PagePlace(small.notes["lists"], 2, 9)) == 2
    assert reading_pages.place(pages, PagePlace(small.notes["lists"])) == 0


async def test_a_section_that_is_gone_shows_the_note_and_a_part_that_is_gone_its_section(w: World) -> None:
    for gone, heading in (("tf-attention.99", "What attention does"), ("tf-attention.5.9", "Why scores are divided")):
        assert heading in (await w.say("ada", f"read {gone}")).plain()


async def test_the_buttons_of_any_page_fit_every_platform(w: World) -> None:
    shown = await w.say("ada", "read tf-attention.5")
    for button in shown.buttons:
        assert isinstance(button, Button) and not isinstance(button.target, str)
        assert len(button.target.pack()) <= 76


async def test_the_answers_to_check_yourself_wait_behind_a_button(w: World) -> None:
    asked = await w.say("ada", "read check yourself")
    questions = asked.plain()
    assert "1. " in questions and not any(isinstance(block, Quote) for block in asked.blocks)
    shown = await w.press("ada", "Show answers")
    assert shown.audience == "private" and shown.replaces
    answers = [block.markdown for block in shown.blocks if isinstance(block, Quote)]
    assert len(answers) == questions.count("?") >= 4
    assert all(2 <= len(answer.splitlines()) <= 5 for answer in answers)
    again = await w.press("ada", "Hide answers")
    assert again.plain() == questions


async def test_a_page_without_questions_offers_no_answers(w: World) -> None:
    await w.say("ada", "read tf-attention.1")
    assert "Show answers" not in labels(w.last["ada"])
    assert (await w.say("ada", "read tf-attention.1.answers")).title == ATTENTION
