"""Answers made of gists: which passages speak, in which order, and which sentence fills what is left of an answer.

The numbers were chosen on the questions for tuning of facts.yaml in `benchmarks/questions`; `docs/evaluation.md` has
the figures.

Whether a question asks for what always holds, and which sentences say where something does not. Pure.

A passage says what is so, and in one of its sentences under which condition. To "do two replicas always give four
nines" an answer without that sentence is a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers.compose.cited_notes import MORE, beyond, is_told, new_first
from bot.answers.compose.extract import (
    LEANING,
    Extractor,
    NoteQuote,
    QuoteCandidate,
    is_summary,
    near_hits,
    says_the_same,
)
from bot.answers.compose.opening import begins_with
from bot.answers.compose.question_types import wish
from bot.answers.compose.values import is_own
from bot.answers.index.retrieval import Hit, Index, SearchResult
from bot.answers.index.words import content, overlap, stem, stems, words

ALWAYS = re.compile(
    r"(?:^|[.,;:!?]\s+|\b(?:so|and|but|or|then|ok|okay|hm+|well|if)\s+)"
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|must|has|have)(?:n['’]?t)?\b"
    r"(?!\s+there (?:an?|any)\b)[^?.!]*?"
    r"\b(?:always|never|ever|every|any|all|guarantee[sd]?|surely|certain(?:ly)?|for sure|enough|completely|entirely"
    r"|fully|perfect(?:ly)?|no matter|necessarily|100 ?%)(?!\w)",
    re.IGNORECASE,
)

"""Asks yes or no of all cases, or for one exception: "can a cache ever be wrong"."""

LIMIT = re.compile(
    r"\btempting\b|\bonly (?:if|when|where|while|until|as long as)\b|\b(?:holds?|works?|helps?|counts?) only\b"
    r"|\bunless\b|\b(?:as|so) long as\b|\bprovided that\b|\bdepends?\b|\bdiminish\w*\b"
    r"|\b(?:do|does|is|are|was|can|may|might|will|would|has|have) not\b|\bnot (?:always|all|every|only)\b"
    r"|\bcannot\b|\w+n['’]t\b|\bneither\b|\bno (?:guarantee|proof|promise)\b|\b(?:hardly|seldom|rarely)\b"
    r"|\b(?:can|may|might|could) (?:also|still|even|hurt|fail|miss|differ)\b"
    r"|\b(?:fails?|worse|hurts?|nonsense|misses|useless|behind)\b",
    re.IGNORECASE,
)

"""Says where something ends: a condition, a denial, a harm."""

PURPOSE = re.compile(r"\b(?:so that|in order|that (?:cannot|(?:do|does|is|are) not))\b[^,;:.]*", re.IGNORECASE)

"""Denies nothing of what its sentence says: "so that it does not forget", "the half that cannot hold it"."""

SHARE = 0.7

"""Of the score of the best sentence: what is further off limits something else."""


def asks_always(question: str) -> bool:
    """Say whether a question asks yes or no of all cases: "is X always Y", "can X ever Y"."""
    return ALWAYS.search(" ".join(question.split())) is not None


def limits(sentence: str) -> bool:
    """Say whether a sentence says where something does not hold."""
    return LIMIT.search(PURPOSE.sub("", sentence)) is not None


MOST_WORDS = 120

"""Of an answer: more does not fit a phone's screen with what it rests on."""

MOST_PARTS = 3

"""Passages that speak. The rank of a passage says more than how near its gist is to the question: ordered by cosine,
or by cosine and rank together, gists held .02 to .05 fewer of the facts."""

PASSAGES = 4

"""Passages that are looked at: summaries have no gist and are passed over."""

FAR = 0.4

"""A passage below this share of the best one's score has a word of the question and not its subject: without those,
answers hold as many facts of *tune* as with them, .820; .5 loses .007."""

DEFINING_SHARE = 0.75

"""A gist that begins with what was asked for goes first if its passage reaches this share of the best score."""

DEFINES_NOTHING = re.compile(r"\b(?:mistakes|worked|by hand|in numbers)\b", re.IGNORECASE)

"""In a heading: such a passage begins with what it is about and says something else of it."""

FIGURE = re.compile(r"\d")

"""A question with a number wants a computed one, and gists leave worked examples out: with the best sentence that has a
number after the first gist, .89 instead of .83 of the facts of such questions."""

