"""Measures how many facts of a good answer are shown, found and written, and what is declined, without a chat model."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.turns import ANSWERED_MAX, Earlier
from bot.answers.compose.values import Answer, Coverage
from bot.answers.evaluation.facts import SPLITS, FactQuestion, FactSet, Stray
from bot.answers.evaluation.matching import Fact, StemmedText, spans
from bot.answers.evaluation.measure import RECALL_AT, aligned
from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.dense import Progress
from bot.answers.index.sentences import without_links
from bot.messages import markup

_MARK = re.compile(r" ?\[\d+\]")
_SENTENCE = re.compile(r"\s*(.*?) ?((?:\[\d+\])+|$)", re.DOTALL)

Answering = Callable[[Sequence[str], Retrieved], Answer]
"""How a person's turns are answered, for which this was found."""

Row = Mapping[str, float]
Group = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class RecallResult:
    """What became of a question that the notes should answer.

    Args:
        shown: the answer, or what is near it, without its marks; empty if there is neither.
        coverage: what the question was judged to be.
        supported: for each sentence shown, whether the passages it names hold what it rests on.
        in_answer: for each of the question's facts, whether the answer holds it.
        in_top: whether one of the first five passages does.
        in_notes: whether one passage of the topic's notes does.
    """

    question: FactQuestion
    shown: str
    coverage: Coverage
    supported: tuple[bool, ...]
    in_answer: tuple[bool, ...]
    in_top: tuple[bool, ...]
    in_notes: tuple[bool, ...]

    @property
    def missing(self) -> list[Fact]:
        """Return the facts that the answer lacks."""
        return [fact for fact, held in zip(self.question.facts, self.in_answer, strict=True) if not held]


@dataclass(frozen=True, slots=True)
class FactReport:
    """What a set of questions with facts showed.

    Args:
        foreign: with what each was judged to be and what it was shown; where that is near, nothing is claimed.
    """

    covered: tuple[RecallResult, ...]
    followups: tuple[RecallResult, ...]
    foreign: tuple[tuple[Stray, Coverage, str], ...]


def measure_facts(
    asked: FactSet,
    answerer: Answerer,
    sources: Collection[SourceId],
    notes: Mapping[str, Sequence[str]],
    progress: Progress | None = None,
    answered: Answering | None = None,
) -> FactReport:
    """Ask every question of the notes of these sources. CPU work, about 0.1 s each.

    Args:
        notes: by topic, the passages of all its notes.
        answered: words the answers, if it is not the notes alone.
    """
    total = len(asked.covered) + len(asked.followups) + len(asked.foreign)
    written = {topic: [span for text in passages for span in spans(text)] for topic, passages in notes.items()}
    n_asked = 0

    def from_notes(_: Sequence[str], retrieved: Retrieved) -> Answer:
        return (answerer.from_notes if retrieved.verdict.is_covered else answerer.decline)(retrieved)

    word = answered or from_notes

    def ask(turns: Sequence[str]) -> tuple[Answer, list[Chunk]]:
        """Return what is answered, and what was found."""
        nonlocal n_asked
        retrieved = answerer.retrieve(turns, sources)
        answer = word(turns, retrieved)
        n_asked += 1
        if progress:
            progress(n_asked, total)
        return answer, [hit.chunk for hit in retrieved.found.hits]

    def measure_question(question: FactQuestion) -> RecallResult:
        answer, chunks = ask(
            _run_conversation(question.turns, lambda turns: word(turns, answerer.retrieve(turns, sources)))
        )
        text = shown(answer)
        top = [span for chunk in chunks[:RECALL_AT] for span in spans(f"{chunk.title}. {chunk.heading}.\n{chunk.text}")]
        in_each = (
            tuple(_is_in_one(fact, place) for fact in question.facts)
            for place in (spans(text), top, written[question.topic])
        )
        return RecallResult(question, text, answer.coverage, supported(answer, chunks), *in_each)

    def measure_stray(stray: Stray) -> tuple[Stray, Coverage, str]:
        answer, _ = ask([stray.text])
        return stray, answer.coverage, shown(answer)

    return FactReport(
        tuple(measure_question(question) for question in asked.covered),
        tuple(measure_question(question) for question in asked.followups),
        tuple(map(measure_stray, asked.foreign)),
    )


def _run_conversation(turns: Sequence[str], answered: Callable[[Sequence[str]], Answer]) -> list[str]:
    """Answer the turns before the last, and return them as a chat keeps them."""
    before: list[str] = []
    for turn in turns[:-1]:
        answer = answered([*before, turn])
        before.append(Earlier(turn, markup.clip(shown(answer), ANSWERED_MAX)))
    return [*before, turns[-1]]


def shown(answer: Answer) -> str:
    """Return what an answer shows, without its marks; empty where it claims nothing and shows nothing near."""
    return _MARK.sub("", answer.text) if answer.citations else ""


