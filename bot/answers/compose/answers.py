"""A question answered from the notes, with citations that were checked, or declined.

What is said where the notes do not answer: that they do not, what to name, and which word may have been meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.answers.compose import citations, composer, coverage
from bot.answers.compose import turns as conversation
from bot.answers.compose.citations import NEAREST, NoteQuote, Quotes, near, nearest, numbered
from bot.answers.compose.composer import EXAMPLE, MOST_WORDS
from bot.answers.compose.coverage import Verdict
from bot.answers.compose.formulas import ComputedLine, compute
from bot.answers.compose.question_types import without_instructions
from bot.answers.compose.values import Answer, is_own
from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.retrieval import HITS, Index, SearchResult
from bot.answers.index.words import plain, stem
from bot.answers.model.prompts import LONGEST_QUESTION
from bot.answers.model.writing import AnswerCheck, Writer, WrittenAnswer, fit
from bot.llm.base import ChatModel, ChatUnavailable

DECLINED = "That's not in our notes."

UNCLEAR = "What do you mean{}? Please name it in your question."

UNCLEAR_EXAMPLE = "An example of what? Please name it in your question, or reply to the answer that you mean."


def asked_back(query: conversation.Query) -> str | None:
    """Return the bot's question to an asker who names no subject; None if the question names one."""
    if (pointing := conversation.unclear(query)) is None:
        return None
    return UNCLEAR_EXAMPLE if EXAMPLE.search(query.last) else UNCLEAR.format(f' by "{pointing}"' if pointing else "")


def meant(found: SearchResult) -> str | None:
    """Return the word, as the notes write it, that a strange word of a question may have been: likeliest a term."""
    offered = [
        (is_likely, written != word, found.words.holders(stem(word)), written)
        for word, is_likely in found.speller.offered(found.question)
        for written in [found.words.written(word)]
    ]
    return max(offered)[-1] if offered else None


T = TypeVar("T")

ASKED_COSINE = 0.45
"""Cosine of the best passage from which a model is asked although the question seems foreign: fitted for the carried
embedder."""

ELSEWHERE_COSINE = 0.5
"""Least cosine of the best passage of another course. Questions without a subject stay below it, such as "what should I
do first". Of the 114 covered questions of short_roadmaps.yaml whose passages have the rarest word, 109 reach it."""


ALONE_NEARER = 0.05
"""Cosine by which a turn finds nearer passages alone if it begins a new subject. Of the questions of acceptance.yaml,
each asked after one on another subject, .773 of the facts are shown instead of .758; follow-ups stay the same."""


def is_for_model(retrieved: Retrieved) -> bool:
    """Say whether a model is asked: the notes may answer, and the question names something."""
    verdict = retrieved.verdict
    if verdict.is_covered:
        return True
    is_plainly_foreign = verdict.coverage == "foreign" and (verdict.cosine or 0.0) < ASKED_COSINE
    is_empty = asked_back(retrieved.query) is not None or conversation.goes_on_with_nothing(retrieved.query)
    return not (is_plainly_foreign or is_empty)


