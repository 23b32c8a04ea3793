"""Questions that coverage is fitted on and measured with: of each roadmap that is carried, and whether it answers them.

A shorter roadmap is asked those of the longest as well. Of one that is cut out of it a question is covered where what
answers it stands there too, and foreign where nothing does; what lies between, or is not known, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from bot.answers.evaluation.facts import Fact, StemmedText, read_facts, spans, split_of
from bot.answers.evaluation.golden import GoldenPassage, read_golden
from bot.answers.index.chunks import Chunk, SourceId
from bot.curriculum.track import Track
from bot.runtime.answer_engine import AnswerEngine

QUESTIONS = Path(__file__).with_name("questions")
WRITTEN = QUESTIONS / "coverage.yaml"
SHORT = QUESTIONS / "short_roadmaps.yaml"
LONGEST = "genai-2026"
OURS = WRITTEN.name
TUNE, TEST = "facts.yaml, tune", "facts.yaml, test"
SHORT_TUNE, SHORT_TEST = (f"{SHORT.name}, {split}" for split in ("tune", "test"))
MEASURED = (TEST, SHORT_TEST)
"""Files on which nothing is fitted."""

KINDRED = ("applied-maths", "training-evaluation", "adapting-models", "mlops")
"""Topics of the longest roadmap of which one that stands for itself may speak too."""

FIRST, SURELY = 5, 2
"""Hits of the longest roadmap among which an answer stands, and that are both elsewhere where it stands elsewhere."""


Searched = Callable[[str, str], Sequence[Chunk]]
"""What the first passages for a question are on a roadmap, by its id."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, whether the notes of a roadmap answer it, and where it comes from.

    Args:
        places: notes that are known to answer it.
        facts: what an answer to it holds, where that is known.
    """

    text: str
    is_covered: bool
    file: str
    kind: str
    roadmap: str = LONGEST
    places: frozenset[str] = frozenset()
    facts: tuple[Fact, ...] = ()

    @property
    def is_measured(self) -> bool:
        """Say whether nothing is fitted on it."""
        return self.file in MEASURED


def strays() -> list[str]:
    """List the foreign questions that were written for fitting."""
    written = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))
    return [str(text) for texts in written["foreign"].values() for text in texts]


def samples(notebook: AnswerEngine, searched: Searched) -> list[Sample]:
    """Read every question of every roadmap; those of the longest come first."""
    every = [*_of_longest(notebook)]
    written = yaml.safe_load(SHORT.read_text(encoding="utf-8"))
    out = [*every]
    for track in notebook.library.values():
        if track.id == LONGEST:
            continue
        out += (one for one in (_elsewhere(one, track, notebook, searched) for one in every) if one is not None)
        for key, texts in written.get(track.id, {}).items():
            for text in map(str, texts):
                out.append(Sample(text, key == "covered", f"{SHORT.name}, {split_of((text,))}", key, track.id))
    return out


def _of_longest(notebook: AnswerEngine) -> Iterator[Sample]:
    track = notebook.track(LONGEST)
    topics = {topic.id for topic in track.roadmap.topics}
    passages = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks([SourceId(track.id)])}
    facts = read_facts(QUESTIONS / "facts.yaml")
    for split in ("tune", "test"):
        for asked in facts.of(split).covered:
            yield Sample(asked.turns[-1], True, f"facts.yaml, {split}", asked.labels[-1], facts=asked.facts)
        yield from (Sample(one.text, False, f"facts.yaml, {split}", one.kind) for one in facts.of(split).foreign)
    for name in ("questions.yaml", "newcomers.yaml", "foreign.yaml"):
        golden = read_golden(QUESTIONS / name, passages, topics)
        for one in golden.covered:
            yield Sample(one.text, True, name, one.style, places=frozenset(place.note for place in one.places))
        yield from (Sample(one.text, False, name, one.kind) for one in golden.foreign)
    for key, groups in yaml.safe_load(WRITTEN.read_text(encoding="utf-8")).items():
        for kind, texts in groups.items():
            yield from (Sample(str(text), key == "covered", OURS, kind) for text in texts)


def _elsewhere(one: Sample, track: Track, notebook: AnswerEngine, searched: Searched) -> Sample | None:
    """Return a question of the longest roadmap as one of another, or None where it is not known what it is there."""
    is_covered: bool | None = False
    if one.is_covered:
        is_covered = _in_cut(one, track, searched) if track.derived_from else _in_other(one, notebook, searched)
    return None if is_covered is None else replace(one, is_covered=is_covered, roadmap=track.id)


def _in_cut(one: Sample, track: Track, searched: Searched) -> bool | None:
    if one.places:
        return not one.places.isdisjoint(track.notes)
    found = searched(one.text, LONGEST)
    notes = [chunk.note for chunk in found]
    if not one.facts:
        if track.notes.keys() >= {*notes[:SURELY]}:
            return True
        return False if track.notes.keys().isdisjoint(notes) else None
    is_here = _holds(searched(one.text, track.id), one.facts)
    if is_here and notes[0] in track.notes:
        return True
    return False if not is_here and notes[0] not in track.notes and _holds(found, one.facts) else None


def _in_other(one: Sample, notebook: AnswerEngine, searched: Searched) -> bool | None:
    topics = notebook.track(LONGEST).roadmap.topics
    kindred = {note for topic in topics if topic.id in KINDRED for unit in topic.units for note in unit.notes}
    return None if searched(one.text, LONGEST)[0].note in kindred else False


def _holds(found: Sequence[Chunk], facts: Collection[Fact]) -> bool:
    """Say whether one passage holds all facts."""
    return any(all(any(fact.is_in(words) for words in _told(chunk)) for fact in facts) for chunk in found)


@cache
def _told(chunk: Chunk) -> Sequence[StemmedText]:
    return spans(f"{chunk.title}. {chunk.heading}.\n{chunk.text}")
