"""Read the golden questions with the passages that answer them, and measure retrieval and declining on them.

No chat model is asked.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import yaml

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.answers.index.dense import Progress
from bot.curriculum.faults import RoadmapFault
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted

LONGEST = 300
STYLES = ("short", "misspelt", "paraphrased", "comparing", "computing", "debugging", "newcomer")
KINDS = ("everyday", "group", "neighbouring", "unknowable")
KEYS = ("covered", "foreign")


@dataclass(frozen=True, slots=True)
class GoldenPassage:
    """A passage: a note and one of its headings."""

    note: str
    heading: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A question that the notes answer.

    Args:
        places: the passages of which each answers it, the best first.
    """

    text: str
    topic: str
    style: str
    places: tuple[GoldenPassage, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question that the notes do not answer."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Golden:
    """A set of questions to measure with."""

    covered: tuple[Covered, ...]
    foreign: tuple[Foreign, ...]


def read_golden(file: Path, places: Collection[GoldenPassage], topics: Collection[str]) -> Golden:
    """Read a file of questions.

    Args:
        places: every passage that there is.
        topics: ids of the roadmaps' topics.

    Raises:
        RoadmapFault: the file cannot be used; carries every fault.
    """
    reader = YamlReader(file)
    text = reader.read()
    root = None if text is None else reader.compose(text)
    golden = None if root is None else _Reader(reader, places, topics).golden(root)
    if golden is None or reader.faults:
        raise RoadmapFault(reader.in_order())
    return golden


class _Reader:
    def __init__(self, reader: YamlReader, places: Collection[GoldenPassage], topics: Collection[str]) -> None:
        self._reader = reader
        self._places = places
        self._topics = topics
        self._asked = set[str]()

    def golden(self, root: yaml.Node) -> Golden:
        fields = self._reader.fields(root, "a golden set", KEYS)
        return Golden(
            tuple(self._covered(node) for node in fields.items("covered")),
            tuple(self._foreign(node) for node in fields.items("foreign")),
        )

    def _covered(self, node: yaml.Node) -> Covered:
        fields = self._reader.fields(node, "a question", ("q", "topic", "style", "at"))
        topic = fields.ident("topic")
        if topic and topic not in self._topics:
            self._reader.fault(fields.at("topic"), f"There is no topic {quoted(topic)}.")
        places = tuple(self._place(item) for item in fields.items("at"))
        if fields.has_list("at") and not places:
            self._reader.fault(fields.at("at"), "The question names no passage.")
        return Covered(self._text(fields), topic, fields.one_of("style", STYLES), places)

    def _place(self, node: yaml.Node) -> GoldenPassage:
        fields = self._reader.fields(node, "a passage", ("note", "heading"))
        place = GoldenPassage(fields.ident("note"), fields.text("heading", 200))
        if place.note and place.heading and place not in self._places:
            self._reader.fault(node, f"There is no passage {quoted(place.note)}, {quoted(place.heading)}.")
        return place

    def _foreign(self, node: yaml.Node) -> Foreign:
        fields = self._reader.fields(node, "a question", ("q", "kind"))
        return Foreign(self._text(fields), fields.one_of("kind", KINDS))

    def _text(self, fields: MappingReader) -> str:
        text = fields.text("q", LONGEST)
        if text.lower() in self._asked:
            self._reader.fault(fields.at("q"), f"The question {quoted(text)} stands here twice.")
        self._asked.add(text.lower())
        return text


RECALL_AT = 5
NDCG_AT = 10
COLUMNS: tuple[str, ...] = ("", "n", f"recall@{RECALL_AT}", f"nDCG@{NDCG_AT}", "answered", "opens", "on target")


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """The outcome of a covered question.

    Args:
        passages: the retrieved ones, best first, at most ten.
        cited: those that the answer cites, in its order; none if it was declined.
    """

    question: Covered
    passages: tuple[GoldenPassage, ...]
    cited: tuple[GoldenPassage, ...]

    @property
    def recall(self) -> float:
        """Return 1 if one of the first five passages answers the question, else 0."""
        return float(not set(self.question.places).isdisjoint(self.passages[:RECALL_AT]))

    @property
    def ndcg(self) -> float:
        """Return the normalised discounted cumulative gain of the first ten, 0 to 1, every answering passage alike."""
        return ndcg([place in self.question.places for place in self.passages], len(self.question.places))

    @property
    def is_answered(self) -> bool:
        """Say whether it was not declined."""
        return bool(self.cited)

    @property
    def opens(self) -> bool:
        """Say whether the answer begins with a passage that answers the question."""
        return self.cited[0] in self.question.places if self.cited else False

    @property
    def is_on_target(self) -> bool:
        """Say whether the answer quotes a passage that answers the question."""
        return not set(self.question.places).isdisjoint(self.cited)


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The results of a golden set; `wrongly_answered` has foreign questions with the cited passages."""

    outcomes: tuple[QuestionOutcome, ...]
    foreign: tuple[Foreign, ...]
    wrongly_answered: tuple[tuple[Foreign, tuple[GoldenPassage, ...]], ...]

    @property
    def recall(self) -> float:
        """Return the share of covered questions with an answering passage among the first five."""
        return fmean(outcome.recall for outcome in self.outcomes) if self.outcomes else 0.0


def ndcg(gains: Sequence[bool], ideal: int) -> float:
    """Return DCG over the best possible DCG of the first ten places, 0 to 1.

    Args:
        gains: whether each place from the top is relevant.
        ideal: how many relevant ones there are.
    """
    weights = [1 / math.log2(place + 2) for place in range(NDCG_AT)]
    best = sum(weights[:ideal])
    return sum(weight for weight, gain in zip(weights, gains, strict=False) if gain) / best if best else 0.0


def measure(
    golden: Golden, answerer: Answerer, sources: Collection[SourceId], progress: Progress | None = None
) -> EvaluationReport:
    """Ask every question of the notes of these sources. CPU work, about 0.1 s each."""
    total = len(golden.covered) + len(golden.foreign)
    asked = 0

    def ask(question: str) -> tuple[tuple[GoldenPassage, ...], tuple[GoldenPassage, ...]]:
        """Return the passages found, and those that the answer rests on; none of the latter if it is declined."""
        nonlocal asked
        retrieved = answerer.retrieve([question], sources)
        passages = tuple(GoldenPassage(hit.chunk.note, hit.chunk.heading) for hit in retrieved.found.hits[:NDCG_AT])
        answer = answerer.from_notes(retrieved) if retrieved.verdict.is_covered else None
        asked += 1
        if progress:
            progress(asked, total)
        return passages, tuple(
            GoldenPassage(citation.note, citation.heading) for citation in answer.citations
        ) if answer else ()

    outcomes = tuple(QuestionOutcome(question, *ask(question.text)) for question in golden.covered)
    strayed = [(question, ask(question.text)[1]) for question in golden.foreign]
    return EvaluationReport(outcomes, golden.foreign, tuple((question, cited) for question, cited in strayed if cited))


def tables(report: EvaluationReport) -> list[str]:
    """Return the figures as aligned lines: covered questions by topic and by style, foreign ones by kind."""
    topics, styles = (
        list(dict.fromkeys(getattr(outcome.question, key) for outcome in report.outcomes)) for key in ("topic", "style")
    )
    rows: list[tuple[str, ...]] = [COLUMNS]
    rows += [_format_row(topic, [o for o in report.outcomes if o.question.topic == topic]) for topic in topics]
    rows += [_format_row(style, [o for o in report.outcomes if o.question.style == style]) for style in styles]
    rows.append(_format_row("all", report.outcomes))
    foreign: list[tuple[str, ...]] = [("", "n", "declined")]
    kinds = [*dict.fromkeys(question.kind for question in report.foreign)]
    for kind in [*kinds, "all"]:
        asked = [question for question in report.foreign if kind in (question.kind, "all")]
        answered = [question for question, _ in report.wrongly_answered if kind in (question.kind, "all")]
        foreign.append((kind, str(len(asked)), _format_share([question not in answered for question in asked])))
    return [*aligned(rows), "", *aligned(foreign)]


def failures(report: EvaluationReport) -> list[str]:
    """Return a paragraph for every question that went wrong, under a line that says how."""
    missed = [o for o in report.outcomes if not o.recall]
    declined = [o for o in report.outcomes if not o.is_answered]
    off = [o for o in report.outcomes if o.is_answered and not o.is_on_target]
    return [
        *_list_cases(f"not among the first {RECALL_AT}", ((o.question, o.passages[:1]) for o in missed)),
        *_list_cases("declined, though covered", ((o.question, o.passages[:1]) for o in declined)),
        *_list_cases("answered off target", ((o.question, o.cited) for o in off)),
        *_list_cases("answered, though foreign", report.wrongly_answered),
    ]


def _format_row(name: str, outcomes: Sequence[QuestionOutcome]) -> tuple[str, ...]:
    return (
        name,
        str(len(outcomes)),
        _format_share(o.recall for o in outcomes),
        _format_share(o.ndcg for o in outcomes),
        _format_share(o.is_answered for o in outcomes),
        _format_share(o.opens for o in outcomes),
        _format_share(o.is_on_target for o in outcomes),
    )


def _format_share(values: Iterable[float]) -> str:
    every = [*values]
    return f"{fmean(every):.3f}" if every else "-"


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines, the first column flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def _list_cases(how: str, cases: Iterable[tuple[Covered | Foreign, Sequence[GoldenPassage]]]) -> list[str]:
    every = [*cases]
    lines = [f"{len(every)} {how}" + (":" if every else "")]
    for question, got in every:
        wanted = question.places[:1] if isinstance(question, Covered) else ()
        lines.append(f"  {question.text}")
        lines += [f"    wanted {place.note}: {place.heading}" for place in wanted]
        lines += [f"    got    {place.note}: {place.heading}" for place in got[:2]]
    return lines
