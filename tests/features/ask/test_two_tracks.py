"""Several tracks are installed: a group is answered from its own, anybody else from what covers the question best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum.track import whole
from bot.features.ask.answering import Answering
from bot.features.ask.group_notes_index import OwnNotes
from bot.messages.call import Call
from tests.examples import sample
from tests.features.ask.statistics_track import statistics
from tests.features.ask.test_commands import answering, parrot
from tests.harness import World, text

pytestmark = pytest.mark.long

LEARNED = {"genai-2026": "what is a LoRA adapter", "statistics": "what do the whiskers of a boxplot show"}


@pytest.fixture
def both(w: World, tmp_path: Path) -> World:
    """Install a second track, searched by words alone."""
    library: Any = w.app.library
    library["statistics"] = statistics(tmp_path)
    index = Index({SourceId(track.id): track.notes.values() for track in library.values()})
    answering(w, Answerer(index))
    lasting: Any = w.app.dispatcher._supply
    lasting._lasting[Answering] = replace(lasting._lasting[Answering], notes=OwnNotes(w.app.database, index))
    return w


def headings(w: World, track: str) -> set[str]:
    """Return the headings that tell a track's notes apart: those of several words."""
    return {h for note in w.app.library[track].notes.values() for h in note.headings if len(h.split()) > 3}


async def begin(w: World, track: str) -> None:
    await w.begin("ada", extra=f"roadmap={track}")


@pytest.mark.parametrize(("track", "other"), [("genai-2026", "statistics"), ("statistics", "genai-2026")])
async def test_a_group_is_answered_from_its_own_track_and_never_from_another(
    both: World, track: str, other: str
) -> None:
    await begin(both, track)
    assert "Sources: " in text(await both.say("ada", f"ask {LEARNED[track]}"))
    said = text(await both.say("ada", f"ask {LEARNED[other]}"))
    assert "That's not in our notes." in said and "Sources:" not in said
    assert not [heading for heading in headings(both, other) if heading in said]
    assert "I looked in" not in said


