"""Which lines ask nothing that could stand in a note."""

from __future__ import annotations

import time

import pytest

from bot.features.ask.question_log import is_small_talk

SMALL_TALK = """
hello | hello bot! | hey there | good morning everyone | thank you so much | thanks a lot, bot | bye | lol | 👋
test | test test | testing 123 | just a test | this is a test | one more test please | 1 2 3 | foo bar | mic check | ???
asdf | asdf asdf | qwerty | asdasd | jkjkjk | aaaa | hahaha | blablabla | zxcv | fdsa | sdfsdfsd
who are you? | what are you | how are you doing today | how old are you | what's your name | what is your purpose?
are you a bot | hey, are you a real person or a bot? | are you ChatGPT | are you there? | who made you
which model are you using | what version are you | do you like pizza | can you hear me?
tell me a joke | tell me about yourself | i love you | bad bot | is this thing on? | do you work | is anyone here
"""
QUESTIONS = """
what is a test | when is a t-test right | what does ping do | flask | dsa | what is asdf in lisp | foo in python
are you sure that attention is quadratic | can you explain attention | do you use dropout at test time | 403
what model is best for german | which language model does the course use | who made bert | how old is the transformer
is this a good learning rate | tell me about bert | what is your model trained on in unit 7
can anybody explain backpropagation | hello, what is attention | thanks, and what about dropout
where is the wifi password | when is the exam | can it overfit | does it work on a gpu | what is the name of the loss
"""


@pytest.mark.parametrize("said", [part.strip() for line in SMALL_TALK.strip().splitlines() for part in line.split("|")])
def test_small_talk_is_known(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", [part.strip() for line in QUESTIONS.strip().splitlines() for part in line.split("|")])
def test_what_asks_for_something_is_none(said: str) -> None:
    assert not is_small_talk(said)


@pytest.mark.parametrize("piece", ["a", "as", "hey ", "are you ", "please ", "bot ", "what is your ", "\u200b", "🦉"])
def test_no_line_takes_long(piece: str) -> None:
    began = time.process_time()
    is_small_talk(piece * (500 // len(piece)) + "!x")
    assert time.process_time() - began < 0.5
