"""Compose an answer from short parts of the first passages, in at most 120 words.

1. Candidates are the gist, the facts and the sentences of the first passages. A sentence that begins with "This" or the
   like comes with the one before it.
2. A candidate's score combines its similarity to the question with its passage's score.
3. The best gist leads. Each further part scores well and differs from the parts before it (maximal marginal relevance),
   until the words are used up or the other candidates score too low.

`python -m benchmarks.ablations` prints what each part brings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from bot.answers.compose.citations import MORE, NoteQuote, is_summary, is_told
from bot.answers.compose.question_types import find_definition, find_sides
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import Hit, SearchResult
from bot.answers.index.words import overlap, stems
from bot.llm.base import Vector

MOST_WORDS = 120
"""The longest answer; with its sources, more doesn't fit a phone's screen."""

PASSAGES = 5
"""Passages that an answer draws on."""

NEAR_SCORE = 0.5
"""Share of the best passage's score from which on others are drawn on."""

PASSAGE_WEIGHT = 0.3
"""The weight of the passage's score in a candidate's score; its cosine has weight 1."""

HEADING_WEIGHT = 0.1
"""The weight of the similarity of the heading, or of a question that the passage answers."""

GIST_BONUS, FACT_BONUS = 0.12, 0.05
"""Gists and facts are written to answer; sentences are written to be read in their section."""

LEAD_HEADING = 1.0
"""The weight of the heading's similarity when the leading gist is chosen."""

LEAD_NAMED = 1.0
"""The bonus of a heading that has exactly the words of the question."""

LEAD_DEFINITION = 0.3
"""The bonus of a gist that defines the thing that was asked for."""

SIDE_BONUS = 0.1
"""For the first candidate that names one of two things to compare."""

LIKENESS_WEIGHT = 0.4
"""The penalty for similarity to the most similar chosen part."""

SAME = 0.8
"""Likeness from which on two parts say the same."""

FAR = 0.35
"""A candidate whose score is lower than the best one's by this much is off topic."""

FAR_ALONE = 0.25
"""The same in a group's own notes, where every line has another subject."""

MOST_BEFORE = 2
"""Sentences that come along before one that leans on them."""

LEANING = re.compile(
    r"^(?:this|that|these|those|it(?! is (?:\w+ ){1,3}(?:to|that)\b)|its|they|them|their|he|she|such|however|but"
    r"|so|and|or|nor|yet|then|also|otherwise|here|instead|both|neither|either"
    r"|likewise|similarly|conversely|thus|therefore|hence|again|another"
    r"|in contrast|for example|for instance|(?:in|by|with|at|after|from|for|to|without) (?:this|that|these|those|both)"
    r"|the (?:former|latter|same|other|others|following|above|warning|symptom|example))\b",
    re.IGNORECASE,
)
"""How a sentence begins whose subject stands before it."""

FRAGMENT = re.compile(
    r":\s*\[[^\[\]]+\]\([^()\s]*\)[.\s]*$|\b(?:[Tt]he following|[Aa]s follows|[Ss]ee below)\W*$"
    r"|^\*\*[^*]*\*\*\W*$|^[a-z]+ "
)
"""Text that says nothing by itself: a pointer to another place, a bold label, the rest of a list item."""

FEWEST_WORDS = 6
"""The shortest sentence that is shown alone; "Only storage is 4-bit." needs its neighbours."""

EXAMPLE = re.compile(r"\bexamples?\b|^show me\b", re.IGNORECASE)
"""Asks for an example."""