EXAMPLE = re.compile(r"\bexamples?\b|^show me\b", re.IGNORECASE)

FEWEST_MORE = 6

"""Words of a sentence that fills what is left: a shorter one says little beside a gist."""

TOLD = 0.5

"""Share of a sentence's words that a gist has which says the same in fewer, among others."""

BEFORE_SUBJECT = 3

"""Words that may stand before the subject of a definition, or in it: "The Hugging Face Hub is ..."."""


class Composer:
    """Chooses what an answer says: gists of the best passages, or sentences where there are none."""

    def __init__(self, index: Index) -> None:
        self._extractor = Extractor(index)

    def choose(self, found: SearchResult, question: str, told: str = "", most: int = MOST_WORDS) -> list[NoteQuote]:
        """Choose gists, and sentences of passages without one or whose gist is too long for what is left.

        Args:
            question: the last turn by itself; `found` may have been searched with more.
            told: the answer that the turn goes on with: what it has shown gives way to what it has not.
            most: words.
        """
        wants_new = bool(told) and MORE.search(question) is not None
        chosen = self._choose(found, question, told, most, wants_new=wants_new)
        # "an example?" of an answer that has shown everything
        if told and not wants_new and all(is_told(quote.text, told) for quote in chosen):
            chosen = self._choose(found, question, told, most, wants_new=True)
        return chosen or self._choose(found, question, "", most)

    def _choose(
        self, found: SearchResult, question: str, told: str, most: int, *, wants_new: bool = False
    ) -> list[NoteQuote]:
        hits = found.hits[:PASSAGES]
        if not any(hit.chunk.gist for hit in hits[:MOST_PARTS]):
            return self._extractor.choose(found, question)
        wanted = wish(question)
        sentences = self._extractor.candidates(found, wanted, question, hits)
        if wants_new:
            sentences = [sentence for sentence in sentences if not is_told(sentence.quote.text, told)]
            if EXAMPLE.search(question):  # what was told in general is told in numbers, where it is
                sentences = sorted(sentences, key=lambda sentence: FIGURE.search(sentence.quote.text) is None)
            hits = beyond(hits, told)
        worth = FAR * hits[0].score
        speaking = [n for n, hit in enumerate(hits) if not is_summary(hit.chunk) and (n == 0 or hit.score >= worth)]
        if is_own(hits[0].chunk.note):  # its fellows share a word with it more often than its subject
            near = near_hits(found)
            speaking = [number for number in speaking if any(hits[number] is candidate for candidate in near)]
        if wanted.kind == "what":
            speaking = _definition_first(speaking, found)
        if told:
            speaking = new_first(speaking, hits, told)
        turns = _turns(speaking[:MOST_PARTS], hits, sentences, is_sum=FIGURE.search(question) is not None)
        chosen = _parts(turns, most)
        limit = _limit(speaking[:MOST_PARTS], sentences) if asks_always(question) else None
        if limit is not None and not any(_tells(candidate, limit) for candidate in chosen):
            return [
                candidate.quote for candidate in _behind_its_gist(_parts(turns, most - _length(limit), [limit]), limit)
            ]
        return [candidate.quote for candidate in _with_one_more(chosen, sentences, most - sum(map(_length, chosen)))]

    def own(self, found: SearchResult, question: str, numbers: Sequence[int]) -> list[NoteQuote]:
        """Choose from these hits, passages of a group's own notes that say what is asked, and from nothing else."""
        hits = [found.hits[number] for number in numbers[:MOST_PARTS]]
        chosen = self._extractor.choose(replace(found, hits=tuple(hits)), question, fewest=1)
        return [replace(quote, hit=numbers[quote.hit]) for quote in chosen]


def _turns(
    speaking: Sequence[int], hits: Sequence[Hit], sentences: Sequence[QuoteCandidate], *, is_sum: bool
) -> list[list[QuoteCandidate]]:
    """List what each part of an answer may be, the best first; where a sum is asked, the second is a worked one."""
    turns = [_said(number, hits[number], sentences) for number in speaking]
    alone = (sentence for sentence in sentences if not LEANING.match(sentence.quote.text))
    worked = next((candidate for candidate in alone if FIGURE.search(candidate.quote.text)), None)
    return [*turns[:1], [worked], *turns[1:]] if is_sum and worked is not None else turns


