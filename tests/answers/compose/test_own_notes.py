"""A group's own note is found by its words, with vectors, without, and while it waits for its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.index import dense
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum import plain_note_reader
from bot.curriculum.note import Note
from bot.llm.embedded import ordinary_words
from tests.examples import sample
from tests.features.ask.small_notes import SMALL, MemoryStore, model, notes

OURS = SourceId("own")
SAID = {
    "Wifi": "The wifi password is on the blue card.",
    "Zebra": "It is Marty.",
    "Pets": "- fish\n- cat\n- guinea pig\n",
    "Who does what": "| Role | Who | Phone |\n|---|---|---|\n| Tutor | Ben | 555 0101 |\n| Keys | Dana | 555 0199 |\n",
    "Restart the demo": "```sh\nssh demo\nsudo systemctl restart demo\n```\n",
    "Mentor": "Priya is our mentor. She answers on Tuesdays.",
}


WRITTEN_FOR = {
    "Begin with the empty case.": "give me a hint for this week's exercise?",
    "Mo looks after us.": "who is the moderator here?",
    "An hour, and then it goes.": "do you store my messages?",
    "Twelve.": "how many of us are there?",
    "Just go on.": "what happens if i miss a week?",
}


WORDLESS = "🙂"
"""A title without a word is nobody's question."""


def own() -> Iterator[Note]:
    told = [(title, text, ()) for title, text in {**SAID, WORDLESS: "Smile."}.items()]
    for_questions = [(f"Answer {i}", text, (asked,)) for i, (text, asked) in enumerate(WRITTEN_FOR.items())]
    for number, (title, text, asked) in enumerate([*told, *for_questions], 1):
        note = plain_note_reader.read_plain_note(
            text, note_id=str(number), title=f"Ann's note: {title}", asked=asked
        ).note
        assert note is not None
        yield note


@pytest.fixture(scope="module", params=["words", "waiting", "vectors"])
def answerer(request: pytest.FixtureRequest) -> Answerer:
    index = Index({SMALL: notes()}, model(), ordinary_words())
    if request.param != "words":
        index.embed(MemoryStore())
    chunks = index.put(OURS, own())
    if request.param == "vectors":
        index.settle(OURS, chunks, dense.build(chunks, model(), MemoryStore())[0])
    return Answerer(index)


@pytest.mark.parametrize(
    ("question", "said"),
    sample(
        [
            ("where is the wifi password", "The wifi password is on the blue card. [1]"),
            ("wifi?", "The wifi password is on the blue card. [1]"),
            ("who is the zebra", "It is Marty. [1]"),
            ("which pets do we have", "fish, cat, guinea pig [1]"),
            ("what is the phone of the tutor", "Role: Tutor, Who: Ben, Phone: 555 0101 [1]"),
            ("how do i restart the demo", "`ssh demo` `sudo systemctl restart demo` [1]"),
            ("when does priya answer", "Priya is our mentor. [1] She answers on Tuesdays. [2]"),
        ],
        4,
    ),
)
async def test_it_is_quoted_and_nothing_else_is(answerer: Answerer, question: str, said: str) -> None:
    answer = await answerer.answer([question], [SMALL, OURS])
    assert (answer.coverage, answer.text) == ("covered", said)


@pytest.mark.parametrize(
    "question", ["who is ann", "where is the password of the router", "who stole the tutor's phone"]
)
async def test_a_question_that_only_shares_a_word_or_names_its_author_is_another(
    answerer: Answerer, question: str
) -> None:
    assert (await answerer.answer([question], [SMALL, OURS])).declined


@pytest.mark.parametrize(("said", "asked"), WRITTEN_FOR.items())
async def test_what_was_written_for_a_question_answers_it_whatever_sort_it_is_of(
    answerer: Answerer, said: str, asked: str
) -> None:
    answer = await answerer.answer([asked], [SMALL, OURS])
    assert (answer.coverage, answer.text) == ("covered", f"{said} [1]")
    more = asked.replace("a hint", "just a hint").replace(" here", "")
    assert (await answerer.answer([more], [SMALL, OURS])).text == f"{said} [1]"


@pytest.mark.parametrize(
    "question", ["do you store my passwords?", "how many weeks has the course?", "who is the author here?"]
)
async def test_what_was_written_for_a_question_answers_no_other(answerer: Answerer, question: str) -> None:
    assert (await answerer.answer([question], [SMALL, OURS])).declined


async def test_what_the_roadmap_answers_better_is_answered_by_it(answerer: Answerer) -> None:
    answer = await answerer.answer(["when does a set beat a list?"], [SMALL, OURS])
    assert answer.citations[0].note == "containers"


@pytest.mark.parametrize("said", ["hello bot", "test", "are you a human", "good morning everyone"])
async def test_manners_are_no_question_while_words_alone_are_searched(said: str) -> None:
    index = Index({SMALL: notes(), OURS: own()}, None, ordinary_words())
    index.put(OURS, [*own(), written("A bot may greet everyone. Test it on a human this good morning, hello.")])
    assert (await Answerer(index).answer([said], [SMALL, OURS])).declined


@pytest.mark.parametrize(
    ("question", "coverage", "note"),
    sample(
        [
            ("where is the duplicate key?", "near", "99"),
            ("where is the second key kept?", "near", "99"),
            ("what is the secret of the wireless network?", "near", "1"),
            ("what objects can be a key of a dict?", "covered", "containers"),
        ],
        4,
    ),
)
async def test_in_other_words_it_comes_first_where_it_is_about_as_near(question: str, coverage: str, note: str) -> None:
    index = Index({SMALL: notes()}, model(), ordinary_words())
    index.embed(MemoryStore())
    chunks = index.put(OURS, [*own(), written("The spare key to the room hangs behind the door.")])
    index.settle(OURS, chunks, dense.build(chunks, model(), MemoryStore())[0])
    answer = await Answerer(index).answer([question], [SMALL, OURS])
    assert (answer.coverage, answer.citations[0].note) == (coverage, note)


def written(text: str) -> Note:
    note = plain_note_reader.read_plain_note(text, note_id="99", title="Ann's note: Robots").note
    assert note is not None
    return note
