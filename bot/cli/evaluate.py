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
BASELINE = "baseline.json"
"""The baseline file beside the questions with facts."""


def evaluate(settings: Settings, given: argparse.Namespace) -> int:
    """Measure retrieval, answers and declining on questions whose passages or facts are known."""
    named = given.questions or "questions"
    file = _find_own(named) if named in OWN else Path(named)
    if file is None:
        print(
            f"Give a file of questions. A checkout has some in {QUESTIONS}.",
            file=sys.stderr,
        )
        return 2
    from bot.answers.evaluation.facts import has_facts
    from bot.runtime.answer_engine import open_notebook

    notebook = open_notebook(settings)
    try:
        measured = _measure_facts if has_facts(file) else _measure_passages
        lines, complaints = measured(file, notebook, given)
    finally:
        asyncio.run(notebook.close())
    print("\n".join(lines))
    if complaints:
        print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


def _measure_passages(file: Path, notebook: AnswerEngine, given: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the lines to print, and complaints about too low figures."""
    from bot.answers.evaluation import golden as measure
    from bot.answers.evaluation.golden import GoldenPassage, read_golden
    from bot.answers.index.chunks import SourceId

    track = notebook.track(given.roadmap)
    sources = [SourceId(track.id)]
    places = {GoldenPassage(chunk.note, chunk.heading) for chunk in notebook.index.chunks(sources)}
    golden = read_golden(file, places, {topic.id for topic in track.roadmap.topics})
    with progress("Indexing notes", "texts") as show:
        notebook.embed(show)
    with progress("Asking", "questions") as show:
        report = measure.measure(golden, notebook.answerer, sources, show)
    lines = measure.tables(report)
    if given.failures:
        lines += ["", *measure.failures(report)]
    return lines, _check_least(f"recall@{measure.RECALL_AT}", report.recall, given.at_least)


def _measure_facts(file: Path, notebook: AnswerEngine, given: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the lines to print, and complaints about too few facts or a fall below the baseline."""
    from bot.answers.evaluation import recall
    from bot.answers.evaluation.facts import read_facts
    from bot.answers.index.chunks import SourceId

    track = notebook.track(given.roadmap)
    notes = {
        topic.id: [
            section.text for unit in topic.units for note in unit.notes for section in track.notes[note].sections
        ]
        for topic in track.roadmap.topics
    }
    asked = read_facts(file, notes)
    if given.keep and asked.is_held_out:
        return [], ["--keep only works with questions for fitting. Remove it."]
    with progress("Indexing notes", "texts") as show:
        notebook.embed(show)
    sources = [SourceId(track.id)]
    with asyncio.Runner() as runner, progress("Asking", "questions") as show:
        worded = lambda turns, _: runner.run(notebook.answerer.answer(turns, sources))  # noqa: E731
        answered = worded if given.endpoint else None
        report = recall.measure_facts(asked, notebook.answerer, sources, notes, show, answered)
    figures = recall.figures(report)
    lines = [json.dumps(figures, indent=1)] if given.json else recall.fact_tables(report)
    if given.failures and not given.json:
        lines += ["", *recall.list_lacking(report)]
    baseline_file = file.with_name(BASELINE)
    changed = recall.changes(report, recall.read_baseline(baseline_file))
    if changed and not given.json:
        lines += [
            "",
            f"Compared with {baseline_file.name}, question by question:",
            *(change.describe() for change in changed),
        ]
    if given.keep:
        recall.keep(report, baseline_file)
        return [*lines, f"Stored as the baseline in {baseline_file}."], []
    complaints = [f"{change.name}: worse by more than noise" for change in changed if change.is_worse]
    share = figures["test"]["styles"]["all"]["facts"]
    return lines, [*_check_least("the share of facts shown", share, given.at_least), *complaints]


def _check_least(name: str, value: float, least: float) -> list[str]:
    return [f"{name} is below {least}"] if value < least else []


def _find_own(name: str) -> Path | None:
    """Return a file of the checkout around the package, its environment or the current folder."""
    places = (Path(__file__).resolve().parents[2], Path.cwd(), Path(sys.prefix).parent)
    files = (place / QUESTIONS / f"{name}.yaml" for place in places)
    return next((file for file in files if file.is_file()), None)
