"""The sources of an answer: each sentence leads to its passage, with the words that the answer uses marked."""

from __future__ import annotations

import pytest

from bot.answers.compose.values import Answer, Citation, Passage
from bot.answers.index.sentences import quotable
from bot.curriculum import note_renderer, reading_pages
from bot.curriculum.note import Note, Section
from bot.features.ask import passages
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Quote, Reply, Text
from bot.platforms.discord import render as discord
from bot.platforms.slack import render as slack
from tests.examples import sample
from tests.features.ask.test_commands import parrot
from tests.harness import World, text

pytestmark = pytest.mark.long

NOTE = "py-data-structures"
HEADING = "When a set beats a list"


def note(w: World) -> Note:
    return w.app.library["genai-2026"].notes[NOTE]


NAME = f"Python data structures › {HEADING}"


def said(w: World) -> list[str]:
    """Return what can be quoted of the passage."""
    section = next(section for section in note(w).sections if section.heading == HEADING)
    return list(quotable(section.paragraphs))


@pytest.fixture
def split_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split each section into sentences once."""
    split, known = passages._sentences, dict[int, list[str]]()

    def list_sentences(note: Note, section: Section) -> list[str]:
        if id(section) not in known:
            known[id(section)] = [*split(note, section)]
        return known[id(section)]

    monkeypatch.setattr(passages, "_sentences", list_sentences)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


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


async def test_an_answer_names_its_sources_in_one_line_and_has_one_button_for_them(w: World, answer: Reply) -> None:
    assert labels(answer) == ["Sources", "Rate", "Remove"]
    assert answer.plain().endswith(f"Sources: {NAME}")
    assert "[1]" not in answer.plain()


async def test_sources_show_the_passage_of_each_sentence_privately(w: World, answer: Reply) -> None:
    listed = await w.press("ben", "Sources", of=answer)
    assert (listed.title, listed.audience, listed.replaces) == ("Sources", "private", False)
    first, second = map(note_renderer.inline, said(w)[:2])
    assert listed.blocks[:2] == (
        Text(f"**1. {NAME}**"),
        Quote(f"{first}\n{second}"),
    )
    assert text(listed).split("Read next: ")[1].startswith("2. Python data structures › ")
    assert labels(listed) == ["Read 1", "Read 2", "Read 3"]


async def test_sources_of_a_model_s_answer_say_which_sentences_they_are_for(w: World) -> None:
    await w.begin("ada")
    other = note(w).sections[1]
    quote = next(iter(quotable(other.paragraphs)))
    cited = (Citation(NOTE, note(w).title, HEADING, said(w)[0]), Citation(NOTE, note(w).title, other.heading, quote))
    parrot(w, Answer("In other words. [1] And more. [1][2]", "covered", cited, "model"))
    listed = await w.press("ada", "Sources", of=await w.say("ada", "ask when does a set beat a list?"))
    assert f"{HEADING} (sentences 1 and 2)" in text(listed)
    assert f"{other.heading} (sentence 2) > {quote.split('`')[0].strip()}" in text(listed)


async def test_a_source_opens_its_passage_with_the_words_marked(w: World, answer: Reply) -> None:
    opened = await w.press("ben", "Read 1", of=await w.press("ben", "Sources", of=answer))
    assert (opened.title, opened.audience, opened.replaces) == (note(w).title, "private", False)
    assert opened.blocks[0] == Text(f"**{HEADING}** (5 of 14)")
    first, second = said(w)[:2]
    shown = bold(opened)
    assert all(f"**{one.split('`')[0].strip()}" in shown for one in (first, second))
    assert "Sets also compare" in opened.plain() and "**Sets also" not in shown


async def test_from_a_passage_one_reads_on(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "Read 1", of=await w.press("ada", "Sources", of=answer))
    assert {"Previous", "Contents"} < {b.label for b in opened.buttons}
    before = await w.press("ada", "Previous", of=opened)
    assert before.replaces and "(4 of 14)" in text(before)
    assert text(await w.press("ada", "Contents", of=opened)).count("Four containers") == 1


async def test_read_next_opens_with_nothing_marked(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "Read 2", of=await w.press("ada", "Sources", of=answer))
    assert "Four containers, four promises (1 of 14)" in text(opened) and bold(opened).count("**") == 2


@pytest.mark.parametrize("label", ["Sources", "1"])
async def test_whoever_left_the_group_and_a_stranger_open_it_too(w: World, answer: Reply, label: str) -> None:
    target = w.button("ada", "Sources", of=answer).target
    if label == "1":  # the button of an answer that was given before there was one for all
        target = passages.make_call(None, note(w), HEADING, said(w)[:2])
    assert isinstance(target, Call)
    elsewhere = Call(target.name, target.args)
    assert said(w)[1].split("`")[0] in (await w.call("zoe", elsewhere, room="@zoe")).plain().replace("*", "")


def test_ten_sentences_fit_a_button_and_of_more_the_first_are_shown(w: World) -> None:
    notes = w.app.library["genai-2026"].notes
    cited = [
        Citation(each.id, each.title, section.heading, next(iter(quotable(section.paragraphs)), ""))
        for each in list(notes.values())[:13]
        for section in each.sections[:1]
    ]
    near = [Passage(NOTE, note(w).title, HEADING)]
    for group, size, kept, n_near in ((None, 10, 10, 1), (99, 10, 10, 0), (10**17, 10, 7, 0), (10**17, 4, 4, 1)):
        call = passages.make_sources_call(group, notes, [[citation] for citation in cited[:size]], near)
        assert call is not None and len(call.pack()) <= PACKED_MAX
        found = passages.find_sources(notes, Call.unpack(call.pack()).args["of"])
        assert found is not None and found.lost == 0 and len(found.near) == n_near
        assert [p.note.id for p in found.passages] == [citation.note for citation in cited[:kept]]


def test_a_sentence_that_the_note_lacks_leads_to_its_section_and_one_that_left_is_lost(w: World) -> None:
    notes = w.app.library["genai-2026"].notes
    other = Citation(NOTE, note(w).title, HEADING, "Nobody wrote this.")
    call = passages.make_sources_call(1, notes, [[other]])
    found = passages.find_sources(notes, call.args["of"]) if call is not None else None
    assert found is not None and [(p.heading, p.quotes) for p in found.passages] == [(HEADING, ())]
    gone = passages.find_sources(notes, "zzzzz.zzzzy")
    assert gone is not None and (gone.passages, gone.lost) == ((), 2)
    assert passages.make_sources_call(1, {}, [[other]]) is None


def test_every_sentence_of_the_bundled_notes_is_found_by_its_reference(w: World, split_once: None) -> None:
    for track in w.app.library.values():
        cited = [
            Citation(note.id, note.title, section.heading, quote)
            for note in sample(track.notes.values(), 12)
            for section in note.sections
            for quote in [section.gist, *quotable(section.paragraphs)][:2]
            if quote
        ]
        for citation in cited:
            call = passages.make_sources_call(1, track.notes, [[citation]])
            found = passages.find_sources(track.notes, call.args["of"]) if call is not None else None
            assert found is not None and [p.note.id for p in found.passages] == [citation.note]


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
    for name in ("passage", "cited"):
        told = await w.call("ada", Call(name, {"of": of}))
        assert (told.tone, told.audience) == ("error", "private") and not told.title


def test_every_passage_of_the_bundled_notes_is_found_by_its_name(w: World, split_once: None) -> None:
    for track in w.app.library.values():
        for note in sample(track.notes.values(), 12):
            for at, section in enumerate(note.sections, 1):
                quotes = [q for q in (section.gist, *quotable(section.paragraphs)) if q][:2]
                found = passages.find(track.notes, passages.name(note, section.heading, quotes, 60))
                assert found is not None and found.spot.at == at and set(quotes) <= set(found.marks)


def test_every_sentence_that_can_be_quoted_is_marked_on_its_page(w: World) -> None:
    track, unmarked = w.app.library["genai-2026"], list[str]()
    for note in sample(track.notes.values(), 12):
        pages = reading_pages.pages(track, note)
        for at, section in enumerate(note.sections, 1):
            own = [page for page in pages if page.spot.at == at]
            quotes = [quote for quote in (section.gist, *quotable(section.paragraphs)) if quote]
            unmarked += [q for q in quotes if all(reading_pages.marked(page, [q]) == page for page in own)]
    assert [quote for quote in unmarked if "*" not in quote] == []


async def test_discord_and_slack_show_an_answer_as_text_and_its_buttons_in_one_row(w: World, answer: Reply) -> None:
    on_discord = discord.message(answer)
    line = f"Sources: {NAME}"
    assert not on_discord["embeds"] and line in on_discord["content"]
    assert [[one["label"] for one in row["components"]] for row in on_discord["components"]] == [
        ["Sources", "Rate", "Remove"]
    ]
    on_slack = slack.render(answer)
    assert line in on_slack.blocks[-2]["text"]["text"]
    assert [block["text"]["text"] for block in on_slack.blocks[-1]["elements"]] == ["Sources", "Rate", "Remove"]


async def test_discord_and_slack_show_the_marked_words_bold(w: World, answer: Reply) -> None:
    opened = await w.press("ada", "Read 1", of=await w.press("ada", "Sources", of=answer))
    first = said(w)[0]
    assert f"**{first}**" in discord.message(opened)["embeds"][0]["description"]
    assert any(f"*{first}*" in block.get("text", {}).get("text", "") for block in slack.render(opened).blocks)


def test_every_passage_with_all_its_sentences_marked_fits_a_message_of_every_platform(w: World) -> None:
    track = w.app.library["genai-2026"]
    for note in sample(track.notes.values(), 12):
        for page in reading_pages.pages(track, note):
            section = note.sections[page.spot.at - 1]
            marked = reading_pages.marked(page, [section.gist, *quotable(section.paragraphs)])
            reply = Reply((Text(f"**{section.heading}**"), *marked.blocks), title=note.title, accent=0)
            drawn = discord.message(reply)["embeds"][0]["description"]
            assert not drawn.endswith("…"), (note.id, page.spot.at, len(drawn))
            assert len(slack.render(reply).blocks) <= 50
