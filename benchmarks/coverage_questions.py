"""Questions that coverage is fitted on: of each course that is carried, and whether its notes answer them.

A shorter course is asked those of the longest as well. Of one that is cut out of it a question is covered if what
answers it stands there too, and foreign if nothing does; what lies between, or is not known, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from bot.answers.evaluation.facts import Fact, FactText, read_facts
from bot.answers.evaluation.golden import GoldenPassage, read_golden
from bot.answers.index.chunks import Chunk, SourceId
from bot.curriculum.track import Track
from bot.runtime.answer_engine import AnswerEngine

QUESTIONS = Path(__file__).with_name("questions")
LONGEST = "genai-2026"
WITH_FACTS = ("facts", "acceptance", "long")
WITH_PASSAGES = ("questions", "newcomers", "openings", "foreign")
WRITTEN = "coverage"
"""A file of questions that were written for this fit."""

SHORT = "short_roadmaps"
"""A file of questions of the shorter courses."""

KINDRED = ("applied-maths", "training-evaluation", "adapting-models", "agents", "mlops")
"""Topics of the longest course of which one that stands for itself may speak too."""

FIRST, SURELY = 5, 2
"""Hits of the longest course among which an answer stands, and that are both elsewhere if it stands elsewhere."""

Searched = Callable[[str, str], Sequence[Chunk]]
"""Returns the first passages for a question in a course, by its id."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, whether the notes of a course answer it, and where it comes from.

    Args:
        file: its source, the name of a file in `questions`.
        places: notes that are known to answer it.
        facts: what an answer to it holds, if that is known.
    """

    text: str
    is_covered: bool
    file: str
    kind: str = ""
    roadmap: str = LONGEST
    places: frozenset[str] = frozenset()
    facts: tuple[Fact, ...] = ()


def read_samples(notebook: AnswerEngine, searched: Searched) -> list[Sample]:
    """Read every question of every course; those of the longest come first."""
    every = [*read_longest(notebook)]
    written = _read(SHORT)
    samples = [*every]
    for track in notebook.library.values():
        if track.id == LONGEST:
            continue
        shared = (_of_shorter(sample, track, notebook, searched) for sample in every)
        samples += (sample for sample in shared if sample is not None)
        for key, texts in written.get(track.id, {}).items():
            samples += (Sample(str(text), key == "covered", SHORT, key, track.id) for text in texts)
    return samples


def read_longest(notebook: AnswerEngine) -> Iterator[Sample]:
    """Read the questions of the longest course."""
    for file in WITH_FACTS:
        facts = read_facts(QUESTIONS / f"{file}.yaml")
        for asked in facts.covered:
            yield Sample(asked.turns[-1], True, file, asked.labels[-1], facts=asked.facts)
        yield from (Sample(stray.text, False, file, stray.kind) for stray in facts.foreign)
    track = notebook.track(LONGEST)
    topics = {topic.id for topic in track.roadmap.topics}
    passages = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks([SourceId(track.id)])}
    for file in WITH_PASSAGES:
        golden = read_golden(QUESTIONS / f"{file}.yaml", passages, topics)
        for question in golden.covered:
            places = frozenset(place.note for place in question.places)
            yield Sample(question.text, True, file, question.style, places=places)
        yield from (Sample(stray.text, False, file, stray.kind) for stray in golden.foreign)
    for key, groups in _read(WRITTEN).items():
        for kind, texts in groups.items():
            yield from (Sample(str(text), key == "covered", WRITTEN, kind) for text in texts)


def _read(file: str) -> dict[str, dict[str, list[object]]]:
    read: dict[str, dict[str, list[object]]] = yaml.safe_load((QUESTIONS / f"{file}.yaml").read_text(encoding="utf-8"))
    return read


def _of_shorter(sample: Sample, track: Track, notebook: AnswerEngine, searched: Searched) -> Sample | None:
    """Return a question of the longest course as one of another; None if it isn't known what it is there."""
    is_covered: bool | None = False
    if sample.is_covered:
        is_covered = _in_cut(sample, track, searched) if track.derived_from else _in_other(sample, notebook, searched)
    return None if is_covered is None else replace(sample, is_covered=is_covered, roadmap=track.id)


def _in_cut(sample: Sample, track: Track, searched: Searched) -> bool | None:
    if sample.places:
        return not sample.places.isdisjoint(track.notes)
    chunks = searched(sample.text, LONGEST)
    notes = [chunk.note for chunk in chunks]
    if not sample.facts:
        if track.notes.keys() >= {*notes[:SURELY]}:
            return True
        return False if track.notes.keys().isdisjoint(notes) else None
    is_here = _hold(searched(sample.text, track.id), sample.facts)
    if is_here and notes[0] in track.notes:
        return True
    return False if not is_here and notes[0] not in track.notes and _hold(chunks, sample.facts) else None


def _in_other(sample: Sample, notebook: AnswerEngine, searched: Searched) -> bool | None:
    topics = notebook.track(LONGEST).roadmap.topics
    kindred = {note for topic in topics if topic.id in KINDRED for unit in topic.units for note in unit.notes}
    return None if searched(sample.text, LONGEST)[0].note in kindred else False


def _hold(chunks: Sequence[Chunk], facts: Collection[Fact]) -> bool:
    """Say whether one passage holds all facts."""
    return any(all(_text(chunk).holds(fact) for fact in facts) for chunk in chunks)


@cache
def _text(chunk: Chunk) -> FactText:
    return FactText(f"{chunk.title}. {chunk.heading}.\n{chunk.text}")
