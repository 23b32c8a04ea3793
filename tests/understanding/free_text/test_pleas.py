"""What asks by a request or by saying what is not known."""

from __future__ import annotations

import pytest

from bot.understanding.free_text.questions import plea, pleads


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("walk me through backprop", "explain backprop"),
        ("pls summarize lora real quick", "explain lora"),
        ("I have no clue what a KV cache is", "what is a KV cache"),
        ("tell me how RoPE works", "how RoPE works"),
        ("not sure i get layer norm", "explain layer norm"),
        ("remind me what pooling does", "what does pooling do"),
        ("cant tell bpe and wordpiece apart", "difference between bpe and wordpiece"),
        ("I keep mixing up precision and recall", "difference between precision and recall"),
        ("tell me the diff between l1 and l2", "the difference between l1 and l2"),
        ("gimme an example of a decorator", "example of a decorator"),
        ("i need a summary of RAG", "explain RAG"),
        ("give me the formula for softmax", "formula of softmax"),
        ("lmk how to pick a rank", "how to pick a rank"),
        ("wbt dropout at test time", "what about dropout at test time"),
    ],
)
def test_a_plea_is_read_as_a_plain_question(said: str, question: str) -> None:
    made = plea(said)
    assert made is not None and made.question == question


@pytest.mark.parametrize(
    "said",
    [
        "I finally understand backprop",
        "I explained dropout to Ada",
        "I was confused by masks, now it is clear",
        "my understanding grew",
        "I know what a token is",
        "can not make it",
        "what is a token",
        "",
        "walk me through",
        "unsure what masks do " + "and more " * 40,
    ],
)
def test_what_tells_and_what_asks_plainly_is_no_plea(said: str) -> None:
    assert plea(said) is None


def test_a_plea_asks_where_its_subject_is_known_and_a_request_whatever_it_is() -> None:
    asked: list[str] = []

    def known(subject: str) -> bool:
        asked.append(subject.strip())
        return "mask" in subject

    assert pleads("I can't figure out masks", known) and asked == ["masks"]
    assert pleads("masks confuse me", known) and pleads("unsure how I should pad my mask", known)
    assert not pleads("I can't figure out trains", known) and not pleads("trains confuse me", known)
    assert pleads("walk me through trains", known) and not pleads("walk me through your weekend", known)
    assert not pleads("I keep forgetting to mask the cake", known) and not pleads("I forgot my mask", known)
    assert not pleads("I explained masks to Ada, that was fun", known) and not pleads("unsure if I need masks", known)
