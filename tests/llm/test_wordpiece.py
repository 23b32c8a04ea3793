"""The tokenizer of the embedded model."""

from __future__ import annotations

from bot.llm.embedded import FOLDER, VOCABULARY_FILE, WordPiece, split_words

TOKENS = (FOLDER / VOCABULARY_FILE).read_text(encoding="utf-8").splitlines()
WORDS = WordPiece(FOLDER / VOCABULARY_FILE)


def pieces(text: str, limit: int = 256) -> list[str]:
    return [TOKENS[number] for number in WORDS.encode(text, limit)]


def test_words_are_lower_case_without_accents_and_punctuation_stands_alone() -> None:
    assert list(split_words("Café, RÉSUMÉ\tnaïve!")) == ["cafe", ",", "resume", "naive", "!"]


def test_every_ascii_symbol_splits_as_the_reference_does() -> None:
    assert list(split_words("a+b=$c`d")) == ["a", "+", "b", "=", "$", "c", "`", "d"]


def test_ideographs_are_words_of_their_own_and_control_characters_vanish() -> None:
    assert list(split_words("中文\x00 a\u200bb")) == ["中", "文", "ab"]


def test_a_word_is_cut_into_the_longest_known_pieces() -> None:
    assert pieces("Embeddings, tokenization") == [
        "[CLS]",
        "em",
        "##bed",
        "##ding",
        "##s",
        ",",
        "token",
        "##ization",
        "[SEP]",
    ]


def test_an_endless_word_and_an_unknown_sign_are_unknown() -> None:
    assert pieces("x" * 101) == ["[CLS]", "[UNK]", "[SEP]"]
    assert pieces("☃") == ["[CLS]", "[UNK]", "[SEP]"]


def test_a_long_text_is_cut_and_still_closed() -> None:
    ids = WORDS.encode("word " * 1000, 256)
    assert len(ids) == 256
    assert (ids[0], ids[-1]) == (WORDS.start, WORDS.end) == (101, 102)


def test_an_empty_text_is_only_its_marks() -> None:
    assert pieces("") == ["[CLS]", "[SEP]"]
