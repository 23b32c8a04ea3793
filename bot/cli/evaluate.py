"""`trailmate eval`: how well the notes answer."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.runtime.console import progress
from bot.runtime.settings import Settings

if TYPE_CHECKING:
    from bot.runtime.answer_engine import AnswerEngine

QUESTIONS = Path("benchmarks", "questions")
"""The folder of the project's own question sets, in a checkout only."""
OWN = ("questions", "facts", "acceptance")
"""Their names."""


def evaluate(settings: Settings, given: argparse.Namespace) -> int:
    """Measure retrieval, answers and declining on questions whose passages or facts are known."""
    files = [_find_own(name) if name in OWN else Path(name) for name in given.questions or ["questions"]]
    if None in files:
        print(
            f"Give a file of questions. A checkout has some in {QUESTIONS}.",
            file=sys.stderr,
        )
        return 2
    from bot.answers.evaluation.facts import has_facts
    from bot.runtime.answer_engine import open_notebook

    notebook = open_notebook(settings)
    is_low = False
    try:
        with progress("Indexing notes", "texts") as show:
            notebook.embed(show)
        for file in filter(None, files):
            if len(files) > 1:
                print(f"{'' if file is files[0] else chr(10)}{file.name}")
            measured = _measure_facts if has_facts(file) else _measure_passages
            lines, name, value = measured(file, notebook, given)
            print("\n".join(lines))
            if value < given.at_least:
                print(f"{name} is below {given.at_least}", file=sys.stderr)
                is_low = True
    finally:
        asyncio.run(notebook.close())
    return 1 if is_low else 0


def _measure_passages(file: Path, notebook: AnswerEngine, given: argparse.Namespace) -> tuple[list[str], str, float]:
    """Return the lines to print, and the name and value of the figure that --at-least is for."""
    from bot.answers.evaluation import golden as measure
    from bot.answers.evaluation.golden import GoldenPassage, read_golden
    from bot.answers.index.chunks import SourceId

    track = notebook.track(given.roadmap)
    sources = [SourceId(track.id)]
    places = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks(sources)}
    golden = read_golden(file, places, {topic.id for topic in track.roadmap.topics})
    with progress("Asking", "questions") as show:
        report = measure.measure(golden, notebook.answerer, sources, show)
    lines = measure.tables(report)
    if given.failures:
        lines += ["", *measure.failures(report)]
    return lines, f"recall@{measure.RECALL_AT}", report.recall


def _measure_facts(file: Path, notebook: AnswerEngine, given: argparse.Namespace) -> tuple[list[str], str, float]:
    """Return the lines to print, and the name and value of the figure that --at-least is for."""
    from bot.answers.evaluation import recall
    from bot.answers.evaluation.facts import read_facts
    from bot.answers.index.chunks import SourceId

    sources = [SourceId(notebook.track(given.roadmap).id)]
    asked, chunks = read_facts(file), notebook.index.chunks(sources)
    with asyncio.Runner() as runner, progress("Asking", "questions") as show:
        worded = lambda turns, _: runner.run(notebook.answerer.answer(turns, sources))  # noqa: E731
        report = recall.measure_facts(
            asked, notebook.answerer, sources, chunks, show, worded if given.endpoint else None
        )
    figures = recall.figures(report)
    lines = [json.dumps(figures, indent=1)] if given.json else recall.fact_tables(report)
    if given.failures and not given.json:
        lines += ["", *recall.list_lacking(report)]
    return lines, "the share of facts shown", next(iter(figures.values()), {}).get("facts", 0.0)


def _find_own(name: str) -> Path | None:
    """Return a file of the checkout around the package, its environment or the current folder."""
    places = (Path(__file__).resolve().parents[2], Path.cwd(), Path(sys.prefix).parent)
    files = (place / QUESTIONS / f"{name}.yaml" for place in places)
    return next((file for file in files if file.is_file()), None)
