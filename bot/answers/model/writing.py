"""Answers that a model writes from the passages that it is shown, vetoed by code and judged by a second call."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answers.compose.citations import Quotes
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit
from bot.answers.index.sentences import without_links
from bot.answers.index.words import overlap, stem, stems, words
from bot.answers.model import vetoes
from bot.answers.model.calculation import POINTS, Computation, compute, compute_equation
from bot.answers.model.prompts import (
    LONGEST_QUESTION,
    PASSAGES,
    ShownPassage,
    judge_prompt,
    one_line,
    show_passages,
    write_prompt,
    write_quoting_prompt,
)
from bot.answers.model.replies import LONGEST, Extent, ReplySentence, WriterReply, list_items, parse_reply, strip_reply
from bot.base.arithmetic import read_numbers
from bot.llm.base import ChatModel, ChatUnavailable, Prompt, Usage
from bot.llm.metered import count_most, reserved

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
    """A judge's verdict on a sentence.

    Args:
        words: the supporting words of the passages, as the judge copied them.
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


AnswerCheck = Literal["judge", "quotes"]
"""How a model's answer is kept true: judged by a second call, or chosen from the notes' own sentences."""

LONGEST_ANSWER = 120
"""Words of an answer that are shown, whole sentences of it: a screen of a phone, and twice what is asked for."""

OWN_WORDS = 0.6
"""Share of the words on what is missing that the question must have: what else they say is the model's own."""

MOST_CHOSEN = 8
"""Sentences of the notes that an answer of the check "quotes" shows."""

_ID = re.compile(r"\b(\d{1,2})\.(\d{1,3})\b")

