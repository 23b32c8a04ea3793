"""Two sources in one index: each is searched as if the other were not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.compose.coverage import judge, sureness
from bot.answers.compose.values import Answer
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index, SearchResult
from bot.llm.embedded import ordinary_words
from tests.examples import sample
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes
from tests.features.ask.statistics_track import statistics

STATISTICS = SourceId("statistics")
THERE = [STATISTICS]
QUESTIONS = (
    "what do the whiskers show",
    "how is a boxplot drawn",
    "why is a list unhashable",
    "what does await do",
    "when should I use a set instead of a list",
    "how do I feed a sourdough starter",
    "boxplt wiskers",
    "unhashble lst",
    "what is a median",
    "how does an interviewer read a question",
    "what does await do in a survey",
    "a key",
    "",
)


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, store: MemoryStore) -> Index:
    track = statistics(tmp_path_factory.mktemp("tracks"))
    index = Index({SMALL: notes(), STATISTICS: track.notes.values()}, model(), ordinary_words())
    index.embed(store)
    return index


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, store: MemoryStore) -> dict[SourceId, Index]:
    track = statistics(tmp_path_factory.mktemp("tracks"))
    made = {SMALL: Index({SMALL: notes()}, model(), ordinary_words())}
    made[STATISTICS] = Index({STATISTICS: track.notes.values()}, model(), ordinary_words())
    for index in made.values():
        index.embed(store)
    return made


def shown(found: SearchResult) -> tuple[object, ...]:
    """Return all that is made of a search."""
    hits = [(hit.chunk, round(hit.score, 5), round(hit.cosine or 0, 5), hit.stems) for hit in found.hits]
    sure = round(sureness(found, found.question), 5) if hits else 0
    return found.question, hits, round(found.match, 5), judge(found, found.question).is_covered, sure


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("source", sample([SMALL, STATISTICS], 4))
def test_a_source_is_searched_mended_and_judged_as_if_it_were_alone(
    both: Index, alone: dict[SourceId, Index], source: SourceId, question: str
) -> None:
    assert shown(both.search(question, [source])) == shown(alone[source].search(question, [source]))


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_of_the_other_source_is_found(both: Index, question: str) -> None:
    assert {hit.chunk.note for hit in both.search(question, HERE, limit=50).hits} <= {note.id for note in notes()}
    assert {hit.chunk.note for hit in both.search(question, THERE, limit=50).hits} <= {"boxplots", "censuses"}


def test_a_slip_is_mended_from_the_words_of_what_is_searched(both: Index) -> None:
    assert both.search("how do the wiskers go", THERE).question == "how do the whiskers go"
    assert both.search("how do the wiskers go", HERE).question == "how do the wiskers go"


def test_what_is_rare_is_told_from_what_is_searched(both: Index) -> None:
    here, there = (both.search("list", sources).words for sources in (HERE, THERE))
    assert here.holders("list") > 0 == there.holders("list")
    assert (here.passages, there.passages) == (6, 4)


async def answered(index: Index, question: str, source: SourceId) -> Answer:
    return await Answerer(index).answer([question], [source])


@pytest.mark.parametrize(
    ("question", "covers", "other"),
    [
        ("what do the whiskers of a boxplot show", STATISTICS, SMALL),
        ("how is a boxplot drawn", STATISTICS, SMALL),
        ("why is a list unhashable", SMALL, STATISTICS),
        ("what does await do", SMALL, STATISTICS),
    ],
)
async def test_a_question_is_answered_in_its_source_and_declined_in_the_other(
    both: Index, alone: dict[SourceId, Index], question: str, covers: SourceId, other: SourceId
) -> None:
    own = {chunk.note for chunk in both.chunks([covers])}
    said = await answered(both, question, covers)
    assert not said.declined and {citation.note for citation in said.citations} | {one.note for one in said.near} <= own
    declined = await answered(both, question, other)
    assert declined.declined and {one.note for one in declined.near}.isdisjoint(own)
    assert said == await answered(alone[covers], question, covers)


async def test_what_is_near_a_declined_question_is_of_its_own_source(both: Index) -> None:
    for source in (SMALL, STATISTICS):
        own = {chunk.note for chunk in both.chunks([source])}
        said = [await answered(both, question, source) for question in QUESTIONS]
        near = {one.note for answer in said for one in answer.near}
        assert near and near <= own


def test_several_sources_are_searched_together(both: Index) -> None:
    match = both.search("how is a boxplot drawn", [STATISTICS, SMALL], limit=50)
    assert match.hits[0].chunk.note == "boxplots"
    assert match.words.passages == 10 and {hit.chunk.source for hit in match.hits} == {SMALL, STATISTICS}


def test_notes_that_share_an_id_keep_each_other_no_company() -> None:
    bread = notes()[2]
    other = replace(
        bread, title="Other", sections=tuple(replace(section, text=section.text) for section in bread.sections)
    )
    index = Index({SMALL: [bread], STATISTICS: [other]})
    match = index.search("how do I feed the starter", [SMALL, STATISTICS])
    assert [(hit.chunk.source, hit.chunk.title) for hit in match.hits] == [(SMALL, "Sourdough"), (STATISTICS, "Other")]


def test_a_source_that_is_not_there_holds_nothing(both: Index) -> None:
    assert both.search("what does await do", [SourceId("gone")]).hits == ()
    assert both.chunks([]) == () and not judge(both.search("list", []), "list").is_covered


def test_a_track_has_the_vectors_that_it_had_alone(both: Index, alone: dict[SourceId, Index], tmp_path: Path) -> None:
    for source, index in alone.items():
        ours, theirs = (one.search("a list of items", [source]).hits for one in (both, index))
        assert all((a.rows == b.rows).all() for a, b in zip(ours, theirs, strict=True) if a.rows is not None)
        assert all(hit.rows is not None for hit in ours)