TWO_QUESTIONS = re.compile(
    r"\w\s*(?:[?;]\s*|[\s,]+(?:and|but|also|plus)\s+)(?:(?:and|but|also)\s+)*"
    r"(?:who|when|where|why|how|what|which|is|are|do|does|did|can|could|should|will)\b.*\w",
    re.IGNORECASE,
)
"""Asks two questions in one."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A possible part of an answer.

    Args:
        quotes: a statement, or a sentence with the ones before it that it needs.
        lead: its score as the answer's beginning; None unless it is a gist.
        vector: of the statement; None while there are no vectors.
    """

    quotes: tuple[NoteQuote, ...]
    score: float
    lead: float | None
    stems: frozenset[str]
    vector: Vector | None

    @property
    def text(self) -> str:
        """Return what it says."""
        return " ".join(quote.text for quote in self.quotes)

    @property
    def words(self) -> int:
        """Count its words."""
        return len(self.text.split())

    def likeness(self, other: Candidate) -> float:
        """Return how much two candidates say the same, up to 1."""
        if self.vector is not None and other.vector is not None:
            return float(np.dot(self.vector, other.vector))
        return overlap(self.stems, other.stems)


def choose(found: SearchResult, question: str, told: str = "", most: int = MOST_WORDS) -> list[NoteQuote]:
    """Choose the parts of an answer, in the order in which they are read.

    Args:
        question: the last turn by itself; `found` may have been searched with more.
        told: the answer that the turn follows up; its parts are shown last.
        most: words.
    """
    lowest = max((hit.score for hit in found.hits), default=0.0) * NEAR_SCORE
    nearest = -1
    if TWO_QUESTIONS.search(question):  # the words of one may hide the passage that is nearest to both
        nearest = max(range(len(found.hits)), key=lambda number: found.hits[number].cosine or 0.0, default=-1)
    hits = [
        (number, hit)
        for number, hit in enumerate(found.hits)
        if (number < PASSAGES or number == nearest) and hit.score >= lowest and not is_summary(hit.chunk)
    ]
    candidates = _score(found, hits or [*enumerate(found.hits[:1])], question)
    if told:
        candidates = _without_told(candidates, question, told)
    return _in_order(_select(candidates, find_sides(question), most, FAR))


def choose_own(found: SearchResult, numbers: Sequence[int]) -> list[NoteQuote]:
    """Choose from these hits, passages of a group's own notes that say what is asked, and from nothing else."""
    candidates = _score(found, [(number, found.hits[number]) for number in numbers[:PASSAGES]])
    return _in_order(_select(candidates, (), MOST_WORDS, FAR_ALONE))


def _score(found: SearchResult, hits: Sequence[tuple[int, Hit]], question: str = "") -> list[Candidate]:
    """Return the candidates of these hits with their scores.

    Args:
        question: the last turn by itself.
    """
    corrected = found.speller.correct(question)
    asked, definition, candidates = stems(corrected), find_definition(corrected), []
    for number, hit in hits:
        chunk, nearness = hit.chunk, _nearness(found, hit)
        heading = _heading_nearness(found, hit)
        of_passage = PASSAGE_WEIGHT * hit.score + HEADING_WEIGHT * heading
        defines = definition is not None and definition.match(chunk.gist) is not None
        lead = hit.score + LEAD_HEADING * heading + LEAD_DEFINITION * defines
        lead += LEAD_NAMED * (bool(asked) and stems(chunk.heading) == asked)
        first_fact = len(chunk.sentences) + bool(chunk.gist)
        for quotes in _read_statements(number, chunk):
            place, text = quotes[-1].position, quotes[-1].text
            is_gist = len(chunk.sentences) <= place < first_fact
            bonus = GIST_BONUS if is_gist else FACT_BONUS if place >= first_fact else 0.0
            candidates.append(
                Candidate(
                    quotes,
                    score=nearness[place] + of_passage + bonus,
                    lead=lead if is_gist else None,
                    stems=stems(text),
                    vector=hit.rows[place] if hit.rows is not None else None,
                )
            )
    return candidates


def _nearness(found: SearchResult, hit: Hit) -> list[float]:
    """Return how near each statement of a hit is to the question: by cosine, or by words while there are no vectors."""
    if found.vector is None or hit.rows is None:
        asked = stems(found.question)
        return [overlap(asked, stems(text)) for text in hit.chunk.statements]
    cosines: list[float] = (hit.rows[: len(hit.chunk.statements)] @ found.vector).tolist()
    return cosines


