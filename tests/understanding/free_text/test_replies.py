"""What a line says to an answer: it asks for the same in another manner, or objects to it."""

from __future__ import annotations

import pytest

from bot.understanding.free_text import read
from bot.understanding.intents import carry_on, hear
from tests.commands.sample_commands import REGISTRY

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
}  # a table of data # fmt: skip
OTHERS = (
    "give me a minute",
    "show me the door",
    "got an email",
    "do you have a car",
    "my example works",
    "more coffee",
    "that is a good example",
    "it is simple",
    "I have an example here",
    "name your price",
    "tell me",
    "walk with me",
)


@pytest.mark.parametrize(("meant", "said"), [(meant, said) for meant, lines in MANNERS.items() for said in lines])
def test_few_words_to_an_answer_are_a_question_where_they_stand_below_it(meant: str, said: str) -> None:
    assert read(said).manner == meant
    assert hear(REGISTRY, said, "mention", follows=True).name == hear(REGISTRY, said, "direct").name == "ask"
    assert carry_on(REGISTRY, said) is not None


@pytest.mark.parametrize("said", OTHERS)
def test_few_words_that_are_said_to_people_are_none(said: str) -> None:
    assert read(said).manner is None and carry_on(REGISTRY, said) is None


def test_what_only_disputes_is_told_from_what_claims() -> None:
    for line in (
        "you are wrong",
        "that's wrong",
        "wrong!",
        "no it isn't",
        "I disagree",
        "are you sure",
        "I am very sure",
    ):
        assert read(line).disputes_only and read(line).disputes, line
    for line in (
        "no, I am sure it is only used at test time",
        "I still think it keeps all",
        "this is wrong: it is off",
    ):
        assert read(line).disputes and not read(line).disputes_only, line
    for line in (
        "wait what is a logit",
        "hm, how is it scaled",
        "actually, why is it a log",
        "I am not sure",
        "no",
        "no thanks",
        "no, that makes sense, thanks",
        "it is",
        "I think that is wrong",
    ):
        assert not read(line).disputes, line


def test_a_few_words_instead_of_an_answer_object_to_it_and_what_wants_nothing_does_not() -> None:
    for line in (
        "no, three",
        "No, the mean",
        "nope, 0.5",
        "no, it's 3",
        "no - a set",
        "wrong, the median",
        "no, I think it is the mean",
        "no, it is only used at test time",
    ):
        assert read(line).objects, line
    for line in (
        "no",
        "no thanks",
        "no, thanks",
        "no, later",
        "no, not now",
        "no, wait",
        "no, never mind",
        "no, it's fine",
        "no, I am ill",
        "no, see you tomorrow",
        "no, we should go",
        "no three",
        "no, I think so too, thank you",
        "no, that's all",
        "know, three",
    ):
        assert not read(line).objects, line
