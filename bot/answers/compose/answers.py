"""A question answered from the notes, with citations that were checked, or declined.

What is said where the notes do not answer: that they do not, what to name, and which word may have been meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TypeVar

from bot.answers.compose import cited_notes, coverage, opening, origins
from bot.answers.compose import turns as conversation
from bot.answers.compose.coverage import Verdict
from bot.answers.compose.extract import NEAREST, NoteQuote, Quotes, near, nearest, numbered
from bot.answers.compose.formulas import ComputedLine, compute
from bot.answers.compose.gists import EXAMPLE, MOST_WORDS, Composer
from bot.answers.compose.origins import OriginQuestion
from bot.answers.compose.question_types import sorts, without_instructions
from bot.answers.compose.values import Answer, is_own
from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.retrieval import HITS, Hit, Index, SearchResult
from bot.answers.index.words import plain, stem
from bot.answers.model.prompts import LONGEST_QUESTION
from bot.answers.model.writing import AnswerCheck, Writer, WrittenAnswer, fit
from bot.llm.base import ChatModel, ChatUnavailable

DECLINED = "That's not in our notes."

UNCLEAR = "What do you mean{}? Please name it in your question."

UNCLEAR_EXAMPLE = "An example of what? Please name it in your question, or reply to the answer that you mean."


def asked_back(query: conversation.Query) -> str | None:
    """Return what is asked of who names nothing; None where there is nothing to ask back about."""
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


def is_for_model(retrieved: Retrieved) -> bool:
    """Say whether a model is asked: the notes may answer, and the question names something."""
    verdict = retrieved.verdict
    if verdict.is_covered:
        return True
    is_plainly_foreign = verdict.coverage == "foreign" and (verdict.cosine or 0.0) < ASKED_COSINE
    is_empty = asked_back(retrieved.query) is not None or conversation.goes_on_with_nothing(retrieved.query)
    return not (is_plainly_foreign or is_empty)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a conversation's last turn brought, and whether it is enough.

    Args:
        missing: the half of two questions in one that the notes do not answer; `query` is the other.
        halves: what two questions in one brought, each for itself, where both are answered.
        origin: asked of a thing who came up with it, or when; the search is for what it is.
        named: the sentence that tells it.
        computed: what the question's own numbers come to, by formulas of its passages.
    """

    query: conversation.Query
    found: SearchResult
    verdict: Verdict
    missing: str = ""
    halves: tuple[Retrieved, ...] = ()
    origin: OriginQuestion | None = None
    named: NoteQuote | None = None
    computed: tuple[ComputedLine, ...] = ()