LEANING = re.compile(
    r"^\W*(?:it|its|they|their|this|that|these|those|such|but|however|so|then|also|only|unless|otherwise|instead|yet)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with the one before it, and says something else without it."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A model's reply after the check.

    Args:
        sentences: those that passed, in their order, each with its support.
        missing: the part of the question that the notes don't answer, in its own words; it may be empty.
        is_whole: whether the model answers the whole question and nothing was dropped.
        usage: tokens of all requests; None if the service didn't report them.
    """

    sentences: tuple[tuple[str, Quotes], ...]
    extent: Extent | None = None
    missing: str = ""
    is_whole: bool = False
    usage: Usage | None = None


class Writer:
    """Asks a model and shows only what holds of its reply."""

    def __init__(self, chat: ChatModel, check: AnswerCheck = "judge") -> None:
        self._chat = chat
        self._check = check

    async def write(self, turns: Sequence[str], hits: Sequence[Hit]) -> WrittenAnswer:
        """Return what holds of a model's reply.

        Raises:
            ChatUnavailable: there is no reply.
        """
        return await (self._quote(turns, hits) if self._check == "quotes" else self._write(turns, hits))

    async def _write(self, turns: Sequence[str], hits: Sequence[Hit]) -> WrittenAnswer:
        passages = show_passages(hits)
        checker, prompt = ReplyChecker(turns, passages), write_prompt(turns, passages)
        async with reserved(count_most(prompt) + checker.count_most()):
            completion = await self._chat.complete(prompt)
            reply, usage = parse_reply(completion.text), completion.usage
            checked = checker.check(reply)
            if not checked:
                return WrittenAnswer((), reply.extent, usage=usage)
            try:
                judged = await self._chat.complete(checker.prompt(checked))
            except ChatUnavailable:
                return WrittenAnswer((), usage=usage)
        return replace(checker.finish(reply, checked, judged.text, hits), usage=_add(usage, judged.usage))

    async def _quote(self, turns: Sequence[str], hits: Sequence[Hit]) -> WrittenAnswer:
        prompt = write_candidates_prompt(turns, hits)
        async with reserved(count_most(prompt)):
            completion = await self._chat.complete(prompt)
        chosen = read_choice(completion.text, hits)
        return WrittenAnswer(tuple(fit(chosen)), None, is_whole=True, usage=completion.usage)


class ReplyChecker:
    """Holds one reply against the passages that its writer was shown."""

    def __init__(self, turns: Sequence[str], passages: Sequence[ShownPassage]) -> None:
        self._turns = turns
        self._question = one_line(turns[-1])
        self._passages = passages
        asked = " ".join(turn[:LONGEST_QUESTION] for turn in turns[-3:])
        self._asked = asked
        texts = " ".join([asked, *(f"{passage.name} {passage.text}" for passage in passages)])
        self._words = frozenset(map(stem, words(texts)))

    def count_most(self) -> int:
        """Return the greatest number of tokens that judging a reply may take."""
        naming_all = {1: CheckedSentence("", tuple(range(1, len(self._passages) + 1)))}
        return count_most(write_judge_prompt(self._question, naming_all, self._passages)) + LONGEST // 3

    def check(self, reply: WriterReply) -> dict[int, CheckedSentence]:
        """Return the sentences that no veto holds back, by their number from 1, with computed calculations."""
        checked: dict[int, CheckedSentence] = {}
        results: list[float] = []
        for number, sentence in enumerate(reply.sentences, 1):
            if (passed := self._check(sentence, results)) is not None:
                checked[number] = passed
                results += [passed.line.result] if passed.line is not None else []
        return checked

    def _check(self, sentence: ReplySentence, results: Collection[float]) -> CheckedSentence | None:
        """Return a sentence with its computed calculation; None if a veto holds it back.

        Args:
            results: of the calculations before it.
        """
        named = tuple(dict.fromkeys(sentence.passages))
        if not stems(sentence.text) or not named or not all(1 <= number <= len(self._passages) for number in named):
            return None
        held = " ".join(f"{passage.name} {passage.text}" for passage in self._of(named))
        known = {*read_numbers(held), *read_numbers(self._asked), *results}
        asked = sentence.calculation
        line = compute(asked, known, self._words) if asked is not None else compute_equation(sentence.text, known)
        if line is None and asked is not None and POINTS.search(sentence.text):
            return None
        checked = CheckedSentence(sentence.text, named, line)
        has_number = vetoes.adds_number(sentence.text, held, lambda number: number in known or checked.holds(number))
        return None if has_number or vetoes.adds_link(sentence.text, held) else checked

    def prompt(self, checked: Mapping[int, CheckedSentence]) -> Prompt:
        """Write the judge's prompt."""
        return write_judge_prompt(self._question, checked, self._passages)

    def finish(
        self, reply: WriterReply, checked: Mapping[int, CheckedSentence], judged: str, hits: Sequence[Hit]
    ) -> WrittenAnswer:
        """Return what the judge's reply and the passages show of a reply.

        A sentence that goes on with one that is dropped is dropped as well.
        """
        verdicts = parse_verdicts(judged)
        kept: list[tuple[str, Quotes]] = []
        is_dropped = False
        for number in range(1, len(reply.sentences) + 1):
            sentence = checked.get(number)
            quotes: Quotes = ()
            if sentence is not None and not (is_dropped and LEANING.match(sentence.text)):
                quotes = find_support(sentence, verdicts.get(number), self._passages, hits, self._asked)
            is_dropped = not quotes
            if sentence is not None and quotes:
                kept.append((sentence.shown, quotes))
        is_whole = reply.extent != "partly" and len(kept) == len(reply.sentences)
        return WrittenAnswer(tuple(fit(kept)), reply.extent, find_missing(reply.missing, self._turns), is_whole)

    def _of(self, numbers: Collection[int]) -> list[ShownPassage]:
        return [self._passages[number - 1] for number in numbers]


def fit(parts: Sequence[tuple[str, Quotes]], before: Sequence[tuple[str, Quotes]] = ()) -> list[tuple[str, Quotes]]:
    """Return as many parts as an answer has words for, the first in any case, each once and none of those before."""
    kept = [*before]
    for text, quotes in parts:
        if tuple(words(text)) in {tuple(words(other)) for other, _ in kept}:
            continue
        if kept and sum(len(other.split()) for other, _ in kept) + len(text.split()) > LONGEST_ANSWER:
            break
        kept.append((text, quotes))
    return kept[len(before) :]


def find_missing(text: str, turns: Sequence[str]) -> str:
    """Return what a model finds missing if it says so in the question's words, otherwise nothing."""
    asked = " ".join(turn[:LONGEST_QUESTION] for turn in turns[-3:])
    wanted = stems(text)
    is_own = overlap(wanted, stems(asked)) < OWN_WORDS or not read_numbers(text) <= read_numbers(asked)
    return "" if is_own or vetoes.FOREIGN.search(text) or len(text) > 120 else text.rstrip(". ")


def _add(first: Usage | None, second: Usage | None) -> Usage | None:
    if first is None or second is None:
        return first or second
    return Usage(first.prompt + second.prompt, first.completion + second.completion)


def write_candidates_prompt(turns: Sequence[str], hits: Sequence[Hit]) -> Prompt:
    """Write a prompt with every statement of the first passages, each with an id: passage.statement, from 1."""
    chunks = [hit.chunk for hit in hits[:PASSAGES]]
    named = [(f"{chunk.title}: {chunk.heading}", [*map(without_links, chunk.statements)]) for chunk in chunks]
    return write_quoting_prompt(turns, named)


def read_choice(text: str, hits: Sequence[Hit]) -> list[tuple[str, Quotes]]:
    """Return the chosen statements in the order of the reply, each once; ids that don't exist are passed over."""
    chosen: dict[str, Quotes] = {}
    for match in _ID.finditer(strip_reply(text)):
        hit, place = int(match[1]) - 1, int(match[2]) - 1
        if 0 <= hit < min(PASSAGES, len(hits)) and 0 <= place < len(hits[hit].chunk.statements):
            statement = hits[hit].chunk.statements[place]
            chosen.setdefault(statement, ((hit, statement),))
    return [*chosen.items()][:MOST_CHOSEN]
