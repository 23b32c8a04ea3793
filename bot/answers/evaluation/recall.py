"""Measure how many facts of a good answer are shown, found and written, and compare that with the stored baseline.

No chat model is asked. A comparison says whether a figure fell by more than noise.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.turns import ANSWERED_MAX, Earlier
from bot.answers.compose.values import Answer, Coverage
from bot.answers.evaluation.facts import SPLITS, Fact, FactQuestion, FactSet, StemmedText, Stray, spans
from bot.answers.evaluation.golden import RECALL_AT, aligned
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
    topics = {question.topic for question in (*asked.covered, *asked.followups)}
    written = {topic: [span for text in notes[topic] for span in spans(text)] for topic in topics}
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
        text = read_shown_text(answer)
        top = [span for chunk in chunks[:RECALL_AT] for span in spans(f"{chunk.title}. {chunk.heading}.\n{chunk.text}")]
        in_each = (
            tuple(_is_in_one(fact, place) for fact in question.facts)
            for place in (spans(text), top, written[question.topic])
        )
        return RecallResult(question, text, answer.coverage, supported(answer, chunks), *in_each)

    def measure_stray(stray: Stray) -> tuple[Stray, Coverage, str]:
        answer, _ = ask([stray.text])
        return stray, answer.coverage, read_shown_text(answer)

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
        before.append(Earlier(turn, markup.clip(read_shown_text(answer), ANSWERED_MAX)))
    return [*before, turns[-1]]


def read_shown_text(answer: Answer) -> str:
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


def list_lacking(report: FactReport, split: str = "tune") -> list[str]:
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


Kept = Mapping[str, float]
"""By question: the share of its facts that was shown; of a foreign one 1 if it was declined, else 0."""

NOISE = 2.0
"""Standard errors of the mean paired difference: three questions of two hundred that are lost while none is won pass,
because processors round the embedder differently; five do not."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and now, over the questions that both know.

    Args:
        error: standard error of the mean difference between the two for the same question.
    """

    name: str
    n: int
    before: float
    now: float
    error: float

    @property
    def is_worse(self) -> bool:
        """Say whether it fell by more than noise."""
        return self.now - self.before < -NOISE * self.error

    def describe(self) -> str:
        """Return it as a line."""
        mark = "  worse by more than noise" if self.is_worse else ""
        return f"{self.name:22} {self.n:4}  {self.before:.3f} > {self.now:.3f}  ±{NOISE * self.error:.3f}{mark}"


def keep(report: FactReport, file: Path) -> None:
    """Write what a report shows, one question a line, so that a change of it reads as one."""
    file.write_text(json.dumps(_collect_shares(report), indent=0, sort_keys=True) + "\n", encoding="utf-8")


def read_baseline(file: Path) -> Kept:
    """Return what was kept; nothing where there is no such file."""
    if not file.is_file():
        return {}
    stored = json.loads(file.read_text(encoding="utf-8"))
    return {str(key): float(value) for key, value in stored.items()}


def changes(report: FactReport, stored: Kept) -> list[Change]:
    """Compare a report with what was kept, question by question; a figure of which nothing was kept is left out."""
    groups: tuple[tuple[str, Mapping[str, float]], ...] = (
        ("facts shown", _map_values(report.covered, _average_facts)),
        ("covered, answered", _collect_answered(report)),
        ("facts of follow-ups", _map_values(report.followups, _average_facts)),
        ("foreign, declined", _collect_foreign(report)),
    )
    return [change for name, now in groups if (change := _compare(name, stored, now)) is not None]


def _collect_shares(report: FactReport) -> dict[str, float]:
    return {
        **_map_values((*report.covered, *report.followups), _average_facts),
        **_collect_answered(report),
        **_collect_foreign(report),
    }


def _compare(name: str, stored: Kept, now: Mapping[str, float]) -> Change | None:
    pairs = [(stored[key], value) for key, value in now.items() if key in stored]
    if len(pairs) < 2:
        return None
    before, after = ([pair[place] for pair in pairs] for place in (0, 1))
    error = stdev(b - a for a, b in pairs) / math.sqrt(len(pairs))
    return Change(name, len(pairs), fmean(before), fmean(after), error)


def _map_values(every: Iterable[RecallResult], value: Callable[[RecallResult], float]) -> dict[str, float]:
    return {key: value(result) for key, result in _add_keys(every)}


def _add_keys(every: Iterable[RecallResult]) -> list[tuple[str, RecallResult]]:
    return [(_hash_turns(result.question.turns), result) for result in every]


def _average_facts(result: RecallResult) -> float:
    return round(fmean(result.in_answer), 3)


def _collect_answered(report: FactReport) -> dict[str, float]:
    return {f"{key} answered": float(result.coverage == "covered") for key, result in _add_keys(report.covered)}


def _collect_foreign(report: FactReport) -> dict[str, float]:
    return {_hash_turns([stray.text]): float(coverage != "covered") for stray, coverage, _ in report.foreign}


def _hash_turns(turns: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(turns).encode()).hexdigest()[:12]