def _definition_first(speaking: Sequence[int], found: SearchResult) -> list[int]:
    """Put a passage first whose gist begins with what a question asks for: it says what that is."""
    subject = [stem(word) for word in content(found.question)]

    def defines(number: int) -> bool:
        hit = found.hits[number]
        opening = [stem(word) for word in words(hit.chunk.gist)[: len(subject) + BEFORE_SUBJECT]]
        if DEFINES_NOTHING.search(hit.chunk.heading):
            return False
        is_of_it = set(subject) <= set(opening) or begins_with(hit.chunk.heading, found.question)
        return hit.score >= DEFINING_SHARE * found.hits[0].score and is_of_it

    first = next(filter(defines, speaking[:MOST_PARTS]), None)
    return [*speaking] if first is None else [first, *(number for number in speaking if number != first)]


def _said(number: int, hit: Hit, sentences: Sequence[QuoteCandidate]) -> list[QuoteCandidate]:
    """List what a passage may say in an answer: its gist, or else a sentence, the best first."""
    own = [sentence for sentence in sentences if sentence.quote.hit == number]
    own = [candidate for candidate in own if not LEANING.match(candidate.quote.text)] or ([] if hit.chunk.gist else own)
    if not hit.chunk.gist:
        return own
    position = len(hit.chunk.sentences)
    vector = hit.rows[position] if hit.rows is not None else None
    return [QuoteCandidate(NoteQuote(number, position, hit.chunk.gist), hit.score, stems(hit.chunk.gist), vector), *own]


def _with_one_more(
    chosen: Sequence[QuoteCandidate], sentences: Sequence[QuoteCandidate], left: int
) -> list[QuoteCandidate]:
    """Return what was chosen and, where one fits, the best sentence more of a passage that speaks, behind its gist.

    Answers hold .840 instead of .830 of the facts of *tune* with it, in seven words more; with two .841.
    """
    spoken = [candidate.quote.hit for candidate in chosen]
    more = next(
        (
            sentence
            for sentence in sentences
            if sentence.quote.hit in spoken and _is_further(sentence) and _length(sentence) <= left
            if not _is_said(sentence, chosen) and not any(sentence.quote.text in other.quote.text for other in chosen)
        ),
        None,
    )
    return [*chosen] if more is None else _behind_its_gist(chosen, more)


def _behind_its_gist(chosen: Sequence[QuoteCandidate], more: QuoteCandidate) -> list[QuoteCandidate]:
    """Put a sentence behind what its passage has said, or last."""
    spoken = [candidate.quote.hit for candidate in chosen]
    behind = len(spoken) - spoken[::-1].index(more.quote.hit) if more.quote.hit in spoken else len(spoken)
    return [*chosen[:behind], more, *chosen[behind:]]


def _limit(speaking: Sequence[int], sentences: Sequence[QuoteCandidate]) -> QuoteCandidate | None:
    """Return the best sentence of passages that speak which says where something does not hold; None for none."""
    worth = (
        sentence
        for sentence in sentences
        if sentence.quote.hit in speaking and sentence.score >= SHARE * sentences[0].score
    )
    return next((candidate for candidate in worth if limits(candidate.quote.text) and _is_further(candidate)), None)


def _parts(
    turns: Sequence[Sequence[QuoteCandidate]], most: int, beside: Sequence[QuoteCandidate] = ()
) -> list[QuoteCandidate]:
    """Take the best of each part that fits in what is left of so many words and is not said yet, nor beside them."""
    chosen: list[QuoteCandidate] = []
    for candidates in turns:
        left = most - sum(map(_length, chosen))
        part = next(
            (
                candidate
                for candidate in candidates
                if _length(candidate) <= left and not _is_said(candidate, [*beside, *chosen])
            ),
            None,
        )
        chosen += [part] if part is not None else []
    return chosen


def _length(candidate: QuoteCandidate) -> int:
    return len(candidate.quote.text.split())


def _is_further(candidate: QuoteCandidate) -> bool:
    """Say whether a sentence says something beside gists, and by itself."""
    return _length(candidate) >= FEWEST_MORE and LEANING.match(candidate.quote.text) is None


def _tells(gist: QuoteCandidate, candidate: QuoteCandidate) -> bool:
    """Say whether a gist says, among other things, what a sentence says."""
    return says_the_same(candidate, gist) or overlap(candidate.stems, gist.stems) >= TOLD


def _is_said(candidate: QuoteCandidate, chosen: Sequence[QuoteCandidate]) -> bool:
    return any(says_the_same(candidate, other) for other in chosen)
