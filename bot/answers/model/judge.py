"""Judge a reply's sentences with a second call of the same model.

The judge is asked for the words of the passages that show a sentence. Code looks them up: a verdict without words that
stand in the passages, or whose words lack something of the sentence, counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answers.compose.citations import Quotes
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit
from bot.answers.index.words import overlap, stems, words
from bot.answers.model import vetoes
from bot.answers.model.calculation import Computation
from bot.answers.model.prompts import ShownPassage, judge_prompt
from bot.answers.model.replies import list_items, strip_reply
from bot.llm.base import Prompt

FEWEST_COPIED = 3
"""Words that a judge must copy for a sentence: fewer stand everywhere and show nothing."""

MOST_QUOTES = 2
"""Sentences of the notes that stand as sources of one sentence."""

_GAP = re.compile(r"\.{3}|…|\n")
_EDGES = " .,;:!?\"'()[]-"
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "`": None, "*": None, "|": " "})


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a reply that no veto holds back, with its computed calculation.

    Args:
        passages: that it names, from 1; each exists.
    """

    text: str
    passages: tuple[int, ...]
    line: Computation | None = None

    @property
    def shown(self) -> str:
        """Return the sentence as people read it."""
        if self.line is None or not self.line.text:
            return self.text
        return f"{self.text.rstrip('.')} ({self.line.text})."

    def holds(self, number: float) -> bool:
        """Say whether its calculation has a number."""
        return self.line is not None and self.line.holds(number)


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """What a judge says of a sentence.

    Args:
        words: of the passages, as the judge copied them.
    """

    verdict: str
    words: tuple[str, ...]


def write_judge_prompt(
    question: str, checked: Mapping[int, CheckedSentence], passages: Sequence[ShownPassage]
) -> Prompt:
    """Write the judge's prompt: the sentences by their numbers in the reply, and the passages that they name."""
    named = sorted({number for sentence in checked.values() for number in sentence.passages})
    sentences = [
        {"number": number, "text": sentence.text, "passages": list(dict.fromkeys(sentence.passages))}
        | ({"calculation": sentence.line.text} if sentence.line is not None and sentence.line.text else {})
        for number, sentence in checked.items()
    ]
    return judge_prompt(question, {number: passages[number - 1] for number in named}, sentences)


def parse_verdicts(text: str) -> Mapping[int, JudgedSentence]:
    """Read a judge's reply, whole or cut off, by the number of the sentence; the first verdict on each counts."""
    verdicts: dict[int, JudgedSentence] = {}
    for item in list_items(strip_reply(text), "verdicts"):
        number, verdict, copied = item.get("sentence"), item.get("verdict"), item.get("words")
        if type(number) is int and isinstance(verdict, str):
            pieces = tuple(piece for piece in copied if isinstance(piece, str)) if isinstance(copied, list) else ()
            verdicts.setdefault(number, JudgedSentence(verdict.strip().lower(), pieces))
    return verdicts


def find_support(
    sentence: CheckedSentence,
    judged: JudgedSentence | None,
    passages: Sequence[ShownPassage],
    hits: Sequence[Hit],
    asked: str = "",
) -> Quotes:
    """Return the sentences of the notes that show a sentence; nothing if it isn't shown to be so.

    Args:
        asked: the question, whose numbers and names the sentence may repeat.
    """
    if judged is None or judged.verdict != "supported":
        return ()
    pieces = [piece for copied in judged.words for piece in _GAP.split(copied) if plain(piece)]
    places = [
        (number, piece) for piece in pieces for number in sentence.passages if _stands_in(piece, passages[number - 1])
    ]
    names = dict.fromkeys(passages[number - 1].name for number, _ in places)
    held = " \n ".join([*(piece for _, piece in places), *names])
    copied = sum(len(words(piece)) for piece in dict.fromkeys(piece for _, piece in places))
    if copied < FEWEST_COPIED or not _is_held(sentence, held, asked):
        return ()
    quotes = [(number - 1, quote) for number, piece in places for quote in _quotes(hits[number - 1].chunk, piece)]
    return tuple(dict.fromkeys(quotes))[:MOST_QUOTES]


def plain(text: str) -> str:
    """Return a text for comparison: spaces, case, typographic signs, Markdown and punctuation at its ends are gone."""
    return " ".join(text.translate(_PLAIN).split()).casefold().strip(_EDGES)


def _stands_in(piece: str, passage: ShownPassage) -> bool:
    return plain(piece) in plain(f"{passage.name}\n{passage.text}")


def _is_held(sentence: CheckedSentence, held: str, asked: str) -> bool:
    return not (
        stems(sentence.text).isdisjoint(stems(held))
        or vetoes.adds_number(sentence.text, f"{held}\n{asked}", sentence.holds)
        or vetoes.adds_negation(sentence.text, held)
        or vetoes.adds_name(sentence.text, f"{held}\n{asked}")
    )


def _quotes(chunk: Chunk, piece: str) -> list[str]:
    """Return the statements of a passage that have a piece of it, or that it has; else the nearest by words."""
    wanted = plain(piece)
    has = [text for text in chunk.statements if wanted in plain(text) or plain(text) in wanted]
    return has[:MOST_QUOTES] or [max(chunk.statements, key=lambda text: overlap(stems(piece), stems(text)))]