def supported(answer: Answer, chunks: Sequence[Chunk]) -> tuple[bool, ...]:
    """Say of each sentence shown whether it names passages that hold, word for word, what it says that it rests on.

    A sentence of the notes themselves must be what it rests on; whether one of a model follows from it is for the
    checker, and its own tests.
    """
    if not answer.citations:
        return ()
    texts = {(chunk.note, chunk.heading): _normalize(f"{chunk.gist}\n{chunk.text}") for chunk in chunks}
    held = [
        _normalize(citation.quote) in texts.get((citation.note, citation.heading), "") for citation in answer.citations
    ]
    out = []
    for text, marks in _SENTENCE.findall(answer.text):
        if not text and not marks:
            continue
        numbers = [int(number) - 1 for number in re.findall(r"\d+", marks)]
        holds = bool(numbers) and all(number < len(held) and held[number] for number in numbers)
        is_said = answer.origin == "model" or _normalize(text) in {
            _normalize(without_links(citation.quote)) for citation in answer.citations
        }
        out.append(holds and is_said)
    return tuple(out)


def _normalize(text: str) -> str:
    return " ".join(re.sub(r"^ *(?:>|[-*+]|\d+\.) ", " ", text, flags=re.MULTILINE).split())


def _is_in_one(fact: Fact, places: Iterable[StemmedText]) -> bool:
    """Say whether one place holds the fact; what lies apart in several is no statement of it."""
    return any(fact.is_in(words) for words in places)


def figures(report: FactReport) -> dict[str, dict[str, Group]]:
    """Return every figure by split, group and row: topics and styles, follow-ups, foreign kinds."""
    return {split: _compute_figures(split, report) for split in SPLITS}


def _compute_figures(split: str, report: FactReport) -> dict[str, Group]:
    covered = [result for result in report.covered if result.question.split == split]
    followups = [followup for followup in report.followups if followup.question.split == split]
    foreign = [result for result in report.foreign if result[0].split == split]
    return {
        "topics": _group_by(covered, lambda result: result.question.topic),
        "styles": {**_group_by(covered, lambda result: result.question.style), "all": _summarize(covered)},
        "followups": {**_group_by(followups, lambda followup: followup.question.style), "all": _summarize(followups)},
        "foreign": {
            kind: _summarize_foreign([coverage for stray, coverage, _ in foreign if kind in (stray.kind, "all")])
            for kind in (*dict.fromkeys(stray.kind for stray, *_ in foreign), "all")
        },
    }


def _group_by(every: Sequence[RecallResult], key: Callable[[RecallResult], str]) -> Group:
    return {
        name: _summarize([result for result in every if key(result) == name]) for name in dict.fromkeys(map(key, every))
    }


def _summarize(every: Sequence[RecallResult]) -> Row:
    answered = [result for result in every if result.shown]
    return {
        "n": len(every),
        "facts": _average(fmean(result.in_answer) for result in every),
        "all facts": _average(all(result.in_answer) for result in every),
        "words": round(_average(len(result.shown.split()) for result in answered)),
        "declined": _average(result.coverage == "foreign" for result in every),
        "near": _average(result.coverage == "near" for result in every),
        "supported": _average(fmean(result.supported) for result in answered),
        f"facts@{RECALL_AT}": _average(fmean(result.in_top) for result in every),
        f"all@{RECALL_AT}": _average(all(result.in_top) for result in every),
        "written": _average(fmean(result.in_notes) for result in every),
    }


def _summarize_foreign(judged: Sequence[Coverage]) -> Row:
    return {
        "n": len(judged),
        "declined": _average(coverage != "covered" for coverage in judged),
        "near": _average(coverage == "near" for coverage in judged),
    }


def _average(values: Iterable[float]) -> float:
    every = [*values]
    return round(fmean(every), 3) if every else 0.0


def fact_tables(report: FactReport) -> list[str]:
    """Return the figures as aligned lines, a block for each split that has questions."""
    lines: list[str] = []
    for split, groups in figures(report).items():
        if not any(groups[group]["all"]["n"] for group in ("styles", "followups", "foreign")):
            continue
        for number, columns in enumerate((("topics", "styles", "followups"), ("foreign",))):
            rows = [row for group in columns for row in groups[group].items()]
            head = (split if not number else "foreign", *rows[0][1])
            lines += [*aligned([head, *((name, *map(_format_cell, row.items())) for name, row in rows)]), ""]
    return lines[:-1]


def _format_cell(figure: tuple[str, float]) -> str:
    name, value = figure
    return str(int(value)) if name in ("n", "words") else f"{value:.3f}"


def lacking(report: FactReport, split: str = "tune") -> list[str]:
    """Return a paragraph for every question of a split whose answer lacks facts, and for foreign ones answered."""
    lines = []
    for result in (*report.covered, *report.followups):
        if result.missing and result.question.split == split:
            lines += [" / ".join(result.question.turns), f"    {result.coverage:7} {result.shown or 'declined'}"]
            lines += [f"    missing {fact.written}" for fact in result.missing]
    for stray, coverage, answer in report.foreign:
        if coverage == "covered" and stray.split == split:
            lines += [f"{stray.text} ({stray.kind})", f"    shown   {answer}"]
    return lines
