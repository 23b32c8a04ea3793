"""How free text sounds."""

from __future__ import annotations

import pytest

from bot.core.speech import disputes, disputes_only, is_question, is_to_people, is_topic, objects


@pytest.mark.parametrize(
    "said",
    [
        "what is a token", "so how do I pad a batch", "sets or lists?", "is that right? I think so", "BERT vs GPT",
        "hey guys, can a set hold a list", "define overfitting", "whats a tensor", "explain like I am five: attention",
    ],
)  # fmt: skip
def test_a_question_is_known_by_its_mark_or_by_how_it_begins(said: str) -> None:
    assert is_question(said)


@pytest.mark.parametrize(
    "said",
    [
        "what", "what a week!", "what a week, I am tired", "why I quit", "how my week went", "can't make it",
        "is sick today", "see https://x.org/?a=1 for more", "do not wait for me", "how lovely", "attention", "",
    ],
)  # fmt: skip
def test_a_statement_is_no_question(said: str) -> None:
    assert not is_question(said)


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
        assert disputes_only(line) and disputes(line), line
    for line in (
        "no, I am sure it is only used at test time",
        "I still think it keeps all",
        "this is wrong: it is off",
    ):
        assert disputes(line) and not disputes_only(line), line
    for line in ("I am not sure", "no", "no thanks", "no, that makes sense, thanks", "it is", "I think that is wrong"):
        assert not disputes(line), line


def test_a_few_words_instead_of_an_answer_object_to_it_and_what_wants_nothing_does_not() -> None:
    for line in (
        "no, three", "No, the mean", "nope, 0.5", "no, it's 3", "no - a set", "wrong, the median",
        "no, I think it is the mean", "no, it is only used at test time",
    ):  # fmt: skip
        assert objects(line), line
    for line in (
        "no", "no thanks", "no, thanks", "no, later", "no, not now", "no, wait", "no, never mind", "no, it's fine",
        "no, I am ill", "no, see you tomorrow", "no, we should go", "no three", "no, I think so too, thank you",
        "no, that's all", "know, three",
    ):  # fmt: skip
        assert not objects(line), line


def test_a_topic_is_a_few_words_about_a_thing() -> None:
    assert is_topic("attention heads") and is_topic("Docker")
    for said in ("see you at the meeting", "this was fun", "tired today", "sorry", "let's go", "that is nice"):
        assert not is_topic(said)
    assert not is_topic("my week") and not is_topic("I quit") and not is_topic("") and not is_topic("a b c d e f g")


def test_what_speaks_to_somebody_is_known() -> None:
    assert is_to_people("how was your week?") and is_to_people("are u there?") and not is_to_people("what is a youth?")
