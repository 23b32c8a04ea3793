"""How free text sounds."""

from __future__ import annotations

import pytest

from bot.core.speech import asks_after_all, disputes, disputes_only, is_question, is_to_people, is_topic, objects


@pytest.mark.parametrize(
    "said",
    [
        "what is a token", "so how do I pad a batch", "sets or lists?", "is that right? I think so", "BERT vs GPT",
        "hey guys, can a set hold a list", "define overfitting", "whats a tensor", "explain like I am five: attention",
        "y is apply so slow", "tell me bout dropout", "u know what kv cache is",
        "since when is copy on write default", "hm. then how do I know if my model overfits", "wait what is a logit",
        "sry, what is a token", "am I on track", "did my loss fall", "how does dropout work ty",
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
    "said",
    [
        "my loss goes nan after a few steps, what do i do",
        "python: whats the difference between a generator and a list", "other topic, what is mcp",
        "quick one - what's a token", "sorry another one: why use layernorm", "i dont get what attention is",
        "need help with lora rank", "I don't understand backprop", "I still don't get why my loss goes up",
        "i dont know what a logit is", "confused about layer norm", "dropout at test time, does it scale",
        "my batch is too big. how do i shrink it", "new topic: how to pick a batch size",
        "training on one gpu, which batch size should i pick", "can't see how attention works",
        "give me a hint", "I am stuck with the exercise", "I do not understand the exercise",
        "please give me another clue", "softmax temperature what happens at 0",
        "parquet or csv for like 10 million rows", "lora rank 8 or 64", "difference l1 l2", "diff loc iloc",
        "wdym by silent type change", "in pandas 3 what changed", "i dont get groupby", "got it. and dropout",
        "sry noob question: what is a token", "idk what a decorator is", "that makes sense, what about top p",
        "dumb question but how do i pad", "idk how dropout works",
        "about LoRA again: which rank",
        "my merge gives too many rows", "numpy broadcasting rules", "ok. different q: explain softmax",
        "thanks! one more thing: how do i read a csv", "thx, next one: explain entropy", "cool, what is a token",
        "tldr on rag", "quick q re chunking", "hey, a quick question about layer norm", "tl;dr of attention heads",
    ],
)  # fmt: skip
def test_a_line_put_to_the_bot_may_ask_after_an_opening_clause_or_by_not_understanding(said: str) -> None:
    assert asks_after_all(said) and not is_question(said)


@pytest.mark.parametrize(
    "said",
    [
        "i know what you mean", "sick this week, surgery on tuesday", "we should meet, what about monday",
        "I am sick, what do i do", "trained a model, which was hard", "finished the lab, is fun",
        "read chapter 3: how do transformers learn", "I learnt a lot, what it means is clear",
        "nice paper, how lovely", "dropout is odd, does nothing", "hi Ben, how's it going", "great lab, do the quiz",
        "thanks Ben, how did it go", "my plan: compare optimizers, then define a loss", "reading: how to train",
        "that helps, can do 45 tomorrow", "I don't get paid", "I don't get it", "I don't know what happened",
        "I don't know what to do", "i don't know what this is", "I don't get why I bother", "I don't understand you",
        "I don't understand my boss", "need help with my kids", "need help with depression", "told Ben: why do that",
        "what a week, I am tired", "the meeting on friday, when is it", "need help", "so cool!",
        "I don't understand why he left", "well, what the heck", "great, what a day", "confused about everything",
        "I need a break, how about you", "no idea, who cares", "I do not see what I should say",
        "attention, then lora", "i dont get reminders", "I see what is going on", "finished unit 3 or 4",
        "my boss gives me too much work", "15 minutes or so", "did lecture 4 examples", "skipped 1 or 2", "and you",
        "finally understood numpy broadcasting rules", "diff looks good", "read two papers today", "ok and thanks",
        "my wife returns tomorrow", "quick question on my grades", "tldr of our meeting", "quick one on friday",
    ],
)  # fmt: skip
def test_what_one_tells_of_oneself_asks_nothing_after_all(said: str) -> None:
    assert not asks_after_all(said)


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
