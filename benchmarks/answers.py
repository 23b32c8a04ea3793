"""How long an answer takes, and what each number of extract is worth: golden questions asked with another in its place.

python -m benchmarks.answers [NAME ...]

Needs the vectors of the notes, and computes in half a minute those that are missing. No chat model is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from types import ModuleType

from bot.answers.compose import extract
from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.evaluation.golden import Covered, GoldenPassage, read_golden
from bot.answers.index.chunks import SourceId
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

QUESTIONS = Path(__file__).with_name("questions")
SETS = ("questions", "newcomers")
EXTRACT: dict[str, tuple[float, ...]] = {
    "MOST_CHUNKS": (1, 2, 5), "NEAR_SCORE": (0.0, 0.8), "NEAR_COSINE": (0.05, 0.5), "WORTH": (0.5, 0.9),
    "WORTH_ELSEWHERE": (0.72, 0.95), "WORDS_WEIGHT": (0.0, 0.5), "PLACE_WEIGHT": (0.0, 1.2), "SOUND_BONUS": (0.0, 0.2),
    "LEAD_BONUS": (0.0, 0.1), "SUMMARY_COST": (0.0, 0.24), "LEANING_COST": (0.0, 0.24), "SAME": (0.8, 0.95),
}  # a table of data # fmt: skip


def main(names: list[str]) -> None:
    """Print how long answers take, and a line for each value that is tried."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    covered = _asked(notebook)
    print(f"{len(covered)} covered questions")
    questions = [question.text for question, _ in covered]
    print(f"a whole answer: {_taken(notebook, [[question] for question in questions])}")
    print(f"to a second question: {_taken(notebook, [*map(list, pairwise(questions))])}", flush=True)
    _vary(extract, EXTRACT, lambda: _quoted(notebook.answerer, covered), names)


def _asked(notebook: AnswerEngine) -> list[tuple[Covered, Retrieved]]:
    """Search once for every question: what is varied here comes after the search."""
    track = notebook.track("genai-2026")
    sources = [SourceId(track.id)]
    places = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks(sources)}
    topics = {topic.id for topic in track.roadmap.topics}
    sets = [read_golden(QUESTIONS / f"{name}.yaml", places, topics) for name in SETS]
    return [(one, notebook.answerer.retrieve([one.text], sources)) for some in sets for one in some.covered]


def _taken(notebook: AnswerEngine, conversations: Sequence[Sequence[str]]) -> str:
    """Measure answers from the notes with vectors, one after the other: search, verdict and quotes, no platform."""
    sources = [SourceId(notebook.track("genai-2026").id)]
    taken, worked = [], []
    for turns in conversations:
        began, had = perf_counter(), process_time()
        retrieved = notebook.answerer.retrieve(turns, sources)
        (notebook.answerer.from_notes if retrieved.verdict.is_covered else notebook.answerer.decline)(retrieved)
        taken.append((perf_counter() - began) * 1000)
        worked.append((process_time() - had) * 1000)
    p50, p99 = (quantiles(taken, n=100)[place] for place in (49, 98))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms; of processor time p50 {median(worked):.1f} ms"


def _vary(
    module: ModuleType, values: dict[str, tuple[float, ...]], measured: Callable[[], str], names: list[str]
) -> None:
    print(f"{module.__name__.rpartition('.')[2]} as it is: {measured()}")
    for name in names or values:
        if name not in values:
            continue
        usual = getattr(module, name)
        for value in values[name]:
            setattr(module, name, value)
            print(f"{name} {value} for {usual}: {measured()}", flush=True)
        setattr(module, name, usual)


def _quoted(answerer: Answerer, covered: list[tuple[Covered, Retrieved]]) -> str:
    """Count the answers that quote a passage that answers, those that quote no other, and all sentences."""
    on, alone, sentences = 0, 0, 0
    for question, retrieved in covered:
        if retrieved.verdict.is_covered:
            cited = [
                GoldenPassage(citation.note, citation.heading) for citation in answerer.from_notes(retrieved).citations
            ]
            on += not set(question.places).isdisjoint(cited)
            alone += set(cited) <= set(question.places)
            sentences += len(cited)
    return f"{on} on target, {alone} on nothing else, {sentences} sentences"


if __name__ == "__main__":
    main(sys.argv[1:])
