"""The uncased WordPiece tokenizer of BERT, in plain Python.

Source: https://github.com/google-research/bert/blob/master/tokenization.py (Apache-2.0), 2018-10-31; written anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

LONGEST_WORD = 100
"""Characters; the reference gives a longer word up as unknown."""

CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


def is_cjk(char: str) -> bool:
    """Say whether a character is an ideograph, which stands alone as a token."""
    return any(low <= ord(char) <= high for low, high in CJK)


def is_punctuation(char: str) -> bool:
    """Say whether BERT splits at a character: Unicode punctuation and every ASCII symbol."""
    return unicodedata.category(char).startswith("P") or (char.isascii() and char.isprintable() and not char.isalnum())


def split_words(text: str) -> Iterator[str]:
    """Yield lower-case words without accents; punctuation and ideographs are words of their own."""
    word: list[str] = []
    for char in unicodedata.normalize("NFD", _clean(text).lower()):
        if unicodedata.category(char) == "Mn":
            continue
        is_alone = char != " " and (is_punctuation(char) or is_cjk(char))
        if (char == " " or is_alone) and word:
            yield "".join(word)
            word.clear()
        if is_alone:
            yield char
        elif char != " ":
            word.append(char)
    if word:
        yield "".join(word)


def _clean(text: str) -> str:
    """Turn white space into blanks and drop control characters."""
    out: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if char in "\t\n\r" or category == "Zs":
            out.append(" ")
        elif not category.startswith("C") and char != "�":
            out.append(char)
    return "".join(out)


class WordPiece:
    """Turns text into the token numbers of a vocabulary file."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {token: number for number, token in enumerate(lines)}
        self.pad, self.unknown, self.start, self.end = (
            self._ids[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
        )

    def encode(self, text: str, limit: int) -> list[int]:
        """Return the token numbers of a text, opened and closed, at most `limit` of them."""
        ids: list[int] = []
        for word in split_words(text):
            ids += self._split_word(word)
            if len(ids) >= limit - 2:
                break
        return [self.start, *ids[: limit - 2], self.end]

    def _split_word(self, word: str) -> list[int]:
        """Cut a word into the longest pieces the vocabulary has, from the left."""
        if len(word) > LONGEST_WORD:
            return [self.unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                token = self._ids.get(mark + word[start:end])
                if token is not None:
                    pieces.append(token)
                    start = end
                    break
            else:
                return [self.unknown]
        return pieces
