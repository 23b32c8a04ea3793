"""Measure how many facts of a good answer are shown, and how questions are judged. No chat model is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.turns import ANSWERED_MAX, Earlier
from bot.answers.compose.values import Answer, Coverage
from bot.answers.evaluation.facts import Fact, FactQuestion, FactSet, FactText, Stray
from bot.answers.evaluation.golden import aligned
from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.dense import Progress
from bot.answers.index.sentences import without_links
from bot.messages import markup

FIRST, FURTHER = 3, 5
"""First passages in which facts are looked for."""

_MARK = re.compile(r" ?\[\d+\]")
_SENTENCE = re.compile(r"\s*(.*?) ?((?:\[\d+\])+|$)", re.DOTALL)

Answering = Callable[[Sequence[str], Retrieved], Answer]
"""How a person's turns are answered, for which this was retrieved."""

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RecallResult:
    """The outcome of a question that the notes should answer.

    Args:
        shown: the answer, or the nearest passages, without citation marks; empty if there is neither.
        coverage: as it was judged.
        supported: for each sentence shown, whether the cited passages contain its quote.
        in_answer: for each of the question's facts, whether the answer contains it.
        in_first: whether one of the first three passages does.
        in_further: whether one of the first five does.
        in_notes: whether any passage of the sources does.
    """

    question: FactQuestion
    shown: str
    coverage: Coverage
    supported: tuple[bool, ...]
    in_answer: tuple[bool, ...]
    in_first: tuple[bool, ...]
    in_further: tuple[bool, ...]
    in_notes: tuple[bool, ...]

    @property
    def missing(self) -> list[tuple[Fact, bool]]:
        """Return the facts that the answer lacks, and whether the notes have them."""
        facts = zip(self.question.facts, self.in_answer, self.in_notes, strict=True)
        return [(fact, is_written) for fact, is_held, is_written in facts if not is_held]


@dataclass(frozen=True, slots=True)
class FactReport:
    """The results of a set of questions with facts.

    Args:
        foreign: each with its coverage and the text shown; a near one claims no answer.
    """

    covered: tuple[RecallResult, ...]
    followups: tuple[RecallResult, ...]
    foreign: tuple[tuple[Stray, Coverage, str], ...]


def measure_facts(
    asked: FactSet,
    answerer: Answerer,
    sources: Collection[SourceId],
    chunks: Sequence[Chunk],
    progress: Progress | None = None,
    answered: Answering | None = None,
) -> FactReport:
    """Ask every question of the notes of these sources. CPU work, about 0.1 s each.

    Args:
        chunks: all passages of the sources.
        answered: words the answers, if it is not the notes alone.
    """
    total = len(asked.covered) + len(asked.followups) + len(asked.foreign)
    passage = cache(read_passage)
    n_asked = 0

    def from_notes(_: Sequence[str], retrieved: Retrieved) -> Answer:
        return (answerer.from_notes if retrieved.verdict.is_covered else answerer.decline)(retrieved)

    word = answered or from_notes

    def ask(turns: Sequence[str]) -> tuple[Answer, list[Chunk]]:
        """Return the answer and the retrieved passages."""
        nonlocal n_asked
        retrieved = answerer.retrieve(turns, sources)
        answer = word(turns, retrieved)
        n_asked += 1
        if progress:
            progress(n_asked, total)
        return answer, [hit.chunk for hit in retrieved.found.hits]

    def measure_question(question: FactQuestion) -> RecallResult:
        answer, hits = ask(
            _run_conversation(question.turns, lambda turns: word(turns, answerer.retrieve(turns, sources)))
        )
        text = read_shown_text(answer)

        def held_in(places: Sequence[FactText]) -> tuple[bool, ...]:
            return tuple(any(place.holds(fact) for place in places) for fact in question.facts)

        first = [*map(passage, hits)]
        written = held_in([*first, *map(passage, chunks)])
        in_each = held_in([FactText(text)]), held_in(first[:FIRST]), held_in(first[:FURTHER]), written
        return RecallResult(question, text, answer.coverage, supported(answer, hits), *in_each)

    def measure_stray(stray: Stray) -> tuple[Stray, Coverage, str]:
        answer, _ = ask([stray.text])
        return stray, answer.coverage, read_shown_text(answer)

    return FactReport(
        tuple(measure_question(question) for question in asked.covered),
        tuple(measure_question(question) for question in asked.followups),
        tuple(map(measure_stray, asked.foreign)),
    )


def read_passage(chunk: Chunk) -> FactText:
    """Return a passage as a text in which facts are looked for."""
    return FactText("\n\n".join((f"{chunk.title}. {chunk.heading}.", chunk.gist, chunk.text, *chunk.facts)))


def _run_conversation(turns: Sequence[str], answered: Callable[[Sequence[str]], Answer]) -> list[str]:
    """Answer the turns before the last, and return them as a chat keeps them."""
    before: list[str] = []
    for turn in turns[:-1]:
        answer = answered([*before, turn])
        before.append(Earlier(turn, markup.clip(read_shown_text(answer), ANSWERED_MAX)))
    return [*before, turns[-1]]


def read_shown_text(answer: Answer) -> str:
    """Return what an answer shows, without its marks; empty where it claims nothing and shows nothing near."""
    return _MARK.sub("", answer.text) if answer.citations else ""


