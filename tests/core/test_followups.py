"""Few words to an answer that ask for the same in another manner."""

from __future__ import annotations

import pytest

from bot.core.followups import manner
from bot.core.hearing import carry_on, hear
from tests.core.commands import REGISTRY

MANNERS = {
    "an example?": (
        "give me an example", "show me an example", "do you have an example", "an example?", "gimme an example pls",
        "got an example", "any examples", "can i see an example", "could you give me a concrete example",
        "i need an example to understand it", "an example would help", "show me one", "show me how", "eg?", "e.g.?",
        "can u give example", "another example", "with an example", "an example with numbers", "for instance",
    ),
    "more?": (
        "tell me more", "say more", "more details", "give me more detail please", "explain further", "elaborate",
        "can you elaborate", "anything else",
    ),
    "explain": (
        "simpler", "in one sentence", "in plain words", "give me a summary", "summary please", "make it shorter",
        "still unclear", "that confuses me", "this is confusing", "wdym", "tl;dr",
    ),
    "": (
        "walk me through it", "explain it again", "break that down for me", "list them", "name three", "pros and cons",
        "in what way", "not sure i get it", "any downsides?", "what else",
    ),
}  # fmt: skip
OTHERS = (
    "give me a minute", "show me the door", "got an email", "do you have a car", "my example works", "more coffee",
    "that is a good example", "it is simple", "I have an example here", "name your price", "tell me", "walk with me",
)  # fmt: skip


@pytest.mark.parametrize(("meant", "said"), [(meant, said) for meant, lines in MANNERS.items() for said in lines])
def test_few_words_to_an_answer_are_a_question_where_they_stand_below_it(meant: str, said: str) -> None:
    assert manner(said) == meant
    assert hear(REGISTRY, said, "mention", follows=True).name == hear(REGISTRY, said, "direct").name == "ask"
    assert carry_on(REGISTRY, said) is not None


@pytest.mark.parametrize("said", OTHERS)
def test_few_words_that_are_said_to_people_are_none(said: str) -> None:
    assert manner(said) is None and carry_on(REGISTRY, said) is None
