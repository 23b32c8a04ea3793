"""What a model replies, read as it arrives."""

from __future__ import annotations

import json
import time

import pytest

from bot.answers.model.reply import (
    LONGEST,
    LONGEST_SENTENCE,
    MOST_SENTENCES,
    Calculation,
    ReplyReader,
    ReplySentence,
    cited_sentences,
)

REPLY = {
    "coverage": "partly",
    "sentences": [
        {"text": "The shape (3, 1) is stretched.", "passages": [1, 2], "calculation": None},
        {"text": "So it takes 14 GB.", "passages": [3], "calculation": {"expression": "7e9 * 2 / 1e9", "unit": "GB"}},
    ],
    "missing": "the price",
}


def read(text: str, step: int = LONGEST) -> tuple[list[ReplySentence], ReplyReader]:
    reader = ReplyReader()
    said = [one for at in range(0, len(text), step) for one in reader.feed(text[at : at + step])]
    return [*said, *reader.end()], reader


@pytest.mark.parametrize("step", [1, 7, 100, LONGEST])
@pytest.mark.parametrize("fence", ["{}", "```json\n{}\n```", "<think>hm {{}}</think>{}"])
def test_a_structured_reply_is_read_in_pieces_of_any_size(step: int, fence: str) -> None:
    said, reader = read(fence.format(json.dumps(REPLY)), step)
    assert said == [
        ReplySentence("The shape (3, 1) is stretched.", (1, 2)),
        ReplySentence("So it takes 14 GB.", (3,), Calculation("7e9 * 2 / 1e9", "GB")),
    ]
    assert (reader.extent, reader.missing) == ("partly", "the price")


def test_a_sentence_is_known_before_the_reply_ends() -> None:
    reader = ReplyReader()
    text = json.dumps(REPLY)
    assert [one.text for one in reader.feed(text[: text.index("So it")])] == ["The shape (3, 1) is stretched."]


def test_a_reply_that_is_cut_off_keeps_what_was_whole() -> None:
    text = json.dumps(REPLY)
    said, reader = read(text[: text.index("So it")])
    assert [one.text for one in said] == ["The shape (3, 1) is stretched."] and reader.extent == "partly"


PLAIN = (
    "A shape (3, 1) is stretched [1][2]. It holds, e.g. for rows. [3] It takes more {7e9 * 2 / 1e9 = GB}. [3][4]\n\n"
    "- In a list【2】.\n- And again [1].\nMISSING: the price. And more."
)


@pytest.mark.parametrize("step", [1, 3, 20])
@pytest.mark.parametrize("before", ["", "<think>It is. So it is. Yes.</think>\n"])
def test_plain_text_is_read_sentence_by_sentence_in_pieces_of_any_size(step: int, before: str) -> None:
    whole, _ = read(before + PLAIN)
    said, reader = read(before + PLAIN, step)
    assert said == whole and len(said) == 5 and reader.missing == "the price. And more."
    early = ReplyReader()
    begun = [one for at in range(len(before) + 83) for one in early.feed((before + PLAIN)[at])]
    assert begun and begun == whole[: len(begun)]
    assert read("NOT_COVERED. It is. So it is. I know.", step)[0] == []


def test_plain_text_has_marks_a_sum_in_braces_and_a_last_line_on_what_is_missing() -> None:
    said, reader = read(
        "A shape (3, 1) is stretched [1][2]. It takes more {7e9 * 2 / 1e9 = GB}. [3]\nMISSING: the price"
    )
    assert said == [
        ReplySentence("A shape (3, 1) is stretched.", (1, 2)),
        ReplySentence("It takes more.", (3,), Calculation("7e9 * 2 / 1e9", "GB")),
    ]
    assert (reader.extent, reader.missing) == ("partly", "the price")


@pytest.mark.parametrize(
    "text",
    [
        "NOT_COVERED",
        " `NOT_COVERED`. ",
        '{"coverage": "none", "sentences": [{"text": "But I know it."}], "missing": ""}',
    ],
)
def test_a_reply_may_decline(text: str) -> None:
    said, reader = read(text)
    assert said == [] and reader.extent == "none"


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
    assert read(text)[0] == []


def test_a_reply_without_end_is_cut() -> None:
    sentence = {"text": "One more.", "passages": [1], "calculation": None}
    said, _ = read(json.dumps({"coverage": "full", "sentences": [sentence] * 5000, "missing": ""}))
    assert len(said) == MOST_SENTENCES


def test_marks_are_read_before_and_after_the_full_stop_in_lists_and_in_groups() -> None:
    text = "One thing holds [1]. Another holds. [2][3] A third, it holds [1, 4].\n\n- In a list【2】."
    assert cited_sentences(text) == [
        ReplySentence("One thing holds.", (1,)),
        ReplySentence("Another holds.", (2, 3)),
        ReplySentence("A third, it holds.", (1, 4)),
        ReplySentence("In a list.", (2,)),
    ]


def test_only_square_brackets_are_marks() -> None:
    assert cited_sentences("The shape (3, 1) fits (2).") == [ReplySentence("The shape (3, 1) fits (2).")]


def test_emphasis_is_taken_off_and_a_sign_between_numbers_is_not() -> None:
    said = [
        cited_sentence.text
        for cited_sentence in cited_sentences(
            "***Nonsense*** is **one word. Or two** [1]. See *it*, `**kwargs`, 2 * 3 * 4."
        )
    ]
    assert said == ["Nonsense is one word.", "Or two.", "See it, `**kwargs`, 2 * 3 * 4."]
    for line in ("2 ** 3 is 8, 2**3**2 is 512.", "It takes *args and **kwargs.", "So {7e9 *2* 4 = GB} holds."):
        assert "".join(cited_sentence.text for cited_sentence in cited_sentences(line)).count("*") == line.split("{")[
            0
        ].count("*")


@pytest.mark.parametrize("step", [1, 7, 500])
def test_emphasis_over_two_sentences_is_taken_off_while_they_come_too(step: int) -> None:
    text = "Two are apart. **One is bold [1]. So is this.** It is **never closed. It ends."
    reader = ReplyReader()
    said = [one for at in range(0, len(text), step) for one in reader.feed(text[at : at + step])] + [*reader.end()]
    told = ["Two are apart.", "One is bold.", "So is this.", "It is **never closed.", "It ends."]
    assert [one.text.replace(" .", ".") for one in said] == told


def test_invisible_characters_are_taken_out() -> None:
    assert cited_sentences("Us\u200be a\u202e set [1].") == [ReplySentence("Use a set.", (1,))]


def test_a_sentence_without_end_is_cut_in_either_form_and_keeps_its_marks() -> None:
    endless = "word " * 400
    plain, _ = read(f"{endless}[2].")
    formed, _ = read(json.dumps({"coverage": "full", "sentences": [{"text": endless, "passages": [2]}]}))
    assert [len(one.text) <= LONGEST_SENTENCE and one.passages for one in (*plain, *formed)] == [(2,), (2,)]


def test_one_text_of_many_sentences_counts_as_many() -> None:
    said, _ = read(json.dumps({"coverage": "full", "sentences": [{"text": "So it is. " * 50, "passages": [1]}]}))
    assert len(said) == MOST_SENTENCES


@pytest.mark.parametrize("begin", ["", '{"coverage": "full", "sentences": [{"text": "'])
@pytest.mark.parametrize("letter", ["x", "}", " ", ".", "A. "])
def test_a_reply_in_endless_small_pieces_takes_little_time(begin: str, letter: str) -> None:
    begun = time.perf_counter()
    read(begin + letter * (100_000 // len(letter)), 1)
    assert time.perf_counter() - begun < 1