async def test_a_group_is_told_which_other_roadmap_covers_what_its_own_does_not(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.ask.answering.ELSEWHERE_S", 60.0)
    await begin(both, "statistics")
    said = text(await both.say("ada", f"ask {LEARNED['genai-2026']}"))
    told = "Another course here, Mastering generative-AI engineering, has a note on this."
    assert "That's not in our notes." in said and told in said and "moderator" not in said
    assert (await both.start(name="Other", room="lobby", extra="roadmap=genai-2026")).tone == "good"
    for question in ("how long do I boil an egg", "was ist ein Toaster und wie geht das?"):
        assert "has a note on this" not in text(await both.say("ada", f"ask {question}"))


async def test_no_note_of_another_group_is_hinted_at(both: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.ask.answering.ELSEWHERE_S", 60.0)
    await begin(both, "statistics")
    await both.start(name="Birds", room="birds", extra="roadmap=genai-2026")
    await both.call(
        "mo", Call("notes add", {"title": "Ferns", "text": "The ferns are watered on Tuesdays."}), room="birds"
    )
    assert "has a note on this" not in text(await both.say("ada", "ask when are the ferns watered on Tuesdays"))


async def test_a_group_that_names_another_track_is_told_why_not(both: World) -> None:
    await begin(both, "statistics")
    bird = parrot(both)
    said = await both.say("ada", f"ask roadmap=genai-2026 {LEARNED['genai-2026']}")
    assert (said.tone, said.audience) == ("error", "private") and not bird.asked
    assert "Course: this group learns Small statistics" in text(said)
    await both.say("ada", "ask roadmap=statistics why?")
    assert (bird.asked, bird.sources) == (["why?"], ["statistics"])


@pytest.mark.parametrize(
    ("track", "title"),
    sample([("genai-2026", "Mastering generative-AI engineering"), ("statistics", "Small statistics")], 2),
)
async def test_without_a_group_the_notes_that_cover_the_question_best_answer(
    both: World, track: str, title: str
) -> None:
    said = text(await both.say("ada", f"ask {LEARNED[track]}"))
    assert "Sources: " in said
    assert f"I only searched the notes for {title}." in said


@pytest.mark.parametrize(
    "line",
    sample(
        [
            "ask roadmap=statistics what do the whiskers show?",
            "ask what do the whiskers show? roadmap=statistics",
            'ask roadmap="Small statistics" what do the whiskers show?',
            "ask what do the whiskers show? roadmap=small statistics",
        ],
        4,
    ),
)
async def test_without_a_group_the_track_is_named_in_the_line(both: World, line: str) -> None:
    bird = parrot(both)
    said = text(await both.say("ada", line))
    assert (bird.asked, bird.sources) == (["what do the whiskers show?"], ["statistics"])
    assert "I only searched the notes for Small statistics." in said


async def test_a_track_that_is_not_there_is_told_with_those_that_are(both: World) -> None:
    bird = parrot(both)
    said = text(await both.say("ada", "ask roadmap=<@1>* why?"))
    assert "There is no course “<@1>*”." in said and not bird.asked


async def test_a_question_for_oneself_goes_the_same_way(both: World) -> None:
    bird = parrot(both)
    said = await both.call("ada", Call("consult", {"question": "why?", "roadmap": "statistics"}))
    assert bird.sources == ["statistics"] and said.audience != "public"
    again = await both.press("ada", "Ask publicly", of=said)
    assert bird.sources == ["statistics"] * 2 and again.audience == "public"


async def test_a_track_is_suggested_by_its_title(both: World) -> None:
    command = both.app.registry.find("ask")
    param = command.param("roadmap") if command else None
    assert param is not None
    found = await both.app.dispatcher.suggest(both.invocation("ada", Call("ask", {})), param, "small")
    assert [(choice.label, choice.value) for choice in found] == [("Small statistics", "statistics")]


async def test_with_one_track_nothing_is_asked_and_nothing_is_added(w: World) -> None:
    library: Any = w.app.library
    for course in ("everyday-statistics", "agents-in-eight-weeks"):
        del library[course]
    bird = parrot(w)
    said = text(await w.say("ada", "ask why is a set faster?"))
    assert bird.sources == ["genai-2026"] and "I looked in" not in said


async def test_a_group_on_a_cut_is_answered_from_the_notes_of_its_units_alone(both: World) -> None:
    await begin(both, "rag-in-eight-weeks")
    assert (await both.posts())[-1].title.startswith("Unit 1:")
    found = text(await both.say("ada", "ask what is reranking"))
    assert "Sources: " in found
    own = headings(both, "rag-in-eight-weeks")
    others = headings(both, "genai-2026") - own
    assert any(heading in found for heading in own)
    for question in (LEARNED["genai-2026"], "how does backpropagation use the chain rule", "what is reranking"):
        said = text(await both.say("ada", f"ask {question}"))
        assert not [heading for heading in others if heading in said]


async def test_a_wrong_roadmap_is_asked_for_by_the_form_that_corrects_it(both: World) -> None:
    wrong = await both.say("ada", f"ask roadmap=cooking {LEARNED['statistics']}")
    still = await both.press("ada", "Correct it", {}, of=wrong)
    assert "There is no course “cooking”." in text(still)
    said = text(await both.press("ada", "Correct it", {"course": ""}, of=still))
    assert "I only searched the notes for Small statistics." in said


async def test_what_chooses_the_track_answers_without_a_second_search(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[object] = []
    search = Index.search

    def count(self: Index, question: str, sources: Any, *given: Any, **more: Any) -> Any:
        searched.append(sources)
        return search(self, question, sources, *given, **more)

    monkeypatch.setattr(Index, "search", count)
    assert "Sources: " in text(await both.say("ada", f"ask {LEARNED['statistics']}"))
    assert len(searched) == sum(bool(track.notes) for track in whole(both.app.library))


async def test_to_the_bot_alone_the_notes_of_all_ones_groups_answer_and_their_own(both: World) -> None:
    direct: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
    for name, room, track in (("RAG circle", "C0123456", "rag-in-eight-weeks"), ("Stats", "C0654321", "statistics")):
        where: dict[str, Any] = {**direct, "room": room}
        await both.start(name=name, extra=f"roadmap={track}", **where)
        await both.say("ada", "join", **where)
    note = {"title": "Greenhouse", "text": "The ferns are watered on Tuesdays."}
    await both.call("mo", Call("notes add", note), room="C0123456", **direct)
    said = await both.say("ada", "when are the ferns watered?", room="@ada", **direct)
    assert "on Tuesdays" in text(said) and "This comes from the notes for RAG circle." in text(said)
    listed = await both.press("ada", "Sources", of=said, room="@ada", **direct)
    assert "on Tuesdays" in text(listed)
    assert "on Tuesdays" in text(await both.press("ada", "Read", of=listed, room="@ada", **direct))
    whiskers = text(await both.say("ada", LEARNED["statistics"], room="@ada", **direct))
    assert "Sources: " in whiskers and "This comes from the notes for Stats." in whiskers
    foreign = await both.say("ada", "how does backpropagation use the chain rule?", room="@ada", **direct)
    assert "I searched the notes for RAG circle and Stats." in text(foreign)
    both.eyes.hidden["ada"] = {"C0123456"}
    hidden = text(await both.say("ada", "when are the ferns watered?", room="@ada", **direct))
    assert "Tuesdays" not in hidden and "RAG circle" not in hidden
