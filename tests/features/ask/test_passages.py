"""The numbers of an answer: each opens its passage, with the words that the answer rests on marked."""

from __future__ import annotations

import pytest

from bot.answers.compose.values import Answer, Citation, Passage
from bot.answers.index.sentences import quotable
from bot.curriculum import reading_pages
from bot.curriculum.note import Note
from bot.features.ask import passages
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Quote, Reply, Text
from bot.platforms.discord import render as discord
from bot.platforms.slack import render as slack
from tests.features.ask.test_commands import parrot
from tests.harness import World, text

pytestmark = pytest.mark.long

NOTE = "py-data-structures"
HEADING = "When a set beats a list"


def note(w: World) -> Note:
    return w.app.library["genai-2026"].notes[NOTE]


def said(w: World) -> list[str]:
    """Return what can be quoted of the passage."""
    section = next(section for section in note(w).sections if section.heading == HEADING)
    return list(quotable(section.paragraphs))


def numbers(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons if button.label.isdigit()]


def bold(reply: Reply) -> str:
    return " ".join(b.markdown for b in reply.blocks if isinstance(b, Text | Quote) and "**" in b.markdown)


@pytest.fixture
async def answer(w: World) -> Reply:
    """Have Ada ask; two sentences of one passage answer, and another is near."""
    await w.begin("ada")
    first, second = said(w)[:2]
    title = note(w).title
    cited = tuple(Citation(NOTE, title, HEADING, one) for one in (first, second))
    near = tuple(
        Passage(NOTE, title, section.heading) for section in note(w).sections[:4] if section.heading != HEADING
    )
    parrot(w, Answer(f"{first} [1] {second} [2]", "covered", cited, "notes", near=near))
    return await w.say("ada", "ask when does a set beat a list?")


async def test_sentences_of_one_passage_have_one_number_and_what_is_near_goes_on_counting(answer: Reply) -> None:
    assert numbers(answer) == ["1", "2", "3"]
    assert text(answer).count("¹") == 3 and f"From: ¹ {HEADING} Read next: ² " in text(answer)
    assert "[" not in answer.plain()


async def test_a_number_opens_its_passage_privately_with_the_words_marked(w: World, answer: Reply) -> None:
    opened = await w.press("ben", "1", of=answer)
    assert (opened.title, opened.audience, opened.replaces) == (note(w).title, "private", False)
    assert opened.blocks[0] == Text(f"**{HEADING}** (5 of 14)")
    first, second = said(w)[:2]
    shown = bold(opened)
    assert all(f"**{one.split('`')[0].strip()}" in shown for one in (first, second))
    assert "Sets also compare" in opened.plain() and "**Sets also" not in shown


async def test_from_a_passage_one_reads_on(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "1", of=answer)
    assert {"Previous", "Contents"} < {b.label for b in opened.buttons}
    before = await w.press("ada", "Previous", of=opened)
    assert before.replaces and "(4 of 14)" in text(before)
    assert text(await w.press("ada", "Contents", of=opened)).count("Four containers") == 1


async def test_read_next_opens_with_nothing_marked(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "2", of=answer)
    assert "Four containers, four promises (1 of 14)" in text(opened) and bold(opened).count("**") == 2


async def test_whoever_left_the_group_and_a_stranger_open_it_too(w: World, answer: Reply) -> None:
    target = w.button("ada", "1", of=answer).target
    assert isinstance(target, Call)
    elsewhere = Call(target.name, target.args)
    assert (await w.call("zoe", elsewhere, room="@zoe")).title == note(w).title


def test_a_name_fits_a_button_however_long_the_ids_and_the_answer(w: World) -> None:
    long = Note("n" * 32, "T", tuple(note(w).sections) * 8)
    call = passages.make_call(10**17, long, HEADING, said(w))
    assert len(call.pack()) <= PACKED_MAX
    usual = passages.make_call(123456, note(w), HEADING, said(w)[:4])
    assert usual.args["of"].count(".") >= 4