def compute_turn(query: conversation.Query, chunks: Sequence[Chunk]) -> list[ComputedLine]:
    """Return the lines computed from a turn's numbers, or from its numbers in an earlier turn's calculation."""
    return compute(query.last, chunks, query.earlier)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages for a conversation's last turn, and whether they cover it.

    Args:
        computed: lines computed from the question's own numbers by formulas of its passages.
    """

    query: conversation.Query
    found: SearchResult
    verdict: Verdict
    computed: tuple[ComputedLine, ...] = ()


class Answerer:
    """Answers the last turn of a conversation from the notes.

    Args:
        chat: writes the answer; its text is checked. Without it, the answer is in the notes' own sentences.
        pool: where embedding and search run; None takes the loop's default threads.
        check: how the model's answer is kept true.
    """

    def __init__(
        self,
        index: Index,
        chat: ChatModel | None = None,
        *,
        pool: Executor | None = None,
        check: AnswerCheck = "judge",
    ) -> None:
        self._index = index
        self._pool = pool
        self._writer = None if chat is None else Writer(chat, check)

    @property
    def is_reading(self) -> bool:
        """Say whether the notes are still being read, so that an answer takes longer and may miss something."""
        return self._index.is_reading

    @property
    def lacks_meaning(self) -> bool:
        """Say whether words alone are searched by now, and meaning soon."""
        return self._index.embedder is not None and not self._index.is_dense

    async def answer(
        self,
        turns: Sequence[str],
        sources: Collection[SourceId],
        show: Callable[[Answer], None] | None = None,
        *,
        found: Retrieved | None = None,
    ) -> Answer:
        """Answer a person's last turn from these sources and no others. Never raises for a model.

        Args:
            turns: that person's turns, oldest first.
            show: takes the notes' own answer before a model is asked, which may write another.
            found: what these turns brought from these sources, where they were searched already.
        """
        retrieved = found if found is not None else await self._search(turns, sources)
        of_notes = await self._compute(lambda: self._answer_from_notes(retrieved))
        if self._writer is None or not is_for_model(retrieved):
            return of_notes
        if show is not None:
            show(of_notes)
        try:
            written = await self._writer.write(turns, retrieved.found.hits)
        except ChatUnavailable:
            return replace(of_notes, stands_in="silent")
        answer = await self._compute(lambda: self._answer_from_model(written, retrieved, of_notes))
        return replace(answer, usage=written.usage)

    def _answer_from_notes(self, retrieved: Retrieved) -> Answer:
        return self.from_notes(retrieved) if retrieved.verdict.is_covered else self.decline(retrieved)

    def _answer_from_model(self, written: WrittenAnswer, retrieved: Retrieved, of_notes: Answer) -> Answer:
        """Answer with what holds of a model's reply, and with the notes' own words for what it lacks."""
        is_covered, hits = retrieved.verdict.is_covered, retrieved.found.hits
        if written.extent == "none" and not retrieved.verdict.own:
            # notes that seem to cover a question are shown as the nearest; a question that seems foreign is declined
            verdict = replace(retrieved.verdict, coverage="near" if is_covered else "foreign")
            return self.decline(replace(retrieved, verdict=verdict))
        if not written.sentences:
            return replace(of_notes, stands_in="untenable")
        parts = [*written.sentences]
        if is_covered and not written.is_whole:
            parts += fit(self.list_parts(retrieved), parts)
        text, citations = numbered(parts, hits)
        missing = written.missing if written.extent == "partly" else ""
        further = near(hits, citations)
        return Answer(text, "covered", citations, "model", retrieved.verdict.cosine, further, missing=missing)

    async def quoted(self, turns: Sequence[str], sources: Collection[SourceId]) -> Answer:
        """Answer as `answer` does, in the notes' own words whatever model there is."""

        return await self._compute(lambda: self._answer_from_notes(self.retrieve(turns, sources)))

    async def surest(
        self, turns: Sequence[str], several: Sequence[Collection[SourceId]]
    ) -> tuple[int, Retrieved | None]:
        """Return which of several sets of sources covers a last turn best, and what it brought; of one, only that.

        Each is searched by itself. What a group has noted for itself on it goes first.
        """
        if len(several) == 1:
            return 0, None

        def sureness(found: tuple[int, Retrieved]) -> tuple[bool, bool, float]:
            verdict, retrieved = found[1].verdict, found[1]
            sure = coverage.sureness(retrieved.found, retrieved.query.text)
            return verdict.is_covered, bool(verdict.own), sure

        return await self._compute(
            lambda: max(((at, self.retrieve(turns, one)) for at, one in enumerate(several)), key=sureness)
        )

    async def elsewhere(self, question: str, sources: Sequence[SourceId]) -> SourceId | None:
        """Return which of several sources answers a question best; None if none surely does."""

        def look() -> SourceId | None:
            retrieved = {source: self.retrieve([question], [source]) for source in sources}
            sure = {
                key: result
                for key, result in retrieved.items()
                if result.verdict.is_covered
                and (result.found.cosine is None or result.found.cosine >= ELSEWHERE_COSINE)
                and coverage.names_rarest_word(result.found, question)
                and not self.from_notes(result).declined
            }
            return max(sure, key=lambda key: coverage.sureness(sure[key].found, sure[key].query.text), default=None)

        return await self._compute(look)

    async def covers(self, question: str, sources: Collection[SourceId]) -> bool:
        """Whether these sources surely answer a question: a model might still decline all but a group's own notes."""

        def quote() -> bool:
            retrieved = self.retrieve([question], sources)
            is_sure = self._writer is None or bool(retrieved.verdict.own)
            return retrieved.verdict.is_covered and is_sure and not self.from_notes(retrieved).declined

        return await self._compute(quote)

    def retrieve(self, turns: Sequence[str], sources: Collection[SourceId]) -> Retrieved:
        """Search for the last turn and judge the passages. CPU work."""
        if isinstance(turns, str):  # a sequence of strings to the type checker too, and read letter by letter
            raise TypeError("the turns of a person are a sequence, of one question a list of one")
        query = conversation.query(
            [without_instructions(plain(turn))[:LONGEST_QUESTION] for turn in turns],
            *map(conversation.read_answer, turns[-2:-1]),
        )
        shown = citations.shown(self._index.chunks(sources), query.answered) if query.answered else []
        found = self._index.search(query.last, sources, citations.SEARCHED if shown else HITS, before=query.before)
        found = citations.raise_notes(found, shown) if shown else found
        if written := coverage.find_own_notes(self._index.chunks(sources), query.last)[:HITS]:
            verdict = Verdict("covered", found.cosine, tuple(range(len(written))))
            return Retrieved(query, coverage.put_first(found, written), verdict)
        verdict = coverage.judge(found, query.text)
        if conversation.goes_on_with_nothing(query):
            verdict = Verdict("foreign", found.cosine)
        if not verdict.own and (number := coverage.find_nearest_own(found)[0]) is not None:
            found = coverage.put_first(found, [found.hits[number].chunk])
        chunks = [hit.chunk for hit in found.hits]
        if not verdict.own and (lines := compute_turn(query, chunks)):
            return Retrieved(query, found, replace(verdict, coverage="covered"), computed=tuple(lines))
        if query.before:
            stays = citations.is_of_notes(found.hits, shown)
            is_leaning = conversation.leans(query.last)
            verdict = coverage.judge_follow_up(found, query.last, verdict, is_leaning=is_leaning, stays=stays)
            if not is_leaning and (alone := self._search_alone(turns[-1], sources, found, verdict)) is not None:
                return alone
        return Retrieved(query, found, verdict)

    def _search_alone(
        self, turn: str, sources: Collection[SourceId], found: SearchResult, verdict: Verdict
    ) -> Retrieved | None:
        """Search for a turn without what it might go on with; None unless that answers it plainly better."""
        alone = self.retrieve([turn], sources)
        is_nearer = (alone.found.cosine or 0.0) >= (found.cosine or 0.0) + ALONE_NEARER
        return alone if alone.verdict.is_covered and (is_nearer or not verdict.is_covered) else None

    def from_notes(self, retrieved: Retrieved) -> Answer:
        """Answer with the notes' own gists and sentences. CPU work."""
        own, hits = retrieved.verdict.own, retrieved.found.hits
        parts = self.list_parts(retrieved)
        if not parts:
            return self.decline(retrieved)
        text, citations = numbered(parts, hits)
        further = () if own else near(hits, citations)
        computed = tuple(line.text for line in retrieved.computed)
        return Answer(text, "covered", citations, "notes", retrieved.verdict.cosine, further, computed=computed)

    def list_parts(self, retrieved: Retrieved) -> list[tuple[str, Quotes]]:
        """List what the question's own numbers come to, then the notes' own gists and sentences."""
        place = {hit.chunk: number for number, hit in enumerate(retrieved.found.hits)}
        computed = [(line.text, ((place[line.chunk], line.quote),)) for line in retrieved.computed]
        most = MOST_WORDS - sum(len(text.split()) for text, _ in computed)
        quotes = self._quotes(retrieved, most)
        return [*computed, *((quote.text, ((quote.hit, quote.text),)) for quote in quotes)]

    def _quotes(self, retrieved: Retrieved, most: int = MOST_WORDS) -> list[NoteQuote]:
        found, last, own = retrieved.found, retrieved.query.last, retrieved.verdict.own
        if own:
            return composer.choose_own(found, own)
        return composer.choose(found, last, retrieved.query.answered, most)

    def decline(self, retrieved: Retrieved) -> Answer:
        """Say that the notes do not answer; for a near question, show what comes nearest as an answer. CPU work."""
        found, cosine = retrieved.found, retrieved.verdict.cosine
        if (asking := asked_back(retrieved.query)) is not None:
            return Answer(asking, "foreign", cosine=cosine, is_unclear=True)
        word = meant(found)
        quotes = [] if retrieved.verdict.coverage == "foreign" else self._nearest(retrieved)
        if not quotes:
            return Answer(DECLINED, "foreign", cosine=cosine, near=nearest(found.hits), meant=word)
        text, citations = numbered([(quote.text, ((quote.hit, quote.text),)) for quote in quotes], found.hits)
        return Answer(text, "near", citations, "notes", cosine, near(found.hits, citations)[:NEAREST], word)

    def _nearest(self, retrieved: Retrieved) -> list[NoteQuote]:
        found, last = retrieved.found, retrieved.query.last
        if is_own(found.hits[0].chunk.note) and (own := composer.choose_own(found, (0,))):
            return own
        return composer.choose(found, last, retrieved.query.answered)

    async def _search(self, turns: Sequence[str], sources: Collection[SourceId]) -> Retrieved:
        return await self._compute(lambda: self.retrieve(turns, sources))

    async def _compute(self, work: Callable[[], T]) -> T:

        def run() -> T:
            try:
                return work()
            except StopIteration as error:  # no future carries one: its caller would wait for ever
                raise RuntimeError("a search asked for more than there is") from error

        return await asyncio.get_running_loop().run_in_executor(self._pool, run)