def supported(answer: Answer, chunks: Sequence[Chunk]) -> tuple[bool, ...]:
    """Return for each sentence shown whether its passages contain its quotes verbatim.

    A sentence of the notes must equal its quote, unless it is computed. The answer check decides whether a model's
    sentence follows from its quote.
    """
    if not answer.citations:
        return ()
    texts = {
        (chunk.note, chunk.heading): _normalize("\n".join((chunk.gist, chunk.text, *chunk.facts))) for chunk in chunks
    }
    held = [
        _normalize(citation.quote) in texts.get((citation.note, citation.heading), "") for citation in answer.citations
    ]
    out = []
    for text, marks in _SENTENCE.findall(answer.text):
        if not text and not marks:
            continue
        numbers = [int(number) - 1 for number in re.findall(r"\d+", marks)]
        holds = bool(numbers) and all(number < len(held) and held[number] for number in numbers)
        own = (*answer.computed, *(without_links(citation.quote) for citation in answer.citations))
        is_said = answer.origin == "model" or _normalize(text) in {_normalize(sentence) for sentence in own}
        out.append(holds and is_said)
    return tuple(out)


def _normalize(text: str) -> str:
    return " ".join(re.sub(r"^ *(?:>|[-*+]|\d+\.) ", " ", text, flags=re.MULTILINE).split())


def figures(report: FactReport) -> dict[str, Row]:
    """Return the figures of each group of questions: all, and by each label; follow-ups and foreign ones apart."""
    foreign = dict.fromkeys(stray.kind for stray, *_ in report.foreign if stray.kind)
    judged = {
        f"foreign {kind}".strip(): [coverage for stray, coverage, _ in report.foreign if kind in ("", stray.kind)]
        for kind in ("", *foreign)
    }
    return {
        **_by_label("questions", report.covered),
        **_by_label("follow-ups", report.followups),
        **{name: _summarize_foreign(some) for name, some in judged.items() if some},
    }


def _by_label(name: str, results: Sequence[RecallResult]) -> dict[str, Row]:
    labels = sorted({label for result in results for label in result.question.labels})
    groups = {name: results} | {
        label: [result for result in results if label in result.question.labels] for label in labels
    }
    return {label: _summarize(group) for label, group in groups.items() if group}


def _summarize(results: Sequence[RecallResult]) -> Row:
    shown = [result for result in results if result.shown]
    sure = [result for result in results if result.coverage == "covered"]
    return {
        "n": len(results),
        "facts": _average(fmean(result.in_answer) for result in results),
        "of notes": _average(held for result in results for held in _of_notes(result)),
        "all facts": _average(all(result.in_answer) for result in results),
        "in sure": round(sum(fmean(result.in_answer) for result in sure) / len(results), 3),
        "words": round(_average(len(result.shown.split()) for result in shown)),
        "sure": _average(result.coverage == "covered" for result in results),
        "near": _average(result.coverage == "near" for result in results),
        "nothing": _average(not result.shown for result in results),
        f"first {FIRST}": _average(fmean(result.in_first) for result in results),
        f"first {FURTHER}": _average(fmean(result.in_further) for result in results),
        "in notes": _average(fmean(result.in_notes) for result in results),
        "supported": _average(fmean(result.supported) for result in shown),
    }


def _of_notes(result: RecallResult) -> list[bool]:
    """Return whether each fact that the notes have is shown; one that is computed counts as well."""
    pairs = zip(result.in_answer, result.in_notes, strict=True)
    return [is_held for is_held, is_written in pairs if is_written or is_held]


def _summarize_foreign(judged: Sequence[Coverage]) -> Row:
    shares = {name: _average(coverage == verdict for coverage in judged) for name, verdict in FOREIGN.items()}
    return {"n": len(judged), **shares}


FOREIGN: Mapping[str, Coverage] = {"declined": "foreign", "near": "near", "sure": "covered"}


def _average(values: Iterable[float]) -> float:
    every = [*values]
    return round(fmean(every), 3) if every else 0.0


def fact_tables(report: FactReport) -> list[str]:
    """Return the figures as aligned lines: of questions and follow-ups, and of foreign ones."""
    lines: list[str] = []
    rows = figures(report)
    for is_foreign in (False, True):
        some = {name: row for name, row in rows.items() if name.startswith("foreign") == is_foreign}
        if some:
            head = ("", *next(iter(some.values())))
            lines += [*aligned([head, *((name, *map(_format_cell, row.items())) for name, row in some.items())]), ""]
    return lines[:-1]


def _format_cell(figure: tuple[str, float]) -> str:
    name, value = figure
    return str(int(value)) if name in ("n", "words") else f"{value:.3f}"


def list_lacking(report: FactReport) -> list[str]:
    """Return a paragraph for each question whose answer lacks facts, and for foreign ones answered as sure."""
    lines = []
    for result in (*report.covered, *report.followups):
        if result.missing:
            lines += [" / ".join(result.question.turns), f"    {result.coverage:7} {result.shown or 'declined'}"]
            lines += [
                f"    missing {fact.written}{'' if is_written else ' (not in the notes)'}"
                for fact, is_written in result.missing
            ]
    for stray, coverage, answer in report.foreign:
        if coverage == "covered":
            lines += [stray.text, f"    shown   {answer}"]
    return lines
