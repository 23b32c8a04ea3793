"""How free text sounds."""

from __future__ import annotations

import pytest

from bot.core.speech import chatter, is_question, is_to_people, is_topic


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


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("hi", "hello"), ("Hello there!", "hello"), ("good morning everyone", "hello"), ("thanks!", "thanks"),
        ("thank you so much for your help", "thanks"), ("ok thanks", "thanks"), ("bye", "bye"), ("good night", "bye"),
        ("ok", "noted"), ("👍", "noted"), (":tada: :+1:", "noted"), ("hi, what is attention", None),
        ("thanks to attention it works", None), ("frobnicate", None), ("the", None),
    ],
)  # fmt: skip
def test_small_talk_is_told_from_everything_else(said: str, kind: str | None) -> None:
    assert chatter(said) == kind


def test_a_topic_is_a_few_words_about_a_thing() -> None:
    assert is_topic("attention heads") and is_topic("Docker")
    assert not is_topic("my week") and not is_topic("I quit") and not is_topic("") and not is_topic("a b c d e f g")


def test_what_speaks_to_somebody_is_known() -> None:
    assert is_to_people("how was your week?") and is_to_people("are u there?") and not is_to_people("what is a youth?")
