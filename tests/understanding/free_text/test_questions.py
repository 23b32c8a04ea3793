"""Whether a line asks, as people write in a chat."""

from __future__ import annotations

import pytest

from bot.understanding.free_text import read


@pytest.mark.parametrize(
    "said",
    [
        "what is a token",
        "so how do I pad a batch",
        "sets or lists?",
        "is that right? I think so",
        "BERT vs GPT",
        "hey guys, can a set hold a list",
        "define overfitting",
        "whats a tensor",
        "explain like I am five: attention",
        "y is apply so slow",
        "tell me bout dropout",
        "u know what kv cache is",
        "since when is copy on write default",
        "hm. then how do I know if my model overfits",
        "wait what is a logit",
        "sry, what is a token",
        "am I on track",
        "did my loss fall",
        "how does dropout work ty",
    ],
)
def test_a_question_is_known_by_its_mark_or_by_how_it_begins(said: str) -> None:
    assert read(said).is_question


@pytest.mark.parametrize(
    "said",
    [
        "what",
        "what a week!",
        "what a week, I am tired",
        "why I quit",
        "how my week went",
        "can't make it",
        "is sick today",
        "see https://x.org/?a=1 for more",
        "do not wait for me",
        "how lovely",
        "attention",
        "",
    ],
)
def test_a_statement_is_no_question(said: str) -> None:
    assert not read(said).is_question


@pytest.mark.parametrize(
    "said",
    [
        "my loss goes nan after a few steps, what do i do",
        "python: whats the difference between a generator and a list",
        "other topic, what is mcp",
        "quick one - what's a token",
        "sorry another one: why use layernorm",
        "i dont get what attention is",
        "need help with lora rank",
        "I don't understand backprop",
        "I still don't get why my loss goes up",
        "i dont know what a logit is",
        "confused about layer norm",
        "dropout at test time, does it scale",
        "my batch is too big. how do i shrink it",
        "new topic: how to pick a batch size",
        "training on one gpu, which batch size should i pick",
        "can't see how attention works",
        "give me a hint",
        "I am stuck with the exercise",
        "I do not understand the exercise",
        "please give me another clue",
        "softmax temperature what happens at 0",
        "parquet or csv for like 10 million rows",
        "lora rank 8 or 64",
        "difference l1 l2",
        "diff loc iloc",
        "wdym by silent type change",
        "in pandas 3 what changed",
        "i dont get groupby",
        "got it. and dropout",
        "sry noob question: what is a token",
        "idk what a decorator is",
        "that makes sense, what about top p",
        "dumb question but how do i pad",
        "idk how dropout works",
        "about LoRA again: which rank",
        "my merge gives too many rows",
        "numpy broadcasting rules",
        "ok. different q: explain softmax",
        "thanks! one more thing: how do i read a csv",
        "thx, next one: explain entropy",
        "cool, what is a token",
        "tldr on rag",
        "quick q re chunking",
        "hey, a quick question about layer norm",
        "tl;dr of attention heads",
    ],
)
def test_a_line_put_to_the_bot_may_ask_after_an_opening_clause_or_by_not_understanding(said: str) -> None:
    assert read(said).asks_after_all and not read(said).is_question


@pytest.mark.parametrize(
    "said",
    [
        "i know what you mean",
        "sick this week, surgery on tuesday",
        "we should meet, what about monday",
        "I am sick, what do i do",
        "trained a model, which was hard",
        "finished the lab, is fun",
        "read chapter 3: how do transformers learn",
        "I learnt a lot, what it means is clear",
        "nice paper, how lovely",
        "dropout is odd, does nothing",
        "hi Ben, how's it going",
        "great lab, do the quiz",
        "thanks Ben, how did it go",
        "my plan: compare optimizers, then define a loss",
        "reading: how to train",
        "that helps, can do 45 tomorrow",
        "I don't get paid",
        "I don't get it",
        "I don't know what happened",
        "I don't know what to do",
        "i don't know what this is",
        "I don't get why I bother",
        "I don't understand you",
        "I don't understand my boss",
        "need help with my kids",
        "need help with depression",
        "told Ben: why do that",
        "what a week, I am tired",
        "the meeting on friday, when is it",
        "need help",
        "so cool!",
        "I don't understand why he left",
        "well, what the heck",
        "great, what a day",
        "confused about everything",
        "I need a break, how about you",
        "no idea, who cares",
        "I do not see what I should say",
        "attention, then lora",
        "i dont get reminders",
        "I see what is going on",
        "finished unit 3 or 4",
        "my boss gives me too much work",
        "15 minutes or so",
        "did lecture 4 examples",
        "skipped 1 or 2",
        "and you",
        "finally understood numpy broadcasting rules",
        "diff looks good",
        "read two papers today",
        "ok and thanks",
        "my wife returns tomorrow",
        "quick question on my grades",
        "tldr of our meeting",
        "quick one on friday",
    ],
)
def test_what_one_tells_of_oneself_asks_nothing_after_all(said: str) -> None:
    assert not read(said).asks_after_all


def test_a_topic_is_a_few_words_about_a_thing() -> None:
    assert read("attention heads").is_topic and read("Docker").is_topic
    for said in (
        "see you at the meeting",
        "this was fun",
        "tired today",
        "sorry",
        "let's go",
        "that is nice",
        "my week",
        "I quit",
        "",
        "a b c d e f g",
    ):
        assert not read(said).is_topic, said


def test_what_speaks_to_somebody_is_known() -> None:
    assert read("how was your week?").is_to_people and read("are u there?").is_to_people
    assert not read("what is a youth?").is_to_people