def test_a_section_that_moved_is_found_by_its_words_and_one_that_was_rewritten_by_its_place(w: World) -> None:
    track = w.app.library["genai-2026"]
    name = passages.name(note(w), HEADING, said(w)[:1], 70)
    moved = name.replace(f"{NOTE}.5", f"{NOTE}.2")
    found = passages.find(track.notes, moved)
    assert found is not None and (found.spot.at, found.marks) == (5, tuple(said(w)[:1]))
    rewritten = passages.find(track.notes, f"{NOTE}.3.0000")
    assert rewritten is not None and (rewritten.spot.at, rewritten.marks) == (3, ())


@pytest.mark.parametrize("of", ["", "no-such-note.1", "../etc.1", f"{NOTE}.1.zz", f"{NOTE}.1" + ".0000" * 90])
async def test_a_passage_that_is_not_there_is_told(w: World, of: str) -> None:
    await w.begin("ada")
    told = await w.call("ada", Call("passage", {"of": of}))
    assert (told.tone, told.audience) == ("error", "private") and not told.title


def test_every_passage_of_the_bundled_notes_is_found_by_its_name(w: World) -> None:
    for track in w.app.library.values():
        for note in track.notes.values():
            for at, section in enumerate(note.sections, 1):
                quotes = [q for q in (section.gist, *quotable(section.paragraphs)) if q][:2]
                found = passages.find(track.notes, passages.name(note, section.heading, quotes, 60))
                assert found is not None and found.spot.at == at and set(quotes) <= set(found.marks)


def test_every_sentence_that_can_be_quoted_is_marked_on_its_page(w: World) -> None:
    track, unmarked = w.app.library["genai-2026"], list[str]()
    for note in track.notes.values():
        pages = reading_pages.pages(track, note)
        for at, section in enumerate(note.sections, 1):
            own = [page for page in pages if page.spot.at == at]
            quotes = [quote for quote in (section.gist, *quotable(section.paragraphs)) if quote]
            unmarked += [q for q in quotes if all(reading_pages.marked(page, [q]) == page for page in own)]
    assert [quote for quote in unmarked if "*" not in quote] == []


async def test_discord_and_slack_show_an_answer_as_text_and_its_numbers_in_one_row(answer: Reply) -> None:
    on_discord = discord.message(answer)
    assert not on_discord["embeds"] and "From: *¹\u00a0When a set beats a list*" in on_discord["content"]
    assert [[one["label"] for one in row["components"]] for row in on_discord["components"]] == [
        ["1", "2", "3", "Rate", "Remove"]
    ]
    on_slack = slack.render(answer)
    assert f"From: _¹\u00a0{HEADING}_\nRead next: _²\u00a0" in on_slack.blocks[-2]["text"]["text"]
    assert [block["text"]["text"] for block in on_slack.blocks[-1]["elements"]] == ["1", "2", "3", "Rate", "Remove"]


async def test_discord_and_slack_show_the_marked_words_bold(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "1", of=answer)
    first = said(w)[0]
    assert f"**{first}**" in discord.message(opened)["embeds"][0]["description"]
    assert any(f"*{first}*" in block.get("text", {}).get("text", "") for block in slack.render(opened).blocks)


def test_every_passage_with_all_its_sentences_marked_fits_a_message_of_every_platform(w: World) -> None:
    track = w.app.library["genai-2026"]
    for note in track.notes.values():
        for page in reading_pages.pages(track, note):
            section = note.sections[page.spot.at - 1]
            marked = reading_pages.marked(page, [section.gist, *quotable(section.paragraphs)])
            reply = Reply((Text(f"**{section.heading}**"), *marked.blocks), title=note.title, accent=0)
            drawn = discord.message(reply)["embeds"][0]["description"]
            assert not drawn.endswith("…"), (note.id, page.spot.at, len(drawn))
            assert len(slack.render(reply).blocks) <= 50
