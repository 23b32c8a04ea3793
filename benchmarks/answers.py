"""How long an answer takes, on golden questions.

python -m benchmarks.answers

Needs the vectors of the notes, and computes in half a minute those that are missing. No chat model is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from bot.answers.evaluation.golden import GoldenPassage, read_golden
from bot.answers.index.chunks import SourceId
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

QUESTIONS = Path(__file__).with_name("questions")
SETS = ("questions", "newcomers")


def main() -> None:
    """Print how long answers take."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    questions = _asked(notebook)
    print(f"{len(questions)} covered questions")
    print(f"a whole answer: {_taken(notebook, [[question] for question in questions])}")
    print(f"to a second question: {_taken(notebook, [*map(list, pairwise(questions))])}", flush=True)


def _asked(notebook: AnswerEngine) -> list[str]:
    track = notebook.track("genai-2026")
    places = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks([SourceId(track.id)])}
    topics = {topic.id for topic in track.roadmap.topics}
    sets = [read_golden(QUESTIONS / f"{name}.yaml", places, topics) for name in SETS]
    return [question.text for some in sets for question in some.covered]


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


if __name__ == "__main__":
    main()