class Answerer:
    """Answers the last turn of a conversation from the notes.

    Args:
        chat: writes the answer if there is one; its text is checked, and the notes' own sentences stand in for it.
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
        self._composer = Composer(index)
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
            is_near = is_covered or retrieved.origin is not None
            verdict = replace(retrieved.verdict, coverage="near" if is_near else "foreign")
            return self.decline(replace(retrieved, verdict=verdict))
        if not written.sentences:
            return replace(of_notes, stands_in="untenable")
        parts = [*written.sentences]
        if is_covered and not written.is_whole:
            parts += fit(self.list_parts(retrieved), parts)
        text, citations = numbered(parts, hits)
        missing = written.missing if written.extent == "partly" else retrieved.missing
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
        """Return which of several sources covers a question best; None where none surely does."""

        def look() -> SourceId | None:
            retrieved = {source: self.retrieve([question], [source]) for source in sources}
            sure = {
                key: result
                for key, result in retrieved.items()
                if result.verdict.is_covered
                and not result.missing
                and coverage.names_rarest_word(result.found, question)
            }
            return max(sure, key=lambda key: coverage.sureness(sure[key].found, sure[key].query.text), default=None)

        return await self._compute(look)

    async def covers(self, question: str, sources: Collection[SourceId]) -> bool:
        """Whether these sources surely answer a question: a model might still decline all but a group's own notes."""

        def quote() -> bool:
            retrieved = self.retrieve([question], sources)
            is_sure = (self._writer is None or bool(retrieved.verdict.own)) and not retrieved.missing
            return retrieved.verdict.is_covered and is_sure and not self.from_notes(retrieved).declined

        return await self._compute(quote)

    def retrieve(self, turns: Sequence[str], sources: Collection[SourceId]) -> Retrieved:
        """Search anew for the last turn and judge what was found. CPU work."""
        if isinstance(turns, str):  # a sequence of strings to the type checker too, and read letter by letter
            raise TypeError("the turns of a person are a sequence, of one question a list of one")
        query = conversation.query(
            [without_instructions(plain(turn))[:LONGEST_QUESTION] for turn in turns],
            *map(conversation.read_answer, turns[-2:-1]),
        )
        found = self._found(query, sources)
        if written := coverage.find_own_notes(self._index.chunks(sources), query.last)[:HITS]:
            verdict = Verdict("covered", found.cosine, tuple(range(len(written))))
            return Retrieved(query, coverage.put_first(found, written), verdict)
        verdict = coverage.judge(found, query.text)
        if conversation.goes_on_with_nothing(query):
            verdict = Verdict("foreign", found.cosine)
        if not verdict.own and (number := coverage.find_nearest_own(found)[0]) is not None:
            found = coverage.put_first(found, [found.hits[number].chunk])
        chunks = [hit.chunk for hit in found.hits]
        calculations = (compute(query.last, chunks, before) for before in query.before or ("",))
        if not verdict.own and (lines := next(filter(None, calculations), [])):
            return Retrieved(query, found, replace(verdict, coverage="covered"), computed=tuple(lines))
        if query.before:
            verdict = coverage.judge_follow_up(found, query.last, verdict, is_leaning=conversation.leans(query.last))
        whole = Retrieved(query, found if verdict.own else opening.opened(found, query.last), verdict)
        if not (query.before or verdict.own) and (of_origin := self._origin(query, found, sources)) is not None:
            return of_origin
        if not query.before:
            is_answered = verdict.is_covered and not sorts(query.last)
            return self._both(query, sources) or (whole if is_answered else self._half(query, sources) or whole)
        return whole if verdict.is_covered else self._alone(query, sources) or whole

    def _found(self, query: conversation.Query, sources: Collection[SourceId]) -> SearchResult:
        """Search for a turn with those that it goes on with, first in the notes that the last answer has shown."""
        if not query.before:
            return self._index.search(query.last, sources)
        found = self._index.search(query.last, sources, cited_notes.LOOKED_AT, before=query.before)
        return cited_notes.raise_notes(found, cited_notes.shown(self._index.chunks(sources), query.answered))

    def _alone(self, query: conversation.Query, sources: Collection[SourceId]) -> Retrieved | None:
        """Search for a follow-up by itself, since it may name another subject; None if it can't be understood alone."""
        if conversation.leans(query.last):
            return None
        alone = self.retrieve([query.last], sources)
        return alone if alone.verdict.is_covered and not alone.missing else None

    def _both(self, query: conversation.Query, sources: Collection[SourceId]) -> Retrieved | None:
        """Search for each of two questions of different subjects; None where it is one, or they do not answer both."""
        asked = conversation.halves(query.last)
        if asked is None or conversation.leans(asked[1]):
            return None
        halves = tuple(self.retrieve([question], sources) for question in asked)
        if not all(halve.verdict.is_covered and not halve.verdict.own and not halve.halves for halve in halves):
            return None
        unlike = dict[Chunk, Hit]()
        for hit in chain.from_iterable(zip_longest(*(halve.found.hits for halve in halves))):
            if hit is not None:
                unlike.setdefault(hit.chunk, hit)
        found, verdict = replace(halves[0].found, hits=tuple(unlike.values())), halves[0].verdict
        return Retrieved(query, found, verdict, halves=halves)

    def _origin(
        self, query: conversation.Query, found: SearchResult, sources: Collection[SourceId]
    ) -> Retrieved | None:
        """Search for a thing of which is asked who came up with it; None where it is no such question or thing."""
        if (origin := origins.asked(query.last)) is None:
            return None
        about = self.retrieve([f"what is {origin.subject}"], sources)
        is_whole = about.verdict.is_covered and not (about.verdict.own or about.halves or about.missing)
        if not is_whole or not origins.is_of(about.found.hits[0].chunk, origin):
            return None
        hits = (*about.found.hits, *found.hits)
        if (place := origins.named([hit.chunk for hit in hits], origin)) is None:
            return replace(about, verdict=replace(about.verdict, coverage="near"), origin=origin)
        named = NoteQuote(*place, hits[place[0]].chunk.sentences[place[1]])
        return replace(about, found=replace(about.found, hits=hits), origin=origin, named=named)

    def _half(self, query: conversation.Query, sources: Collection[SourceId]) -> Retrieved | None:
        """Search for the one of two questions that the notes answer; None where they answer none, or it asks one."""
        if (asked := conversation.halves(query.last)) is None:
            return None
        first, second = self.retrieve(asked[:1], sources), self.retrieve(asked, sources)
        if first.verdict.is_covered and second.verdict.is_covered:
            return first
        if first.verdict.is_covered and (sorts(asked[1]) or not conversation.points(asked[1])):
            return replace(first, missing=asked[1])
        # beside a half that is not covered another of its subject only seems to be, unless notes never answer the first
        return replace(second, missing=asked[0]) if second.verdict.is_covered and sorts(asked[0]) else None

    def from_notes(self, retrieved: Retrieved) -> Answer:
        """Answer with the notes' own gists and sentences. CPU work."""
        own, hits = retrieved.verdict.own, retrieved.found.hits
        parts = self.list_parts(retrieved)
        if not parts:
            return self.decline(retrieved)
        text, citations = numbered(parts, hits)
        further = () if own else near(hits, citations)
        return Answer(text, "covered", citations, "notes", retrieved.verdict.cosine, further, missing=retrieved.missing)

    def list_parts(self, retrieved: Retrieved) -> list[tuple[str, Quotes]]:
        """List what the question's own numbers come to, then the notes' own gists and sentences."""
        place = {hit.chunk: number for number, hit in enumerate(retrieved.found.hits)}
        computed = [(line.text, ((place[line.chunk], line.quote),)) for line in retrieved.computed]
        most = MOST_WORDS - sum(len(text.split()) for text, _ in computed)
        quotes = self._halves(retrieved) if retrieved.halves else self._quotes(retrieved, most)
        return [*computed, *((quote.text, ((quote.hit, quote.text),)) for quote in quotes)]

    def _quotes(self, retrieved: Retrieved, most: int = MOST_WORDS) -> list[NoteQuote]:
        found, last, own = retrieved.found, retrieved.query.last, retrieved.verdict.own
        if own:
            return self._composer.own(found, last, own)
        if (named := retrieved.named) is not None:
            rest = self._composer.choose(found, last, most=most - len(named.text.split()))
            return [named, *(quote for quote in rest if quote.text != named.text)]
        return self._composer.choose(found, last, retrieved.query.answered, most)

    def _halves(self, retrieved: Retrieved) -> list[NoteQuote]:
        """Choose for each of two questions, half of an answer's words each."""
        place = {hit.chunk: number for number, hit in enumerate(retrieved.found.hits)}
        chosen = dict[str, NoteQuote]()
        for half in retrieved.halves:
            for quote in self._quotes(half, MOST_WORDS // 2):
                chosen.setdefault(quote.text, replace(quote, hit=place[half.found.hits[quote.hit].chunk]))
        return [*chosen.values()]

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
        lead = origins.unnamed(retrieved.origin, [hit.chunk for hit in found.hits]) if retrieved.origin else ""
        return Answer(text, "near", citations, "notes", cosine, near(found.hits, citations)[:NEAREST], word, lead=lead)

    def _nearest(self, retrieved: Retrieved) -> list[NoteQuote]:
        found, last = retrieved.found, retrieved.query.last
        if is_own(found.hits[0].chunk.note) and (own := self._composer.own(found, last, (0,))):
            return own
        return self._composer.choose(found, last)

    async def _search(self, turns: Sequence[str], sources: Collection[SourceId]) -> Retrieved:
        return await self._compute(lambda: self.retrieve(turns, sources))

    async def _compute(self, work: Callable[[], T]) -> T:
        """Run CPU work in the pool."""

        def run() -> T:
            try:
                return work()
            except StopIteration as error:  # no future carries one: its caller would wait for ever
                raise RuntimeError("a search asked for more than there is") from error

        return await asyncio.get_running_loop().run_in_executor(self._pool, run)
