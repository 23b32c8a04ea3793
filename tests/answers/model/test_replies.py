"""What a model replies, in JSON or in plain text."""

from __future__ import annotations

import json
import time

import pytest

from bot.answers.model.replies import (
    LONGEST_SENTENCE,
    MOST_SENTENCES,
    Calculation,
    ReplySentence,
    parse_reply,
    split_sentences,
)

REPLY = {
    "coverage": "partly",
    "sentences": [
        {"text": "The shape (3, 1) is stretched.", "passages": [1, 2], "calculation": None},
        {"text": "So it takes 14 GB.", "passages": [3], "calculation": {"expression": "7e9 * 2 / 1e9", "unit": "GB"}},
    ],
    "missing": "the price",
}


@pytest.mark.parametrize("fence", ["{}", "```json\n{}\n```", "<think>hm {{}}</think>{}"])
def test_a_structured_reply_is_read_in_and_out_of_a_fence(fence: str) -> None:
    reply = parse_reply(fence.format(json.dumps(REPLY)))
    assert reply.sentences == (
        ReplySentence("The shape (3, 1) is stretched.", (1, 2)),
        ReplySentence("So it takes 14 GB.", (3,), Calculation("7e9 * 2 / 1e9", "GB")),
    )
    assert (reply.extent, reply.missing) == ("partly", "the price")


def test_a_reply_that_is_cut_off_keeps_what_was_whole() -> None:
    text = json.dumps(REPLY)
    reply = parse_reply(text[: text.index("So it")])
    assert [sentence.text for sentence in reply.sentences] == ["The shape (3, 1) is stretched."]
    assert reply.extent == "partly"


@pytest.mark.parametrize("before", ["", "<think>It is. So it is. Yes.</think>\n"])
def test_plain_text_has_marks_a_calculation_in_braces_and_a_last_line_on_what_is_missing(before: str) -> None:
    reply = parse_reply(
        f"{before}A shape (3, 1) is stretched [1][2]. It takes more {{7e9 * 2 / 1e9 = GB}}. [3]\n\n"
        "- In a list【2】.\nMISSING: the price"
    )
    assert reply.sentences == (
        ReplySentence("A shape (3, 1) is stretched.", (1, 2)),
        ReplySentence("It takes more.", (3,), Calculation("7e9 * 2 / 1e9", "GB")),
        ReplySentence("In a list.", (2,)),
    )
    assert (reply.extent, reply.missing) == ("partly", "the price")


@pytest.mark.parametrize(
    "text",
    [
        "NOT_COVERED",
        " `NOT_COVERED`. ",
        '{"coverage": "none", "sentences": [{"text": "But I know it."}], "missing": ""}',
    ],
)
def test_a_reply_may_decline(text: str) -> None:
    reply = parse_reply(text)
    assert reply.sentences == () and reply.extent == "none"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{" * 3000,
        '{"answer": "x"}',
        '{"coverage": 7, "sentences": "x"}',
        '{"coverage": "full", "sentences": [1, "x", null]}',
        '{"sentences": [{"text": 7, "passages": "1"}]}',
    ],
)
def test_what_makes_no_sense_says_nothing(text: str) -> None:
    assert parse_reply(text).sentences == ()


def test_a_reply_without_end_is_cut() -> None:
    sentence = {"text": "One more.", "passages": [1], "calculation": None}
    text = json.dumps({"coverage": "full", "sentences": [sentence] * 5000, "missing": ""})
    assert len(parse_reply(text).sentences) == MOST_SENTENCES


def test_marks_are_read_before_and_after_the_full_stop_in_lists_and_in_groups() -> None:
    text = "One thing holds [1]. Another holds. [2][3] A third, it holds [1, 4].\n\n- In a list【2】."
    assert split_sentences(text) == [
        ReplySentence("One thing holds.", (1,)),
        ReplySentence("Another holds.", (2, 3)),
        ReplySentence("A third, it holds.", (1, 4)),
        ReplySentence("In a list.", (2,)),
    ]


def test_only_square_brackets_are_marks() -> None:
    assert split_sentences("The shape (3, 1) fits (2).") == [ReplySentence("The shape (3, 1) fits (2).")]


def test_emphasis_is_taken_off_and_a_sign_between_numbers_is_not() -> None:
    said = [
        cited_sentence.text
        for cited_sentence in split_sentences(
            "***Nonsense*** is **one word. Or two** [1]. See *it*, `**kwargs`, 2 * 3 * 4."
        )
    ]
    assert said == ["Nonsense is one word.", "Or two.", "See it, `**kwargs`, 2 * 3 * 4."]
    for line in ("2 ** 3 is 8, 2**3**2 is 512.", "It takes *args and **kwargs.", "So {7e9 *2* 4 = GB} holds."):
        assert "".join(cited_sentence.text for cited_sentence in split_sentences(line)).count("*") == line.split("{")[
            0
        ].count("*")


@pytest.mark.parametrize("lead", ["Yes, ", "No. ", "Exactly: ", "True, "])
def test_a_yes_or_no_of_a_model_is_left_out(lead: str) -> None:
    assert [each.text for each in split_sentences(f"{lead}a key must be hashable [2].")] == ["A key must be hashable."]


def test_invisible_characters_are_taken_out() -> None:
    assert split_sentences("Us\u200be a\u202e set [1].") == [ReplySentence("Use a set.", (1,))]


def test_a_sentence_without_end_is_cut_in_either_form_and_keeps_its_marks() -> None:
    endless = "word " * 400
    plain = parse_reply(f"{endless}[2].")
    formed = parse_reply(json.dumps({"coverage": "full", "sentences": [{"text": endless, "passages": [2]}]}))
    for sentence in (*plain.sentences, *formed.sentences):
        assert len(sentence.text) <= LONGEST_SENTENCE and sentence.passages == (2,)


def test_one_text_of_many_sentences_counts_as_many() -> None:
    text = json.dumps({"coverage": "full", "sentences": [{"text": "So it is. " * 50, "passages": [1]}]})
    assert len(parse_reply(text).sentences) == MOST_SENTENCES


@pytest.mark.parametrize("begin", ["", '{"coverage": "full", "sentences": [{"text": "'])
@pytest.mark.parametrize("letter", ["x", "}", " ", ".", "A. ", "[", "{", "*a"])
def test_an_endless_reply_takes_little_time(begin: str, letter: str) -> None:
    begun = time.perf_counter()
    parse_reply(begin + letter * (100_000 // len(letter)))
    assert time.perf_counter() - begun < 1