def _heading_nearness(found: SearchResult, hit: Hit) -> float:
    """Return how near the heading of a hit, or the nearest of its members' questions, is to the question."""
    if found.vector is None or hit.rows is None:
        return found.words.share(found.question, stems(f"{hit.chunk.title} {hit.chunk.heading}"))
    return float((hit.rows[len(hit.chunk.statements) :] @ found.vector).max())


def _read_statements(number: int, chunk: Chunk) -> list[tuple[NoteQuote, ...]]:
    """List what a passage can say: each statement that stands alone, others after those that they lean on."""
    quotes = [NoteQuote(number, place, text) for place, text in enumerate(chunk.statements)]
    text = " ".join(chunk.text.split())
    groups = []
    for place, quote in enumerate(quotes):
        first = place
        if place < len(chunk.sentences):
            if chunk.gist and _is_fragment(quote.text):
                continue
            while LEANING.match(quotes[first].text) and first > max(0, place - MOST_BEFORE):
                first -= 1
            together = " ".join(quote.text for quote in quotes[first : place + 1])
            if LEANING.match(together) or together not in text:
                continue
        groups.append(tuple(quotes[first : place + 1]))
    return groups or [(quote,) for quote in quotes]


def _is_fragment(sentence: str) -> bool:
    return FRAGMENT.search(sentence) is not None or len(sentence.split()) < FEWEST_WORDS


def _without_told(candidates: Sequence[Candidate], question: str, told: str) -> list[Candidate]:
    """Don't begin with a part of the last answer; leave such parts out if the turn asks for more."""
    is_new = [not is_told(candidate.quotes[-1].text, told) for candidate in candidates]
    if any(is_new) and (MORE.search(question) or EXAMPLE.search(question)):
        return [*compress(candidates, is_new)]
    return [
        candidate if is_unsaid else replace(candidate, lead=None)
        for candidate, is_unsaid in zip(candidates, is_new, strict=True)
    ]


def _select(candidates: Sequence[Candidate], sides: Sequence[frozenset[str]], most: int, far: float) -> list[Candidate]:
    """Choose the best gist, then what scores best and is least like what was chosen, until the words are used up."""
    chosen: list[Candidate] = []
    likeness = dict.fromkeys(candidates, 0.0)
    left, open_sides = most, [*sides]
    lowest = max((candidate.score for candidate in candidates), default=0.0) - far

    def worth(candidate: Candidate) -> float:
        names_side = any(not side.isdisjoint(candidate.stems) for side in open_sides)
        return candidate.score - LIKENESS_WEIGHT * likeness[candidate] + SIDE_BONUS * names_side

    while True:
        fitting = [
            candidate
            for candidate in candidates
            if candidate.words <= left and candidate.score >= lowest and likeness[candidate] < SAME
        ]
        if not fitting:
            return chosen
        leads = {candidate: candidate.lead for candidate in fitting if candidate.lead is not None and not chosen}
        part = max(leads, key=leads.__getitem__) if leads else max(fitting, key=worth)
        chosen.append(part)
        left -= part.words
        open_sides = [side for side in open_sides if side.isdisjoint(part.stems)]
        likeness = {candidate: max(like, candidate.likeness(part)) for candidate, like in likeness.items()}
        likeness[part] = 1.0


def _in_order(chosen: Sequence[Candidate]) -> list[NoteQuote]:
    """Put the parts of a passage together, its gist first; passages in the order in which they were chosen."""
    passages = [*dict.fromkeys(part.quotes[-1].hit for part in chosen)]
    parts = sorted(
        chosen, key=lambda part: (passages.index(part.quotes[-1].hit), part.lead is None, part.quotes[-1].position)
    )
    return [*dict.fromkeys(quote for part in parts for quote in part.quotes)]
